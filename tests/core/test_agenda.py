"""The agenda: timers by name, the first of them always known, and nothing stale."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsim.core.agenda import Agenda, Timer
from recsim.core.entities import NEVER


def popped(agenda: Agenda) -> list[tuple[int, int, str, int]]:
    """What comes out, in order: moment, entity, name and cause."""
    out = []
    while len(agenda):
        timer = agenda.pop()
        out.append((timer.due_us, timer.entity, timer.name, timer.cause))
    return out


def test_empty_agenda_is_never_due():
    agenda = Agenda()

    assert agenda.next_due_us == NEVER
    assert len(agenda) == 0
    assert agenda.armed() == []
    with pytest.raises(IndexError):
        agenda.pop()


def test_first_due_comes_first():
    agenda = Agenda()
    agenda.arm(30, 1, "limit", 3)
    agenda.arm(10, 2, "beep", 1)
    agenda.arm(20, 1, "beep", 2)

    assert popped(agenda) == [(10, 2, "beep", 1), (20, 1, "beep", 2), (30, 1, "limit", 3)]


def test_arming_again_replaces():
    agenda = Agenda()
    agenda.arm(10, 1, "silence", 1)
    agenda.arm(40, 1, "silence", 2)

    assert agenda.next_due_us == 40
    assert popped(agenda) == [(40, 1, "silence", 2)]


def test_arming_again_earlier_replaces():
    agenda = Agenda()
    agenda.arm(40, 1, "silence", 1)
    agenda.arm(10, 1, "silence", 2)

    assert agenda.next_due_us == 10
    assert popped(agenda) == [(10, 1, "silence", 2)]


def test_timer_has_entity_and_name():
    agenda = Agenda()
    agenda.arm(10, 1, "silence", 1)
    agenda.arm(10, 2, "silence", 2)
    agenda.arm(10, 1, "limit", 3)

    agenda.cancel(1, "silence")

    assert popped(agenda) == [(10, 2, "silence", 2), (10, 1, "limit", 3)]


def test_ties_go_in_order_of_arming():
    agenda = Agenda()
    for entity in (5, 3, 4, 1, 2):
        agenda.arm(10, entity, "verb", entity)

    assert [timer[1] for timer in popped(agenda)] == [5, 3, 4, 1, 2]


def test_arming_again_goes_to_the_end_of_a_tie():
    agenda = Agenda()
    agenda.arm(10, 1, "verb", 1)
    agenda.arm(10, 2, "verb", 2)
    agenda.arm(10, 1, "verb", 3)

    assert [timer[1] for timer in popped(agenda)] == [2, 1]


def test_cancelled_timer_is_gone():
    agenda = Agenda()
    agenda.arm(10, 1, "beep", 1)
    agenda.arm(20, 1, "limit", 2)

    agenda.cancel(1, "beep")

    assert agenda.next_due_us == 20
    assert [timer.name for timer in agenda.armed()] == ["limit"]


def test_cancelling_the_last_leaves_nothing_due():
    agenda = Agenda()
    agenda.arm(10, 1, "beep", 1)

    agenda.cancel(1, "beep")

    assert agenda.next_due_us == NEVER
    assert len(agenda) == 0


def test_cancelling_what_is_not_armed_is_no_error():
    agenda = Agenda()
    agenda.arm(10, 1, "beep", 1)

    agenda.cancel(1, "limit")
    agenda.cancel(2, "beep")

    assert popped(agenda) == [(10, 1, "beep", 1)]


def test_fired_timer_can_be_armed_again():
    agenda = Agenda()
    agenda.arm(10, 1, "send", 1)
    agenda.pop()
    agenda.arm(10, 1, "send", 2)

    assert popped(agenda) == [(10, 1, "send", 2)]


def test_dead_entries_are_not_kept():
    agenda = Agenda()
    agenda.arm(1, 1, "beep", 1)  # stays on top, so that the dead ones lie below it
    tracemalloc.start()
    try:
        for n in range(100_000):
            agenda.arm(1_000_000 + n, 2, "silence", n)
            agenda.cancel(2, "silence")
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept_bytes < 100_000  # a dead entry each would be a hundred times that
    assert popped(agenda) == [(1, 1, "beep", 1)]


def test_replaced_entries_are_not_kept():
    agenda = Agenda()
    agenda.arm(1, 1, "beep", 1)
    tracemalloc.start()
    try:
        for n in range(100_000):
            agenda.arm(1_000_000 + n, 2, "silence", n)
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept_bytes < 100_000
    assert len(agenda) == 2


def test_fork_goes_its_own_way():
    agenda = Agenda()
    agenda.arm(10, 1, "beep", 1)
    agenda.arm(20, 1, "limit", 2)
    fork = agenda.fork()

    fork.pop()
    fork.arm(5, 2, "verb", 3)
    fork.cancel(1, "limit")

    assert popped(fork) == [(5, 2, "verb", 3)]
    assert agenda.next_due_us == 10
    assert popped(agenda) == [(10, 1, "beep", 1), (20, 1, "limit", 2)]


def test_original_leaves_its_fork_alone():
    agenda = Agenda()
    agenda.arm(10, 1, "beep", 1)
    fork = agenda.fork()

    agenda.cancel(1, "beep")

    assert agenda.next_due_us == NEVER
    assert popped(fork) == [(10, 1, "beep", 1)]


def test_fork_goes_on_with_the_order_of_arming():
    agenda = Agenda()
    agenda.arm(10, 1, "verb", 1)
    fork = agenda.fork()

    fork.arm(10, 2, "verb", 2)

    assert [timer[1] for timer in popped(fork)] == [1, 2]


MOMENTS = st.integers(0, 20)
KEYS = st.tuples(st.integers(1, 4), st.sampled_from(["beep", "limit"]))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("arm"), KEYS, MOMENTS),
        st.tuples(st.just("cancel"), KEYS, st.just(0)),
        st.tuples(st.just("pop"), st.just((0, "")), st.just(0)),
        st.tuples(st.just("fork"), st.just((0, "")), st.just(0)),
    ),
    max_size=200,
)


@given(STEPS)
def test_agenda_is_a_dictionary_with_a_minimum(steps):
    agenda = Agenda()
    model: dict[tuple[int, str], tuple[int, int, int]] = {}  # due, order, cause

    for n, (do, key, due_us) in enumerate(steps, 1):
        if do == "arm":
            agenda.arm(due_us, *key, n)
            model[key] = (due_us, n, n)
        elif do == "cancel":
            agenda.cancel(*key)
            model.pop(key, None)
        elif do == "fork":
            agenda = agenda.fork()
        elif model:
            first = min(model, key=model.__getitem__)
            at_us, _, cause = model.pop(first)
            timer = agenda.pop()
            assert (timer.due_us, timer.entity, timer.name, timer.cause) == (
                at_us,
                *first,
                cause,
            )

        assert agenda.next_due_us == min((row[0] for row in model.values()), default=NEVER)
        assert len(agenda) == len(model)

    armed: list[Timer] = agenda.armed()
    assert [(timer.entity, timer.name) for timer in armed] == sorted(model, key=model.__getitem__)
