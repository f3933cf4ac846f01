"""What the vendor documents: every clause is shown by something that is there, or says why not."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from readme import CLAUSES, lines_that_show, listed
from ruamel.yaml import YAML
from test_scenarios import Played, changed_values, perturbed, played_for_judging

import recsim
from recsim.core.errors import ScenarioError
from recsim.scenario.load import loads
from recsim.scenario.schema import Scenario
from recsim.show.clauses import NOT_SHOWN, parts, sheet, summary
from recsim.vendors.telnyx.clauses import clause_of, clauses, ids
from recsim.vendors.telnyx.readings import BY_KEY, other_answers

ROOT = Path(__file__).parents[1]
TEXT = (Path(recsim.__file__).parent / "vendors" / "telnyx" / "clauses.yaml").read_text("utf-8")
ENTRIES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(TEXT)
IDS = [entry["id"] for entry in ENTRIES]
SHOWN = lines_that_show()

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=IDS)


@cache
def names_in(file: str) -> frozenset[str]:
    """The tests of a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@each_entry
def test_an_entry_has_its_fields_and_no_others(entry):
    assert list(entry)[:4] == ["id", "part", "source", "says"]
    assert set(list(entry)[4:]) <= {"tests", "not_shown"}
    tests = entry.get("tests", ["-"])
    assert tests
    assert len(set(tests)) == len(tests)


@each_entry
def test_an_entry_is_shown_or_says_why_not(entry):
    is_shown = entry["id"] in SHOWN or "tests" in entry

    assert is_shown != ("not_shown" in entry)


def test_what_a_line_can_show_is_not_left_to_tests():
    by_tests = [entry["id"] for entry in ENTRIES if "tests" in entry and entry["id"] not in SHOWN]

    assert len(by_tests) <= 15


@each_entry
def test_an_entry_is_a_sentence_of_a_document(entry):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*", entry["id"])
    assert re.fullmatch(r"(docs|api-reference|SDK|OpenAPI|another) \S.*", entry["source"])
    for text in (entry["part"], entry["says"], entry.get("not_shown", "-")):
        assert text == " ".join(text.split())
        assert text
        assert not text.endswith(".")


def test_no_clause_stands_twice():
    assert len(set(IDS)) == len(IDS) >= 260
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


def test_every_scenario_shows_something(scenario):
    assert shown_by(played_for_judging(scenario).scenario)


def test_each_line_that_shows_a_clause_fails_when_it_says_otherwise(scenario):
    """Of `expect` and of answers; `test_scenarios` tries every line in every way."""
    played = played_for_judging(scenario)

    for path in shown_by(played.scenario):
        assert told_apart(played, path), path


def test_a_line_that_cannot_fail_shows_nothing():
    """The generator itself: an answer that says nothing is none."""
    played = played_for_judging(ROOT / "scenarios" / "rest-stop.yaml")
    first, *others = played.scenario.requests
    empty = played.scenario.model_copy(
        update={"requests": [first.model_copy(update={"answer": {}}), *others]}
    )

    assert told_apart(played, ("requests", 0))
    assert not told_apart(played._replace(scenario=empty), ("requests", 0))


def shown_by(scenario: Scenario) -> dict[tuple[str, int], tuple[str, ...]]:
    """The clauses of each line that names some, by where it stands."""
    kinds = {"requests": scenario.requests, "expect": scenario.expect}
    return {
        (kind, n): row.clause
        for kind, rows in kinds.items()
        for n, row in enumerate(rows)
        if row.clause
    }


def told_apart(played: Played, path: tuple[str, int]) -> bool:
    """Whether the line at `path` fails once it says something else, and every time it does."""
    kind, n = path
    rows = list(getattr(played.scenario, kind))
    if kind == "expect":
        first_call = next(iter(played.scenario.call_names), "")
        others = [other for _, other in perturbed(rows[n], played, first_call)]
    else:
        answers = [answer for _, answer in changed_values(rows[n].answer)]
        others = [rows[n].model_copy(update={"answer": answer}) for answer in answers]
    lies = [
        played.scenario.model_copy(update={kind: [*rows[:n], other, *rows[n + 1 :]]})
        for other in others
    ]
    failed = [[one.path[:2] for one in played.judge(lie) if not one.held] for lie in lies]
    return bool(lies) and all(paths == [path] for paths in failed)


def test_a_scenario_with_a_clause_that_is_none_does_not_load():
    text = (ROOT / "scenarios" / "max-length.yaml").read_text(encoding="utf-8")
    wrong = text.replace("clause: record.max-length", "clause: record.max-lenght")
    line = wrong[: wrong.index("record.max-lenght")].count("\n") + 1

    with pytest.raises(ScenarioError) as caught:
        loads(wrong, "wrong.yaml")

    assert str(caught.value) == (
        f"wrong.yaml:{line}:13: expect.0.clause: unknown clause; did you mean record.max-length?"
    )


def test_ids_are_those_of_the_entries():
    """They are found without parsing, since every scenario is held against them."""
    assert sorted(ids()) == sorted(IDS)
    assert all(clause_of(name).id == name for name in IDS)


def test_rows_say_what_the_file_says():
    for clause, entry in zip(clauses(), ENTRIES, strict=True):
        assert (clause.id, clause.part, clause.source, clause.says) == tuple(entry.values())[:4]
        assert clause.tests == tuple(entry.get("tests", ()))
        assert clause.not_shown == entry.get("not_shown", "")


def test_every_clause_stands_in_its_part_and_the_rest_once_more():
    sheets = parts(SHOWN)

    told = [row[0] for part, rows in sheets.items() if part != NOT_SHOWN for row in rows.rows]
    assert told == IDS
    assert [row[0] for row in sheets[NOT_SHOWN].rows] == [
        entry["id"] for entry in ENTRIES if "not_shown" in entry
    ]


def test_a_link_leads_to_the_line_that_shows_the_clause():
    link = SHOWN["record.trim"][0]

    match = re.fullmatch(r"\[([a-z0-9-]+):(\d+)\]\(\.\./scenarios/\1\.yaml#L\2\)", link)
    assert match
    lines = (ROOT / "scenarios" / f"{match[1]}.yaml").read_text(encoding="utf-8").splitlines()
    below = lines[int(match[2]) - 1 : int(match[2]) + 3]
    assert below[0].startswith("  - recording:")
    assert any("record.trim" in line for line in below)


def test_the_terminal_has_every_clause_without_any_scenario():
    told = {row[0]: row[-1] for row in sheet().rows}

    assert list(told) == IDS
    assert told["link.public"] == "-"
    assert told["signature.window"] == "1"
    assert told["storage.own"] == "only the vendor's storage is simulated"


def test_the_page_of_clauses_is_up_to_date():
    text = CLAUSES.read_text()

    assert listed(text) == text, "renew it: python tests/readme.py"
    assert summary(SHOWN) in text
