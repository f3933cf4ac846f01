"""Conference status callbacks: how a conference goes, for whoever subscribed.

Source: api-reference/callbacks/texml-conference-{start,end,join,leave,speaker}.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core.conferences import END, JOIN, LEAVE, SPEAKER, START
from recsim.core.entities import CallLeg, Conference
from recsim.core.hearing import member_of
from recsim.vendors.telnyx.callbacks.base import Params, call_params
from recsim.vendors.telnyx.callbacks.instructions import (
    Instructions,
    instructions,
    parties,
    sip_uris,
)
from recsim.vendors.telnyx.words import Words

if TYPE_CHECKING:
    from recsim.core.platform import Platform

#: StatusCallbackEvent, by the word that it is subscribed with, and whether something begins.
EVENTS = {
    (START, True): "conference-start",
    (END, True): "conference-end",
    (JOIN, True): "participant-join",
    (LEAVE, True): "participant-leave",
    (SPEAKER, True): "participant-speech-start",
    (SPEAKER, False): "participant-speech-stop",
}


class ConferenceStatus(NamedTuple):
    """The facts of a conference status callback."""

    call: Instructions
    """Of the participant that it is about (Q 81)."""
    session: str
    """The title of the session that made the conference, and the number of that there."""
    n: int
    room: str
    event: str
    label: str
    """Empty: the participant has none."""
    sequence: int
    """How many this conference has sent before."""
    at_us: int

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "conference-status"


def conference_status(
    platform: Platform, conference: Conference, leg: CallLeg, word: str, is_on: bool
) -> ConferenceStatus:
    """The callback that tells of `leg` what `word` stands for."""
    member = member_of(conference, leg)
    return ConferenceStatus(
        instructions(platform.sessions[leg.session], leg),
        platform.sessions[conference.session].title,
        conference.n,
        conference.room,
        EVENTS[word, is_on],
        member.label if member else "",
        conference.told,
        platform.now_us,
    )


def conference_status_params(words: Words, facts: ConferenceStatus) -> Params:
    """Parameters of a conference status callback; optional ones are missing, not empty."""
    call = facts.call
    params = call_params(words, call.session, call.leg)
    params["ConnectionId"] = call.connection_id or words.connection_id
    params["ConferenceSid"] = words.wire_id("conference", facts.session, facts.n)
    params["FriendlyName"] = facts.room
    params["StatusCallbackEvent"] = facts.event
    params["SequenceNumber"] = str(facts.sequence)
    params["Timestamp"] = words.call_date(facts.at_us)
    params |= parties(call)
    params |= sip_uris(call)
    if facts.label:
        params["ParticipantLabel"] = facts.label
    return tuple(params.items())
