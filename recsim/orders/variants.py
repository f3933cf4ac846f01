"""What a search begins from: drawn lengths at their ends, and calls that share nothing alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from pydantic import BaseModel

from recsim.core.errors import RecsimError
from recsim.scenario import parts
from recsim.scenario.schema import Scenario

MOST = 1_000
"""Combinations of drawn lengths that are looked at."""

SHARED = re.compile(r"conference|queue", re.IGNORECASE)
"""What brings calls together, where a document says it."""


class ExploreError(RecsimError):
    """A scenario that is too much for a search."""

    def __init__(self, file: str, text: str) -> None:
        super().__init__(file, text)
        self.file, self.text = file, text

    def __str__(self) -> str:
        return f"{self.file}: {self.text}"


class Root(NamedTuple):
    """Where a search begins."""

    scenario: Scenario
    """Without draws in what people do."""
    group: int
    """Those of one group are parts of the same runs."""


def roots(scenario: Scenario, file: str, *, splits: bool) -> list[Root]:
    """Every combination of drawn lengths and, where calls share nothing, each call alone.

    Raises ExploreError where there are too many.
    """
    people = {"calls": scenario.calls, "callees": scenario.callees}
    count = 1
    for draw in drawn(people):
        count *= len(ends(draw))
    if count > MOST:
        text = f"expected at most {MOST} combinations of drawn lengths, got {count}"
        raise ExploreError(file, f"{text}: write some of them as they are to be")
    found: list[Root] = []
    for group, lengths in enumerate(product(*map(ends, drawn(people)))):
        settled = replaced(people, iter(lengths))
        each = scenario.model_copy(update={**settled, "expect": []})
        alone = [each]
        if splits and len(scenario.calls) > 1 and are_apart(scenario):
            alone = [
                each.model_copy(update={"calls": {name: call}}) for name, call in each.calls.items()
            ]
        found += [Root(one, group) for one in alone]
    return found


def are_apart(scenario: Scenario) -> bool:
    """Whether calls that come in share nothing: no room, no queue, and nobody who asks for more."""
    if scenario.requests or scenario.receiver.asks:
        return False
    pages = scenario.documents.values()
    return not any(SHARED.search(page if isinstance(page, str) else page.body) for page in pages)


def ends(draw: parts.Drawn) -> tuple[int, ...]:
    """The lengths by which a drawn one is looked at; of an endless one its mean (assumed)."""
    match draw:
        case parts.Uniform():
            return tuple(dict.fromkeys(draw.uniform))
        case parts.Choice():
            return tuple(dict.fromkeys(draw.choice))
        case parts.Exponential():
            return (draw.exponential,)
        case parts.Normal():
            return (draw.normal[0],)
    raise AssertionError(draw)


def drawn(value: Any) -> Iterator[parts.Drawn]:
    """The draws in a part of a scenario."""
    if isinstance(value, parts.Drawn):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from drawn(getattr(value, name))
    elif isinstance(value, dict):
        for part in value.values():
            yield from drawn(part)
    elif isinstance(value, list):
        for part in value:
            yield from drawn(part)


def replaced(value: Any, lengths: Iterator[int]) -> Any:
    """A part of a scenario with the next of `lengths` in place of each draw."""
    if isinstance(value, parts.Drawn):
        return next(lengths)
    if isinstance(value, BaseModel):
        changed = {
            name: replaced(getattr(value, name), lengths) for name in type(value).model_fields
        }
        given = {name: part for name, part in changed.items() if part != getattr(value, name)}
        return value.model_copy(update=given) if given else value
    if isinstance(value, dict):
        return {key: replaced(part, lengths) for key, part in value.items()}
    if isinstance(value, list):
        return [replaced(part, lengths) for part in value]
    return value
