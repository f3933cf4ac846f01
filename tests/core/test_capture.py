"""Arithmetic on stretches of time, held against counting single ticks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from calls import SETTINGS
from hypothesis import given
from hypothesis import strategies as st

from recsim.core.capture import audible, between, common, joined, judge, total
from recsim.core.entities import CallLeg, Intervals, Recording, Setup

HORIZON = 40
EDGES = st.lists(st.integers(0, HORIZON), max_size=8).map(sorted).map(tuple)
STRETCHES = (
    st.lists(st.integers(0, HORIZON), max_size=8, unique=True)
    .map(sorted)
    .map(lambda edges: tuple(zip(edges[::2], edges[1::2], strict=False)))
)


def ticks(intervals: Intervals) -> set[int]:
    return {tick for start, end in intervals for tick in range(start, end)}


def recording(captured: Intervals, *, paused: Intervals = (), trim: bool = False) -> Recording:
    made = Recording(3, 1, 2, 1, "RecordVerb", SETTINGS._replace(is_trimmed=trim))
    made.captured, made.paused = captured, paused
    return made


def leg(*, speech: tuple[int, ...] = (), sound: tuple[int, ...] = ()) -> CallLeg:
    made = CallLeg(2, 1, 1, "+15550001", "+15550002", Setup())
    made.speech, made.sound = speech, sound
    return made


def assert_in_order(intervals: Intervals) -> None:
    edges = [edge for interval in intervals for edge in interval]
    assert edges == sorted(edges)


@given(STRETCHES)
def test_total_counts_ticks(intervals):
    assert total(intervals) == len(ticks(intervals))


@given(EDGES, st.integers(0, HORIZON))
def test_between_switches_at_every_edge(edges, until_us):
    until_us = max(until_us, *edges, 0)

    stretches = between(edges, until_us)

    assert ticks(stretches) == {
        tick for tick in range(until_us) if sum(edge <= tick for edge in edges) % 2
    }
    assert_in_order(stretches)


def test_between_never_ends_before_it_began():
    assert between((10,), 5) == ((10, 10),)


@given(STRETCHES, STRETCHES)
def test_common_is_what_lies_in_both(left, right):
    both = common(left, right)

    assert ticks(both) == ticks(left) & ticks(right)
    assert total(both) == len(ticks(both))
    assert_in_order(both)


@given(STRETCHES, STRETCHES)
def test_joined_is_what_lies_in_either(left, right):
    either = joined(left, right)

    assert ticks(either) == ticks(left) | ticks(right)
    assert total(either) == len(ticks(either))
    assert_in_order(either)


@given(STRETCHES, STRETCHES)
def test_order_of_two_does_not_matter(left, right):
    assert common(left, right) == common(right, left)
    assert joined(left, right) == joined(right, left)


def test_joined_closes_up_what_touches():
    assert joined(((0, 2), (4, 6)), ((2, 4),)) == ((0, 6),)


@pytest.mark.parametrize(
    ("track", "heard"),
    [
        ("inbound", ((0, 10),)),
        ("outbound", ((5, 20),)),
        ("both", ((0, 20),)),
    ],
)
def test_track_decides_who_is_heard(track, heard):
    assert audible(leg(speech=(0, 10), sound=(5, 20)), (), track, 30) == heard


def test_who_still_speaks_is_heard_until_now():
    assert audible(leg(speech=(7,)), (), "both", 30) == ((7, 30),)


OTHERS = ((10, 15), (20, 25))


@pytest.mark.parametrize(
    ("track", "expected"),
    [
        ("inbound", ((2, 4),)),
        ("outbound", ((10, 15), (20, 25))),
        ("both", ((2, 4), (10, 15), (20, 25))),
    ],
)
def test_others_are_heard_on_the_outbound_track(track, expected):
    assert audible(leg(speech=(2, 4)), OTHERS, track, 30) == expected


def test_others_and_the_platform_are_heard_at_once():
    assert audible(leg(sound=(12, 22)), OTHERS, "outbound", 30) == ((10, 25),)


# What is kept of a recording. `short` is less than 10.


@pytest.mark.parametrize(
    ("captured", "heard", "trim", "silent", "kept", "lacks"),
    [
        pytest.param(((0, 50),), ((0, 50),), False, False, ((0, 50),), "", id="whole"),
        pytest.param(((0, 10),), ((0, 10),), False, False, ((0, 10),), "", id="just long enough"),
        pytest.param(((0, 9),), ((0, 9),), False, False, (), "short", id="just too short"),
        pytest.param((), (), False, False, (), "short", id="nothing captured"),
        pytest.param(
            ((0, 5), (20, 25)), ((0, 30),), False, False, ((0, 5), (20, 25)), "", id="pieces add up"
        ),
        pytest.param(((0, 50),), (), False, False, ((0, 50),), "", id="silence is kept"),
        pytest.param(((0, 50),), (), False, True, (), "silent", id="silence is discarded"),
        pytest.param(((0, 9),), (), False, True, (), "short", id="short before silent"),
        pytest.param(
            ((0, 50),), ((49, 60),), False, True, ((0, 50),), "", id="one tick isn't silent"
        ),
        pytest.param(((0, 50),), ((50, 60),), False, True, (), "silent", id="heard afterwards"),
        pytest.param(((10, 50),), ((0, 10),), False, True, (), "silent", id="heard before"),
        pytest.param(
            ((0, 50),), ((20, 35),), True, False, ((20, 35),), "", id="trimmed at both ends"
        ),
        pytest.param(
            ((0, 50),),
            ((10, 12), (38, 40)),
            True,
            False,
            ((10, 40),),
            "",
            id="trim keeps what lies between",
        ),
        pytest.param(
            ((0, 50),), ((20, 30),), True, False, ((20, 30),), "", id="trimmed to just enough"
        ),
        pytest.param(
            ((0, 50),), ((20, 29),), True, False, (), "short", id="trimmed to just too little"
        ),
        pytest.param(((0, 50),), (), True, False, (), "silent", id="trimmed to nothing"),
        pytest.param(
            ((0, 20), (30, 50)),
            ((15, 35),),
            True,
            False,
            ((15, 20), (30, 35)),
            "",
            id="trim leaves the gap out",
        ),
    ],
)
def test_judge(captured, heard, trim, silent, kept, lacks):
    verdict = judge(
        recording(captured, trim=trim),
        heard,
        minimum_us=10,
        discards_silent=silent,
        pause_is_filled=False,
    )

    assert verdict == (kept, lacks)


@pytest.mark.parametrize(
    ("captured", "paused", "heard", "trim", "kept", "lacks"),
    [
        pytest.param(
            ((0, 10), (30, 40)), ((10, 30),), ((0, 40),), False, ((0, 40),), "", id="filled"
        ),
        pytest.param(((0, 4),), ((4, 10),), ((0, 4),), False, ((0, 10),), "", id="long enough"),
        pytest.param(((0, 4),), ((4, 9),), ((0, 4),), False, (), "short", id="too short"),
        pytest.param(
            ((0, 10), (30, 40)),
            ((10, 30),),
            ((5, 35),),
            True,
            ((5, 35),),
            "",
            id="the pause between is not trimmed",
        ),
        pytest.param(
            ((0, 20),), ((20, 50),), ((0, 50),), True, ((0, 20),), "", id="the pause at the end is"
        ),
        pytest.param(
            ((0, 20),), ((20, 50),), ((20, 50),), True, (), "silent", id="a pause isn't heard"
        ),
    ],
)
def test_judge_where_a_pause_is_filled(captured, paused, heard, trim, kept, lacks):
    verdict = judge(
        recording(captured, paused=paused, trim=trim),
        heard,
        minimum_us=10,
        discards_silent=False,
        pause_is_filled=True,
    )

    assert verdict == (kept, lacks)


def test_pause_counts_only_where_it_is_filled():
    made = recording(((0, 4),), paused=((4, 40),))

    verdict = judge(made, (), minimum_us=10, discards_silent=False, pause_is_filled=False)

    assert verdict == ((), "short")


@given(STRETCHES, STRETCHES, st.booleans(), st.booleans(), st.booleans(), st.integers(0, 20))
def test_what_is_kept_was_captured(captured, heard, trim, silent, filled, minimum_us):
    gaps = tuple((before[1], after[0]) for before, after in pairwise(captured))

    kept, lacks = judge(
        recording(captured, paused=gaps, trim=trim),
        heard,
        minimum_us=minimum_us,
        discards_silent=silent,
        pause_is_filled=filled,
    )

    assert ticks(kept) <= (ticks(captured) | ticks(gaps) if filled else ticks(captured))
    assert lacks in ("", "short", "silent")
    if lacks:
        assert kept == ()
    else:
        assert total(kept) >= minimum_us
        assert ticks(captured) & ticks(heard) <= ticks(kept)


@given(STRETCHES)
def test_judging_changes_nothing(captured):
    made = recording(captured, trim=True)

    judge(made, captured, minimum_us=5, discards_silent=True, pause_is_filled=True)

    assert (made.captured, made.paused, made.kept, made.lacks) == (captured, (), (), "")
