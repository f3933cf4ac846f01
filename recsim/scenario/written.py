"""What a run wrote, read back from its folder and checked: its three files belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from recsim.core.errors import RecsimError, suggest
from recsim.core.trace import KINDS
from recsim.scenario.units import parse_moment

Line = dict[str, Any]

TRACE, CALLBACKS, RECORDINGS = "trace.jsonl", "callbacks.jsonl", "recordings.jsonl"

#: What every line must have, by its file.
FIELDS: Mapping[str, Mapping[str, type]] = {
    TRACE: {"seq": int, "at": str, "cause": int, "kind": str},
    CALLBACKS: {"at": str, "cause": int, "kind": str, "params": dict},
    RECORDINGS: {"sid": str, "call": str, "entity": int, "status": str},
}


class WrittenError(RecsimError):
    """A folder, a line or a question that nothing can be said about."""

    def __init__(self, where: str, text: str) -> None:
        super().__init__(where, text)
        self.where, self.text = where, text

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


@dataclass(frozen=True)
class Written:
    """The lines of the three files of a run."""

    name: str
    """The folder, or the scenario's file."""
    trace: list[Line]
    callbacks: list[Line]
    recordings: list[Line]
    starts_at: int
    """In µs since the Unix epoch; of a folder, the moment of its first line."""
    known: Mapping[str, str] = field(default_factory=dict)
    """Names of people, by number; a folder doesn't tell them."""
    legs: Mapping[str, str] = field(default_factory=dict)
    """Names of legs, by the sid of their call; as above."""

    def line(self, seq: int) -> Line:
        """A line of the trace, by its number."""
        return self.trace[seq - 1]


def read(folder: str | Path) -> Written:
    """What `recsim run --out` wrote into a folder. Raises WrittenError."""
    if not Path(folder).is_dir():
        text = "expected a folder, found a file" if Path(folder).exists() else "no such folder"
        raise WrittenError(str(folder), text)
    trace, callbacks, recordings = (lines(Path(folder, name)) for name in FIELDS)
    if not trace:
        raise WrittenError(str(Path(folder, TRACE)), "expected lines, found none")
    for number, line in enumerate(trace, 1):
        if line["seq"] != number or not 0 <= line["cause"] < number:
            text = f"expected line {number} of a whole trace, and a cause before it"
            raise WrittenError(f"{Path(folder, TRACE)}:{number}", text)
    for number, line in enumerate(callbacks, 1):
        if not 0 < line["cause"] <= len(trace):
            text = f"the trace has no line {line['cause']}: they are not of one run"
            raise WrittenError(f"{Path(folder, CALLBACKS)}:{number}", text)
    starts_at = parse_moment(trace[0]["at"])
    return Written(str(folder), trace, callbacks, recordings, starts_at)


def lines(file: Path) -> list[Line]:
    """The lines of a file. Raises WrittenError."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        text = f"no {file.name} in it; recsim run --out writes one"
        raise WrittenError(str(file.parent), text) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WrittenError(str(file), f"cannot be read: {reason}") from None
    found: list[Line] = []
    for number, content in enumerate(data.splitlines(), 1):
        try:
            line = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise WrittenError(f"{file}:{number}", f"expected a line of JSON: {error}") from None
        for fault in faults(line, file.name):
            raise WrittenError(f"{file}:{number}", fault)
        found.append(line)
    return found


def faults(line: object, name: str) -> Iterator[str]:
    """What is wrong with a line."""
    if not isinstance(line, dict):
        yield f"expected a JSON object, got {type(line).__name__}"
        return
    for field_, kind in FIELDS[name].items():
        if not isinstance(line.get(field_), kind):
            yield f"{field_}: expected {WORDS[kind]}, got {line.get(field_)!r}"
            return
    if name == TRACE and line["kind"] not in KINDS.values():
        yield f"unknown kind {line['kind']!r}{suggest(line['kind'], KINDS.values())}"
    if "at" in line:
        try:
            parse_moment(line["at"])
        except ValueError:
            yield f"at: expected a moment in UTC, got {line['at']!r}"


WORDS: Mapping[type, str] = {int: "a whole number", str: "text", dict: "a mapping"}
