"""A receiver, graded from the first check to the last."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from recsim.core.errors import suggest
from recsim.live.grade.checks import BY_NAME, CHECKS, Check
from recsim.live.grade.grader import PATIENCE, Grader
from recsim.live.grade.parts import Finding, GradeError, Report, Result, Settings
from recsim.live.grade.probe import CommandProbe, Probe, UrlProbe
from recsim.live.grade.shelf import Shelf
from recsim.live.outside import Network, RefusedError, target
from recsim.vendors.telnyx.signing import Signer

CONNECT_S = 5
"""Longest time to a connection."""


def public_key(seed: int) -> str:
    """What a receiver must be given to be graded, in base64. Raises ExtraError."""
    return Signer(seed).public_key


def chosen(only: tuple[str, ...]) -> tuple[Check, ...]:
    """The checks of these names, all where there is none. Raises GradeError."""
    for name in only:
        if name not in BY_NAME:
            known = ", ".join(BY_NAME)
            raise GradeError(f"there is no check {name!r}{suggest(name, BY_NAME)}; known: {known}")
    return tuple(check for check in CHECKS if not only or check.name in only)


def grade(settings: Settings, progress: Callable[[str], None] = lambda _: None) -> Report:
    """Grade a receiver; `progress` is told each check as it begins.

    Raises GradeError where nobody answers at the URL, or the probe can't be read; ExtraError
    without PyNaCl.
    """
    return asyncio.run(graded(settings, progress))


async def graded(settings: Settings, progress: Callable[[str], None]) -> Report:
    """As `grade`, in a running loop."""
    checks = chosen(settings.only)
    log: list[str] = []
    network = Network(settings.allowed, log.append)
    try:
        for url in filter(None, (settings.url, settings.voice_url, settings.status_url)):
            await reachable(url, network)
        probe = probe_of(settings, network, log)
        if probe is not None:
            await probe.rows()
        with Shelf(2 * PATIENCE * settings.timeout_s).opened() as shelf:
            grader = Grader(settings, network, shelf, probe)
            results = [await made(check, grader, progress) for check in checks]
    finally:
        await network.close()
    key = grader.signer.public_key
    return Report(settings.url, key, settings.seed, settings.has_probe, tuple(results))


async def reachable(url: str, network: Network) -> None:
    """Raise GradeError where nothing may be sent to a URL, or nobody listens there."""
    if any(letter.isspace() or not letter.isprintable() for letter in url):
        raise GradeError(f"expected a URL without blanks, got {url!r}")
    try:
        to = await target(url, network.allowed)
    except RefusedError as refused:
        raise GradeError(f"{url}: {refused}") from None
    parts = urlsplit(to.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except TimeoutError:
        raise GradeError(f"{url}: no connection within {CONNECT_S} s") from None
    except OSError:
        raise GradeError(f"{url}: no connection; is the receiver running?") from None
    writer.close()
    await writer.wait_closed()


def probe_of(settings: Settings, network: Network, log: list[str]) -> Probe | None:
    """Whoever tells what was kept; None: nobody does."""
    if settings.probe_url:
        return UrlProbe(settings.probe_url, network, log)
    return CommandProbe(settings.probe_command) if settings.probe_command else None


async def made(check: Check, grader: Grader, progress: Callable[[str], None]) -> Result:
    """What a check finds."""
    progress(check.name)
    begun_s = time.monotonic()
    lacks = check.lacks(grader.settings)
    finding = Finding(unjudged=lacks) if lacks else await check.make(grader)
    took_s = time.monotonic() - begun_s
    return Result(check.name, check.title, check.points, check.loses, check.remedy, finding, took_s)
