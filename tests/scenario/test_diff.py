"""How two runs differ: aligned by cause, the first difference first."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from conftest import BUSY, SCENARIOS
from typer.testing import CliRunner, Result

from recsim import cli
from recsim.scenario.diff import Difference, diff
from recsim.scenario.load import loads
from recsim.scenario.run import Run, run
from recsim.scenario.written import WrittenError
from recsim.show.diff import apart, lines

FILES = {file.stem: file for file in SCENARIOS}

TEXT = """\
recsim: 1
title: A caller is recorded, and is asked about
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: |
    <Response>
      <Record finishOnKey="#" recordingStatusCallback="/recording"/><Record maxLength="2"/>
    </Response>
calls:
  caller: {from: +15550001, to: +15550002, story: [wait: beep, speak: 4s, press: "#"]}
requests:
  - at: 2s after beep
    get: /v2/texml/Accounts/{account}/Calls/{caller}
"""
ASKED = """\
  - at: 1s after beep
    get: /v2/texml/Accounts/{account}/Calls/{caller}
"""
PAUSE = """\
  - at: 1s after beep
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: paused}
"""


def play(text: str = TEXT, seed: int = 1) -> Run:
    return run(loads(text), seed=seed)


def told(found: list[Difference]) -> list[tuple[str, str, str]]:
    return [(one.where, one.file, (one.left or one.right or {}).get("kind", "")) for one in found]


def test_a_run_is_like_itself(played):
    assert diff(played, played) == []


ALIKE = ("voicemail-finish-on-key", "pause-and-resume", "rest-stop", "refer-elsewhere")


@pytest.mark.parametrize("name", ALIKE)
def test_ids_alone_make_no_difference(name):
    assert diff(run(FILES[name], seed=1), run(FILES[name], seed=2)) == []


def test_an_event_more_shifts_nothing():
    [one] = diff(play(), play(TEXT + ASKED))

    assert (one.where, one.right and one.right["kind"], one.follows) == ("right", "request", 1)


def test_what_comes_of_it_is_told_too():
    found = diff(play(), play(TEXT + PAUSE))

    assert told(found)[0] == ("right", "trace.jsonl", "request")
    assert found[0].follows == 2  # the move, and the answer
    assert [one.fields[0][0] for one in found[1:3]] == ["source", "captured_us"]


def test_what_is_late_is_told_once_not_of_all_that_follows():
    found = diff(play(), play(TEXT.replace("speak: 4s", "speak: 5s")))
    late = [one for one in found if "after" in (field.name for field in one.fields)]

    assert [(one.left and one.left["kind"], one.fields) for one in late] == [
        ("speech", (("after", "4s", "5s"),))
    ]
    assert told(found)[1] == ("both", "trace.jsonl", "store")


def test_a_line_that_differs_says_in_what():
    found = diff(play(), play(TEXT.replace('press: "#"', "hang_up")))

    assert told(found)[:2] == [
        ("left", "trace.jsonl", "pressed"),
        ("right", "trace.jsonl", "hung-up"),
    ]
    lost = diff(run(FILES["callbacks-lost"], seed=1), run(FILES["callbacks-lost"], seed=2))
    assert lost[0].file == "callbacks.jsonl"
    assert lost[0].fields == (("outcome", 200, "lost"),)


def test_it_is_the_same_seen_from_the_other_side():
    one, other = play(), play(TEXT + PAUSE)
    swapped = {"left": "right", "right": "left", "both": "both"}

    there, back = diff(one, other), diff(other, one)
    assert [(swapped[where], *rest) for where, *rest in told(there)] == told(back)


def test_two_runs_in_which_much_is_drawn_can_be_told_apart():
    one, other = play(BUSY, 1), play(BUSY, 2)
    found = diff(one, other)

    assert found
    assert len(list(lines(found, one.written, other.written))) > 10


def test_an_id_that_is_two_in_the_other_run_is_a_difference(tmp_path):
    run(FILES["pause-and-resume"]).write(tmp_path / "a")
    run(FILES["pause-and-resume"]).write(tmp_path / "b")
    file = tmp_path / "b" / "recordings.jsonl"
    row = orjson.loads(file.read_bytes())
    row["sid"] = "00000000-0000-4000-8000-000000000000"
    file.write_bytes(orjson.dumps(row))

    [one] = diff(tmp_path / "a", tmp_path / "b")
    assert one.file == "recordings.jsonl"


def test_long_values_are_cut_where_they_part():
    left, right = apart("x" * 100 + "a" * 100, "x" * 100 + "b")

    assert left == "..." + "x" * 16 + "a" * 44 + "..."
    assert right == "..." + "x" * 16 + "b"


# The command.


def recsim(*args: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    play().write(tmp_path / "a")
    play(seed=2).write(tmp_path / "same")
    play(TEXT.replace("speak: 4s", "speak: 5s")).write(tmp_path / "b")
    return tmp_path


def test_folders_that_are_alike_exit_0(out):
    result = recsim("diff", out / "a", out / "same")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "no difference"


def test_folders_that_differ_exit_1_and_the_first_difference_is_told_first(out):
    result = recsim("diff", out / "a", out / "b")
    said = result.stdout.splitlines()

    assert result.exit_code == 1
    assert said[2].startswith("differs     09:00:04.600  caller: falls silent")
    assert said[3:5] == ["            came of: caller: speaks", "            after: 4s | 5s"]


def test_json_lines_have_all(out):
    head, first, *_, end = map(
        orjson.loads, recsim("diff", out / "a", out / "b", "--json").stdout.splitlines()
    )

    assert (head["line"], head["recsim"]) == ("diff", 1)
    assert first["fields"] == [{"name": "after", "left": "4s", "right": "5s"}]
    assert end["differences"] > 1


def test_a_folder_that_is_none_is_refused(out):
    with pytest.raises(WrittenError, match="no such folder"):
        recsim("diff", out / "a", out / "c")
