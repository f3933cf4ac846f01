"""`<Pause>`: wait in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core.entities import CallLeg
from recsim.core.verbs.base import Next, Verb

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Pause(NamedTuple):
    """A row of a document."""

    line: int
    length_us: int


def begin(platform: Platform, leg: CallLeg, verb: Pause) -> None:
    """Wait."""
    platform.arm(leg.key, "verb", verb.length_us)


def finish(platform: Platform, leg: CallLeg, verb: Pause) -> Next:
    """The next verb."""
    return Next()


PAUSE = Verb("pause", begin, finish, nests=True)
