"""What a receiver has kept, as its probe tells: a URL, or a command that prints it.

The shape is `{"recordings": {SID: {"status": ..., "duration": ..., "url": ...}}}`; the outer key
may be missing, rows may stand in a list with their `sid`, and one sid may have a list of rows.
Lines of JSON, a row each, and lines of `SID STATUS [DURATION] [URL]` are understood too.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Iterator
from typing import Any, Protocol

import orjson

from recsim.core.vendor import Encoded
from recsim.live.grade.parts import GradeError, Kept
from recsim.live.outside import Network

PROBE_S = 10
"""Longest time that a probe may take."""

#: What a row may call its fields; the first that is there counts.
NAMES = {
    "sid": ("sid", "RecordingSid", "recording_sid", "id"),
    "status": ("status", "RecordingStatus", "recording_status"),
    "duration": ("duration", "RecordingDuration", "recording_duration"),
    "url": ("url", "RecordingUrl", "recording_url", "media_url", "file", "path"),
}

SHAPE = '{"recordings": {SID: {"status": ..., "duration": ..., "url": ...}}}'


class Probe(Protocol):
    """Whoever can be asked what was kept."""

    async def rows(self) -> list[Kept]:
        """Everything kept. Raises GradeError where that can't be learnt."""


class UrlProbe:
    """A URL that answers with what was kept."""

    def __init__(self, url: str, network: Network, log: list[str]) -> None:
        self.url, self.network, self.log = url, network, log

    async def rows(self) -> list[Kept]:
        """As a Probe."""
        answer = await self.network.send(Encoded(self.url, (), "", ()), "GET", PROBE_S)
        if not answer.status:
            why = self.log[-1] if self.log else answer.failure
            raise GradeError(f"probe {self.url}: no answer ({why})")
        if answer.status != 200:
            raise GradeError(f"probe {self.url}: expected status 200, got {answer.status}")
        return rows_of(answer.body, self.url)


class CommandProbe:
    """A command that prints what was kept; no shell reads it."""

    def __init__(self, command: str) -> None:
        self.command = command

    async def rows(self) -> list[Kept]:
        """As a Probe."""
        try:
            words = shlex.split(self.command)
            process = await asyncio.create_subprocess_exec(
                *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
            )
        except (OSError, ValueError, TypeError) as error:
            why = str(getattr(error, "strerror", None) or error).lower()
            raise GradeError(f"probe {self.command!r} could not be run: {why}") from None
        try:
            async with asyncio.timeout(PROBE_S):
                printed, complaint = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise GradeError(f"probe {self.command!r} took longer than {PROBE_S} s") from None
        if process.returncode:
            said = complaint.decode("utf-8", "replace").strip().splitlines()[-1:]
            told = f"exit status {process.returncode}: {''.join(said)}"
            raise GradeError(f"probe {self.command!r}: {told}")
        return rows_of(printed.decode("utf-8", "replace"), self.command)


def rows_of(text: str, where: str) -> list[Kept]:
    """What was kept, from what a probe says. Raises GradeError for what is none of its shapes."""
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        lines = [line for line in text.splitlines() if line.strip()]
        return [row_of_line(line, where) for line in lines]
    if isinstance(data, dict) and "recordings" in data:
        data = data["recordings"]
    if isinstance(data, dict) and field_of(data, "sid") and field_of(data, "status"):
        data = [data]  # one line of JSON
    return list(rows_in(data, where))


def rows_in(data: Any, where: str) -> Iterator[Kept]:
    """The rows of a mapping or a list."""
    if isinstance(data, dict):
        for sid, value in data.items():
            for row in value if isinstance(value, list) else [value]:
                told = row if isinstance(row, dict) else {"status": row}
                yield kept_of({**told, "sid": sid}, where)
    elif isinstance(data, list):
        for row in data:
            yield kept_of(row, where)
    else:
        raise GradeError(f"probe {where}: expected {SHAPE}, got {str(data)[:60]!r}")


def row_of_line(line: str, where: str) -> Kept:
    """The row of a line."""
    try:
        return kept_of(orjson.loads(line), where)
    except orjson.JSONDecodeError:
        words = line.split()
    if not 2 <= len(words) <= 4:
        raise GradeError(f"probe {where}: expected {SHAPE}, got {line[:60]!r}")
    return Kept(*words)


def kept_of(row: Any, where: str) -> Kept:
    """One recording."""
    sid = field_of(row, "sid") if isinstance(row, dict) else ""
    if not sid:
        raise GradeError(f"probe {where}: expected a recording with its sid, got {str(row)[:60]!r}")
    return Kept(sid, *(field_of(row, name) for name in ("status", "duration", "url")))


def field_of(row: dict[str, Any], name: str) -> str:
    """A field by any of its names, as text; empty: it isn't there."""
    found = next((row[one] for one in NAMES[name] if row.get(one) is not None), "")
    return str(found)
