"""Callback handlers for tests, and what the one in the README gets to see."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import HealthCheck, settings

from recsim.strategies import CallbackMachine

SETTINGS = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def failure_of(machine: type[CallbackMachine], **more: Any) -> BaseException | None:
    """What its test raises; nothing where it passes."""
    case = machine.TestCase
    steps, phases = case.settings.stateful_step_count, case.settings.phases
    case.settings = settings(SETTINGS, stateful_step_count=steps, phases=phases, **more)
    try:
        case("runTest").runTest()
    except Exception as error:
        return error
    return None


def failures(error: BaseException) -> list[BaseException]:
    """Each of them."""
    return list(error.exceptions) if isinstance(error, BaseExceptionGroup) else [error]


def scenario_in(error: BaseException) -> str:
    """The YAML that is told with a failure."""
    notes = "\n".join(error.__notes__)
    [text] = re.findall(r"^---- scenario that shows it.*?\n(.*?)^---- ", notes, re.M | re.S)
    return str(text)


def example(readme: str) -> type[CallbackMachine]:
    """The machine that stands in the README."""
    [code] = re.findall(r"<!-- machine -->\n```python\n(.*?)```\n", readme, re.DOTALL)
    names: dict[str, Any] = {"__name__": "readme"}
    exec(code, names)
    made: type[CallbackMachine] = names["Inbox"]
    return made


def shown(readme: str) -> str:
    """The scenario in which the README's handler hears of the end first."""
    error = failure_of(example(readme))
    assert error is not None
    return next(scenario_in(one) for one in failures(error) if isinstance(one, KeyError))
