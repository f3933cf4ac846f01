"""Parties: a place in a story, moved by whoever drives."""

from __future__ import annotations

import pytest

from recsim.core.commands import (
    Answered,
    HungUp,
    Pressed,
    Refused,
    Ringing,
    Speech,
    Transferred,
)
from recsim.core.story import Party, Step

LEG = 4
MESSAGE = (
    Step("beep", 500, "speak"),
    Step("", 7_000, "silent"),
    Step("", 2_000, "press", "#"),
)


def test_first_step_waits_for_its_cue():
    party = Party(LEG, MESSAGE)

    assert party.due() is None
    assert party.due("answer") is None
    assert party.due("say") is None
    assert party.due("beep") == 500


def test_next_step_follows_the_one_before():
    party = Party(LEG, MESSAGE)
    party.act()

    assert party.due() == 7_000
    assert party.due("beep") is None


def test_asking_when_moves_nothing():
    party = Party(LEG, MESSAGE)

    party.due("beep")
    party.due("beep")

    assert party.at == 0
    assert party.due("beep") == 500


def test_acting_gives_commands_in_order():
    party = Party(LEG, MESSAGE)

    commands = [party.act() for _ in MESSAGE]

    assert commands == [Speech(LEG, on=True), Speech(LEG, on=False), Pressed(LEG, "#")]


@pytest.mark.parametrize(
    ("step", "command"),
    [
        (Step("", 0, "wait"), None),
        (Step("", 0, "speak"), Speech(LEG, on=True)),
        (Step("", 0, "silent"), Speech(LEG, on=False)),
        (Step("", 0, "silent", "yes please"), Speech(LEG, on=False, words="yes please")),
        (Step("", 0, "ring"), Ringing(LEG)),
        (Step("", 0, "pick_up"), Answered(LEG)),
        (Step("", 0, "refuse", "busy"), Refused(LEG, "busy")),
        (Step("", 0, "transferred", ""), Transferred(LEG, "")),
        (Step("", 0, "transferred", "decline"), Transferred(LEG, "decline")),
        (Step("", 0, "press", "*"), Pressed(LEG, "*")),
        (Step("", 0, "hang_up"), HungUp(LEG)),
    ],
    ids=lambda value: value.do if isinstance(value, Step) else "",
)
def test_step_is_a_command(step, command):
    party = Party(LEG, (step,))

    acted = party.act()

    assert acted == command
    assert type(acted) is type(command)
    assert party.at == 1


def test_nothing_is_due_at_the_end():
    party = Party(LEG, MESSAGE)
    for _ in MESSAGE:
        party.act()

    assert party.due() is None
    assert party.due("beep") is None


def test_empty_story_has_nothing_due():
    assert Party(LEG, ()).due() is None
    assert Party(LEG, ()).leave() == ()


def test_leaving_tells_what_was_never_played():
    party = Party(LEG, MESSAGE)
    party.act()

    assert party.leave() == MESSAGE[1:]
    assert party.due() is None
    assert party.leave() == ()


def test_fork_goes_its_own_way():
    party = Party(LEG, MESSAGE)
    party.act()
    fork = party.fork()

    fork.act()

    assert (party.at, fork.at) == (1, 2)
    assert party.due() == 7_000
    assert fork.due() == 2_000
    assert fork.leg == party.leg
    assert fork.story is party.story


def test_original_leaves_its_fork_alone():
    party = Party(LEG, MESSAGE)
    fork = party.fork()

    party.leave()

    assert fork.due("beep") == 500


def test_a_step_that_is_under_way_is_not_begun_again():
    party = Party(LEG, MESSAGE)
    party.has_set_out = True

    assert party.due("beep") is None
    assert party.fork().due("beep") is None
    party.act()

    assert party.due() == 7_000
