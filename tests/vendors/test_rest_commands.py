"""v2 commands about what a call records: to what they apply, what is refused, what is ignored."""

from __future__ import annotations

import os
from typing import Any

import orjson
import pytest
from calls import LONG, RECORD, SECOND_US, Calls, document, lasting, one, triggers
from schemas import needs_schemas, validator

from recsim.core.commands import Answer, Fetched, HungUp, Request, Stored
from recsim.core.effects import Respond, Store

SIDE_BY_SIDE = document("<Start><Recording/><Recording/></Start>", '<Pause length="180"/>')
COMMANDS = ("pause", "resume", "stop")


class Commands(Calls):
    """A call, and commands about what it records."""

    def command(self, what: str, call: str = "", **body: Any) -> Request:
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


@needs_schemas
@pytest.mark.parametrize("what", [*COMMANDS, "start"])
def test_a_client_state_is_base64(what):
    commands = beside()
    wanted = error(422, "90017", "Invalid client_state", "/client_state")

    for state in ("eA", "e A==", "é", "eA==x"):
        refused(commands, commands.command(what, **ASKED, client_state=state), wanted)


def test_a_call_command_is_not_about_a_conference():
    commands = Commands()
    commands.follow(document('<Dial><Conference record="record-from-start">a</Conference></Dial>'))
    [of_room] = commands.platform.recordings.values()
    assert commands.platform.legs[of_room.leg].key == commands.leg

    refused(commands, commands.command("stop", recording_id=commands.id_of(1)), NOT_FOUND)
    refused(commands, commands.command("stop"), UNABLE)


# Starting


ASKED: dict[str, Any] = {"format": "mp3", "channels": "dual"}


def quiet(**readings: str) -> Commands:
    """A call that goes on, and of which nothing is recorded."""
    commands = Commands(**readings)
    commands.follow(LONG)
    commands.until(5 * SECOND_US)
    return commands


@needs_schemas
def test_a_recording_is_started_as_asked():
    commands = quiet()
    body = {
        "format": "wav",
        "channels": "dual",
        "client_state": "eA==",
        "command_id": "a",
        "play_beep": True,
        "max_length": 14400,
        "timeout_secs": 3,
        "recording_track": "both",
        "trim": "trim-silence",
        "custom_file_name": "my file",
        "transcription": True,
        "transcription_engine": "A",
    }
    validator("call-start-recording-request").validate(body)

    status, answer = commands.answers(commands.command("start", **body))

    validator("call-command-response").validate(answer)
    assert (status, answer) == OK
    recording = commands.recording()
    assert (recording.status, recording.source) == ("in-progress", "StartCallRecordingAPI")
    assert recording.settings._asdict() == {
        "tells_webhook": True,
        "client_state": "eA==",
        "channels": 2,
        "track": "both",
        "is_trimmed": True,
        "beep": True,
        "format": "wav",
        "limit_us": 14400 * SECOND_US,
        "silence_us": 3 * SECOND_US,
        "callback_url": "",
        "callback_method": "POST",
        "callback_events": (),
        "sends_url": True,
        "file_name": "my file",
    }


def test_without_more_it_is_as_the_table_of_sources_has_it():
    commands = quiet()

    commands.answers(commands.command("start", format="mp3", channels="single"))

    settings = commands.recording().settings
    assert (settings.channels, settings.track, settings.is_trimmed) == (1, "both", False)
    assert (settings.beep, settings.limit_us, settings.silence_us) == (False, 0, 0)
    assert settings.file_name == ""


def test_one_track_makes_one_channel():
    commands = quiet()

    commands.answers(commands.command("start", **ASKED, recording_track="inbound"))

    assert commands.recording().settings.channels == 1


def test_every_start_starts_another_unless_its_command_id_is_repeated():
    commands = quiet()

    for command_id in ("a", "b", "b", "c"):
        assert commands.answers(commands.command("start", **ASKED, command_id=command_id)) == OK
    assert len(commands.platform.recordings) == 3
    assert commands.answers(commands.command("stop", command_id="a")) == OK
    assert commands.moved == []  # the id counts for every command
    assert commands.answers(commands.command("stop")) == OK
    assert commands.moved == ["stop", "stop", "stop"]


def test_a_recording_of_three_milliseconds_is_absent():
    commands = quiet()
    start = commands.platform.now_us
    commands.answers(commands.command("start", **ASKED))

    effects = commands.at(start + 3_000, commands.command("stop"))
    [ticket] = [effect.ticket for effect in effects if isinstance(effect, Store)]
    commands.now(Stored(ticket))

    assert commands.recording().status == "absent"
    assert commands.recording().lacks == "short"


@needs_schemas
@pytest.mark.parametrize(
    ("body", "code", "name"),
    [
        ({"channels": "dual"}, "10004", "format"),
        ({"format": "mp3"}, "10004", "channels"),
        ({**ASKED, "format": "ogg"}, "10032", "format"),
        ({**ASKED, "channels": "mono"}, "10032", "channels"),
        ({**ASKED, "recording_track": "left"}, "10032", "recording_track"),
        ({**ASKED, "trim": "do-not-trim"}, "10032", "trim"),
        ({**ASKED, "play_beep": "yes"}, "10032", "play_beep"),
        ({**ASKED, "max_length": -1}, "10033", "max_length"),
        ({**ASKED, "max_length": 14401}, "10033", "max_length"),
        ({**ASKED, "timeout_secs": -1}, "10033", "timeout_secs"),
        ({**ASKED, "custom_file_name": ""}, "10025", "custom_file_name"),
        ({**ASKED, "custom_file_name": 41 * "a"}, "10025", "custom_file_name"),
        ({**ASKED, "custom_file_name": "a/b"}, "10015", "custom_file_name"),
        ({**ASKED, "custom_file_name": "a\\b"}, "10015", "custom_file_name"),
        ({**ASKED, "custom_file_name": "."}, "10015", "custom_file_name"),
        ({**ASKED, "custom_file_name": ".."}, "10015", "custom_file_name"),
        ({**ASKED, "custom_file_name": "a\n"}, "10015", "custom_file_name"),
        ({**ASKED, "custom_file_name": 7}, "10015", "custom_file_name"),
        ({**ASKED, "command_id": 7}, "10015", "command_id"),
    ],
)
def test_a_start_that_makes_no_sense_is_refused(body, code, name):
    commands = quiet()
    before = lasting(commands.platform)

    status, answer = commands.answers(commands.command("start", **body))

    validator("call-control-errors").validate(answer)
    [fault] = answer["errors"]
    assert (status, fault["code"], fault["source"]) == (422, code, {"pointer": f"/{name}"})
    assert lasting(commands.platform) == before


def test_10025_says_what_would_be_right():
    commands = quiet()
    body = {**ASKED, "custom_file_name": 41 * "a"}

    _, answer = commands.answers(commands.command("start", **body))

    assert answer["errors"][0]["title"] == "Invalid length"
    assert answer["errors"][0]["detail"] == "expected 1 to 40 characters"
    assert (
        commands.answers(commands.command("start", **body | {"custom_file_name": 40 * "a"})) == OK
    )


@pytest.mark.parametrize("after_us", [0, 2 * SECOND_US - 1])
def test_90020_before_there_is_audio(after_us):
    commands = Commands(audio_after_answer_s="2s")
    commands.follow(LONG)
    commands.until(after_us)
    commands.at(after_us, commands.command("stop"))
    wanted = error(422, "90020", "Call recording triggered before audio started")

    refused(commands, commands.command("start", **ASKED), wanted)
    refused(commands, commands.start(), wanted)
    refused(commands, commands.command("stop"), UNABLE)


def test_from_when_there_is_audio_it_is_recorded():
    commands = Commands(audio_after_answer_s="2s")
    commands.follow(LONG)

    effects = commands.at(2 * SECOND_US, commands.command("start", **ASKED))

    assert triggers(effects, "recording") == ["start"]
    assert one(commands.now(commands.start()), Respond).answer.status == 200


def test_starting_is_refused_as_other_commands_are():
    commands = quiet()
    start = commands.command("start", **ASKED)
    refused(
        commands,
        commands.command("start", call="v3:nobody", **ASKED),
        error(422, "90015", "Invalid Call Control ID", "/call_control_id"),
    )
    commands.now(HungUp(commands.leg))
    refused(commands, start, error(422, "90018", "Call has already ended"))
    ringing = Commands()
    ringing.ring()
    wanted = error(422, "90034", "Call not answered yet")
    refused(ringing, ringing.command("start", **ASKED), wanted)
    refused(ringing, ringing.start(), wanted)


def refused(commands: Commands, request: Request, wanted: tuple[int, Any]) -> None:
    """The request is answered so, and leaves everything as it was."""
    before = lasting(commands.platform)

    found = commands.answers(request)

    if "RECSIM_SPEC_SCHEMAS" in os.environ:
        validator("call-control-errors").validate(found[1])
    assert found == wanted
    assert lasting(commands.platform) == before
