"""v2 commands on conferences: record, stop, pause or resume.

Source: conferences.actions.record_{start,stop,pause,resume}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from recsim.core import conferences
from recsim.core.commands import Answer
from recsim.core.entities import COMPLETED, IN_PROGRESS, PAUSED, Conference
from recsim.vendors.telnyx.defaults import BY_CONFERENCE_COMMAND
from recsim.vendors.telnyx.rest import commands
from recsim.vendors.telnyx.rest.commands import (
    CHANNELS,
    COMMAND,
    Controls,
    control,
    once,
    settings,
)
from recsim.vendors.telnyx.rest.errors import (
    CONFERENCE_ENDED,
    NO_CONFERENCE,
    UNABLE,
    UNLISTED,
    pointer,
    refused,
)
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.limits import room_for_another
from recsim.vendors.telnyx.rest.parameters import Parameter, ParameterError, read, takes, text

Handler = Callable[[Exchange, Mapping[str, str]], Answer]

REGIONS = ("Australia", "Europe", "Middle East", "US")


@takes(type="string", description=f"One of {', '.join(REGIONS)}, however it is written.")
def region(value: object) -> str:
    """A region, however it is written (Q 64)."""
    found = text(value).lower()
    if found not in map(str.lower, REGIONS):
        raise ParameterError(UNLISTED)
    return found


# fmt: off
REGIONAL = {
    #                     read      default spec
    "region":   Parameter(region,   "",     "StartConferenceRecordingRequest; assumed: where the conference is looked for"),
}
START = commands.START | REGIONAL | {
    "channels": Parameter(CHANNELS, None,   "StartConferenceRecordingRequest: single"),
}
CONTROL = commands.CONTROL | REGIONAL
PAUSE = {name: row for name, row in CONTROL.items() if name not in COMMAND or name == "command_id"}
"""Source: ActionRecordPauseParams, which have no client_state."""
# fmt: on


def found(exchange: Exchange, names: Mapping[str, str], asked: Mapping[str, Any]) -> Conference:
    """The conference of a command, which must not be over: by id, then by name (Q 24).

    Source: Q 14 (a command_id is of the conference).
    """
    conference = exchange.conference_with(names["conference"])
    if conference is None:
        conference = conferences.named(exchange.platform, names["conference"])
    if conference is None or asked["region"] not in ("", exchange.rest.account.region.lower()):
        raise refused(NO_CONFERENCE)
    if conference.status == COMPLETED:
        raise refused(CONFERENCE_ENDED)
    return conference


def start(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/conferences/{id}/actions/record_start; nobody takes part in one that has not started.

    Source: the page of error codes (90033: no active participants).
    """
    asked = read(exchange.body(), START, pointer)
    conference = found(exchange, names, asked)
    default = exchange.rest.defaults[BY_CONFERENCE_COMMAND]

    def obey() -> None:
        if conference.status != IN_PROGRESS:
            raise refused(UNABLE)
        room_for_another(exchange, conference)
        conferences.record(exchange.platform, conference, default.source, settings(asked, default))

    return once(exchange, conference, asked["command_id"], obey)


def controlled(table: Mapping[str, Parameter], controls: Controls) -> Handler:
    """The handler of a command about what is recorded of a conference."""

    def handle(exchange: Exchange, names: Mapping[str, str]) -> Answer:
        asked = read(exchange.body(), table, pointer)
        return controls(exchange, found(exchange, names, asked), asked)

    return handle


stop = controlled(CONTROL, control("stop", IN_PROGRESS, PAUSED))
pause = controlled(PAUSE, control("pause", IN_PROGRESS))
resume = controlled(PAUSE, control("resume", PAUSED))
