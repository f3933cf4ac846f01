"""A run's three files as data frames: the same columns, of the same types, whatever was played.

The only module that imports `polars` and `pandas`, which the extra `notebook` installs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from recsim.core.entities import Intervals
from recsim.core.errors import ExtraError, RecsimError, suggest
from recsim.core.units import SECOND_US
from recsim.scenario.run import Run
from recsim.scenario.units import parse_moment
from recsim.scenario.written import Line
from recsim.show.columns import (
    CALLBACKS,
    FLAG,
    MOMENT,
    NUMBER,
    RATIO,
    RECORDINGS,
    TEXT,
    TRACE,
    VIEWS,
    Columns,
    column_of,
)
from recsim.show.happened import words

#: What a kind of column is called by each library.
POLARS = {TEXT: "String", NUMBER: "Int64", RATIO: "Float64", FLAG: "Boolean"}
PANDAS = {
    TEXT: "string",
    NUMBER: "Int64",
    RATIO: "Float64",
    FLAG: "boolean",
    MOMENT: "datetime64[us, UTC]",
}

KINDS = ("polars", "pandas")


class FrameError(RecsimError):
    """A frame is asked for that there isn't."""

    def __init__(self, what: str, got: str, known: tuple[str, ...]) -> None:
        super().__init__(what, got, known)
        self.what, self.got, self.known = what, got, known

    def __str__(self) -> str:
        near = suggest(self.got, self.known)
        return f"unknown {self.what} {self.got!r}{near}; there are {', '.join(self.known)}"


def frame(run: Run, name: str, kind: str) -> Any:
    """The lines of one of the files of a run, a row each. Raises FrameError and ExtraError."""
    if name not in ROWS:
        raise FrameError("frame", name, tuple(ROWS))
    if kind not in KINDS:
        raise FrameError("kind of frame", kind, KINDS)
    if find_spec(kind) is None:
        raise ExtraError(kind, "notebook")
    columns, rows_of = ROWS[name]
    rows = list(rows_of(run))
    values = {name: [read(row.get(name), type_) for row in rows] for name, type_ in columns.items()}
    library = import_module(kind)
    return (in_polars if kind == "polars" else in_pandas)(library, columns, values)


def in_polars(polars: ModuleType, columns: Columns, values: Mapping[str, list[Any]]) -> Any:
    """Columns as a frame of polars."""
    moment = polars.Datetime("us", "UTC")
    schema = {
        name: moment if type_ == MOMENT else getattr(polars, POLARS[type_])
        for name, type_ in columns.items()
    }
    # Of a few rows and many columns, polars reads rows several times as fast as columns.
    return polars.DataFrame(list(zip(*values.values(), strict=True)), schema=schema, orient="row")


def in_pandas(pandas: ModuleType, columns: Columns, values: Mapping[str, list[Any]]) -> Any:
    """Columns as a frame of pandas, whose types can all say that a value is missing."""
    return pandas.DataFrame(
        {name: pandas.Series(values[name], dtype=PANDAS[type_]) for name, type_ in columns.items()}
    )


def read(value: Any, type_: str) -> Any:
    """A value as its column has it; the wire says numbers and moments as text."""
    if value is None or (value == "" and type_ != TEXT):
        return None
    if type_ == MOMENT:
        return moment_of(value)
    return READ[type_](value)


def moment_of(text: str) -> datetime:
    """A moment, in either of the forms of the API."""
    is_iso = text[:1].isdigit()
    moment = datetime.fromisoformat(text) if is_iso else parsedate_to_datetime(text)
    return moment.astimezone(UTC)


READ: Mapping[str, Any] = {TEXT: str, NUMBER: int, RATIO: float, FLAG: bool}


def recordings(run: Run) -> Iterator[Line]:
    """A row a recording, its views side by side."""
    for line in run.recordings:
        row = {name: value for name, value in line.items() if name not in VIEWS}
        held = run.kept.held[line["entity"]]
        row["lasted_s"] = held.lasted_us / SECOND_US
        for name in ("paused", "captured", "kept"):
            stretches: Intervals = getattr(held, name)
            row[f"{name}_s"] = sum(end - start for start, end in stretches) / SECOND_US
        for view in VIEWS:
            row |= {column_of(f"{view}.{name}"): value for name, value in flat(line[view] or {})}
        yield row


def callbacks(run: Run) -> Iterator[Line]:
    """A row an arrival, with every parameter that a callback can have."""
    for line in run.callbacks:
        answered = line["outcome"] if isinstance(line["outcome"], int) else None
        params = {column_of(name): value for name, value in line["params"].items()}
        yield {**params, **line, **since(run, line), "answered": answered}


def trace(run: Run) -> Iterator[Line]:
    """A row a line, with what is said of it in words."""
    said = words(run.written)
    for line in run.trace:
        # A command names a session by the call that opened it, an effect by its number.
        session = line.get("session")
        named = {"call": session, "session": None} if isinstance(session, str) else {}
        called = {"call": line["title"]} if "title" in line else named
        yield {**line, **called, **since(run, line), "says": said[line["seq"]]}


def since(run: Run, line: Line) -> dict[str, float]:
    """When a line was, in seconds since the start of the run."""
    at_us = parse_moment(line["at"]) - run.loaded.scenario.starts_at
    return {"at_s": at_us / SECOND_US}


def flat(view: Line) -> Iterator[tuple[str, Any]]:
    """The fields of a view; those of an object inside of it by dotted names."""
    for name, value in view.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        else:
            yield name, value


ROWS = {
    "recordings": (RECORDINGS, recordings),
    "callbacks": (CALLBACKS, callbacks),
    "trace": (TRACE, trace),
}
