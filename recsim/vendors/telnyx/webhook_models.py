"""What Telnyx sends to an application as JSON: webhooks, and the log of their deliveries.

The models read what a receiver gets; what the platform itself writes comes from the plain rows of
`callbacks.webhooks`. Names on the wire are as they are here. Source: docs voice-api-webhooks; the
types in the SDK that bear the names of the events.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from recsim.vendors.telnyx.wire import CLOCK, ISO_DAY, Digits, Name, Uuid, Wire

Micros = Annotated[str, Field(pattern=rf"^{ISO_DAY}T{CLOCK}\.[0-9]{{6}}Z$")]
"""ISO 8601 with microseconds."""
Status = Literal["delivered", "failed"]


class OfCall(Wire):
    """Whose call a payload is about."""

    call_control_id: Name
    call_session_id: Uuid
    client_state: str | None
    """What a command left; null: none did."""
    connection_id: Digits


class OfLeg(OfCall):
    """The same, with the leg."""

    call_leg_id: Uuid


class CallPayload(OfLeg):
    """What every webhook about a call says."""

    from_: Annotated[str, Field(alias="from")]
    to: str
    start_time: Micros


class CallInitiatedPayload(CallPayload):
    """A call comes in, or is being made."""

    direction: Literal["incoming", "outgoing"]
    state: Literal["parked", "bridging"]


class CallAnsweredPayload(CallPayload):
    """A call is answered."""

    state: Literal["answered"]


class CallHangupPayload(CallPayload):
    """A call is over."""

    state: Literal["hangup"]
    hangup_cause: Literal[
        "call_rejected",
        "normal_clearing",
        "originator_cancel",
        "timeout",
        "time_limit",
        "user_busy",
        "not_found",
        "no_answer",
        "unspecified",
    ]
    hangup_source: Literal["caller", "callee", "unknown"]


class Urls(Wire):
    """Links to a recording, by format."""

    mp3: Name | None = None
    wav: Name | None = None


class SavedPayload(OfCall):
    """A recording is stored."""

    channels: Literal["single", "dual"]
    format: Literal["mp3", "wav"]
    recording_id: Uuid
    recording_started_at: Micros
    recording_ended_at: Micros
    recording_urls: Urls
    """Good for ten minutes."""
    public_recording_urls: Urls


class CallRecordingSavedPayload(SavedPayload):
    """A recording of a call is stored."""

    call_leg_id: Uuid


class ConferenceRecordingSavedPayload(SavedPayload):
    """A recording of a conference is stored."""

    conference_id: Uuid


class CallRecordingErrorPayload(OfLeg):
    """A recording of a call could not be stored (Q 24a)."""

    reason: Literal[
        "Failed to authorize with storage using custom credentials",
        "Invalid credentials json",
        "Unsupported backend",
        "Internal server error",
    ]


class ParticipantPayload(OfLeg):
    """Somebody came into a conference, or left it."""

    conference_id: Uuid


class ConferenceCreatedPayload(ParticipantPayload):
    """A conference was made."""

    occurred_at: Micros


class ConferenceEndedPayload(ConferenceCreatedPayload):
    """A conference is over (Q 20)."""

    reason: Literal["all_left", "host_left", "time_exceeded"]


class Event(Wire):
    """What happened: the `data` of a body."""

    record_type: Literal["event"]
    id: Uuid
    """The same at each attempt: what has been seen already can be told by it."""


class Dated(Event):
    """What happened, and when."""

    occurred_at: Micros


class CallInitiated(Dated):
    """Source: api-reference/callbacks/call-initiated."""

    event_type: Literal["call.initiated"]
    payload: CallInitiatedPayload


class CallAnswered(Dated):
    """Source: api-reference/callbacks/call-answered."""

    event_type: Literal["call.answered"]
    payload: CallAnsweredPayload


class CallHangup(Dated):
    """Source: api-reference/callbacks/call-hangup."""

    event_type: Literal["call.hangup"]
    payload: CallHangupPayload


class CallRecordingSaved(Dated):
    """Source: api-reference/callbacks/call-recording-saved; docs storing-call-recordings."""

    event_type: Literal["call.recording.saved"]
    payload: CallRecordingSavedPayload


class CallRecordingError(Dated):
    """Source: api-reference/callbacks/call-recording-error."""

    event_type: Literal["call.recording.error"]
    payload: CallRecordingErrorPayload


class ConferenceCreated(Event):
    """Source: api-reference/callbacks/conference-created; when, says the payload."""

    event_type: Literal["conference.created"]
    payload: ConferenceCreatedPayload


class ConferenceEnded(Event):
    """Source: api-reference/callbacks/conference-ended; when, says the payload."""

    event_type: Literal["conference.ended"]
    payload: ConferenceEndedPayload


class ParticipantJoined(Dated):
    """Source: api-reference/callbacks/conference-participant-joined."""

    event_type: Literal["conference.participant.joined"]
    payload: ParticipantPayload


class ParticipantLeft(Dated):
    """Source: api-reference/callbacks/conference-participant-left."""

    event_type: Literal["conference.participant.left"]
    payload: ParticipantPayload


class ConferenceRecordingSaved(Event):
    """Source: api-reference/callbacks/conference-recording-saved; no moment is told."""

    event_type: Literal["conference.recording.saved"]
    payload: ConferenceRecordingSavedPayload


AnyEvent = Annotated[
    CallInitiated
    | CallAnswered
    | CallHangup
    | CallRecordingSaved
    | CallRecordingError
    | ConferenceCreated
    | ConferenceEnded
    | ParticipantJoined
    | ParticipantLeft
    | ConferenceRecordingSaved,
    Field(discriminator="event_type"),
]
"""Any of them; `event_type` says which."""


class Meta(Wire):
    """How a webhook was sent."""

    attempt: Annotated[int, Field(ge=1)]
    delivered_to: Name


class Webhook(Wire):
    """The body of a webhook. Source: docs voice-api-webhooks."""

    data: AnyEvent
    meta: Meta


# The log of deliveries.


class HttpRequest(Wire):
    """What was sent."""

    url: Name
    headers: list[list[str]]
    """Each a name and a text."""


class HttpResponse(Wire):
    """What was answered."""

    status: Annotated[int, Field(ge=100, le=599)]
    headers: list[list[str]]
    body: str


class Http(Wire):
    """An attempt on the wire."""

    request: HttpRequest
    response: HttpResponse | None = None
    """Left out where there was no answer."""


class Attempt(Wire):
    """One attempt. Source: SDK Attempt."""

    status: Status
    started_at: Micros
    finished_at: Micros
    errors: list[int]
    """Empty: no codes are published."""
    http: Http


class WebhookDelivery(Wire):
    """A webhook that was delivered or given up. Source: SDK WebhookDelivery."""

    id: Uuid
    record_type: Literal["webhook_delivery"]
    user_id: Uuid
    status: Status
    started_at: Micros
    finished_at: Micros
    webhook: AnyEvent
    attempts: Annotated[list[Attempt], Field(min_length=1)]
    """From last to first."""
