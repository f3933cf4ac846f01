"""A machine played by hand, outside of a test: whether the handler held, and else what shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias, cast

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from recsim.scenario.dump import dumps
from recsim.scenario.load import loads
from recsim.scenario.run import Run, run
from recsim.scenario.schema import Scenario
from recsim.strategies.failing import is_failure, kept


class Trial(NamedTuple):
    """What came of it."""

    name: str
    """Of the machine."""
    examples: int
    """Tries at most, as it was asked."""
    error: Exception | None
    """What the handler raised in the smallest try that makes it fail; None: nothing, in any."""
    run: Run | None
    """That try, as a scenario that was played; None where nothing failed, or before anything
    happened."""

    @property
    def held(self) -> bool:
        """Whether the handler raised nothing."""
        return self.error is None

    @property
    def failure(self) -> str:
        """The error in a line; empty where there is none."""
        if self.error is None:
            return ""
        said = str(self.error)
        return f"{type(self.error).__name__}: {said}" if said else type(self.error).__name__

    @property
    def yaml(self) -> str:
        """The scenario that shows it, as the text of a file."""
        return dumps(self.run.loaded.scenario) if self.run is not None else ""

    def __repr__(self) -> str:
        return f"<trial of {self.name}: {self.failure or 'held'}>"

    def __str__(self) -> str:
        if self.held:
            return f"{self.name} held in {self.examples} examples\n"
        parts = [f"{self.name} failed: {self.failure}\n"]
        if self.run is not None:
            parts += [self.run.lanes(), self.yaml, f"play it again with: {self.run.replay()}\n"]
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        from recsim.show.html.findings import trial  # noqa: PLC0415 - showing stands above

        return trial(self)


#: Failures, each with the scenario that shows it.
Told: TypeAlias = list[tuple[BaseException, Scenario]]


def tried(
    make: Callable[[Told], RuleBasedStateMachine], name: str, examples: int, steps: int
) -> Trial:
    """Play machines that `make` makes, each of which tells its failure."""
    told: Told = []
    asked: dict[str, Any] = {
        "max_examples": examples,
        "stateful_step_count": steps,
        "derandomize": True,
        "database": None,
        "deadline": None,
        "print_blob": False,
        "phases": [Phase.explicit, Phase.generate, Phase.shrink],
        "suppress_health_check": list(HealthCheck),
    }
    try:
        # What makes machines may be anything that can be called, though its type says a class.
        run_state_machine_as_test(
            cast("type[RuleBasedStateMachine]", lambda: make(told)), settings=settings(**asked)
        )
    except Exception as error:  # whatever a handler raises is what was looked for
        found = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
        if not all(map(is_failure, found)):
            raise
        return smallest(name, examples, found, told)
    return Trial(name, examples, None, None)


def smallest(name: str, examples: int, found: Sequence[Exception], told: Told) -> Trial:
    """Of different failures, the one that the shortest scenario shows."""
    ways = [(one, text) for one in found for error, text in told if error is one]
    if not ways:
        return Trial(name, examples, found[0], None)
    error, scenario = min(ways, key=lambda way: len(dumps(way[1])))
    return Trial(name, examples, error, shown(scenario, name))


def shown(scenario: Scenario, name: str) -> Run:
    """A scenario that shows a failure, played, and kept in a file where one can be written."""
    text = dumps(scenario)
    return run(loads(text, str(kept(text, name) or "scenario.yaml")))
