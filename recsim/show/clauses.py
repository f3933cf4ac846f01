"""What the vendor documents, and what shows it, as tables: `docs/clauses.md` is made of them."""

from __future__ import annotations

from collections.abc import Iterable

from recsim.show.tables import Sheet
from recsim.vendors.telnyx.clauses import Clause, clauses

NOT_SHOWN = "Not shown"
"""The part in which clauses stand again that nothing shows."""

COLUMNS = ("clause", "says", "spec", "shown by")


def parts() -> dict[str, Sheet]:
    """The clauses by what they are about, and at the end those that nothing shows."""
    found: dict[str, list[Clause]] = {}
    for clause in clauses():
        found.setdefault(clause.part, []).append(clause)
    sheets = {part: shown(part, rows) for part, rows in found.items()}
    return {**sheets, NOT_SHOWN: not_shown(clauses())}


def shown(part: str, rows: Iterable[Clause]) -> Sheet:
    """Clauses, and where each can be seen; a dash: nowhere."""
    cells = [(one.id, one.says, one.source, where(one) or "-") for one in rows]
    return Sheet(part, COLUMNS, cells)


def not_shown(rows: Iterable[Clause]) -> Sheet:
    """Those clauses that nothing shows, and why."""
    cells = [(one.id, one.says, one.not_shown) for one in rows if one.not_shown]
    return Sheet(NOT_SHOWN, ("clause", "says", "why"), cells)


def sheet() -> Sheet:
    """All of them, as one table for a terminal: tests, which have long names, are counted."""
    cells = [(one.id, one.says, one.source, counted(one) or "-") for one in clauses()]
    return Sheet("clauses", COLUMNS, cells)


def counted(clause: Clause) -> str:
    """The scenarios that show a clause, and how many tests."""
    tests = len(clause.tests)
    told = [f"{tests} test{'s' if tests > 1 else ''}"] if tests else []
    return ", ".join((*clause.scenarios, *told))


def where(clause: Clause) -> str:
    """The scenarios that show a clause, and the tests by their names."""
    tests = (test.rpartition("::")[2] for test in clause.tests)
    return ", ".join(f"`{name}`" for name in (*clause.scenarios, *tests))


def summary() -> str:
    """How many there are, and of how many kinds."""
    rows = clauses()
    by_scenario = sum(bool(one.scenarios) for one in rows)
    by_test = sum(bool(one.tests) and not one.scenarios for one in rows)
    nowhere = sum(bool(one.not_shown) for one in rows)
    return (
        f"{len(rows)} clauses: {by_scenario} are shown by scenarios, {by_test} by tests alone,"
        f" {nowhere} by nothing yet.\n"
    )
