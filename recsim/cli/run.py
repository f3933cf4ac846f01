"""`recsim run`: play scenarios, and say what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recsim.cli.common import (
    BAD_INPUT,
    NOT_AS_EXPECTED,
    Form,
    load_all,
    print_whole,
    properties_given,
    readings_given,
    remark,
    write_report,
)
from recsim.cli.options import AsJson, Claims, Page, Readings, Seed

if TYPE_CHECKING:
    from recsim.scenario.load import Loaded
    from recsim.scenario.run import Run


def run(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")],
    seed: Seed = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write trace.jsonl, callbacks.jsonl and recordings.jsonl here; "
            "of several scenarios, in a folder each, named for the file.",
        ),
    ] = None,
    report: Page = None,
    reading: Readings = None,
    all_readings: Annotated[
        bool,
        typer.Option(
            "--all-readings",
            help="Play under every other answer as well, one at a time: which of them would be "
            "noticed, and what of expect fails then.",
        ),
    ] = False,
    claimed: Claims = None,
    form: Annotated[
        Form, typer.Option("--format", help="Text, short Markdown, or JUnit for a CI.")
    ] = Form.TEXT,
    as_json: AsJson = False,
) -> None:
    """Play scenarios: what happened, and whether everything expected held."""
    from recsim.scenario.run import run as play
    from recsim.show.report import Printer

    if form is not Form.TEXT and (as_json or all_readings):
        other = "--json" if as_json else "--all-readings"
        raise typer.BadParameter(f"expected {other} or --format, not both")
    readings = readings_given(reading or [])
    claims = properties_given(claimed or [])
    if all_readings:
        if out or claims or report:
            other = "--out" if out else "--property" if claims else "--report"
            raise typer.BadParameter(f"expected {other} or --all-readings, not both")
        survey_all(load_all(files), seed, readings, as_json=as_json)
        return
    loaded = load_all(files)
    folders = out_folders(out, loaded) if out else {}
    printer = Printer(as_json=as_json)
    failed: list[Run] = []
    kept: list[Run] = []
    for one in loaded:
        played = play(one, seed=seed, readings=readings, properties=claims)
        if form is Form.TEXT:
            printer.run(played)
        if folders:
            write(played, folders[one.file])
        kept += [played] if report or form is not Form.TEXT else []
        if not played.as_expected:
            failed.append(played)
    if form is Form.TEXT:
        printer.summary(len(loaded), failed)
    tell(kept, form, report)
    if failed:
        raise typer.Exit(NOT_AS_EXPECTED)


def survey_all(
    loaded: list[Loaded], seed: int | None, readings: dict[str, str], *, as_json: bool
) -> None:
    """What each scenario would show by other answers."""
    from recsim.scenario.variants import survey
    from recsim.show.variants import show

    for one in loaded:
        show(survey(one, seed=seed, readings=readings), as_json=as_json)


def out_folders(out: Path, loaded: list[Loaded]) -> dict[str, Path]:
    """Where each scenario's files go."""
    if out.exists() and not out.is_dir():
        raise typer.BadParameter(f"expected a folder, got the file {str(out)!r}")
    if len(loaded) == 1:
        return {loaded[0].file: out}
    folders: dict[str, Path] = {}
    for one in loaded:
        folder = out / Path(one.file).stem
        if folder in folders.values():
            raise typer.BadParameter(f"two scenarios would be written to {str(folder)!r}")
        folders[one.file] = folder
    return folders


def write(played: Run, folder: Path) -> None:
    """Write a run's files; a folder that can't be written is the caller's to mend."""
    try:
        played.write(folder)
    except OSError as error:
        remark(f"{folder}: cannot be written: {(error.strerror or str(error)).lower()}")
        raise typer.Exit(BAD_INPUT) from None


def tell(kept: list[Run], form: Form, report: Path | None) -> None:
    """Print what is printed whole, and write the page that is asked for."""
    from recsim.show.reports import runs as written

    if form is not Form.TEXT:
        print_whole((written.markdown if form is Form.MD else written.junit)(kept))
    if report is not None:
        write_report(report, written.html(kept))
