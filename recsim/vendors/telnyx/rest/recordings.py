"""Recordings by TeXML REST: start, pause, resume, stop, fetch, delete.

Source: api-reference of TeXML recordings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recsim.core import recordings
from recsim.core.commands import Answer
from recsim.core.entities import IN_PROGRESS, PAUSED, STOPPED, Recording, RecordingSettings
from recsim.vendors.telnyx import projection
from recsim.vendors.telnyx.defaults import BY_REQUEST, SourceDefault, channels_of
from recsim.vendors.telnyx.rest.errors import answered, pointer, texml_not_found
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
    owners = exchange.owners(recording)
    return answered(200, projection.texml_create(exchange.words, *owners, recording))


def start_recording(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/Calls/{call_sid}/Recordings.json: every one starts another recording (Q 33)."""
    leg = exchange.leg(names)
    default = exchange.rest.defaults[BY_REQUEST]
    settings = recording_settings(read(exchange.body(), START, pointer), default)
    if exchange.platform.is_over(leg):
        raise texml_not_found()
    exchange.audible(leg)
    room_for_another(exchange, leg)
    recording = recordings.start(exchange.platform, leg, default.source, settings)
    return texml_create(exchange, recording)


def update_recording(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/Calls/{call_sid}/Recordings/{recording_sid}.json: pause, resume or stop (Q 32).

    Assumed: a conference's recording, though it names a call, is not found here. Source: the list
    of paths, in which only v2 commands are for these.
    """
    leg = exchange.leg(names)
    recording = exchange.recording_of_account(names)
    if recording.leg != leg.key or recording.conference:
        raise texml_not_found()
    asked = read(exchange.body(), UPDATE, pointer)
    if exchange.platform.is_over(leg):
        raise texml_not_found()
    exchange.ask(recording, TRIGGERS[asked["Status"]], texml_not_found)
    return texml_create(exchange, recording)


def fetch_recording(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Recordings/{recording_sid}.json: view B."""
    return answered(200, texml_view(exchange, exchange.recording_of_account(names)))


def texml_view(exchange: Exchange, recording: Recording) -> projection.View | None:
    """View B of a recording; None once deleted."""
    now_us, absent_word = exchange.platform.now_us, exchange.rest.absent_word
    owners = exchange.owners(recording)
    return projection.texml(exchange.words, *owners, recording, now_us, absent_word)


def delete_recording(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """DELETE …/Recordings/{recording_sid}.json: only what is settled can go (assumed)."""
    exchange.move(exchange.recording_of_account(names), "delete")
    return Answer(204)
