"""Call progress: what is told of a call at each step, and of how it ended."""

from __future__ import annotations

from functools import cache

import pytest
from calls import (
    ALICE,
    BOB,
    CAROL,
    LONG,
    RECORDING_URL,
    SECOND_US,
    STATUS_URL,
    SUPPORT,
    Line,
    dial,
    document,
    element,
)
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter
from schemas import decoded, needs_schemas, validator

from recsim.core.commands import Answered, HungUp, Refused, Ringing, Speech
from recsim.core.entities import Setup
from recsim.vendors.telnyx import callback_models as models
from recsim.vendors.telnyx.hangups import HANGUPS
from recsim.vendors.telnyx.lifecycle import CALL_LEG, COUPLINGS, ENDED

READ: TypeAdapter[models.CallProgress] = TypeAdapter(models.CallStatusCallback)
PUBLISHED = {
    "initiated": "callback-texml-call-initiated",
    "ringing": "callback-texml-call-ringing",
    "in-progress": "callback-texml-call-answered",
    **dict.fromkeys(ENDED, "callback-texml-call-completed"),
}
ONLY_COMPLETED = {
    *("AnsweredTime", "StartTime", "EndTime", "OccurredAt", "CallControlId", "CallLegId"),
    *("CallSessionId", "HangupCause", "UserId"),
}


@cache
def published(name: str) -> Draft202012Validator:
    return validator(name)


def dialing(**attributes: str) -> Line:
    """Alice has called, and Bob's telephone is dialed."""
    line = Line({"answer": document(dial(BOB, **attributes)), "done": LONG})
    line.call()
    return line


def answered() -> Line:
    """Alice and Bob are bridged, 2 s after Bob's telephone was dialed."""
    line = dialing()
    [bob] = line.dialed()
    line.after(SECOND_US)
    line.do(Ringing(bob))
    line.after(SECOND_US)
    line.do(Answered(bob))
    return line


def told(line: Line, name: str = "alice", n: int = 1) -> list[dict[str, str]]:
    """What was told of a leg, in order."""
    line.after(SECOND_US)
    return [params for params in line.of("call-status") if params["CallSid"] == line.sid(name, n)]


# Each step


def test_a_dialed_leg_is_told_of_from_its_dialing_to_its_end():
    line = answered()
    line.after(5 * SECOND_US)
    line.do(HungUp(line.dialed()[0]))

    found = told(line, n=2)

    assert [one["CallStatus"] for one in found] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    assert [one["SequenceNumber"] for one in found] == ["0", "1", "2", "3"]
    assert [one.get("CallDuration") for one in found] == [None, "0", "0", "5"]
    assert {one["ParentCallSid"] for one in found} == {line.sid("alice")}
    assert {one["ParentCallSidLegacy"] for one in found} == {line.sid("alice")}
    assert {one["CallInitiatedAt"] for one in found} == {"2026-01-05T09:00:00.000Z"}
    assert [one["Timestamp"] for one in found] == [
        "2026-01-05T09:00:00Z",
        "2026-01-05T09:00:01Z",
        "2026-01-05T09:00:02Z",
        "2026-01-05T09:00:07Z",
    ]
    assert {(one["From"], one["To"], one["CallerId"]) for one in found} == {(ALICE, BOB, ALICE)}
    assert {one["CallbackSource"] for one in found} == {"call-progress-events"}


def test_a_call_that_comes_in_has_no_parent_and_is_not_initiated():
    line = Line({"answer": LONG})
    line.do(HungUp(line.call()))

    found = told(line)

    assert [one["CallStatus"] for one in found] == ["ringing", "in-progress", "completed"]
    assert not any("ParentCallSid" in one for one in found)


def test_a_call_that_is_answered_at_once_has_rung_all_the_same():
    line = Line({"answer": LONG}, answer_before_fetch="true")
    line.call()

    found = told(line)

    assert [(one["CallStatus"], one["SequenceNumber"]) for one in found] == [
        ("ringing", "0"),
        ("in-progress", "1"),
    ]


def test_a_number_counts_what_was_sent_and_not_what_happened():
    line = Line({"answer": LONG})
    line.application = line.application._replace(
        status=line.application.status._replace(events=("completed",))
    )
    line.do(HungUp(line.call()))

    [found] = told(line)

    assert (found["CallStatus"], found["SequenceNumber"]) == ("completed", "0")


def test_the_end_of_an_answered_call_tells_everything():
    line = answered()
    line.after(5 * SECOND_US)
    line.do(HungUp(line.dialed()[0]))

    *before, last = told(line, n=2)

    assert set(last) >= ONLY_COMPLETED
    assert not any(ONLY_COMPLETED & set(one) for one in before)
    assert (last["StartTime"], last["AnsweredTime"], last["EndTime"], last["OccurredAt"]) == (
        "2026-01-05T09:00:00Z",
        "2026-01-05T09:00:02Z",
        "2026-01-05T09:00:07Z",
        "2026-01-05T09:00:07Z",
    )
    assert last["CallControlId"] == last["CallSid"]
    assert last["CallLegId"] == line.vendor.wire_id("leg", "alice", 2)
    assert last["UserId"] == last["AccountSid"]
    assert (last["HangupCause"], last["HangupSource"]) == ("normal_clearing", "callee")


def test_related_legs_share_the_id_of_their_session():
    line = answered()
    line.do(HungUp(line.dialed()[0]))
    line.do(HungUp(line.platform.sessions[1].legs[0]))

    ids = {one["CallSessionId"] for n in (1, 2) for one in told(line, n=n)[-1:]}

    assert ids == {line.vendor.wire_id("session", "alice")}


@pytest.mark.parametrize(
    ("why", "status"),
    [
        ("busy", "busy"),
        ("decline", "busy"),
        ("no_answer", "no-answer"),
        ("unreachable", "failed"),
    ],
)
def test_a_leg_that_was_never_answered_tells_little_of_its_end(why, status):
    line = dialing()
    line.do(Refused(line.dialed()[0], why))

    found = told(line, n=2)[-1]

    assert found["CallStatus"] == status
    assert not ONLY_COMPLETED & set(found)
    assert found["CallDuration"] == "0"
    error = (found.get("ErrorCode"), found.get("ErrorMessage"))
    assert error == (("10001", "Call failed") if status == "failed" else (None, None))


def test_who_rings_in_vain_is_told_of_too():
    line = dialing()
    line.after(31 * SECOND_US)

    found = told(line, n=2)[-1]

    assert (found["CallStatus"], found["HangupSource"]) == ("no-answer", "caller")


def test_of_two_that_ring_the_loser_is_canceled():
    line = Line({"answer": document(dial(BOB, CAROL)), "done": LONG})
    line.call()
    line.do(Answered(line.dialed()[0]))

    found = told(line, n=3)[-1]

    assert (found["CallStatus"], found["HangupSource"]) == ("canceled", "caller")


# Recordings


def recorded(**attributes: str) -> tuple[Line, int]:
    """A call with a `<Record>` under way."""
    told = {"playBeep": "false", "recordingStatusCallback": RECORDING_URL}
    line = Line({"answer": document(element("Record", **told, **attributes))})
    leg = line.call()
    line.do(Speech(leg, on=True))
    line.after(5 * SECOND_US)
    return line, leg


def test_the_end_of_a_recorded_call_has_its_recording():
    line, leg = recorded()
    line.do(HungUp(leg))

    last = told(line)[-1]

    assert last["RecordingDuration"] == "5"
    assert "X-Amz-Date=20260105T090005Z" in last["RecordingUrl"]


def test_a_link_that_is_not_wanted_is_left_out():
    line = Line({"answer": LONG})
    leg = line.call()
    form = {"PlayBeep": "false", "SendRecordingUrl": "false"}
    line.ask("POST", f"/Calls/{line.sid('alice')}/Recordings.json", form)
    line.do(Speech(leg, on=True))
    line.after(5 * SECOND_US)
    line.do(HungUp(leg))

    last = told(line)[-1]

    assert last["RecordingDuration"] == "5"
    assert "RecordingUrl" not in last


def test_a_recording_without_usable_audio_is_not_told_of():
    line, leg = recorded(trim="trim-silence")
    line.platform.legs[leg].speech = ()
    line.do(HungUp(leg))

    assert "RecordingDuration" not in told(line)[-1]


def test_of_several_recordings_the_first_that_can_be_heard_is_told_of():
    line, leg = recorded()
    line.ask("POST", f"/Calls/{line.sid('alice')}/Recordings.json", {"PlayBeep": "false"})
    line.after(5 * SECOND_US)
    line.do(HungUp(leg))

    assert told(line)[-1]["RecordingDuration"] == "10"


def test_a_deleted_recording_is_not_told_of():
    line = Line({"answer": LONG})
    leg = line.call()
    calls = f"/Calls/{line.sid('alice')}/Recordings"
    sid = line.vendor.wire_id("recording", "alice", 1)
    line.ask("POST", f"{calls}.json")
    line.after(5 * SECOND_US)
    line.ask("POST", f"{calls}/{sid}.json", {"Status": "stopped"})
    assert line.ask("DELETE", f"/Recordings/{sid}.json").status == 204
    line.do(HungUp(leg))

    assert "RecordingDuration" not in told(line)[-1]


def test_a_recording_that_never_began_is_absent_and_there_is_none():
    line = dialing(record="record-from-answer")
    line.do(Refused(line.dialed()[0], "busy"))
    line.after(SECOND_US)

    [found] = line.of("recording-status")

    assert found["RecordingStatus"] == "absent"
    assert found["RecordingSource"] == "DialVerb"
    assert "RecordingSid" not in found
    assert models.RecordingAbsent.model_validate(found).dump() == found
    assert line.platform.recordings == {}
    assert line.to[[kind for kind, _ in line.sent].index("recording-status")] == RECORDING_URL


@pytest.mark.parametrize(("answer", "statuses"), [
    ("true", ["in-progress", "absent"]),
    ("false", ["in-progress", "completed"]),
])  # fmt: skip
def test_ringing_that_nobody_answers_is_absent_or_kept_as_the_reading_says(answer, statuses):
    verb = dial(BOB, record="record-from-ringing")
    line = Line({"answer": document(verb), "done": LONG}, absent_on_unanswered=answer)
    line.call()
    line.do(Ringing(line.dialed()[0]))
    line.after(10 * SECOND_US)
    line.do(Refused(line.dialed()[0], "no_answer"))
    line.after(SECOND_US)

    assert [one["RecordingStatus"] for one in line.of("recording-status")] == statuses


# Against the models and the published schemas


def every_ending() -> list[Line]:
    """Lines on which calls end in every way."""
    lines = [dialing() for _ in range(5)]
    for line, why in zip(lines, ("busy", "decline", "no_answer", "unreachable"), strict=False):
        line.do(Refused(line.dialed()[0], why))
    lines[4].after(40 * SECOND_US)
    lines += [answered() for _ in range(3)]
    lines[5].do(HungUp(lines[5].dialed()[0]))
    lines[6].do(HungUp(lines[6].platform.sessions[1].legs[0]))
    lines[7].after(15_000 * SECOND_US)
    line, leg = recorded()
    line.do(HungUp(leg))
    lines.append(line)
    for verb in ('<Reject reason="busy"/>', "<Reject/>"):
        lines.append(Line({"answer": document(verb)}))
        lines[-1].call()
    lines.append(Line())
    lines[-1].call()
    for line in lines:
        line.after(SECOND_US)
    return lines


def test_every_call_status_callback_is_what_its_model_prints_back():
    found = [params for line in every_ending() for params in line.of("call-status")]

    for params in found:
        assert READ.validate_python(params).dump() == params
        assert all(type(value) is str and value for value in params.values())
    assert {params["CallStatus"] for params in found} >= set(PUBLISHED) - {"canceled"}


@needs_schemas
def test_every_call_status_callback_fits_its_published_schema_and_nothing_besides():
    for line in every_ending():
        for params in line.of("call-status"):
            name = PUBLISHED[params["CallStatus"]]
            assert list(published(name).iter_errors(decoded(name, params))) == []


def test_a_callback_goes_where_it_was_asked_for():
    line = answered()
    line.after(SECOND_US)

    went = [url for url, (kind, _) in zip(line.to, line.sent, strict=True) if kind == "call-status"]

    assert set(went) == {STATUS_URL}
    told = {one.trigger for one in COUPLINGS if one.relation == "status callback of the leg"}
    assert told == {"initiated", "ringing", "answered", "completed"}


# Why and by whom


def test_every_way_that_a_call_can_end_has_a_row_and_no_other():
    endings = {(rule.trigger, rule.dest) for rule in CALL_LEG.rules if rule.dest in ENDED}

    assert set(HANGUPS) == endings


@pytest.mark.parametrize("key", HANGUPS, ids="-".join)
def test_a_row_has_words_of_the_reference(key):
    row = HANGUPS[key]

    assert row.cause in {
        *("call_rejected", "normal_clearing", "originator_cancel", "timeout", "time_limit"),
        *("user_busy", "not_found", "no_answer", "unspecified"),
    }
    assert row.by in {"caller", "callee", "unknown", "party", "platform"}
    assert row.spec


def test_who_hangs_up_is_the_caller_or_the_callee_as_the_leg_has_it():
    line = answered()
    line.do(HungUp(line.platform.sessions[1].legs[0]))

    alice, bob = told(line, n=1)[-1], told(line, n=2)[-1]

    assert (alice["HangupSource"], bob["HangupSource"]) == ("caller", "caller")
    assert alice["To"] == SUPPORT


def test_a_call_that_the_application_hangs_up_was_ended_by_the_callee():
    """The sample of docs hangup."""
    line = Line({"answer": document("<Pause/>")})
    line.call()
    line.after(2 * SECOND_US)

    last = told(line)[-1]

    assert (last["HangupCause"], last["HangupSource"]) == ("normal_clearing", "callee")


def test_a_setup_without_a_status_url_is_told_of_to_nobody():
    assert not Setup().status.url
    line = Line({"answer": LONG})
    line.application = line.application._replace(status=Setup().status)
    line.do(HungUp(line.call()))

    assert told(line) == []
