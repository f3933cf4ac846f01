"""JSON webhooks: the facts of each, frozen when it is caused, and its body.

Source: docs voice-api-webhooks (the envelope); api-reference/callbacks/{call,conference}-*, and the
types of those names in the SDK, which have no `occurred_at` beside some of the payloads. What is
not known here is left out: tags, headers, codecs, attestation, call quality and SIP causes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

import orjson

from recsim.core.conferences import JOIN, LEAVE
from recsim.core.entities import INBOUND, CallLeg, Conference, Recording
from recsim.core.moments import iso_micros
from recsim.core.vendor import Encoded
from recsim.vendors.telnyx import hangups
from recsim.vendors.telnyx.callbacks.base import Recorded, link, recorded
from recsim.vendors.telnyx.conference_ends import BY_TRIGGER
from recsim.vendors.telnyx.words import Words

if TYPE_CHECKING:
    from recsim.core.platform import Platform

Body = dict[str, Any]

SAVED = "saved"
ERROR = "error"
HANGUP = "hangup"

#: event_type of what becomes of a recording, by what it is and whether it is of a conference. Of a
#: conference's that could not be stored no event is published: nothing is told.
RECORDING_EVENTS = {
    (SAVED, False): "call.recording.saved",
    (SAVED, True): "conference.recording.saved",
    (ERROR, False): "call.recording.error",
}

CONFERENCE_EVENTS = {
    "created": "conference.created",
    "ended": "conference.ended",
    JOIN: "conference.participant.joined",
    LEAVE: "conference.participant.left",
}

#: Why a recording could not be stored. Source: SDK CallRecordingError, `reason` (Q 24a).
FAILURES = (
    "Failed to authorize with storage using custom credentials",
    "Invalid credentials json",
    "Unsupported backend",
    "Internal server error",
)
OTHERWISE = FAILURES[-1]

CHANNELS = {1: "single", 2: "dual"}

#: What a payload says of the call's state, by event and direction. Source: SDK CallInitiated,
#: CallAnswered, CallHangup; assumed: which state is whose.
STATES = {
    ("initiated", True): "parked",
    ("initiated", False): "bridging",
    ("answered", True): "answered",
    ("answered", False): "answered",
    (HANGUP, True): HANGUP,
    (HANGUP, False): HANGUP,
}


class CallWebhook(NamedTuple):
    """The facts of a webhook about a call."""

    event: str
    """initiated, answered or hangup."""
    hook: int
    """How many webhooks its session has sent, this one included."""
    session: str
    connection_id: str
    leg: int
    """Its number in the session."""
    from_: str
    to: str
    is_incoming: bool
    initiated_at_us: int
    at_us: int
    hangup_cause: str
    """Empty: it isn't over."""
    hangup_source: str

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "webhook"


class RecordingWebhook(NamedTuple):
    """The facts of a webhook about a recording."""

    event: str
    """saved or error."""
    hook: int
    session: str
    connection_id: str
    leg: int
    conference: int
    """Its number in the session; 0: the recording is of a call."""
    recording: Recorded
    channels: int
    client_state: str
    ended_at_us: int
    at_us: int
    reason: str
    """Why it could not be stored; empty: it was."""

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "webhook"


class ConferenceWebhook(NamedTuple):
    """The facts of a webhook about a conference, or about somebody in it."""

    event: str
    """created, ended, join or leave."""
    hook: int
    session: str
    """Of the conference."""
    connection_id: str
    n: int
    """Its number in the session."""
    leg_session: str
    """Of the call that it is about, and the number of that there."""
    leg: int
    reason: str
    """Why it ended; empty: it goes on."""
    at_us: int

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "webhook"


Webhook = CallWebhook | RecordingWebhook | ConferenceWebhook


def call_webhook(platform: Platform, leg: CallLeg, event: str) -> CallWebhook:
    """The webhook of how far a call has come."""
    session, is_over = platform.sessions[leg.session], event == HANGUP
    return CallWebhook(
        event,
        session.hooks + 1,
        session.title,
        session.application.connection_id,
        leg.n,
        leg.from_,
        leg.to,
        leg.direction == INBOUND,
        leg.initiated_at_us,
        platform.now_us,
        hangups.cause_of(leg) if is_over else "",
        hangups.source_of(leg) if is_over else "",
    )


def recording_webhook(
    platform: Platform, recording: Recording, event: str
) -> RecordingWebhook | None:
    """The webhook of what became of a recording; None: none is published.

    Assumed: its links are told whatever TeXML callbacks were to be told.
    """
    if (event, bool(recording.conference)) not in RECORDING_EVENTS:
        return None
    session = platform.sessions[recording.session]
    settings = recording.settings
    conference = platform.conferences[recording.conference].n if recording.conference else 0
    return RecordingWebhook(
        event,
        session.hooks + 1,
        session.title,
        session.application.connection_id,
        platform.legs[recording.leg].n,
        conference,
        recorded(recording, platform.now_us, has_link=event == SAVED),
        settings.channels,
        settings.client_state,
        recording.ended_at_us,
        platform.now_us,
        reason(recording.failure) if event == ERROR else "",
    )


def reason(failure: str) -> str:
    """What is told of a failure of the storage: one of the published texts, whatever the case."""
    told = {text.lower(): text for text in FAILURES}
    return told.get(failure.lower(), OTHERWISE)


def conference_webhook(
    platform: Platform, conference: Conference, leg: CallLeg, event: str
) -> ConferenceWebhook:
    """The webhook of how a conference goes, or of who comes and leaves."""
    session = platform.sessions[conference.session]
    return ConferenceWebhook(
        event,
        session.hooks + 1,
        session.title,
        session.application.connection_id,
        conference.n,
        platform.sessions[leg.session].title,
        leg.n,
        BY_TRIGGER[conference.ended_by].v2_reason if event == "ended" else "",
        platform.now_us,
    )


# The body.


def data(words: Words, facts: Webhook) -> Body:
    """What a webhook says, whoever it is sent to: the `data` of its body."""
    event_type, is_dated, payload = WRITE[type(facts)](words, facts)
    said: Body = {
        "record_type": "event",
        "event_type": event_type,
        "id": words.wire_id("event", facts.session, facts.hook),
    }
    if is_dated:
        said["occurred_at"] = moment(words, facts.at_us)
    said["payload"] = payload
    return said


def moment(words: Words, at_us: int) -> str:
    """A date of a webhook. Source: docs voice-api-webhooks, with microseconds."""
    return iso_micros(words.starts_at_us + at_us)


def call_ids(words: Words, connection_id: str, session: str, leg: int) -> Body:
    """Whose call it is; no command has left a state with it."""
    return {
        "call_control_id": words.wire_id("call", session, leg),
        "call_leg_id": words.wire_id("leg", session, leg),
        "call_session_id": words.wire_id("session", session),
        "client_state": None,
        "connection_id": connection_id or words.connection_id,
    }


Written = tuple[str, bool, Body]
"""event_type, whether `data` has an `occurred_at`, and the payload."""


def call_payload(words: Words, facts: CallWebhook) -> Written:
    """Source: SDK CallInitiated, CallAnswered, CallHangup."""
    payload = call_ids(words, facts.connection_id, facts.session, facts.leg)
    payload["from"], payload["to"] = facts.from_, facts.to
    if facts.event == "initiated":
        payload["direction"] = "incoming" if facts.is_incoming else "outgoing"
    if facts.event == HANGUP:
        payload["hangup_cause"] = facts.hangup_cause
        payload["hangup_source"] = facts.hangup_source
    payload["start_time"] = moment(words, facts.initiated_at_us)
    payload["state"] = STATES[facts.event, facts.is_incoming]
    return f"call.{facts.event}", True, payload


def recording_payload(words: Words, facts: RecordingWebhook) -> Written:
    """Source: SDK CallRecordingSaved, CallRecordingError, ConferenceRecordingSaved.

    The samples of docs storing-call-recordings also have call_control_id, recording_id and format
    of a call's, and only the format that was asked for. Assumed: no link is public.
    """
    told, is_of_room = facts.recording, facts.conference > 0
    event_type = RECORDING_EVENTS[facts.event, is_of_room]
    payload = call_ids(words, facts.connection_id, facts.session, facts.leg)
    payload["client_state"] = facts.client_state or None
    if facts.event == ERROR:
        return event_type, True, {**payload, "reason": facts.reason}
    if is_of_room:
        del payload["call_leg_id"]
        payload["conference_id"] = words.wire_id("conference", facts.session, facts.conference)
    payload |= {
        "channels": CHANNELS[facts.channels],
        "format": told.format,
        "recording_id": words.wire_id("recording", facts.session, told.n),
        "recording_started_at": moment(words, told.started_at_us),
        "recording_ended_at": moment(words, facts.ended_at_us),
        "recording_urls": {told.format: link(words, facts.session, facts.leg, told)},
        "public_recording_urls": {},
    }
    return event_type, not is_of_room, payload


def conference_payload(words: Words, facts: ConferenceWebhook) -> Written:
    """Source: SDK ConferenceCreated, ConferenceEnded, ConferenceParticipant{Joined,Left}.

    The first two have their moment in the payload.
    """
    is_participant = facts.event in (JOIN, LEAVE)
    payload = call_ids(words, facts.connection_id, facts.leg_session, facts.leg)
    payload["conference_id"] = words.wire_id("conference", facts.session, facts.n)
    if not is_participant:
        payload["occurred_at"] = moment(words, facts.at_us)
    if facts.reason:
        payload["reason"] = facts.reason
    return CONFERENCE_EVENTS[facts.event], is_participant, payload


#: What makes the payload of a webhook, by the type of its row.
WRITE: dict[type[Any], Callable[[Words, Any], Written]] = {
    CallWebhook: call_payload,
    RecordingWebhook: recording_payload,
    ConferenceWebhook: conference_payload,
}


# On the wire.

HEADERS = (("content-type", "application/json"), ("user-agent", "telnyx-webhooks"))
GET_HEADERS = HEADERS[1:]

DATA, META = "data", "meta"


def encode_webhook(words: Words, facts: Webhook, method: str, url: str, n: int) -> Encoded:
    """A webhook as sent: a JSON body for POST, the query for GET.

    Source: docs voice-api-webhooks (GET: the payload as query parameters); assumed: all of the
    body, in dotted names, without what is null.
    """
    body = {DATA: data(words, facts), META: {"attempt": n, "delivered_to": url}}
    params = tuple(flat(body))
    if method != "GET":
        return Encoded(url, HEADERS, orjson.dumps(body).decode(), params)
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode(params)]))
    return Encoded(urlunsplit(parts._replace(query=query)), GET_HEADERS, "", params)


def flat(body: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """What a body says, as text by dotted names: `data.payload.recording_id`; null is left out."""
    for name, value in body.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")
        elif value is not None:
            yield prefix + name, str(value)


def nested(params: Mapping[str, str]) -> Body:
    """Parameters with those of dotted names as mappings: what `flat` was given, but all text."""
    whole: Body = {}
    for name, value in params.items():
        *outer, last = name.split(".")
        inner = whole
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return whole


IDS = ("call_control_id", "call_leg_id", "call_session_id", "client_state", "connection_id")
PAYLOADS = (
    *(*IDS, "conference_id", "from", "to", "direction", "state", "start_time", "occurred_at"),
    *("hangup_cause", "hangup_source", "reason", "channels", "format", "recording_id"),
    *("recording_started_at", "recording_ended_at", "recording_urls.mp3", "recording_urls.wav"),
    *("public_recording_urls.mp3", "public_recording_urls.wav"),
)

#: Every parameter that a webhook can have, by its dotted name.
WEBHOOK_PARAMETERS = (
    *(f"data.{name}" for name in ("record_type", "event_type", "id", "occurred_at")),
    *(f"data.payload.{name}" for name in PAYLOADS),
    *("meta.attempt", "meta.delivered_to"),
)
