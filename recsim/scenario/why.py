"""Why something happened: the chain of causes of a line of the trace, down to the scenario."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from recsim.core.errors import suggest
from recsim.scenario.load import Loaded
from recsim.scenario.origins import Origins
from recsim.scenario.written import CALLBACKS, TRACE, Line, Written, WrittenError

CALLBACK = re.compile(r"callback:([0-9]{1,9})")
SEQ = re.compile(r"[0-9]{1,9}")


class Place(NamedTuple):
    """Where the scenario says so."""

    file: str
    line: int
    text: str
    """The line, as it stands."""


class Cause(NamedTuple):
    """A line of the trace, and what in the scenario brought it in; None: nothing did directly."""

    line: Line
    place: Place | None


@dataclass(frozen=True)
class Why:
    """The causes of a line of the trace, itself first."""

    written: Written
    what: str
    """What was asked about."""
    causes: tuple[Cause, ...]
    callback: Line | None = None
    """What was asked about, where it was a callback."""

    def __repr__(self) -> str:
        return f"<why {self.what} of {self.written.name}: {len(self.causes)} causes>"

    def _repr_html_(self) -> str:
        from recsim.show.html.findings import why  # noqa: PLC0415 - showing stands above

        return why(self)

    def __str__(self) -> str:
        from recsim.show.why import text  # noqa: PLC0415 - showing stands above

        return text(self)


def why(written: Written, what: int | str, loaded: Loaded | None = None) -> Why:
    """The causes of what `what` names: a seq, `callback:N`, or the sid of a recording.

    With the scenario that was played, each cause that comes from it has its place there. Raises
    WrittenError for what there isn't, and for a scenario that the trace isn't of.
    """
    callback, seq = asked(written, str(what))
    places = Origins(written, loaded) if loaded else None
    causes: list[Cause] = []
    for line in chain(written, seq):
        path = places.path(line) if places else None
        causes.append(Cause(line, place(loaded, path) if loaded and path else None))
    return Why(written, str(what), tuple(causes), callback)


def chain(written: Written, seq: int) -> Iterator[Line]:
    """A line of the trace, its cause, the cause of that, and so on."""
    while seq:
        line = written.line(seq)
        yield line
        seq = line["cause"]


def asked(written: Written, what: str) -> tuple[Line | None, int]:
    """The callback that `what` names, if it names one, and the seq that it leads to."""
    if SEQ.fullmatch(what):
        last = len(written.trace)
        if not 1 <= int(what) <= last:
            text = f"expected a seq from 1 to {last}, got {what!r}"
            raise WrittenError(f"{written.name}, {TRACE}", text)
        return None, int(what)
    if match := CALLBACK.fullmatch(what):
        last = len(written.callbacks)
        if not 1 <= int(match[1]) <= last:
            text = f"expected a callback from 1 to {last}, got {what!r}"
            raise WrittenError(f"{written.name}, {CALLBACKS}", text)
        callback = written.callbacks[int(match[1]) - 1]
        return callback, callback["cause"]
    entities = {row["sid"]: row["entity"] for row in written.recordings}
    if what not in entities:
        near = suggest(what, entities)
        text = f"expected a seq, callback:N or the sid of a recording, got {what!r}{near}"
        raise WrittenError(written.name, text)
    moves = [
        line["seq"]
        for line in written.trace
        if line["kind"] == "move" and line.get("entity") == entities[what]
    ]
    if not moves:
        raise WrittenError(written.name, f"recording {what} has not moved in the trace")
    return None, moves[-1]


def place(loaded: Loaded, path: tuple[str | int, ...]) -> Place:
    """A part of the scenario, as people find it."""
    number, _ = loaded.tree.position(path, key=isinstance(path[-1], str))
    lines = loaded.data.decode("utf-8", "replace").splitlines()
    return Place(loaded.file, number, lines[number - 1].strip() if number <= len(lines) else "")
