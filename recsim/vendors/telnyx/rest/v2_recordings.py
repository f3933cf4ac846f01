"""Recordings of the v2 API: list, fetch, delete one or many.

It knows completed recordings only (Q 3); others are not found. Source: api-reference list
recordings, retrieve, delete a call recording, delete a list of call recordings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from recsim.core.commands import Answer
from recsim.core.entities import COMPLETED, Recording
from recsim.vendors.telnyx import projection
from recsim.vendors.telnyx.rest.errors import (
    INVALID,
    NO_RECORDING,
    NO_RESOURCE,
    NOT_FOUND,
    answered,
    parameter,
    pointer,
    refused,
)
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.paging import v2_paged
from recsim.vendors.telnyx.rest.parameters import (
    Body,
    Parameter,
    ParameterError,
    moment,
    number,
    read,
    since,
    takes,
    text,
    until,
    uuid,
)

WRITTEN = moment(1000)
"""As v2 writes dates: in whole milliseconds."""
FROM, TO = since(WRITTEN), until(WRITTEN)


@takes(type="string")
def region(value: object) -> str:
    """A region; capitals make no difference (Q 64)."""
    return text(value).casefold()


@takes(type="array", items={"type": "string"})
def ids(value: object) -> list[str]:
    """A list of ids, each once."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ParameterError(INVALID, "expected a list of texts")
    return list(dict.fromkeys(value))


# fmt: off
#: Each is what the recording says of itself; of a conference's, the region is that of the account.
FILTERS = {
    #                                read    default spec
    "filter[conference_id]":     Parameter(text,   None, "list recordings"),
    "filter[call_leg_id]":       Parameter(uuid,   None, "list recordings: a UUID"),
    "filter[call_session_id]":   Parameter(uuid,   None, "list recordings: a UUID"),
    "filter[call_control_id]":   Parameter(text,   None, "list recordings"),
    "filter[from]":              Parameter(number, None, "list recordings: case-sensitive; Q 65"),
    "filter[to]":                Parameter(number, None, "list recordings: case-sensitive; Q 65"),
    "filter[connection_id]":     Parameter(text,   None, "list recordings: case-sensitive"),
    "filter[sip_call_id]":       Parameter(text,   None, "list recordings: case-sensitive"),
    "filter[conference_region]": Parameter(region, None, "list recordings; Q 64"),
}

#: Source: list recordings, whose ranges include both ends.
RANGES = {
    f"filter[{name}][{sign}]": Parameter(dates, None, "list recordings: ISO 8601, inclusive")
    for name in ("created_at", "start_time", "end_time")
    for sign, dates in (("gte", FROM), ("lte", TO))
}

ASKED = {**FILTERS, **RANGES}

BULK = {
    "ids": Parameter(ids, None, "delete a list of call recordings", is_required=True),
}
# fmt: on

A_RANGE = re.compile(r"filter\[(created_at|start_time|end_time)\].*", re.DOTALL)


def list_recordings(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET /recordings: newest first.

    A page is a number, so that whoever turns pages may miss a recording or get one twice: whatever
    is completed or deleted meanwhile shifts all that follows. `filter[created_at][lte]` keeps out
    what began after that moment, but not what had begun and is completed later. The tokens of the
    TeXML lists have no such gap.
    """
    query = exchange.query()
    closed(query)
    asked = read(query, ASKED, parameter)
    known_connection(exchange, asked["filter[connection_id]"])
    # Most lists ask for all, of which there may be thousands.
    is_whole = all(value is None for value in asked.values())
    found = [
        recording
        for recording in reversed(exchange.platform.recordings.values())
        if projection.is_in_v2(exchange.words, recording)
        and (is_whole or matches(exchange, recording, asked))
    ]
    shown, meta = v2_paged(exchange, found)
    is_beyond = meta["page_number"] > max(1, meta["total_pages"])
    if is_beyond and exchange.rest.readings["page_beyond_end"] == "not_found":
        raise refused(NOT_FOUND, parameter("page[number]"), "Page not found")
    return answered(200, {"data": [view(exchange, one) for one in shown], "meta": meta})


def closed(query: Body) -> None:
    """Refuse keys that a range doesn't have. Source: additionalProperties; assumed: the code."""
    for name in query:
        if A_RANGE.fullmatch(name) and name not in RANGES:
            raise refused(INVALID, parameter(name), "expected gte or lte")


def known_connection(exchange: Exchange, connection_id: str | None) -> None:
    """Refuse a connection that nobody has, where the reading says so (Q 66)."""
    if connection_id is None or exchange.rest.readings["unknown_connection"] == "empty":
        return
    sessions = exchange.platform.sessions.values()
    known = {session.application.connection_id for session in sessions}
    known |= {exchange.rest.application.connection_id, exchange.words.connection_id}
    if connection_id not in known - {""}:
        raise refused(NO_RESOURCE, pointer("connection_id"))


def matches(exchange: Exchange, recording: Recording, asked: Mapping[str, Any]) -> bool:
    """Whether a recording is asked for."""
    words, (session, leg) = exchange.words, exchange.owners(recording)
    said = {
        "conference_id": projection.conference_sid(words, session, recording),
        "call_leg_id": words.wire_id("leg", session.title, leg.n),
        "call_session_id": words.wire_id("session", session.title),
        "call_control_id": words.wire_id("call", session.title, leg.n),
        "from": leg.from_.lstrip("+"),
        "to": leg.to.lstrip("+"),
        "connection_id": projection.connection_id(words, session),
        "sip_call_id": words.wire_id("sip", session.title, leg.n),
        "conference_region": recording.conference and region(exchange.rest.account.region),
    }
    moments = {
        "created_at": recording.created_at_us,
        "start_time": recording.started_at_us,
        "end_time": recording.ended_at_us,
    }
    return all(asked[f"filter[{name}]"] in (None, one) for name, one in said.items()) and all(
        dates is None or dates.holds(words.starts_at_us + at_us)
        for name, at_us in moments.items()
        for dates in (asked[f"filter[{name}][gte]"], asked[f"filter[{name}][lte]"])
    )


def view(exchange: Exchange, recording: Recording) -> projection.View | None:
    """View D of a recording; None unless it is completed."""
    now_us = exchange.platform.now_us
    return projection.v2(exchange.words, *exchange.owners(recording), recording, now_us)


def completed(exchange: Exchange, sid: str) -> Recording | None:
    """The recording with that id, if it can be deleted by v2."""
    recording = exchange.recording(sid)
    return recording if recording and recording.status == COMPLETED else None


def fetch_recording(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET /recordings/{id}."""
    recording = exchange.recording(names["recording"])
    if recording is None or not projection.is_in_v2(exchange.words, recording):
        raise refused(NOT_FOUND)
    return answered(200, {"data": view(exchange, recording)})


def delete_recording(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """DELETE /recordings/{id}: as it was before. Source: SDK recordings.delete."""
    answer = fetch_recording(exchange, names)
    recording = completed(exchange, names["recording"])
    if recording is None:
        raise refused(NOT_FOUND)
    exchange.platform.fire(recording, "delete")
    return answer


def delete_recordings(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST /recordings/actions/delete: all that are found, or all or none (Q 52)."""
    asked = read(exchange.body(), BULK, pointer)["ids"]
    found = [completed(exchange, sid) for sid in asked]
    if None in found and exchange.rest.readings["bulk_delete_strict"] == "true":
        raise refused(NO_RECORDING, pointer(f"ids/{found.index(None)}"))
    for recording in filter(None, found):
        exchange.platform.fire(recording, "delete")
    return answered(200, {"status": "ok"})
