"""`recsim serve`: the REST API and real callbacks on this machine."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recsim.cli.common import BAD_INPUT, LARGEST_SEED, readings_given, remark


class Clocks(StrEnum):
    """What moves time."""

    REAL = "real"
    MANUAL = "manual"


def serve(
    scenario: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SCENARIO]", help="Whose calls and people play in it.", show_default=False
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
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST",
            help="Another host than this machine to which requests may go; may be repeated.",
            show_default=False,
        ),
    ] = None,
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
    reading: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE",
            help="An answer to what the documents leave open; may be repeated.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="In place of the file's own.", min=0, max=LARGEST_SEED)
    ] = None,
) -> None:
    """Serve the REST API under /v2, deliver callbacks, fetch instructions: all of it offline."""
    try:
        from recsim.live import server
        from recsim.live.outside import Allowed
    except ImportError as error:
        remark(f"expected {error.name}, which pip install 'recsim[serve]' brings")
        raise typer.Exit(BAD_INPUT) from None

    try:
        at = server.bound(host, port)
    except OSError as error:
        remark(f"{host}:{port}: {(error.strerror or str(error)).lower()}; give another --port")
        raise typer.Exit(BAD_INPUT) from None
    settings = server.Settings(
        host=host,
        port=at.getsockname()[1],
        api_keys=tuple(api_key or ()),
        voice_url=voice_url,
        speed=speed,
        is_manual=clock is Clocks.MANUAL,
        seed=seed,
        allowed=Allowed(frozenset(map(str.lower, allow_host or ())), mapped(origin or [])),
        readings=readings_given(reading or []),
    )
    app = server.made(scenario, settings, remark)
    remark(
        f"recsim serves {settings.origin}/v2 until Ctrl-C; steer it at {settings.origin}/_recsim/"
    )
    remark(f"public key: {app.engine.vendor.public_key}")
    server.server(app, settings).run([at])


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
