"""What the REST API answers: one recording in four views, and errors. Lists are elsewhere.

The models say what recsim emits; that is narrower than the published schemas, which require
nothing. The rows of `projection` are proved equal to them by tests.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from recsim.vendors.telnyx.wire import (
    Count,
    Digits,
    Name,
    Path,
    RecordingSource,
    TexmlDate,
    Uuid,
    V2Date,
    Wire,
    expect,
)


def _integer(value: object) -> object:
    """Refuse what merely equals an integer: `Literal` compares, so that true would be 1."""
    if type(value) is not int:
        raise ValueError(f"expected an integer, got {value!r}")
    return value


Channels = Annotated[Literal[1, 2], BeforeValidator(_integer)]
"""1 mono, 2 dual."""
Url = Annotated[str, Field(pattern=r"^[a-z][a-z0-9+.-]*://[^\s]+$")]
"""An absolute URL; customer storage has `s3://` and `gs://` too."""
CONFERENCE_SOURCES = ("Conference", "StartConferenceRecordingAPI")


class TexmlCommon(Wire):
    """What the TeXML views A and B both say of a recording.

    Source: TexmlCreateCallRecordingResponseBody, TexmlGetCallRecordingResponseBody.
    """

    account_sid: Uuid
    call_sid: Name
    """The call_control_id of the leg."""
    conference_sid: Uuid | None
    """Null for the recording of a call."""
    channels: Channels
    date_created: TexmlDate
    date_updated: TexmlDate
    """Of the last change of status."""
    start_time: TexmlDate
    """When capture began."""
    duration: Digits | None
    """Whole seconds; null until capture ended (assumed)."""
    sid: Uuid
    source: RecordingSource
    error_code: Name | None
    """Set on absent recordings only (assumed)."""
    uri: Path
    """Where the recording is, ending in its own sid and `.json`."""


class TexmlCreateRecording(TexmlCommon):
    """Body that creating or updating a call recording answers (view A): no status, no media.

    Source: TexmlCreateCallRecordingResponseBody, seed 002.
    """

    price: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$")] | None
    """Decimal text; null until rated (assumed)."""
    price_unit: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None
    """Currency, null without a price (assumed)."""
    track: Literal["inbound", "outbound", "both"]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        account, call = self.account_sid, self.call_sid
        path = f"/v2/texml/Accounts/{account}/Calls/{call}/Recordings/{self.sid}.json"
        expect("uri", path, self.uri)
        if (self.price is None) != (self.price_unit is None):
            raise ValueError("price, price_unit: expected both or neither to be null")
        return self


class SubresourcesUris(Wire):
    """Links below a TeXML recording; the plural of both words is the vendor's.

    Source: TexmlRecordingSubresourcesUris.
    """

    transcriptions: Path | None
    """Null without a transcription."""


class TexmlRecording(TexmlCommon):
    """Body of a fetched TeXML recording, and item of the `.json` lists (view B).

    Source: TexmlGetCallRecordingResponseBody.
    """

    status: Literal["in-progress", "completed", "paused", "stopped"]
    subresources_uris: SubresourcesUris
    media_url: Url | None = None
    """Left out until the file is stored (assumed)."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        expect("uri", f"/v2/texml/Accounts/{self.account_sid}/Recordings/{self.sid}.json", self.uri)
        if self.status in ("in-progress", "paused"):
            expect(f"duration while {self.status}", None, self.duration)
        if self.status == "completed" and self.duration is None:
            raise ValueError("duration of a completed recording: expected seconds, got None")
        if self.status != "completed":
            expect(f"media_url while {self.status}", None, self.media_url)
        return self


class ConferenceRecordingItem(Wire):
    """A recording in the list of a conference, at the path without `.json` (view C).

    Source: ConferenceRetrieveRecordingsResponse.Recording. It differs from view B in types and
    words, not only in names.
    """

    account_sid: Uuid
    call_sid: Name | None
    """Null where no participant made it."""
    channels: int
    conference_sid: Uuid
    date_created: TexmlDate
    date_updated: TexmlDate
    start_time: TexmlDate
    duration: Count
    """Whole seconds, as a number; 0 while processing (Q 3)."""
    error_code: Name | None
    media_url: Url | None = None
    """Left out until the file is stored; the schema would allow null."""
    sid: Uuid
    source: RecordingSource
    status: Literal["processing", "absent", "completed", "deleted"]
    subresource_uris: dict[str, Path | None]
    """Singular and plural, unlike view B."""
    uri: Path

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        expect("end of uri", f"/{self.sid}.json", self.uri[-len(self.sid) - 6 :])
        if self.status == "processing":
            expect("duration while processing", 0, self.duration)
        if self.status != "completed":
            expect(f"media_url while {self.status}", None, self.media_url)
        return self


class DownloadUrls(Wire):
    """Links to the audio: only formats that exist are named.

    Source: RecordingResponseData.download_urls.
    """

    mp3: Url | None = None
    wav: Url | None = None


class V2Recording(Wire):
    """A recording of the v2 API (view D), which shows completed ones only.

    Source: RecordingResponseData, seed 003.
    """

    call_control_id: Name
    """The TeXML call_sid."""
    call_leg_id: Uuid
    call_session_id: Uuid
    """Shared by related legs."""
    channels: Literal["single", "dual"]
    conference_id: Uuid | None = None
    """Left out for the recording of a call."""
    connection_id: Digits
    created_at: V2Date
    download_urls: DownloadUrls
    duration_millis: Annotated[int, Field(ge=0, lt=2**31)]
    from_: Annotated[Name, Field(alias="from")]
    """+E.164, or a SIP URI."""
    id: Uuid
    """The TeXML sid (assumed)."""
    initiated_by: RecordingSource
    """Free text in the schema, whose description knows these seven."""
    record_type: Literal["recording"]
    recording_ended_at: V2Date
    recording_started_at: V2Date
    source: Literal["conference", "call"]
    """What was recorded; `initiated_by` says why."""
    status: Literal["completed"]
    to: Name
    """+E.164, or a SIP URI."""
    updated_at: V2Date

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        """Source and conference follow from what made it (assumed)."""
        is_conference = self.initiated_by in CONFERENCE_SOURCES
        expect("source", "conference" if is_conference else "call", self.source)
        if is_conference != (self.conference_id is not None):
            expected = "an id" if is_conference else "none"
            raise ValueError(f"conference_id: expected {expected}, got {self.conference_id!r}")
        return self


class V2RecordingResponse(Wire):
    """One v2 recording, fetched or deleted.

    Source: RecordingResponse.
    """

    data: V2Recording


class BulkDeleted(Wire):
    """What deleting many v2 recordings answers: nothing that names one.

    Source: delete a list of call recordings.
    """

    status: Literal["ok"]


class TexmlError(Wire):
    """An error of the TeXML family: prose, without code or title.

    Source: call-scripting_ResourceNotFoundError, seed 002.
    """

    detail: Name


class TexmlNotFound(Wire):
    """404 of the TeXML family.

    Source: call-scripting_ResourceNotFoundError, seed 002.
    """

    errors: Annotated[list[TexmlError], Field(min_length=1)]


class V2ErrorSource(Wire):
    """What a v2 error is about.

    Source: call-control_Errors, seed 004.
    """

    pointer: Annotated[str, Field(pattern=r"^(/([^~/]|~[01])*)*$")] | None = None
    """A JSON pointer (RFC 6901) into the request's body."""
    parameter: Name | None = None
    """A parameter of the query."""


class V2Error(Wire):
    """An error of the v2 family.

    Source: call-recordings_Errors, seed 003; call-control_Errors, seed 004.
    """

    code: Digits
    """An integer as text; those of the recordings API look like HTTP statuses."""
    title: Name
    detail: Name | None = None
    source: V2ErrorSource | None = None
    meta: dict[str, Any] | None = None
    """Free."""


class V2Errors(Wire):
    """Body of a refused v2 request.

    Source: call-recordings_Errors, seed 003; call-control_Errors, seed 004.
    """

    errors: Annotated[list[V2Error], Field(min_length=1)]
