"""The pytest plugin, played by pytest itself: in this process, and in others."""

from __future__ import annotations

import subprocess
import sys

import pytest

import recsim.scenario.run
import recsim.show.sequence  # noqa: F401 - loaded once: pytester forgets what it saw loaded

#: Only what is named: where recsim is installed, pytest would find the plugin by itself as well.
PLUGIN = ("-p", "recsim.pytest_plugin", "-p", "no:cacheprovider")

SCENARIO = """\
recsim: 1
title: A caller leaves a message
seed: 7
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: <Response><Record finishOnKey="#"/></Response>
calls:
  caller: {from: +15550001, to: +15550002, story: [wait: beep, speak: 2s, press: "#"]}
expect:
  - recording: {status: completed, duration: 2}
"""
WRONG = SCENARIO.replace("duration: 2}", "duration: 3}")
FAULTY = SCENARIO.replace("speak: 2s", "speak: 2 s").replace("expect:", "expct:")

#: What replays the scenario, and what it drew of it.
SHOWN = ("replay with: recsim run *.yaml --seed *", "sequenceDiagram", "*actor p1 as caller")


@pytest.fixture
def play(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Run pytest on files, by name; its settings are those of `ini`."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(*words: str, ini: str = "", in_process: bool = True, **files: str) -> pytest.RunResult:
        pytester.makeini(f"[pytest]\n{ini}\n")
        for name, text in files.items():
            suffix = ".py" if name.rpartition("__")[2].startswith("test_") else ".yaml"
            file = pytester.path / f"{name.replace('__', '/')}{suffix}"
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        words = (*PLUGIN, *words)
        return pytester.runpytest_inprocess(*words) if in_process else pytester.runpytest(*words)

    return run


def test_a_failing_test_shows_each_of_its_runs(play):
    result = play(
        one=SCENARIO,
        test_one="def test_it(recsim):\n"
        "    assert recsim.run('one.yaml', seed=3).as_expected\n"
        "    run = recsim.run('one.yaml')\n"
        "    assert [run.seed for run in recsim.runs] == [3, 7]\n"
        "    assert not run.as_expected\n",
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*- recsim: A caller leaves a message -*", "replay with: recsim run one.yaml --seed 3",
         "sequenceDiagram", "replay with: recsim run one.yaml --seed 7", "sequenceDiagram"]
    )  # fmt: skip


def test_a_test_that_passes_shows_nothing(play):
    result = play(one=SCENARIO, test_one="def test_it(recsim): recsim.run('one.yaml')")

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*sequenceDiagram*")


def test_text_is_a_scenario_too_and_is_shown_with_its_failure(play):
    indented = "".join(f"    {line}\n" for line in SCENARIO.splitlines())
    result = play(
        test_one=f"TEXT = '''\\\n{indented}'''\n\n"
        "def test_it(recsim):\n"
        "    loaded = recsim.loads(TEXT)\n"
        "    assert recsim.run(loaded).lines == recsim.run(TEXT).lines\n"
        "    assert recsim.run(TEXT, readings={'beep_s': '2s'}).trace == []\n"
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["replay with: recsim run scenario.yaml --seed 7 --reading beep_s=2s",
         "where scenario.yaml is:", "recsim: 1", "title: A caller leaves a message"]
    )  # fmt: skip


def test_of_many_runs_the_last_are_shown(play):
    result = play(
        one=SCENARIO,
        test_one="def test_it(recsim):\n"
        "    for seed in range(20):\n"
        "        recsim.run('one.yaml', seed=seed)\n"
        "    assert not seed\n",
    )

    assert "15 more runs came before these" in result.stdout.str()
    assert result.stdout.str().count("sequenceDiagram") == 5


def test_scenario_files_are_tests(play):
    result = play("-v", ini="recsim_scenarios = scenarios", scenarios__one=SCENARIO, other=WRONG)

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["scenarios/one.yaml::one PASSED*"])


def test_patterns_name_them_and_a_project_with_folders_for_its_tests_has_them_too(play):
    result = play(
        ini="recsim_scenarios =\n    shown/*.yaml\n    one.yaml\ntestpaths = tests",
        shown__two=SCENARIO,
        one=SCENARIO,
        other=WRONG,
        tests__test_one="def test_it(): pass",
    )

    result.assert_outcomes(passed=3)


def test_who_names_one_file_gets_that_one(play):
    settings = "recsim_scenarios = shown\ntestpaths = tests"
    result = play("shown/two.yaml", ini=settings, shown__two=SCENARIO, shown__one=WRONG)

    result.assert_outcomes(passed=1)


def test_a_line_that_does_not_hold_is_told_with_what_was_found(play):
    result = play(ini="recsim_scenarios = *.yaml", one=WRONG)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["one.yaml:10:5: expected recording status: completed, duration: 3",
         "    found: none of 1; nearest: duration is 2", *SHOWN]
    )  # fmt: skip
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_file_with_faults_is_an_error_that_names_them(play):
    result = play(ini="recsim_scenarios = *.yaml", one=FAULTY)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["one.yaml:8:*: *speak: expected a duration*", "one.yaml:9:1: expct: unknown*"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_one_seed_may_be_given_for_all_and_the_header_names_it(play):
    test = "def test_it(recsim): assert recsim.run('one.yaml').seed == recsim.seed == 11"
    result = play("--recsim-seed", "11", ini="recsim_scenarios = *.yaml", one=WRONG, test_one=test)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["recsim: seed 11", "replay with: recsim run one.yaml --seed 11"])


def test_the_header_names_the_seed_of_each_file_otherwise(play):
    result = play(one=SCENARIO)

    result.stdout.fnmatch_lines(["recsim: seed of each file"])


@pytest.mark.parametrize("text", ["-1", "x", "1.5", str(2**63), "\u0663"])
def test_a_seed_that_is_none_is_refused(play, text):
    result = play(f"--recsim-seed={text}", in_process=True)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "expected a whole number from 0 to" in result.stderr.str()


def test_a_pattern_that_names_no_file_is_refused(play):
    result = play(ini="recsim_scenarios = scenario/*.yaml", one=SCENARIO)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "found none for 'scenario/*.yaml'" in result.stderr.str()


def test_workers_play_and_show_them_too(play):
    test = "def test_it(recsim): assert recsim.run('one.yaml').as_expected is None"
    result = play(
        "-p", "xdist", "-n", "2", ini="recsim_scenarios = shown\ntestpaths = tests",
        shown__two=WRONG, one=SCENARIO, tests__test_one=test, in_process=False,
    )  # fmt: skip

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(SHOWN)


def test_coverage_is_told_where_it_is_asked_for(play):
    test = "def test_it(recsim): recsim.run('one.yaml')"
    ini = "recsim_scenarios = one.yaml\ntestpaths = tests"
    result = play("--recsim-coverage", ini=ini, one=SCENARIO, tests__test_one=test)

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        ["*recsim: what was reached of the tables*", "reached in 2 runs",
         "    not reached: in-progress --pause--> paused*", "recording-ends: 1 of 5"]
    )  # fmt: skip
    result = play("--recsim-coverage", "-p", "xdist", "-n", "2", ini=ini, in_process=False)
    result.stdout.fnmatch_lines(["reached in 2 runs", "recording-ends: 1 of 5"])


def test_who_does_not_use_it_does_not_pay_for_it():
    """pytest loads the plugin wherever recsim is installed."""
    code = (
        "import pytest, sys; import recsim.pytest_plugin;"
        "print([name for name in ('pydantic', 'simpy', 'ruamel', 'orjson', 'typer', 'rich',"
        " 'transitions', 'recsim.scenario') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
