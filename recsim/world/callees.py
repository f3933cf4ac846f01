"""Whom the platform can call, and what they do when it does: data that becomes a party's story."""

from __future__ import annotations

from typing import NamedTuple

from recsim.core.story import Step, Story
from recsim.world.draws import Length, constant
from recsim.world.stories import Draft, told

#: Why a call is refused before anybody's telephone rings.
WITHOUT_RINGING = ("busy", "unreachable")

#: How long somebody who was asked to call another lets it ring. Assumed: as a `<Dial>` by default.
PATIENCE_US = 30_000_000

#: From the other call's answer until whoever was transferred hangs up here (assumed).
FAREWELL_US = 200_000

UNREACHABLE: Story = (Step("", 0, "refuse", "unreachable"),)
"""What comes of a call to a number that nobody has."""


class Callee(NamedTuple):
    """Somebody whom the platform can call. With neither an answer nor a refusal, it rings out."""

    name: str
    rings_after: Length = constant(500_000)
    """From being dialed."""
    answers_after: Length | None = None
    """From ringing on."""
    refuses: str = ""
    """Why, as `commands.Refused` has it; empty: they don't."""
    refuses_after: Length = constant(0)
    """From ringing on."""
    story: tuple[Draft, ...] = ()
    """What they do once they have answered."""
    rings: bool | None = None
    """Whether the telephone rings; if not, all else comes as long after it would have. None: unless
    it refuses `WITHOUT_RINGING`."""


def rung(callee: Callee | None, seed: int, leg: str) -> Story:
    """What a callee does who is called; None: nobody. `leg` names the leg, once in a run."""
    if callee is None:
        return UNREACHABLE
    purpose = f"callee {callee.name} {leg}"
    after_us = callee.rings_after.draw(seed, purpose, 0)
    ring: Story = ()
    if callee.refuses not in WITHOUT_RINGING if callee.rings is None else callee.rings:
        ring, after_us = (Step("", after_us, "ring"),), 0
    if callee.refuses:
        after_us += callee.refuses_after.draw(seed, purpose, 1)
        return *ring, Step("", after_us, "refuse", callee.refuses)
    if callee.answers_after is None:
        return ring
    after_us += callee.answers_after.draw(seed, purpose, 1)
    story = told(callee.story, seed, f"story {callee.name} {leg}")
    return *ring, Step("", after_us, "pick_up"), *story


def transferred(callee: Callee | None, seed: int, transfer: str) -> Story:
    """What somebody does who is asked to call a callee; `transfer` names that, once in a run.

    They tell what came of it; once the callee has answered, they hang up here.
    """
    after_us = 0
    for step in rung(callee, seed, transfer):
        after_us += step.after_us
        if after_us > PATIENCE_US:
            break
        if step.do == "refuse":
            return (Step("", after_us, "transferred", step.arg),)
        if step.do == "pick_up":
            return Step("", after_us, "transferred", ""), Step("", FAREWELL_US, "hang_up")
    return (Step("", PATIENCE_US, "transferred", "no_answer"),)
