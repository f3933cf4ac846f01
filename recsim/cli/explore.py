"""`recsim explore`: look at every legal order of a small scenario."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from recsim.cli.common import (
    BAD_INPUT,
    NOT_AS_EXPECTED,
    Form,
    asked,
    load_all,
    print_whole,
    properties_given,
    readings_given,
    remark,
    write_report,
)
from recsim.cli.options import AsJson, Claims, Page, Readings, Seed

if TYPE_CHECKING:
    from recsim.orders.exploring import Exploration
    from recsim.orders.search import Progress

EVERY_S = 5
"""So often people are told how far it has come."""


def explore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file.")],
    endings: Annotated[
        bool, typer.Option("--endings", help="Everybody may hang up at any time.")
    ] = False,
    faults: Annotated[
        int,
        typer.Option(
            min=0, max=9, help="So many answers, to callbacks, of pages or of storage, may be bad."
        ),
    ] = 0,
    claimed: Claims = None,
    callback_orders: Annotated[
        bool,
        typer.Option(
            "--callback-orders",
            help="Answers to callbacks come late as well, and people act around them.",
        ),
    ] = False,
    states: Annotated[int, typer.Option(min=1, help="Give up after so many.")] = 1_000_000,
    depth: Annotated[int, typer.Option(min=1, help="Give up after so many steps.")] = 10_000,
    seconds: Annotated[
        float | None,
        typer.Option(min=0, help="Give up after so long; by default never.", show_default=False),
    ] = None,
    seed: Seed = None,
    reading: Readings = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write a counter-example here, if there is one: a scenario, a diagram, a test.",
        ),
    ] = None,
    report: Page = None,
    form: Annotated[
        Form, typer.Option("--format", help="Text, short Markdown, or JUnit for a CI.")
    ] = Form.TEXT,
    as_json: AsJson = False,
) -> None:
    """Look at every order of a small scenario: what may happen at any time, answers, faults."""
    from recsim.orders.exploring import explore as look
    from recsim.orders.search import Bounds
    from recsim.show.exploration import show
    from recsim.show.reports import explorations as written

    if as_json and form is not Form.TEXT:
        raise typer.BadParameter("expected --json or --format, not both")
    if out is not None and out.exists() and not out.is_dir():
        raise typer.BadParameter(f"expected a folder, got the file {str(out)!r}")
    readings, claims = readings_given(reading or []), properties_given(claimed or [])
    (loaded,) = load_all([file])
    explored = look(
        loaded,
        endings=endings,
        faults=faults,
        properties=claims,
        seed=seed,
        readings=readings,
        callback_orders=callback_orders,
        bounds=Bounds(states, depth),
        goes_on=Clock(seconds).goes_on,
    )
    again = asked(context, seed=explored.seed)
    if form is Form.TEXT:
        show(explored, again, as_json=as_json)
    else:
        write_as = written.markdown if form is Form.MD else written.junit
        print_whole(write_as(explored, again))
    if report is not None:
        write_report(report, written.html(explored, again))
    if out is not None and explored.counter_example is not None:
        write(explored, out)
    if not explored.held:
        raise typer.Exit(NOT_AS_EXPECTED)


class Clock:
    """How long a search goes on; tells people now and then how far it has come."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds, self.started, self.told = seconds, monotonic(), monotonic()

    def goes_on(self, progress: Progress) -> bool:
        """Whether there is time left."""
        now = monotonic()
        if now - self.told >= EVERY_S:
            self.told = now
            far = f"{progress.states} states, {progress.edges} edges, depth {progress.depth}"
            remark(f"{far}, {progress.left} to go on from")
        return self.seconds is None or now - self.started < self.seconds


def write(explored: Exploration, folder: Path) -> None:
    """Write a counter-example's files; a folder that can't be written is the caller's to mend."""
    from recsim.show.exploration import files

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files(explored).items():
            (folder / name).write_text(text, encoding="utf-8")
            remark(f"wrote {folder / name}")
    except OSError as error:
        remark(f"{folder}: cannot be written: {(error.strerror or str(error)).lower()}")
        raise typer.Exit(BAD_INPUT) from None
