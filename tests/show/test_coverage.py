"""How often each row was taken: what is counted, and what can't be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import SCENARIOS
from typer.testing import CliRunner, Result

from recsim import cli
from recsim.scenario.coverage import REASONS, moving, step
from recsim.scenario.run import Run, run
from recsim.show.coverage import TraceError, count, taken, traces
from recsim.show.sheets import LIFECYCLES
from recsim.vendors.telnyx.lifecycle import CALL_LEG, DELIVERY, RECORDING

PAUSE = next(file for file in SCENARIOS if file.stem == "pause-and-resume")
STOP = next(file for file in SCENARIOS if file.stem == "rest-stop")

MOVE = (
    b'{"kind":"move","lifecycle":"recording","source":"new","trigger":"start","dest":"in-progress"}'
)
KNOWN = {"recording": RECORDING}


def recsim(*args: str | Path) -> Result:
    """A command, in this process; what `main` catches is not caught."""
    return CliRunner().invoke(cli.app, [str(arg) for arg in args], catch_exceptions=False)


def refused(*args: str | Path) -> str:
    """What is said of bad input: on stderr, and nothing else anywhere."""
    result = recsim("table", *args)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return " ".join(result.stderr.replace("│", " ").split())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """What two runs wrote, a folder each."""
    for file in (PAUSE, STOP):
        run(file).write(tmp_path / file.stem)
    return tmp_path


def moves(*runs: Run) -> list[tuple[str, str, str]]:
    return [
        (line["lifecycle"], line["source"], line["trigger"])
        for one in runs
        for line in one.trace
        if line["kind"] == "move"
    ]


# Counting.


def test_every_move_of_every_trace_is_counted(out):
    counted = taken(traces([out]), LIFECYCLES.values())

    assert sorted(counted.elements()) == sorted(moves(run(PAUSE), run(STOP)))
    assert counted["recording", "paused", "resume"] == 1
    assert counted["recording", "new", "start"] == 2


def test_a_trace_is_counted_once_whichever_folders_lead_to_it(out):
    once = traces([out])

    assert [file.parent.name for file in once] == ["pause-and-resume", "rest-stop"]
    assert traces([out, out / PAUSE.stem, out / STOP.stem / ".." / STOP.stem]) == once


def test_an_ignored_trigger_leaves_nothing_to_count():
    """The second stop of rest-stop is answered, and moves nothing."""
    asked = [line for line in run(STOP).trace if line["kind"] == "request"]
    counted = count(run(STOP).lines["trace.jsonl"].encode().splitlines(), by_name(), "a")

    assert sum("Status=stopped" in line["body"] for line in asked) == 2
    assert counted["recording", "in-progress", "stop"] == 1
    assert not [one for one in counted if one == ("recording", "stopped", "stop")]


def by_name():
    return {machine.name: machine for machine in LIFECYCLES.values()}


@pytest.mark.parametrize("machine", [CALL_LEG, RECORDING, DELIVERY], ids=lambda one: one.name)
def test_every_row_that_moves_can_be_counted(machine):
    lines = [
        json.dumps({"kind": "move", "lifecycle": machine.name, **rule._asdict()}).encode()
        for rule in moving(machine)
    ]

    counted = count(lines, {machine.name: machine}, "a")

    assert counted == {step(machine, rule): 1 for rule in machine.rules if rule.dest}


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (b"{", "expected a line of JSON: "),
        (b"", "expected a line of JSON: "),
        (b"\xff", "expected a line of JSON: "),
        (b"[]", "expected a JSON object, got list"),
        (b"{}", "kind is missing"),
        (b'{"kind":7}', "kind: expected text, got 7"),
        (b'{"kind":"mov"}', "unknown kind 'mov'; did you mean move?"),
        (MOVE.replace(b"trigger", b"tigger"), "trigger is missing"),
        (MOVE.replace(b'"start"', b"null"), "trigger: expected text, got None"),
        (MOVE.replace(b'"recording"', b'"recordin"'),
         "unknown lifecycle 'recordin'; did you mean recording?"),
        (MOVE.replace(b'"start"', b'"pause"'), "recording has no row from 'new' by 'pause' to "),
        (MOVE.replace(b"in-progress", b"paused"), "recording has no row from 'new' by 'start' to "),
        # A row that ignores is no row to move by.
        (MOVE.replace(b"new", b"stopped").replace(b"start", b"stop"), "no row from 'stopped' by "),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_counted_is_told_with_its_place(line, text):
    with pytest.raises(TraceError) as caught:
        count([MOVE, line], KNOWN, "a/trace.jsonl")

    assert str(caught.value).startswith("a/trace.jsonl:2: ")
    assert text in str(caught.value)


# The command.


def test_the_table_says_how_often_each_row_was_taken(out):
    result = recsim("table", "recording", "--coverage", out)

    assert result.exit_code == 0
    assert result.stderr == "counted in 2 traces\n"
    cells = [line.split() for line in result.stdout.splitlines()]
    assert ["source", "trigger", "dest", "spec", "taken"] in cells
    times = {tuple(row[:2]): row[-1] for row in cells if row}
    assert times["new", "start"] == "2"
    assert times["paused", "resume"] == "1"
    assert times["paused", "stop"] == "0"
    assert times["stopped", "stop"] == "-"
    reached = {one for one in moves(run(PAUSE), run(STOP)) if one[0] == "recording"}
    last = f"recording: {len(reached)} of {len(moving(RECORDING))} rows that move were reached"
    assert result.stdout.rstrip().splitlines()[-1] == last


def test_coverage_without_a_name_is_of_every_lifecycle_and_reason(out):
    result = recsim(
        "table", "--coverage", out / PAUSE.stem, "--coverage", out / STOP.stem, "--json"
    )

    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert list(dict.fromkeys(row["table"] for row in rows)) == [*LIFECYCLES, *REASONS]
    for name, machine in LIFECYCLES.items():
        *of_rules, total = [row for row in rows if row["table"] == name]
        assert [(row["source"], row["trigger"]) for row in of_rules] == [
            (rule.source, rule.trigger) for rule in machine.rules
        ]
        assert all((row["taken"] is None) == (row["dest"] == "-") for row in of_rules)
        assert total == {
            "table": name,
            "reached": sum(bool(row["taken"]) for row in of_rules),
            "moving": len(moving(machine)),
        }
        assert sum(row["taken"] or 0 for row in of_rules) == sum(
            one[0] == machine.name for one in moves(run(PAUSE), run(STOP))
        )


def test_coverage_of_what_is_not_there_is_refused(out, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "trace.jsonl").mkdir(parents=True)

    for name, said in {
        "none": "no such folder",
        "file": "expected a folder, found a file",
        "empty": "no trace.jsonl in it; recsim run --out writes one",
        "folder": "/trace.jsonl: cannot be read: is a directory",
    }.items():
        told = refused("--coverage", out / PAUSE.stem, "--coverage", tmp_path / name)
        assert told.startswith(str(tmp_path / name))
        assert told.endswith(said)


def test_coverage_of_a_broken_trace_names_file_and_line(out):
    file = out / PAUSE.stem / "trace.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[:-10])

    said = refused("--coverage", out)

    assert said.startswith(f"{file}:{len(whole.splitlines())}: expected a line of JSON: ")


def test_coverage_of_what_is_no_lifecycle_is_refused(out):
    assert "'sources' is no lifecycle: its rows are not counted; call-leg," in refused(
        "sources", "--coverage", out
    )
    assert "did you mean recording?" in refused("recordng", "--coverage", out)
    assert "only one of --coverage, --mermaid and --svg" in refused("--coverage", out, "--mermaid")
