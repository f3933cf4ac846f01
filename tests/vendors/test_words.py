"""How a run spells dates, lengths, prices, codes and links."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from fractions import Fraction
from urllib.parse import parse_qs, urlsplit

import pytest
from calls import SECOND_US, SETTINGS, STARTS_AT_US
from hypothesis import given
from hypothesis import strategies as st

from recsim.core.entities import NEVER, Recording
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.vendors.telnyx.words import Words

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STATUSES = ("in-progress", "paused", "stopped", "completed", "absent", "deleted")

moments = st.integers(0, 10**15)
lengths = st.integers(0, 10**13)


def words(starts_at_us: int = STARTS_AT_US, seed: int = 1, **readings: str) -> Words:
    return Telnyx(seed, starts_at_us, readings=readings).words


def recording(status: str, length_us: int) -> Recording:
    made = Recording(1, 2, 3, 1, "RecordVerb", SETTINGS, status)
    made.length_us = length_us
    return made


# Dates


@given(moments)
def test_a_texml_date_is_the_second_a_moment_lies_in(at_us):
    moment = EPOCH + timedelta(microseconds=STARTS_AT_US + at_us)

    iso = words().texml_date(at_us)
    rfc = words(texml_date_format="rfc2822").texml_date(at_us)

    assert iso == moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    assert rfc is not None
    assert parsedate_to_datetime(rfc) == moment.replace(microsecond=0)
    assert rfc.endswith(" +0000")


@pytest.mark.parametrize("form", ["iso8601", "rfc2822"])
def test_a_moment_that_has_not_come_has_no_date(form):
    assert words(texml_date_format=form).texml_date(NEVER) is None


@given(moments)
def test_a_v2_date_has_milliseconds_cut_off(at_us):
    moment = EPOCH + timedelta(microseconds=STARTS_AT_US + at_us)

    written = words().v2_date(at_us)

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", written)
    read = datetime.fromisoformat(written)
    assert read <= moment < read + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("starts_at", "at_us", "texml", "v2"),
    [
        ("2026-01-05T09:00:00", 0, "2026-01-05T09:00:00Z", "2026-01-05T09:00:00.000Z"),
        ("2026-01-05T09:00:00", 999_999, "2026-01-05T09:00:00Z", "2026-01-05T09:00:00.999Z"),
        ("2025-12-31T23:59:59", SECOND_US, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"),
        ("2028-02-28T23:59:59", SECOND_US, "2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000Z"),
    ],
)
def test_dates_at_the_edges_of_a_second_a_year_and_a_leap_day(starts_at, at_us, texml, v2):
    start = datetime.fromisoformat(starts_at).replace(tzinfo=UTC)
    found = words((start - EPOCH) // timedelta(microseconds=1))

    assert (found.texml_date(at_us), found.v2_date(at_us)) == (texml, v2)


# Lengths


@given(lengths)
def test_seconds_under_each_rounding(length_us):
    exact = Fraction(length_us, SECOND_US)

    assert words().seconds(length_us) == str(math.floor(exact))
    assert words(duration_round="floor").seconds(length_us) == str(math.floor(exact))
    assert words(duration_round="ceil").seconds(length_us) == str(math.ceil(exact))
    nearest = math.floor(exact + Fraction(1, 2))
    assert words(duration_round="nearest").seconds(length_us) == str(nearest)


# fmt: off
EDGES = [
    # length    floor nearest ceil
    (0,         "0", "0", "0"),
    (1,         "0", "0", "1"),
    (499_999,   "0", "0", "1"),
    (500_000,   "0", "1", "1"),
    (999_999,   "0", "1", "1"),
    (1_000_000, "1", "1", "1"),
    (1_000_001, "1", "1", "2"),
    (2_500_000, "2", "3", "3"),
]
# fmt: on


@pytest.mark.parametrize(("length_us", "floor", "nearest", "ceil"), EDGES)
def test_seconds_at_the_edges(length_us, floor, nearest, ceil):
    for rounding, text in (("floor", floor), ("nearest", nearest), ("ceil", ceil)):
        assert words(duration_round=rounding).seconds(length_us) == text


# Prices


@pytest.mark.parametrize("status", STATUSES)
def test_only_what_is_completed_has_a_price(status):
    found = words().price(recording(status, 60 * SECOND_US))

    assert found == ("0.0020" if status == "completed" else None)


@pytest.mark.parametrize(
    ("per_minute", "seconds", "price"),
    [
        ("0.002", 60, "0.0020"),
        ("0.002", 1, "0.0000"),
        ("0.002", 9, "0.0003"),
        ("0.002", 3600, "0.1200"),
        ("0.05", 30, "0.0250"),
        ("2", 90, "3.0000"),
    ],
)
def test_a_price_is_that_of_the_minutes_kept(per_minute, seconds, price):
    found = words(price_per_min=per_minute).price(recording("completed", seconds * SECOND_US))

    assert found == price


@given(lengths)
def test_a_price_is_exact_to_four_places(length_us):
    found = words().price(recording("completed", length_us))

    assert found is not None
    assert re.fullmatch(r"[0-9]+\.[0-9]{4}", found)
    exact = Fraction(length_us, 60 * SECOND_US) * Fraction("0.002")
    assert abs(Fraction(found) - exact) <= Fraction("0.000050001")


# Codes


@pytest.mark.parametrize(
    ("lacks", "code"), [("short", "16101"), ("silent", "16102"), ("", None), ("disk full", None)]
)
def test_a_code_says_what_is_lacking_where_there_is_one(lacks, code):
    assert words().error_code(lacks) == code
    assert words(absent_error_codes="none").error_code(lacks) is None


# Links


def link(
    spelt: Words, started_at_us: int = 0, at_us: int = 0, form: str = "mp3", n: int = 1
) -> str:
    return spelt.link("caller", 1, n, started_at_us, form, at_us)


@given(moments, st.integers(0, 10**12), st.sampled_from(["mp3", "wav"]))
def test_a_link_names_account_date_leg_second_and_format(started_at_us, waited_us, form):
    spelt = words()
    start = EPOCH + timedelta(microseconds=STARTS_AT_US + started_at_us)
    signed = (start + timedelta(microseconds=waited_us)).strftime("%Y%m%dT%H%M%SZ")

    parts = urlsplit(link(spelt, started_at_us, started_at_us + waited_us, form))

    unix_s = math.floor(Fraction(STARTS_AT_US + started_at_us, SECOND_US))
    leg = spelt.wire_id("leg", "caller", 1)
    path = f"/telephony-recorder-prod/{spelt.account_sid}/{start:%Y-%m-%d}/{leg}-{unix_s}.{form}"
    query = {name: value for name, [value] in parse_qs(parts.query, strict_parsing=True).items()}
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "s3.amazonaws.com", path)
    assert query.pop("X-Amz-Signature").isalnum()
    assert query == {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"RECSIM/{signed[:8]}/us-east-1/s3/aws4_request",
        "X-Amz-Date": signed,
        "X-Amz-Expires": "600",
        "X-Amz-SignedHeaders": "host",
    }


@pytest.mark.parametrize(
    ("name", "written"),
    [("minutes", "minutes"), ("May 5", "May%205"), ("50%?#&", "50%25%3F%23%26"), ("né", "n%C3%A9")],
)
def test_a_file_is_called_as_it_was_asked_to_be(name, written):
    spelt = words()
    unix_s = STARTS_AT_US // SECOND_US

    parts = urlsplit(spelt.link("caller", 1, 1, 0, "wav", 0, file_name=name))

    assert parts.path.rpartition("/")[2] == f"{written}-{unix_s}.wav"
    assert parse_qs(parts.query).keys() == parse_qs(urlsplit(link(spelt)).query).keys()


@pytest.mark.parametrize(("ttl", "seconds"), [("600s", "600"), ("90s", "90"), ("2h", "7200")])
def test_a_link_says_how_long_it_is_good(ttl, seconds):
    [found] = parse_qs(urlsplit(link(words(recording_url_ttl_s=ttl))).query)["X-Amz-Expires"]

    assert found == seconds


def test_whatever_a_link_is_for_its_signature_is_of():
    def signature(text: str) -> str:
        return parse_qs(urlsplit(text).query)["X-Amz-Signature"][0]

    one = link(words())

    assert link(words()) == one
    assert re.fullmatch(r"[0-9a-f]{64}", signature(one))
    others = [
        link(words(), at_us=SECOND_US),
        link(words(), started_at_us=SECOND_US),
        link(words(), form="wav"),
        link(words(), n=2),
        link(words(seed=2)),
    ]
    assert len({signature(one), *map(signature, others)}) == 1 + len(others)
