"""The lines of a file of a run: a list of mappings, which notebooks show as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import SupportsIndex, overload

from recsim.scenario.written import Line


class Lines(list[Line]):
    """A list of lines, equal to any other with the same ones; a part of it is one as well."""

    def __init__(self, lines: Iterable[Line], file: str) -> None:
        """`file` is the name of the file that they stand in."""
        super().__init__(lines)
        self.file = file

    @overload
    def __getitem__(self, place: SupportsIndex) -> Line: ...

    @overload
    def __getitem__(self, place: slice) -> Lines: ...

    def __getitem__(self, place: SupportsIndex | slice) -> Line | Lines:
        if isinstance(place, slice):
            return Lines(super().__getitem__(place), self.file)
        return super().__getitem__(place)

    def _repr_html_(self) -> str:
        from recsim.show.html.runs import lines  # noqa: PLC0415 - showing stands above

        return lines(self, self.file)
