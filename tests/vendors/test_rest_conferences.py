"""Conferences by REST: what is listed, fetched, ended, and what is recorded by command."""

from __future__ import annotations

import orjson
import pytest
from calls import LONG, SECOND_US, document
from rooms import Room, published
from schemas import needs_schemas

from recsim.core.commands import HungUp, Speech
from recsim.vendors.telnyx import conference_resources
from recsim.vendors.telnyx.account import Account
from recsim.vendors.telnyx.conference_ends import ENDS
from recsim.vendors.telnyx.lifecycle import CONFERENCE

WAITS = {"startConferenceOnEnter": "false"}
OK = {"data": {"result": "ok"}}
NOT_FOUND = (404, "", "Resource not found", "")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
COMMANDS = ("start", "stop", "pause", "resume")


def recorded(**body: str) -> Room:
    """A room that is recorded by command."""
    room = Room()
    assert room.command("start", **{"format": "mp3", **body}).status == 200
    return room


def recordings(room: Room) -> list[str]:
    return [one.status for one in room.platform.recordings.values()]


# The resource.


@needs_schemas
@pytest.mark.parametrize("attributes", [{}, WAITS])
def test_a_conference_fits_its_schema_and_its_model(attributes):
    room = Room(**attributes)

    body = room.fetched("GET", room.path())

    published("texml-conference-resource").validate(body)
    assert conference_resources.TexmlConference.model_validate(body).dump() == body
    assert body["status"] == ("init" if attributes else "in-progress")
    assert body["friendly_name"] == "room"
    assert "reason_conference_ended" not in body
    assert body["call_sid_ending_conference"] is None


def test_its_region_is_the_accounts():
    room = Room(account=Account(region="Europe"))

    assert room.fetched("GET", room.path())["region"] == "Europe"


@needs_schemas
@pytest.mark.parametrize("how", ["empty", "moderator_left", "complete", "expire"])
def test_what_ended_it_is_told(how):
    ends = "true" if how == "moderator_left" else "false"
    room = Room({"conference_limit_s": "60s"}, endConferenceOnExit=ends)
    if how == "complete":
        room.fetched("POST", room.path(), {"Status": "completed"})
    elif how == "expire":
        room.after(60 * SECOND_US)
    else:
        room.do(HungUp(room.alice))

    body = room.fetched("GET", room.path())

    published("texml-conference-resource").validate(body)
    assert conference_resources.TexmlConference.model_validate(body).dump() == body
    [end] = [end for end in ENDS if end.trigger == how]
    assert body["reason_conference_ended"] == end.reason
    left = how in ("empty", "moderator_left")
    assert body["call_sid_ending_conference"] == (room.sid("alice") if left else None)


def test_there_is_a_reason_for_every_end():
    ends = {rule.trigger for rule in CONFERENCE.rules if rule.dest in CONFERENCE.final}

    assert {end.trigger for end in ENDS} == ends


@pytest.mark.parametrize(
    "path", [f"/Conferences/{UNKNOWN}", f"/Conferences/{UNKNOWN}/Participants"]
)
def test_a_conference_that_there_is_not_is_not_found(path):
    room = Room()

    assert room.error(room.ask("GET", path)) == NOT_FOUND


def test_a_conference_of_another_account_is_not_found():
    room = Room()
    own = room.fetched("GET", room.path())["account_sid"]
    answer = room.get(f"/v2/texml/Accounts/{own[::-1]}{room.path()}")

    assert room.error(answer) == NOT_FOUND


# The list.


@needs_schemas
def test_conferences_are_listed_newest_first_and_by_pages():
    room = Room()
    room.do(HungUp(room.alice))
    room.call("carol")

    body = room.fetched("GET", "/Conferences")
    [first] = orjson.loads(room.ask("GET", "/Conferences", query="PageSize=1").body)["conferences"]

    assert conference_resources.TexmlConferenceList.model_validate(body).dump() == body
    assert [one["status"] for one in body["conferences"]] == ["in-progress", "completed"]
    assert first == body["conferences"][0]
    for one in body["conferences"]:
        published("texml-conference-resource").validate(one)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("FriendlyName=room", 1),
        ("FriendlyName=hall", 0),
        ("Status=in-progress", 1),
        ("Status=init", 0),
        ("DateCreated=2026-01-05", 1),
        ("DateCreated%3E=2026-01-06", 0),
        ("DateUpdated_lt=2026-01-05", 1),
        ("DateUpdated%3C=2026-01-04", 0),
    ],
)
def test_conferences_are_filtered(query, found):
    answer = Room().ask("GET", "/Conferences", query=query)

    assert len(orjson.loads(answer.body)["conferences"]) == found


def test_10032_for_a_status_that_there_is_not():
    room = Room()

    assert room.error(room.ask("GET", "/Conferences", query="Status=ended"))[:2] == (422, "10032")


# Ending and announcing.


def test_ending_it_hangs_up_everybody_and_ends_its_recordings():
    room = recorded()
    bob = room.bob()

    room.fetched("POST", room.path(), {"Status": "completed"})

    assert [room.platform.legs[key].status for key in (room.alice, bob.key)] == 2 * ["completed"]
    assert recordings(room) == ["absent"]
    assert room.error(room.ask("POST", room.path(), {"Status": "completed"})) == NOT_FOUND


@pytest.mark.parametrize(
    ("form", "code"),
    [({}, "10004"), ({"Status": "ended"}, "10032"), ({"AnnounceUrl": "x"}, "10015")],
)
def test_an_update_that_makes_no_sense_is_refused_and_changes_nothing(form, code):
    room = Room()
    before = room.state()

    assert room.error(room.ask("POST", room.path(), form))[:2] == (422, code)
    assert room.state() == before


def test_an_announcement_is_heard_by_everybody_who_is_in():
    room = Room()
    room.documents = {"news": document("<Say>one two three</Say>"), "done": LONG}
    bob = room.bob()

    room.fetched("POST", room.path(), {"AnnounceUrl": "https://app.test/news"})

    assert room.to[-2:] == 2 * ["https://app.test/news"]
    assert [len(room.platform.legs[key].sound) % 2 for key in (room.alice, bob.key)] == [1, 1]
    room.after(10 * SECOND_US)
    assert [room.platform.legs[key].outer for key in (room.alice, bob.key)] == [None, None]


# Commands.


@needs_schemas
def test_a_command_is_answered_ok_and_tells_nobody():
    room = Room()
    told = len(room.sent)

    for what, body in (("start", {"format": "wav"}), ("pause", {}), ("resume", {}), ("stop", {})):
        published(f"conference-{what}-recording-request").validate(body)
        answer = room.command(what, **body)
        assert (answer.status, orjson.loads(answer.body)) == (200, OK)
        published("conference-command-response").validate(OK)

    room.after(10 * SECOND_US)
    assert len(room.sent) == told
    [recording] = room.platform.recordings.values()
    assert recording.source == "StartConferenceRecordingAPI"
    assert recording.settings.channels == 1
    assert not recording.settings.beep


def test_a_conference_is_found_by_name_while_it_runs():
    room = Room()

    assert room.command("start", "conferences/room", format="mp3").status == 200
    room.do(HungUp(room.alice))
    answer = room.command("start", "conferences/room", format="mp3")

    assert room.error(answer) == (404, "90058", "Invalid conference_id", "")


def test_the_creator_is_on_the_first_channel():
    room = recorded(channels="dual")
    bob = room.bob()
    room.do(Speech(bob.key, on=True))
    room.after(5 * SECOND_US)
    session = room.platform.sessions[room.conference.session]
    room.do(HungUp(bob.key))
    room.do(HungUp(room.alice))
    room.after(5 * SECOND_US)
    final = room.platform.retire(session.key)

    [row] = [room.vendor.row(final, one, room.platform.now_us) for one in final.recordings]

    assert row["legs_by_channel"] == [[room.sid("alice")], [room.sid("bob")]]
    assert row["texml"]["channels"] == 2


@pytest.mark.parametrize("what", COMMANDS)
def test_90058_for_a_conference_that_there_is_not(what):
    room = Room()
    answer = room.command(what, f"conferences/{UNKNOWN}", format="mp3")

    assert room.error(answer) == (404, "90058", "Invalid conference_id", "")


@pytest.mark.parametrize("what", COMMANDS)
def test_90019_for_a_conference_that_is_over(what):
    room = recorded()
    room.do(HungUp(room.alice))

    answer = room.command(what, format="mp3")

    assert room.error(answer) == (422, "90019", "Conference has already ended", "")


@pytest.mark.parametrize("what", COMMANDS)
def test_90033_where_nothing_can_be_done(what):
    room = Room(**WAITS)  # nobody takes part in it yet
    before = room.state()

    answer = room.command(what, format="mp3", command_id="c1")

    assert room.error(answer) == (422, "90033", "Unable to execute command", "")
    assert room.state() == before


def test_10005_for_a_recording_that_is_not_of_the_conference():
    room = recorded()
    start = room.ask("POST", f"/Calls/{room.sid('alice')}/Recordings.json")
    other = orjson.loads(start.body)["sid"]

    for wrong in (other, UNKNOWN):
        answer = room.command("stop", recording_id=wrong)
        assert room.error(answer) == (404, "10005", "Recording not found", "/recording_id")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "10004", "/format"),
        ({"format": "ogg"}, "10032", "/format"),
        ({"format": "mp3", "channels": "mono"}, "10032", "/channels"),
        ({"format": "mp3", "trim": "do-not-trim"}, "10032", "/trim"),
        ({"format": "mp3", "region": "Mars"}, "10032", "/region"),
        ({"format": "mp3", "client_state": "not base64!"}, "90017", "/client_state"),
        ({"format": "mp3", "custom_file_name": ""}, "10025", "/custom_file_name"),
        ({"format": "mp3", "custom_file_name": 41 * "x"}, "10025", "/custom_file_name"),
        ({"format": "mp3", "custom_file_name": "a/b"}, "10015", "/custom_file_name"),
        ({"format": "mp3", "custom_file_name": "a\\b"}, "10015", "/custom_file_name"),
        ({"format": "mp3", "custom_file_name": ".."}, "10015", "/custom_file_name"),
    ],
)
def test_a_start_that_makes_no_sense_is_refused_and_changes_nothing(body, code, pointer):
    room = Room()
    before = room.state()

    status, found, _, where = room.error(room.command("start", **body))

    assert (status, found, where) == (422, code, pointer)
    assert room.state() == before


@pytest.mark.parametrize(("region", "status"), [("us", 200), ("US", 200), ("Europe", 404)])
def test_a_conference_is_looked_for_in_its_region(region, status):
    assert Room().command("start", format="mp3", region=region).status == status


@pytest.mark.parametrize(("after_s", "made"), [(0, 1), (59, 1), (60, 2)])
def test_a_repeated_command_id_is_ignored_within_its_window(after_s, made):
    room = recorded(command_id="c1")
    room.after(after_s * SECOND_US)

    assert orjson.loads(room.command("start", format="mp3", command_id="c1").body) == OK

    assert len(room.platform.recordings) == made


def test_a_command_id_is_of_one_conference():
    room = recorded(command_id="c1")
    call = f"calls/{room.sid('alice')}"

    room.command("start", call, format="mp3", channels="single", command_id="c1")

    assert len(room.platform.recordings) == 2


def test_without_an_id_all_that_run_are_meant():
    room = recorded()
    room.command("start", format="wav")

    room.command("pause")
    assert recordings(room) == ["paused", "paused"]
    room.command("resume", recording_id=room.vendor.wire_id("recording", "alice", 2))
    assert recordings(room) == ["paused", "in-progress"]
    room.command("stop")
    assert recordings(room) == ["absent", "absent"]


def test_another_recording_runs_beside_the_one_from_the_start():
    room = Room(record="record-from-start", recordBeep="false")

    room.command("start", format="mp3")

    sources = [one.source for one in room.platform.recordings.values()]
    assert sources == ["Conference", "StartConferenceRecordingAPI"]
