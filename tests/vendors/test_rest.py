"""The REST API, asked through the platform: what is answered, and what a request moves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemas import needs_schemas, schema, validator

from recsim.core.commands import Answer, Fetched, HungUp, Invite, Outcome, Request, Speech, Stored
from recsim.core.effects import Attempt, Effect, Fetch, Move, Respond
from recsim.core.entities import (
    ABSENT,
    COMPLETED,
    DELETED,
    IN_PROGRESS,
    PAUSED,
    STOPPED,
    Application,
    Recording,
)
from recsim.core.platform import Platform
from recsim.vendors.telnyx import projection, resources
from recsim.vendors.telnyx.vendor import Telnyx

SECOND_US = 1_000_000
STATUSES = (IN_PROGRESS, PAUSED, STOPPED, COMPLETED, ABSENT, DELETED)
KEY = (("authorization", "Bearer KEY"),)
OTHER_ACCOUNT = "61bf923e-5e4d-4595-a110-56190ea18a1b"
NOBODY = "e9cea0be-7dbd-4b98-98b1-c0089d9d43b0"
CALLBACK = "https://app.test/recording"
PAGE = "<Response><Pause length='180'/><Pause length='180'/></Response>"


class Desk:
    """A platform with calls on it, and somebody who asks."""

    def __init__(self, **readings: str) -> None:
        self.vendor = Telnyx(1, 1_767_603_600_000_000, readings=readings)
        self.platform = Platform(self.vendor)
        self.account = self.vendor.words.account_sid

    def fork(self) -> Desk:
        """The same desk, which goes its own way."""
        other = Desk.__new__(Desk)
        other.vendor, other.account = self.vendor, self.account
        other.platform = self.platform.fork()
        return other

    def do(self, command: Any) -> list[Effect]:
        return self.platform.handle(self.platform.now_us, command)

    def pass_time(self, length_us: int) -> list[Effect]:
        """Let the platform's timers run; callbacks are taken at once."""
        until_us = self.platform.now_us + length_us
        seen: list[Effect] = []
        while self.platform.next_due_us <= until_us:
            seen += (effects := self.platform.advance(self.platform.next_due_us))
            for effect in effects:
                if isinstance(effect, Attempt):
                    seen += self.do(Outcome(effect.ticket, Answer(200)))
        # Nobody hangs up: time passes, and nothing else.
        self.platform.handle(until_us, HungUp(0))
        return seen

    def ring(self, name: str = "caller") -> tuple[int, int]:
        """A call comes in: its leg, and the ticket of its instruction fetch."""
        application = Application("https://app.test/answer", "POST")
        effects = self.do(Invite(name, "+15550001", "+15550002", application))
        [fetch] = [effect for effect in effects if isinstance(effect, Fetch)]
        return self.platform.sessions[fetch.session].legs[0], fetch.ticket

    def call(self, name: str = "caller") -> int:
        """A call comes in and is answered: its leg."""
        leg, ticket = self.ring(name)
        self.do(Fetched(ticket, Answer(200, body=PAGE)))
        return leg

    def ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        headers: tuple[tuple[str, str], ...] = KEY,
    ) -> Answer:
        return self.answer(Request(method, path, "", headers, urlencode(form or {})))

    def answer(self, request: Request) -> Answer:
        [answer] = [effect.answer for effect in self.do(request) if isinstance(effect, Respond)]
        return answer

    def sid(self, name: str = "caller", n: int = 1) -> str:
        return str(self.vendor.wire_id("recording", name, n))

    def starting(self, name: str = "caller") -> str:
        call = self.vendor.wire_id("call", name, 1)
        return f"/v2/texml/Accounts/{self.account}/Calls/{call}/Recordings.json"

    def updating(self, name: str = "caller", n: int = 1) -> str:
        return f"{self.starting(name).removesuffix('.json')}/{self.sid(name, n)}.json"

    def fetching(self, name: str = "caller", n: int = 1) -> str:
        return f"/v2/texml/Accounts/{self.account}/Recordings/{self.sid(name, n)}.json"

    def v2(self, name: str = "caller", n: int = 1) -> str:
        return f"/v2/recordings/{self.sid(name, n)}"

    def recording(self, n: int = -1) -> Recording:
        return list(self.platform.recordings.values())[n]

    def state(self) -> dict[str, object]:
        """Everything but the numbering of what happened, at every depth."""
        platform = self.platform
        return {
            "sessions": repr(platform.sessions),
            "legs": repr(platform.legs),
            "recordings": repr(platform.recordings),
            "deliveries": repr(platform.deliveries),
            "fetches": repr(platform.fetches),
            "timers": platform.agenda.armed(),
            "keys": platform.keys,
        }


def record_until(desk: Desk, status: str) -> None:
    """Start a recording by a request, and bring it to `status`."""
    assert desk.ask("POST", desk.starting(), {"RecordingStatusCallback": CALLBACK}).status == 200
    recording = desk.recording()
    length_us = 300_000 if status == ABSENT else 7_600_000
    desk.pass_time(length_us)
    if status == PAUSED:
        desk.ask("POST", desk.updating(), {"Status": "paused"})
    elif status != IN_PROGRESS:
        desk.ask("POST", desk.updating(), {"Status": "stopped"})
    if status in (COMPLETED, ABSENT, DELETED):
        desk.pass_time(SECOND_US)
        desk.do(Stored(recording.key))
    if status == DELETED:
        assert desk.ask("DELETE", desk.fetching()) == Answer(204)
    desk.pass_time(3 * SECOND_US)
    assert recording.status == status


@pytest.fixture
def desk() -> Desk:
    """A desk with one answered call, a second into it."""
    made = Desk()
    made.call()
    made.pass_time(SECOND_US)
    return made


@pytest.fixture(params=STATUSES)
def standing(request: pytest.FixtureRequest, desk: Desk) -> Desk:
    """A desk with one recording, in each status."""
    record_until(desk, request.param)
    return desk


# What an error looks like


class Refusal(NamedTuple):
    """What a refused request is answered."""

    status: int
    code: str = ""
    title: str = ""
    pointer: str = ""


TEXML_404 = Refusal(404)
V2_404 = Refusal(404, "10007", "Resource not found")
ENUM = (422, "10032", "Invalid enumerated value")


def refusal(answer: Answer) -> Refusal:
    """What an answer says, once its body is read by the models."""
    body = json.loads(answer.body)
    assert answer.headers == (("content-type", "application/json"),)
    assert answer.failure == ""
    if "code" not in body["errors"][0]:
        assert resources.TexmlNotFound.model_validate(body).dump() == body
        assert body == {"errors": [{"detail": "Resource not found"}]}
        return Refusal(answer.status)
    assert resources.V2Errors.model_validate(body).dump() == body
    [error] = body["errors"]
    pointer = error.get("source", {}).get("pointer", "")
    return Refusal(answer.status, error["code"], error["title"], pointer)


def refused(desk: Desk, method: str, path: str, *args: Any) -> Refusal:
    """Ask for what is refused, and see that nothing moved."""
    before = desk.state()

    answer = desk.ask(method, path, *args)

    assert desk.state() == before
    return refusal(answer)


@cache
def published(name: str) -> Draft202012Validator:
    return validator(name)


def schema_of(path: str, answer: Answer) -> str:
    """The published schema of an error body."""
    if path.startswith("/v2/recordings"):
        return "recordings-errors"
    return "texml-not-found-error" if answer.status == 404 else "call-control-errors"


# Starting


class Parameter(NamedTuple):
    """A parameter of the start request, and the setting that it decides."""

    name: str
    setting: str
    default: Any
    accepted: dict[str, Any]
    refused: tuple[str, ...]


# fmt: off
PARAMETERS = (
    Parameter("PlayBeep",                      "beep",            True,
              {"true": True, "false": False},                     ("yes", "1", "True", "")),
    Parameter("RecordingStatusCallback",       "callback_url",    "",
              {"": "", CALLBACK: CALLBACK, "http://app.test:81/a?b=c": "http://app.test:81/a?b=c"},
              ("/recording", "app.test/recording", "ftp://app.test/", "https://", "http://[::1")),
    Parameter("RecordingStatusCallbackEvent",  "callback_events", ("completed",),
              {"completed": ("completed",), "absent": ("absent",),
               "in-progress completed absent": ("in-progress", "completed", "absent")},
              ("paused", "completed,absent", "Completed", "completed stopped")),
    Parameter("RecordingStatusCallbackMethod", "callback_method", "POST",
              {"GET": "GET", "POST": "POST"},                     ("PUT", "post", "")),
    Parameter("RecordingChannels",             "channels",        2,
              {"single": 1, "dual": 2, "mono": 1},                ("1", "stereo", "Dual", "")),
    Parameter("RecordingTrack",                "track",           "both",
              {"inbound": "inbound", "outbound": "outbound", "both": "both"},
              ("in", "inbound_track", "Both", "")),
    Parameter("SendRecordingUrl",              "sends_url",       True,
              {"true": True, "false": False},                     ("no", "0", "FALSE", "")),
)
# fmt: on
each_parameter = pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.name)


def test_a_recording_started_without_parameters_has_the_defaults(desk):
    answer = desk.ask("POST", desk.starting())

    assert answer.status == 200
    asked = desk.recording().settings
    assert {one.setting: getattr(asked, one.setting) for one in PARAMETERS} == {
        one.setting: one.default for one in PARAMETERS
    }
    assert (asked.format, asked.is_trimmed, asked.limit_us, asked.silence_us) == (
        "mp3",
        False,
        0,
        0,
    )


@each_parameter
def test_each_accepted_value_decides_its_setting_and_no_other(desk, parameter):
    defaults = {one.setting: one.default for one in PARAMETERS}
    for text, value in parameter.accepted.items():
        expected = {**defaults, parameter.setting: value}
        if parameter.name == "RecordingTrack" and text != "both":
            expected["channels"] = 1  # one track makes one channel

        assert desk.ask("POST", desk.starting(), {parameter.name: text}).status == 200

        asked = desk.recording().settings
        assert {one.setting: getattr(asked, one.setting) for one in PARAMETERS} == expected


@each_parameter
def test_each_refused_value_is_pointed_at_and_starts_nothing(desk, parameter):
    is_url = parameter.name == "RecordingStatusCallback"
    for text in parameter.refused:
        found = refused(desk, "POST", desk.starting(), {parameter.name: text})

        assert found.status == 422
        assert found.code == ("10015" if is_url else "10032")
        assert found.pointer == f"/{parameter.name}"


def test_the_start_requesttakes_what_is_published_and_nothing_else(desk):
    assert desk.ask("POST", desk.starting(), {"Trim": "trim-silence", "x": "y"}).status == 200
    assert not desk.recording().settings.is_trimmed


@needs_schemas
@each_parameter
def test_the_values_of_a_parameter_are_the_published_ones(parameter):
    properties = schema("texml-create-recording-request")["properties"]
    found = properties[parameter.name]

    assert set(properties) == {one.name for one in PARAMETERS}
    if "enum" in found:
        assert set(found["enum"]) == set(parameter.accepted) - {"mono"}  # an older word for single
    if found.get("type") == "boolean":
        assert set(parameter.accepted) == {"true", "false"}
    if "default" in found:
        default = str(found["default"])
        default = default.lower() if found["type"] == "boolean" else default
        assert parameter.accepted[default] == parameter.default


@pytest.mark.parametrize("track", ["inbound", "outbound"])
def test_one_track_makes_one_channel_whatever_was_asked_for(desk, track):
    form = {"RecordingTrack": track, "RecordingChannels": "dual"}

    body = json.loads(desk.ask("POST", desk.starting(), form).body)

    assert (body["track"], body["channels"]) == (track, 1)


def test_of_a_repeated_parameter_the_last_counts(desk):
    body = "RecordingChannels=dual&RecordingChannels=single"

    assert desk.answer(Request("POST", desk.starting(), "", KEY, body)).status == 200
    assert desk.recording().settings.channels == 1


def test_parameters_belong_in_the_body_and_not_in_the_query(desk):
    request = Request("POST", desk.starting(), "RecordingChannels=single", KEY, "")

    assert desk.answer(request).status == 200
    assert desk.recording().settings.channels == 2


def test_a_start_is_answered_by_the_create_view(desk):
    answer = desk.ask("POST", desk.starting(), {"RecordingChannels": "single"})

    body = json.loads(answer.body)
    assert resources.TexmlCreateRecording.model_validate(body).dump() == body
    assert body["sid"] == desk.sid()
    assert body["account_sid"] == desk.account
    assert (body["source"], body["channels"]) == ("StartCallRecordingAPI", 1)
    assert body["duration"] is body["price"] is body["price_unit"] is body["error_code"] is None
    assert body["date_created"] == body["date_updated"] == body["start_time"]
    assert body["uri"] == desk.updating()


def test_a_start_is_answered_before_its_first_callback_is_sent(desk):
    form = {"RecordingStatusCallback": CALLBACK, "RecordingStatusCallbackEvent": "in-progress"}

    effects = desk.do(Request("POST", desk.starting(), "", KEY, urlencode(form)))

    assert [type(effect) for effect in effects] == [Move, Respond]
    assert any(isinstance(effect, Attempt) for effect in desk.pass_time(100_000))


def test_a_second_start_makes_a_recording_of_its_own(desk):
    first, second = (json.loads(desk.ask("POST", desk.starting()).body) for _ in range(2))

    assert (first["sid"], second["sid"]) == (desk.sid(n=1), desk.sid(n=2))
    assert [one.status for one in desk.platform.recordings.values()] == [IN_PROGRESS] * 2


@pytest.mark.parametrize(("beep", "duration"), [("true", "6"), ("false", "7")])
def test_capture_waits_for_the_beep_that_was_asked_for(desk, beep, duration):
    desk.ask("POST", desk.starting(), {"PlayBeep": beep})
    desk.pass_time(7_200_000)

    body = json.loads(desk.ask("POST", desk.updating(), {"Status": "stopped"}).body)

    assert body["duration"] == duration


@pytest.mark.parametrize(("track", "status"), [("inbound", COMPLETED), ("outbound", ABSENT)])
def test_only_the_track_that_was_asked_for_is_heard(track, status):
    desk = Desk(absent_delete_silent="true")
    leg = desk.call()
    desk.ask("POST", desk.starting(), {"RecordingTrack": track})
    desk.pass_time(SECOND_US)
    desk.do(Speech(leg, on=True))
    desk.pass_time(5 * SECOND_US)
    desk.ask("POST", desk.updating(), {"Status": "stopped"})

    desk.do(Stored(desk.recording().key))

    assert desk.recording().status == status


# Whom a request may be about


@pytest.mark.parametrize("form", [{}, {"RecordingChannels": "single"}])
def test_starting_on_an_unknown_call_is_not_found(desk, form):
    assert refused(desk, "POST", desk.starting("nobody"), form) == TEXML_404


def test_starting_on_another_accounts_call_is_not_found(desk):
    path = desk.starting().replace(desk.account, OTHER_ACCOUNT)

    assert refused(desk, "POST", path) == TEXML_404


def test_starting_on_an_ended_call_is_not_found(desk):
    [leg] = desk.platform.legs
    desk.do(HungUp(leg))

    assert refused(desk, "POST", desk.starting()) == TEXML_404


def test_starting_on_a_forgotten_call_is_not_found(desk):
    [leg], [session] = desk.platform.legs, desk.platform.sessions
    desk.do(HungUp(leg))
    desk.platform.retire(session)

    assert refused(desk, "POST", desk.starting()) == TEXML_404


def test_starting_on_a_ringing_call_is_too_early():
    desk = Desk()
    desk.ring()

    found = refused(desk, "POST", desk.starting())

    assert found == Refusal(422, "90034", "Call not answered yet")


def test_a_ringing_call_that_was_given_up_is_not_found():
    desk = Desk()
    leg, _ = desk.ring()
    desk.do(HungUp(leg))

    assert refused(desk, "POST", desk.starting()) == TEXML_404


@pytest.mark.parametrize("status", ["paused", "in-progress", "stopped"])
def test_a_recording_of_another_call_is_not_found(desk, status):
    desk.call("other")
    desk.ask("POST", desk.starting())
    desk.ask("POST", desk.starting("other"))
    path = desk.updating("other").replace(desk.sid("other"), desk.sid())

    assert refused(desk, "POST", path, {"Status": status}) == TEXML_404


def test_another_accounts_recording_is_not_found(desk):
    record_until(desk, COMPLETED)

    for method, path in (
        ("POST", desk.updating()),
        ("GET", desk.fetching()),
        ("DELETE", desk.fetching()),
    ):
        theirs = path.replace(desk.account, OTHER_ACCOUNT)
        assert refused(desk, method, theirs, {"Status": "stopped"}) == TEXML_404


def test_an_unknown_recording_is_not_found(desk):
    for method, path in (
        ("POST", desk.updating(n=9)),
        ("GET", desk.fetching(n=9)),
        ("DELETE", desk.fetching(n=9)),
    ):
        assert refused(desk, method, path, {"Status": "stopped"}) == TEXML_404
    assert refused(desk, "GET", desk.v2(n=9)) == Refusal(404, "404", "Not Found")


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("authorization", ""),),
        (("authorization", "KEY"),),
        (("authorization", "Bearer"),),
        (("authorization", "Bearer "),),
        (("authorization", "Bearer KEY KEY"),),
        (("authorization", "Basic S0VZOg=="),),
        (("authorization", "bearer\tKEY"),),
        (("x-authorization", "Bearer KEY"),),
    ],
)
def test_without_a_bearer_key_nothing_is_answered(desk, headers):
    record_until(desk, COMPLETED)
    texml = Refusal(401, "10009", "Authentication failed")

    assert refused(desk, "POST", desk.starting(), {}, headers) == texml
    assert refused(desk, "POST", desk.updating(), {"Status": "stopped"}, headers) == texml
    assert refused(desk, "GET", desk.fetching(), {}, headers) == texml
    assert refused(desk, "DELETE", desk.fetching(), {}, headers) == texml
    assert refused(desk, "GET", desk.v2(), {}, headers) == Refusal(401, "401", "Unauthorized")


def test_a_key_is_asked_for_before_anything_is_looked_up(desk):
    assert refused(desk, "POST", desk.starting("nobody"), {}, ()).status == 401
    assert refused(desk, "GET", desk.v2(n=9), {}, ()).status == 401


# Updating


def test_an_update_needs_a_status(desk):
    desk.ask("POST", desk.starting())

    found = refused(desk, "POST", desk.updating(), {"status": "paused"})

    assert found == Refusal(422, "10004", "Missing required parameter", "/Status")


@pytest.mark.parametrize("status", ["", "completed", "absent", "Paused", "pause", "deleted"])
def test_an_update_refuses_a_status_that_cannot_be_asked_for(desk, status):
    desk.ask("POST", desk.starting())

    found = refused(desk, "POST", desk.updating(), {"Status": status})

    assert found == Refusal(*ENUM, "/Status")


# fmt: off
MATRIX = {
    #             paused  in-progress  stopped
    IN_PROGRESS: (PAUSED, "same",      STOPPED),
    PAUSED:      ("same", IN_PROGRESS, STOPPED),
    STOPPED:     ("",     "",          "same"),
    COMPLETED:   ("",     "",          ""),
    ABSENT:      ("",     "",          ""),
    DELETED:     ("",     "",          ""),
}
# fmt: on
ASKED = (PAUSED, IN_PROGRESS, STOPPED)


@needs_schemas
def test_the_statuses_asked_for_are_the_published_ones():
    found = schema("texml-update-recording-request")["properties"]["Status"]["enum"]

    assert set(found) == set(ASKED)


@pytest.mark.parametrize("asked", ASKED)
def test_a_status_can_be_asked_for_where_the_table_says_so(standing, asked):
    recording = standing.recording()
    before, status = standing.state(), recording.status
    expected = MATRIX[status][ASKED.index(asked)]

    answer = standing.ask("POST", standing.updating(), {"Status": asked})

    if not expected:
        assert refusal(answer) == TEXML_404
        assert standing.state() == before
        return
    assert answer.status == 200
    assert recording.status == (status if expected == "same" else expected)
    assert (standing.state() == before) == (expected == "same")
    body = json.loads(answer.body)
    assert resources.TexmlCreateRecording.model_validate(body).dump() == body
    platform = standing.platform
    assert body == projection.texml_create(
        standing.vendor.words,
        platform.sessions[recording.session],
        platform.legs[recording.leg],
        recording,
    )


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("status", [IN_PROGRESS, PAUSED])
def test_the_same_requestagain_is_answered_alike_and_moves_nothing(desk, status, asked):
    record_until(desk, status)
    desk.ask("POST", desk.updating(), {"Status": asked})
    first = desk.ask("POST", desk.updating(), {"Status": asked})
    before = desk.state()
    desk.pass_time(200_000)

    again = desk.do(Request("POST", desk.updating(), "", KEY, f"Status={asked}"))

    assert [type(effect) for effect in again] == [Respond]
    assert again[0].answer == first
    after = desk.state()
    assert (after["recordings"], after["keys"]) == (before["recordings"], before["keys"])


def test_pausing_and_resuming_send_nothing(desk):
    form = {
        "RecordingStatusCallback": CALLBACK,
        "RecordingStatusCallbackEvent": "in-progress completed absent",
    }
    desk.ask("POST", desk.starting(), form)
    desk.pass_time(SECOND_US)

    for status in ("paused", "in-progress", "paused", "stopped"):
        desk.ask("POST", desk.updating(), {"Status": status})
        assert not [one for one in desk.pass_time(SECOND_US) if isinstance(one, Attempt)]


def test_a_recording_of_an_ended_call_cannot_be_updated(desk):
    desk.ask("POST", desk.starting())
    desk.pass_time(5 * SECOND_US)
    [leg] = desk.platform.legs
    desk.do(HungUp(leg))

    for status in ASKED:
        assert refused(desk, "POST", desk.updating(), {"Status": status}) == TEXML_404


def test_one_of_two_recordings_is_updated_and_the_other_left_alone(desk):
    desk.ask("POST", desk.starting())
    desk.ask("POST", desk.starting())

    desk.ask("POST", desk.updating(n=2), {"Status": "paused"})

    assert [one.status for one in desk.platform.recordings.values()] == [IN_PROGRESS, PAUSED]


# Fetching


def test_a_recording_can_be_fetched_until_it_is_deleted(standing):
    recording = standing.recording()
    if recording.status == DELETED:
        assert refused(standing, "GET", standing.fetching()) == TEXML_404
        return
    before = standing.state()

    answer = standing.ask("GET", standing.fetching())

    assert standing.state() == before
    assert answer.status == 200
    body = json.loads(answer.body)
    assert resources.TexmlRecording.model_validate(body).dump() == body
    shown = STOPPED if recording.status == ABSENT else recording.status
    assert (body["sid"], body["status"], body["uri"]) == (
        standing.sid(),
        shown,
        standing.fetching(),
    )
    assert ("media_url" in body) == (recording.status == COMPLETED)


@needs_schemas
def test_what_is_fetched_fits_its_published_schema(standing):
    for path, name in (
        (standing.fetching(), "texml-get-recording-response"),
        (standing.v2(), "recording-response"),
    ):
        answer = standing.ask("GET", path)
        if answer.status == 200:
            assert list(published(name).iter_errors(json.loads(answer.body))) == []


def test_an_absent_recording_says_so_where_the_reading_says_so():
    desk = Desk(absent_in_texml_view="absent")
    desk.call()
    record_until(desk, ABSENT)

    assert json.loads(desk.ask("GET", desk.fetching()).body)["status"] == "absent"


def test_a_link_is_signed_when_it_is_asked_for(desk):
    record_until(desk, COMPLETED)
    first = json.loads(desk.ask("GET", desk.fetching()).body)["media_url"]
    desk.pass_time(60 * SECOND_US)

    second = json.loads(desk.ask("GET", desk.fetching()).body)["media_url"]

    assert first != second
    assert first.partition("?")[0] == second.partition("?")[0]


def test_v2_finds_nothing_until_a_recording_is_completed(standing):
    if standing.recording().status != COMPLETED:
        assert refused(standing, "GET", standing.v2()) == Refusal(404, "404", "Not Found")
        return
    before = standing.state()

    answer = standing.ask("GET", standing.v2())

    assert standing.state() == before
    assert answer.status == 200
    body = json.loads(answer.body)
    assert resources.V2RecordingResponse.model_validate(body).dump() == body
    assert (body["data"]["id"], body["data"]["status"]) == (standing.sid(), COMPLETED)


def test_a_recording_is_still_found_after_its_call(desk):
    desk.ask("POST", desk.starting())
    desk.pass_time(5 * SECOND_US)
    [leg] = desk.platform.legs
    desk.do(HungUp(leg))
    assert json.loads(desk.ask("GET", desk.fetching()).body)["status"] == STOPPED

    desk.do(Stored(desk.recording().key))

    assert json.loads(desk.ask("GET", desk.fetching()).body)["status"] == COMPLETED
    assert desk.ask("GET", desk.v2()).status == 200


# Deleting


def test_only_what_is_settled_can_be_deleted(standing):
    if standing.recording().status not in (COMPLETED, ABSENT):
        assert refused(standing, "DELETE", standing.fetching()) == TEXML_404
        return

    assert standing.ask("DELETE", standing.fetching()) == Answer(204)

    assert standing.recording().status == DELETED
    assert refused(standing, "DELETE", standing.fetching()) == TEXML_404
    assert refused(standing, "GET", standing.fetching()) == TEXML_404
    assert refused(standing, "GET", standing.v2()).status == 404


def test_deleting_sends_nothing_and_spares_the_others(desk):
    desk.ask("POST", desk.starting())
    record_until_second = {"Status": "stopped"}
    desk.ask("POST", desk.starting(), {"RecordingStatusCallback": CALLBACK})
    desk.pass_time(5 * SECOND_US)
    desk.ask("POST", desk.updating(n=2), record_until_second)
    desk.do(Stored(desk.recording().key))
    desk.pass_time(SECOND_US)

    assert desk.ask("DELETE", desk.fetching(n=2)).status == 204

    assert not [one for one in desk.pass_time(SECOND_US) if isinstance(one, Attempt)]
    assert [one.status for one in desk.platform.recordings.values()] == [IN_PROGRESS, DELETED]


def test_a_call_with_a_deleted_recording_ends_as_any_other(desk):
    record_until(desk, DELETED)
    [leg] = desk.platform.legs

    desk.do(HungUp(leg))

    assert desk.recording().status == DELETED
    assert desk.platform.legs[leg].status == COMPLETED


# Paths


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/v2"),
        ("GET", "/v2/recordings/"),
        ("GET", "/v2/recordings/a/b"),
        ("GET", "/v2/texml/Accounts"),
        ("POST", "/v2/texml/Accounts/a/Calls/b/Recordings"),
        ("POST", "/v2/texml/Accounts//Calls//Recordings.json"),
        ("POST", "/v3/texml/Accounts/a/Calls/b/Recordings.json"),
    ],
)
def test_an_unknown_path_is_not_found(desk, method, path):
    is_texml = path.startswith("/v2/texml/")

    assert refused(desk, method, path) == (TEXML_404 if is_texml else V2_404)


def test_a_known_path_by_another_method_is_not_found(desk):
    record_until(desk, COMPLETED)
    for path, known in (
        (desk.starting(), ("GET", "POST")),
        (desk.updating(), ("POST",)),
        (desk.fetching(), ("GET", "DELETE")),
        (desk.fetching().replace(f"/{desk.sid()}", ""), ("GET",)),
        (desk.v2(), ("GET", "DELETE")),
        ("/v2/recordings", ("GET",)),
        ("/v2/recordings/actions/delete", ("POST",)),
    ):
        for method in ("PUT", "PATCH", "HEAD", "OPTIONS", "get", "", "DELETE", "POST", "GET"):
            if method not in known:
                is_texml = path.startswith("/v2/texml/")
                wanted = TEXML_404 if is_texml else V2_404
                assert refused(desk, method, path, {"Status": "stopped"}) == wanted


def test_segments_of_a_path_may_be_percent_encoded(desk):
    def encoded(path: str) -> str:
        # A colon is the only character of an id that anyone would encode.
        return path.replace("v3:", "v3%3A").replace(desk.account, encode_all(desk.account))

    assert "%" in encoded(desk.starting())
    assert desk.ask("POST", encoded(desk.starting())).status == 200
    assert desk.ask("POST", encoded(desk.updating()), {"Status": "paused"}).status == 200
    assert desk.ask("GET", encoded(desk.fetching())).status == 200


def encode_all(text: str) -> str:
    """Every character of a text, percent-encoded."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def test_an_encoded_slash_is_part_of_a_segment(desk):
    assert refused(desk, "GET", desk.v2() + quote("/x", safe="")).status == 404
    assert refused(desk, "POST", desk.starting().replace("/Calls/", "/Calls%2F")).status == 404


@pytest.mark.parametrize("tail", ["%", "%zz", "%ff", "\x00", " ", "\n", "é", "%00"])
def test_a_path_that_only_begins_well_is_not_found(desk, tail):
    record_until(desk, COMPLETED)

    assert refused(desk, "GET", desk.v2() + tail).status == 404
    assert refused(desk, "GET", desk.fetching() + tail).status == 404


# Against the published schemas


REFUSED: tuple[tuple[str, str, dict[str, str], tuple[tuple[str, str], ...]], ...] = (
    ("POST", "starting", {"PlayBeep": "x"}, KEY),
    ("POST", "starting", {"RecordingStatusCallback": "x"}, KEY),
    ("POST", "starting", {}, ()),
    ("POST", "updating", {}, KEY),
    ("POST", "updating", {"Status": "x"}, KEY),
    ("POST", "updating", {"Status": "paused"}, KEY),
    ("GET", "fetching", {}, ()),
    ("DELETE", "fetching", {}, KEY),
    ("GET", "v2", {}, KEY),
    ("GET", "v2", {}, ()),
)


@needs_schemas
@pytest.mark.parametrize(("method", "path", "form", "headers"), REFUSED)
def test_a_refusal_fits_its_published_schema_and_is_in_the_catalogue(
    desk, method, path, form, headers
):
    record_until(desk, STOPPED)
    target = getattr(desk, path)()

    answer = desk.ask(method, target, form, headers)

    assert answer.status >= 400
    assert list(published(schema_of(target, answer)).iter_errors(json.loads(answer.body))) == []
    found = refusal(answer)
    if found.code:
        listed = {
            (row["http_status"], row["code"]) for row in schema("error-catalogue.data")["errors"]
        }
        assert (found.status, found.code) in listed


# Whatever is asked


def standing_desk() -> Desk:
    """Calls ringing, answered and over; recordings in every status."""
    made = Desk()
    made.call()
    for status in (DELETED, ABSENT, COMPLETED, STOPPED, PAUSED, IN_PROGRESS):
        made.ask("POST", made.starting())
        n = len(made.platform.recordings)
        made.pass_time(300_000 if status == ABSENT else 5 * SECOND_US)
        if status == PAUSED:
            made.ask("POST", made.updating(n=n), {"Status": PAUSED})
        elif status != IN_PROGRESS:
            made.ask("POST", made.updating(n=n), {"Status": STOPPED})
        if status in (DELETED, ABSENT, COMPLETED):
            made.do(Stored(made.recording().key))
        if status == DELETED:
            made.ask("DELETE", made.fetching(n=n))
        assert made.recording().status == status
    made.do(HungUp(made.call("over")))
    made.ring("ringing")
    return made


STANDING = standing_desk()
QUERIES = (
    *("Page=1&PageSize=2", "PageToken=MQ", "DateCreated>=2026-01-05", "DateCreated<2026-01-05"),
    *("page[size]=2&page[number]=1", "filter[from]=15550001", "filter[created_at][gt]=x"),
    *("filter[end_time][lte]=2026-01-05", "filter[conference_region]=us"),
)
BULK = (
    *('{"ids": []}', json.dumps({"ids": [STANDING.sid(n=n) for n in range(1, 8)]})),
    *('{"ids": 1}', "[]", "{", "null"),
)
KNOWN_PATHS = [
    *("/v2/recordings", "/v2/recordings/actions/delete"),
    f"/v2/texml/Accounts/{STANDING.account}/Recordings.json",
    f"/v2/texml/Accounts/{STANDING.account}/Conferences/{NOBODY}/Recordings",
    *(STANDING.starting(name) for name in ("caller", "over", "ringing", "nobody")),
    *(
        path(n=n)
        for path in (STANDING.updating, STANDING.fetching, STANDING.v2)
        for n in range(1, 8)
    ),
]
NAMES = [*(parameter.name for parameter in PARAMETERS), "Status", "status", ""]
VALUES = [
    *ASKED,
    *(text for one in PARAMETERS for text in (*one.accepted, *one.refused)),
]
anything = st.text(max_size=30)
methods = st.sampled_from(["GET", "POST", "DELETE"]) | st.text(max_size=6)
paths = (
    st.sampled_from(KNOWN_PATHS)
    | anything
    | st.builds(
        lambda path, at, text: path[: at % len(path)] + text + path[at % len(path) :],
        st.sampled_from(KNOWN_PATHS),
        st.integers(0, 200),
        st.text(max_size=3) | st.sampled_from(["%", "/", "%2F", "//", "..", "?", "#", "%00"]),
    )
)
bodies = anything | st.lists(
    st.tuples(st.sampled_from(NAMES) | anything, st.sampled_from(VALUES) | anything), max_size=4
).map(urlencode)
bodies |= st.sampled_from(BULK)
queries = anything | st.lists(st.sampled_from(QUERIES) | anything, max_size=3).map("&".join)
JSON_KEY = (*KEY, ("content-type", "application/json"))
headers = st.sampled_from([KEY, JSON_KEY]) | st.lists(
    st.tuples(
        st.sampled_from(["authorization", "Authorization", "content-type"]) | anything,
        st.sampled_from(["Bearer KEY", "application/json"]) | anything,
    ),
    max_size=3,
).map(tuple)
whatever = st.builds(Request, methods, paths, queries, headers, bodies)
long = settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def assert_answered(desk: Desk, request: Request) -> Answer:
    """There is an answer, its body is what it says, and a refused request changed nothing."""
    before = desk.state()

    answer = desk.answer(request)

    assert answer.status in (200, 204, 401, 403, 404, 422)
    assert answer.failure == ""
    if answer.status == 204:
        assert answer == Answer(204)
    else:
        assert answer.headers == (("content-type", "application/json"),)
        json.loads(answer.body)
    if answer.status >= 400:
        assert refusal(answer).status == answer.status
        assert desk.state() == before
    return answer


@long
@given(whatever)
def test_whatever_is_asked_is_answered_and_what_is_refused_changes_nothing(request):
    assert_answered(STANDING.fork(), request)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(whatever, st.integers(0, 3 * SECOND_US)), max_size=8))
def test_whatever_is_asked_in_any_order_is_answered(requests):
    desk = STANDING.fork()

    for request, wait_us in requests:
        assert_answered(desk, request)
        desk.pass_time(wait_us)


def test_a_fork_of_the_desk_above_leaves_it_as_it_was():
    """The two tests above would otherwise hang on the order of their examples."""
    before = STANDING.state()
    other = STANDING.fork()

    other.ask("POST", other.starting())
    other.pass_time(10 * SECOND_US)

    assert STANDING.state() == before


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 5000), st.sampled_from(["&", "=", "%", "%ff&", ";", "a=b&", "Status=x&"]))
def test_a_body_of_any_length_is_answered(times, piece):
    desk = STANDING.fork()

    for path in (desk.starting(), desk.updating(n=6)):
        assert_answered(desk, Request("POST", path, "", KEY, piece * times))


@pytest.mark.parametrize(
    "body", ["\ud800", "Status=\ud800", "RecordingStatusCallback=https://app.test/\ud800"]
)
def test_half_a_surrogate_is_answered(body):
    desk = STANDING.fork()

    for path in (desk.starting(), desk.updating(n=6)):
        assert_answered(desk, Request("POST", path, "", KEY, body))
