"""What a picture of a run is made of: lanes, bars, arrows; moments in µs since the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

TRIMMED, WAITING = "trimmed", "waiting"
"""The forms of what was captured and is not in the file, and of what was not captured: a beep."""


class Span(NamedTuple):
    """A stretch of a lane or a bar."""

    start_us: int
    end_us: int | None
    """None: as long as the picture lasts."""
    form: str
    """A status, or `trimmed`, or `waiting`."""


class Mark(NamedTuple):
    """A moment of a lane: what is in force from then on, or what was done then."""

    at_us: int
    text: str


@dataclass(slots=True)
class Bar:
    """A recording."""

    label: str
    spans: list[Span] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)
    """When each link to its audio was signed, and when its life ends."""


@dataclass(slots=True)
class Lane:
    """A call leg or a conference."""

    name: str
    session: int
    is_leg: bool = True
    spans: list[Span] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)
    """Moments at which its party began and ceased to speak."""
    verbs: list[Mark] = field(default_factory=list)
    acts: list[Mark] = field(default_factory=list)
    bars: dict[int, Bar] = field(default_factory=dict)
    """By number of recording."""


class Arrow(NamedTuple):
    """A message of the platform, or a request to it."""

    sent_us: int
    at_us: int
    """When it arrives; of a lost one, when it was sent."""
    lane: int
    """Key of the lane that it is about; 0: of none."""
    bar: int
    """Number of the recording that it is about; 0: of none."""
    text: str
    outcome: str
    is_well: bool
    is_lost: bool


@dataclass(slots=True)
class Scene:
    """All that there is to draw."""

    lanes: dict[int, Lane] = field(default_factory=dict)
    """By the key of the leg or conference, in the order of sessions, a conference last."""
    callbacks: list[Arrow] = field(default_factory=list)
    fetches: list[Arrow] = field(default_factory=list)
    requests: list[Arrow] = field(default_factory=list)
    left_out: str = ""
    """What of a large run is not shown; empty: nothing."""

    def moments(self) -> Iterator[int]:
        """Every moment at which something is drawn."""
        for lane in self.lanes.values():
            yield from (mark.at_us for mark in (*lane.verbs, *lane.acts))
            yield from lane.edges
            for span in (*lane.spans, *(span for bar in lane.bars.values() for span in bar.spans)):
                yield span.start_us
                if span.end_us is not None:
                    yield span.end_us
            yield from (end for bar in lane.bars.values() for _, end in bar.links)
        for arrow in (*self.callbacks, *self.fetches, *self.requests):
            yield from (arrow.sent_us, arrow.at_us)
