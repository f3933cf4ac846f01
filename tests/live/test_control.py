"""Steering a server: its clock, people by hand, and what there was."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from applications import Application, application, voicemail

import recsim
from recsim.live import local
from recsim.live.local import ServerError, Steering

CALLED = """\
recsim: 1
title: Somebody is called
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: |
    <Response>
      <Dial record="record-from-answer" timeout="20"><Number>+15550100</Number></Dial>
    </Response>
calls:
  caller: {from: +15550001, to: +15550002, story: [wait: bridge, speak: 3s]}
"""


@pytest.fixture(scope="module")
def app() -> Iterator[Application]:
    with application(voicemail) as running:
        yield running


@pytest.fixture
def server(app: Application) -> Iterator[Steering]:
    with local.serve(voice_url=f"{app.origin}/voice") as running:
        yield running


@pytest.fixture
def called() -> Iterator[Steering]:
    with local.serve(recsim.loads(CALLED.encode(), "called.yaml")) as running:
        yield running


def kinds(fired: list[dict[str, str]]) -> list[str]:
    return [line["kind"] for line in fired]


def test_time_stands_still_until_it_is_moved(server):
    assert server.clock.now() == "2026-01-05T09:00:00.000000Z"
    assert server.clock.by("1h") == []
    assert server.clock.now() == "2026-01-05T10:00:00.000000Z"
    assert server.clock.to("2026-01-05T12:00:00Z") == []
    assert server.clock.now() == "2026-01-05T12:00:00.000000Z"


def test_a_move_tells_what_fired_in_causal_order(server):
    server.call(name="anna")

    fired = server.clock.by("1s")

    assert kinds(fired)[:5] == ["invite", "opened", "move", "fetch", "fetched"]
    assert [line["seq"] for line in fired] == sorted(line["seq"] for line in fired)
    assert all(line["cause"] < line["seq"] for line in fired)
    assert server.clock.by("1s") == []


def test_the_next_event_is_as_far_as_the_clock_goes(server):
    server.call(name="anna")
    server.clock.by("1s")
    due = server.ask("GET", "clock")["next"]

    fired = server.clock.until_next()

    assert server.clock.now() == due
    assert {line["at"] for line in fired} == {due}


def test_idle_is_when_nothing_comes_any_more(server):
    server.call(name="anna")
    server.clock.by("1s")
    server.act("anna", "speak", for_="5s")
    server.clock.by("5s")
    server.act("anna", "hang_up")

    server.clock.until_idle()

    assert server.ask("GET", "clock")["next"] is None
    again = server.ask("POST", "clock", {"until": "idle"})
    assert again["fired"] == []
    assert again["why"].startswith("nothing is due")


@pytest.mark.parametrize(
    ("move", "told"),
    [
        ({}, "expected one of by, to, until"),
        ({"by": "1s", "to": "2026-01-05T12:00:00Z"}, "expected one of by, to, until"),
        ({"buy": "1s"}, "expected one of by, to, until"),
        ({"by": "1 second"}, "expected a duration such as 30s"),
        ({"by": "-1s"}, "expected a duration such as 30s"),
        ({"to": "yesterday"}, "to: "),
        ({"to": "2026-01-05T08:00:00Z"}, "has passed"),
        ({"until": "doomsday"}, "expected next or idle"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(server, move, told):
    with pytest.raises(ServerError, match=told):
        server.ask("POST", "clock", move)

    assert server.clock.now() == "2026-01-05T09:00:00.000000Z"


def test_a_clock_that_runs_is_not_moved(app):
    with (
        local.serve(voice_url=f"{app.origin}/voice", clock="real") as server,
        pytest.raises(ServerError, match="start with --clock manual"),
    ):
        server.clock.by("1s")


def test_a_clock_can_run_faster(app):
    with local.serve(voice_url=f"{app.origin}/voice", clock="real", speed=50) as server:
        server.call(name="anna")
        app.waited_for("/recording")
        server.act("anna", "speak", for_="4s")
        server.act("anna", "hang_up")

        sids = {got.params["CallSid"] for got in app.got}
        assert server.calls()[0]["sid"] in sids


def test_whoever_is_called_does_what_they_are_told_to(called):
    called.clock.by("1s")
    callee = called.calls()[1]
    assert (callee["name"], callee["to"], callee["status"]) == (
        "caller.2",
        "+15550100",
        "initiated",
    )

    called.act("caller.2", "ring")
    called.clock.by("2s")
    called.act(callee["sid"], "answer")
    called.clock.by("5s")
    called.act("caller.2", "hang_up")
    called.clock.until_idle()

    assert [call["status"] for call in called.calls()] == ["completed", "completed"]
    lines = [line for line in called.trace() if line.get("lifecycle") == "recording"]
    assert [line["trigger"] for line in lines] == ["start", "end", "save"]


@pytest.mark.parametrize("why", ["busy", "decline", "no_answer", "unreachable"])
def test_whoever_is_called_may_refuse(called, why):
    called.clock.by("1s")

    called.act("caller.2", "refuse", why=why)

    assert called.calls()[1]["status"] in ("busy", "failed", "no-answer")


@pytest.mark.parametrize(
    ("call", "does", "fields", "told"),
    [
        ("bob", "hang_up", {}, "there is no call 'bob'"),
        ("caller", "hangup", {}, "did you mean hang_up?"),
        ("caller", "press", {}, "expected keys such as"),
        ("caller", "press", {"digits": "x"}, "expected keys such as"),
        ("caller", "speak", {"for_": "long"}, "expected a duration"),
        ("caller.2", "refuse", {"why": "tired"}, "expected busy, decline"),
        ("caller", "answer", {}, "nobody rings there: this call is in-progress"),
    ],
)
def test_what_nobody_can_do_is_refused_and_changes_nothing(called, call, does, fields, told):
    called.clock.by("1s")
    before = called.calls()

    with pytest.raises(ServerError, match=told):
        called.act(call, does, **fields)

    assert called.calls() == before


def test_nobody_acts_on_a_call_that_is_over(server):
    server.call(name="anna")
    server.clock.by("1s")
    server.act("anna", "hang_up")

    with pytest.raises(ServerError, match="this call is over: completed"):
        server.act("anna", "press", digits="1")


def test_a_name_is_taken_once(server):
    server.call(name="anna")

    with pytest.raises(ServerError, match="there is a call 'anna' already"):
        server.call(name="anna")


def test_what_was_sent_can_be_asked_for(app, server):
    server.call(name="anna")
    server.clock.by("1s")

    sent = server.callbacks()

    assert [line["kind"] for line in sent] == ["instructions", "recording-status"]
    assert sent[0]["url"] == f"{app.origin}/voice"
    assert set(sent[0]["headers"]) >= {"telnyx-timestamp", "telnyx-signature-ed25519"}


@pytest.mark.parametrize(
    ("method", "path", "status", "told"),
    [
        ("GET", "nowhere", 404, "there are GET /_recsim/clock"),
        ("DELETE", "clock", 405, "expected GET or POST"),
        ("POST", "calls", 400, "expected a JSON object"),
    ],
)
def test_wrong_paths_and_bodies_are_told(server, method, path, status, told):
    url = f"{server.origin}/_recsim/{path}"
    answer = httpx.request(method, url, content=b"[" if method == "POST" else None)

    assert (answer.status_code, told in answer.json()["error"]) == (status, True)


def test_the_scenarios_people_play_with_the_clock(called):
    called.clock.by("1s")
    called.act("caller.2", "answer")

    fired = called.clock.by("4s")

    assert [line["on"] for line in fired if line["kind"] == "speech"] == [True, False]


def test_a_port_that_is_taken_is_told(app):
    with pytest.raises(ServerError, match="address already in use"), local.serve(port=app.port):
        pass
