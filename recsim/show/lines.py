"""Lines for people: whole into a pipe or a file; on a terminal a longer one goes on indented."""

from __future__ import annotations

import re

from rich.console import Console
from rich.text import Text

#: What stands in columns before the text of a line: words, each with two spaces behind it at least.
COLUMNS = re.compile(r" *(?:\S+ {2,})*")

MOST_HANG = 30
"""Columns by which a line goes on indented, at most."""

FURTHER = 2
"""Columns beyond its own indentation, of a line without columns."""


def console() -> Console:
    """Where lines are printed: nothing in them is markup, and a pipe has no width."""
    return Console(highlight=False, markup=False, emoji=False)


def put(where: Console, text: Text | str, hang: int | None = None) -> None:
    """Print lines. One that is longer than a terminal is wide goes on below its own text.

    `hang` says by how many columns; 0: it is not broken, so that it can be copied.
    """
    whole = text if isinstance(text, Text) else Text(text)
    for line in whole.split(allow_blank=True):
        put_line(where, line, hang_of(line.plain) if hang is None else hang)


def hang_of(text: str) -> int:
    """The column in which the text of a line begins, or a little more than its indentation."""
    columns = COLUMNS.match(text)
    assert columns is not None
    indented = len(text) - len(text.lstrip())
    return min(columns.end() if columns.end() > indented else indented + FURTHER, MOST_HANG)


def put_line(where: Console, text: Text, hang: int) -> None:
    """Print one line."""
    width = where.width
    if not where.is_terminal or not 0 < hang < width // 2 or text.cell_len <= width:
        where.print(text, soft_wrap=True)
        return
    begin, *more = text[hang:].wrap(where, width - hang)
    for line in (begin, *more):
        line.rstrip()
    where.print(Text.assemble(text[:hang], begin), soft_wrap=True)
    for line in more:
        where.print(Text.assemble(" " * hang, line), soft_wrap=True)
