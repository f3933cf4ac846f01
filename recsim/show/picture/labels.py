"""Where labels stand, so that none lies on another; widths are estimated, for no font is known."""

from __future__ import annotations

from typing import NamedTuple

CHARACTER = 6.0
"""Pixels of a character at 11 px: a little more than most fonts have on average."""

LINE = 14
"""Pixels from one row of labels to the next."""

GAP = 8


class Place(NamedTuple):
    """Where a label stands."""

    x: float
    row: int
    """From 0."""
    anchor: str
    """`end` where the label stands left of its place; else empty."""


class Labels:
    """Rows of labels between two places, filled one label after another."""

    def __init__(self, left: float, right: float) -> None:
        self.left, self.right = left, right
        self.taken: list[list[tuple[float, float]]] = []
        """By row, the stretches that have a label."""

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.taken)

    def place(self, x: float, text: str) -> Place:
        """The first row that has room for a label at `x`; the room is taken."""
        wide = len(text) * CHARACTER
        is_left = x + 3 + wide > self.right and x - wide >= self.left
        at = x - 3 if is_left else min(x + 3, max(self.left, self.right - wide))
        start, end = (at - wide, at) if is_left else (at, at + wide)
        row = next(
            (
                n
                for n, those in enumerate(self.taken)
                if all(end + GAP <= a or b + GAP <= start for a, b in those)
            ),
            len(self.taken),
        )
        if row == len(self.taken):
            self.taken.append([])
        self.taken[row].append((start, end))
        return Place(at, row, "end" if is_left else "")


def cut(text: str, most: int) -> str:
    """A text of at most so many characters, in one line."""
    text = "".join(one if one.isprintable() else " " for one in text)
    return text if len(text) <= most else f"{text[: most - 1]}\u2026"


def fitted(text: str, room: float) -> str:
    """As much of a text as there is room for; nothing where that is too little to be read."""
    most = int(room / CHARACTER)
    return cut(text, most) if most >= min(len(text), 5) else ""
