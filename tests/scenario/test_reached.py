"""What runs have reached of the tables: rows, reasons, and answers to what is left open."""

from __future__ import annotations

import orjson
import pytest
from conftest import SCENARIOS

from recsim import coverage
from recsim.scenario.coverage import ABSENCES, REASONS, UNTOLD, Coverage
from recsim.scenario.run import Run, run

FILES = {file.stem: file for file in SCENARIOS}


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return [run(FILES["voicemail-finish-on-key"]), run(FILES["pause-and-resume"])]


def named(rows) -> list[tuple[str, str]]:
    return [(row.table, row.name) for row in rows]


def test_every_row_is_reached_or_not(runs):
    counted = coverage(runs)

    reached, unreached = named(counted.reached), named(counted.unreached)
    assert ("recording", "in-progress --key--> stopped") in reached
    assert ("recording", "in-progress --pause--> paused") in reached
    assert ("recording", "in-progress --limit--> stopped") in unreached
    assert sorted(reached + unreached) == sorted(named(counted.rows))
    assert len(set(named(counted.rows))) == len(counted.rows)


def test_rows_are_counted_as_often_as_they_were_taken(runs):
    moves = [line for one in runs for line in one.trace if line["kind"] == "move"]

    assert sum(coverage(runs).steps.values()) == len(moves)


def test_reasons_are_read_off_the_rows(runs):
    reached = named(coverage(runs).reached)

    assert ("recording-ends", "key") in reached
    assert ("hangups", "drop, completed: normal_clearing") in reached


def test_all_scenarios_together_reach_every_row_and_every_reason(scenarios):
    unreached = [row for row in coverage(map(run, scenarios)).unreached if row.table != "readings"]

    assert not unreached


@pytest.mark.parametrize(
    ("name", "lacks"),
    [
        ("storage-fails", "storage"),
        ("short-message-is-absent", "short"),
        ("silent-recording-is-absent", UNTOLD),
    ],
)
def test_a_recording_is_absent_for_a_reason(name, lacks):
    assert coverage([run(FILES[name])]).absences == {lacks: 1}
    assert lacks in ABSENCES


def test_another_answer_that_was_played_is_reached():
    one = run(FILES["voicemail-finish-on-key"], readings={"voice_method": "get", "beep_s": "2s"})
    reached = [row.name for row in coverage([one]).reached if row.table == "readings"]

    assert reached == ["voice_method: get", "beep_s: not 500ms"]


def test_a_survey_says_which_choices_could_have_mattered(runs):
    assert coverage(runs).noticed is None
    noticed = coverage(runs[:1], surveyed=True).noticed

    assert noticed is not None
    assert noticed["beep_s", "2s"] == 1
    assert not noticed["conference_limit_s", "0s"]


def test_it_goes_to_another_process_and_back(runs):
    counted = coverage(runs)
    back = Coverage.of(orjson.loads(orjson.dumps(counted.plain())))

    assert back == counted
    back.update(counted)
    assert back.runs == 4
    assert named(back.reached) == named(counted.reached)


def test_it_reads_as_text(runs):
    text = str(coverage(runs))

    assert text.startswith("reached in 2 runs\ncall leg: ")
    assert "    not reached: in-progress --limit--> stopped  [" in text
    assert all(f"\n{table}: " in text for table in REASONS)
