"""A redacted copy of a log, written while it is judged."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, cast

import orjson

from recsim.logs.logs import GZIP, LogError, document, is_document, lines, opened
from recsim.logs.redact import Redactor

KEY_BYTES = 32


def copied(source: Path | IO[bytes], name: str, out: Path, key: bytes = b"") -> Iterator[bytes]:
    """The lines of a log, each written to `out` without its secrets before it is handed on.

    Raises LogError where the log can't be read, or `out` can't be written or exists. Of a log that
    is one document, an entry a line. `key` decides by what ids are replaced; empty: by chance.
    """
    redactor = Redactor(key or os.urandom(KEY_BYTES))
    with ExitStack() as stack:
        stream = stack.enter_context(opened(source)) if isinstance(source, Path) else source
        copy = stack.enter_context(written(out))
        whole = document(stream) if is_document(name) else []
        texts = (orjson.dumps(value) + b"\n" for value in whole) if whole else lines(stream)
        for text in texts:
            copy.write(redactor.line(text))
            yield text


def written(out: Path) -> IO[bytes]:
    """A new file, packed if its name says so. Raises LogError."""
    try:
        if out.suffix == GZIP:
            return cast(IO[bytes], gzip.open(out, "xb"))
        return out.open("xb")
    except FileExistsError:
        raise LogError(str(out), "exists; give the copy another name") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise LogError(str(out), f"cannot be written: {reason}") from None
