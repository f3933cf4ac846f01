"""What `recsim why` prints: causes, each with its moment, its table row and its scenario line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recsim.scenario.why import Cause, Why
from recsim.show.happened import words
from recsim.show.report import OUTPUT_VERSION

ROW = ("lifecycle", "source", "trigger", "dest", "spec")


def text(why: Why) -> str:
    """The causes for people: what happened last first, what it came of below it."""
    return "\n".join(lines(why)) + "\n"


def lines(why: Why) -> Iterator[str]:
    """The same, line by line."""
    said = words(why.written)
    width = len(str(why.causes[0].line["seq"]))
    indent = " " * (width + 17)
    if why.callback is not None:
        yield f"{' ' * width}  {clock(why.callback['at'])}  {why.what} arrives: {outcome(why)}"
    for cause in why.causes:
        line = cause.line
        yield f"{line['seq']:{width}}  {clock(line['at'])}  {said[line['seq']]}"
        if line["kind"] == "move":
            source, trigger, dest = line["source"], line["trigger"], line["dest"]
            row = f"{line['lifecycle']}: {source} --{trigger}--> {dest}"
            yield f"{indent}row: {row} [{line['spec']}]"
        if cause.place:
            yield f"{indent}{cause.place.file}:{cause.place.line}: {cause.place.text}"


def clock(at: str) -> str:
    """The time of day of a moment, to the millisecond; finer where it is."""
    time = at[11:].removesuffix("Z")
    return time.removesuffix("000").ljust(12)[:15]


def outcome(why: Why) -> str:
    """What became of a callback."""
    assert why.callback is not None
    return f"{why.callback['method']} {why.callback['url']} -> {why.callback['outcome']}"


def json_lines(why: Why) -> Iterator[dict[str, Any]]:
    """The same as JSON lines, opened by one that says about what."""
    said = words(why.written)
    yield {"line": "why", "recsim": OUTPUT_VERSION, "of": why.written.name, "what": why.what}
    if why.callback is not None:
        yield {"line": "callback", **why.callback}
    for cause in why.causes:
        yield {"line": "cause", **told(cause), "text": said[cause.line["seq"]]}


def told(cause: Cause) -> dict[str, Any]:
    """A cause, with its row and its place where it has them."""
    line, place = cause.line, cause.place
    has_row = line["kind"] == "move"
    return {
        **{name: line[name] for name in ("seq", "at", "cause", "kind")},
        "row": {name: line[name] for name in ROW} if has_row else None,
        "scenario": {"file": place.file, "line": place.line, "text": place.text} if place else None,
    }
