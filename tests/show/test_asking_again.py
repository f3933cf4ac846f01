"""The command that a report ends with asks for the same again: everything that was given, in it."""

from __future__ import annotations

import re
import shlex
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner

import recsim
from recsim.cli import app

SCENARIO = Path(__file__).parents[2] / "scenarios" / "voicemail-hang-up.yaml"

MINE = """\
import recsim

silent = recsim.always(
    "nobody is stored",
    lambda step: not any(move.rule.dest == "completed" for move in step.moves("recording")),
)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where a property of one's own stands, and a scenario."""
    monkeypatch.chdir(tmp_path)
    Path("claims_of_mine.py").write_text(MINE)
    Path("a.yaml").write_text(SCENARIO.read_text())
    return tmp_path


def asked(*words: str) -> list[str]:
    """The last command in the report of one."""
    CliRunner().invoke(app, [*words, "--report", "out.html"])
    *_, last = re.findall(r"<pre>(recsim [^<]*)</pre>", Path("out.html").read_text())
    return shlex.split(unescape(last))[1:]


@pytest.mark.parametrize(
    "command",
    [
        "explore a.yaml --endings --states 9 --depth 8 --seed 3",
        "explore a.yaml --faults 1 --seconds 60.0 --callback-orders --seed 2",
        "check a.jsonl --level info --window 1h --reading beep_s=0s",
        "lint a.yaml 'b c.xml'",
        "run a.yaml --seed 3 --reading beep_s=0s --property 'a recording is paused'",
    ],
)
def test_what_was_given_is_asked_again(folder, command) -> None:
    words = shlex.split(command)
    recsim.run("a.yaml").write(".")
    Path("callbacks.jsonl").rename("a.jsonl")
    Path("b c.xml").write_text("<Response/>")

    again = asked(*words)

    assert again[:2] == words[:2]
    assert sorted(again) == sorted(words)


def test_what_is_only_written_is_not(folder) -> None:
    assert asked("lint", "a.yaml", "--format", "md") == ["lint", "a.yaml"]
    assert asked("explore", "a.yaml", "--json") == ["explore", "a.yaml", "--seed", "2"]


def test_a_property_of_ones_own_is_named_where_it_stands(folder) -> None:
    words = ["run", "a.yaml", "--seed", "2", "--property", "claims_of_mine:silent"]

    assert asked(*words) == words


def test_a_shortest_run_is_played_again_with_all_that_it_needs(folder) -> None:
    given = ["--seed", "9", "--reading", "beep_s=1s", "--property", "claims_of_mine:silent"]
    CliRunner().invoke(app, ["explore", "a.yaml", "--endings", *given, "--out", "."])

    played = asked("explore", "a.yaml", "--endings", *given)
    done = CliRunner().invoke(app, played)

    assert played[:2] == ["run", "counter-example.yaml"]
    assert "--property" in played
    assert done.exit_code == 1
    assert recsim.load("counter-example.yaml").scenario.seed == 9
    assert "<svg" in Path("out.html").read_text()


def test_a_search_that_failed_prints_what_asks_again(folder) -> None:
    given = ["explore", "a.yaml", "--property", "a recording is absent"]

    done = CliRunner().invoke(app, given)

    assert done.stdout.splitlines()[-1] == (
        "not as it should be; look again with: "
        "recsim explore a.yaml --property 'a recording is absent' --seed 2"
    )
