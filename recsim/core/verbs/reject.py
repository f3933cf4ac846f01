"""`<Reject>`: the platform turns the call away; one that was answered, it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core.entities import CallLeg
from recsim.core.verbs.base import End, Verb, at_once

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Reject(NamedTuple):
    """A row of a document."""

    line: int
    trigger: str
    """What the leg is sent: `reject` or `busy`."""


def finish(platform: Platform, leg: CallLeg, verb: Reject) -> End:
    """The call ends, for the reason given."""
    return End(verb.trigger)


def answers(verb: Reject) -> bool:
    """As a first verb it leaves the call unanswered. Source: docs reject."""
    return False


REJECT = Verb("reject", at_once, finish, answers=answers)
