"""What `recsim check` prints while it judges: text, or JSON lines."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from rich.text import Text

from recsim.logs.report import Finding, Report
from recsim.logs.rules import BY_NAME, LEVELS
from recsim.show.lines import console, put

TONES = {"error": "bold red", "warning": "yellow", "info": "dim"}


class Verdicts:
    """Prints findings as they are made, as `text` or `json`; of another form, nothing."""

    def __init__(self, form: str, level: str) -> None:
        self.form = form
        self.levels = frozenset(LEVELS[: LEVELS.index(level) + 1])
        """What is shown; everything is counted."""
        self.console = console()

    @property
    def is_prompt(self) -> bool:
        """Whether a finding is printed when it is made."""
        return self.form in ("text", "json")

    def found(self, name: str, finding: Finding) -> None:
        """Print one finding of the log called `name`, as text or JSON."""
        if finding.level not in self.levels:
            return
        if self.form == "json":
            self._out(orjson.dumps({"log": name, **finding._asdict()}).decode())
        else:
            put(self.console, text_of(name, finding))

    def totals(self, report: Report) -> None:
        """Print how much a log had, where that is for programs."""
        if self.form == "json":
            self._out(orjson.dumps(totals(report)).decode())

    def _out(self, line: str) -> None:
        self.console.out(line.rstrip("\n"), highlight=False)


def text_of(name: str, finding: Finding) -> Text:
    """A finding for people: where, what, what would have been legal, and who says so."""
    parts: list[str | Text | tuple[str, str]] = [
        (f"{name}:{finding.line}", "bold"),
        f": {finding.text}",
        (f" [{finding.rule}]", TONES[finding.level]),
    ]
    for what, said in (("legal", finding.legal), ("source", finding.source)):
        if said:
            parts += [(f"\n    {what:6}  ", "dim"), (said, "dim" if what == "source" else "")]
    return Text.assemble(*parts)


def text(report: Report) -> str:
    """A report for people: what came out, and every finding that is kept."""
    told = (text_of(report.name, finding).plain for finding in report.findings)
    return "\n".join((summary(report), *told)) + "\n"


def totals(report: Report) -> dict[str, object]:
    """A report in numbers."""
    return {
        "log": report.name,
        "summary": {
            "lines": report.lines,
            "events": report.events,
            **{level: report.count(level) for level in LEVELS},
            "forgotten": report.forgotten,
            "rules": dict(sorted(report.counts.items())),
        },
    }


def summary(report: Report) -> str:
    """What came out, for people who watch."""
    counts = [f"{report.count(level)} {plural(level, report.count(level))}" for level in LEVELS]
    return (
        f"{report.name}: {report.lines} {plural('line', report.lines)}, "
        f"{report.events} {'delivery' if report.events == 1 else 'deliveries'}: "
        f"{', '.join(counts)}"
    )


def plural(word: str, count: int) -> str:
    """A word for so many."""
    return word if count == 1 or word == "info" else f"{word}s"


def left_out(report: Report, levels: Iterable[str]) -> Iterable[str]:
    """What is counted and not kept."""
    kept = {name: sum(one.rule == name for one in report.findings) for name in report.counts}
    for name, count in sorted(report.counts.items()):
        if count > kept[name] and BY_NAME[name].level in levels:
            yield f"- `{name}`: {count - kept[name]} more"


def plain(name: str, finding: Finding) -> str:
    """A finding in one line."""
    legal = f"; legal: {finding.legal}" if finding.legal else ""
    return f"{name}:{finding.line}: {finding.text}{legal} ({finding.source})"
