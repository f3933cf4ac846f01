"""What a search leaves out is what makes no difference: it sees what the slow way sees."""

from __future__ import annotations

import pytest
from orders.naive import Naive, Outcomes, situation
from orders.plants import VOICEMAIL, timer_survives_stop

import recsim
from recsim.orders.choices import Rules
from recsim.orders.keys import Keys
from recsim.orders.search import Bounds, Search

KEYED = """\
recsim: 1
title: A caller presses a key whenever they like
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: |
    <Response>
      <Record maxLength="9" playBeep="false" finishOnKey="#" action="/done"
              recordingStatusCallback="/recording"/>
    </Response>
  https://app.test/done: <Response><Hangup/></Response>
calls:
  caller: {from: +15550001, to: +15550002, story: [any_time: {press: "#"}]}
"""

DIALED = """\
recsim: 1
title: Somebody is called, and answers
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: <Response><Dial record="record-from-answer">+15550100</Dial></Response>
calls:
  caller: {from: +15550001, to: +15550002}
callees:
  agent: {number: +15550100, answers_after: 4s, story: [wait: 3s, hang_up]}
"""


@pytest.fixture
def outcomes(monkeypatch):
    return Outcomes(monkeypatch)


TWO = """\
recsim: 1
title: Two calls meet
application: {voice_url: https://app.test/join}
documents:
  https://app.test/join: |
    <Response>
      <Dial>
        <Conference record="record-from-start" recordingStatusCallback="/r">room</Conference>
      </Dial>
    </Response>
calls:
  alice: {from: +15550001, to: +15550002}
  bob: {from: +15550003, to: +15550002}
"""

SMALL = [
    pytest.param(VOICEMAIL, Rules(endings=True), 0, id="voicemail"),
    pytest.param(VOICEMAIL, Rules(endings=True), 1, id="voicemail, a fault"),
    pytest.param(KEYED, Rules(), 0, id="a key"),
    pytest.param(KEYED, Rules(endings=True), 0, id="a key, endings"),
    pytest.param(DIALED, Rules(), 0, id="dialed"),
]


@pytest.mark.parametrize(("text", "rules", "faults"), SMALL)
def test_a_search_sees_what_a_naive_enumeration_sees(text, rules, faults, outcomes):
    naive = Naive(situation(text, faults), rules)
    seen = outcomes.taken()

    whole = Search([situation(text, faults)], rules, Keys(whole=True), Bounds()).run()
    seen_whole = outcomes.taken()
    lean = Search([situation(text, faults)], rules, Keys(), Bounds()).run()
    seen_lean = outcomes.taken()

    assert whole.found is lean.found is None
    assert whole.progress.left == lean.progress.left == 0
    assert whole.progress.states == len(naive.states)
    assert lean.progress.states <= len(naive.states)
    assert seen_whole == seen_lean == seen
    assert seen


def test_taking_callbacks_first_hides_nothing(outcomes):
    orders = Naive(situation(VOICEMAIL), Rules(endings=True, callback_orders=True))
    seen = outcomes.taken()

    Search([situation(VOICEMAIL)], Rules(endings=True), Keys(), Bounds()).run()

    assert outcomes.taken() == seen
    assert len(orders.states) > 50


@pytest.mark.parametrize("faults", [0, 1])
def test_who_is_who_makes_no_difference(faults, outcomes):
    """In a conference whose parts are alike, until the naive enumeration is out of reach."""
    rules = Rules(endings=True)
    apart = Search([situation(TWO, faults)], rules, Keys(symmetric=False), Bounds()).run()
    seen = outcomes.taken()

    alike = Search([situation(TWO, faults)], rules, Keys(), Bounds()).run()

    assert outcomes.taken() == seen
    assert alike.progress.states < apart.progress.states
    assert alike.found is apart.found is None


@pytest.mark.parametrize("prunes", [True, False])
def test_calls_that_share_nothing_break_the_same_alone(prunes):
    two = VOICEMAIL + "  other: {from: +15550003, to: +15550002}\n"
    with timer_survives_stop():
        explored = recsim.explore(recsim.loads(two), endings=True, prunes=prunes)

    assert explored.counter_example.name == "only what is captured is timed"


def test_calls_that_share_nothing_are_looked_at_alone(outcomes):
    two = VOICEMAIL + "  other: {from: +15550003, to: +15550002}\n"
    together = Search([situation(two)], Rules(endings=True), Keys(), Bounds()).run()
    seen = outcomes.taken()
    one = recsim.explore(recsim.loads(VOICEMAIL), endings=True)
    outcomes.taken()

    alone = recsim.explore(recsim.loads(two), endings=True)

    assert outcomes.taken() == seen
    assert alone.states == 2 * one.states < together.progress.states
