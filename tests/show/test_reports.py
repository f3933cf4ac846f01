"""Reports of explore, check and lint, and the forms of run."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from junitparser import JUnitXml
from orders.plants import PLANTS
from typer.testing import CliRunner

import recsim
from recsim.cli import app
from recsim.show import exploration_report, run_forms

SCENARIO = Path(__file__).parents[2] / "scenarios" / "voicemail-hang-up.yaml"
MISTAKE = '<Response><Record maxlength="60" finishOnKey="&lt;"/></Response>'


class Seen(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))


def check_page(text: str) -> None:
    """A page that stands alone, and that can be read aloud."""
    tags = Seen(text).tags
    levels = [int(tag[1]) for tag, _ in tags if tag in ("h1", "h2", "h3")]
    assert ("html", {"lang": "en"}) in tags
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert all("scope" in attrs for tag, attrs in tags if tag == "th")
    assert not [tag for tag, attrs in tags if tag in ("script", "link", "img") or "src" in attrs]


@pytest.mark.parametrize("verb", ["explore", "lint", "check"])
def test_a_page_stands_alone(verb, tmp_path) -> None:
    recsim.run(SCENARIO).write(tmp_path)
    (tmp_path / "a.xml").write_text(MISTAKE)
    given = {"explore": SCENARIO, "lint": tmp_path / "a.xml", "check": tmp_path / "callbacks.jsonl"}
    page = tmp_path / "out.html"

    CliRunner().invoke(app, [verb, str(given[verb]), "--report", str(page)])

    check_page(page.read_text())
    assert f"recsim {verb} " in page.read_text()


def test_a_counter_example_is_shown_in_every_form() -> None:
    plant = PLANTS[0]
    with plant.plant():
        found = recsim.explore(recsim.loads(plant.scenario), endings=True, faults=plant.faults)
        page = exploration_report.html(found, "recsim explore x.yaml")
    assert found.counter_example is not None

    check_page(page)
    assert "Broken: " in page
    assert "sequenceDiagram" in page
    assert len(exploration_report.markdown(found, "x").splitlines()) < 60
    assert JUnitXml.fromstring(exploration_report.junit(found, "x").encode()).failures == 1


def test_runs_in_markdown_are_short_and_say_what_is_cut() -> None:
    text = run_forms.markdown([recsim.run(SCENARIO)] * 200)

    assert len(text.splitlines()) < 60
    assert "left out here" in text


def test_lint_as_junit_fails_where_something_was_found(tmp_path) -> None:
    (tmp_path / "a.xml").write_text(MISTAKE)

    done = CliRunner().invoke(app, ["lint", str(tmp_path / "a.xml"), "--format", "junit"])

    assert done.exit_code == 1
    assert JUnitXml.fromstring(done.stdout.encode()).failures >= 1
