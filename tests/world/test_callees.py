"""What somebody does whom the platform calls: a story, drawn each time it does."""

from __future__ import annotations

import pytest

from recsim.core.story import Step
from recsim.world.callees import FAREWELL_US, PATIENCE_US, UNREACHABLE, Callee, rung, transferred
from recsim.world.draws import Length, constant
from recsim.world.stories import Draft

SECOND_US = 1_000_000
RINGS = constant(300_000)
STORY = (Draft("bridge", ((0, constant(SECOND_US)),), "press", "5"),)
DRAWN = Callee(
    "agent",
    Length("uniform", (0, SECOND_US)),
    Length("exponential", (4 * SECOND_US,)),
    story=(Draft("", ((0, Length("uniform", (0, SECOND_US))),), "hang_up"),),
)


def test_a_callee_rings_answers_and_begins_a_story():
    agent = Callee("agent", RINGS, constant(4 * SECOND_US), story=STORY)

    assert rung(agent, 1, "caller 2") == (
        Step("", 300_000, "ring"),
        Step("", 4 * SECOND_US, "pick_up"),
        Step("bridge", SECOND_US, "press", "5"),
    )


def test_a_callee_who_neither_answers_nor_refuses_rings_out():
    assert rung(Callee("agent", RINGS), 1, "caller 2") == (Step("", 300_000, "ring"),)


@pytest.mark.parametrize("why", ["decline", "no_answer"])
def test_a_refusal_comes_after_ringing(why):
    agent = Callee("agent", RINGS, refuses=why, refuses_after=constant(SECOND_US))

    assert rung(agent, 1, "caller 2") == (
        Step("", 300_000, "ring"),
        Step("", SECOND_US, "refuse", why),
    )


@pytest.mark.parametrize("why", ["busy", "unreachable"])
def test_some_refusals_come_without_ringing(why):
    assert rung(Callee("agent", RINGS, refuses=why), 1, "caller 2") == (
        Step("", 300_000, "refuse", why),
    )


def test_nobody_is_unreachable_at_once():
    assert rung(None, 1, "caller 2") == UNREACHABLE == (Step("", 0, "refuse", "unreachable"),)


def test_each_time_it_is_rung_a_callee_draws_anew():
    stories = {rung(DRAWN, 1, leg) for leg in ("caller 2", "caller 3", "other 2")}

    assert len({step.after_us for story in stories for step in story}) == 9
    assert rung(DRAWN, 1, "caller 2") in stories
    assert rung(DRAWN, 2, "caller 2") not in stories


def test_two_callees_draw_differently():
    assert rung(DRAWN, 1, "caller 2") != rung(DRAWN._replace(name="other"), 1, "caller 2")


# Transfers.


def test_whoever_was_transferred_tells_and_hangs_up():
    agent = Callee("agent", RINGS, constant(4 * SECOND_US), story=STORY)

    assert transferred(agent, 1, "caller 1 transfer 1") == (
        Step("", 4_300_000, "transferred", ""),
        Step("", FAREWELL_US, "hang_up"),
    )


@pytest.mark.parametrize(
    ("agent", "after_us", "why"),
    [
        (Callee("agent", RINGS, refuses="busy"), 300_000, "busy"),
        (
            Callee("agent", RINGS, refuses="decline", refuses_after=constant(SECOND_US)),
            1_300_000,
            "decline",
        ),
        (None, 0, "unreachable"),
        (Callee("agent", RINGS), PATIENCE_US, "no_answer"),
        (Callee("agent", RINGS, constant(PATIENCE_US)), PATIENCE_US, "no_answer"),
        (
            Callee(
                "agent", constant(0), refuses="decline", refuses_after=constant(PATIENCE_US + 1)
            ),
            PATIENCE_US,
            "no_answer",
        ),
    ],
)
def test_whoever_was_not_transferred_tells_why(agent, after_us, why):
    assert transferred(agent, 1, "caller 1 transfer 1") == (Step("", after_us, "transferred", why),)


def test_an_answer_at_the_last_moment_is_one():
    agent = Callee("agent", constant(0), constant(PATIENCE_US))

    assert transferred(agent, 1, "caller 1 transfer 1")[0] == Step(
        "", PATIENCE_US, "transferred", ""
    )


@pytest.mark.parametrize(
    ("callee", "does"),
    [
        (Callee("agent", constant(SECOND_US), constant(SECOND_US), rings=False), [("pick_up", 2)]),
        (
            Callee("agent", constant(SECOND_US), refuses="busy", rings=True),
            [("ring", 1), ("refuse", 0)],
        ),
        (Callee("agent", rings=False), []),
    ],
)
def test_whether_it_rings_can_be_said(callee, does):
    story = rung(callee, 7, "caller 2")

    assert [(step.do, step.after_us // SECOND_US) for step in story] == does
