"""What a failure leaves behind: the scenario that shows it, as a file, and the command to play it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from hypothesis.errors import HypothesisException

from recsim.scenario.dump import dumps
from recsim.scenario.schema import Scenario

FOLDER = Path(".recsim", "failures")
"""Below the folder in which the tests are run."""

P = ParamSpec("P")
R = TypeVar("R")


def is_failure(error: BaseException) -> bool:
    """Whether it is one of the test, and not how Hypothesis finds its way."""
    return isinstance(error, Exception) and not isinstance(error, HypothesisException)


def note(error: BaseException, scenario: Scenario, name: str) -> None:
    """Tell with an error which scenario shows it, whole, and how to play that again.

    The last one of a `name` is kept in a file: that is the smallest, once Hypothesis is done.
    """
    text = dumps(scenario)
    file = kept(text, name)
    where = f"kept in {file}" if file else "save it as scenario.yaml"
    command = f"recsim run {shlex.quote(str(file or 'scenario.yaml'))} --seed {scenario.seed}"
    error.add_note(
        f"---- scenario that shows it, {where}\n{text}---- play it again with: {command}"
    )


def kept(text: str, name: str) -> Path | None:
    """The file in which a scenario is kept; None where none can be written."""
    words = re.findall(r"[A-Za-z0-9]+", name.rpartition("<locals>.")[2])
    file = FOLDER / f"{'-'.join(words) or 'scenario'}.yaml"
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        FOLDER.with_name(".gitignore").write_text("*\n", encoding="utf-8")
        file.write_text(text, encoding="utf-8")
    except OSError:
        return None
    return file


def keeps_failures(test: Callable[P, R]) -> Callable[P, R]:
    """Makes a test that is given scenarios tell the one that it fails with; stands below `@given`.

    ```python
    @given(scenarios())
    @keeps_failures
    def test_every_recording_is_told(scenario): ...
    ```
    """

    @wraps(test)
    def keeping(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return test(*args, **kwargs)
        except Exception as error:
            given = [one for one in (*args, *kwargs.values()) if isinstance(one, Scenario)]
            if given and is_failure(error):
                note(error, given[0], test.__qualname__)
            raise

    return keeping
