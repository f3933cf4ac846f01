"""Real requests to real servers, and only to those that are allowed.

Loopback is; any other host has to be named. An address is looked at as what it resolves to, so that
no spelling of a private one passes for something else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import httpx

from recsim.core.commands import Answer
from recsim.core.vendor import Encoded

MOST_BYTES = 1 << 20
"""Longest body that is read of an answer."""

MOST_AT_ONCE = 200
"""Requests under way at the same time; others wait for their turn."""

LONGEST_S = 60
"""No wait of the client library's own is longer; the platform's timeouts are shorter."""

HELD_BACK = ("host", "content-length")
"""Headers that the client library sets itself."""


class RefusedError(Exception):
    """A URL that nothing is sent to; says why. Never leaves this module."""


class Allowed(NamedTuple):
    """Where requests may go."""

    hosts: frozenset[str] = frozenset()
    """Beside loopback, as URLs have them, in lower case, with or without a port."""
    origins: Mapping[str, str] = {}
    """Origins that stand for others: `https://app.test` for `http://127.0.0.1:5000`."""


def meant(url: str, origins: Mapping[str, str]) -> str:
    """A URL with its origin as it is to be asked."""
    parts = urlsplit(url)
    other = origins.get(f"{parts.scheme}://{parts.netloc}")
    if other is None:
        return url
    base = urlsplit(other)
    path = base.path.rstrip("/") + parts.path
    return urlunsplit((base.scheme, base.netloc, path, parts.query, parts.fragment))


class Target(NamedTuple):
    """Where a request really goes."""

    url: str
    host: str
    """For the Host header and for TLS; empty: as the URL has it."""


async def target(url: str, allowed: Allowed) -> Target:
    """Where a request to this URL may go. Raises RefusedError.

    A host that is not named is asked at the address that was looked at, so that it can't become
    another one in between.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedError(f"expected a URL: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise RefusedError(f"expected http or https, got {parts.scheme or 'no scheme'}")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("a URL with credentials is sent to nobody")
    host = (parts.hostname or "").lower()
    if not host:
        raise RefusedError("expected a host")
    if host in allowed.hosts or f"{host}:{port}" in allowed.hosts:
        return Target(url, "")
    addresses = await resolved(host, port or (443 if parts.scheme == "https" else 80))
    for address in addresses:
        if not is_loopback(address):
            raise RefusedError(f"{host} is not on this machine; allow it with --allow-host {host}")
    address = addresses[0]
    netloc = f"[{address}]" if ":" in address else address
    netloc += f":{port}" if port else ""
    return Target(urlunsplit(parts._replace(netloc=netloc)), parts.netloc)


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host, those of IPv4 first. Raises RefusedError where there is none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RefusedError(f"{host} is not known here: {error}") from None
    addresses = {str(row[4][0]) for row in found}
    return sorted(addresses, key=lambda address: (":" in address, address))


def is_loopback(address: str) -> bool:
    """Whether an address is this machine, however it is spelt."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_loopback


class Network:
    """Sends what the platform sends. Redirects are not followed: the platform decides on them."""

    def __init__(self, allowed: Allowed, log: Callable[[str], None] = lambda _: None) -> None:
        self.allowed, self.log = allowed, log
        limits = httpx.Limits(max_connections=MOST_AT_ONCE, max_keepalive_connections=20)
        self._client = httpx.AsyncClient(
            follow_redirects=False, limits=limits, trust_env=False, timeout=LONGEST_S
        )

    async def send(self, sent: Encoded, method: str, timeout_s: float) -> Answer:
        """As `engine.Outside`."""
        url = meant(sent.url, self.allowed.origins)
        try:
            to = await target(url, self.allowed)
        except RefusedError as refused:
            self.log(f"{method} {url} was not sent: {refused}")
            return Answer(0, failure="refused")
        headers = [pair for pair in sent.headers if pair[0].lower() not in HELD_BACK]
        headers += [("host", to.host)] if to.host else []
        try:
            async with asyncio.timeout(timeout_s):
                return await self._exchange(method, to, headers, sent.body)
        except TimeoutError:
            failure = "timeout"
        except httpx.ConnectError as error:
            failure = "refused"
            self.log(f"{method} {url}: no connection: {error}")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            failure = "reset"
            self.log(f"{method} {url}: {type(error).__name__}: {error}")
        return Answer(0, failure=failure)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()

    async def _exchange(
        self, method: str, to: Target, headers: list[tuple[str, str]], body: str
    ) -> Answer:
        name = to.host.rpartition(":")[0] or to.host
        request = self._client.build_request(
            method,
            to.url,
            headers=headers,
            content=body.encode() if body else None,
            extensions={"sni_hostname": name} if name else None,
        )
        response = await self._client.send(request, stream=True)
        try:
            read = bytearray()
            async for piece in response.aiter_bytes():
                read += piece
                if len(read) > MOST_BYTES:
                    self.log(f"{method} {to.url}: the answer is longer than {MOST_BYTES} bytes")
                    return Answer(0, failure="reset")
            text = read.decode(response.encoding or "utf-8", "replace")
            return Answer(response.status_code, tuple(response.headers.multi_items()), text)
        finally:
            await response.aclose()
