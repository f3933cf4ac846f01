"""Participants by REST: dialed, listed, changed, removed, and recorded in two ways."""

from __future__ import annotations

import orjson
import pytest
from calls import ALICE, BOB, CAROL, EVENTS, RECORDING_URL, SECOND_US, STATUS_URL, document
from rooms import Room, published
from schemas import needs_schemas

from recsim.core.commands import Answered, HungUp, Refused, Ringing, Speech
from recsim.vendors.telnyx import conference_resources
from recsim.vendors.telnyx.rest.dialing import CONFERENCE, DIAL
from recsim.vendors.telnyx.rest.participants import UPDATE

NOT_FOUND = (404, "", "Resource not found", "")
ROOM_URL = "https://app.test/room"
BOTH = {
    "Record": "true",
    "RecordingStatusCallback": RECORDING_URL,
    "RecordingStatusCallbackEvent": " ".join(EVENTS),
    "ConferenceRecord": "record-from-start",
    "ConferenceRecordingStatusCallback": ROOM_URL,
    "ConferenceRecordingStatusCallbackEvent": " ".join(EVENTS),
}


def listed(room: Room) -> list[tuple[str, str]]:
    body = room.fetched("GET", room.path("/Participants"))
    return [(one["call_sid"], one["status"]) for one in body["participants"]]


@needs_schemas
def test_participants_fit_their_schemas_and_models():
    room = Room(participantLabel="host")
    new = room.dial(Label="guest", Muted="true")

    body = room.fetched("GET", room.path("/Participants"))
    one = room.fetched("GET", room.path("/Participants/guest"))

    published("texml-new-participant-resource").validate(new)
    assert conference_resources.TexmlNewParticipant.model_validate(new).dump() == new
    assert conference_resources.TexmlParticipantList.model_validate(body).dump() == body
    assert body["participants"][1] == one
    for each in body["participants"]:
        published("texml-participant-resource").validate(each)
    assert (one["status"], one["muted"]) == ("connecting", True)


@needs_schemas
def test_the_requests_parameters_are_the_published_ones():
    """Those that are passed over are told apart by their names."""
    known = set(published("texml-dial-participant-request").schema["properties"])
    over = known - set(DIAL) - set(CONFERENCE)

    assert set(DIAL) - known == {"RecordingTimeout", "SendRecordingUrl"}  # as of a call
    assert set(CONFERENCE) <= known
    assert {name.rstrip("0123456789")[:3] for name in over} == {
        *("App", "Amd", "Can", "Cus", "Ear", "Mac", "Pre", "Sip"),
    }
    assert set(UPDATE) == set(published("texml-update-participant-request").schema["properties"])


def test_whoever_answers_comes_in_and_whoever_leaves_is_gone():
    room = Room()
    room.dial()
    leg = room.dialed()[-1]
    alice, bob = room.sid("alice"), room.sid("bob")

    assert listed(room) == [(alice, "connected"), (bob, "connecting")]
    room.do(Ringing(leg))
    room.do(Answered(leg))
    assert listed(room) == [(alice, "connected"), (bob, "connected")]
    room.do(HungUp(leg))
    assert listed(room) == [(alice, "connected")]


def test_a_number_that_does_not_answer_is_no_participant_any_more():
    room = Room()
    room.dial()

    room.do(Refused(room.dialed()[-1], "busy"))

    assert listed(room) == [(room.sid("alice"), "connected")]
    assert room.conference.dialed == ()


def test_it_is_canceled_when_the_conference_ends_first():
    room = Room()
    room.dial(StatusCallback=STATUS_URL)
    room.do(Ringing(room.dialed()[-1]))

    room.do(HungUp(room.alice))
    room.after(SECOND_US)

    assert room.platform.legs[room.dialed()[-1]].status == "canceled"
    assert room.of("call-status")[-1]["CallStatus"] == "canceled"


def test_two_switches_make_two_recordings_with_callbacks_of_their_own():
    room = Room()
    bob = room.bob(**BOTH)
    room.do(Speech(bob.key, on=True))
    room.after(5 * SECOND_US)
    room.do(HungUp(bob.key))
    room.after(5 * SECOND_US)
    room.do(HungUp(room.alice))
    room.after(5 * SECOND_US)

    made = {one.source: one for one in room.platform.recordings.values()}
    assert list(made) == ["OutboundAPI", "Conference"]
    assert made["OutboundAPI"].settings.channels == made["Conference"].settings.channels == 1
    assert made["OutboundAPI"].settings.is_trimmed
    assert made["Conference"].settings.is_trimmed
    told = [
        (params["RecordingSource"], params["RecordingStatus"], to)
        for (kind, params), to in zip(room.sent, room.to, strict=True)
        if kind == "recording-status"
    ]
    assert sorted(told) == [
        ("Conference", "completed", ROOM_URL),
        ("Conference", "in-progress", ROOM_URL),
        ("OutboundAPI", "completed", RECORDING_URL),
        ("OutboundAPI", "in-progress", RECORDING_URL),
    ]


@pytest.mark.parametrize(
    ("word", "made"),
    [("true", 1), ("record-from-start", 1), ("false", 0), ("do-not-record", 0)],
)
def test_the_words_of_conference_record(word, made):
    room = Room()
    room.bob(ConferenceRecord=word)

    assert len(room.platform.recordings) == made


def test_a_participant_may_listen_for_the_conference():
    """Nobody had asked before: the room's own noun has no callback here."""
    room = Room(tells=False)
    room.bob(
        ConferenceStatusCallback=ROOM_URL, ConferenceStatusCallbackEvent="join leave", Label="guest"
    )
    room.after(SECOND_US)

    [told] = room.of("conference-status")
    assert (told["StatusCallbackEvent"], told["ParticipantLabel"]) == ("participant-join", "guest")


def test_its_leg_is_not_the_conferences():
    """Answered, it follows no document; out of the conference it is hung up."""
    room = Room()
    bob = room.bob()

    room.fetched("DELETE", room.path(f"/Participants/{room.sid('bob')}"))

    assert bob.status == "completed"
    assert room.platform.legs[room.alice].status == "in-progress"


def test_its_waiting_and_its_time_are_its_own():
    room = Room(startConferenceOnEnter="false")
    room.documents["wait"] = document('<Pause length="9"/>')
    bob = room.bob(StartConferenceOnEnter="false", WaitUrl="https://app.test/wait", TimeLimit="30")

    assert room.to[-1] == "https://app.test/wait"
    room.after(30 * SECOND_US)
    assert bob.status == "completed"
    assert room.conference.status == "init"


# What is refused.


@pytest.mark.parametrize(
    ("form", "code", "pointer"),
    [
        ({"To": ""}, "10016", "/To"),
        ({"To": "5550100"}, "10016", "/To"),
        ({"From": "me"}, "10016", "/From"),
        ({"Beep": "yes"}, "10032", "/Beep"),
        ({"ConferenceRecord": "record-from-answer"}, "10032", "/ConferenceRecord"),
        ({"MaxParticipants": "1"}, "10033", "/MaxParticipants"),
        ({"MaxParticipants": "801"}, "10033", "/MaxParticipants"),
        ({"Timeout": "4"}, "10033", "/Timeout"),
        ({"Coaching": "true"}, "10004", "/CallSidToCoach"),
        ({"Coaching": "true", "CallSidToCoach": "v3:x"}, "90015", "/CallSidToCoach"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(form, code, pointer):
    room = Room()
    before = room.state()

    answer = room.ask("POST", room.path("/Participants"), {"To": BOB, "From": ALICE} | form)

    status, found, _, where = room.error(answer)
    assert (status, found, where) == (422, code, pointer)
    assert room.state() == before


@pytest.mark.parametrize("name", ["To", "From"])
def test_10004_without_a_number(name):
    room = Room()
    form = {key: value for key, value in {"To": BOB, "From": ALICE}.items() if key != name}

    answer = room.ask("POST", room.path("/Participants"), form)

    assert room.error(answer) == (422, "10004", "Missing required parameter", f"/{name}")


def test_90032_for_a_room_that_is_full():
    room = Room(maxParticipants="2")
    room.dial()
    before = room.state()

    answer = room.ask("POST", room.path("/Participants"), {"To": CAROL, "From": ALICE})

    assert room.error(answer) == (422, "90032", "Maximum number of participants reached", "")
    assert room.state() == before


def test_90032_for_one_more_than_the_request_wants():
    room = Room()
    room.dial()
    form = {"To": CAROL, "From": ALICE, "MaxParticipants": "2"}

    answer = room.ask("POST", room.path("/Participants"), form)

    assert room.error(answer)[:2] == (422, "90032")


@pytest.mark.parametrize("comes_in", [True, False])
def test_90044_for_a_label_that_somebody_has(comes_in):
    room = Room()
    room.dial(Label="guest")
    if comes_in:
        room.do(Answered(room.dialed()[-1]))
    before = room.state()

    answer = room.ask(
        "POST", room.path("/Participants"), {"To": CAROL, "From": ALICE, "Label": "guest"}
    )

    assert room.error(answer)[:2] == (422, "90044")
    assert room.state() == before


def test_nobody_can_be_dialed_for_a_conference_that_is_over():
    room = Room()
    room.do(HungUp(room.alice))

    answer = room.ask("POST", room.path("/Participants"), {"To": BOB, "From": ALICE})

    assert room.error(answer) == NOT_FOUND
    assert listed(room) == []


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_participant_that_there_is_not_is_not_found(method):
    room = Room()

    assert room.error(room.ask(method, room.path("/Participants/nobody"))) == NOT_FOUND


# What is changed.


def test_mute_and_hold():
    room = Room(participantLabel="host")
    path = room.path("/Participants/host")

    def member():
        return room.conference.members[0]

    assert room.fetched("POST", path, {"Muted": "true"})["muted"]
    assert member().heard_from_us == 2**63 - 1 != member().hears_from_us
    assert room.fetched("POST", path, {"Muted": "false", "Hold": "true"})["hold"]
    assert member().hears_from_us == 2**63 - 1
    assert not room.fetched("POST", path, {"Hold": "false"})["hold"]
    assert member().heard_from_us == member().hears_from_us == room.platform.now_us


def test_music_is_heard_on_hold_and_then_the_conference_again():
    room = Room(participantLabel="host")
    path, leg = room.path("/Participants/host"), room.platform.legs[room.alice]

    room.fetched("POST", path, {"Hold": "true", "HoldUrl": "https://app.test/music.mp3"})
    assert len(leg.sound) % 2 == 1
    room.fetched("POST", path, {"Hold": "false"})
    assert len(leg.sound) % 2 == 0


def test_an_announcement_is_for_one_participant():
    room = Room(participantLabel="host")
    room.documents["news"] = document("<Say>one two</Say>")
    bob = room.bob()

    room.fetched("POST", room.path("/Participants/host"), {"AnnounceUrl": "https://app.test/news"})

    assert len(room.platform.legs[room.alice].sound) == 1
    assert bob.sound == ()


def test_a_participant_is_made_a_moderator():
    room = Room(participantLabel="host")
    bob = room.bob()
    form = {"EndConferenceOnExit": "true", "BeepOnExit": "false"}

    assert room.fetched("POST", room.path("/Participants/host"), form)["end_conference_on_exit"]
    room.do(HungUp(room.alice))

    assert room.conference.ended_by == "moderator_left"
    assert bob.status == "completed"


def test_a_coach_is_named_with_whom_it_coaches():
    room = Room(participantLabel="host")
    room.bob(Coaching="true", CallSidToCoach=room.sid("alice"), Label="coach")

    body = room.fetched("GET", room.path("/Participants/coach"))

    assert (body["coaching"], body["coaching_call_sid"]) == (True, room.sid("alice"))
    assert not room.fetched("POST", room.path("/Participants/coach"), {"Coaching": "false"})[
        "coaching"
    ]


def test_somebody_who_is_being_dialed_comes_in_as_it_was_changed():
    room = Room()
    room.dial(Label="guest")
    path = room.path("/Participants/guest")

    body = room.fetched("POST", path, {"Muted": "true", "EndConferenceOnExit": "true"})
    assert (body["status"], body["muted"]) == ("connecting", True)
    assert room.error(room.ask("POST", path, {"Hold": "true"}))[:2] == (422, "90034")
    room.do(Answered(room.dialed()[-1]))

    body = room.fetched("GET", path)
    assert (body["status"], body["muted"]) == ("connected", True)
    assert body["end_conference_on_exit"]


def test_other_music_while_it_waits():
    room = Room(startConferenceOnEnter="false", participantLabel="host")
    leg = room.platform.legs[room.alice]

    room.fetched("POST", room.path("/Participants/host"), {"WaitUrl": "https://app.test/a.mp3"})

    assert len(leg.sound) % 2 == 1


def test_nobody_coaches_themselves():
    room = Room(participantLabel="host")
    form = {"Coaching": "true", "CallSidToCoach": room.sid("alice")}

    answer = room.ask("POST", room.path("/Participants/host"), form)

    assert room.error(answer)[:2] == (422, "90015")


def test_10004_for_an_update_that_says_nothing():
    room = Room(participantLabel="host")

    assert room.error(room.ask("POST", room.path("/Participants/host")))[:2] == (422, "10004")


def test_somebody_who_is_being_dialed_is_let_go():
    room = Room()
    room.dial(Label="guest")

    assert room.ask("DELETE", room.path("/Participants/guest")).status == 204

    assert room.platform.legs[room.dialed()[-1]].status == "canceled"


def test_who_is_removed_goes_on_with_its_document():
    room = Room(participantLabel="host")

    assert room.ask("DELETE", room.path("/Participants/host")).status == 204

    assert room.of("action")[-1]["DialCallStatus"] == "completed"
    assert room.platform.legs[room.alice].status == "in-progress"
    assert room.conference.ended_by == "empty"


def test_who_is_given_other_instructions_is_no_participant_any_more():
    room = Room()

    room.ask("POST", f"/Calls/{room.sid('alice')}", {"Texml": "<Response><Pause/></Response>"})

    assert listed(room) == []


def test_a_session_that_has_no_name_is_named_by_the_platform():
    room = Room()

    body = orjson.loads(
        room.ask("POST", room.path("/Participants"), {"To": BOB, "From": ALICE}).body
    )

    assert body["call_sid"] == room.sid("api 1")
