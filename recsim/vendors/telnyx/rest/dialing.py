"""A participant is dialed by REST: called, and let into the conference once it answers.

Source: ParticipantParticipantsParams. Its two switches don't know of each other: Record is about
its own leg, ConferenceRecord about the conference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recsim.core import conferences, legs
from recsim.core.commands import Answer
from recsim.core.entities import COMPLETED, Conference, Setup, Subscription
from recsim.core.units import SECOND_US
from recsim.core.verbs.conference import DialConference
from recsim.vendors.telnyx.conference_projection import NEW
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
from recsim.vendors.telnyx.rest.errors import (
    FULL,
    JOINED,
    answered,
    pointer,
    refused,
    texml_not_found,
)
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
from recsim.vendors.telnyx.rest.participants import coached, label, participants, resource
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
    "ConferenceRecordingTimeout":              Parameter(SILENCE_S, None,   "ParticipantParticipantsParams; assumed: the bound"),
    "ConferenceTrim":                          Parameter(TRIM,     None,    "ParticipantParticipantsParams; Q 2"),
    "ConferenceRecordingStatusCallback":       Parameter(url,      "",      "ParticipantParticipantsParams"),
    "ConferenceRecordingStatusCallbackEvent":  Parameter(EVENTS,   None,    "ParticipantParticipantsParams; failed is absent there"),
    "ConferenceRecordingStatusCallbackMethod": Parameter(METHOD,   "POST",  "ParticipantParticipantsParams"),
    "ConferenceStatusCallback":                Parameter(url,      "",      "ParticipantParticipantsParams"),
    "ConferenceStatusCallbackEvent":           Parameter(TOLD,     (),      "ParticipantParticipantsParams: none"),
    "ConferenceStatusCallbackMethod":          Parameter(METHOD,   "POST",  "ParticipantParticipantsParams"),
}
# fmt: on


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
        raise refused(FULL)
    if asked["Label"] and asked["Label"] in [label(*other) for other in others]:
        raise refused(JOINED, pointer("Label"))
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
    conferences.expect(conference, leg)
    told = resource(exchange, conference, leg, None)
    return answered(200, {name: told[name] for name in NEW})


def joining(exchange: Exchange, conference: Conference, asked: Mapping[str, Any]) -> DialConference:
    """The verb that a participant follows once it has answered."""
    default = exchange.rest.defaults[BY_PARTICIPANT_CONFERENCE]
    prefix = "ConferenceRecording"
    wanted = {
        name.removeprefix("Conference"): asked[name]
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
        coaches=coached(exchange, conference, None, asked) if asked["Coaching"] else 0,
    )
