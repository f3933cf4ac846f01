"""Markdown short enough for a comment on a pull request: what is cut is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MOST = 58
"""Lines of a report."""


def row(cells: Iterable[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"


def head(columns: Sequence[str]) -> list[str]:
    """The first two lines of a table."""
    return [row(columns), row(["---"] * len(columns))]


def short(first: Sequence[str], rest: Sequence[str], last: Sequence[str]) -> str:
    """The lines of a report, of which `rest` is cut where it is too long."""
    room = MOST - len(first) - len(last)
    if len(rest) > room:
        kept = max(0, room - 2)
        rest = [*rest[:kept], "", f"... and {len(rest) - kept} more lines, left out here"]
    return "\n".join((*first, *rest, *last)) + "\n"
