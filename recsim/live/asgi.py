"""The server: the REST API and links to audio for the engine, `/_recsim/` for whoever steers.

Written to ASGI itself: what a route of the API is, its own table knows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from recsim.core.commands import Answer, Request
from recsim.core.errors import RecsimError
from recsim.live import openapi
from recsim.live.control import Control
from recsim.live.engine import Engine
from recsim.live.media import Media

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
        try:
            found = self.engine.request(request)
        except RecsimError as error:
            self.engine.failure = error
            found = Answer(500, JSON, '{"errors":[{"title":"this is a bug in recsim"}]}')
        audio = self.media.of(request) if found.status == 200 and not found.body else None
        await answer(send, found, audio)


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


async def answer(send: Send, found: Answer, content: bytes | None = None) -> None:
    """Send an answer; `content` in place of its text."""
    body = found.body.encode() if content is None else content
    headers = [
        (name.lower().encode("latin-1"), text.encode("latin-1"))
        for name, text in found.headers
        if name.lower() != "content-length"
    ]
    if found.status != 204:
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": found.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
