"""What `recsim grade` prints, its exit status, and what its page says."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from junitparser import Failure, JUnitXml, Skipped
from receivers import IgnoresAbsent, Receiver, listening
from typer.testing import CliRunner, Result

from recsim import cli
from recsim.live.grade.checks import CHECKS
from recsim.live.grade.grading import public_key
from recsim.live.grade.parts import GradeError
from recsim.live.grade.probe import rows_of

PAGE = (Path(__file__).parents[3] / "docs" / "grade.md").read_text()


def graded(*args: str, kind: type[Receiver] = IgnoresAbsent) -> Result:
    with listening(kind(public_key(0))) as url:
        probe = url.replace("/recordings", "/state")
        words = ["grade", url, "--settle", "0.1", *(word.replace("PROBE", probe) for word in args)]
        return CliRunner().invoke(cli.app, words, catch_exceptions=False)


SOME = ("--only", "absent", "--only", "stale", "--only", "hang-up", "--probe", "PROBE")


def test_text_tells_the_fault_the_order_and_the_remedy() -> None:
    result = graded(*SOME)

    assert result.exit_code == 1
    told = r"^  (ok|FAIL|--) +(?:[0-9]+/[0-9]+ +)?([a-z-]+)"
    assert re.findall(told, result.stdout, re.MULTILINE) == [
        ("FAIL", "absent"),
        ("ok", "stale"),
        ("--", "hang-up"),
    ]
    for text in (
        "fault    absent was answered 200, and in-progress is kept",
        "shortest 1. POST in-progress -> 200",
        "2. POST absent -> 200",
        "remedy   treat absent as an end",
        "unjudged it takes a call with the application (--voice-url)",
        "4 of 10 points; 5 more could not be judged",
    ):
        assert text in result.stdout
    assert f"public key: {public_key(0)} (seed 0)" in result.stderr


def test_full_marks_are_exit_status_0() -> None:
    result = graded("--only", "stale", "--probe", "PROBE")

    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "4 of 4 points")


def test_without_a_probe_the_report_says_so() -> None:
    result = graded("--only", "natural", "--only", "duplicate-once")

    assert result.exit_code == 0
    assert "only a probe shows it" in result.stdout
    assert "no probe: nobody looked at what was kept" in result.stdout
    assert "10 of 10 points; 8 more could not be judged" in result.stdout


def test_junit_has_a_case_a_check() -> None:
    result = graded(*SOME, "--format", "junit")

    [suite] = JUnitXml.fromstring(result.stdout.encode())
    cases = {case.name: case.result for case in suite}
    assert list(cases) == ["absent", "stale", "hang-up"]
    assert [type(one) for one in cases["absent"]] == [Failure]
    assert cases["stale"] == []
    assert [type(one) for one in cases["hang-up"]] == [Skipped]
    assert "shortest 1. POST in-progress" in cases["absent"][0].text


def test_markdown_has_a_row_a_check_and_what_is_wrong_below() -> None:
    result = graded(*SOME, "--format", "md")

    assert "| `absent` | 0 of 6 | failed | a recording without usable audio |" in result.stdout
    assert "## absent: a recording without usable audio" in result.stdout
    assert "- fault: absent was answered 200, and in-progress is kept" in result.stdout


def test_json_has_all_the_evidence() -> None:
    result = graded(*SOME, "--json")

    head, *checks, points = [json.loads(line) for line in result.stdout.splitlines()]
    assert (head["kind"], head["public_key"], head["probe"]) == ("grade", public_key(0), True)
    assert [check["outcome"] for check in checks] == ["failed", "passed", "not judged"]
    assert checks[0]["shortest_order"] == ["in-progress", "absent"]
    [_, last] = checks[0]["evidence"]
    assert (last["sent"], last["status"]) == ("absent", 200)
    assert [row["status"] for row in last["kept"]] == ["in-progress"]
    assert points == {"kind": "points", "points": 4, "judged": 10}


def test_the_key_can_be_had_before_anything_is_graded(tmp_path: Path) -> None:
    run = CliRunner()
    printed = run.invoke(cli.app, ["grade", "--public-key", "--seed", "7"])
    file = tmp_path / "key"
    written = graded("--only", "stale", "--seed", "7", "--key-file", str(file))

    assert printed.stdout == file.read_text() == f"{public_key(7)}\n"
    assert written.exit_code == 0


@pytest.mark.parametrize(
    "args",
    [
        ["grade"],
        ["grade", "http://127.0.0.1:1/", "--probe", "x", "--probe-command", "y"],
        ["grade", "http://127.0.0.1:1/", "--json", "--format", "md"],
    ],
)
def test_wrong_usage_is_exit_status_2(args: list[str]) -> None:
    assert CliRunner().invoke(cli.app, args).exit_code == 2


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('{"recordings": {"R1": {"status": "completed", "duration": 4}}}', [("R1", "completed", "4", "")]),
        ('{"R1": "absent"}', [("R1", "absent", "", "")]),
        ('{"recordings": {"R1": [{"status": "a"}, {"status": "b"}]}}', [("R1", "a", "", ""), ("R1", "b", "", "")]),
        ('[{"RecordingSid": "R1", "RecordingStatus": "completed", "RecordingUrl": "u"}]', [("R1", "completed", "", "u")]),
        ('{"sid": "R1", "status": "absent"}', [("R1", "absent", "", "")]),
        ('{"sid": "R1", "status": "a"}\n{"sid": "R2", "status": "b"}\n', [("R1", "a", "", ""), ("R2", "b", "", "")]),
        ("R1 completed 4 /audio\nR2 absent\n", [("R1", "completed", "4", "/audio"), ("R2", "absent", "", "")]),
        ("", []),
        ("[]", []),
    ],
)  # fmt: skip
def test_a_probe_may_have_many_shapes(text: str, rows: list[tuple[str, ...]]) -> None:
    assert [tuple(row) for row in rows_of(text, "probe")] == rows


@pytest.mark.parametrize("text", ["3", "[3]", '[{"status": "absent"}]', "hello"])
def test_a_probe_of_no_shape_is_told_what_is_expected(text: str) -> None:
    with pytest.raises(GradeError, match="probe x: expected "):
        rows_of(text, "x")


def test_the_page_tells_every_check() -> None:
    for check in CHECKS:
        row = f"| `{check.name}` | {check.points} | {check.title} | {check.loses} | {check.needs} |"
        assert row in PAGE
        assert f"- `{check.name}`: {check.remedy}" in PAGE


def test_the_probe_on_the_page_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    db = sqlite3.connect("recordings.db")
    db.execute("CREATE TABLE recordings (sid, status, seconds, file)")
    db.execute("INSERT INTO recordings VALUES ('R1', 'completed', 4, '/a.mp3')")
    db.commit()
    db.close()

    exec(code, {})

    assert len(code.splitlines()) <= 15
    assert [tuple(row) for row in rows_of(capsys.readouterr().out, "page")] == [
        ("R1", "completed", "4", "/a.mp3")
    ]
