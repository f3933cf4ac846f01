"""Runs as Markdown for a pull request, and as JUnit's XML for a CI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recsim.scenario.run import Run
from recsim.show.junit import Case
from recsim.show.junit import junit as xml
from recsim.show.markdown import head, row, short
from recsim.show.report import claim_text

MOST_FAILING = 30
"""Lines about what failed."""


def cases(run: Run) -> Iterator[Case]:
    """Every line that is expected, and every property that is claimed."""
    for verdict in run.verdicts:
        line = run.loaded.tree.position(verdict.path)[0]
        failure = "" if verdict.held else f"found: {verdict.found}"
        yield Case(f"line {line}: {verdict.text}", failure, "" if verdict.held else run.replay())
    for claimed in run.claims:
        text = claim_text(claimed)
        yield Case(text, "" if claimed.held else text, "" if claimed.held else run.replay())


def markdown(runs: Sequence[Run]) -> str:
    """What held of each, what didn't, and what replays that; short."""
    good = sum(run.as_expected for run in runs)
    first = ["## recsim run", "", f"**{good} of {len(runs)} went as expected**", ""]
    failing, rows = [], []
    for run in runs:
        found = list(cases(run))
        held = sum(not case.failure for case in found)
        word = "ok" if run.as_expected else "FAILED"
        rows.append(row((word, run.title, f"`{run.file}`", str(run.seed), f"{held}/{len(found)}")))
        if not run.as_expected:
            failing += ["", f"`{run.replay()}`", ""]
            failing += [f"- {case.name}; {case.failure}" for case in found if case.failure]
    # The last are cut, so what failed comes first.
    rows.sort(key=lambda text: not text.startswith("| FAILED"))
    columns = head(("", "title", "scenario", "seed", "held"))
    if (more := len(failing) - MOST_FAILING) > 0:
        failing = [*failing[:MOST_FAILING], f"- ... and {more} more lines, left out here"]
    return short([*first, *columns, *rows[:1]], rows[1:], failing)


def junit(runs: Sequence[Run]) -> str:
    """A suite a run, and in it a case a line of `expect`."""
    return xml("recsim run", {f"{run.file} seed {run.seed}": list(cases(run)) for run in runs})
