"""v2 commands about what a call records: to whom they apply, what is refused, what is ignored."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from calls import RECORD, SECOND_US, Calls, document, lasting, one, triggers
from schemas import needs_schemas, validator

from recsim.core.commands import Answer, Fetched, HungUp, Request
from recsim.core.effects import Respond

SIDE_BY_SIDE = document("<Start><Recording/><Recording/></Start>", '<Pause length="180"/>')
COMMANDS = ("pause", "resume", "stop")


class Commands(Calls):
    """A call, and commands about what it records."""

    def command(self, what: str, call: str = "", **body: str) -> Request:
        sid = call or self.vendor.wire_id("call", "a", 1)
        headers = (("authorization", "Bearer KEY1"), ("content-type", "application/json"))
        path = f"/v2/calls/{sid}/actions/record_{what}"
        return Request("POST", path, "", headers, orjson.dumps(body).decode())

    def answers(self, request: Request) -> tuple[int, Any]:
        effects = self.now(request)
        answer = one(effects, Respond).answer
        self.moved = triggers(effects, "recording")
        return answer.status, orjson.loads(answer.body)

    def id_of(self, n: int) -> str:
        return self.vendor.wire_id("recording", "a", n)


def error(status: int, code: str, title: str, pointer: str = "") -> tuple[int, Any]:
    fault: dict[str, Any] = {"code": code, "title": title}
    if pointer:
        fault["source"] = {"pointer": pointer}
    return status, {"errors": [fault]}


OK = (200, {"data": {"result": "ok"}})
UNABLE = error(422, "90033", "Unable to execute command")
NOT_FOUND = error(404, "10005", "Recording not found", "/recording_id")


def beside() -> Commands:
    commands = Commands()
    commands.follow(SIDE_BY_SIDE)
    commands.until(5 * SECOND_US)
    return commands


def test_without_an_id_all_are_meant():
    commands = beside()

    assert commands.answers(commands.command("pause")) == OK
    assert commands.moved == ["pause", "pause"]
    assert commands.answers(commands.command("resume")) == OK
    assert commands.moved == ["resume", "resume"]
    assert commands.answers(commands.command("stop")) == OK
    assert commands.moved == ["stop", "stop"]


@pytest.mark.parametrize("n", [1, 2])
def test_with_an_id_only_that_one_is_meant(n):
    commands = beside()

    assert commands.answers(commands.command("stop", recording_id=commands.id_of(n))) == OK

    assert [commands.recording(m).status == "stopped" for m in (1, 2)] == [n == 1, n == 2]


def test_stop_means_the_paused_too_and_pause_only_those_that_run():
    commands = beside()
    commands.answers(commands.command("pause", recording_id=commands.id_of(1)))

    commands.answers(commands.command("pause"))
    assert commands.moved == ["pause"]
    commands.answers(commands.command("stop"))
    assert commands.moved == ["stop", "stop"]


def test_what_is_in_that_status_already_stays_there():
    commands = beside()

    assert commands.answers(commands.command("resume", recording_id=commands.id_of(1))) == OK
    assert commands.moved == []


@pytest.mark.parametrize("what", COMMANDS)
def test_90033_where_nothing_can_be_done(what):
    commands = Commands()
    commands.follow(document('<Pause length="60"/>'))

    refused(commands, commands.command(what), UNABLE)


@pytest.mark.parametrize("what", ["pause", "resume"])
def test_90033_for_a_recording_that_is_over(what):
    commands = beside()
    commands.answers(commands.command("stop"))

    refused(commands, commands.command(what, recording_id=commands.id_of(1)), UNABLE)


@pytest.mark.parametrize("what", COMMANDS)
def test_10005_for_a_recording_that_there_is_not(what):
    commands = beside()

    refused(commands, commands.command(what, recording_id=commands.id_of(3)), NOT_FOUND)


def test_10005_for_a_recording_of_another_call():
    commands = beside()
    commands.now(Fetched(commands.ring("b"), Answer(body=RECORD)))
    other = commands.vendor.wire_id("recording", "b", 1)

    refused(commands, commands.command("stop", recording_id=other), NOT_FOUND)


@pytest.mark.parametrize("what", COMMANDS)
def test_90015_for_a_call_that_there_is_not(what):
    commands = beside()
    wanted = error(422, "90015", "Invalid Call Control ID", "/call_control_id")

    refused(commands, commands.command(what, call="v3:nobody"), wanted)


@pytest.mark.parametrize("what", COMMANDS)
def test_90018_for_a_call_that_has_ended(what):
    commands = beside()
    commands.now(HungUp(commands.leg))

    refused(commands, commands.command(what), error(422, "90018", "Call has already ended"))


@pytest.mark.parametrize("what", COMMANDS)
def test_90034_for_a_call_that_rings(what):
    commands = Commands()
    commands.ring()

    refused(commands, commands.command(what), error(422, "90034", "Call not answered yet"))


def test_10009_without_a_key():
    commands = beside()
    request = commands.command("stop")._replace(headers=())

    refused(commands, request, error(401, "10009", "Authentication failed"))


@pytest.mark.parametrize(("after_us", "moved"), [(-1, []), (0, ["pause", "pause"])])
def test_a_repeated_command_id_is_ignored_for_a_minute(after_us, moved):
    commands = beside()
    commands.answers(commands.command("pause", command_id="a"))
    commands.answers(commands.command("resume"))

    again = commands.command("pause", command_id="a")
    effects = commands.at(commands.platform.now_us + 60 * SECOND_US + after_us, again)

    assert one(effects, Respond).answer.status == 200
    assert triggers(effects, "recording") == moved


def test_a_command_id_that_was_refused_is_not_taken():
    commands = beside()
    commands.answers(commands.command("stop", recording_id=commands.id_of(3), command_id="a"))

    assert commands.answers(commands.command("stop", command_id="a")) == OK
    assert commands.moved == ["stop", "stop"]


def test_a_command_id_of_another_call_is_another():
    commands = beside()
    commands.answers(commands.command("stop", command_id="a"))
    commands.now(Fetched(commands.ring("b"), Answer(body=RECORD)))
    commands.until(commands.platform.now_us + SECOND_US)
    call = commands.vendor.wire_id("call", "b", 1)

    assert commands.answers(commands.command("stop", call=call, command_id="a")) == OK
    assert commands.moved == ["stop"]


@needs_schemas
@pytest.mark.parametrize("what", COMMANDS)
def test_requests_and_answers_are_what_the_schemas_say(what):
    commands = beside()
    body = {"recording_id": commands.id_of(1), "command_id": "a", "client_state": "eA=="}
    validator(f"call-{what}-recording-request").validate(body)

    _, answer = commands.answers(commands.command(what, **body))

    validator("call-command-response").validate(answer)
    for wrong in (UNABLE, NOT_FOUND):
        validator("call-control-errors").validate(wrong[1])


def refused(commands: Commands, request: Request, wanted: tuple[int, Any]) -> None:
    """The request is answered so, and leaves everything as it was."""
    before = lasting(commands.platform)

    assert commands.answers(request) == wanted

    assert lasting(commands.platform) == before
