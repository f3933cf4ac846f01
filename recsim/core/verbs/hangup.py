"""`<Hangup>`: the platform ends the call."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core.entities import CallLeg
from recsim.core.verbs.base import End, Verb, at_once

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Hangup(NamedTuple):
    """A row of a document."""

    line: int


def finish(platform: Platform, leg: CallLeg, verb: Hangup) -> End:
    """The call ends."""
    return End()


HANGUP = Verb("hangup", at_once, finish, nests=True)
