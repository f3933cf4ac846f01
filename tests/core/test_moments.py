"""Moments as text, held against the standard library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recsim.core.moments import iso_micros, iso_millis, iso_seconds, rfc2822

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_US = (datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC) - EPOCH) // timedelta(
    microseconds=1
)
MOMENTS = st.integers(0, LAST_US)


def at(*parts: int) -> int:
    return (datetime(*parts, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("write", "text"),
    [
        (iso_micros, "2026-01-05T09:00:01.999999Z"),
        (iso_millis, "2026-01-05T09:00:01.999Z"),
        (iso_seconds, "2026-01-05T09:00:01Z"),
        (rfc2822, "Mon, 05 Jan 2026 09:00:01 +0000"),
    ],
)
def test_rest_is_cut_off_not_rounded(write, text):
    assert write(at(2026, 1, 5, 9, 0, 1, 999_999)) == text


def test_whole_second_has_all_its_digits():
    assert iso_micros(at(2026, 1, 5, 9)) == "2026-01-05T09:00:00.000000Z"
    assert iso_millis(at(2026, 1, 5, 9)) == "2026-01-05T09:00:00.000Z"


@given(MOMENTS)
@example(0)
@example(LAST_US)
@example(at(2024, 2, 29, 23, 59, 59, 999_999))
@example(at(2000, 1, 1) - 1)
def test_moments_agree_with_datetime(epoch_us):
    moment = EPOCH + timedelta(microseconds=epoch_us)
    iso = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")

    assert iso_micros(epoch_us) == iso
    assert datetime.fromisoformat(iso_micros(epoch_us)) == moment
    assert iso_millis(epoch_us) == iso[:-4] + "Z"
    assert iso_seconds(epoch_us) == iso[:-8] + "Z"
    assert rfc2822(epoch_us) == moment.strftime("%a, %d %b %Y %H:%M:%S +0000")


@given(MOMENTS, MOMENTS)
def test_text_sorts_as_time_does(one_us, other_us):
    assert (iso_micros(one_us) < iso_micros(other_us)) == (one_us < other_us)


def test_time_zone_of_the_machine_does_not_matter(monkeypatch):
    import time

    minute = at(2031, 7, 1, 12)  # asked for by no other test: it is remembered
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        text = iso_micros(minute)
        mail = rfc2822(minute)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert text == "2031-07-01T12:00:00.000000Z"
    assert mail == "Tue, 01 Jul 2031 12:00:00 +0000"
