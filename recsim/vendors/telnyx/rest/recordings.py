"""Recordings by REST: start, pause, resume, stop, fetch, delete.

Source: api-reference of TeXML recordings and of recordings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recsim.core import recordings
from recsim.core.commands import Answer
from recsim.core.entities import IN_PROGRESS, NEVER, PAUSED, STOPPED, Recording, RecordingSettings
from recsim.vendors.telnyx import projection
from recsim.vendors.telnyx.defaults import BY_REQUEST, SourceDefault, channels_of
from recsim.vendors.telnyx.rest.errors import answered, pointer, texml_not_found, v2_error
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.limits import room_for_another
from recsim.vendors.telnyx.rest.parameters import (
    EVENTS,
    METHOD,
    TRACK,
    Parameter,
    choice,
    flag,
    one_of,
    read,
    url,
)

#: What a requested Status asks of a recording. Source: update call recording.
TRIGGERS = {PAUSED: "pause", IN_PROGRESS: "resume", STOPPED: "stop"}

CHANNELS = choice({"single": 1, "dual": 2, "mono": 1})

# fmt: off
#: Defaults that are missing here are those of the source.
START = {
    #                                          read      default spec
    "PlayBeep":                      Parameter(flag,     None,   "start call recording"),
    "RecordingStatusCallback":       Parameter(url,      "",     "start call recording"),
    "RecordingStatusCallbackEvent":  Parameter(EVENTS,   None,   "start call recording"),
    "RecordingStatusCallbackMethod": Parameter(METHOD,   "POST", "start call recording"),
    "RecordingChannels":             Parameter(CHANNELS, None,   "start call recording; Q 1: mono is single"),
    "RecordingTrack":                Parameter(TRACK,    None,   "start call recording"),
    "SendRecordingUrl":              Parameter(flag,     True,   "start call recording"),
}

UPDATE = {
    "Status": Parameter(one_of(*TRIGGERS), None, "update call recording", is_required=True),
}
# fmt: on


def recording_settings(asked: Mapping[str, Any], default: SourceDefault) -> RecordingSettings:
    """How a recording is asked for; what isn't said is as its source has it."""

    def said(name: str, otherwise: Any) -> Any:
        value = asked.get(name)
        return otherwise if value is None else value

    track = said("RecordingTrack", default.track)
    return RecordingSettings(
        channels=channels_of(said("RecordingChannels", default.channels), track),
        track=track,
        is_trimmed=said("Trim", default.is_trimmed),
        beep=said("PlayBeep", default.beep),
        format=default.format,
        limit_us=default.limit_us,
        silence_us=said("RecordingTimeout", default.silence_us),
        callback_url=asked["RecordingStatusCallback"],
        callback_method=asked["RecordingStatusCallbackMethod"],
        callback_events=said("RecordingStatusCallbackEvent", default.callback_events),
        sends_url=asked["SendRecordingUrl"],
    )


def texml_create(exchange: Exchange, recording: Recording) -> Answer:
    """View A."""
    platform = exchange.platform
    session, leg = platform.sessions[recording.session], platform.legs[recording.leg]
    return answered(200, projection.texml_create(exchange.words, session, leg, recording))


def start_recording(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/Calls/{call_sid}/Recordings.json: every one starts another recording (Q 33)."""
    leg = exchange.leg(names)
    default = exchange.rest.defaults[BY_REQUEST]
    settings = recording_settings(read(exchange.body(), START, pointer), default)
    if exchange.platform.is_over(leg):
        raise texml_not_found()
    if leg.answered_at_us == NEVER:
        raise v2_error(422, "90034", "Call not answered yet")
    room_for_another(exchange, leg)
    recording = recordings.start(exchange.platform, leg, default.source, settings)
    return texml_create(exchange, recording)


def update_recording(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/Calls/{call_sid}/Recordings/{recording_sid}.json: pause, resume or stop (Q 32)."""
    leg = exchange.leg(names)
    recording = exchange.recording_of_account(names)
    if recording.leg != leg.key:
        raise texml_not_found()
    asked = read(exchange.body(), UPDATE, pointer)
    if exchange.platform.is_over(leg):
        raise texml_not_found()
    exchange.ask(recording, TRIGGERS[asked["Status"]], texml_not_found)
    return texml_create(exchange, recording)


def fetch_recording(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Recordings/{recording_sid}.json: view B."""
    recording = exchange.recording_of_account(names)
    platform = exchange.platform
    view = projection.texml(
        exchange.words,
        platform.sessions[recording.session],
        platform.legs[recording.leg],
        recording,
        platform.now_us,
        exchange.rest.absent_word,
    )
    return answered(200, view)


def delete_recording(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """DELETE …/Recordings/{recording_sid}.json: only what is settled can go (assumed)."""
    exchange.move(exchange.recording_of_account(names), "delete")
    return Answer(204)


def fetch_v2_recording(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET /recordings/{id}: view D, which shows completed recordings only (Q 3)."""
    recording = exchange.recording(names["recording"])
    platform = exchange.platform
    view = recording and projection.v2(
        exchange.words,
        platform.sessions[recording.session],
        platform.legs[recording.leg],
        recording,
        platform.now_us,
    )
    if not view:
        raise v2_error(404, "404", "Not Found")
    return answered(200, {"data": view})
