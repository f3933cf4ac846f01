"""What can be seen is worked out from the tables: as walking through them would have it."""

from __future__ import annotations

from itertools import permutations

import pytest

from recsim.core.lifecycle import Lifecycle
from recsim.logs.observable import (
    CONFERENCES,
    INCOMING,
    OUTGOING,
    RECORDINGS,
    Observable,
    by_trigger,
)
from recsim.vendors.telnyx.lifecycle import CALLBACK_STATUS, RECORDING

TABLES = {"recording": RECORDINGS, "in": INCOMING, "out": OUTGOING, "conference": CONFERENCES}
LONGEST = 4


def walked(table: Observable) -> set[tuple[str, ...]]:
    """Every order of words that a walk through the table can tell, any of them left out."""
    seen = {(table.lifecycle.initial, ())}
    todo = list(seen)
    while todo:
        status, told = todo.pop()
        for rule in table.lifecycle.rules:
            if rule.dest is None or rule.source != status:
                continue
            words = [word for word, rows in table.told.items() if rule in rows]
            for size in range(len(words) + 1):
                for some in permutations(words, size):
                    then = (rule.dest, told + some)
                    if then not in seen and len(then[1]) <= LONGEST:
                        seen.add(then)
                        todo.append(then)
    return {told for _, told in seen}


@pytest.mark.parametrize("name", TABLES)
def test_sets_and_pairs_say_what_walking_says(name):
    table = TABLES[name]
    orders = walked(table)

    for words in table.possible:
        if len(words) > LONGEST:
            continue
        for order in permutations(words):
            pairs = {(one, other) for n, one in enumerate(order) for other in order[n + 1 :]}
            assert (order in orders) == (pairs <= table.before), order
    assert {frozenset(order) for order in orders} == {
        words for words in table.possible if len(words) <= LONGEST
    }


@pytest.mark.parametrize("name", TABLES)
def test_nothing_is_told_twice_by_one_walk(name):
    assert all(len(order) == len({*order}) for order in walked(TABLES[name]))
    assert not TABLES[name].repeats


def test_what_is_legal_after_a_word():
    assert RECORDINGS.legal(["in-progress"])[:2] == ("completed", "absent")
    assert "absent" not in RECORDINGS.legal(["completed"])
    assert RECORDINGS.legal(["absent"]) == ("in-progress", "call.recording.error")
    assert "busy" not in OUTGOING.legal(["in-progress"])


def test_whoever_came_in_is_told_of_another_status():
    assert {rule.dest for rule in INCOMING.told["call.initiated"]} == {"ringing"}
    assert {rule.dest for rule in OUTGOING.told["call.initiated"]} == {"initiated"}


def test_a_row_that_is_removed_is_legal_no_more():
    rules = [rule for rule in RECORDING.rules if rule.trigger not in ("discard", "fail")]
    rules = [rule for rule in rules if rule.source != "absent"]
    less = Lifecycle("recording", "new", ("completed",), rules, removed="deleted")

    table = Observable(less, by_trigger(less, CALLBACK_STATUS.items()))

    assert table.legal(["in-progress"]) == ("completed",)


def test_a_row_that_goes_back_lets_a_word_come_again():
    rules = [*RECORDING.rules, RECORDING.rules[0]._replace(source="stopped")]
    more = Lifecycle("recording", "new", ("completed", "absent"), rules, removed="deleted")

    table = Observable(more, by_trigger(more, CALLBACK_STATUS.items()))

    assert table.repeats == {"in-progress"}
    assert table.legal(["in-progress"]) == ("in-progress", "completed", "absent")
