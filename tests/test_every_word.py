"""Together the shipped scenarios show every word that the vendor has for what happens.

What they show is read from runs: what a receiver saw, what requests were answered, what became of
the recordings. What there is to show is read from the tables and from the models of the wire.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_args

import orjson
import pytest
from conftest import SCENARIOS
from hooks import body_of
from pydantic import BaseModel, ValidationError

from recsim.scenario.load import Loaded, load
from recsim.scenario.run import Run, run
from recsim.vendors.telnyx import callback_models, webhook_models
from recsim.vendors.telnyx.call_resources import TexmlCall
from recsim.vendors.telnyx.callbacks.conference import EVENTS as CONFERENCE_STATUSES
from recsim.vendors.telnyx.conference_resources import (
    TexmlConference,
    TexmlNewParticipant,
    TexmlParticipant,
)
from recsim.vendors.telnyx.defaults import SOURCES
from recsim.vendors.telnyx.readings import READINGS
from recsim.vendors.telnyx.resources import (
    ConferenceRecordingItem,
    TexmlNotFound,
    TexmlRecording,
    V2Recording,
)
from recsim.vendors.telnyx.rest.errors import ERRORS

Body = dict[str, Any]

VIEWS = (
    *(TexmlRecording, ConferenceRecordingItem, V2Recording),
    *(TexmlCall, TexmlConference, TexmlParticipant, TexmlNewParticipant),
)
"""What has a status, as requests are answered it."""

NEVER_SHOWN = {
    ("TexmlParticipant", "completed"): "whoever left is a participant no more, and is not found",
    ("TexmlNewParticipant", "completed"): "the answer to dialing comes before anything else can",
    ("TexmlNewParticipant", "connected"): "the answer to dialing comes before anything else can",
}
"""Statuses that are published, and that no answer can have here; why not."""


@pytest.fixture(scope="module")
def loaded() -> list[Loaded]:
    return [load(file) for file in SCENARIOS]


@pytest.fixture(scope="module")
def runs(loaded: list[Loaded]) -> list[Run]:
    """Every scenario, played once for all of these tests."""
    return [run(one) for one in loaded]


@pytest.fixture(scope="module")
def answers(runs: list[Run]) -> list[tuple[int, Body]]:
    """What requests were answered that have a JSON body: status and body."""
    return [
        (one.answer.status, orjson.loads(one.answer.body))
        for played in runs
        for one in played.kept.answered
        if one.answer.header("content-type") == "application/json" and one.answer.body
    ]


def literals(annotation: Any) -> Iterator[str]:
    """The words of a `Literal`, however it is wrapped."""
    for one in get_args(annotation):
        if isinstance(one, str):
            yield one
        else:
            yield from literals(one)


def words(models: Iterable[type[BaseModel]], field: str) -> set[str]:
    """The words that a field has in any of some models."""
    return {word for model in models for word in literals(model.model_fields[field].annotation)}


def models_in(union: Any) -> tuple[type[BaseModel], ...]:
    """The models of a discriminated union."""
    return get_args(get_args(union)[0])


def told(runs: list[Run], kind: str, parameter: str) -> set[str]:
    """What a parameter of callbacks of a kind was, wherever it was told."""
    lines = [line for played in runs for line in played.callbacks if line["kind"] == kind]
    return {line["params"][parameter] for line in lines if parameter in line["params"]}


def assert_all_shown(wanted: Iterable[Any], shown: Iterable[Any], what: str) -> None:
    found = set(shown)
    missing = [one for one in wanted if one not in found]
    assert not missing, f"no scenario shows {what}: {', '.join(map(str, missing))}"


# Callbacks and webhooks.


@pytest.mark.parametrize(
    ("kind", "parameter", "union", "field"),
    [
        ("recording-status", "RecordingStatus", "RecordingStatusCallback", "recording_status"),
        ("call-status", "CallStatus", "CallStatusCallback", "call_status"),
        (
            "conference-status",
            "StatusCallbackEvent",
            "ConferenceStatusCallback",
            "status_callback_event",
        ),
    ],
)
def test_every_word_of_a_callback_is_told(runs, kind, parameter, union, field):
    wanted = words(models_in(getattr(callback_models, union)), field)

    assert len(wanted) >= 3
    assert_all_shown(sorted(wanted), told(runs, kind, parameter), parameter)


def test_the_words_of_conferences_are_those_of_the_table():
    wanted = words(models_in(callback_models.ConferenceStatusCallback), "status_callback_event")

    assert wanted == set(CONFERENCE_STATUSES.values())


def test_every_event_is_told_by_a_webhook(runs):
    wanted = words(models_in(webhook_models.AnyEvent), "event_type")
    shown = {
        body_of(line)["data"]["event_type"]
        for played in runs
        for line in played.callbacks
        if line["kind"] == "webhook" and line["method"] == "POST"
    }

    assert len(wanted) == 10
    assert_all_shown(sorted(wanted), shown, "event_type")


# Answers.


def test_every_error_is_the_answer_to_a_request(answers):
    shown = {
        (status, error["code"], error["title"])
        for status, body in answers
        for error in body.get("errors", ())
        if "code" in error
    }

    assert_all_shown([error[:3] for error in ERRORS], shown, "the errors")


def test_texml_does_not_find_something(answers):
    found = [body for status, body in answers if status == 404 and is_a(TexmlNotFound, body)]

    assert found


def test_every_status_of_every_view_is_an_answer(answers):
    wanted = [
        (view.__name__, word)
        for view in VIEWS
        for word in sorted(words([view], "status"))
        if (view.__name__, word) not in NEVER_SHOWN
    ]
    shown = {
        (view.__name__, found["status"])
        for _, body in answers
        for found in objects(body)
        for view in VIEWS
        if "status" in found and is_a(view, found)
    }

    assert_all_shown(wanted, shown, "the statuses")
    assert not shown & set(NEVER_SHOWN)


def objects(value: Any) -> Iterator[Body]:
    """Every object in an answer, itself too."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from objects(inner)


def is_a(model: type[BaseModel], body: Body) -> bool:
    """Whether a model has an object as it is sent."""
    try:
        model.model_validate(body)
    except ValidationError:
        return False
    return True


# Recordings and readings.


def test_every_source_makes_a_recording(runs):
    shown = {row["texml"]["source"] for played in runs for row in played.recordings if row["texml"]}

    assert_all_shown(sorted({row.source for row in SOURCES}), shown, "RecordingSource")


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.key)
def test_every_reading_decides_what_a_scenario_expects(loaded, reading):
    """Some scenario sets it to something else, and something that it expects fails otherwise."""
    setting = [
        one
        for one in loaded
        if one.scenario.readings.get(reading.key, reading.default) != reading.default
    ]
    assert setting, f"no scenario sets {reading.key}"

    assert any(
        not run(one, readings={reading.key: reading.default}).as_expected for one in setting
    ), f"{', '.join(one.file for one in setting)}: as expected without {reading.key}"
