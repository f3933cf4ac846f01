"""Two legs whose parties hear each other, and what each hears of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsim.core import hearing, recordings
from recsim.core.effects import Cue
from recsim.core.entities import NEVER, CallLeg, Met

if TYPE_CHECKING:
    from recsim.core.platform import Platform


def join(platform: Platform, leg: CallLeg, peer: CallLeg) -> None:
    """Let the parties of two legs hear each other from now on."""
    for one, other in ((leg, peer), (peer, leg)):
        one.peer, one.bridged_at_us, one.fetches = other.key, platform.now_us, 0
        platform.emit(Cue(platform.cause, one.key, "bridge"))
    for one in (leg, peer):
        for recording in platform.recordings_on(one):
            recordings.watch_silence(platform, recording)


def part(platform: Platform, leg: CallLeg) -> CallLeg | None:
    """End the bridge of `leg`, if there is one; return whom it was bridged with."""
    if not leg.peer:
        return None
    peer, now_us = platform.legs[leg.peer], platform.now_us
    for one, other in ((leg, peer), (peer, leg)):
        one.heard = hearing.others(platform, one)
        title = platform.sessions[other.session].title
        one.met += (Met(title, other.n, one.bridged_at_us, now_us),)
    for one in (leg, peer):
        one.peer, one.bridged_at_us = 0, NEVER
        for recording in platform.recordings_on(one):
            recordings.watch_silence(platform, recording)
    return peer
