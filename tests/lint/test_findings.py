"""What `recsim lint` prints, where, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from recsim import cli
from recsim.lint.advice import Advice
from recsim.show.findings import annotation, json_line, text_of

DOCUMENT = """\
<Response>
  <Record maxlength="60"/>
  <Sms>hi</Sms>
</Response>
"""
RIGHT = "<Response><Hangup/></Response>"

ADVICE = Advice("a,b:c.xml", 2, 3, "bad-value", "50%: x\ny", "none", "write 1", "docs record")


def recsim(*args: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    file = tmp_path / "wrong.xml"
    file.write_text(DOCUMENT)
    return file


@pytest.fixture
def right(tmp_path: Path) -> Path:
    file = tmp_path / "right.xml"
    file.write_text(RIGHT)
    return file


def test_text_says_where_what_it_costs_and_what_to_write(wrong):
    result = recsim("lint", wrong)

    assert result.exit_code == 1
    assert result.stdout.splitlines()[:4] == [
        f"{wrong}:2:11: Record has no attribute 'maxlength', which is passed over; "
        "did you mean maxLength? [unknown-attribute]",
        "    cost    its default holds: maxLength is 3600",
        "    remedy  write maxLength",
        "    source  docs record",
    ]
    assert result.stderr == "2 findings in 1 file\n"


def test_nothing_found_prints_nothing(right):
    result = recsim("lint", right, right)

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "nothing found in 2 files\n"


def test_json_is_a_line_a_finding(wrong, right):
    result = recsim("lint", wrong, right, "--json")

    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [(line["line"], line["column"], line["rule"]) for line in lines] == [
        (2, 11, "unknown-attribute"),
        (3, 3, "twiml"),
    ]
    assert all(tuple(line) == Advice._fields for line in lines)
    assert {line["file"] for line in lines} == {str(wrong)}
    assert all(line[key] for line in lines for key in ("text", "cost", "remedy", "source"))
    assert result.stderr == "2 findings in 1 of 2 files\n"


def test_github_is_an_annotation_a_finding(wrong):
    result = recsim("lint", wrong, "--format", "github")

    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert len(lines) == 2
    file = str(wrong).replace(":", "%3A").replace(",", "%2C")
    start = f"::warning file={file},line=2,col=11,title=unknown-attribute::Record has no attribute"
    assert lines[0].startswith(start)


def test_annotations_are_escaped():
    assert annotation(ADVICE) == (
        "::warning file=a%2Cb%3Ac.xml,line=2,col=3,title=bad-value::"
        "50%25: x%0Ay%0Acost: none%0Aremedy: write 1 (docs record)"
    )
    assert annotation(ADVICE._replace(line=0, column=0)).startswith(
        "::warning file=a%2Cb%3Ac.xml,title=bad-value::50%25"
    )


def test_a_finding_about_a_whole_file_names_no_line():
    assert text_of(ADVICE._replace(line=0)).plain.startswith("a,b:c.xml: 50%")
    assert json.loads(json_line(ADVICE))["line"] == 2


def test_what_cannot_be_read_is_told_after_what_can(wrong, tmp_path):
    result = recsim("lint", tmp_path / "missing.xml", wrong)

    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 8
    assert result.stderr.splitlines() == [
        f"{tmp_path / 'missing.xml'}: cannot be read: no such file or directory",
        "2 findings in 1 file",
    ]


def test_one_way_to_write_at_a_time(wrong):
    result = recsim("lint", wrong, "--json", "--format", "github")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert recsim("lint", wrong, "--format", "sarif").exit_code == 2
    assert recsim("lint").exit_code == 2


def test_run_tells_what_playing_does_not(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(
        "recsim: 1\n"
        "title: A document nobody asks for\n"
        "application: {voice_url: https://app.test/a}\n"
        "calls: {caller: {from: +15550001, to: +15550002, story: [wait: pause, hang_up]}}\n"
        "documents:\n"
        "  https://app.test/a: <Response><Sms/><Pause/></Response>\n"
        "  https://app.test/b: <Response/>\n"
    )

    text = recsim("run", file).stdout
    lines = [json.loads(line) for line in recsim("run", file, "--json").stdout.splitlines()]

    assert text.count("Sms") == 1
    said = "no URL leads to the document https://app.test/b"
    assert f"  lint: {file}:7:3: {said} [unused-document]" in text.splitlines()
    assert [line for line in lines if line["line"] == "finding"] == [
        {
            "line": "finding",
            "at_line": 7,
            "column": 3,
            "rule": "unused-document",
            "text": said,
        }
    ]
