"""A scenario as text reads back to an equal one, and looks as people write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsim.scenario.dump import dumps
from recsim.scenario.load import load, loads
from recsim.scenario.run import run
from recsim.scenario.schema import Scenario

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))

SHORT = {
    "recsim": "1",
    "title": "Somebody calls",
    "application": {"voice_url": "https://app.test/answer"},
    "calls": {"caller": {"from": "+15550001", "to": "+15550002"}},
}


def scenario(**given: object) -> Scenario:
    return Scenario.model_validate({**SHORT, **given})


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_reads_back_and_plays_as_before(path):
    loaded = load(path)

    again = loads(dumps(loaded.scenario), str(path))

    assert again.scenario == loaded.scenario
    assert run(again).lines == run(loaded).lines


def test_it_looks_as_people_write_it():
    text = """\
recsim: 1
title: A caller leaves a message
about: >
  It says no more than fits on a line of a hundred columns; the rest is on the next one, where
  it goes on.
seed: 7
application:
  voice_url: https://app.test/answer
documents:
  https://app.test/answer: |
    <Response>
      <Record finishOnKey="#"/>
    </Response>
  https://app.test/done: {status: 500, body: Sorry}
media:
  https://app.test/greeting.mp3: 4s
network:
  latency: {uniform: [5ms, 80ms]}
  loss: 0.7%
receiver:
  answers: [500, timeout, 200]
calls:
  caller:
    from: +15550001
    to: +15550002
    story:
      - wait: beep
      - wait: 1.5s
      - press: "#"
      - hang_up
requests:
  - at: 2s after caller beep
    post: /v2/calls/{caller}/actions/record_stop
    json: {command_id: "7", n: 7, is_so: true, nothing: null, text: "null"}
    key: null
    answer: {status: 200, data: {result: ok}}
expect:
  - callback: {RecordingStatus: completed, Digits: "#"}
    within: 1s after press
    exactly: 1
  - never: {callback: {RecordingStatus: absent}}
"""

    assert dumps(loads(text).scenario) == text


@pytest.mark.parametrize(
    "title",
    ["null", "~", "true", "7", "+1", "- a", "a: b", "a #b", "{a}", "'a'", '"a"', "#", "!a", "&a",
     "*a", "%a", " a ", "é", "\U0001f600", "a\tb", "two\nlines", "  two\nlines\n\n", "?", "a'b"],
)  # fmt: skip
def test_text_of_any_kind_reads_back(title):
    written = scenario(title=title, calls={"caller": {**SHORT["calls"]["caller"], "story": []}})

    assert loads(dumps(written)).scenario == written


@pytest.mark.parametrize("share", ["0%", "100%", "0.1%", "7%", "12.345678901234567%", "0.00001%"])
def test_shares_read_back_exactly(share):
    written = scenario(network={"loss": share})

    assert loads(dumps(written)).scenario == written


def test_a_key_that_is_the_default_stays_where_the_account_has_others():
    asked = {"at": "1s", "get": "/v2/recordings", "key": "KEY"}
    written = scenario(account={"keys": ["OTHER"]}, requests=[asked])

    assert "key: KEY" in dumps(written)
    assert loads(dumps(written)).scenario == written


def test_what_code_gave_as_values_is_written_with_units():
    written = scenario(
        calls={"caller": {**SHORT["calls"]["caller"], "at": 1_500_000}},
        starts_at=1_767_603_600_250_000,
    )

    assert "at: 1.5s" in dumps(written)
    assert "starts_at: 2026-01-05T09:00:00.25Z" in dumps(written)
    assert loads(dumps(written)).scenario == written
