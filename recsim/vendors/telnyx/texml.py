"""Understand a TeXML document: verbs the platform can follow, and what was odd about it.

The only module that reads XML. What isn't XML, or has no `<Response>`, is refused; everything
else is a finding, and the document is followed as the vendor would follow it (assumed: the pages
don't say what becomes of a mistake). Lines and columns count from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, NamedTuple, Protocol
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, InputSource, Locator

from defusedxml import DefusedXmlException

from recsim.core.documents import Document, Finding, Row
from recsim.core.entities import NEVER, RecordingSettings
from recsim.core.errors import TexmlError, nearest
from recsim.core.units import found
from recsim.core.verbs.hangup import Hangup
from recsim.core.verbs.pause import Pause
from recsim.core.verbs.play import Play
from recsim.core.verbs.record import Record
from recsim.core.verbs.redirect import Redirect
from recsim.core.verbs.say import Say
from recsim.vendors.telnyx.defaults import RECORD_VERB
from recsim.vendors.telnyx.texml_attributes import (
    ATTRIBUTES,
    EVENTS,
    NOT_SIMULATED,
    OTHERS_EVENTS,
    SSML,
    OfSource,
)

ROOT = "Response"

MOST_BYTES = 65_536
"""Longest document, as UTF-8; assumed."""
MOST_ELEMENTS = 1_000
"""Elements of a document, the root among them; assumed."""
DEEPEST = 32
"""Levels of elements, the root among them; assumed."""
MOST_HINTS = 100
"""Findings after these suggest nothing: looking for the nearest name takes its time."""

#: How long tones last; assumed but for `w` (docs dial, sendDigits).
WAIT_US, TONE_US = 500_000, 250_000

BLANK = " \t\r\n"
"""What XML takes for blank."""
ATTRIBUTE = re.compile(r"""[ \t\n]*([^ \t\n=/>]+)[ \t\n]*=[ \t\n]*(?:"[^"]*"|'[^']*')""")
NAME = re.compile(r"[^ \t\n/>]*")

#: What the XML parser says, and how it is put here.
SAYINGS = {
    "no element found": f"it has no element; expected <{ROOT}>",
    "syntax error": f"expected an element such as <{ROOT}>",
    "unclosed token": "what begins here is never closed",
    "unclosed CDATA section": "a CDATA section is never closed; expected ]]>",
    "undefined entity": "expected an entity that XML has: &amp; &lt; &gt; &quot; or &apos;",
    "duplicate attribute": "an attribute is given twice",
    "junk after document element": "something follows the root element; expected nothing",
    "reference to invalid character number": "a reference to no character that XML allows",
    "XML declaration not well-formed": 'expected <?xml version="1.0" encoding="UTF-8"?>',
    "XML or text declaration not at start of entity": (
        "an XML declaration must be the very first thing; expected no blanks or lines before it"
    ),
}


class RecordDefaults(Protocol):
    """What a `<Record>` is like when it doesn't say otherwise; a row of `defaults.SOURCES` fits."""

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

    record: RecordDefaults
    say_us_per_word: int
    accepts_absent_on_record: bool

    def parse(self, text: str) -> Document:
        """Understand `text`; findings come in the document's order.

        Raises TexmlError when the vendor could not follow it at all, and nothing else.
        """
        reader = _Reader(self)
        rows = tuple(reader.rows(tree(text)))
        return Document(rows, tuple(sorted(reader.findings, key=lambda finding: finding[:2])))


# --- XML ------------------------------------------------------------------------------------------


class Text(NamedTuple):
    """A piece of text, between markup and the ends of lines."""

    line: int
    column: int
    """Of its first character that isn't blank."""
    text: str


@dataclass(slots=True, eq=False)
class Element:
    """An element, with where it stands."""

    name: str
    line: int
    column: int
    attributes: dict[str, str]
    """Without blanks around."""
    places: dict[str, tuple[int, int]]
    """Line and column of each attribute."""
    content: list[Element | Text] = field(default_factory=list)

    def children(self) -> list[Element]:
        """The elements right inside."""
        return [item for item in self.content if isinstance(item, Element)]

    def text(self) -> str:
        """The text right inside, without blanks around."""
        return "".join(item.text for item in self.content if isinstance(item, Text)).strip(BLANK)


def after(line: int, column: int, passed: str) -> tuple[int, int]:
    """Line and column one reaches by passing over a text."""
    lines = passed.count("\n")
    if lines:
        return line + lines, len(passed) - passed.rfind("\n")
    return line, column + len(passed)


class Builder(ContentHandler):
    """Makes elements of what the XML parser reports."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.root: Element | None = None
        self.open: list[Element] = []
        self.elements = 0
        self.locator = Locator()

    def here(self) -> tuple[int, int]:
        """Line and column of what is reported now."""
        return (self.locator.getLineNumber() or 1), (self.locator.getColumnNumber() or 0) + 1

    def offset(self, line: int, column: int) -> int:
        """Where in the text that is, from 0."""
        return self.starts[line - 1] + column - 1

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - SAX calls it so
        """Keep what tells where the parser is."""
        self.locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX calls it so
        """Open an element. Raises TexmlError for a wrong root and for too many elements."""
        line, column = self.here()
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise TexmlError(line, column, f"expected at most {MOST_ELEMENTS} elements, got more")
        if len(self.open) >= DEEPEST:
            raise TexmlError(line, column, f"expected at most {DEEPEST} levels of elements")
        values = {key: value.strip(BLANK) for key, value in attrs.items()}
        element = Element(name, line, column, values, self.marked(name, line, column, values))
        if self.open:
            self.open[-1].content.append(element)
        elif name == ROOT:
            self.root = element
        else:
            hint = "; case matters" if name.lower() == ROOT.lower() else ""
            raise TexmlError(line, column, f"expected the root {ROOT}, got {found(name)}{hint}")
        self.open.append(element)

    def marked(
        self, name: str, line: int, column: int, values: dict[str, str]
    ) -> dict[str, tuple[int, int]]:
        """Where each attribute of the tag at `line` and `column` stands in the text."""
        places: dict[str, tuple[int, int]] = {}
        at = self.offset(line, column)
        end = at + 1 + len(name)
        while len(places) < len(values) and (match := ATTRIBUTE.match(self.text, end)):
            line, column = after(line, column, self.text[at : match.start(1)])
            places[match[1]] = line, column
            at, end = match.start(1), match.end()
        return places

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX calls it so
        """Close the innermost element."""
        self.open.pop()

    def characters(self, content: str) -> None:
        """Keep a piece of text, CDATA too."""
        blank = content[: len(content) - len(content.lstrip(BLANK))]
        self.open[-1].content.append(Text(*after(*self.here(), blank), content))

    def explained(self, error: SAXParseException) -> TexmlError:
        """What keeps the text from being XML, and what would be right."""
        line, column = error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1
        at, said = self.offset(line, column), error.getMessage()
        inner = self.open[-1] if self.open else None
        entity = self.text.rfind("&", 0, at + 1)
        if inner and said == "no element found":
            text = f"<{inner.name[:60]}>, opened at {inner.line}:{inner.column}, is never closed"
        elif inner and said == "mismatched tag":
            match = NAME.match(self.text, at)
            text = (
                f"expected </{inner.name[:60]}> for the tag opened at {inner.line}:{inner.column}"
            )
            text += f", got {found(match[0])}" if match else ""
        elif said != "not well-formed (invalid token)":
            text = SAYINGS.get(said, said)
        elif self.text[at : at + 1] == "<":
            text = "expected &lt; in place of a '<' that begins no tag"
        elif entity >= 0 and not set(self.text[entity:at]) & set(";<>" + BLANK):
            text = "expected &amp; in place of a '&' that begins no entity"
            line, column = after(1, 1, self.text[:entity])
        else:
            text = f"unexpected {found(self.text[at : at + 1])}"
        return TexmlError(line, column, f"not well-formed XML: {text}")


def plain(text: str) -> str:
    """Without a mark before the first line, and with lines that end as XML has it."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def tree(text: str) -> Element:
    """The root element. Raises TexmlError for what is not XML, not `Response`, or too much."""
    # urllib and http come along: 45 ms that nobody pays who reads no document.
    from defusedxml.sax import make_parser  # noqa: PLC0415 - see above

    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        passed, lone = plain(text[: error.start]), found(text[error.start])
        refusal = f"not well-formed XML: {lone} is no character"
        raise TexmlError(*after(1, 1, passed), refusal) from None
    if size > MOST_BYTES:
        raise TexmlError(1, 1, f"expected at most {MOST_BYTES} bytes, got {size}")
    text = plain(text)
    if text.startswith("\ufeff"):  # the parser would pass over a second one
        raise TexmlError(1, 1, f"not well-formed XML: unexpected {found(text[0])}")
    if not text.strip(BLANK):
        raise TexmlError(1, 1, f"the document is empty; expected <{ROOT}>")
    builder, source = Builder(text), InputSource()
    # Text, not bytes: what the declaration says of the encoding then has no effect.
    source.setCharacterStream(StringIO(text))
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(builder)
    try:
        parser.parse(source)
    except SAXParseException as error:
        raise builder.explained(error) from None
    except DefusedXmlException:
        end = builder.offset(*builder.here())
        place = after(1, 1, text[: max(0, text.rfind("<!DOCTYPE", 0, end))])
        refusal = "document types and entities are refused; expected no <!DOCTYPE>"
        raise TexmlError(*place, refusal) from None
    assert builder.root is not None
    return builder.root


# --- TeXML ----------------------------------------------------------------------------------------


class _Reader:
    """One document on its way to be understood."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser
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
            name: getattr(self.parser.record, row.default.field)
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

    def events(self, element: Element, asked: tuple[str, ...]) -> tuple[str, ...]:
        """Of the words asked for, those that a `<Record>` can tell its callback URL (Q 8).

        Assumed: when none is left, the default holds.
        """
        name = "recordingStatusCallbackEvent"
        if name not in element.attributes:
            return asked
        place, expected = element.places[name], " or ".join(EVENTS)
        others = OTHERS_EVENTS if self.parser.accepts_absent_on_record else ()
        kept = tuple(word for word in asked if word in EVENTS or word in others)
        then = "it is dropped" if kept else "the default is used"
        for word in asked or ("",):
            if word in others:
                text = f"{name}: the page of Record does not offer {found(word)}; it is accepted"
                self.note(place, "absent-on-record", text)
            elif word not in EVENTS:
                text = f"{name}: expected {expected}, got {found(word)}; {then}"
                self.note(place, "bad-value", text)
        return kept or self.parser.record.callback_events


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
    url, digits = element.text(), values["digits"]
    if url:
        return Play(element.line, url, values["loop"])
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
    return Redirect(element.line, url, values["method"])


def record(reader: _Reader, element: Element, values: Values) -> Record:
    """`<Record>`; it has no `track` and no `sendRecordingUrl` (docs record; Q 47)."""
    reader.childless(element)
    reader.stray(element)
    for name in ("transcription", "transcribe"):
        if values[name]:
            text = f"{name}: transcription is not simulated; the recording has none"
            reader.note(element.places[name], "not-simulated", text)
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
        RECORD_VERB,
        settings,
    )


#: Verbs that are simulated, and what makes their row; None where there is nothing to follow.
MAKE: dict[str, Callable[[_Reader, Element, Values], Row | None]] = {
    "Hangup": hangup,
    "Pause": pause,
    "Play": play,
    "Record": record,
    "Redirect": redirect,
    "Say": say,
}
