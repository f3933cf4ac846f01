"""Participants by REST: list them, dial one, see how one is, change or remove it.

Source: api-reference of TeXML conference participants; docs conference-participants (who left, was
removed or got new instructions is no participant any more).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recsim.core import conferences, hearing, legs
from recsim.core.commands import Answer
from recsim.core.entities import COMPLETED, CallLeg, Conference, Member, Setup, Subscription
from recsim.core.units import LONGEST_US, SECOND_US
from recsim.core.verbs import conference as dialing
from recsim.core.verbs.conference import DialConference
from recsim.vendors.telnyx.conference_projection import NEW, conference_path, participant_resource
from recsim.vendors.telnyx.defaults import BY_PARTICIPANT, BY_PARTICIPANT_CONFERENCE
from recsim.vendors.telnyx.rest.calls import (
    CHANNELS,
    LAST_S,
    PROGRESS,
    RING_S,
    SILENCE_S,
    TRIM,
    subscription,
)
from recsim.vendors.telnyx.rest.errors import answered, pointer, texml_not_found, v2_error
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.parameters import (
    EVENTS,
    METHOD,
    TRACK,
    Parameter,
    choice,
    display_name,
    flag,
    party,
    read,
    some_of,
    text,
    url,
    whole,
)
from recsim.vendors.telnyx.rest.recordings import recording_settings

TOLD = some_of("start", "end", "join", "leave", "speaker")
BEEP = choice(
    {
        "true": (True, True),
        "false": (False, False),
        "onEnter": (True, False),
        "onExit": (False, True),
    }
)
RECORDED = choice(
    {
        "true": True,
        "record-from-start": True,
        "false": False,
        "do-not-record": False,
    }
)
MOST = whole(2, 800)

# fmt: off
#: What is not simulated (early media, answering machines, codecs, SIP headers) is passed over.
DIAL = {
    #                                          read          default          spec
    "To":                            Parameter(party,        None,            "ParticipantParticipantsParams", is_required=True),
    "From":                          Parameter(party,        None,            "ParticipantParticipantsParams", is_required=True),
    "CallerId":                      Parameter(display_name, "",              "ParticipantParticipantsParams"),
    "Label":                         Parameter(text,         "",              "ParticipantParticipantsParams"),
    "Muted":                         Parameter(flag,         False,           "ParticipantParticipantsParams"),
    "StartConferenceOnEnter":        Parameter(flag,         True,            "ParticipantParticipantsParams"),
    "EndConferenceOnExit":           Parameter(flag,         False,           "ParticipantParticipantsParams"),
    "MaxParticipants":               Parameter(MOST,         800,             "ParticipantParticipantsParams: 2 to 800; Q 9; assumed: of this request; without it, what the conference takes"),
    "Beep":                          Parameter(BEEP,         (True, True),    "ParticipantParticipantsParams"),
    "WaitUrl":                       Parameter(url,          "",              "ParticipantParticipantsParams"),
    "Coaching":                      Parameter(flag,         False,           "ParticipantParticipantsParams"),
    "CallSidToCoach":                Parameter(text,         "",              "ParticipantParticipantsParams"),
    "Timeout":                       Parameter(RING_S,       30 * SECOND_US,  "ParticipantParticipantsParams: 5 to 120 s"),
    "TimeLimit":                     Parameter(LAST_S,       14400 * SECOND_US, "ParticipantParticipantsParams: 30 to 14400 s"),
    "StatusCallback":                Parameter(url,          "",              "ParticipantParticipantsParams"),
    "StatusCallbackEvent":           Parameter(PROGRESS,     ("completed",),  "ParticipantParticipantsParams"),
    "StatusCallbackMethod":          Parameter(METHOD,       None,            "ParticipantParticipantsParams; assumed: POST"),
    "Record":                        Parameter(flag,         False,           "ParticipantParticipantsParams: its own leg"),
    "RecordingChannels":             Parameter(CHANNELS,     None,            "ParticipantParticipantsParams"),
    "RecordingTrack":                Parameter(TRACK,        None,            "ParticipantParticipantsParams"),
    "RecordingTimeout":              Parameter(SILENCE_S,    None,            "assumed: as of a call"),
    "Trim":                          Parameter(TRIM,         None,            "ParticipantParticipantsParams"),
    "SendRecordingUrl":              Parameter(flag,         True,            "assumed: as of a call"),
    "RecordingStatusCallback":       Parameter(url,          "",              "ParticipantParticipantsParams"),
    "RecordingStatusCallbackEvent":  Parameter(EVENTS,       None,            "ParticipantParticipantsParams"),
    "RecordingStatusCallbackMethod": Parameter(METHOD,       "POST",          "ParticipantParticipantsParams"),
}

#: Of the conference that it comes into.
CONFERENCE = {
    #                                                    read      default  spec
    "ConferenceRecord":                        Parameter(RECORDED, False,   "ParticipantParticipantsParams: do-not-record"),
    "ConferenceRecordingTimeout":              Parameter(whole(0, LONGEST_US // SECOND_US, SECOND_US), None, "ParticipantParticipantsParams; assumed: the bound"),
    "ConferenceTrim":                          Parameter(TRIM,     None,    "ParticipantParticipantsParams; Q 2"),
    "ConferenceRecordingStatusCallback":       Parameter(url,      "",      "ParticipantParticipantsParams"),
    "ConferenceRecordingStatusCallbackEvent":  Parameter(EVENTS,   None,    "ParticipantParticipantsParams; failed is absent there"),
    "ConferenceRecordingStatusCallbackMethod": Parameter(METHOD,   "POST",  "ParticipantParticipantsParams"),
    "ConferenceStatusCallback":                Parameter(url,      "",      "ParticipantParticipantsParams"),
    "ConferenceStatusCallbackEvent":           Parameter(TOLD,     (),      "ParticipantParticipantsParams: none"),
    "ConferenceStatusCallbackMethod":          Parameter(METHOD,   "POST",  "ParticipantParticipantsParams"),
}

UPDATE = {
    #                                read    default spec
    "Muted":               Parameter(flag,   None,   "ParticipantUpdateParams"),
    "Hold":                Parameter(flag,   None,   "ParticipantUpdateParams"),
    "HoldUrl":             Parameter(url,    "",     "ParticipantUpdateParams"),
    "HoldMethod":          Parameter(METHOD, "POST", "ParticipantUpdateParams"),
    "WaitUrl":             Parameter(url,    "",     "ParticipantUpdateParams; assumed: where there is no HoldUrl"),
    "AnnounceUrl":         Parameter(url,    "",     "ParticipantUpdateParams"),
    "AnnounceMethod":      Parameter(METHOD, "POST", "ParticipantUpdateParams; assumed: POST"),
    "EndConferenceOnExit": Parameter(flag,   None,   "ParticipantUpdateParams"),
    "BeepOnExit":          Parameter(flag,   None,   "ParticipantUpdateParams"),
    "Coaching":            Parameter(flag,   None,   "ParticipantUpdateParams"),
    "CallSidToCoach":      Parameter(text,   "",     "ParticipantUpdateParams"),
}
# fmt: on


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


def dial_participant(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/Participants: call somebody, who comes into the conference on answering.

    Source: the page of error codes (90032, 90044); assumed: the title of the latter, and that it is
    about a label that somebody has.
    """
    conference, platform = exchange.conference(names), exchange.platform
    asked = read(exchange.body(), DIAL | CONFERENCE, pointer)
    if conference.status == COMPLETED:
        raise texml_not_found()
    others = list(participants(exchange, conference))
    if len(others) >= min(asked["MaxParticipants"], conference.most):
        raise v2_error(422, "90032", "Maximum number of participants reached")
    if asked["Label"] and asked["Label"] in [label(*other) for other in others]:
        raise v2_error(422, "90044", "Participant already in conference", pointer("Label"))
    row = joining(exchange, conference, asked)
    default = exchange.rest.defaults[BY_PARTICIPANT]
    setup = Setup(
        joins=row,
        status=subscription(Subscription(), asked, asked["StatusCallbackEvent"]),
        ring_us=asked["Timeout"],
        limit_us=asked["TimeLimit"],
        record=recording_settings(asked, default) if asked["Record"] else None,
        source=default.source,
        caller_name=asked["CallerId"],
    )
    application = platform.sessions[conference.session].application
    leg = legs.place(platform, exchange.title(), asked["From"], asked["To"], application, setup)
    conference.dialed += (leg.key,)
    leg.conference = conference.key
    told = resource(exchange, conference, leg, None)
    return answered(200, {name: told[name] for name in NEW})


def joining(exchange: Exchange, conference: Conference, asked: Mapping[str, Any]) -> DialConference:
    """The verb that a participant follows once it has answered."""
    default = exchange.rest.defaults[BY_PARTICIPANT_CONFERENCE]
    prefix = "ConferenceRecording"
    wanted = {
        f"Recording{name.removeprefix(prefix)}": asked[name]
        for name in CONFERENCE
        if name.startswith(prefix)
    }
    wanted |= {"Trim": asked["ConferenceTrim"], "SendRecordingUrl": True}
    tone_on_enter, tone_on_exit = asked["Beep"]
    return DialConference(
        1,
        action="",
        method="POST",
        room=conference.room,
        label=asked["Label"],
        is_muted=asked["Muted"],
        starts=asked["StartConferenceOnEnter"],
        ends=asked["EndConferenceOnExit"],
        most=conference.most,
        tone_on_enter=tone_on_enter,
        tone_on_exit=tone_on_exit,
        status=Subscription(
            asked["ConferenceStatusCallback"],
            asked["ConferenceStatusCallbackMethod"],
            asked["ConferenceStatusCallbackEvent"],
        ),
        wait_url=asked["WaitUrl"],
        wait_method="POST",
        limit_us=0,
        is_recorded=asked["ConferenceRecord"],
        source=default.source,
        settings=recording_settings(wanted, default),
        coaches=coached(exchange, conference, asked) if asked["Coaching"] else 0,
    )


def coached(exchange: Exchange, conference: Conference, asked: Mapping[str, Any]) -> int:
    """Whom a participant is to coach: somebody else in the conference."""
    if not asked["CallSidToCoach"]:
        raise v2_error(422, "10004", "Missing required parameter", pointer("CallSidToCoach"))
    leg = exchange.leg_with(asked["CallSidToCoach"])
    if leg is None or hearing.member_of(conference, leg) is None:
        raise v2_error(422, "90015", "Invalid Call Control ID", pointer("CallSidToCoach"))
    return leg.key


def update_participant(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/Participants/{call_sid or label}: mute it, hold it, announce something to it.

    Assumed: who is still being dialed can't be changed, and is not found.
    """
    conference, leg, member = one(exchange, names)
    asked, platform = read(exchange.body(), UPDATE, pointer), exchange.platform
    if member is None:
        raise texml_not_found()
    fields = {
        "is_muted": asked["Muted"],
        "ends": asked["EndConferenceOnExit"],
        "tone_on_exit": asked["BeepOnExit"],
    }
    if asked["Coaching"] is not None:
        fields["coaches"] = coached(exchange, conference, asked) if asked["Coaching"] else 0
    changed = {name: value for name, value in fields.items() if value is not None}
    conferences.change(platform, conference, member._replace(**changed))
    if asked["Hold"] is not None:
        music = asked["HoldUrl"] or asked["WaitUrl"]
        dialing.hold(platform, leg, on=asked["Hold"], music=music, method=asked["HoldMethod"])
    if asked["AnnounceUrl"]:
        dialing.announce(platform, leg, asked["AnnounceUrl"], asked["AnnounceMethod"])
    return answered(200, resource(exchange, conference, leg, hearing.member_of(conference, leg)))


def remove_participant(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """DELETE …/Participants/{call_sid or label}: out of the conference, with no body.

    Assumed: whoever is in it stays on the line, and who is still being dialed is let go.
    """
    _, leg, member = one(exchange, names)
    if member is None:
        exchange.platform.fire(leg, "part")
    else:
        dialing.remove(exchange.platform, leg)
    return Answer(204)
