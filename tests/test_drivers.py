"""Every driver plays the same run: SimPy's, a heap that never heard of it, and forks.

What a scenario does is decided by the platform and the world; a driver only keeps the queue.
"""

from __future__ import annotations

import ast
from collections import deque
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from recsim.core.agenda import Agenda
from recsim.core.commands import Command
from recsim.core.effects import Quiet
from recsim.core.entities import NEVER
from recsim.core.platform import Platform
from recsim.scenario.load import Loaded, load, loads
from recsim.scenario.record import Kept, Record, Sinks
from recsim.scenario.run import FILES, run, stage
from recsim.world.plan import Plan
from recsim.world.world import Turn, World

SEEDS = range(12)

CALLED = """\
recsim: 1
title: Several people are called at once, and everything is drawn
application:
  voice_url: https://app.test/answer
  latency: {choice: [0s, 100ms, 500ms]}
documents:
  https://app.test/answer: |
    <Response>
      <Dial action="/done" record="record-from-answer-dual" recordingStatusCallback="/recording"
            recordingStatusCallbackEvent="in-progress completed absent">
        <Number>+15550100</Number>
        <Number>+15550101</Number>
        <Number>+15550102</Number>
        <Number>+15550103</Number>
      </Dial>
    </Response>
  https://app.test/done: |
    <Response>
      <Gather action="/done" input="dtmf speech" speechTimeout="1" maxDigits="4"/>
      <Refer action="/done"><Sip>sip:other@example.test</Sip></Refer>
      <Dial action="/done" record="record-from-answer-dual" recordingStatusCallback="/recording"
            recordingStatusCallbackEvent="in-progress completed absent">
        <Sip>sip:other@example.test</Sip>
      </Dial>
    </Response>
receiver: {latency: {uniform: [0s, 2s]}}
calls:
  alice:
    from: +15550001
    to: +15550002
    story: [wait: ringing, wait: bridge, speak: {choice: [500ms, 1s]}, wait: gather, press: 1]
  bob:
    at: 500ms
    from: +15550003
    to: +15550002
    story: [wait: bridge, wait: 1s, press: "#", wait: gather, {speak: 1s, says: yes}, wait: 30s,
            hang_up]
callees:
  agent:
    number: +15550100
    rings_after: {choice: [0s, 500ms]}
    answers_after: {choice: [500ms, 1s, 30s]}
    story: [wait: bridge, speak: {choice: [500ms, 1s]}, silent: 500ms, hang_up]
  colleague:
    number: +15550101
    rings_after: {choice: [0s, 500ms]}
    answers_after: {choice: [500ms, 1s, 30s]}
    story: [silent: 1s, hang_up]
  busy: {number: +15550102, refuses: busy, rings_after: {choice: [500ms, 1s]}}
  other:
    number: sip:other@example.test
    answers_after: {choice: [500ms, 29.5s, 31s]}
    story: [wait: {exponential: 1s}, hang_up]
requests:
  - at: 500ms
    post: /v2/texml/Accounts/{account}/Calls
    form: {To: +15550100, From: +15550009}
    makes: survey
  - at: 500ms after agent answer
    post: /v2/texml/Accounts/{account}/Calls/{alice.2}/Recordings.json
    form: {PlayBeep: false}
  - at: after survey answer
    post: /v2/texml/Accounts/{account}/Calls/{survey}/Recordings.json
    json: {PlayBeep: false}
"""
"""A scenario in which much is due at the same moment, on legs that are dialed."""


CONFERRED = """\
recsim: 1
title: Several people confer, and everything is drawn
application:
  voice_url: https://app.test/answer
  latency: {choice: [0s, 100ms, 500ms]}
documents:
  https://app.test/answer: |
    <Response>
      <Start><Recording recordingStatusCallback="/recording"/></Start>
      <Dial action="/done" timeLimit="60">
        <Conference record="record-from-start" trim="trim-silence" recordingTimeout="1"
                    recordingStatusCallback="/recording" waitUrl="/wait"
                    recordingStatusCallbackEvent="in-progress completed absent"
                    startConferenceOnEnter="false" statusCallback="/conference"
                    statusCallbackEvent="start end join leave speaker">standup</Conference>
      </Dial>
    </Response>
  https://app.test/boss: |
    <Response>
      <Dial>
        <Conference endConferenceOnExit="true" beep="onEnter">standup</Conference>
      </Dial>
    </Response>
  https://app.test/wait: <Response><Say>Please wait.</Say></Response>
  https://app.test/done: <Response><Redirect>/answer</Redirect></Response>
receiver: {latency: {uniform: [0s, 2s]}}
calls:
  alice:
    from: +15550001
    to: +15550002
    story: [wait: hold, wait: conference, speak: {choice: [500ms, 1s]}, silent: 1s, speak: 500ms,
            silent: {choice: [0s, 1s]}, hang_up]
  bob:
    at: 500ms
    from: +15550003
    to: +15550002
    story: [wait: conference, wait: 500ms, speak: 1s, silent: 500ms, wait: 30s, hang_up]
  carol:
    at: 1s
    from: +15550004
    to: +15550002
    story: [wait: {choice: [500ms, 1s, 9s]}, speak: 1s, hang_up]
requests:
  - at: 500ms
    post: /v2/texml/Accounts/{account}/Calls
    form: {To: +15550100, From: +15550009, Url: https://app.test/boss}
    makes: summons
callees:
  boss:
    number: +15550100
    answers_after: {choice: [500ms, 1s, 2s]}
    story: [wait: conference, speak: {choice: [500ms, 1s]}, silent: {choice: [1s, 4s]}, hang_up]
"""
"""A scenario in which much is due at the same moment, in a conference."""


class Heap:
    """Plays a plan, with one heap and no library."""

    def __init__(self, platform: Platform, plan: Plan, record: Record, *, retires: bool) -> None:
        self.platform, self.record, self.retires = platform, record, retires
        self.heap: list[tuple[int, int, int, Command | None, Turn | None]] = []
        self.order = count()
        self.world = World(plan, self.post, record.reached)
        self.quiet: dict[int, None] = {}

    def post(self, at_us, cause, command, turn=None):
        heappush(self.heap, (at_us, next(self.order), cause, command, turn))

    def run(self):
        self.world.start()
        while self.heap or self.platform.next_due_us < NEVER:
            due_us = self.platform.next_due_us
            if self.heap and self.heap[0][0] <= due_us:
                self.come(*heappop(self.heap))
            else:
                seq = self.platform.seq + 1
                self.follow(due_us, seq, self.platform.advance(due_us))
        for session in self.quiet:
            self.record.left(self.platform.now_us, self.platform.retire(session))

    def come(self, at_us, _, cause, command, who):
        if who is not None:
            command = self.world.turns[type(who)](at_us, cause, who)
        if command is None:
            return
        seq = self.platform.seq + 1
        effects = self.platform.handle(at_us, command)
        self.record.asked(at_us, seq, cause, command)
        if who is not None:
            self.world.acted(at_us, seq, who)
        self.follow(at_us, seq + 1, effects)

    def follow(self, at_us, seq, effects):
        self.record.saw(at_us, seq, effects)
        for number, effect in enumerate(effects, seq):
            if react := self.world.react.get(type(effect)):
                react(at_us, number, effect)
        for session in (effect.session for effect in effects if isinstance(effect, Quiet)):
            if self.retires:
                self.record.left(at_us, self.platform.retire(session))
            else:
                self.quiet[session] = None


class Twice(Platform):
    """A platform that takes every step on a fork first, and then itself."""

    steps = 0

    def handle(self, at_us, command):
        return self._both(lambda platform: Platform.handle(platform, at_us, command))

    def advance(self, to_us):
        return self._both(lambda platform: Platform.advance(platform, to_us))

    def _both(self, step):
        self.steps += 1
        fork, before = self.fork(), snapshot(self)
        assert type(fork) is Platform
        assert {**snapshot(fork), "effects": before["effects"]} == before

        tried = step(fork)
        assert snapshot(self) == before, "the step of a fork changed the original"
        after = snapshot(fork)
        effects = step(self)

        # Tuples are equal whatever their types; the text names these, and those of their values.
        assert [repr(effect) for effect in effects] == [repr(effect) for effect in tried]
        assert effects == tried
        assert snapshot(self) == snapshot(fork) == after
        return effects


#: Not state of one platform: the vendor and its tables are constant, and parsed documents are kept
#: for all forks, since the same text always means the same; what the vendor remembers is none.
SHARED = {"vendor", "policy", "memory", "_lives", "_documents", "emit", "steps"}


def snapshot(platform: Platform) -> dict[str, Any]:
    """All state of a platform, as values that share nothing with it."""
    state = vars(platform).items()
    return {name: frozen(value) for name, value in state if name not in SHARED}


def frozen(value: object) -> object:
    """A value by its text; a container or an entity by its parts."""
    if isinstance(value, dict):
        return [(repr(key), frozen(one)) for key, one in value.items()]
    if isinstance(value, list | deque):
        return [frozen(one) for one in value]
    if isinstance(value, Agenda) or "key" in getattr(type(value), "__slots__", ()):
        return [(slot, frozen(getattr(value, slot))) for slot in type(value).__slots__]
    return repr(value)


def played_by_heap(
    loaded: Loaded, kind: type[Platform] = Platform, seed: int | None = None
) -> tuple[dict[str, str], Platform]:
    """The content of each of the three files, and the platform."""
    staged = stage(loaded, seed)
    lines: tuple[list[str], ...] = ([], [], [])
    record = Record(
        staged.vendor,
        staged.loaded.scenario.starts_at,
        Sinks(*(those.append for those in lines)),
        Kept(),
        staged.known,
    )
    platform = kind(staged.vendor)
    Heap(platform, staged.plan, record, retires=staged.retires).run()
    return dict(zip(FILES, map("".join, lines), strict=True)), platform


@pytest.fixture
def called() -> Loaded:
    return loads(CALLED.encode(), "called.yaml")


@pytest.fixture
def conferred(tmp_path: Path) -> Loaded:
    path = tmp_path / "conferred.yaml"
    path.write_text(CONFERRED, encoding="utf-8")
    return load(path)


def test_heap_and_simpy_write_the_same_bytes(scenario):
    loaded = load(scenario)

    lines, _ = played_by_heap(loaded)

    for name, text in run(loaded).lines.items():
        assert lines[name].splitlines() == text.splitlines(), name
        assert lines[name] == text, name


@pytest.mark.parametrize("seed", SEEDS)
def test_heap_and_simpy_agree_when_much_is_due_at_once(busy, seed):
    lines, _ = played_by_heap(busy, seed=seed)

    assert lines == run(busy, seed=seed).lines


def test_a_step_on_a_fork_does_what_it_does_on_the_original(scenario):
    loaded = load(scenario)

    lines, platform = played_by_heap(loaded, Twice)

    assert platform.steps > 2
    assert lines == run(loaded).lines


@pytest.mark.parametrize("seed", SEEDS)
def test_forks_do_the_same_when_much_is_due_at_once(busy, seed):
    lines, _ = played_by_heap(busy, Twice, seed=seed)

    assert lines == run(busy, seed=seed).lines


@pytest.mark.parametrize("seed", SEEDS)
def test_heap_and_simpy_agree_on_whoever_is_called(called, seed):
    lines, _ = played_by_heap(called, seed=seed)

    assert lines == run(called, seed=seed).lines


@pytest.mark.parametrize("seed", SEEDS)
def test_forks_do_the_same_about_whoever_is_called(called, seed):
    lines, platform = played_by_heap(called, Twice, seed=seed)

    assert platform.steps > 20
    assert lines == run(called, seed=seed).lines


@pytest.mark.parametrize("seed", SEEDS)
def test_heap_forks_and_simpy_agree_on_whoever_confers(conferred, seed):
    lines, _ = played_by_heap(conferred, seed=seed)
    forked, platform = played_by_heap(conferred, Twice, seed=seed)

    assert platform.steps > 20
    assert lines == forked == run(conferred, seed=seed).lines


def test_everything_happens_to_somebody_who_confers(conferred):
    """Or the test above would see too little."""
    trace = [line for seed in SEEDS for line in run(conferred, seed=seed).trace]
    moves = {
        (line["source"], line["trigger"])
        for line in trace
        if line["kind"] == "move" and line["lifecycle"] in ("conference", "recording")
    }
    words = {line["word"] for line in trace if line["kind"] == "cue"}

    assert {
        ("init", "start"), ("in-progress", "moderator_left"), ("init", "empty"),
        ("in-progress", "silence"), ("in-progress", "end"), ("stopped", "save"),
    } <= moves  # fmt: skip
    assert {"hold", "conference", "say", "beep"} <= words


def test_everything_happens_to_somebody_who_is_called(called):
    """Or the tests above would see too little."""
    trace = [line for seed in SEEDS for line in run(called, seed=seed).trace]
    kinds = {line["kind"] for line in trace}
    statuses = {
        (line["source"], line["dest"])
        for line in trace
        if line["kind"] == "move" and line["lifecycle"] == "call leg"
    }

    assert {"ring", "ringing", "answered", "refused", "transfer", "transferred"} <= kinds
    assert {
        ("ringing", "canceled"), ("ringing", "no-answer"), ("initiated", "busy"),
        ("initiated", "failed"), ("ringing", "in-progress"), ("in-progress", "completed"),
    } <= statuses  # fmt: skip


def test_much_is_due_at_once_in_the_busy_scenario(busy):
    """Or the tests above would not see the rules for ties."""
    ties = 0
    for seed in SEEDS:
        trace = run(busy, seed=seed).trace
        timers = {line["at"] for line in trace if line["kind"] == "due"}
        ties += sum(line["at"] in timers for line in trace if line["kind"] in ("speech", "pressed"))

    assert ties >= len(SEEDS)


@pytest.mark.parametrize("name", ["busy", "called", "conferred"])
def test_nothing_is_left_in_a_platform_whose_sessions_were_retired(request, name):
    _, platform = played_by_heap(request.getfixturevalue(name))

    left = [platform.sessions, platform.legs, platform.recordings]
    left += [platform.conferences, platform.rooms, platform.queues, platform.takers]
    left += [platform.deliveries, platform.fetches, platform.agenda.armed()]
    assert not any(left)


def test_the_heap_has_never_heard_of_simpy():
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))

    imported = {
        name.name if isinstance(node, ast.Import) else f"{node.module}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert "heapq.heappush" in imported
    assert not [name for name in imported if name.startswith(("simpy", "recsim.world.driver"))]
