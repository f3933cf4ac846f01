"""How often each row of the lifecycle tables was taken, counted from traces line by line.

Reads files and prints nothing. Rows that ignore leave no line, so they are never counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from recsim.core import effects
from recsim.core.entities import ABSENT
from recsim.core.errors import RecsimError, suggest
from recsim.core.lifecycle import Lifecycle
from recsim.core.trace import KINDS
from recsim.scenario.coverage import Coverage, Step, absences_of, moving, step
from recsim.scenario.written import RECORDINGS, WrittenError, lines

TRACE = "trace.jsonl"
MOVE = KINDS[effects.Move]

FIELDS = ("lifecycle", "source", "trigger", "dest")
"""What a move's line must say, as text."""


class TraceError(RecsimError):
    """A trace that cannot be counted."""

    def __init__(self, file: str, line: int, text: str) -> None:
        super().__init__(file, line, text)
        self.file, self.line, self.text = file, line, text

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.text}"


class LineError(Exception):
    """What is wrong with a line. Never leaves this module."""


def traces(folders: Iterable[Path]) -> list[Path]:
    """The traces in `folders` and below them, each once. Raises TraceError if one has none."""
    found: dict[Path, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            text = "expected a folder, found a file" if folder.exists() else "no such folder"
            raise TraceError(str(folder), 0, text)
        files = sorted(folder.rglob(TRACE))
        if not files:
            raise TraceError(str(folder), 0, f"no {TRACE} in it; recsim run --out writes one")
        for file in files:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def taken(files: Iterable[Path], machines: Iterable[Lifecycle]) -> Counter[Step]:
    """How often each row was taken in all `files`. Raises TraceError for the first fault."""
    known = {machine.name: machine for machine in machines}
    counted: Counter[Step] = Counter()
    for file in files:
        try:
            with file.open("rb") as lines:
                counted += count(lines, known, str(file))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise TraceError(str(file), 0, f"cannot be read: {reason}") from None
    return counted


def reasons(files: Sequence[Path], counted: Counter[Step]) -> Coverage:
    """What was reached by traces whose rows are `counted` already, with why recordings are absent.

    Raises TraceError for what stands beside a trace and can't be read.
    """
    found = Coverage(len(files), counted)
    for file in files:
        try:
            rows = lines(file.with_name(RECORDINGS)) if file.with_name(RECORDINGS).exists() else []
            if any(row["status"] == ABSENT for row in rows):
                found.absences.update(absences_of(lines(file), rows))
        except WrittenError as error:
            raise TraceError(error.where, 0, error.text) from None
    return found


def count(lines: Iterable[bytes], known: Mapping[str, Lifecycle], file: str) -> Counter[Step]:
    """How often each row was taken in one trace, whose name is only told."""
    dests = {
        step(machine, rule): rule.dest for machine in known.values() for rule in moving(machine)
    }
    counted: Counter[Step] = Counter()
    for number, text in enumerate(lines, 1):
        try:
            line = fields_of(text)
            if line["kind"] == MOVE:
                counted[step_of(line, known, dests)] += 1
        except LineError as error:
            raise TraceError(file, number, str(error)) from None
    return counted


def fields_of(text: bytes) -> dict[str, Any]:
    """A line of a trace. Raises LineError where it is none."""
    try:
        line = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise LineError(f"expected a line of JSON: {error}") from None
    if not isinstance(line, dict):
        raise LineError(f"expected a JSON object, got {type(line).__name__}")
    for field in ("kind", *(FIELDS if line.get("kind") == MOVE else ())):
        if field not in line:
            raise LineError(f"{field} is missing")
        if not isinstance(line[field], str):
            raise LineError(f"{field}: expected text, got {line[field]!r}")
    if line["kind"] not in KINDS.values():
        near = suggest(line["kind"], KINDS.values())
        raise LineError(f"unknown kind {line['kind']!r}{near}")
    return line


def step_of(
    line: Mapping[str, str], known: Mapping[str, Lifecycle], dests: Mapping[Step, str | None]
) -> Step:
    """The row that a move took. Raises LineError where no table has it."""
    name, source, trigger, dest = (line[field] for field in FIELDS)
    if name not in known:
        raise LineError(f"unknown lifecycle {name!r}{suggest(name, known)}")
    if dests.get((name, source, trigger)) != dest:
        raise LineError(f"{name} has no row from {source!r} by {trigger!r} to {dest!r}")
    return name, source, trigger
