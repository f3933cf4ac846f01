"""What the modules about elements share: reading attributes, nouns and text, noting oddities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from recsim.core.documents import Finding, resolve
from recsim.core.errors import nearest
from recsim.core.units import found
from recsim.vendors.telnyx.elements import BLANK, Element
from recsim.vendors.telnyx.texml import twiml
from recsim.vendors.telnyx.texml.attributes import (
    ATTRIBUTES,
    EVENTS,
    Attribute,
    OfSource,
)
from recsim.vendors.telnyx.texml.values import URL, WORDS, Kind
from recsim.vendors.telnyx.texml.vocabulary import RULES, nouns_of

MOST_HINTS = 100
"""Findings after these suggest nothing: looking for the nearest name takes its time."""

NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}")

OF_TWIML = "; TwiML has it"
"""What is said of what TeXML hasn't."""

#: How long tones last; assumed but for `w` (docs dial, sendDigits).
WAIT_US, TONE_US = 500_000, 250_000

Values = dict[str, Any]
Place = tuple[int, int]
"""Line and column."""


def tones_us(digits: str) -> int:
    """How long it takes to send keys."""
    waits = digits.count("w")
    return waits * WAIT_US + (len(digits) - waits) * TONE_US


class RecordingDefaults(Protocol):
    """What a recording is like when its element doesn't say; a row of `defaults.SOURCES` fits."""

    @property
    def source(self) -> str:
        """What it says made it."""

    @property
    def channels(self) -> int:
        """1 single, 2 dual."""

    @property
    def is_trimmed(self) -> bool:
        """Leading and trailing silence is removed."""

    @property
    def track(self) -> str:
        """inbound, outbound or both."""

    @property
    def beep(self) -> bool:
        """Whether it begins with one."""

    @property
    def format(self) -> str:
        """mp3 or wav."""

    @property
    def limit_us(self) -> int:
        """Longest capture; 0 is endless."""

    @property
    def silence_us(self) -> int:
        """Silence after speech that ends it; 0 is never."""

    @property
    def callback_events(self) -> tuple[str, ...]:
        """What its callback URL is told."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What holds for every document: readings that are settled."""

    record: RecordingDefaults
    """Of `<Record>`."""
    noun: RecordingDefaults
    """Of `<Recording>`, the noun of `<Start>`."""
    dial: RecordingDefaults
    """Of `<Dial>`."""
    conference: RecordingDefaults
    """Of `<Conference>`."""
    say_us_per_word: int
    accepts_absent_on_record: bool
    records_from_dialing: bool
    """A `<Dial>` that is recorded at all is recorded as soon as it begins (Q 7)."""


class Reader:
    """One document on its way to be understood."""

    def __init__(self, settled: Settled) -> None:
        self.settled = settled
        self.defaults = {
            "Record": settled.record,
            "Recording": settled.noun,
            "Dial": settled.dial,
            "Conference": settled.conference,
        }
        self.findings: list[Finding] = []

    def note(self, place: Place, rule: str, text: str) -> None:
        """Something the vendor passes over."""
        assert rule in RULES, rule
        self.findings.append(Finding(*place, rule, text))

    def hint(self, name: str, known: Iterable[str]) -> str:
        """`; did you mean X?`, whatever the case; empty when none is near."""
        if len(self.findings) >= MOST_HINTS:
            return ""
        by_lower = {word.lower(): word for word in known}
        near = nearest(name.lower(), by_lower)
        return f"; did you mean {by_lower[near]}?" if near else ""

    def values(self, element: Element, table: Mapping[str, Attribute] | None = None) -> Values:
        """The value of every attribute that an element can have; `table` takes its own's place."""
        table = ATTRIBUTES[element.name] if table is None else table
        values = {name: self.default(element, row) for name, row in table.items()}
        for name, value in element.attributes.items():
            place = element.places[name]
            if name not in table:
                is_twiml = name in twiml.ATTRIBUTES.get(element.name, ())
                hint = OF_TWIML if is_twiml else self.hint(name, table)
                text = f"{element.name} has no attribute {found(name)}, which is passed over{hint}"
                self.note(place, "twiml" if is_twiml else "unknown-attribute", text)
                continue
            kind = table[name].kind
            try:
                values[name] = kind.read(value)
            except ValueError as error:
                self.note(place, "bad-value", f"{name}: {error}; the default is used")
            if kind is URL:
                self.url(place, name, value)
            elif kind is WORDS:
                values[name] = self.events(element, name, values[name])
        return values

    def default(self, element: Element, row: Attribute) -> Any:
        """What an attribute is when it is missing."""
        if isinstance(row.default, OfSource):
            return getattr(self.defaults[element.name], row.default.field)
        return row.default

    def stray(self, element: Element) -> None:
        """Note text where none belongs: once for all of it between two elements."""
        is_noted = False
        for item in element.content:
            if isinstance(item, Element):
                is_noted = False
            elif not is_noted and item.text.strip(BLANK):
                is_noted = True
                text = f"{element.name} takes no text; {found(item.text.strip(BLANK))} is skipped"
                self.note((item.line, item.column), "stray-text", text)

    def childless(self, element: Element) -> None:
        """Note elements where none belong."""
        for child in element.children():
            text = f"{element.name} takes no children; {found(child.name)} is skipped"
            self.note((child.line, child.column), "unknown-child", text)

    def nouns(self, element: Element, known: Sequence[str]) -> Iterator[Element]:
        """The children that are `known`; all others are noted, and that there is none at all."""
        others = nouns_of(element.name, simulated=False)
        if not element.children():
            self.missing(element, "noun")
        for child in element.children():
            place, name = (child.line, child.column), f"{element.name}: {found(child.name)}"
            if child.name in known:
                yield child
            elif child.name in others:
                self.note(place, "not-simulated", f"{name} is not simulated and is skipped")
            else:
                is_twiml = child.name in twiml.NOUNS.get(element.name, ())
                hint = OF_TWIML if is_twiml else self.hint(child.name, (*known, *others))
                text = f"{name} is none of its nouns and is skipped{hint}"
                self.note(place, "twiml" if is_twiml else "unknown-child", text)

    def only(self, element: Element, first: Element, others: Iterable[Element]) -> None:
        """Note nouns that can't stand beside the first one. Assumed: the first one counts."""
        for noun in others:
            text = f"{element.name}: {noun.name} can't stand beside {first.name} and is skipped"
            self.note((noun.line, noun.column), "mixed-nouns", text)

    def missing(self, element: Element, what: str) -> None:
        """Note that a verb can't be followed for want of what it is about."""
        text = f"{element.name} has no {what} and is skipped"
        self.note((element.line, element.column), "missing-noun", text)

    def without_effect(self, element: Element, name: str, what: str) -> None:
        """Note an attribute that asks for something that is not simulated."""
        self.note(element.places[name], "not-simulated", f"{name}: {what}")

    def lacking(self, element: Element, what: str) -> None:
        """Note that a verb can't be followed for want of its text."""
        text = f"{element.name} has no {what} and is skipped"
        self.note((element.line, element.column), "missing-text", text)

    def callee(self, noun: Element, kind: Kind, between: re.Pattern[str] | None = None) -> str:
        """Whom a noun names, without what is `between`; empty, and noted, where nobody is."""
        self.childless(noun)
        written = noun.text()
        if not written:
            self.lacking(noun, "text")
            return ""
        try:
            to: str = kind.read(between.sub("", written) if between else written)
        except ValueError:
            text = f"{noun.name}: expected {kind.takes}, got {found(written)}; it is skipped"
            self.note((noun.line, noun.column), "bad-target", text)
            return ""
        return to

    def url(self, place: Place, name: str, value: str) -> str:
        """A URL as the document writes it; what can't be right about it is noted."""
        if not value:
            self.note(place, "empty-url", f"{name} is empty, and is taken for missing")
        elif not resolve("https://any.test/", value):
            text = f"{name}: expected a URL, relative or http or https, got {found(value)}"
            self.note(place, "bad-value", f"{text}; nothing is sent there")
        elif match := NO_ESCAPE.search(value):
            text = f"{name}: expected % and two hexadecimal digits, got {found(match[0])}"
            self.note(place, "bad-escape", f"{text}; it is sent as it stands")
        return value

    def events(
        self,
        element: Element,
        name: str,
        asked: tuple[str, ...],
    ) -> tuple[str, ...]:
        """Of the words asked for, those that an element can tell its callback URL (Q 8).

        Assumed: when none is left, the default holds.
        """
        offered = EVENTS[element.name, name]
        place, expected = element.places[name], " or ".join(offered.events)
        others = offered.others if self.settled.accepts_absent_on_record else ()
        kept = tuple(word for word in asked if word in (*offered.events, *others))
        then = "it is dropped" if kept else "the default is used"
        for word in asked or ("",):
            if word in others:
                text = f"{name}: the page of Record does not offer {found(word)}; it is accepted"
                self.note(place, "absent-on-record", text)
            elif word not in offered.events:
                text = f"{name}: expected {expected}, got {found(word)}; {then}"
                self.note(place, "bad-value", text)
        if untold := [found(word) for word in kept if word in offered.untold]:
            said = f"no callback {' or '.join(untold)} is simulated, and none is sent"
            self.without_effect(element, name, said)
        return kept or tuple(self.default(element, ATTRIBUTES[element.name][name]))
