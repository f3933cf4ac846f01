"""`<Play>`: the platform plays media."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core.documents import resolve
from recsim.core.entities import NEVER, CallLeg
from recsim.core.verbs.base import Verb
from recsim.core.verbs.say import finish, hush, sound

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Play(NamedTuple):
    """A row of a document."""

    line: int
    url: str
    loop: int
    """How often; 0 is without end."""


def begin(platform: Platform, leg: CallLeg, verb: Play) -> None:
    """Play, for as long as the media last (Q 72)."""
    sound(platform, leg, length_us(platform, leg, verb))


def length_us(platform: Platform, leg: CallLeg, verb: Play) -> int:
    """How long it is heard; NEVER when it loops without end."""
    policy = platform.policy
    once_us = policy.media.get(resolve(leg.document_url, verb.url), policy.play_us)
    return once_us * verb.loop if verb.loop else NEVER


PLAY = Verb("play", begin, finish, abandon=hush, nests=True)
