"""The list of calls, and how it is filtered and paged.

Source: GetTexmlCalls; Q 54 for what it leaves open, as of recordings.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from recsim.core.commands import Answer
from recsim.core.entities import NEVER, CallLeg
from recsim.vendors.telnyx.call_projection import call_resource, shown_status
from recsim.vendors.telnyx.rest.errors import answered
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.parameters import (
    INVALID,
    Parameter,
    ParameterError,
    day,
    one_of,
    read,
    text,
    whole,
)
from recsim.vendors.telnyx.words import Words

PAGE_SIZE = 20
LAST_PAGE = 10**9


def place(value: object) -> int:
    """The place in the list that a PageToken stands for: the last call that was seen."""
    try:
        return int(urlsafe_b64decode(f"{text(value)}=="))
    except ValueError:
        raise ParameterError(*INVALID) from None


def token(leg: CallLeg) -> str:
    """What stands for a place in the list."""
    return urlsafe_b64encode(str(leg.key).encode()).decode().rstrip("=")


STATUS = one_of("ringing", "in-progress", "canceled", "completed", "failed", "busy", "no-answer")

# fmt: off
#: The client spells inequalities with `<` and `>`, the description with `_lt` and `_gt`.
FILTERS = {
    #                         read    default spec
    "To":           Parameter(text,   None,   "GetTexmlCalls"),
    "From":         Parameter(text,   None,   "GetTexmlCalls"),
    "Status":       Parameter(STATUS, None,   "GetTexmlCalls: all but ringing, in-progress"),
    "StartTime":    Parameter(day,    None,   "CallRetrieveCallsParams: YYYY-MM-DD"),
    "StartTime>":   Parameter(day,    None,   "CallRetrieveCallsParams"),
    "StartTime_gt": Parameter(day,    None,   "GetTexmlCalls"),
    "StartTime<":   Parameter(day,    None,   "CallRetrieveCallsParams"),
    "StartTime_lt": Parameter(day,    None,   "GetTexmlCalls"),
    "EndTime":      Parameter(day,    None,   "CallRetrieveCallsParams: YYYY-MM-DD"),
    "EndTime>":     Parameter(day,    None,   "CallRetrieveCallsParams"),
    "EndTime_gt":   Parameter(day,    None,   "GetTexmlCalls"),
    "EndTime<":     Parameter(day,    None,   "CallRetrieveCallsParams"),
    "EndTime_lt":   Parameter(day,    None,   "GetTexmlCalls"),
}

PAGES = {
    #                      read                 default    spec
    "Page":      Parameter(whole(0, LAST_PAGE), 0,         "GetTexmlCalls: from 0; assumed: the bound"),
    "PageSize":  Parameter(whole(1, 250),       PAGE_SIZE, "Q 54"),
    "PageToken": Parameter(place,               None,      "GetTexmlCalls; Q 54"),
}
# fmt: on


def list_calls(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Calls: newest first."""
    exchange.of_account(names)
    query, platform, words = exchange.query(), exchange.platform, exchange.words
    filters, asked = read(query, FILTERS, parameter), read(query, PAGES, parameter)
    page, size, after = asked["Page"], asked["PageSize"], asked["PageToken"]
    found = [leg for leg in reversed(platform.legs.values()) if matches(words, leg, filters)]
    seen = page * size if after is None else sum(leg.key >= after for leg in found)
    found = found[seen:]
    shown = found[:size]

    def uri(at: int, **more: str) -> str:
        kept = {name: str(value) for name, value in filters.items() if value is not None}
        parameters = urlencode({"Page": at, "PageSize": size, **kept, **more})
        return f"/v2/texml/Accounts/{words.account_sid}/Calls.json?{parameters}"

    here = {"PageToken": str(query["PageToken"])} if after is not None else {}
    start = page * size
    body: dict[str, Any] = {
        "calls": [call_resource(words, platform.sessions[leg.session], leg) for leg in shown],
        "end": start + max(0, len(shown) - 1),
        "first_page_uri": uri(0),
        "page": page,
        "page_size": size,
        "start": start,
        "uri": uri(page, **here),
    }
    if len(found) > size:
        body["next_page_uri"] = uri(page + 1, PageToken=token(shown[-1]))
    return answered(200, body)


def parameter(name: str) -> dict[str, str]:
    """What an error about a query is about."""
    return {"parameter": name}


def matches(words: Words, leg: CallLeg, filters: Mapping[str, Any]) -> bool:
    """Whether a call is asked for. Assumed: days are of UTC, and inequalities include their day."""
    return (
        same(filters["To"], leg.to)
        and same(filters["From"], leg.from_)
        and filters["Status"] in (None, shown_status(leg))
        and within(words, "StartTime", leg.initiated_at_us, filters)
        and within(words, "EndTime", leg.ended_at_us, filters)
    )


def same(asked: str | None, number: str) -> bool:
    """Whether a number is the one asked for, if one is; its plus sign may be missing (Q 65)."""
    return asked is None or asked.lstrip("+ ") == number.lstrip("+")


def within(words: Words, name: str, at_us: int, filters: Mapping[str, Any]) -> bool:
    """Whether a moment is within the days asked for, if any are."""
    days = {sign: filters[name + sign] for sign in ("", ">", "_gt", "<", "_lt")}
    if not any(days.values()):
        return True
    if at_us == NEVER:
        return False
    on = words.call_date(at_us)[:10]
    return (
        days[""] in (None, on)
        and all(on >= days[sign] for sign in (">", "_gt") if days[sign])
        and all(on <= days[sign] for sign in ("<", "_lt") if days[sign])
    )
