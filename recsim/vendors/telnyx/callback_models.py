"""What Telnyx sends to an application: parameters of callbacks and of instruction fetches.

The models read what a receiver gets, once a form body or a query is decoded into names and texts.
Every value is text. What the platform itself writes comes from the plain rows of `callbacks`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.alias_generators import to_pascal

from recsim.vendors.telnyx.wire import Digits, Name, RecordingSource, Wire


class Parameters(Wire):
    """What every request to the application carries. Names are CamelCase on the wire.

    Source: docs texml-instruction-fetching, standard parameters.
    """

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    account_sid: Name
    call_sid: Name
    """The call_control_id of the leg."""
    call_sid_legacy: Name
    """The same as `call_sid`."""
    connection_id: Digits

    @model_validator(mode="after")
    def _legacy_is_the_same(self) -> Self:
        if self.call_sid_legacy != self.call_sid:
            raise ValueError(
                f"CallSidLegacy: expected {self.call_sid!r}, got {self.call_sid_legacy!r}"
            )
        return self


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
