"""`recsim init` and `recsim schema`: what it takes to write a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recsim.cli.common import remark


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


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from recsim.scenario.jsonschema import json_schema

    typer.echo(json_schema(), nl=False)
