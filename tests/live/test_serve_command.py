"""`recsim serve` as whoever meets it for the first time does: what it says, how it ends."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import httpx
import pytest
from conftest import SCENARIOS
from typer.testing import CliRunner

from recsim import cli
from recsim.live.local import Steering
from recsim.live.server import listening

VOICEMAIL = next(file for file in SCENARIOS if file.stem == "voicemail-hang-up")
COMMAND = [sys.executable, "-c", "from recsim.cli import main; main()", "serve"]


def refused(*words: str) -> str:
    """What is said of wrong usage, without the box around it."""
    result = CliRunner().invoke(cli.app, ["serve", *words], catch_exceptions=False)
    assert result.exit_code == 2
    assert result.stdout == ""
    return " ".join(result.stderr.replace("│", " ").split())


def process(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, timeout=60, check=False
    )


class Started:
    """A server in its own process; `told` is what it has said so far."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self.running, self.told = running, ""
        assert running.stderr is not None
        self.stderr: IO[str] = running.stderr
        self.read_until("public key")
        found = re.search(r"recsim serves (http://\S+)/v2", self.told)
        assert found is not None, self.told
        self.origin = found[1]

    def read_until(self, word: str) -> str:
        """The next line with a word in it."""
        for line in self.stderr:
            self.told += line
            if word in line:
                return line
        raise AssertionError(self.told)

    def ended_by(self, number: signal.Signals) -> int:
        """Send a signal; the exit status. What else is said goes to `told`."""
        self.running.send_signal(number)
        self.told += self.running.communicate(timeout=20)[1]
        return self.running.returncode


@contextmanager
def started(*words: str) -> Iterator[Started]:
    with subprocess.Popen(
        [*COMMAND, "--port", "0", *words], stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            yield Started(running)
        finally:
            running.kill()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_ends_it_cleanly(number, status):
    with started(str(VOICEMAIL), "--clock", "manual") as server:
        assert httpx.get(f"{server.origin}/v2/recordings").status_code == 401

        assert server.ended_by(number) == status
        assert len(server.told.splitlines()) == 2, server.told


def test_it_says_where_it_is_and_what_proves_who_sent_something():
    with started() as server:
        steering = Steering(server.origin)
        key, clock = steering.public_key, steering.ask("GET", "clock")
        steering.close()
        server.ended_by(signal.SIGTERM)

        assert f"public key: {key}" in server.told
        assert clock["clock"] == "running"
        assert "warning" not in server.told


def test_whoever_opens_it_to_others_is_warned():
    with started("--host", "0.0.0.0") as server:
        server.ended_by(signal.SIGTERM)

        assert "whoever reaches 0.0.0.0:" in server.told
        assert "can read and steer everything here" in server.told


def test_what_is_not_sent_is_said_with_the_reason():
    with started("--clock", "manual", "--voice-url", "http://10.0.0.1/voice") as server:
        steering = Steering(server.origin)
        steering.call(name="anna")
        steering.close()
        line = server.read_until("was not sent")
        server.ended_by(signal.SIGTERM)

        assert "POST http://10.0.0.1/voice was not sent" in line
        assert "allow it with --allow-host 10.0.0.1" in line


def test_a_port_that_is_taken_is_told():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = process("--port", str(port))

    assert done.returncode == 2
    assert done.stderr == f"recsim: 127.0.0.1:{port}: address already in use\n"


def test_its_socket_says_that_it_is_tcp():
    """Or asyncio would let small answers wait for others: 40 ms each over a kept connection."""
    with listening("127.0.0.1", 0) as sock:
        assert sock.proto == socket.IPPROTO_TCP


def test_a_scenario_that_cannot_be_played_is_told_as_run_tells_it(tmp_path):
    file = tmp_path / "typo.yaml"
    file.write_text(VOICEMAIL.read_text().replace("expect:", "expct:"))

    for wrong in (str(file), str(tmp_path / "missing.yaml")):
        found = refused(wrong)
        run = CliRunner().invoke(cli.app, ["run", wrong])
        assert found == " ".join(run.stderr.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--voice-url", "localhost:5000"], "expected a URL such as http://127.0.0.1:5000/voice"),
        (["--allow-host", "https://app.test"], "expected a host such as app.test or app.test:5000"),
        (["--map", "app.test"], "expected ORIGIN=URL such as https://app.test=http://127.0.0.1:5000"),
        (["--clock", "manual", "--speed", "2"], "a manual clock has no speed"),
        (["--clock", "maual"], "manual"),
        (["--reading", "beep=on"], "beep"),
        (["--voice-ur", "x"], "--voice-url"),
        (["--port", "70000"], "65535"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_with_what_would_be_right(words, told):
    assert told in refused(*words)


def test_the_help_names_every_option():
    result = CliRunner().invoke(cli.app, ["serve", "--help"], env={"COLUMNS": "200"})

    for word in ("SCENARIO", "--port", "--host", "--clock", "--map", "--allow-host", "--api-key"):
        assert word in result.stdout
