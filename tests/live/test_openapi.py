"""`/openapi.json` says what is answered, and what is answered is as it says."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import httpx
import pytest
from conftest import SCENARIOS
from jsonschema import Draft202012Validator

from recsim.core.commands import Answer, Request
from recsim.live import local, openapi
from recsim.scenario.load import load
from recsim.scenario.run import run
from recsim.vendors.telnyx.rest.errors import ERRORS
from recsim.vendors.telnyx.rest.parameters import Parameter, ParameterError
from recsim.vendors.telnyx.rest.routes import BY_SHAPE, ROUTES, Route

DOCUMENT: dict[str, Any] = json.loads(openapi.document())


def operation(route: Route) -> dict[str, Any]:
    return DOCUMENT["paths"][route.template][route.method.lower()]


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def schemas(node: Any) -> list[dict[str, Any]]:
    """Every schema of the document, wherever it stands."""
    if isinstance(node, list):
        return [one for child in node for one in schemas(child)]
    if not isinstance(node, dict):
        return []
    found = [node["schema"]] if "schema" in node else []
    found += node["schemas"].values() if "schemas" in node else []
    return found + [one for child in node.values() for one in schemas(child)]


def fault(request: Request, answer: Answer) -> str:
    """What an answer has that its route doesn't tell; empty: nothing."""
    rows = BY_SHAPE.get((request.method, request.path.count("/")), ())
    route = next((row for row in rows if row.path.fullmatch(request.path)), None)
    if route is None:
        return ""
    told = operation(route)["responses"].get(str(answer.status))
    if told is None:
        return f"{request.method} {request.path}: {answer.status}"
    if "content" not in told:
        return answer.body
    schema = told["content"]["application/json"]["schema"]
    errors = validator(schema).iter_errors(json.loads(answer.body))
    return "; ".join(f"{request.path}: {error.json_path}: {error.message}" for error in errors)


def test_every_route_is_there_under_a_name_of_its_own():
    told = {(method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item}
    names = Counter(operation(route)["operationId"] for route in ROUTES)

    assert told == {(route.method, route.template) for route in ROUTES}
    assert set(names.values()) == {1}


def test_every_schema_is_valid_and_every_reference_leads_somewhere():
    found = schemas(DOCUMENT)

    assert len(found) > 300
    for schema in found:
        Draft202012Validator.check_schema(schema)
    known = DOCUMENT["components"]["schemas"]
    references = [one["$ref"] for one in found if "$ref" in one]
    assert {one.rpartition("/")[2] for one in references} <= set(known)


def test_every_parameter_of_every_table_is_told():
    for route in ROUTES:
        told = operation(route)
        body = told.get("requestBody", {}).get("content", {})
        names = {one["name"] for one in told.get("parameters", ()) if one["in"] == "query"}
        for content in body.values():
            names |= set(content["schema"]["properties"])

        assert names == set(route.takes)


#: Readings by which answers say more than is described.
WIDER = {"absent_in_texml_view", "v2_list_only_completed"}


def test_what_is_answered_in_every_scenario_is_as_it_is_told():
    faults, statuses = [], Counter[int]()
    for loaded in map(load, SCENARIOS):
        if loaded.scenario.readings.keys() & WIDER:
            continue
        for one in run(loaded).kept.answered:
            statuses[one.answer.status] += 1
            faults.append(fault(one.request, one.answer))

    assert [one for one in faults if one] == []
    assert {200, 204, 404, 422} <= set(statuses)


def test_every_status_of_an_error_is_told_somewhere():
    told = {int(status) for route in ROUTES for status in operation(route)["responses"]}

    assert {error.status for error in ERRORS} <= told


VALUES = (
    *("", "x", "true", "false", True, False, 0, 1, 7, 30, 800, 10**9, -1, 1.5, None, [], ["a"]),
    *("1", "20", "-1", "GET", "POST", "inbound", "both", "single", "dual", "mono", "wav", "mp3"),
    *("completed", "in-progress absent", " initiated  ringing", "start end", "paused", "stopped"),
    *("trim-silence", "do-not-trim", "onEnter", "delivered", "init", "record-from-start", "US"),
    *("+15550001", "15550001", "sip:anna@app.test", "SIPS:x", "https://app.test/a", "ftp://x"),
    *("2026-01-05", ">=2026-01-05", "<2026-01-05T09:00:00Z", "2026-01-05T09:00:00.123+02:00"),
    *("0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f", "aGVsbG8=", "a name.wav", "../x", "MQ", {}, "é"),
)


def spelt(value: object, schema: dict[str, Any]) -> object:
    """A text as the number or the truth value that it spells, where that is what is taken."""
    if schema.get("type") == "boolean":
        return {"true": True, "false": False}.get(str(value), value)
    is_number = isinstance(value, str) and value.lstrip("-").isdigit()
    return int(str(value)) if schema.get("type") == "integer" and is_number else value


def is_taken(row: Parameter, value: object) -> bool:
    try:
        row.read(value)
    except ParameterError:
        return False
    return True


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.template}")
def test_whatever_is_taken_is_valid_and_what_has_no_free_form_the_other_way_round(route):
    for name, row in route.takes.items():
        valid = Draft202012Validator(row.read.schema)
        for value in VALUES:
            taken, is_valid = (
                is_taken(row, value),
                valid.is_valid(spelt(value, dict(row.read.schema))),
            )
            is_free = row.read.schema.keys() & {"format", "contentEncoding", "description"}

            assert is_valid or not taken, (name, value)
            if row.read.schema.get("type") in ("integer", "boolean", None) and not is_free:
                assert taken or not is_valid, (name, value)


def test_it_is_served_without_a_key():
    with local.serve() as server:
        answer = httpx.get(f"{server.origin}/openapi.json")
        refused = httpx.post(f"{server.origin}/openapi.json")

        assert answer.json() == DOCUMENT
        assert answer.headers["content-type"] == "application/json"
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
        head = httpx.head(f"{server.origin}/openapi.json")
        assert (head.status_code, head.content) == (200, b"")
