"""The JSON Schema of scenario files, generated from the models."""

from __future__ import annotations

import json

from recsim.scenario.schema import Scenario

TITLE = "recsim scenario, format 1"


def json_schema() -> str:
    """The schema as text, with a line end; the same bytes each time."""
    schema = Scenario.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = TITLE
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
