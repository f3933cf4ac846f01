"""What the vendor documents: every clause is shown by something that is there, or says why not."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import SCENARIOS
from readme import CLAUSES, listed
from ruamel.yaml import YAML
from test_scenarios import Played, perturbed, played_for_judging

import recsim
from recsim.show.clauses import NOT_SHOWN, parts, summary
from recsim.vendors.telnyx.clauses import clauses
from recsim.vendors.telnyx.readings import BY_KEY, other_answers

ROOT = Path(__file__).parents[1]
TEXT = (Path(recsim.__file__).parent / "vendors" / "telnyx" / "clauses.yaml").read_text("utf-8")
ENTRIES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(TEXT)
IDS = [entry["id"] for entry in ENTRIES]
FILES = {file.stem: file for file in SCENARIOS}

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=IDS)


@cache
def names_in(file: str) -> frozenset[str]:
    """The tests of a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@each_entry
def test_an_entry_has_its_fields_and_no_others(entry):
    where = "shown_by" if "shown_by" in entry else "not_shown"
    assert list(entry) == ["id", "part", "source", "says", where]
    if where == "shown_by":
        assert entry["shown_by"]
        assert set(entry["shown_by"]) <= {"scenarios", "tests"}
        for names in entry["shown_by"].values():
            assert names
            assert len(set(names)) == len(names)


@each_entry
def test_an_entry_is_a_sentence_of_a_document(entry):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*", entry["id"])
    assert re.fullmatch(r"(docs|api-reference|SDK|OpenAPI) \S.*", entry["source"])
    for text in (entry["part"], entry["says"], entry.get("not_shown", "-")):
        assert text == " ".join(text.split())
        assert text
        assert not text.endswith(".")


def test_no_clause_stands_twice():
    assert len(set(IDS)) == len(IDS) >= 120
    assert len({entry["says"] for entry in ENTRIES}) == len(IDS)


def test_no_scalar_can_be_misread():
    old = YAML(typ="safe", pure=True)
    old.version = (1, 1)

    assert old.load(TEXT) == ENTRIES


def test_parts_stand_together():
    seen = [entry["part"] for entry in ENTRIES]

    assert [part for n, part in enumerate(seen) if part in seen[:n] and part != seen[n - 1]] == []


@pytest.mark.parametrize("node", sorted({test for clause in clauses() for test in clause.tests}))
def test_a_test_that_shows_something_exists(node):
    match = re.fullmatch(r"(tests/[\w/]+\.py)::(test_\w+)(?:\[([\w.]+)-([\w-]+?)\d?\])?", node)
    assert match
    assert match[2] in names_in(match[1])
    if match[3]:
        assert match[1].endswith("/test_readings.py")
        answers = other_answers(BY_KEY[match[3]], BY_KEY[match[3]].default)
        assert match[4] in answers or isinstance(BY_KEY[match[3]].answers, str)


def test_a_scenario_that_shows_something_exists():
    named = {name for clause in clauses() for name in clause.scenarios}

    assert sorted(named - set(FILES)) == []


def test_every_scenario_shows_something():
    named = {name for clause in clauses() for name in clause.scenarios}

    assert sorted(set(FILES) - named) == []


@pytest.mark.parametrize(
    "name", sorted({name for clause in clauses() for name in clause.scenarios if name in FILES})
)
def test_a_scenario_that_shows_something_could_have_failed(name):
    """A line of it, said otherwise, fails; `test_scenarios` tries every line in every way."""
    assert could_fail(played_for_judging(FILES[name]))


def test_a_scenario_that_expects_nothing_shows_nothing():
    played = played_for_judging(FILES["max-length"])

    assert could_fail(played)
    assert not could_fail(
        played._replace(scenario=played.scenario.model_copy(update={"expect": []}))
    )


def could_fail(played: Played) -> bool:
    """Whether some line of `expect`, when perturbed, does not hold."""
    scenario = played.scenario
    first_call = next(iter(scenario.call_names), "")
    for line in scenario.expect:
        for _, other in perturbed(line, played, first_call):
            lies = scenario.model_copy(update={"expect": [other]})
            if not played.judge(lies)[0].held:
                return True
    return False


def test_rows_say_what_the_file_says():
    for clause, entry in zip(clauses(), ENTRIES, strict=True):
        shown = entry.get("shown_by", {})
        assert (clause.id, clause.part, clause.source, clause.says) == tuple(entry.values())[:4]
        assert clause.scenarios == tuple(shown.get("scenarios", ()))
        assert clause.tests == tuple(shown.get("tests", ()))
        assert clause.not_shown == entry.get("not_shown", "")


def test_every_clause_stands_in_its_part_and_the_rest_once_more():
    sheets = parts()

    told = [row[0] for part, sheet in sheets.items() if part != NOT_SHOWN for row in sheet.rows]
    assert told == IDS
    assert [row[0] for row in sheets[NOT_SHOWN].rows] == [
        entry["id"] for entry in ENTRIES if "not_shown" in entry
    ]


def test_the_page_of_clauses_is_up_to_date():
    text = CLAUSES.read_text()

    assert listed(text) == text, "renew it: python tests/readme.py"
    assert summary() in text
