"""TeXML lists of recordings: what they show, how they are filtered, how their pages are turned."""

from __future__ import annotations

import json
from importlib import import_module
from urllib.parse import quote

import pytest
from api import Api, sids
from calls import SECOND_US
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemas import needs_schemas, validator

from recsim.core.commands import HungUp
from recsim.vendors.telnyx.list_resources import ConferenceRecordingList, TexmlRecordingList
from recsim.vendors.telnyx.rest.paging import PAGES
from recsim.vendors.telnyx.rest.recording_lists import FILTERS

DAY_US = 86_400 * SECOND_US
OTHER_ACCOUNT = "61bf923e-5e4d-4595-a110-56190ea18a1b"
NOBODY = "cd5a70f4-759b-4d5e-9c06-88c00f16f3c1"
MISSING = (404, {"detail": "Resource not found"})
ACCOUNT = "/Recordings.json"


def every(api: Api, query: str = "", path: str = ACCOUNT) -> list[str]:
    return sids(api.get(path, TexmlRecordingList, query))


def of_call(api: Api, name: str = "alice") -> str:
    return f"/Calls/{api.sid(name)}/Recordings.json"


def of_conference(conference: str) -> str:
    return f"/Conferences/{conference}/Recordings.json"


def items_of(conference: str) -> str:
    return f"/Conferences/{conference}/Recordings"


# What is listed


def standing() -> tuple[Api, dict[str, str]]:
    """A line with a recording in every status, by it: the older, the later in its list."""
    api = Api()
    found = {"deleted": api.record(), "completed": api.record()}
    found["absent"] = api.record(length_us=100_000)
    found["in-progress"] = api.begin()
    found["paused"] = api.begin()
    form = {"Status": "paused"}
    api.ask("POST", f"/Calls/{api.sid('alice')}/Recordings/{found['paused']}.json", form)
    api.delete(found["deleted"])
    return api, found


def test_an_account_lists_what_there_is_newest_first():
    api, found = standing()
    api.record("bob")

    page = api.get(ACCOUNT, TexmlRecordingList)

    assert sids(page)[1:] == list(reversed(found.values()))[:-1]
    assert [row["status"] for row in page["recordings"]] == [
        "completed", "paused", "in-progress", "stopped", "completed",
    ]  # fmt: skip
    for row in page["recordings"]:
        answer = api.ask("GET", f"/Recordings/{row['sid']}.json")
        assert json.loads(answer.body) == row


def test_recordings_of_one_moment_are_listed_the_later_made_first():
    api = Api()
    made = [api.begin() for _ in range(4)]

    assert every(api) == made[::-1]


def test_a_list_is_of_the_moment_it_is_asked_for():
    api = Api()
    sid = api.begin()
    api.after(5 * SECOND_US)
    assert api.get(ACCOUNT, TexmlRecordingList)["recordings"][0]["status"] == "in-progress"

    api.end(sid)

    first = api.get(ACCOUNT, TexmlRecordingList)["recordings"][0]
    api.after(2 * SECOND_US)
    assert api.get(ACCOUNT, TexmlRecordingList)["recordings"][0]["media_url"] != first["media_url"]


def test_an_account_without_recordings_has_an_empty_page():
    api = Api()

    page = api.get(ACCOUNT, TexmlRecordingList)

    uri = f"{api.of_account(ACCOUNT)}?Page=0&PageSize=20"
    assert page == {
        "recordings": [], "page": 0, "page_size": 20, "start": 0, "end": 0,
        "first_page_uri": uri, "uri": uri,
    }  # fmt: skip


def test_a_call_lists_its_own_even_once_it_is_over():
    api = Api()
    first, _, second = api.record(), api.record("bob"), api.begin()
    assert every(api, path=of_call(api)) == [second, first]

    api.do(HungUp(api.platform.sessions[1].legs[0]))

    assert every(api, path=of_call(api)) == [second, first]


def test_a_call_without_recordings_has_an_empty_page():
    api = Api()
    api.call("bob")
    api.record()

    assert every(api, path=of_call(api, "bob")) == []


def test_a_call_lists_the_conference_that_it_made():
    """Whose recordings name it: what names a call is in its list."""
    api = Api()
    conference = api.confer()

    [row] = api.get(of_call(api, "carol"), TexmlRecordingList)["recordings"]

    assert (row["call_sid"], row["conference_sid"]) == (api.sid("carol"), conference)


def test_a_conference_lists_its_own():
    api = Api()
    first, second = api.confer("carol"), api.confer("dora")
    api.record()

    [one] = every(api, path=of_conference(first))
    [other] = every(api, path=of_conference(second))

    assert every(api)[1:] == [other, one]
    for conference, sid in ((first, one), (second, other)):
        page = api.get(items_of(conference), ConferenceRecordingList)
        assert sids(page) == [sid]
        assert page["recordings"][0]["conference_sid"] == conference


def test_the_two_lists_of_a_conference_differ_in_their_types_and_links():
    api = Api()
    conference = api.confer()

    whole = api.get(of_conference(conference), TexmlRecordingList)
    items = api.get(items_of(conference), ConferenceRecordingList)

    [row], [item] = whole["recordings"], items["recordings"]
    assert (row["duration"], item["duration"]) == ("4", 4)
    assert items["participants"] == []
    assert items["uri"] == whole["uri"].replace("Recordings.json", "Recordings")


def test_what_was_deleted_stays_in_one_list_of_its_conference():
    api = Api()
    conference = api.confer()
    [sid] = every(api)

    api.delete(sid)

    assert every(api) == every(api, path=of_conference(conference)) == []
    [item] = api.get(items_of(conference), ConferenceRecordingList)["recordings"]
    assert (item["sid"], item["status"], item["duration"]) == (sid, "deleted", 4)
    assert "media_url" not in item


def test_tombstones_are_gone_under_the_other_reading():
    api = Api(keep_tombstones="false")
    conference = api.confer()
    assert len(api.get(items_of(conference), ConferenceRecordingList)["recordings"]) == 1

    api.delete(every(api)[0])

    assert api.get(items_of(conference), ConferenceRecordingList)["recordings"] == []


def test_a_conference_that_goes_on_has_its_recording_processed():
    api = Api()
    conference = api.confer(length_us=0)
    assert api.get(items_of(conference), ConferenceRecordingList)["recordings"][0]["status"] == (
        "absent"
    )


def test_a_recording_of_a_conference_is_not_updated_through_a_call():
    api = Api()
    api.documents = {
        "answer": '<Response><Dial><Conference record="record-from-start"/></Dial></Response>'
    }
    api.call("carol")
    [sid] = every(api)
    path = api.of_account(f"/Calls/{api.sid('carol')}/Recordings/{sid}.json")

    for status in ("paused", "in-progress", "stopped"):
        assert api.refused("POST", path, {"Status": status}) == MISSING


# Who is not found


@pytest.mark.parametrize(
    "tail",
    [
        "/Calls/v3:nobody/Recordings.json",
        f"/Conferences/{NOBODY}/Recordings.json",
        f"/Conferences/{NOBODY}/Recordings",
        "/Conferences/room/Recordings",
    ],
)
def test_an_unknown_call_or_conference_is_not_found(tail):
    api = Api()
    api.confer()

    assert api.refused("GET", api.of_account(tail)) == MISSING


def test_another_account_is_not_found():
    api = Api()
    conference = api.confer()
    for tail in (ACCOUNT, of_call(api, "carol"), of_conference(conference), items_of(conference)):
        path = api.of_account(tail).replace(api.vendor.words.account_sid, OTHER_ACCOUNT)
        assert api.refused("GET", path) == MISSING


# Filters


def days() -> Api:
    """A line with recordings of three days, each at nine and half a second: 5 to 7 January."""
    api = Api()
    api.after(SECOND_US // 2)
    for name in ("a", "b", "c"):
        api.record(name)
        api.after(DAY_US - 5 * SECOND_US)
    return api


DAYS = days()
NINE = "T09:00:00Z"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("DateCreated=2026-01-06", "b"),
        ("DateCreated=2026-01-08", ""),
        ("DateCreated>=2026-01-06", "cb"),
        ("DateCreated%3E=2026-01-06", "cb"),
        ("DateCreated%3E=2026-01-08", ""),
        ("DateCreated<=2026-01-06", "ba"),
        ("DateCreated%3C=2026-01-04", ""),
        ("DateCreated>2026-01-06", "c"),
        ("DateCreated<2026-01-06", "a"),
        ("DateCreated%3E2026-01-05&DateCreated%3C2026-01-07T09:00:00Z", "b"),
        ("DateCreated>2026-01-05&DateCreated<=2026-01-06", "b"),
        ("DateCreated=>=2026-01-06", "cb"),
        ("DateCreated=>2026-01-06", "c"),
        ("DateCreated=<=2026-01-06", "ba"),
        ("DateCreated=<2026-01-06", "a"),
        (f"DateCreated={quote('>=2026-01-06')}", "cb"),
        (f"DateCreated=2026-01-06{NINE}", "b"),
        ("DateCreated=2026-01-06T09:00:01Z", ""),
        ("DateCreated=2026-01-06T09:00:00", "b"),
        ("DateCreated=2026-01-06T10:00:00%2B01:00", "b"),
        ("DateCreated=2026-01-06T10:00:00.000000+01:00", "b"),
        ("DateCreated=2026-01-06T07:00:00-02:00", "b"),
        (f"DateCreated>=2026-01-06{NINE}", "cb"),
        (f"DateCreated<=2026-01-06{NINE}", "ba"),
        (f"DateCreated=>2026-01-06{NINE}", "c"),
        (f"DateCreated=<2026-01-06{NINE}", "a"),
        ("DateCreated>=2026-01-06&DateCreated<=2026-01-06", "b"),
        ("DateCreated>=2026-01-06&DateCreated=<2026-01-07", "b"),
        ("DateCreated>=2026-01-07&DateCreated<=2026-01-06", ""),
        ("DateCreated>=0001-01-01&DateCreated<=9999-12-31", "cba"),
        ("datecreated=2026-01-06&x=y", "cba"),
    ],
)
def test_recordings_can_be_filtered_by_the_date_they_were_made(query, found):
    assert every(DAYS, query) == [DAYS.vendor.wire_id("recording", name, 1) for name in found]


def test_filters_count_for_the_whole_list_and_not_for_one_page():
    assert every(DAYS, "DateCreated<=2026-01-06&PageSize=1&Page=1") == [
        DAYS.vendor.wire_id("recording", "a", 1)
    ]


@pytest.mark.parametrize(
    ("query", "code", "name"),
    [
        ("Page=-1", "10033", "Page"),
        ("Page=one", "10015", "Page"),
        ("PageSize=0", "10033", "PageSize"),
        ("PageSize=251", "10033", "PageSize"),
        ("PageToken=%3F%3F", "10015", "PageToken"),
        ("DateCreated=yesterday", "10015", "DateCreated"),
        ("DateCreated=", "10015", "DateCreated"),
        ("DateCreated=2026-02-30", "10015", "DateCreated"),
        ("DateCreated=20260106", "10015", "DateCreated"),
        ("DateCreated=!=2026-01-06", "10015", "DateCreated"),
        ("DateCreated=>>2026-01-06", "10015", "DateCreated"),
        ("DateCreated=2026-01-06T25:00:00Z", "10015", "DateCreated"),
        ("DateCreated=2026-01-06T09:00:00%2B99:00", "10015", "DateCreated"),
        ("DateCreated=%D9%A2026-01-06", "10015", "DateCreated"),
        ("DateCreated%3E=%3E2026-01-06", "10015", "DateCreated>"),
        ("DateCreated%3C=soon", "10015", "DateCreated<"),
        ("DateCreated>soon", "10015", "DateCreated>soon"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(query, code, name):
    status, error = DAYS.refused("GET", DAYS.of_account(ACCOUNT), query=query)

    assert (status, error["code"], error["source"]) == (422, code, {"parameter": name})


def test_every_parameter_has_a_value_that_is_refused():
    for name in (*PAGES, *FILTERS):
        query = f"{quote(name)}=?"
        assert DAYS.refused("GET", DAYS.of_account(ACCOUNT), query=query)[0] == 422


# Pages


def many(count: int) -> Api:
    api = Api()
    for _ in range(count):
        api.record()
    return api


SEVEN = many(7)


def test_pages_can_be_turned_by_their_links_and_back():
    everything = every(SEVEN)
    page = SEVEN.get(ACCOUNT, TexmlRecordingList, "PageSize=3")
    turned = [page]
    while "next_page_uri" in page:
        turned.append(page := SEVEN.follow_link(page["next_page_uri"], TexmlRecordingList))

    assert [sids(one) for one in turned] == [everything[:3], everything[3:6], everything[6:]]
    for n, one in enumerate(turned):
        assert (one["page"], one["page_size"], one["start"]) == (n, 3, 3 * n)
        assert one["end"] == 3 * n + len(one["recordings"]) - 1
        assert SEVEN.follow_link(one["uri"], TexmlRecordingList) == one
        assert sids(SEVEN.follow_link(one["first_page_uri"], TexmlRecordingList)) == everything[:3]
        if n:
            back = SEVEN.follow_link(one["previous_page_uri"], TexmlRecordingList)
            assert (back["page"], sids(back)) == (n - 1, sids(turned[n - 1]))
    assert "previous_page_uri" not in turned[0]


def test_the_list_of_items_has_no_page_before():
    api = Api()
    conference = api.confer()

    page = api.get(items_of(conference), ConferenceRecordingList, "Page=1&PageSize=1")

    assert "previous_page_uri" not in page


def test_lists_of_calls_can_be_paged_too():
    path = of_call(SEVEN)
    page = SEVEN.get(path, TexmlRecordingList, "PageSize=4")

    assert page["next_page_uri"].startswith(
        f"{SEVEN.of_account(path)}?Page=1&PageSize=4&PageToken="
    )
    rest = SEVEN.follow_link(page["next_page_uri"], TexmlRecordingList)
    assert sids(page) + sids(rest) == every(SEVEN)


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ("Page=0", slice(0, 20)),
        ("Page=1&PageSize=3", slice(3, 6)),
        ("Page=2&PageSize=3", slice(6, 9)),
        ("Page=3&PageSize=3", slice(0, 0)),
        ("Page=999999999", slice(0, 0)),
        ("PageSize=250", slice(0, 250)),
    ],
)
def test_pages_can_be_asked_for_by_number_and_one_beyond_the_end_is_empty(query, at):
    assert every(SEVEN, query) == every(SEVEN)[at]


def test_links_keep_the_filter():
    query = "DateCreated%3E=2026-01-05&DateCreated=%3C2026-01-08&PageSize=1&Page=1"
    page = DAYS.get(ACCOUNT, TexmlRecordingList, query)

    links = ("uri", "first_page_uri", "previous_page_uri", "next_page_uri")
    for name in links:
        assert "DateCreated=%3C2026-01-08" in page[name]
        assert "DateCreated%3E=2026-01-05" in page[name]
    assert sids(DAYS.follow_link(page["next_page_uri"], TexmlRecordingList)) == every(DAYS)[2:]
    page = DAYS.get(ACCOUNT, TexmlRecordingList, "DateCreated<2026-01-07&PageSize=1")
    assert sids(DAYS.follow_link(page["next_page_uri"], TexmlRecordingList)) == every(DAYS)[2:]


BEFORE = many(12)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.integers(1, 5),
    st.lists(st.lists(st.integers(-3, 11), max_size=3), max_size=12),
)
def test_by_token_each_row_is_seen_once_though_rows_come_and_go(size, meanwhile):
    """Between two pages, recordings are made (a negative number) or deleted (their place)."""
    api = BEFORE.fork()
    first = every(api)
    gone: set[str] = set()
    seen: list[str] = []
    page = api.get(ACCOUNT, TexmlRecordingList, f"PageSize={size}")
    while True:
        seen += sids(page)
        for what in meanwhile.pop() if meanwhile else ():
            if what < 0:
                api.record()
            elif first[what] not in gone:
                api.delete(first[what])
                gone.add(first[what])
        if "next_page_uri" not in page:
            break
        page = api.follow_link(page["next_page_uri"], TexmlRecordingList)

    assert len(seen) == len(set(seen))
    assert seen == [sid for sid in first if sid in seen]
    assert {*first} - gone <= {*seen}


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.integers(1, 5), st.lists(st.integers(0, 11), max_size=6))
def test_the_page_before_leaves_nothing_out(size, deleted):
    api = BEFORE.fork()
    page = api.get(ACCOUNT, TexmlRecordingList, f"PageSize={size}")
    page = api.follow_link(page["next_page_uri"], TexmlRecordingList)
    for at in {*deleted}:
        api.delete(every(BEFORE)[at])
    api.record()
    page = api.follow_link(page["uri"], TexmlRecordingList)
    if "previous_page_uri" not in page or not page["recordings"]:
        return

    back = api.follow_link(page["previous_page_uri"], TexmlRecordingList)

    now = every(api)
    until = now.index(sids(page)[0])
    assert sids(back)[:until] == now[max(0, until - size) : until]


# On the wire


@needs_schemas
def test_lists_are_what_the_schemas_say():
    api, _ = standing()
    conference = api.confer()
    api.begin("erin")
    for path, name in (
        (ACCOUNT, "texml-list-recordings-response"),
        (of_call(api), "texml-list-recordings-response"),
        (of_conference(conference), "texml-list-recordings-response"),
        (items_of(conference), "texml-conference-recordings-list-response"),
    ):
        for query in ("", "PageSize=1&Page=1", "PageSize=1"):
            answer = api.ask("GET", path, query=query)
            assert answer.status == 200
            validator(name).validate(json.loads(answer.body))


@pytest.mark.parametrize(
    ("is_json", "module", "name"),
    [
        (True, "calls.texml_get_call_recordings_response_body",
         "TexmlGetCallRecordingsResponseBody"),
        (False, "conference_retrieve_recordings_response",
         "ConferenceRetrieveRecordingsResponse"),
    ],
)  # fmt: skip
def test_the_official_client_reads_every_key(is_json, module, name):
    client_type = getattr(import_module(f"telnyx.types.texml.accounts.{module}"), name)
    api = Api()
    conference = api.confer()
    path = of_conference(conference) if is_json else items_of(conference)
    answer = api.ask("GET", path)

    read = client_type.model_validate_json(answer.body)

    assert not read.model_extra
    assert not read.recordings[0].model_extra
    dumped = read.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert dumped == json.loads(answer.body)


def test_half_a_surrogate_in_a_filter_is_answered():
    api = Api()
    for query in ("To=\ud800", "Status=\ud800", "PageToken=\ud800", "StartTime=\ud800"):
        assert api.ask("GET", "/Calls", query=query).status in (200, 422)
    assert api.ask("GET", ACCOUNT, query="DateCreated=\ud800").status == 422
