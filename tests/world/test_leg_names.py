"""What legs are called."""

from __future__ import annotations

from recsim.world.names import Names

KNOWN = {"+15550100": "agent"}


def test_the_first_leg_of_a_call_that_came_in_has_its_title():
    names = Names(KNOWN)
    names.opened(1, 2, "caller")

    assert names.of(2) == "caller"
    assert names.of_leg[2] == ("caller",)
    assert names.number_of(1, 2) == 1


def test_a_known_callee_has_its_own_name_first():
    names = Names(KNOWN)
    names.opened(1, 2, "caller")

    assert names.rang(1, 3, "+15550100") == 2
    assert names.of_leg[3] == ("agent", "caller.2")


def test_a_stranger_is_called_by_number():
    names = Names(KNOWN)
    names.opened(1, 2, "caller")
    names.rang(1, 3, "+15550100")

    assert names.rang(1, 4, "+15550101") == 3
    assert names.of_leg[4] == ("caller.3",)


def test_the_first_leg_of_a_call_that_was_made_has_both():
    names = Names(KNOWN)
    names.opened(1, 2, "survey")

    assert names.rang(1, 2, "+15550100") == 1
    assert names.of_leg[2] == ("agent", "survey")
    assert names.titles == {1: "survey"}


def test_a_session_that_left_is_forgotten():
    names = Names(KNOWN)
    names.opened(1, 2, "caller")
    names.rang(1, 3, "+15550100")
    names.opened(4, 5, "other")
    names.left(1)

    assert names.of_leg == {5: ("other",)}
    assert names.titles == {4: "other"}
