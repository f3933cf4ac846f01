"""Errors: what they say, and that they can be rebuilt from their `args`."""

from __future__ import annotations

import pickle

import pytest

from recsim.core.errors import (
    ClockError,
    Fault,
    PropertyError,
    RecsimError,
    ScenarioError,
    TexmlError,
    TriggerError,
    nearest,
    suggest,
)

ERRORS = [
    pytest.param(
        TriggerError("recording RE1", "paused", "save", ("resume", "stop")),
        "recording RE1 is paused and cannot save; legal now: resume, stop",
        id="trigger",
    ),
    pytest.param(
        TriggerError("call leg CA2", "completed", "ring", ()),
        "call leg CA2 is completed and cannot ring; legal now: nothing",
        id="trigger, final",
    ),
    pytest.param(
        ClockError(1.5, 10, 20),
        "cannot go to 1.5: expected an integer of microseconds from 10 (now) to 20 "
        "(the next timer)",
        id="clock",
    ),
    pytest.param(
        ScenarioError(
            "scenarios/dial-dual.yaml",
            (
                Fault(16, 21, "parties.+15550100", "expected a duration, got '4 s'"),
                Fault(18, 1, "", "unknown key"),
            ),
        ),
        "scenarios/dial-dual.yaml:16:21: parties.+15550100: expected a duration, got '4 s'\n"
        "scenarios/dial-dual.yaml:18:1: unknown key",
        id="scenario",
    ),
    pytest.param(
        ScenarioError("missing.yaml", (Fault(0, 0, "", "no such file"),)),
        "missing.yaml: no such file",
        id="scenario, as a whole",
    ),
    pytest.param(
        PropertyError("ends once", "recording RE1 ended twice"),
        "ends once: recording RE1 ended twice",
        id="property",
    ),
    pytest.param(
        TexmlError(3, 7, "expected the root Response"),
        "3:7: expected the root Response",
        id="texml",
    ),
]

each_error = pytest.mark.parametrize(("error", "text"), ERRORS)


@each_error
def test_error_says_what_and_what_would_be_right(error, text):
    assert str(error) == text


@each_error
def test_error_is_a_recsim_error(error, text):
    assert isinstance(error, RecsimError)


@each_error
def test_error_is_rebuilt_from_its_args(error, text):
    for copy in (type(error)(*error.args), pickle.loads(pickle.dumps(error))):
        assert type(copy) is type(error)
        assert copy.args == error.args
        assert vars(copy) == vars(error)
        assert str(copy) == text


def test_trigger_error_keeps_its_fields():
    error = TriggerError("recording RE1", "paused", "save", ("resume",))

    assert (error.name, error.status, error.trigger, error.legal) == error.args


def test_clock_error_shows_what_was_given():
    assert "'soon'" in str(ClockError("soon", 0, 1))
    assert "nan" in str(ClockError(float("nan"), 0, 1))


def test_near_word_is_suggested():
    assert suggest("expct", ["title", "expect", "seed"]) == "; did you mean expect?"
    assert nearest("expct", ["title", "expect", "seed"]) == "expect"


def test_strange_word_is_met_with_silence():
    assert suggest("qqq", ["title", "expect"]) == ""
    assert nearest("qqq", ["title", "expect"]) == ""
    assert suggest("expect", []) == ""


def test_endless_word_takes_no_time():
    assert suggest("x" * 1_000_000, ["title"] * 100) == ""


def test_known_words_may_come_one_by_one():
    assert nearest("titel", iter(["title"])) == "title"
