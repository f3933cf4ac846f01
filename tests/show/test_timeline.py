"""What happened, as lines for people."""

from __future__ import annotations

import pytest

from recsim.scenario.load import loads
from recsim.scenario.run import Run, play, stage
from recsim.show.report import heard_on, timeline_text
from recsim.show.timeline import Timeline

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
