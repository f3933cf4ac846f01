"""The fixtures that users get, in a test suite of their own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from conftest import SCENARIOS

from recsim.live.local import ServerError
from recsim.live.process import serve_apart

VOICEMAIL = next(file for file in SCENARIOS if file.stem == "voicemail-hang-up")

SUITE = """\
import pytest

SCENARIO = {scenario!r}


def test_without_a_marker_nobody_calls(recsim_server):
    assert recsim_server.calls() == []
    assert recsim_server.ask("GET", "clock")["clock"] == "manual"


@pytest.mark.recsim_server(SCENARIO, seed=3)
def test_a_scenario_is_played(recsim_server):
    recsim_server.clock.until_idle()
    assert [call["status"] for call in recsim_server.calls()] == ["completed"]


@pytest.mark.recsim_server(scenario=SCENARIO, clock="real", speed=50)
def test_its_clock_can_be_real(recsim_server):
    assert recsim_server.ask("GET", "clock")["clock"] == "running"


def test_a_test_starts_as_many_as_it_likes(recsim_serve):
    one, other = recsim_serve(), recsim_serve(SCENARIO)
    assert one.origin != other.origin
    assert one.calls() == []


def test_in_a_process_of_its_own(recsim_process):
    server = recsim_process(SCENARIO, "--clock", "manual")
    server.clock.until_idle()
    assert server.callbacks()
"""


def test_a_suite_uses_every_fixture(tmp_path):
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["recsim.live.fixtures"]\n')
    (tmp_path / "test_suite.py").write_text(SUITE.format(scenario=str(VOICEMAIL)))
    command = [sys.executable, "-m", "pytest", "-q", "--strict-markers", "-p", "no:cacheprovider"]

    done = subprocess.run(
        [*command, "test_suite.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout


def test_a_process_that_does_not_start_says_why():
    with (
        pytest.raises(ServerError, match=r"nosuch\.yaml: cannot be read"),
        serve_apart("nosuch.yaml"),
    ):
        pass
