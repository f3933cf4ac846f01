"""What happened, as lines for people."""

from __future__ import annotations

import pytest

from recsim.scenario.load import loads
from recsim.scenario.run import Run, play, stage
from recsim.show.report import heard_on, timeline_text
from recsim.show.timeline import CONFERENCES, MOVES, Timeline, message_name
from recsim.vendors.telnyx import lifecycle

TEXT = """\
recsim: 1
title: An agent is called, and then another
application: {voice_url: https://app.test/answer, latency: 0s}
documents:
  https://app.test/answer: |
    <Response>
      <Dial action="/done" record="record-from-answer-dual" recordingStatusCallback="/recording"
            recordingStatusCallbackEvent="in-progress completed absent">
        <Number>+15550100</Number>
        <Number>+15550101</Number>
        <Number>+15550102</Number>
      </Dial>
    </Response>
  https://app.test/done: <Response><Refer><Sip>sip:other@example.test</Sip></Refer></Response>
calls:
  caller: {from: +15550001, to: +15550002}
callees:
  agent: {number: +15550100, answers_after: 4s, story: [wait: bridge, wait: 2s, hang_up]}
  colleague: {number: +15550101, refuses: busy}
  other: {number: "sip:other@example.test", answers_after: 2s}
requests:
  - at: 20s
    post: /v2/texml/Accounts/{account}/Calls
    form: {To: +15550101, From: +15550009, SuperviseCallSid: "{caller}"}
    makes: survey
"""


@pytest.fixture(scope="module")
def run() -> Run:
    return play(stage(loads(TEXT.encode())))


def told(run: Run) -> list[tuple[float, str, str]]:
    items = Timeline(run).items()
    return [(item.at_us / 1_000_000, item.call, item.text) for item in items]


def test_a_dial_reads_as_it_went(run):
    lines = [line for line in told(run) if line[0] < 6.5 and "callback" not in line[2]]

    assert [line for line in lines if "recording" not in line[2]] == [
        (0, "caller", "calls +15550002 from +15550001"),
        (0, "caller", "instructions: POST https://app.test/answer -> 200"),
        (0, "caller", "answered"),
        (0, "caller", "<Dial>"),
        (0, "agent", "is rung: +15550100 from +15550001, for caller"),
        (0, "colleague", "is rung: +15550101 from +15550001, for caller"),
        (0, "caller.4", "is rung: +15550102 from +15550001, for caller"),
        (0, "caller.4", "can't be reached"),
        (0, "caller.4", "the call is failed"),
        (0.5, "agent", "the telephone rings"),
        (0.5, "caller", "hears it ring"),
        (0.5, "colleague", "is busy"),
        (0.5, "colleague", "the call is busy"),
        (4.5, "agent", "picks up"),
        (4.5, "caller", "is bridged with agent"),
    ]


def test_a_transfer_reads_as_it_went(run):
    lines = [text for _, call, text in told(run) if call == "caller"]

    at = lines.index("is asked to call other, sip:other@example.test")
    assert "the other one picks up" in lines[at:]


def test_a_request_says_what_it_makes_with_ids_cut(run):
    client = [text for _, call, text in told(run) if call == "client"]

    [asked] = [text for text in client if "makes survey" in text]
    vendor = stage(run.loaded).vendor
    account, caller = vendor.words.account_sid[:8], vendor.wire_id("call", "caller", 1)[:8]
    assert asked == (
        f"POST /v2/texml/Accounts/{account}.../Calls To: +15550101, From: +15550009, "
        f"SuperviseCallSid: {caller}..., which makes survey"
    )


def test_lines_of_people_fit_a_terminal(run):
    for item in Timeline(run).items():
        if item.tone == "person":
            assert len(timeline_text(item, 9).plain) <= 100


def test_a_recording_says_who_is_on_which_channel(run):
    sids = {name: sid for sid, name in run.kept.legs.items()}
    caller, agent = sids["caller"], sids["agent"]

    row = {"legs_by_channel": [[caller], [agent, "v3:unknown"]]}
    assert heard_on(row, run.kept.legs) == " (caller | agent + v3:unknown)"
    assert heard_on({"legs_by_channel": [[caller], []]}, run.kept.legs) == " (caller | nobody)"
    assert heard_on({}, run.kept.legs) == ""


CONFERENCE = """\
recsim: 1
title: A weekly conference
application: {voice_url: https://app.test/join, latency: 0s}
documents:
  https://app.test/join: |
    <Response>
      <Dial>
        <Conference startConferenceOnEnter="false" statusCallback="/status" waitUrl="/music.mp3"
                    statusCallbackEvent="start end join leave speaker">Weekly</Conference>
      </Dial>
    </Response>
  https://app.test/start: |
    <Response>
      <Dial>
        <Conference endConferenceOnExit="true" record="record-from-start">Weekly</Conference>
      </Dial>
    </Response>
calls:
  caller: {from: +15550001, to: +15550002, story: [wait: conference, wait: 1s, speak: 1s]}
callees:
  boss: {number: +15550100, answers_after: 1s, story: [wait: conference, wait: 5s, hang_up]}
requests:
  - at: 2s
    post: /v2/texml/Accounts/{account}/Calls
    form: {To: +15550100, From: +15550009, Url: https://app.test/start}
    makes: chair
"""


@pytest.fixture(scope="module")
def conference() -> Run:
    return play(stage(loads(CONFERENCE.encode())))


def test_a_conference_reads_as_it_went(conference):
    lines = [
        (call, text)
        for _, call, text in told(conference)
        if any(word in text for word in ("onference", "waits", "tone", "participant"))
    ]

    to = "POST https://app.test/status -> 200"
    assert lines == [
        ("caller", "conference Weekly is made: init"),
        ("caller", "waits"),
        ("caller", f"callback participant-join (caller): {to}"),
        ("caller", "conference Weekly starts: in-progress"),
        ("caller", "is in the conference"),
        ("boss", "is in the conference"),
        ("caller", f"callback conference-start: {to}"),
        ("caller", f"callback participant-join (boss): {to}"),
        ("caller", f"callback participant-speech-start (caller): {to}"),
        ("caller", f"callback participant-speech-stop (caller): {to}"),
        ("caller", "hears a tone"),
        ("caller", "conference Weekly ends, since its moderator has left: completed"),
        ("caller", f"callback participant-leave (boss): {to}"),
        ("caller", f"callback participant-leave (caller): {to}"),
        ("caller", f"callback conference-end: {to}"),
    ]


def test_every_move_of_a_conference_has_its_words():
    assert list(CONFERENCES) == list(dict.fromkeys(lifecycle.CONFERENCE.triggers))


def test_every_move_of_a_recording_has_its_words():
    moving = {rule.trigger for rule in lifecycle.RECORDING.rules if rule.dest}

    assert set(MOVES) == moving


def test_a_callback_about_somebody_unknown_names_the_call():
    params = {"StatusCallbackEvent": "participant-join", "CallSid": "v3:unknown"}

    assert message_name(params, {}) == "callback participant-join (v3:unknown)"
