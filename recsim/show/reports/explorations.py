"""What came of a search, for those who weren't there: a page, Markdown, or JUnit's XML."""

from __future__ import annotations

from recsim.orders.counterexample import FILE
from recsim.orders.exploring import Exploration
from recsim.show.exploration import diagram, why
from recsim.show.picture import CAPTION, svg
from recsim.show.reports import page
from recsim.show.reports.junit import Case
from recsim.show.reports.junit import junit as xml
from recsim.show.reports.markdown import head, row, short

CANNOT = "recsim run does not come to this"


def told(explored: Exploration) -> tuple[str, str]:
    """The verdict in a line, and its tone."""
    if explored.counter_example is not None:
        found = explored.counter_example
        return f"Broken: {found.name}: {found.text}", page.BAD
    if explored.vacuous:
        return f"Never reached: {', '.join(explored.vacuous)}", page.BAD
    if not explored.is_complete:
        return f"Nothing was broken so far; {why(explored)}", page.DOUBT
    return "Everything held, in every order", page.GOOD


def facts(explored: Exploration) -> list[tuple[str, str]]:
    """How far it was looked."""
    complete = "yes" if explored.is_complete else f"no; {why(explored)}"
    rows = [
        ("scenario", explored.loaded.file),
        ("seed", str(explored.seed)),
        ("states", str(explored.states)),
        ("edges", str(explored.edges)),
        ("depth", str(explored.depth)),
        ("complete", complete),
    ]
    if explored.left:
        rows.append(("states not gone on from", str(explored.left)))
    if explored.unreached:
        rows.append(("not reached", ", ".join(explored.unreached)))
    return rows


def html(explored: Exploration, command: str) -> str:
    """A page; `command` is what was asked for."""
    found = explored.counter_example
    parts = [page.verdict(*told(explored)), page.heading("How far it was looked")]
    parts.append(page.table(("what", "is"), facts(explored), "The search"))
    if found is not None:
        parts += [page.heading("The shortest run that breaks it"), page.listed(found.steps)]
        if found.run is not None:
            parts += [page.heading("Timeline"), page.figure(svg(found.run), CAPTION)]
        else:
            parts.append(page.paragraph(CANNOT, page.DOUBT))
        parts += [page.heading("As a scenario"), page.block(found.yaml)]
        if drawn := diagram(found):
            parts += [page.heading("As a sequence diagram, in Mermaid"), page.block(drawn)]
    parts += [page.heading("To look again"), page.block(command)]
    if found is not None and found.run is not None:
        parts.append(page.paragraph(f"To play the shortest run, with the scenario as {FILE}:"))
        parts.append(page.block(found.run.replay()))
    return page.page(f"recsim explore: {explored.loaded.scenario.title}", "".join(parts))


def markdown(explored: Exploration, command: str) -> str:
    """The same, short."""
    verdict, _ = told(explored)
    first = [f"## recsim explore: {explored.loaded.scenario.title}", "", f"**{verdict}**", ""]
    first += [*head(("what", "is")), *map(row, facts(explored))]
    steps: list[str] = []
    if (found := explored.counter_example) is not None:
        steps = ["", *(f"{n}. {step.strip()}" for n, step in enumerate(found.steps, 1))]
    return short(first, steps, ["", f"Look again: `{command}`"])


def junit(explored: Exploration, command: str) -> str:
    """A case for what is watched, and one for each property that is never reached."""
    found = explored.counter_example
    if found is None:
        verdict, _ = told(explored)
        cases = [Case("watched", "", "" if explored.is_complete else verdict)]
    else:
        steps = "\n".join(step.strip() for step in found.steps)
        cases = [Case("watched", f"{found.name}: {found.text}", f"{steps}\n\n{command}")]
    cases += [Case(name, "never reached", command) for name in explored.vacuous]
    return xml("recsim explore", {explored.loaded.file: cases})
