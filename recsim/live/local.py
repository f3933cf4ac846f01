"""A server in this process, for tests and notebooks.

```python
from recsim.live import local

with local.serve(voice_url="http://127.0.0.1:5000/voice", clock="manual") as server:
    call = server.call(name="anna")
    server.clock.by("10s")
    server.act("anna", "hang_up")
    server.clock.until_idle()
    assert server.callbacks()
```
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import httpx

from recsim.core.errors import RecsimError
from recsim.live.outside import Allowed
from recsim.live.server import Settings, listening, made, port_of, server
from recsim.scenario.load import Loaded

START_S = 10
"""A server that isn't there after so long never will be."""


class ServerError(RecsimError):
    """A server that could not start, or that refused what it was asked at `/_recsim/`."""


class Clock:
    """The clock of a server; its moves return what fired, as lines of the trace."""

    def __init__(self, steer: Steering) -> None:
        self._steer = steer

    def now(self) -> str:
        """What time it is, as ISO 8601 text."""
        now: str = self._steer.ask("GET", "clock")["now"]
        return now

    def by(self, length: str) -> list[dict[str, Any]]:
        """So much later, such as `90s` or `1h`."""
        return self._move({"by": length})

    def to(self, moment: str) -> list[dict[str, Any]]:
        """At an instant, as ISO 8601 text."""
        return self._move({"to": moment})

    def until_next(self) -> list[dict[str, Any]]:
        """As far as something is due."""
        return self._move({"until": "next"})

    def until_idle(self) -> list[dict[str, Any]]:
        """Until nothing comes any more: retries, limits and files, whatever they take."""
        return self._move({"until": "idle"})

    def _move(self, how: Mapping[str, str]) -> list[dict[str, Any]]:
        fired: list[dict[str, Any]] = self._steer.ask("POST", "clock", how)["fired"]
        return fired


class Steering:
    """Whoever steers a server, here or elsewhere, by its URL. Raises ServerError."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.base_url = f"{origin}/v2"
        """What a client of the vendor's API is given."""
        self.clock = Clock(self)
        self._http = httpx.Client(base_url=f"{origin}/_recsim/", trust_env=False, timeout=60)

    @property
    def public_key(self) -> str:
        """What proves that callbacks come from here, in base64."""
        key: str = self.ask("GET", "public_key")["public_key"]
        return key

    def call(self, **fields: str) -> dict[str, Any]:
        """Somebody calls: `from_`, `to`, `name`, `voice_url`, all of which have defaults."""
        told = {name.rstrip("_"): text for name, text in fields.items()}
        found: dict[str, Any] = self.ask("POST", "calls", told)
        return found

    def calls(self) -> list[dict[str, Any]]:
        """Every leg."""
        found: list[dict[str, Any]] = self.ask("GET", "calls")
        return found

    def act(self, call: str, does: str, **fields: str) -> dict[str, Any]:
        """Somebody does something: ring, answer, refuse, speak, silent, press, hang_up."""
        told = {("for" if name == "for_" else name): text for name, text in fields.items()}
        found: dict[str, Any] = self.ask("POST", f"calls/{call}/{does}", told)
        return found

    def trace(self, after: int = 0) -> list[dict[str, Any]]:
        """What happened after a seq."""
        found: list[dict[str, Any]] = self.ask("GET", f"trace?after={after}")
        return found

    def callbacks(self) -> list[dict[str, Any]]:
        """What was sent, an entry an attempt."""
        found: list[dict[str, Any]] = self.ask("GET", "callbacks")
        return found

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Ask anything below `/_recsim/`."""
        answer = self._http.request(method, path, json=body)
        found = answer.json()
        if answer.status_code != httpx.codes.OK:
            raise ServerError(found["error"])
        return found

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()


@contextmanager
def serve(
    scenario: str | Path | Loaded | None = None,
    *,
    voice_url: str = "",
    clock: Literal["real", "manual"] = "manual",
    port: int = 0,
    speed: float = 1,
    api_keys: tuple[str, ...] = (),
    allow_hosts: tuple[str, ...] = (),
    origins: Mapping[str, str] | None = None,
    readings: Mapping[str, str] | None = None,
    seed: int | None = None,
) -> Iterator[Steering]:
    """Serve in a thread for as long as the block lasts; see `recsim serve` for the rest.

    Raises ServerError where it can't start, ScenarioError for a scenario that can't be played.
    """
    host = "127.0.0.1"
    try:
        sock = listening(host, port)
    except OSError as error:
        told = (error.strerror or str(error)).lower()
        raise ServerError(f"nothing can be served at {host}:{port}: {told}") from None
    settings = Settings(
        host=host,
        port=port_of(sock),
        api_keys=api_keys,
        voice_url=voice_url,
        speed=speed,
        is_manual=clock == "manual",
        seed=seed,
        allowed=Allowed(frozenset(map(str.lower, allow_hosts)), dict(origins or {})),
        readings=dict(readings or {}),
    )
    log: list[str] = []
    try:
        running = server(made(scenario, settings, log.append))
    except BaseException:  # an interrupt too: nobody else knows of the socket
        sock.close()
        raise
    thread = threading.Thread(target=running.run, args=([sock],), name="recsim serve", daemon=True)
    thread.start()
    begun_s = time.monotonic()
    while not running.started:
        if not thread.is_alive() or time.monotonic() - begun_s > START_S:
            raise ServerError(f"nothing could be served at {settings.origin}")
        time.sleep(0.005)
    steering = Steering(settings.origin)
    try:
        yield steering
    finally:
        steering.close()
        running.should_exit = True
        thread.join(START_S)
        sock.close()
