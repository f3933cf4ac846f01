"""Callees, calls that requests make, bodies and words: what a file may say of them."""

from __future__ import annotations

import json

import pytest
from test_load import BASE, DURATION, STORY, faults_of

from recsim.core.entities import Subscription
from recsim.core.story import Step
from recsim.core.verbs import VERBS
from recsim.scenario.compiling import application_of, plan_of, vendor_of
from recsim.scenario.load import loads
from recsim.scenario.parts import ACTS, CUES, EVENTS
from recsim.world.callees import Callee
from recsim.world.draws import Length, constant
from recsim.world.stories import Draft

SECOND = 1_000_000
AGENT = "callees:\n  agent: {number: +15550100"
"""The beginning of a callee in line 7; what follows begins in column 30."""


def plan(text: str, seed: int = 1):
    scenario = loads(text.encode()).scenario
    return plan_of(scenario, seed, vendor_of(scenario, seed))


# Callees.


@pytest.mark.parametrize(
    ("more", "callee"),
    [
        ("", Callee("agent")),
        (", rings_after: 300ms, answers_after: 4s",
         Callee("agent", constant(300_000), constant(4 * SECOND))),
        (", answers_after: 0s", Callee("agent", answers_after=constant(0))),
        (", answers_after: {uniform: [1s, 2s]}",
         Callee("agent", answers_after=Length("uniform", (SECOND, 2 * SECOND)))),
        (", refuses: busy, rings_after: 2s",
         Callee("agent", constant(2 * SECOND), refuses="busy")),
        (", refuses: busy, rings: true, refuses_after: 1s",
         Callee("agent", refuses="busy", refuses_after=constant(SECOND), rings=True)),
        (", answers_after: 2s, rings: false",
         Callee("agent", answers_after=constant(2 * SECOND), rings=False)),
        (", refuses: decline, refuses_after: 1s",
         Callee("agent", refuses="decline", refuses_after=constant(SECOND))),
        ((", answers_after: 1s, story: [wait: bridge, wait: {exponential: 3s}, "
          "{speak: 2s, says: yes}]"),
         Callee("agent", answers_after=constant(SECOND), story=(
             Draft("bridge", ((1, Length("exponential", (3 * SECOND,))),), "speak"),
             Draft("", ((2, constant(2 * SECOND)),), "silent", "yes"),
         ))),
    ],
)  # fmt: skip
def test_a_callee_is_known_by_number(more, callee):
    assert plan(BASE + AGENT + more + "}\n").callees == {"+15550100": callee}


def test_a_callee_may_have_a_sip_address():
    text = BASE + 'callees:\n  agent: {number: "sip:agent@example.test"}\n'

    assert list(plan(text).callees) == ["sip:agent@example.test"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (AGENT + ", answers_after: 1s, refuses: busy}",
         ["7:10: callees.agent: expected answers_after or refuses, not both"]),
        (AGENT + ", refuses_after: 1s}",
         ["7:10: callees.agent: expected refuses beside refuses_after"]),
        (AGENT + ", story: [hang_up]}",
         ["7:10: callees.agent: expected answers_after: a story begins once they have picked up"]),
        (AGENT + ", refuses: bsy}",
         [("7:39: callees.agent.refuses: expected one of 'busy', 'decline', 'no_answer', "
           "'unreachable', got 'bsy'; did you mean 'busy'?")]),
        (AGENT + ", answers_after: 4 s}",
         [(f"7:45: callees.agent.answers_after: {DURATION} or a mapping such as "
           "{uniform: [2s, 5s]}, got '4 s'")]),
        (AGENT + ", answer_after: 4s}",
         ["7:30: callees.agent.answer_after: unknown key; did you mean answers_after?"]),
        ("callees:\n  agent: {}", ["7:10: callees.agent: missing key number"]),
        ("callees:\n  agent: {number: 5550100}",
         ["7:19: callees.agent.number: expected a number such as +15550001 or sip:user@host, "
          "got '5550100'"]),
        (AGENT + "}\n  other: {number: +15550100}",
         ["8:19: callees.other.number: agent has this number already"]),
        ("callees:\n  caller: {number: +15550100}",
         ["7:3: callees.caller: a call has this name already"]),
        ("callees: [agent]", ["6:10: callees: expected a mapping, got a list"]),
    ],
)  # fmt: skip
def test_callees_that_cannot_be(text, faults):
    assert faults_of(BASE + text + "\n") == faults


# Calls that requests make.

MADE = """\
recsim: 1
title: A call
application: {voice_url: https://app.test/answer}
requests:
  - {at: 1s, post: /v2/x, makes: survey}
"""


def test_a_request_names_the_call_that_it_makes():
    one = plan(MADE)

    assert [request.request.session for request in one.requests] == ["survey"]
    assert not list(one.calls)


def test_a_call_that_is_made_is_known_by_name_everywhere():
    more = """\
  - {at: 1s after survey answer, get: "/v2/{survey}/{survey.2}/{survey.recording}"}
  - {at: 1s after answer, get: /v2/x}
  - {at: 1s after survey.2 answer, get: /v2/x}
expect: [{callback: {}, within: 1s after survey end}]
"""
    _, first, second, third = plan(MADE + more).requests

    assert (first.call, second.call, third.call) == ("survey", "survey", "survey.2")
    assert len(set(first.request.path.split("/"))) == 5


def test_the_first_call_that_comes_in_goes_before_those_that_are_made():
    more = (
        "  - {at: 1s after answer, get: /v2/x}\ncalls: {caller: {from: +15550001, to: +15550002}}\n"
    )

    assert plan(MADE + more).requests[1].call == "caller"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (MADE.replace(", makes: survey", ""),
         ["1:1: calls: expected a call, or a request that makes one"]),
        (MADE.replace("post: /v2/x", "get: /v2/x"),
         ["5:5: requests.0: expected post beside makes: nothing else makes a call"]),
        (MADE + "  - {at: 2s, post: /v2/x, makes: survey}\n",
         ["6:34: requests.1.makes: a call that another request makes has this name already"]),
        (MADE + "calls: {survey: {from: +15550001, to: +15550002}}\n",
         ["5:34: requests.0.makes: a call has this name already"]),
        (MADE + "callees: {survey: {number: +15550100}}\n",
         ["5:34: requests.0.makes: a callee has this name already"]),
        (MADE.replace("makes: survey", "makes: account"),
         ["5:34: requests.0.makes: expected a name of up to 40 letters, digits, - and _ that "
          "begins with a letter and isn't account, got 'account'"]),
        (MADE + "  - {at: 1s after agent answer, get: /v2/x}\n",
         ["6:10: requests.1.at: expected the name of a call (survey), got 'agent'"]),
        (MADE + "  - {at: 1s after agent.2 answer, get: /v2/x}\n",
         ["6:10: requests.1.at: expected the name of a call (survey), got 'agent.2'"]),
    ],
)  # fmt: skip
def test_calls_that_cannot_be_made(text, faults):
    assert faults_of(text) == faults


def test_moments_may_be_those_of_callees():
    one = plan(BASE + AGENT + "}\nrequests:\n  - {at: 2s after agent answer, get: /v2/x}\n")

    assert one.requests[0][:3] == ("agent", "answer", 2 * SECOND)


def test_a_callee_is_no_name_in_braces():
    """Nobody knows before the run which leg is theirs: `{caller.2}` is the way."""
    text = BASE + AGENT + '}\nrequests:\n  - {at: 2s, get: "/v2/{agent}"}\n'

    assert faults_of(text) == [f"9:19: requests.0.get: {IN_BRACES}, got 'agent'"]


# Bodies.


def body(text: str) -> object:
    [one] = plan(f"{BASE}requests:\n  - at: 1s\n    post: /v2/x\n    json: {text}\n").requests
    assert one.request.headers[-1] == ("content-type", "application/json")
    return json.loads(one.request.body)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("false", False), ("null", None), ("~", None), ("0", 0), ("30", 30),
        ("-5", -5), ("007", "007"), ("+15550001", "+15550001"), ("1.5", "1.5"), ("True", "True"),
        ('"30"', "30"), ("'true'", "true"), ('"null"', "null"), ("plain text", "plain text"),
        ("175237942907135762", 175237942907135762), ("9" * 19, "9" * 19),
        ("[1, two, {three: 3}]", [1, "two", {"three": 3}]),
    ],
)  # fmt: skip
def test_plain_words_and_numbers_of_a_body_are_those_of_json(text, value):
    assert body(f"{{Value: {text}}}") == {"Value": value}


def test_a_body_that_is_text_is_sent_as_it_stands():
    [one] = plan(
        f'{BASE}requests:\n  - at: 1s\n    post: /v2/x\n    json: \'{{"To": "{{caller}}"\'\n'
    ).requests

    assert one.request.body == '{"To": "{caller}"'


def test_an_alias_is_quoted_where_what_it_names_is():
    assert body('{A: &five "5", B: *five, C: &six 6, D: *six}') == {
        "A": "5", "B": "5", "C": 6, "D": 6,
    }  # fmt: skip


def test_names_in_braces_work_in_bodies():
    value = '"{account} {caller} {caller.2} {caller.recording} {{caller}} {1} {"'
    names = plan(
        f"{BASE}requests:\n"
        f'  - {{at: 1s, get: "/v2/{{account}}/{{caller}}/{{caller.2}}/{{caller.recording}}"}}\n'
        f"  - {{at: 1s, post: /v2/x, json: {{A: [{{B: {value}}}]}}}}\n"
        f"  - {{at: 1s, post: /v2/x, form: {{Url: 'https://app.test/?call={{caller.2}}'}}}}\n"
    )
    path, in_json, in_form = (one.request for one in names.requests)

    ids = path.path.split("/")[2:]
    assert len(set(ids)) == 4
    assert json.loads(in_json.body) == {"A": [{"B": f"{' '.join(ids)} {{{{caller}}}} {{1}} {{"}]}
    assert in_form.body.endswith(ids[2].replace(":", "%3A"))


IN_BRACES = (
    "expected one of account, caller, caller.recording, caller.conference, caller.session, "
    "caller.leg in braces"
)


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ("form: {A: '{calller}'}", [
            f"7:37: requests.0.form.A: {IN_BRACES}, got 'calller'; did you mean caller?"
        ]),
        ("json: {A: [{B: 'x {bob.2} y'}]}",
         [f"7:42: requests.0.json.A.0.B: {IN_BRACES}, got 'bob.2'"]),
        ("form: {}, json: {}", ["7:5: requests.0: expected form or json, not both"]),
        ("json: [1]", ["7:33: requests.0.json: expected a mapping or text, got a list"]),
    ],
)  # fmt: skip
def test_bodies_that_cannot_be_sent(more, faults):
    assert faults_of(f"{BASE}requests:\n  - {{at: 1s, post: /v2/x, {more}}}\n") == faults


# Words.


def test_words_are_told_when_speech_ends():
    text = BASE.replace("+15550002}", "+15550002, story: [{speak: 3s, says: yes please}]}")
    [call] = plan(text).calls

    assert call.story == (Step("", 0, "speak"), Step("", 3 * SECOND, "silent", "yes please"))


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("{speak: 3s, says: }", "9:21: calls.caller.story.0.says: expected text, got nothing"),
        ("{speak: 3s, says: ''}", "9:27: calls.caller.story.0.says: expected text of 1 or more"),
        ("{says: yes}", "9:9: calls.caller.story.0: missing key speak"),
        ("{silent: 3s, says: yes}", "9:22: calls.caller.story.0.says: "),
    ],
)
def test_words_that_nobody_can_say(step, fault):
    assert faults_of(STORY + step + "\n")[0].startswith(fault)


def test_every_cue_can_be_waited_for():
    steps = ", ".join(f"wait: {word}" for word in CUES)
    text = BASE.replace("+15550002}", f"+15550002, story: [{steps}, hang_up]}}")
    [call] = plan(text).calls

    assert [step.cue for step in call.story] == list(CUES)
    assert {verb.word for verb in VERBS.values()} < set(CUES)


def test_no_word_of_a_moment_stands_for_two_things():
    assert len(set(EVENTS)) == len(EVENTS) == len(CUES) + len(ACTS) + 1


# The application.


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("", Subscription()),
        (", status_callback: https://app.test/status",
         Subscription("https://app.test/status", "POST",
                      ("initiated", "ringing", "answered", "completed"))),
        (", status_callback: https://app.test/status, status_callback_method: GET",
         Subscription("https://app.test/status", "GET",
                      ("initiated", "ringing", "answered", "completed"))),
    ],
)  # fmt: skip
def test_the_application_is_told_how_far_a_call_has_come(more, status):
    text = BASE.replace("https://app.test/answer", f"https://app.test/answer{more}")
    scenario = loads(text.encode()).scenario
    application = application_of(scenario, vendor_of(scenario, 1).readings)

    [call] = plan(text).calls
    assert application.status == status
    assert call.invite.application == application
