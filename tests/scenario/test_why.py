"""Why something happened: causes, their rows, and the lines of the scenario."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from conftest import SCENARIOS
from typer.testing import CliRunner, Result

from recsim import cli
from recsim.core.errors import RecsimError
from recsim.scenario.origins import Origins
from recsim.scenario.run import Run, run
from recsim.scenario.why import why
from recsim.scenario.written import WrittenError, read
from recsim.show.happened import words

FILES = {file.stem: file for file in SCENARIOS}
VOICEMAIL = FILES["voicemail-finish-on-key"]

#: What nobody brings in but the scenario.
BROUGHT = (
    "invite", "ringing", "answered", "refused", "transferred", "speech", "pressed", "hung-up",
    "request",
)  # fmt: skip


@pytest.fixture(scope="module")
def one() -> Run:
    return run(VOICEMAIL)


@pytest.fixture
def out(one: Run, tmp_path: Path) -> Path:
    one.write(tmp_path / "out")
    return tmp_path / "out"


def seq_of(one: Run, **fields: object) -> int:
    return next(
        line["seq"]
        for line in one.trace
        if all(line.get(name) == value for name, value in fields.items())
    )


def recsim(*args: str | Path) -> Result:
    """A command; a RecsimError, which `main` tells, is raised."""
    return CliRunner().invoke(cli.app, [str(arg) for arg in args], catch_exceptions=False)


def test_causes_lead_down_to_the_caller_in_the_file(one):
    found = one.why(seq_of(one, kind="move", trigger="key"))

    assert [cause.line["kind"] for cause in found.causes] == [
        "move", "pressed", "speech", "speech", "cue", "due", "move", "due", "fetched", "fetch",
        "move", "invite",
    ]  # fmt: skip
    places = [(cause.place.line, cause.place.text) for cause in found.causes if cause.place]
    assert places == [
        (27, '- press: "#"'), (25, "- speak: 7s"), (25, "- speak: 7s"),
        (11, "https://app.test/answer: |"), (20, "caller:"),
    ]  # fmt: skip


def test_a_move_names_its_row_and_source(one):
    told = str(one.why(seq_of(one, kind="move", trigger="key")))

    assert "22  09:00:12.000  caller: recording 1 is ended by the key: stopped\n" in told
    assert "row: recording: in-progress --key--> stopped [docs record: finishOnKey]\n" in told
    assert f'{VOICEMAIL}:27: - press: "#"\n' in told


def test_whatever_people_and_programs_do_has_its_place(played):
    origins = Origins(played.written, played.loaded)

    strays = [line for line in played.trace if line["kind"] in BROUGHT and not origins.path(line)]
    assert not strays


def test_every_line_has_words(played):
    said = words(played.written)

    assert set(said) == set(range(1, len(played.trace) + 1))
    assert not [line for line in played.trace if said[line["seq"]] == line["kind"]]


def test_a_request_is_told_with_the_line_that_makes_it():
    paused = run(FILES["pause-and-resume"])
    requests = [line for line in paused.trace if line["kind"] == "request"]
    places = [paused.why(line["seq"]).causes[0].place for line in requests]

    at = [paused.loaded.tree.position(("requests", n))[0] for n in range(len(requests))]
    assert [place.line for place in places if place] == at


def test_a_recording_stands_for_its_last_move_and_a_callback_for_its_attempt(one):
    by_sid = one.why(one.recordings[0]["sid"])
    by_callback = one.why("callback:4")

    assert by_sid.causes[0].line["trigger"] == "save"
    assert by_callback.causes[0].line["kind"] == "attempt"
    assert str(by_callback).startswith("    09:00:12.820  callback:4 arrives: POST https://")


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("0", "trace.jsonl: expected a seq from 1 to 36, got '0'"),
        (37, "trace.jsonl: expected a seq from 1 to 36, got '37'"),
        ("callback:5", "callbacks.jsonl: expected a callback from 1 to 4, got 'callback:5'"),
        ("-1", "expected a seq, callback:N or the sid of a recording, got '-1'"),
        ("", "expected a seq, callback:N or the sid of a recording, got ''"),
    ],
)
def test_what_there_is_not_is_refused(one, what, text):
    with pytest.raises(RecsimError) as caught:
        one.why(what)

    assert text in str(caught.value)


def test_a_folder_says_the_same_as_the_run(one, out):
    seq = seq_of(one, kind="move", trigger="save")

    assert str(why(read(out), seq, one.loaded)) == str(one.why(seq))
    assert recsim("why", out, seq, "--scenario", VOICEMAIL).stdout == str(one.why(seq))


def test_json_lines_have_the_same(one, out):
    printed = recsim("why", out, "22", "--scenario", VOICEMAIL, "--json").stdout
    head, first, second, *_ = map(orjson.loads, printed.splitlines())

    assert (head["line"], head["what"]) == ("why", "22")
    assert first["row"]["spec"] == "docs record: finishOnKey"
    assert first["scenario"] is None
    assert second["scenario"] == {"file": str(VOICEMAIL), "line": 27, "text": '- press: "#"'}


@pytest.mark.parametrize("other", ["rest-stop", "refer-elsewhere"])
def test_another_scenario_is_refused(out, other):
    with pytest.raises(WrittenError, match="is not what was played"):
        why(read(out), 20, run(FILES[other]).loaded)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("trace.jsonl", b"", "trace.jsonl: expected lines, found none"),
        ("trace.jsonl", b"x", "trace.jsonl:1: expected a line of JSON"),
        ("trace.jsonl", b"[]", "trace.jsonl:1: expected a JSON object, got list"),
        ("trace.jsonl", b'{"seq":1}', "trace.jsonl:1: at: expected text, got None"),
        ("trace.jsonl", b'{"seq":1,"at":"x","cause":0,"kind":"drop"}', "at: expected a moment"),
        ("trace.jsonl", b'{"seq":1,"at":"x","cause":0,"kind":"mov"}', "did you mean move?"),
        ("trace.jsonl", b'{"seq":2,"at":"2026-01-05T09:00:00Z","cause":0,"kind":"drop","leg":1}',
         "expected line 1 of a whole trace"),
        ("callbacks.jsonl",
         b'{"at":"2026-01-05T09:00:00Z","cause":99,"kind":"action","params":{}}',
         "callbacks.jsonl:1: the trace has no line 99: they are not of one run"),
        ("recordings.jsonl", b'{"sid":"a"}', "recordings.jsonl:1: call: expected text, got None"),
    ],
)  # fmt: skip
def test_files_that_are_none_are_refused(out, name, content, text):
    (out / name).write_bytes(content)

    with pytest.raises(WrittenError) as caught:
        read(out)

    assert text in str(caught.value)


def test_files_of_two_runs_are_refused(out):
    run(FILES["pause-and-resume"]).write(out.parent / "other")
    (out / "trace.jsonl").write_bytes((out.parent / "other" / "trace.jsonl").read_bytes())

    with pytest.raises(WrittenError, match="don't belong together"):
        words(read(out))


@pytest.mark.parametrize("folder", ["nowhere", "out/trace.jsonl"])
def test_a_folder_that_is_none_is_refused(out, folder):
    with pytest.raises(WrittenError, match=r"no such folder|found a file"):
        read(out.parent / folder)
