"""Lengths that are drawn: named distributions, and one stream of randomness per purpose.

A draw is keyed by (seed, purpose, n), so that adding a party leaves every other draw as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from random import Random

#: Named distributions: a stream and its numbers (µs) give a length (µs).
DISTRIBUTIONS: dict[str, Callable[[Random, tuple[int, ...]], float]] = {
    "constant": lambda _, n: n[0],
    "uniform": lambda rng, n: rng.uniform(n[0], n[1]),
    "exponential": lambda rng, n: rng.expovariate(1 / n[0]) if n[0] else 0,
    "normal": lambda rng, n: rng.normalvariate(n[0], n[1]),
    "choice": lambda rng, n: rng.choice(n),
}


def stream(seed: int, purpose: str, n: int = 0) -> Random:
    """The random numbers of one purpose; nothing else draws from them."""
    text = f"{seed}\0{purpose}\0{n}".encode()
    return Random(  # noqa: S311 - it simulates people, not keys
        int.from_bytes(blake2b(text, digest_size=16).digest(), "big")
    )


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time that is fixed or drawn, in µs; never negative."""

    distribution: str
    numbers_us: tuple[int, ...]

    def __post_init__(self) -> None:
        if not all(type(number) is int and number >= 0 for number in self.numbers_us):
            raise ValueError(f"expected lengths in whole µs from 0, got {self.numbers_us!r}")

    def draw(self, seed: int, purpose: str, n: int = 0) -> int:
        """The n-th length for a purpose."""
        if self.distribution == "constant":
            return self.numbers_us[0]
        draw = DISTRIBUTIONS[self.distribution]
        return max(0, round(draw(stream(seed, purpose, n), self.numbers_us)))


def constant(length_us: int) -> Length:
    """A length that is always the same."""
    return Length("constant", (length_us,))


class Draws:
    """What is drawn for the sessions of a run: for each of them, one stream per purpose."""

    def __init__(self, seed: int, titles: Mapping[int, str]) -> None:
        self.seed = seed
        self.titles = titles
        """Of sessions under way; their draws grow from these."""
        self._drawn: dict[int, dict[str, int]] = {}
        """How often a session has drawn for each purpose."""

    def forget(self, session: int) -> None:
        """Nothing is drawn for a session any more."""
        self._drawn.pop(session, None)

    def length(self, length: Length, purpose: str, session: int) -> int:
        """The session's next length for a purpose."""
        if length.distribution == "constant":
            return length.numbers_us[0]
        return length.draw(self.seed, *self.key(purpose, session))

    def happens(self, share: float, purpose: str, session: int) -> bool:
        """Whether what happens to a `share` (0 to 1) of all happens this time."""
        if share in (0, 1):
            return share == 1
        return stream(self.seed, *self.key(purpose, session)).random() < share

    def key(self, purpose: str, session: int) -> tuple[str, int]:
        """What the session's next draw for a purpose is keyed by."""
        drawn = self._drawn.setdefault(session, {})
        drawn[purpose] = n = drawn.get(purpose, 0) + 1
        return f"{purpose} {self.titles[session]}", n

    def fork(self, titles: Mapping[int, str]) -> Draws:
        """A copy that shares nothing which changes; `titles` are those of its own run."""
        other = Draws(self.seed, titles)
        other._drawn = {session: drawn.copy() for session, drawn in self._drawn.items()}
        return other
