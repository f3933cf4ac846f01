"""Recording status callbacks.

Source: api-reference/callbacks/texml-recording-{in-progress,completed}; absent: Q 27.
"""

from __future__ import annotations

from typing import NamedTuple

from recsim.core.entities import (
    ABSENT,
    COMPLETED,
    CallLeg,
    CallSession,
    Recording,
    RecordingSettings,
)
from recsim.vendors.telnyx.callbacks.base import Params, Recorded, call_params, link, recorded
from recsim.vendors.telnyx.words import Words


class RecordingStatus(NamedTuple):
    """The facts of a recording status callback."""

    session: str
    connection_id: str
    leg: int
    """Its number in the session."""
    recording: Recorded | None
    """None: there is no recording."""
    source: str
    word: str
    channels: int
    lacks: str

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "recording-status"


def recording_status(
    session: CallSession, leg: CallLeg, recording: Recording, word: str, now_us: int
) -> RecordingStatus:
    """The callback that says `recording` is now `word`."""
    settings = recording.settings
    return RecordingStatus(
        session.title,
        session.application.connection_id,
        leg.n,
        recorded(recording, now_us, has_link=word == COMPLETED and settings.sends_url),
        recording.source,
        word,
        settings.channels,
        recording.lacks if word == ABSENT else "",
    )


def never_recorded(
    session: CallSession, leg: CallLeg, source: str, settings: RecordingSettings
) -> RecordingStatus:
    """The callback that says a recording was asked for and never made (Q 27)."""
    return RecordingStatus(
        session.title,
        session.application.connection_id,
        leg.n,
        None,
        source,
        ABSENT,
        settings.channels,
        "",
    )


def recording_status_params(words: Words, facts: RecordingStatus) -> Params:
    """Parameters of a recording status callback; optional ones are missing, not empty."""
    params = call_params(words, facts.session, facts.leg)
    params["ConnectionId"] = facts.connection_id or words.connection_id
    told = facts.recording
    if told is not None:
        params["RecordingSid"] = words.wire_id("recording", facts.session, told.n)
    params["RecordingSource"] = facts.source
    params["RecordingStatus"] = facts.word
    params["RecordingChannels"] = str(facts.channels)
    if told is not None and facts.word == COMPLETED:
        params["RecordingDuration"] = words.seconds(told.length_us)
    if told is not None and told.signed_at_us >= 0:
        params["RecordingUrl"] = link(words, facts.session, facts.leg, told)
    if code := words.error_code(facts.lacks):
        params["ErrorCode"] = code
    return tuple(params.items())
