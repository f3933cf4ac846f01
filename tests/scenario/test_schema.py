"""The JSON Schema of scenario files: what an editor checks is what recsim reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from conftest import BUSY
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, SequenceNode

from recsim.core.errors import ScenarioError
from recsim.scenario.jsonschema import json_schema
from recsim.scenario.load import loads
from recsim.scenario.reading import read
from recsim.scenario.schema import Scenario
from recsim.scenario.template import TEMPLATE
from recsim.vendors.telnyx.readings import READINGS

SCHEMA: dict[str, Any] = json.loads(json_schema())
VALIDATOR = Draft202012Validator(SCHEMA)


def found_in(text: str) -> list[str]:
    """What the schema finds in a file, every scalar of which is its source text."""
    return [error.message for error in VALIDATOR.iter_errors(read(text.encode(), "f.yaml").data)]


def parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from parts(value)


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["title"] == "recsim scenario, format 1"
    assert json_schema().endswith("}\n")
    assert json_schema() == json_schema()


def test_what_is_shipped_is_what_is_generated():
    shipped = files("recsim.scenario") / "schema.json"

    assert shipped.read_text(encoding="utf-8") == json_schema()


def test_every_scenario_fits(scenario):
    assert not found_in(scenario.read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", [TEMPLATE, BUSY], ids=["template", "busy"])
def test_other_files_fit_too(text):
    assert not found_in(text)


def test_no_reference_dangles():
    references = [part["$ref"] for part in parts(SCHEMA) if isinstance(part.get("$ref"), str)]

    assert references
    for reference in references:
        assert reference.startswith("#/$defs/")
        assert reference.removeprefix("#/$defs/") in SCHEMA["$defs"]


def test_nothing_is_defined_in_vain():
    used = {part["$ref"] for part in parts(SCHEMA) if isinstance(part.get("$ref"), str)}

    assert {f"#/$defs/{name}" for name in SCHEMA["$defs"]} == used


def test_every_section_is_closed_and_described():
    for part in [SCHEMA, *SCHEMA["$defs"].values()]:
        if "properties" in part:
            assert part["additionalProperties"] is False
            assert part["description"]


def test_keys_are_spelled_as_files_spell_them():
    assert set(SCHEMA["properties"]) == set(Scenario.model_fields)
    assert "from" in SCHEMA["$defs"]["Call"]["properties"]
    assert "at least" in SCHEMA["$defs"]["Expectation"]["properties"]
    assert SCHEMA["required"] == ["recsim", "title", "application"]


def test_readings_are_offered_with_their_answers():
    offered = SCHEMA["properties"]["readings"]["properties"]

    assert set(offered) == {reading.key for reading in READINGS}
    assert offered["retry_policy"]["enum"] == ["exponential", "fixed", "none"]
    assert offered["retry_policy"]["default"] == "exponential"
    assert all(one["description"] for one in offered.values())


BASE = """\
recsim: 1
title: A call
application: {voice_url: https://app.test/answer}
calls:
  caller: {from: +15550001, to: +15550002}
"""


@pytest.mark.parametrize(
    "text",
    [
        BASE + "expct: []\n",
        BASE.replace("title: A call\n", ""),
        BASE.replace("https://app.test", "app.test"),
        BASE.replace("recsim: 1", "recsim: 2"),
        BASE + "storage: {delay: 4 s}\n",
        BASE + "storage: {delay: {unifrom: [1s, 2s]}}\n",
        BASE + "seed: -1\n",
        BASE + "readings: {retry_policy: never}\n",
        BASE + "readings: {no_such: 1}\n",
        BASE.replace("+15550002}", "+15550002, story: [hang up]}"),
        BASE.replace("+15550002}", "+15550002, story: [{press: 12}]}"),
        BASE + "expect: [{callback: {}, exactly: -1}]\n",
    ],
)
def test_what_is_refused_at_load_an_editor_sees(text):
    with pytest.raises(ScenarioError):
        loads(text.encode())
    assert found_in(text)


def test_the_least_that_is_taken_at_load_fits():
    """Or the test above would prove nothing."""
    assert loads(BASE.encode())
    assert not found_in(BASE)


def plain(text: str) -> Any:
    """What an editor's reader makes of a file: numbers are numbers; moments stay text in JSON.

    Keys are text there, as they are written.
    """
    reader = YAML(typ="safe", pure=True)
    reader.constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", lambda _, node: str(node.value)
    )
    node = reader.compose(text)
    for mapping in mappings(node):
        for key, _ in mapping.value:
            key.tag = "tag:yaml.org,2002:str"
    return reader.constructor.construct_document(node)


def mappings(node: Any) -> Iterator[Any]:
    """Every mapping below a node of YAML, and itself."""
    if isinstance(node, MappingNode):
        yield node
        for _, value in node.value:
            yield from mappings(value)
    elif isinstance(node, SequenceNode):
        for value in node.value:
            yield from mappings(value)


def test_every_scenario_fits_as_an_editor_reads_it(scenario):
    errors = VALIDATOR.iter_errors(plain(scenario.read_text(encoding="utf-8")))

    assert [error.message for error in errors] == []


def test_the_template_fits_as_an_editor_reads_it():
    assert [error.message for error in VALIDATOR.iter_errors(plain(TEMPLATE))] == []


def test_a_name_that_is_none_is_found_by_the_schema():
    assert found_in(BASE.replace("  caller:", '  "the caller":'))
