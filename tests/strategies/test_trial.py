"""A machine tried by hand: what failed is kept, with the shortest scenario that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis.errors import InvalidArgument

import recsim
from recsim.strategies import CallbackMachine


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Scenarios that show failures are kept below the current folder."""
    monkeypatch.chdir(tmp_path)


class Hasty(CallbackMachine):
    """Two faults: it needs in-progress first, and completed once."""

    sources = ("RecordVerb",)

    def begin(self) -> None:
        self.url: dict[str, str] = {}

    def receive(self, callback) -> None:
        sid, status = callback.params["RecordingSid"], callback.params["RecordingStatus"]
        if status == "in-progress":
            self.url[sid] = ""
        elif status == "completed":
            assert self.url[sid] == "", "completed twice"
            self.url[sid] = callback.params["RecordingUrl"]


class Calm(CallbackMachine):
    """Nothing is wrong with it."""

    sources = ("RecordVerb",)

    def receive(self, callback) -> None:
        pass


def test_a_failure_is_kept_with_a_scenario_that_plays_it() -> None:
    trial = Hasty.trial(examples=40, steps=8)

    assert not trial.held
    assert isinstance(trial.error, KeyError)  # the shorter of the two
    assert trial.failure.startswith("KeyError: ")
    assert trial.run is not None
    told = [
        line["params"]["RecordingStatus"]
        for line in trial.run.callbacks
        if line["kind"] == "recording-status" and line["outcome"] == 200
    ]
    assert told[0] == "completed"
    assert list(trial.run.loaded.scenario.calls) == ["first"]


def test_it_is_the_same_each_time() -> None:
    assert str(Hasty.trial(examples=40, steps=8)) == str(Hasty.trial(examples=40, steps=8))


def test_the_file_that_is_named_plays_it_again() -> None:
    trial = Hasty.trial(examples=40, steps=8)
    assert trial.run is not None

    file = Path(".recsim", "failures", "Hasty.yaml")
    assert f"recsim run {file} --seed 1" in str(trial)
    assert recsim.run(file).lines == trial.run.lines


def test_what_holds_says_how_far_it_was_tried() -> None:
    trial = Calm.trial(examples=5, steps=5)

    assert trial.held
    assert trial.run is None
    assert str(trial) == "Calm held in 5 examples\n"
    assert repr(trial) == "<trial of Calm: held>"
    assert "held in 5 examples" in trial._repr_html_()


def test_it_is_shown_with_its_picture() -> None:
    html = Hasty.trial(examples=40, steps=8)._repr_html_()

    assert len(html) < 50_000
    assert html.index("failed") < html.index("KeyError") < html.index("<svg")
    assert "play it again" in html


def test_a_handler_that_can_not_be_made_fails_without_a_scenario() -> None:
    class Broken(Calm):
        def begin(self) -> None:
            raise ValueError("no database")

    trial = Broken.trial(examples=2)

    assert trial.run is None
    assert str(trial).endswith("Broken failed: ValueError: no database\n")
    assert "<svg" not in trial._repr_html_()


def test_what_can_not_be_tried_is_no_failure_of_a_handler() -> None:
    with pytest.raises(InvalidArgument, match="max_examples"):
        Calm.trial(examples=0)
