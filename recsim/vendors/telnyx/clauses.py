"""What the vendor documents, clause by clause.

The clauses stand in `clauses.yaml`, which is read when they are first asked for. What shows one is
a line of a scenario that names it, in `expect` or beside the answer of a request; where no line
can, the entry names tests, or says why nothing does.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from recsim.vendors.telnyx.disputes import entries

FILE = "clauses.yaml"


class Clause(NamedTuple):
    """One entry: something documented."""

    id: str
    part: str
    """What it is about, together with others."""
    source: str
    """The document, named as in `disputes.yaml`."""
    says: str
    """In our own words."""
    tests: tuple[str, ...]
    """Ids of the tests that show it; of many that scenarios show there are none."""
    not_shown: str
    """Why nothing does; empty where something does."""


@cache
def clauses() -> tuple[Clause, ...]:
    """All entries, in the file's order."""
    return tuple(
        Clause(
            id=entry["id"],
            part=entry["part"],
            source=entry["source"],
            says=entry["says"],
            tests=tuple(entry.get("tests", ())),
            not_shown=entry.get("not_shown", ""),
        )
        for entry in entries(FILE)
    )


@cache
def ids() -> frozenset[str]:
    """The ids alone, which every scenario is held against: they are found without parsing."""
    text = files("recsim.vendors.telnyx").joinpath(FILE).read_text(encoding="utf-8")
    return frozenset(re.findall(r"(?m)^- id: (\S+)$", text))


def clause_of(name: str) -> Clause:
    """The clause of an id. Raises KeyError where there is none."""
    return _by_id()[name]


@cache
def _by_id() -> dict[str, Clause]:
    return {clause.id: clause for clause in clauses()}
