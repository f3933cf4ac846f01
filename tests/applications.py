"""Servers on loopback for tests of `recsim serve`: a TeXML application that takes callbacks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

VOICEMAIL = """<Response>
  <Record action="/done" finishOnKey="#" recordingStatusCallback="/recording"
          recordingStatusCallbackEvent="in-progress completed absent"/>
</Response>"""
HANGUP = "<Response><Hangup/></Response>"


class Got(NamedTuple):
    """A request that a server had."""

    method: str
    path: str
    headers: Mapping[str, str]
    """By name in lower case."""
    body: str

    @property
    def params(self) -> dict[str, str]:
        """The parameters of the form, or of the query."""
        text = self.body if self.method == "POST" else urlsplit(self.path).query
        return dict(parse_qsl(text, keep_blank_values=True))


class Reply(NamedTuple):
    """What a server answers."""

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = {}
    wait: threading.Event | None = None
    """It answers once this is set."""
    is_reset: bool = False
    is_endless: bool = False


Answers = Callable[[Got], Reply]


class Application:
    """A running application: what it got, and where it is."""

    def __init__(self, answers: Answers) -> None:
        self.got: list[Got] = []
        self._arrived = threading.Condition()
        application = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one(self) -> None:
                length = int(self.headers.get("content-length", 0))
                headers = {name.lower(): text for name, text in self.headers.items()}
                got = Got(self.command, self.path, headers, self.rfile.read(length).decode())
                application.take(got)
                self.reply(answers(got))

            do_GET = do_POST = handle_one  # noqa: N815 - what http.server calls them

            def reply(self, reply: Reply) -> None:
                if reply.wait is not None:
                    reply.wait.wait(20)
                if reply.is_reset:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                try:
                    self.send_response(reply.status)
                    for name, text in reply.headers.items():
                        self.send_header(name, text)
                    if not reply.is_endless:
                        self.send_header("content-length", str(len(reply.body.encode())))
                    self.end_headers()
                    self.wfile.write(reply.body.encode())
                    while reply.is_endless:
                        self.wfile.write(b"x" * 65_536)
                except OSError:
                    self.close_connection = True  # nobody waits for it any more

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.origin = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    def take(self, got: Got) -> None:
        """A request has come."""
        with self._arrived:
            self.got.append(got)
            self._arrived.notify_all()

    def waited_for(self, path: str, number: int = 1) -> Got:
        """The `number`-th request for a path, as soon as it has come."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.at(path)) >= number, 10), self.got
        return self.at(path)[number - 1]

    def at(self, path: str) -> list[Got]:
        """The requests for a path, whatever their query."""
        return [one for one in self.got if urlsplit(one.path).path == path]

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def application(answers: Answers) -> Iterator[Application]:
    """A server for as long as the block lasts."""
    running = Application(answers)
    try:
        yield running
    finally:
        running.close()


def voicemail(got: Got) -> Reply:
    """An application that takes a message, and all callbacks."""
    pages = {"/voice": VOICEMAIL, "/done": HANGUP}
    return Reply(body=pages.get(urlsplit(got.path).path, ""))


def callbacks_by(*replies: Reply) -> Answers:
    """As `voicemail`, but callbacks of recordings get these, the last of them for ever."""
    left = list(replies)

    def answers(got: Got) -> Reply:
        if urlsplit(got.path).path != "/recording":
            return voicemail(got)
        return left.pop(0) if len(left) > 1 else left[0]

    return answers
