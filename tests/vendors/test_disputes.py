"""The open questions: well-formed, the same as the readings, and there for every `Q n` cited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import recsim
from recsim.vendors.telnyx.disputes import Dispute, by_id, disputes
from recsim.vendors.telnyx.readings import COUNT, DURATION, NUMBER, RATE, READINGS, check

PACKAGE = Path(recsim.__file__).parent
TEXT = (PACKAGE / "vendors" / "telnyx" / "disputes.yaml").read_text(encoding="utf-8")
ENTRIES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(TEXT)
IDS = [entry["id"] for entry in ENTRIES]

#: `Q 26` and what a list goes on with: `Q 26, Q 27`, `Q 26, 27`, `Q 42 and 43`, over lines too.
ONE = r"\d+[a-z]?\b"
GAP = r"(?:\s|#)"
CITED = re.compile(rf"\bQ{GAP}+({ONE}(?:{GAP}*(?:,|\band\b){GAP}*{ONE})*)")

REQUIRED = {"id", "question", "default"}
OPTIONAL = {"sources", "silent", "why", "readings"}
ORDER = ("id", "question", "sources", "silent", "default", "why", "readings")


def cited(text: str) -> list[str]:
    return [one for match in CITED.finditer(text) for one in re.findall(ONE, match[1])]


def sources_of_recsim() -> list[Path]:
    files = sorted(path for path in PACKAGE.rglob("*") if path.is_file())
    return [path for path in files if path.suffix != ".pyc"]


def texts(entry: dict[str, Any]) -> Iterator[str]:
    yield entry["question"]
    yield entry["default"]
    if "why" in entry:
        yield entry["why"]
    for source in entry.get("sources", ()):
        yield from source.values()


def order_of(name: str) -> tuple[int, str]:
    match = re.fullmatch(r"([1-9][0-9]*)([a-z]?)", name)
    assert match, name
    return int(match[1]), match[2]


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_an_entry_has_its_fields_and_no_others(entry: dict[str, Any]) -> None:
    assert set(entry) >= REQUIRED
    assert set(entry) <= REQUIRED | OPTIONAL
    assert list(entry) == [name for name in ORDER if name in entry]
    assert ("sources" in entry) != ("silent" in entry)
    assert entry.get("silent", True) is True
    for source in entry.get("sources", ()):
        assert list(source) == ["source", "says"]
    for reading in entry.get("readings", {}).values():
        assert list(reading) == ["default", "answers"]
    for name in ("sources", "readings"):
        assert entry.get(name, "some"), name


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_a_text_is_one_line_of_text_without_a_full_stop(entry: dict[str, Any]) -> None:
    for text in texts(entry):
        assert isinstance(text, str)
        assert text
        assert text == " ".join(text.split())
        assert not text.endswith(".")


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_a_question_asks(entry: dict[str, Any]) -> None:
    assert entry["question"].endswith("?")
    assert entry["question"].count("?") == 1


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_a_source_is_cited_once_and_named_as_the_code_names_it(entry: dict[str, Any]) -> None:
    names = [source["source"] for source in entry.get("sources", ())]

    assert len(set(names)) == len(names)
    for name in names:
        known = (
            r"(docs|api-reference|SDK|OpenAPI|Twilio) \S.*|another Telnyx guide|Telnyx pricing page"
        )
        assert re.fullmatch(known, name), name


def test_no_scalar_can_be_misread() -> None:
    old = YAML(typ="safe", pure=True)
    old.version = (1, 1)

    assert old.load(TEXT) == ENTRIES


def test_ids_are_unique_and_in_order() -> None:
    assert all(isinstance(name, str) for name in IDS)
    assert [order_of(name) for name in IDS] == sorted({order_of(name) for name in IDS})


def test_no_question_is_left_out() -> None:
    """Those from 73 on came up here."""
    assert {name for name in IDS if order_of(name)[0] < 73} == {
        *map(str, range(1, 73)),
        "24a",
        "38a",
        "39a",
    }


@pytest.mark.parametrize(
    "file", sources_of_recsim(), ids=lambda file: str(file.relative_to(PACKAGE))
)
def test_every_question_cited_exists(file: Path) -> None:
    assert set(cited(file.read_text("utf-8", "replace"))) <= set(IDS)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Q 26, Q 27", ["26", "27"]),
        ("(Q 39a; Q 24)", ["39a", "24"]),
        ("Q 26, 27 and 28", ["26", "27", "28"]),
        ("as Q 19 says, 5 s later", ["19"]),
        ("# see Q\n    # 99", ["99"]),
        ("Q 1: mono is single", ["1"]),
        ("FAQ 3, Q1, Q000", []),
    ],
)
def test_citations_are_found(text: str, ids: list[str]) -> None:
    assert cited(text) == ids


def test_some_are_cited() -> None:
    everything = "".join(file.read_text("utf-8", "replace") for file in sources_of_recsim())

    assert len(set(cited(everything))) > 20


def test_the_choices_are_the_readings() -> None:
    pairs = [pair for entry in ENTRIES for pair in entry.get("readings", {}).items()]

    chosen = {key: (row["default"], row["answers"]) for key, row in pairs}
    assert len(chosen) == len(pairs)
    assert chosen == {
        reading.key: (
            reading.default,
            reading.answers if isinstance(reading.answers, str) else list(reading.answers),
        )
        for reading in READINGS
    }


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.key)
def test_a_reading_cites_the_entry_that_has_its_key(reading: Any) -> None:
    [home] = [entry["id"] for entry in ENTRIES if reading.key in entry.get("readings", {})]

    assert home in cited(reading.spec)


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_a_choice_has_answers_and_its_default_is_one(entry: dict[str, Any]) -> None:
    for key, row in entry.get("readings", {}).items():
        answers = row["answers"]
        if isinstance(answers, str):
            assert answers in (DURATION, NUMBER, RATE, COUNT)
        else:
            assert all(isinstance(answer, str) for answer in answers)
            assert len(set(answers)) == len(answers) >= 2
        check(key, row["default"])


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_a_decision_says_what_is_done(entry: dict[str, Any]) -> None:
    if "readings" not in entry:
        assert by_id()[entry["id"]].readings == ()
    assert by_id()[entry["id"]].default.strip()


def test_rows_say_what_the_file_says() -> None:
    assert len(disputes()) == len(ENTRIES)
    for dispute, entry in zip(disputes(), ENTRIES, strict=True):
        assert dispute == Dispute(
            entry["id"],
            entry["question"],
            tuple((each["source"], each["says"]) for each in entry.get("sources", ())),
            entry["default"],
            entry.get("why", ""),
            tuple(entry.get("readings", ())),
        )


def test_rows_are_read_once_and_found_by_id() -> None:
    assert disputes() is disputes()
    assert list(by_id()) == IDS
    assert all(by_id()[dispute.id] is dispute for dispute in disputes())


def test_rows_cannot_be_changed() -> None:
    hash(disputes())
    with pytest.raises(TypeError):
        by_id()["19"] = disputes()[0]  # type: ignore[index]  # that is tested
