"""How runs went, why, and what happened: a page, Markdown, or JUnit's XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recsim.scenario.run import Run
from recsim.show.findings import untold, where
from recsim.show.picture import CAPTION, svg
from recsim.show.report import claim_text, recording_text, timeline_text
from recsim.show.reports.junit import Case
from recsim.show.reports.junit import junit as xml
from recsim.show.reports.markdown import head, row, short
from recsim.show.reports.page import (
    BAD,
    GOOD,
    block,
    figure,
    heading,
    page,
    paragraph,
    table,
    verdict,
)
from recsim.show.timeline import Timeline
from recsim.vendors.telnyx.clauses import clause_of

MOST_FAILING = 30
"""Lines about what failed, in Markdown."""

MOST_LINES = 100
"""Of a timeline in words; the rest is counted."""


def html(runs: Sequence[Run]) -> str:
    """A page of one run or of several, a section each: the verdict first, then the evidence."""
    if len(runs) == 1:
        return page(runs[0].title, "".join(section(runs[0], 2)))
    failed = [run for run in runs if not run.as_expected]
    went = f"{len(runs) - len(failed)} of {len(runs)} scenarios went as expected"
    rows = [(run.file, word(held=run.as_expected), run.title) for run in runs]
    rows.sort(key=lambda row: row[1] == word(held=True))
    body = [
        verdict(went, BAD if failed else GOOD),
        table(SCENARIOS, rows, "Scenarios played; what failed first"),
    ]
    for run in runs:
        body += ["<section>\n", heading(run.title), *section(run, 3), "</section>\n"]
    return page("Scenarios played by recsim", "".join(body))


SCENARIOS = ("file", "verdict", "title")
EXPECTED = ("place", "verdict", "expected", "found instead")
RECORDINGS = ("recording", "call", "status", "in short")
FINDINGS = ("place", "finding")


def section(run: Run, level: int) -> Iterator[str]:
    """A run; its headings begin at a level."""
    held = [one.held for one in run.verdicts] + [one.held for one in run.claims]
    went = "As expected" if run.as_expected else "NOT as expected"
    kept = f"{went}: {sum(held)} of {len(held)} lines held" if held else "Nothing was expected"
    yield verdict(kept, GOOD if run.as_expected else BAD)
    given = "".join(f", {key}={answer}" for key, answer in run.readings.items())
    yield paragraph(f"{run.file}, seed {run.seed}{given}", "soft")
    yield heading("Evidence", level)
    if held:
        rows = sorted(expected(run), key=lambda row: row[1] == word(held=True))
        yield table(EXPECTED, rows, "Lines of expect, and claims; what failed first")
    found = list(findings(run))
    if found:
        yield table(FINDINGS, found, "Findings and remarks")
    if not held and not found:
        yield paragraph("The scenario expects nothing, and nothing was found.")
    yield heading("Timeline", level)
    yield figure(svg(run), CAPTION)
    words = in_words(run)
    yield f"<details><summary>The same in words</summary>\n{block(words)}</details>\n"
    yield heading("Recordings", level)
    if run.recordings:
        rows = [
            (row["sid"], row["call"], row["status"], in_short(run, row)) for row in run.recordings
        ]
        yield table(RECORDINGS, rows, "Every recording at the end")
    else:
        yield paragraph("There were none.")
    yield heading("Replay", level)
    yield block(run.replay())


def word(*, held: bool) -> str:
    """A verdict in a word."""
    return "ok" if held else "FAILED"


def expected(run: Run) -> Iterator[tuple[str, ...]]:
    """What became of each line of `expect`, and of each claim."""
    for one in run.verdicts:
        clauses = [f"{c.source}: {c.says}" for c in map(clause_of, one.clauses)]
        found = "" if one.held else "; ".join((one.found, *clauses))
        line = run.loaded.tree.position(one.path)[0]
        yield f"line {line}", word(held=one.held), one.text, found
    for claimed in run.claims:
        yield "claim", word(held=claimed.held), claim_text(claimed), ""


def findings(run: Run) -> Iterator[tuple[str, str]]:
    """What the vendor passed over, what could not be played, and what `recsim lint` says."""
    for remark in run.remarks:
        yield remark.call, remark.text
    for advice in untold(run):
        yield where(advice), f"{advice.text} [{advice.rule}]"


def in_words(run: Run) -> str:
    """The timeline as `recsim run` prints it."""
    items = list(Timeline(run).items())
    width = max((len(item.call) for item in items), default=0)
    lines = [timeline_text(item, width).plain for item in items[:MOST_LINES]]
    if (more := len(items) - MOST_LINES) > 0:
        lines.append(f"... and {more} more")
    return "\n".join(lines)


def in_short(run: Run, row: dict[str, object]) -> str:
    """A recording in the words of `recsim run`, without its id."""
    return recording_text(row, run.kept.legs).plain.partition(f"{row['sid']}: ")[2]


def cases(run: Run) -> Iterator[Case]:
    """Every line that is expected, and every property that is claimed."""
    for one in run.verdicts:
        line = run.loaded.tree.position(one.path)[0]
        failure = "" if one.held else f"found: {one.found}"
        yield Case(f"line {line}: {one.text}", failure, "" if one.held else run.replay())
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
