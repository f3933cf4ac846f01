"""A scenario file, read and checked: all its faults at once, each at its line."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from recsim.core.errors import Fault, ScenarioError
from recsim.scenario.compiling import NAME, name_fault
from recsim.scenario.faults import validated
from recsim.scenario.reading import Tree, dotted, read, refuse
from recsim.scenario.schema import Scenario

FORMAT = "1"


class Loaded(NamedTuple):
    """A scenario that can be played, and where its parts stand."""

    file: str
    scenario: Scenario
    tree: Tree


def load(path: str | Path) -> Loaded:
    """The scenario in a file. Raises ScenarioError, with all its faults."""
    file = str(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ScenarioError(file, (Fault(0, 0, "", f"cannot be read: {reason.lower()}"),)) from None
    return loads(data, file)


def loads(data: bytes | str, file: str = "<scenario>") -> Loaded:
    """The scenario in a file's content; `file` is its name in errors. Raises ScenarioError."""
    tree = read(data.encode() if isinstance(data, str) else data, file)
    version = tree.data.get("recsim")
    if isinstance(version, str) and version != FORMAT:
        text = f"expected format version {FORMAT}, got {version!r}"
        refuse(file, [Fault(*tree.position(("recsim",)), "recsim", text)])
    scenario = validated(Scenario, tree, file)
    if faults := list(_dangling(scenario, tree)):
        refuse(file, faults)
    return Loaded(file, scenario, tree)


def _dangling(scenario: Scenario, tree: Tree) -> list[Fault]:
    """Names of calls that there are not."""
    faults = []
    calls = scenario.calls

    def fault(path: tuple[str | int, ...], text: str) -> None:
        faults.append(Fault(*tree.position(path), dotted(path), text))

    for n, request in enumerate(scenario.requests):
        where: tuple[str | int, ...] = ("requests", n)
        for match in NAME.finditer(request.path):
            if text := name_fault(match[1], calls):
                fault((*where, request.method.lower()), text)
        if request.at.call and request.at.call not in calls:
            fault((*where, "at"), _no_call(request.at.call, calls))
    for n, line in enumerate(scenario.expect):
        for name in ("within", "before"):
            when = getattr(line, name)
            if when and when.call and when.call not in calls:
                fault(("expect", n, name), _no_call(when.call, calls))
    return faults


def _no_call(name: str, calls: dict[str, object] | object) -> str:
    assert isinstance(calls, dict)
    return f"expected the name of a call ({', '.join(calls)}), got {name!r}"
