"""`recsim table`: the tables that decide, each row with the document that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

from recsim.core.errors import suggest
from recsim.core.lifecycle import Lifecycle, Rule
from recsim.core.properties import BUILT_IN, REACHABLE
from recsim.core.units import format_duration
from recsim.lint.rules import COSTS, RULES
from recsim.scenario.coverage import REASONS, Coverage, Step, moving, step
from recsim.show import coverage
from recsim.vendors.telnyx import lifecycle
from recsim.vendors.telnyx.conference_ends import ENDS
from recsim.vendors.telnyx.defaults import BY_CONFERENCE, BY_DIAL, BY_NOUN, BY_RECORD, SOURCES
from recsim.vendors.telnyx.hangups import HANGUPS
from recsim.vendors.telnyx.readings import READINGS
from recsim.vendors.telnyx.rest.errors import ERRORS
from recsim.vendors.telnyx.rest.routes import ROUTES
from recsim.vendors.telnyx.texml.attributes import ATTRIBUTES, EVENTS, Attribute, OfSource
from recsim.vendors.telnyx.texml.values import WORDS
from recsim.vendors.telnyx.texml.vocabulary import NOUNS, VERBS


class Sheet(NamedTuple):
    """A table as text: its columns, and rows of as many cells."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def __repr__(self) -> str:
        return f"<table {self.title}: {len(self.rows)} rows>"

    def __str__(self) -> str:
        console = plain_console()
        with console.capture() as captured:
            console.print(grid(self))
        return captured.get()

    def _repr_html_(self) -> str:
        from recsim.show.html.findings import sheet  # noqa: PLC0415 - showing stands above

        return sheet(self)


def of_lifecycle(machine: Lifecycle) -> Sheet:
    """The rules of a lifecycle; a dash: the trigger is ignored."""
    rows = [rule_cells(rule) for rule in machine.rules]
    return Sheet(f"{machine.name} (- is ignored; no row is refused)", RULE, rows)


def rule_cells(rule: Rule) -> tuple[str, ...]:
    """A row of a lifecycle as text."""
    return rule.source, rule.trigger, rule.dest or "-", rule.spec


def couplings() -> Sheet:
    """What one entity's move does to others."""
    rows = [
        (c.lifecycle, ", ".join(c.dests), c.relation, c.trigger, c.spec)
        for c in lifecycle.COUPLINGS
    ]
    return Sheet("couplings", ("when a", "becomes", "then each", "is sent", "spec"), rows)


def sources() -> Sheet:
    """What a recording is like when nobody says otherwise, by how it is made."""
    rows = [
        (
            row.made_by,
            row.source,
            {1: "single", 2: "dual"}[row.channels],
            row.track,
            "trim-silence" if row.is_trimmed else "off",
            "on" if row.beep else "off",
            row.format,
            format_duration(row.limit_us) if row.limit_us else "endless",
            format_duration(row.silence_us) if row.silence_us else "never",
            " ".join(row.callback_events) or "-",
            row.spec,
        )
        for row in SOURCES
    ]
    columns = ("made by", "source", "channels", "track", "trim", "beep", "format", "longest")
    return Sheet("sources", (*columns, "silence", "callbacks", "spec"), rows)


def verbs() -> Sheet:
    """The verbs of TeXML, and what follows them; a dash: that is not simulated."""
    rows = [
        (
            row.name,
            ("yes" if row.blocks else "no") if row.then else "-",
            row.then or "-",
            "yes" if row.is_simulated else "no",
            row.spec,
        )
        for row in VERBS
    ]
    return Sheet("verbs", ("verb", "blocks", "then", "simulated", "spec"), rows)


def nouns() -> Sheet:
    """What may stand inside a verb."""
    rows = [(row.verb, row.name, "yes" if row.is_simulated else "no", row.spec) for row in NOUNS]
    return Sheet("nouns", ("verb", "noun", "simulated", "spec"), rows)


def attributes() -> Sheet:
    """What each element takes, and what holds otherwise; a dash: nothing."""
    rows = [
        (element, name, takes(element, name, row), default(element, row), row.spec)
        for element, table in ATTRIBUTES.items()
        for name, row in table.items()
    ]
    return Sheet("attributes", ("element", "attribute", "takes", "default", "spec"), rows)


def takes(element: str, name: str, row: Attribute) -> str:
    """What an attribute takes, for people."""
    if row.kind is not WORDS:
        return row.kind.takes
    return "words: " + " ".join(EVENTS[element, name].events)


def default(element: str, row: Attribute) -> str:
    """What holds where an attribute is missing, as a document would say it."""
    value = row.default
    if isinstance(value, OfSource):
        [source] = [one for one in SOURCES if one.made_by == MADE_BY[element]]
        value = getattr(source, value.field)
    return "-" if value is None else row.kind.tell(value) or "-"


def readings() -> Sheet:
    """The questions that the documents leave open, and the answers to choose from."""
    rows = [
        (
            reading.key,
            reading.default,
            reading.answers if isinstance(reading.answers, str) else ", ".join(reading.answers),
            reading.question,
            reading.spec,
        )
        for reading in READINGS
    ]
    return Sheet("readings", ("key", "default", "answers", "question", "spec"), rows)


def disputes() -> Sheet:
    """Where the documents are silent or disagree, and what is taken: `Q n` in other tables."""
    from recsim.vendors.telnyx.disputes import disputes  # noqa: PLC0415 - a file to be read

    rows = [
        (f"Q {one.id}", one.question, one.default, ", ".join(one.readings) or "-")
        for one in disputes()
    ]
    return Sheet("disputes", ("entry", "question", "taken", "readings"), rows)


def clauses() -> Sheet:
    """What is documented, and the scenarios and tests that show it; a dash: none does."""
    from recsim.show.clauses import sheet  # noqa: PLC0415 - a file to be read

    return sheet()


def callbacks() -> Sheet:
    """Which moves of a recording are told, and as what."""
    hooks = lifecycle.WEBHOOK_EVENTS
    rows = [(*row, hooks.get(row[0], "-")) for row in lifecycle.CALLBACK_STATUS.items()]
    return Sheet("callbacks", ("move of a recording", "RecordingStatus", "webhook"), rows)


def hangups() -> Sheet:
    """Why a call ended and who ended it, as call progress tells it, by its last move."""
    rows = [(*move, row.cause, row.by, row.spec) for move, row in HANGUPS.items()]
    return Sheet("hangups", ("trigger", "dest", "HangupCause", "by", "spec"), rows)


def conference_ends() -> Sheet:
    """Why a conference ended, as each family of the API says it."""
    columns = ("trigger", "reason_conference_ended", "v2 reason", "spec")
    return Sheet("conference-ends", columns, [tuple(row) for row in ENDS])


def routes() -> Sheet:
    """What the REST API answers."""
    rows = [(row.method, row.template, row.spec) for row in ROUTES]
    return Sheet("routes", ("method", "path", "spec"), rows)


def errors() -> Sheet:
    """What a refused request is answered, but for the 404 of TeXML, which has a detail alone."""
    rows = [(str(row.status), row.code, row.title, row.spec) for row in ERRORS]
    return Sheet("errors", ("status", "code", "title", "spec"), rows)


def rules() -> Sheet:
    """What `recsim lint` finds, what it costs, and what to write instead."""
    rows = [
        (name, said, COSTS[name].cost, COSTS[name].remedy, COSTS[name].spec or OF_ITS_OWN)
        for name, said in RULES.items()
    ]
    return Sheet("rules", ("rule", "says", "cost", "remedy", "spec"), rows)


def properties() -> Sheet:
    """What every run is watched for, and what can be asked for by name."""
    rows = [(claim.kind, claim.name, claim.spec) for claim in (*BUILT_IN, *REACHABLE)]
    return Sheet("properties", ("kind", "name", "spec"), rows)


OF_ITS_OWN = "that of the element or attribute"
"""Told as the source of a rule about any of them."""

MADE_BY = {
    "Conference": BY_CONFERENCE,
    "Dial": BY_DIAL,
    "Record": BY_RECORD,
    "Recording": BY_NOUN,
}

RULE = ("source", "trigger", "dest", "spec")

LIFECYCLES = {
    "call-leg": lifecycle.CALL_LEG,
    "conference": lifecycle.CONFERENCE,
    "recording": lifecycle.RECORDING,
    "delivery": lifecycle.DELIVERY,
}

SHEETS: dict[str, Callable[[], Sheet]] = {
    "couplings": couplings,
    "callbacks": callbacks,
    "hangups": hangups,
    "conference-ends": conference_ends,
    "sources": sources,
    "readings": readings,
    "disputes": disputes,
    "clauses": clauses,
    "verbs": verbs,
    "nouns": nouns,
    "attributes": attributes,
    "routes": routes,
    "errors": errors,
    "rules": rules,
    "properties": properties,
}

NAMES = (*LIFECYCLES, *SHEETS)

PIPE_WIDTH = 200


def table(name: str) -> Sheet:
    """A table by its name. Raises LookupError for one that there isn't."""
    if name not in NAMES:
        known = ", ".join(NAMES)
        raise LookupError(f"unknown table {name!r}{suggest(name, NAMES)}; there are {known}")
    return of_lifecycle(LIFECYCLES[name]) if name in LIFECYCLES else SHEETS[name]()


def show(
    name: str | None, *, drawn: Callable[[Lifecycle], str] | None = None, as_json: bool = False
) -> None:
    """Print one table, or all. Raises LookupError for a name that there isn't.

    `drawn` makes a diagram of a lifecycle, which is printed in its place.
    """
    chosen = [table(name)] if name is not None else [table(one) for one in NAMES]
    console = plain_console()
    if drawn is not None:
        names: Sequence[str] = [name] if name else list(LIFECYCLES)
        if strange := [other for other in names if other not in LIFECYCLES]:
            raise LookupError(f"{strange[0]!r} is no lifecycle: it has no diagram")
        for one in names:
            console.out(drawn(LIFECYCLES[one]), highlight=False, end="")
        return
    for one, sheet in zip([name] if name else NAMES, chosen, strict=True):
        if as_json:
            for row in sheet.rows:
                cells: dict[str, Any] = {"table": one, **dict(zip(sheet.columns, row, strict=True))}
                console.out(orjson.dumps(cells).decode(), highlight=False)
        else:
            console.print(grid(sheet))


def show_coverage(name: str | None, folders: Sequence[Path], *, as_json: bool = False) -> int:
    """Print how often the traces in `folders` took each row of one table, or of all.

    Those are the lifecycles, and the reasons of `REASONS`. Returns the number of traces. Raises
    LookupError for a name whose rows are not counted and `coverage.TraceError` for a trace that
    can't be; nothing is printed then.
    """
    names = (*LIFECYCLES, *REASONS)
    if name is not None and name not in names:
        known = ", ".join(names)
        near = suggest(name, names)
        raise LookupError(f"{name!r} is no lifecycle: its rows are not counted{near}; {known} are")
    traces = coverage.traces(folders)
    counted = coverage.taken(traces, LIFECYCLES.values())
    found = coverage.reasons(traces, counted)
    console = plain_console()
    for one in [name] if name else names:
        if one in LIFECYCLES:
            show_lifecycle(console, one, counted, as_json=as_json)
        else:
            show_reasons(console, one, found, as_json=as_json)
    return len(traces)


def show_lifecycle(console: Console, name: str, counted: Counter[Step], *, as_json: bool) -> None:
    """Print a lifecycle with how often each row was taken."""
    machine = LIFECYCLES[name]
    rows = moving(machine)
    reached = sum(step(machine, rule) in counted for rule in rows)
    if not as_json:
        console.print(grid(with_coverage(machine, counted)))
        console.print(f"{name}: {reached} of {len(rows)} rows that move were reached\n")
        return
    for rule in machine.rules:
        cells = dict(zip(RULE, rule_cells(rule), strict=True))
        times = counted[step(machine, rule)] if rule.dest else None
        line: dict[str, Any] = {"table": name, **cells, "taken": times}
        console.out(orjson.dumps(line).decode(), highlight=False)
    line = {"table": name, "reached": reached, "moving": len(rows)}
    console.out(orjson.dumps(line).decode(), highlight=False)


def show_reasons(console: Console, name: str, found: Coverage, *, as_json: bool) -> None:
    """Print why something ended, or is not there, with how often it did for each reason."""
    rows = [row for row in found.rows if row.table == name]
    reached = sum(row.taken > 0 for row in rows)
    if not as_json:
        cells = [(row.name, row.spec, str(row.taken)) for row in rows]
        console.print(grid(Sheet(name, ("reason", "spec", "taken"), cells)))
        console.print(f"{name}: {reached} of {len(rows)} reasons were reached\n")
        return
    for row in rows:
        line: dict[str, Any] = {
            "table": name, "reason": row.name, "spec": row.spec, "taken": row.taken
        }  # fmt: skip
        console.out(orjson.dumps(line).decode(), highlight=False)
    line = {"table": name, "reached": reached, "reasons": len(rows)}
    console.out(orjson.dumps(line).decode(), highlight=False)


def with_coverage(machine: Lifecycle, counted: Counter[Step]) -> Sheet:
    """The rules of a lifecycle and how often each was taken; a dash: it moves nothing."""
    rows = [
        (*rule_cells(rule), str(counted[step(machine, rule)]) if rule.dest else "-")
        for rule in machine.rules
    ]
    return Sheet(of_lifecycle(machine).title, (*RULE, "taken"), rows)


def plain_console() -> Console:
    """Where tables are printed."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:  # a pipe has no width: let columns be as wide as they like
        console.width = PIPE_WIDTH
    return console


def grid(sheet: Sheet) -> Grid:
    """A sheet for a terminal; long cells fold, nothing is cut."""
    drawn = Grid(title=sheet.title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in sheet.columns:
        drawn.add_column(column, overflow="fold")
    for row in sheet.rows:
        drawn.add_row(*row)
    return drawn


def diagram(machine: Lifecycle) -> str:
    """A lifecycle as a Mermaid state diagram; ignored triggers are left out."""
    names = {status: status.replace("-", "_") for status in machine.statuses}
    lines = ["stateDiagram-v2"]
    lines += [f"    {short} : {status}" for status, short in names.items() if status != short]
    lines.append(f"    [*] --> {names[machine.initial]}")
    arrows: dict[tuple[str, str], list[str]] = {}
    for rule in machine.rules:
        if rule.dest:
            arrows.setdefault((rule.source, rule.dest), []).append(rule.trigger)
    lines += [
        f"    {names[source]} --> {names[dest]} : {', '.join(triggers)}"
        for (source, dest), triggers in arrows.items()
    ]
    lines += [f"    {names[status]} --> [*]" for status in machine.final]
    return "\n".join(lines) + "\n"
