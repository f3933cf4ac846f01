"""XML text to elements that know where they stand; the only module that reads XML.

Document types and entities are refused, and so is what is too long, too deep or too much. Lines and
columns count from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import StringIO
from typing import NamedTuple
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, InputSource, Locator

from defusedxml import DefusedXmlException

from recsim.core.errors import TexmlError
from recsim.core.units import found

ROOT = "Response"

MOST_BYTES = 65_536
"""Longest document, as UTF-8; assumed."""
MOST_ELEMENTS = 1_000
"""Elements of a document, the root among them; assumed."""
DEEPEST = 32
"""Levels of elements, the root among them; assumed."""

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
