"""Receivers that are slow, down or mean: what the platform makes of them, over real sockets."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest
from applications import Reply, application, callbacks_by, voicemail
from conftest import SCENARIOS

from recsim.live import local
from recsim.live.local import Steering
from recsim.scenario.load import loads

SHORT = {"webhook_timeout_secs": "200ms"}
"""So that a test need not wait for two seconds."""


def message(server: Steering) -> None:
    """Somebody leaves a message, and everything that follows has happened."""
    server.call(name="anna")
    server.clock.by("4s")
    server.act("anna", "hang_up")
    server.clock.until_idle()


def attempts(server: Steering, status: str = "completed") -> list[tuple[int, Any]]:
    """Attempts to tell of one status: number and outcome."""
    return [
        (line["attempt"], line["outcome"])
        for line in server.callbacks()
        if line["params"].get("RecordingStatus") == status
    ]


def test_an_answer_that_comes_too_late_is_a_timeout_and_the_callback_comes_again():
    late = threading.Event()
    with (
        application(callbacks_by(Reply(), Reply(wait=late), Reply())) as app,
        local.serve(voice_url=f"{app.origin}/voice", readings=SHORT) as server,
    ):
        message(server)
        late.set()

        assert attempts(server) == [(1, "timeout"), (2, 200)]
        first, second = app.at("/recording")[1:]
        assert first.params == second.params


def test_an_answer_in_time_is_one_attempt_however_long_the_clock_stood():
    with (
        application(voicemail) as app,
        local.serve(voice_url=f"{app.origin}/voice") as server,
    ):
        message(server)

        assert attempts(server) == [(1, 200)]


def test_retries_of_an_hour_pass_at_once():
    with (
        application(callbacks_by(Reply(500))) as app,
        local.serve(voice_url=f"{app.origin}/voice", readings={"retry_policy": "fixed"}) as server,
    ):
        begins = server.clock.now()
        message(server)

        assert attempts(server) == [(n, 500) for n in range(1, 6)]
        assert (begins[11:13], server.clock.now()[11:13]) == ("09", "10")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(500), 500),
        (Reply(429), 429),
        (Reply(is_reset=True), "reset"),
        (Reply(is_endless=True), "reset"),
    ],
)
def test_what_fails_once_is_tried_again(reply, outcome):
    with (
        application(callbacks_by(Reply(), reply, Reply())) as app,
        local.serve(voice_url=f"{app.origin}/voice") as server,
    ):
        message(server)

        assert attempts(server) == [(1, outcome), (2, 200)]


def test_a_receiver_that_is_gone_refuses():
    with application(voicemail) as app, local.serve(voice_url=f"{app.origin}/voice") as server:
        server.call(name="anna")
        server.clock.by("4s")
        app.close()
        server.act("anna", "hang_up")
        server.clock.until_idle()

        assert attempts(server) == [(n, "refused") for n in (1, 2, 3)]


def test_a_receiver_that_hangs_holds_up_no_other():
    hangs = threading.Event()

    def answers(got):
        if got.params.get("CallSid") == first and got.path == "/recording":
            return Reply(wait=hangs)
        return voicemail(got)

    first = ""
    with (
        application(answers) as app,
        local.serve(voice_url=f"{app.origin}/voice", clock="real") as server,
    ):
        first = server.call(name="anna")["sid"]
        app.waited_for("/recording")
        server.call(name="bob")

        other = app.waited_for("/recording", 2)
        hangs.set()
        assert other.params["CallSid"] != first


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.7/recording",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.7]/",
        "http://0x0a000007/",
        "http://167772167/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://user:secret@127.0.0.1/",
        "http://nowhere.invalid/",
    ],
)
def test_a_redirect_leads_nowhere_but_here(location):
    redirect = Reply(307, headers={"location": location})
    with (
        application(callbacks_by(Reply(), redirect, Reply())) as app,
        local.serve(
            voice_url=f"{app.origin}/voice", readings={"webhook_follow_redirects": "3"}
        ) as server,
    ):
        message(server)

        outcomes = [outcome for _, outcome in attempts(server)]
        if location.startswith("http"):
            assert outcomes == [307, "refused", 200]  # a retry begins at the first URL again
        else:
            assert outcomes == [307]  # nowhere to be followed to
        assert len(app.at("/recording")) == 1 + outcomes.count(307) + outcomes.count(200)


def test_a_redirect_to_this_machine_is_followed():
    with application(voicemail) as other:
        redirect = Reply(307, headers={"location": f"{other.origin}/recording"})
        with (
            application(callbacks_by(Reply(), redirect)) as app,
            local.serve(
                voice_url=f"{app.origin}/voice", readings={"webhook_follow_redirects": "3"}
            ) as server,
        ):
            message(server)

            assert attempts(server) == [(1, 307), (2, 200)]
            assert other.at("/recording")[0].params["RecordingStatus"] == "completed"


def test_a_client_that_asks_while_it_holds_a_callback_is_answered():
    asked: list[int] = []

    def answers(got):
        if got.params.get("RecordingStatus") == "completed":
            asked.append(len(server.calls()))
        return voicemail(got)

    with (
        application(answers) as app,
        local.serve(voice_url=f"{app.origin}/voice") as server,
    ):
        message(server)

        assert asked == [1]
        assert attempts(server) == [(1, 200)]


def test_instructions_come_from_the_fallback_when_the_application_fails():
    def answers(got):
        return Reply(500) if got.path == "/voice" else voicemail(got)

    scenario = FALLBACK
    with application(answers) as app:
        text = scenario.replace("ORIGIN", app.origin)
        with local.serve(loads(text.encode(), "fallback.yaml")) as server:
            server.clock.until_idle()

            assert [got.path for got in app.got[:2]] == ["/voice", "/done"]
            assert server.calls()[0]["status"] == "completed"


FALLBACK = """\
recsim: 1
title: A caller whose instructions fail
application: {voice_url: "ORIGIN/voice", fallback_url: "ORIGIN/done"}
calls:
  caller: {from: +15550001, to: +15550002, story: [wait: 60s, hang_up]}
"""


def test_an_origin_can_stand_for_another():
    """The shipped scenarios call https://app.test; its callbacks can be had all the same."""
    with (
        application(voicemail) as app,
        local.serve(
            SCENARIOS[0].parent / "voicemail-finish-on-key.yaml",
            origins={"https://app.test": app.origin},
        ) as server,
    ):
        server.clock.until_idle()

        assert [got.params["RecordingStatus"] for got in app.at("/recording")][-1] == "completed"


def test_bodies_have_a_bound():
    with application(voicemail) as app, local.serve(voice_url=f"{app.origin}/voice") as server:
        long = httpx.post(f"{server.base_url}/recordings/actions/delete", content=b"x" * 2_000_000)

        assert long.status_code == 413
