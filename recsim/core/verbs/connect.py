"""`<Connect>`: hand the call's audio to a service, until that stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core.entities import CallLeg
from recsim.core.verbs.base import Next, Verb

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Connect(NamedTuple):
    """A row of a document."""

    line: int
    url: str
    """Of the service; the scenario's lengths of media say how long it goes on."""


def begin(platform: Platform, leg: CallLeg, verb: Connect) -> None:
    """Wait for the service to stop; one of which no length is known goes on till the call ends."""
    length_us = platform.policy.media.get(verb.url)
    if length_us is not None:
        platform.arm(leg.key, "verb", length_us)


def finish(platform: Platform, leg: CallLeg, verb: Connect) -> Next:
    """The next verb. Source: docs connect."""
    return Next()


CONNECT = Verb("connect", begin, finish)
