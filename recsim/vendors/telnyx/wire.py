"""What every object on the wire has in common, and the words that bodies and callbacks share.

A field without a default is always there, and null only where its type says so. A field with a
default may be left out, and then it is missing: never null.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

Name = Annotated[str, Field(min_length=1)]
"""Text that is never empty: an id without a published form, a link, prose."""
Uuid = Annotated[str, Field(pattern=UUID)]
Digits = Annotated[str, Field(pattern=r"^[0-9]+$")]
"""A whole number, as text."""

ISO_DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
RFC2822_DAY = (
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), (0[1-9]|[12][0-9]|3[01])"
    r" (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4}"
)

TexmlDate = Annotated[str, Field(pattern=rf"^({ISO_DAY}T{CLOCK}Z|{RFC2822_DAY} {CLOCK} \+0000)$")]
"""ISO 8601 in whole seconds; RFC 2822 under the other reading (Q 4)."""
V2Date = Annotated[str, Field(pattern=rf"^{ISO_DAY}T{CLOCK}\.[0-9]{{3}}Z$")]
"""ISO 8601 with milliseconds."""
Second = Annotated[str, Field(pattern=rf"^{ISO_DAY}T{CLOCK}Z$")]
"""ISO 8601 in whole seconds."""
Path = Annotated[str, Field(pattern=r"^/[^\s]*$")]
"""A relative URI, from the root of the server."""
Count = Annotated[int, Field(ge=0)]

RecordingSource = Literal[
    "StartCallRecordingAPI",
    "StartConferenceRecordingAPI",
    "OutboundAPI",
    "DialVerb",
    "Conference",
    "RecordVerb",
    "Trunking",
]
"""What made a recording. Source: create call recording, `source`."""


class Wire(BaseModel):
    """An object as it is sent: closed, frozen, without coercion."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @field_validator("*", mode="after")
    @classmethod
    def _missing_is_not_null(cls, value: object, info: ValidationInfo) -> object:
        """Refuse null for a field that may be left out."""
        assert info.field_name is not None
        if value is None and not cls.model_fields[info.field_name].is_required():
            raise ValueError("may be left out, but is never null")
        return value

    def dump(self) -> dict[str, Any]:
        """The object as sent: wire names, values as JSON has them, nothing that was left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def expect(name: str, expected: object, found: object) -> None:
    """Raise ValueError, which pydantic reports, unless a field says what others imply."""
    if found != expected:
        raise ValueError(f"{name}: expected {expected!r}, got {found!r}")
