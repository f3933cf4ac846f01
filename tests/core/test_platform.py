"""The platform: clock, numbering, forks, endings, and what a call's document brings about."""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsim.core.commands import (
    Answer,
    Command,
    Fetched,
    HungUp,
    Invite,
    Outcome,
    Pressed,
    Request,
    Speech,
    Stored,
)
from recsim.core.effects import (
    Attempt,
    Cue,
    Drop,
    Due,
    Effect,
    Fetch,
    Move,
    Note,
    Opened,
    Quiet,
    Respond,
    Store,
)
from recsim.core.entities import NEVER, Application
from recsim.core.errors import ClockError
from recsim.core.platform import Platform
from recsim.vendors.telnyx.vendor import Telnyx

STARTS_AT_US = 1_767_603_600_000_000
SECOND_US = 1_000_000
BEEP_US = 500_000
TIMEOUT = Answer(0, failure="timeout")

APPLICATION = Application("https://app.test/answer", "POST")

RECORD = """<Response>
  <Record action="/done" maxLength="60" finishOnKey="#" recordingStatusCallback="/recording"
          recordingStatusCallbackEvent="in-progress completed absent"/>
  <Say>one two</Say>
</Response>"""
PAUSE = '<Response><Pause length="60"/></Response>'
HANGUP = "<Response><Hangup/></Response>"


def document(*verbs: str) -> str:
    return f"<Response>{''.join(verbs)}</Response>"


class Calls:
    """A platform, and a few words for what a test does to it."""

    def __init__(self, **readings: str) -> None:
        self.vendor = Telnyx(7, STARTS_AT_US, readings=readings)
        self.platform = Platform(self.vendor)
        self.leg = 0

    def at(self, at_us: int, command: Command) -> list[Effect]:
        """Fire the timers due before `at_us`, then give a command; return what both did."""
        return [*self.until(at_us - 1), *self.platform.handle(at_us, command)]

    def until(self, at_us: int) -> list[Effect]:
        """Fire the timers due up to `at_us`."""
        effects: list[Effect] = []
        while self.platform.next_due_us <= at_us:
            effects += self.platform.advance(self.platform.next_due_us)
        return effects

    def now(self, command: Command) -> list[Effect]:
        return self.platform.handle(self.platform.now_us, command)

    def ring(self, session: str = "a") -> int:
        """A call comes in; return the ticket of its instruction fetch."""
        effects = self.now(Invite(session, "+15550001", "+15550002", APPLICATION))
        self.leg = one(effects, Opened).leg
        return one(effects, Fetch).ticket

    def follow(self, text: str, session: str = "a") -> list[Effect]:
        """A call comes in, and its application answers at once."""
        return self.now(Fetched(self.ring(session), Answer(200, (), text)))

    def rest(self, method: str, path: str, session: str = "a", **form: str) -> Request:
        """A request about a call; `path` goes on from the account."""
        words = self.vendor.words
        call = words.wire_id("call", session, 1)
        path = f"/v2/texml/Accounts/{words.account_sid}{path.replace('CALL', call)}"
        headers = (("authorization", "Bearer KEY1"),)
        return Request(method, path, "", headers, urlencode(form))

    def start(self, session: str = "a", **form: str) -> Request:
        return self.rest("POST", "/Calls/CALL/Recordings.json", session, **form)

    def update(self, status: str, n: int = 1, session: str = "a") -> Request:
        sid = self.vendor.wire_id("recording", session, n)
        return self.rest("POST", f"/Calls/CALL/Recordings/{sid}.json", session, Status=status)

    def delete(self, n: int = 1, session: str = "a") -> Request:
        sid = self.vendor.wire_id("recording", session, n)
        return self.rest("DELETE", f"/Recordings/{sid}.json", session)

    @property
    def status(self) -> str:
        return self.platform.legs[self.leg].status

    def recording(self, n: int = 1):
        key = self.platform.legs[self.leg].recordings[n - 1]
        return self.platform.recordings[key]


def only(effects: list[Effect], kind: type) -> list[Any]:
    return [effect for effect in effects if type(effect) is kind]


def one(effects: list[Effect], kind: type) -> Any:
    (effect,) = only(effects, kind)
    return effect


def triggers(effects: list[Effect], lifecycle: str) -> list[str]:
    return [move.rule.trigger for move in only(effects, Move) if move.lifecycle == lifecycle]


def entities(platform: Platform) -> dict[str, dict[int, dict[str, Any]]]:
    """Everything that lives in a platform, by kind and key; all of it values."""
    return {
        kind: {
            key: {slot: getattr(entity, slot) for slot in type(entity).__slots__}
            for key, entity in getattr(platform, kind).items()
        }
        for kind in NOTHING
    }


NOTHING = {kind: {} for kind in ("sessions", "legs", "recordings", "deliveries", "fetches")}
"""What lives in a platform that has forgotten everything."""


def snapshot(platform: Platform) -> tuple[Any, ...]:
    """The whole state of a platform, as values."""
    agenda = platform.agenda
    return (
        platform.now_us,
        platform.seq,
        platform.keys,
        platform.next_due_us,
        agenda.armed(),
        entities(platform),
    )


def lasting(platform: Platform) -> tuple[Any, ...]:
    """The state of a platform, but for its clock and its numbers."""
    return platform.keys, platform.agenda.armed(), entities(platform)


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


# An order of everything, legal or not.

ANSWERS = (
    Answer(200, (), RECORD.replace("maxLength", 'timeout="2" maxLength')),
    Answer(200, (), PAUSE),
    Answer(200, (), document("<Say>one</Say><Redirect>/again</Redirect>")),
    Answer(200, (), document('<Record timeout="2" trim="trim-silence"/><Hangup/>')),
    Answer(200, (), "nonsense"),
    Answer(500),
    TIMEOUT,
)


class Game:
    """A platform, and all that the world may do to it next."""

    def __init__(self, **readings: str) -> None:
        self.calls = Calls(**readings)
        self.platform = self.calls.platform
        self.tickets: list[Fetch | Attempt | Store] = []
        self.quiet: Counter[int] = Counter()

    def command(self, what: str, n: int) -> Command | None:
        """What is asked, and of whom by number; None: a timer."""
        platform, calls = self.platform, self.calls
        how = n // 12  # of its own: who and how are drawn apart
        leg = [*platform.legs, 99][n % (len(platform.legs) + 1)]
        recordings = [
            (platform.sessions[made.session].title, made.n) for made in platform.recordings.values()
        ]
        session, number = [*recordings, ("s1", 9)][n % (len(recordings) + 1)]
        if what == "invite" and len(platform.sessions) < 2:
            return Invite(f"s{len(platform.sessions) + 1}", "+1", "+2", APPLICATION)
        if what == "start":
            callback = {"RecordingStatusCallback": "https://app.test/r"} if how % 3 else {}
            beep = ("true", "false")[how % 2]
            return calls.start(f"s{n % 2 + 1}", PlayBeep=beep, **callback)
        if what == "answer" and self.tickets:
            asked = self.tickets[n % len(self.tickets)]
            if type(asked) is Fetch:
                return Fetched(asked.ticket, ANSWERS[how % len(ANSWERS)])
            if type(asked) is Attempt:
                return Outcome(asked.ticket, (Answer(), Answer(500), Answer(404), TIMEOUT)[how % 4])
            return Stored(asked.ticket, ("", "", "disk full")[how % 3])
        commands = {
            "hang up": HungUp(leg),
            "press": Pressed(leg, "5#"[how % 2]),
            "speak": Speech(leg, on=True),
            "silent": Speech(leg, on=False),
            "pause": calls.update("paused", number, session),
            "resume": calls.update("in-progress", number, session),
            "stop": calls.update("stopped", number, session),
            "delete": calls.delete(number, session),
        }
        return commands.get(what)

    def play(self, platform: Platform, command: Command | None, n: int) -> list[Effect] | None:
        """Do it; None where there is nothing to do."""
        due_us = platform.next_due_us
        if command is None:
            return platform.advance(due_us) if due_us < NEVER else None
        at_us = min(platform.now_us + n % 3 * 700_000, due_us)
        return platform.handle(at_us, command)

    def took(self, effects: list[Effect]) -> None:
        """Remember what was asked."""
        for effect in effects:
            if type(effect) in (Fetch, Attempt, Store):
                self.tickets.append(effect)
            if type(effect) is Quiet:
                self.quiet[effect.session] += 1

    def finish(self) -> None:
        """Hang up, answer everything, fire everything."""
        for leg in list(self.platform.legs):
            self.took(self.platform.handle(self.platform.now_us, HungUp(leg)))
        answers = {Fetch: Fetched, Attempt: Outcome}
        while self.tickets or self.platform.next_due_us < NEVER:
            while self.tickets:
                asked = self.tickets.pop()
                if type(asked) is Store:
                    command: Command = Stored(asked.ticket)
                else:
                    command = answers[type(asked)](asked.ticket, Answer())
                self.took(self.platform.handle(self.platform.now_us, command))
            if self.platform.next_due_us < NEVER:
                self.took(self.platform.advance(self.platform.next_due_us))


def open_things(platform: Platform) -> dict[int, int]:
    """How much is open in each session, counted."""
    is_final = platform.vendor.recording.is_final
    return {
        key: sum(not platform.is_over(platform.legs[leg]) for leg in session.legs)
        + sum(not is_final(platform.recordings[n].status) for n in session.recordings)
        + sum(delivery.session == key for delivery in platform.deliveries.values())
        + sum(fetch.session == key for fetch in platform.fetches.values())
        for key, session in platform.sessions.items()
    }


WHATS = (
    *("invite", "answer", "answer", "answer", "time", "time", "time"),
    *("hang up", "press", "speak", "silent", "start", "pause", "resume", "stop", "delete"),
)
CHOICES = st.lists(
    st.tuples(st.sampled_from(WHATS), st.integers(0, 1_000)), min_size=10, max_size=60
)
SETTLED: tuple[dict[str, str], ...] = (
    {},
    {"answer_before_fetch": "true", "record_no_action": "same_document"},
    {"max_length_counts_paused": "true", "pause_behavior": "silence"},
    {"retry_policy": "none", "beep_s": "0s", "absent_delete_silent": "true"},
)
READINGS = st.sampled_from(SETTLED)
OPENING = [("invite", 0), ("answer", 0)]
"""A call comes in and begins to record; so that what is drawn next finds something."""


def test_every_row_that_moves_is_reached_by_some_order():
    rng, reached = Random(7), set()
    for n in range(600):
        game = Game(**SETTLED[n % len(SETTLED)])
        drawn = [(rng.choice(WHATS), rng.randrange(1_000)) for _ in range(50)]
        for what, number in (OPENING if n % 3 else []) + drawn:
            command = game.command(what, number)
            effects = game.play(game.platform, command, number) or []
            game.took(effects)
            reached |= {move.rule for move in only(effects, Move)}

    vendor = game.platform.vendor
    rules = vendor.leg.rules + vendor.recording.rules + vendor.delivery.rules
    assert {rule for rule in rules if rule.dest is not None} <= reached


@settings(max_examples=150, deadline=None)
@given(READINGS, CHOICES)
def test_effects_are_numbered_without_gap_and_follow_their_cause(readings, choices):
    game = Game(**readings)
    seen = {0}

    for what, n in OPENING + choices:
        before = game.platform.seq
        command = game.command(what, n)
        effects = game.play(game.platform, command, n)
        if effects is None:
            continue
        game.took(effects)

        first = before + 1 if command is None else before + 2
        assert game.platform.seq == first + len(effects) - 1
        assert (type(effects[0]) is Due) if command is None else not only(effects, Due)
        if command is not None:
            seen.add(before + 1)
        for seq, effect in enumerate(effects, first):
            assert 0 < effect.cause < seq
            assert effect.cause in seen
            seen.add(seq)


@settings(max_examples=150, deadline=None)
@given(READINGS, CHOICES)
def test_moves_form_paths_of_the_tables(readings, choices):
    game = Game(**readings)
    platform, statuses = game.platform, {}

    for what, n in OPENING + choices:
        effects = game.play(platform, game.command(what, n), n) or []
        game.took(effects)

        for move in only(effects, Move):
            lifecycle = getattr(platform.vendor, move.lifecycle.removeprefix("call "))
            assert move.rule in lifecycle.rules
            assert statuses.get(move.entity, lifecycle.initial) == move.rule.source
            statuses[move.entity] = move.rule.dest
        for entity in (*platform.legs.values(), *platform.recordings.values()):
            assert statuses[entity.key] == entity.status


@settings(max_examples=150, deadline=None)
@given(READINGS, CHOICES)
def test_quiet_comes_exactly_when_nothing_is_open(readings, choices):
    game = Game(**readings)

    for what, n in OPENING + choices:
        before = open_things(game.platform)
        effects = game.play(game.platform, game.command(what, n), n) or []
        game.took(effects)

        after = open_things(game.platform)
        fell = [key for key, count in before.items() if count and not after[key]]
        assert sorted(quiet.session for quiet in only(effects, Quiet)) == fell
        assert {key: session.open for key, session in game.platform.sessions.items()} == after


@settings(max_examples=150, deadline=None)
@given(READINGS, CHOICES)
def test_every_session_falls_quiet_once_and_leaves_nothing(readings, choices):
    game = Game(**readings)
    for what, n in OPENING + choices:
        game.took(game.play(game.platform, game.command(what, n), n) or [])

    game.finish()

    platform = game.platform
    assert game.quiet == dict.fromkeys(platform.sessions, 1)
    assert {recording.status for recording in platform.recordings.values()} <= {
        "completed",
        "absent",
        "deleted",
    }
    for key in list(platform.sessions):
        platform.retire(key)
    assert entities(platform) == NOTHING
    assert platform.agenda.armed() == []


@settings(max_examples=100, deadline=None)
@given(READINGS, CHOICES)
def test_fork_does_what_the_original_does_and_leaves_it_alone(readings, choices):
    game = Game(**readings)

    for what, n in OPENING + choices:
        command = game.command(what, n)
        fork = game.platform.fork()
        before = snapshot(game.platform)
        assert snapshot(fork) == before
        on_fork = game.play(fork, command, n)
        assert snapshot(game.platform) == before
        forked = snapshot(fork)
        effects = game.play(game.platform, command, n)

        assert effects == on_fork
        assert [type(effect) for effect in effects or ()] == [type(e) for e in on_fork or ()]
        assert snapshot(game.platform) == snapshot(fork) == forked
        game.took(effects or [])


@settings(max_examples=50, deadline=None)
@given(CHOICES)
def test_fork_keeps_nothing_of_what_came_later(choices):
    game = Game()
    for what, n in OPENING:
        game.took(game.play(game.platform, game.command(what, n), n) or [])
    fork = game.platform.fork()
    before = snapshot(fork)

    for what, n in choices:
        game.took(game.play(game.platform, game.command(what, n), n) or [])
    game.finish()

    assert snapshot(fork) == before


def test_retiring_on_a_fork_leaves_the_original():
    calls = Calls()
    effects = calls.now(Fetched(calls.ring(), Answer(500)))
    before = snapshot(calls.platform)

    calls.platform.fork().retire(one(effects, Quiet).session)

    assert snapshot(calls.platform) == before


def test_trigger_refused_on_a_fork_leaves_no_effects_behind():
    calls = Calls()
    calls.follow(PAUSE)
    fork = calls.platform.fork()

    fork.handle(0, calls.update("paused", n=3))
    effects = calls.platform.handle(0, Speech(calls.leg, on=True))

    assert effects == []


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


# Endings.


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        pytest.param(Answer(200, (), "<Response>"), "never closed", id="broken XML"),
        pytest.param(Answer(200, (), "<html></html>"), "root Response", id="another root"),
        pytest.param(Answer(200, (), ""), "empty", id="nothing"),
        pytest.param(Answer(500, (), HANGUP), "status 500", id="status 500"),
        pytest.param(Answer(204), "status 204", id="status 204"),
        pytest.param(TIMEOUT, "timeout", id="timeout"),
        pytest.param(Answer(0, failure="refused"), "refused", id="refused"),
    ],
)
@pytest.mark.parametrize(
    ("answered", "status"), [("false", "failed"), ("true", "completed")], ids=["ringing", "up"]
)
def test_no_document_ends_the_call_with_a_note(answer, text, answered, status):
    calls = Calls(answer_before_fetch=answered)

    effects = calls.now(Fetched(calls.ring(), answer))

    note = one(effects, Note)
    assert note.rule == "no-document"
    assert note.url == APPLICATION.voice_url
    assert text in note.text
    assert note.text.endswith(": the call is ended")
    assert calls.status == status
    assert one(effects, Drop).leg == calls.leg
    assert len(only(effects, Quiet)) == 1


def test_no_document_later_ends_the_call_and_what_it_records():
    calls = Calls()
    calls.follow(document('<Redirect>/next</Redirect><Pause length="5"/>'))
    (ticket,) = calls.platform.fetches
    calls.now(calls.start())

    effects = calls.at(5 * SECOND_US, Fetched(ticket, Answer(500)))

    assert one(effects, Note).url == "https://app.test/next"
    assert calls.status == "completed"
    assert triggers(effects, "recording")[-1:] == ["end"]


def test_findings_of_a_document_are_noted():
    calls = Calls()

    effects = calls.follow('<Response>\n  <Pause lenght="5"/>\n</Response>')

    note = one(effects, Note)
    assert (note.line, note.url) == (2, APPLICATION.voice_url)
    assert "length" in note.text
    assert calls.status == "in-progress"


def test_end_of_the_document_ends_the_call():
    calls = Calls()

    effects = calls.follow(document())

    assert triggers(effects, "call leg") == ["answer", "drop"]
    assert calls.status == "completed"


def test_hangup_ends_the_call():
    calls = Calls()

    effects = calls.follow(document("<Hangup/><Say>never</Say>"))

    assert triggers(effects, "call leg") == ["answer", "drop"]
    assert [cue.word for cue in only(effects, Cue)] == ["answer", "hangup"]


def test_caller_who_leaves_while_it_rings_cancels():
    calls = Calls()
    ticket = calls.ring()

    effects = calls.at(SECOND_US, HungUp(calls.leg))

    assert calls.status == "canceled"
    assert only(effects, Quiet) == []  # its fetch is under way
    effects = calls.at(2 * SECOND_US, Fetched(ticket, Answer(200, (), RECORD)))
    assert [type(effect) for effect in effects] == [Quiet]
    assert calls.platform.recordings == {}


def test_answer_after_hanging_up_is_not_followed():
    calls = Calls()
    calls.follow(document("<Redirect>/next</Redirect>"))
    (ticket,) = calls.platform.fetches
    calls.at(SECOND_US, HungUp(calls.leg))

    effects = calls.at(2 * SECOND_US, Fetched(ticket, Answer(200, (), RECORD)))

    assert calls.status == "completed"
    assert [type(effect) for effect in effects] == [Quiet]


def test_redirects_are_bound():
    calls = Calls()
    again = Answer(200, (), document("<Redirect>/again</Redirect>"))
    effects = calls.now(Fetched(calls.ring(), again))
    followed = 0

    while fetches := only(effects, Fetch):
        followed += 1
        effects = calls.now(Fetched(fetches[0].ticket, again))

    assert followed == calls.platform.policy.redirect_limit
    assert one(effects, Note).text == (f"more than {followed} redirects: the call is ended")
    assert calls.status == "completed"
    assert len(only(effects, Quiet)) == 1


def test_repetition_without_action_is_bound_too():
    calls = Calls(record_no_action="same_document", beep_s="0s")
    text = document('<Record finishOnKey="#"/>')
    effects = calls.follow(text)
    repeated = 0

    while calls.status == "in-progress":
        effects = calls.at(calls.platform.now_us + 2 * SECOND_US, Pressed(calls.leg, "#"))
        if fetches := only(effects, Fetch):
            repeated += 1
            calls.now(Fetched(fetches[0].ticket, Answer(200, (), text)))

    assert repeated == calls.platform.policy.redirect_limit
    assert one(effects, Note).rule == "no-document"
    assert {recording.status for recording in calls.platform.recordings.values()} == {"stopped"}


def test_action_is_no_redirect():
    calls = Calls()
    calls.follow(RECORD)

    for _ in range(calls.platform.policy.redirect_limit + 5):
        effects = calls.at(calls.platform.now_us + 2 * SECOND_US, Pressed(calls.leg, "#"))
        calls.now(Fetched(one(effects, Fetch).ticket, Answer(200, (), RECORD)))

    assert calls.status == "in-progress"


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


# Recording.


def test_record_beeps_then_captures():
    calls = Calls()

    effects = calls.follow(RECORD)

    assert [cue.word for cue in only(effects, Cue)] == ["answer", "record"]
    assert triggers(effects, "recording") == ["start"]
    assert calls.recording().capturing_since_us == NEVER
    effects = calls.until(BEEP_US)
    assert [cue.word for cue in only(effects, Cue)] == ["beep"]
    assert calls.recording().capturing_since_us == BEEP_US


def test_key_ends_the_recording_and_asks_for_the_action():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.at(10 * SECOND_US, Pressed(calls.leg, "#"))

    assert triggers(effects, "recording")[-1] == "key"
    fetch = one(effects, Fetch)
    assert (fetch.method, fetch.url) == ("POST", "https://app.test/done")
    assert fetch.message.digits == "#"
    assert calls.recording().length_us == 10 * SECOND_US - BEEP_US
    assert calls.status == "in-progress"


def test_other_key_means_nothing():
    calls = Calls()
    calls.follow(RECORD)
    calls.until(SECOND_US)
    before = lasting(calls.platform)

    assert calls.now(Pressed(calls.leg, "5")) == []
    assert lasting(calls.platform) == before


def test_key_during_say_means_nothing():
    calls = Calls()
    calls.follow(document("<Say>one two three</Say>"))
    before = lasting(calls.platform)

    assert calls.now(Pressed(calls.leg, "#")) == []
    assert lasting(calls.platform) == before


def test_key_during_the_beep_ends_the_recording_without_audio():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.at(BEEP_US // 2, Pressed(calls.leg, "#"))

    assert triggers(effects, "recording")[-1] == "key"
    assert "beep" not in [cue.word for cue in only(effects, Cue)]
    assert one(effects, Store).captured_us == 0
    assert calls.recording().lacks == "short"
    assert only(effects, Fetch) == []  # without usable audio there is no action
    assert [cue.word for cue in only(effects, Cue)] == ["say"]
    effects = calls.now(Stored(calls.recording().key))
    assert triggers(effects, "recording") == ["discard"]
    assert "beep" not in [cue.word for cue in only(calls.until(10 * SECOND_US), Cue)]


def test_key_during_the_beep_asks_for_the_action_where_that_is_read_so():
    calls = Calls(empty_record_skips_action="false")
    calls.follow(RECORD)

    effects = calls.at(BEEP_US // 2, Pressed(calls.leg, "#"))

    assert one(effects, Fetch).url == "https://app.test/done"


def test_maximum_length_ends_the_recording():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.until(BEEP_US + 60 * SECOND_US)

    assert triggers(effects, "recording")[-1] == "limit"
    assert calls.recording().length_us == 60 * SECOND_US
    assert one(effects, Fetch).message.digits == ""


@pytest.mark.parametrize(
    ("counts", "ends_at_us"),
    [("false", BEEP_US + 80 * SECOND_US), ("true", BEEP_US + 60 * SECOND_US)],
)
def test_maximum_length_and_paused_time(counts, ends_at_us):
    calls = Calls(max_length_counts_paused=counts)
    calls.follow(RECORD)
    calls.at(10 * SECOND_US, calls.update("paused"))
    calls.at(30 * SECOND_US, calls.update("in-progress"))

    calls.until(ends_at_us - 1)
    before = calls.recording().status
    calls.until(ends_at_us)

    assert (before, calls.recording().status) == ("in-progress", "stopped")


def test_maximum_length_may_come_while_paused():
    calls = Calls(max_length_counts_paused="true")
    calls.follow(RECORD)
    calls.at(10 * SECOND_US, calls.update("paused"))

    effects = calls.until(BEEP_US + 60 * SECOND_US)

    assert triggers(effects, "recording")[-1] == "limit"
    assert calls.recording().length_us == 10 * SECOND_US - BEEP_US


def test_silence_counts_only_once_someone_has_spoken():
    calls = Calls()
    calls.follow(document('<Record timeout="3" maxLength="60"/>'))

    calls.until(30 * SECOND_US)
    assert calls.recording().status == "in-progress"
    calls.at(31 * SECOND_US, Speech(calls.leg, on=True))
    calls.at(40 * SECOND_US, Speech(calls.leg, on=False))
    calls.at(42 * SECOND_US, Speech(calls.leg, on=True))
    calls.at(50 * SECOND_US, Speech(calls.leg, on=False))
    effects = calls.until(53 * SECOND_US)

    assert triggers(effects, "recording") == ["silence"]
    assert calls.platform.now_us == 53 * SECOND_US


def test_silence_counts_afresh_when_a_pause_is_over():
    calls = Calls()
    calls.follow(document('<Record timeout="3"/>'))
    calls.at(2 * SECOND_US, Speech(calls.leg, on=True))
    calls.at(4 * SECOND_US, Speech(calls.leg, on=False))
    calls.at(5 * SECOND_US, calls.update("paused"))

    calls.at(20 * SECOND_US, calls.update("in-progress"))
    effects = calls.until(23 * SECOND_US)

    assert triggers(effects, "recording") == ["silence"]
    assert calls.platform.now_us == 23 * SECOND_US


def test_silence_after_a_pause_does_not_count_what_was_said_before_the_recording():
    calls = Calls()
    calls.follow(document('<Record timeout="3"/>'))
    calls.at(BEEP_US // 4, Speech(calls.leg, on=True))
    calls.at(BEEP_US // 2, Speech(calls.leg, on=False))
    calls.at(5 * SECOND_US, calls.update("paused"))

    calls.at(6 * SECOND_US, calls.update("in-progress"))
    calls.until(60 * SECOND_US)

    assert calls.recording().status == "in-progress"


def test_silence_does_not_count_while_someone_speaks_after_a_pause():
    calls = Calls()
    calls.follow(document('<Record timeout="3"/>'))
    calls.at(2 * SECOND_US, Speech(calls.leg, on=True))
    calls.at(5 * SECOND_US, calls.update("paused"))

    calls.at(6 * SECOND_US, calls.update("in-progress"))
    calls.until(60 * SECOND_US)

    assert calls.recording().status == "in-progress"


def test_trim_keeps_what_the_party_said_and_nothing_that_was_said_before():
    calls = Calls()
    calls.follow(document('<Say>one two three</Say><Record trim="trim-silence"/>'))
    calls.at(4 * SECOND_US, Speech(calls.leg, on=True))
    calls.at(6 * SECOND_US, Speech(calls.leg, on=False))

    calls.at(9 * SECOND_US, HungUp(calls.leg))

    assert calls.recording().kept == ((4 * SECOND_US, 6 * SECOND_US),)


def test_who_is_cut_off_was_heard_until_then():
    calls = Calls()
    calls.follow(document('<Record trim="trim-silence"/>'))
    calls.at(4 * SECOND_US, Speech(calls.leg, on=True))

    calls.at(6 * SECOND_US, HungUp(calls.leg))

    assert calls.recording().kept == ((4 * SECOND_US, 6 * SECOND_US),)
    assert calls.platform.legs[calls.leg].speech == (4 * SECOND_US, 6 * SECOND_US)


def test_key_of_one_recording_is_not_told_of_the_next():
    calls = Calls()
    calls.follow(RECORD)
    fetch = one(calls.at(10 * SECOND_US, Pressed(calls.leg, "#")), Fetch)
    calls.now(Fetched(fetch.ticket, Answer(200, (), RECORD)))

    effects = calls.until(10 * SECOND_US + BEEP_US + 60 * SECOND_US)

    assert one(effects, Fetch).message.digits == ""


def test_hanging_up_ends_the_recording_and_asks_for_the_action_once():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.at(10 * SECOND_US, HungUp(calls.leg))

    assert triggers(effects, "recording")[-1] == "end"
    fetch = one(effects, Fetch)
    assert fetch.message.digits == "hangup"
    effects = calls.now(Fetched(fetch.ticket, Answer(200, (), RECORD)))
    assert effects == []
    assert len(calls.platform.recordings) == 1


def test_request_that_stops_record_goes_on_with_the_action():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.at(10 * SECOND_US, calls.update("stopped"))

    assert triggers(effects, "recording")[-1] == "stop"
    assert one(effects, Respond).answer.status == 200
    fetch = one(effects, Fetch)
    assert fetch.url == "https://app.test/done"
    assert fetch.message.digits == ""
    effects = calls.now(Fetched(fetch.ticket, Answer(200, (), HANGUP)))
    assert calls.status == "completed"
    assert len(only(effects, Store)) == 0


def test_answer_to_a_request_comes_before_what_it_couples():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.platform.handle(0, calls.update("stopped"))

    kinds = [type(effect) for effect in effects]
    assert kinds.index(Respond) < kinds.index(Cue)


def test_paused_time_is_not_captured():
    calls = Calls()
    calls.follow(RECORD)
    calls.at(10 * SECOND_US, calls.update("paused"))
    calls.at(15 * SECOND_US, calls.update("in-progress"))

    calls.at(20 * SECOND_US, Pressed(calls.leg, "#"))

    made = calls.recording()
    assert made.captured == ((BEEP_US, 10 * SECOND_US), (15 * SECOND_US, 20 * SECOND_US))
    assert made.paused == ((10 * SECOND_US, 15 * SECOND_US),)
    assert made.length_us == 15 * SECOND_US - BEEP_US


def test_pause_cuts_the_beep_off():
    calls = Calls()
    calls.follow(RECORD)
    calls.at(BEEP_US // 2, calls.update("paused"))

    assert [cue.word for cue in only(calls.until(5 * SECOND_US), Cue)] == []
    calls.at(6 * SECOND_US, calls.update("in-progress"))
    calls.at(8 * SECOND_US, Pressed(calls.leg, "#"))

    assert calls.recording().captured == ((6 * SECOND_US, 8 * SECOND_US),)


def test_only_subscribed_changes_are_told():
    calls = Calls()
    effects = calls.follow(RECORD)
    effects += calls.at(2 * SECOND_US, calls.update("paused"))
    effects += calls.at(3 * SECOND_US, calls.update("in-progress"))
    effects += calls.at(5 * SECOND_US, calls.update("stopped"))
    effects += calls.at(6 * SECOND_US, Stored(calls.recording().key))
    effects += calls.until(6 * SECOND_US + 100_000)

    attempts = only(effects, Attempt)
    assert [attempt.message.word for attempt in attempts] == ["in-progress", "completed"]
    assert {attempt.url for attempt in attempts} == {"https://app.test/recording"}


def test_failure_of_storage_makes_a_recording_absent():
    calls = Calls()
    calls.follow(RECORD)
    ticket = one(calls.at(5 * SECOND_US, Pressed(calls.leg, "#")), Store).ticket

    effects = calls.now(Stored(ticket, "disk full"))

    assert triggers(effects, "recording") == ["fail"]
    made = calls.recording()
    assert (made.status, made.failure, made.length_us, made.kept) == ("absent", "disk full", 0, ())


# Two recordings side by side.


def test_two_recordings_of_a_leg_live_apart():
    calls = Calls()
    calls.follow(PAUSE)
    calls.now(calls.start(PlayBeep="false"))
    calls.at(2 * SECOND_US, calls.start(PlayBeep="false"))

    calls.at(4 * SECOND_US, calls.update("paused", n=1))
    calls.at(6 * SECOND_US, calls.update("stopped", n=2))

    first, second = calls.recording(1), calls.recording(2)
    assert (first.status, second.status) == ("paused", "stopped")
    assert first.captured == ((0, 4 * SECOND_US),)
    assert second.captured == ((2 * SECOND_US, 6 * SECOND_US),)


def test_both_recordings_end_with_the_call_in_the_order_made():
    calls = Calls()
    calls.follow(RECORD)
    calls.now(calls.start(PlayBeep="false"))

    effects = calls.at(10 * SECOND_US, HungUp(calls.leg))

    assert triggers(effects, "recording")[-2:] == ["end", "end"]
    assert [store.ticket for store in only(effects, Store)] == list(calls.platform.recordings)
    assert calls.recording(1).length_us == 10 * SECOND_US - BEEP_US
    assert calls.recording(2).length_us == 10 * SECOND_US
    assert len(only(effects, Fetch)) == 1


def test_end_of_another_recording_does_not_release_record():
    calls = Calls()
    calls.follow(RECORD)
    calls.now(calls.start(PlayBeep="false"))

    effects = calls.at(10 * SECOND_US, calls.update("stopped", n=2))

    assert only(effects, Fetch) == []
    assert calls.recording(1).status == "in-progress"
    assert calls.platform.legs[calls.leg].recording == calls.recording(1).key


def test_key_ends_only_the_recording_of_record():
    calls = Calls()
    calls.follow(RECORD)
    calls.now(calls.start(PlayBeep="false"))

    calls.at(10 * SECOND_US, Pressed(calls.leg, "#"))

    assert calls.recording(1).status == "stopped"
    assert calls.recording(2).status == "in-progress"


# Deliveries.


def delivered(answers: list[Answer], **readings: str) -> tuple[list[int], str]:
    """When each attempt of a callback went out, in µs from the first, and how it ended."""
    calls = Calls(**readings)
    calls.follow(
        document(
            '<Record recordingStatusCallback="/r" recordingStatusCallbackEvent="in-progress"/>'
        )
    )
    moments, waiting, moves = [], list(answers), []
    while not moves or moves[-1] not in ("accept", "give_up"):
        effects = calls.platform.advance(calls.platform.next_due_us)
        for attempt in only(effects, Attempt):
            moments.append(calls.platform.now_us)
            assert attempt.n == len(moments)
            effects += calls.now(Outcome(attempt.ticket, waiting.pop(0)))
        moves += triggers(effects, "delivery")
    assert waiting == []
    return [moment - moments[0] for moment in moments], moves[-1]


@pytest.mark.parametrize(
    ("answers", "moments", "end"),
    [
        pytest.param([200], [0], "accept", id="taken"),
        pytest.param([204], [0], "accept", id="any 2xx"),
        pytest.param([500, 200], [0, 1], "accept", id="taken the second time"),
        pytest.param([429, 408, 299], [0, 1, 3], "accept", id="taken the third time"),
        pytest.param([0, 0, 0], [0, 1, 3], "give_up", id="never answered"),
        pytest.param([503, 404], [0, 1], "give_up", id="refused for good"),
        pytest.param([400], [0], "give_up", id="refused at once"),
        pytest.param([302], [0], "give_up", id="sent elsewhere"),
    ],
)
def test_delivery_is_tried_as_the_policy_says(answers, moments, end):
    outcome = delivered([Answer(status) for status in answers])

    assert outcome == ([moment * SECOND_US for moment in moments], end)


def test_delivery_is_tried_once_without_retries():
    assert delivered([Answer(500)], retry_policy="none") == ([0], "give_up")


def test_delivery_accepts_only_200_where_that_is_read_so():
    assert delivered([Answer(204)], webhook_success="200") == ([0], "give_up")


def test_attempt_carries_what_was_true_at_the_move():
    calls = Calls()
    calls.follow(RECORD)
    calls.now(Pressed(calls.leg, "#"))
    calls.now(Stored(calls.recording().key))

    attempts = only(calls.until(100_000), Attempt)

    assert [attempt.message.word for attempt in attempts] == ["in-progress", "absent"]


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
