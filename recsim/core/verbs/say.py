"""`<Say>`: the platform speaks; and what `<Say>` and `<Play>` share: being heard for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from recsim.core.entities import NEVER, CallLeg
from recsim.core.verbs.base import Next, Verb

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Say(NamedTuple):
    """A row of a document."""

    line: int
    length_us: int
    """How long it is heard; NEVER when it loops without end."""


def sound(platform: Platform, leg: CallLeg, length_us: int) -> None:
    """The platform is heard on `leg`, for this long."""
    leg.sound += (platform.now_us,)
    if length_us != NEVER:
        platform.arm(leg.key, "verb", length_us)


def hush(platform: Platform, leg: CallLeg, verb: Any = None) -> None:
    """The platform falls silent on `leg`, if it is heard."""
    if len(leg.sound) % 2:
        leg.sound += (platform.now_us,)


def begin(platform: Platform, leg: CallLeg, verb: Say) -> None:
    """Speak."""
    sound(platform, leg, verb.length_us)


def finish(platform: Platform, leg: CallLeg, verb: Any) -> Next:
    """The platform falls silent; the next verb."""
    leg.sound += (platform.now_us,)
    return Next()


SAY = Verb("say", begin, finish, abandon=hush, nests=True)
