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
