"""Understand a TeXML document: verbs the platform can follow, and what was odd about it.

What isn't XML, or has no `<Response>`, is refused; all else is a finding, and the document is
followed as the vendor would follow it (assumed: the pages don't say what becomes of a mistake).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from recsim.core.documents import Document, Finding, Row, resolve
from recsim.core.entities import NEVER, RecordingSettings
from recsim.core.errors import nearest
from recsim.core.units import found
from recsim.core.verbs.hangup import Hangup
from recsim.core.verbs.pause import Pause
from recsim.core.verbs.play import Play
from recsim.core.verbs.record import Record
from recsim.core.verbs.redirect import Redirect
from recsim.core.verbs.reject import Reject
from recsim.core.verbs.say import Say
from recsim.core.verbs.start import Start
from recsim.vendors.telnyx.defaults import channels_of
from recsim.vendors.telnyx.elements import BLANK, Element, Text, tree
from recsim.vendors.telnyx.texml_attributes import (
    ATTRIBUTES,
    EVENTS,
    NOT_SIMULATED,
    NOUNS_NOT_SIMULATED,
    SSML,
    OfSource,
)

MOST_HINTS = 100
"""Findings after these suggest nothing: looking for the nearest name takes its time."""

#: How long tones last; assumed but for `w` (docs dial, sendDigits).
WAIT_US, TONE_US = 500_000, 250_000


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
class Parser:
    """Understands documents, by readings that are settled."""

    record: RecordingDefaults
    """Of `<Record>`."""
    noun: RecordingDefaults
    """Of `<Recording>`, the noun of `<Start>`."""
    say_us_per_word: int
    accepts_absent_on_record: bool

    def parse(self, text: str) -> Document:
        """Understand `text`; findings come in the document's order.

        Raises TexmlError when the vendor could not follow it at all, and nothing else.
        """
        reader = _Reader(self)
        rows = tuple(reader.rows(tree(text)))
        return Document(rows, tuple(sorted(reader.findings, key=lambda finding: finding[:2])))


class _Reader:
    """One document on its way to be understood."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser
        self.defaults = {"Record": parser.record, "Recording": parser.noun}
        self.findings: list[Finding] = []

    def note(self, place: tuple[int, int], rule: str, text: str) -> None:
        """Something the vendor passes over."""
        self.findings.append(Finding(*place, rule, text))

    def hint(self, name: str, known: Iterable[str]) -> str:
        """`; did you mean X?`, whatever the case; empty when none is near."""
        if len(self.findings) >= MOST_HINTS:
            return ""
        by_lower = {word.lower(): word for word in known}
        near = nearest(name.lower(), by_lower)
        return f"; did you mean {by_lower[near]}?" if near else ""

    def rows(self, root: Element) -> Iterator[Row]:
        """The verbs, in order."""
        self.values(root)
        self.stray(root)
        for child in root.children():
            make = MAKE.get(child.name)
            if make is not None:
                row = make(self, child, self.values(child))
                if row is not None:
                    yield row
                continue
            place = (child.line, child.column)
            if child.name in NOT_SIMULATED:
                self.note(place, "not-simulated", f"{child.name} is not simulated and is skipped")
            else:
                hint = self.hint(child.name, (*MAKE, *NOT_SIMULATED))
                text = f"{found(child.name)} is no verb and is skipped{hint}"
                self.note(place, "unknown-verb", text)

    def values(self, element: Element) -> dict[str, Any]:
        """The value of every attribute that an element can have."""
        table = ATTRIBUTES[element.name]
        values = {
            name: getattr(self.defaults[element.name], row.default.field)
            if isinstance(row.default, OfSource)
            else row.default
            for name, row in table.items()
        }
        for name, value in element.attributes.items():
            place = element.places[name]
            if name not in table:
                hint = self.hint(name, table)
                text = f"{element.name} has no attribute {found(name)}, which is passed over{hint}"
                self.note(place, "unknown-attribute", text)
                continue
            try:
                values[name] = table[name].read(value)
            except ValueError as error:
                self.note(place, "bad-value", f"{name}: {error}; the default is used")
        return values

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

    def nouns(self, element: Element, known: Iterable[str]) -> Iterator[Element]:
        """The children that are `known`; all others are noted, and that there is none at all."""
        place, offered = (element.line, element.column), (*known, *NOUNS_NOT_SIMULATED)
        if not element.children():
            self.note(place, "missing-noun", f"{element.name} has no noun and is skipped")
        for child in element.children():
            place, name = (child.line, child.column), f"{element.name}: {found(child.name)}"
            if child.name in known:
                yield child
            elif child.name in NOUNS_NOT_SIMULATED:
                self.note(place, "not-simulated", f"{name} is not simulated and is skipped")
            else:
                hint = self.hint(child.name, offered)
                self.note(
                    place, "unknown-child", f"{name} is none of its nouns and is skipped{hint}"
                )

    def lacking(self, element: Element, what: str) -> None:
        """Note that a verb can't be followed for want of its text."""
        text = f"{element.name} has no {what} and is skipped"
        self.note((element.line, element.column), "missing-text", text)

    def spoken(self, element: Element) -> str:
        """The text inside, of its elements too; elements that aren't SSML are noted."""
        pieces = []
        for item in element.content:
            if isinstance(item, Text):
                pieces.append(item.text)
                continue
            if item.name not in SSML:
                text = f"{found(item.name)} is nothing Say takes; only its text is spoken"
                self.note((item.line, item.column), "unknown-child", text)
            gap = SSML.get(item.name, " ")
            pieces += (gap, self.spoken(item), gap)
        return "".join(pieces)

    def url(self, place: tuple[int, int], name: str, value: str) -> str:
        """A URL as the document writes it; one that nothing can be sent to is noted."""
        if value and not resolve("https://any.test/", value):
            text = f"{name}: expected a URL, relative or http or https, got {found(value)}"
            self.note(place, "bad-value", f"{text}; nothing is sent there")
        return value

    def events(self, element: Element, asked: tuple[str, ...]) -> tuple[str, ...]:
        """Of the words asked for, those that an element can tell its callback URL (Q 8).

        Assumed: when none is left, the default holds.
        """
        name = "recordingStatusCallbackEvent"
        if name not in element.attributes:
            return asked
        events, others = EVENTS[element.name]
        place, expected = element.places[name], " or ".join(events)
        if not self.parser.accepts_absent_on_record:
            others = ()
        kept = tuple(word for word in asked if word in events or word in others)
        then = "it is dropped" if kept else "the default is used"
        for word in asked or ("",):
            if word in others:
                text = f"{name}: the page of Record does not offer {found(word)}; it is accepted"
                self.note(place, "absent-on-record", text)
            elif word not in events:
                text = f"{name}: expected {expected}, got {found(word)}; {then}"
                self.note(place, "bad-value", text)
        return kept or self.defaults[element.name].callback_events


Values = dict[str, Any]


def hangup(reader: _Reader, element: Element, values: Values) -> Hangup:
    """`<Hangup>`."""
    reader.childless(element)
    reader.stray(element)
    return Hangup(element.line)


def pause(reader: _Reader, element: Element, values: Values) -> Pause:
    """`<Pause>`."""
    reader.childless(element)
    reader.stray(element)
    return Pause(element.line, values["length"])


def say(reader: _Reader, element: Element, values: Values) -> Say | None:
    """`<Say>`, as long as its words take (Q 72); assumed: without words it takes no time."""
    words = len(reader.spoken(element).split())
    if not words:
        reader.lacking(element, "words")
        return None
    once_us = words * reader.parser.say_us_per_word
    return Say(element.line, once_us * values["loop"] if values["loop"] else NEVER)


def play(reader: _Reader, element: Element, values: Values) -> Play | Pause | None:
    """`<Play>`; tones, which nobody needs to hear, are waited for.

    Assumed: a URL goes before `digits`, and tones are sent once whatever `loop` says.
    """
    reader.childless(element)
    url, digits, place = element.text(), values["digits"], (element.line, element.column)
    if url:
        return Play(element.line, reader.url(place, "Play", url), values["loop"])
    if digits:
        waits = digits.count("w")
        return Pause(element.line, waits * WAIT_US + (len(digits) - waits) * TONE_US)
    reader.lacking(element, "URL")
    return None


def redirect(reader: _Reader, element: Element, values: Values) -> Redirect | None:
    """`<Redirect>`; assumed: without a URL the next verb follows."""
    reader.childless(element)
    url = element.text()
    if not url:
        reader.lacking(element, "URL")
        return None
    place = (element.line, element.column)
    return Redirect(element.line, reader.url(place, "Redirect", url), values["method"])


def reject(reader: _Reader, element: Element, values: Values) -> Reject:
    """`<Reject>`."""
    reader.childless(element)
    reader.stray(element)
    return Reject(element.line, values["reason"])


def record(reader: _Reader, element: Element, values: Values) -> Record:
    """`<Record>`; it has no `track` and no `sendRecordingUrl` (docs record; Q 47)."""
    reader.childless(element)
    reader.stray(element)
    for name in ("transcription", "transcribe"):
        if values[name]:
            text = f"{name}: transcription is not simulated; the recording has none"
            reader.note(element.places[name], "not-simulated", text)
    for name in ("action", "recordingStatusCallback"):
        reader.url(element.places.get(name, (0, 0)), name, values[name])
    settings = RecordingSettings(
        channels=values["channels"],
        track=reader.parser.record.track,
        is_trimmed=values["trim"],
        beep=values["playBeep"],
        format=values["format"],
        limit_us=values["maxLength"],
        silence_us=values["timeout"],
        callback_url=values["recordingStatusCallback"],
        callback_method=values["recordingStatusCallbackMethod"],
        callback_events=reader.events(element, values["recordingStatusCallbackEvent"]),
        sends_url=True,
    )
    return Record(
        element.line,
        values["action"],
        values["method"],
        values["finishOnKey"],
        reader.parser.record.source,
        settings,
    )


def start(reader: _Reader, element: Element, values: Values) -> Start | None:
    """`<Start>`; assumed: what it can't start is skipped, and all else starts."""
    reader.stray(element)
    settings = tuple(
        recording(reader, noun, reader.values(noun))
        for noun in reader.nouns(element, ("Recording",))
    )
    return Start(element.line, reader.parser.noun.source, settings) if settings else None


def recording(reader: _Reader, element: Element, values: Values) -> RecordingSettings:
    """`<Recording>`, the noun of `<Start>`; no `sendRecordingUrl` (docs recording)."""
    reader.childless(element)
    reader.stray(element)
    name, default = "recordingStatusCallback", reader.parser.noun
    return RecordingSettings(
        channels=channels_of(values["channels"], values["track"]),
        track=values["track"],
        is_trimmed=values["trim"],
        beep=default.beep,
        format=values["format"],
        limit_us=default.limit_us,
        silence_us=default.silence_us,
        callback_url=reader.url(element.places.get(name, (0, 0)), name, values[name]),
        callback_method=values["recordingStatusCallbackMethod"],
        callback_events=reader.events(element, values["recordingStatusCallbackEvent"]),
        sends_url=True,
    )


def stop(reader: _Reader, element: Element, values: Values) -> None:
    """`<Stop>`: nothing that it stops is simulated, and a recording is none of its nouns.

    Source: docs stop; docs recording says "the stop command", which is taken for that of REST.
    """
    reader.stray(element)
    for noun in reader.nouns(element, ("Recording",)):
        text = "Stop does not list Recording among its nouns: the recording goes on"
        reader.note((noun.line, noun.column), "recording-under-stop", text)


#: Verbs that are simulated, and what makes their row; None where there is nothing to follow.
MAKE: dict[str, Callable[[_Reader, Element, Values], Row | None]] = {
    "Hangup": hangup,
    "Pause": pause,
    "Play": play,
    "Record": record,
    "Redirect": redirect,
    "Reject": reject,
    "Say": say,
    "Start": start,
    "Stop": stop,
}
