"""`/openapi.json`: what is answered below `/v2`, in OpenAPI 3.1, made from the tables for it.

Paths, parameters and statuses come from `rest.routes`, bodies from the models of the wire.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module, metadata
from typing import Any, Literal

import orjson
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from recsim.vendors import telnyx
from recsim.vendors.telnyx.resources import TexmlNotFound, V2Errors
from recsim.vendors.telnyx.rest.errors import ERRORS
from recsim.vendors.telnyx.rest.parameters import Parameter
from recsim.vendors.telnyx.rest.routes import ROUTES, Route

Json = dict[str, Any]

PATH = "/openapi.json"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
REFERENCE = "#/components/schemas/{model}"

ABOUT = """\
What recsim emulates of the API. In a JSON body, a number or a truth value may be written as text,
and null is as nothing; parameters that nobody knows are passed over. Answers are described as they
are by the default readings."""


def model_of(route: Route) -> type[BaseModel] | None:
    """The model of what a route answers; None where it answers with no body."""
    if not route.gives:
        return None
    module, _, name = route.gives.partition(".")
    found: type[BaseModel] = getattr(import_module(f"{telnyx.__name__}.{module}"), name)
    return found


def name_of(model: type[BaseModel]) -> str:
    """What a model is called in the description."""
    return model.__name__


@cache
def document() -> bytes:
    """The whole description, as JSON."""
    models: set[type[BaseModel]] = {TexmlNotFound, V2Errors}
    models |= {found for route in ROUTES if (found := model_of(route))}
    listed: list[tuple[type[BaseModel], Literal["serialization"]]] = [
        (model, "serialization") for model in sorted(models, key=name_of)
    ]
    _, schemas = models_json_schema(listed, ref_template=REFERENCE)
    paths: dict[str, Json] = {}
    for route, name in zip(ROUTES, operation_ids(), strict=True):
        operation = {"operationId": name, **operation_of(route)}
        paths.setdefault(route.template, {})[route.method.lower()] = operation
    return orjson.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "recsim",
                "version": metadata.version("recsim"),
                "description": ABOUT,
            },
            "servers": [{"url": "/"}],
            "security": [{"bearer": []}],
            "paths": paths,
            "components": {
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
                "schemas": never_null(schemas["$defs"]),
            },
        }
    )


def operation_ids() -> list[str]:
    """What each route is called, in order: the vendor's name; with Json, where a path ends so."""
    words = [re.split(r"\W|_", route.spec.split()[-1]) for route in ROUTES]
    names = ["".join(word[0].upper() + word[1:] for word in some) for some in words]
    times = Counter(names)
    return [
        f"{name}Json" if times[name] > 1 and route.template.endswith(".json") else name
        for route, name in zip(ROUTES, names, strict=True)
    ]


def operation_of(route: Route) -> Json:
    """One route, but for its name."""
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"{(\w+)}", route.template)
    ]
    told = (route.handler.__doc__ or "").partition("\n")[0]
    found: Json = {"description": f"{told} Source: {route.spec}.", "responses": responses(route)}
    if route.method == "GET":
        parameters += [
            {"name": name, "in": "query", "required": row.is_required, **described(row)}
            for name, row in route.takes.items()
        ]
    elif route.takes:
        found["requestBody"] = body_of(route)
    return {**found, **({"parameters": parameters} if parameters else {})}


def described(row: Parameter) -> Json:
    """A parameter: what it may be, and which document says so."""
    return {"description": f"Source: {row.spec}.", "schema": dict(row.read.schema)}


def body_of(route: Route) -> Json:
    """The body that a route takes; one without parameters may be left out."""
    properties = {
        name: {**row.read.schema, "description": f"Source: {row.spec}."}
        for name, row in route.takes.items()
    }
    required = [name for name, row in route.takes.items() if row.is_required]
    schema = {"type": "object", "properties": properties, "required": required}
    kinds = (FORM, JSON) if route.template.startswith("/v2/texml/") else (JSON, FORM)
    return {"required": bool(required), "content": {kind: {"schema": schema} for kind in kinds}}


def responses(route: Route) -> Json:
    """What a route can answer, by status."""
    model = model_of(route)
    done: Json = {"204": {"description": "Done."}}
    if model is not None:
        done = {"200": answer(f"A {name_of(model)}.", model)}
    return done | {str(status): refusal(route, status) for status in refusals(route)}


def refusals(route: Route) -> Iterator[int]:
    """The statuses with which a route may refuse."""
    for status in sorted({error.status for error in ERRORS}):
        is_possible = {403: route.is_recordings, 422: bool(route.takes)}.get(status, True)
        if is_possible and (status != 404 or may_be_missing(route)):
            yield status
    if route.method != "GET":
        yield 413


def may_be_missing(route: Route) -> bool:
    """Whether something may not be found: what the path names, or a list's filter or page."""
    return "{" in route.template or bool(route.takes)


def refusal(route: Route, status: int) -> Json:
    """What a refused request gets to hear."""
    if status == 404 and route.template.startswith("/v2/texml/"):
        return answer("Not found.", TexmlNotFound)
    if status == 413:
        return answer("The body is too long: an answer of recsim alone.")
    every = [f"{error.code} {error.title}" for error in ERRORS if error.status == status]
    return answer(f"One of: {'; '.join(every)}.", V2Errors)


def answer(description: str, model: type[BaseModel] | None = None) -> Json:
    """A response with a JSON body."""
    schema = {"$ref": REFERENCE.format(model=name_of(model))} if model else {"type": "object"}
    return {"description": description, "content": {JSON: {"schema": schema}}}


def never_null(schemas: dict[str, Json]) -> dict[str, Json]:
    """The schemas of models in which a field that may be left out is never null: see `wire`."""
    for schema in schemas.values():
        for name, field in schema.get("properties", {}).items():
            if name not in schema.get("required", ()) and field.pop("default", ...) is None:
                field["anyOf"] = [one for one in field["anyOf"] if one != {"type": "null"}]
    return schemas
