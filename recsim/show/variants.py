"""What `recsim run --all-readings` prints: which other answers would be noticed, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from rich.console import Console

from recsim.scenario.expect import Verdict
from recsim.scenario.run import Run
from recsim.scenario.variants import Change, Survey, Variant
from recsim.show.report import OUTPUT_VERSION
from recsim.show.sheet import Sheet, grid, plain_console

COLUMNS = ("reading", "answer", "instead of", "what changes", "what fails")

#: So many names of fields are told; the rest is counted.
MOST_FIELDS = 6


def show(found: Survey, *, as_json: bool = False) -> None:
    """Print a survey to stdout."""
    console = plain_console()
    if as_json:
        for line in json_lines(found):
            console.out(orjson.dumps(line).decode(), highlight=False)
    else:
        told(found, console)


def text(found: Survey) -> str:
    """A survey for people."""
    console = plain_console()
    with console.capture() as captured:
        told(found, console)
    return captured.get()


def told(found: Survey, console: Console) -> None:
    """Print a survey for people."""
    run = found.base
    rows = [cells(run, variant) for variant in noticed(found)]
    title = f"{run.title}  {run.file}  seed {run.seed}"
    console.print(grid(Sheet(title, COLUMNS, rows)))
    console.print(f"{len(rows)} of {len(found.variants)} other answers would be noticed")
    if quiet := unnoticed(found):
        console.print(f"no difference here: {', '.join(quiet)}")
    if not run.as_expected:
        failed = places(run, (one for one in run.verdicts if not one.held))
        console.print(f"fails without any of them: {failed}")
    console.print()


def noticed(found: Survey) -> list[Variant]:
    """Other answers that make a difference."""
    return [variant for variant in found.variants if variant.changes or variant.failed]


def cells(run: Run, variant: Variant) -> tuple[str, ...]:
    """A variant as text."""
    changes = "; ".join(map(change_text, variant.changes)) or "-"
    failed = places(run, variant.failed) or "-"
    return variant.key, variant.answer, variant.instead_of, changes, failed


def change_text(change: Change) -> str:
    """`recordings: duration, price`, or `callbacks: 3, not 2`."""
    if change.before != change.after:
        return f"{change.kind}: {change.after}, not {change.before}"
    told = ", ".join(change.fields[:MOST_FIELDS])
    more = len(change.fields) - MOST_FIELDS
    return f"{change.kind}: {told}" + (f" and {more} more" if more > 0 else "")


def unnoticed(found: Survey) -> list[str]:
    """Keys of readings of which no answer makes a difference, in the order of the table."""
    keys = {one.key for one in noticed(found)}
    return [key for key in dict.fromkeys(one.key for one in found.variants) if key not in keys]


def places(run: Run, verdicts: Iterable[Verdict]) -> str:
    """`line 12, line 14`."""
    lines = sorted(at_line(run, verdict) for verdict in verdicts)
    return ", ".join(f"line {line}" for line in lines)


def at_line(run: Run, verdict: Verdict) -> int:
    """Where in the file something is expected."""
    line, _ = run.loaded.tree.position(verdict.path)
    return line


def json_lines(found: Survey) -> Iterator[dict[str, Any]]:
    """A survey as JSON lines, opened by one with the version and the seed."""
    run = found.base
    failing = [one for one in run.verdicts if not one.held]
    yield {
        "line": "survey",
        "recsim": OUTPUT_VERSION,
        "scenario": run.file,
        "title": run.title,
        "seed": run.seed,
        "readings": dict(run.readings),
        "failed": [failed_line(run, verdict) for verdict in failing],
    }
    for variant in found.variants:
        yield {
            "line": "variant",
            "reading": variant.key,
            "answer": variant.answer,
            "instead_of": variant.instead_of,
            "changes": [change._asdict() for change in variant.changes],
            "failed": [failed_line(run, verdict) for verdict in variant.failed],
        }
    yield {
        "line": "end",
        "scenario": run.file,
        "variants": len(found.variants),
        "noticed": len(noticed(found)),
    }


def failed_line(run: Run, verdict: Verdict) -> dict[str, Any]:
    """What of `expect` does not hold, and what was found instead."""
    return {"at_line": at_line(run, verdict), "text": verdict.text, "found": verdict.found}
