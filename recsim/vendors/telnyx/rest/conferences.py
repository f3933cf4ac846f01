"""Conferences by REST: list them, see how one is, end it.

Source: api-reference of TeXML conferences: ConferenceRetrieveConferencesParams, ConferenceResource,
ConferenceUpdateParams.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recsim.core.commands import Answer
from recsim.core.entities import COMPLETED, NEVER, Conference
from recsim.core.verbs import conference as dialing
from recsim.vendors.telnyx.conference_projection import conference_resource
from recsim.vendors.telnyx.rest.errors import (
    MISSING,
    answered,
    parameter,
    pointer,
    refused,
    texml_not_found,
)
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.paging import paged
from recsim.vendors.telnyx.rest.parameters import (
    METHOD,
    Parameter,
    day,
    in_time,
    one_of,
    read,
    since,
    text,
    until,
    url,
)

STATUS = one_of("init", "in-progress", "completed")

FROM_DAY, TO_DAY = since(day), until(day)

# fmt: off
FILTERS = {
    #                            read      default spec
    "FriendlyName":    Parameter(text,     None,   "ConferenceRetrieveConferencesParams"),
    "Status":          Parameter(STATUS,   None,   "ConferenceRetrieveConferencesParams"),
    "DateCreated":     Parameter(day,      None,   "ConferenceRetrieveConferencesParams: YYYY-MM-DD"),
    "DateCreated>":    Parameter(FROM_DAY, None,   "ConferenceRetrieveConferencesParams; assumed: that day included"),
    "DateCreated_gt":  Parameter(FROM_DAY, None,   "as above"),
    "DateCreated<":    Parameter(TO_DAY,   None,   "as above"),
    "DateCreated_lt":  Parameter(TO_DAY,   None,   "as above"),
    "DateUpdated":     Parameter(day,      None,   "ConferenceRetrieveConferencesParams: YYYY-MM-DD"),
    "DateUpdated>":    Parameter(FROM_DAY, None,   "as above"),
    "DateUpdated_gt":  Parameter(FROM_DAY, None,   "as above"),
    "DateUpdated<":    Parameter(TO_DAY,   None,   "as above"),
    "DateUpdated_lt":  Parameter(TO_DAY,   None,   "as above"),
}

UPDATE = {
    #                           read                 default spec
    "Status":         Parameter(one_of("completed"), "",     "ConferenceUpdateParams: completed ends it"),
    "AnnounceUrl":    Parameter(url,                 "",     "ConferenceUpdateParams; assumed: everybody in it hears it"),
    "AnnounceMethod": Parameter(METHOD,              "POST", "ConferenceUpdateParams; assumed: POST"),
}
# fmt: on


def list_conferences(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Conferences: newest first."""
    exchange.of_account(names)
    filters = read(exchange.query(), FILTERS, parameter)
    newest = reversed(exchange.platform.conferences.values())
    found = [one for one in newest if matches(exchange, one, filters)]
    shown, page = paged(exchange, "/Conferences", found, FILTERS)
    page.pop("previous_page_uri", None)  # ConferenceRetrieveConferencesResponse has none
    return answered(200, {"conferences": [resource(exchange, one) for one in shown], **page})


def matches(exchange: Exchange, conference: Conference, filters: Mapping[str, Any]) -> bool:
    """Whether a conference is asked for."""
    created_at_us = exchange.words.starts_at_us + conference.created_at_us
    updated_at_us = exchange.words.starts_at_us + conference.updated_at_us
    return (
        filters["FriendlyName"] in (None, conference.room)
        and filters["Status"] in (None, conference.status)
        and in_time(filters, {"DateCreated": created_at_us, "DateUpdated": updated_at_us})
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
        raise refused(MISSING)
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
