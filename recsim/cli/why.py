"""`recsim why`: the causes of one thing that happened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recsim.cli.common import load_all
from recsim.cli.options import AsJson


def why(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where recsim run --out wrote its files.")
    ],
    what: Annotated[
        str,
        typer.Argument(
            metavar="SEQ",
            help="A seq of trace.jsonl; callback:N, the Nth line of callbacks.jsonl; "
            "or the sid of a recording.",
        ),
    ],
    scenario: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The scenario that was played: name its line for each cause that comes from it.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say why something happened: its causes, each with its table row and source."""
    import orjson

    from recsim.scenario.why import why as ask
    from recsim.scenario.written import read
    from recsim.show.lines import console, put
    from recsim.show.why import json_lines, text

    loaded = load_all([scenario])[0] if scenario else None
    found = ask(read(folder), what, loaded)
    if as_json:
        for line in json_lines(found):
            typer.echo(orjson.dumps(line).decode())
    else:
        put(console(), text(found).removesuffix("\n"))
