"""What `recsim diff` prints: the first difference first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from recsim.scenario.diff import BOTH, Difference, Differing
from recsim.scenario.written import CALLBACKS, RECORDINGS, TRACE, Line, Written
from recsim.show.happened import words
from recsim.show.report import OUTPUT_VERSION
from recsim.show.why import clock

MOST = 20
"""Differences that are told; the rest is counted."""

MOST_FIELDS = 8
LONGEST = 60
"""Characters of a value that are shown."""

BEFORE = 16
"""How many of them, of a longer one, come before what differs."""


def lines(found: Sequence[Difference], left: Written, right: Written) -> Iterator[str]:
    """Differences for people."""
    yield f"left:  {left.name}"
    yield f"right: {right.name}"
    said = words(left), words(right)
    for difference in found[:MOST]:
        yield from told(difference, said)
    if (more := len(found) - MOST) > 0:
        yield f"... and {more} more"
    yield f"{len(found)} difference{'s' if len(found) != 1 else ''}" if found else "no difference"


def told(difference: Difference, said: tuple[dict[int, str], dict[int, str]]) -> Iterator[str]:
    """One difference: what, of which cause, and the fields that differ."""
    line, side = difference.left or difference.right, said[difference.left is None]
    assert line is not None
    where = {BOTH: "differs"}.get(difference.where, f"only {difference.where}")
    seqs = "/".join(
        str(one.get("seq", one.get("cause", one.get("sid"))))
        for one in (difference.left, difference.right)
        if one is not None
    )
    time = f"{clock(line['at'])}  " if "at" in line else ""
    yield f"{where:10}  {time}{subject(difference.file, line, side)}  ({difference.file}: {seqs})"
    if difference.file == TRACE and line["cause"]:
        yield f"{'':10}  came of: {side[line['cause']]}"
    if difference.follows:
        count = difference.follows
        yield f"{'':10}  and {count} more line{'s' if count > 1 else ''} that came of it"
    for field in difference.fields[:MOST_FIELDS]:
        left, right = apart(shown(field.left), shown(field.right))
        yield f"{'':10}  {field.name}: {left} | {right}"
    if (more := len(difference.fields) - MOST_FIELDS) > 0:
        yield f"{'':10}  and {more} more fields"


def subject(file: str, line: Line, said: dict[int, str]) -> str:
    """What a line of a file is about."""
    if file == RECORDINGS:
        return f"recording of {line['call']}: {line['status']}"
    return f"arrives: {said[line['cause']]}" if file == CALLBACKS else said[line["seq"]]


def shown(value: object) -> str:
    """A value as text."""
    return "nothing" if value is None else str(value)


def apart(left: str, right: str) -> tuple[str, str]:
    """Two texts, cut so that it shows where they part."""
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False))
    )
    start = 0 if max(len(left), len(right)) <= LONGEST else max(0, same - BEFORE)
    return excerpt(left, start), excerpt(right, start)


def excerpt(text: str, start: int) -> str:
    """A text from a place on, as far as it can be shown."""
    end = start + LONGEST
    return f"{'...' if start else ''}{text[start:end]}{'...' if len(text) > end else ''}"


def json_lines(
    found: Sequence[Difference], left: Written, right: Written
) -> Iterator[dict[str, Any]]:
    """The same as JSON lines, all of them."""
    yield {"line": "diff", "recsim": OUTPUT_VERSION, "left": left.name, "right": right.name}
    for one in found:
        yield {
            "line": "difference",
            "file": one.file,
            "where": one.where,
            "left": one.left,
            "right": one.right,
            "fields": [Differing._asdict(field) for field in one.fields],
            "follows": one.follows,
        }
    yield {"line": "end", "differences": len(found)}
