"""What `recsim grade` prints: text for people, Markdown, JUnit's XML, or JSON lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from rich.text import Text

from recsim.live.grade.parts import Report, Result, Step
from recsim.show.lines import console, put
from recsim.show.reports.junit import Case
from recsim.show.reports.junit import junit as xml

#: Version of the JSON lines.
OUTPUT_VERSION = 1

MARKS = {"passed": ("ok  ", "green"), "failed": ("FAIL", "bold red"), "not judged": ("--  ", "dim")}


def show(report: Report, kind: str) -> None:
    """Print a report as `text`, `md`, `junit` or `json`."""
    out = console()
    if kind == "text":
        for line in text_of(report):
            put(out, line)
    else:
        write = {"md": markdown, "junit": junit, "json": json_lines}[kind]
        out.out(write(report).rstrip("\n"), highlight=False)


def score(report: Report) -> str:
    """The points, and out of how many."""
    told = f"{report.points} of {report.judged} points"
    if report.judged < (whole := sum(one.points for one in report.results)):
        told += f"; {whole - report.judged} more could not be judged"
    return told


def caveat(report: Report) -> str:
    """What the points don't say; empty: they say all."""
    if report.has_probe:
        return ""
    return "no probe: nobody looked at what was kept; all of this is judged by answers alone"


def text_of(report: Report) -> Iterator[Text]:
    """A report for people."""
    wide = max(len(one.name) for one in report.results)
    for one in report.results:
        mark, tone = MARKS[one.outcome]
        got = one.points if one.outcome == "passed" else 0
        points = f"{got:2}/{one.points:<2}" if one.outcome != "not judged" else "     "
        yield Text.assemble(
            "  ", (mark, tone), f"  {points}  ", (f"{one.name:{wide}}", "bold"), f"  {one.title}"
        )
        for name, told in details(one):
            yield Text.assemble(" " * 15, (f"{name:9}", "dim"), told)
    if told := caveat(report):
        yield Text(told, "yellow")
    yield Text(score(report), "bold")


def details(one: Result) -> Iterator[tuple[str, str]]:
    """What there is to say about a check, for people: what it is, and the words."""
    finding = one.finding
    if finding.unjudged:
        yield "unjudged", finding.unjudged
    if not finding.fault:
        return
    yield "fault", finding.fault
    name = "shortest" if finding.order else "sent"
    for n, step in enumerate(finding.steps, 1):
        yield name if n == 1 else "", f"{n}. {evidence(step)}"
    if finding.note:
        yield "note", finding.note
    yield "loses", one.loses
    yield "remedy", one.remedy


def evidence(step: Step) -> str:
    """What was sent, what was answered, and what was kept then."""
    answered = f"{step.method} {step.said} -> {step.answered} after {step.took_s:.2f} s"
    if step.body.strip() and not step.is_taken:
        answered += f" {step.body.strip().splitlines()[0][:60]!r}"
    if step.kept is None:
        return answered
    rows = ", ".join(row.status or "no status" for row in step.kept)
    return f"{answered}; kept: {rows or 'nothing'}"


def markdown(report: Report) -> str:
    """A report as Markdown: a table, and what is wrong below it."""
    lines = [f"# {score(report)}", "", f"Graded: `{report.url}`", ""]
    if told := caveat(report):
        lines += [f"**{told}**", ""]
    lines += ["| check | points | | |", "|---|---|---|---|"]
    for one in report.results:
        got = one.points if one.outcome == "passed" else 0
        points = f"{got} of {one.points}" if one.outcome != "not judged" else ""
        lines.append(f"| `{one.name}` | {points} | {one.outcome} | {cell(one.title)} |")
    for one in report.results:
        if rows := list(details(one)):
            lines += ["", f"## {one.name}: {one.title}", ""]
            lines += [f"- {f'{name}: ' if name else ''}{words}" for name, words in rows]
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """A text as a cell of a table holds it."""
    return text.replace("|", "\\|")


def junit(report: Report) -> str:
    """A report as JUnit's XML: a case a check, those that could not be judged skipped."""
    name = f"recsim grade {report.url}"
    facts = {
        "points": str(report.points),
        "judged": str(report.judged),
        "public_key": report.public_key,
    }
    return xml("recsim grade", {name: list(map(case_of, report.results))}, {name: facts})


def case_of(one: Result) -> Case:
    """A check as a case."""
    finding, took_s = one.finding, round(one.took_s, 3)
    if finding.unjudged:
        return Case(one.name, skipped=finding.unjudged, took_s=took_s)
    evidence = "\n".join(f"{name:9}{words}" for name, words in details(one))
    return Case(one.name, finding.fault, evidence if finding.fault else "", took_s=took_s)


def json_lines(report: Report) -> str:
    """A report as JSON lines: what was graded, a line a check, the points."""
    head = {
        "kind": "grade",
        "version": OUTPUT_VERSION,
        "url": report.url,
        "seed": report.seed,
        "public_key": report.public_key,
        "probe": report.has_probe,
    }
    tail = {"kind": "points", "points": report.points, "judged": report.judged}
    rows = [head, *map(row_of, report.results), tail]
    return "".join(f"{orjson.dumps(row).decode()}\n" for row in rows)


def row_of(one: Result) -> dict[str, Any]:
    """A check as a line of JSON."""
    finding = one.finding
    return {
        "kind": "check",
        "name": one.name,
        "title": one.title,
        "points": one.points,
        "outcome": one.outcome,
        "fault": finding.fault or None,
        "unjudged": finding.unjudged or None,
        "note": finding.note or None,
        "shortest_order": list(finding.order) if finding.fault and finding.order else None,
        "evidence": [step_of(step) for step in finding.steps],
        "loses": one.loses,
        "remedy": one.remedy,
    }


def step_of(step: Step) -> dict[str, Any]:
    """One callback as JSON has it."""
    kept = None if step.kept is None else [row._asdict() for row in step.kept]
    return {
        "sent": step.word,
        "remark": step.note or None,
        "recording_sid": step.sid or None,
        "method": step.method,
        "url": step.url,
        "status": step.status or None,
        "failure": step.failure or None,
        "seconds": round(step.took_s, 3),
        "answer": step.body,
        "kept": kept,
    }
