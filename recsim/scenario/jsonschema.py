"""The JSON Schema of scenario files, generated from the models.

`python -m recsim.scenario.jsonschema > recsim/scenario/schema.json` renews the one that is shipped.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

from recsim.scenario.parts import Section
from recsim.scenario.schema import Scenario

TITLE = "recsim scenario, format 1"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> str:
    """The schema as text, with a line end; the same bytes each time."""
    schema = Scenario.model_json_schema(by_alias=True)
    parts = {"Scenario": schema, **schema.get("$defs", {})}
    for model in sections():
        describe(model, parts)
    ordered = {"$schema": DIALECT, **schema, "title": TITLE}
    return json.dumps(untitled(ordered), indent=2, ensure_ascii=False) + "\n"


def sections(base: type[Section] = Section) -> Iterator[type[Section]]:
    """Every section there is, however far from the base."""
    for model in base.__subclasses__():
        yield model
        yield from sections(model)


def describe(model: type[Section], parts: dict[str, Any]) -> None:
    """Give each property the text that stands below its field."""
    properties = parts.get(model.__name__, {}).get("properties", {})
    below = [base for base in model.__mro__ if issubclass(base, Section) and base is not Section]
    for field, text in (pair for base in below for pair in texts(base).items()):
        name = model.model_fields[field].alias or field
        if name in properties:
            properties[name].setdefault("description", text)


def texts(model: type[Section]) -> dict[str, str]:
    """The string below each field of a model."""
    [tree] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(tree, ast.ClassDef)
    found: dict[str, str] = {}
    for field, below in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
            name, text = ast.unparse(field.target), ast.literal_eval(below.value)
            if name in model.model_fields:
                found[name] = " ".join(text.split())
    return found


def untitled(schema: Any) -> Any:
    """A schema without titles that repeat names, and closed where keys have a form."""
    if isinstance(schema, list):
        return [untitled(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "patternProperties" in schema:
        schema = {**schema, "additionalProperties": False}
    return {
        key: untitled(value)
        for key, value in schema.items()
        if key != "title" or value == TITLE or isinstance(value, dict)
    }


if __name__ == "__main__":
    sys.stdout.write(json_schema())
