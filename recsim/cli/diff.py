"""`recsim diff`: how two runs differ."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recsim.cli.common import NOT_AS_EXPECTED
from recsim.cli.options import AsJson


def diff(
    left: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where recsim run --out wrote one run.")
    ],
    right: Annotated[Path, typer.Argument(metavar="DIR", help="And where it wrote another.")],
    as_json: AsJson = False,
) -> None:
    """Say how two runs differ, the first difference first; aligned by what caused what."""
    import orjson

    from recsim.scenario.diff import diff as compare
    from recsim.scenario.written import read
    from recsim.show.diff import json_lines, lines
    from recsim.show.lines import console, put

    one, other = read(left), read(right)
    found = compare(one, other)
    if as_json:
        for line in json_lines(found, one, other):
            typer.echo(orjson.dumps(line).decode())
    else:
        out = console()
        for text in lines(found, one, other):
            put(out, text)
    if found:
        raise typer.Exit(NOT_AS_EXPECTED)
