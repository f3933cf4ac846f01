"""Who hears whom: over a bridge, and in a conference.

What was heard before is kept with the leg or the conference that heard it, so that nothing here
asks about a leg that is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from recsim.core import capture
from recsim.core.entities import (
    NEVER,
    CallLeg,
    Conference,
    Intervals,
    Member,
    Met,
    Recording,
    Voice,
)

if TYPE_CHECKING:
    from recsim.core.platform import Platform


def sound(platform: Platform, recording: Recording) -> Intervals:
    """When something is heard of what a recording is of, up to now."""
    now_us = platform.now_us
    if recording.conference:
        conference = platform.conferences[recording.conference]
        return spoken(voices(platform, conference))
    leg = platform.legs[recording.leg]
    return capture.audible(leg, others(platform, leg), recording.settings.track, now_us)


# In place of a leg's number.
PLATFORM = 0
FORGOTTEN = -1
"""Somebody whose session was retired."""


class Heard(NamedTuple):
    """Somebody of whom something is heard."""

    session: str
    """The title of their session, and the number of their leg in it."""
    n: int
    spoke: Intervals


def apart(platform: Platform, recording: Recording) -> tuple[Heard, ...]:
    """The `sound` of a recording by who is heard, each once: together they are all of it."""
    pieces: dict[tuple[str, int], Intervals] = {}
    for one in _apart(platform, recording):
        who = one.session, one.n
        pieces[who] = capture.joined(pieces.get(who, ()), one.spoke)
    whole, known = sound(platform, recording), capture.joined(*pieces.values())
    found = tuple(Heard(*who, spoke) for who, spoke in pieces.items() if spoke)
    if known == whole:
        return found
    return (*found, Heard("", FORGOTTEN, capture.without(whole, known)))


def _apart(platform: Platform, recording: Recording) -> Iterator[Heard]:
    if recording.conference:
        for one in voices(platform, platform.conferences[recording.conference]):
            yield Heard(one.session, one.n, one.spoke)
        return
    leg, track, now_us = platform.legs[recording.leg], recording.settings.track, platform.now_us
    if track != "outbound":
        title = platform.sessions[leg.session].title
        yield Heard(title, leg.n, capture.between(leg.speech, now_us))
    if track != "inbound":
        yield Heard("", PLATFORM, capture.between(leg.sound, now_us))
        sessions = {session.title: session for session in platform.sessions.values()}
        for met in (*leg.met, *_meets(platform, leg)):
            if met.session in sessions:
                other = platform.legs[sessions[met.session].legs[met.n - 1]]
                spoke = capture.spoken(other, met.from_us, met.until_us)
                yield Heard(met.session, met.n, spoke)


def _meets(platform: Platform, leg: CallLeg) -> tuple[Met, ...]:
    """Whom the party of a leg hears now, and since when."""
    peer = platform.peer_of(leg)
    if peer is not None:
        title = platform.sessions[peer.session].title
        return (Met(title, peer.n, leg.bridged_at_us, platform.now_us),)
    conference = platform.conference_of(leg)
    member = conference and member_of(conference, leg)
    if not conference or not member or member.hears_from_us == NEVER:
        return ()
    return met_by(platform, conference, member)


def others(platform: Platform, leg: CallLeg) -> Intervals:
    """When those whom `leg` hears, and heard before, spoke."""
    peer = platform.peer_of(leg)
    if peer is not None:
        return capture.joined(leg.heard, capture.spoken(peer, leg.bridged_at_us, platform.now_us))
    conference = platform.conference_of(leg)
    member = conference and member_of(conference, leg)
    if not conference or not member or member.hears_from_us == NEVER:
        return leg.heard
    return capture.joined(leg.heard, heard_by(platform, conference, member))


def speaks(platform: Platform, recording: Recording) -> bool:
    """Whether somebody speaks now whom a recording takes in."""
    return any(len(leg.speech) % 2 for leg in _voiced(platform, recording))


def those_in(platform: Platform, recording: Recording) -> list[CallLeg]:
    """The legs whose parties hear the beep of a recording: its own, or all of a conference."""
    if not recording.conference:
        return [platform.legs[recording.leg]]
    legs = [
        platform.legs[member.leg]
        for member in platform.conferences[recording.conference].members
        if member.hears_from_us != NEVER
    ]
    return [leg for leg in legs if not platform.is_over(leg)]


def _voiced(platform: Platform, recording: Recording) -> Iterator[CallLeg]:
    """The legs that a recording takes in now."""
    if recording.conference:
        conference = platform.conferences[recording.conference]
        yield from audible(platform, conference)
        return
    leg = platform.legs[recording.leg]
    yield leg
    peer = platform.peer_of(leg)
    if peer is not None:
        yield peer
    conference_in = platform.conference_of(leg)
    member = conference_in and member_of(conference_in, leg)
    if conference_in and member and member.hears_from_us != NEVER:
        yield from audible(platform, conference_in)


# In a conference.


def member_of(conference: Conference, leg: CallLeg) -> Member | None:
    """A leg as it is in a conference; None: it isn't."""
    return next((member for member in conference.members if member.leg == leg.key), None)


def audible(platform: Platform, conference: Conference) -> Iterator[CallLeg]:
    """The legs that can be heard in it now."""
    for member in conference.members:
        if member.heard_from_us != NEVER:
            yield platform.legs[member.leg]


def voice(platform: Platform, member: Member) -> Voice:
    """What could be heard of a leg since it can be heard."""
    leg, from_us, until_us = platform.legs[member.leg], member.heard_from_us, platform.now_us
    title = platform.sessions[leg.session].title
    spoke = capture.spoken(leg, from_us, until_us)
    return Voice(leg.key, title, leg.n, from_us, until_us, spoke)


def voices(platform: Platform, conference: Conference) -> tuple[Voice, ...]:
    """Whoever could be heard in it, up to now."""
    open_now = [one for one in conference.members if one.heard_from_us != NEVER]
    return (*conference.voices, *(voice(platform, member) for member in open_now))


def spoken(heard: tuple[Voice, ...]) -> Intervals:
    """When any of them spoke."""
    return capture.joined(*(one.spoke for one in heard))


def heard_by(platform: Platform, conference: Conference, member: Member) -> Intervals:
    """When the others spoke, since `member` hears them."""
    stretch = ((member.hears_from_us, platform.now_us),)
    around = tuple(one for one in voices(platform, conference) if one.leg != member.leg)
    return capture.common(spoken(around), stretch)


def met_by(platform: Platform, conference: Conference, member: Member) -> tuple[Met, ...]:
    """Whom `member` could hear, since it hears them."""
    from_us, until_us = member.hears_from_us, platform.now_us
    return tuple(
        Met(one.session, one.n, max(one.from_us, from_us), min(one.until_us, until_us))
        for one in voices(platform, conference)
        if one.leg != member.leg and one.from_us < until_us and from_us < one.until_us
    )
