"""What notebooks show: small, whole, without scripts; of hostile text nothing but text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import recsim
from recsim.scenario.lines import Lines
from recsim.show.html.blocks import MOST_BYTES, badge, element, pre, shown, table, whole
from recsim.show.sheets import NAMES

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = sorted(SCENARIOS.glob("*.yaml"))

#: What would be fetched, or run.
ACTIVE = re.compile(
    r"<(script|iframe|img|link|object|embed)|<[^>]*\son\w+=|url\(|@import|javascript:",
    re.IGNORECASE,
)
LINKS = ("src", "href", "xlink:href", "action", "data")
EMPTY = ("br", "hr", "img", "wbr")

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'&amp;]]>-->"


class Reader(HTMLParser):
    """Holds every tag against the one that closes it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            assert name not in LINKS or (value or "").startswith("#"), (tag, name, value)
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def assert_shown(value: object) -> None:
    html = value._repr_html_()

    assert len(html.encode()) < MOST_BYTES
    assert not ACTIVE.search(html)
    assert "".join(read(html).text).strip()
    assert str(value).strip()
    assert 0 < len(repr(value)) < 300 or isinstance(value, list)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_its_run_and_recordings_are_shown(path):
    loaded = recsim.load(path)
    run = recsim.run(loaded)

    for value in (loaded, run, run.trace, run.callbacks, run.recordings, run.why(len(run.trace))):
        assert_shown(value)
    for n, row in enumerate(run.recordings):
        assert_shown(run.recording(n))
        assert run.recording(row["sid"]) == run.recording(n)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_shown_whole(name):
    sheet = recsim.table(name)

    assert_shown(sheet)
    assert sheet._repr_html_().count("<tr>") == len(sheet.rows) + 1


def test_a_table_that_there_is_not_is_said():
    with pytest.raises(LookupError, match="unknown table 'recordin'; did you mean recording"):
        recsim.table("recordin")


@pytest.fixture(scope="module")
def voicemail():
    return recsim.run(SCENARIOS / "voicemail-finish-on-key.yaml")


def test_searches_logs_differences_and_coverage_are_shown(voicemail):
    other = recsim.run(SCENARIOS / "conference-recorded-by-command.yaml")

    for value in (
        recsim.explore(voicemail.loaded),
        recsim.check(voicemail.callbacks, name="log"),
        recsim.check([*other.callbacks, *voicemail.callbacks[::-1]] * 50, name="long log"),
        recsim.diff(voicemail, voicemail),
        recsim.diff(voicemail, other),
        recsim.coverage([voicemail, other]),
    ):
        assert_shown(value)


def test_a_survey_shows_what_would_be_noticed_and_a_dispute_what_is_said(voicemail):
    survey = recsim.survey(voicemail.loaded)
    noticed = [one for one in survey.variants if one.changes or one.failed]

    assert_shown(survey)
    assert f"{len(noticed)} of {len(survey.variants)} other answers" in survey._repr_html_()
    assert survey._repr_html_().count("<tr>") == len(noticed) + 1
    assert f"{len(noticed)} of {len(survey.variants)} other answers" in str(survey)
    for one in recsim.disputes():
        assert str(one).startswith(f"Q {one.id}: {one.question}\n")
        assert all(source.says in str(one) for source in one.sources)


def test_a_judged_log_is_drawn_and_an_empty_one_is_not_called_legal(voicemail):
    drawn = recsim.check(voicemail.callbacks)._repr_html_()
    empty = recsim.check([])._repr_html_()

    assert "legal" in drawn
    assert drawn.count("<svg") == 1
    assert "nothing to judge" in empty
    assert "legal" not in empty
    assert "<svg" not in empty


#: What may be wider than a notebook stands in one of these.
GROUP = re.compile(r'<div class="wide" tabindex="0" role="group" aria-label="[^"]+">')


def test_what_may_be_wide_scrolls_by_keys_and_has_a_name(voicemail):
    for value in (voicemail.loaded, voicemail, voicemail.recording(), voicemail.callbacks):
        html = value._repr_html_()
        groups = re.findall(
            r'<div class="wide" tabindex="0" role="group" aria-label="[^"]+">', html
        )

        assert len(groups) == len(re.findall("<table|<pre|<svg", html))
        assert '<th scope="col"></th>' not in html


def test_a_column_with_nothing_in_it_is_left_out():
    rows = [("1", "", "a" * 40), ("2", "", "b")]
    drawn = table(("n", "empty", "word"), rows)

    assert "empty" not in drawn
    assert '<table class="s1">' in drawn
    assert "empty" in table(("n", "empty"), [])


def test_of_a_callback_every_parameter_is_shown(voicemail):
    html = voicemail.callbacks._repr_html_()

    assert all(f"{name}: " in html for line in voicemail.callbacks for name in line["params"])


def test_a_search_shows_the_shortest_run_that_breaks_a_property(voicemail):
    short = recsim.always("calls are <short>", lambda step: step.at_us < 5_000_000)
    never = recsim.sometimes("nobody calls & all is well", lambda step: False)

    broken = recsim.explore(voicemail.loaded, properties=[short])
    vacuous = recsim.explore(voicemail.loaded, properties=[never])

    for explored, name in ((broken, short.name), (vacuous, never.name)):
        assert_shown(explored)
        text = "".join(read(explored._repr_html_()).text)
        assert "failed" in text
        assert name in text
        assert name in str(explored)
    assert "a scenario that plays it" in broken._repr_html_()


def test_of_a_long_run_a_part_is_shown_and_the_rest_counted(voicemail):
    for rows in (voicemail.trace, voicemail.callbacks, voicemail.recordings):
        long = Lines(list(rows) * 1_000, rows.file)

        assert_shown(long)
        assert f"more rows, of {len(long)}" in long._repr_html_()


def test_a_run_says_first_whether_it_went_as_expected(voicemail):
    [first, *rest] = voicemail.verdicts
    failing = replace(voicemail, verdicts=(*rest, first._replace(held=False, found="two of them")))

    text = " ".join(read(failing._repr_html_()).text)
    assert text.index("not as expected") < text.index(voicemail.title)
    assert text.index("two of them") < text.index(rest[0].text)
    assert "as expected" in " ".join(read(voicemail._repr_html_()).text)
    assert "<svg" in voicemail._repr_html_()


def test_views_that_say_otherwise_are_marked():
    views = recsim.run(SCENARIOS / "conference-recorded-by-command.yaml").recording()
    differing = {field.name for field in views.fields if field.differs}

    assert {"duration", "channels", "media_url"} <= differing
    assert not {"sid", "source", "status", "account_sid"} & differing
    assert views._repr_html_().count("<b>\N{NOT EQUAL TO}</b>") == len(differing)
    assert "duration_millis" in str(views)


@pytest.mark.parametrize(
    ("which", "said"),
    [(1, "expected a place from 0 to 0, got 1"), ("RE1", "expected the sid of a recording")],
)
def test_a_recording_that_there_is_not_is_said(which, said, voicemail):
    with pytest.raises(recsim.RecsimError, match=said):
        voicemail.recording(which)


def test_lines_are_a_list_as_before(voicemail):
    assert isinstance(voicemail.trace, list)
    assert voicemail.trace == list(voicemail.trace)
    assert isinstance(voicemail.trace[:3], Lines)
    assert voicemail.trace[0]["seq"] == 1


def test_what_there_is_no_room_for_is_counted():
    drawn = table(("n", "word"), [(n, "w" * 50) for n in range(2_000)])

    [there] = re.findall(r"and ([0-9]+) more rows, of 2000", drawn)
    assert drawn.count("<tr>") == 2_000 - int(there) + 1
    assert "more lines, of 5000" in pre("a line" * 3 for _ in range(5_000))
    assert "printing it shows all" in whole(
        "a" * 100, *["<" * 10_000, pre(["&" * 200] * 2_000)] * 9
    )


def test_text_is_escaped_wherever_it_stands():
    for made in (
        shown(HOSTILE),
        element("p", HOSTILE, title=HOSTILE),
        table((HOSTILE,), [(HOSTILE,)], title=HOSTILE),
        pre([HOSTILE]),
        badge(True, HOSTILE, ""),
        whole(HOSTILE),
    ):
        assert not {"script", "img"} & read(made).tags
        assert "alert('x')" in "".join(read(made).text) + made


def test_a_hostile_scenario_shows_as_text():
    text = (SCENARIOS / "voicemail-finish-on-key.yaml").read_text()
    text = text.replace(
        "A caller leaves a message and presses pound", "'<script>alert(1)</script>'"
    )
    text = text.replace("Leave a message after the beep.", "&lt;img src=x onerror=alert(1)&gt;")
    run = recsim.run(recsim.loads(text, HOSTILE))

    for value in (run.loaded, run, run.trace, run.callbacks, run.recording(), run.why(30)):
        assert not {"script", "img"} & read(value._repr_html_()).tags


def test_half_a_character_is_shown_as_a_mark():
    assert whole("\ud800").encode()
