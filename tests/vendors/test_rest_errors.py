"""Each error of operations on recordings and calls: what it says, and that nothing moved.

Those that only conferences can bring about have a file of their own.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from api import Api
from calls import ALICE, BOB, SUPPORT
from schemas import needs_schemas, schema, validator

from recsim.core.commands import HungUp, Invite
from recsim.core.effects import Opened
from recsim.vendors.telnyx.account import Account
from recsim.vendors.telnyx.rest.routes import ROUTES

UNKNOWN = "cd5a70f4-759b-4d5e-9c06-88c00f16f3c1"
LIST = "/v2/recordings"
BULK_DELETE = "/v2/recordings/actions/delete"
ASKED = {"To": BOB, "From": SUPPORT, "Url": "https://app.test/answer"}
GUARDED = Account(keys=("KEY", "SECOND"), restricted_keys=("LIMITED",))


def texml(api: Api, tail: str = "") -> str:
    """A path below the first call."""
    return api.of_account(f"/Calls/{api.sid('alice')}{tail}")


def commanded(api: Api, what: str, call: str = "") -> str:
    return f"/v2/calls/{call or api.sid('alice')}/actions/record_{what}"


def ringing(api: Api) -> None:
    """A call comes in whose instructions don't."""
    effects = api.now(Invite("alice", ALICE, SUPPORT, api.application))
    assert any(isinstance(effect, Opened) for effect in effects)


def over(api: Api) -> None:
    """The first call ends."""
    api.do(HungUp(api.platform.sessions[1].legs[0]))


def answers(found: tuple[int, Any], status: int, **error: Any) -> None:
    """An error is this one, but for its detail."""
    got_status, got = found
    assert (got_status, {key: value for key, value in got.items() if key != "detail"}) == (
        status,
        error,
    )


def pointer(name: str) -> dict[str, str]:
    return {"pointer": f"/{name}"}


# 401 and 403


OPERATIONS = (
    ("GET", "/v2/recordings", None),
    ("GET", "/v2/recordings/SID", None),
    ("DELETE", "/v2/recordings/SID", None),
    ("POST", BULK_DELETE, {"ids": []}),
)
"""All of the recordings API."""

OTHERS = (
    ("POST", "/Calls", ASKED),
    ("GET", "/Calls", None),
    ("GET", "/Calls/CALL", None),
    ("POST", "/Calls/CALL", {"Status": "completed"}),
    ("POST", "/Calls/CALL/Recordings.json", {}),
    ("GET", "/Calls/CALL/Recordings.json", None),
    ("POST", "/Calls/CALL/Recordings/SID.json", {"Status": "stopped"}),
    ("GET", "/Recordings.json", None),
    ("GET", "/Recordings/SID.json", None),
    ("DELETE", "/Recordings/SID.json", None),
    ("GET", "/Conferences/CONFERENCE/Recordings.json", None),
    ("GET", "/Conferences/CONFERENCE/Recordings", None),
    ("POST", "/v2/calls/CALL/actions/record_stop", {}),
    ("POST", "/v2/calls/CALL/actions/record_pause", {}),
    ("POST", "/v2/calls/CALL/actions/record_resume", {}),
)
"""What else is about calls and their recordings."""


def at(path: str, api: Api) -> str:
    """The path of an operation, with ids that exist."""
    words = {
        "SID": api.vendor.wire_id("recording", "alice", 1),
        "CALL": api.sid("alice"),
        "CONFERENCE": api.vendor.wire_id("conference", "carol", 1),
    }
    for word, sid in words.items():
        path = path.replace(word, sid)
    return path if path.startswith("/v2/") else api.of_account(path)


def guarded() -> Api:
    """A line with whatever operations are about, of an account that has keys on file."""
    api = Api(GUARDED)
    api.record()
    api.confer()
    api.begin()
    return api


GUARD = guarded()


@pytest.mark.parametrize(("method", "path", "body"), OPERATIONS)
@pytest.mark.parametrize("key", [None, "OTHER", "key", "KEY2", ""])
def test_401_without_a_key_of_the_account_from_the_recordings_api(method, path, body, key):
    found = GUARD.refused(method, at(path, GUARD), body, key=key)

    assert found == (401, {"code": "401", "title": "Unauthorized"})


@pytest.mark.parametrize(("method", "path", "body"), OTHERS)
@pytest.mark.parametrize("key", [None, "OTHER"])
def test_10009_without_a_key_of_the_account_from_everything_else(method, path, body, key):
    found = GUARD.refused(method, at(path, GUARD), body, key=key)

    assert found == (401, {"code": "10009", "title": "Authentication failed"})


@pytest.mark.parametrize(("method", "path", "body"), OPERATIONS)
def test_403_with_a_restricted_key_from_the_recordings_api(method, path, body):
    found = GUARD.refused(method, at(path, GUARD), body, key="LIMITED")

    assert found == (403, {"code": "403", "title": "Forbidden"})


@pytest.mark.parametrize(("method", "path", "body"), OTHERS)
@pytest.mark.parametrize("key", ["KEY", "SECOND", "LIMITED"])
def test_a_restricted_key_is_good_for_everything_else(method, path, body, key):
    api = GUARD.fork()

    assert api.request(method, at(path, api), body, key=key).status not in (401, 403)


@pytest.mark.parametrize(("method", "path", "body"), OPERATIONS)
@pytest.mark.parametrize("key", ["KEY", "SECOND"])
def test_every_key_of_the_account_is_good(method, path, body, key):
    api = GUARD.fork()

    assert api.request(method, at(path, api), body, key=key).status == 200


def test_without_keys_on_file_every_key_is_good_but_restricted_ones_stay_so():
    api = Api(Account(restricted_keys=("LIMITED",)))

    assert api.request("GET", LIST, key="ANY").status == 200
    assert api.refused("GET", LIST, key="LIMITED")[0] == 403


def test_a_key_is_asked_for_before_anything_is_looked_up():
    assert GUARD.refused("GET", f"{LIST}/{UNKNOWN}", key="OTHER")[0] == 401
    assert GUARD.refused("GET", LIST, query="page[size]=0", key="LIMITED")[0] == 403


def test_the_lists_above_have_every_operation_that_this_file_is_about():
    for method, path, _ in (*OPERATIONS, *OTHERS):
        assert any(
            route.method == method and route.path.fullmatch(at(path, GUARD)) for route in ROUTES
        )
    recordings = {route.path.pattern for route in ROUTES if route.is_recordings}
    assert len(recordings) == len({path for _, path, _ in OPERATIONS})


# 404, in three families


def test_404_of_texml_has_a_detail_only():
    api = Api()
    api.record()
    missing = (404, {"detail": "Resource not found"})

    for path in (
        texml(api, f"/Recordings/{UNKNOWN}.json"),
        texml(api, f"{UNKNOWN}/Recordings.json"),
        api.of_account("/Nothing"),
        "/v2/texml/Accounts",
    ):
        for method in ("GET", "POST", "DELETE", "PUT"):
            assert api.refused(method, path, {"Status": "stopped"}) == missing


def test_404_for_a_recording_that_the_recordings_api_does_not_know():
    api = Api()
    running = api.begin()

    for sid in (UNKNOWN, running):
        for method in ("GET", "DELETE"):
            found = api.refused(method, f"{LIST}/{sid}")
            assert found == (404, {"code": "404", "title": "Not Found"})


@pytest.mark.parametrize("what", ["stop", "pause", "resume"])
def test_10005_for_a_recording_that_a_command_does_not_find(what):
    api = Api()
    api.begin()

    found = api.refused("POST", commanded(api, what), {"recording_id": UNKNOWN})

    title, source = "Recording not found", pointer("recording_id")
    answers(found, 404, code="10005", title=title, source=source)


def test_10005_for_a_recording_that_a_strict_deletion_does_not_find():
    api = Api(bulk_delete_strict="true")
    sid = api.record()

    found = api.refused("POST", BULK_DELETE, {"ids": [sid, UNKNOWN]})

    answers(found, 404, code="10005", title="Recording not found", source=pointer("ids/1"))


def test_10005_for_a_connection_that_nobody_has():
    api = Api(unknown_connection="not_found")
    api.record()

    found = api.refused("GET", LIST, query="filter[connection_id]=1")

    title, source = "Resource not found", pointer("connection_id")
    answers(found, 404, code="10005", title=title, source=source)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v2"),
        ("GET", "/v2/"),
        ("GET", "/v2/calls"),
        ("POST", "/v2/calls/CALL/actions/record_later"),
        ("POST", "/v2/recordings/SID/actions/delete"),
        ("GET", "/v2/texmls"),
        ("GET", "/v3/recordings"),
        ("PUT", "/v2/recordings/SID"),
        ("POST", "/v2/recordings"),
        ("GET", "/v2/calls/CALL/actions/record_stop"),
    ],
)
@pytest.mark.parametrize("key", ["KEY", None])
def test_10007_for_a_path_that_nobody_knows_or_by_another_method(method, path, key):
    path = path.replace("CALL", GUARD.sid("alice"))
    path = path.replace("SID", GUARD.vendor.wire_id("recording", "alice", 1))

    found = GUARD.refused(method, path, {}, key=key)

    assert found == (404, {"code": "10007", "title": "Resource not found"})


# 422


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/Calls", {"From": SUPPORT}, "To"),
        ("/Calls", {"To": BOB}, "From"),
        ("/Calls/CALL/Recordings/SID.json", {}, "Status"),
        (BULK_DELETE, {}, "ids"),
    ],
)
def test_10004_without_a_required_parameter(path, body, name):
    found = GUARD.refused("POST", at(path, GUARD), body)

    title = "Missing required parameter"
    answers(found, 422, code="10004", title=title, source=pointer(name))


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "source"),
    [
        ("POST", "/Calls", {**ASKED, "Url": "x"}, "", pointer("Url")),
        ("POST", "/Calls/CALL/Recordings.json", {"RecordingStatusCallback": "x"}, "",
         pointer("RecordingStatusCallback")),
        ("POST", BULK_DELETE, {"ids": "x"}, "", pointer("ids")),
        ("POST", "/v2/calls/CALL/actions/record_stop", {"command_id": 1}, "",
         pointer("command_id")),
        ("GET", "/Recordings.json", None, "DateCreated=x", {"parameter": "DateCreated"}),
        ("GET", LIST, None, "filter[created_at][gt]=2026-01-05",
         {"parameter": "filter[created_at][gt]"}),
        ("GET", LIST, None, "filter[call_leg_id]=x", {"parameter": "filter[call_leg_id]"}),
    ],
)  # fmt: skip
def test_10015_for_a_value_that_is_none(method, path, body, query, source):
    found = GUARD.refused(method, at(path, GUARD), body, query=query)

    answers(found, 422, code="10015", title="Invalid value", source=source)


@pytest.mark.parametrize("name", ["To", "From"])
def test_10016_for_a_number_that_is_none(name):
    found = GUARD.refused("POST", at("/Calls", GUARD), {**ASKED, name: "5550100"})

    title = "Phone number must be in +E164 format"
    answers(found, 422, code="10016", title=title, source=pointer(name))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/Calls", "RecordingTrack"),
        ("/Calls/CALL", "Status"),
        ("/Calls/CALL/Recordings.json", "RecordingChannels"),
        ("/Calls/CALL/Recordings/SID.json", "Status"),
    ],
)
def test_10032_for_a_word_that_is_not_listed(path, name):
    found = GUARD.refused("POST", at(path, GUARD), {**ASKED, name: "x"})

    title = "Invalid enumerated value"
    answers(found, 422, code="10032", title=title, source=pointer(name))


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "source"),
    [
        ("POST", "/Calls", {**ASKED, "Timeout": 4}, "", pointer("Timeout")),
        ("GET", "/Calls", None, "PageSize=251", {"parameter": "PageSize"}),
        ("GET", "/Recordings.json", None, "Page=-1", {"parameter": "Page"}),
        ("GET", LIST, None, "page[size]=251", {"parameter": "page[size]"}),
        ("GET", LIST, None, "page[number]=0", {"parameter": "page[number]"}),
    ],
)
def test_10033_for_a_number_outside_of_its_range(method, path, body, query, source):
    found = GUARD.refused(method, at(path, GUARD), body, query=query)

    answers(found, 422, code="10033", title="Value outside of range", source=source)


COMMANDS = ("stop", "pause", "resume")


@pytest.mark.parametrize("what", COMMANDS)
def test_90015_for_a_call_that_a_command_does_not_find(what):
    found = GUARD.refused("POST", commanded(GUARD, what, "v3:nobody"), {})

    title, source = "Invalid Call Control ID", pointer("call_control_id")
    answers(found, 422, code="90015", title=title, source=source)


@pytest.mark.parametrize("what", COMMANDS)
def test_90018_for_a_command_to_a_call_that_has_ended(what):
    api = Api()
    api.begin()
    over(api)

    found = api.refused("POST", commanded(api, what), {})

    answers(found, 422, code="90018", title="Call has already ended")


def test_a_call_that_has_ended_is_not_found_by_texml():
    api = Api()
    sid = api.begin()
    over(api)
    missing = (404, {"detail": "Resource not found"})

    assert api.refused("POST", texml(api, "/Recordings.json"), {}) == missing
    assert api.refused("POST", texml(api, f"/Recordings/{sid}.json"), {"Status": "paused"}) == (
        missing
    )
    assert api.refused("POST", texml(api), {"Status": "completed"}) == missing


@pytest.mark.parametrize("what", COMMANDS)
def test_90033_where_nothing_can_be_done(what):
    api = Api()
    api.call()

    found = api.refused("POST", commanded(api, what), {})

    answers(found, 422, code="90033", title="Unable to execute command")


def test_90034_for_a_call_that_rings():
    api = Api()
    ringing(api)

    paths = (texml(api, "/Recordings.json"), *(commanded(api, what) for what in COMMANDS))
    for path in paths:
        answers(api.refused("POST", path, {}), 422, code="90034", title="Call not answered yet")


# All of them


def every_error() -> list[tuple[str, int, dict[str, Any]]]:
    """The path, the status and the body of one error of each kind."""
    strict = Api(GUARDED, unknown_connection="not_found", bulk_delete_strict="true",
                 page_beyond_end="not_found")  # fmt: skip
    strict.record()
    strict.begin()
    silent, early, late = Api(), Api(), Api()
    silent.call()
    ringing(early)
    late.begin()
    over(late)
    asked = [
        (strict, "GET", LIST, None, "", "OTHER"),
        (strict, "GET", LIST, None, "", "LIMITED"),
        (strict, "GET", f"{LIST}/{UNKNOWN}", None, "", "KEY"),
        (strict, "GET", LIST, None, "page[number]=9", "KEY"),
        (strict, "GET", LIST, None, "filter[connection_id]=1", "KEY"),
        (strict, "GET", LIST, None, "filter[call_leg_id]=1", "KEY"),
        (strict, "GET", LIST, None, "page[size]=0", "KEY"),
        (strict, "POST", BULK_DELETE, {}, "", "KEY"),
        (strict, "POST", BULK_DELETE, {"ids": [UNKNOWN]}, "", "KEY"),
        (strict, "GET", "/v2/nothing", None, "", "KEY"),
        (strict, "GET", "/Calls/v3:x", None, "", "KEY"),
        (strict, "GET", "/Calls", None, "", "OTHER"),
        (strict, "POST", "/Calls", {}, "", "KEY"),
        (strict, "POST", "/Calls", {**ASKED, "Url": "x"}, "", "KEY"),
        (strict, "POST", "/Calls", {**ASKED, "To": "x"}, "", "KEY"),
        (strict, "POST", "/Calls", {**ASKED, "UrlMethod": "x"}, "", "KEY"),
        (strict, "POST", "/Calls", {**ASKED, "Timeout": 1}, "", "KEY"),
        (strict, "POST", "/v2/calls/x/actions/record_stop", {}, "", "KEY"),
        (strict, "POST", commanded(strict, "stop"), {"recording_id": UNKNOWN}, "", "KEY"),
        (silent, "POST", commanded(silent, "stop"), {}, "", "KEY"),
        (early, "POST", commanded(early, "stop"), {}, "", "KEY"),
        (late, "POST", commanded(late, "stop"), {}, "", "KEY"),
    ]
    found = []
    for api, method, path, body, query, key in asked:
        answer = api.request(method, at(path, api), body, query, key)
        found.append((path, answer.status, json.loads(answer.body)))
    return found


EVERY = every_error()

#: What operations on recordings and calls can answer; others are of conferences, or not simulated.
CODES = {
    *("401", "403", "404", "10004", "10005", "10007", "10009", "10015", "10016", "10032"),
    *("10033", "90015", "90018", "90033", "90034"),
}


def test_every_code_has_its_example():
    assert {body["errors"][0].get("code") for _, _, body in EVERY} == {*CODES, None}


@needs_schemas
@pytest.mark.parametrize(("path", "status", "body"), EVERY)
def test_an_error_body_is_what_its_schema_says(path, status, body):
    if "code" not in body["errors"][0]:
        name = "texml-not-found-error"
    else:
        name = "recordings-errors" if path.startswith(LIST) else "call-control-errors"

    validator(name).validate(body)


@needs_schemas
@pytest.mark.parametrize(("path", "status", "body"), EVERY)
def test_an_error_is_in_the_catalogue_with_its_title(path, status, body):
    [error] = body["errors"]
    if "code" not in error:
        return
    listed = {
        (row["http_status"], row["code"]): row["title"]
        for row in schema("error-catalogue.data")["errors"]
    }
    several = {"10005", "10015"}  # of connections, of recordings, of audio; of any value (assumed)

    assert (status, error["code"]) in listed
    if error["code"] not in several:
        assert listed[status, error["code"]] == error["title"]
