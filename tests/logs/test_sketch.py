"""What a report keeps of the deliveries themselves, so that a log can be drawn."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from captured import SHAPES, change, own, written
from conftest import BUSY
from test_long_logs import drawn, fresh
from test_secrets import SECRETS, planted

from recsim.logs.checking import check
from recsim.logs.report import SKETCHED, SKETCHED_LATER

NAME = "voicemail-finish-on-key"
MIXED = ("outbound-recorded", "conference-status-callbacks", "webhook-recording-saved")


def test_each_delivery_has_its_line_its_object_and_its_event():
    lines = own(NAME)

    report = check(written(lines))

    call, sid = lines[0]["params"]["CallSid"], lines[3]["params"]["RecordingSid"]
    assert [(one.line, one.about, one.word) for one in report.seen] == [
        (1, f"call {call}", "instruction fetch"),
        (2, f"recording {sid}", "in-progress"),
        (3, f"recording {sid}", "action"),
        (4, f"recording {sid}", "completed"),
    ]
    assert all(one.at_us is not None for one in report.seen)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_log_of_any_shape_is_sketched_alike(shape):
    lines = [line for name in MIXED for line in own(name)]

    plain, other = check(written(lines)), check(written([SHAPES[shape](one) for one in lines]))

    assert [one[2:] for one in other.seen] == [one[2:] for one in plain.seen]
    words = {one.word for one in plain.seen}
    assert {"completed", "call.recording.saved", "participant-join", "instruction fetch"} <= words


def test_the_first_are_kept_and_later_ones_that_have_findings():
    start = list(fresh(drawn(BUSY), 60))
    bad = own(NAME)
    change(bad[3], RecordingChannels="3")

    report = check([*start, *written(bad), *start[:10]])

    assert report.events > SKETCHED + 10
    first, last = report.seen[:SKETCHED], report.seen[SKETCHED:]
    assert [one.line for one in first] == sorted(one.line for one in first)
    at = len(start)
    # What went before, of the object that a finding is about, is evidence.
    assert {(one.line, one.word) for one in last} >= {
        (at + 2, "in-progress"),
        (at + 4, "completed"),
    }
    assert len(set(last)) == len(last)


def test_however_bad_a_log_is_little_is_kept():
    bad = own(NAME)
    change(bad[3], RecordingChannels="3")

    report = check([*written(bad)] * 1000)

    assert len(report.seen) <= SKETCHED + SKETCHED_LATER


def test_objects_of_unusual_ids_are_told_apart_and_not_named():
    lines = own(NAME)
    for n, one in enumerate([deepcopy(lines[3]), deepcopy(lines[3])]):
        change(one, RecordingSid=f"hunter{n}")
        lines.append(one)

    report = check(written(lines))

    one, other = report.seen[-2:]
    assert one.about == other.about == "recording of an unusual id"
    assert one.who != other.who


def test_a_sketch_repeats_no_secret():
    lines: list[Any] = [made for name in MIXED for line in own(name) for made in planted(line)]

    kept = check(written(lines))

    told = repr(kept.seen)
    assert len(kept.seen) > SKETCHED
    assert not [secret for secret in SECRETS if secret in told]
    assert "+1555" not in told
    assert "http" not in told
