"""What the vendor documents, and what shows it, as tables: `docs/clauses.md` is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from recsim.show.sheet import Sheet
from recsim.vendors.telnyx.clauses import Clause, clauses

NOT_SHOWN = "Not shown"
"""The part in which clauses stand again that nothing shows."""

Lines: TypeAlias = Mapping[str, Sequence[str]]
"""The lines of scenarios that show a clause, by its id, as links."""


def parts(lines: Lines) -> dict[str, Sheet]:
    """The clauses by what they are about, and at the end those that nothing shows."""
    found: dict[str, list[Clause]] = {}
    for clause in clauses():
        found.setdefault(clause.part, []).append(clause)
    sheets = {part: shown(part, rows, lines) for part, rows in found.items()}
    return {**sheets, NOT_SHOWN: not_shown(clauses())}


def shown(part: str, rows: Iterable[Clause], lines: Lines) -> Sheet:
    """Clauses, and where each can be seen; a dash: nowhere."""
    cells = [(one.id, one.says, one.source, where(one, lines) or "-") for one in rows]
    return Sheet(part, ("clause", "says", "spec", "shown by"), cells)


def not_shown(rows: Iterable[Clause]) -> Sheet:
    """Those clauses that nothing shows, and why."""
    cells = [(one.id, one.says, one.not_shown) for one in rows if one.not_shown]
    return Sheet(NOT_SHOWN, ("clause", "says", "why"), cells)


def sheet() -> Sheet:
    """All of them, as one table for a terminal, where there need not be any scenarios."""
    cells = [(one.id, one.says, one.source, besides(one)) for one in clauses()]
    return Sheet("clauses", ("clause", "says", "spec", "tests"), cells)


def besides(clause: Clause) -> str:
    """How many tests show a clause besides scenarios, or why nothing does; else a dash."""
    return clause.not_shown or str(len(clause.tests) or "-")


def where(clause: Clause, lines: Lines) -> str:
    """The lines that show a clause, and the tests by their names."""
    tests = (f"`{test.rpartition('::')[2]}`" for test in clause.tests)
    return ", ".join((*lines.get(clause.id, ()), *tests))


def summary(lines: Lines) -> str:
    """How many there are, and of how many kinds."""
    rows = clauses()
    by_scenario = sum(one.id in lines for one in rows)
    by_test = sum(bool(one.tests) and one.id not in lines for one in rows)
    nowhere = sum(bool(one.not_shown) for one in rows)
    return (
        f"{len(rows)} clauses: {by_scenario} are shown by lines of scenarios, {by_test} by tests"
        f" alone, {nowhere} by nothing yet.\n"
    )
