"""The tables that decide, as text: each row with the document that says so."""

from __future__ import annotations

from collections.abc import Callable

from recsim.core.errors import suggest
from recsim.core.lifecycle import Lifecycle, Rule
from recsim.core.properties import BUILT_IN, REACHABLE
from recsim.core.units import format_duration
from recsim.lint.rules import COSTS, RULES
from recsim.show.sheet import Sheet
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


def table(name: str) -> Sheet:
    """A table by its name. Raises LookupError for one that there isn't."""
    if name not in NAMES:
        known = ", ".join(NAMES)
        raise LookupError(f"unknown table {name!r}{suggest(name, NAMES)}; there are {known}")
    return of_lifecycle(LIFECYCLES[name]) if name in LIFECYCLES else SHEETS[name]()
