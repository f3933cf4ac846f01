"""What `recsim lint` found, for those who weren't there: a page, Markdown, or JUnit's XML."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recsim.lint.advice import Advice
from recsim.show.findings import summary, where
from recsim.show.reports import page
from recsim.show.reports.junit import Case
from recsim.show.reports.junit import junit as xml
from recsim.show.reports.markdown import head, row, short

#: Each file that was read, as often as it was given, and the advice on it.
Found = Sequence[tuple[Path, Sequence[Advice]]]

COLUMNS = ("where", "rule", "what is wrong", "what it costs", "what to write", "source")


def told(found: Found) -> str:
    """The verdict in a line."""
    counts = [len(advice) for _, advice in found]
    return summary(sum(counts), sum(map(bool, counts)), len(counts))


def verdict(found: Found) -> str:
    """The same as a sentence begins."""
    text = told(found)
    return text[0].upper() + text[1:]


def all_of(found: Found) -> list[Advice]:
    """The advice on every file."""
    return [one for _, advice in found for one in advice]


def html(found: Found, command: str) -> str:
    """A page about files, by name; `command` is what was asked for."""
    advice = all_of(found)
    parts = [page.verdict(verdict(found), page.BAD if advice else page.GOOD)]
    if advice:
        parts.append(page.heading("What was found"))
    for name, rows in found:
        if rows:
            cells = [
                (where(one), one.rule, one.text, one.cost, one.remedy, one.source) for one in rows
            ]
            parts += [page.heading(str(name), 3), page.table(COLUMNS, cells, f"Findings in {name}")]
    parts += [page.heading("To look again"), page.block(command)]
    return page.page("recsim lint", "".join(parts))


def markdown(found: Found, command: str) -> str:
    """The same, short."""
    first = ["## recsim lint", "", f"**{verdict(found)}**", ""]
    rows = [
        row((f"`{where(one)}`", f"`{one.rule}`", one.text, one.remedy)) for one in all_of(found)
    ]
    if rows:
        first += head(("where", "rule", "what is wrong", "what to write"))
    return short(first, rows, ["", f"Look again: `{command}`"])


def junit(found: Found) -> str:
    """A suite a file, and in it a case a finding, which fails; of a clean file, one that holds."""
    suites = {
        str(name): [
            Case(
                f"{where(one)} {one.rule}",
                one.text,
                f"cost: {one.cost}\nremedy: {one.remedy}\nsource: {one.source}",
            )
            for one in advice
        ]
        or [Case("nothing found")]
        for name, advice in found
    }
    return xml("recsim lint", suites)
