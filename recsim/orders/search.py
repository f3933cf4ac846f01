"""Breadth first through every situation, so that what is found is found in the fewest steps."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from recsim.core.errors import PropertyError, RecsimError
from recsim.core.properties import ALWAYS, EVENTUALLY, Property
from recsim.orders.choices import Choice, Rules
from recsim.orders.keys import Keys
from recsim.orders.situation import Situation

STEP = "every step can be taken"
"""What is broken where the platform itself gives up on a step."""

OFTEN = 256
"""So many situations are gone on from between two looks at the clock."""


class Bounds(NamedTuple):
    """Where a search gives up."""

    states: int = 1_000_000
    depth: int = 10_000


class Progress(NamedTuple):
    """How far a search has come."""

    states: int
    edges: int
    depth: int
    """Steps from the start of the run to where it is now."""
    left: int
    """Situations that were not gone on from."""


class Path(NamedTuple):
    """Steps from the start of a run."""

    root: int
    """Where it begins: an index of what the search was given."""
    steps: tuple[Choice, ...]


class Found(NamedTuple):
    """A property that is broken, and the steps that lead there."""

    name: str
    text: str
    path: Path


class Result(NamedTuple):
    """What came of a search."""

    progress: Progress
    bound: str
    """Which bound was hit; empty: none, everything was looked at."""
    found: Found | None
    reached: frozenset[Property]
    """Those of the claims that were reached on some path."""
    unmet: dict[tuple[Property, int], Path]
    """Those that should be reached on every path, by root, each with a path on which it isn't."""
    known: frozenset[bytes]
    """The keys of all situations."""
    ends: frozenset[bytes]
    """The keys of those after which nothing comes."""


class Search:
    """A search from several roots at once, which have nothing in common."""

    def __init__(
        self, starts: Sequence[Situation], rules: Rules, keys: Keys, bounds: Bounds
    ) -> None:
        self.rules, self.keys, self.bounds = rules, keys, bounds
        self.reached: set[Property] = set()
        self.unmet: dict[tuple[Property, int], Path] = {}
        self.known: set[tuple[int, bytes]] = set()
        self.ends: set[bytes] = set()
        self.todo: deque[tuple[int, int, int, Situation]] = deque()
        """Situations to go on from: number, depth, root, and itself."""
        self.edges = self.depth = 0
        self.found: Found | None = None
        self._parents: list[tuple[int, Choice | None]] = []
        for root, start in enumerate(starts):
            self.known.add((root, keys.key(start)))
            self.todo.append((root, 0, root, start))
            self._parents.append((-1, None))

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        return Progress(len(self._parents), self.edges, self.depth, len(self.todo))

    def run(self, goes_on: Callable[[Progress], bool] = lambda _: True) -> Result:
        """Look at every situation; `goes_on` is asked now and then whether to."""
        bound = ""
        while self.todo and not bound and self.found is None:
            n, depth, _, _ = self.todo[0]
            if n % OFTEN == 0 and not goes_on(self.progress):
                bound = "time"
            elif depth >= self.bounds.depth:
                bound = "depth"
            elif len(self._parents) >= self.bounds.states:
                bound = "states"
            else:
                self.depth = depth
                self._go_on(*self.todo.popleft())
        known = frozenset(key for _, key in self.known)
        reached, ends = frozenset(self.reached), frozenset(self.ends)
        return Result(self.progress, bound, self.found, reached, self.unmet, known, ends)

    def _go_on(self, n: int, depth: int, root: int, situation: Situation) -> None:
        """Take every step from a situation, which is used up."""
        choices = self.rules.choices(situation)
        if not choices:
            self._end(n, root, situation)
        last = len(choices) - 1
        for which, choice in enumerate(choices):
            # The last one needs no copy.
            after = situation if which == last else situation.fork()
            broken = attempt(partial(self.rules.take, after, choice))
            self.edges += 1
            for claim in after.watch.seen:
                self.reached.add(claim)
                if claim.kind == ALWAYS and broken is None:
                    broken = claim.name, "it does not hold after this step"
            if broken is not None:
                self.found = Found(*broken, self._path(n, root, choice))
                return
            key = root, self.keys.key(after)
            if key not in self.known:
                self.known.add(key)
                self.todo.append((len(self._parents), depth + 1, root, after))
                self._parents.append((n, choice))

    def _end(self, n: int, root: int, situation: Situation) -> None:
        """Nothing comes any more."""
        self.ends.add(self.keys.key(situation))
        for claim in situation.watch.claims:
            if claim.kind == EVENTUALLY and claim not in situation.watch.seen:
                self.unmet.setdefault((claim, root), self._path(n, root))
        broken = attempt(situation.finish)
        if broken is not None:
            self.found = Found(*broken, self._path(n, root))

    def _path(self, n: int, root: int, *more: Choice) -> Path:
        """The steps that led to a situation."""
        steps = list(more)
        while (parent := self._parents[n])[1] is not None:
            n, choice = parent
            assert choice is not None
            steps.append(choice)
        return Path(root, tuple(reversed(steps)))


def attempt(step: Callable[[], object]) -> tuple[str, str] | None:
    """Take a step; the property that it breaks, and how."""
    try:
        step()
    except PropertyError as error:
        return error.name, error.text
    except RecsimError as error:
        return STEP, str(error)
    except (AssertionError, LookupError, AttributeError, TypeError, ValueError) as error:
        return STEP, f"{type(error).__name__}: {error}"
    return None
