"""What `recsim table` shows: rows of the tables, in words."""

# ruff: noqa: E501 - a row of a table is a line

from __future__ import annotations

from typing import get_args

import pytest

from recsim.show import sheets, tables
from recsim.vendors.telnyx import lifecycle
from recsim.vendors.telnyx.wire import RecordingSource


def sources() -> dict[str, dict[str, str]]:
    sheet = sheets.sources()
    return {row[0]: dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows}


def test_every_source_of_a_recording_has_a_row() -> None:
    assert {row["source"] for row in sources().values()} == set(get_args(RecordingSource))


def test_every_source_says_where_its_defaults_come_from() -> None:
    for made_by, row in sources().items():
        assert row["spec"], made_by
        assert all(row.values()), made_by


# fmt: off
TOLD = {
    "<Record>":         ("RecordVerb",            "dual",   "off",          "on",  "1h",      "completed"),
    "<Conference>":     ("Conference",            "single", "off",          "on",  "endless", "completed"),
    "initiate call":    ("OutboundAPI",           "single", "trim-silence", "off", "endless", "completed"),
    "call record_start": ("StartCallRecordingAPI", "single", "off",         "off", "endless", "-"),
}
# fmt: on


@pytest.mark.parametrize("made_by", TOLD)
def test_defaults_are_told_in_the_words_of_a_document(made_by: str) -> None:
    row = sources()[made_by]

    columns = ("source", "channels", "trim", "beep", "longest", "callbacks")
    assert tuple(row[column] for column in columns) == TOLD[made_by]


def test_the_table_of_a_conference_has_its_moves() -> None:
    sheet = sheets.of_lifecycle(sheets.LIFECYCLES["conference"])

    assert sheet.columns == ("source", "trigger", "dest", "spec")
    assert ("init", "start", "in-progress") in {row[:3] for row in sheet.rows}
    assert len(sheet.rows) == len(lifecycle.CONFERENCE.rules)


def test_couplings_tell_whom_the_end_of_a_conference_pushes() -> None:
    rows = [row for row in sheets.couplings().rows if row[:2] == ("conference", "completed")]

    assert [row[2] for row in rows] == [
        one.relation
        for one in lifecycle.COUPLINGS
        if one.lifecycle == "conference" and "completed" in one.dests
    ]
    assert "recordings of the conference" in {row[2] for row in rows}


def test_a_conference_can_be_drawn() -> None:
    drawn = tables.diagram(lifecycle.CONFERENCE)

    assert "    init --> in_progress : start\n" in drawn
    assert "    in_progress --> completed : empty, moderator_left, complete, expire\n" in drawn
