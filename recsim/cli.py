"""The command line: parse, call, print. Heavy imports stand inside the command that needs them.

Exit status: 0 as expected; 1 not as expected; 2 a fault in input or usage; 3 a bug in recsim;
130 interrupted.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recsim.core.errors import RecsimError, ScenarioError

if TYPE_CHECKING:
    from recsim.scenario.load import Loaded
    from recsim.scenario.run import Run

NOT_AS_EXPECTED, BAD_INPUT, BUG = 1, 2, 3
LARGEST_SEED = 2**63 - 1

app = typer.Typer(
    name="recsim",
    help="Play the life of call recordings, as the Telnyx TeXML platform documents it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Exit status: 0 as expected, 1 not as expected, 2 bad input or usage, 3 a bug.",
)


def remark(text: str) -> None:
    """A line for people who watch; results go to stdout, this to stderr."""
    print(text, file=sys.stderr)  # noqa: T201 - the command line is what prints


def version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        from recsim import __version__

        typer.echo(f"recsim {__version__}")
        raise typer.Exit


@app.callback()
def recsim(
    _: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Play the life of call recordings, as the Telnyx TeXML platform documents it."""


@app.command()
def run(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")],
    seed: Annotated[
        int | None,
        typer.Option(help="In place of each file's own.", min=0, max=LARGEST_SEED),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write trace.jsonl, callbacks.jsonl and recordings.jsonl here; "
            "of several scenarios, in a folder each, named for the file.",
        ),
    ] = None,
    reading: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE",
            help="An answer to what the documents leave open, in place of each file's own; "
            "may be repeated.",
            show_default=False,
        ),
    ] = None,
    all_readings: Annotated[
        bool,
        typer.Option(
            "--all-readings",
            help="Play under every other answer as well, one at a time: which of them would be "
            "noticed, and what of expect fails then.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines instead of text.")] = False,
) -> None:
    """Play scenarios: what happened, and whether everything expected held."""
    from recsim.scenario.run import run as play
    from recsim.show.report import Printer

    readings = readings_given(reading or [])
    if all_readings:
        if out:
            raise typer.BadParameter("expected --out or --all-readings, not both")
        survey_all(load_all(files), seed, readings, as_json=as_json)
        return
    loaded = load_all(files)
    folders = out_folders(out, loaded) if out else {}
    printer = Printer(as_json=as_json)
    failed: list[Run] = []
    for one in loaded:
        played = play(one, seed=seed, readings=readings)
        printer.run(played)
        if folders:
            write(played, folders[one.file])
        if not played.as_expected:
            failed.append(played)
    printer.summary(len(loaded), failed)
    if failed:
        raise typer.Exit(NOT_AS_EXPECTED)


def readings_given(words: list[str]) -> dict[str, str]:
    """The readings of `--reading`; a wrong one is a fault of usage."""
    from recsim.vendors.telnyx.readings import ReadingError, given

    try:
        return given(words)
    except ReadingError as error:
        raise typer.BadParameter(str(error), param_hint="--reading") from None


def survey_all(
    loaded: list[Loaded], seed: int | None, readings: dict[str, str], *, as_json: bool
) -> None:
    """What each scenario would show by other answers."""
    from recsim.scenario.variants import survey
    from recsim.show.variants import show

    for one in loaded:
        show(survey(one, seed=seed, readings=readings), as_json=as_json)


def load_all(files: Iterable[Path]) -> list[Loaded]:
    """Every scenario, or none: the faults of all files are told at once."""
    from recsim.scenario.load import load

    loaded: list[Loaded] = []
    faulty = 0
    for file in files:
        try:
            loaded.append(load(file))
        except ScenarioError as error:
            remark(str(error))
            faulty += 1
    if faulty:
        raise typer.Exit(BAD_INPUT)
    return loaded


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


class Annotating(StrEnum):
    """How findings are written."""

    TEXT = "text"
    GITHUB = "github"


@app.command()
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


@app.command()
def init(
    file: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="Where to write it; - for stdout.")
    ] = Path("scenario.yaml"),
) -> None:
    """Write a commented scenario to start from."""
    from recsim.scenario.template import TEMPLATE

    if str(file) == "-":
        typer.echo(TEMPLATE, nl=False)
        return
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(TEMPLATE)
    except FileExistsError:
        raise typer.BadParameter(f"{str(file)!r} exists; give another name") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise typer.BadParameter(f"{str(file)!r} cannot be written: {reason}") from None
    remark(f"wrote {file}; play it with: recsim run {file}")


@app.command()
def table(
    name: Annotated[
        str | None, typer.Argument(help="One of them; without a name, all.", show_default=False)
    ] = None,
    mermaid: Annotated[
        bool, typer.Option("--mermaid", help="A lifecycle as a Mermaid state diagram.")
    ] = False,
    coverage: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            help="How often each row of a lifecycle was taken, by the traces in this folder and "
            "below it, where run --out wrote them; may be repeated.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines instead of text.")] = False,
) -> None:
    """Print the tables that decide, each row with the document that says so."""
    from recsim.show import tables
    from recsim.show.coverage import TraceError

    if coverage and mermaid:
        raise typer.BadParameter("expected --coverage or --mermaid, not both")
    try:
        if coverage:
            counted = tables.show_coverage(name, coverage, as_json=as_json)
            remark(f"counted in {counted} trace{'s' if counted > 1 else ''}")
        else:
            tables.show(name, mermaid=mermaid, as_json=as_json)
    except LookupError as error:
        raise typer.BadParameter(str(error.args[0])) from None
    except TraceError as error:
        remark(str(error))
        raise typer.Exit(BAD_INPUT) from None


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from recsim.scenario.jsonschema import json_schema

    typer.echo(json_schema(), nl=False)


def main() -> None:
    """Entry point of the `recsim` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a letter still shows the rest
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except RecsimError as error:
        remark(f"recsim: {error}")
        sys.exit(BAD_INPUT)
    except Exception:  # noqa: BLE001 - whatever else escapes is a bug, and says so
        remark(traceback.format_exc().rstrip())
        remark("recsim: this is a bug in recsim; please report it with the scenario and the seed")
        sys.exit(BUG)
