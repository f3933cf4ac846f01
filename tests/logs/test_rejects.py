"""A log that was changed in one place is rejected: by the rule that is meant, at that line.

Every case starts from what recsim sent in a scenario and breaks one thing. What it breaks is all
that is found, from warnings up.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, NamedTuple

import pytest
from captured import Line, change, own, tell, written

from recsim.logs.checking import check
from recsim.logs.rules import ERROR, INFO, RULES, WARNING

VOICEMAIL = "voicemail-finish-on-key"
"""1 instructions, 2 in-progress, 3 action, 4 completed (9 s)."""
OUTBOUND = "outbound-recorded"
"""1 initiated, 2 ringing, 3 instructions, 4 recording, 5 answered, 6 completed, 7 recorded (5 s)."""
HOOKS = "webhook-recording-saved"
"""1 instructions, 2 call.initiated, 3 .answered, 4 .recording.saved, 5 .hangup."""
ROOM = "conference-status-callbacks"
"""2 start, 3 and 5 join, 6 and 7 speech, 8 and 9 leave, 10 end."""
ROOM_HOOKS = "webhook-conference-recording"
"""4 created, 5 joined, 6 .recording.saved, 7 left, 8 hangup, 9 ended."""
ABSENT = "short-message-is-absent"
"""2 absent; 4 completed, of another call."""

UUID = "00000000-0000-4000-8000-{:012d}"


class Case(NamedTuple):
    name: str
    scenario: str
    corrupt: Callable[[list[Line]], Any]
    found: list[tuple[int, str]]
    readings: dict[str, str] = {}  # noqa: RUF012 - never changed


def but(n: int, *drop: str, **params: Any) -> Callable[[list[Line]], None]:
    """Line `n` with other parameters."""
    return lambda lines: change(lines[n - 1], drop, **params)


def told(n: int, *drop: str, **said: Any) -> Callable[[list[Line]], None]:
    """Line `n`, a webhook, saying something else."""
    return lambda lines: tell(lines[n - 1], drop, **said)


def again(n: int, *drop: str, **params: Any) -> Callable[[list[Line]], None]:
    """Line `n` once more at the end, with other parameters."""

    def corrupt(lines: list[Line]) -> None:
        lines.append(deepcopy(lines[n - 1]))
        if params.pop("webhook", False):
            tell(lines[-1], drop, **params)
        elif params or drop:
            change(lines[-1], drop, **params)

    return corrupt


def without(*numbers: int) -> Callable[[list[Line]], None]:
    """The log without those lines."""

    def corrupt(lines: list[Line]) -> None:
        lines[:] = [line for n, line in enumerate(lines, start=1) if n not in numbers]

    return corrupt


def attempted(corrupt: Callable[[list[Line]], None], attempt: int) -> Callable[[list[Line]], None]:
    """The same, with the last line as another attempt."""

    def both(lines: list[Line]) -> None:
        corrupt(lines)
        lines[-1]["attempt"] = attempt

    return both


def arriving(n: int, at: str) -> Callable[[list[Line]], None]:
    """Line `n` at another moment."""
    return lambda lines: lines[n - 1].update(at=at)


def relinked(n: int, old: str, new: str) -> Callable[[list[Line]], None]:
    """Line `n` with another link."""

    def corrupt(lines: list[Line]) -> None:
        url = lines[n - 1]["params"]["RecordingUrl"]
        assert old in url
        change(lines[n - 1], RecordingUrl=url.replace(old, new))

    return corrupt


def numbered(*orders: tuple[int, int]) -> Callable[[list[Line]], None]:
    """Lines with other numbers."""

    def corrupt(lines: list[Line]) -> None:
        for n, order in orders:
            change(lines[n - 1], SequenceNumber=str(order))

    return corrupt


LATE_JOIN = {"SequenceNumber": "8", "StatusCallbackEvent": "participant-join"}

# fmt: off
CASES = [
    # What a table forbids.
    Case("completed, then absent", VOICEMAIL, again(4, "RecordingDuration", "RecordingUrl", RecordingStatus="absent"),
         [(5, "impossible-sequence")]),
    Case("absent, then completed", ABSENT, again(2, "ErrorCode", RecordingStatus="completed", RecordingDuration="5"),
         [(5, "impossible-sequence")]),
    Case("busy after completed", OUTBOUND, again(6, "AnsweredTime", "EndTime", "StartTime", "OccurredAt", "CallControlId", "CallLegId", "CallSessionId", "HangupCause", "UserId", "RecordingDuration", "RecordingUrl", CallStatus="busy", SequenceNumber="4"),
         [(8, "impossible-sequence")]),
    Case("ringing after completed", OUTBOUND, numbered((2, 3), (5, 1), (6, 2)),
         [(5, "clock-backwards"), (5, "impossible-sequence"), (6, "clock-backwards"), (6, "impossible-sequence")]),
    Case("hangup before answered", HOOKS, told(5, occurred_at="2026-01-05T09:00:00.050000Z"),
         [(4, "outlives-call"), (5, "impossible-sequence")]),
    Case("no answer, yet answered", OUTBOUND, but(6, "AnsweredTime", "EndTime", "StartTime", "OccurredAt", "CallControlId", "CallLegId", "CallSessionId", "HangupCause", "UserId", "RecordingDuration", "RecordingUrl", CallStatus="no-answer"),
         [(6, "impossible-sequence")]),
    Case("two ends of a conference", ROOM, again(10, SequenceNumber="8"), [(11, "told-twice")]),
    Case("a start after the end", ROOM, numbered((2, 7), (10, 0)),
         [(10, "after-end"), (10, "impossible-sequence")]),
    Case("created after ended", ROOM_HOOKS, told(4, occurred_at="2026-01-05T09:00:30.000000Z"),
         [(9, "impossible-sequence")]),
    Case("answered twice, as two events", HOOKS, again(3, webhook=True, id=UUID.format(1)), [(6, "told-twice")]),
    Case("ringing twice under two numbers", OUTBOUND, again(2, SequenceNumber="4"), [(8, "told-twice")]),

    # Redeliveries.
    Case("again with another duration", VOICEMAIL, again(4, RecordingDuration="8"), [(5, "differing-redelivery")]),
    Case("again with another moment", OUTBOUND, again(2, Timestamp="2026-01-05T09:00:02Z"), [(8, "differing-redelivery")]),
    Case("one id, two events", HOOKS, again(2, webhook=True, to="+15550009"), [(6, "differing-redelivery")]),
    Case("a join with another label", ROOM, again(3, ParticipantLabel="boss"), [(11, "differing-redelivery")]),
    Case("again after success", VOICEMAIL, attempted(again(4), 2), [(5, "accepted-yet-repeated")]),

    # One object, several events.
    Case("another call", VOICEMAIL, but(4, CallSid="v3:other", CallSidLegacy="v3:other"), [(4, "inconsistent")]),
    Case("another account", VOICEMAIL, but(4, AccountSid=UUID.format(2)), [(4, "inconsistent")]),
    Case("another source", VOICEMAIL, but(4, RecordingSource="DialVerb"), [(4, "inconsistent")]),
    Case("mono, then dual", VOICEMAIL, but(2, RecordingChannels="1"), [(4, "inconsistent")]),
    Case("another caller", OUTBOUND, but(5, From="+15550077"), [(5, "inconsistent"), (6, "inconsistent")]),
    Case("another name of the room", ROOM, but(10, FriendlyName="Tea"), [(10, "inconsistent")]),
    Case("the action has another duration", VOICEMAIL, but(3, RecordingDuration="7"), [(4, "views-disagree")]),

    # Numbers.
    Case("one number for two", OUTBOUND, numbered((5, 1)), [(5, "sequence-reused"), (1, "sequence-gap")]),
    Case("one number for two in a room", ROOM, numbered((7, 3)), [(7, "sequence-reused"), (2, "sequence-gap")]),
    Case("a number that never came", OUTBOUND, without(2), [(1, "sequence-gap")]),
    Case("numbers against moments", OUTBOUND, but(2, Timestamp="2026-01-05T09:00:30Z"),
         [(5, "clock-backwards"), (6, "clock-backwards")]),
    Case("somebody comes after the end", ROOM, again(3, **LATE_JOIN, Timestamp="2026-01-05T09:00:12Z"), [(11, "after-end")]),
    Case("somebody leaves who never came", ROOM, but(3, StatusCallbackEvent="participant-leave"),
         [(2, "left-without-joining")]),

    # Moments and lengths.
    Case("answered before it began", OUTBOUND, but(6, AnsweredTime="2026-01-05T08:59:00Z"), [(6, "before-its-start")]),
    Case("ended before it was answered", OUTBOUND, but(6, EndTime="2026-01-05T09:00:02Z"),
         [(6, "before-its-start"), (4, "outlives-call")]),
    Case("a duration of no call", OUTBOUND, but(6, CallDuration="60"), [(6, "duration-disagrees")]),
    Case("a recording longer than its call", OUTBOUND, but(6, RecordingDuration="600"), [(6, "duration-too-long")]),
    Case("a recording longer than its time", VOICEMAIL, but(4, RecordingDuration="90"),
         [(4, "duration-too-long"), (4, "views-disagree")]),
    Case("it ends before it starts", HOOKS, told(4, recording_ended_at="2026-01-05T08:00:00.000000Z"), [(4, "before-its-start")]),
    Case("stored before it ended", HOOKS, told(4, occurred_at="2026-01-05T09:00:04.000000Z"), [(4, "before-its-start")]),
    Case("it goes on after its call", HOOKS, told(4, recording_ended_at="2026-01-05T09:00:30.000000Z", occurred_at="2026-01-05T09:00:31.000000Z"),
         [(4, "outlives-call")]),
    Case("it starts after its call", HOOKS, told(4, recording_started_at="2026-01-05T09:01:00.000000Z", recording_ended_at="2026-01-05T09:02:00.000000Z", occurred_at="2026-01-05T09:02:01.000000Z"),
         [(4, "outlives-call"), (4, "outlives-call")]),
    Case("it comes before it happens", OUTBOUND, arriving(5, "2026-01-05T08:00:00.000000Z"), [(5, "from-the-future")]),
    Case("its link is of tomorrow", VOICEMAIL, relinked(4, "X-Amz-Date=20260105T", "X-Amz-Date=20260106T"), [(4, "from-the-future")]),
    Case("its link has expired", VOICEMAIL, arriving(4, "2026-01-05T10:00:00.000000Z"), [(4, "late")]),
    Case("it comes after all retries", OUTBOUND, arriving(5, "2026-01-05T10:00:00.000000Z"), [(5, "late")]),

    # Bodies.
    Case("a word that there isn't", VOICEMAIL, but(4, RecordingStatus="finished"), [(4, "unknown-word")]),
    Case("a status that there isn't", OUTBOUND, but(5, CallStatus="answered"), [(5, "unknown-word"), (1, "sequence-gap")]),
    Case("an event that there isn't", ROOM, but(6, StatusCallbackEvent="participant-sneeze"), [(6, "unknown-word"), (2, "sequence-gap")]),
    Case("no sid", VOICEMAIL, but(4, "RecordingSid"), [(4, "body-shape")]),
    Case("no duration", VOICEMAIL, but(4, "RecordingDuration"), [(4, "body-shape")]),
    Case("three channels", VOICEMAIL, but(4, RecordingChannels="3"), [(4, "body-shape")]),
    Case("a source that there isn't", VOICEMAIL, but(4, RecordingSource="Microphone"), [(4, "body-shape")]),
    Case("a duration in words", VOICEMAIL, but(4, RecordingDuration="nine"), [(4, "body-shape")]),
    Case("two names for one call", VOICEMAIL, but(4, CallSidLegacy="v3:other"), [(4, "self-contradiction")]),
    Case("a link before there is a file", VOICEMAIL, but(2, RecordingUrl="https://files.test/x.mp3"), [(2, "misplaced-field")]),
    Case("an absent recording with a link", ABSENT, but(2, RecordingUrl="https://files.test/x.mp3"), [(2, "misplaced-field")]),
    Case("an error of what went well", VOICEMAIL, but(4, ErrorCode="16101"), [(4, "misplaced-field")]),
    Case("a webhook without its recording", HOOKS, told(4, "recording_id"), [(4, "body-shape")]),
    Case("a webhook of three channels", HOOKS, told(4, channels="triple"), [(4, "body-shape")]),
    Case("a moment that is none", HOOKS, told(3, occurred_at="yesterday"), [(3, "body-shape")]),
    Case("a webhook nobody knows", HOOKS, told(3, event_type="call.teleported"), [(3, "unknown-event")]),
    Case("a line of something else", VOICEMAIL, lambda lines: lines.insert(2, {"level": "info", "msg": "hello"}), [(3, "unknown-shape")]),
    Case("an error code nobody knows", ABSENT, but(2, ErrorCode="99999"), [(2, "unknown-error-code")]),
    Case("a cause of another end", OUTBOUND, but(6, HangupCause="user_busy"), [(6, "hangup-cause")]),

    # What is missing.
    Case("it never ended", OUTBOUND, without(7), [(4, "missing-outcome")]),

    # Readings.
    Case("it lasts for no second", VOICEMAIL, lambda lines: [change(line, RecordingDuration="0") for line in lines[2:]], [(4, "one-reading")]),
    Case("a link for an hour", VOICEMAIL, relinked(4, "X-Amz-Expires=600", "X-Amz-Expires=3600"), [(4, "one-reading")]),
    Case("absent, and an action all the same", ABSENT, lambda lines: lines.append(ACTION(lines)), [(5, "one-reading")]),
    Case("completed in the middle of a call", HOOKS, lambda lines: lines.insert(4, OF_HOOK(lines)), [(5, "one-reading")],
         {"completed_waits_for_call_end": "true"}),
    Case("a webhook of what TeXML made", HOOKS, lambda lines: lines.insert(4, OF_HOOK(lines, RecordingSource="RecordVerb")), [(5, "one-reading")]),
    Case("a code where none is told", ABSENT, lambda lines: None, [(2, "one-reading")], {"absent_error_codes": "none"}),
    Case("absent of a Record", "storage-fails", lambda lines: None, [(2, "one-reading")], {"record_accept_absent": "false"}),
    Case("rounded up", HOOKS, lambda lines: [tell(lines[3], recording_ended_at="2026-01-05T09:00:04.700000Z"), lines.insert(4, OF_HOOK(lines, RecordingDuration="5"))], [(5, "one-reading")]),
]
# fmt: on


def ACTION(lines: list[Line]) -> Line:  # noqa: N802 - a part of the table
    """The action request of a recording that is absent."""
    line = deepcopy(lines[0])
    sid = lines[1]["params"]["RecordingSid"]
    line.update(kind="action", at="2026-01-05T09:00:03.000000Z")
    change(line, RecordingSid=sid, RecordingDuration="0", Digits="hangup")
    return line


def OF_HOOK(lines: list[Line], **params: str) -> Line:  # noqa: N802 - as above
    """The callback of what a webhook tells of."""
    line = deepcopy(own(VOICEMAIL)[3])
    said = lines[3]["params"]
    line["at"] = lines[3]["at"]
    told = {
        "AccountSid": lines[0]["params"]["AccountSid"],
        "CallSid": said["data.payload.call_control_id"],
        "CallSidLegacy": said["data.payload.call_control_id"],
        "RecordingSid": said["data.payload.recording_id"],
        "ConnectionId": said["data.payload.connection_id"],
        "RecordingSource": "StartCallRecordingAPI",
        "RecordingChannels": "1",
        "RecordingDuration": "4",
    }
    change(line, ("RecordingUrl",), **told | params)
    return line


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_broken_is_found_where_it_is(case):
    lines = own(case.scenario)
    case.corrupt(lines)

    report = check(written(lines), readings=case.readings)

    found = [(one.line, one.rule) for one in report.findings if one.level != INFO]
    assert sorted(found) == sorted(case.found), [one.text for one in report.findings]
    assert all(one.text and one.source for one in report.findings)
    assert report.is_legal == all(rule_level(rule) != ERROR for _, rule in case.found)


def rule_level(name: str) -> str:
    return next(rule.level for rule in RULES if rule.name == name)


def test_every_rule_is_broken_by_a_test():
    elsewhere = {"not-json", "truncated", "unsigned", "bad-signature", "stale-signature"}
    elsewhere |= {"unverified"}
    broken = {rule for case in CASES for _, rule in case.found}

    assert {rule.name for rule in RULES if rule.level != INFO} - elsewhere == broken
    assert len([case for case in CASES if any(rule_level(r) == ERROR for _, r in case.found)]) >= 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_finding_says_what_would_be_legal_and_who_says_so(case):
    lines = own(case.scenario)
    case.corrupt(lines)

    for one in check(written(lines), readings=case.readings).findings:
        assert one.source
        assert one.legal or one.level == INFO or one.rule in ("body-shape", "self-contradiction")
        assert one.level in (ERROR, WARNING, INFO)
