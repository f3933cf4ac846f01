"""Where the links of graded callbacks lead: audio on this machine, late, gone or never there.

The only module that imports `http.server`: receivers download in threads and processes of their
own, while grading waits for their answers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

import lameenc

from recsim.vendors.telnyx.storage import refused

PLACE = "/telephony-recorder-prod"
"""Where files are kept below the origin, as the vendor's bucket is called."""

RATE_HZ = 8000


@cache
def audio(length_s: int) -> bytes:
    """So much silence, as MP3."""
    encoder = lameenc.Encoder()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_bit_rate(32)
    encoder.set_quality(7)
    encoder.silence()
    return bytes(encoder.encode(bytes(2 * RATE_HZ * length_s))) + bytes(encoder.flush())


Gate = threading.Event
"""Holds answers back until it is set."""


class File(NamedTuple):
    """What a link leads to."""

    length_s: int
    error: str = ""
    """A code of the storage's errors, such as `Expired`; empty: there is audio."""
    gate: Gate | None = None
    """The answer begins once this is open."""


class Shelf:
    """Files by path, and the paths that were asked for."""

    def __init__(self, patience_s: float) -> None:
        self.patience_s = patience_s
        """No download waits longer."""
        self.asked: set[str] = set()
        self._files: dict[str, File] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def bucket(self) -> str:
        """How links begin."""
        return f"http://127.0.0.1:{self._server.server_port}{PLACE}"

    def put(self, url: str, file: File) -> None:
        """From now on this is behind a link."""
        self._files[urlsplit(url).path] = file

    def was_asked(self, url: str) -> bool:
        """Whether somebody began to download from a link."""
        return urlsplit(url).path in self.asked

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, type and content; waits where the file is to come late."""
        path = urlsplit(path).path
        self.asked.add(path)
        file = self._files.get(path)
        if file is not None and file.gate is not None:
            file.gate.wait(self.patience_s)
        error = "NoSuchKey" if file is None else file.error
        if error or file is None:
            found = refused(error)
            return found.status, "application/xml", found.body.encode()
        return 200, "audio/mpeg", audio(file.length_s)

    @contextmanager
    def opened(self) -> Iterator[Shelf]:
        """Serve for as long as the block lasts."""
        self._thread.start()
        try:
            yield self
        finally:
            for file in self._files.values():
                if file.gate is not None:
                    file.gate.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, content = shelf.answer(self.path)
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except ConnectionError:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        return Handler
