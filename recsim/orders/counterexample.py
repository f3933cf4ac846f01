"""The shortest run that breaks a property: as steps, as a scenario, as a test; in round figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from recsim.core.errors import PropertyError, ScenarioError
from recsim.core.properties import Property, word_of
from recsim.core.story import Step
from recsim.core.units import SECOND_US
from recsim.orders.choices import Choice, Rules
from recsim.orders.script import Script, scenario_of
from recsim.orders.search import STEP
from recsim.orders.situation import ATTEMPT, FETCH, STORE, Situation
from recsim.orders.telling import retold
from recsim.scenario.dump import dumps
from recsim.scenario.load import Loaded, loads
from recsim.scenario.run import Run, Stage, attempt, stage
from recsim.scenario.schema import Scenario
from recsim.scenario.units import parse_moment

FILE = "counter-example.yaml"

ROUND_US = (SECOND_US, SECOND_US // 10, SECOND_US // 1000)
"""What moments are rounded to, the roundest first."""


@dataclass(frozen=True)
class CounterExample:
    """A run that breaks a property."""

    name: str
    """Of the property."""
    text: str
    """How it is broken."""
    steps: tuple[str, ...]
    """What happens, a line each."""
    yaml: str
    """A scenario that plays it."""
    replays: bool
    """Playing that breaks the same property."""
    run: Run | None
    """That run, as far as it goes."""
    claim: Property | None = None
    """Where the property is not a built-in one."""

    def test(self) -> str:
        """The text of a test that plays the scenario, and fails as long as the property is broken.

        A property of one's own is imported from where it stands.
        """
        module, _, name = (word_of(self.claim) if self.claim else "").partition(":")
        wanted = {"name": self.name, "file": FILE, "module": module, "claim": name}
        return (CLAIMED if name else WATCHED).format(**wanted)


WATCHED = '''\
"""Found by recsim explore: {name}."""

from pathlib import Path

import recsim


def test_counter_example() -> None:
    """`recsim.run` raises PropertyError as long as this is broken: {name}."""
    recsim.run(Path(__file__).with_name("{file}"))
'''

CLAIMED = '''\
"""Found by recsim explore: {name}."""

from pathlib import Path

import recsim

from {module} import {claim}


def test_counter_example() -> None:
    """This holds: {name}."""
    run = recsim.run(Path(__file__).with_name("{file}"), properties=[{claim}])

    assert run.as_expected, run.claims
'''

LONGER_US = 2 * SECOND_US
"""By so much a run may become longer when its moments are made rounder."""

#: By how much answers and the last steps of stories are moved, so that ties are none.
SHIFTS_US = ((0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (1, 4), (4, 1))


class Broken(NamedTuple):
    """What is to be broken."""

    name: str
    claim: Property | None


def counter_example(
    staged: Stage,
    rules: Rules,
    faults: int,
    steps: tuple[Choice, ...],
    name: str,
    text: str,
    claim: Property | None,
) -> CounterExample:
    """What the steps of a search show."""
    claims = () if claim is None else (claim,)
    teller = retold(Situation(staged, claims, faults), rules, steps)
    script, what = teller.script(), Broken(name, claim)
    best: tuple[Scenario, Run] | None = None
    for tried in untied(script):
        scenario = scenario_of(staged.loaded.scenario, tried, f"Counter-example: {name}"[:120])
        run = breaks(scenario, staged, what)
        if run is not None:
            best, script = (scenario, run), tried
            break
    if best is None:
        scenario = scenario_of(staged.loaded.scenario, script, f"Counter-example: {name}"[:120])
        return CounterExample(name, text, tuple(teller.lines), dumps(scenario), False, None, claim)
    scenario, run = tightened(staged, script, what, best)
    return CounterExample(name, text, tuple(teller.lines), dumps(scenario), True, run, claim)


def tightened(
    staged: Stage, script: Script, what: Broken, best: tuple[Scenario, Run]
) -> tuple[Scenario, Run]:
    """The same in rounder figures, and with less that has to be said, where it still breaks."""
    base, title = staged.loaded.scenario, best[0].title
    for others in simpler(script):
        for other in others(script):
            scenario = scenario_of(base, other, title)
            run = breaks(scenario, staged, what)
            if run is not None and lasts_us(run) <= lasts_us(best[1]) + LONGER_US:
                script, best = other, (scenario, run)
                break
    return best


def lasts_us(run: Run) -> int:
    """When a run was over, or broken."""
    return parse_moment(run.trace[-1]["at"])


def simpler(script: Script) -> Iterator[Callable[[Script], Iterable[Script]]]:
    """Ways to make a script simpler, one after another: each tells what to try, the best first."""
    for n in range(len(script.people)):
        for step in range(len(script.people[n].story)):
            yield partial(rounded_step, person=n, n=step)
    for n in range(len(script.replies)):
        yield partial(rounded, n=n)
    for kind in (ATTEMPT, STORE, FETCH):
        yield partial(without, kind=kind)


def without(script: Script, kind: str) -> Iterator[Script]:
    """Questions of a kind are answered as the scenario says anyway."""
    yield replace(script, replies=[one for one in script.replies if one.kind != kind])


def rounded(script: Script, n: int) -> Iterator[Script]:
    """The n-th reply after a round length."""
    for after_us in near(script.replies[n].after_us):
        replies = list(script.replies)
        replies[n] = replies[n]._replace(after_us=after_us)
        yield replace(script, replies=replies)


def rounded_step(script: Script, person: int, n: int) -> Iterator[Script]:
    """The n-th step of somebody after a round length."""
    played = script.people[person]
    for after_us in near(played.story[n].after_us):
        story = list(played.story)
        story[n] = story[n]._replace(after_us=after_us)
        people = list(script.people)
        people[person] = played._replace(story=tuple(story))
        yield replace(script, people=people)


def near(length_us: int) -> Iterator[int]:
    """Round lengths near to one, the roundest first."""
    for unit_us in ROUND_US:
        below_us = length_us - length_us % unit_us
        if below_us == length_us:
            return
        yield below_us + unit_us
        yield below_us


def untied(script: Script) -> Iterator[Script]:
    """Scripts in which what came at one instant comes apart by very little.

    Who goes first at a tie is nobody's choice in a run: what waits for its moment the longest does.
    """
    for replied_us, acted_us in SHIFTS_US:
        replies = [one._replace(after_us=one.after_us + replied_us) for one in script.replies]
        people = [
            one._replace(story=(*one.story[:-1], later(one.story[-1], acted_us)))
            if one.story
            else one
            for one in script.people
        ]
        yield replace(script, replies=replies, people=people)


def later(step: Step, by_us: int) -> Step:
    """A step that comes a little later."""
    return step._replace(after_us=step.after_us + by_us)


def breaks(scenario: Scenario, staged: Stage, what: Broken) -> Run | None:
    """The run of a scenario, if it breaks a property."""
    try:
        loaded: Loaded = loads(dumps(scenario), FILE)
    except ScenarioError:
        return None
    claims = () if what.claim is None else (what.claim,)
    run, stopped = attempt(stage(loaded, staged.seed, staged.readings), claims)
    if what.claim is not None:
        is_broken = stopped is None and not all(claimed.held for claimed in run.claims)
    elif isinstance(stopped, PropertyError):
        is_broken = stopped.name == what.name
    else:
        is_broken = stopped is not None and what.name == STEP
    return run if is_broken else None
