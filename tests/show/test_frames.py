"""A run's files as data frames: the same columns of the same types, whatever was played."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import recsim
from recsim.core.errors import ExtraError
from recsim.show import frames
from recsim.show.columns import CALLBACKS, RECORDINGS, TRACE, column_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = ("recordings", "callbacks", "trace")
MOMENT = pl.Datetime("us", "UTC")


def played(name: str) -> recsim.Run:
    return recsim.run(SCENARIOS / f"{name}.yaml")


@pytest.fixture(scope="module")
def voicemail() -> recsim.Run:
    return played("voicemail-finish-on-key")


def test_a_recording_is_a_row_with_its_views_side_by_side(voicemail):
    frame = voicemail.frame("recordings")
    wanted = {
        "sid": (pl.String, "a8df30e8-afa8-4a13-bf18-be072f444b9b"),
        "call": (pl.String, "caller"),
        "entity": (pl.Int64, 4),
        "status": (pl.String, "completed"),
        "texml_create_channels": (pl.Int64, 2),
        "texml_create_price": (pl.Float64, 0.0003),
        "texml_duration": (pl.Int64, 9),
        "texml_date_created": (MOMENT, datetime(2026, 1, 5, 9, 0, 2, tzinfo=UTC)),
        "conference_item_duration": (pl.Int64, None),
        "v2_channels": (pl.String, "dual"),
        "v2_duration_millis": (pl.Int64, 9000),
        "v2_from": (pl.String, "+15550001"),
        "v2_updated_at": (MOMENT, datetime(2026, 1, 5, 9, 0, 12, 720_000, tzinfo=UTC)),
        "v2_download_urls_wav": (pl.String, None),
    }

    [row] = frame.select(*wanted).to_dicts()
    assert row == {name: value for name, (_, value) in wanted.items()}
    assert frame.select(*wanted).schema == {name: type_ for name, (type_, _) in wanted.items()}


def test_the_seconds_of_a_recording_add_up() -> None:
    paused, trimmed = (
        recsim.run(SCENARIOS / f"{name}.yaml").frame("recordings").row(0, named=True)
        for name in ("pause-and-resume", "trim-silence")
    )

    assert (paused["lasted_s"], paused["paused_s"], paused["captured_s"]) == (30.5, 5.0, 25.0)
    assert paused["lasted_s"] == paused["paused_s"] + paused["captured_s"] + 0.5  # the beep
    assert (trimmed["captured_s"], trimmed["kept_s"]) == (12.0, 7.0)
    assert trimmed["kept_s"] * 1000 == trimmed["v2_duration_millis"]


def test_an_arrival_is_a_row_with_its_parameters(voicemail):
    frame = voicemail.frame("callbacks")
    wanted = ["at_s", "kind", "outcome", "answered", "RecordingStatus", "RecordingDuration"]

    assert frame.select(*wanted).rows() == [
        (0.0, "instructions", "200", 200, None, None),
        (2.6, "recording-status", "200", 200, "in-progress", None),
        (12.0, "action", "200", 200, None, 9),
        (12.82, "recording-status", "200", 200, "completed", 9),
    ]
    assert frame["RecordingDuration"].dtype == pl.Int64


def test_an_arrival_without_an_answer_has_no_status():
    frame = played("callbacks-lost").frame("callbacks")

    assert "lost" in frame["outcome"]
    assert set(frame.filter(pl.col("outcome") == "lost")["answered"]) == {None}


def test_a_line_of_the_trace_is_told_in_words(voicemail):
    frame = voicemail.frame("trace")
    wanted = ["seq", "at_s", "cause", "kind", "call", "session", "says"]

    assert frame.height == len(voicemail.trace)
    assert frame.select(*wanted).rows()[:2] == [
        (1, 0.0, 0, "invite", "caller", None, "caller: calls +15550002 from +15550001"),
        (2, 0.0, 1, "opened", "caller", 1, "the call session caller is opened"),
    ]


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_nothing_is_left_out_but_headers_and_legs(path):
    run = recsim.run(path)
    views = {
        column_of(f"{view}.{name}.{inner}" if isinstance(value, dict) else f"{view}.{name}")
        for row in run.recordings
        for view in ("texml_create", "texml", "conference_item", "v2")
        for name, value in (row[view] or {}).items()
        for inner in (value if isinstance(value, dict) else [""])
    }

    assert views <= set(RECORDINGS)
    params = {column_of(name) for line in run.callbacks for name in line["params"]}
    assert params | {name for line in run.callbacks for name in line} <= {
        *CALLBACKS, "headers", "params"
    }  # fmt: skip
    assert {name for line in run.trace for name in line} <= {*TRACE, "headers", "title"}
    for name, lines in zip(NAMES, (run.recordings, run.callbacks, run.trace), strict=True):
        assert run.frame(name).height == len(lines)


@pytest.mark.parametrize("name", NAMES)
def test_the_frame_of_an_empty_run_has_the_same_columns(name, voicemail):
    empty = replace(voicemail, lines=dict.fromkeys(voicemail.lines, "")).frame(name)

    assert empty.height == 0
    assert empty.schema == voicemail.frame(name).schema


@pytest.mark.parametrize("name", NAMES)
def test_pandas_has_the_same_columns_and_values(name, voicemail):
    pandas = pytest.importorskip("pandas")

    frame = voicemail.frame(name, kind="pandas")

    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == voicemail.frame(name).columns
    missing = (pandas.NA, pandas.NaT)
    rows = [
        {key: None if any(value is one for one in missing) else value for key, value in row.items()}
        for row in frame.to_dict("records")
    ]
    assert rows == voicemail.frame(name).to_dicts()


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("recording", "polars",
         ("unknown frame 'recording'; did you mean recordings?; "
          "there are recordings, callbacks, trace")),
        ("trace", "panda",
         "unknown kind of frame 'panda'; did you mean pandas?; there are polars, pandas"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_said(name, kind, said, voicemail):
    with pytest.raises(recsim.RecsimError) as caught:
        voicemail.frame(name, kind=kind)

    assert str(caught.value) == said


def test_without_the_library_the_extra_is_named(monkeypatch, voicemail):
    monkeypatch.setattr(frames, "find_spec", lambda _: None)

    with pytest.raises(ExtraError) as caught:
        voicemail.frame("trace")

    assert str(caught.value) == "expected polars, which pip install 'recsim[notebook]' brings"


def test_the_example_in_the_docs_runs(monkeypatch):
    monkeypatch.chdir(SCENARIOS.parent)
    text = Path("docs/seeing.md").read_text("utf-8")
    [code] = re.findall(r"<!-- frames -->\n```python\n(.*?)```", text, re.DOTALL)

    names: dict[str, pl.DataFrame] = {}
    exec(code, names)

    assert set(names["late"]["seed"]) == {0, 1, 2}
