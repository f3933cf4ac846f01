"""What a party does, as data, and a cursor that every driver moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from recsim.core.commands import (
    Answered,
    Command,
    HungUp,
    Pressed,
    Refused,
    Ringing,
    Speech,
    Transferred,
)


class Step(NamedTuple):
    """One thing a party does: `after_us` after its cue or, without one, after the step before."""

    cue: str
    """A word of `effects.Cue`; empty: no cue is waited for."""
    after_us: int
    do: str
    """A key of `DO`."""
    arg: Any = None
    any_time: bool = False
    """It may come at any time from there on: `after_us` is one of them."""


Story = tuple[Step, ...]

#: What a step asks of the platform.
DO: dict[str, Callable[[int, Any], Command | None]] = {
    "wait": lambda _, __: None,
    "ring": lambda leg, _: Ringing(leg),
    "pick_up": lambda leg, _: Answered(leg),
    "refuse": Refused,
    "transferred": Transferred,
    "speak": lambda leg, _: Speech(leg, on=True),
    "silent": lambda leg, words: Speech(leg, on=False, words=words or ""),
    "press": Pressed,
    "hang_up": lambda leg, _: HungUp(leg),
}


class Party:
    """A place in a story: copied by a fork, played by SimPy, a heap, or a search."""

    __slots__ = ("at", "has_set_out", "leg", "story")

    def __init__(self, leg: int, story: Story) -> None:
        self.leg, self.story, self.at = leg, story, 0
        self.has_set_out = False
        """The driver has the moment of the next step: what is cued meanwhile is no news."""

    def due(self, word: str = "") -> int | None:
        """Delay until the next step, now that `word` was cued (none: the step before is done)."""
        if self.at < len(self.story) and not self.has_set_out:
            step = self.story[self.at]
            if step.cue == word:
                return step.after_us
        return None

    def act(self) -> Command | None:
        """The next step's command, None for one that only waits; the cursor moves on."""
        step = self.story[self.at]
        self.at += 1
        self.has_set_out = False
        return DO[step.do](self.leg, step.arg)

    def leave(self) -> Story:
        """The call is over: return the steps that were never played."""
        rest, self.at = self.story[self.at :], len(self.story)
        return rest

    def break_off(self, do: str) -> None:
        """Let the story end now, in one step more."""
        self.story = (*self.story[: self.at], Step("", 0, do))
        self.has_set_out = True

    def fork(self) -> Party:
        """The same place in the same story."""
        other = Party(self.leg, self.story)
        other.at, other.has_set_out = self.at, self.has_set_out
        return other
