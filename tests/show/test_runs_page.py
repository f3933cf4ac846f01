"""The page that `recsim run --report` writes: what stands in it, in which order, and for whom."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser

import pytest
from conftest import SCENARIOS
from typer.testing import CliRunner

from recsim import cli
from recsim.core.properties import sometimes
from recsim.scenario.run import run
from recsim.show.reports.runs import html

#: Elements that have no end.
VOID = ("meta", "rect")


class Page(HTMLParser):
    """What a page has, and whether every element is closed where it was opened."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.said = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID or (tag == "rect" and not self.get_starttag_text().endswith("/>")):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)

    def of(self, tag):
        """The attributes of each element of a name."""
        return [attrs for name, attrs in self.seen if name == tag]


@pytest.fixture
def failing(tmp_path):
    """A scenario that expects too much."""
    text = file_of("voicemail-hang-up").read_text("utf-8")
    file = tmp_path / "failing.yaml"
    file.write_text(text.replace("duration: 4,", "duration: 5,"), "utf-8")
    return file


def file_of(name):
    return next(file for file in SCENARIOS if file.stem == name)


def in_order(text, *parts):
    """Whether all parts stand in a text, one after another."""
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_the_page_of_every_scenario_is_whole_and_small(played):
    text = html([played])

    assert Page(text).of("svg")
    assert len(text.encode()) < 200_000
    assert in_order(text, 'class="verdict', ">Evidence<", "<svg", ">Recordings<", ">Replay<")
    assert unescape(text).count(played.replay()) >= 1
    for row in played.recordings:
        assert row["sid"] in text


def test_the_page_can_be_read_without_eyes_and_fetches_nothing(played):
    page = Page(html([played]))

    assert [one["lang"] for one in page.of("html")] == ["en"]
    assert len(page.of("title")) >= len(page.of("h1")) == len(page.of("main")) == 1
    assert all(one["scope"] in ("col", "row") for one in page.of("th"))
    assert len(page.of("caption")) == len(page.of("table"))
    assert all(one["role"] == "img" and one["aria-label"] for one in page.of("svg"))
    tags = {tag for tag, _ in page.seen}
    assert not tags & {"script", "link", "img", "iframe", "object", "foreignobject"}
    assert not any(name in attrs for _, attrs in page.seen for name in ("src", "href"))


def test_what_failed_stands_first_with_what_was_found_and_documented(failing):
    text = unescape(html([run(failing)]))

    assert in_order(text, "NOT as expected", "<svg")
    assert in_order(text, ">FAILED</td>", ">ok</td>")
    assert "none of 1; nearest: duration is 4" in text
    assert "TeXML tells the length of a recording in whole seconds" in text


def test_claims_are_evidence_too():
    never = sometimes("the moon is full", lambda _: False)
    played = run(file_of("voicemail-hang-up"), properties=[never])

    assert "sometimes the moon is full: never" in html([played])


def test_several_scenarios_have_a_section_each(tmp_path, failing):
    page = tmp_path / "out.html"
    good = file_of("voicemail-hang-up")

    result = CliRunner().invoke(cli.app, ["run", str(good), str(failing), "--report", str(page)])

    text = page.read_text("utf-8")
    assert result.exit_code == 1
    assert len(Page(text).of("section")) == len(Page(text).of("svg")) == 2
    assert in_order(text, "1 of 2 scenarios went as expected", "<section>")


def test_a_page_that_cannot_be_written_is_said(tmp_path):
    page = tmp_path / "nowhere" / "out.html"
    file = file_of("voicemail-hang-up")

    result = CliRunner().invoke(cli.app, ["run", str(file), "--report", str(page)])

    assert result.exit_code == 2
    assert result.stderr == f"{page}: cannot be written: no such file or directory\n"


def test_a_report_is_of_one_reading(tmp_path):
    file = file_of("voicemail-hang-up")
    page = tmp_path / "out.html"

    args = ["run", str(file), "--all-readings", "--report", str(page)]
    result = CliRunner().invoke(cli.app, args)

    assert result.exit_code == 2
    assert "--report or --all-readings, not both" in " ".join(result.stderr.split())
    assert not page.exists()
