"""An account in a scenario file: who may ask for it, and which calls it records by itself.

Settings have the vendor's own names. Source: PhoneNumber, CallRecording; OutboundVoiceProfile,
OutboundCallRecording.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, ValidationInfo, field_validator

from recsim.scenario.parts import AccountSid, ApiKey, ConnectionId, Section
from recsim.scenario.units import Flag, PhoneNumber
from recsim.vendors.telnyx.account import ALL, BY_CALLER, NONE

Channels: TypeAlias = Literal["single", "dual"]
Format: TypeAlias = Literal["wav", "mp3"]


class Account(Section):
    """Whose account it is; by default drawn from the seed."""

    sid: AccountSid = ""
    """What REST paths and callbacks call the account."""
    connection_id: ConnectionId = ""
    """What callbacks call the application."""
    region: Literal["Australia", "Europe", "Middle East", "US"] = "US"
    """Where its conferences are."""
    keys: Annotated[list[ApiKey], Field(max_length=100)] = []
    """Its Bearer keys, all others are refused; requests that name none have the first. Without any,
    every key is one."""
    restricted_keys: Annotated[list[ApiKey], Field(max_length=100)] = []
    """Keys that are good, but not for /v2/recordings."""

    @field_validator("restricted_keys")
    @classmethod
    def _are_others(cls, restricted: list[str], info: ValidationInfo) -> list[str]:
        for key in restricted:
            if key in info.data.get("keys", ()):
                raise ValueError(f"expected a key that isn't among keys, got {key!r}")
        return restricted


class Number(Section):
    """How one of the account's numbers is set."""

    EXAMPLE: ClassVar[str] = "{inbound_call_recording_enabled: true}"

    inbound_call_recording_enabled: Flag = False
    """Whether calls to it are recorded, from their answer to their end."""
    inbound_call_recording_channels: Channels | None = None
    """Default: single."""
    inbound_call_recording_format: Format | None = None
    """Default: wav."""


class Profile(Section):
    """The outbound voice profile: which of the calls that the vendor makes are recorded."""

    call_recording_type: Literal["all", "none", "by_caller_phone_number"] = "none"
    """All, none, or those from certain numbers; from their answer to their end."""
    call_recording_caller_phone_numbers: Annotated[
        list[PhoneNumber], Field(max_length=1_000, validate_default=True)
    ] = []
    """The numbers that `by_caller_phone_number` means."""
    call_recording_channels: Channels | None = None
    """Default: single."""
    call_recording_format: Format | None = None
    """Default: wav."""

    @field_validator("call_recording_caller_phone_numbers")
    @classmethod
    def _go_with_the_type(cls, numbers: list[str], info: ValidationInfo) -> list[str]:
        kind = info.data.get("call_recording_type")
        if kind == BY_CALLER and not numbers:
            raise ValueError(f"expected one or more numbers: call_recording_type is {BY_CALLER}")
        if kind in (ALL, NONE) and numbers:
            raise ValueError(f"expected call_recording_type: {BY_CALLER} beside numbers")
        return numbers
