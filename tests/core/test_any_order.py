"""Everything in any order, legal or not, over random choices."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from calls import (
    APPLICATION,
    NOTHING,
    PAUSE,
    RECORD,
    TIMEOUT,
    Calls,
    conferring,
    do,
    document,
    entities,
    one,
    only,
    snapshot,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from recsim.core.commands import (
    Answer,
    Answered,
    Command,
    Fetched,
    HungUp,
    Invite,
    Outcome,
    Pressed,
    Refused,
    Ringing,
    Speech,
    Stored,
    Transferred,
)
from recsim.core.effects import (
    Attempt,
    Due,
    Effect,
    Fetch,
    Move,
    Opened,
    Quiet,
    Store,
)
from recsim.core.entities import NEVER
from recsim.core.platform import Platform
from recsim.core.watch import Watch

# An order of everything, legal or not.

VOICE = '<Record timeout="2" finishOnKey="#"/>'
NOUNS = '<Number url="/whisper">+15550100</Number><Sip statusCallback="/s">sip:b@x.test</Sip>'
TOLD = 'recordingStatusCallback="/r" recordingStatusCallbackEvent="absent completed"'
HEARD = {"statusCallback": "/c", "statusCallbackEvent": "start end join leave speaker"}
KEPT = {
    "record": "record-from-start",
    "recordingStatusCallback": "/r",
    "recordingStatusCallbackEvent": "absent completed in-progress",
}
WAITS = {"startConferenceOnEnter": "false", "waitUrl": "/w"}
MODERATES = conferring("r", {"action": "/again"}, endConferenceOnExit="true", **HEARD)
JOINS = conferring("r", beep="onExit", recordingTimeout="2", **KEPT)
CONFERENCES = (
    MODERATES,
    conferring("r", **WAITS, **KEPT, **HEARD) + VOICE,
    conferring("r", {"timeLimit": "60", "action": "/again"}, **WAITS | {"waitUrl": "/hold.mp3"}),
    '<Start><Recording recordingStatusCallback="/s"/></Start>' + JOINS + "<Pause/>",
    conferring("r", muted="true", maxParticipants="2", trim="trim-silence", **KEPT),
    conferring("r", participantLabel="x", endConferenceOnExit="true", **WAITS) + conferring("q"),
)
ANSWERS = (
    Answer(200, (), RECORD.replace("maxLength", 'timeout="2" maxLength')),
    Answer(200, (), PAUSE),
    Answer(200, (), document("<Say>one</Say><Redirect>/again</Redirect>")),
    Answer(200, (), document('<Record timeout="2" trim="trim-silence"/><Hangup/>')),
    Answer(200, (), document('<Start><Recording recordingStatusCallback="/s"/></Start>', VOICE)),
    Answer(200, (), document("<Reject/><Pause/>")),
    Answer(200, (), document(f'<Dial record="record-from-ringing" action="/again">{NOUNS}</Dial>')),
    Answer(
        200, (), document(f'<Dial timeout="9" record="record-from-answer" {TOLD}>{NOUNS}</Dial>')
    ),
    Answer(200, (), document(f'<Dial answerOnBridge="true" timeLimit="60">{NOUNS}</Dial>', VOICE)),
    Answer(200, (), document('<Dial><Queue url="/whisper">q</Queue></Dial>', "<Pause/>")),
    Answer(200, (), document('<Dial hangupOnStar="true"><Queue>q</Queue></Dial>', VOICE)),
    Answer(200, (), document('<Enqueue waitUrl="/w" action="/a" maxWaitTimeSecs="9">q</Enqueue>')),
    Answer(200, (), document("<Enqueue>q</Enqueue>", VOICE)),
    Answer(200, (), document("<Leave/><Pause/>")),
    Answer(200, (), document('<Gather action="/a" numDigits="2"><Say>one</Say></Gather>')),
    Answer(200, (), document('<Gather input="dtmf speech" action="/a"/>', VOICE)),
    Answer(200, (), document('<Refer action="/a"><Sip>sip:a@example.test</Sip></Refer>', VOICE)),
    Answer(200, (), document("<Reject reason='busy'/>")),
    *(Answer(200, (), document(text)) for text in CONFERENCES),
    Answer(200, (), "nonsense"),
    Answer(500),
    TIMEOUT,
)

ANEW = (
    {"Url": "https://app.test/again", "FallbackUrl": "https://backup.test/"},
    {"Texml": document("<Pause/>", VOICE)},
)
LIMITS = {"Url": "https://app.test/answer", "Timeout": "5", "TimeLimit": "30"}
DIALED_IN = (conferring("r", **KEPT), conferring("q", startConferenceOnEnter="false"))
MUSIC = ("https://app.test/again", "https://app.test/hold.mp3", "")
REASONS = ("busy", "decline", "no_answer", "unreachable")
OUTCOMES = (Answer(), Answer(500), Answer(404), TIMEOUT, Answer(302, (("location", "/moved"),)))


class Game:
    """A platform, and all that the world may do to it next."""

    answers: tuple[Answer, ...] = ANSWERS
    most = 3
    """So many sessions at once."""

    def __init__(self, **readings: str) -> None:
        self.calls = Calls(**readings)
        self.platform = self.calls.platform
        self.tickets: list[Fetch | Attempt | Store] = []
        self.quiet: Counter[int] = Counter()
        self.opened = 0
        """Sessions so far, which are called s1, s2, ..."""

    def ticket(self, n: int) -> Fetch | Attempt | Store:
        """What is answered, perhaps for the second time."""
        return self.tickets[n % len(self.tickets)]

    def legs(self) -> list[int]:
        """Whom something may happen to."""
        return [*self.platform.legs, 99]

    def command(self, what: str, n: int) -> Command | None:
        """What is asked, and of whom by number; None: a timer."""
        platform, calls = self.platform, self.calls
        how = n // 12  # of its own: who and how are drawn apart
        legs = self.legs()
        leg = legs[n % len(legs)]
        recordings = [
            (platform.sessions[made.session].title, made.n) for made in platform.recordings.values()
        ]
        session, number = [*recordings, ("s1", 9)][n % (len(recordings) + 1)]
        titles = [one.title for one in platform.sessions.values()] or ["s1"]
        title, next_title = titles[n % len(titles)], f"s{self.opened + 1}"
        room = [*platform.rooms, "r"][n % (len(platform.rooms) + 1)]
        has_place = len(platform.sessions) < self.most
        if what == "invite" and n % 4 == 3:
            what = "call"
        if what == "invite" and has_place:
            # Every other call has a fallback URL.
            fallback_url = ("", "https://backup.test/")[how % 2]
            application = APPLICATION._replace(fallback_url=fallback_url)
            return Invite(next_title, "+1", "+2", application)
        if what == "start":
            callback = {"RecordingStatusCallback": "https://app.test/r"} if how % 3 else {}
            beep = ("true", "false")[how % 2]
            return calls.start(title, PlayBeep=beep, **callback)
        if what == "answer" and self.tickets:
            asked = self.ticket(n)
            if type(asked) is Fetch:
                return Fetched(asked.ticket, self.answers[how % len(self.answers)])
            if type(asked) is Attempt:
                return Outcome(asked.ticket, OUTCOMES[how % len(OUTCOMES)])
            return Stored(asked.ticket, ("", "", "disk full")[how % 3])
        commands = {
            "hang up": HungUp(leg),
            "press": Pressed(leg, "5#*"[how % 3]),
            "speak": Speech(leg, on=True),
            "silent": Speech(leg, on=False),
            "ring": Ringing(leg),
            "pick up": Answered(leg),
            "refuse": Refused(leg, REASONS[how % 4]),
            "transfer": Transferred(leg, ("", "busy")[how % 2]),
            "pause": calls.update("paused", number, session),
            "resume": calls.update("in-progress", number, session),
            "stop": calls.update("stopped", number, session),
            "delete": calls.delete(number, session),
            "complete": calls.update_call(title, how % 3 + 1, Status="completed"),
            "instruct": calls.update_call(title, how % 3 + 1, **ANEW[how % 2]),
            "call": calls.initiate(next_title, Record="true", **LIMITS) if has_place else None,
            "dial in": do("dial_in", next_title, DIALED_IN[how % 2]) if has_place else None,
            "mute": do("mute", leg, how % 2 == 0),
            "hold": do("hold", leg, how % 2 == 0, MUSIC[how // 2 % 3]),
            "announce": do("announce", leg, MUSIC[how % 2]),
            "remove": do("remove", leg),
            "end": do("complete", room),
            "keep": do("record", room),
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
            self.opened += type(effect) is Opened

    def finish(self, watch: Watch | None = None) -> None:
        """Hang up, answer everything, fire everything."""
        for leg in list(self.platform.legs):
            self.do(HungUp(leg), watch)
        answers = {Fetch: Fetched, Attempt: Outcome}
        while self.tickets or self.platform.next_due_us < NEVER:
            while self.tickets:
                asked = self.tickets.pop()
                if type(asked) is Store:
                    self.do(Stored(asked.ticket), watch)
                else:
                    self.do(answers[type(asked)](asked.ticket, Answer()), watch)
            if self.platform.next_due_us < NEVER:
                self.do(None, watch)

    def do(self, command: Command | None, watch: Watch | None) -> None:
        """A step at once, or the next timer."""
        seq = self.platform.seq + 1
        effects = self.play(self.platform, command, 0)
        assert effects is not None
        if watch is not None:
            watched(watch, seq, command, effects)
        self.took(effects)


class Crowd(Game):
    """Callers most of whom come into conferences; what is gone or answered is left alone."""

    answers = (*(Answer(200, (), document(text)) for text in CONFERENCES), *ANSWERS[:6])
    most = 6

    def ticket(self, n: int) -> Fetch | Attempt | Store:
        return self.tickets.pop(n % len(self.tickets))

    def legs(self) -> list[int]:
        platform = self.platform
        return [key for key, leg in platform.legs.items() if not platform.is_over(leg)] or [99]


def open_things(platform: Platform) -> dict[int, int]:
    """How much is open in each session, counted."""
    is_final = platform.vendor.recording.is_final
    return {
        key: sum(not platform.is_over(platform.legs[leg]) for leg in session.legs)
        + sum(not is_final(platform.recordings[n].status) for n in session.recordings)
        + sum(delivery.session == key for delivery in platform.deliveries.values())
        + sum(fetch.session == key for fetch in platform.fetches.values())
        + sum(platform.conferences[n].status != "completed" for n in session.conferences)
        for key, session in platform.sessions.items()
    }


WHATS = (
    *("invite", "answer", "answer", "answer", "time", "time", "time"),
    *("hang up", "press", "speak", "silent", "start", "pause", "resume", "stop", "delete"),
    *("ring", "pick up", "pick up", "refuse", "transfer", "complete", "instruct"),
    *("dial in", "mute", "hold", "announce", "remove", "end", "keep"),
)
CONFERRED = (
    *("invite",) * 6,
    *("answer",) * 12,
    *("time", "time", "time", "hang up", "speak", "silent"),
    *("speak", "silent", "dial in", "pick up", "pick up", "mute", "hold", "announce", "remove"),
    *("end", "keep", "start", "stop", "pause", "resume", "instruct", "ring", "refuse", "complete"),
)
CHOICES = st.lists(
    st.tuples(st.sampled_from(WHATS), st.integers(0, 1_000)), min_size=10, max_size=60
)
SETTLED: tuple[dict[str, str], ...] = (
    {},
    {"answer_before_fetch": "true", "record_no_action": "same_document"},
    {"max_length_counts_paused": "true", "pause_behavior": "silence"},
    {"webhook_follow_redirects": "3"},
    {"retry_policy": "none", "beep_s": "0s", "absent_delete_silent": "true"},
)
READINGS = st.sampled_from(SETTLED)
OPENING = [("invite", 0), ("answer", 0)]
"""A call comes in and begins to record; so that what is drawn next finds something."""
DIALING = [("invite", 0), ("answer", 12 * 7), ("ring", 1)]
"""A call comes in and is put through; somebody's telephone rings."""
CONFERRING = [("invite", 0), ("answer", 12 * 22), ("invite", 0), ("answer", 12 * 21 + 2)]
"""Somebody waits for a conference, until its moderator comes."""


OPENINGS = ([], OPENING, DIALING, CONFERRING)


def test_every_row_that_moves_is_reached_by_some_order():
    rng, reached = Random(7), set()
    for n in range(900):
        game = Game(**SETTLED[n % len(SETTLED)])
        drawn = [(rng.choice(WHATS), rng.randrange(1_000)) for _ in range(50)]
        for what, number in OPENINGS[n % len(OPENINGS)] + drawn:
            command = game.command(what, number)
            effects = game.play(game.platform, command, number) or []
            game.took(effects)
            reached |= {move.rule for move in only(effects, Move)}

    vendor = game.platform.vendor
    lifecycles = (vendor.leg, vendor.conference, vendor.recording, vendor.delivery)
    rules = [rule for lifecycle in lifecycles for rule in lifecycle.rules]
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
        moving = (platform.legs, platform.conferences, platform.recordings)
        for entity in (entity for kind in moving for entity in kind.values()):
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


def drawn_play(seed: int, steps: int) -> None:
    """Play what `seed` draws, watched, each step on a fork too; to the end, and retire all.

    Every other seed retires each session as soon as it is quiet, and half of them are crowds.
    `.ci/long` plays thousands.
    """
    rng = Random(seed)
    kind, whats = ((Game, WHATS), (Crowd, CONFERRED))[seed // 4 % 2]
    game = kind(**SETTLED[seed % len(SETTLED)])
    platform, watch = game.platform, Watch(game.platform)
    drawn = [(rng.choice(whats), rng.randrange(1_000)) for _ in range(steps)]
    for what, n in OPENINGS[seed % len(OPENINGS)] + drawn:
        command, seq, fork = game.command(what, n), platform.seq + 1, platform.fork()
        effects = game.play(platform, command, n)
        assert repr(game.play(fork, command, n)) == repr(effects)
        assert snapshot(fork) == snapshot(platform)
        if effects is not None:
            watched(watch, seq, command, effects)
            game.took(effects)
        assert {key: one.open for key, one in platform.sessions.items()} == open_things(platform)
        if seed % 2:
            for quiet in only(effects or [], Quiet):
                watch.left(platform.now_us, platform.retire(quiet.session))
    game.finish(watch)
    watch.finish()
    assert (platform.queues, platform.takers, platform.rooms) == ({}, {}, {})
    for key in list(platform.sessions):
        platform.retire(key)
    assert entities(platform) == NOTHING


def watched(watch: Watch, seq: int, command: Command | None, effects: list[Effect]) -> None:
    """Tell `watch` of a step, the first thing of which is numbered `seq`."""
    now_us = watch.platform.now_us
    if command is not None:
        watch.asked(now_us, seq, 0, command)
    watch.saw(now_us, seq + (command is not None), effects)


@pytest.mark.parametrize("seed", range(60))
def test_the_invariants_hold_in_any_order(seed):
    drawn_play(seed, 70)
