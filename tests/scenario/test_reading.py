"""YAML text to plain data, and what a model refuses to faults at their lines."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Discriminator, Field, RootModel, Tag, model_validator

from recsim.core.errors import Fault, ScenarioError, suggest
from recsim.scenario.faults import validated
from recsim.scenario.reading import MOST_FAULTS, Tree, dotted, read
from recsim.scenario.units import Duration, Flag, PhoneNumber, Seed

STORY = """\
recsim: 1
seed: 7
calls:
  caller:
    from: +15550001
    to: "+15550002"
    story:
      - wait: beep
      - speak: 7s
      - {press: "#", after: 1s}
text: |
  <Response>
  </Response>
"""


@contextmanager
def within_a_second() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < 1


def faults_of(data: bytes | str) -> list[str]:
    """The lines of the error, without the file's name."""
    with within_a_second(), pytest.raises(ScenarioError) as caught:
        read(data if isinstance(data, bytes) else data.encode(), "f.yaml")
    lines = str(caught.value).split("\n")
    assert all(re.match(r"f\.yaml:[1-9][0-9]*:[1-9][0-9]*: [^A-Z]", line) for line in lines)
    assert not any(line.endswith(".") for line in lines)
    assert list(caught.value.faults) == sorted(caught.value.faults, key=lambda one: one[:2])
    return [line.removeprefix("f.yaml:") for line in lines]


def read_or_refused(data: bytes) -> Tree | ScenarioError:
    try:
        return read(data, "f.yaml")
    except ScenarioError as error:
        return error


# Reading.


def test_every_scalar_is_its_source_text():
    tree = read(STORY.encode(), "f.yaml")

    assert tree.data["recsim"] == "1"
    assert tree.data["calls"]["caller"]["from"] == "+15550001"
    assert tree.data["calls"]["caller"]["to"] == "+15550002"
    assert tree.data["calls"]["caller"]["story"][2] == {"press": "#", "after": "1s"}
    assert tree.data["text"] == "<Response>\n</Response>\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("'~'", "~"), ('"null"', "null"), ("''", ""),
        ("1:30", "1:30"), ("0x1f", "0x1f"), ("yes", "yes"), ("1_000", "1_000"), (".nan", ".nan"),
        ("2026-01-05T09:00:00Z", "2026-01-05T09:00:00Z"), ("9" * 9999, "9" * 9999),
        ("|\n", ""),
    ],
)  # fmt: skip
def test_only_plain_nothing_is_none(text, value):
    assert read(f"a: {text}".encode(), "f.yaml").data == {"a": value}


def test_positions_are_of_values_and_keys():
    tree = read(STORY.encode(), "f.yaml")
    story = ("calls", "caller", "story")

    assert tree.position(()) == (1, 1)
    assert tree.position(("seed",)) == (2, 7)
    assert tree.position(("seed",), key=True) == (2, 1)
    assert tree.position(("calls", "caller")) == (5, 5)
    assert tree.position(("calls", "caller"), key=True) == (4, 3)
    assert tree.position((*story, 1)) == (9, 9)
    assert tree.position((*story, 1), key=True) == (9, 9)
    assert tree.position((*story, 2, "after")) == (10, 29)
    assert tree.position((*story, 2, "after"), key=True) == (10, 22)


def test_position_of_an_unknown_path_is_the_nearest_value_around_it():
    tree = read(STORY.encode(), "f.yaml")

    assert tree.position(("calls", "caller", "answers")) == (5, 5)
    assert tree.position(("calls", "caller", "answers", 3, "x"), key=True) == (5, 5)
    assert tree.position(("calls", "caller", "story", 9)) == (8, 7)
    assert tree.position(("nothing",)) == (1, 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_of_three_ways(end):
    tree = read(f"a: 1{end}b:{end}  - c: 2{end}".encode(), "f.yaml")

    assert tree.data == {"a": "1", "b": [{"c": "2"}]}
    assert tree.position(("b", 0, "c")) == (3, 8)


def test_byte_order_mark_of_utf_8_is_passed_over():
    tree = read(b"\xef\xbb\xbfa: \xc3\xa9", "f.yaml")

    assert tree.data == {"a": "é"}
    assert tree.position(("a",)) == (1, 4)
    assert faults_of(b"\xef\xbb\xbfa: \xe9") == ["1:4: expected UTF-8, got byte 0xe9"]


def test_alias_repeats_what_its_anchor_named():
    tree = read(b"a: &one {x: [1]}\nb: *one\nc: &one 2\nd: *one\n", "f.yaml")

    assert tree.data == {"a": {"x": ["1"]}, "b": {"x": ["1"]}, "c": "2", "d": "2"}
    assert tree.position(("b",)) == (2, 4)
    assert tree.position(("b", "x", 0)) == (1, 14)


# What cannot be read.


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "1:1: expected a mapping, got an empty file"),
        (b"# only\n\n# comments\n", "1:1: expected a mapping, got an empty file"),
        (b"---\n", "2:1: expected a mapping, got an empty file"),
        (b"text", "1:1: expected a mapping, got 'text'"),
        (b"\n- a\n", "2:1: expected a mapping, got a list"),
        (b"a: 1\n---\nb: 2\n", "2:1: expected one document, got another"),
        (b"a: 1\n...\nb: 2\n", "3:1: expected one document, got another"),
        (b"a:\n\tb: 1\n", "2:1: expected spaces, got a tab"),
        (b"a:\n  b: 1\n \tc: 1\n", "3:2: expected spaces, got a tab"),
        (b"a: \0", "1:4: unprintable character '\\x00'"),
        (b"a: 1\nb: \x1b[0m", "2:4: unprintable character '\\x1b'"),
        (b"caf\xe9: 1", "1:4: expected UTF-8, got byte 0xe9"),
        ("a: 1".encode("utf-16"), "1:1: expected UTF-8, got UTF-16, UTF-32 or binary data"),
        ("a: 1".encode("utf-16-le"), "1:1: expected UTF-8, got UTF-16, UTF-32 or binary data"),
        ("a: 1".encode("utf-16-be"), "1:1: expected UTF-8, got UTF-16, UTF-32 or binary data"),
        ("a: 1".encode("utf-32-be"), "1:1: expected UTF-8, got UTF-16, UTF-32 or binary data"),
        (b"a: !!python/object:os.system x",
         "1:4: a: expected no tag, got 'tag:yaml.org,2002:python/object:os.system'"),
        (b"a: !foo [1]", "1:4: a: expected no tag, got '!foo'"),
        (b"a: !!binary aGk=", "1:4: a: expected no tag, got 'tag:yaml.org,2002:binary'"),
        (b"!!map {a: 1}", "1:1: expected no tag, got 'tag:yaml.org,2002:map'"),
        (b"!a b: 1", "1:1: expected no tag, got '!a'"),
        (b"a: *b", "1:4: a: unknown alias 'b'"),
        (b"a: &main 1\nb: *mian", "2:4: b: unknown alias 'mian'; did you mean main?"),
        (b"a: &x [*x]", "1:8: a.0: alias 'x' stands inside of what it names"),
        (b"[1]: 2", "1:1: expected text as a key, got a list"),
        (b"a: {? {b: 1} : 2}", "1:7: a: expected text as a key, got a mapping"),
        (b"a: &x b\n*x : 2", "2:1: expected text as a key, got an alias"),
        (b": 1", "1:1: expected text as a key, got nothing"),
        (b"%YAML 1.1\n---\na: yes",
         "1:1: expected no directive, got '%YAML 1.1'; files are YAML 1.2"),
        (b"a: x\n<<: {b: 1}",
         "2:1: <<: merge keys are not part of YAML 1.2; write the keys out"),
        (b"a: '1", "1:6: found the end of the file, while scanning a quoted scalar from 1:4"),
        (b"a: [1",
         ("1:6: expected ',' or ']', but got the end of the file, "
          "while parsing a flow sequence from 1:4")),
        (b"a: 1\n}", "2:1: unexpected '}', while parsing a block mapping from 1:1"),
        (b"a: b: c", "1:5: unexpected ':'; quote text that has it"),
        (b"a:\n  - 1\n b: 2",
         "3:2: expected the indentation of its block, while parsing a block mapping from 1:1"),
        (b"a: @b", "1:4: found character '@' that cannot start any token"),
        (b'a: "\\ud800"', "1:4: a: expected text, got half a character in '\\ud800'"),
        (b'a: 1\nb: "\\UFFFFFFFF"', "2:1: what follows cannot be read as YAML"),
        (b"x: 1\n" * 210_000, "1:1: expected at most 262144 bytes, got 1050000"),
    ],
)  # fmt: skip
def test_what_is_no_scenario_is_told_in_one_fault(data, fault):
    assert faults_of(data) == [fault]


def test_duplicate_keys_are_refused_at_the_second():
    text = "a: 1\nb:\n  c: 1\n  c: {d: 1, d: 2}\n  'c': 3\na: 2\n"

    assert faults_of(text) == [
        "4:3: b.c: duplicate key; the first stands at 3:3",
        "4:13: b.c.d: duplicate key; the first stands at 4:7",
        "5:3: b.c: duplicate key; the first stands at 3:3",
        "6:1: a: duplicate key; the first stands at 1:1",
    ]


def test_faults_before_the_parser_gives_up_are_told_too():
    text = "%FOO\n---\na: !x 1\na: 2\n? [b]\n: *c\n<<: 1\nd: [\n"

    assert faults_of(text) == [
        "1:1: expected no directive, got '%FOO'; files are YAML 1.2",
        "3:4: a: expected no tag, got '!x'",
        "4:1: a: duplicate key; the first stands at 3:1",
        "5:3: expected text as a key, got a list",
        "6:3: unknown alias 'c'",
        "7:1: <<: merge keys are not part of YAML 1.2; write the keys out",
        "9:1: expected the node content, but found the end of the file",
    ]


def test_alias_bomb_is_refused_by_what_it_would_become():
    names = "abcdefghij"
    lines = [f"a: &a [{', '.join('x' * 10)}]"]
    for before, name in pairwise(names):
        lines.append(f"{name}: &{name} [{', '.join(['*' + before] * 10)}]")

    [fault] = faults_of("\n".join(lines))

    assert fault.endswith("expected at most 12000 values in a file, aliases written out")


def test_long_text_cannot_be_multiplied_by_aliases():
    [fault] = faults_of("a: &a " + "x" * 200_000 + "\nb: [" + "*a, " * 1000 + "]")

    assert fault.endswith("expected at most 12000 values in a file, aliases written out")


def test_aliases_cannot_nest_deeper_than_brackets():
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 200))]

    [fault] = faults_of("\n".join(lines))

    assert fault.endswith("expected at most 32 levels")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        "[\n" * 50_000,
        "a: " + "{a: " * 50_000,
        "- " * 50_000,
        "? " * 50_000,
        "\n".join(" " * depth + "a:" for depth in range(600)),
    ],
)
def test_depth_bomb_is_refused_before_it_goes_off(text):
    [fault] = faults_of(text)

    assert fault.endswith("expected at most 32 levels")


def test_depth_and_nodes_within_the_caps_are_read():
    assert read(b"a: " + b"[" * 31 + b"]" * 31, "f.yaml").data.keys() == {"a"}
    assert faults_of(b"a: " + b"[" * 32 + b"]" * 32) == ["1:35: expected at most 32 levels"]
    assert len(read(b"a: [" + b"x," * 9000 + b"]", "f.yaml").data["a"]) == 9000


def test_faults_beyond_the_hundredth_are_counted():
    lines = faults_of("a: 1\n" * 1000)

    assert len(lines) == MOST_FAULTS + 1
    assert lines[-1] == "102:1: and at least 899 more faults from here on"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    assert isinstance(read_or_refused(data), Tree | ScenarioError)


SCRAPS = [
    *"[]{}:,-?&*!|>'\"\\%#@`~\n\r\t x0", ": ", "- ", "&a ", "*a", "!!str", "!<", "|2\n", ">-",
    "\\x", "\\UFFFFFFFF", "%YAML 1.1\n", "%TAG ! x\n", "---", "...", "\n---\n", "<<: ", "\ufeff",
    "\x85", "\u2028", "!%FF", "null",
]  # fmt: skip


@settings(max_examples=300)
@given(
    st.one_of(
        st.lists(st.sampled_from(SCRAPS), max_size=30).map("".join),
        st.tuples(
            st.integers(0, len(STORY)), st.integers(0, 9), st.lists(st.sampled_from(SCRAPS))
        ).map(lambda cut: STORY[: cut[0]] + "".join(cut[2]) + STORY[cut[0] + cut[1] :]),
    )
)
def test_mangled_yaml_is_read_or_refused(text):
    tree = read_or_refused(text.encode())

    if isinstance(tree, ScenarioError):
        assert str(tree).count("\n") == len(tree.faults) - 1
        assert str(tree).startswith("f.yaml:")
        return
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), tree.data)]
    while pending:
        path, value = pending.pop()
        assert min(tree.position(path)) >= 1
        assert isinstance(value, dict | list | str | None)
        if isinstance(value, dict):
            pending += (((*path, key), part) for key, part in value.items())
        elif isinstance(value, list):
            pending += (((*path, index), part) for index, part in enumerate(value))


# Validating.


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Draw(Closed):
    mean: Duration
    spread: Duration


class Wait(Closed):
    wait: str
    after: Duration = 0


class Speak(Closed):
    speak: Duration | Draw


class Ring(Closed):
    kind: Literal["ring"]
    for_: Duration = Field(alias="for")


class Busy(Closed):
    kind: Literal["busy"]


class Steps(RootModel[list[Wait | Speak]]):
    pass


class Call(Closed):
    from_: PhoneNumber = Field(alias="from")
    to: PhoneNumber
    story: list[Wait | Speak] = []


def step_named(value: Any) -> str | None:
    return next((word for word in ("wait", "speak") if word in value), None)


class Scenario(Closed):
    seed: Seed = 0
    title: str = Field(default="", max_length=9)
    channels: Literal["single", "dual"] | None = None
    sign: Flag | None = None
    call: Call | None = None
    calls: dict[str, Call] = {}
    parties: dict[PhoneNumber, Duration | Draw] = {}
    callees: list[Annotated[Ring | Busy, Field(discriminator="kind")]] = Field([], max_length=5)
    steps: Steps | None = None
    tagged: list[
        Annotated[
            Annotated[Wait, Tag("wait")] | Annotated[Speak, Tag("speak")], Discriminator(step_named)
        ]
    ] = []
    count: int = 0

    @model_validator(mode="after")
    def seed_is_not_thirteen(self) -> Scenario:
        if self.seed == 13:
            raise ValueError("expected another seed than 13")
        return self


def refused(text: str) -> list[str]:
    with within_a_second(), pytest.raises(ScenarioError) as caught:
        validated(Scenario, read(text.encode(), "f.yaml"), "f.yaml")
    lines = str(caught.value).split("\n")
    assert not any("Input should" in line or "http" in line for line in lines)
    return [line.removeprefix("f.yaml:") for line in lines]


def test_valid_file_is_its_model():
    text = "seed: 7\ncall: {from: +15550001, to: +15550002, story: [wait: beep, {speak: 7s}]}\n"

    scenario = validated(Scenario, read(text.encode(), "f.yaml"), "f.yaml")

    assert scenario.seed == 7
    assert scenario.call is not None
    assert scenario.call.story == [Wait(wait="beep"), Speak(speak=7_000_000)]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("sed: 1", ["1:1: sed: unknown key; did you mean seed?"]),
        ("sign: yes", ["1:7: sign: expected true or false, got 'yes'"]),
        ("seed: 13", ["1:1: expected another seed than 13"]),
        ("title: [1]", ["1:8: title: expected text, got a list"]),
        ("title: 0123456789",
         ["1:8: title: expected text of at most 9 characters, got '0123456789'"]),
        ("count: x", ["1:8: count: expected a whole number, got 'x'"]),
        ("calls: []", ["1:8: calls: expected a mapping, got a list"]),
        ("call: x", ["1:7: call: expected a mapping, got 'x'"]),
        ("steps: {}", ["1:8: steps: expected a list, got a mapping"]),
        ("calls:", ["1:1: calls: expected a mapping, got nothing"]),
        ("channels: duel",
         ["1:11: channels: expected one of 'single', 'dual', got 'duel'; did you mean 'dual'?"]),
        ("channels: 7", ["1:11: channels: expected one of 'single', 'dual', got '7'"]),
        ("callees: [{kind: busy}, {}]", ["1:25: callees.1: missing key kind"]),
        ("callees: [" + "kind: busy, " * 6 + "]",
         ["1:10: callees: expected 5 or fewer entries, got 6"]),
    ],
)  # fmt: skip
def test_fault_says_what_would_be_right(text, faults):
    assert refused(text) == faults


def test_unknown_key_without_a_near_one_lists_the_known():
    assert refused("callees: [{kind: busy, x: 1}]") == [
        "1:24: callees.0.x: unknown key; expected one of kind"
    ]


def test_missing_key_is_told_at_the_mapping_by_its_name_in_the_file():
    assert refused("calls:\n  caller:\n    to: +15550002\n") == [
        "3:5: calls.caller: missing key from"
    ]


def test_several_faults_come_in_the_order_of_the_file():
    text = (
        "calls:\n  caller:\n    form: +15550001\n    to: 15\n    story:\n      - speak: 4 s\n"
        "      - wiat: beep\nsed: 7\nparties:\n  +15550101: 4 s\n  x: 4s\n"
    )
    duration, number = (
        "a duration such as 30s or 250ms",
        "a number such as +15550001 or sip:user@host",
    )

    assert refused(text) == [
        "3:5: calls.caller.form: unknown key; did you mean from?",
        f"4:9: calls.caller.to: expected {number}, got '15'",
        f"6:16: calls.caller.story.0.speak: expected {duration} or a mapping, got '4 s'",
        "7:9: calls.caller.story.1.wiat: unknown key; did you mean wait?",
        "8:1: sed: unknown key; did you mean seed?",
        f"10:14: parties.+15550101: expected {duration} or a mapping, got '4 s'",
        f"11:3: parties.x: expected {number}, got 'x'",
    ]


@pytest.mark.parametrize("key", ["steps", "tagged"])
def test_faults_inside_a_union_are_those_of_the_member_meant(key):
    text = f"{key}:\n- {{wait: beep, aftr: 1s}}\n- speak: {{mean: 1s, spred: 2s}}\n- speak: [x]\n"

    assert refused(text) == [
        f"2:16: {key}.0.aftr: unknown key; did you mean after?",
        f"3:21: {key}.1.speak.spred: unknown key; did you mean spread?",
        f"4:10: {key}.2.speak: expected a duration such as 30s or 250ms or a mapping, got a list",
    ]


def test_keys_of_two_members_do_not_go_together():
    assert refused("steps: [{wait: beep, speak: 1s}]") == [
        "1:10: steps.0.wait: key does not go with the others here",
        "1:22: steps.0.speak: key does not go with the others here",
    ]


def test_mapping_of_no_member_is_missing_one_of_their_keys():
    assert refused("tagged: [{wiat: beep}, x, {}]") == [
        "1:10: tagged.0: missing key wait or speak; did you mean wait?",
        "1:24: tagged.1: expected a mapping, got 'x'",
        "1:27: tagged.2: missing key wait or speak",
    ]


def test_discriminator_is_told_at_its_value():
    assert refused("callees:\n- {kind: rung}\n- {kind: ring, fro: 1s}\n- x\n") == [
        "2:10: callees.0.kind: expected one of 'ring', 'busy', got 'rung'; did you mean 'ring'?",
        "3:16: callees.1.fro: unknown key; did you mean for?",
        "4:3: callees.2: expected a mapping, got 'x'",
    ]


def test_faults_found_elsewhere_are_told_in_place():
    tree = read(b"seed: x\ntitle: a\nsed: 1\n", "f.yaml")
    extra = Fault(2, 8, "title", "expected better")

    with pytest.raises(ScenarioError) as caught:
        validated(Scenario, tree, "f.yaml", [extra])

    assert [fault.path for fault in caught.value.faults] == ["seed", "title", "sed"]
    with pytest.raises(ScenarioError):
        validated(Scenario, read(b"seed: 1", "f.yaml"), "f.yaml", [extra])


def test_fault_inside_an_alias_stands_where_the_text_does():
    text = "calls:\n  a: &a {from: +15550001, to: x}\n  b: *a\n"

    assert [line.split(": expected")[0] for line in refused(text)] == [
        "2:31: calls.a.to",
        "2:31: calls.b.to",
    ]


def test_thousands_of_faults_are_told_quickly():
    lines = refused("steps: [" + "{wiat: x}, " * 1500 + "]")

    assert len(lines) == MOST_FAULTS + 1
    assert lines[-1].endswith("more faults from here on")


def test_random_data_never_escapes_the_model():
    words = ["seed", "call", "calls", "story", "wait", "speak", "kind", "ring", "x", "1s", "from"]
    rng = random.Random(1)

    def grown(depth: int) -> str:
        roll = rng.random() if depth else 0
        if roll < 0.3:
            return rng.choice(words)
        if roll < 0.6:
            return "[" + ", ".join(grown(depth - 1) for _ in range(3)) + "]"
        keys = rng.sample([*words, "steps", "tagged", "callees", "parties"], 3)
        return "{" + ", ".join(f"{key}: {grown(depth - 1)}" for key in keys) + "}"

    for _ in range(100):
        text = f"{{zz: x, calls: {grown(3)}, steps: {grown(2)}, tagged: {grown(2)}}}"
        assert all("Input" not in line for line in refused(text))


def test_suggestion_is_near_or_none():
    assert suggest("expct", ["expect", "calls"]) == "; did you mean expect?"
    assert suggest("zzz", iter(["expect"])) == ""
    assert suggest("", []) == ""
    assert suggest("x" * 100_000, ["expect"]) == ""


def test_path_is_joined_by_dots_and_stays_on_its_line():
    assert dotted(("parties", "+15550100", "answers_after")) == "parties.+15550100.answers_after"
    assert dotted(("expect", 3)) == "expect.3"
    assert dotted(("a\nb", "x" * 1000)) == "'a\\nb'." + repr("x" * 57 + "...")
