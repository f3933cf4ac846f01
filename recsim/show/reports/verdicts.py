"""What `recsim check` found, for those who weren't there: a page, Markdown, or JUnit's XML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from recsim.logs.logs import LogError
from recsim.logs.report import Finding, Report
from recsim.logs.rules import ERROR, LEVELS, RULES
from recsim.show.picture.log import svg
from recsim.show.picture.log_scene import in_words, scene
from recsim.show.reports import page
from recsim.show.reports.junit import Case
from recsim.show.reports.junit import junit as xml
from recsim.show.reports.markdown import head, row, short
from recsim.show.verdicts import left_out, plain, summary

COLUMNS = ("line", "level", "rule", "what is wrong", "what is legal", "source")
BY_RULE = ("rule", "level", "findings", "says")
MOST_NAMES = 5
"""Logs that a verdict names."""
MOST_ROWS = 12
"""Rows of a table in Markdown, so that findings have room; the rest is counted."""
MOST_PICTURES = 12
"""Logs of a page that are drawn."""
CAPTION = "From left to right as the log has them, which need not be the order of what happened."
LEFT_OUT = " Lines between them are left out; where they are many, the picture is shaded."
NOT_JUDGED = "there was nothing to judge: no delivery is in this log"


class Unread(NamedTuple):
    """A log that no verdict is on."""

    name: str
    text: str
    """Which file, and why."""
    is_of_copy: bool = False
    """It could be read; its copy could not be written."""


def unread(log: str, error: LogError, copy: Path | None) -> Unread:
    """A log that could not be read, or whose `copy` could not be written."""
    is_of_copy = copy is not None and error.name == str(copy)
    name = error.name if is_of_copy else log
    return Unread(log, f"{name}: {error.reason.removeprefix('cannot be read: ')}", is_of_copy)


class Judged(NamedTuple):
    """Logs in the order in which they were given, and what of them is shown."""

    logs: Sequence[Report | Unread]
    levels: frozenset[str]
    """Findings that are shown; all are counted."""
    command: str
    """What asks for the same again."""

    @property
    def reports(self) -> list[Report]:
        """Those that could be read."""
        return [one for one in self.logs if isinstance(one, Report)]

    @property
    def unread(self) -> list[Unread]:
        """Those that could not."""
        return [one for one in self.logs if isinstance(one, Unread)]


def told(judged: Judged) -> tuple[str, str]:
    """The verdict in a line, and its tone: as grave as the worst log."""
    reports, unread = judged.reports, judged.unread
    parts = [
        ("cannot be read", [one.text for one in unread if not one.is_of_copy]),
        ("cannot be copied", [one.text for one in unread if one.is_of_copy]),
        ("not legal", [one.name for one in reports if not one.is_legal]),
    ]
    empty = [one.name for one in reports if one.is_legal and not one.events]
    said = [f"{what}: {named(names)}" for what, names in parts if names]
    if empty:
        said.append(f"nothing to judge: no delivery in {named(empty)}")
    tone = page.BAD if any(names for _, names in parts) else page.DOUBT if empty else page.GOOD
    if not said:
        said.append("legal, as far as a log can tell")
    elif tone == page.DOUBT and len(empty) < len(reports):
        said.append("of the rest, nothing is illegal")
    verdict = "; ".join(said)
    return verdict[0].upper() + verdict[1:], tone


def named(names: Sequence[str]) -> str:
    """Names, of many the first."""
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def html(judged: Judged) -> str:
    """A page about logs, a section each."""
    parts = [page.verdict(*told(judged))]
    drawn = 0
    for one in judged.logs:
        parts.append(page.heading(one.name))
        if isinstance(one, Unread):
            parts.append(page.paragraph(one.text, page.BAD))
            continue
        parts += section(one, judged.levels)
        if one.seen or one.findings:
            drawn += 1
            parts += timeline(one, judged.levels, drawn)
    parts += [page.heading("To look again"), page.block(judged.command)]
    return page.page("recsim check", "".join(parts))


def section(report: Report, levels: frozenset[str]) -> Iterator[str]:
    """A log: how much there was, what was found by rule, and by line."""
    yield page.paragraph(summary(report))
    if not report.events:
        yield page.paragraph(NOT_JUDGED[0].upper() + NOT_JUDGED[1:], page.DOUBT)
    counts = list(by_rule(report.counts))
    if counts:
        yield page.table(BY_RULE, counts, "Findings by rule")
    rows = [
        (str(one.line), one.level, one.rule, one.text, one.legal or "-", one.source or "-")
        for one in sorted(report.findings, key=lambda one: LEVELS.index(one.level))
        if one.level in levels
    ]
    if rows:
        yield page.heading("What was found", 3)
        yield page.table(COLUMNS, rows, "The gravest first, then by line")
    for line in left_out(report, levels):
        yield page.paragraph(line.strip("- "))


def timeline(report: Report, levels: frozenset[str], number: int) -> Iterator[str]:
    """What was delivered, as a picture and in words; of many logs, the first have a picture."""
    there = scene(report, levels)
    words = "\n".join(in_words(there))
    if not words:
        return
    yield page.heading("Timeline", 3)
    said = "The same in words"
    if number <= MOST_PICTURES:
        caption = CAPTION + LEFT_OUT * bool(there.sampled)
        yield page.figure(svg(there, levels), caption)
    else:
        said = f"In words; of more than {MOST_PICTURES} logs no picture is drawn"
    yield f"<details><summary>{said}</summary>\n{page.block(words)}</details>\n"


def by_rule(counts: Counter[str]) -> Iterator[tuple[str, ...]]:
    """Rules that are broken, the gravest first, and how often."""
    for rule in RULES:
        if count := counts[rule.name]:
            yield rule.name, rule.level, str(count), rule.says


def markdown(judged: Judged) -> str:
    """The same, short: the verdict, each log, rules, then findings, the gravest first."""
    verdict, _ = told(judged)
    logs = [f"- {one.text if isinstance(one, Unread) else summary(one)}" for one in judged.logs]
    first = ["## recsim check", "", f"**{verdict}**", "", *bounded(logs, "- ... and {} more logs")]
    counts = sum((one.counts for one in judged.reports), Counter[str]())
    if rules := [row((f"`{name}`", *rest)) for name, *rest in by_rule(counts)]:
        cut = row(("... and {} more rules", "", "", ""))
        first += ["", *head(BY_RULE), *bounded(rules, cut)]
    found = [
        (LEVELS.index(one.level), item(report.name if len(judged.logs) > 1 else "", one))
        for report in judged.reports
        for one in report.findings
        if one.level in judged.levels
    ]
    found.sort(key=lambda one: one[0])
    if found:
        first.append("")
    return short(first, [text for _, text in found], ["", f"Look again: `{judged.command}`"])


def bounded(lines: Sequence[str], more: str) -> list[str]:
    """As many lines as there is room for; `more` says how many are left out."""
    if len(lines) <= MOST_ROWS:
        return list(lines)
    return [*lines[: MOST_ROWS - 1], more.format(len(lines) - MOST_ROWS + 1)]


def item(name: str, finding: Finding) -> str:
    """A finding as an item of a list; of several logs, with the name of its own."""
    legal = f"; legal: {finding.legal}" if finding.legal else ""
    text = f"{finding.text}{legal} ({finding.source})".replace("|", "\\|")
    return f"- {f'{name} ' * bool(name)}line {finding.line}, `{finding.rule}`: {text}"


def junit(judged: Judged) -> str:
    """A suite a log, a case a rule, which fails where it is broken.

    What is no error is written to the case's output, and fails nothing. A log that cannot be read
    has one case, which fails; of one without deliveries, what wasn't found was not looked for.
    """
    suites, facts = {}, {}
    for n, one in enumerate(judged.logs):
        # A log may be given twice, and a suite is known by its name.
        name = one.name if one.name not in suites else f"{one.name} ({n + 1})"
        if isinstance(one, Unread):
            suites[name] = [Case("can be read", one.text)]
        else:
            suites[name] = list(cases(one, judged.levels))
            facts[name] = {"lines": str(one.lines), "events": str(one.events)}
    return xml("recsim check", suites, facts)


def cases(report: Report, levels: frozenset[str]) -> Iterator[Case]:
    """A case a rule."""
    by_name: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_name.setdefault(finding.rule, []).append(finding)
    for rule in RULES:
        found, count = by_name.get(rule.name, []), report.counts[rule.name]
        text = "\n".join(plain(report.name, finding) for finding in found)
        if count > len(found):
            text += f"\nand {count - len(found)} more"
        if found and rule.level == ERROR:
            yield Case(rule.name, f"{rule.says}: {count}", text, kind=rule.name)
        elif found:
            yield Case(rule.name, text=text if rule.level in levels else "")
        else:
            yield Case(rule.name, skipped="" if report.events else NOT_JUDGED)
