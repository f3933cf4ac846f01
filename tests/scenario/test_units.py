"""The scalars of a scenario file."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from recsim.core.units import LONGEST_US, UNITS_US, format_duration, found, parse_duration
from recsim.scenario.units import (
    Duration,
    Flag,
    HttpUrl,
    Integer,
    Moment,
    PhoneNumber,
    Rate,
    Seed,
    Share,
    Whole,
)

TYPES = [Duration, Moment, Integer, Seed, Flag, Rate, Share, PhoneNumber, HttpUrl]


def value_of(hint: Any, text: object) -> object:
    return TypeAdapter(hint).validate_python(text)


def refusal(hint: Any, text: object) -> str:
    """The text of the only error."""
    with pytest.raises(ValidationError) as caught:
        value_of(hint, text)
    [error] = caught.value.errors()
    assert error["type"] == "value_error"
    return str(error["ctx"]["error"])


@pytest.mark.parametrize(
    ("text", "length_us"),
    [
        ("250us", 250),
        ("250ms", 250_000),
        ("4s", 4_000_000),
        ("2.5s", 2_500_000),
        ("10m", 600_000_000),
        ("2h", 7_200_000_000),
        ("1d", 86_400_000_000),
        ("0s", 0),
        ("0.5us", None),
        ("0.000001s", 1),
        ("0.0000010000s", 1),
        ("007s", 7_000_000),
        ("30d", LONGEST_US),
        ("0" * 5000 + "1us", 1),
    ],
)
def test_duration_is_read_exactly(text, length_us):
    if length_us is None:
        assert refusal(Duration, text) == f"expected a duration of whole microseconds, got {text!r}"
    else:
        assert value_of(Duration, text) == parse_duration(text) == length_us


@pytest.mark.parametrize(
    "text",
    [
        "4 s", "4", "-4s", "+4s", "1e3s", "nan", "NaNs", "inf", "infs", "1:30", ".5s", "5.s", "٤s",
        "4\N{MICRO SIGN}s", "4S", "4s\n", " 4s", "1_0s", "", "s", "4sec",
    ],
)  # fmt: skip
def test_duration_without_plain_number_and_unit_is_refused(text):
    assert refusal(Duration, text) == f"expected a duration such as 30s or 250ms, got {text!r}"


@pytest.mark.parametrize("text", ["31d", "2592000000001us", "9" * 30 + "s", "9" * 9999 + "s"])
def test_duration_over_thirty_days_is_refused(text):
    assert refusal(Duration, text).startswith("expected a duration of at most 30 days, got '")
    assert len(refusal(Duration, text)) < 120


def test_fraction_of_endless_digits_is_refused():
    assert "whole microseconds" in refusal(Duration, "0." + "0" * 9999 + "1s")


def test_durations_and_moments_of_python_code_are_integers():
    assert value_of(Duration, 5) == 5
    assert value_of(Moment, 5) == 5


@pytest.mark.parametrize("value", [True, -1, 1.5, LONGEST_US + 1, None, [], {}])
def test_other_python_values_are_no_duration(value):
    assert refusal(Duration, value).startswith("expected a duration ")


@given(st.integers(0, LONGEST_US))
def test_formatted_duration_parses_back(length_us):
    assert parse_duration(format_duration(length_us)) == length_us


@given(st.integers(1, 1000), st.sampled_from(list(UNITS_US)))
def test_formatted_duration_is_no_longer_than_what_was_written(number, unit):
    length_us = number * UNITS_US[unit]

    assert len(format_duration(length_us)) <= len(f"{number}{unit}")


@pytest.mark.parametrize(
    "text", ["0s", "1us", "500ms", "1.5s", "90s", "10m", "2h", "30d", "2.4h", "1.000001s"]
)
def test_duration_is_formatted_as_people_write_it(text):
    assert format_duration(parse_duration(text)) == text


@given(st.text(alphabet="0123456789.-+emsdhu nNaAiIfF", max_size=20))
def test_any_text_is_a_duration_or_a_value_error(text):
    try:
        length_us = parse_duration(text)
    except ValueError:
        length_us = 0

    assert 0 <= length_us <= LONGEST_US


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2100, 12, 30)),  # noqa: DTZ001 - zone comes next
    st.integers(-23 * 60, 23 * 60),
)
def test_moment_is_read_as_the_standard_library_reads_it(naive, minutes):
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    epoch = datetime(1970, 1, 1, tzinfo=UTC)

    assert value_of(Moment, moment.isoformat()) == (moment - epoch) // timedelta(microseconds=1)


def test_moment_takes_z_and_a_short_fraction():
    assert value_of(Moment, "1970-01-01T00:00:01.25Z") == 1_250_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05T09:00:00", "a moment with its offset, such as 2026-01-05T09:00:00Z"),
        ("2026-01-05", "a moment such as 2026-01-05T09:00:00Z"),
        ("2026-01-05 09:00:00Z", "a moment such as 2026-01-05T09:00:00Z"),
        ("2026-01-05T09:00:00.1234567Z", "a moment such as 2026-01-05T09:00:00Z"),
        ("2026-02-30T09:00:00Z", "a moment of the calendar"),
        ("0000-01-01T00:00:00Z", "a moment of the calendar"),
        ("2026-01-05T24:00:00Z", "a moment of the day"),
        ("2026-01-05T09:00:60Z", "a moment of the day"),
        ("1969-12-31T23:59:59Z", "a moment in the years 1970 to 2100"),
        ("1970-01-01T00:00:00+00:01", "a moment in the years 1970 to 2100"),
        ("2101-01-01T00:00:00Z", "a moment in the years 1970 to 2100"),
    ],
)
def test_moment_out_of_form_or_range_is_refused(text, expected):
    assert refusal(Moment, text) == f"expected {expected}, got {text!r}"


@pytest.mark.parametrize(
    "text", ["-1", "+1", "01", "1.0", "1e3", "x", "", "1000000001", "9" * 9999]
)
def test_integer_is_plain_digits_in_range(text):
    assert refusal(Integer, text).startswith("expected a whole number from 0 to 1000000000, got '")


def test_integer_range_can_be_narrowed():
    narrow = Annotated[int, Whole(1, 2)]

    assert value_of(narrow, "2") == 2
    assert refusal(narrow, "3") == "expected a whole number from 1 to 2, got '3'"
    assert refusal(narrow, True) == "expected a whole number from 1 to 2, got True"


def test_seed_reaches_63_bits():
    assert value_of(Seed, str(2**63 - 1)) == 2**63 - 1
    assert "9223372036854775808" in refusal(Seed, str(2**63))


def test_flag_is_true_or_false_only():
    assert value_of(Flag, "true") is True
    assert value_of(Flag, "false") is False
    assert value_of(Flag, False) is False
    for text in ("yes", "True", "1", "on", 1, None):
        assert refusal(Flag, text) == f"expected true or false, got {found(text)}"


def test_rate_is_a_finite_decimal():
    assert value_of(Rate, "2.5") == 2.5
    assert value_of(Rate, "0") == 0
    assert value_of(Rate, 3) == 3.0
    for text in ("nan", "inf", "1e3", "-1", "1000000.1", ".5", "9" * 9999, float("nan"), True):
        assert refusal(Rate, text).startswith("expected a number from 0 to 1000000")


def test_share_is_a_percentage():
    assert value_of(Share, "5%") == 0.05
    assert value_of(Share, "0%") == 0
    assert value_of(Share, "100%") == 1
    assert value_of(Share, "12.5%") == 0.125
    assert value_of(Share, 0.5) == 0.5
    for text in ("5", "0.5", "101%", "-1%", "nan%", "%", "5 %", "1e1%", 1.5, float("nan"), True):
        assert refusal(Share, text).startswith("expected a share from 0% to 100%, such as 5%")


def test_phone_number_is_kept_as_written():
    for text in ("+15550001", "+12", "sip:alice@example.com", "sip:a.b+c@10.0.0.1:5060"):
        assert value_of(PhoneNumber, text) == text


@pytest.mark.parametrize(
    "text",
    ["15550001", "+1", "+1234567890123456", "+1 555", "sip:@x", "sip:a@", "sip:a b@c", "+١٢٣", ""],
)
def test_other_text_is_no_phone_number(text):
    wanted = "expected a number such as +15550001 or sip:user@host"

    assert refusal(PhoneNumber, text) == f"{wanted}, got {text!r}"


@pytest.mark.parametrize(
    "text",
    ["https://app.test/answer", "HTTP://x", "http://[::1]:80/a?b=%20#c", "https://app.test/ü?a@b"],
)
def test_url_is_kept_as_written(text):
    assert value_of(HttpUrl, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "/answer", "app.test/answer", "ftp://app.test", "https://", "https:app.test", "http:///x",
        "http://x:99999", "http://x:y", "http://[::1", "http://a b", "http://a\nb", "http://a\u00a0b",
        "http://a/%zz", "http://a/%2", "http://a\\b", "http://a\x7f", "", None, [],
    ],
)  # fmt: skip
def test_other_text_is_no_url(text):
    assert refusal(HttpUrl, text).startswith("expected a URL ")


def test_credentials_in_a_url_are_refused_and_not_repeated():
    for text in ("https://user:secret@app.test/", "https://secret@app.test/%zz", "http://secret@"):
        assert refusal(HttpUrl, text) == "expected a URL without user and password"


@pytest.mark.parametrize("hint", TYPES)
def test_every_type_has_a_json_schema_that_holds_its_examples(hint):
    schema = TypeAdapter(hint).json_schema()

    assert json.loads(json.dumps(schema)) == schema
    assert "type" in schema or "enum" in schema
    for example in schema.get("examples", ()):
        value_of(hint, example)
        assert re.search(schema.get("pattern", ""), example)


@pytest.mark.parametrize("adapter", list(map(TypeAdapter, TYPES)))
@given(value=st.one_of(st.text(), st.none(), st.floats(), st.lists(st.text()), st.binary()))
def test_any_value_is_taken_or_refused_in_one_short_line(adapter, value):
    try:
        adapter.validate_python(value)
    except ValidationError as error:
        text = str(error.errors()[0]["ctx"]["error"])
    else:
        text = "expected nothing better"

    assert text.startswith("expected ")
    assert len(text) < 180
    assert text.isprintable()
    assert not text.endswith(".")


def test_found_is_cut_when_long():
    assert found("x" * 1000) == repr("x" * 57 + "...")
    assert found("x" * 60) == repr("x" * 60)
    assert found(None) == "nothing"
    assert found({}) == "a mapping"
    assert found([]) == "a list"
