"""The published schemas, as tests hold bodies against them.

They are read from the folder that RECSIM_SPEC_SCHEMAS names; without it, tests marked
`needs_schemas` are skipped.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator, FormatChecker

Schema = dict[str, Any]

needs_schemas = pytest.mark.skipif(
    not os.environ.get("RECSIM_SPEC_SCHEMAS"),
    reason="RECSIM_SPEC_SCHEMAS does not name the folder of published schemas",
)

#: Keywords that none of the published schemas uses; to close them takes unevaluatedProperties.
COMPOSED = {"allOf", "anyOf", "oneOf", "if", "$ref", "prefixItems", "patternProperties"}

FORMATS = FormatChecker(formats=())


def schema(name: str) -> Schema:
    """The published schema of that name, as it is; a new copy each time."""
    folder = Path(os.environ["RECSIM_SPEC_SCHEMAS"])
    found: Schema = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return found


def part(whole: Schema, *keys: str) -> Schema:
    """The schema below `whole` at those keys."""
    for key in keys:
        whole = whole[key]
    return whole


def validator(name: str, *keys: str) -> Draft202012Validator:
    """A validator that checks formats, and refuses keys that the schema doesn't know.

    With `keys`, of the part of the schema below them.
    """
    found = part(schema(name), *keys)
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(closed(found), format_checker=FORMATS)


def closed(found: Schema) -> Schema:
    """A copy in which every object schema that lists properties admits no others."""
    assert not COMPOSED & set(found), f"cannot close {COMPOSED & set(found)}"
    copy = dict(found)
    if "items" in copy:
        copy["items"] = closed(copy["items"])
    if "properties" in copy:
        copy["properties"] = {name: closed(one) for name, one in copy["properties"].items()}
        copy.setdefault("additionalProperties", False)
    return copy


def decoded(name: str, params: Mapping[str, str]) -> dict[str, Any]:
    """The texts of a form as the types that the published schema of that name gives them."""
    properties = schema(name)["properties"]
    read = {"integer": int, "number": float, "boolean": {"true": True, "false": False}.get}
    return {
        key: read.get(str(properties.get(key, {}).get("type")), str)(value)
        for key, value in params.items()
    }


# The formats of the published schemas. Those built into jsonschema need further packages, and pass
# everything where these are missing.


@FORMATS.checks("date-time", ValueError)
def _is_date_time(value: object) -> bool:
    """RFC 3339."""
    if not isinstance(value, str):
        return True
    datetime.fromisoformat(value)
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return re.fullmatch(pattern, value, re.ASCII) is not None


@FORMATS.checks("uuid", ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value.lower()


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    """A URI or a reference: the list schemas call `uri` what their descriptions call relative."""
    pattern = r"([\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"
    return not isinstance(value, str) or re.fullmatch(pattern, value, re.ASCII) is not None


@FORMATS.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@FORMATS.checks("integer")
def _is_integer(value: object) -> bool:
    """An integer, as text."""
    return not isinstance(value, str) or re.fullmatch(r"-?\d+", value, re.ASCII) is not None


@FORMATS.checks("json-pointer")
def _is_json_pointer(value: object) -> bool:
    """RFC 6901."""
    return not isinstance(value, str) or re.fullmatch(r"(/([^~/]|~[01])*)*", value) is not None
