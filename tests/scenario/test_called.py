"""Callees at work: what follows when the platform calls them, as a whole run tells it."""

from __future__ import annotations

import pytest

from recsim.scenario.load import loads
from recsim.scenario.run import play, stage

SECOND = 1_000_000
HEAD = """\
recsim: 1
title: Somebody is called
application: {voice_url: https://app.test/answer, latency: 0s}
"""
DOCUMENTS = """\
documents:
  https://app.test/answer: <Response>VERB</Response>
  https://app.test/done: <Response><Pause length="5"/></Response>
"""
DIAL = (
    '<Dial action="/done" record="record-from-answer-dual" recordingStatusCallback="/recording"'
    ' recordingStatusCallbackEvent="in-progress completed absent">NOUNS</Dial>'
)
CALLER = """\
calls:
  caller: {from: +15550001, to: +15550002, story: [wait: pause, hang_up]}
"""


def callee(more: str, name: str = "agent", number: str = "+15550100") -> str:
    return f"  {name}: {{number: {number}, rings_after: 300ms{more}}}\n"


def dial(*numbers: str) -> str:
    return DIAL.replace("NOUNS", "".join(f"<Number>{number}</Number>" for number in numbers))


def run(*callees: str, more: str = "", verb: str = dial("+15550100"), calls: str = CALLER):
    """A run in which every call follows `verb`, whose action is a pause of 5 s."""
    documents = DOCUMENTS.replace("VERB", verb)
    text = f"{HEAD}{documents}{calls}{'callees:' if callees else ''}\n{''.join(callees)}{more}"
    return play(stage(loads(text.encode())))


def events(one, *calls: str) -> list[tuple[float, str, str]]:
    return [
        (event.at_us / SECOND, event.call, event.word)
        for event in one.kept.events
        if not calls or event.call in calls
    ]


def statuses(one) -> dict[int, str]:
    """The last status of each leg, in the order they were made."""
    return {
        line["entity"]: line["dest"]
        for line in one.trace
        if line["kind"] == "move" and line["lifecycle"] == "call leg"
    }


def test_a_callee_rings_answers_and_hangs_up():
    one = run(callee(", answers_after: 4s, story: [wait: bridge, {speak: 3s, says: yes}, hang_up]"))

    assert events(one, "agent") == [
        (0.3, "agent", "ring"),
        (4.3, "agent", "answer"),
        (4.3, "agent", "bridge"),
        (4.3, "agent", "speak"),
        (7.3, "agent", "silent"),
        (7.3, "agent", "hang_up"),
        (7.3, "agent", "end"),
    ]
    assert (0.3, "caller", "ringing") in events(one)
    assert [line["words"] for line in one.trace if line["kind"] == "speech"] == ["", "yes"]
    assert list(statuses(one).values()) == ["completed", "completed"]
    assert one.remarks == []


def test_every_event_of_a_callee_is_one_of_its_leg_too():
    one = run(callee(", answers_after: 4s, story: [hang_up]"))

    words = [word for _, _, word in events(one, "agent")]
    assert words == [word for _, _, word in events(one, "caller.2")] != []


@pytest.mark.parametrize(
    ("more", "at_s", "rings", "status"),
    [
        (", refuses: busy", 0.3, False, "busy"),
        (", refuses: unreachable", 0.3, False, "failed"),
        (", refuses: decline, refuses_after: 2s", 2.3, True, "busy"),
        (", refuses: no_answer", 0.3, True, "no-answer"),
        ("", 30, True, "no-answer"),
    ],
)
def test_a_callee_who_does_not_answer(more, at_s, rings, status):
    one = run(callee(more))

    assert list(statuses(one).values()) == ["completed", status]
    assert (at_s, "agent", "end") in events(one)
    assert ((0.3, "agent", "ring") in events(one)) is rings
    assert ((0.3, "caller", "ringing") in events(one)) is rings
    assert ((at_s, "agent", "refuse") in events(one)) is (at_s < 30)
    assert (at_s, "caller", "pause") in events(one)


def test_a_number_that_nobody_has_is_said_with_the_nearest():
    one = run(callee("", number="+15550101"))

    [remark] = one.remarks
    assert remark == (
        0,
        "caller.2",
        "nobody in callees has the number +15550100; did you mean +15550101?",
    )
    assert list(statuses(one).values()) == ["completed", "failed"]


def test_without_callees_nobody_can_be_reached():
    one = run()

    assert [remark.text for remark in one.remarks] == ["nobody in callees has the number +15550100"]


def test_the_first_to_answer_wins_and_the_others_stories_are_not_missed():
    one = run(
        callee(", answers_after: 9s, story: [hang_up]", "late", "+15550101"),
        callee(", answers_after: 1s, story: [wait: bridge, hang_up]"),
        verb=dial("+15550101", "+15550100"),
    )

    assert events(one, "late") == [(0.3, "late", "ring"), (1.3, "late", "end")]
    assert list(statuses(one).values()) == ["completed", "canceled", "completed"]
    assert one.remarks == []


def test_a_callee_who_waits_in_vain_is_told_by_name():
    one = run(callee(", answers_after: 1s, story: [wait: bridge, press: 1, wait: beep, hang_up]"),
              calls=CALLER.replace("wait: pause", "wait: bridge, wait: 3s"))  # fmt: skip

    [remark] = one.remarks
    assert remark[1:] == ("agent", "the call ended while agent was still waiting for beep")


def test_a_callee_is_rung_in_every_call_and_draws_anew():
    calls = CALLER + "  other: {from: +15550003, to: +15550002}\n"
    more = ", answers_after: {uniform: [1s, 9s]}, story: [wait: {uniform: [1s, 9s]}, hang_up]"

    both = run(callee(more), calls=calls)
    alone = run(callee(more))

    moments = [at for at, _, word in events(both, "agent") if word in ("answer", "hang_up")]
    assert len(set(moments)) == 4
    assert events(alone, "caller.2") == events(both, "caller.2") != []
    assert events(both, "caller.2") != events(both, "other.2")


def test_requests_wait_for_events_of_callees():
    more = """\
requests:
  - {at: 1s after agent answer, get: /v2/x}
  - {at: 1s after caller.2 bridge, get: /v2/x}
  - {at: 1s after agent ring, get: /v2/x}
  - {at: 1s after agent end, get: /v2/x}
  - {at: 1s after agent refuse, get: /v2/x}
"""
    one = run(callee(", answers_after: 4s, story: [wait: 3s, hang_up]"), more=more)

    assert [answered.at_us / SECOND for answered in one.kept.answered] == [1.3, 5.3, 5.3, 8.3]
    assert [remark.text for remark in one.remarks] == [
        "GET /v2/x was never sent: there was no refuse of agent"
    ]


def test_callbacks_are_expected_after_events_of_callees():
    more = """\
expect:
  - {callback: {RecordingStatus: in-progress}, within: 100ms after agent answer}
  - {callback: {RecordingStatus: completed, call: caller}, within: 1s after agent hang_up}
  - {never: {callback: {kind: recording-status}}, before: agent answer}
"""
    one = run(callee(", answers_after: 4s, story: [wait: 3s, hang_up]"), more=more)

    assert one.as_expected, one.verdicts


def test_words_end_what_listens_to_speech():
    one = run(
        verb='<Gather action="/done" input="dtmf speech" speechTimeout="1"/>',
        calls=CALLER.replace(
            "wait: pause", "wait: gather, {speak: 2s, says: yes please}, wait: pause"
        ),
    )

    assert (3, "caller", "pause") in events(one)


# Transfers.

DESK = "sip:desk@example.test"
REFER = f'<Refer action="/done"><Sip>{DESK}</Sip></Refer>'


@pytest.mark.parametrize(
    ("more", "at_s", "why"),
    [
        (", answers_after: 2s", 2.3, ""),
        (", refuses: decline, refuses_after: 1s", 1.3, "decline"),
        (", refuses: busy", 0.3, "busy"),
        ("", 30, "no_answer"),
    ],
)
def test_a_transfer_is_for_the_callee_to_decide(more, at_s, why):
    one = run(callee(more, number=DESK), verb=REFER)

    [line] = [line for line in one.trace if line["kind"] == "transferred"]
    assert line["why"] == why
    pause = next(at for at, _, word in events(one, "caller") if word == "pause")
    assert pause == at_s
    if not why:
        assert (2.3, "caller", "hang_up") in events(one)  # the story's own, at its pause


def test_whoever_was_transferred_hangs_up():
    one = run(
        callee(", answers_after: 2s", number=DESK),
        verb=REFER,
        calls=CALLER.replace("wait: pause", "wait: 1h"),
    )

    assert (2.5, "caller", "hang_up") in events(one)
    [move] = [line for line in one.trace if line["kind"] == "hung-up"]
    assert one.trace[move["cause"] - 1]["kind"] == "transferred"


def test_nobody_can_be_transferred_to_a_number_that_nobody_has():
    one = run(verb=REFER)

    assert [line["why"] for line in one.trace if line["kind"] == "transferred"] == ["unreachable"]
    assert [remark[1:] for remark in one.remarks] == [
        ("caller", f"nobody in callees has the number {DESK}")
    ]


def test_a_transfer_is_over_with_the_call():
    one = run(callee(", answers_after: 9s", number=DESK), verb=REFER,
              calls=CALLER.replace("wait: pause", "wait: 1s"))  # fmt: skip

    assert "transferred" not in {line["kind"] for line in one.trace}


# Calls that requests make.

MAKES = """\
requests:
  - at: 1s
    post: /v2/texml/Accounts/{account}/Calls
    form: {To: +15550100, From: +15550009}
    makes: survey
  - {at: 1s after answer, get: "/v2/x/{survey}/{survey.2}"}
"""


def test_a_request_makes_a_call():
    more = f"{MAKES}expect: [{{callback: {{call: survey}}, within: 1s after survey answer}}]\n"
    one = run(
        callee(", answers_after: 4s, story: [wait: pause, hang_up]"),
        more=more,
        verb='<Pause length="9"/>',
        calls="",
    )

    assert [title["title"] for title in one.trace if title["kind"] == "opened"] == ["survey"]
    assert events(one, "agent")[:2] == [(1.3, "agent", "ring"), (5.3, "agent", "answer")]
    words = [word for _, _, word in events(one, "agent")]
    assert words == [word for _, _, word in events(one, "survey")]
    assert [answered.at_us / SECOND for answered in one.kept.answered] == [1, 6.3]
    assert {sent.call for sent in one.kept.sent} == {"survey"}
    assert one.as_expected, one.verdicts


def test_calls_come_in_beside_those_that_are_made():
    calls = "calls:\n" + "".join(
        f"  {name}: {{at: {at}, from: +15550001, to: +15550002, story: [wait: 1s, hang_up]}}\n"
        for name, at in [("one", "0s"), ("two", "1s"), ("three", "20s")]
    )
    one = run(callee(", answers_after: 4s"), more=MAKES, calls=calls)

    titles = [line["title"] for line in one.trace if line["kind"] == "opened"]
    assert sorted(titles) == ["one", "survey", "three", "two"]
    assert titles[0] == "one"
    assert titles[-1] == "three"
