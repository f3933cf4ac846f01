"""Recordings of the v2 API: their list and its filters, fetching, deleting one or many."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any, NamedTuple

import pytest
from api import Api, sids
from calls import ALICE, BOB, LISTENER, SECOND_US, SUPPORT
from schemas import needs_schemas, schema, validator

from recsim.core.commands import HungUp
from recsim.vendors.telnyx.account import Account
from recsim.vendors.telnyx.list_resources import TexmlRecordingList, V2RecordingList
from recsim.vendors.telnyx.resources import BulkDeleted, V2RecordingResponse
from recsim.vendors.telnyx.rest.paging import V2_PAGES
from recsim.vendors.telnyx.rest.v2_recordings import BULK, FILTERS, RANGES

LIST = "/v2/recordings"
BULK_DELETE = "/v2/recordings/actions/delete"
UNKNOWN = "cd5a70f4-759b-4d5e-9c06-88c00f16f3c1"
NOT_FOUND = (404, {"code": "404", "title": "Not Found"})


def every(api: Api, query: str = "") -> list[str]:
    return sids(api.get(LIST, V2RecordingList, query))


def deleted(api: Api, *ids: str) -> None:
    """Delete many, which is answered ok."""
    answer = api.request("POST", BULK_DELETE, {"ids": ids})
    assert answer.status == 200
    assert BulkDeleted.model_validate_json(answer.body).dump() == json.loads(answer.body)


def standing() -> tuple[Api, dict[str, str]]:
    """A line with a recording in every status."""
    api = Api()
    found = {"completed": api.record(), "absent": api.record(length_us=0), "deleted": api.record()}
    found["in-progress"] = api.begin()
    api.delete(found["deleted"])
    return api, found


# The list


def test_completed_recordings_are_listed_newest_first():
    api, found = standing()
    newer = api.record("bob")

    page = api.get(LIST, V2RecordingList)

    assert sids(page) == [newer, found["completed"]]
    assert page["meta"] == {
        "total_pages": 1, "total_results": 2, "page_number": 1, "page_size": 20,
    }  # fmt: skip
    for row in page["data"]:
        assert api.get(f"{LIST}/{row['id']}", V2RecordingResponse) == {"data": row}


def test_the_newest_is_the_one_that_was_created_last_and_not_completed_last():
    api = Api()
    first = api.begin()
    api.after(SECOND_US)
    second = api.record("bob")
    api.end(first)

    assert every(api) == [second, first]


def test_without_recordings_there_are_no_pages():
    page = Api().get(LIST, V2RecordingList)

    assert page == {
        "data": [],
        "meta": {"total_pages": 0, "total_results": 0, "page_number": 1, "page_size": 20},
    }


def filled() -> Api:
    """A line with recordings of two calls and a conference, a day apart from nine o'clock on."""
    api = Api()
    api.record("alice")
    api.after(86_395 * SECOND_US)
    api.application = LISTENER._replace(connection_id="175237942907135762")
    api.call("bob", BOB)
    api.record("bob", 10 * SECOND_US)
    api.application = LISTENER
    api.after(86_390 * SECOND_US)
    api.confer("carol")
    return api


FILLED = filled()
WORDS = FILLED.vendor.words
MADE = {name: WORDS.wire_id("recording", name, 1) for name in ("alice", "bob", "carol")}


def of(kind: str, name: str, n: int = 1) -> str:
    return str(WORDS.wire_id(kind, name, n))


class Case(NamedTuple):
    """What a filter finds: the first letters of whose recordings they are."""

    name: str
    value: str
    found: str


# fmt: off
CASES = (
    Case("filter[conference_id]",     of("conference", "carol"),          "c"),
    Case("filter[conference_id]",     UNKNOWN,                            ""),
    Case("filter[conference_id]",     "room",                             ""),
    Case("filter[call_leg_id]",       of("leg", "bob"),                   "b"),
    Case("filter[call_leg_id]",       of("leg", "bob").upper(),           "b"),
    Case("filter[call_leg_id]",       UNKNOWN,                            ""),
    Case("filter[call_session_id]",   WORDS.wire_id("session", "alice"),  "a"),
    Case("filter[call_session_id]",   UNKNOWN,                            ""),
    Case("filter[call_control_id]",   of("call", "carol"),                "c"),
    Case("filter[call_control_id]",   of("call", "carol").lower(),        ""),
    Case("filter[from]",              ALICE.replace("+", "%2B"),          "ca"),
    Case("filter[from]",              ALICE,                              "ca"),
    Case("filter[from]",              ALICE.lstrip("+"),                  "ca"),
    Case("filter[from]",              BOB.lstrip("+"),                    "b"),
    Case("filter[from]",              SUPPORT,                            ""),
    Case("filter[to]",                SUPPORT,                            "cba"),
    Case("filter[to]",                ALICE,                              ""),
    Case("filter[to]",                "",                                 ""),
    Case("filter[connection_id]",     "175237942907135762",               "b"),
    Case("filter[connection_id]",     WORDS.connection_id,                "ca"),
    Case("filter[connection_id]",     "1",                                ""),
    Case("filter[sip_call_id]",       of("sip", "bob"),                   "b"),
    Case("filter[sip_call_id]",       of("sip", "bob").upper(),           ""),
    Case("filter[conference_region]", "us",                               "c"),
    Case("filter[conference_region]", "US",                               "c"),
    Case("filter[conference_region]", "Europe",                           ""),
    Case("filter[created_at][gte]",   "2026-01-06T09:00:00Z",             "cb"),
    Case("filter[created_at][gte]",   "2026-01-06T09:00:00.001Z",         "c"),
    Case("filter[created_at][gte]",   "2026-01-06T10:00:00.000000+01:00", "cb"),
    Case("filter[created_at][gte]",   "2026-01-07",                       "c"),
    Case("filter[created_at][lte]",   "2026-01-06T09:00:00Z",             "ba"),
    Case("filter[created_at][lte]",   "2026-01-06T08:59:59.999Z",         "a"),
    Case("filter[created_at][lte]",   "2026-01-06",                       "ba"),
    Case("filter[start_time][gte]",   "2026-01-07T09:00:00.000Z",         "c"),
    Case("filter[start_time][lte]",   "2026-01-05T09:00:00Z",             "a"),
    Case("filter[end_time][gte]",     "2026-01-06T09:00:10Z",             "cb"),
    Case("filter[end_time][gte]",     "2026-01-06T09:00:10.001Z",         "c"),
    Case("filter[end_time][lte]",     "2026-01-06T09:00:10Z",             "ba"),
    Case("filter[end_time][lte]",     "2026-01-06T09:00:09Z",             "a"),
)
# fmt: on


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}={case.value}")
def test_recordings_can_be_filtered(case):
    expected = [MADE[name] for first in case.found for name in MADE if name[0] == first]

    assert every(FILLED, f"{case.name}={case.value}") == expected


def test_keys_may_be_percent_encoded():
    assert every(FILLED, "filter%5Bfrom%5D=15550100&page%5Bsize%5D=5") == [MADE["bob"]]


def test_filters_count_together_and_so_do_both_ends_of_a_range():
    day = "filter[created_at][gte]=2026-01-06&filter[created_at][lte]=2026-01-06"

    assert every(FILLED, day) == [MADE["bob"]]
    assert every(FILLED, f"{day}&filter[from]={ALICE}") == []
    assert every(FILLED, f"filter[from]={ALICE}&filter[end_time][gte]=2026-01-06") == [
        MADE["carol"]
    ]


def test_every_filter_has_a_case_and_is_published():
    assert {case.name for case in CASES} == {*FILTERS, *RANGES}


@needs_schemas
def test_the_parameters_are_the_published_ones():
    def flat(prefix: str, found: dict[str, Any]) -> set[str]:
        if "properties" not in found:
            return {prefix}
        below = found["properties"].items()
        return {one for name, inner in below for one in flat(f"{prefix}[{name}]", inner)}

    published = {
        one
        for name, inner in schema("recordings-list-query")["properties"].items()
        for one in flat(name, inner)
    }

    assert published == {*FILTERS, *RANGES, *V2_PAGES}
    assert set(schema("recordings-bulk-delete-request")["properties"]) == set(BULK)


def test_the_region_is_that_of_the_account():
    api = Api(Account(region="Europe"))
    api.confer()

    assert len(every(api, "filter[conference_region]=europe")) == 1
    assert every(api, "filter[conference_region]=us") == []


@pytest.mark.parametrize(
    ("query", "code", "name"),
    [
        ("page[size]=0", "10033", "page[size]"),
        ("page[size]=251", "10033", "page[size]"),
        ("page[size]=many", "10015", "page[size]"),
        ("page[number]=0", "10033", "page[number]"),
        ("page[number]=-1", "10033", "page[number]"),
        ("page[number]=", "10015", "page[number]"),
        ("filter[call_leg_id]=v3:x", "10015", "filter[call_leg_id]"),
        ("filter[call_session_id]=", "10015", "filter[call_session_id]"),
        ("filter[created_at][gte]=yesterday", "10015", "filter[created_at][gte]"),
        ("filter[end_time][lte]=2026-13-01", "10015", "filter[end_time][lte]"),
        ("filter[created_at][gt]=2026-01-05", "10015", "filter[created_at][gt]"),
        ("filter[start_time]=2026-01-05", "10015", "filter[start_time]"),
        ("filter[end_time][]=2026-01-05", "10015", "filter[end_time][]"),
        ("filter[end_time][gte][x]=2026-01-05", "10015", "filter[end_time][gte][x]"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(query, code, name):
    status, error = FILLED.refused("GET", LIST, query=query)

    assert (status, error["code"], error["source"]) == (422, code, {"parameter": name})


def test_other_keys_are_passed_over():
    assert len(every(FILLED, "sort=created_at&filter[mood]=x&page[x]=1&filter=1&page=2&=")) == 3


# Pages


def test_pages_are_numbered_from_one():
    pages = [FILLED.get(LIST, V2RecordingList, f"page[size]=2&page[number]={n}") for n in (1, 2, 3)]

    assert [sids(page) for page in pages] == [every(FILLED)[:2], every(FILLED)[2:], []]
    assert [page["meta"] for page in pages] == [
        {"total_pages": 2, "total_results": 3, "page_number": n, "page_size": 2} for n in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("page[number]=1", True),
        ("page[number]=2", False),
        ("page[number]=2&page[size]=2", True),
        ("page[number]=3&page[size]=2", False),
        ("page[number]=1&filter[from]=1", True),
        ("page[number]=2&filter[from]=1", False),
    ],
)
def test_a_page_beyond_the_end_is_not_found_under_the_other_reading(query, is_found):
    api = Api(page_beyond_end="not_found")
    for _ in range(3):
        api.record()
    if is_found:
        assert api.get(LIST, V2RecordingList, query)
        return

    error = {"source": {"parameter": "page[number]"}, "detail": "Page not found"}
    assert api.refused("GET", LIST, query=query) == (404, NOT_FOUND[1] | error)


def test_whoever_turns_pages_by_number_may_get_one_twice_or_miss_one():
    api = Api()
    first, second, third = (api.record() for _ in range(3))
    page = "page[size]=1&page[number]={}"
    assert every(api, page.format(1)) == [third]

    newest = api.record()
    assert every(api, page.format(2)) == [third]
    api.delete(newest)
    api.delete(third)
    assert every(api, page.format(2)) == [first]
    assert second in every(api)


def test_a_bound_on_created_at_keeps_out_what_begins_later():
    api = Api()
    early = api.begin()
    api.after(SECOND_US)
    first = api.record("bob")
    query = "filter[created_at][lte]=2026-01-05T09:00:10Z&page[size]=1&page[number]={}"
    api.after(60 * SECOND_US)
    assert every(api, query.format(1)) == [first]

    api.record("bob")
    assert every(api, query.format(1)) == [first]
    assert every(api, query.format(2)) == []
    api.end(early)
    assert every(api, query.format(2)) == [early]


@pytest.mark.parametrize(("answer", "status"), [("empty", 200), ("not_found", 404)])
def test_an_unknown_connection_finds_nothing_or_is_not_found(answer, status):
    api = Api(application=LISTENER._replace(connection_id="7"), unknown_connection=answer)
    api.record()
    api.application = LISTENER
    api.record("bob")

    assert len(every(api, "filter[connection_id]=7")) == 1
    assert len(every(api, f"filter[connection_id]={api.vendor.words.connection_id}")) == 1
    for unknown in ("8", "", "07"):
        query = f"filter[connection_id]={unknown}"
        if status == 200:
            assert every(api, query) == []
        else:
            error = {
                "code": "10005",
                "title": "Resource not found",
                "source": {"pointer": "/connection_id"},
            }
            assert api.refused("GET", LIST, query=query) == (404, error)


# Deleting


@pytest.mark.parametrize("status", ["absent", "deleted", "in-progress", "unknown"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_only_completed_recordings_are_known(method, status):
    api, found = standing()

    path = f"{LIST}/{found.get(status, UNKNOWN)}"

    assert api.refused(method, path) == NOT_FOUND


def test_deleting_answers_what_was_deleted():
    api = Api()
    sid, other = api.record(), api.record()
    before = api.get(f"{LIST}/{sid}", V2RecordingResponse)
    api.moves.clear()

    answer = api.request("DELETE", f"{LIST}/{sid}")

    assert (answer.status, json.loads(answer.body)) == (200, before)
    assert api.moves == [("recording", "delete")]
    assert every(api) == [other]
    assert sids(api.get("/Recordings.json", TexmlRecordingList)) == [other]
    assert api.refused("GET", f"{LIST}/{sid}") == NOT_FOUND
    assert api.refused("DELETE", f"{LIST}/{sid}") == NOT_FOUND


def test_many_are_deleted_at_once():
    api = Api()
    first, second, third = (api.record() for _ in range(3))

    deleted(api, first, third, first)

    assert every(api) == [second]


def test_deleting_none_is_ok():
    api = Api()
    sid = api.record()

    deleted(api)

    assert every(api) == [sid]


@pytest.mark.parametrize("status", ["absent", "deleted", "in-progress", "unknown"])
def test_of_many_unknown_ones_are_ignored(status):
    api, found = standing()
    unknown = found.get(status, UNKNOWN)
    kept = {key: api.named(sid).status for key, sid in found.items() if key != "completed"}

    deleted(api, unknown, found["completed"])

    assert every(api) == []
    assert {key: api.named(found[key]).status for key in kept} == kept


@pytest.mark.parametrize("status", ["absent", "deleted", "in-progress", "unknown"])
def test_one_unknown_id_spares_all_under_the_other_reading(status):
    api = Api(bulk_delete_strict="true")
    found = {"completed": api.record(), "absent": api.record(length_us=0), "deleted": api.record()}
    found["in-progress"] = api.begin()
    api.delete(found["deleted"])
    ids = [found["completed"], found.get(status, UNKNOWN)]

    refused = api.refused("POST", BULK_DELETE, {"ids": ids})

    error = {"code": "10005", "title": "Recording not found", "source": {"pointer": "/ids/1"}}
    assert refused == (404, error)
    deleted(api, found["completed"], found["completed"])
    assert every(api) == []


@pytest.mark.parametrize(
    ("body", "code", "about"),
    [
        ({}, "10004", {"pointer": "/ids"}),
        ({"ids": None}, "10004", {"pointer": "/ids"}),
        ({"ids": "a"}, "10015", {"pointer": "/ids"}),
        ({"ids": {}}, "10015", {"pointer": "/ids"}),
        ({"ids": [1]}, "10015", {"pointer": "/ids"}),
        ({"ids": [None]}, "10015", {"pointer": "/ids"}),
        ([], "10015", None),
        (None, "10015", None),
    ],
)
def test_a_deletion_without_a_list_of_ids_is_refused(body, code, about):
    api = Api()
    api.record()

    status, error = api.refused("POST", BULK_DELETE, body)

    assert (status, error["code"], error.get("source")) == (422, code, about)


def test_a_recording_of_a_conference_outlives_it_and_can_be_deleted():
    api = Api()
    conference = api.confer()
    [sid] = every(api, f"filter[conference_id]={conference}")

    deleted(api, sid)

    assert every(api) == []


def test_a_deleted_recording_does_not_keep_its_call_from_ending():
    api = Api()
    sid = api.record()
    deleted(api, sid)

    api.do(HungUp(next(iter(api.platform.legs))))

    assert api.named(sid).status == "deleted"


# On the wire


@needs_schemas
def test_what_is_answered_is_what_the_schemas_say():
    api = FILLED.fork()
    for method, path, body, name in (
        ("GET", LIST, None, "recordings-list-response"),
        ("GET", f"{LIST}/{MADE['bob']}", None, "recording-response"),
        ("DELETE", f"{LIST}/{MADE['bob']}", None, "recording-response"),
        ("POST", BULK_DELETE, {"ids": [MADE["alice"]]}, "recordings-bulk-delete-response"),
    ):
        answer = api.request(method, path, body)
        assert answer.status == 200
        validator(name).validate(json.loads(answer.body))


@pytest.mark.parametrize(
    ("method", "path", "body", "module", "name"),
    [
        ("GET", f"{LIST}/{MADE['bob']}", None, "recording_response", "RecordingResponse"),
        ("DELETE", f"{LIST}/{MADE['bob']}", None, "recording_response", "RecordingResponse"),
        ("POST", BULK_DELETE, {"ids": []}, "recordings.action_delete_response",
         "ActionDeleteResponse"),
    ],
)  # fmt: skip
def test_the_official_client_reads_every_key(method, path, body, module, name):
    client_type = getattr(import_module(f"telnyx.types.{module}"), name)

    read = client_type.model_validate_json(FILLED.fork().request(method, path, body).body)

    assert not read.model_extra
    assert not getattr(getattr(read, "data", read), "model_extra", None)


def test_the_official_client_reads_every_key_of_a_page():
    from telnyx.pagination import SyncDefaultFlatPagination
    from telnyx.types import RecordingResponseData

    answer = FILLED.request("GET", LIST, query="page[size]=2")

    page = SyncDefaultFlatPagination[RecordingResponseData].model_validate_json(answer.body)

    assert [one.id for one in page.data] == every(FILLED)[:2]
    assert not any(one.model_extra for one in page.data)
    following = page.next_page_info()
    assert following is not None
    assert following.params == {"page[number]": 2}
