"""What `recsim.explore` looks at, and what it says of that."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from orders.plants import MEETING, VOICEMAIL, timer_survives_stop
from typer.testing import CliRunner

import recsim
from recsim.cli import app
from recsim.core.properties import REACHABLE
from recsim.orders.search import Bounds
from recsim.orders.variants import ExploreError

OPEN = VOICEMAIL.replace("+15550002}", "+15550002, story: [wait: beep, any_time: hang_up]}")
DRAWN = VOICEMAIL.replace(
    "+15550002}", "+15550002, story: [wait: {choice: [200ms, 900ms, 4s]}, hang_up]}"
)
BY_NAME = {claim.name: claim for claim in REACHABLE}


def explore(text, **given):
    return recsim.explore(recsim.loads(text), **given)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "voicemail.yaml"
    path.write_text(VOICEMAIL)
    return str(path)


def test_a_step_at_any_time_is_tried_around_every_threshold():
    """Only there a recording is too short or long enough."""
    reached = [BY_NAME["a recording is absent"], BY_NAME["a recording is completed"]]

    found = explore(OPEN, properties=reached)

    assert found.held
    assert found.is_complete


def test_what_is_never_reached_is_vacuous():
    found = explore(OPEN, properties=[BY_NAME["a recording is paused"]])

    assert found.vacuous == ("a recording is paused",)
    assert not found.held


def test_drawn_lengths_are_looked_at_one_by_one():
    closed = sum(
        explore(DRAWN.replace("{choice: [200ms, 900ms, 4s]}", one)).states
        for one in ("200ms", "900ms", "4s")
    )

    assert explore(DRAWN).states == closed


def test_too_many_draws_are_refused():
    waits = "wait: {choice: [1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s, 10s]}, press: 1, "
    text = VOICEMAIL.replace("+15550002}", f"+15550002, story: [{4 * waits} hang_up]}}")

    with pytest.raises(ExploreError, match=r"at most 1000 combinations .* got 10000"):
        explore(text)


def test_faults_are_answers_that_retries_follow():
    again = [BY_NAME["something is sent again"]]

    assert not explore(OPEN, properties=again).held
    assert explore(OPEN, properties=again, faults=1).held


def test_storage_may_fail_where_faults_are_allowed():
    failed = recsim.sometimes(
        "storage fails",
        lambda step: any(move.rule.trigger == "fail" for move in step.moves("recording")),
    )

    assert explore(OPEN, properties=[failed]).vacuous
    assert explore(OPEN, properties=[failed], faults=1).held


@pytest.mark.parametrize(
    ("bounds", "hit"), [(Bounds(states=5), "states"), (Bounds(depth=2), "depth")]
)
def test_a_bound_that_is_hit_is_said(bounds, hit):
    found = explore(OPEN, bounds=bounds)

    assert found.bound == hit
    assert found.left
    assert not found.is_complete
    assert found.held


def test_a_search_is_given_up_when_its_caller_says_so():
    found = explore(OPEN, goes_on=lambda _: False)

    assert (found.bound, found.left) == ("time", 1)


def test_a_property_of_ones_own_is_shown_with_the_shortest_run():
    short = recsim.always("calls are short", lambda step: step.at_us < 20_000_000)

    shown = explore(VOICEMAIL, endings=True, properties=[short]).counter_example

    assert shown.name == "calls are short"
    assert shown.replays
    run = recsim.run(recsim.loads(shown.yaml), properties=[short])
    assert not run.as_expected


def test_what_has_to_come_in_every_run_is_shown_where_it_does_not():
    told = recsim.eventually("told", lambda step: bool(step.attempts("recording-status")))

    shown = explore(VOICEMAIL, endings=True, properties=[told]).counter_example

    assert any(step.endswith("caller hangs up") for step in shown.steps)
    assert shown.replays


def test_counts_are_the_same_in_every_process(file):
    def counts(seed):
        done = subprocess.run(
            [sys.executable, "-c", "from recsim.cli import main; main()", "explore", file,
                  "--endings", "--faults", "1", "--json"],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        )  # fmt: skip
        return done.stdout

    assert counts(1) == counts(2)


def test_counts_are_what_they_were():
    """A changed number is a changed behaviour."""
    meeting = explore(MEETING, endings=True)
    voicemail = explore(VOICEMAIL, endings=True, faults=1)

    assert (voicemail.states, voicemail.edges, voicemail.depth) == VOICEMAIL_COUNTS
    assert (meeting.states, meeting.edges, meeting.depth) == MEETING_COUNTS


VOICEMAIL_COUNTS = (123, 197, 11)
MEETING_COUNTS = (2405, 4681, 20)


def test_the_command_says_what_it_looked_at(file):
    result = CliRunner().invoke(app, ["explore", file, "--endings"])

    assert result.exit_code == 0
    assert "complete: yes" in result.stdout
    assert "26 states, 41 edges" in result.stdout


def test_the_command_says_plainly_that_it_gave_up(file):
    result = CliRunner().invoke(app, ["explore", file, "--endings", "--states", "5"])

    assert result.exit_code == 0
    assert "complete: no" in result.stdout
    assert "the bound on states was hit" in result.stdout


def test_the_command_writes_a_counter_example(file, tmp_path):
    out = tmp_path / "out"
    with timer_survives_stop():
        result = CliRunner().invoke(
            app, ["explore", file, "--endings", "--json", "--out", str(out)]
        )

    assert result.exit_code == 1
    head, shown = map(json.loads, result.stdout.splitlines())
    assert head["held"] is False
    assert shown["property"] == "only what is captured is timed"
    assert (out / "counter-example.yaml").read_text() == shown["scenario"]
    assert (out / "counter-example.mmd").read_text().startswith("sequenceDiagram")
    test = (out / "test_counter_example.py").read_text()
    compile(test, "test", "exec")
    assert "recsim.run" in test


def test_the_command_refuses_a_faulty_file(tmp_path):
    path = tmp_path / "faulty.yaml"
    path.write_text(VOICEMAIL.replace("calls:", "cals:"))

    assert CliRunner().invoke(app, ["explore", str(path)]).exit_code == 2
