"""Breadth first through every situation, so that what is found is found in the fewest steps."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple

from recsim.core.errors import PropertyError, RecsimError
from recsim.core.properties import ALWAYS, EVENTUALLY, Property
from recsim.explore.choices import Choice, Rules
from recsim.explore.keys import Keys
from recsim.explore.situation import Situation

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


class Found(NamedTuple):
    """A property that is broken, and the steps that lead there."""

    name: str
    text: str
    steps: tuple[Choice, ...]


class Result(NamedTuple):
    """What came of a search."""

    progress: Progress
    bound: str
    """Which bound was hit; empty: none, everything was looked at."""
    found: Found | None
    reached: frozenset[Property]
    """Those of the claims that were reached on some path."""
    unmet: dict[Property, tuple[Choice, ...]]
    """Those that should be reached on every path, each with one on which it isn't."""
    ends: frozenset[bytes]
    """The keys of situations after which nothing comes."""


def search(
    start: Situation,
    rules: Rules,
    keys: Keys,
    bounds: Bounds,
    goes_on: Callable[[Progress], bool] = lambda _: True,
) -> Result:
    """Look at every situation that `start` can lead to; `start` is used up.

    `goes_on` is asked now and then whether to.
    """
    claims = start.watch.claims
    reached: set[Property] = set()
    unmet: dict[Property, tuple[Choice, ...]] = {}
    parents: list[tuple[int, Choice | None]] = [(-1, None)]
    known = {keys.key(start): 0}
    ends: set[bytes] = set()
    todo: deque[tuple[int, int, Situation]] = deque([(0, 0, start)])
    edges = depth = 0
    bound = ""
    found: Found | None = None

    def path(n: int, *more: Choice) -> tuple[Choice, ...]:
        steps = list(reversed(more))
        while n:
            n, choice = parents[n]
            assert choice is not None
            steps.append(choice)
        return tuple(reversed(steps))

    while todo and not bound and found is None:
        n, depth, situation = todo.popleft()
        if n % OFTEN == 0 and not goes_on(Progress(len(parents), edges, depth, len(todo) + 1)):
            bound = "time"
        elif depth >= bounds.depth:
            bound = "depth"
        if bound:
            todo.appendleft((n, depth, situation))
            break
        choices = rules.choices(situation)
        if not choices:
            ends.add(keys.key(situation))
            broken = attempt(situation.finish)
            if broken is not None:
                found = Found(*broken, path(n))
            for claim in claims:
                if claim.kind == EVENTUALLY and claim not in situation.watch.seen:
                    unmet.setdefault(claim, path(n))
        last = len(choices) - 1
        for which, choice in enumerate(choices):
            # The last one needs no copy.
            after = situation if which == last else situation.fork()
            broken = attempt(lambda after=after, choice=choice: rules.take(after, choice))  # type: ignore[misc]
            edges += 1
            if broken is None:
                for claim in after.watch.seen:
                    if claim.kind == ALWAYS:
                        broken = (claim.name, "it does not hold after this step")
                        break
                    reached.add(claim)
            if broken is not None:
                found = Found(*broken, path(n, choice))
                break
            key = keys.key(after)
            if key in known:
                continue
            if len(parents) >= bounds.states:
                bound = "states"
                todo.appendleft((n, depth, situation))
                break
            known[key] = len(parents)
            todo.append((len(parents), depth + 1, after))
            parents.append((n, choice))
    progress = Progress(len(parents), edges, depth, len(todo))
    return Result(progress, bound, found, frozenset(reached), unmet, frozenset(ends))


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


def replay(start: Situation, rules: Rules, steps: Iterable[Choice]) -> Situation:
    """Where some steps lead."""
    for choice in steps:
        rules.take(start, choice)
    return start
