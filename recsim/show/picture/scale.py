"""Where a moment stands on a time axis, which leaves out long stretches in which nothing happens.

Moments and lengths are in µs, places in pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from recsim.core.units import SECOND_US
from recsim.show.picture.labels import CHARACTER, GAP

SHORTEST_BREAK_US = 20 * SECOND_US
"""Shorter stretches are never left out."""

MUCH = 2
"""How many times longer a stretch is than all much shorter ones together, when it is left out."""

BREAK_PX = 44
TICK_PX = 72
"""The least distance of ticks."""

MOST_OF_BREAKS = 0.5
"""How much of the width they may take together."""

STEPS_S = (
    *(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200),
    *(4 * 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400, 30 * 86400),
)


class Piece(NamedTuple):
    """A stretch of the axis."""

    start_us: int
    end_us: int
    left: float
    right: float
    is_break: bool


class Tick(NamedTuple):
    """A moment that is written on the axis."""

    x: float
    text: str


class Scale:
    """An axis for some moments, from one place to another."""

    def __init__(self, moments: Iterable[int], left: float, right: float) -> None:
        points = sorted({0, *moments})
        broken = set(breaks(points))
        whole = sum(end - start for start, end in pairwise(points) if (start, end) not in broken)
        break_px = min(BREAK_PX, (right - left) * MOST_OF_BREAKS / max(1, len(broken)))
        room = right - left - break_px * len(broken)
        self.px_per_us = room / whole if whole else 0.0
        self.pieces: list[Piece] = []
        at = left
        for start, end in pairwise(points):
            is_break = (start, end) in broken
            to = at + (break_px if is_break else (end - start) * self.px_per_us)
            self.pieces.append(Piece(start, end, at, to, is_break))
            at = to
        self.left, self.right = left, right

    def x(self, at_us: int) -> float:
        """The place of a moment; those beyond the axis stand at its ends."""
        for piece in self.pieces:
            if at_us <= piece.end_us:
                share = (max(at_us, piece.start_us) - piece.start_us) / (
                    piece.end_us - piece.start_us
                )
                return piece.left + share * (piece.right - piece.left)
        return self.pieces[-1].right if self.pieces else self.left

    def ticks(self) -> Iterator[Tick]:
        """Round moments, and the first one after each stretch that is left out."""
        free = 0.0
        step_us = self.step_us()
        after_break = True
        for piece in self.pieces:
            if piece.is_break:
                after_break = True
                continue
            at_us = piece.start_us if after_break else -(-piece.start_us // step_us) * step_us
            after_break = False
            while at_us <= piece.end_us:
                x, text = self.x(at_us), moment(at_us)
                half = len(text) * CHARACTER / 2
                if x - half >= free:
                    yield Tick(x, text)
                    free = x + half + GAP
                at_us = (at_us // step_us + 1) * step_us
        if not self.pieces:
            yield Tick(self.left, moment(0))

    def step_us(self) -> int:
        """The shortest round length that leaves room for ticks."""
        for step_s in STEPS_S:
            if step_s * SECOND_US * self.px_per_us >= TICK_PX:
                return int(step_s * SECOND_US)
        return STEPS_S[-1] * SECOND_US


def breaks(points: list[int]) -> Iterator[tuple[int, int]]:
    """The stretches between moments that are left out: much longer than all shorter ones."""
    gaps = [(start, end) for start, end in pairwise(points)]
    for start, end in gaps:
        length = end - start
        shorter = sum(b - a for a, b in gaps if b - a < length / 2)
        if length >= SHORTEST_BREAK_US and length > MUCH * shorter:
            yield start, end


def moment(at_us: int) -> str:
    """A moment or a length in words: `2.5 s`, `10:12.8`, `1:00:12`, `30 d 0:00:07`."""
    seconds = at_us / SECOND_US
    if seconds < 60:
        return f"{seconds:.2f}".rstrip("0").rstrip(".") + " s"
    tenths = round(seconds * 10)
    days, tenths = divmod(tenths, 864_000)
    hours, tenths = divmod(tenths, 36_000)
    minutes, tenths = divmod(tenths, 600)
    rest = f"{tenths // 10:02}" + (f".{tenths % 10}" if tenths % 10 else "")
    if days:
        return f"{days} d {hours}:{minutes:02}:{rest}"
    return f"{hours}:{minutes:02}:{rest}" if hours else f"{minutes}:{rest}"
