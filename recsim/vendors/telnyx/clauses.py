"""What the vendor documents, clause by clause, and which scenarios and tests show it.

The clauses stand in `clauses.yaml`, which is read when they are first asked for.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from recsim.vendors.telnyx.disputes import entries


class Clause(NamedTuple):
    """One entry: something documented, and where it can be seen."""

    id: str
    part: str
    """What it is about, together with others."""
    source: str
    """The document, named as in `disputes.yaml`."""
    says: str
    """In our own words."""
    scenarios: tuple[str, ...]
    """Stems of the files that show it."""
    tests: tuple[str, ...]
    """Ids of the tests that show it."""
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
            scenarios=tuple(entry.get("shown_by", {}).get("scenarios", ())),
            tests=tuple(entry.get("shown_by", {}).get("tests", ())),
            not_shown=entry.get("not_shown", ""),
        )
        for entry in entries("clauses.yaml")
    )
