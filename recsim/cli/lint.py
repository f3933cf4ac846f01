"""`recsim lint`: what the vendor would silently ignore."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recsim.cli.common import BAD_INPUT, NOT_AS_EXPECTED, asked, print_whole, remark, write_report
from recsim.cli.options import AsJson, Page

if TYPE_CHECKING:
    from recsim.lint.advice import Advice


class Annotating(StrEnum):
    """How findings are written."""

    TEXT = "text"
    MD = "md"
    JUNIT = "junit"
    GITHUB = "github"


def lint(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="TeXML documents and scenarios.")
    ],
    form: Annotated[
        Annotating,
        typer.Option(
            "--format", help="Text, short Markdown, JUnit for a CI, or annotations for GitHub."
        ),
    ] = Annotating.TEXT,
    report: Page = None,
    as_json: AsJson = False,
) -> None:
    """Say what the vendor would silently ignore in documents and scenarios, and what it costs."""
    if as_json and form is not Annotating.TEXT:
        raise typer.BadParameter("expected --json or --format, not both")
    prompt = "json" if as_json else form.value
    found = looked_at(files, prompt if form in (Annotating.TEXT, Annotating.GITHUB) else "")
    tell(found, form, report, asked(context))
    if len(found) < len(files):
        raise typer.Exit(BAD_INPUT)
    if any(advice for _, advice in found):
        raise typer.Exit(NOT_AS_EXPECTED)


def looked_at(files: list[Path], prompt: str) -> list[tuple[Path, list[Advice]]]:
    """What was found in each file that can be read; printed as `prompt` at once, or not at all."""
    from recsim.lint.linting import UnreadableError
    from recsim.lint.linting import lint as look_at
    from recsim.show.findings import show

    found: list[tuple[Path, list[Advice]]] = []
    for file in files:
        try:
            found.append((file, look_at(file)))
        except UnreadableError as error:
            remark(str(error))
        else:
            if prompt:
                show(found[-1][1], prompt)
    return found


def tell(
    found: list[tuple[Path, list[Advice]]], form: Annotating, report: Path | None, command: str
) -> None:
    """Print what is printed whole, and write the page that is asked for."""
    from recsim.show.reports import findings as written

    if form is Annotating.MD:
        print_whole(written.markdown(found, command))
    elif form is Annotating.JUNIT:
        print_whole(written.junit(found))
    if report is not None:
        write_report(report, written.html(found, command))
    if found:
        remark(written.told(found))
