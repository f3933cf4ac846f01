"""`recsim check` as it is called, and `recsim.check`."""

from __future__ import annotations

import gzip
import inspect
import io
import json
import sys
from collections import Counter

import pytest
from captured import change, har, own, wrapped, written
from junitparser import JUnitXml
from typer.testing import CliRunner

import recsim
from recsim.cli import app
from recsim.core.errors import RecsimError
from recsim.logs.checking import WINDOW
from recsim.logs.report import KEPT
from recsim.vendors.telnyx.signing import KeyFormatError

NAME = "voicemail-finish-on-key"


def broken() -> list[dict]:
    lines = own(NAME)
    change(lines[3], RecordingChannels="3")
    return lines


@pytest.fixture
def good(tmp_path):
    file = tmp_path / "good.jsonl"
    file.write_bytes(b"".join(written(own(NAME))))
    return file


@pytest.fixture
def bad(tmp_path):
    file = tmp_path / "bad.jsonl"
    file.write_bytes(b"".join(written(broken())))
    return file


def call(*words, **rest):
    return CliRunner().invoke(app, ["check", *map(str, words)], **rest)


def test_a_legal_log_is_0_and_says_how_much_there_was(good):
    done = call(good)

    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"{good}: 4 lines, 4 deliveries: 0 errors, 0 warnings, 0 info\n"


def test_a_finding_is_1_and_says_where_what_and_what_would_be_legal(bad):
    done = call(bad)

    assert done.exit_code == 1
    assert done.stdout == (
        f"{bad}:4: recording callback completed: RecordingChannels: expected '1' or '2' "
        "[body-shape]\n    source  texml-recording-*; Q 27\n"
    )


def test_a_warning_is_0(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_bytes(b"".join(written([{"level": "info"}])))

    done = call(log)

    assert done.exit_code == 0
    assert "[unknown-shape]" in done.stdout


def test_infos_are_shown_when_asked_for(tmp_path):
    lines = own(NAME)
    log = tmp_path / "log.jsonl"
    log.write_bytes(b"".join(written([*lines, lines[3]])))

    assert call(log).stdout == ""
    assert "[duplicate]" in call(log, "--level", "info").stdout


def test_stdin_and_gzip_and_documents(tmp_path, good):
    packed, whole = tmp_path / "log.jsonl.gz", tmp_path / "log.har"
    packed.write_bytes(gzip.compress(good.read_bytes()))
    entries = [har(line) for line in broken()]
    whole.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}, indent=2))

    assert call("-", input=good.read_bytes()).stderr.startswith("stdin: 4 lines, 4 deliveries")
    assert call(packed).exit_code == 0
    done = call(whole)
    assert done.exit_code == 1
    assert f"{whole}:4: " in done.stdout


def test_json_lines_have_findings_and_totals(bad):
    done = call(bad, "--json")

    found, totals = map(json.loads, done.stdout.splitlines())
    assert found["log"] == str(bad)
    assert (found["line"], found["rule"], found["level"]) == (4, "body-shape", "error")
    assert totals["summary"]["rules"] == {"body-shape": 1}


def test_junit_is_read_by_its_library_and_fails_the_rule(bad, good, tmp_path):
    file = tmp_path / "report.xml"
    file.write_text(call(bad, good, "--format", "junit").stdout)

    first, second = JUnitXml.fromfile(str(file))
    failed = {case.name: case.result[0] for case in first if case.result}
    assert list(failed) == ["body-shape"]
    assert f"{bad}:4: recording callback completed" in failed["body-shape"].text
    assert (first.failures, second.failures) == (1, 0)
    assert len(list(second)) > 30


def test_markdown_has_a_table_and_the_findings(bad):
    text = call(bad, "--format", "md").stdout

    assert "| `body-shape` | error | 1 |" in text
    assert "- line 4, `body-shape`: recording callback completed" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.jsonl"], "nowhere.jsonl: cannot be read: no such file"),
        (["{folder}"], "cannot be read: is a directory"),
        (["{text}"], "expected JSON lines, got none: no line is JSON"),
        (["{torn}"], "cannot be read"),
        (["{good}", "--window", "many"], "window: expected a number such as 20000"),
        (["{good}", "--window", "0"], "window: expected a number such as 20000"),
        (["{good}", "--public-key", "c2hvcnQ="], "expected a public key of 32 bytes in base64"),
        (["{good}", "--reading", "beep_s"], "expected KEY=VALUE"),
        (["{good}", "--json", "--format", "md"], "expected --json or --format, not both"),
        (["{good}", "--redact", "{good}"], "exists; give the copy another name"),
        (["{good}", "{good}", "--redact", "x"], "expected one LOG to copy"),
        (["{good}", "--redact", "{folder}/none/x"], "cannot be written"),
    ],
)
def test_bad_input_is_2_and_says_what_would_be_right(words, said, tmp_path, good, monkeypatch):
    text, torn = tmp_path / "text.log", tmp_path / "torn.jsonl.gz"
    text.write_text("hello\nworld\n")
    torn.write_bytes(gzip.compress(good.read_bytes())[:-200])
    places = {"folder": tmp_path, "text": text, "torn": torn, "good": good}
    monkeypatch.setattr(sys, "argv", ["recsim", "check", *(w.format(**places) for w in words)])
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    from recsim.cli import main

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 2
    assert "Traceback" not in sys.stderr.getvalue()
    assert said in " ".join(sys.stderr.getvalue().replace("│", " ").split())


def test_one_unreadable_log_does_not_hide_the_others(bad):
    done = call("nowhere.jsonl", bad)

    assert done.exit_code == 2
    assert "[body-shape]" in done.stdout


def test_a_redacted_copy_is_written_beside_the_verdict(bad, tmp_path):
    out = tmp_path / "copy.jsonl.gz"

    assert call(bad, "--redact", out).exit_code == 1
    report = recsim.check(out)

    assert [(one.line, one.rule) for one in report.errors] == [(4, "body-shape")]


def test_lines_that_are_no_json_are_told_with_their_number():
    lines = list(written(own(NAME)))

    report = recsim.check([b"oops\n", *lines, b"\xff\xfe\n", b"", b"\n", b"[" * 5000])

    assert [(one.line, one.rule) for one in report.errors] == [
        *((1, "not-json"), (6, "not-json"), (9, "not-json"))
    ]
    assert report.events == 4


def test_a_line_that_was_cut_off_is_a_warning():
    whole = b"".join(written(own(NAME)))

    report = recsim.check(io.BytesIO(whole[:-300]))

    assert [(one.line, one.rule) for one in report.warnings] == [(4, "truncated")]
    assert report.is_legal


def test_lines_may_be_objects_texts_or_bytes():
    lines = [wrapped(line) for line in own(NAME)]

    for told in (lines, [json.dumps(line) for line in lines], list(written(lines))):
        assert recsim.check(told).events == 4


def test_what_is_found_is_told_at_once_and_kept_up_to_a_bound():
    told: list[recsim.Finding] = []

    report = recsim.check([b"oops"] * (KEPT + 5) + [b"{}"], listener=told.append)

    assert report.counts == Counter({"not-json": KEPT + 5, "unknown-shape": 1})
    assert len(report.findings) == KEPT + 1
    assert len(told) == KEPT + 6


def test_errors_are_errors_of_recsim():
    for error in (recsim.RecsimError, KeyFormatError):
        assert issubclass(error, RecsimError)
    with pytest.raises(RecsimError):
        recsim.check([], window="x")


def test_the_window_is_as_large_as_in_python():
    from recsim.cli.check import check as command

    assert inspect.signature(command).parameters["window"].default == WINDOW
