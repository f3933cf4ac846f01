"""The watch: what is built in stands in one table, what is claimed is kept, a fork goes its way."""

from __future__ import annotations

import ast
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import recsim
from recsim.core import recordings
from recsim.core.errors import PropertyError
from recsim.core.platform import Platform
from recsim.core.properties import BUILT_IN, REACHABLE
from recsim.core.watch import Watch
from recsim.core.watched.deliveries import longest_us, most_attempts
from recsim.scenario.load import Loaded, loads
from recsim.scenario.run import stage
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.world.driver import Driver

CORE = Path(recsim.__file__).parent / "core"
NAMES = [claim.name for claim in (*BUILT_IN, *REACHABLE)]

VOICEMAIL = """\
recsim: 1
title: A message, and what becomes of it
application: {voice_url: https://app.test/answer, fallback_url: https://backup.test/voice}
documents:
  https://app.test/answer: |
    <Response><Record maxLength="20" recordingStatusCallback="/recording"/></Response>
receiver: {latency: 5s}
requests:
  - at: 2s after beep
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: paused}
calls:
  caller: {from: +15550001, to: +15550002, story: [wait: beep, speak: 4s, wait: 30s, hang_up]}
"""


@pytest.fixture
def voicemail() -> Loaded:
    return loads(VOICEMAIL.encode(), "voicemail.yaml")


def held() -> set[str]:
    """The names by which the watch tells what is broken."""
    files = [CORE / "watch.py", *sorted((CORE / "watched").glob("*.py"))]
    calls = [
        node
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hold"
    ]
    return {ast.literal_eval(call.args[1]) for call in calls}


def test_every_property_stands_in_the_table_and_is_looked_at():
    assert held() == {claim.name for claim in BUILT_IN}
    assert len(set(NAMES)) == len(NAMES)
    assert all(claim.spec for claim in (*BUILT_IN, *REACHABLE))


def test_a_timer_that_survives_the_end_of_its_recording_is_noticed(voicemail, monkeypatch):
    def forgetful(platform: Platform, recording: recordings.Recording) -> None:
        stopped(platform, recording)
        platform.arm(recording.key, "limit", 60_000_000)

    stopped = recordings.REACTIONS["end"]
    monkeypatch.setitem(recordings.REACTIONS, "end", forgetful)

    with pytest.raises(PropertyError, match=r"only what is captured is timed: .*limit"):
        recsim.run(voicemail)


def test_a_limit_that_goes_on_in_a_pause_is_noticed(voicemail, monkeypatch):
    def impatient(platform: Platform, recording: recordings.Recording) -> None:
        due_us = platform.agenda.due_us(recording.key, "limit")
        paused(platform, recording)
        platform.arm(recording.key, "limit", due_us - platform.now_us)

    paused = recordings.REACTIONS["pause"]
    monkeypatch.setitem(recordings.REACTIONS, "pause", impatient)

    with pytest.raises(PropertyError, match="only what is captured is timed"):
        recsim.run(voicemail)
    counted = recsim.run(voicemail, readings={"max_length_counts_paused": "true"})
    assert [row["status"] for row in counted.recordings] == ["completed"]


def test_the_bound_of_a_delivery_is_that_of_the_policy(voicemail):
    """A receiver that never answers in time makes the most of it."""
    run = recsim.run(voicemail)

    tried = [line for line in run.trace if line["kind"] == "attempt"]
    policy = stage(voicemail).vendor.policy
    assert len(tried) == most_attempts(policy, urls=2) == 6
    [saved] = [line for line in run.trace if line.get("trigger") == "save"]
    [given_up] = [line for line in run.trace if line.get("trigger") == "give_up"]
    took = datetime.fromisoformat(given_up["at"]) - datetime.fromisoformat(saved["at"])
    assert took == timedelta(microseconds=longest_us(policy, urls=2))


def test_what_is_claimed_is_kept_with_where_it_was_seen(voicemail):
    paused = REACHABLE[NAMES[len(BUILT_IN) :].index("a recording is paused")]
    deleted = recsim.sometimes(
        "a recording is deleted",
        lambda step: any(m.rule.dest == "deleted" for m in step.moves("recording")),
    )
    early = recsim.always("nothing after 3 s", lambda step: step.at_us <= 3_000_000)
    told = recsim.eventually(
        "somebody is told", lambda step: bool(step.attempts("recording-status"))
    )

    run = recsim.run(voicemail, properties=[paused, deleted, early, told])

    assert [one.held for one in run.claims] == [True, False, False, True]
    assert [one.seen and one.seen.at_us for one in run.claims] == [
        2_600_000, None, 4_600_000, 34_820_000 + 600_000
    ]  # fmt: skip
    assert not run.as_expected
    assert recsim.run(voicemail, properties=[paused, told]).as_expected


def test_claims_change_no_byte(voicemail):
    claim = recsim.always("anything", lambda step: True)

    assert recsim.run(voicemail, properties=[claim]).lines == recsim.run(voicemail).lines


class Forking(Watch):
    """Looks at every step with a fork of itself first."""

    def saw(self, at_us, seq, effects):
        fork = Watch.fork(self, self.platform)
        assert vars(fork).keys() == vars(self).keys()
        Watch.saw(fork, at_us, seq, effects)
        super().saw(at_us, seq, effects)


def test_a_fork_of_the_watch_leaves_the_original_alone(scenario):
    """Or the original would see everything twice."""
    staged = stage(recsim.load(scenario))
    platform = Platform(staged.vendor)
    watch = Forking(platform)

    Driver(platform, staged.plan, watch, retires=staged.retires).run()

    watch.finish()


def test_properties_of_nothing_but_silence_hold():
    watch = Watch(Platform(Telnyx(1, 0)))

    watch.finish()


FOREVER = """\
recsim: 1
title: A caller who never hangs up
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: <Response><Record maxLength="9"/></Response>
requests:
  - at: 1s after beep
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: paused}
calls:
  caller: {from: +15550001, to: +15550002, story: [wait: beep, speak: 4s]}
"""


def test_a_call_that_nobody_ends_is_no_fault_of_the_platform_and_is_told():
    run = recsim.run(loads(FOREVER.encode(), "forever.yaml"))

    assert [row["status"] for row in run.recordings] == []
    [remark] = run.remarks
    assert remark.text == "this call goes on for ever: in-progress, and nobody ends it"
