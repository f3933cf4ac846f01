"""The command line: what it prints where, and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SCENARIOS
from typer.testing import CliRunner, Result

from recsim import __version__, cli
from recsim.scenario.jsonschema import json_schema
from recsim.scenario.run import FILES, run
from recsim.scenario.template import TEMPLATE
from recsim.show.sheets import LIFECYCLES, NAMES, SHEETS, of_lifecycle
from recsim.show.tables import diagram

VOICEMAIL = next(file for file in SCENARIOS if file.stem == "voicemail-hang-up")
STOP = next(file for file in SCENARIOS if file.stem == "rest-stop")


def recsim(*args: str | Path) -> Result:
    """A command, in this process; what `main` catches is not caught."""
    return CliRunner().invoke(cli.app, [str(arg) for arg in args], catch_exceptions=False)


def process(*args: str | Path, **more) -> subprocess.CompletedProcess[bytes]:
    """A command in its own process, as it is installed."""
    command = [sys.executable, "-c", "from recsim.cli import main; main()"]
    return subprocess.run([*command, *args], capture_output=True, check=False, timeout=60, **more)


def told(text: str) -> str:
    """What a usage error says, without the box around it."""
    return " ".join(text.replace("│", " ").split())


def refused(*args: str | Path) -> str:
    """What is said of bad input or usage: on stderr, and nothing else anywhere."""
    result = recsim(*args)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr
    assert "Traceback" not in result.stderr
    return told(result.stderr)


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    """A scenario that expects too much."""
    file = tmp_path / "failing.yaml"
    text = VOICEMAIL.read_text(encoding="utf-8")
    file.write_text(text.replace("duration: 4,", "duration: 5,"), encoding="utf-8")
    return file


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A scenario with two faults."""
    file = tmp_path / "faulty.yaml"
    text = VOICEMAIL.read_text(encoding="utf-8")
    file.write_text(
        text.replace("expect:", "expct:").replace("seed: 2", "seed: two"), encoding="utf-8"
    )
    return file


# run: text.


def test_run_tells_what_happened_and_each_verdict():
    result = recsim("run", VOICEMAIL)

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert result.stderr == ""
    assert lines[0] == f"{run(VOICEMAIL).title}  {VOICEMAIL}  seed 2"
    assert "      7.200  caller  hangs up" in lines
    assert "      7.920  caller  recording 1 is stored: completed" in lines
    verdicts = [line for line in lines if line.startswith("  ok     line ")]
    assert len(verdicts) == len(run(VOICEMAIL).verdicts)
    assert verdicts[-1] == "  ok     line 33: never callback RecordingStatus: in-progress"


def test_run_says_what_failed_what_was_found_and_how_to_replay(failing):
    result = recsim("run", failing)

    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    at = lines.index(
        "  FAILED line 25: recording status: completed, duration: 5, v2: {duration_millis: 4200}"
    )
    assert lines[at + 1] == "         found: none of 1; nearest: duration is 4"
    assert lines[at + 2].startswith(
        "         OpenAPI TexmlGetCallRecordingResponseBody: TeXML tells "
    )
    assert lines[at + 3] == "         docs record: A recording ends with its call, whoever hangs up"
    assert lines[at + 4].startswith("  ok     line ")
    assert sum(line.startswith("         ") for line in lines[at:]) == 3
    assert lines[-1] == f"not as expected; replay with: recsim run {failing} --seed 2"


def test_verdicts_of_answers_stand_at_their_lines():
    result = recsim("run", STOP)

    source = STOP.read_text(encoding="utf-8").splitlines()
    told_of = [line.removeprefix("  ok     line ") for line in result.stdout.splitlines()]
    numbers = [int(line.split(":")[0]) for line in told_of if line[:1].isdigit()]
    assert len(numbers) == 8
    assert all("answer:" in source[number - 1] for number in numbers[3:])


def test_run_of_several_counts_those_that_went_as_expected(failing):
    both = recsim("run", VOICEMAIL, STOP)
    one = recsim("run", failing, VOICEMAIL)

    assert both.exit_code == 0
    assert both.stdout.splitlines()[-1] == "2 of 2 scenarios went as expected"
    assert one.exit_code == 1
    assert one.stdout.splitlines()[-2] == "1 of 2 scenarios went as expected"


def test_a_seed_takes_the_place_of_the_files_own_and_is_said(failing):
    first = recsim("run", VOICEMAIL, "--seed", "99").stdout.splitlines()
    last = recsim("run", failing, "--seed", "99").stdout.splitlines()[-1]

    assert first[0].endswith("  seed 99")
    assert run(VOICEMAIL, seed=99).recordings[0]["sid"] in "\n".join(first)
    assert last.endswith("--seed 99")


def test_lines_are_not_wrapped_in_a_pipe():
    narrow = process("run", STOP, env={**os.environ, "COLUMNS": "40"})

    assert narrow.stdout == process("run", STOP).stdout
    assert max(map(len, narrow.stdout.splitlines())) > 100
    assert b"\x1b" not in narrow.stdout


# run: JSON lines.


def test_json_lines_open_each_run_with_version_and_seed(failing):
    result = recsim("run", failing, VOICEMAIL, "--json", "--seed", "5")

    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert lines[0] == {
        "line": "run",
        "recsim": 1,
        "scenario": str(failing),
        "title": run(VOICEMAIL).title,
        "seed": 5,
    }
    assert [line["scenario"] for line in lines if line["line"] == "run"] == [
        str(failing), str(VOICEMAIL),
    ]  # fmt: skip
    assert [line["as_expected"] for line in lines if line["line"] == "end"] == [False, True]
    assert lines[-1] == {"line": "summary", "played": 2, "failed": [str(failing)]}


def test_json_lines_tell_all_of_a_run(failing):
    result = recsim("run", failing, "--json")

    played = run(failing)
    by_kind: dict[str, list[dict[str, object]]] = {}
    for line in map(json.loads, result.stdout.splitlines()):
        by_kind.setdefault(line.pop("line"), []).append(line)
    assert by_kind["callback"] == played.callbacks
    assert by_kind["recording"] == played.recordings
    assert by_kind["verdict"][0] == {
        "at_line": 25,
        "text": "recording status: completed, duration: 5, v2: {duration_millis: 4200}",
        "held": False,
        "found": "none of 1; nearest: duration is 4",
        "clauses": ["recording.duration", "recording.ends-with-call"],
    }
    assert [verdict["held"] for verdict in by_kind["verdict"]] == [False, True, True, True]


# run: files.


def test_out_writes_three_files_of_one_scenario(tmp_path):
    out = tmp_path / "deep" / "out"

    assert recsim("run", VOICEMAIL, "--out", out).exit_code == 0
    assert sorted(file.name for file in out.iterdir()) == sorted(FILES)
    for name, text in run(VOICEMAIL).lines.items():
        assert (out / name).read_bytes() == text.encode()


def test_out_writes_a_folder_for_each_of_several(tmp_path):
    assert recsim("run", VOICEMAIL, STOP, "--out", tmp_path).exit_code == 0
    assert sorted(folder.name for folder in tmp_path.iterdir()) == [STOP.stem, VOICEMAIL.stem]
    text = (tmp_path / STOP.stem / "trace.jsonl").read_text(encoding="utf-8")
    assert text == run(STOP).lines["trace.jsonl"]


def test_out_writes_over_what_was_there(tmp_path):
    recsim("run", STOP, "--out", tmp_path)
    recsim("run", VOICEMAIL, "--out", tmp_path)

    text = (tmp_path / "trace.jsonl").read_text(encoding="utf-8")
    assert text == run(VOICEMAIL).lines["trace.jsonl"]


def test_out_is_written_though_something_failed(failing, tmp_path):
    assert recsim("run", failing, "--out", tmp_path / "out").exit_code == 1
    assert (tmp_path / "out" / "trace.jsonl").exists()


def test_out_that_is_a_file_is_refused(tmp_path):
    out = tmp_path / "out"
    out.write_text("mine", encoding="utf-8")

    assert "expected a folder, got the file" in refused("run", VOICEMAIL, "--out", out)
    assert out.read_text(encoding="utf-8") == "mine"


def test_out_that_cannot_be_written_is_a_fault(tmp_path):
    (tmp_path / "trace.jsonl").mkdir()
    (tmp_path / "file").write_text("mine", encoding="utf-8")

    for out in (tmp_path, tmp_path / "file" / "below"):
        result = recsim("run", VOICEMAIL, "--out", out)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"{out}: cannot be written: ")


def test_two_scenarios_of_one_name_are_refused(tmp_path):
    other = tmp_path / VOICEMAIL.name
    other.write_bytes(STOP.read_bytes())

    said = refused("run", VOICEMAIL, other, "--out", tmp_path / "out")
    assert "two scenarios would be written to" in said
    assert not (tmp_path / "out").exists()
    assert recsim("run", VOICEMAIL, other).exit_code == 0


# run: what is refused.


def test_faults_of_all_files_are_told_and_nothing_is_played(faulty, tmp_path):
    missing = tmp_path / "missing.yaml"
    result = recsim("run", VOICEMAIL, faulty, missing, "--json", "--out", tmp_path / "out")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert not (tmp_path / "out").exists()
    assert result.stderr.splitlines() == [
        f"{faulty}:6:7: seed: expected a whole number from 0 to {2**63 - 1}, got 'two'",
        f"{faulty}:24:1: expct: unknown key; did you mean expect?",
        f"{missing}: cannot be read: no such file or directory",
    ]


def test_a_folder_is_no_scenario(tmp_path):
    assert refused("run", tmp_path).endswith(": cannot be read: is a directory")


@pytest.mark.skipif(not hasattr(os, "geteuid") or not os.geteuid(), reason="root may read all")
def test_a_file_that_may_not_be_read_is_a_fault(tmp_path):
    file = tmp_path / "secret.yaml"
    file.write_bytes(VOICEMAIL.read_bytes())
    file.chmod(0)

    assert refused("run", file).endswith(": cannot be read: permission denied")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("run",), "Missing argument"),
        (("run", VOICEMAIL, "--outt", "x"), "No such option: --outt"),
        (("run", VOICEMAIL, "--seed", "-1"), "--seed"),
        (("run", VOICEMAIL, "--seed", str(2**63)), "--seed"),
        (("run", VOICEMAIL, "--seed", "one"), "--seed"),
        (("play", VOICEMAIL), "No such command 'play'"),
        (("schema", "x"), "unexpected extra argument"),
    ],
)
def test_usage_faults_name_what_is_wrong(args, words):
    assert words in refused(*args)


def test_the_largest_seed_is_played():
    assert recsim("run", VOICEMAIL, "--seed", str(2**63 - 1)).exit_code == 0


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names are Unicode there")
def test_a_name_that_is_no_text_can_be_played(tmp_path):
    name = os.fsencode(tmp_path) + b"/caf\xe9.yaml"
    Path(os.fsdecode(name)).write_bytes(VOICEMAIL.read_bytes())

    done = process("run", name, "--out", tmp_path / "out", env={**os.environ, "PYTHONUTF8": "1"})
    missing = process("run", name + b"x", env={**os.environ, "PYTHONUTF8": "1"})

    assert done.returncode == 0
    assert (tmp_path / "out" / "trace.jsonl").exists()
    assert missing.returncode == 2
    assert b"cannot be read: no such file" in missing.stderr
    assert b"Traceback" not in done.stderr + missing.stderr


# Pipes.


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes of this kind")
@pytest.mark.parametrize(
    "args", [("run", *SCENARIOS), ("run", *SCENARIOS, "--json"), ("table",), ("schema",)]
)
def test_a_reader_may_leave_early(args):
    """As `head` does: no traceback, and no report of a bug."""
    command = [sys.executable, "-c", "from recsim.cli import main; main()", *args]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stderr
        assert child.stdout.readline()
        child.stdout.close()
        said = child.stderr.read()
        status = child.wait(timeout=60)

    assert said == b""
    assert status in (0, 1)


# init.


def test_init_writes_a_scenario_that_runs(tmp_path):
    file = tmp_path / "mine.yaml"

    result = recsim("init", file)

    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == f"wrote {file}; play it with: recsim run {file}\n"
    assert file.read_bytes() == TEMPLATE.encode()
    assert recsim("run", file).exit_code == 0


def test_init_without_a_name_writes_scenario_yaml(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert recsim("init").exit_code == 0
    assert [file.name for file in tmp_path.iterdir()] == ["scenario.yaml"]


def test_init_writes_over_nothing(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("mine", encoding="utf-8")

    assert "exists; give another name" in refused("init", file)
    assert file.read_text(encoding="utf-8") == "mine"
    assert "exists; give another name" in refused("init", tmp_path)
    assert "cannot be written: no such file or directory" in refused("init", tmp_path / "a" / "b")


def test_init_to_stdout(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    result = recsim("init", "-")

    assert (result.exit_code, result.stdout, result.stderr) == (0, TEMPLATE, "")
    assert not list(tmp_path.iterdir())


def test_what_the_template_has_commented_out_would_work(tmp_path):
    file = tmp_path / "mine.yaml"
    lines = TEMPLATE.splitlines()
    start = lines.index(next(line for line in lines if line.startswith("# requests:")))
    file.write_text(
        "\n".join(lines[:start] + [line.removeprefix("# ") for line in lines[start:]]),
        encoding="utf-8",
    )

    played = run(file)

    assert [one.answer.status for one in played.kept.answered] == [200]
    assert {sent.outcome for sent in played.kept.sent if sent.attempt == 1} >= {500}


# table.


@pytest.mark.parametrize("name", NAMES)
def test_table_prints_each(name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    result = recsim("table", name)

    sheet = of_lifecycle(LIFECYCLES[name]) if name in LIFECYCLES else SHEETS[name]()
    assert result.exit_code == 0
    assert result.stdout.startswith(sheet.title)
    assert sheet.rows
    for row in sheet.rows:
        assert all(word in result.stdout for cell in row for word in cell.split())


@pytest.mark.parametrize("name", NAMES)
def test_table_as_json_has_every_cell(name):
    result = recsim("table", name, "--json")

    sheet = of_lifecycle(LIFECYCLES[name]) if name in LIFECYCLES else SHEETS[name]()
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [tuple(row.values()) for row in rows] == [(name, *row) for row in sheet.rows]
    assert all(tuple(row) == ("table", *sheet.columns) for row in rows)


def test_table_without_a_name_prints_all():
    rows = [json.loads(line) for line in recsim("table", "--json").stdout.splitlines()]

    assert list(dict.fromkeys(row["table"] for row in rows)) == list(NAMES)


def test_every_row_that_decides_says_why():
    rows = [json.loads(line) for line in recsim("table", "--json").stdout.splitlines()]

    specs = [row["spec"] for row in rows if "spec" in row]
    assert all(specs)
    assert {row["table"] for row in rows if "spec" not in row} <= {"callbacks", "disputes"}


@pytest.mark.parametrize("name", LIFECYCLES)
def test_table_as_a_diagram(name):
    result = recsim("table", name, "--mermaid")

    assert result.stdout == diagram(LIFECYCLES[name])
    lines = result.stdout.splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert "    [*] --> new" in lines
    for rule in LIFECYCLES[name].rules:
        if rule.dest:
            arrow = f"    {rule.source} --> {rule.dest} :".replace("-p", "_p").replace("-a", "_a")
            assert any(rule.trigger in line for line in lines if line.startswith(arrow))


def test_unknown_tables_get_a_suggestion():
    said = refused("table", "recordng")
    assert "unknown table 'recordng'; did you mean recording?; there are call-leg," in said

    said = refused("table", "zzz")
    assert "unknown table 'zzz'; there are" in said
    assert "did you mean" not in said


def test_a_table_that_is_no_lifecycle_has_no_diagram():
    assert "'sources' is no lifecycle: it has no diagram" in refused(
        "table", "sources", "--mermaid"
    )


# The rest.


def test_schema_is_that_of_the_models():
    result = recsim("schema")

    assert (result.exit_code, result.stdout) == (0, json_schema())
    assert json.loads(result.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_version():
    result = recsim("--version")

    assert (result.exit_code, result.stdout) == (0, f"recsim {__version__}\n")


def test_help_names_every_command_and_the_exit_statuses():
    result = recsim("--help")

    assert result.exit_code == 0
    for word in ("run", "lint", "init", "table", "schema", "0 as expected", "2 bad input"):
        assert word in told(result.stdout)


def test_the_installed_command_leaves_with_the_same_statuses(failing, faulty, tmp_path):
    assert process("run", VOICEMAIL).returncode == 0
    assert process("run", failing).returncode == 1
    done = process("run", faulty)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr


def test_what_else_escapes_is_called_a_bug(monkeypatch, capsys):
    def broken() -> None:
        raise LookupError("of our own making")

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(SystemExit) as left:
        cli.main()

    assert left.value.code == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "of our own making" in said.err
    assert said.err.splitlines()[-1].startswith("recsim: this is a bug in recsim; please report it")


def test_a_terminal_that_lacks_a_letter_still_shows_the_rest(tmp_path):
    file = tmp_path / "title.yaml"
    file.write_text(TEMPLATE.replace("title: A caller", "title: Ä caller"), encoding="utf-8")

    done = process("run", file, env={**os.environ, "PYTHONIOENCODING": "ascii"})

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(rb"\xc4 caller leaves a message")


def test_a_file_whose_name_is_no_text_is_played(tmp_path):
    name = os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.yaml")
    Path(name).write_text(TEMPLATE)

    done = process("run", name, "--json")

    assert done.returncode == 0, done.stderr
    assert all(json.loads(line) for line in done.stdout.splitlines())


def test_a_request_that_was_never_sent_is_remarked(tmp_path):
    file = tmp_path / "unsent.yaml"
    text = "requests:\n  - {at: play, get: '/v2/recordings/{caller.recording}'}\n"
    file.write_text(TEMPLATE + text)

    assert "was never sent: there was no play of caller" in recsim("run", file).stdout
