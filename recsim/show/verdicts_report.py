"""What `recsim check` found, as a page."""

from __future__ import annotations

from collections.abc import Sequence

from recsim.logs.report import Report
from recsim.logs.rules import RULES
from recsim.show import page
from recsim.show.verdicts import left_out, summary

COLUMNS = ("line", "level", "rule", "what is wrong", "what is legal", "source")


def html(reports: Sequence[Report], levels: frozenset[str], command: str) -> str:
    """A page about logs; of their findings those of `levels`, all are counted."""
    illegal = [report.name for report in reports if not report.is_legal]
    verdict = f"Not legal: {', '.join(illegal)}" if illegal else "Legal, as far as a log can tell"
    parts = [page.verdict(verdict, page.BAD if illegal else page.GOOD)]
    for report in reports:
        parts += [page.heading(report.name), page.paragraph(summary(report))]
        counts = [
            (rule.name, rule.level, str(report.counts[rule.name]), rule.says)
            for rule in RULES
            if report.counts[rule.name]
        ]
        if counts:
            columns = ("rule", "level", "findings", "says")
            parts.append(page.table(columns, counts, "Findings by rule"))
        rows = [
            (str(one.line), one.level, one.rule, one.text, one.legal or "-", one.source or "-")
            for one in report.findings
            if one.level in levels
        ]
        if rows:
            parts += [page.heading("What was found", 3), page.table(COLUMNS, rows, "By line")]
        parts += [page.paragraph(line.strip("- ")) for line in left_out(report, levels)]
    parts += [page.heading("To look again"), page.block(command)]
    return page.page("recsim check", "".join(parts))
