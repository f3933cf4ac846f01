"""Participants by REST: list them, see how one is, change or remove it.

Source: api-reference of TeXML conference participants; docs conference-participants (who left, was
removed or got new instructions is no participant any more). How one is dialed stands in `dialing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recsim.core import conferences, hearing
from recsim.core.commands import Answer
from recsim.core.entities import COMPLETED, CallLeg, Conference, Member
from recsim.core.verbs import conference as verb
from recsim.core.verbs.conference import DialConference
from recsim.vendors.telnyx.conference_projection import conference_path, participant_resource
from recsim.vendors.telnyx.rest.errors import (
    MISSING,
    NO_CALL,
    answered,
    pointer,
    refused,
    texml_not_found,
)
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.parameters import METHOD, Parameter, flag, read, text, url

# fmt: off
UPDATE = {
    #                                read    default spec
    "Muted":               Parameter(flag,   None,   "ParticipantUpdateParams"),
    "Hold":                Parameter(flag,   None,   "ParticipantUpdateParams"),
    "HoldUrl":             Parameter(url,    "",     "ParticipantUpdateParams"),
    "HoldMethod":          Parameter(METHOD, "POST", "ParticipantUpdateParams"),
    "WaitUrl":             Parameter(url,    "",     "ParticipantUpdateParams: until the conference starts; assumed: by POST"),
    "AnnounceUrl":         Parameter(url,    "",     "ParticipantUpdateParams"),
    "AnnounceMethod":      Parameter(METHOD, "POST", "ParticipantUpdateParams; assumed: POST"),
    "EndConferenceOnExit": Parameter(flag,   None,   "ParticipantUpdateParams"),
    "BeepOnExit":          Parameter(flag,   None,   "ParticipantUpdateParams"),
    "Coaching":            Parameter(flag,   None,   "ParticipantUpdateParams"),
    "CallSidToCoach":      Parameter(text,   "",     "ParticipantUpdateParams"),
}
# fmt: on

#: What a participant is otherwise than it was: fields of `Member` and of `DialConference`.
FIELDS = {"Muted": "is_muted", "EndConferenceOnExit": "ends", "BeepOnExit": "tone_on_exit"}


def list_participants(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Participants: in the order they came, those being dialed last; all on one page.

    Assumed: the order, and that there is one page.
    """
    conference = exchange.conference(names)
    found = [resource(exchange, conference, *one) for one in participants(exchange, conference)]
    path = f"{conference_path(exchange.words, names['conference'])}/Participants"
    return answered(
        200,
        {
            "end": max(0, len(found) - 1),
            "first_page_uri": path,
            "page": 0,
            "page_size": max(1, len(found)),
            "participants": found,
            "start": 0,
            "uri": path,
        },
    )


def participants(
    exchange: Exchange, conference: Conference
) -> Iterator[tuple[CallLeg, Member | None]]:
    """Who is in a conference, and who is being dialed for it; nobody, once it is over."""
    if conference.status == COMPLETED:
        return
    for member in conference.members:
        yield exchange.platform.legs[member.leg], member
    for key in conference.dialed:
        yield exchange.platform.legs[key], None


def resource(
    exchange: Exchange, conference: Conference, leg: CallLeg, member: Member | None
) -> dict[str, Any]:
    """A participant as it is now."""
    return participant_resource(exchange.words, exchange.platform, conference, leg, member)


def one(exchange: Exchange, names: Mapping[str, str]) -> tuple[Conference, CallLeg, Member | None]:
    """The participant that a path names, by its call or its label."""
    conference, name = exchange.conference(names), names["participant"]
    for leg, member in participants(exchange, conference):
        if name in (exchange.call_sid(leg), label(leg, member) or None):
            return conference, leg, member
    raise texml_not_found()


def label(leg: CallLeg, member: Member | None) -> str:
    """What programs may call a participant; empty: nothing."""
    if member is not None:
        return member.label
    assert isinstance(leg.setup.joins, DialConference)
    return leg.setup.joins.label


def fetch_participant(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Participants/{call_sid or label}."""
    return answered(200, resource(exchange, *one(exchange, names)))


def coached(
    exchange: Exchange, conference: Conference, leg: CallLeg | None, asked: Mapping[str, Any]
) -> int:
    """Whom a participant is to coach: somebody else in the conference (assumed: the errors)."""
    if not asked["CallSidToCoach"]:
        raise refused(MISSING, pointer("CallSidToCoach"))
    other = exchange.leg_with(asked["CallSidToCoach"])
    if other is None or other is leg or hearing.member_of(conference, other) is None:
        raise refused(NO_CALL, pointer("CallSidToCoach"))
    return other.key


def update_participant(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/Participants/{call_sid or label}: mute it, hold it, announce something to it.

    Assumed: one that is still dialed comes in as it was changed, and can't be held or hear anything
    before it is answered.
    """
    conference, leg, member = one(exchange, names)
    asked = read(exchange.body(), UPDATE, pointer)
    fields = {field: asked[name] for name, field in FIELDS.items() if asked[name] is not None}
    if asked["Coaching"] is not None:
        coaches = asked["Coaching"] and coached(exchange, conference, leg, asked)
        fields["coaches"] = int(coaches)
    if not (fields or asked["Hold"] is not None or asked["AnnounceUrl"] or asked["WaitUrl"]):
        raise refused(MISSING)
    if member is None:
        change_dialed(exchange, leg, fields, asked)
    else:
        change(exchange, conference, leg, member._replace(**fields), asked)
    return answered(200, resource(exchange, conference, leg, hearing.member_of(conference, leg)))


def change(
    exchange: Exchange,
    conference: Conference,
    leg: CallLeg,
    member: Member,
    asked: Mapping[str, Any],
) -> None:
    """Let a participant be otherwise, and hear what it is to hear."""
    platform = exchange.platform
    conferences.change(platform, conference, member)
    if asked["Hold"] is not None:
        music, method = asked["HoldUrl"], asked["HoldMethod"]
        verb.hold(platform, leg, on=asked["Hold"], music=music, method=method)
    if asked["WaitUrl"]:
        verb.wait(platform, leg, asked["WaitUrl"])
    if asked["AnnounceUrl"]:
        verb.announce(platform, leg, asked["AnnounceUrl"], asked["AnnounceMethod"])


def change_dialed(
    exchange: Exchange, leg: CallLeg, fields: Mapping[str, Any], asked: Mapping[str, Any]
) -> None:
    """Let somebody who is being dialed come in otherwise."""
    if asked["Hold"] or asked["AnnounceUrl"]:
        exchange.answered(leg)
    row = leg.setup.joins
    assert isinstance(row, DialConference)
    row = row._replace(wait_url=asked["WaitUrl"] or row.wait_url, **fields)
    leg.setup = leg.setup._replace(joins=row)


def remove_participant(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """DELETE …/Participants/{call_sid or label}: out of the conference, with no body.

    Assumed: whoever is in it stays on the line, and who is still being dialed is let go.
    """
    _, leg, member = one(exchange, names)
    if member is None:
        exchange.platform.fire(leg, "part")
    else:
        verb.remove(exchange.platform, leg)
    return Answer(204)
