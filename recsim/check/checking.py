"""`recsim check`: a log, from wherever it comes, and what is found in it."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson

from recsim.check.judging import LONGEST, Judge
from recsim.check.report import Listener, Report
from recsim.core.errors import RecsimError
from recsim.core.units import parse_duration

WINDOW = "20000"
"""How many recordings, calls and conferences each are remembered, if nobody says."""
UNBOUNDED = 2**62
COUNT = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
DOCUMENTS = (".json", ".har")
GZIP = ".gz"

Log = str | Path | Iterable[bytes | str | Mapping[str, Any]]


class LogError(RecsimError):
    """A log that can't be read."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


class WindowError(RecsimError):
    """A window that is neither a number of objects nor a length of time."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return f"window: expected a number such as {WINDOW} or a duration such as 24h, got {self.text!r}"


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

    `log` is a file, or lines: JSON as bytes or text, or objects. `readings` are answers to what the
    documents leave open; `listener` is told of each finding at once. Raises LogError, WindowError,
    ReadingError, KeyFormatError, and ExtraError where signatures can't be verified.
    """
    most, within_us = span(str(window))
    report = Report(name or (str(log) if isinstance(log, str | Path) else "log"), listener)
    judge = Judge(
        report, readings or {}, most=most, within_us=within_us, public_key=public_key
    )
    if isinstance(log, str | Path):
        with opened(Path(log)) as stream:
            judged(judge, stream, report.name)
    else:
        for number, one in enumerate(log, start=1):
            judge.line(number, one_line(one))
    judge.finish()
    if report.lines and report.counts["not-json"] + report.counts["truncated"] == report.lines:
        raise LogError(report.name, "expected JSON lines, got none: no line is JSON")
    return report


def one_line(one: bytes | str | Mapping[str, Any]) -> bytes:
    """A line as bytes with its end."""
    if isinstance(one, bytes):
        return one if one.endswith(b"\n") else one + b"\n"
    if isinstance(one, str):
        return one.rstrip("\n").encode("utf-8", "replace") + b"\n"
    return orjson.dumps(dict(one)) + b"\n"


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file, unpacked if its name says that it is packed. Raises LogError."""
    try:
        with gzip.open(path) if path.suffix == GZIP else path.open("rb") as stream:
            yield stream  # type: ignore[misc]  # both read bytes
    except (OSError, ValueError, EOFError, zlib.error) as error:
        reason = (getattr(error, "strerror", "") or str(error)).lower()
        raise LogError(str(path), f"cannot be read: {reason}") from None


def judged(judge: Judge, stream: IO[bytes], name: str) -> None:
    """Judge what a stream has: lines, or one document where the name of the log says so."""
    if Path(name.removesuffix(GZIP)).suffix in DOCUMENTS and (whole := document(stream)):
        for number, value in enumerate(whole, start=1):
            judge.context.line = number
            judge.report.lines += 1
            judge.value(value)
        return
    number, line_of = 0, judge.line
    for number, text in enumerate(lines(stream), start=1):
        line_of(number, text)


def lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long, its beginning, which is no JSON then."""
    read = stream.readline
    while text := read(LONGEST):
        yield text if len(text) < LONGEST or text.endswith(b"\n") else text[:80] + b"\n"
        while len(text) == LONGEST and not text.endswith(b"\n"):
            text = read(LONGEST)  # noqa: PLW2901 - the rest of it is passed over


LISTS = ("log", "entries", "requests", "Records", "records", "events", "items")


def document(stream: IO[bytes]) -> list[Any]:
    """The entries of a file that is one document; none: it has lines, from its beginning."""
    try:
        value = orjson.loads(stream.read())
    except orjson.JSONDecodeError:
        stream.seek(0)
        return []
    while isinstance(value, dict):
        inner = next((value[key] for key in LISTS if isinstance(value.get(key), dict | list)), None)
        if inner is None:
            return [value]
        value = inner
    return value if isinstance(value, list) else [value]
