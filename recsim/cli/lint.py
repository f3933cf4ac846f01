"""`recsim lint`: what the vendor would silently ignore."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recsim.cli.common import BAD_INPUT, NOT_AS_EXPECTED, remark


class Annotating(StrEnum):
    """How findings are written."""

    TEXT = "text"
    GITHUB = "github"


def lint(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="TeXML documents and scenarios.")
    ],
    form: Annotated[
        Annotating, typer.Option("--format", help="Text, or annotations for GitHub.")
    ] = Annotating.TEXT,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines instead of text.")] = False,
) -> None:
    """Say what the vendor would silently ignore in documents and scenarios, and what it costs."""
    from recsim.lint.linting import UnreadableError
    from recsim.lint.linting import lint as look_at
    from recsim.show import findings

    if as_json and form is not Annotating.TEXT:
        raise typer.BadParameter("expected --json or --format, not both")
    counts: list[int] = []
    for file in files:
        try:
            found = look_at(file)
        except UnreadableError as error:
            remark(str(error))
        else:
            findings.show(found, "json" if as_json else form.value)
            counts.append(len(found))
    if counts:
        remark(findings.summary(sum(counts), sum(map(bool, counts)), len(counts)))
    if len(counts) < len(files):
        raise typer.Exit(BAD_INPUT)
    if any(counts):
        raise typer.Exit(NOT_AS_EXPECTED)
