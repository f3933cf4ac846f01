"""What a recording is like when nobody says otherwise, by how it is made.

The third table beside lifecycles and couplings. Readings may change a cell; see `readings`.
"""

from __future__ import annotations

from typing import NamedTuple

from recsim.core.entities import COMPLETED

SECOND_US = 1_000_000

# How a recording is made.
BY_RECORD = "<Record>"
BY_NOUN = "<Start><Recording>"
BY_REQUEST = "start call recording"
BY_DIAL = "<Dial>"
BY_CALL = "initiate call"
BY_CONFERENCE = "<Conference>"
BY_PARTICIPANT = "dial participant: Record"
BY_PARTICIPANT_CONFERENCE = "dial participant: ConferenceRecord"
BY_CALL_COMMAND = "call record_start"
BY_CONFERENCE_COMMAND = "conference record_start"
BY_NUMBER = "phone number: inbound recording"
BY_PROFILE = "voice profile: outbound recording"

# What it then says made it: several ways may report one source.
RECORD_VERB = "RecordVerb"
START_CALL_RECORDING_API = "StartCallRecordingAPI"
DIAL_VERB = "DialVerb"
OUTBOUND_API = "OutboundAPI"
CONFERENCE = "Conference"
START_CONFERENCE_RECORDING_API = "StartConferenceRecordingAPI"
TRUNKING = "Trunking"


class SourceDefault(NamedTuple):
    """One row: what a recording made in one way is like."""

    made_by: str
    source: str
    """What it says made it: RecordingSource."""
    channels: int
    """1 single, 2 dual."""
    track: str
    is_trimmed: bool
    beep: bool
    format: str
    limit_us: int
    """0 is endless."""
    silence_us: int
    """0 is never."""
    callback_events: tuple[str, ...]
    spec: str


# fmt: off
SOURCES = (
    #             made by                    source                          ch track   trim   beep   format limit             silence events
    SourceDefault(BY_RECORD,                 RECORD_VERB,                    2, "both", False, True,  "mp3", 3600 * SECOND_US, 0, (COMPLETED,), "docs record"),
    SourceDefault(BY_NOUN,                   START_CALL_RECORDING_API,       2, "both", False, False, "mp3", 0,                0, (COMPLETED,), "docs recording; Q 56: the source; assumed: no beep"),
    SourceDefault(BY_REQUEST,                START_CALL_RECORDING_API,       2, "both", False, True,  "mp3", 0,                0, (COMPLETED,), "start call recording; assumed: mp3"),
    SourceDefault(BY_CALL_COMMAND,           START_CALL_RECORDING_API,       1, "both", False, False, "mp3", 0,                0, (),           "StartRecordingRequest: format and channels are required; assumed: no beep"),
    SourceDefault(BY_DIAL,                   DIAL_VERB,                      1, "both", False, False, "mp3", 0,                0, (COMPLETED,), "docs dial; Q 47: the track; assumed: no trim, no beep, mp3"),
    SourceDefault(BY_CALL,                   OUTBOUND_API,                   1, "both", True,  False, "mp3", 0,                0, (COMPLETED,), "CallCallsParams; assumed: no beep, mp3"),
    SourceDefault(BY_PARTICIPANT,            OUTBOUND_API,                   1, "both", True,  False, "mp3", 0,                0, (COMPLETED,), "ParticipantParticipantsParams; Q 56: the source; assumed: no beep, mp3"),
    SourceDefault(BY_PARTICIPANT_CONFERENCE, CONFERENCE,                     1, "both", True,  False, "mp3", 0,                0, (COMPLETED,), "ParticipantParticipantsParams; Q 48, Q 56; assumed: no beep, mp3"),
    SourceDefault(BY_CONFERENCE,             CONFERENCE,                     1, "both", False, True,  "mp3", 0,                0, (COMPLETED,), "docs conference; Q 48: the channels; assumed: mp3"),
    SourceDefault(BY_CONFERENCE_COMMAND,     START_CONFERENCE_RECORDING_API, 1, "both", False, False, "mp3", 0,                0, (),           "conference record_start: format is required; assumed: no beep"),
    SourceDefault(BY_NUMBER,                 TRUNKING,                       1, "both", False, False, "wav", 0,                0, (),           "CallRecording; Q 58; assumed: single, wav, as in the sample of its page"),
    SourceDefault(BY_PROFILE,                TRUNKING,                       1, "both", False, False, "wav", 0,                0, (),           "OutboundCallRecording; Q 58; assumed: as of a number"),
)
# fmt: on


def channels_of(channels: int, track: str) -> int:
    """How many channels a recording of `track` has: one track makes one, whatever was asked for.

    Source: StartRecordingRequest; assumed for TeXML.
    """
    return channels if track == "both" else 1
