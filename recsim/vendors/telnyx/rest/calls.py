"""Calls by REST: make one, see how it is, end it, give it other instructions.

Source: api-reference of TeXML calls: InitiateTexmlCall, GetTexmlCall, UpdateTexmlCall.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recsim.core import legs
from recsim.core.commands import Answer
from recsim.core.entities import CallLeg, Setup, Subscription
from recsim.core.errors import TexmlError
from recsim.core.units import LONGEST_US, SECOND_US
from recsim.vendors.telnyx.call_projection import call_resource
from recsim.vendors.telnyx.defaults import BY_CALL
from recsim.vendors.telnyx.rest.errors import (
    INVALID,
    MISSING,
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
    one_of,
    party,
    read,
    some_of,
    text,
    url,
    whole,
)
from recsim.vendors.telnyx.rest.recordings import recording_settings

QUEUED = "queued"
"""Status of a call that was just asked for. Source: the sample of InitiateTexmlCall."""

PROGRESS = some_of("initiated", "ringing", "answered", "completed")
CHANNELS = choice({"mono": 1, "dual": 2})
TRIM = choice({"trim-silence": True, "do-not-trim": False})
RING_S = whole(5, 120, SECOND_US)
LAST_S = whole(30, 14400, SECOND_US)
SILENCE_S = whole(0, LONGEST_US // SECOND_US, SECOND_US)

# fmt: off
#: Parameters that are not simulated (answering machines, supervision, media) are passed over.
#: Defaults that are missing here are those of the application, or of the source of recordings.
INITIATE = {
    #                                          read       default             spec
    "To":                            Parameter(party,     None,               "InitiateTexmlCall", is_required=True),
    "From":                          Parameter(party,     None,               "InitiateTexmlCall", is_required=True),
    "CallerId":                      Parameter(display_name, "",              "CallCallsParams"),
    "Url":                           Parameter(url,       "",                 "CallCallsParams: else the application's"),
    "UrlMethod":                     Parameter(METHOD,    None,               "CallCallsParams: the application's"),
    "Texml":                         Parameter(text,      "",                 "CallCallsParams: in place of Url"),
    "FallbackUrl":                   Parameter(url,       "",                 "CallCallsParams"),
    "Timeout":                       Parameter(RING_S,    30 * SECOND_US,     "CallCallsParams: 5 to 120 s"),
    "TimeLimit":                     Parameter(LAST_S,    14400 * SECOND_US,  "CallCallsParams: 30 to 14400 s; Q 18"),
    "StatusCallback":                Parameter(url,       "",                 "CallCallsParams; assumed: else the application's"),
    "StatusCallbackEvent":           Parameter(PROGRESS,  None,               "CallCallsParams"),
    "StatusCallbackMethod":          Parameter(METHOD,    None,               "CallCallsParams; assumed: POST"),
    "Record":                        Parameter(flag,      False,              "CallCallsParams"),
    "RecordingChannels":             Parameter(CHANNELS,  None,               "CallCallsParams"),
    "RecordingTrack":                Parameter(TRACK,     None,               "CallCallsParams"),
    "RecordingTimeout":              Parameter(SILENCE_S, None,               "CallCallsParams: from 0; assumed: to 30 days"),
    "Trim":                          Parameter(TRIM,      None,               "CallCallsParams"),
    "SendRecordingUrl":              Parameter(flag,      True,               "CallCallsParams; assumed: the default"),
    "RecordingStatusCallback":       Parameter(url,       "",                 "CallCallsParams"),
    "RecordingStatusCallbackEvent":  Parameter(EVENTS,    None,               "CallCallsParams"),
    "RecordingStatusCallbackMethod": Parameter(METHOD,    "POST",             "CallCallsParams"),
}

UPDATE = {
    #                                 read                 default spec
    "Status":               Parameter(one_of("completed"), "",     "CallUpdateParams: completed ends the call"),
    "Url":                  Parameter(url,                 "",     "CallUpdateParams"),
    "Method":               Parameter(METHOD,              None,   "CallUpdateParams; assumed: POST"),
    "Texml":                Parameter(text,                "",     "CallUpdateParams"),
    "FallbackUrl":          Parameter(url,                 "",     "CallUpdateParams"),
    "FallbackMethod":       Parameter(METHOD,              None,   "CallUpdateParams; assumed: POST"),
    "StatusCallback":       Parameter(url,                 "",     "CallUpdateParams"),
    "StatusCallbackMethod": Parameter(METHOD,              None,   "CallUpdateParams; assumed: POST"),
}
# fmt: on

TOLD = ("completed",)
"""What call progress tells when nobody says. Source: docs dial, ParticipantParticipantsParams;
assumed for calls."""


def initiate(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/Calls: call somebody."""
    exchange.of_account(names)
    asked = read(exchange.body(), INITIATE, pointer)
    application = exchange.rest.application
    if not (asked["Url"] or asked["Texml"] or application.voice_url):
        raise refused(MISSING, pointer("Url"))
    instructed(exchange, asked)
    setup = setup_of(exchange, asked)
    title = exchange.title()
    legs.place(exchange.platform, title, asked["From"], asked["To"], application, setup)
    return answered(200, {"from": asked["From"], "to": asked["To"], "status": QUEUED})


def instructed(exchange: Exchange, asked: Mapping[str, Any]) -> None:
    """Refuse instructions that contradict each other, or that are none.

    Source: CallCallsParams, of whose bodies none has both; assumed: the error.
    """
    if asked["Url"] and asked["Texml"]:
        raise refused(INVALID, pointer("Texml"), "expected Url or Texml, got both")
    if asked["Texml"]:
        try:
            exchange.platform.parse(asked["Texml"])
        except TexmlError as error:
            raise refused(INVALID, pointer("Texml"), str(error)) from None


def setup_of(exchange: Exchange, asked: Mapping[str, Any]) -> Setup:
    """How a call is asked for.

    Assumed: FallbackUrl is asked by UrlMethod, and the application's goes with its own URL only.
    """
    application, default = exchange.rest.application, exchange.rest.defaults[BY_CALL]
    method = asked["UrlMethod"] or application.voice_method
    events = asked["StatusCallbackEvent"] or (TOLD if asked["StatusCallback"] else ())
    fallback = (asked["FallbackUrl"], method)
    if not (asked["FallbackUrl"] or asked["Url"]):
        fallback = (application.fallback_url, application.fallback_method)
    return Setup(
        asked["Url"] or application.voice_url,
        method,
        *fallback,
        texml=asked["Texml"],
        status=subscription(application.status, asked, events),
        ring_us=asked["Timeout"],
        limit_us=asked["TimeLimit"],
        record=recording_settings(asked, default) if asked["Record"] else None,
        source=default.source,
        caller_name=asked["CallerId"],
    )


def subscription(
    status: Subscription, asked: Mapping[str, Any], events: tuple[str, ...] = ()
) -> Subscription:
    """Who is told of call progress: `status`, with what a request asks to be changed of it."""
    address, method = asked["StatusCallback"], asked["StatusCallbackMethod"]
    if address:
        return Subscription(address, method or "POST", events or status.events or TOLD)
    if not status.url:
        return status
    return Subscription(status.url, method or status.method, events or status.events)


def fetch_call(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET …/Calls/{call_sid}."""
    return resource(exchange, exchange.leg(names))


def resource(exchange: Exchange, leg: CallLeg) -> Answer:
    """A call as it is now."""
    session = exchange.platform.sessions[leg.session]
    return answered(200, call_resource(exchange.words, session, leg))


def update_call(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """POST …/Calls/{call_sid}: end it, or let it follow other instructions.

    Assumed: ending goes before instructing; without other instructions, those that it follows go
    on. A call that has ended is not found (Q 71).
    """
    platform, leg = exchange.platform, exchange.leg(names)
    asked = read(exchange.body(), UPDATE, pointer)
    if not any(asked.values()):
        raise refused(MISSING)
    instructed(exchange, asked)
    if platform.is_over(leg):
        raise texml_not_found()
    if asked["Status"]:
        platform.fire(leg, "complete")
        return resource(exchange, leg)
    setup = leg.setup._replace(status=subscription(leg.setup.status, asked))
    if asked["FallbackUrl"]:
        method = asked["FallbackMethod"] or "POST"
        setup = setup._replace(fallback_url=asked["FallbackUrl"], fallback_method=method)
    if asked["Url"] or asked["Texml"]:
        base = platform.sessions[leg.session].application.voice_url
        setup = setup._replace(
            url=asked["Url"] or base,
            method=asked["Method"] or "POST",
            texml=asked["Texml"],
            fallback_url=asked["FallbackUrl"],
        )
        legs.divert(platform, leg, setup)
    else:
        leg.setup = setup
    return resource(exchange, leg)
