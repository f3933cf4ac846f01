"""The server: the REST API and links to audio for the engine, `/_recsim/` for whoever steers.

Written to ASGI itself: what a route of the API is, its own table knows.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import orjson

from recsim.core.commands import Answer, Request
from recsim.live import openapi
from recsim.live.control import Control
from recsim.live.engine import Engine
from recsim.live.media import File, Media

MOST_BYTES = 1 << 20
"""Longest body of a request."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

STEERING = "/_recsim/"


class App:
    """An ASGI application over one engine."""

    def __init__(self, engine: Engine, control: Control, media: Media) -> None:
        self.engine, self.control, self.media = engine, control, media

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request, or the server's life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.engine.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.engine.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        body = await read(receive)
        if body is None:
            await answer(send, Answer(413, JSON, '{"errors":[{"title":"body is too long"}]}'))
            return
        request = Request(
            scope["method"],
            path,
            scope["query_string"].decode("ascii", "replace"),
            headers_of(scope),
            body.decode("utf-8", "replace"),
        )
        if path.startswith(STEERING):
            await answer(send, await self.control.answer(request))
            return
        if path == openapi.PATH:
            await answer(send, described(request.method))
            return
        sent = self.media.of(request, self._asked(request))
        if isinstance(sent, File):
            await stream(receive, send, sent)
        else:
            await answer(send, sent)

    def _asked(self, request: Request) -> Answer:
        """The answer of the API; after a fault of the engine, that there was one."""
        if self.engine.failure is None:
            try:
                return self.engine.request(request)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a bug, and is told
                self.engine.failure = error
        text = "".join(traceback.format_exception_only(self.engine.failure)).strip()
        told = {"errors": [{"title": "this is a bug in recsim; please report it", "detail": text}]}
        return Answer(500, JSON, orjson.dumps(told).decode())


def described(method: str) -> Answer:
    """The description of the API, to whoever may read it."""
    if method not in ("GET", "HEAD"):
        return Answer(405, (*JSON, ("allow", "GET, HEAD")), '{"errors":[{"title":"expected GET"}]}')
    return Answer(200, JSON, openapi.document().decode())


def headers_of(scope: Scope) -> tuple[tuple[str, str], ...]:
    """The headers of a request, their names in lower case."""
    pairs: list[tuple[bytes, bytes]] = scope["headers"]
    return tuple((name.decode("latin-1"), text.decode("latin-1")) for name, text in pairs)


JSON = (("content-type", "application/json"),)


async def read(receive: Receive) -> bytes | None:
    """The body of a request; None where it is too long."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body if len(body) <= MOST_BYTES else None
    pieces = bytearray(body)
    while message.get("more_body"):
        message = await receive()
        pieces += message.get("body", b"")
        if len(pieces) > MOST_BYTES:
            return None
    return bytes(pieces)


async def answer(send: Send, found: Answer) -> None:
    """Send an answer."""
    body = found.body.encode()
    headers = [pair for pair in found.headers if pair[0].lower() != "content-length"]
    if found.status != 204:
        headers.append(("content-length", str(len(body))))
    await begin(send, found.status, headers)
    await send({"type": "http.response.body", "body": body})


async def stream(receive: Receive, send: Send, file: File) -> None:
    """Send a file piece by piece, and others their turn in between, until the client is gone."""
    await begin(send, file.answer.status, file.answer.headers)
    gone = asyncio.create_task(disconnected(receive))
    try:
        for piece in file.pieces:
            if piece:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)
            if gone.done():
                return
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def disconnected(receive: Receive) -> None:
    """Wait until the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def begin(send: Send, status: int, headers: Iterable[tuple[str, str]]) -> None:
    """Send what stands before the body."""
    pairs = [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in headers]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
