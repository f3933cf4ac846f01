"""A server made ready: the engine over a scenario, its application, and where it listens."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from recsim.core.units import SECOND_US
from recsim.live.asgi import App
from recsim.live.clock import Clock, Manual, Running
from recsim.live.control import Control
from recsim.live.engine import Engine
from recsim.live.media import Media
from recsim.live.outside import Allowed, Network, is_loopback
from recsim.scenario.compiling import application_of
from recsim.scenario.load import Loaded, load, loads
from recsim.scenario.run import stage

if TYPE_CHECKING:
    import uvicorn

NOBODY = b"""\
recsim: 1
title: Nobody calls by themselves
application: {voice_url: "http://127.0.0.1:5000/voice"}
calls: {caller: {from: +15550001, to: +15550002}}
"""
"""What is on file where no scenario says it; its caller, which a file must have, is left out."""

BACKLOG = 2048
"""So many connections wait to be taken."""

STORAGE = "/telephony-recorder-prod"
"""Where files are kept below the server's own origin."""


@dataclass(frozen=True)
class Settings:
    """How a server is started."""

    host: str = "127.0.0.1"
    port: int = 8080
    api_keys: tuple[str, ...] = ()
    """None: any key is good."""
    voice_url: str = ""
    """Of the user's own application, for whoever calls; empty: that of the scenario."""
    speed: float = 1
    is_manual: bool = False
    seed: int | None = None
    allowed: Allowed = field(default_factory=Allowed)
    readings: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """What URLs of the server begin with."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def loaded_for(path: str | Path | Loaded | None, settings: Settings) -> Loaded:
    """The scenario of a server: signed, by the settings' keys and URL, and from now on.

    With a manual clock it starts when the file says. Raises ScenarioError.
    """
    if isinstance(path, Loaded):
        loaded = path
    else:
        loaded = loads(NOBODY, "nobody") if path is None else load(path)
    scenario = loaded.scenario
    update: dict[str, object] = {"sign": True, **({"calls": {}} if path is None else {})}
    if settings.api_keys:
        keys = {"keys": list(settings.api_keys)}
        update["account"] = scenario.account.model_copy(update=keys)
    if settings.voice_url:
        url = {"voice_url": settings.voice_url}
        update["application"] = scenario.application.model_copy(update=url)
    if not settings.is_manual:
        update["starts_at"] = int(time.time() * SECOND_US)
    return loaded._replace(scenario=scenario.model_copy(update=update))


def made(path: str | Path | Loaded | None, settings: Settings, log: Callable[[str], None]) -> App:
    """The ASGI application. Raises ScenarioError, ReadingError, ExtraError."""
    loaded = loaded_for(path, settings)
    bucket = f"{settings.origin}{STORAGE}"
    staged = stage(loaded, settings.seed, settings.readings, bucket=bucket)
    clock: Clock = Manual() if settings.is_manual else Running(settings.speed)
    engine = Engine(staged, clock, Network(settings.allowed, log))
    application = application_of(loaded.scenario, staged.vendor.readings)
    return App(engine, Control(engine, application), Media(engine))


def server(app: App) -> uvicorn.Server:
    """What serves, not yet started; `run` takes the sockets that it is to listen on."""
    import uvicorn  # noqa: PLC0415 - an extra: only who serves has it

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


def listening(host: str, port: int) -> socket.socket:
    """A socket on which connections are taken from now on. Raises OSError where that can't be."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # asyncio sends answers without delay only where a socket says that it is TCP.
    found = socket.socket(family, kind, protocol)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(BACKLOG)
    except OSError:
        found.close()
        raise
    return found


def port_of(sock: socket.socket) -> int:
    """The port of a socket."""
    port: int = sock.getsockname()[1]
    return port


def is_reachable(sock: socket.socket) -> bool:
    """Whether other machines can connect to a socket."""
    return not is_loopback(sock.getsockname()[0])
