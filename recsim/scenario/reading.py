"""YAML text to plain data that knows where it stood.

Of `ruamel.yaml` only the parser is used: its events are walked
without recursion and nothing is ever constructed, so that a hostile file costs no more than its
size. Caps hold while walking.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import (
    Any,
    Final,
    NamedTuple,
    NoReturn,
    TypeAlias,
)

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from recsim.core.errors import Fault, ScenarioError, suggest
from recsim.core.units import found

Data: TypeAlias = "dict[str, Data] | list[Data] | str | None"
Path: TypeAlias = tuple[str | int, ...]
Position: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""

MOST_BYTES: Final = 256 * 1024
MOST_NODES: Final = 12_000
MOST_DEPTH: Final = 32
MOST_FAULTS: Final = 100
"""Faults told of one file; the rest are counted."""

_LONG_WORD = 60
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
#: Blank lines, comments and directives before the first document.
_HEADER = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?[\r\n]|%[^\r\n]*(?:[\r\n]|\Z))*+")


@dataclass(slots=True)
class Place:
    """Where a value stands, and in the same shape as the data where its parts stand."""

    at: Position
    key: Position
    """Of the key that leads there; of the value itself in a list."""
    parts: dict[str | int, Place] = field(default_factory=dict)
    is_quoted: bool = False
    """Text in quotes, or in a block."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A file's mapping: every scalar as its source text, with the place of each."""

    data: dict[str, Data]
    """Empty, `~` and `null` are None unless quoted; what an alias names is shared."""
    root: Place

    def position(self, path: Path, *, key: bool = False) -> Position:
        """Line and column of the value at `path`, or of its key.

        Where `path` leads out of the file, of the last value on the way.
        """
        place = self.root
        for step in path:
            part = place.parts.get(step)
            if part is None:
                return place.at
            place = part
        return place.key if key else place.at


def read(data: bytes, file: str) -> Tree:
    """The tree of a file's content; `file` is the name for errors. Raises ScenarioError."""
    faults: list[Fault] = []
    text = _without_directives(_decoded(data, file), faults)
    walk = _Walk(faults)
    try:
        walk.all(YAML(typ="safe", pure=True).parse(text))
    except _Enough:
        pass
    except MarkedYAMLError as error:
        faults.append(_unreadable(error, text))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RuntimeError):
        # What the parser lets through on mangled text, such as chr() of a too large escape.
        faults.append(Fault(*walk.at, "", "what follows cannot be read as YAML"))
    if faults:
        refuse(file, faults)
    assert walk.root is not None
    assert isinstance(walk.root.data, dict)
    return Tree(walk.root.data, walk.root.place)


def refuse(file: str, faults: Iterable[Fault]) -> NoReturn:
    """Raise all `faults`, in the file's order."""
    told = sorted(faults, key=lambda fault: fault[:2])
    if len(told) > MOST_FAULTS:
        first = told[MOST_FAULTS]
        more = f"and at least {len(told) - MOST_FAULTS} more faults from here on"
        told[MOST_FAULTS:] = [Fault(first.line, first.column, "", more)]
    raise ScenarioError(file, tuple(told))


def dotted(path: Path) -> str:
    """A path as faults tell it; keys of several lines or unusual length are cut."""
    return ".".join(
        str(step) if str(step).isprintable() and len(str(step)) <= _LONG_WORD else found(step)
        for step in path
    )


# Before the parser sees it.


def _decoded(data: bytes, file: str) -> str:
    """The text, with nothing in it that YAML could not hold."""
    if len(data) > MOST_BYTES:
        refuse(file, [Fault(1, 1, "", f"expected at most {MOST_BYTES} bytes, got {len(data)}")])
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or 0 in data[:2]:
        refuse(file, [Fault(1, 1, "", "expected UTF-8, got UTF-16, UTF-32 or binary data")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The decoder counts from behind a byte order mark.
        body = data.removeprefix(codecs.BOM_UTF8)
        where = _position(body[: error.start].decode("utf-8", "replace"))
        wrong = Fault(*where, "", f"expected UTF-8, got byte 0x{body[error.start]:02x}")
        refuse(file, [wrong])
    if _UNPRINTABLE.search(text):
        refuse(
            file,
            [
                Fault(*_position(text[: match.start()]), "", f"unprintable character {match[0]!r}")
                for match in islice(_UNPRINTABLE.finditer(text), 10)
            ],
        )
    return text


def _position(before: str) -> Position:
    """Where the character behind `before` stands."""
    lines = _LINE_BREAK.split(before)
    return len(lines), len(lines[-1]) + 1


def _without_directives(text: str, faults: list[Fault]) -> str:
    """`text` with its directives made comments, so that the rest is read as YAML 1.2."""
    header = _HEADER.match(text)
    assert header is not None
    if "%" not in header[0]:
        return text
    lines = re.sub(r"\r\n?", "\n", header[0]).split("\n")
    faults.extend(
        Fault(number, 1, "", f"expected no directive, got {found(line)}; files are YAML 1.2")
        for number, line in enumerate(lines, 1)
        if line.startswith("%")
    )
    return re.sub(r"(?:(?<=[\r\n])|\A)%", "#", header[0]) + text[header.end() :]


# What the parser itself refuses.

#: The parser's words as patterns, and what to say in their place.
_PROBLEMS: Final = (
    (r"\('(.*?)',\)", r"'\1'"),
    (r"'?<stream end>'?|unexpected end of stream", "the end of the file"),
    (r"'<document start>'", "the start of a document"),
    (r"'<document end>'", "the end of the document"),
    (r"mapping values are not allowed here", "unexpected ':'; quote text that has it"),
    (r"expected <block end>, but found ('[]},]')", r"unexpected \1"),
    (r"expected <block end>, but found [^,]*", "expected the indentation of its block"),
    (r"\ban (?=tag|directive)", "a "),
    (r"<(block|flow) (mapping|sequence) (start|end)>", r"the \3 of a \2"),
)


def _unreadable(error: MarkedYAMLError, text: str) -> Fault:
    """The parser's own error, where it stands."""
    mark = error.problem_mark or error.context_mark
    line, column = mark.line + 1, mark.column + 1
    start = mark.index - mark.column
    indentation = text[start : mark.index + 1]
    indentation = indentation[: len(indentation) - len(indentation.lstrip(" \t"))]
    if "\t" in indentation:
        return Fault(line, indentation.index("\t") + 1, "", "expected spaces, got a tab")
    if text[mark.index : mark.index + 1] == "\t":
        return Fault(line, column, "", "expected spaces, got a tab")
    problem = str(error.problem or error.context)
    begun = error.context_mark
    if error.context and begun and begun.index < mark.index:
        problem += f", {error.context} from {begun.line + 1}:{begun.column + 1}"
    for pattern, words in _PROBLEMS:
        problem = re.sub(pattern, words, problem)
    return Fault(line, column, "", problem)


# Walking the parser's events.


class _Enough(Exception):  # noqa: N818 - says that a cap is reached; it never leaves this module
    """What follows is not worth reading."""


class _Node(NamedTuple):
    """A value, once all of it is known."""

    data: Data
    place: Place
    size: int
    """In nodes, aliases written out."""
    height: int
    """Levels below it."""
    is_key: bool = False
    """It is plain or quoted text, and so can be a key."""


@dataclass(slots=True)
class _Open:
    """A collection whose end is still to come."""

    data: dict[str, Data] | list[Data]
    place: Place
    anchor: str | None
    step: str | int | None = None
    """What leads to the value that comes next; None when that is a key."""
    key_at: Position = (1, 1)
    is_dropped: bool = False
    """The value that comes next belongs to a refused key."""
    size: int = 1
    height: int = 1


class _Walk:
    """Data and places from events, with the caps held on the way."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        self.root: _Node | None = None
        self.at: Position = (1, 1)
        """Of the last event."""
        self.open: list[_Open] = []
        self.anchors: dict[str, _Node] = {}
        self.nodes = 0
        self.documents = 0

    def all(self, events: Iterator[Any]) -> None:
        """Read to the end, or raise _Enough."""
        for event in events:
            self.at = (event.start_mark.line + 1, event.start_mark.column + 1)
            if (handle := _HANDLERS.get(type(event))) is not None:
                handle(self, event)
        if self.root is None:
            self.fault("expected a mapping, got an empty file", (1, 1))
        elif not isinstance(self.root.data, dict):
            what = "an empty file" if self.root.data is None else found(self.root.data)
            self.fault(f"expected a mapping, got {what}", self.root.place.at)

    def fault(self, text: str, at: Position | None = None, *, last: str | None = None) -> None:
        """Note a fault at the current path, ending in the key `last` if given."""
        steps = [one.step for one in self.open]
        if last is not None:
            steps[-1] = last
        path = dotted(tuple(step for step in steps if step is not None))
        self.faults.append(Fault(*(at or self.at), path, text))

    def document(self, _event: DocumentStartEvent) -> None:
        """A second document ends the reading."""
        self.documents += 1
        if self.documents > 1:
            self.fault("expected one document, got another")
            raise _Enough

    def scalar(self, event: ScalarEvent) -> None:
        """Text, or nothing."""
        self.check_tag(event)
        text: str = event.value
        if _SURROGATE.search(text):
            self.fault(f"expected text, got half a character in {found(text)}")
        is_plain = not event.style
        is_nothing = is_plain and text in ("", "~", "null")
        if self.awaits_key():
            is_nothing = not text and is_plain
            if is_plain and text == "<<":
                self.fault("merge keys are not part of YAML 1.2; write the keys out", last="<<")
        # Long text counts for more, so that aliases cannot multiply it either.
        size = 1 + len(text) // 1024
        self.count(size)
        at = self.at
        if not text and is_plain and self.open and isinstance(self.open[-1].step, str):
            at = self.open[-1].key_at  # the parser puts what isn't there wherever it goes on
        node = _Node(None if is_nothing else text, Place(at, at), size, 0, is_key=not is_nothing)
        node.place.is_quoted = not is_plain
        self.close(node, event.anchor)

    def alias(self, event: AliasEvent) -> None:
        """What an anchor named before, once more."""
        if any(one.anchor == event.anchor for one in self.open):
            self.fault(f"alias {event.anchor!r} stands inside of what it names")
        elif (named := self.anchors.get(event.anchor)) is None:
            near = suggest(event.anchor, self.anchors)
            self.fault(f"unknown alias {found(event.anchor)}{near}")
        else:
            self.count(named.size)
            self.check_depth(named.height)
            place = Place(self.at, self.at, named.place.parts, named.place.is_quoted)
            self.add(named._replace(place=place, is_key=False))
            return
        self.add(_Node(None, Place(self.at, self.at), 1, 0))

    def begin(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        """A collection opens."""
        self.check_tag(event)
        self.count(1)
        self.check_depth(1)
        data: dict[str, Data] | list[Data] = {}
        if isinstance(event, SequenceStartEvent):
            data = []
        step = 0 if isinstance(data, list) else None
        self.open.append(_Open(data, Place(self.at, self.at), event.anchor, step))

    def end(self, _event: MappingEndEvent | SequenceEndEvent) -> None:
        """The innermost collection closes."""
        done = self.open.pop()
        self.close(_Node(done.data, done.place, done.size, done.height), done.anchor)

    def close(self, node: _Node, anchor: str | None) -> None:
        """Remember a finished value by its anchor, and put it where it belongs."""
        if anchor is not None:
            self.anchors[anchor] = node
        self.add(node)

    def awaits_key(self) -> bool:
        """The next value is a key of a mapping."""
        return bool(self.open) and self.open[-1].step is None

    def add(self, node: _Node) -> None:
        """Put a value into the innermost collection."""
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)
        if isinstance(parent.data, list):
            parent.place.parts[len(parent.data)] = node.place
            parent.data.append(node.data)
            parent.step = len(parent.data)
        elif parent.step is None:
            self.add_key(parent, parent.data, node)
        else:
            assert isinstance(parent.step, str)
            if not parent.is_dropped:
                node.place.key = parent.key_at
                parent.place.parts[parent.step] = node.place
                parent.data[parent.step] = node.data
            parent.step = None

    def add_key(self, parent: _Open, data: dict[str, Data], node: _Node) -> None:
        """Take the next key of a mapping; the value of a refused one is read and dropped."""
        parent.key_at = node.place.at
        if not node.is_key:
            what = "an alias" if isinstance(node.data, str) else found(node.data)
            self.fault(f"expected text as a key, got {what}", node.place.at)
            parent.step, parent.is_dropped = "", True
            return
        assert isinstance(node.data, str)
        parent.step, parent.is_dropped = node.data, node.data in data
        if parent.is_dropped:
            line, column = parent.place.parts[node.data].key
            self.fault(f"duplicate key; the first stands at {line}:{column}", node.place.at)

    def count(self, nodes: int) -> None:
        """Hold the cap on nodes."""
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            self.fault(f"expected at most {MOST_NODES} values in a file, aliases written out")
            raise _Enough

    def check_depth(self, levels: int) -> None:
        """Hold the cap on depth before `levels` are added."""
        if len(self.open) + levels > MOST_DEPTH:
            self.faults.append(Fault(*self.at, "", f"expected at most {MOST_DEPTH} levels"))
            raise _Enough

    def check_tag(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        """Refuse a tag: types come from the schema."""
        if event.ctag is not None:
            self.fault(f"expected no tag, got {found(str(event.ctag))}")


_HANDLERS: Final[dict[type, Callable[[_Walk, Any], None]]] = {
    DocumentStartEvent: _Walk.document,
    ScalarEvent: _Walk.scalar,
    AliasEvent: _Walk.alias,
    SequenceStartEvent: _Walk.begin,
    MappingStartEvent: _Walk.begin,
    SequenceEndEvent: _Walk.end,
    MappingEndEvent: _Walk.end,
}
