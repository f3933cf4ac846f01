"""A well-written receiver of recording callbacks, and ones with one fault each."""

from __future__ import annotations

import json
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from urllib.request import urlopen

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

FINAL = ("completed", "absent")


class Receiver:
    """Verifies, keeps each recording once, answers, and only then downloads."""

    oldest_s = 300

    def __init__(self, public_key: str) -> None:
        self.key = VerifyKey(b64decode(public_key))
        self.rows: list[dict[str, str]] = []
        self.lock = threading.Lock()
        self.jobs: list[threading.Thread] = []

    def take(self, method: str, query: str, headers: dict[str, str], body: bytes) -> int:
        """The status with which a callback is answered."""
        if not (self.is_fresh(headers) and self.is_genuine(headers, body)):
            return 403
        text = query if method == "GET" else body.decode()
        params = {name: values[0] for name, values in parse_qs(text).items()}
        return self.told(params)

    def is_fresh(self, headers: dict[str, str]) -> bool:
        stamp = headers.get("telnyx-timestamp", "")
        return stamp.isdigit() and time.time() - int(stamp) <= self.oldest_s

    def is_genuine(self, headers: dict[str, str], body: bytes) -> bool:
        signed = headers.get("telnyx-timestamp", "").encode() + b"|" + body
        try:
            self.key.verify(signed, b64decode(headers.get("telnyx-signature-ed25519", "")))
        except (BadSignatureError, ValueError):
            return False
        return True

    def told(self, params: dict[str, str]) -> int:
        """The status for what is genuine."""
        sid, status = params.get("RecordingSid"), params.get("RecordingStatus")
        if not sid or status not in ("in-progress", *FINAL):
            return self.unknown(params)
        with self.lock:
            row = next((row for row in self.rows if row["sid"] == sid), None)
            return self.recording(row, sid, status, params)

    def unknown(self, params: dict[str, str]) -> int:
        return 200

    def recording(self, row: dict[str, str] | None, sid: str, status: str, params) -> int:
        """What is kept of a recording; the lock is held."""
        if row is None:
            row = {"sid": sid, "status": "in-progress"}
            self.rows.append(row)
        if row["status"] in FINAL or status == "in-progress":
            return 200
        row["status"] = status
        if status == "completed":
            row["duration"] = params.get("RecordingDuration", "")
            self.fetch(row, params)
        return 200

    def fetch(self, row: dict[str, str], params: dict[str, str]) -> None:
        """Download in a job of its own; without a link there is nothing to do yet."""
        if url := params.get("RecordingUrl"):
            job = threading.Thread(target=self.download, args=(row, url))
            job.start()
            self.jobs.append(job)

    def download(self, row: dict[str, str], url: str) -> None:
        try:
            with urlopen(url, timeout=10) as file:
                row["bytes"] = str(len(file.read()))
        except OSError as error:
            row["error"] = str(error)
        else:
            row["url"] = f"/audio/{row['sid']}.mp3"

    def page(self, path: str, params: dict[str, str]) -> str | None:
        """A TeXML document, of one who has an application."""
        return None


@contextmanager
def listening(receiver: Receiver) -> Iterator[str]:
    """Serve a receiver; its URL, beside which `/state` is its probe."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if path == "/state":
                self.say(200, json.dumps({"recordings": receiver.rows}))
                return
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            if document := receiver.page(path, form):
                self.say(200, document)
                return
            headers = {name.lower(): text for name, text in self.headers.items()}
            try:
                self.say(receiver.take(self.command, query, headers, body), "")
            except LookupError:
                self.say(500, "")

        do_GET = do_POST = answer  # noqa: N815 - as http.server calls them

        def say(self, status: int, text: str) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())
            except ConnectionError:
                self.close_connection = True

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/recordings"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        for job in receiver.jobs:
            job.join()


# One fault each; the class is named for it.


class KeepsDuplicatesTwice(Receiver):
    def recording(self, row, sid, status, params):
        if row is not None and row["status"] == status:
            self.rows.append(dict(row))
        return super().recording(row, sid, status, params)


class RefusesDuplicates(Receiver):
    def recording(self, row, sid, status, params):
        if row is not None and (row["status"] == status or status == row.get("began")):
            raise LookupError("duplicate key")
        answer = super().recording(row, sid, status, params)
        if status == "in-progress":
            self.rows[-1].setdefault("began", status)
        return answer


class LetsInProgressUndoTheEnd(Receiver):
    def recording(self, row, sid, status, params):
        if row is not None and status == "in-progress":
            row["status"] = status
        return super().recording(row, sid, status, params)


class IgnoresAbsent(Receiver):
    def recording(self, row, sid, status, params):
        return 200 if status == "absent" else super().recording(row, sid, status, params)


class BreaksOnTheUnknown(Receiver):
    def unknown(self, params):
        raise LookupError("RecordingStatus")


class BelievesAnySignature(Receiver):
    def is_genuine(self, headers, body):
        return True


class BelievesAnyTime(Receiver):
    oldest_s = 10**9


class DownloadsBeforeItAnswers(Receiver):
    def recording(self, row, sid, status, params):
        self.wanted = None
        return super().recording(row, sid, status, params)

    def fetch(self, row, params):
        self.wanted = (row, params.get("RecordingUrl"))

    def told(self, params):
        answer = super().told(params)
        if params.get("RecordingStatus") == "completed" and self.wanted and self.wanted[1]:
            self.download(*self.wanted)
        return answer


class TakesPostAlone(Receiver):
    def take(self, method, query, headers, body):
        return 405 if method == "GET" else super().take(method, query, headers, body)


class KeepsTheLink(Receiver):
    def fetch(self, row, params):
        row["url"] = params.get("RecordingUrl", "")


class NeedsTheLink(Receiver):
    def fetch(self, row, params):
        params["RecordingUrl"]
        super().fetch(row, params)

    def recording(self, row, sid, status, params):
        if status == "completed":
            params["RecordingUrl"]
        return super().recording(row, sid, status, params)


class NeedsInProgress(Receiver):
    def recording(self, row, sid, status, params):
        if row is None and status == "completed":
            return 409
        return super().recording(row, sid, status, params)
