"""`recsim check`: whether captured logs of callbacks are legal."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recsim.cli.common import (
    BAD_INPUT,
    NOT_AS_EXPECTED,
    Form,
    asked,
    print_whole,
    readings_given,
    remark,
    write_report,
)
from recsim.cli.options import AsJson, Page, Readings

if TYPE_CHECKING:
    from recsim.logs.report import Report
    from recsim.show.reports.verdicts import Unread
    from recsim.show.verdicts import Verdicts


class Level(StrEnum):
    """What is shown."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


def check(
    context: typer.Context,
    logs: Annotated[
        list[str],
        typer.Argument(
            metavar="LOG...", help="JSON lines, .json, .har, each also .gz; - is stdin."
        ),
    ],
    form: Annotated[
        Form, typer.Option("--format", help="Text, Markdown, or JUnit for a CI.")
    ] = Form.TEXT,
    as_json: AsJson = False,
    level: Annotated[
        Level, typer.Option("--level", help="Show findings from this level on; all are counted.")
    ] = Level.WARNING,
    window: Annotated[
        str,
        typer.Option(
            "--window",
            metavar="N",
            help="How many recordings, calls, conferences are remembered, or for how long.",
        ),
    ] = "20000",
    reading: Readings = None,
    public_key: Annotated[
        str, typer.Option("--public-key", metavar="KEY", help="In base64; signatures are verified.")
    ] = "",
    redact: Annotated[
        Path | None,
        typer.Option(
            "--redact", metavar="OUT", help="Also write a copy without secrets (one LOG)."
        ),
    ] = None,
    report: Page = None,
) -> None:
    """Judge captured logs of callbacks and webhooks against the tables."""
    from recsim.show.reports import verdicts as written
    from recsim.show.verdicts import Verdicts

    if as_json and form is not Form.TEXT:
        raise typer.BadParameter("expected --json or --format, not both")
    if redact is not None and len(logs) > 1:
        raise typer.BadParameter("expected one LOG to copy", param_hint="--redact")
    readings = readings_given(reading or [])
    verdicts = Verdicts("json" if as_json else form.value, level.value)
    told = [judged(log, verdicts, readings, window, public_key, redact) for log in logs]
    whole = written.Judged(told, verdicts.levels, asked(context))
    for each in whole.reports:
        verdicts.totals(each)
    if form is not Form.TEXT:
        print_whole((written.markdown if form is Form.MD else written.junit)(whole))
    if report is not None:
        write_report(report, written.html(whole))
    if whole.unread:
        raise typer.Exit(BAD_INPUT)
    if not all(each.is_legal for each in whole.reports):
        raise typer.Exit(NOT_AS_EXPECTED)


def judged(
    log: str,
    verdicts: Verdicts,
    readings: dict[str, str],
    window: str,
    public_key: str,
    redact: Path | None,
) -> Report | Unread:
    """One log, judged, and copied where that is asked for."""
    from recsim.logs.checking import check as judge
    from recsim.logs.copying import copied
    from recsim.logs.logs import LogError
    from recsim.show.reports.verdicts import unread
    from recsim.show.verdicts import summary

    name = "stdin" if log == "-" else log
    listener = (lambda found: verdicts.found(name, found)) if verdicts.is_prompt else None
    source = sys.stdin.buffer if log == "-" else Path(log)
    if redact is not None:
        source = copied(source, name, redact)
    try:
        report = judge(
            source,
            readings=readings,
            window=window,
            public_key=public_key,
            listener=listener,
            name=name,
        )
    except LogError as error:
        remark(f"recsim: {error}")
        return unread(name, error, redact)
    remark(summary(report))
    return report
