"""Options that several commands have, each with its help once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recsim.core.units import LARGEST_SEED

AsJson = Annotated[bool, typer.Option("--json", help="JSON lines instead of text.")]


def seed_given(text: str) -> int:
    """The seed that a text says; any other text is a fault of usage."""
    if not (text.isascii() and text.isdigit() and int(text) <= LARGEST_SEED):
        told = f"expected a whole number from 0 to {LARGEST_SEED}, got {text!r}"
        raise typer.BadParameter(told)
    return int(text)


Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        # A parser of its own, since the bounds of a range would take a third of each line of help.
        parser=seed_given,
        metavar="N",
        help="In place of the file's own.",
        show_default=False,
    ),
]

Readings = Annotated[
    list[str] | None,
    typer.Option(
        "--reading",
        metavar="KEY=VALUE",
        help="An answer to what the documents leave open; may be repeated.",
        show_default=False,
    ),
]

Claims = Annotated[
    list[str] | None,
    typer.Option(
        "--property",
        metavar="NAME",
        help="Something that is to be reached, by its name in recsim table properties, or "
        "MODULE:NAME of a property of your own; may be repeated.",
        show_default=False,
    ),
]

Page = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE.html",
        help="Write a page here: the verdict, the evidence, a timeline where there is one, and "
        "what asks for it again.",
        show_default=False,
    ),
]

Hosts = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="HOST",
        help="Another host than this machine to which requests may go; may be repeated.",
        show_default=False,
    ),
]
