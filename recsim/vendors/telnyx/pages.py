"""What every page of a TeXML list says of itself."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from recsim.vendors.telnyx.wire import Count, Path, Wire, expect


class TexmlPage(Wire):
    """Where a page is among all.

    A page without a neighbour leaves that link out (assumed).
    """

    ROWS: ClassVar[str]
    """The field that has what is listed."""

    end: Count
    """Index of the last item, from 0."""
    first_page_uri: Path
    next_page_uri: Path | None = None
    page: Count
    """Counted from 0."""
    page_size: Annotated[int, Field(ge=1)]
    start: Count
    """Index of the first item, from 0."""
    uri: Path
    """This page."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        rows = getattr(self, self.ROWS)
        if len(rows) > self.page_size:
            raise ValueError(f"{self.ROWS}: expected up to {self.page_size}, got {len(rows)}")
        if rows:
            expect("end", self.start + len(rows) - 1, self.end)
        return self
