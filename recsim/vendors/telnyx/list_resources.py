"""What the lists of recordings answer, a page at a time.

As in `resources`, the models say what recsim emits; that is narrower than the published schemas.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from recsim.vendors.telnyx.pages import TexmlPage
from recsim.vendors.telnyx.resources import ConferenceRecordingItem, TexmlRecording, V2Recording
from recsim.vendors.telnyx.wire import Count, Path, Wire


class TexmlRecordingList(TexmlPage):
    """A page of TeXML recordings.

    Source: TexmlGetCallRecordingsResponseBody.
    """

    ROWS = "recordings"

    recordings: list[TexmlRecording]
    previous_page_uri: Path | None = None


class ConferenceRecordingList(TexmlPage):
    """A page of what was recorded of a conference, at the path without `.json`.

    Source: ConferenceRetrieveRecordingsResponse, which knows no link to the page before.
    """

    ROWS = "recordings"

    recordings: list[ConferenceRecordingItem]
    participants: Annotated[list[Any], Field(max_length=0)]
    """A stray key of the schema: always empty (assumed)."""


class PaginationMeta(Wire):
    """Where a v2 page is among all.

    Source: PaginationMeta, seed 003; limits are those of the query.
    """

    total_pages: Count
    total_results: Count
    page_number: Annotated[int, Field(ge=1)]
    """Counted from 1."""
    page_size: Annotated[int, Field(ge=1, le=250)]


class V2RecordingList(Wire):
    """A page of v2 recordings.

    Source: RecordingsResponseBody, seed 003.
    """

    data: list[V2Recording]
    meta: PaginationMeta

    @model_validator(mode="after")
    def _fits_its_page(self) -> Self:
        if len(self.data) > self.meta.page_size:
            raise ValueError(f"data: expected up to {self.meta.page_size}, got {len(self.data)}")
        return self
