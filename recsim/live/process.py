"""`recsim serve` in a process of its own, for as long as a block lasts."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from recsim.live.local import START_S, ServerError, Steering

COMMAND = (sys.executable, "-c", "from recsim.cli import main; main()", "serve", "--port", "0")
STOP_S = 10


class Said:
    """What a process says on a stream, read as it comes, so that it never has to wait."""

    def __init__(self, stream: IO[str]) -> None:
        self.lines: list[str] = []
        self._origin = ""
        self._known = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def origin(self) -> str:
        """Where it serves, as soon as it says so; empty: it does not."""
        self._known.wait(START_S)
        return self._origin

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self.lines.append(line)
            if found := re.match(r"recsim serves (http\S+)/v2 ", line):
                self._origin = found[1]
                self._known.set()
        self._known.set()


@contextmanager
def serve_apart(*words: str) -> Iterator[Steering]:
    """Serve by the words of the command line, on any port that is free.

    Raises ServerError with what the command said where it doesn't start.
    """
    command = [*COMMAND, *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        assert process.stderr is not None
        try:
            said = Said(process.stderr)
            origin = said.origin()
            if not origin:
                raise ServerError(f"recsim serve did not start: {''.join(said.lines).strip()}")
            steering = Steering(origin)
            try:
                yield steering
            finally:
                steering.close()
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
