"""What docs/ says is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from readme import (
    LIFECYCLE,
    LINT,
    PICTURES,
    REST,
    SEEING,
    TEXML,
    asked,
    linted,
    lived,
    machine_pictures,
    seen,
    tabled,
)
from typer.testing import CliRunner

import recsim
from recsim.cli import app
from recsim.core.trace import KINDS
from recsim.scenario.parts import EVENTS
from recsim.scenario.run import FILES

DOCS = Path(__file__).parent.parent / "docs"
SCENARIOS = (DOCS / "scenarios.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", SCENARIOS, re.DOTALL | re.MULTILINE)
WRITTEN = (DOCS / "files.md").read_text()


def test_what_is_seen_of_runs_is_up_to_date() -> None:
    text = SEEING.read_text()

    assert seen(text) == text, "renew it: python tests/readme.py"


def test_the_example_can_be_played_and_goes_as_it_says() -> None:
    text, _ = EXAMPLES

    run = recsim.run(recsim.loads(text))

    assert run.as_expected, run.verdicts


def test_the_example_has_every_section() -> None:
    text, _ = EXAMPLES

    assert (
        set(type(recsim.loads(text).scenario).model_fields)
        == recsim.loads(text).scenario.model_fields_set
    )


def test_the_example_of_a_call_that_is_made_can_be_read() -> None:
    _, text = EXAMPLES
    head = "recsim: 1\ntitle: A call\napplication: {voice_url: https://app.test/answer}\n"

    scenario = recsim.loads(head + text).scenario

    assert scenario.call_names == ["survey"]


def test_every_word_of_a_moment_is_told() -> None:
    assert [word for word in EVENTS if f"`{word}`" not in SCENARIOS] == []


def test_every_kind_of_line_and_every_file_is_told() -> None:
    assert [kind for kind in KINDS.values() if f"`{kind}`" not in WRITTEN] == []
    assert [name for name in FILES if f"## {name}" not in WRITTEN] == []


def test_every_field_of_every_file_is_told() -> None:
    run = recsim.run(Path(__file__).parent.parent / "scenarios" / "pause-and-resume.yaml")

    names = {
        *(name for line in run.callbacks for name in line),
        *(name for row in run.recordings for name in row),
    }
    assert [name for name in names if f"`{name}`" not in WRITTEN] == []


def test_the_tables_of_texml_are_up_to_date() -> None:
    text = TEXML.read_text()

    assert tabled(text) == text, "renew them: python tests/readme.py"


def test_the_tables_of_the_rest_api_are_up_to_date() -> None:
    text = REST.read_text()

    assert asked(text) == text, "renew them: python tests/readme.py"


def test_the_diagrams_of_lifecycles_are_up_to_date() -> None:
    text = LIFECYCLE.read_text()

    assert lived(text) == text, "renew them: python tests/readme.py"
    for name, picture in machine_pictures().items():
        assert (PICTURES / name).read_text() == picture, "renew it: python tests/readme.py"


def test_the_mistakes_and_rules_of_lint_are_up_to_date() -> None:
    text = LINT.read_text()

    assert linted(text) == text, "renew them: python tests/readme.py"


def test_every_page_is_led_to() -> None:
    readme = (DOCS.parent / "README.md").read_text()

    assert [page.name for page in DOCS.glob("*.md") if f"(docs/{page.name})" not in readme] == []


WHY = (DOCS / "why.md").read_text()
SHOWN = re.findall(r"^```sh\n(.*?)^```\n\n```\n(.*?)^```$", WHY, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("commands", "output"), SHOWN, ids=["why", "diff"])
def test_what_why_and_diff_print_is_told(commands, output, tmp_path, monkeypatch) -> None:
    (tmp_path / "scenarios").symlink_to(DOCS.parent / "scenarios")
    monkeypatch.chdir(tmp_path)
    for command in commands.splitlines():
        done = CliRunner().invoke(app, command.split()[1:], catch_exceptions=False)

    told = output.removesuffix("...\n")
    assert told != output
    assert done.stdout.startswith(told)


def test_the_example_of_coverage_holds(monkeypatch) -> None:
    page = (DOCS / "testing-pytest.md").read_text()
    [example] = re.findall(r"^```python\n(import recsim.*?)^```$", page, re.DOTALL | re.MULTILINE)
    monkeypatch.chdir(DOCS.parent)

    exec(example, {})  # a page of our own
