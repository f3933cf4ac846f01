"""Tables, searches, judged logs, causes, differences and coverage, as notebooks show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from recsim.logs.report import Report
from recsim.logs.rules import BY_NAME, LEVELS
from recsim.orders.counterexample import CounterExample
from recsim.orders.exploring import Exploration
from recsim.scenario.coverage import Coverage, Row
from recsim.scenario.diff import BOTH, Difference, Differences
from recsim.scenario.variants import Survey
from recsim.scenario.why import Why
from recsim.show.diff import apart, subject
from recsim.show.diff import shown as value_text
from recsim.show.exploration import why as why_incomplete
from recsim.show.happened import words
from recsim.show.html.blocks import (
    Markup,
    badge,
    details,
    element,
    facts,
    in_file,
    pre,
    shown,
    table,
    whole,
    wide,
)
from recsim.show.html.runs import happened
from recsim.show.picture.log import svg
from recsim.show.picture.log_scene import scene
from recsim.show.sheet import Sheet
from recsim.show.variants import COLUMNS, cells, noticed, unnoticed
from recsim.show.verdicts import summary
from recsim.show.why import ROW, clock, outcome

if TYPE_CHECKING:  # it needs hypothesis
    from recsim.strategies.trial import Trial

ALL_LEVELS = frozenset(LEVELS)

ALL = 45_000
"""Bytes that a table may take that is all there is."""


ARROW = "\N{RIGHTWARDS ARROW}"


def sheet(one: Sheet) -> str:
    """A table that decides."""
    return whole(table(one.columns, one.rows, title=one.title, room=ALL))


def exploration(explored: Exploration) -> str:
    """A search: whether everything held, how far it went, and the shortest run that breaks it."""
    found = explored.counter_example
    yes = "everything held" if explored.is_complete else "nothing was broken so far"
    complete = "yes" if explored.is_complete else f"no: {why_incomplete(explored)}"
    figures = [("states", explored.states), ("edges", explored.edges), ("depth", explored.depth)]
    return whole(
        element(
            "p",
            badge(explored.held, yes, "failed"),
            " ",
            element("b", explored.loaded.scenario.title),
        ),
        facts([("file", in_file(explored.loaded.file)), ("seed", str(explored.seed))]),
        facts((name, str(figure)) for name, figure in figures),
        facts([("every order was looked at:", complete), ("states left:", explored.left)]),
        never(explored),
        *(counter_example(found) if found is not None else ()),
    )


def never(explored: Exploration) -> Markup:
    """What was to be reached, and was not."""
    if not explored.unreached:
        return Markup()
    said = "never reached" if explored.is_complete else "not reached so far"
    return table((said,), [(name,) for name in explored.unreached], room=4_000)


def counter_example(found: CounterExample) -> Iterable[Markup]:
    """The shortest run that breaks a property: as steps, and as a scenario."""
    yield element("p", element("b", found.name), f": {found.text}")
    steps = ((n, unbroken(step.strip())) for n, step in enumerate(found.steps, 1))
    yield table(("step", "what happens"), steps, room=15_000)
    if not found.replays:
        yield element("p", "playing the scenario does not come to this")
    inside = pre(found.yaml.splitlines(), title="scenario", room=15_000)
    yield details("a scenario that plays it", inside)


def trial(tried: Trial) -> str:
    """A handler that was tried: whether it held; what it raised, and the scenario that shows it."""
    yes = f"held in {tried.examples} examples"
    parts: list[Markup] = []
    if tried.run is not None:
        inside = pre(tried.yaml.splitlines(), title="scenario", room=12_000)
        parts = [
            happened(tried.run),
            details("the scenario", inside),
            facts([("play it again:", tried.run.replay())]),
        ]
    return whole(
        element("p", badge(tried.held, yes, "failed"), " ", element("b", tried.name)),
        element("p", element("code", tried.failure)) if not tried.held else "",
        *parts,
    )


def report(judged: Report) -> str:
    """A log: whether it can be legal, what was found of each rule, and the findings."""
    rules = [
        (name, BY_NAME[name].level, count, BY_NAME[name].says)
        for name, count in sorted(judged.counts.items(), key=lambda one: grave(one[0]))
    ]
    findings = sorted(judged.findings, key=lambda one: grave(one.rule))
    rows = [(one.line, one.level, one.rule, one.text, one.legal, one.source) for one in findings]
    heads = ("rule", "level", "findings", "says")
    columns = ("line", "level", "rule", "found", "legal", "source")
    return whole(
        element("p", verdict(judged), " ", summary(judged)),
        table(heads, rules, room=8_000) if judged.counts.total() > len(rules) else "",
        table(columns, rows, room=25_000) if rows else "",
        wide(Markup(picture), "timeline")
        if (picture := svg(scene(judged, ALL_LEVELS), ALL_LEVELS))
        else "",
    )


def verdict(judged: Report) -> Markup:
    """Whether a log can be legal; of one without deliveries, nobody knows."""
    if judged.is_legal and not judged.events:
        return element("span", "nothing to judge", class_="badge")
    return badge(judged.is_legal, "legal", "not legal")


def grave(rule: str) -> tuple[int, str]:
    """The order of rules: the gravest first."""
    return LEVELS.index(BY_NAME[rule].level), rule


def why(asked: Why) -> str:
    """The causes of something: what happened last first, what it came of below it."""
    told = words(asked.written)
    rows = [
        (
            cause.line["seq"],
            clock(cause.line["at"]),
            unbroken(told[cause.line["seq"]]),
            row_of(cause.line) if cause.line["kind"] == "move" else "",
            f"{cause.place.line}: {cause.place.text}" if cause.place else "",
        )
        for cause in asked.causes
    ]
    arrives = f"{asked.what} arrives: {outcome(asked)}" if asked.callback else ""
    columns = ("seq", "at", "what happened", "row", "line of the scenario")
    file = next((cause.place.file for cause in asked.causes if cause.place), "")
    what = f"line {asked.what} of the trace" if asked.what.isdigit() else asked.what
    return whole(
        element("p", element("b", f"why {what}?"), f" {arrives}"),
        facts([("scenario:", in_file(file))]),
        table(columns, rows, room=ALL),
    )


def row_of(line: dict[str, str]) -> str:
    """The row of a table that a move took."""
    lifecycle, source, trigger, dest, spec = (line[name] for name in ROW)
    return f"{lifecycle}: {source}, {trigger} {ARROW} {dest} [{spec}]"


def unbroken(text: str) -> str:
    """A text whose arrows are letters, which no line breaks."""
    return text.replace("->", ARROW)


def differences(found: Differences) -> str:
    """How two runs differ, the first difference first."""
    left, right = found.left, found.right
    said = words(left), words(right)
    rows = (row for one in found for row in difference(one, said))
    columns = ("where", "at", "what", "field", "left", "right")
    told = f"{len(found)} difference{'' if len(found) == 1 else 's'}" if found else "no difference"
    return whole(
        element("p", element("b", told)),
        facts([("left:", left.name), ("right:", right.name)]),
        table(columns, rows, room=ALL) if found else "",
    )


def difference(
    one: Difference, said: tuple[dict[int, str], dict[int, str]]
) -> Iterable[Sequence[str]]:
    """A row for what differs, and one for each of its fields."""
    line = one.left or one.right
    assert line is not None
    where = "differs" if one.where == BOTH else f"only {one.where}"
    what = subject(one.file, line, said[one.left is None])
    if one.follows:
        what += f", and {one.follows} more that came of it"
    head = (where, clock(line["at"]) if "at" in line else "", what)
    if not one.fields:
        yield (*head, "", "", "")
    for n, field in enumerate(one.fields):
        pair = apart(value_text(field.left), value_text(field.right))
        yield (*(head if n == 0 else ("", "", "")), field.name, *pair)


def survey(found: Survey) -> str:
    """A scenario under other answers: what each would change."""
    rows = [
        ["" if cell == "-" else cell for cell in cells(found.base, one)] for one in noticed(found)
    ]
    quiet = unnoticed(found)
    told = f"{len(rows)} of {len(found.variants)} other answers would be noticed"
    return whole(
        element("p", element("b", told), f" in: {found.base.title}"),
        table(COLUMNS, rows, room=ALL - 5_000) if rows else "",
        details(
            f"{len(quiet)} readings make no difference here",
            element("p", shown(", ".join(quiet), 4_000)),
        ),
    )


def coverage(counted: Coverage) -> str:
    """What some runs have reached of the tables, and what not."""
    tables: dict[str, list[Row]] = {}
    for row in counted.rows:
        tables.setdefault(row.table, []).append(row)
    figures = [
        (name, f"{sum(bool(row.taken) for row in rows)} of {len(rows)}")
        for name, rows in tables.items()
    ]
    missed = [(row.table, row.name, row.spec) for row in counted.unreached]
    taken = [(row.table, row.name, row.taken) for row in counted.reached]
    return whole(
        element("p", f"reached in {counted.runs} run{'' if counted.runs == 1 else 's'}"),
        table(("table", "reached"), figures),
        details(f"{len(missed)} not reached", table(("table", "row", "spec"), missed, room=22_000)),
        details(f"{len(taken)} reached", table(("table", "row", "times"), taken, room=18_000)),
    )
