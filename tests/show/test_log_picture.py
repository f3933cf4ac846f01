"""A captured log as SVG: its lanes, its marks, how much it holds, and that nothing leaks."""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from captured import change, own, written
from conftest import BUSY, SCENARIOS

import recsim
from recsim.logs.checking import check
from recsim.logs.rules import LEVELS
from recsim.scenario.load import loads
from recsim.show.picture.labels import CHARACTER
from recsim.show.picture.log import FORMS, svg
from recsim.show.picture.log_scene import MOST_LANES, MOST_MARKS, Scene, in_words, moment, scene
from recsim.show.reports import verdicts

sys.path.insert(0, str(Path(__file__).parents[1] / "logs"))
from test_long_logs import fresh
from test_secrets import leaks, planted

SVG = "{http://www.w3.org/2000/svg}"
ALL = frozenset(LEVELS)
SHOWN = frozenset(LEVELS[:2])
NAME = "voicemail-finish-on-key"
MIXED = ("outbound-recorded", "conference-status-callbacks", "webhook-recording-saved")


def drawn(there: Scene, levels: frozenset[str] = ALL) -> ET.Element:
    return ET.fromstring(svg(there, levels))


def texts(picture: ET.Element) -> list[str]:
    return [one.text or "" for one in picture.iter(f"{SVG}text")]


def marks(picture: ET.Element) -> Counter[str]:
    """How many marks there are, by class; those of the legend say nothing."""
    paths = picture.iter(f"{SVG}path")
    return Counter(one.get("class", "") for one in paths if one.find(f"{SVG}title") is not None)


def boxes(picture: ET.Element) -> list[tuple[float, float, float, str]]:
    """Where texts lie, as far as that can be known: left, right, base line."""
    found = []
    for one in picture.iter(f"{SVG}text"):
        x, wide = float(one.get("x", 0)), CHARACTER * len(one.text or "")
        left = {"end": x - wide, "middle": x - wide / 2}.get(one.get("text-anchor", ""), x)
        found.append((left, left + wide, float(one.get("y", 0)), one.text or ""))
    return found


def broken() -> list[dict]:
    """A recording that is completed and absent, and lines without a delivery."""
    lines = own("outbound-recorded")
    lines.append(json.loads(json.dumps(lines[-1])))
    change(lines[-1], ("RecordingDuration", "RecordingUrl"), RecordingStatus="absent")
    return [*lines, {"level": "info"}]


def busy(rounds: int) -> list[bytes]:
    played = recsim.run(loads(BUSY.encode(), "busy.yaml"), seed=1)
    return list(fresh(list(written(played.callbacks)), rounds))


@pytest.fixture(scope="module")
def long():
    """A log of more than 10,000 deliveries, of which one late one can't be legal."""
    bad = own(NAME)
    change(bad[3], RecordingChannels="3")
    lines = busy(260)
    return check([*lines[:9000], *written(bad), *lines[9000:]], name="long.jsonl")


@pytest.fixture(scope="module")
def talk():
    """A log of one conference in which people never stop to speak."""
    line = own("conference-status-callbacks")[5]
    lines = []
    for n in range(300):
        change(line, SequenceNumber=str(n))
        lines.append(json.loads(json.dumps(line)))
    return check(written(lines), name="talk.jsonl")


def test_every_scenario_has_a_mark_and_a_label_for_each_delivery():
    for path in SCENARIOS:
        report = check(written(own(path.stem)), name=path.stem)
        there = scene(report, SHOWN)
        if not report.events:
            assert svg(there, SHOWN) == ""
            continue

        picture = drawn(there, SHOWN)

        assert marks(picture).total() == min(report.events, MOST_MARKS), path.stem
        assert len(svg(there, SHOWN)) < 50_000
        objects = {(one.about, one.who) for one in report.seen}
        assert len(there.kept) == len(objects)
        written_there = Counter(texts(picture))
        for word, count in Counter(one.word for one in report.seen).items():
            if not there.sampled and not any("no label" in text for text in written_there):
                assert sum(n for text, n in written_there.items() if text.startswith(word)) >= count


def test_lanes_are_in_order_of_first_appearance():
    lines = own(NAME)
    call, sid = lines[0]["params"]["CallSid"], lines[3]["params"]["RecordingSid"]

    there = scene(check(written(lines)), SHOWN)

    assert [lane.about for lane in there.lanes] == [f"call {call}", f"recording {sid}"]
    assert [mark.line for mark in there.lanes[1].marks] == [2, 3, 4]


def test_findings_are_told_by_form_and_by_the_name_of_their_rule():
    report = check([*written(broken()), b"oops\n"])
    picture = drawn(scene(report, SHOWN), SHOWN)

    assert marks(picture) == Counter({"o": report.events - 1, "e": 2, "w": 1})
    assert len({path for _, path, _ in FORMS}) == len(FORMS)
    assert "absent: impossible-sequence" in texts(picture)
    assert "no delivery: not-json" in texts(picture)
    assert "no delivery: unknown-shape" in texts(picture)


def test_what_is_not_shown_is_not_marked():
    lines = own(NAME)
    report = check(written([*lines, lines[3]]))

    assert marks(drawn(scene(report, SHOWN), SHOWN)) == Counter(o=5)
    assert marks(drawn(scene(report, ALL), ALL)) == Counter(o=4, i=1)
    assert "info" not in texts(drawn(scene(report, SHOWN), SHOWN))


def test_a_long_log_is_sampled_and_says_so(long):
    assert long.events > 10_000
    there = scene(long, SHOWN)
    text = svg(there, SHOWN)

    picture = drawn(there, SHOWN)

    assert len(text.encode()) < 100_000
    assert marks(picture).total() <= MOST_MARKS
    assert len(there.lanes) == MOST_LANES
    said = next(one for one in texts(picture) if one.startswith("A sample: "))
    assert f" of {long.events} deliveries, {MOST_LANES} of at least " in said
    assert list(in_words(there))[-1].startswith("... and ")


def test_what_was_found_late_is_drawn_with_what_went_before(long):
    there = scene(long, SHOWN)

    lane = there.lanes[-1]

    assert [mark.word for mark in lane.marks] == ["in-progress", "action", "completed"]
    assert [bool(mark.found) for mark in lane.marks] == [False, False, True]
    assert "completed: body-shape" in texts(drawn(there, SHOWN))
    assert str(lane.marks[-1].line) in texts(drawn(there, SHOWN))


def test_marks_without_room_for_a_label_are_counted(talk):
    picture = drawn(scene(talk, SHOWN), SHOWN)

    labels = texts(picture).count("participant-speech-start")
    assert marks(picture).total() == MOST_MARKS
    assert f"{MOST_MARKS - labels} marks have no label, for want of room" in texts(picture)


def test_a_log_of_nothing_but_nonsense_stays_small():
    report = check([b"oops\n", b"{}\n", *written(broken()), b'{"a":1}\n'] * 1500)
    there = scene(report, ALL)

    assert len(svg(there, ALL).encode()) < 100_000
    assert len(there.lanes) <= MOST_LANES
    assert len(list(in_words(there))) < 1000


def some_logs(long, talk):
    odd = check([b"oops\n", *written(broken()), b"{}\n"] * 40)
    mixed = [line for name in MIXED for line in own(name)]
    return [long, talk, odd, check(written(mixed)), check(written(own("signed")))]


def test_no_label_lies_on_another_and_all_lie_within(long, talk):
    for report in some_logs(long, talk):
        picture = drawn(scene(report, ALL))
        width, height = (float(picture.get(name, 0)) for name in ("width", "height"))

        for one, other in combinations(boxes(picture), 2):
            apart = one[1] <= other[0] or other[1] <= one[0] or abs(one[2] - other[2]) >= 12
            assert apart, (one, other)
        for left, right, y, text in boxes(picture):
            assert left >= 0, text
            assert right <= width, text
            assert 0 < y < height, text


def test_marks_of_a_lane_stand_from_left_to_right(long, talk):
    for report in some_logs(long, talk):
        picture = drawn(scene(report, ALL))
        at: dict[str, list[float]] = {}
        for one in picture.iter(f"{SVG}path"):
            if one.find(f"{SVG}title") is not None:
                x, y = one.get("transform", "")[len("translate(") : -1].split()
                at.setdefault(y, []).append(float(x))

        assert all(a < b for xs in at.values() for a, b in pairwise(xs))


def test_a_picture_stands_alone_and_can_be_read_aloud(long):
    text = svg(scene(long, SHOWN), SHOWN)

    picture = ET.fromstring(text)
    assert picture.get("role") == "img"
    name = picture.get("aria-label") or ""
    assert name.startswith("Deliveries of long.jsonl, by line and object: ")
    assert "[body-shape]" in name
    assert "url(" not in text
    assert "<script" not in text
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "prefers-color-scheme:dark" in text


def test_the_same_log_has_the_same_bytes():
    lines = [*written(broken()), *busy(3)]

    pages = {page(check(list(lines), name="log.jsonl")) for _ in range(2)}

    assert len(pages) == 1


def page(*reports: recsim.Report) -> str:
    return verdicts.html(verdicts.Judged(reports, ALL, "recsim check"))


def test_a_page_repeats_no_secret_of_a_log():
    lines = [made for name in MIXED for line in own(name) for made in planted(line)]
    report = check([*written(lines), b"hunter2\n"], name="log.jsonl")

    text = page(report)

    assert "<svg" in text
    assert leaks(text) == []
    assert "+1555" not in text
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_names_of_logs_are_escaped():
    report = check(written(own(NAME)), name='<b>&"a.jsonl')

    text = page(report)

    assert "<b>" not in text
    ET.fromstring(svg(scene(report, ALL), ALL))


def test_pictures_of_one_page_share_no_ids_and_are_not_many():
    report = check(written(own(NAME)), name="a.jsonl")

    text = page(*[report] * 20)

    assert text.count("<svg") == verdicts.MOST_PICTURES
    assert text.count("no picture is drawn") == 20 - verdicts.MOST_PICTURES
    assert ' id="' not in text


def test_a_moment_that_no_calendar_has_is_a_number():
    assert moment(1_767_603_600_123_456) == "2026-01-05T09:00:00.123Z"
    assert moment(10**20) == "100000000000000000000 us"
