"""Logs as they are read: lines, packed or not, or one document."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import orjson

from recsim.core.errors import RecsimError
from recsim.logs.shapes import LISTS

LONGEST = 1 << 24
"""Bytes of the longest line that is read."""
DOCUMENTS = (".json", ".har")
GZIP = ".gz"


class LogError(RecsimError):
    """A log that can't be read, or a copy that can't be written."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file, unpacked if its name says so. Raises LogError, while it is read too."""
    try:
        with gzip.open(path) if path.suffix == GZIP else path.open("rb") as stream:
            yield cast(IO[bytes], stream)
    except (OSError, EOFError, zlib.error) as error:
        reason = (getattr(error, "strerror", "") or str(error)).lower()
        raise LogError(str(path), f"cannot be read: {reason}") from None


def is_document(name: str) -> bool:
    """Whether the name of a log says that it is one document."""
    return Path(name.removesuffix(GZIP)).suffix in DOCUMENTS


def lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long, its beginning, which is no JSON then."""
    read = stream.readline
    while text := read(LONGEST):
        if len(text) == LONGEST and not text.endswith(b"\n"):
            yield b"{" + text[:80] + b"\n"
            while len(text) == LONGEST and not text.endswith(b"\n"):
                text = read(LONGEST)
        else:
            yield text


def document(stream: IO[bytes]) -> list[Any]:
    """The entries of a stream that is one document; none: it has lines, from its beginning on."""
    text = stream.read()
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        stream.seek(0)
        return []
    while isinstance(value, dict):
        inner = next((value[key] for key in LISTS if isinstance(value.get(key), dict | list)), None)
        if inner is None:
            return [value]
        value = inner
    return value if isinstance(value, list) else [value]
