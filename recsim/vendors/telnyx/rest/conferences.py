"""Conferences by REST: list them, see how one is, end it.

Source: api-reference of TeXML conferences: GetTexmlConferences, GetTexmlConference,
UpdateTexmlConference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recsim.core.commands import Answer
from recsim.core.entities import COMPLETED, NEVER, Conference
from recsim.core.verbs import conference as dialing
from recsim.vendors.telnyx.conference_projection import conference_resource
from recsim.vendors.telnyx.rest.errors import answered, pointer, texml_not_found, v2_error
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.paging import PAGES, page_of, parameter, within
from recsim.vendors.telnyx.rest.parameters import (
    METHOD,
    Parameter,
    day,
    one_of,
    read,
    text,
    url,
)

STATUS = one_of("init", "in-progress", "completed")
SIGNS = ("", ">", "_gt", "<", "_lt")

# fmt: off
FILTERS = {
    #                         read    default spec
    "FriendlyName": Parameter(text,   None,   "GetTexmlConferences"),
    "Status":       Parameter(STATUS, None,   "GetTexmlConferences"),
} | {
    f"{name}{sign}": Parameter(day,   None,   "GetTexmlConferences: YYYY-MM-DD; inequalities as of calls")
    for name in ("DateCreated", "DateUpdated")
    for sign in SIGNS
}

UPDATE = {
    #                           read                 default spec
    "Status":         Parameter(one_of("completed"), "",     "UpdateTexmlConference: completed ends it"),
    "AnnounceUrl":    Parameter(url,                 "",     "UpdateTexmlConference; assumed: everybody in it hears it"),
    "AnnounceMethod": Parameter(METHOD,              "POST", "UpdateTexmlConference; assumed: POST"),
}
# fmt: on


def list_conferences(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Conferences: newest first."""
    exchange.of_account(names)
    query, platform = exchange.query(), exchange.platform
    filters, asked = read(query, FILTERS, parameter), read(query, PAGES, parameter)
    found = [one for one in platform.conferences.values() if matches(exchange, one, filters)]
    path = f"/v2/texml/Accounts/{exchange.words.account_sid}/Conferences"
    shown, around = page_of(found, query, asked, filters, path)
    return answered(200, {"conferences": [resource(exchange, one) for one in shown], **around})


def matches(exchange: Exchange, conference: Conference, filters: Mapping[str, Any]) -> bool:
    """Whether a conference is asked for."""
    words = exchange.words
    return (
        filters["FriendlyName"] in (None, conference.room)
        and filters["Status"] in (None, conference.status)
        and within(words, "DateCreated", conference.created_at_us, filters)
        and within(words, "DateUpdated", conference.updated_at_us, filters)
    )


def resource(exchange: Exchange, conference: Conference) -> dict[str, Any]:
    """A conference as it is now."""
    region = exchange.rest.account.region
    return conference_resource(exchange.words, exchange.platform, conference, region)


def fetch_conference(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Conferences/{conference_sid}."""
    return answered(200, resource(exchange, exchange.conference(names)))


def update_conference(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/Conferences/{conference_sid}: end it, or announce something.

    Assumed: ending goes before announcing; one that is over is not found, like a call (Q 71).
    """
    conference, platform = exchange.conference(names), exchange.platform
    asked = read(exchange.body(), UPDATE, pointer)
    if not (asked["Status"] or asked["AnnounceUrl"]):
        raise v2_error(422, "10004", "Missing required parameter")
    if conference.status == COMPLETED:
        raise texml_not_found()
    if asked["Status"]:
        platform.fire(conference, "complete")
    else:
        for member in conference.members:
            if member.hears_from_us != NEVER:
                leg = platform.legs[member.leg]
                dialing.announce(platform, leg, asked["AnnounceUrl"], asked["AnnounceMethod"])
    return answered(200, resource(exchange, conference))
