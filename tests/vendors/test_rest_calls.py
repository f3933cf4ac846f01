"""Calls by REST: what is asked, what is answered, and what then happens on the line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import quote

import pytest
from calls import (
    BOB,
    CAROL,
    EVENTS,
    LISTENER,
    LONG,
    PROGRESS,
    RECORDING_URL,
    SECOND_US,
    STATUS_URL,
    SUPPORT,
    Line,
    dial,
    document,
    lasting,
    only,
)
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemas import needs_schemas, schema, validator

from recsim.core.commands import Answer, Answered, HungUp, Request, Ringing, Speech
from recsim.core.effects import Ring
from recsim.core.entities import Application, CallLeg, Subscription
from recsim.vendors.telnyx import call_resources, resources
from recsim.vendors.telnyx.rest.calls import INITIATE, UPDATE
from recsim.vendors.telnyx.vendor import Telnyx

PLAYED = "https://app.test/answer"
OTHER = "https://app.test/other"
ASKED = {"To": BOB, "From": SUPPORT}
DOCUMENTS = {"answer": LONG, "other": LONG, "done": LONG}
NOBODY = "v3:" + 54 * "A"
TEXML = "<Response><Pause length='60'/></Response>"


@cache
def published(name: str) -> Draft202012Validator:
    return validator(name)


def called(form: Mapping[str, Any] | None = None, **more: Any) -> tuple[Line, CallLeg]:
    """A line on which Bob was called by a request: his leg."""
    line = Line(DOCUMENTS)
    answer = line.ask("POST", "/Calls", {**ASKED, **(form or {})}, **more)
    assert answer.status == 200, answer.body
    [leg] = line.platform.legs.values()
    return line, leg


def refused(line: Line, *words: Any, **more: Any) -> tuple[int, str, str]:
    """Ask for what is refused, and see that nothing moved: status, code, and what it is about."""
    before = lasting(line.platform), line.platform.untitled

    answer = line.ask(*words, **more)

    assert (lasting(line.platform), line.platform.untitled) == before
    body = json.loads(answer.body)
    [error] = body["errors"]
    if "code" not in error:
        assert resources.TexmlNotFound.model_validate(body).dump() == body
        return answer.status, "", ""
    assert resources.V2Errors.model_validate(body).dump() == body
    [*about] = error.get("source", {"": ""}).values()
    return answer.status, error["code"], about[0]


def body_of(answer: Answer, model: type[Any] = call_resources.TexmlCall) -> dict[str, Any]:
    """What was answered, once its model prints it back."""
    assert answer.status == 200, answer.body
    body: dict[str, Any] = json.loads(answer.body)
    assert model.model_validate(body).dump() == body
    return body


def path(line: Line, name: str = "api 1", n: int = 1) -> str:
    return f"/Calls/{quote(line.sid(name, n), safe='')}"


# Making a call


def test_a_call_is_queued_and_somebodys_telephone_rings():
    line = Line(DOCUMENTS)

    effects = line.do(
        Request(
            "POST",
            line.of_account("/Calls"),
            "",
            (("authorization", "Bearer KEY"), ("content-type", "application/json")),
            json.dumps(ASKED),
        )
    )

    [ring] = only(effects, Ring)
    assert (ring.from_, ring.to) == (SUPPORT, BOB)
    [answer] = [effect.answer for effect in effects if type(effect).__name__ == "Respond"]
    body = body_of(answer, call_resources.TexmlCallInitiated)
    assert body == {"from": SUPPORT, "to": BOB, "status": "queued"}


def test_without_more_it_has_the_defaults():
    _, leg = called()

    setup = leg.setup
    assert (setup.url, setup.method, setup.texml) == (PLAYED, "POST", "")
    assert (setup.ring_us, setup.limit_us) == (30 * SECOND_US, 14_400 * SECOND_US)
    assert setup.status == LISTENER.status
    assert setup.record is None
    assert (leg.direction, leg.parent) == ("outbound", 0)


EVERYTHING = {
    **ASKED,
    "Url": OTHER,
    "UrlMethod": "GET",
    "FallbackUrl": "https://backup.test/answer",
    "CallerId": "Front Desk",
    "Timeout": 5,
    "TimeLimit": 30,
    "StatusCallback": "https://app.test/mine",
    "StatusCallbackEvent": "initiated answered",
    "StatusCallbackMethod": "GET",
    "Record": True,
    "RecordingChannels": "dual",
    "RecordingTrack": "both",
    "RecordingTimeout": 3,
    "Trim": "do-not-trim",
    "SendRecordingUrl": False,
    "RecordingStatusCallback": RECORDING_URL,
    "RecordingStatusCallbackEvent": "in-progress absent",
    "RecordingStatusCallbackMethod": "GET",
}


@pytest.mark.parametrize("is_json", [True, False])
def test_everything_that_is_asked_for_is_kept(is_json):
    form = EVERYTHING
    if not is_json:
        form = {key: str(value).lower() if value in (True, False) else value
                for key, value in form.items()}  # fmt: skip
    _, leg = called(form, json=is_json)

    setup = leg.setup
    assert (setup.url, setup.method, setup.caller_name) == (OTHER, "GET", "Front Desk")
    assert (setup.fallback_url, setup.fallback_method) == ("https://backup.test/answer", "GET")
    assert (setup.ring_us, setup.limit_us) == (5 * SECOND_US, 30 * SECOND_US)
    assert setup.status == Subscription("https://app.test/mine", "GET", ("initiated", "answered"))
    assert setup.source == "OutboundAPI"
    assert setup.record is not None
    assert setup.record._asdict() == {
        "channels": 2,
        "file_name": "",
        "tells_webhook": False,
        "client_state": "",
        "track": "both",
        "is_trimmed": False,
        "beep": False,
        "format": "mp3",
        "limit_us": 0,
        "silence_us": 3 * SECOND_US,
        "callback_url": RECORDING_URL,
        "callback_method": "GET",
        "callback_events": ("in-progress", "absent"),
        "sends_url": False,
    }


def test_a_recording_is_by_default_as_the_table_of_sources_has_it():
    _, leg = called({"Record": "true"})

    record = leg.setup.record
    assert record is not None
    assert (record.channels, record.track, record.is_trimmed) == (1, "both", True)
    assert (record.silence_us, record.callback_events) == (0, ("completed",))


@pytest.mark.parametrize("track", ["inbound", "outbound"])
def test_one_track_makes_one_channel(track):
    _, leg = called({"Record": "true", "RecordingChannels": "dual", "RecordingTrack": track})

    assert leg.setup.record is not None
    assert (leg.setup.record.channels, leg.setup.record.track) == (1, track)


def test_who_is_told_by_default_is_told_of_the_end_only():
    _, leg = called({"StatusCallback": "https://app.test/mine"})

    assert leg.setup.status == Subscription("https://app.test/mine", "POST", ("completed",))


def test_the_application_can_be_told_of_other_events():
    _, leg = called({"StatusCallbackEvent": "ringing"})

    assert leg.setup.status == LISTENER.status._replace(events=("ringing",))


def test_the_applications_fallback_goes_with_its_own_url_only():
    on_file = LISTENER._replace(fallback_url="https://backup.test/answer")
    for form, expected in (({}, on_file.fallback_url), ({"Url": OTHER}, "")):
        line = Line(DOCUMENTS, on_file)
        line.ask("POST", "/Calls", {**ASKED, **form})
        [leg] = line.platform.legs.values()

        assert leg.setup.fallback_url == expected


def test_texml_takes_the_place_of_a_url_and_is_seen_from_the_applications():
    line, leg = called({"Texml": "<Response><Redirect>/other</Redirect></Response>"})

    line.do(Answered(leg.key))

    assert (leg.setup.url, line.to[-1]) == (PLAYED, OTHER)
    assert PLAYED not in line.to


def test_without_an_application_instructions_must_be_named():
    nothing = Application("", "POST")

    found = refused(Line(DOCUMENTS, nothing), "POST", "/Calls", ASKED)

    assert found == (422, "10004", "/Url")
    for form in ({"Url": OTHER}, {"Texml": TEXML}):
        assert Line(DOCUMENTS, nothing).ask("POST", "/Calls", {**ASKED, **form}).status == 200


def test_what_is_not_simulated_or_unknown_is_passed_over():
    line, leg = called(
        {
            "MachineDetection": "Enable",
            "SuperviseCallSid": NOBODY,
            "AsyncAmd": True,
            "CustomHeaders": [{"name": "a", "value": "b"}],
            "ApplicationSid": "123",
            "surprise": None,
        },
        json=True,
    )

    assert leg.setup == called()[1].setup
    assert line.platform.legs


def test_a_null_is_as_none():
    _, leg = called({"Texml": None, "Timeout": None}, json=True)

    assert leg.setup.ring_us == 30 * SECOND_US


# fmt: off
REFUSED = (
    # parameter                      code     values of a form; values of JSON besides
    ("To",                           "10016", ("15550100", "+0123", "+1", "bob", "sip:", ""), ()),
    ("From",                         "10016", ("anonymous", "+1555 0100", ""), ()),
    ("To",                           "10015", (), (15550100, [], True)),
    ("Url",                          "10015", ("/answer", "ftp://app.test/", "https://"), (1,)),
    ("UrlMethod",                    "10032", ("get", "PUT", ""), (1,)),
    ("Texml",                        "10015", ("hello", "<Answer/>", "<Response>"), (1, {})),
    ("FallbackUrl",                  "10015", ("/answer",), ()),
    ("CallerId",                     "10015", ("a@b", "x" * 129), (7,)),
    ("Timeout",                      "10033", ("4", "121", "-5"), (0, 10**15)),
    ("Timeout",                      "10015", ("", "soon", "5.5", "1e2"), (5.5, True, "soon")),
    ("TimeLimit",                    "10033", ("29", "14401"), ()),
    ("StatusCallback",               "10015", ("/status",), ()),
    ("StatusCallbackEvent",          "10032", ("completed,ringing", "dtmf", "Completed"), ()),
    ("StatusCallbackMethod",         "10032", ("post",), ()),
    ("Record",                       "10032", ("True", "1", "yes", ""), (1, 0, "yes", [])),
    ("RecordingChannels",            "10032", ("single", "2"), (2,)),
    ("RecordingTrack",               "10032", ("all",), ()),
    ("RecordingTimeout",             "10033", ("-1", "2592001"), ()),
    ("Trim",                         "10032", ("off", "true"), (True,)),
    ("SendRecordingUrl",             "10032", ("no",), (0,)),
    ("RecordingStatusCallback",      "10015", ("/recording",), ()),
    ("RecordingStatusCallbackEvent", "10032", ("paused",), ()),
    ("RecordingStatusCallbackMethod", "10032", ("PATCH",), ()),
)
# fmt: on


@pytest.mark.parametrize(("name", "code", "texts", "others"), REFUSED)
def test_each_refused_value_is_pointed_at_and_nobody_is_called(name, code, texts, others):
    line = Line(DOCUMENTS)
    for value in texts:
        assert refused(line, "POST", "/Calls", {**ASKED, name: value}) == (422, code, f"/{name}")
    for value in (*texts, *others):
        found = refused(line, "POST", "/Calls", {**ASKED, name: value}, json=True)
        assert found == (422, code, f"/{name}"), value


def test_every_parameter_has_a_value_that_is_refused():
    assert {name for name, *_ in REFUSED} == set(INITIATE)


@pytest.mark.parametrize("name", ["To", "From"])
def test_both_numbers_are_needed(name):
    form = {key: value for key, value in ASKED.items() if key != name}

    assert refused(Line(DOCUMENTS), "POST", "/Calls", form) == (422, "10004", f"/{name}")


def test_a_url_and_texml_contradict_each_other():
    form = {**ASKED, "Url": OTHER, "Texml": TEXML}

    assert refused(Line(DOCUMENTS), "POST", "/Calls", form) == (422, "10015", "/Texml")


@pytest.mark.parametrize("to", ["sip:bob@example.test", "SIPS:bob@example.test:5061", "+15550100"])
def test_numbers_and_sip_uris_can_be_called(to):
    assert called({"To": to})[1].to == to


@pytest.mark.parametrize("text", ["", "{", "[]", "1", '"To"', "null", "\ud800", "To=a&From=b"])
def test_a_body_that_is_no_json_object_is_refused(text):
    line = Line(DOCUMENTS)
    headers = (("authorization", "Bearer KEY"), ("content-type", "Application/JSON; charset=utf-8"))
    before = lasting(line.platform)

    effects = line.do(Request("POST", line.of_account("/Calls"), "", headers, text))

    assert effects[-1].answer.status == 422
    assert lasting(line.platform) == before


def test_another_accounts_calls_are_not_found():
    line, _ = called()
    account = line.vendor.words.account_sid
    line.vendor.words.account_sid = NOBODY
    paths = [("POST", "/Calls"), ("GET", "/Calls"), ("GET", path(line)), ("POST", path(line))]
    for method, tail in paths:
        request = Request(
            method,
            f"/v2/texml/Accounts/{account}{tail}",
            "",
            (("authorization", "Bearer KEY"),),
            "Status=completed",
        )
        [effect] = line.do(request)
        assert effect.answer.status == 404


@needs_schemas
def test_parameters_and_their_words_are_the_published_ones():
    properties = schema("texml-initiate-call-request")["properties"]
    updates = schema("texml-update-call-request")["properties"]

    assert set(INITIATE) <= set(properties)
    assert set(UPDATE) == set(updates)
    for table, found in ((INITIATE, properties), (UPDATE, updates)):
        for name, row in table.items():
            for word in found[name].get("enum", ()):
                row.read(word)


# Its name


def test_sessions_that_a_request_makes_are_counted():
    line = Line(DOCUMENTS)
    for _ in range(2):
        line.ask("POST", "/Calls", ASKED)
    line.ask("POST", "/Calls", ASKED, session="mine")
    line.ask("POST", "/Calls", ASKED)

    titles = [session.title for session in line.platform.sessions.values()]
    assert titles == ["api 1", "api 2", "mine", "api 3"]


def test_a_fork_counts_for_itself():
    line, _ = called()
    other = Line(DOCUMENTS)
    other.platform = line.platform.fork()
    for each in (line, other):
        each.ask("POST", "/Calls", ASKED)

        assert list(each.platform.sessions.values())[-1].title == "api 2"


# Its life


def test_an_answered_call_is_recorded_and_follows_its_instructions():
    form = {"Record": "true", "RecordingStatusCallback": RECORDING_URL,
            "RecordingStatusCallbackEvent": " ".join(EVENTS)}  # fmt: skip
    line, leg = called(form)
    line.do(Ringing(leg.key))
    line.after(2 * SECOND_US)
    assert line.platform.recordings == {}
    line.do(Answered(leg.key))
    line.do(Speech(leg.key, on=True))
    line.after(5 * SECOND_US)
    line.do(HungUp(leg.key))
    line.after(SECOND_US)

    told = line.of("recording-status")
    assert [one["RecordingStatus"] for one in told] == ["in-progress", "completed"]
    assert {one["RecordingSource"] for one in told} == {"OutboundAPI"}
    assert told[-1]["RecordingDuration"] == "5"
    assert told[-1]["RecordingChannels"] == "1"
    assert PLAYED in line.to
    progress = line.of("call-status")
    assert [one["CallStatus"] for one in progress] == [
        "initiated", "ringing", "in-progress", "completed",
    ]  # fmt: skip
    assert progress[-1]["RecordingDuration"] == "5"


def test_nothing_is_told_of_the_recording_of_a_call_that_is_never_answered():
    """Q 70."""
    form = {"Record": "true", "RecordingStatusCallback": RECORDING_URL,
            "RecordingStatusCallbackEvent": " ".join(EVENTS)}  # fmt: skip
    line, leg = called(form)
    line.after(31 * SECOND_US)

    assert leg.status == "no-answer"
    assert line.platform.recordings == {}
    assert line.of("recording-status") == []


def hang_up(line: Line, leg: CallLeg) -> None:
    line.do(HungUp(leg.key))


def fall_silent(line: Line, leg: CallLeg) -> None:
    line.do(Speech(leg.key, on=False))


def nothing(line: Line, leg: CallLeg) -> None:
    """What happens, happens by itself."""


def end(line: Line, leg: CallLeg) -> None:
    line.ask("POST", path(line), {"Status": "completed"})


def stop(line: Line, leg: CallLeg) -> None:
    update(line, "stopped")


def pause_and_stop(line: Line, leg: CallLeg) -> None:
    update(line, "paused")
    update(line, "stopped")


def update(line: Line, status: str) -> None:
    sid = line.vendor.wire_id("recording", "api 1", 1)
    line.ask("POST", f"{path(line)}/Recordings/{sid}.json", {"Status": status})


BRIEF = '<Pause length="3"/>'
STOPPED = document(BRIEF, "<Hangup/>")
LOST = document(BRIEF, "<Redirect>/unknown</Redirect>")

# fmt: off
ENDINGS = {
    #                     document         then            the recording's    the leg's last
    "hang-up":           (LONG,            hang_up,        ["end"],           "hang_up"),
    "end of document":   (document(BRIEF), nothing,        ["end"],           "drop"),
    "Hangup verb":       (STOPPED,         nothing,        ["end"],           "drop"),
    "instructions fail": (LOST,            nothing,        ["end"],           "fail"),
    "time limit":        (LONG,            nothing,        ["end"],           "time_limit"),
    "REST stop":         (LONG,            stop,           ["stop"],          "time_limit"),
    "stop while paused": (LONG,            pause_and_stop, ["pause", "stop"], "time_limit"),
    "REST end":          (LONG,            end,            ["end"],           "complete"),
    "silence":           (LONG,            fall_silent,    ["silence"],       "time_limit"),
}
# fmt: on


@pytest.mark.parametrize("name", ENDINGS)
def test_a_recording_of_an_outbound_call_ends_in_every_way(name):
    """A request has no finishOnKey and no maximum length."""
    text, then, moves, last = ENDINGS[name]
    line = Line({"answer": text})
    form = {"Record": "true", "TimeLimit": "60", "RecordingTimeout": "4"}
    line.ask("POST", "/Calls", {**ASKED, **form})
    [leg] = line.platform.legs.values()
    line.do(Answered(leg.key))
    line.do(Speech(leg.key, on=True))
    line.after(2 * SECOND_US)
    then(line, leg)
    line.after(100 * SECOND_US)

    found = [trigger for lifecycle, trigger in line.moves if lifecycle == "recording"]
    assert found == ["start", *moves, "save"]
    assert leg.ended_by == last
    [recording] = line.platform.recordings.values()
    assert (recording.source, recording.status) == ("OutboundAPI", "completed")


def test_the_name_of_a_caller_is_told_and_shown():
    line, leg = called({"CallerId": "Front Desk"})
    line.do(Answered(leg.key))
    line.after(SECOND_US)

    assert {one["CallerId"] for one in line.of("call-status")} == {"Front Desk"}
    [fetch] = line.of("instructions")
    assert (fetch["CallerId"], fetch["From"]) == ("Front Desk", SUPPORT)
    assert body_of(line.ask("GET", path(line)))["caller_name"] == "Front Desk"


# Seeing one


def test_a_call_is_shown_as_it_stands():
    line, leg = called()
    initiated = body_of(line.ask("GET", path(line)))
    line.do(Ringing(leg.key))
    line.after(2 * SECOND_US)
    line.do(Answered(leg.key))
    answered = body_of(line.ask("GET", path(line)))
    line.after(5_900_000)
    line.do(HungUp(leg.key))
    line.after(SECOND_US)
    over = body_of(line.ask("GET", path(line)))

    assert [one["status"] for one in (initiated, answered, over)] == [
        "ringing", "in-progress", "completed",
    ]  # fmt: skip
    assert [one["duration"] for one in (initiated, answered, over)] == [None, None, "5"]
    assert [one["end_time"] for one in (initiated, answered, over)] == [
        None, None, "Mon, 05 Jan 2026 09:00:07 +0000",
    ]  # fmt: skip
    assert {one["start_time"] for one in (initiated, answered, over)} == {
        "Mon, 05 Jan 2026 09:00:00 +0000"
    }
    assert [one["date_updated"][-14:-6] for one in (initiated, answered, over)] == [
        "09:00:00", "09:00:02", "09:00:07",
    ]  # fmt: skip
    assert (over["direction"], over["from"], over["to"]) == ("outbound", SUPPORT, BOB)
    assert over["sid"] == line.sid("api 1")


def test_a_call_that_was_never_answered_lasted_no_time():
    line, _ = called()
    line.after(31 * SECOND_US)

    over = body_of(line.ask("GET", path(line)))

    assert (over["status"], over["duration"]) == ("no-answer", "0")


def test_the_uri_of_a_call_leads_to_it():
    line, _ = called()
    body = body_of(line.ask("GET", path(line)))

    tail = body["uri"].partition(body["account_sid"])[2]

    assert json.loads(line.ask("GET", tail).body) == body
    assert line.ask("POST", tail, {"Status": "completed"}).status == 200


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+13123456789", "(312) 345-6789"), ("+442071234567", "+442071234567"),
     ("sip:a@b.test", "sip:a@b.test")],
)  # fmt: skip
def test_numbers_are_shown_as_in_the_sample(number, shown):
    line, _ = called({"To": number})

    assert body_of(line.ask("GET", path(line)))["to_formatted"] == shown


def test_dates_of_calls_are_written_as_the_reading_says():
    line = Line(DOCUMENTS, texml_resource_date_format="iso8601", texml_date_format="rfc2822")
    line.call()

    body = body_of(line.ask("GET", path(line, "alice")))

    assert body["start_time"] == "2026-01-05T09:00:00Z"


def legs_of_every_kind() -> Line:
    """A line with calls in and out, dialed ones too, running and over."""
    line = Line({**DOCUMENTS, "answer": document(dial(CAROL))})
    line.do(HungUp(line.call("alice")))
    line.after(86_400 * SECOND_US)
    line.call("bob", BOB)
    line.do(Answered(line.dialed()[-1]))
    line.ask("POST", "/Calls", {**ASKED, "Url": OTHER})
    return line


def test_every_leg_is_a_call_of_its_own():
    line = legs_of_every_kind()

    shown = body_of(line.ask("GET", "/Calls"), call_resources.TexmlCallList)["calls"]

    assert [one["sid"] for one in shown] == [
        line.sid("api 1"),
        *(line.sid("bob", n) for n in (2, 1)),
        *(line.sid("alice", n) for n in (2, 1)),
    ]
    for one in shown:
        assert json.loads(line.ask("GET", f"/Calls/{one['sid']}").body) == one


@needs_schemas
def test_what_is_shown_fits_its_published_schema_and_nothing_besides():
    line = legs_of_every_kind()
    for one in json.loads(line.ask("GET", "/Calls").body)["calls"]:
        assert list(published("texml-call-resource").iter_errors(one)) == []
    answer = line.ask("POST", "/Calls", ASKED)
    found = list(published("texml-initiate-call-response").iter_errors(json.loads(answer.body)))
    assert found == []


@pytest.mark.parametrize(
    ("method", "tail", "module", "name"),
    [
        ("POST", "/Calls", "call_calls_response", "CallCallsResponse"),
        ("GET", "/Calls", "call_retrieve_calls_response", "CallRetrieveCallsResponse"),
        ("GET", "", "call_resource", "CallResource"),
        ("POST", "", "call_resource", "CallResource"),
    ],
)
def test_the_official_client_reads_every_key(method, tail, module, name):
    line = legs_of_every_kind()
    client_type = getattr(import_module(f"telnyx.types.texml.accounts.{module}"), name)
    answer = line.ask(method, tail or path(line), {**ASKED, "Status": "completed"})

    read = client_type.model_validate_json(answer.body)

    assert not read.model_extra
    dumped = read.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert dumped == json.loads(answer.body)


# The list


def sids(line: Line, query: str) -> list[str]:
    """The calls that a query lists."""
    answer = line.ask("GET", "/Calls", query=query)
    return [one["sid"] for one in body_of(answer, call_resources.TexmlCallList)["calls"]]


def test_calls_can_be_filtered():
    line = legs_of_every_kind()
    api, bob2, bob, alice2, alice = sids(line, "")

    assert sids(line, f"From={quote(BOB)}") == [bob2, bob]
    assert sids(line, f"To={quote(BOB)}") == sids(line, f"To={BOB}") == [api]
    assert sids(line, "To=15550100") == [api]
    assert sids(line, "Status=completed") == [alice]
    assert sids(line, "Status=failed") == []
    assert sids(line, "Status=canceled") == [alice2]
    assert sids(line, "Status=in-progress") == [bob2, bob]
    assert sids(line, f"Status=ringing&From={quote(SUPPORT)}") == [api]
    for after, before in ((">", "<"), ("_gt", "_lt"), ("%3E", "%3C")):
        assert sids(line, f"StartTime{after}=2026-01-06") == [api, bob2, bob]
        assert sids(line, f"StartTime{before}=2026-01-05") == [alice2, alice]
        assert sids(line, f"EndTime{after}=2026-01-05") == [alice2, alice]
        assert sids(line, f"EndTime{before}=2026-01-04") == []
    assert sids(line, "StartTime=2026-01-05") == [alice2, alice]
    assert sids(line, "EndTime=2026-01-05&StartTime=2026-01-06") == []


def test_calls_can_be_paged_by_the_links():
    line = legs_of_every_kind()
    everything = sids(line, "")
    seen: list[str] = []
    uri = "/Calls.json?Page=0&PageSize=2"
    while uri:
        tail, _, query = uri.partition("?")
        page = body_of(line.ask("GET", tail, query=query), call_resources.TexmlCallList)
        assert (page["page"], page["start"]) == (len(seen) // 2, len(seen))
        seen += [one["sid"] for one in page["calls"]]
        assert page["end"] == len(seen) - 1
        line.ask("POST", "/Calls", ASKED)  # what is new doesn't move what follows
        uri = page.get("next_page_uri", "").partition(line.vendor.words.account_sid)[2]

    assert seen == everything


def test_links_keep_the_filters():
    line = legs_of_every_kind()

    page = body_of(
        line.ask("GET", "/Calls", query="PageSize=1&StartTime%3E=2026-01-06"),
        call_resources.TexmlCallList,
    )

    for name in ("uri", "first_page_uri", "next_page_uri"):
        assert "PageSize=1&StartTime%3E=2026-01-06" in page[name]


def test_pages_can_be_asked_for_by_number_and_one_beyond_the_end_is_empty():
    line = legs_of_every_kind()
    everything = sids(line, "")

    assert sids(line, "Page=1&PageSize=2") == everything[2:4]
    assert sids(line, "Page=9&PageSize=2") == []
    page = body_of(line.ask("GET", "/Calls", query="Page=9"), call_resources.TexmlCallList)
    assert "next_page_uri" not in page


@pytest.mark.parametrize(
    ("query", "code", "name"),
    [
        ("Page=-1", "10033", "Page"),
        ("Page=one", "10015", "Page"),
        ("PageSize=0", "10033", "PageSize"),
        ("PageSize=251", "10033", "PageSize"),
        ("PageToken=%3F%3F", "10015", "PageToken"),
        ("PageToken=%C3%A9", "10015", "PageToken"),
        ("Status=queued", "10032", "Status"),
        ("StartTime=yesterday", "10015", "StartTime"),
        ("EndTime%3C=2026-13-01", "10015", "EndTime<"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(query, code, name):
    assert refused(Line(DOCUMENTS), "GET", "/Calls", query=query) == (422, code, name)


# Changing one


def test_a_call_is_ended():
    line, leg = called()
    line.do(Answered(leg.key))
    line.after(3 * SECOND_US)

    body = body_of(line.ask("POST", path(line), {"Status": "completed"}))

    assert (body["status"], body["duration"]) == ("completed", "3")
    assert (leg.status, leg.ended_by) == ("completed", "complete")


def test_a_call_that_still_rings_is_canceled():
    line, _ = called()

    assert body_of(line.ask("POST", path(line), {"Status": "completed"}))["status"] == "canceled"


@pytest.mark.parametrize("is_json", [True, False])
def test_a_call_is_given_other_instructions(is_json):
    line = Line(DOCUMENTS)
    leg = line.platform.legs[line.call()]
    form = {"Url": OTHER, "Method": "GET", "FallbackUrl": PLAYED, "FallbackMethod": "GET"}

    body = body_of(line.ask("POST", path(line, "alice"), form, json=is_json))

    assert body["status"] == "in-progress"
    assert line.to[-1] == OTHER
    assert leg.document_url == OTHER
    assert (leg.setup.method, leg.setup.fallback_url, leg.setup.fallback_method) == (
        "GET", PLAYED, "GET",
    )  # fmt: skip
    assert leg.setup.status == LISTENER.status


def test_a_call_is_given_texml_that_is_seen_from_the_applications():
    line = Line(DOCUMENTS)
    line.call()

    line.ask("POST", path(line, "alice"),
             {"Texml": "<Response><Redirect>other</Redirect></Response>"})  # fmt: skip

    assert line.to[-1] == OTHER


def test_other_instructions_for_a_call_that_rings_are_followed_once_it_is_answered():
    line, leg = called({"Record": "true"})

    line.ask("POST", path(line), {"Url": OTHER})
    assert OTHER not in line.to
    line.do(Answered(leg.key))

    assert OTHER in line.to
    assert PLAYED not in line.to
    assert len(line.platform.recordings) == 1


def test_whom_to_tell_can_be_changed_and_nothing_else():
    line = Line(DOCUMENTS)
    leg = line.platform.legs[line.call()]
    before = leg.verb, leg.document

    line.ask("POST", path(line, "alice"), {"StatusCallback": "https://app.test/mine"})

    assert leg.setup.status == Subscription("https://app.test/mine", "POST", PROGRESS)
    assert (leg.verb, leg.document) == before
    line.do(HungUp(leg.key))
    line.after(SECOND_US)
    assert line.to[-1] == "https://app.test/mine"
    assert STATUS_URL in line.to


# fmt: off
WRONG = (
    ({},                                  "10004", ""),
    ({"status": "completed"},             "10004", ""),
    ({"Url": ""},                         "10004", ""),
    ({"Status": "canceled"},              "10032", "/Status"),
    ({"Status": ""},                      "10032", "/Status"),
    ({"Url": "/other"},                   "10015", "/Url"),
    ({"Method": "PUT"},                   "10032", "/Method"),
    ({"Texml": "nothing"},                "10015", "/Texml"),
    ({"Url": OTHER, "Texml": TEXML},      "10015", "/Texml"),
    ({"FallbackUrl": "backup"},           "10015", "/FallbackUrl"),
    ({"FallbackMethod": "get"},           "10032", "/FallbackMethod"),
    ({"StatusCallback": "x"},             "10015", "/StatusCallback"),
    ({"StatusCallbackMethod": "x"},       "10032", "/StatusCallbackMethod"),
)
# fmt: on


@pytest.mark.parametrize(("form", "code", "about"), WRONG)
def test_a_change_that_makes_no_sense_is_refused(form, code, about):
    line, _ = called()

    assert refused(line, "POST", path(line), form) == (422, code, about)


def test_every_parameter_of_a_change_has_a_value_that_is_refused():
    assert {about.lstrip("/") for _, _, about in WRONG} - {""} == set(UPDATE)


def test_an_unknown_or_ended_call_is_not_found():
    line, leg = called()
    for method in ("GET", "POST"):
        found = refused(line, method, f"/Calls/{NOBODY}", {"Status": "completed"})
        assert found == (404, "", "")
    line.do(HungUp(leg.key))

    for form in ({"Status": "completed"}, {"Url": OTHER}, {"StatusCallback": STATUS_URL}):
        assert refused(line, "POST", path(line), form) == (404, "", "")
    assert line.ask("GET", path(line)).status == 200


def test_a_recording_cannot_be_started_before_a_dialed_call_is_answered():
    line, _ = called()

    assert refused(line, "POST", f"{path(line)}/Recordings.json") == (422, "90034", "")


def test_without_a_key_nothing_is_answered():
    line, _ = called()
    for method, tail in (("POST", "/Calls"), ("GET", "/Calls"), ("GET", path(line))):
        before = lasting(line.platform)
        [effect] = line.do(Request(method, line.of_account(tail), "", (), ""))
        assert effect.answer.status == 401
        assert lasting(line.platform) == before


# Whatever is asked

VALUES = st.sampled_from(
    [*ASKED.values(), *PROGRESS, OTHER, TEXML, "true", "5", "30", "", "GET", "dual", "\ud800"]
)
NAMES = st.sampled_from([*INITIATE, *UPDATE, "Page", "PageSize", "PageToken", "StartTime", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | VALUES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@tuned(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["/Calls", "/Calls/SID", "/Calls.json", "/Calls/SID.json"]),
    st.dictionaries(NAMES, JSON, max_size=4),
    st.booleans(),
    st.sampled_from([True, False]),
)
def test_whatever_is_asked_is_answered_and_what_is_refused_changes_nothing(
    method, tail, form, is_complete, is_json
):
    line, _ = called()
    form = {**ASKED, **form} if is_complete else form
    text = json.dumps(form) if is_json else "&".join(f"{k}={v}" for k, v in form.items())
    headers = (("authorization", "Bearer KEY"),)
    if is_json:
        headers += (("content-type", "application/json"),)
    where = line.of_account(tail.replace("SID", line.sid("api 1")))
    query = "&".join(f"{k}={v}" for k, v in form.items())
    before = lasting(line.platform), line.platform.untitled

    effects = line.platform.handle(
        line.platform.now_us, Request(method, where, query, headers, text)
    )

    [answer] = [effect.answer for effect in effects if type(effect).__name__ == "Respond"]
    assert answer.status in (200, 404, 422)
    json.loads(answer.body)
    if answer.status != 200 or method == "GET":
        assert (lasting(line.platform), line.platform.untitled) == before


def test_the_vendor_can_be_made_without_an_application():
    assert Telnyx(1, 0).rest.application == Application("", "POST")
