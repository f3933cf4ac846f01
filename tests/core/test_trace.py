"""Lines of a trace: each is what `orjson` writes of the same mapping, whatever the text."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recsim.core.commands import (
    Answer,
    Answered,
    Command,
    Fetched,
    HungUp,
    Invite,
    Outcome,
    Pressed,
    Refused,
    Request,
    Ringing,
    Speech,
    Stored,
    Transferred,
)
from recsim.core.effects import (
    Attempt,
    Convened,
    Cue,
    Drop,
    Due,
    Effect,
    Fetch,
    Move,
    Note,
    Opened,
    Quiet,
    Respond,
    Ring,
    Store,
    Transfer,
)
from recsim.core.entities import Application
from recsim.core.lifecycle import Rule
from recsim.core.trace import COMMANDS, EFFECTS, command_line, effect_lines
from recsim.vendors.telnyx.callbacks import Instructions

EPOCH_US = 1_767_603_600_000_250
AT = "2026-01-05T09:00:00.000250Z"

AWKWARD = 'quo"te back\\slash /\b\f\n\r\t\x00\x1f\x7f äß € \u2028 \U0001f4de </script>'
MESSAGE = Instructions("s", "", 1, "+15550001", "+15550002", "ringing")


def headers(text: str) -> tuple[tuple[str, str], ...]:
    return (("content-type", text), (f"x-{text}", "x"), ("accept", ""))


def asked(text: str, n: int) -> list[tuple[Command, dict]]:
    """A command of each type, and what its line holds after `cause`."""
    answer = Answer(n, headers(text), text, text)
    application = Application(text, "POST", connection_id=text, fallback_url=text)
    return [
        (
            Invite(text, text, text, application),
            {"kind": "invite", "session": text, "from": text, "to": text, "voice_url": text},
        ),
        (HungUp(n), {"kind": "hung-up", "leg": n}),
        (Pressed(n, text), {"kind": "pressed", "leg": n, "digit": text}),
        (Ringing(n), {"kind": "ringing", "leg": n}),
        (Answered(n), {"kind": "answered", "leg": n}),
        (Refused(n, text), {"kind": "refused", "leg": n, "why": text}),
        (Transferred(n, text), {"kind": "transferred", "leg": n, "why": text}),
        (Speech(n, on=True), {"kind": "speech", "leg": n, "on": True, "words": ""}),
        (Speech(n, False, text), {"kind": "speech", "leg": n, "on": False, "words": text}),
        (
            Request(text, text, text, headers(text), text, text),
            {
                "kind": "request",
                "method": text,
                "path": text,
                "query": text,
                "headers": dict(headers(text)),
                "body": text,
                "session": text,
            },
        ),
        (
            Request("GET", "/", "", (), ""),
            {
                "kind": "request",
                "method": "GET",
                "path": "/",
                "query": "",
                "headers": {},
                "body": "",
                "session": "",
            },
        ),
        (Fetched(n, answer), {"kind": "fetched", "ticket": n, "status": n, "failure": text}),
        (Outcome(n, answer), {"kind": "outcome", "ticket": n, "status": n, "failure": text}),
        (Stored(n, text), {"kind": "stored", "ticket": n, "reason": text}),
    ]


def happened(text: str, n: int) -> list[tuple[Effect, dict]]:
    """An effect of each type, and what its line holds after `cause`."""
    answer = Answer(n, headers(text), text, text)
    rule = Rule(text, text, text, text)
    asking = {
        "method": text,
        "url": text,
        "message": "instructions",
        "timeout_us": n,
    }
    return [
        (Opened(n, n, n, text), {"kind": "opened", "session": n, "leg": n, "title": text}),
        (
            Move(n, n, text, rule),
            {
                "kind": "move",
                "entity": n,
                "lifecycle": text,
                "trigger": text,
                "source": text,
                "dest": text,
                "spec": text,
            },
        ),
        (Due(n, n, text), {"kind": "due", "entity": n, "name": text}),
        (
            Ring(n, n, n, text, text),
            {"kind": "ring", "session": n, "leg": n, "from": text, "to": text},
        ),
        (
            Transfer(n, n, n, text),
            {"kind": "transfer", "session": n, "leg": n, "to": text},
        ),
        (
            Convened(n, n, n, n, text),
            {"kind": "convened", "session": n, "leg": n, "conference": n, "room": text},
        ),
        (Cue(n, n, text), {"kind": "cue", "leg": n, "word": text}),
        (Drop(n, n), {"kind": "drop", "leg": n}),
        (
            Respond(n, answer),
            {"kind": "respond", "status": n, "failure": text, "body": text},
        ),
        (
            Fetch(n, n, n, text, text, MESSAGE, n),
            {"kind": "fetch", "ticket": n, "session": n, **asking},
        ),
        (
            Attempt(n, n, n, n, text, text, MESSAGE, n),
            {"kind": "attempt", "ticket": n, "session": n, "n": n, **asking},
        ),
        (
            Store(n, n, n, n),
            {"kind": "store", "ticket": n, "session": n, "captured_us": n},
        ),
        (
            Note(n, n, text, n, n, text, text),
            {
                "kind": "note",
                "leg": n,
                "url": text,
                "line": n,
                "column": n,
                "rule": text,
                "text": text,
            },
        ),
        (Quiet(n, n), {"kind": "quiet", "session": n}),
    ]


def test_every_type_of_row_is_tried():
    assert {type(row) for row, _ in asked("", 0)} == set(COMMANDS)
    assert {type(row) for row, _ in happened("", 0)} == set(EFFECTS)
    assert Command.__args__ == COMMANDS
    assert set(Effect.__args__) == set(EFFECTS)


@pytest.mark.parametrize(
    "n", range(len(asked("", 0))), ids=[type(row).__name__ for row, _ in asked("", 0)]
)
@given(text=st.text(), number=st.integers(0, 2**63 - 1))
@example(text=AWKWARD, number=7)
@example(text="", number=0)
@example(text="100 %s %% %d", number=2**63 - 1)
def test_command_line_is_what_orjson_writes(n, text, number):
    command, fields = asked(text, number)[n]

    line = command_line(EPOCH_US, number, 3, command)

    whole = {"seq": number, "at": AT, "cause": 3, **fields}
    assert line.encode() == orjson.dumps(whole)


@pytest.mark.parametrize(
    "n", range(len(happened("", 0))), ids=[type(row).__name__ for row, _ in happened("", 0)]
)
@given(text=st.text(), number=st.integers(0, 2**63 - 1))
@example(text=AWKWARD, number=7)
@example(text="", number=0)
@example(text="100 %s %% %d", number=2**63 - 1)
def test_effect_line_is_what_orjson_writes(n, text, number):
    effect, fields = happened(text, number)[n]

    (line,) = effect_lines(EPOCH_US, number, [effect])

    whole = {"seq": number, "at": AT, "cause": number, **fields}
    assert line.encode() == orjson.dumps(whole)


def test_effects_are_numbered_on():
    lines = effect_lines(EPOCH_US, 5, [Drop(4, 2), Quiet(5, 1), Drop(4, 3)])

    rows = [orjson.loads(line) for line in lines]
    assert [row["seq"] for row in rows] == [5, 6, 7]
    assert [row["cause"] for row in rows] == [4, 5, 4]
    assert {row["at"] for row in rows} == {AT}


def test_no_effects_make_no_lines():
    assert effect_lines(EPOCH_US, 5, []) == []


def test_line_is_one_line():
    (line,) = effect_lines(EPOCH_US, 1, [Due(0, 1, "a\nb\r\u0085\u2028")])

    assert "\n" not in line
    assert "\r" not in line


def test_first_fields_are_who_when_and_why():
    line = command_line(EPOCH_US, 12, 9, HungUp(3))

    assert line == f'{{"seq":12,"at":"{AT}","cause":9,"kind":"hung-up","leg":3}}'
