"""The engine's own bounds: what is under way, and what it makes of its own faults."""

from __future__ import annotations

import asyncio

import httpx
import pytest

import recsim
from recsim.core.commands import Answer
from recsim.core.vendor import Encoded
from recsim.live import engine, local
from recsim.live.clock import Manual
from recsim.live.engine import Engine
from recsim.scenario.run import stage

CALLED = """\
recsim: 1
title: A message
application: {voice_url: http://127.0.0.1:1/voice}
documents:
  http://127.0.0.1:1/voice: <Response><Record recordingStatusCallback="/recording"/></Response>
calls:
  one: {from: +15550001, to: +15550002, story: [wait: beep, speak: 4s, hang_up]}
  other: {from: +15550003, to: +15550002, story: [wait: beep, speak: 4s, hang_up]}
"""


class Counting:
    """Answers all, and knows how many it held at once."""

    def __init__(self) -> None:
        self.now = self.most = 0

    async def send(self, sent: Encoded, method: str, timeout_s: float) -> Answer:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        return Answer(200)

    async def close(self) -> None:
        pass


async def played(outside: Counting) -> Engine:
    running = Engine(stage(recsim.loads(CALLED.encode(), "called.yaml")), Manual(), outside)
    running.start()
    await running.move(engine.NEVER)
    await running.stop()
    return running


def test_no_more_is_under_way_than_the_bound(monkeypatch):
    monkeypatch.setattr(engine, "MOST_UNDER_WAY", 1)
    outside = Counting()

    running = asyncio.run(played(outside))

    outcomes = [line["status"] for line in running.lines() if line["kind"] == "outcome"]
    assert outside.most == 1
    assert sorted(outcomes) == [0, 200, 200]  # one was refused, and came again


def test_a_fault_of_the_engine_stops_whoever_waits_for_it():
    class Broken(Counting):
        async def send(self, sent: Encoded, method: str, timeout_s: float) -> Answer:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(played(Broken()))


def test_a_bug_is_told_to_whoever_asks_from_then_on(monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("of recsim")

    with local.serve(recsim.loads(CALLED.encode(), "called.yaml")) as server:
        path, key = f"{server.base_url}/recordings", {"authorization": "Bearer KEY"}
        assert httpx.get(path, headers=key).status_code == 200
        monkeypatch.setattr(Engine, "request", broken)
        first = httpx.get(path, headers=key)
        monkeypatch.undo()

        for answer in (first, httpx.get(path, headers=key)):
            assert answer.status_code == 500
            assert answer.json()["errors"][0]["detail"] == "ZeroDivisionError: of recsim"
