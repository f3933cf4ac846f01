"""A scenario under every other answer to what the documents leave open, one answer at a time.

What counts is what somebody outside of the platform would notice: callbacks, the answers of the
REST API and what is left of recordings. A trace that reads otherwise is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from recsim.scenario.expect import Verdict
from recsim.scenario.load import Loaded, load
from recsim.scenario.record import Answered
from recsim.scenario.run import Run, run
from recsim.vendors.telnyx.readings import READINGS, other_answers, settled

Things = list[dict[str, Any]]

#: What only the trace knows: numbers of its lines, and keys of the platform's own.
INWARD = ("cause", "entity")

#: What follows from the rest of a callback.
ENCODED = ("body", "headers")


class Change(NamedTuple):
    """How what can be seen of one kind differs."""

    kind: str
    """callbacks, recordings or answers."""
    before: int
    """How many there are as the file has it."""
    after: int
    fields: tuple[str, ...]
    """Names of what differs, in the order found; empty where only their number does."""


class Variant(NamedTuple):
    """The scenario under one other answer."""

    key: str
    answer: str
    instead_of: str
    """The answer in force otherwise."""
    changes: tuple[Change, ...]
    """None: nobody would notice."""
    failed: tuple[Verdict, ...]
    """What of `expect`, and of the answers expected, does not hold under it."""


class Survey(NamedTuple):
    """A scenario as its file has it, and under every other answer."""

    base: Run
    variants: tuple[Variant, ...]

    def __repr__(self) -> str:
        return f"<survey of {self.base.file}: {len(self.variants)} other answers>"

    def __str__(self) -> str:
        from recsim.show.variants import text  # noqa: PLC0415 - showing stands above

        return text(self)

    def _repr_html_(self) -> str:
        from recsim.show.html.findings import survey  # noqa: PLC0415 - showing stands above

        return survey(self)


def survey(
    path: str | Path | Loaded,
    *,
    seed: int | None = None,
    readings: Mapping[str, str] | None = None,
) -> Survey:
    """Play a scenario under every other answer to each reading, all else as it is.

    `seed` and `readings` are in force throughout, as for `run`. Of readings that take a length or a
    number, those of `readings.ALTERNATIVES` are tried.
    """
    loaded = path if isinstance(path, Loaded) else load(path)
    given = dict(readings or {})
    base = run(loaded, seed=seed, readings=given)
    taken = settled({**loaded.scenario.readings, **given})
    variants = []
    for reading in READINGS:
        key, answer = reading.key, taken[reading.key]
        for other in other_answers(reading, answer):
            played = run(loaded, seed=seed, readings={**given, key: other})
            failed = tuple(verdict for verdict in played.verdicts if not verdict.held)
            variants.append(Variant(key, other, answer, changes(base, played), failed))
    return Survey(base, tuple(variants))


def changes(base: Run, other: Run) -> tuple[Change, ...]:
    """How what can be seen of two runs differs."""
    before, after = visible(base), visible(other)
    return tuple(
        Change(kind, len(before[kind]), len(after[kind]), fields(before[kind], after[kind]))
        for kind in before
        if before[kind] != after[kind]
    )


def visible(played: Run) -> dict[str, Things]:
    """What somebody outside of the platform has of a run, by its kind."""
    return {
        "callbacks": [outward(line) for line in played.callbacks],
        "recordings": [outward(line) for line in played.recordings],
        "answers": [answer(one) for one in played.kept.answered],
    }


def outward(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of a file, without what only the trace knows."""
    return {name: value for name, value in line.items() if name not in INWARD}


def answer(one: Answered) -> dict[str, Any]:
    """An answer to a request, and when it came."""
    given, is_json = one.answer, one.answer.header("content-type") == "application/json"
    return {
        "at": one.at_us,
        "request": f"{one.request.method} {one.request.path}",
        "status": given.failure or given.status,
        "content": orjson.loads(given.body) if is_json and given.body else given.body,
    }


def fields(before: Things, after: Things) -> tuple[str, ...]:
    """Names of what differs, each once; where there are fewer or more, of nothing.

    How it was encoded stands only where nothing else differs.
    """
    if len(before) != len(after):
        return ()
    pairs = list(zip(before, after, strict=True))
    names = dict.fromkeys(
        name
        for one, other in pairs
        for key in dict.fromkeys((*one, *other))
        if key not in ENCODED
        for name in differing(one.get(key), other.get(key), key)
    )
    encoded = (
        key for key in ENCODED if any(one.get(key) != other.get(key) for one, other in pairs)
    )
    return tuple(names or encoded)


def differing(one: object, other: object, name: str = "") -> Iterator[str]:
    """Names of the innermost values that differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys((*one, *other)):
            yield from differing(one.get(key), other.get(key), key)
    elif isinstance(one, list) and isinstance(other, list):
        for part, another in zip_longest(one, other):
            yield from differing(part, another, name)
    elif one != other:
        yield name
