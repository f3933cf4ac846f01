"""Where the characters of a scalar stand, however it is written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsim.lint.linting import lints
from recsim.lint.places import places_of
from recsim.scenario.reading import read

LETTERS = "ab <>/='\"#&\\é"
LINES = st.lists(
    st.text(st.sampled_from(LETTERS), max_size=6).map(lambda text: text.rstrip(" ")), max_size=5
)


def shown(text: str) -> tuple[str, list[tuple[int, int]], list[str]]:
    """The value at `a` in a YAML file, its places, and the file's lines."""
    tree = read(text.encode(), "a.yaml")
    value = tree.data["a"]
    assert isinstance(value, str)
    lines = text.split("\n")
    return value, places_of(lines, tree.position(("a",)), value), lines


def letters(text: str) -> list[tuple[str, str]]:
    """Each letter of the value that isn't blank, and what stands at its place in the file."""
    value, places, lines = shown(text)
    assert len(places) == len(value) + 1
    return [
        (letter, lines[line - 1][column - 1])
        for letter, (line, column) in zip(value, places[:-1], strict=True)
        if letter not in " \t\n"
    ]


@given(LINES, st.sampled_from(["|", "|-", "|+", "|  # why", ">", ">-", ">+"]), st.integers(1, 3))
def test_a_block_is_followed(inner: list[str], header: str, indent: int) -> None:
    body = "".join(f"{' ' * indent + line if line else ''}\n" for line in ["x", *inner, "z"])

    assert all(letter == stands for letter, stands in letters(f"b: c\na: {header}\n{body}"))


@given(LINES, st.sampled_from("|>"))
def test_a_block_that_says_its_indentation_is_followed(inner: list[str], style: str) -> None:
    body = "".join(f"{'  ' + line if line else ''}\n" for line in ["  x", *inner, "z"])

    assert all(letter == stands for letter, stands in letters(f"a: {style}2\n{body}"))


@given(LINES)
def test_double_quotes_are_followed(inner: list[str]) -> None:
    found = letters(f"a: {json.dumps(chr(10).join(['x', *inner, 'z']))}\n")

    assert all(stands in (letter, "\\") for letter, stands in found)


@given(LINES)
def test_single_quotes_are_followed(inner: list[str]) -> None:
    body = "\n ".join(line.strip() for line in ["x", *inner, "z"]).replace("'", "''")

    assert all(letter == stands for letter, stands in letters(f"a: '{body}'\n"))


@pytest.mark.parametrize(
    "text",
    [
        "a: x y\n  z\n\n  w\n",
        "a: &n x y\n",
        "a:\n  x\n   y\n",
        'a: "x \\\n   y\\tz"\n',
        "{b: c, a: x y}\n",
    ],
)
def test_other_ways_are_followed(text: str) -> None:
    assert all(letter == stands for letter, stands in letters(text))


def test_an_alias_has_no_places_of_its_own() -> None:
    assert shown("b: &n xyz\na: *n\n")[1] == []


PIECES = st.sampled_from(
    ["recsim: 1\n", "documents:\n", "  https://a.test/a: ", "|\n", ">\n", "    <Response>\n", "    ",
     "<Say>a</Say>", "<Redirect>/a</Redirect>\n", "</Response>\n", "# lint: ignore twiml\n", "'", '"',
     "<!-- lint: ignore\n", "-->", "application: {voice_url: https://a.test/a}\n", "\n", "{body: ",
     "}\n", "&x ", "*x\n", "requests:\n  - form: {Texml: <Response/>}\n", "calls: [1]\n", "a: b\n",
     "receiver: {asks: [1, {json: {Url: x}}]}\n", "readings: {voice_method: 1}\n", "\r", "é", "\t",
     "media: 3\n", "<Response/>\n", "<Response><Dial action='/b' record='true'>1</Dial></Response>\n"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12), st.sampled_from(["a.yaml", "a.xml"]))
def test_anything_at_all_is_judged(pieces: list[str], name: str) -> None:
    text = "".join(pieces)

    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for one in lints(text.encode(), name):
        assert one.text
        assert one.cost
        assert one.remedy
        assert one.source
        assert 0 <= one.line <= len(lines)
        assert 0 <= one.column <= len(lines[one.line - 1]) + 1


@given(st.lists(PIECES, max_size=8))
def test_any_documents_of_a_scenario_are_judged(pieces: list[str]) -> None:
    head = "recsim: 1\ntitle: a\napplication: {voice_url: https://a.test/a}\ndocuments:\n"

    lints((head + "  https://a.test/a: " + "".join(pieces)).encode(), "a.yaml")
