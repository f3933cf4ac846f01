"""The README says what is so: its commands, examples and diagrams are those of the project."""

from __future__ import annotations

import re

import pytest
from machines import example, failure_of, failures, scenario_in
from readme import README, ROOT, renewed

import recsim


def test_what_is_made_from_the_project_is_up_to_date() -> None:
    text = README.read_text()

    assert renewed(text) == text, "renew it: python tests/readme.py"


def test_it_has_two_commands_that_install_something() -> None:
    commands = re.findall(r"^```sh\n(.*pip install.*)\n```$", README.read_text(), re.MULTILINE)

    assert len(commands) == 2
    assert "recsim run scenarios/" in commands[0]
    assert "pytest" in commands[1]


def test_its_python_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    code, _ = re.findall(r"^```python\n(.*?)^```$", README.read_text(), re.DOTALL | re.MULTILINE)
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}

    exec(code, names)
    [test] = [value for name, value in names.items() if name.startswith("test_")]
    assert callable(test)
    test()


def test_its_handler_fails_and_the_scenario_that_it_tells_shows_why() -> None:
    error = failure_of(example(README.read_text()))
    assert error is not None

    for one in failures(error):
        run = recsim.run(recsim.loads(scenario_in(one)))
        told = [
            (line["params"]["RecordingSid"], line["params"]["RecordingStatus"])
            for line in run.callbacks
            if line["kind"] == "recording-status" and line["outcome"] != "lost"
        ]
        ends = [callback for callback in told if callback[1] == "completed"]
        is_twice = len(set(ends)) < len(ends)
        is_early = any((end[0], "in-progress") not in told[: told.index(end)] for end in ends)
        assert is_twice or is_early
        assert "recsim run .recsim/failures/Inbox.yaml --seed 1" in "".join(one.__notes__)


def test_every_file_it_names_exists() -> None:
    text = README.read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    names = set(re.findall(r"`((?:recsim|scenarios|bench|tests)/[\w./-]*)`", text))

    assert names
    assert [name for name in sorted(names) if not (ROOT / name).exists()] == []
