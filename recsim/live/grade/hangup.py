"""The check of a whole application: a caller leaves a message, hangs up, and then callbacks come.

The call is played by the engine, on a clock that nobody waits for: the application's documents are
really fetched, while callbacks are held back, and go out in one order after another.
"""

from __future__ import annotations

import time
from itertools import permutations

from recsim.core.commands import Answer, Outcome
from recsim.core.effects import Attempt
from recsim.core.entities import NEVER
from recsim.core.units import SECOND_US
from recsim.core.vendor import Encoded
from recsim.live.clock import Manual
from recsim.live.engine import Engine, Outside
from recsim.live.grade.grader import COMPLETED, IN_PROGRESS, Grader, Played
from recsim.live.grade.material import word_of
from recsim.live.grade.orders import ended_badly
from recsim.live.grade.parts import Callback, Finding
from recsim.scenario.load import loads
from recsim.scenario.run import Stage, stage

ENDED = "call completed"

CALL = """\
recsim: 1
title: A caller leaves a message and hangs up
application: {voice_url: "https://app.test/answer", status_callback: "https://app.test/status"}
calls:
  caller: {from: +15550001, to: +15550002, story: [wait: record, speak: 4s, hang_up]}
"""

MOST_EVENTS = 4
"""Of so many callbacks every order is tried; of more, the earliest are left out."""


class Carrier(Outside):
    """Carries fetches to the application, signed."""

    def __init__(self, grader: Grader) -> None:
        self.grader = grader
        self.failed = ""
        """What could not be fetched."""

    async def send(self, sent: Encoded, method: str, timeout_s: float) -> Answer:
        """As an Outside."""
        signed = self.grader.signer.signed(sent, int(time.time() * SECOND_US))
        answer = await self.grader.network.send(signed, method, timeout_s)
        if answer.status != 200 and not self.failed:
            self.failed = f"{method} {sent.url}: {answer.status or answer.failure}"
        return answer

    async def close(self) -> None:
        """As an Outside: the network is the grader's, which goes on."""


class Holding(Engine):
    """An engine whose callbacks are held back; the platform takes them for delivered."""

    def __init__(self, staged: Stage, outside: Outside) -> None:
        super().__init__(staged, Manual(), outside)
        self.held: list[Callback] = []

    def _attempt(self, at_us: int, seq: int, effect: Attempt) -> None:
        sent = self.vendor.encode(effect.message, effect.method, effect.url, effect.n)
        params = dict(sent.params)
        sid = params.get("RecordingSid", "")
        self.held.append(
            Callback(word_of(params), sid, effect.method, sent.url, sent.headers, sent.body, params)
        )
        self._post(at_us, seq, Outcome(effect.ticket, Answer(200)))


class Message:
    """One message that a caller left with the application, as callbacks that are under way."""

    def __init__(self, callbacks: list[Callback]) -> None:
        told = [one for one in callbacks if one.word in (IN_PROGRESS, COMPLETED, ENDED)]
        self.callbacks = told[-MOST_EVENTS:]
        self.sid = next((one.sid for one in told if one.word == COMPLETED), "")

    @property
    def words(self) -> tuple[str, ...]:
        """What they say, in the order in which they came about."""
        return tuple(one.word for one in self.callbacks)


async def left(grader: Grader) -> tuple[Message, str]:
    """A message left just now, and what could not be fetched."""
    settings = grader.settings
    loaded = loads(CALL, "grade")
    application = loaded.scenario.application.model_copy(
        update={
            "voice_url": settings.voice_url,
            "status_callback": settings.status_url or settings.url,
        }
    )
    calls = {grader.kitchen.call("hang-up"): loaded.scenario.calls["caller"]}
    update = {
        "application": application,
        "calls": calls,
        "starts_at": int(time.time()) * SECOND_US,
    }
    scenario = loaded.scenario.model_copy(update=update)
    staged = stage(loaded._replace(scenario=scenario), settings.seed, bucket=grader.shelf.bucket)
    carrier = Carrier(grader)
    engine = Holding(staged, carrier)
    engine.start()
    try:
        await engine.move(NEVER)
    finally:
        await engine.stop()
    for callback in engine.held:
        grader.put(callback)
    return Message(engine.held), carrier.failed


async def forgotten(grader: Grader) -> Finding:
    """Whether the recording of a call is still wanted once the call is over."""
    message, failed = await left(grader)
    if not message.sid:
        why = f"no recording was completed{f' ({failed})' if failed else ''}"
        return Finding(unjudged=f"a caller left a message with {grader.settings.voice_url}: {why}")
    if ENDED not in message.words:
        return Finding(unjudged="the call was not told to be over")
    played: dict[tuple[str, ...], Played] = {}
    for order in orders_to_the_end(message.words):
        message, _ = await left(grader)
        by_word = {one.word: one for one in reversed(message.callbacks)}
        played[order] = await grader.deliver([by_word[word] for word in order])
        if ENDED not in order:
            continue
        told = ended_badly(played[order], COMPLETED)
        before = played[tuple(word for word in order if word != ENDED)]
        if told and not ended_badly(before, COMPLETED):
            return Finding(
                f"{told}; without the end of the call it is kept", played[order].steps, order
            )
    whole = max(played, key=len)
    for order, found in played.items():
        if ended_badly(played[whole], COMPLETED) and (told := ended_badly(found, COMPLETED)):
            return Finding(told, found.steps, order)
    return Finding(steps=played[whole].steps, note=f"{len(played)} orders were tried")


def orders_to_the_end(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Every order of some of the words, ending with `completed`, the shortest first."""
    others = list(dict.fromkeys(word for word in words if word != COMPLETED))
    return [
        (*some, COMPLETED)
        for length in range(len(others) + 1)
        for some in permutations(others, length)
    ]
