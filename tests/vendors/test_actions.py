"""The requests after a verb, and those of a queue: what they tell, and when they leave it out."""

from __future__ import annotations

from functools import cache

import pytest
from calls import ALICE, BOB, CAROL, LONG, SECOND_US, SUPPORT, Line, dial, document, element
from jsonschema import Draft202012Validator
from schemas import decoded, needs_schemas, schema, validator

from recsim.core.commands import Answered, HungUp, Pressed, Refused, Ringing, Speech, Transferred
from recsim.vendors.telnyx import callback_models as models
from recsim.vendors.telnyx.callbacks.actions import REFERRED
from recsim.vendors.telnyx.lifecycle import CALL_LEG
from recsim.vendors.telnyx.wire import Wire


@cache
def published(name: str) -> Draft202012Validator:
    return validator(name)


def action(line: Line, model: type[Wire]) -> dict[str, str]:
    """The only action request, which its model prints back."""
    [found] = line.of("action")
    assert model.model_validate(found).dump() == found
    assert all(type(value) is str for value in found.values())
    return found


# Dial


def dialed(**attributes: str) -> tuple[Line, int, int]:
    """A line on which Alice's call dials Bob, whose telephone rings: both legs."""
    line = Line({"answer": document(dial(BOB, **attributes)), "done": LONG})
    alice = line.call()
    [bob] = line.dialed()
    line.do(Ringing(bob))
    return line, alice, bob


def test_a_dial_that_was_answered_tells_of_its_leg_and_its_recording():
    line, _, bob = dialed(record="record-from-ringing")
    line.after(2 * SECOND_US)
    line.do(Answered(bob))
    line.do(Speech(bob, on=True))
    line.after(5 * SECOND_US)
    line.do(HungUp(bob))

    found = action(line, models.DialAction)

    assert found["DialCallSid"] == found["DialCallSidLegacy"] == line.sid("alice", 2)
    assert (found["DialCallStatus"], found["DialCallDuration"]) == ("completed", "5")
    assert found["RecordingDuration"] == "7"
    assert "X-Amz-Date=20260105T090007Z" in found["RecordingUrl"]
    assert "RecordingSid" not in found
    assert (found["CallSid"], found["CallStatus"]) == (line.sid("alice"), "in-progress")


@pytest.mark.parametrize(
    ("why", "status"),
    [
        ("busy", "busy"),
        ("decline", "busy"),
        ("no_answer", "no-answer"),
        ("unreachable", "failed"),
    ],
)
def test_a_dial_that_was_not_answered_says_why(why, status):
    line, _, bob = dialed(record="record-from-ringing")
    line.after(2 * SECOND_US)
    line.do(Refused(bob, why))

    found = action(line, models.DialAction)

    assert (found["DialCallStatus"], found["DialCallDuration"]) == (status, "0")
    assert found["DialCallSid"] == line.sid("alice", 2)
    assert "RecordingDuration" not in found


def test_a_dial_whose_caller_hung_up_tells_of_a_canceled_leg():
    line, alice, _ = dialed()
    line.do(HungUp(alice))

    found = action(line, models.DialAction)

    assert (found["DialCallStatus"], found["CallStatus"]) == ("canceled", "completed")


def test_a_dialed_leg_that_lives_on_counts_as_completed():
    line, _, bob = dialed()
    line.do(Answered(bob))
    line.after(3 * SECOND_US)
    line.ask("POST", f"/Calls/{line.sid('alice', 2)}", {"Url": "https://app.test/done"})

    found = action(line, models.DialAction)

    assert (found["DialCallStatus"], found["DialCallDuration"]) == ("completed", "3")


def test_a_link_to_the_recording_of_a_dial_can_be_left_out():
    line, _, bob = dialed(record="record-from-answer", sendRecordingUrl="false")
    line.do(Answered(bob))
    line.do(Speech(bob, on=True))
    line.after(5 * SECOND_US)
    line.do(HungUp(bob))

    found = action(line, models.DialAction)

    assert found["RecordingDuration"] == "5"
    assert "RecordingUrl" not in found


@needs_schemas
def test_what_a_dial_tells_are_standard_parameters_and_those_of_the_end_of_a_call():
    line, _, bob = dialed(record="record-from-ringing")
    line.do(Answered(bob))
    line.after(5 * SECOND_US)
    line.do(HungUp(bob))

    found = set(action(line, models.DialAction))

    standard = set(schema("callback-texml-instruction-fetch")["properties"])
    assert found - standard <= set(schema("callback-texml-call-completed")["properties"])


# Conference


def joins(**attributes: str) -> str:
    """A document that comes into a conference and has an action."""
    noun = element("Conference", "weekly", **attributes)
    return document(element("Dial", noun, action="/done", timeLimit="60"))


def test_who_was_in_a_conference_is_told_how_long():
    line = Line({"answer": joins(), "done": LONG})
    leg = line.call()
    line.after(7 * SECOND_US)
    line.do(HungUp(leg))

    found = action(line, models.DialAction)

    assert (found["DialCallStatus"], found["DialCallDuration"]) == ("completed", "7")
    assert found["CallStatus"] == "completed"


def test_who_has_been_in_a_conference_as_long_as_may_be_goes_on():
    line = Line({"answer": joins(), "done": LONG})
    line.call()
    line.after(61 * SECOND_US)

    found = action(line, models.DialAction)

    assert (found["DialCallStatus"], found["DialCallDuration"]) == ("completed", "60")
    assert found["CallStatus"] == "in-progress"


def test_a_wait_for_the_start_counts_as_being_in():
    line = Line({"answer": joins(startConferenceOnEnter="false"), "done": LONG})
    leg = line.call()
    line.after(7 * SECOND_US)
    line.do(HungUp(leg))

    found = action(line, models.DialAction)

    assert (found["DialCallStatus"], found["DialCallDuration"]) == ("completed", "7")


def test_who_finds_a_conference_full_is_told_that_it_is_busy():
    line = Line({"answer": joins(maxParticipants="2"), "done": LONG})
    for name in ("alice", "bob", "carol"):
        line.call(name)

    found = action(line, models.DialAction)

    assert found["CallSid"] == line.sid("carol")
    assert (found["DialCallStatus"], found["DialCallDuration"]) == ("busy", "0")
    assert found["CallStatus"] == "in-progress"


@pytest.mark.parametrize("wait", [{}, {"waitUrl": "/wait"}], ids=["nothing", "document"])
def test_who_was_led_elsewhere_is_told_nothing_and_stays_there(wait):
    documents = {"answer": joins(startConferenceOnEnter="false", **wait), "wait": LONG}
    line = Line(documents | {"elsewhere": LONG, "done": "<Response/>"})
    leg = line.call()
    url = {"Url": "https://app.test/elsewhere"}
    line.ask("POST", f"/Calls/{line.sid('alice')}", url)
    line.after(100 * SECOND_US)

    assert line.of("action") == []
    assert line.platform.legs[leg].at == 1


def test_nobody_leaves_a_conference_as_they_would_a_queue():
    documents = {"wait": document("<Pause/><Leave/>"), "done": LONG}
    line = Line({"answer": joins(startConferenceOnEnter="false", waitUrl="/wait"), **documents})
    line.call()
    line.after(10 * SECOND_US)

    assert line.of("action") == []


def test_when_a_conference_ends_all_who_were_in_it_are_told():
    line = Line({"answer": joins(), "done": LONG})
    line.call("alice")
    line.after(5 * SECOND_US)
    line.documents = {"answer": joins(endConferenceOnExit="true"), "done": LONG}
    bob = line.call("bob")
    line.after(4 * SECOND_US)
    line.do(HungUp(bob))

    told = {one["CallSid"]: one["DialCallDuration"] for one in line.of("action")}

    assert told == {line.sid("alice"): "9", line.sid("bob"): "4"}


def test_of_the_conference_and_its_recording_nothing_is_told():
    attributes = {"record": "record-from-start", "recordBeep": "false"}
    line = Line({"answer": joins(**attributes), "done": LONG})
    leg = line.call()
    line.do(Speech(leg, on=True))
    line.after(7 * SECOND_US)
    line.do(HungUp(leg))

    found = action(line, models.DialAction)

    others = {"DialCallSid", "DialCallSidLegacy", "RecordingUrl", "RecordingDuration"}
    assert not {"ConferenceSid", "FriendlyName", *others} & set(found)


# Gather


GATHERED = {
    "answer": document('<Gather action="/done" input="dtmf speech" speechTimeout="1"/>'),
    "done": LONG,
}


def test_keys_are_told_as_digits_without_the_last():
    line = Line(GATHERED)
    leg = line.call()
    for key in "12#":
        line.do(Pressed(leg, key))

    found = action(line, models.GatherAction)

    assert found["Digits"] == "12"
    assert not {"SpeechResult", "Confidence"} & set(found)


def test_speech_is_told_with_a_confidence():
    line = Line(GATHERED)
    leg = line.call()
    line.do(Speech(leg, on=True))
    line.after(SECOND_US)
    line.do(Speech(leg, on=False, words="one two"))
    line.after(2 * SECOND_US)

    found = action(line, models.GatherAction)

    assert (found["SpeechResult"], found["Confidence"]) == ("one two", "0.9")
    assert "Digits" not in found


@needs_schemas
def test_what_a_gather_tells_fits_the_published_schema_and_nothing_besides():
    line = Line(GATHERED)
    line.do(Pressed(line.call(), "1"))
    line.after(6 * SECOND_US)
    name = "callback-texml-gather"

    found = decoded(name, action(line, models.GatherAction))

    assert list(published(name).iter_errors(found)) == []


# Queues


ENQUEUE = '<Enqueue action="/done" waitUrl="/wait" maxWaitTimeSecs="60">help</Enqueue>'
QUEUED = {"answer": document(ENQUEUE), "wait": LONG, "done": LONG}


def take(**attributes: str) -> str:
    """A document that takes somebody from the queue."""
    queue = element("Queue", "help", **attributes)
    return document(element("Dial", queue, action="/done", timeLimit="60"))


def test_who_waits_is_told_the_place_and_the_times():
    line = Line(QUEUED)
    line.call("alice")
    line.after(10 * SECOND_US)
    line.call("carol", CAROL)

    first, second = line.of("queue")

    for found in (first, second):
        assert models.QueueWait.model_validate(found).dump() == found
    assert first["QueueSid"] == second["QueueSid"] == line.vendor.wire_id("queue", "help")
    names = ("QueuePosition", "CurrentQueueSize", "QueueTime", "AvgQueueTime")
    assert [first[name] for name in names] == ["1", "1", "0", "0"]
    assert [second[name] for name in names] == ["2", "2", "0", "5"]
    assert (second["From"], second["To"]) == (CAROL, SUPPORT)


def test_who_is_taken_is_told_so_as_the_first():
    """The document that a `<Queue>` names is for whoever is taken, before they are bridged."""
    line = Line(QUEUED)
    line.call("alice")
    line.after(10 * SECOND_US)
    line.call("carol", CAROL)
    line.documents = {**QUEUED, "answer": take(url="/first"), "first": LONG}
    line.call("bob", BOB)

    found = line.of("queue")[-1]

    assert line.to[-1] == "https://app.test/first"
    assert found["CallSid"] == line.sid("alice")
    names = ("QueuePosition", "CurrentQueueSize", "QueueTime", "AvgQueueTime")
    assert [found[name] for name in names] == ["1", "2", "10", "5"]


@needs_schemas
def test_what_a_queue_tells_fits_the_published_schema_and_nothing_besides():
    line = Line(QUEUED)
    line.call()

    [found] = line.of("queue")

    assert list(published("callback-texml-queue").iter_errors(found)) == []


def taken() -> tuple[Line, int, int]:
    """Alice waited 10 s in the queue and was taken by Bob: both legs."""
    line = Line(QUEUED)
    alice = line.call()
    line.after(10 * SECOND_US)
    line.documents = {**QUEUED, "answer": take()}
    return line, alice, line.call("bob", BOB)


def test_who_was_bridged_is_told_so_at_its_end():
    line, _, bob = taken()
    line.after(5 * SECOND_US)
    line.do(HungUp(bob))

    told = {found["CallSid"]: found for found in line.of("action")}
    alice = told[line.sid("alice")]

    assert models.QueueAction.model_validate(alice).dump() == alice
    assert alice["QueueSid"] == line.vendor.wire_id("queue", "help")
    assert (alice["QueueResult"], alice["QueueTime"]) == ("bridged", "15")


def test_who_took_somebody_is_told_of_their_call_and_of_the_bridge():
    """Whoever waited is of a session of their own."""
    line, alice, _ = taken()
    line.after(5 * SECOND_US)
    line.do(HungUp(alice))

    found = next(one for one in line.of("action") if one["CallSid"] == line.sid("bob"))

    assert models.DialAction.model_validate(found).dump() == found
    assert found["DialCallSid"] == line.sid("alice")
    assert (found["DialCallStatus"], found["DialCallDuration"]) == ("completed", "5")


def test_who_finds_nobody_in_a_queue_is_told_that_nobody_answered():
    line = Line({"answer": take(), "done": LONG})
    line.call()
    line.after(31 * SECOND_US)

    found = action(line, models.DialAction)

    assert "DialCallSid" not in found
    assert (found["DialCallStatus"], found["DialCallDuration"]) == ("no-answer", "0")


@pytest.mark.parametrize(
    ("wait", "after_us", "result"),
    [(document("<Leave/>"), 0, "leave"), (LONG, 61 * SECOND_US, "timeout")],
    ids=["leave", "timeout"],
)
def test_who_was_not_bridged_is_told_why(wait, after_us, result):
    line = Line({**QUEUED, "wait": wait})
    line.call()
    line.after(after_us)

    found = action(line, models.QueueAction)

    assert found["QueueResult"] == result


# Refer


def referred(why: str) -> dict[str, str]:
    """What is told after a `<Refer>`."""
    verb = '<Refer action="/done"><Sip>sip:desk@example.test</Sip></Refer>'
    line = Line({"answer": document(verb), "done": LONG})
    leg = line.call()
    line.after(3 * SECOND_US)
    line.do(Transferred(leg, why))
    return action(line, models.ReferAction)


def test_a_refer_is_told_as_in_the_sample():
    found = referred("")

    assert found["ReferCallStatus"] == "in-progress"
    assert (found["NotifySipResponseCode"], found["ReferSipResponseCode"]) == ("200", "202")
    assert found["Timestamp"] == "2026-01-05T09:00:03Z"


@pytest.mark.parametrize("why", [why for why in REFERRED if why])
def test_a_refer_that_nobody_took_says_why(why):
    found = referred(why)

    assert found["ReferCallStatus"] == REFERRED[why].status
    assert found["NotifySipResponseCode"] == REFERRED[why].notified


def test_every_reason_of_a_leg_that_is_refused_has_a_row():
    refusals = {"busy", "decline", "no_answer", "unreachable"}

    assert set(REFERRED) == {"", *refusals}
    assert refusals <= set(CALL_LEG.triggers)


def test_an_action_has_what_every_fetch_has():
    line, _, bob = dialed()
    line.do(Refused(bob, "busy"))

    found = action(line, models.DialAction)

    assert (found["From"], found["To"], found["CallerId"]) == (ALICE, SUPPORT, ALICE)
    assert found["CallingPartyType"] == "pstn"
