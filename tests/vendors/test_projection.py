"""The views of a recording: plain rows, equal to what the models print back, agreeing together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemas import needs_schemas, validator

from recsim.core.entities import (
    ABSENT,
    COMPLETED,
    DELETED,
    IN_PROGRESS,
    NEW,
    PAUSED,
    STOPPED,
    Application,
    CallLeg,
    CallSession,
    Conference,
    Recording,
    RecordingSettings,
    Setup,
)
from recsim.core.platform import Final
from recsim.scenario.load import loads
from recsim.scenario.run import run
from recsim.vendors.telnyx import projection, resources
from recsim.vendors.telnyx.readings import READINGS
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.vendors.telnyx.wire import Wire

SECOND_US = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STATUSES = (IN_PROGRESS, PAUSED, STOPPED, COMPLETED, ABSENT, DELETED)
ENDED = (STOPPED, COMPLETED, ABSENT, DELETED)

CALL_SOURCES = ("RecordVerb", "StartCallRecordingAPI", "DialVerb", "OutboundAPI", "Trunking")
CONFERENCE_SOURCES = ("Conference", "StartConferenceRecordingAPI")
CONFERENCES = (7, 8, 9)
"""Those that the session made."""

EVENTS = (IN_PROGRESS, COMPLETED, ABSENT)


class Drawn(NamedTuple):
    """A recording, and what it is seen with."""

    vendor: Telnyx
    session: CallSession
    leg: CallLeg
    recording: Recording
    at_us: int
    """When it is looked at."""


def views(drawn: Drawn) -> dict[str, dict[str, Any] | None]:
    vendor, session, leg, recording, at_us = drawn
    return {
        "texml_create": projection.texml_create(vendor.words, session, leg, recording),
        "texml": projection.texml(vendor.words, session, leg, recording, at_us, STOPPED),
        "conference_item": projection.conference_item(vendor.words, session, leg, recording, at_us),
        "v2": projection.v2(vendor.words, session, leg, recording, at_us),
    }


MODELS: dict[str, type[Wire]] = {
    "texml_create": resources.TexmlCreateRecording,
    "texml": resources.TexmlRecording,
    "conference_item": resources.ConferenceRecordingItem,
    "v2": resources.V2Recording,
}
ITEMS = ("properties", "recordings", "items")
PUBLISHED = {
    "texml_create": ("texml-create-recording-response",),
    "texml": ("texml-get-recording-response",),
    "conference_item": ("texml-conference-recordings-list-response", *ITEMS),
    "v2": ("recording-response-data",),
}

recording_settings = st.builds(
    RecordingSettings,
    channels=st.sampled_from([1, 2]),
    track=st.sampled_from(["inbound", "outbound", "both"]),
    is_trimmed=st.booleans(),
    beep=st.booleans(),
    format=st.sampled_from(["mp3", "wav"]),
    limit_us=st.integers(0, 14_400 * SECOND_US),
    silence_us=st.integers(0, 60 * SECOND_US),
    callback_url=st.sampled_from(["", "https://app.test/recording"]),
    callback_method=st.sampled_from(["GET", "POST"]),
    callback_events=st.lists(st.sampled_from(EVENTS), unique=True).map(tuple),
    sends_url=st.booleans(),
)
#: Readings of which an answer is off the published schemas.
OFF_SCHEMA = ("texml_date_format", "v2_list_only_completed")

readings = st.fixed_dictionaries(
    {},
    optional={
        reading.key: st.sampled_from(reading.answers)
        for reading in READINGS
        if isinstance(reading.answers, tuple) and reading.key not in OFF_SCHEMA
    },
)
parties = st.sampled_from(["+15550001", "+442071234567", "sip:ana@example.sip.telnyx.com"])
starts = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - bounds are naive
    lambda moment: (moment - EPOCH) // timedelta(microseconds=1)
)
gaps = st.integers(0, 40_000 * SECOND_US)


@st.composite
def recordings(
    draw: Callable[..., Any],
    statuses: tuple[str, ...] = STATUSES,
    conferences: tuple[int, ...] = (0, *CONFERENCES),
) -> Drawn:
    """A recording as the platform would have left it; of a call where its conference is 0."""
    vendor = Telnyx(draw(st.integers(0, 2**63 - 1)), draw(starts), readings=draw(readings))
    application = Application(
        "https://app.test/answer", "POST", connection_id=draw(st.sampled_from(["", "1752379"]))
    )
    title = draw(st.text(min_size=1, max_size=10))
    session = CallSession(1, title, application, (2,), (3,), CONFERENCES)
    leg = CallLeg(2, 1, draw(st.integers(1, 3)), draw(parties), draw(parties), Setup())
    conference = draw(st.sampled_from(conferences))
    recording = Recording(
        3,
        1,
        2,
        draw(st.integers(1, 9)),
        draw(st.sampled_from(CONFERENCE_SOURCES if conference else CALL_SOURCES)),
        draw(recording_settings),
        draw(st.sampled_from(statuses)),
        conference=conference,
    )
    now_us = recording.created_at_us = draw(gaps)
    recording.started_at_us = now_us
    recording.updated_at_us = now_us = now_us + draw(gaps)
    if recording.status in ENDED:
        recording.ended_at_us = now_us
        if recording.status != COMPLETED:
            recording.lacks = draw(st.sampled_from(["short", "silent", "disk full"]))
        if recording.status == COMPLETED or (recording.status == STOPPED and draw(st.booleans())):
            recording.lacks = ""
            recording.length_us = draw(st.integers(0, now_us - recording.started_at_us))
    if recording.status in (COMPLETED, ABSENT, DELETED):
        recording.updated_at_us = now_us = now_us + draw(gaps)
    return Drawn(vendor, session, leg, recording, now_us + draw(gaps))


fast = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)


# Against the models and the published schemas


@cache
def published(name: str) -> Draft202012Validator:
    return validator(*PUBLISHED[name])


@fast
@given(recordings())
def test_each_row_is_what_its_model_prints_back(drawn):
    for name, row in views(drawn).items():
        if row is not None:
            printed = MODELS[name].model_validate(row).dump()
            assert printed == row
            assert {key: type(value) for key, value in printed.items()} == {
                key: type(value) for key, value in row.items()
            }


@needs_schemas
@fast
@given(recordings())
def test_each_row_fits_its_published_schema_and_nothing_besides(drawn):
    for name, row in views(drawn).items():
        if row is not None:
            assert list(published(name).iter_errors(row)) == []


@fast
@given(recordings(), st.sampled_from(["iso8601", "rfc2822"]))
def test_the_models_read_either_reading_of_dates(drawn, form):
    drawn.vendor.words.date_format = form

    for name, row in views(drawn).items():
        if row is not None:
            assert MODELS[name].model_validate(row).dump() == row


@fast
@given(recordings((ABSENT,)))
def test_absent_is_a_word_that_the_texml_view_does_not_have(drawn):
    """Why `stopped` is the reading taken by default."""
    vendor, session, leg, recording, at_us = drawn

    by_default = projection.texml(vendor.words, session, leg, recording, at_us, STOPPED)
    otherwise = projection.texml(vendor.words, session, leg, recording, at_us, ABSENT)

    assert by_default is not None
    assert resources.TexmlRecording.model_validate(by_default)
    assert otherwise == {**by_default, "status": ABSENT}
    with pytest.raises(ValueError, match="status"):
        resources.TexmlRecording.model_validate(otherwise)


# Against the official client

CLIENT = {
    "texml_create": (
        "texml.accounts.calls.texml_create_call_recording_response_body",
        "TexmlCreateCallRecordingResponseBody",
    ),
    "texml": (
        "texml.texml_get_call_recording_response_body",
        "TexmlGetCallRecordingResponseBody",
    ),
    "conference_item": ("texml.accounts.conference_retrieve_recordings_response", "Recording"),
    "v2": ("recording_response_data", "RecordingResponseData"),
}


@pytest.mark.parametrize("name", CLIENT)
@settings(max_examples=25, deadline=None)
@given(drawn=recordings((COMPLETED,), CONFERENCES))
def test_the_official_client_reads_every_key(name, drawn):
    module, type_name = CLIENT[name]
    client_type = getattr(import_module(f"telnyx.types.{module}"), type_name)
    row = views(drawn)[name]

    read = client_type.model_validate(row)

    assert not read.model_extra
    assert row is not None
    dumped = read.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert set(dumped) == set(row)
    for key, value in row.items():
        if (key.startswith(("date_", "start_time")) or key.endswith("_at")) and dumped[
            key
        ] != value:
            assert datetime.fromisoformat(dumped[key]) == datetime.fromisoformat(value), key
        else:
            assert dumped[key] == value, key


# Against each other


@fast
@given(recordings())
def test_the_texml_views_say_the_same_where_both_say_it(drawn):
    create, texml = views(drawn)["texml_create"], views(drawn)["texml"]

    assert (create is None) == (texml is None) == (drawn.recording.status == DELETED)
    if create and texml:
        both = (set(create) & set(texml)) - {"uri"}
        assert {key: create[key] for key in both} == {key: texml[key] for key in both}
        assert set(create) - set(texml) == {"price", "price_unit", "track"}
        assert set(texml) - set(create) - {"media_url"} == {"status", "subresources_uris"}


@fast
@given(recordings((COMPLETED,)))
def test_the_v2_view_agrees_with_the_texml_views(drawn):
    drawn.vendor.words.duration_round = "floor"
    create, texml, _, v2 = views(drawn).values()

    assert create
    assert texml
    assert v2
    assert create["conference_sid"] == texml["conference_sid"] == v2.get("conference_id")
    assert create["sid"] == texml["sid"] == v2["id"]
    assert create["call_sid"] == texml["call_sid"] == v2["call_control_id"]
    assert create["source"] == texml["source"] == v2["initiated_by"]
    assert {1: "single", 2: "dual"}[create["channels"]] == v2["channels"]
    assert create["duration"] == texml["duration"] == str(v2["duration_millis"] // 1000)
    assert texml["status"] == v2["status"] == COMPLETED
    assert [texml["media_url"]] == list(v2["download_urls"].values())
    for texml_key, v2_key in (
        ("date_created", "created_at"),
        ("date_updated", "updated_at"),
        ("start_time", "recording_started_at"),
    ):
        assert create[texml_key] == texml[texml_key] == v2[v2_key][:19] + "Z"


@fast
@given(recordings((COMPLETED,)))
def test_the_moments_of_the_v2_view_are_in_order(drawn):
    v2 = views(drawn)["v2"]

    assert v2
    created, started, ended, updated = (
        datetime.fromisoformat(v2[key])
        for key in ("created_at", "recording_started_at", "recording_ended_at", "updated_at")
    )
    assert created <= started <= ended <= updated
    assert v2["duration_millis"] <= (ended - started) / timedelta(milliseconds=1) + 1


@fast
@given(recordings((COMPLETED,)))
def test_each_date_of_the_v2_view_is_the_moment_it_names(drawn):
    v2, recording = views(drawn)["v2"], drawn.recording

    assert v2
    for key, at_us in (
        ("created_at", recording.created_at_us),
        ("recording_started_at", recording.started_at_us),
        ("recording_ended_at", recording.ended_at_us),
        ("updated_at", recording.updated_at_us),
    ):
        moment = EPOCH + timedelta(microseconds=drawn.vendor.words.starts_at_us + at_us)
        assert datetime.fromisoformat(v2[key]) == moment.replace(
            microsecond=moment.microsecond // 1000 * 1000
        ), key


@fast
@given(recordings())
def test_a_uri_ends_in_its_own_sid(drawn):
    create, texml, item, _ = views(drawn).values()

    if create and texml:
        assert item is None or item["uri"] == texml["uri"]
        account = f"/v2/texml/Accounts/{create['account_sid']}"
        rest = f"Recordings/{create['sid']}.json"
        assert create["uri"] == f"{account}/Calls/{create['call_sid']}/{rest}"
        assert texml["uri"] == f"{account}/{rest}"


# What each status shows


@fast
@given(recordings((DELETED,)))
def test_a_deleted_recording_is_in_no_view_but_that_of_its_conference(drawn):
    item = views(drawn).pop("conference_item")

    assert {name for name, row in views(drawn).items() if row} <= {"conference_item"}
    assert (item is not None) == bool(drawn.recording.conference)
    if item:
        assert (item["status"], item["error_code"], "media_url" in item) == (DELETED, None, False)


@fast
@given(recordings((DELETED,), CONFERENCES), st.sampled_from(["true", "false"]))
def test_the_reading_decides_whether_a_deleted_recording_stays_in_its_conference(drawn, kept):
    vendor, session, leg, recording, at_us = drawn
    vendor = Telnyx(1, 0, readings={"keep_tombstones": kept})

    row = vendor.row(Final(session, (leg,), (recording,), ()), recording, at_us)

    assert (row["conference_item"] is not None) == (kept == "true")


@fast
@given(recordings(tuple(status for status in STATUSES if status != COMPLETED)))
def test_v2_shows_nothing_but_completed_recordings(drawn):
    assert views(drawn)["v2"] is None


@fast
@given(recordings())
def test_v2_shows_others_in_their_own_words_where_that_is_read_so(drawn):
    by_default = views(drawn)["v2"]
    drawn.vendor.words.v2_only_completed = False

    row, status = views(drawn)["v2"], drawn.recording.status

    if status == COMPLETED:
        assert row == by_default
    elif status == DELETED:
        assert row is None
    else:
        assert row
        assert (row["status"], row["download_urls"]) == (status, {})
        assert ("recording_ended_at" in row) == (status not in (IN_PROGRESS, PAUSED))


@fast
@given(recordings(tuple(status for status in STATUSES if status != DELETED)))
def test_a_status_decides_what_is_told(drawn):
    status = drawn.recording.status
    create, texml, _, _ = views(drawn).values()

    assert create
    assert texml
    assert texml["status"] == (STOPPED if status == ABSENT else status)
    assert (texml["duration"] is None) == (status in (IN_PROGRESS, PAUSED))
    assert ("media_url" in texml) == (status == COMPLETED)
    assert (create["price"] is None) == (create["price_unit"] is None) == (status != COMPLETED)
    if status == ABSENT:
        assert texml["duration"] == "0"
        codes = {"short": "16101", "silent": "16102"}
        is_told = drawn.vendor.readings["absent_error_codes"] == "twilio"
        assert texml["error_code"] == (codes.get(drawn.recording.lacks) if is_told else None)
    else:
        assert texml["error_code"] is None


@fast
@given(recordings())
def test_what_a_recording_lacks_is_told_only_once_it_is_absent(drawn):
    create = views(drawn)["texml_create"]

    if create and drawn.recording.status != ABSENT:
        assert create["error_code"] is None


@fast
@given(recordings())
def test_the_list_of_a_conference_says_the_same_in_its_own_types(drawn):
    texml, item = views(drawn)["texml"], views(drawn)["conference_item"]
    recording = drawn.recording

    assert (item is not None) == bool(recording.conference)
    if item and texml:
        n = CONFERENCES.index(recording.conference) + 1
        assert item["conference_sid"] == drawn.vendor.wire_id("conference", drawn.session.title, n)
        assert item["status"] == (
            recording.status if recording.status in (COMPLETED, ABSENT) else "processing"
        )
        is_final = item["status"] != "processing"
        assert item["duration"] == (int(texml["duration"]) if is_final else 0)
        same = {*item} & {*texml} - {"status", "duration"}
        assert {key: item[key] for key in same} == {key: texml[key] for key in same}
        assert {*item} - same == {"status", "duration", "subresource_uris"}


# Links


@fast
@given(recordings((COMPLETED,)))
def test_a_link_is_signed_when_it_is_looked_at_and_names_the_start(drawn):
    v2 = views(drawn)["v2"]
    assert v2
    form = drawn.recording.settings.format
    assert list(v2["download_urls"]) == [form]

    link = urlsplit(v2["download_urls"][form])

    starts_at_us = drawn.vendor.words.starts_at_us
    unix_s = (starts_at_us + drawn.recording.started_at_us) // SECOND_US
    account, date, name = link.path.split("/")[-3:]
    signed_at = EPOCH + timedelta(microseconds=starts_at_us + drawn.at_us)
    assert account == drawn.vendor.words.account_sid
    assert date == v2["recording_started_at"][:10]
    own_name = quote(drawn.recording.settings.file_name, safe="")
    assert name == f"{own_name or v2['call_leg_id']}-{unix_s}.{form}"
    query = parse_qs(link.query, strict_parsing=True)
    assert query["X-Amz-Expires"] == ["600"]
    assert query["X-Amz-Date"] == [signed_at.strftime("%Y%m%dT%H%M%SZ")]


@fast
@given(recordings((COMPLETED,)))
def test_a_link_is_signed_anew_a_second_later(drawn):
    later = drawn._replace(at_us=drawn.at_us + SECOND_US)
    now_row, later_row = views(drawn)["texml"], views(later)["texml"]

    assert now_row
    assert later_row
    assert now_row["media_url"] != later_row["media_url"]
    assert {**now_row, "media_url": ""} == {**later_row, "media_url": ""}


# What is left of a run


@fast
@given(recordings())
def test_the_row_of_a_run_has_each_view_as_its_endpoint_would_answer(drawn):
    vendor, session, leg, recording, at_us = drawn
    conference = Conference(recording.conference, 1, 2, 1, "room", 250)
    final = Final(session, (leg,), (recording,), (conference,) if recording.conference else ())

    row = vendor.row(final, recording, at_us)

    absent_word = vendor.readings["absent_in_texml_view"]
    expected = views(drawn)
    if recording.status == ABSENT and expected["texml"]:
        expected["texml"]["status"] = absent_word
    if recording.status == DELETED and vendor.readings["keep_tombstones"] == "false":
        expected["conference_item"] = None
    assert {name: row[name] for name in expected} == expected
    assert (row["status"], row["call"]) == (recording.status, session.title)
    assert row["sid"] == vendor.wire_id("recording", session.title, recording.n)


@fast
@given(recordings())
def test_looking_changes_nothing(drawn):
    before = repr(drawn[1:])

    assert views(drawn) == views(drawn)

    assert repr(drawn[1:]) == before


def test_every_status_that_leaves_the_platform_is_tried():
    """A new status would otherwise be seen by none of the tests above."""
    assert {NEW, *STATUSES} == set(Telnyx.recording.statuses)


def test_a_storage_failure_has_no_code_whatever_it_is_called() -> None:
    file = Path(__file__).parents[2] / "scenarios" / "storage-fails.yaml"
    text = file.read_text().replace("failure: internal error", "failure: short")

    [row] = run(loads(text)).recordings

    assert row["status"] == "absent"
    assert row["texml"]["error_code"] is None
