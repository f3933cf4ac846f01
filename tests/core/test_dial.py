"""`<Dial>`: who rings, who is bridged, what is recorded of it, and how it goes on."""

from __future__ import annotations

import pytest
from calls import SECOND_US, Calls, document, element, one, only, triggers

from recsim.core.commands import (
    Answer,
    Answered,
    Fetched,
    HungUp,
    Pressed,
    Refused,
    Ringing,
    Speech,
    Stored,
)
from recsim.core.effects import Attempt, Cue, Drop, Fetch, Ring, Store

AGENT = "<Number>+15550100</Number>"
BOTH = AGENT + "<Sip>sip:night@example.test</Sip>"


def dial(nouns: str = AGENT, **attributes: str) -> str:
    return document(element("Dial", nouns, **attributes), "<Pause/>")


class Desk(Calls):
    """A call that is put through, second by second."""

    def dial(self, nouns: str = AGENT, **attributes: str):
        effects = self.follow(dial(nouns, **attributes))
        self.agents = [ring.leg for ring in only(effects, Ring)]
        return effects

    def seconds(self, at: int, command):
        return self.at(at * SECOND_US, command)

    def leg_of(self, n: int):
        return self.platform.legs[self.agents[n]]


def cues(effects, leg: int) -> list[str]:
    return [cue.word for cue in only(effects, Cue) if cue.leg == leg]


def test_everybody_rings_together_and_the_caller_hears_it_once():
    desk = Desk()

    effects = desk.dial(BOTH)

    rings = only(effects, Ring)
    assert [ring.to for ring in rings] == ["+15550100", "sip:night@example.test"]
    assert {ring.from_ for ring in rings} == {"+15550001"}
    effects = desk.seconds(1, Ringing(desk.agents[0])) + desk.seconds(2, Ringing(desk.agents[1]))
    assert cues(effects, desk.leg) == ["ringing"]


def test_first_to_answer_is_bridged_and_the_others_are_let_go():
    desk = Desk()
    desk.dial(BOTH)
    desk.seconds(1, Ringing(desk.agents[0]))

    effects = desk.seconds(2, Answered(desk.agents[1]))

    assert cues(effects, desk.leg) == ["bridge"]
    assert cues(effects, desk.agents[1]) == ["answer", "bridge"]
    assert [drop.leg for drop in only(effects, Drop)] == [desk.agents[0]]
    assert desk.leg_of(0).status == "canceled"
    assert desk.leg_of(1).peer == desk.leg


def test_legs_of_a_dial_are_related():
    desk = Desk()
    desk.dial(BOTH)

    first, second = desk.leg_of(0), desk.leg_of(1)

    assert {first.session, second.session} == {desk.platform.legs[desk.leg].session}
    assert (first.n, second.n) == (2, 3)
    assert first.parent == second.parent == desk.leg


@pytest.mark.parametrize("why", ["busy", "decline", "no_answer", "unreachable"])
def test_when_everybody_refuses_the_document_goes_on(why):
    desk = Desk()
    desk.dial(BOTH)

    first = desk.seconds(1, Refused(desk.agents[0], why))
    last = desk.seconds(2, Refused(desk.agents[1], why))

    assert cues(first, desk.leg) == []
    assert cues(last, desk.leg) == ["pause"]


def test_timeout_ends_the_ringing():
    desk = Desk()
    desk.dial(timeout="10")
    desk.seconds(1, Ringing(desk.agents[0]))

    effects = desk.until(10 * SECOND_US)

    assert triggers(effects, "call leg") == ["ring_out"]
    assert desk.leg_of(0).status == "no-answer"
    assert cues(effects, desk.leg) == ["pause"]


def test_time_limit_ends_the_talk_and_not_the_caller():
    desk = Desk()
    desk.dial(timeLimit="60")
    desk.seconds(5, Answered(desk.agents[0]))

    effects = desk.until(65 * SECOND_US)

    assert triggers(effects, "call leg") == ["time_limit"]
    assert [drop.leg for drop in only(effects, Drop)] == desk.agents
    assert cues(effects, desk.leg) == ["pause"]


@pytest.mark.parametrize(("allowed", "ends"), [("true", True), ("false", False)])
def test_star_ends_the_talk_where_that_is_allowed(allowed, ends):
    desk = Desk()
    desk.dial(hangupOnStar=allowed)
    desk.seconds(2, Answered(desk.agents[0]))

    effects = desk.seconds(5, Pressed(desk.leg, "*"))

    assert bool(only(effects, Drop)) is ends
    assert desk.status == "in-progress"


def test_star_means_nothing_while_it_rings():
    desk = Desk()
    desk.dial(hangupOnStar="true")

    assert desk.seconds(1, Pressed(desk.leg, "*")) == []


def test_answer_on_bridge_leaves_the_caller_ringing():
    desk = Desk()
    desk.dial(answerOnBridge="true")
    assert desk.status == "ringing"

    effects = desk.seconds(3, Answered(desk.agents[0]))

    assert cues(effects, desk.leg) == ["answer", "bridge"]
    assert desk.platform.legs[desk.leg].answered_at_us == 3 * SECOND_US


def test_caller_who_hangs_up_takes_everybody_along():
    desk = Desk()
    desk.dial(BOTH)
    desk.seconds(1, Ringing(desk.agents[0]))

    effects = desk.seconds(2, HungUp(desk.leg))

    assert {drop.leg for drop in only(effects, Drop)} == {desk.leg, *desk.agents}
    assert [desk.leg_of(n).status for n in (0, 1)] == ["canceled", "canceled"]


def test_callee_who_hangs_up_leaves_the_caller():
    desk = Desk()
    desk.dial()
    desk.seconds(2, Answered(desk.agents[0]))

    effects = desk.seconds(9, HungUp(desk.agents[0]))

    assert [drop.leg for drop in only(effects, Drop)] == desk.agents
    assert cues(effects, desk.leg) == ["pause"]


def test_action_is_requested_after_a_hang_up_too_and_its_answer_ignored():
    desk = Desk()
    desk.dial(action="/after")
    desk.seconds(2, Answered(desk.agents[0]))

    effects = desk.seconds(9, HungUp(desk.leg))

    fetch = one(effects, Fetch)
    assert fetch.url == "https://app.test/after"
    assert desk.now(Fetched(fetch.ticket, Answer(body=document("<Say>late</Say>")))) != []
    assert desk.platform.legs[desk.leg].verb is None


def test_callee_hears_a_document_before_the_bridge():
    desk = Desk()
    effects = desk.dial('<Number url="/whisper">+15550100</Number>')
    effects = desk.seconds(2, Answered(desk.agents[0]))
    fetch = one(effects, Fetch)
    assert fetch.url == "https://app.test/whisper"
    assert cues(effects, desk.agents[0]) == ["answer"]

    desk.now(Fetched(fetch.ticket, Answer(body=document("<Say>a b c</Say>"))))
    effects = desk.until(4 * SECOND_US)

    assert cues(effects, desk.leg) == ["bridge"]


def test_callee_who_hangs_up_in_the_whisper_ends_the_dial():
    desk = Desk()
    desk.dial('<Number url="/whisper">+15550100</Number>')
    effects = desk.seconds(2, Answered(desk.agents[0]))
    whisper = Answer(body=document("<Gather/>", "<Hangup/>"))
    desk.now(Fetched(one(effects, Fetch).ticket, whisper))

    effects = desk.until(7 * SECOND_US)

    assert triggers(effects, "call leg") == ["drop"]
    assert cues(effects, desk.leg) == ["pause"]


def test_keys_are_sent_before_the_bridge():
    desk = Desk()
    desk.dial('<Number sendDigits="ww">+15550100</Number>')

    effects = desk.seconds(2, Answered(desk.agents[0]))

    assert cues(effects, desk.leg) == []
    assert cues(desk.until(3 * SECOND_US), desk.leg) == ["bridge"]


# Recording.

RINGS = ("record-from-ringing", "record-from-ringing-dual")
TALKS = ("record-from-answer", "record-from-answer-dual")


@pytest.mark.parametrize("record", RINGS)
def test_record_from_ringing_starts_when_it_rings(record):
    desk = Desk()
    desk.dial(record=record)

    effects = desk.seconds(1, Ringing(desk.agents[0]))

    assert triggers(effects, "recording") == ["start"]
    recording = desk.recording()
    assert recording.source == "DialVerb"
    assert recording.leg == desk.leg
    assert recording.settings.channels == 1 + record.endswith("dual")


@pytest.mark.parametrize("record", TALKS)
def test_record_from_answer_starts_when_somebody_answers(record):
    desk = Desk()
    desk.dial(record=record)
    assert triggers(desk.seconds(1, Ringing(desk.agents[0])), "recording") == []

    effects = desk.seconds(4, Answered(desk.agents[0]))

    assert triggers(effects, "recording") == ["start"]


def test_record_from_ringing_starts_at_the_answer_where_nobody_rang():
    desk = Desk()
    desk.dial(record="record-from-ringing")

    effects = desk.seconds(1, Answered(desk.agents[0]))

    assert triggers(effects, "recording") == ["start"]
    assert not desk.recording().only_rings


def test_reading_that_records_from_the_leg_on():
    desk = Desk(dial_start="leg_created")

    effects = desk.dial(record="record-from-answer")

    assert triggers(effects, "recording") == ["start"]


def test_do_not_record():
    desk = Desk()
    desk.dial(record="do-not-record")
    desk.seconds(1, Ringing(desk.agents[0]))
    desk.seconds(2, Answered(desk.agents[0]))

    assert desk.platform.recordings == {}


@pytest.mark.parametrize("who", ["caller", "callee"])
def test_recording_ends_with_the_bridge(who):
    desk = Desk()
    desk.dial(record="record-from-answer")
    desk.seconds(2, Answered(desk.agents[0]))

    effects = desk.seconds(9, HungUp(desk.leg if who == "caller" else desk.agents[0]))

    assert triggers(effects, "recording") == ["end"]
    assert desk.recording().length_us == 7 * SECOND_US


def test_both_parties_are_heard_in_it():
    desk = Desk()
    desk.dial(record="record-from-answer-dual")
    desk.seconds(2, Answered(desk.agents[0]))
    desk.seconds(3, Speech(desk.leg, on=True))
    desk.seconds(4, Speech(desk.leg, on=False))
    desk.seconds(5, Speech(desk.agents[0], on=True))
    desk.seconds(6, HungUp(desk.agents[0]))

    caller, callee = desk.platform.legs[desk.leg], desk.leg_of(0)

    assert caller.heard == ((5 * SECOND_US, 6 * SECOND_US),)
    assert callee.heard == ((3 * SECOND_US, 4 * SECOND_US),)
    assert [(met.n, met.from_us, met.until_us) for met in caller.met] == [
        (2, 2 * SECOND_US, 6 * SECOND_US)
    ]


def test_its_maximum_length_ends_only_the_recording():
    desk = Desk()
    desk.dial(record="record-from-answer", recordMaxLength="5")
    desk.seconds(2, Answered(desk.agents[0]))

    effects = desk.until(7 * SECOND_US)

    assert triggers(effects, "recording") == ["limit"]
    assert desk.leg_of(0).peer == desk.leg


def test_ringing_alone_makes_it_absent():
    desk = Desk()
    desk.dial(record="record-from-ringing")
    desk.seconds(1, Ringing(desk.agents[0]))

    effects = desk.seconds(9, Refused(desk.agents[0], "busy"))

    assert triggers(effects, "recording") == ["end"]
    desk.now(Stored(one(effects, Store).ticket))
    assert desk.recording().status == "absent"
    assert desk.recording().lacks == "unanswered"


def test_reading_that_keeps_ringing():
    desk = Desk(absent_on_unanswered="false")
    desk.dial(record="record-from-ringing")
    desk.seconds(1, Ringing(desk.agents[0]))
    effects = desk.seconds(9, Refused(desk.agents[0], "busy"))

    desk.now(Stored(one(effects, Store).ticket))

    assert desk.recording().status == "completed"


ABSENT = {"recordingStatusCallback": "/r", "recordingStatusCallbackEvent": "absent"}


def test_recording_that_never_began_is_told_as_absent_and_is_no_object():
    desk = Desk()
    desk.dial(record="record-from-answer", **ABSENT)
    desk.seconds(1, Refused(desk.agents[0], "busy"))

    effects = desk.until(2 * SECOND_US)

    assert one(effects, Attempt).url == "https://app.test/r"
    assert desk.platform.recordings == {}


def test_nobody_is_told_of_a_recording_that_never_began_unless_subscribed():
    desk = Desk()
    desk.dial(record="record-from-answer", recordingStatusCallback="/r")
    desk.seconds(1, Refused(desk.agents[0], "busy"))

    assert only(desk.until(2 * SECOND_US - 1), Attempt) == []


# Silence, where two parties can speak.


def watched_for_silence() -> tuple[Desk, int]:
    """A recorded call that somebody is being dialed from; return the other leg too."""
    desk = Desk()
    text = document("<Dial>+15550100</Dial>", '<Pause length="60"/>')
    asked = {"Record": "true", "RecordingTimeout": "3", "Texml": text}
    desk.leg = one(desk.now(desk.initiate("a", **asked)), Ring).leg
    other = one(desk.seconds(1, Answered(desk.leg)), Ring).leg
    return desk, other


def test_silence_is_counted_while_nobody_on_the_bridge_speaks():
    desk, other = watched_for_silence()
    desk.seconds(2, Answered(other))
    desk.seconds(3, Speech(desk.leg, on=True))
    desk.seconds(4, Speech(desk.leg, on=False))
    desk.seconds(5, Speech(other, on=True))
    assert triggers(desk.until(9 * SECOND_US), "recording") == []

    desk.seconds(10, Speech(other, on=False))

    assert triggers(desk.until(13 * SECOND_US - 1), "recording") == []
    assert triggers(desk.until(13 * SECOND_US), "recording") == ["silence"]


def test_bridge_does_not_start_the_count_anew():
    desk, other = watched_for_silence()
    desk.seconds(2, Speech(desk.leg, on=True))
    desk.seconds(3, Speech(desk.leg, on=False))
    desk.seconds(4, Answered(other))

    assert triggers(desk.until(6 * SECOND_US - 1), "recording") == []
    assert triggers(desk.until(6 * SECOND_US), "recording") == ["silence"]


def test_count_starts_when_whoever_spoke_is_gone():
    desk, other = watched_for_silence()
    desk.seconds(2, Answered(other))
    desk.seconds(3, Speech(other, on=True))

    desk.seconds(5, HungUp(other))

    assert triggers(desk.until(8 * SECOND_US - 1), "recording") == []
    assert triggers(desk.until(8 * SECOND_US), "recording") == ["silence"]
