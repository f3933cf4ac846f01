"""A table as text: its columns and rows, and how a terminal has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

PIPE_WIDTH = 200


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
