"""A scenario under other answers: those that are given, and every one there is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import SCENARIOS
from typer.testing import CliRunner, Result

import recsim
from recsim import cli
from recsim.scenario.load import loads
from recsim.scenario.variants import Change, Survey, Variant, differing, fields, survey, visible
from recsim.vendors.telnyx.readings import (
    ALTERNATIVES,
    BY_KEY,
    READINGS,
    ReadingError,
    check,
    given,
    other_answers,
)

FILES = {file.stem: file for file in SCENARIOS}
PAUSED = FILES["pause-and-resume"]


def command(*args: str | Path) -> Result:
    return CliRunner().invoke(cli.app, list(map(str, args)), catch_exceptions=False)


def refused(*args: str | Path) -> str:
    result = command(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    return " ".join(result.stderr.replace("│", " ").split())


def of(found: Survey, key: str, answer: str) -> Variant:
    [variant] = [one for one in found.variants if (one.key, one.answer) == (key, answer)]
    return variant


# What is given.


def test_a_reading_takes_the_place_of_the_files_own():
    file = FILES["dial-ringing-only-kept"]
    loaded = recsim.load(file)
    assert loaded.scenario.readings == {"absent_on_unanswered": "false"}

    run = recsim.run(loaded, readings={"absent_on_unanswered": "true"})

    assert [row["status"] for row in run.recordings] == ["absent"]
    assert not run.as_expected
    assert loaded.scenario.readings == {"absent_on_unanswered": "false"}


def test_a_reading_in_the_file_and_one_that_is_given_are_one():
    text = PAUSED.read_text(encoding="utf-8")

    written = recsim.run(loads(f"{text}readings: {{pause_behavior: silence, beep_s: 1s}}\n"))
    told = recsim.run(PAUSED, readings={"pause_behavior": "silence", "beep_s": "1s"})

    assert told.lines == written.lines
    assert told.lines != recsim.run(PAUSED).lines


def test_others_of_the_files_stay_in_force():
    text = PAUSED.read_text(encoding="utf-8")
    loaded = loads(f"{text}readings: {{pause_behavior: silence}}\n")

    run = recsim.run(loaded, readings={"beep_s": "1s"})

    assert (
        run.lines == recsim.run(loaded, readings={**loaded.scenario.readings, **run.readings}).lines
    )
    assert run.readings == {"beep_s": "1s"}


def test_what_replays_a_run_has_its_readings():
    run = recsim.run(PAUSED, seed=4, readings={"beep_s": "1s", "price_per_min": "0"})

    words = f"recsim run {PAUSED} --seed 4 --reading beep_s=1s --reading price_per_min=0"
    assert run.replay() == words
    assert command(*words.split()[1:]).exit_code in (0, 1)


@pytest.mark.parametrize(
    ("readings", "text"),
    [
        ({"beep": "1s"}, "beep: unknown reading; did you mean beep_s?"),
        ({"pause_behavior": "loud"}, "pause_behavior: expected one of skip, silence, got 'loud'"),
    ],
)
def test_a_reading_that_there_is_not_is_refused_in_python(readings, text):
    with pytest.raises(ReadingError) as caught:
        recsim.run(PAUSED, readings=readings)

    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["beep=1s"], "beep: unknown reading; did you mean beep_s?"),
        (["pause_behavior=loud"], "pause_behavior: expected one of skip, silence, got 'loud'"),
        (["beep_s=5"], "beep_s: expected a duration such as 30s or 250ms, got '5'"),
        (["beep_s"], "beep_s: expected KEY=VALUE, such as beep_s=1s"),
        ([""], "expected KEY=VALUE"),
        (["beep_s=1s", "beep_s=2s"], "beep_s: expected each reading once"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--all-readings"]])
def test_a_wrong_reading_is_a_fault_of_usage(words, text, more):
    args = [part for word in words for part in ("--reading", word)]

    said = refused("run", PAUSED, *args, *more)

    assert "Invalid value for --reading" in said
    assert text in said


def test_readings_are_read_as_key_and_value():
    assert given([]) == {}
    assert given(["beep_s=1s", "voice_method=get"]) == {"beep_s": "1s", "voice_method": "get"}


def test_the_command_line_says_which_readings_were_given():
    text = command("run", PAUSED, "--reading", "pause_behavior=silence")
    lines = command("run", PAUSED, "--reading", "pause_behavior=silence", "--json")

    assert text.exit_code == lines.exit_code == 1
    assert text.stdout.splitlines()[0].endswith("seed 1  pause_behavior=silence")
    assert text.stdout.splitlines()[-1].endswith("--seed 1 --reading pause_behavior=silence")
    assert json.loads(lines.stdout.splitlines()[0])["readings"] == {"pause_behavior": "silence"}
    assert "readings" not in json.loads(command("run", PAUSED, "--json").stdout.splitlines()[0])


# Every other answer.


def test_every_reading_has_other_answers_that_it_takes():
    for reading in READINGS:
        others = other_answers(reading, reading.default)
        assert others
        assert reading.default not in others
        assert len(set(others)) == len(others)
        for answer in others:
            check(reading.key, answer)


def test_the_alternatives_are_those_of_lengths_and_numbers():
    assert set(ALTERNATIVES) == {
        reading.key for reading in READINGS if isinstance(reading.answers, str)
    }


def test_the_default_is_another_answer_where_another_one_is_in_force():
    assert other_answers(BY_KEY["beep_s"], "2s") == ("500ms", "0s")
    assert other_answers(BY_KEY["beep_s"], "9s") == ("500ms", "0s", "2s")
    assert other_answers(BY_KEY["pause_behavior"], "silence") == ("skip",)


def test_every_other_answer_is_played_once():
    found = survey(PAUSED)

    assert [(one.key, one.answer, one.instead_of) for one in found.variants] == [
        (reading.key, answer, reading.default)
        for reading in READINGS
        for answer in other_answers(reading, reading.default)
    ]


def test_what_would_be_noticed_is_told_by_the_names_of_its_fields():
    variant = of(survey(PAUSED), "pause_behavior", "silence")

    assert variant.changes == (
        Change("callbacks", 4, 4, ("RecordingDuration",)),
        Change("recordings", 1, 1, ("duration", "price", "duration_millis")),
    )
    assert [verdict.path[0] for verdict in variant.failed] == ["expect"]
    assert "RecordingDuration" in variant.failed[0].text or "duration" in variant.failed[0].text


def test_an_answer_that_nobody_would_notice_changes_nothing():
    variant = of(survey(PAUSED), "retry_policy", "none")

    assert variant.changes == ()
    assert variant.failed == ()


def test_answers_to_requests_are_seen_too():
    variant = of(survey(PAUSED), "texml_date_format", "rfc2822")

    kinds = {change.kind: change.fields for change in variant.changes}
    assert "callbacks" not in kinds
    assert "start_time" in kinds["answers"]


def test_a_trace_that_reads_otherwise_is_no_difference():
    text = """
recsim: 1
title: A call of which nobody is told anything
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: <Response><Say>Good day.</Say></Response>
calls:
  caller: {from: +15550001, to: +15550002, story: [{silent: 9s}, hang_up]}
"""
    loaded = loads(text)
    slow = recsim.run(loaded, readings={"say_words_per_minute": "1"})
    assert slow.lines["trace.jsonl"] != recsim.run(loaded).lines["trace.jsonl"]

    assert visible(slow) == visible(recsim.run(loaded))
    assert of(survey(loaded), "say_words_per_minute", "100").changes == ()


def test_how_a_callback_is_encoded_is_told_where_nothing_else_differs():
    plain = [{"method": "POST", "params": {"a": "1"}, "body": "a=1", "headers": {"b": "2"}}]
    other = [{"method": "POST", "params": {"a": "1"}, "body": "a=%31", "headers": {"b": "2"}}]
    variant = of(survey(PAUSED), "voice_method", "get")

    assert fields(plain, other) == ("body",)
    assert [change.fields for change in variant.changes] == [("method", "url")]


def test_fewer_or_more_are_counted():
    found = survey(FILES["callback-out-of-retries"])

    change, *_ = of(found, "retry_policy", "none").changes
    assert change.kind == "callbacks"
    assert change.after < change.before
    assert change.fields == ()


def test_a_reading_that_is_given_is_in_force_throughout():
    found = survey(PAUSED, readings={"pause_behavior": "silence"})

    assert found.base.readings == {"pause_behavior": "silence"}
    assert not found.base.as_expected
    assert of(found, "pause_behavior", "skip").failed == ()
    assert all(one.failed for one in found.variants if one.key != "pause_behavior")


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ["b"]),
        ({"v": {"a": 1, "b": 2}}, {"v": {"a": 2, "c": 3}}, ["a", "b", "c"]),
        ({"v": None}, {"v": {"a": 2}}, ["v"]),
        ({"l": [1, 2]}, {"l": [1, 3]}, ["l"]),
        ({"l": [{"a": 1}]}, {"l": [{"a": 2}, {"a": 3}]}, ["a", "l"]),
    ],
)
def test_the_innermost_names_that_differ(one: Mapping, other: Mapping, names):
    assert list(differing(one, other)) == names


def test_the_survey_is_a_table_for_people():
    result = command("run", "--all-readings", PAUSED)

    assert result.exit_code == 0
    assert result.stdout.startswith("Pausing a recording while a card number is read")
    [row] = [line for line in result.stdout.splitlines() if line.startswith(" pause_behavior")]
    assert "silence" in row
    assert "duration" in row
    assert "line 43" in row
    assert "other answers would be noticed" in result.stdout
    assert "retry_policy" in result.stdout.partition("no difference here: ")[2]


def test_the_survey_as_json_lines():
    result = command("run", "--all-readings", "--json", "--seed", "9", PAUSED)

    head, *variants, end = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert (head["line"], head["recsim"], head["seed"], head["readings"]) == ("survey", 1, 9, {})
    assert head["failed"] == []
    assert {line["line"] for line in variants} == {"variant"}
    [silence] = [line for line in variants if line["answer"] == "silence"]
    assert silence["instead_of"] == "skip"
    assert silence["changes"][0] == {
        "kind": "callbacks", "before": 4, "after": 4, "fields": ["RecordingDuration"],
    }  # fmt: skip
    assert [failed["at_line"] for failed in silence["failed"]] == [43]
    assert end["variants"] == len(variants)
    assert end["noticed"] == sum(bool(line["changes"] or line["failed"]) for line in variants)


def test_a_survey_succeeds_though_the_file_itself_fails(tmp_path):
    file = tmp_path / "failing.yaml"
    text = FILES["voicemail-hang-up"].read_text(encoding="utf-8")
    file.write_text(text.replace("duration: 4,", "duration: 5,"), encoding="utf-8")

    result = command("run", "--all-readings", file)

    assert result.exit_code == 0
    assert "fails without any of them: line" in result.stdout


def test_bad_input_is_told_and_nothing_is_surveyed(tmp_path):
    assert "cannot be read" in refused("run", "--all-readings", PAUSED, tmp_path / "none.yaml")


def test_a_survey_writes_no_files(tmp_path):
    said = refused("run", "--all-readings", PAUSED, "--out", tmp_path)

    assert "expected --out or --all-readings, not both" in said
    assert list(tmp_path.iterdir()) == []
