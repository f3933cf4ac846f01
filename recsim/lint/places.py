"""Where each character of a scalar stands in its YAML file.

A document inside a scenario has lines of its own; people look for them in the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from recsim.scenario.reading import Position

ANCHOR = re.compile(r"&\S+[ \t]+")
BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?$")
BLANK = " \t"
#: How many digits follow a backslash and this.
HEXADECIMAL = {"x": 2, "u": 4, "U": 8}


class _StrayError(Exception):
    """The scalar is written in a way that is not followed here."""


def places_of(lines: Sequence[str], at: Position, value: str) -> list[Position]:
    """Line and column of each character of a scalar that begins `at`, and of its end.

    Empty where that can't be told, as for what an alias repeats, or where there is nothing.
    """
    line, column = at
    if not value.strip():
        return []
    if match := ANCHOR.match(lines[line - 1], column - 1):
        column = match.end() + 1
    written = lines[line - 1][column - 1 :]
    try:
        if BLOCK.match(written):
            return _block(lines, line, value, is_folded=written.startswith(">"))
        return _Flow(lines, line, column).follow(value)
    except (_StrayError, IndexError):
        return []


def _block(lines: Sequence[str], header: int, value: str, *, is_folded: bool) -> list[Position]:
    """Of a scalar whose lines stand below its header, literally or folded."""
    first = next(n for n, text in enumerate(lines[header:], header) if text.strip(BLANK))
    shown = value.lstrip("\n")
    inner = len(shown) - len(shown.lstrip(" "))
    indent = len(lines[first]) - len(lines[first].lstrip(" ")) - inner
    places: list[Position] = []
    number = header
    for text in value.split("\n") if not is_folded else []:
        places += [(number + 1, indent + 1 + n) for n in range(len(text) + 1)]
        number += 1
    while is_folded and len(places) < len(value):
        text = lines[number][indent:] if number < len(lines) else ""
        if number >= len(lines) and value[len(places) :].strip():
            raise _StrayError
        while len(places) < len(value) and not (text and value.startswith(text, len(places))):
            if value[len(places)] not in " \n":
                raise _StrayError
            places.append((number + 1, indent + 1))
            if not text.strip(BLANK):
                break
        else:
            places += [(number + 1, indent + 1 + n) for n in range(len(text))]
        number += 1
    return [*places, places[-1] if places else (header, 1)] if is_folded else places


class _Flow:
    """Reads a plain or quoted scalar along with its value."""

    def __init__(self, lines: Sequence[str], line: int, column: int) -> None:
        self.lines, self.line, self.column = lines, line, column
        self.quote = self.ahead()[:1] if self.ahead()[:1] in ("'", '"') else ""
        self.column += len(self.quote)

    def ahead(self) -> str:
        """The rest of the line."""
        return self.lines[self.line - 1][self.column - 1 :]

    def follow(self, value: str) -> list[Position]:
        """The place of each character, and of the end. Raises _StrayError."""
        places = []
        for letter in value:
            if letter not in " \t\n":
                self.skip()
            places.append((self.line, self.column))
            self.take(letter)
        return [*places, (self.line, self.column)]

    def skip(self) -> None:
        """To the next character that isn't blank, over the ends of lines."""
        while not (ahead := self.ahead()).strip(BLANK) or (self.quote == '"' and ahead == "\\"):
            if self.line >= len(self.lines):
                raise _StrayError
            self.line, self.column = self.line + 1, 1
        self.column += len(ahead) - len(ahead.lstrip(BLANK))
        if self.quote == '"' and self.ahead() == "\\":
            self.skip()

    def take(self, letter: str) -> None:
        """Pass over what stands for one character of the value."""
        ahead = self.ahead()
        if self.quote == '"' and len(ahead) > 1 and ahead[0] == "\\":
            self.column += 2 + HEXADECIMAL.get(ahead[1], 0)
        elif self.quote == "'" == letter and ahead.startswith("''"):
            self.column += 2
        elif ahead.startswith(letter):
            self.column += 1
        elif letter not in " \t\n":
            raise _StrayError
