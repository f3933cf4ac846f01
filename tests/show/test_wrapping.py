"""How the lines of a run are printed: whole into a pipe, indented below where a terminal ends."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from recsim.scenario.run import run
from recsim.show.report import Printer

WIDTH = 80


def printed(played, *, is_terminal):
    """The lines of a run."""
    printer, out = Printer(), io.StringIO()
    printer.console = Console(
        file=out, width=WIDTH, force_terminal=is_terminal, color_system=None, highlight=False,
        markup=False, emoji=False,
    )  # fmt: skip
    printer.run(played)
    return out.getvalue().splitlines()


def test_lines_fit_a_terminal_and_say_the_same_as_in_a_pipe(played):
    whole, wrapped = (printed(played, is_terminal=is_one) for is_one in (False, True))

    assert all(len(line) <= WIDTH for line in wrapped)
    assert "".join("".join(wrapped).split()) == "".join("".join(whole).split())


@pytest.mark.parametrize("is_terminal", [False, True])
def test_a_line_begins_with_its_moment_or_goes_on_indented(scenarios, is_terminal):
    played = run(next(file for file in scenarios if file.stem == "pause-and-resume"))
    lines = printed(played, is_terminal=is_terminal)
    told = lines[lines.index("") + 1 :]  # below the picture
    more = [line for line in told if line.startswith(" " * 14)]

    assert bool(more) == is_terminal
