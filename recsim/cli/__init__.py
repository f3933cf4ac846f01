"""The command line: parse, call, print. Heavy imports stand inside the command that needs them.

Exit status: 0 as expected; 1 not as expected; 2 a fault in input or usage; 3 a bug in recsim;
130 interrupted.
"""

from __future__ import annotations

import sys
import traceback
from io import TextIOWrapper
from typing import Annotated

import typer

from recsim.cli.check import check
from recsim.cli.common import BAD_INPUT, BUG, remark
from recsim.cli.diff import diff
from recsim.cli.explore import explore
from recsim.cli.files import init, schema
from recsim.cli.grade import grade
from recsim.cli.lint import lint
from recsim.cli.run import run
from recsim.cli.serve import serve
from recsim.cli.tables import table
from recsim.cli.why import why
from recsim.core.errors import PropertyError, RecsimError

REPORT = "recsim: this is a bug in recsim; please report it with the scenario and the seed"

app = typer.Typer(
    name="recsim",
    help="Play the life of call recordings, as the Telnyx TeXML platform documents it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Exit status: 0 as expected, 1 not as expected, 2 bad input or usage, 3 a bug.",
)


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


#: The commands, as the help lists them.
for command in (run, why, diff, explore, check, lint, serve, grade, init, table, schema):
    app.command()(command)


def main() -> None:
    """Entry point of the `recsim` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a letter still shows the rest
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except PropertyError as error:  # nobody who writes scenarios can break one
        remark(f"recsim: broken: {error}")
        remark(REPORT)
        sys.exit(BUG)
    except RecsimError as error:
        remark(f"recsim: {error}")
        sys.exit(BAD_INPUT)
    except Exception:  # noqa: BLE001 - whatever else escapes is a bug, and says so
        remark(traceback.format_exc().rstrip())
        remark(REPORT)
        sys.exit(BUG)
