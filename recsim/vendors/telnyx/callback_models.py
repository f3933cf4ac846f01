"""What Telnyx sends to an application: parameters of callbacks and of instruction fetches.

The models read what a receiver gets, once a form body or a query is decoded into names and texts.
Every value is text. What the platform itself writes comes from the plain rows of `callbacks`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.alias_generators import to_pascal

from recsim.vendors.telnyx.wire import Digits, Name, RecordingSource, Second, V2Date, Wire

Ended = Literal["completed", "busy", "no-answer", "canceled", "failed"]
"""How a call can end."""


class CallParameters(Wire):
    """What every request to the application carries. Names are CamelCase on the wire.

    Source: docs texml-instruction-fetching, standard parameters.
    """

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    account_sid: Name
    call_sid: Name
    """The call_control_id of the leg."""
    call_sid_legacy: Name
    """The same as `call_sid`."""

    @model_validator(mode="after")
    def _legacy_is_the_same(self) -> Self:
        if self.call_sid_legacy != self.call_sid:
            raise ValueError(
                f"CallSidLegacy: expected {self.call_sid!r}, got {self.call_sid_legacy!r}"
            )
        return self


class Parameters(CallParameters):
    """What most of them carry besides.

    Source: docs texml-instruction-fetching, standard parameters.
    """

    connection_id: Digits


class RecordingParameters(Parameters):
    """What every recording status callback carries.

    Source: api-reference/callbacks/texml-recording-{in-progress,completed}.
    """

    recording_source: RecordingSource
    recording_channels: Literal["1", "2"]
    """1 mono, 2 dual."""


class RecordingInProgress(RecordingParameters):
    """A recording began.

    Source: api-reference/callbacks/texml-recording-in-progress.
    """

    recording_sid: Name | None = None
    """Left out when it isn't known."""
    recording_status: Literal["in-progress"]


class RecordingCompleted(RecordingParameters):
    """A recording is stored.

    Source: api-reference/callbacks/texml-recording-completed.
    """

    recording_sid: Name
    recording_status: Literal["completed"]
    recording_duration: Digits
    """Whole seconds."""
    recording_url: Name | None = None
    """Good for ten minutes; left out when it is not available or not wanted."""


class RecordingAbsent(RecordingParameters):
    """A recording failed, or was never created.

    Source: none published; assumed: as in progress, with Twilio's ErrorCode (Q 27).
    """

    recording_sid: Name | None = None
    """Left out where there is no recording object."""
    recording_status: Literal["absent"]
    error_code: Name | None = None


RecordingStatusCallback = Annotated[
    RecordingInProgress | RecordingCompleted | RecordingAbsent,
    Field(discriminator="recording_status"),
]
"""Any recording status callback; `RecordingStatus` says which."""


class InstructionFetch(Parameters):
    """A request for a document.

    Source: docs texml-instruction-fetching.
    """

    caller_id: str | None = None
    calling_party_type: Literal["sip", "pstn"] | None = None
    from_: Annotated[str, Field(alias="From")]
    from_sip_uri: str | None = None
    to: str
    to_sip_uri: str | None = None
    call_status: Name | None = None
    """`in-progress` in the only example."""


class RecordAction(InstructionFetch):
    """The `action` request after a `<Record>`.

    Source: none published; assumed: Twilio's parameters on the standard ones (Q 42).
    """

    recording_url: Name | None = None
    """Left out when nothing usable was captured."""
    recording_duration: Digits
    """Whole seconds."""
    recording_sid: Name
    digits: Annotated[str, Field(pattern=r"^([0-9#*]|hangup)?$")] | None = None
    """The key that ended it; `hangup` when the caller did; empty otherwise."""


class DialAction(InstructionFetch):
    """The `action` request after a `<Dial>`.

    Source: docs dial; api-reference/callbacks/texml-call-completed, DialCall* and Recording*.
    """

    dial_call_sid: Name | None = None
    """Left out where nobody was called or taken."""
    dial_call_sid_legacy: Name | None = None
    """The same as `dial_call_sid`."""
    dial_call_status: Ended
    dial_call_duration: Digits
    """Whole seconds after the answer."""
    recording_url: Name | None = None
    """Left out without usable audio, or when it is not wanted."""
    recording_duration: Digits | None = None
    """Whole seconds; left out without usable audio."""


class GatherAction(CallParameters):
    """The `action` request after a `<Gather>`.

    Source: api-reference/callbacks/texml-gather.
    """

    from_: Annotated[str, Field(alias="From")]
    to: str
    digits: Annotated[str, Field(pattern=r"^[0-9#*]*$")] | None = None
    """Keys, for `dtmf`."""
    speech_result: Name | None = None
    """What was said, for `speech`."""
    confidence: Annotated[str, Field(pattern=r"^[01](\.[0-9]+)?$")] | None = None
    """From 0 to 1, with `speech_result`."""


class QueueWait(Parameters):
    """The request for what is heard in a queue.

    Source: api-reference/callbacks/texml-queue.
    """

    from_: Annotated[str, Field(alias="From")]
    to: str
    queue_sid: Name
    queue_position: Digits
    """Counted from 1."""
    current_queue_size: Digits
    queue_time: Digits
    """Whole seconds, of this call."""
    avg_queue_time: Digits
    """Whole seconds."""


class QueueAction(InstructionFetch):
    """The `action` request after an `<Enqueue>`.

    Source: none published; assumed: Twilio's parameters on the standard ones.
    """

    queue_sid: Name
    queue_result: Literal["bridged", "leave", "timeout"]
    queue_time: Digits
    """Whole seconds."""


class ReferAction(CallParameters):
    """The `action` request after a `<Refer>`.

    Source: api-reference/callbacks/texml-refer-status.
    """

    refer_call_status: Literal["in-progress", "busy", "no-answer", "failed"]
    """Of the new call; assumed: which words there are, besides the sample's."""
    timestamp: Second
    notify_sip_response_code: Digits | None = None
    refer_sip_response_code: Digits | None = None


class CallProgress(Parameters):
    """What every call status callback carries.

    Source: api-reference/callbacks/texml-call-{initiated,ringing,answered,completed}.
    """

    call_initiated_at: V2Date
    callback_source: Literal["call-progress-events"]
    caller_id: str | None = None
    error_code: Name | None = None
    error_message: Name | None = None
    from_: Annotated[str, Field(alias="From")]
    parent_call_sid: Name | None = None
    """Of the leg whose `<Dial>` made it."""
    parent_call_sid_legacy: Name | None = None
    """The same as `parent_call_sid`."""
    sequence_number: Digits
    """How many the leg has sent before."""
    shaken_stir_attestation: Name | None = None
    shaken_stir_validated: Literal["true", "false"] | None = None
    timestamp: Second
    to: str


class CallInitiated(CallProgress):
    """A call is being made.

    Source: api-reference/callbacks/texml-call-initiated.
    """

    call_status: Literal["initiated"]


class CallRinging(CallProgress):
    """A call rings.

    Source: api-reference/callbacks/texml-call-ringing.
    """

    call_status: Literal["ringing"]
    call_duration: Digits | None = None
    """Whole seconds after the answer (assumed)."""


class CallAnswered(CallProgress):
    """A call is answered.

    Source: api-reference/callbacks/texml-call-answered.
    """

    call_status: Literal["in-progress"]
    call_duration: Digits | None = None
    """Whole seconds after the answer (assumed)."""
    codec: Name | None = None
    sampling_rate: Digits | None = None


class CallCompleted(CallProgress):
    """A call is over, whether or not it was answered.

    Source: api-reference/callbacks/texml-call-completed.
    """

    call_status: Ended
    answered_time: Second | None = None
    call_control_id: Name | None = None
    call_duration: Digits | None = None
    """Whole seconds after the answer (assumed)."""
    call_leg_id: Name | None = None
    call_quality_stats: Name | None = None
    call_session_id: Name | None = None
    """Shared by related legs."""
    dial_call_duration: Digits | None = None
    dial_call_sid: Name | None = None
    dial_call_sid_legacy: Name | None = None
    dial_call_status: Ended | None = None
    end_time: Second | None = None
    hangup_cause: Name | None = None
    hangup_source: Literal["caller", "callee", "unknown"] | None = None
    occurred_at: Second | None = None
    organization_id: Name | None = None
    recording_duration: Digits | None = None
    """Whole seconds."""
    recording_url: Name | None = None
    sip_hangup_cause: Name | None = None
    start_time: Second | None = None
    user_id: Name | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        """Source: texml-call-completed, which of them are there when CallStatus is completed."""
        if self.call_status != "completed":
            for name in ONLY_COMPLETED:
                if getattr(self, name) is not None:
                    raise ValueError(f"{name}: expected none while {self.call_status}")
        if self.call_status != "failed" and (self.error_code or self.error_message):
            raise ValueError(f"error: expected none while {self.call_status}")
        return self


ONLY_COMPLETED = (
    *("answered_time", "start_time", "end_time", "occurred_at", "call_control_id", "call_leg_id"),
    *("call_session_id", "call_quality_stats", "hangup_cause", "organization_id", "user_id"),
)
"""Fields that only a call with CallStatus completed has."""

CallStatusCallback = Annotated[
    CallInitiated | CallRinging | CallAnswered | CallCompleted,
    Field(discriminator="call_status"),
]
"""Any call status callback; `CallStatus` says which."""


class ConferenceProgress(Parameters):
    """What every conference status callback carries.

    Source: api-reference/callbacks/texml-conference-{start,end,join,leave,speaker}.
    """

    calling_party_type: Literal["sip", "pstn"] | None = None
    """Of the participant that it is about, as are `From`, `To` and the ids of the call."""
    conference_sid: Name
    friendly_name: str
    """What documents call it; assumed: empty where they give it no name."""
    from_: Annotated[str | None, Field(alias="From")] = None
    from_sip_uri: str | None = None
    participant_label: Name | None = None
    sequence_number: Digits
    """How many the conference has sent before."""
    timestamp: Second
    to: str | None = None
    to_sip_uri: str | None = None


class ConferenceStart(ConferenceProgress):
    """A conference starts.

    Source: api-reference/callbacks/texml-conference-start.
    """

    status_callback_event: Literal["conference-start"]


class ConferenceEnd(ConferenceProgress):
    """A conference is over.

    Source: api-reference/callbacks/texml-conference-end.
    """

    status_callback_event: Literal["conference-end"]


class ConferenceJoin(ConferenceProgress):
    """A participant came in.

    Source: api-reference/callbacks/texml-conference-join.
    """

    status_callback_event: Literal["participant-join"]


class ConferenceLeave(ConferenceProgress):
    """A participant left.

    Source: api-reference/callbacks/texml-conference-leave.
    """

    status_callback_event: Literal["participant-leave"]


class ConferenceSpeaker(ConferenceProgress):
    """A participant began to speak, or fell silent.

    Source: api-reference/callbacks/texml-conference-speaker.
    """

    status_callback_event: Literal["participant-speech-start", "participant-speech-stop"]


ConferenceStatusCallback = Annotated[
    ConferenceStart | ConferenceEnd | ConferenceJoin | ConferenceLeave | ConferenceSpeaker,
    Field(discriminator="status_callback_event"),
]
"""Any conference status callback; `StatusCallbackEvent` says which."""
