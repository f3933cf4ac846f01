"""Stories whose lengths are still to be drawn: one that is told anew each time somebody is rung."""

from __future__ import annotations

from typing import Any, NamedTuple

from recsim.core.story import Step, Story
from recsim.world.draws import Length


class Draft(NamedTuple):
    """A step of a story, as `core.story.Step`, with its delay still to be drawn."""

    cue: str
    lengths: tuple[tuple[int, Length], ...]
    """What its delay is the sum of, each with the number that its draw has in the story."""
    do: str
    arg: Any = None
    any_time: bool = False


def told(drafts: tuple[Draft, ...], seed: int, purpose: str) -> Story:
    """The story, every length drawn for one purpose."""
    return tuple(
        Step(
            draft.cue,
            sum(length.draw(seed, purpose, n) for n, length in draft.lengths),
            draft.do,
            draft.arg,
            draft.any_time,
        )
        for draft in drafts
    )
