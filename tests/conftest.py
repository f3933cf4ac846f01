"""Fixtures that more than one module uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsim.scenario.load import Loaded, loads
from recsim.scenario.run import Run, run

pytest_plugins = ["pytester"]

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))

BUSY = """\
recsim: 1
title: Several calls at once, and everything is drawn
application:
  voice_url: https://app.test/answer
  fallback_url: https://backup.test/answer
  latency: {choice: [0s, 100ms, 100ms, 500ms, 500ms, 500ms, 1s, 11s]}
documents:
  https://app.test/answer: |
    <Response>
      <Record action="/done" finishOnKey="#" timeout="1" maxLength="4"
              recordingStatusCallback="/recording"
              recordingStatusCallbackEvent="in-progress completed absent"/>
      <Redirect>/more</Redirect>
    </Response>
  https://app.test/done: |
    <Response>
      <Pause/>
      <Record trim="trim-silence" maxLength="1" recordingStatusCallback="/recording"
              recordingStatusCallbackEvent="in-progress completed absent"/>
    </Response>
  https://app.test/more:
    body: <Response><Say>Goodbye.</Say></Response>
    latency: {exponential: 1s}
  https://backup.test/answer: <Response><Pause length="4"/></Response>
network:
  latency: {choice: [0s, 0s, 100ms, 500ms, 2.1s]}
  loss: 10%
  duplicates: 20%
receiver:
  latency: {uniform: [0s, 2.5s]}
  answers: [500, timeout, 404, 200]
  asks:
    - when: {RecordingStatus: in-progress}
      get: /v2/texml/Accounts/{account}/Recordings/{RecordingSid}.json
    - when: {RecordingStatus: completed}
      after: 100ms
      get: "{RecordingUrl}"
storage:
  delay: {normal: [1s, 1s]}
  per_second: 100ms
calls:
  alice:
    from: +15550001
    to: +15550002
    story:
      - wait: beep
      - speak: {choice: [0s, 500ms, 1s, 5s]}
      - silent: {choice: [0s, 500ms, 1s]}
      - press: "#"
      - wait: {uniform: [0s, 4s]}
      - speak: 1s
      - hang_up
  bob:
    from: sip:bob@example.test
    to: +15550002
    story:
      - wait: record
      - silent: 500ms
      - speak: {choice: [1s, 3.5s, 4s]}
      - hang_up
  carol:
    at: 500ms
    from: +15550003
    to: +15550002
    story:
      - speak: {choice: [0s, 1s, 2s]}
      - press: 1
      - wait: beep
      - silent: 4s
      - speak: 1s
      - press: "#"
requests:
  - at: 1s after alice beep
    post: /v2/texml/Accounts/{account}/Calls/{alice}/Recordings/{alice.recording}.json
    form: {Status: paused}
  - at: 1500ms after alice beep
    post: /v2/texml/Accounts/{account}/Calls/{alice}/Recordings/{alice.recording}.json
    form: {Status: in-progress}
  - at: after bob answer
    post: /v2/texml/Accounts/{account}/Calls/{bob}/Recordings.json
    form: {PlayBeep: false, RecordingStatusCallback: "https://app.test/recording"}
  - at: 30s
    get: /v2/recordings/{carol.recording}
  - at: 30s
    get: "{carol.recording.media_url}"
  - at: 3s after alice beep
    get: "{alice.recording.url}"
"""
"""A scenario in which much is due at the same moment."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `scenario` runs for each file in scenarios/."""
    if "scenario" in metafunc.fixturenames:
        metafunc.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)


@pytest.fixture
def scenarios() -> list[Path]:
    """Every scenario file."""
    return SCENARIOS


@pytest.fixture
def played(scenario: Path) -> Run:
    """A scenario file, played."""
    return run(scenario)


@pytest.fixture
def busy() -> Loaded:
    """Calls, requests and draws whose moments coincide."""
    return loads(BUSY.encode(), "busy.yaml")
