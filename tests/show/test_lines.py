"""Lines of every command: whole in a pipe, below their own text on a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from recsim.show.lines import hang_of, put


def printed(text: str, *, is_terminal: bool = True, hang: int | None = None) -> list[str]:
    """Lines as a terminal of 40 columns has them, or a pipe."""
    out = io.StringIO()
    where = Console(file=out, width=40, force_terminal=is_terminal, color_system=None)
    put(where, text, hang)
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("text", "hang"),
    [
        ("answer.xml:2:11: Record has no attribute", 2),
        ("    cost    its default holds: maxLength is 3600", 12),
        ("    2           0s  caller calls +15550002", 20),
        ("20  09:00:04.600  caller: speaks", 18),
        ("         found: none of 1; nearest: duration is 4", 11),
        ("  ok     line 29: recording source: RecordVerb", 9),
        ("", 2),
    ],
)
def test_a_line_goes_on_below_its_own_text(text, hang) -> None:
    assert hang_of(text) == hang


def test_words_are_not_broken_on_a_terminal() -> None:
    assert printed("    cost    its default holds: maxLength is 3600\nand a line") == [
        "    cost    its default holds: maxLength",
        "            is 3600",
        "and a line",
    ]


def test_a_pipe_has_whole_lines() -> None:
    text = "    cost    its default holds: maxLength is 3600 seconds"

    assert printed(text, is_terminal=False) == [text]


def test_what_is_to_be_copied_is_left_to_the_terminal() -> None:
    command = "look again with: recsim explore voicemail-hang-up.yaml --endings --seed 2"

    assert printed(command, hang=0) == [command]
