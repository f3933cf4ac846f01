"""v2 commands on calls: record, stop, pause or resume.

Source: calls.actions.{start,stop,pause,resume}_recording.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from recsim.core import recordings
from recsim.core.commands import Answer
from recsim.core.entities import IN_PROGRESS, PAUSED, CallLeg
from recsim.core.units import LONGEST_US, SECOND_US
from recsim.vendors.telnyx.defaults import BY_CALL_COMMAND
from recsim.vendors.telnyx.rest import commands
from recsim.vendors.telnyx.rest.commands import CHANNELS, CONTROL, Controls, control, once, settings
from recsim.vendors.telnyx.rest.errors import CALL_ENDED, NO_CALL, pointer, refused
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.limits import room_for_another
from recsim.vendors.telnyx.rest.parameters import TRACK, Parameter, read, whole

Handler = Callable[[Exchange, Mapping[str, str]], Answer]

MAX_LENGTH = whole(0, 14400, SECOND_US)
SILENCE = whole(0, LONGEST_US // SECOND_US, SECOND_US)

# fmt: off
#: Transcription is not simulated, and what asks for it is passed over.
START = commands.START | {
    "channels":        Parameter(CHANNELS,   None, "StartRecordingRequest", is_required=True),
    "max_length":      Parameter(MAX_LENGTH, None, "StartRecordingRequest; Q 18: 0 to 14400 s"),
    "timeout_secs":    Parameter(SILENCE,    None, "StartRecordingRequest: from 0; assumed: to 30 days"),
    "recording_track": Parameter(TRACK,      None, "StartRecordingRequest"),
}
# fmt: on


def on_call(exchange: Exchange, names: Mapping[str, str]) -> CallLeg:
    """The call of a command, which must be up."""
    leg = exchange.leg_with(names["call"])
    if leg is None:
        raise refused(NO_CALL, pointer("call_control_id"))
    if exchange.platform.is_over(leg):
        raise refused(CALL_ENDED)
    exchange.answered(leg)
    return leg


def start(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/calls/{call_control_id}/actions/record_start: every one starts another recording."""
    leg = on_call(exchange, names)
    exchange.audible(leg)
    asked, default = read(exchange.body(), START, pointer), exchange.rest.defaults[BY_CALL_COMMAND]

    def obey() -> None:
        room_for_another(exchange, leg)
        recordings.start(exchange.platform, leg, default.source, settings(asked, default))

    return once(exchange, leg, asked["command_id"], obey)


def controlled(controls: Controls) -> Handler:
    """The handler of a command about what is recorded of a call."""

    def handle(exchange: Exchange, names: Mapping[str, str]) -> Answer:
        leg = on_call(exchange, names)
        return controls(exchange, leg, read(exchange.body(), CONTROL, pointer))

    return handle


stop = controlled(control("stop", IN_PROGRESS, PAUSED))
pause = controlled(control("pause", IN_PROGRESS))
resume = controlled(control("resume", PAUSED))
