"""Conferences and participants, seen as their endpoints answer: plain rows, proved by models.

Source: ConferenceResource, ParticipantResource, ParticipantParticipantsResponse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recsim.core.entities import CallLeg, Conference, Member
from recsim.core.verbs.conference import DialConference
from recsim.vendors.telnyx.conference_ends import BY_TRIGGER
from recsim.vendors.telnyx.words import Words

if TYPE_CHECKING:
    from recsim.core.platform import Platform

API_VERSION = "v2/texml"
CONNECTING, CONNECTED = "connecting", "connected"


def conference_id(words: Words, platform: Platform, conference: Conference) -> str:
    """What the wire calls a conference."""
    title = platform.sessions[conference.session].title
    return words.wire_id("conference", title, conference.n)


def conference_path(words: Words, sid: str) -> str:
    """Where a conference is, from the root of the server, without an ending."""
    return f"/v2/texml/Accounts/{words.account_sid}/Conferences/{sid}"


def conference_resource(
    words: Words, platform: Platform, conference: Conference, region: str
) -> dict[str, Any]:
    """What fetching a conference answers; while it goes on, no reason for its end."""
    sid = conference_id(words, platform, conference)
    path = conference_path(words, sid)
    end, ended_with = BY_TRIGGER.get(conference.ended_by), conference.ended_with
    return {
        "account_sid": words.account_sid,
        "api_version": API_VERSION,
        "call_sid_ending_conference": words.wire_id("call", *ended_with) if ended_with[0] else None,
        "date_created": words.resource_date(conference.created_at_us),
        "date_updated": words.resource_date(conference.updated_at_us),
        "friendly_name": conference.room,
        **({"reason_conference_ended": end.reason} if end else {}),
        "region": region,
        "sid": sid,
        "status": conference.status,
        "subresource_uris": {
            "participants": f"{path}/Participants",
            "recordings": f"{path}/Recordings",
        },
        "uri": path,
    }


def participant_resource(
    words: Words, platform: Platform, conference: Conference, leg: CallLeg, member: Member | None
) -> dict[str, Any]:
    """What fetching a participant answers; `member` is None while it is being dialed."""
    call = words.wire_id("call", platform.sessions[leg.session].title, leg.n)
    sid = conference_id(words, platform, conference)
    row = leg.setup.joins
    if member is None:
        assert isinstance(row, DialConference)
        coached, created_at_us, updated_at_us = "", leg.initiated_at_us, leg.initiated_at_us
        ends, is_held, is_muted = row.ends, False, row.is_muted
        coached = coached_call(words, platform, row.coaches)
    else:
        created_at_us, updated_at_us = member.joined_at_us, member.updated_at_us
        ends, is_held, is_muted = member.ends, member.is_held, member.is_muted
        coached = coached_call(words, platform, member.coaches)
    return {
        "account_sid": words.account_sid,
        "api_version": API_VERSION,
        "call_sid": call,
        "call_sid_legacy": call,
        "coaching": bool(coached),
        "coaching_call_sid": coached or None,
        "coaching_call_sid_legacy": coached or None,
        "conference_sid": sid,
        "date_created": words.resource_date(created_at_us),
        "date_updated": words.resource_date(updated_at_us),
        "end_conference_on_exit": ends,
        "hold": is_held,
        "muted": is_muted,
        "status": CONNECTED if member else CONNECTING,
        "uri": f"{conference_path(words, sid)}/Participants/{call}",
    }


def coached_call(words: Words, platform: Platform, key: int) -> str:
    """Whom a participant coaches, as the wire calls their call; empty: nobody."""
    leg = platform.legs.get(key)
    return words.wire_id("call", platform.sessions[leg.session].title, leg.n) if leg else ""


#: What the answer to dialing a participant has of its resource.
NEW = (
    *("account_sid", "call_sid", "coaching", "coaching_call_sid", "conference_sid"),
    *("end_conference_on_exit", "hold", "muted", "status", "uri"),
)
