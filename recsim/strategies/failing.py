"""What a failure leaves behind: the scenario that shows it, as a file, and what plays it again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from hypothesis import note
from hypothesis.errors import HypothesisException, InvalidArgument

from recsim.scenario.dump import dumps
from recsim.scenario.schema import Scenario

FOLDER = Path(".recsim", "failures")
"""Below the folder in which the tests are run."""

P = ParamSpec("P")
R = TypeVar("R")


def is_failure(error: BaseException) -> bool:
    """Whether it is one of the test, and not how Hypothesis finds its way."""
    return isinstance(error, Exception) and not isinstance(error, HypothesisException)


class Shown:
    """A scenario that shows a failure, as text; it is kept in a file once that is asked for.

    Hypothesis asks only for the smallest one that it finds.
    """

    def __init__(self, scenario: Scenario, name: str) -> None:
        self.scenario, self.name = scenario, name

    def __repr__(self) -> str:
        text = dumps(self.scenario)
        file = kept(text, self.name)
        where = f"kept in {file}" if file else "save it as scenario.yaml"
        command = f"recsim run {shlex.quote(str(file or 'scenario.yaml'))}"
        return (
            f"---- scenario that shows it, {where}\n{text}"
            f"---- play it again with: {command} --seed {self.scenario.seed}"
        )


def tell(error: BaseException, scenario: Scenario, name: str) -> None:
    """Tell with an error which scenario shows it, whole, and how to play that again."""
    shown = Shown(scenario, name)
    try:
        note(shown)
    except InvalidArgument:  # the test was called by itself
        error.add_note(repr(shown))


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
        except Exception as error:  # it is told of, and raised again
            given = [one for one in (*args, *kwargs.values()) if isinstance(one, Scenario)]
            if given and is_failure(error):
                tell(error, given[0], test.__qualname__)
            raise

    return keeping
