"""What v2 commands have in common: on calls, and on conferences.

Source: calls.actions.*_recording, conferences.actions.record_*. They send nothing themselves, and
their answers don't say which recording they made.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from recsim.core.commands import Answer
from recsim.core.entities import CallLeg, Conference, Recording, RecordingSettings
from recsim.vendors.telnyx.defaults import SourceDefault, channels_of
from recsim.vendors.telnyx.rest.errors import (
    BAD_LENGTH,
    BAD_STATE,
    INVALID,
    NO_RECORDING,
    UNABLE,
    RestError,
    answered,
    pointer,
    refused,
)
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.parameters import (
    Parameter,
    ParameterError,
    choice,
    flag,
    one_of,
    takes,
    text,
)

LONGEST_NAME = 40


@takes(type="string", contentEncoding="base64")
def client_state(value: object) -> str:
    """Text in Base64."""
    found = text(value)
    try:
        b64decode(found, validate=True)
    except ValueError:
        raise ParameterError(BAD_STATE) from None
    return found


@takes(type="string", pattern=r"^[^/\\\x00-\x1f\x7f]*$", minLength=1, maxLength=LONGEST_NAME)
def file_name(value: object) -> str:
    """What a file is to be called: never a path. Source: record_start, custom_file_name."""
    found = text(value)
    if not 1 <= len(found) <= LONGEST_NAME:
        raise ParameterError(BAD_LENGTH, f"expected 1 to {LONGEST_NAME} characters")
    if found in (".", "..") or re.search(r"[/\\\x00-\x1f\x7f\ud800-\udfff]", found):
        raise ParameterError(INVALID, "expected a name, not a path")
    return found


CHANNELS = choice({"single": 1, "dual": 2})
FORMAT = one_of("wav", "mp3")
TRIM = choice({"trim-silence": True})

# fmt: off
#: Of every command.
COMMAND = {
    #                         read          default spec
    "command_id":   Parameter(text,         "",     "ActionStopRecordingParams; Q 13: a repeated one is ignored for a while"),
    "client_state": Parameter(client_state, "",     "ActionStopRecordingParams; told by webhooks only"),
}

#: Of those that are about a recording.
CONTROL = COMMAND | {
    "recording_id": Parameter(text,         "",     "ActionStopRecordingParams; Q 34: without it, all that it can be done to"),
}

#: Of those that start one; defaults that are missing here are those of the source.
START = COMMAND | {
    "format":           Parameter(FORMAT,    None,  "StartRecordingRequest, StartConferenceRecordingRequest", is_required=True),
    "play_beep":        Parameter(flag,      None,  "StartRecordingRequest, StartConferenceRecordingRequest"),
    "trim":             Parameter(TRIM,      None,  "StartRecordingRequest, StartConferenceRecordingRequest"),
    "custom_file_name": Parameter(file_name, "",    "StartRecordingRequest, StartConferenceRecordingRequest"),
}
# fmt: on

OK = answered(200, {"data": {"result": "ok"}})

Commanded = CallLeg | Conference
Controls = Callable[[Exchange, Commanded, Mapping[str, Any]], Answer]


def once(
    exchange: Exchange, entity: Commanded, command_id: str, obey: Callable[[], None]
) -> Answer:
    """Obey a command, unless one with its id was obeyed before, and not too long ago (Q 13)."""
    now_us, window_us = exchange.platform.now_us, exchange.rest.command_window_us
    is_repeated = command_id and any(
        command_id == one and (not window_us or now_us - at_us < window_us)
        for one, at_us in entity.commands
    )
    if not is_repeated:
        obey()
        if command_id:
            entity.commands += ((command_id, now_us),)
    return OK


def control(trigger: str, *statuses: str) -> Controls:
    """A command that sends `trigger`; without an id, to recordings in one of `statuses`."""

    def controlled(exchange: Exchange, entity: Commanded, asked: Mapping[str, Any]) -> Answer:
        def obey() -> None:
            for recording in meant(exchange, entity, asked["recording_id"], statuses):
                exchange.ask(recording, trigger, unable)

        return once(exchange, entity, asked["command_id"], obey)

    return controlled


def unable() -> RestError:
    """What is answered where that can't be done now."""
    return refused(UNABLE)


def meant(
    exchange: Exchange, entity: Commanded, recording_id: str, statuses: Iterable[str]
) -> list[Recording]:
    """The recording that a command names; where it names none, all that are in `statuses`."""
    recordings = [exchange.platform.recordings[key] for key in entity.recordings]
    if not recording_id:
        found = [recording for recording in recordings if recording.status in statuses]
        if not found and not exchange.rest.is_lenient:
            raise unable()
        return found
    recording = exchange.recording(recording_id)
    if recording not in recordings:
        raise refused(NO_RECORDING, pointer("recording_id"))
    return [recording]


def settings(asked: Mapping[str, Any], default: SourceDefault) -> RecordingSettings:
    """How a recording is asked for; what isn't said is as its source has it."""

    def said(name: str, otherwise: Any) -> Any:
        value = asked.get(name)
        return otherwise if value is None else value

    track = said("recording_track", default.track)
    return RecordingSettings(
        channels=channels_of(said("channels", default.channels), track),
        track=track,
        is_trimmed=said("trim", default.is_trimmed),
        beep=said("play_beep", default.beep),
        format=asked["format"],
        limit_us=said("max_length", default.limit_us),
        silence_us=said("timeout_secs", default.silence_us),
        callback_url="",
        callback_method="POST",
        callback_events=default.callback_events,
        sends_url=True,
        file_name=asked["custom_file_name"],
        tells_webhook=True,
        client_state=asked["client_state"],
    )
