"""Draws: one stream per purpose, whole microseconds, never below nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsim.world.draws import DISTRIBUTIONS, Draws, Length, constant, stream

SEEDS = st.integers(0, 2**63 - 1)
LENGTHS = [
    constant(250_000),
    Length("uniform", (100_000, 900_000)),
    Length("exponential", (300_000,)),
    Length("normal", (200_000, 50_000)),
    Length("choice", (1_000, 20_000, 300_000)),
]

each_length = pytest.mark.parametrize("length", LENGTHS, ids=lambda length: length.distribution)


def test_every_distribution_is_tried():
    assert {length.distribution for length in LENGTHS} == set(DISTRIBUTIONS)


@each_length
@given(seed=SEEDS, purpose=st.text(max_size=20), n=st.integers(0, 1_000))
def test_same_key_gives_same_length(length, seed, purpose, n):
    assert length.draw(seed, purpose, n) == length.draw(seed, purpose, n)


@each_length
@given(seed=SEEDS, n=st.integers(0, 1_000))
def test_length_is_a_whole_number_from_nothing_on(length, seed, n):
    drawn = length.draw(seed, "receiver caller", n)

    assert type(drawn) is int
    assert drawn >= 0


def test_draw_below_nothing_becomes_nothing():
    length = Length("normal", (0, 1_000_000))

    drawn = [length.draw(7, "storage", n) for n in range(40)]

    assert min(drawn) == 0
    assert max(drawn) > 0


@each_length
def test_other_purposes_change_nothing(length):
    alone = [length.draw(7, "fetch a", n) for n in range(20)]

    among = []
    for n in range(20):
        length.draw(7, "fetch b", n)
        among.append(length.draw(7, "fetch a", n))
        length.draw(7, "receiver a", n)

    assert among == alone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param((7, "fetch a", 1), (8, "fetch a", 1), id="seed"),
        pytest.param((7, "fetch a", 1), (7, "fetch b", 1), id="purpose"),
        pytest.param((7, "fetch a", 1), (7, "fetch a", 2), id="n"),
        pytest.param((7, "fetch a", 11), (7, "fetch a1", 1), id="purpose ends in a digit"),
        pytest.param((71, "fetch a", 1), (7, "1fetch a", 1), id="purpose begins with a digit"),
    ],
)
def test_streams_differ_by(one, other):
    assert stream(*one).random() != stream(*other).random()


def test_numbers_of_the_module_are_left_alone():
    import random

    before = random.getstate()
    stream(7, "fetch").random()

    assert random.getstate() == before


def test_draw_does_not_depend_on_the_process():
    code = (
        "from recsim.world.draws import Length;"
        "print(Length('uniform', (0, 10**9)).draw(7, 'fetch caller', 3))"
    )

    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert printed == {f"{Length('uniform', (0, 10**9)).draw(7, 'fetch caller', 3)}\n"}


def test_constant_is_what_it_says():
    assert {constant(250_000).draw(seed, "x", seed) for seed in range(50)} == {250_000}


def test_uniform_lies_between_its_ends():
    drawn = [Length("uniform", (100, 200)).draw(7, "x", n) for n in range(500)]

    assert min(drawn) >= 100
    assert max(drawn) <= 200
    assert len(set(drawn)) > 50


def test_exponential_has_its_mean():
    drawn = [Length("exponential", (1_000_000,)).draw(7, "x", n) for n in range(4_000)]

    assert sum(drawn) / len(drawn) == pytest.approx(1_000_000, rel=0.1)


def test_exponential_of_nothing_is_nothing():
    assert Length("exponential", (0,)).draw(7, "x") == 0


def test_normal_has_its_mean_and_spread():
    drawn = [Length("normal", (1_000_000, 100_000)).draw(7, "x", n) for n in range(4_000)]
    mean = sum(drawn) / len(drawn)
    spread = (sum((length - mean) ** 2 for length in drawn) / len(drawn)) ** 0.5

    assert mean == pytest.approx(1_000_000, rel=0.02)
    assert spread == pytest.approx(100_000, rel=0.1)


def test_choice_is_one_of_its_numbers():
    assert {Length("choice", (1, 2, 3)).draw(7, "x", n) for n in range(100)} == {1, 2, 3}


@pytest.mark.parametrize("number", [-5, 2.5, float("nan"), float("inf"), True])
def test_a_length_that_is_none_is_refused(number):
    with pytest.raises(ValueError, match="expected lengths in whole µs from 0"):
        constant(number)


# Of sessions.


def drawing(**titles: int) -> Draws:
    """Draws for sessions of these keys."""
    return Draws(7, {key: title for title, key in titles.items()})


def test_each_session_draws_from_streams_of_its_own():
    length = Length("uniform", (0, 1_000_000))
    draws, other = drawing(a=1, b=2), drawing(a=5)

    mixed = [draws.length(length, "receiver", n % 2 + 1) for n in range(10)]
    draws.happens(0.5, "loss", 1)

    assert mixed[::2] == [other.length(length, "receiver", 5) for _ in range(5)]
    assert mixed[::2] == [length.draw(7, "receiver a", n) for n in range(1, 6)]


def test_what_always_or_never_happens_draws_nothing():
    draws, other = drawing(a=1), drawing(a=1)

    assert [draws.happens(share, "loss", 1) for share in (0, 1, 0.0, 1.0)] == [0, 1, 0, 1]

    assert draws.happens(0.5, "loss", 1) == other.happens(0.5, "loss", 1)


def test_a_share_happens_about_as_often():
    draws = drawing(a=1)

    happened = sum(draws.happens(0.2, "loss", 1) for _ in range(2_000))

    assert 330 <= happened <= 470


def test_what_is_forgotten_leaves_nothing():
    draws = drawing(a=1, b=2)
    draws.happens(0.5, "loss", 1)

    draws.forget(1)
    draws.forget(2)

    assert draws._drawn == {}
