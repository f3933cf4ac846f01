"""Callback handlers for tests: what their machines find, and the scenario that is told with it."""

from __future__ import annotations

import re
import tempfile
from contextlib import chdir
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


TOLD = re.compile(r"^---- scenario that shows it.*?\n(.*?)^---- play", re.MULTILINE | re.DOTALL)


def failure_of(machine: type[CallbackMachine], **more: Any) -> Exception | None:
    """What its test raises; nothing where it passes."""
    case = machine.TestCase
    steps, phases = case.settings.stateful_step_count, case.settings.phases
    given = {"stateful_step_count": steps, "phases": phases, **more}
    case.settings = settings(SETTINGS, **given)
    try:
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            case("runTest").runTest()
    except Exception as error:  # noqa: BLE001 - whatever a handler raises
        return error
    return None


def failures(error: Exception) -> list[Exception]:
    """Each of them."""
    return list(error.exceptions) if isinstance(error, ExceptionGroup) else [error]


def scenario_in(error: Exception) -> str:
    """The YAML that is told with a failure."""
    notes = "\n".join(error.__notes__)
    found = re.search(
        r"^---- scenario that shows it.*?\n(.*?)^---- play", notes, re.MULTILINE | re.DOTALL
    )
    assert found is not None, notes
    return found[1]


def example(readme: str) -> type[CallbackMachine]:
    """The machine that stands in the README."""
    [code] = re.findall(r"<!-- machine -->\n```python\n(.*?)```\n", readme, re.DOTALL)
    names: dict[str, Any] = {"__name__": "readme"}
    exec(code, names)
    made: type[CallbackMachine] = names["Inbox"]
    return made


def shown(readme: str) -> str:
    """The smallest scenario that the README's machine tells."""
    error = failure_of(example(readme))
    assert error is not None
    return min(map(scenario_in, failures(error)), key=len)
