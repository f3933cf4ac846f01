"""Lengths of time: fixed ones, the plainest first, and ones that are drawn."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from recsim.core.units import SECOND_US
from recsim.scenario.parts import Choice, Exponential, Normal, Uniform

#: What people and their calls are about; a failure shrinks to the first.
USUAL_US = tuple(
    round(seconds * SECOND_US) for seconds in (2, 1, 5, 3, 0.5, 8, 0.1, 13, 0, 1.7, 0.001)
)


@cache
def lengths(most_us: int = 13 * SECOND_US) -> st.SearchStrategy[int]:
    """Lengths in µs."""
    return st.sampled_from([length for length in USUAL_US if length <= most_us])


@cache
def draws(most_us: int = 13 * SECOND_US) -> st.SearchStrategy[Any]:
    """Lengths as a scenario takes them, by whatever distribution."""
    fixed = lengths(most_us)
    pairs = st.tuples(fixed, fixed).map(list)
    return st.one_of(
        fixed,
        pairs.map(lambda pair: Uniform(uniform=sorted(pair))),
        st.lists(fixed, min_size=1, max_size=3).map(lambda some: Choice(choice=some)),
        fixed.map(lambda mean: Exponential(exponential=mean)),
        pairs.map(lambda pair: Normal(normal=pair)),
    )
