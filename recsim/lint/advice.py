"""From what was found to advice: where, what it costs, what to write, and who says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from recsim.core.documents import Finding
from recsim.lint.document import Study, elements
from recsim.lint.rules import COSTS, INSTEAD
from recsim.scenario.reading import Position
from recsim.vendors.telnyx.elements import Element
from recsim.vendors.telnyx.texml.attributes import ATTRIBUTES, OfSource
from recsim.vendors.telnyx.texml.parser import Parser
from recsim.vendors.telnyx.texml.reader import Reader
from recsim.vendors.telnyx.texml.vocabulary import NOUNS, VERBS, verbs_around

MEANT = re.compile(r"; did you mean '?(.+?)'?\?$")
EXPECTED = re.compile(r": expected (?:(\S+) \(of .*?\)|(.*?)), got ")


class Advice(NamedTuple):
    """One thing found in a file."""

    file: str
    line: int
    """Counted from 1; 0 for the file as a whole."""
    column: int
    """Counted from 1; 0 for the file as a whole."""
    rule: str
    text: str
    cost: str
    """What it causes."""
    remedy: str
    """What to write instead."""
    source: str
    """The document that says so."""


class About(NamedTuple):
    """The element, and the attribute if any, that something in a document is about."""

    element: Element | None = None
    attribute: str = ""


def plain(file: str, at: Position, rule: str, text: str) -> Advice:
    """Advice about a file as a whole, or a place in no document."""
    row, meant = COSTS[rule], MEANT.search(text)
    remedy = f"write {meant[1]}" if meant else row.remedy
    return Advice(file, *at, rule, text, row.cost, remedy, row.spec)


def advice(parser: Parser, file: str, at: Position, finding: Finding, about: About) -> Advice:
    """Advice about something in a document; `at` is its place in the file."""
    row, rule, text = COSTS[finding.rule], finding.rule, finding.text
    cost, remedy = row.cost, row.remedy
    meant, expected = MEANT.search(text), EXPECTED.search(text)
    element, name = about.element, about.attribute
    if rule == "unknown-attribute":
        remedy = elsewhere(name) or remedy
        if meant and element is not None:
            cost, about = (
                default(parser, element.name, meant[1], told=name),
                About(element, meant[1]),
            )
    elif rule == "bad-value" and element is not None and name:
        cost = default(parser, element.name, name, told=name)
    elif rule == "twiml" and element is not None:
        remedy = INSTEAD.get(name or element.name, remedy)
    elif rule in ("unknown-verb", "unknown-child") and element is not None:
        remedy = belonging(element.name) or remedy
    if meant:
        remedy = f"write {meant[1]}"
    elif rule == "bad-value" and expected:
        remedy = f"write {expected[1] or expected[2]}"
    return Advice(file, *at, rule, text, cost, remedy, row.spec or source(about))


def default(parser: Parser, element: str, name: str, *, told: str) -> str:
    """What holds for an attribute that isn't taken as it stands under the name `told`."""
    row = ATTRIBUTES[element][name]
    if isinstance(row.default, OfSource):
        value = getattr(Reader(parser).defaults[element], row.default.field)
    else:
        value = row.default
    text = "" if value is None else row.kind.tell(value)
    if text:
        return f"its default holds: {name} is {text}"
    return f"as though {told} weren't there" if told == name else f"{name} is not set"


def elsewhere(name: str) -> str:
    """Where an attribute would be right; empty where it would be nowhere."""
    having = [element for element, table in ATTRIBUTES.items() if name in table]
    among = ", ".join(having[:4]) + (" and others" if len(having) > 4 else "")
    return f"leave it out: {name} is an attribute of {among}" if having else ""


def belonging(name: str) -> str:
    """Where an element would be right; empty where it would be nowhere."""
    if any(fact.name == name for fact in VERBS):
        return "write it beside the verb, not inside"
    verbs = verbs_around(name)
    return f"put it inside {' or '.join(verbs)}" if verbs else ""


def source(about: About) -> str:
    """The page that an element or attribute is told on."""
    if about.element is None:
        return "docs texml-verbs"
    name = about.element.name
    if row := ATTRIBUTES.get(name, {}).get(about.attribute):
        return row.spec
    specs = [fact.spec.split(";")[0] for fact in (*VERBS, *NOUNS) if fact.name == name]
    return specs[0] if specs else "docs texml-verbs"


def about(study: Study, finding: Finding) -> About:
    """What a finding is about: an attribute, or the last element that begins before it."""
    last = None
    for element in elements(study.root) if study.root else ():
        for name, place in element.places.items():
            if place == finding[:2]:
                return About(element, name)
        if (element.line, element.column) <= finding[:2]:
            last = element
    return About(last)


def ordered(found: Iterable[Advice]) -> list[Advice]:
    """In the order of the file, each once."""
    return sorted(dict.fromkeys(found), key=lambda one: one[1:4])
