"""`recsim check`: a log, from wherever it comes, and what is found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import orjson

from recsim.core.errors import RecsimError
from recsim.core.units import parse_duration
from recsim.logs.judging import Judge
from recsim.logs.logs import LogError, document, is_document, lines, opened
from recsim.logs.report import Listener, Report

WINDOW = "20000"
"""How many recordings, calls and conferences each are remembered, if nobody says."""
UNBOUNDED = 2**62
COUNT = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)

Line = bytes | str | Mapping[str, Any]
Log = str | Path | IO[bytes] | Iterable[Line]


class WindowError(RecsimError):
    """A window that is neither a number of objects nor a length of time."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return (
            f"window: expected a number such as {WINDOW} or a duration such as 24h, "
            f"got {self.text!r}"
        )


class Span(NamedTuple):
    """How long objects are remembered."""

    most: int
    within_us: int | None


def span(text: str) -> Span:
    """A window as text: `20000` objects of each kind, or those of the last `24h` of the log."""
    if COUNT.fullmatch(text):
        return Span(int(text), None)
    try:
        within_us = parse_duration(text)
    except ValueError:
        raise WindowError(text) from None
    return Span(UNBOUNDED, within_us)


def check(
    log: Log,
    *,
    readings: Mapping[str, str] | None = None,
    window: str | int = WINDOW,
    public_key: str = "",
    listener: Listener | None = None,
    name: str = "",
) -> Report:
    """What is wrong with a captured log of callbacks; docs/check.md says what logs may look like.

    `log` is a file, a stream of bytes, or lines: JSON as bytes or text, or objects. `readings` are
    answers to what the documents leave open; `listener` is told of each finding at once. Raises
    LogError, WindowError, ReadingError, KeyFormatError, and ExtraError where signatures can't be
    verified.
    """
    most, within_us = span(str(window))
    told = name or (str(log) if isinstance(log, str | Path) else "log")
    report = Report(told, listener)
    judge = Judge(report, readings or {}, most=most, within_us=within_us, public_key=public_key)
    with ExitStack() as stack:
        if isinstance(log, str | Path):
            log = stack.enter_context(opened(Path(log)))
        if hasattr(log, "readline"):
            stream = cast(IO[bytes], log)
            whole = document(stream) if is_document(told) else []
            texts: Iterable[bytes] = lines(stream)
        else:
            whole, texts = [], one_by_one(log)
        for number, value in enumerate(whole, start=1):
            judge.entry(number, value)
        for number, text in enumerate(texts, start=1):
            judge.line(number, text)
    judge.finish()
    if report.lines and report.counts["not-json"] + report.counts["truncated"] == report.lines:
        raise LogError(report.name, "expected JSON lines, got none: no line is JSON")
    return report


def one_by_one(log: Iterable[Line]) -> Iterator[bytes]:
    """Lines as bytes, with their ends."""
    for one in log:
        if isinstance(one, Mapping):
            yield orjson.dumps(dict(one)) + b"\n"
        else:
            text = one if isinstance(one, bytes) else one.encode("utf-8", "replace")
            yield text if text.endswith(b"\n") else text + b"\n"
