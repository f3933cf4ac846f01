"""The timeline of a run as SVG, and the page that `recsim run --report` writes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsim.core.units import SECOND_US
from recsim.scenario.load import loads
from recsim.scenario.run import run
from recsim.show.picture import svg
from recsim.show.picture.colours import (
    DARK,
    GROUNDS,
    LIGHT,
    SHAPES,
    TEXTS,
    contrast,
)
from recsim.show.picture.labels import GAP, Labels, fitted
from recsim.show.picture.sampling import MOST_ARROWS, MOST_BARS, MOST_LANES, MOST_MARKS, spread
from recsim.show.picture.scale import Scale, moment
from recsim.show.picture.scene import scene
from recsim.show.picture.things import TRIMMED
from recsim.show.reports.runs import html

SVG = "{http://www.w3.org/2000/svg}"

MANY = """\
recsim: 1
title: Many <callers> & "friends"
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: |
    <Response>
      <Record recordingStatusCallback="/recording"
              recordingStatusCallbackEvent="in-progress completed"/>
    </Response>
calls:
"""
CALL = """\
  c{n}:
    {{at: {n}s, from: +1555{n:04}, to: +15550002, story: [wait: beep, speak: 3s, hang_up]}}
"""

CHATTY = """\
  c{n}:
    at: 100ms
    from: +1555{n:04}
    to: +15550002
    story: [wait: beep, {talk}, hang_up]
"""


@pytest.fixture(scope="module")
def many():
    """More calls than a picture has lanes for, with a title that needs escaping."""
    text = MANY + "".join(CALL.format(n=n) for n in range(60))
    return run(loads(text.encode(), "many.yaml"))


def drawn(played):
    """The picture, parsed."""
    return ET.fromstring(svg(played))


def texts(picture):
    """What is written in it."""
    return [one.text for one in picture.iter(f"{SVG}text")]


def classes(picture):
    """How things in it are drawn."""
    return [name for one in picture.iter() for name in one.get("class", "").split()]


def test_every_scenario_has_a_small_picture_of_all_that_was_seen(played):
    text, there = svg(played), scene(played)

    picture = drawn(played)
    written = texts(picture)
    assert len(text.encode()) < 100_000
    assert len(there.callbacks) + len(there.fetches) == len(played.callbacks)
    assert sum(len(lane.bars) for lane in there.lanes.values()) == len(played.recordings)
    for lane in there.lanes.values():
        assert any(lane.name.startswith(one.removesuffix("\u2026")) for one in written)
        for bar in lane.bars.values():
            assert bar.label in written
    arrows = len(there.callbacks) + len(there.fetches) + len(there.requests)
    lost = sum(one.is_lost for one in (*there.callbacks, *there.fetches))
    heads = [one for one in picture.iter(f"{SVG}path") if one.get("class") in ("W", "B")]
    assert len(heads) == arrows - lost
    assert not any(one.startswith("A sample") for one in written)
    assert not any(one.get("id") or "url(" in str(one.attrib) for one in picture.iter())
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "").replace(
        "https://app.test", ""
    )


def test_every_line_ends_within_the_picture(played):
    picture = drawn(played)

    width, height = (float(picture.get(name)) for name in ("width", "height"))
    for one in picture.iter(f"{SVG}text"):
        assert 0 <= float(one.get("x")) <= width
        assert 0 <= float(one.get("y")) <= height
    for one in picture.iter(f"{SVG}rect"):
        assert float(one.get("x", 0)) + float(one.get("width")) <= width


def test_the_same_run_has_the_same_bytes(many):
    again = run(many.loaded)

    assert again.timeline() == many.timeline() == svg(many)
    assert many.timeline()._repr_svg_() == svg(many)
    assert html([again]) == html([many])


def test_a_picture_can_be_written(many, tmp_path):
    many.timeline().write(tmp_path / "life.svg")

    assert (tmp_path / "life.svg").read_text("utf-8") == svg(many)


def test_a_large_run_is_sampled_and_says_so(many):
    picture = drawn(many)

    said = next(text for text in texts(picture) if text.startswith("A sample"))
    assert f"{MOST_LANES} of 60 lanes" in said
    heads = [one for one in picture.iter(f"{SVG}path") if one.get("class") in ("W", "B")]
    assert len(heads) <= 3 * MOST_ARROWS
    assert len(svg(many).encode()) < 100_000


def test_text_is_escaped(many):
    assert 'Many <callers> & "friends"' in texts(drawn(many))
    assert "<callers>" not in svg(many)
    assert "<callers>" not in html([many])


def test_a_trimmed_recording_shows_what_was_cut_off(scenarios):
    played = run(next(file for file in scenarios if file.stem == "trim-silence"))

    [bar] = [bar for lane in scene(played).lanes.values() for bar in lane.bars.values()]
    lengths = dict.fromkeys((TRIMMED, "in-progress"), 0)
    for span in bar.spans:
        if span.form in lengths:
            lengths[span.form] += span.end_us - span.start_us
    [held] = played.kept.held.values()
    captured_us = sum(end - start for start, end in held.captured)
    assert lengths["in-progress"] == played.recordings[0]["v2"]["duration_millis"] * 1000
    assert lengths[TRIMMED] == captured_us - lengths["in-progress"] > 0
    assert "m" in classes(drawn(played))


def test_a_paused_recording_has_a_gap(scenarios):
    played = run(next(file for file in scenarios if file.stem == "pause-and-resume"))

    [bar] = [bar for lane in scene(played).lanes.values() for bar in lane.bars.values()]
    assert [span.form for span in bar.spans if span.form != "waiting"] == [
        *("in-progress", "paused", "in-progress", "stopped", "completed")
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("callbacks-lost", ["completed \u2192 lost"]),
        ("receiver-down-failover", ["completed \u2192 500", "attempt 4 at 14.42 s \u2192 200"]),
        ("link-life", ["link ends 10:06", "link ends 20:16", "GET of a link \u2192 403"]),
        ("conference-status-callbacks", ["participant-join (bob) \u2192 200"]),
        ("webhook-recording-saved", ["webhook call.recording.saved \u2192 200"]),
        ("kept-for-thirty-days", ["29 d 23:00:01 left out"]),
    ],
)
def test_what_became_of_messages_links_and_long_waits_is_written(scenarios, name, said):
    written = texts(drawn(run(next(file for file in scenarios if file.stem == name))))

    for one in said:
        assert any(one in text for text in written), written


def test_a_link_to_a_deleted_recording_ends_with_it(scenarios):
    played = run(next(file for file in scenarios if file.stem == "delete-completed"))

    [bar] = [bar for lane in scene(played).lanes.values() for bar in lane.bars.values()]
    assert {end for _, end in bar.links} == {bar.spans[-1].start_us}


def test_the_docs_say_how_much_is_drawn():
    text = (Path(__file__).parents[2] / "docs" / "seeing.md").read_text("utf-8")

    for most in (MOST_LANES, MOST_BARS, MOST_MARKS, MOST_ARROWS):
        assert f" {most} " in text


def test_a_busy_conversation_on_many_lanes_stays_small():
    talk = ", ".join(["speak: 1s", "silent: 1s"] * 12)
    calls = "".join(CHATTY.format(n=n, talk=talk) for n in range(40))
    played = run(loads((MANY + calls).encode(), "chatty.yaml"))

    text = svg(played)
    assert len(text.encode()) < 150_000
    assert "marks of a lane" in text
    assert len(html([played]).encode()) < 200_000


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_told_from_the_ground(scheme):
    for ground in GROUNDS:
        for role in TEXTS:
            assert contrast(scheme[role], scheme[ground]) >= 4.5, (role, ground)
        for role in SHAPES:
            assert contrast(scheme[role], scheme[ground]) >= 3, (role, ground)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert f"fill:{scheme['ground']}" in svg_styles()


def svg_styles():
    """The rules of a picture."""
    text = MANY + CALL.format(n=1)
    return svg(run(loads(text.encode(), "one.yaml"))).partition("</style>")[0]


@given(st.lists(st.integers(0, 90 * 86400 * SECOND_US), min_size=1, max_size=40))
def test_a_later_moment_never_stands_before_an_earlier_one(moments):
    scale = Scale(moments, 100, 900)
    places = [scale.x(at_us) for at_us in sorted(moments)]

    assert all(100 <= x <= 900.001 for x in places)
    assert all(a <= b + 1e-6 for a, b in pairwise(places))
    ticks = [tick.x for tick in scale.ticks()]
    assert ticks == sorted(ticks)


@given(st.lists(st.tuples(st.floats(100, 900), st.text(max_size=60)), max_size=30))
def test_no_label_lies_on_another(those):
    labels = Labels(100, 900)

    for x, text in those:
        labels.place(x, text)
    for row in labels.taken:
        for (_, end), (start, _) in pairwise(sorted(row)):
            assert end + GAP <= start + 1e-6


@pytest.mark.parametrize(
    ("at_us", "text"),
    [
        (0, "0 s"),
        (2_500_000, "2.5 s"),
        (59_990_000, "59.99 s"),
        (612_800_000, "10:12.8"),
        (3_612_000_000, "1:00:12"),
        (30 * 86_400_000_000 + 7_000_000, "30 d 0:00:07"),
    ],
)
def test_moments_are_written_as_people_do(at_us, text):
    assert moment(at_us) == text


def test_little_room_for_a_label_is_none():
    assert fitted("<Hangup>", 12) == ""
    assert fitted("<Hangup>", 36) == "<Hang\u2026"
    assert fitted("<Say>", 30) == "<Say>"


def test_a_sample_has_the_first_and_the_last():
    assert spread(range(100), 3) == [0, 49, 99]
    assert spread(range(2), 3) == [0, 1]
