"""`recsim table`: the tables that decide."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recsim.cli.common import BAD_INPUT, remark
from recsim.cli.options import AsJson


def table(
    name: Annotated[
        str | None, typer.Argument(help="One of them; without a name, all.", show_default=False)
    ] = None,
    mermaid: Annotated[
        bool, typer.Option("--mermaid", help="A lifecycle as a Mermaid state diagram.")
    ] = False,
    svg: Annotated[bool, typer.Option("--svg", help="A lifecycle as a picture, in SVG.")] = False,
    coverage: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            help="How often each row of a lifecycle was taken, and each reason for an end was "
            "given, by the traces in this folder and below it, where run --out wrote them; may be "
            "repeated.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the tables that decide, each row with the document that says so."""
    from recsim.show import tables
    from recsim.show.coverage import TraceError
    from recsim.show.picture import lifecycle

    if bool(coverage) + mermaid + svg > 1:
        raise typer.BadParameter("expected only one of --coverage, --mermaid and --svg")
    if svg and name is None:
        raise typer.BadParameter("expected --svg with the name of a lifecycle")
    try:
        if coverage:
            counted = tables.show_coverage(name, coverage, as_json=as_json)
            remark(f"counted in {counted} trace{'s' if counted > 1 else ''}")
        else:
            drawn = tables.diagram if mermaid else lifecycle.svg if svg else None
            tables.show(name, drawn=drawn, as_json=as_json)
    except LookupError as error:
        raise typer.BadParameter(str(error.args[0])) from None
    except TraceError as error:
        remark(str(error))
        raise typer.Exit(BAD_INPUT) from None
