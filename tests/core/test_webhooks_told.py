"""Webhooks in any order of everything, and the watch over them, which sees what goes wrong."""

from __future__ import annotations

import pytest
import test_any_order
from calls import APPLICATION, HANGUP, Line, document, element
from test_any_order import drawn_play

from recsim.core import webhooks
from recsim.core.entities import Webhook
from recsim.core.errors import PropertyError
from recsim.core.platform import Platform
from recsim.core.watch import Watch
from recsim.scenario.load import loads
from recsim.scenario.run import stage
from recsim.world.driver import Driver

LISTENER = APPLICATION._replace(webhook=Webhook("https://app.test/hook", "POST", "https://b.test/"))
ALSO = {"texml_also_json": "true"}


@pytest.mark.parametrize("seed", range(40))
def test_the_invariants_hold_in_any_order(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_any_order, "APPLICATION", LISTENER)
    settled = tuple(readings | ALSO for readings in test_any_order.SETTLED)
    monkeypatch.setattr(test_any_order, "SETTLED", settled)

    drawn_play(seed, 60)


CALL = """
recsim: 1
title: A call
application: {voice_url: https://app.test/answer, webhook_event_url: https://app.test/hook}
documents: {https://app.test/answer: <Response><Dial><Conference>r</Conference></Dial></Response>}
calls: {a: {from: +15550001, to: +15550002, story: [wait: conference, speak: 2s, hang_up]}}
"""


def watched() -> None:
    """Play a call to a conference under a watch."""
    staged = stage(loads(CALL))
    watch = Watch(Platform(staged.vendor))
    Driver(watch.platform, staged.plan, watch).run()
    watch.finish()


def test_a_call_and_its_conference_are_told_of_as_they_are_to_be() -> None:
    watched()


def test_a_webhook_that_is_sent_twice_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    send = webhooks.send

    def twice(platform, session, message):
        send(platform, session, message)
        send(platform, session, message)

    monkeypatch.setattr(webhooks, "send", twice)
    with pytest.raises(PropertyError, match="told"):
        watched()


@pytest.mark.parametrize("event", ["initiated", "hangup", "created", "join", "leave", "ended"])
def test_a_webhook_that_is_not_sent_is_seen(event: str, monkeypatch: pytest.MonkeyPatch) -> None:
    send = webhooks.send

    def some(platform, session, message):
        if message.event != event:
            send(platform, session, message)

    monkeypatch.setattr(webhooks, "send", some)
    with pytest.raises(PropertyError, match="every webhook is sent"):
        watched()


def test_webhooks_come_after_the_callbacks_of_the_same_move() -> None:
    listener = LISTENER._replace(
        status=LISTENER.status._replace(
            url="https://app.test/status", events=("answered", "completed")
        )
    )
    line = Line(application=listener)
    line.documents = {"answer": document(element("Pause"), "<Hangup/>")}
    line.call()
    line.after(5_000_000)

    kinds = [kind for kind, _ in line.sent if kind != "instructions"]
    assert kinds == ["webhook", "call-status", "webhook", "call-status", "webhook"]


def test_what_an_application_is_told_is_its_own_business() -> None:
    line = Line(application=APPLICATION)
    line.documents = {"answer": HANGUP}
    line.call()
    line.after(5_000_000)

    assert line.of("webhook") == []
    assert [session.hooks for session in line.platform.sessions.values()] == [0]
