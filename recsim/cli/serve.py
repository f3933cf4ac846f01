"""`recsim serve`: the REST API and real callbacks on this machine."""

from __future__ import annotations

import signal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recsim.cli.common import (
    BAD_INPUT,
    INTERRUPTED,
    load_all,
    readings_given,
    remark,
)
from recsim.cli.options import Hosts, Readings, Seed
from recsim.core.documents import is_callable


class Clocks(StrEnum):
    """What moves time."""

    REAL = "real"
    MANUAL = "manual"


def serve(
    scenario: Annotated[
        Path | None,
        typer.Argument(
            metavar="SCENARIO", help="Whose calls and people play in it.", show_default=False
        ),
    ] = None,
    port: Annotated[int, typer.Option(help="0: any that is free.", min=0, max=65535)] = 8080,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    voice_url: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Of your own TeXML application, asked about every call.",
            show_default=False,
        ),
    ] = "",
    api_key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY",
            help="The only Bearer key that is good; may be repeated. Without it, any is.",
            show_default=False,
        ),
    ] = None,
    clock: Annotated[
        Clocks, typer.Option(help="Real time, or only what POST /_recsim/clock says.")
    ] = Clocks.REAL,
    speed: Annotated[
        float, typer.Option(metavar="N", help="So many times as fast as real time.", min=0.01)
    ] = 1,
    allow_host: Hosts = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="ORIGIN=URL",
            help="Send what goes to an origin elsewhere, such as "
            "https://app.test=http://127.0.0.1:5000; may be repeated.",
            show_default=False,
        ),
    ] = None,
    reading: Readings = None,
    seed: Seed = None,
) -> None:
    """Serve the REST API under /v2, deliver callbacks, fetch instructions: all of it offline."""
    try:
        from recsim.live import server
        from recsim.live.outside import Allowed
    except ImportError as error:
        remark(f"expected {error.name}, which pip install 'recsim[serve]' brings")
        raise typer.Exit(BAD_INPUT) from None

    checked(voice_url, allow_host or [])
    if clock is Clocks.MANUAL and speed != 1:
        raise typer.BadParameter("a manual clock has no speed", param_hint="--speed")
    origins, readings = mapped(origin or []), readings_given(reading or [])
    loaded = None if scenario is None else load_all([scenario])[0]
    try:
        sock = server.listening(host, port)
    except OSError as error:
        remark(f"recsim: {host}:{port}: {(error.strerror or str(error)).lower()}")
        raise typer.Exit(BAD_INPUT) from None
    settings = server.Settings(
        host=host,
        port=server.port_of(sock),
        api_keys=tuple(api_key or ()),
        voice_url=voice_url,
        speed=speed,
        is_manual=clock is Clocks.MANUAL,
        seed=seed,
        allowed=Allowed(frozenset(map(str.lower, allow_host or ())), origins),
        readings=readings,
    )
    app = server.made(loaded, settings, remark)
    if server.is_reachable(sock):
        remark(
            f"warning: whoever reaches {host}:{settings.port} can read and steer everything here; "
            "--host 127.0.0.1 keeps it to this machine"
        )
    remark(
        f"recsim serves {settings.origin}/v2 until Ctrl-C; steer it at {settings.origin}/_recsim/"
    )
    remark(f"public key: {app.engine.vendor.public_key}")
    signal.signal(signal.SIGTERM, stopped)
    try:
        server.server(app).run(sockets=[sock])
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def stopped(*_: object) -> None:
    """Leave as one who was asked to; the server has shut down by then."""
    raise SystemExit(0)


def checked(voice_url: str, hosts: list[str]) -> None:
    """Refuse what is no URL, and what is no host."""
    if voice_url and not is_callable(voice_url):
        told = f"expected a URL such as http://127.0.0.1:5000/voice, got {voice_url!r}"
        raise typer.BadParameter(told, param_hint="--voice-url")
    for host in hosts:
        if "/" in host:
            told = f"expected a host such as app.test or app.test:5000, got {host!r}"
            raise typer.BadParameter(told, param_hint="--allow-host")


def mapped(words: list[str]) -> dict[str, str]:
    """The origins of `--map`."""
    found: dict[str, str] = {}
    for word in words:
        origin, equals, url = word.partition("=")
        if not equals or "://" not in origin or not url.startswith(("http://", "https://")):
            told = (
                f"expected ORIGIN=URL such as https://app.test=http://127.0.0.1:5000, got {word!r}"
            )
            raise typer.BadParameter(told, param_hint="--map")
        found[origin.rstrip("/")] = url
    return found
