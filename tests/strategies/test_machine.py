"""Callback machines: what they play, what they know, and what they leave behind when they fail."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant
from machines import SETTINGS, failure_of, failures, scenario_in

import recsim
from recsim.strategies import Callback, CallbackMachine, callback_orders, keeps_failures, scenarios
from recsim.strategies.callbacks import callbacks_of
from recsim.strategies.machine import TELLING

VOICEMAIL = Path(__file__).parents[2] / "scenarios" / "voicemail-finish-on-key.yaml"


class Careful(CallbackMachine):
    """Takes what comes in any order, and as often as it comes."""

    def begin(self) -> None:
        self.known: dict[str, tuple[str, str]] = {}

    def receive(self, callback: Callback) -> None:
        sid, status = callback.params.get("RecordingSid"), callback.params["RecordingStatus"]
        if sid and status != "in-progress":
            self.known[sid] = status, callback.params.get("RecordingUrl", "")

    def at_rest(self) -> None:
        assert self.known == {sid: (one.status, one.url) for sid, one in self.truth.items()}


class Hasty(CallbackMachine):
    """Thinks that it hears of the start first."""

    def begin(self) -> None:
        self.started: set[str] = set()

    def receive(self, callback: Callback) -> None:
        if callback.params["RecordingStatus"] == "in-progress":
            self.started.add(callback.params["RecordingSid"])
        elif callback.params["RecordingStatus"] == "completed":
            assert callback.params["RecordingSid"] in self.started


# What it finds.


def test_a_handler_that_takes_any_order_passes():
    assert failure_of(Careful, max_examples=40) is None


def test_a_handler_that_thinks_of_one_order_fails_with_a_small_scenario():
    error = failure_of(Hasty, max_examples=400)

    assert error is not None
    [one] = failures(error)
    text = scenario_in(one)
    told = [
        line["params"]["RecordingStatus"]
        for line in recsim.run(recsim.loads(text)).callbacks
        if line["kind"] == "recording-status" and line["outcome"] != "lost"
    ]
    assert told[0] == "completed"
    assert len(text.splitlines()) <= 24
    assert text.count("+15550001") == 1


def test_what_an_invariant_finds_is_told_with_its_scenario():
    class Watched(Careful):
        @invariant()
        def knows_nothing(self) -> None:
            assert not self.known

    error = failure_of(Watched)

    assert error is not None
    assert recsim.run(recsim.loads(scenario_in(error))).recordings


def test_what_is_found_at_rest_is_told_with_its_scenario():
    class Forgetful(Careful):
        def receive(self, callback: Callback) -> None:
            """Keep nothing."""

    error = failure_of(Forgetful)

    assert error is not None
    [one] = failures(error)
    assert len(recsim.run(recsim.loads(scenario_in(one))).recordings) == 1


# What it plays.


def test_it_plays_every_way_and_every_order():
    seen: Counter[str] = Counter()

    class Counting(CallbackMachine):
        def receive(self, callback: Callback) -> None:
            seen[callback.params["RecordingStatus"]] += 1
            seen[callback.params["RecordingSource"]] += 1
            seen[f"attempt {callback.attempt}"] += 1
            seen["again"] += self.received.count(callback) > 1

        def at_rest(self) -> None:
            seen["at rest"] += 1
            for sid, one in self.truth.items():
                told = [
                    callback.params["RecordingStatus"]
                    for callback in self.received
                    if callback.params.get("RecordingSid") == sid
                ]
                assert one.status in told
                assert bool(one.url) == (one.status == "completed") == (one.duration > 0)
                seen["late start"] += told[-1] == "in-progress"

    assert failure_of(Counting, max_examples=40) is None
    wanted = {"in-progress", "completed", "absent", *TELLING, "attempt 1", "attempt 2"}
    assert wanted | {"again", "at rest", "late start"} <= set(seen)


def test_webhooks_can_be_received_too():
    told: Counter[str] = Counter()

    class Hooked(CallbackMachine):
        sources = ("StartConferenceRecordingAPI", "StartCallRecordingAPI")
        kinds = ("webhook",)

        def receive(self, callback: Callback) -> None:
            told[callback.json["data"]["event_type"]] += 1

    assert failure_of(Hooked, max_examples=25) is None
    assert {"call.recording.saved", "conference.recording.saved", "call.hangup"} <= set(told)


def test_a_machine_says_what_it_lacks():
    class Silent(CallbackMachine):
        pass

    error = failure_of(Silent)

    assert error is not None
    assert "Silent is to say what it receives" in str(failures(error)[0])


# What is left behind.


def kept_in(folder: Path) -> list[str]:
    return [path.name for path in (folder / ".recsim" / "failures").iterdir()]


@settings(SETTINGS, max_examples=30)
@given(scenarios(sources=["RecordVerb"], calls=1, faults=False))
@keeps_failures
def absent_never_comes(scenario: object) -> None:
    assert all(row["status"] != "completed" for row in recsim.run(scenario).recordings)


def test_a_test_that_is_given_scenarios_keeps_the_smallest_that_fails(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(AssertionError) as told:
        absent_never_comes()

    assert kept_in(tmp_path) == ["absent-never-comes.yaml"]
    kept = tmp_path / ".recsim" / "failures" / "absent-never-comes.yaml"
    assert kept.read_text() == scenario_in(told.value)
    assert [row["status"] for row in recsim.run(kept).recordings] == ["completed"]
    assert f"recsim run {kept.relative_to(tmp_path)} --seed 1" in "\n".join(told.value.__notes__)
    assert (tmp_path / ".recsim" / ".gitignore").read_text() == "*\n"


def test_a_test_that_is_called_by_itself_tells_its_scenario_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    @keeps_failures
    def fails(scenario: object) -> None:
        raise ValueError(scenario)

    with pytest.raises(ValueError, match="recsim='1'") as told:
        fails(recsim.load(VOICEMAIL).scenario)

    assert recsim.loads(scenario_in(told.value)).scenario == recsim.load(VOICEMAIL).scenario


def test_where_no_file_can_be_written_the_text_is_told_all_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".recsim").write_text("in the way")

    @keeps_failures
    def fails(scenario: object) -> None:
        raise ValueError

    with pytest.raises(ValueError) as told:
        fails(recsim.load(VOICEMAIL).scenario)

    assert "save it as scenario.yaml" in told.value.__notes__[0]


# Orders.


@settings(SETTINGS, suppress_health_check=list(HealthCheck))
@given(callback_orders(VOICEMAIL))
def test_orders_have_every_callback_and_no_others(order):
    told = callbacks_of(VOICEMAIL)

    assert set(map(str, order)) == set(map(str, told))
    assert len(told) <= len(order) <= len(told) + 2


def test_orders_reach_the_end_before_the_start_and_twice():
    seen = set()

    @SETTINGS
    @given(callback_orders(VOICEMAIL))
    def gather(order):
        seen.add(" ".join(one.params["RecordingStatus"] for one in order))

    gather()

    assert {"in-progress completed", "completed in-progress"} <= seen
    assert "in-progress completed completed" in seen


@settings(SETTINGS, max_examples=20)
@given(st.data())
def test_orders_of_scenarios_that_are_drawn(data):
    run = recsim.run(data.draw(scenarios(sources=["DialVerb"], faults=False)))
    order = data.draw(callback_orders(run, kinds=("call-status", "recording-status")))

    assert len(order) >= len(callbacks_of(run))
