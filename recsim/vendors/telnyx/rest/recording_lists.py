"""TeXML lists of recordings: of an account, of a call, of a conference.

Source: GetTeXMLCallRecordings, FetchTeXMLCallRecordings, FetchTeXMLConferenceRecordings,
GetTexmlConferenceRecordings; Q 54 for what they leave open. Assumed: the lists of calls and of
conferences, which say where their other pages are, can be paged by the same parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from recsim.core.commands import Answer
from recsim.core.entities import DELETED, Recording
from recsim.core.units import SECOND_US
from recsim.vendors.telnyx import projection
from recsim.vendors.telnyx.rest.errors import answered, parameter
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.paging import paged
from recsim.vendors.telnyx.rest.parameters import (
    Body,
    Parameter,
    Reader,
    compared,
    moment,
    read,
    since,
    until,
)
from recsim.vendors.telnyx.rest.recordings import texml_view

WRITTEN = moment(SECOND_US)
"""As TeXML writes dates: in whole seconds."""
FROM, TO = since(WRITTEN), until(WRITTEN)

# fmt: off
#: `DateCreated>=2023-05-22` is a parameter called `DateCreated>` in a query.
FILTERS = {
    #                         read               default spec
    "DateCreated":  Parameter(compared(WRITTEN), None,   "AccountRetrieveRecordingsJsonParams: a date or a date-time, after >=, <=, > or <"),
    "DateCreated>": Parameter(FROM,              None,   "AccountRetrieveRecordingsJsonParams: DateCreated>=2023-05-22"),
    "DateCreated<": Parameter(TO,                None,   "AccountRetrieveRecordingsJsonParams: also accepts inequality operators"),
}
# fmt: on

BARE = re.compile(r"DateCreated([<>].+)", re.DOTALL)


def filters_of(query: Body) -> dict[str, Parameter]:
    """The filters that a query may name: the table's, and its own `DateCreated>2023-05-22`.

    That is an inequality without an equals sign: a name, whose value is empty.
    """

    def bare(inequality: str) -> Parameter:
        dates = Reader(lambda _: compared(WRITTEN)(inequality), {"const": ""})
        return Parameter(dates, None, FILTERS["DateCreated"].spec)

    found = {name: BARE.fullmatch(name) for name in query}
    return FILTERS | {name: bare(match[1]) for name, match in found.items() if match}


def of_account(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Recordings.json."""
    exchange.of_account(names)
    query = exchange.query()
    filters = filters_of(query)
    dates = [one for one in read(query, filters, parameter).values() if one]
    starts_at_us = exchange.words.starts_at_us
    found = [
        recording
        for recording in exchange.platform.recordings.values()
        if all(one.holds(starts_at_us + recording.created_at_us) for one in dates)
    ]
    return listed(exchange, "/Recordings.json", found, filters)


def of_call(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Calls/{call_sid}/Recordings.json: those that say so in `call_sid` (assumed)."""
    leg = exchange.leg(names)
    every = exchange.platform.recordings.values()
    found = [recording for recording in every if recording.leg == leg.key]
    return listed(exchange, f"/Calls/{names['call']}/Recordings.json", found)


def of_conference(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Conferences/{conference_sid}/Recordings.json."""
    conference = exchange.conference(names)
    found = [exchange.platform.recordings[key] for key in conference.recordings]
    return listed(exchange, f"/Conferences/{names['conference']}/Recordings.json", found)


def listed(
    exchange: Exchange, path: str, found: Iterable[Recording], filters: Iterable[str] = ()
) -> Answer:
    """A page of view B, which has no word for what was deleted."""
    rows = [recording for recording in found if recording.status != DELETED]
    shown, page = paged(exchange, path, rows[::-1], filters)
    return answered(200, {"recordings": [texml_view(exchange, one) for one in shown], **page})


def items_of_conference(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Conferences/{conference_sid}/Recordings: view C, tombstones too (Q 51)."""
    conference = exchange.conference(names)
    every = [exchange.platform.recordings[key] for key in reversed(conference.recordings)]
    rows = [one for one in every if exchange.rest.keeps_tombstones or one.status != DELETED]
    shown, page = paged(exchange, f"/Conferences/{names['conference']}/Recordings", rows)
    page.pop("previous_page_uri", None)  # ConferenceRetrieveRecordingsResponse has none
    now_us = exchange.platform.now_us
    items = [
        projection.conference_item(exchange.words, *exchange.owners(one), one, now_us)
        for one in shown
    ]
    return answered(200, {"recordings": items, **page, "participants": []})
