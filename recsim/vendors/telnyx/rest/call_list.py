"""The list of calls, and how it is filtered.

Source: GetTexmlCalls; Q 54 for what it leaves open, as of recordings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recsim.core.commands import Answer
from recsim.core.entities import CallLeg
from recsim.vendors.telnyx.call_projection import call_resource, shown_status
from recsim.vendors.telnyx.rest.errors import answered, parameter
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.paging import paged
from recsim.vendors.telnyx.rest.parameters import (
    Parameter,
    day,
    in_time,
    number,
    one_of,
    read,
    since,
    until,
)
from recsim.vendors.telnyx.words import Words

STATUS = one_of("ringing", "in-progress", "canceled", "completed", "failed", "busy", "no-answer")
FROM_DAY, TO_DAY = since(day), until(day)

# fmt: off
FILTERS = {
    #                         read      default spec
    "To":           Parameter(number,   None,   "GetTexmlCalls"),
    "From":         Parameter(number,   None,   "GetTexmlCalls"),
    "Status":       Parameter(STATUS,   None,   "GetTexmlCalls: all but ringing, in-progress"),
    "StartTime":    Parameter(day,      None,   "CallRetrieveCallsParams: YYYY-MM-DD"),
    "StartTime>":   Parameter(FROM_DAY, None,   "CallRetrieveCallsParams; assumed: that day included"),
    "StartTime_gt": Parameter(FROM_DAY, None,   "GetTexmlCalls; as above"),
    "StartTime<":   Parameter(TO_DAY,   None,   "CallRetrieveCallsParams; as above"),
    "StartTime_lt": Parameter(TO_DAY,   None,   "GetTexmlCalls; as above"),
    "EndTime":      Parameter(day,      None,   "CallRetrieveCallsParams: YYYY-MM-DD"),
    "EndTime>":     Parameter(FROM_DAY, None,   "CallRetrieveCallsParams; as above"),
    "EndTime_gt":   Parameter(FROM_DAY, None,   "GetTexmlCalls; as above"),
    "EndTime<":     Parameter(TO_DAY,   None,   "CallRetrieveCallsParams; as above"),
    "EndTime_lt":   Parameter(TO_DAY,   None,   "GetTexmlCalls; as above"),
}
# fmt: on


def list_calls(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Calls: newest first."""
    exchange.of_account(names)
    platform, words = exchange.platform, exchange.words
    filters = read(exchange.query(), FILTERS, parameter)
    found = [leg for leg in reversed(platform.legs.values()) if matches(words, leg, filters)]
    shown, page = paged(exchange, "/Calls.json", found, FILTERS)
    page.pop("previous_page_uri", None)  # CallRetrieveCallsResponse has none
    calls = [call_resource(words, platform.sessions[leg.session], leg) for leg in shown]
    return answered(200, {"calls": calls, **page})


def matches(words: Words, leg: CallLeg, filters: Mapping[str, Any]) -> bool:
    """Whether a call is asked for; one that goes on has no end."""
    started_at_us = words.starts_at_us + leg.initiated_at_us
    ended_at_us = words.starts_at_us + leg.ended_at_us
    return (
        filters["To"] in (None, leg.to.lstrip("+"))
        and filters["From"] in (None, leg.from_.lstrip("+"))
        and filters["Status"] in (None, shown_status(leg))
        and in_time(filters, {"StartTime": started_at_us, "EndTime": ended_at_us})
    )
