"""A vendor whose documents and calls are made by hand, for what people do when they are called.

A document is a line a verb: `dial +15550100 +15550101`, `refer sip:a@b.test`, `record`, `pause 5`,
`gather`, `hangup`. `POST .../Calls` makes a call to the `To` of its form.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

from recsim.core import legs
from recsim.core.commands import Answer
from recsim.core.documents import Document
from recsim.core.entities import Application, RecordingSettings, Setup, Subscription
from recsim.core.verbs.dial import AT_ANSWER, Dial, Target
from recsim.core.verbs.gather import Gather
from recsim.core.verbs.hangup import Hangup
from recsim.core.verbs.pause import Pause
from recsim.core.verbs.record import Record
from recsim.core.verbs.refer import Refer
from recsim.scenario.load import Loaded, loads
from recsim.scenario.run import Run, Stage, play, stage
from recsim.vendors.telnyx.vendor import Telnyx

SECOND_US = 1_000_000
SETTINGS = RecordingSettings(
    channels=2,
    track="both",
    is_trimmed=False,
    beep=False,
    format="mp3",
    limit_us=0,
    silence_us=0,
    callback_url="/recording",
    callback_method="POST",
    callback_events=("in-progress", "completed", "absent"),
    sends_url=True,
)


def verb(line: int, word: str, *args: str):
    """The row of one line."""
    if word == "dial":
        return Dial(
            line,
            action="/done",
            method="POST",
            targets=tuple(Target(to, "", "POST", Subscription(), 0) for to in args),
            caller_id="",
            ring_us=30 * SECOND_US,
            limit_us=3600 * SECOND_US,
            hangup_on_star=False,
            answers=True,
            record_from=AT_ANSWER,
            source="DialVerb",
            settings=SETTINGS,
        )
    if word == "gather":
        return Gather(
            line,
            prompts=(),
            action="/done",
            method="POST",
            timeout_us=5 * SECOND_US,
            hears_keys=True,
            hears_speech=True,
            speech_timeout_us=SECOND_US,
            finish_on_key="#",
            least=1,
            most=4,
            valid="",
            invalid_action="",
        )
    return {
        "refer": lambda: Refer(line, *args, "/done", "POST"),
        "record": lambda: Record(line, "/done", "POST", "#", "RecordVerb", SETTINGS),
        "pause": lambda: Pause(line, int(args[0]) * SECOND_US),
        "hangup": lambda: Hangup(line),
    }[word]()


class Pieces(Telnyx):
    """The vendor, but for its documents and the calls that requests make."""

    def parse(self, text):
        lines = [line.split() for line in text.splitlines()]
        rows = tuple(verb(n, *words) for n, words in enumerate(lines, 1))
        return Document(rows, ())

    def answer(self, platform, request):
        if request.method != "POST" or not request.path.endswith("/Calls"):
            return super().answer(platform, request)
        form = dict(parse_qsl(request.body))
        application = Application("https://app.test/answer", "POST")
        setup = Setup(url=application.voice_url, ring_us=30 * SECOND_US)
        title = request.session or f"request {platform.seq}"
        legs.place(platform, title, "+15550009", form["To"], application, setup)
        return Answer(201, (), "{}")


CALLED = """\
recsim: 1
title: Several people are called at once, and everything is drawn
application:
  voice_url: https://app.test/answer
  latency: {choice: [0s, 100ms, 500ms]}
documents:
  https://app.test/answer: dial +15550100 +15550101 +15550102 +15550103
  https://app.test/done: |
    gather
    refer sip:other@example.test
    dial sip:other@example.test
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
    post: /v2/Calls
    form: {To: +15550100}
    makes: survey
  - at: 500ms after agent answer
    post: /v2/texml/Accounts/{account}/Calls/{alice.2}/Recordings.json
    form: {PlayBeep: false}
  - at: after survey answer
    post: /v2/texml/Accounts/{account}/Calls/{survey}/Recordings.json
    json: {PlayBeep: false}
"""
"""A scenario in which much is due at the same moment, on legs that are dialed."""


def staged(loaded: Loaded | str, seed: int | None = None) -> Stage:
    """A scenario made ready, with this vendor."""
    one = stage(loads(loaded.encode()) if isinstance(loaded, str) else loaded, seed)
    scenario = one.loaded.scenario
    vendor = Pieces(
        one.seed, scenario.starts_at, readings=scenario.readings, account_sid=scenario.account.sid
    )
    return replace(one, vendor=vendor)


def played(loaded: Loaded | str, seed: int | None = None) -> Run:
    """A scenario, played with this vendor."""
    return play(staged(loaded, seed))
