"""What `recsim check` says of logs for those who weren't there: a page, Markdown, JUnit's XML."""

from __future__ import annotations

from copy import deepcopy

import pytest
from captured import change, own, written
from junitparser import JUnitXml
from typer.testing import CliRunner

from recsim.cli import app
from recsim.show.reports.markdown import MOST

NAME = "voicemail-finish-on-key"


@pytest.fixture
def logs(tmp_path, monkeypatch):
    """Logs by the name of their file, in the current folder: legal, not legal, and without any."""
    monkeypatch.chdir(tmp_path)
    good, bad = own(NAME), own(NAME)
    change(bad[3], RecordingChannels="3")
    (tmp_path / "good.jsonl").write_bytes(b"".join(written(good)))
    (tmp_path / "bad.jsonl").write_bytes(b"".join(written(bad)))
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "text.log").write_text("hello\n")
    return tmp_path


def call(*words):
    return CliRunner().invoke(app, ["check", *words])


def verdict(text: str) -> str:
    """The verdict of a page, with its tone."""
    return text.partition('<p class="verdict ')[2].partition("</p>")[0]


def page(logs, *words):
    """What is written about logs, and with what status that ends."""
    done = call(*words, "--report", "out.html")
    return done.exit_code, (logs / "out.html").read_text()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["good.jsonl"], 0, 'good">Legal, as far as a log can tell'),
        (["bad.jsonl"], 1, 'bad">Not legal: bad.jsonl'),
        (["none.jsonl"], 2, 'bad">Cannot be read: none.jsonl: no such file or directory'),
        (["text.log"], 2, 'bad">Cannot be read: text.log: expected JSON lines, got none: no line'),
        (
            ["none.jsonl", "bad.jsonl", "good.jsonl"],
            2,
            'bad">Cannot be read: none.jsonl: no such file or directory; not legal: bad.jsonl',
        ),
        (["empty.jsonl"], 0, 'doubt">Nothing to judge: no delivery in empty.jsonl'),
        (
            ["good.jsonl", "empty.jsonl"],
            0,
            'doubt">Nothing to judge: no delivery in empty.jsonl; of the rest, nothing is illegal',
        ),
        (
            ["good.jsonl", "--redact", "bad.jsonl"],
            2,
            'bad">Cannot be copied: bad.jsonl: exists; give the copy another name',
        ),
    ],
)
def test_the_verdict_is_as_grave_as_the_worst_log(logs, words, status, said):
    left, text = page(logs, *words)

    assert left == status
    assert verdict(text).startswith(said)


def test_a_page_says_of_each_log_that_it_could_not_be_read(logs):
    _, text = page(logs, "none.jsonl", "good.jsonl")

    assert "<h2>none.jsonl</h2>" in text
    assert text.count("no such file or directory") == 2


def test_stdin_that_cannot_be_read_is_called_so(logs):
    done = CliRunner().invoke(app, ["check", "-", "--format", "md"], input="hello\n")

    assert done.exit_code == 2
    assert "**Cannot be read: stdin: expected JSON lines, got none" in done.stdout


def test_markdown_begins_with_the_verdict_and_ends_with_the_command(logs):
    told = {name: call(name, "--format", "md").stdout.splitlines() for name in NAMES}

    assert [lines[2] for lines in told.values()] == [
        "**Legal, as far as a log can tell**",
        "**Not legal: bad.jsonl**",
        "**Nothing to judge: no delivery in empty.jsonl**",
        "**Cannot be read: text.log: expected JSON lines, got none: no line is JSON**",
    ]
    for name, lines in told.items():
        assert lines[-1].startswith(f"Look again: `recsim check {name}`")


NAMES = ("good.jsonl", "bad.jsonl", "empty.jsonl", "text.log")


def test_markdown_is_short_and_says_what_is_cut(logs):
    lines = own(NAME)
    change(lines[3], RecordingChannels="3")
    lines.append({"level": "info"})
    (logs / "long.jsonl").write_bytes(b"".join(written([deepcopy(one) for one in lines * 99])))

    for words in (["long.jsonl"], ["long.jsonl", "bad.jsonl", "none.jsonl"] * 20):
        text = call(*words, "--format", "md").stdout

        assert len(text.splitlines()) <= MOST
        assert "left out here" in text
        assert text.count("Look again: ") == 1
        # The gravest first: nothing but errors is left, though warnings stand between them.
        assert "`body-shape`: recording callback completed" in text
        assert "`unknown-shape`: " not in text
        assert "| `unknown-shape` | warning |" in text


def test_markdown_of_many_rules_has_room_for_findings(logs, poisoned):
    (logs / "odd.jsonl").write_bytes(poisoned)

    text = call("odd.jsonl", "--format", "md", "--level", "info").stdout

    assert len(text.splitlines()) <= MOST
    assert "more rules" in text
    assert text.count("\n- line ") > 10


@pytest.fixture
def poisoned():
    """A log that breaks more rules than a short report has rows for."""
    lines = [{"a": 1}]
    for name in ("outbound-recorded", "conference-status-callbacks", "signed"):
        lines += own(name)
    for one in list(lines[1:]):
        for field in one["params"]:
            other = deepcopy(one)
            change(other, **{field: "2026-01-05T08:00:00Z" if "T" in one["params"][field] else "7"})
            lines += [other, {**one, "password": 1, "attempt": 2}]
    return b"".join(written(lines)) + b"oops\n"


def test_junit_fails_what_cannot_be_read_and_skips_what_was_not_judged(logs):
    text = call("none.jsonl", "empty.jsonl", "good.jsonl", "--format", "junit").stdout

    none, empty, good = JUnitXml.fromstring(text.encode())
    assert (none.name, none.failures) == ("none.jsonl", 1)
    assert "no such file" in next(iter(none)).result[0].message
    assert (empty.name, empty.failures, empty.skipped) == ("empty.jsonl", 0, len(list(empty)))
    assert "nothing to judge" in next(iter(empty)).result[0].message
    assert (good.failures, good.skipped) == (0, 0)


def test_junit_has_how_much_there_was_and_what_fails_is_named_for_its_rule(logs):
    text = call("bad.jsonl", "--format", "junit").stdout

    [suite] = JUnitXml.fromstring(text.encode())
    assert {one.name: one.value for one in suite.properties()} == {"lines": "4", "events": "4"}
    assert [case.result[0].type for case in suite if case.result] == ["body-shape"]
    assert {case.classname for case in suite} == {"recsim.check"}


def test_a_name_that_xml_cannot_hold_is_no_bug(logs):
    (logs / "bell\x07.jsonl").write_bytes((logs / "bad.jsonl").read_bytes())

    done = call("bell\x07.jsonl", "--format", "junit")

    assert done.exit_code == 1
    assert JUnitXml.fromstring(done.stdout.encode()).failures == 1
