"""One recording, seen as its endpoints answer: plain rows, which tests prove equal to the models.

Source: api-reference of the TeXML recordings and of GET /recordings; keys in the order of their
schemas.
"""

from __future__ import annotations

from typing import Any

from recsim.core.entities import (
    ABSENT,
    COMPLETED,
    DELETED,
    NEVER,
    CallLeg,
    CallSession,
    Recording,
)
from recsim.vendors.telnyx.words import Words

View = dict[str, Any]

#: The views that are shown, by their names in `recordings.jsonl`; where two differ on a field, the
#: later one is what a scenario means by it.
VIEWS = ("conference_item", "v2", "texml", "texml_create")

#: Every field that one of them can have.
FIELDS = (
    *("account_sid", "call_sid", "conference_sid", "channels", "date_created", "date_updated"),
    *("start_time", "duration", "sid", "source", "error_code", "price", "price_unit", "track"),
    *("uri", "status", "subresources_uris", "subresource_uris", "media_url"),
    *(
        "call_control_id",
        "call_leg_id",
        "call_session_id",
        "conference_id",
        "connection_id",
        "created_at",
        "download_urls",
        "duration_millis",
    ),
    *("from", "id", "initiated_by", "record_type", "recording_ended_at"),
    *("recording_started_at", "to", "updated_at"),
)

CHANNELS = {1: "single", 2: "dual"}


def texml_create(
    words: Words, session: CallSession, leg: CallLeg, recording: Recording
) -> View | None:
    """What creating or updating it answers (view A); None once deleted."""
    if recording.status == DELETED:
        return None
    account, call, sid = _names(words, session, leg, recording)
    price = words.price(recording)
    return {
        **_common(words, session, leg, recording),
        "price": price,
        "price_unit": "USD" if price else None,
        "track": recording.settings.track,
        "uri": f"/v2/texml/Accounts/{account}/Calls/{call}/Recordings/{sid}.json",
    }


def texml(
    words: Words,
    session: CallSession,
    leg: CallLeg,
    recording: Recording,
    at_us: int,
    absent_word: str,
) -> View | None:
    """What fetching it answers (view B); None once deleted. Its link is signed at `at_us`."""
    if recording.status == DELETED:
        return None
    account, _, sid = _names(words, session, leg, recording)
    status = absent_word if recording.status == ABSENT else recording.status
    view = {
        **_common(words, session, leg, recording),
        "status": status,
        "subresources_uris": {"transcriptions": None},
        "uri": f"/v2/texml/Accounts/{account}/Recordings/{sid}.json",
    }
    if recording.status == COMPLETED:
        view["media_url"] = words.link_to(session, leg, recording, at_us)
    return view


def is_in_v2(words: Words, recording: Recording) -> bool:
    """Whether v2 shows it: once completed, and until it is deleted (Q 3)."""
    if words.v2_only_completed:
        return recording.status == COMPLETED
    return recording.status != DELETED


def v2(
    words: Words, session: CallSession, leg: CallLeg, recording: Recording, at_us: int
) -> View | None:
    """What GET /recordings/{id} has as `data` (view D); None unless completed (Q 3).

    Where a reading has others shown: in their own words, without what they don't have (assumed).
    """
    is_completed, is_over = recording.status == COMPLETED, recording.ended_at_us != NEVER
    if not is_in_v2(words, recording):
        return None
    link = words.link_to(session, leg, recording, at_us)
    conference = conference_sid(words, session, recording)
    return {
        "call_control_id": words.wire_id("call", session.title, leg.n),
        "call_leg_id": words.wire_id("leg", session.title, leg.n),
        "call_session_id": words.wire_id("session", session.title),
        "channels": CHANNELS[recording.settings.channels],
        **({"conference_id": conference} if conference else {}),
        "connection_id": connection_id(words, session),
        "created_at": words.v2_date(recording.created_at_us),
        "download_urls": {recording.settings.format: link} if is_completed else {},
        "duration_millis": recording.length_us // 1000,
        "from": leg.from_,
        "id": words.wire_id("recording", session.title, recording.n),
        "initiated_by": recording.source,
        "record_type": "recording",
        **({"recording_ended_at": words.v2_date(recording.ended_at_us)} if is_over else {}),
        "recording_started_at": words.v2_date(recording.started_at_us),
        "source": "conference" if recording.conference else "call",
        "status": recording.status,
        "to": leg.to,
        "updated_at": words.v2_date(recording.updated_at_us),
    }


#: Status of view C; all others are shown as processing (Q 3).
ITEM_STATUS = {COMPLETED: COMPLETED, ABSENT: ABSENT, DELETED: DELETED}


def conference_item(
    words: Words,
    session: CallSession,
    leg: CallLeg,
    recording: Recording,
    at_us: int,
    *,
    keeps_deleted: bool = True,
) -> View | None:
    """An item of the list of its conference (view C); None where that doesn't show it.

    Source: ConferenceRetrieveRecordingsResponse; Q 3 (its statuses and durations), Q 51 (whether
    what was deleted stays in the list).
    """
    if not recording.conference or (recording.status == DELETED and not keeps_deleted):
        return None
    account, _, sid = _names(words, session, leg, recording)
    is_final = recording.status in ITEM_STATUS
    view = {
        **_common(words, session, leg, recording),
        "duration": int(words.seconds(recording.length_us)) if is_final else 0,
        "status": ITEM_STATUS.get(recording.status, "processing"),
        "subresource_uris": {"transcriptions": None},
        "uri": f"/v2/texml/Accounts/{account}/Recordings/{sid}.json",
    }
    if recording.status == COMPLETED:
        view["media_url"] = words.link_to(session, leg, recording, at_us)
    return view


def conference_sid(words: Words, session: CallSession, recording: Recording) -> str | None:
    """The conference that a recording is of, as the wire names it; None: it is of a call."""
    if not recording.conference:
        return None
    n = session.conferences.index(recording.conference) + 1
    return words.wire_id("conference", session.title, n)


def connection_id(words: Words, session: CallSession) -> str:
    """The connection of a session: its application's."""
    return session.application.connection_id or words.connection_id


def _names(
    words: Words, session: CallSession, leg: CallLeg, recording: Recording
) -> tuple[str, str, str]:
    """Account, call and recording, as the wire names them."""
    call = words.wire_id("call", session.title, leg.n)
    return words.account_sid, call, words.wire_id("recording", session.title, recording.n)


def _common(words: Words, session: CallSession, leg: CallLeg, recording: Recording) -> View:
    """What both TeXML views say."""
    account, call, sid = _names(words, session, leg, recording)
    is_over = recording.ended_at_us != NEVER
    return {
        "account_sid": account,
        "call_sid": call,
        "conference_sid": conference_sid(words, session, recording),
        "channels": recording.settings.channels,
        "date_created": words.texml_date(recording.created_at_us),
        "date_updated": words.texml_date(recording.updated_at_us),
        "start_time": words.texml_date(recording.started_at_us),
        "duration": words.seconds(recording.length_us) if is_over else None,
        "sid": sid,
        "source": recording.source,
        "error_code": words.error_code(recording.lacks) if recording.status == ABSENT else None,
    }
