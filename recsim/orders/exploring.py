"""`explore`: a scenario, every order of what it leaves open, and what came of that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as File

from recsim.core.properties import EVENTUALLY, REACHABLE, SOMETIMES, Property
from recsim.orders.choices import Choice, Rules
from recsim.orders.counterexample import CounterExample, counter_example
from recsim.orders.keys import Keys
from recsim.orders.search import Bounds, Progress, Result, Search
from recsim.orders.search import Path as Steps
from recsim.orders.situation import Situation
from recsim.orders.variants import Root, roots
from recsim.scenario.load import Loaded, load
from recsim.scenario.run import Stage, stage

WIDE = Bounds()

UNMET = "a run comes to its end without it"


@dataclass(frozen=True)
class Exploration:
    """What came of looking at every order of a scenario."""

    loaded: Loaded
    seed: int
    states: int
    edges: int
    """Steps between them that were taken."""
    depth: int
    """The most steps from the start of a run, of the fewest to each state."""
    left: int
    """States whose next steps were not looked at."""
    bound: str
    """Which bound was hit: states, depth or time; empty: none."""
    counter_example: CounterExample | None
    """The shortest run that breaks a property."""
    unreached: tuple[str, ...]
    """Properties that should be reached on some path, and were on none that was looked at."""

    @property
    def is_complete(self) -> bool:
        """Whether every order was looked at."""
        return not self.left

    @property
    def vacuous(self) -> tuple[str, ...]:
        """Those of them that can't be reached."""
        return self.unreached if self.is_complete else ()

    @property
    def held(self) -> bool:
        """Whether nothing is broken, as far as it was looked at, and nothing vacuous."""
        return self.counter_example is None and not self.vacuous

    def __repr__(self) -> str:
        went = "held" if self.held else "failed"
        return f"<exploration of {self.loaded.file}: {self.states} states, {went}>"

    def __str__(self) -> str:
        from recsim.show.exploration import text_lines  # noqa: PLC0415 - showing stands above

        return "".join(f"{line.plain}\n" for line in text_lines(self))

    def _repr_html_(self) -> str:
        from recsim.show.html.findings import exploration  # noqa: PLC0415 - showing stands above

        return exploration(self)


def explore(
    path: str | File | Loaded,
    *,
    endings: bool = False,
    faults: int = 0,
    properties: Iterable[Property] = (),
    seed: int | None = None,
    readings: Mapping[str, str] | None = None,
    callback_orders: bool = False,
    prunes: bool = True,
    bounds: Bounds = WIDE,
    goes_on: Callable[[Progress], bool] = lambda _: True,
) -> Exploration:
    """Look at every legal order of a scenario. Raises ScenarioError when it can't be played.

    `endings`: everybody may hang up at any time. `faults`: so many answers may be bad ones.
    `callback_orders`: answers to callbacks come late as well. Without `prunes`, states that differ
    only in what was, in who is who, or in calls that share nothing, are looked at one by one; they
    are so with `properties` of the caller's own, which may look at anything. `goes_on` is asked
    now and then whether to. Raises ExploreError for a scenario that is too much.
    """
    loaded = path if isinstance(path, Loaded) else load(path)
    claims = tuple(properties)
    lean = prunes and all(claim in REACHABLE for claim in claims)
    asks = loaded.scenario.receiver.asks or any(
        "deliveries" in request.path for request in loaded.scenario.requests
    )
    rules = Rules(endings, callback_orders or bool(asks))
    begins = roots(loaded.scenario, loaded.file, splits=lean)
    stages = [stage(loaded._replace(scenario=root.scenario), seed, readings) for root in begins]
    search = Search(
        [Situation(one, claims, faults) for one in stages],
        rules,
        Keys(whole=not lean),
        bounds,
    )
    result = search.run(goes_on)
    found = shown(result, begins, stages, rules, faults, claims)
    unreached = tuple(
        claim.name for claim in claims if claim.kind == SOMETIMES and claim not in result.reached
    )
    progress = result.progress
    return Exploration(
        loaded,
        stages[0].seed,
        progress.states,
        progress.edges,
        progress.depth,
        progress.left,
        result.bound,
        found,
        unreached,
    )


def shown(
    result: Result,
    begins: list[Root],
    stages: list[Stage],
    rules: Rules,
    faults: int,
    claims: tuple[Property, ...],
) -> CounterExample | None:
    """The run that breaks a property, if one does."""

    def told(path: Steps, name: str, text: str, claim: Property | None) -> CounterExample:
        steps: tuple[Choice, ...] = path.steps
        return counter_example(stages[path.root], rules, faults, steps, name, text, claim)

    if result.found is not None:
        name, text, path = result.found
        claim = next((one for one in claims if one.name == name), None)
        return told(path, name, text, claim)
    for claim in (one for one in claims if one.kind == EVENTUALLY):
        for group in dict.fromkeys(root.group for root in begins):
            members = [n for n, root in enumerate(begins) if root.group == group]
            paths = [result.unmet[claim, n] for n in members if (claim, n) in result.unmet]
            if len(paths) == len(members):  # calls that share nothing: one of them is enough
                shortest = min(paths, key=lambda path: len(path.steps))
                return told(shortest, claim.name, UNMET, claim)
    return None
