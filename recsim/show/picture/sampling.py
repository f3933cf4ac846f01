"""A part of a large scene that still fits into a picture, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from recsim.show.picture.things import Arrow, Bar, Lane, Scene

MOST_LANES = 16
MOST_BARS = 32
"""Of all lanes, in equal parts."""
MOST_MARKS = 128
"""Likewise: of verbs, of acts, and of edges of speech, each."""
MOST_SPANS = 24
"""Of one bar or lane: the first ones."""
MOST_ARROWS = 40
"""Of callbacks, of fetches and of requests, each."""

T = TypeVar("T")


def sampled(scene: Scene) -> Scene:
    """The scene, or of a large one a part, spread evenly over it."""
    said: list[str] = []
    keys = list(scene.lanes)
    shown = spread(keys, MOST_LANES)
    tell(said, len(shown), len(keys), "lanes")
    bars_each, marks_each = (most // max(1, len(shown)) for most in (MOST_BARS, MOST_MARKS))
    lanes = {key: thinned(scene.lanes[key], bars_each, marks_each) for key in shown}
    bars, all_bars = count_bars(lanes.values()), count_bars(scene.lanes.values())
    tell(said, bars, all_bars, "recordings")
    if any(is_long(scene.lanes[key], marks_each) for key in shown):
        said.append(f"the first {marks_each} marks of a lane")
    callbacks = of_lanes(scene.callbacks, lanes, said, "callbacks")
    fetches = of_lanes(scene.fetches, lanes, said, "fetches")
    requests = spread(scene.requests, MOST_ARROWS)
    tell(said, len(requests), len(scene.requests), "requests")
    text = f"A sample: shown are {', '.join(said)}." if said else ""
    return Scene(lanes, callbacks, fetches, requests, text)


def tell(said: list[str], shown: int, all_: int, what: str) -> None:
    """Say how many are shown, where it is not all of them."""
    if shown < all_:
        said.append(f"{shown} of {all_} {what}")


def count_bars(lanes: Iterable[Lane]) -> int:
    """How many recordings some lanes have."""
    return sum(len(lane.bars) for lane in lanes)


def is_long(lane: Lane, marks: int) -> bool:
    """Whether a lane has more marks, or longer bars, than are shown."""
    spans = [lane.spans, *(bar.spans for bar in lane.bars.values())]
    return max(len(lane.verbs), len(lane.acts), len(lane.edges)) > marks or any(
        len(one) > MOST_SPANS for one in spans
    )


def thinned(lane: Lane, bars: int, marks: int) -> Lane:
    """A lane with as much as can be shown."""
    return Lane(
        lane.name,
        lane.session,
        lane.is_leg,
        lane.spans[:MOST_SPANS],
        lane.edges[: marks // 2 * 2],
        lane.verbs[:marks],
        lane.acts[:marks],
        {
            key: Bar(lane.bars[key].label, lane.bars[key].spans[:MOST_SPANS], lane.bars[key].links)
            for key in spread(list(lane.bars), bars)
        },
    )


def of_lanes(
    arrows: list[Arrow], lanes: dict[int, Lane], said: list[str], what: str
) -> list[Arrow]:
    """Those of the messages that are about lanes which are shown, as many as fit."""
    shown = spread([one for one in arrows if one.lane in lanes or not one.lane], MOST_ARROWS)
    tell(said, len(shown), len(arrows), what)
    return shown


def spread(those: Sequence[T], most: int) -> list[T]:
    """At most so many, evenly spread, the first and the last among them."""
    if len(those) <= most:
        return list(those)
    return [those[n * (len(those) - 1) // (most - 1)] for n in range(most)]
