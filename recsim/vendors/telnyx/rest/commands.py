"""v2 commands on calls: stop, pause or resume what is recorded, one recording or all of them.

Source: calls.actions.{stop,pause,resume}_recording. They send nothing themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from recsim.core.commands import Answer
from recsim.core.entities import IN_PROGRESS, NEVER, PAUSED, CallLeg, Recording
from recsim.vendors.telnyx.rest.errors import RestError, answered, pointer, v2_error
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.parameters import Parameter, read, text

# fmt: off
COMMAND = {
    #                         read  default spec
    "recording_id": Parameter(text, "",     "ActionStopRecordingParams; Q 34: without it, all that it can be done to"),
    "command_id":   Parameter(text, "",     "ActionStopRecordingParams; Q 13: a repeated one is ignored for a while"),
    "client_state": Parameter(text, "",     "ActionStopRecordingParams; told by webhooks only"),
}
# fmt: on

OK = answered(200, {"data": {"result": "ok"}})

Handler = Callable[[Exchange, Mapping[str, str]], Answer]


def command(trigger: str, *statuses: str) -> Handler:
    """A command that sends `trigger`; without an id, to recordings in one of `statuses`."""

    def handle(exchange: Exchange, names: Mapping[str, str]) -> Answer:
        leg = on_call(exchange, names)
        asked = read(exchange.body(), COMMAND, pointer)
        if is_repeated(exchange, leg, asked["command_id"]):
            return OK
        for recording in meant(exchange, leg, asked["recording_id"], statuses):
            exchange.ask(recording, trigger, unable)
        if asked["command_id"]:
            leg.commands += ((asked["command_id"], exchange.platform.now_us),)
        return OK

    return handle


def on_call(exchange: Exchange, names: Mapping[str, str]) -> CallLeg:
    """The call of a command, which must be up."""
    leg = exchange.leg_with(names["call"])
    if leg is None:
        raise v2_error(422, "90015", "Invalid Call Control ID", pointer("call_control_id"))
    if exchange.platform.is_over(leg):
        raise v2_error(422, "90018", "Call has already ended")
    if leg.answered_at_us == NEVER:
        raise v2_error(422, "90034", "Call not answered yet")
    return leg


def is_repeated(exchange: Exchange, leg: CallLeg, command_id: str) -> bool:
    """Whether a call was given a command with this id before, and not too long ago (Q 13)."""
    now_us, window_us = exchange.platform.now_us, exchange.rest.command_window_us
    return bool(command_id) and any(
        command_id == one and (not window_us or now_us - at_us < window_us)
        for one, at_us in leg.commands
    )


def meant(
    exchange: Exchange, leg: CallLeg, recording_id: str, statuses: tuple[str, ...]
) -> list[Recording]:
    """The recording that a command names; where it names none, all that are in `statuses`."""
    recordings = exchange.platform.recordings_on(leg)
    if not recording_id:
        found = [recording for recording in recordings if recording.status in statuses]
        if not found and not exchange.rest.is_lenient:
            raise unable()
        return found
    recording = exchange.recording(recording_id)
    if recording is None or recording.leg != leg.key:
        raise v2_error(404, "10005", "Recording not found", pointer("recording_id"))
    return [recording]


def unable() -> RestError:
    """What is answered where a recording can't do that now; assumed: code and title."""
    return v2_error(422, "90033", "Unable to execute command")


stop = command("stop", IN_PROGRESS, PAUSED)
pause = command("pause", IN_PROGRESS)
resume = command("resume", PAUSED)
