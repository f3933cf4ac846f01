"""What an account's own settings record: calls to its numbers, and those that it makes."""

from __future__ import annotations

import pytest
from calls import ALICE, BOB, CAROL, LONG, PAUSE, SECOND_US, SUPPORT, Line, dial, document, element

from recsim.core.commands import Answered, HungUp, Invite
from recsim.core.entities import COMPLETED
from recsim.vendors.telnyx.account import ALL, BY_CALLER, NONE, Account, Profile, Trunk
from recsim.vendors.telnyx.defaults import TRUNKING

RECORDS = Account(numbers={SUPPORT: Trunk()})


def line_of(account: Account, *verbs: str) -> Line:
    """A line whose account is set like that."""
    line = Line({"answer": document(*verbs) if verbs else LONG, "done": PAUSE})
    line.vendor.account = account
    return line


def recordings(line: Line):
    return list(line.platform.recordings.values())


def settings(line: Line):
    [recording] = recordings(line)
    return recording.settings


def test_an_account_that_says_nothing_records_nothing():
    line = line_of(Account(), dial(BOB))
    line.call()
    line.do(Answered(line.dialed()[0]))

    assert recordings(line) == []


def test_a_number_records_from_the_answer_to_the_end_and_nobody_is_told():
    line = line_of(RECORDS)
    leg = line.call()
    line.after(9 * SECOND_US)
    line.do(HungUp(leg))
    line.after(SECOND_US)

    [recording] = recordings(line)
    answered_us = line.platform.legs[leg].answered_at_us
    assert (recording.source, recording.status) == (TRUNKING, COMPLETED)
    assert (recording.started_at_us, recording.length_us) == (answered_us, 9 * SECOND_US)
    assert line.of("recording-status") == []


def test_a_call_that_is_never_answered_is_not_recorded():
    line = line_of(RECORDS, element("Reject"))
    line.call()

    assert recordings(line) == []


def test_another_number_records_nothing():
    line = line_of(RECORDS)
    line.do(Invite("alice", ALICE, "+15550009", line.application))

    assert recordings(line) == []


def test_a_number_is_not_for_the_legs_that_a_call_to_it_dials():
    line = line_of(Account(numbers={SUPPORT: Trunk(), BOB: Trunk()}), dial(BOB))
    leg = line.call()
    line.do(Answered(line.dialed()[0]))

    assert [recording.leg for recording in recordings(line)] == [leg]


@pytest.mark.parametrize(
    ("trunk", "channels", "form"),
    [
        (Trunk(), 1, "wav"),
        (Trunk(2), 2, "wav"),
        (Trunk(1, "mp3"), 1, "mp3"),
        (Trunk(None, "mp3"), 1, "mp3"),
    ],
)
def test_what_the_settings_leave_open_is_as_the_table_has_it(trunk, channels, form):
    inbound = line_of(Account(numbers={SUPPORT: trunk}))
    inbound.call()
    outbound = line_of(Account(profile=Profile(ALL, (), trunk)), dial(BOB))
    outbound.call()
    outbound.do(Answered(outbound.dialed()[0]))

    for made in (settings(inbound), settings(outbound)):
        assert (made.channels, made.format, made.track) == (channels, form, "both")
        assert not made.beep
        assert not made.is_trimmed
        assert (made.limit_us, made.silence_us) == (0, 0)


@pytest.mark.parametrize(
    ("profile", "is_recorded"),
    [
        (Profile(NONE), False),
        (Profile(NONE, (CAROL,)), False),
        (Profile(ALL), True),
        (Profile(BY_CALLER, (CAROL,)), True),
        (Profile(BY_CALLER, (ALICE, SUPPORT)), False),
    ],
)
def test_a_profile_records_what_is_called_by_the_number_shown(profile, is_recorded):
    line = line_of(Account(profile=profile), dial(BOB, callerId=CAROL))
    line.call()
    [called] = line.dialed()
    line.do(Answered(called))

    assert [recording.leg for recording in recordings(line)] == [called] * is_recorded


def test_a_profile_does_not_record_who_calls():
    line = line_of(Account(profile=Profile(ALL)))
    line.call()

    assert recordings(line) == []


@pytest.mark.parametrize("records", [ALL, BY_CALLER])
def test_a_profile_records_calls_that_a_program_makes(records):
    line = line_of(Account(profile=Profile(records, (SUPPORT,))))
    form = {"To": BOB, "From": SUPPORT, "Url": "https://app.test/answer"}
    line.ask("POST", "/Calls", form, session="out")
    line.do(Answered(line.dialed()[0]))
    line.after(3 * SECOND_US)

    [recording] = recordings(line)
    assert (recording.source, recording.status) == (TRUNKING, "in-progress")


def test_a_recorded_number_and_a_recorded_dial_are_two_recordings():
    line = line_of(RECORDS, dial(BOB, record="record-from-answer"))
    line.call()
    line.do(Answered(line.dialed()[0]))

    assert [recording.source for recording in recordings(line)] == [TRUNKING, "DialVerb"]
