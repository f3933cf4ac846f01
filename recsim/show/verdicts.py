"""What `recsim check` prints: text, Markdown, JSON lines, or JUnit for a CI."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import orjson
from rich.console import Console
from rich.text import Text

from recsim.logs.report import Finding, Report
from recsim.logs.rules import BY_NAME, ERROR, LEVELS, RULES

TONES = {"error": "bold red", "warning": "yellow", "info": "dim"}
FORMS = ("text", "md", "junit", "json")


class Verdicts:
    """Prints findings as they are made, or reports once they are whole."""

    def __init__(self, form: str, level: str) -> None:
        self.form = form
        self.levels = frozenset(LEVELS[: LEVELS.index(level) + 1])
        """What is shown; everything is counted."""
        # Lines are never wrapped or cut where they go into a pipe or a file.
        self.console = Console(highlight=False, markup=False, emoji=False)

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
            self.console.print(text_of(name, finding), soft_wrap=True)

    def all(self, reports: list[Report]) -> None:
        """Print reports that are whole."""
        if self.form == "md":
            self._out("\n".join(line for one in reports for line in markdown(one, self.levels)))
        elif self.form == "junit":
            self._out(junit(reports, self.levels))
        elif self.form == "json":
            for one in reports:
                self._out(orjson.dumps(totals(one)).decode())

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


def markdown(report: Report, levels: Iterable[str]) -> Iterable[str]:
    """A report as Markdown: a table of rules, then the findings."""
    yield f"## {report.name}"
    yield ""
    yield summary(report).removeprefix(f"{report.name}: ")
    yield ""
    if report.counts:
        yield "| rule | level | findings | says |"
        yield "| --- | --- | --- | --- |"
        for rule in RULES:
            if count := report.counts[rule.name]:
                yield f"| `{rule.name}` | {rule.level} | {count} | {rule.says} |"
        yield ""
    for finding in report.findings:
        if finding.level in levels:
            legal = f"; legal: {finding.legal}" if finding.legal else ""
            text = f"{finding.text}{legal} ({finding.source})".replace("|", "\\|")
            yield f"- line {finding.line}, `{finding.rule}`: {text}"
    yield from left_out(report, levels)


def left_out(report: Report, levels: Iterable[str]) -> Iterable[str]:
    """What is counted and not kept."""
    kept = {name: sum(one.rule == name for one in report.findings) for name in report.counts}
    for name, count in sorted(report.counts.items()):
        if count > kept[name] and BY_NAME[name].level in levels:
            yield f"- `{name}`: {count - kept[name]} more"


def junit(reports: list[Report], levels: Iterable[str]) -> str:
    """Reports as JUnit: a suite a log, a case a rule, which fails where it is broken.

    What is no error is written to the case's output, and fails nothing.
    """
    from junitparser import Failure, JUnitXml, TestCase, TestSuite  # noqa: PLC0415 - here alone

    whole = JUnitXml("recsim check")
    for report in reports:
        suite = TestSuite(report.name)
        suite.add_property("lines", str(report.lines))
        suite.add_property("events", str(report.events))
        by_rule: dict[str, list[Finding]] = {}
        for finding in report.findings:
            by_rule.setdefault(finding.rule, []).append(finding)
        for rule in RULES:
            case = TestCase(rule.name, classname="recsim.check")
            found, count = by_rule.get(rule.name, []), report.counts[rule.name]
            text = "\n".join(plain(report.name, finding) for finding in found)
            if count > len(found):
                text += f"\nand {count - len(found)} more"
            if rule.level == ERROR and found:
                case.result = [Failure(f"{rule.says}: {count}", rule.name)]
                case.result[0].text = text
            elif found and rule.level in levels:
                case.system_out = text
            suite.add_testcase(case)
        whole.add_testsuite(suite)
    stream = BytesIO()
    whole.write(stream, pretty=True)
    return stream.getvalue().decode()


def plain(name: str, finding: Finding) -> str:
    """A finding in one line."""
    legal = f"; legal: {finding.legal}" if finding.legal else ""
    return f"{name}:{finding.line}: {finding.text}{legal} ({finding.source})"
