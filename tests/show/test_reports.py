"""Reports of explore, check and lint, and the forms of run."""

from __future__ import annotations

from pathlib import Path

import pytest
from junitparser import JUnitXml
from orders.plants import PLANTS
from show.pages import GROUNDS, REPORTS, check_page, write
from typer.testing import CliRunner

import recsim
from recsim.cli import app
from recsim.show.reports import explorations, runs

SCENARIO = Path(__file__).parents[2] / "scenarios" / "voicemail-hang-up.yaml"
MISTAKE = '<Response><Record maxlength="60" finishOnKey="&lt;"/></Response>'


@pytest.mark.parametrize("verb", ["explore", "lint", "check"])
def test_a_page_stands_alone(verb, tmp_path) -> None:
    recsim.run(SCENARIO).write(tmp_path)
    (tmp_path / "a.xml").write_text(MISTAKE)
    given = {"explore": SCENARIO, "lint": tmp_path / "a.xml", "check": tmp_path / "callbacks.jsonl"}
    page = tmp_path / "out.html"

    CliRunner().invoke(app, [verb, str(given[verb]), "--report", str(page)])

    check_page(page.read_text())
    assert f"recsim {verb} " in page.read_text()


def test_every_page_stands_alone_however_a_command_ends(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path)

    pages = {file.stem: file.read_text() for file in tmp_path.glob("*.html")}
    values = {name.rpartition("-")[0] for name in pages if name.startswith("value-")}
    assert len(values) * len(GROUNDS) + len(REPORTS) == len(pages)
    for text in pages.values():
        check_page(text)


def test_a_counter_example_is_shown_in_every_form() -> None:
    plant = PLANTS[0]
    with plant.plant():
        found = recsim.explore(recsim.loads(plant.scenario), endings=True, faults=plant.faults)
        page = explorations.html(found, "recsim explore x.yaml")
    assert found.counter_example is not None

    check_page(page)
    assert "Broken: " in page
    assert "sequenceDiagram" in page
    assert len(explorations.markdown(found, "x").splitlines()) < 60
    assert JUnitXml.fromstring(explorations.junit(found, "x").encode()).failures == 1


def test_runs_in_markdown_are_short_and_say_what_is_cut() -> None:
    text = runs.markdown([recsim.run(SCENARIO)] * 200)

    assert len(text.splitlines()) < 60
    assert "left out here" in text


def test_lint_as_junit_fails_where_something_was_found(tmp_path) -> None:
    (tmp_path / "a.xml").write_text(MISTAKE)

    done = CliRunner().invoke(app, ["lint", str(tmp_path / "a.xml"), "--format", "junit"])

    assert done.exit_code == 1
    assert JUnitXml.fromstring(done.stdout.encode()).failures >= 1
