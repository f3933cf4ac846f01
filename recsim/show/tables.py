"""What `recsim table` prints: tables, how often their rows were taken, diagrams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console

from recsim.core.errors import suggest
from recsim.core.lifecycle import Lifecycle
from recsim.scenario.coverage import REASONS, Coverage, Step, moving, step
from recsim.show import coverage
from recsim.show.sheet import Sheet, grid, plain_console
from recsim.show.sheets import LIFECYCLES, NAMES, RULE, of_lifecycle, rule_cells, table


def show(
    name: str | None, *, drawn: Callable[[Lifecycle], str] | None = None, as_json: bool = False
) -> None:
    """Print one table, or all. Raises LookupError for a name that there isn't.

    `drawn` makes a diagram of a lifecycle, which is printed in its place.
    """
    chosen = [table(name)] if name is not None else [table(one) for one in NAMES]
    console = plain_console()
    if drawn is not None:
        names: Sequence[str] = [name] if name else list(LIFECYCLES)
        if strange := [other for other in names if other not in LIFECYCLES]:
            raise LookupError(f"{strange[0]!r} is no lifecycle: it has no diagram")
        for one in names:
            console.out(drawn(LIFECYCLES[one]), highlight=False, end="")
        return
    for one, sheet in zip([name] if name else NAMES, chosen, strict=True):
        if as_json:
            for row in sheet.rows:
                cells: dict[str, Any] = {"table": one, **dict(zip(sheet.columns, row, strict=True))}
                console.out(orjson.dumps(cells).decode(), highlight=False)
        else:
            console.print(grid(sheet))


def show_coverage(name: str | None, folders: Sequence[Path], *, as_json: bool = False) -> int:
    """Print how often the traces in `folders` took each row of one table, or of all.

    Those are the lifecycles, and the reasons of `REASONS`. Returns the number of traces. Raises
    LookupError for a name whose rows are not counted and `coverage.TraceError` for a trace that
    can't be; nothing is printed then.
    """
    names = (*LIFECYCLES, *REASONS)
    if name is not None and name not in names:
        known = ", ".join(names)
        near = suggest(name, names)
        raise LookupError(f"{name!r} is no lifecycle: its rows are not counted{near}; {known} are")
    traces = coverage.traces(folders)
    counted = coverage.taken(traces, LIFECYCLES.values())
    found = coverage.reasons(traces, counted)
    console = plain_console()
    for one in [name] if name else names:
        if one in LIFECYCLES:
            show_lifecycle(console, one, counted, as_json=as_json)
        else:
            show_reasons(console, one, found, as_json=as_json)
    return len(traces)


def show_lifecycle(console: Console, name: str, counted: Counter[Step], *, as_json: bool) -> None:
    """Print a lifecycle with how often each row was taken."""
    machine = LIFECYCLES[name]
    rows = moving(machine)
    reached = sum(step(machine, rule) in counted for rule in rows)
    if not as_json:
        console.print(grid(with_coverage(machine, counted)))
        console.print(f"{name}: {reached} of {len(rows)} rows that move were reached\n")
        return
    for rule in machine.rules:
        cells = dict(zip(RULE, rule_cells(rule), strict=True))
        times = counted[step(machine, rule)] if rule.dest else None
        line: dict[str, Any] = {"table": name, **cells, "taken": times}
        console.out(orjson.dumps(line).decode(), highlight=False)
    line = {"table": name, "reached": reached, "moving": len(rows)}
    console.out(orjson.dumps(line).decode(), highlight=False)


def show_reasons(console: Console, name: str, found: Coverage, *, as_json: bool) -> None:
    """Print why something ended, or is not there, with how often it did for each reason."""
    rows = [row for row in found.rows if row.table == name]
    reached = sum(row.taken > 0 for row in rows)
    if not as_json:
        cells = [(row.name, row.spec, str(row.taken)) for row in rows]
        console.print(grid(Sheet(name, ("reason", "spec", "taken"), cells)))
        console.print(f"{name}: {reached} of {len(rows)} reasons were reached\n")
        return
    for row in rows:
        line: dict[str, Any] = {
            "table": name, "reason": row.name, "spec": row.spec, "taken": row.taken
        }  # fmt: skip
        console.out(orjson.dumps(line).decode(), highlight=False)
    line = {"table": name, "reached": reached, "reasons": len(rows)}
    console.out(orjson.dumps(line).decode(), highlight=False)


def with_coverage(machine: Lifecycle, counted: Counter[Step]) -> Sheet:
    """The rules of a lifecycle and how often each was taken; a dash: it moves nothing."""
    rows = [
        (*rule_cells(rule), str(counted[step(machine, rule)]) if rule.dest else "-")
        for rule in machine.rules
    ]
    return Sheet(of_lifecycle(machine).title, (*RULE, "taken"), rows)


def diagram(machine: Lifecycle) -> str:
    """A lifecycle as a Mermaid state diagram; ignored triggers are left out."""
    names = {status: status.replace("-", "_") for status in machine.statuses}
    lines = ["stateDiagram-v2"]
    lines += [f"    {short} : {status}" for status, short in names.items() if status != short]
    lines.append(f"    [*] --> {names[machine.initial]}")
    arrows: dict[tuple[str, str], list[str]] = {}
    for rule in machine.rules:
        if rule.dest:
            arrows.setdefault((rule.source, rule.dest), []).append(rule.trigger)
    lines += [
        f"    {names[source]} --> {names[dest]} : {', '.join(triggers)}"
        for (source, dest), triggers in arrows.items()
    ]
    lines += [f"    {names[status]} --> [*]" for status in machine.final]
    return "\n".join(lines) + "\n"
