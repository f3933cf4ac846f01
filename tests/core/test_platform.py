"""The platform: its clock, its numbering, what changes nothing, retiring."""

from __future__ import annotations

import json

import pytest
from calls import (
    BEEP_US,
    HANGUP,
    NOTHING,
    PAUSE,
    RECORD,
    SECOND_US,
    STARTS_AT_US,
    Calls,
    entities,
    lasting,
    one,
    only,
    snapshot,
    triggers,
)

from recsim.core.commands import (
    Answer,
    Fetched,
    HungUp,
    Outcome,
    Pressed,
    Speech,
    Stored,
)
from recsim.core.effects import (
    Attempt,
    Cue,
    Due,
    Move,
    Quiet,
    Respond,
    Store,
)
from recsim.core.entities import NEVER
from recsim.core.errors import ClockError
from recsim.core.platform import Platform
from recsim.vendors.telnyx.vendor import Telnyx

# The clock.

NO_MOMENTS = [
    float("nan"),
    float("inf"),
    float("-inf"),
    -1,
    0.5,
    1_000_000.0,
    True,
    False,
    None,
    "1",
    NEVER + 1,
]


@pytest.mark.parametrize("at_us", NO_MOMENTS, ids=repr)
def test_command_at_no_moment_is_refused(at_us):
    calls = Calls()
    calls.follow(PAUSE)
    before = snapshot(calls.platform)

    with pytest.raises(ClockError) as refused:
        calls.platform.handle(at_us, HungUp(calls.leg))

    assert refused.value.next_due_us == 60 * SECOND_US
    assert snapshot(calls.platform) == before


@pytest.mark.parametrize("to_us", NO_MOMENTS, ids=repr)
def test_advance_to_no_moment_is_refused(to_us):
    calls = Calls()
    calls.follow(PAUSE)
    before = snapshot(calls.platform)

    with pytest.raises(ClockError):
        calls.platform.advance(to_us)

    assert snapshot(calls.platform) == before


def test_command_before_now_is_refused():
    calls = Calls()
    calls.follow(PAUSE)
    calls.platform.handle(SECOND_US, Speech(calls.leg, on=True))
    before = snapshot(calls.platform)

    with pytest.raises(ClockError):
        calls.platform.handle(SECOND_US - 1, HungUp(calls.leg))

    assert snapshot(calls.platform) == before


def test_command_past_the_next_timer_is_refused():
    calls = Calls()
    calls.follow(PAUSE)
    before = snapshot(calls.platform)

    with pytest.raises(ClockError):
        calls.platform.handle(60 * SECOND_US + 1, HungUp(calls.leg))

    assert snapshot(calls.platform) == before


@pytest.mark.parametrize("to_us", [0, 60 * SECOND_US - 1, 60 * SECOND_US + 1, NEVER])
def test_advance_to_anything_but_the_next_timer_is_refused(to_us):
    calls = Calls()
    calls.follow(PAUSE)
    before = snapshot(calls.platform)

    with pytest.raises(ClockError):
        calls.platform.advance(to_us)

    assert snapshot(calls.platform) == before


@pytest.mark.parametrize("to_us", [0, NEVER])
def test_advance_without_a_timer_is_refused(to_us):
    platform = Platform(Telnyx(7, STARTS_AT_US))
    before = snapshot(platform)

    with pytest.raises(ClockError):
        platform.advance(to_us)

    assert snapshot(platform) == before


def test_command_moves_the_clock():
    calls = Calls()
    calls.follow(PAUSE)

    calls.platform.handle(5, Speech(calls.leg, on=True))
    calls.platform.handle(5, Speech(calls.leg, on=False))

    assert calls.platform.now_us == 5


def test_command_goes_before_a_timer_of_the_same_instant():
    calls = Calls()
    calls.follow(RECORD)
    calls.until(BEEP_US)
    limit_us = calls.platform.next_due_us

    effects = calls.platform.handle(limit_us, Pressed(calls.leg, "#"))

    assert limit_us == BEEP_US + 60 * SECOND_US
    assert triggers(effects, "recording") == ["key"]
    assert calls.recording().length_us == 60 * SECOND_US


def test_advance_fires_one_timer():
    calls = Calls()
    calls.follow(PAUSE)
    for _ in range(3):
        calls.now(calls.start())

    effects = calls.platform.advance(BEEP_US)

    assert len(only(effects, Due)) == 1
    assert type(effects[0]) is Due
    assert [cue.word for cue in only(effects, Cue)] == ["beep"]
    assert calls.platform.next_due_us == BEEP_US


def test_timers_of_one_instant_go_in_the_order_armed():
    calls = Calls()
    for session in ("a", "b", "c"):
        calls.follow(PAUSE, session)
    for session in ("c", "a", "b"):
        calls.now(calls.start(session))
    made = list(calls.platform.recordings)

    effects = calls.until(BEEP_US)

    assert [due.entity for due in only(effects, Due)] == made
    assert [cue.leg for cue in only(effects, Cue)] == [
        calls.platform.recordings[key].leg for key in made
    ]


# What changes nothing.


def test_what_addresses_a_finished_leg_changes_nothing():
    calls = Calls()
    calls.follow(RECORD)
    calls.at(5 * SECOND_US, HungUp(calls.leg))
    before = lasting(calls.platform)

    for command in (
        HungUp(calls.leg),
        Pressed(calls.leg, "#"),
        Speech(calls.leg, on=True),
        Speech(calls.leg, on=False),
    ):
        assert calls.now(command) == []
        assert lasting(calls.platform) == before


@pytest.mark.parametrize(
    "command",
    [HungUp(99), Pressed(99, "#"), Speech(99, on=True)],
    ids=lambda command: type(command).__name__,
)
def test_what_addresses_an_unknown_leg_changes_nothing(command):
    calls = Calls()
    calls.follow(RECORD)
    before = lasting(calls.platform)

    assert calls.now(command) == []
    assert lasting(calls.platform) == before


@pytest.mark.parametrize(
    "command",
    [Fetched(99, Answer(200, (), HANGUP)), Outcome(99, Answer()), Stored(99)],
    ids=lambda command: type(command).__name__,
)
def test_unknown_ticket_changes_nothing(command):
    calls = Calls()
    calls.follow(RECORD)
    before = lasting(calls.platform)

    assert calls.now(command) == []
    assert lasting(calls.platform) == before


def test_ticket_of_another_kind_changes_nothing():
    calls = Calls()
    calls.follow(RECORD)
    keys = range(calls.platform.keys + 1)
    recorded, sent = set(calls.platform.recordings), set(calls.platform.deliveries)
    before = lasting(calls.platform)

    for key in keys:
        assert calls.now(Fetched(key, Answer(200, (), HANGUP))) == []
        assert key in sent or calls.now(Outcome(key, Answer())) == []
        assert key in recorded or calls.now(Stored(key)) == []
    assert lasting(calls.platform) == before


def test_what_addresses_a_settled_recording_changes_nothing():
    calls = Calls()
    calls.follow(RECORD)
    effects = calls.at(5 * SECOND_US, HungUp(calls.leg))
    ticket = one(effects, Store).ticket
    calls.now(Stored(ticket))
    before = lasting(calls.platform)

    assert calls.now(Stored(ticket)) == []
    assert calls.now(Stored(ticket, "disk full")) == []
    assert lasting(calls.platform) == before


def test_storage_that_answers_too_early_changes_nothing():
    calls = Calls()
    calls.follow(RECORD)
    before = lasting(calls.platform)

    assert calls.now(Stored(calls.recording().key)) == []
    assert lasting(calls.platform) == before


def test_fetch_that_is_answered_twice_counts_once():
    calls = Calls()
    ticket = calls.ring()
    calls.now(Fetched(ticket, Answer(200, (), PAUSE)))
    before = lasting(calls.platform)

    assert calls.now(Fetched(ticket, Answer(200, (), HANGUP))) == []
    assert lasting(calls.platform) == before


def test_outcome_before_the_attempt_changes_nothing():
    calls = Calls()
    calls.follow(RECORD)
    (delivery,) = calls.platform.deliveries
    before = lasting(calls.platform)

    assert calls.now(Outcome(delivery, Answer())) == []
    assert lasting(calls.platform) == before


def test_repeated_speech_changes_nothing():
    calls = Calls()
    calls.follow(RECORD)
    assert calls.now(Speech(calls.leg, on=False)) == []
    calls.now(Speech(calls.leg, on=True))
    before = lasting(calls.platform)

    assert calls.now(Speech(calls.leg, on=True)) == []
    assert lasting(calls.platform) == before


@pytest.mark.parametrize(
    ("status", "path"),
    [
        pytest.param(404, "/Calls/CALL/Recordings/RE9.json", id="no such recording"),
        pytest.param(404, "/Calls/CALL/Nothing.json", id="no such path"),
        pytest.param(422, "/Calls/CALL/Recordings.json", id="a word it doesn't know"),
    ],
)
def test_refused_request_changes_nothing(status, path):
    calls = Calls()
    calls.follow(RECORD)
    before = lasting(calls.platform)

    effects = calls.now(calls.rest("POST", path, Status="paused", RecordingChannels="triple"))

    assert one(effects, Respond).answer.status == status
    assert len(effects) == 1
    assert lasting(calls.platform) == before


def test_repeated_pause_is_ignored():
    calls = Calls()
    calls.follow(RECORD)
    calls.now(calls.update("paused"))
    before = lasting(calls.platform)

    effects = calls.now(calls.update("paused"))

    assert one(effects, Respond).answer.status == 200
    assert only(effects, Move) == []
    assert lasting(calls.platform) == before


def test_reading_changes_nothing():
    calls = Calls()
    calls.follow(RECORD)
    sid = calls.vendor.wire_id("recording", "a", 1)
    before = lasting(calls.platform)

    effects = calls.now(calls.rest("GET", f"/Recordings/{sid}.json"))

    assert json.loads(one(effects, Respond).answer.body)["sid"] == sid
    assert lasting(calls.platform) == before


# Retiring.


def test_retired_session_is_forgotten_and_handed_over():
    calls = Calls()
    calls.follow(PAUSE)
    calls.now(calls.start())
    calls.now(calls.start(PlayBeep="false"))
    effects = calls.at(5 * SECOND_US, HungUp(calls.leg))
    first, second = (store.ticket for store in only(effects, Store))
    calls.now(Stored(second, "disk full"))
    effects = calls.now(Stored(first))
    session = one(effects, Quiet).session

    final = calls.platform.retire(session)

    assert final.session.title == "a"
    assert [leg.status for leg in final.legs] == ["completed"]
    assert [(made.n, made.status) for made in final.recordings] == [
        (1, "completed"),
        (2, "absent"),
    ]
    assert entities(calls.platform) == NOTHING
    assert calls.platform.next_due_us == NEVER


def test_retiring_leaves_other_sessions():
    calls = Calls()
    calls.follow(RECORD, "a")
    other = calls.leg
    ticket = calls.ring("b")
    effects = calls.now(Fetched(ticket, Answer(500)))

    calls.platform.retire(one(effects, Quiet).session)

    assert list(calls.platform.legs) == [other]
    assert len(calls.platform.recordings) == 1


def test_unknown_session_cannot_be_retired():
    with pytest.raises(KeyError):
        Platform(Telnyx(7, STARTS_AT_US)).retire(99)


def test_open_session_is_not_retired():
    calls = Calls()
    calls.follow(RECORD)

    with pytest.raises(AssertionError, match="session a still has"):
        calls.platform.retire(calls.platform.legs[calls.leg].session)


def test_what_addresses_a_retired_session_changes_nothing():
    calls = Calls()
    calls.follow(RECORD)
    ticket = one(calls.at(5 * SECOND_US, HungUp(calls.leg)), Store).ticket
    calls.now(Stored(ticket))
    calls.until(6 * SECOND_US)
    for delivery in list(calls.platform.deliveries):
        calls.now(Outcome(delivery, Answer()))
    (fetch,) = calls.platform.fetches
    (quiet,) = only(calls.now(Fetched(fetch, Answer())), Quiet)
    calls.platform.retire(quiet.session)
    before = lasting(calls.platform)

    for command in (
        HungUp(calls.leg),
        Pressed(calls.leg, "#"),
        Speech(calls.leg, on=True),
        Stored(ticket),
        Fetched(fetch, Answer(200, (), RECORD)),
    ):
        assert calls.now(command) == []
    for request in (calls.start(), calls.update("stopped"), calls.delete()):
        assert one(calls.now(request), Respond).answer.status == 404
    assert lasting(calls.platform) == before


# Seeds and ids.


def test_added_call_renames_nobody():
    alone, together = Calls(), Calls()
    alone.follow(RECORD, "a")
    together.follow(RECORD, "b")
    together.follow(RECORD, "a")

    (first,) = only(alone.until(100_000), Attempt)
    others = only(together.until(100_000), Attempt)

    assert first.message in [attempt.message for attempt in others]
    assert alone.vendor.encode(first.message, "POST", first.url) in [
        together.vendor.encode(attempt.message, "POST", attempt.url) for attempt in others
    ]
