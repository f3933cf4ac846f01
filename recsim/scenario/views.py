"""One recording at the end of a run, as each part of the API shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from recsim.core.errors import suggest
from recsim.scenario.written import Line, WrittenError

VIEWS = ("texml_create", "texml", "conference_item", "v2")

#: What other views have under another name, by view and name there; empty: nothing of the kind.
#: Source: the schemas of the four; Q 3.
OTHERWISE: Mapping[tuple[str, str], str] = {
    ("conference_item", "subresource_uris"): "subresources_uris",
    ("v2", "id"): "sid",
    ("v2", "call_control_id"): "call_sid",
    ("v2", "conference_id"): "conference_sid",
    ("v2", "initiated_by"): "source",
    ("v2", "source"): "",
    ("v2", "created_at"): "date_created",
    ("v2", "updated_at"): "date_updated",
    ("v2", "recording_started_at"): "start_time",
    ("v2", "duration_millis"): "duration",
    ("v2", "download_urls"): "media_url",
}


class Field(NamedTuple):
    """Something that at least one view says."""

    name: str
    said: Mapping[str, tuple[str, Any]]
    """By view: the name it has there, empty where it is this one, and the value."""

    @property
    def differs(self) -> bool:
        """Whether they say different values, or values of different types."""
        values = [(type(value), value) for _, value in self.said.values()]
        return any(one != values[0] for one in values)


@dataclass(frozen=True)
class Views:
    """A recording and its four views; `print` and notebooks show them side by side."""

    row: Line = field(repr=False)
    """Its line of `recordings.jsonl`."""

    @property
    def sid(self) -> str:
        """Its id."""
        return str(self.row["sid"])

    @property
    def call(self) -> str:
        """Whose it is."""
        return str(self.row["call"])

    @property
    def status(self) -> str:
        """The lifecycle's own word: completed, absent or deleted."""
        return str(self.row["status"])

    def __getitem__(self, view: str) -> Any:
        """A view by its name, or another field of the line."""
        return self.row[view]

    @property
    def fields(self) -> list[Field]:
        """What the views say, in the order in which they say it."""
        found: dict[str, dict[str, tuple[str, Any]]] = {}
        for view in VIEWS:
            for name, value in (self.row[view] or {}).items():
                common = OTHERWISE.get((view, name), name) or f"{view} {name}"
                found.setdefault(common, {})[view] = ("" if common == name else name, value)
        return [Field(name, said) for name, said in found.items()]

    def __repr__(self) -> str:
        return f"<recording {self.sid} of {self.call}: {self.status}>"

    def __str__(self) -> str:
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"recording {self.sid}: {self.status}, of {self.call}"
        for one in self.fields:
            yield f"{'* ' if one.differs else '  '}{one.name}"
            for view, (name, value) in one.said.items():
                yield f"      {view:16}{f'{name}: ' if name else ''}{value!r}"

    def _repr_html_(self) -> str:
        from recsim.show.html.runs import recording  # noqa: PLC0415 - showing stands above

        return recording(self)


def views(rows: list[Line], which: int | str, name: str) -> Views:
    """A recording of those of a run, by its place among them or its sid. Raises WrittenError."""
    if isinstance(which, str):
        by_sid = {row["sid"]: row for row in rows}
        if which not in by_sid:
            text = f"expected the sid of a recording, got {which!r}{suggest(which, by_sid)}"
            raise WrittenError(name, text)
        return Views(by_sid[which])
    if not -len(rows) <= which < len(rows):
        there = f"a place from 0 to {len(rows) - 1}" if rows else "a run with recordings"
        raise WrittenError(name, f"expected {there}, got {which}")
    return Views(rows[which])
