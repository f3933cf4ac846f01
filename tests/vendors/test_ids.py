"""Wire ids: they look like the vendor's, never meet, and nobody's depends on anybody else's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsim.scenario.load import loads
from recsim.scenario.run import run
from recsim.vendors.telnyx.ids import signature, wire_id
from recsim.vendors.telnyx.vendor import Telnyx

UUID_1 = r"[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
UUID_4 = UUID_1.replace("-1[", "-4[")

#: The examples of the reference, which these must resemble.
SHAPES = {
    "account": (UUID_4, "61bf923e-5e4d-4595-a110-56190ea18a1b"),
    "call": (
        r"v3:[A-Za-z0-9_-]{54}",
        "v3:KBnLO0ZK3DhKM5s7bE9VluaSmKsOchKht_fUYvxcp8ysbmzCCtpkmA",
    ),
    "connection": (r"[1-9][0-9]{17,18}", "175237942907135762"),
    "leg": (UUID_1, "84a97d76-e40f-11ed-9074-02420a0daa69"),
    "queue": (UUID_4, "defcfbbc-eb00-41af-a3f3-0d7b32009e4b"),
    "recording": (UUID_4, "e9cea0be-7dbd-4b98-98b1-c0089d9d43b0"),
    "session": (UUID_1, "84a97d76-e40f-11ed-9074-02420a0daa69"),
}

seeds = st.integers(0, 2**63 - 1)
kinds = st.sampled_from(tuple(SHAPES))
titles = st.text(max_size=20)
numbers = st.integers(0, 10**6)


@given(seeds, kinds, titles, numbers)
def test_an_id_looks_like_the_vendors(seed, kind, session, n):
    shape, example = SHAPES[kind]

    assert re.fullmatch(shape, wire_id(seed, kind, session, n))
    assert re.fullmatch(shape, example)


@given(seeds, kinds, titles, numbers)
def test_an_id_is_a_pure_function(seed, kind, session, n):
    vendor = Telnyx(seed, 0)

    assert wire_id(seed, kind, session, n) == wire_id(seed, kind, session, n)
    assert vendor.wire_id(kind, session, n) == wire_id(seed, kind, session, n)


#: The first of each kind on a call named caller, seed 7: the same on any machine.
PINNED = {
    "account": "8438fc49-85e6-4711-bf14-74850fa6478d",
    "call": "v3:oWqhUnaL4HM9FHTBb9dmbttKY1-TyQg0_vEpMqT127kz6IoS2H2UCg",
    "connection": "1335818529607595650",
    "leg": "af70aa27-b356-1656-88da-468d0f6370b0",
    "recording": "a8df30e8-afa8-4a13-bf18-be072f444b9b",
    "session": "2a86ed82-99e6-1195-916d-278fb1720420",
}


@pytest.mark.parametrize("kind", PINNED)
def test_an_id_is_the_same_on_any_machine(kind):
    assert wire_id(7, kind, "caller", 1) == PINNED[kind]


def test_no_two_things_share_an_id():
    sessions = [*(f"call{n}" for n in range(200)), "", "call", "call1\x00", "1", "11", "é", "\x00"]

    made = [
        wire_id(1, kind, session, n) for kind in SHAPES for session in sessions for n in range(15)
    ]

    assert len(set(made)) == len(made)


@given(kinds, st.lists(st.tuples(titles, numbers), min_size=2, max_size=20, unique=True))
def test_titles_and_numbers_are_told_apart_however_odd_they_are(kind, named):
    assert len({wire_id(3, kind, session, n) for session, n in named}) == len(named)


@given(kinds, titles, numbers, st.lists(seeds, min_size=2, max_size=10, unique=True))
def test_another_seed_names_everything_anew(kind, session, n, some_seeds):
    assert len({wire_id(seed, kind, session, n) for seed in some_seeds}) == len(some_seeds)


@given(st.lists(st.tuples(seeds, st.text(max_size=60)), min_size=2, max_size=10, unique=True))
def test_a_signature_is_64_hexadecimal_digits_of_its_own(signed):
    made = [signature(seed, text) for seed, text in signed]

    assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in made)
    assert len(set(made)) == len(made)


CALL = """
  {name}:
    at: {at}
    from: +15550001
    to: +15550002
    story: [{{wait: beep}}, {{speak: 5s}}, hang_up]
"""
SCENARIO = """
recsim: 1
title: Some calls
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: <Response><Record recordingStatusCallback="/recording"/></Response>
calls:"""


def told_of(call: str, *calls: tuple[str, str]) -> tuple[list[object], list[object]]:
    """What a run leaves and sends for `call`, without the platform's own numbers."""
    text = SCENARIO + "".join(CALL.format(name=name, at=at) for name, at in calls)
    played = run(loads(text.encode()))
    rows = [
        {key: value for key, value in row.items() if key != "entity"}
        for row in played.recordings
        if row["call"] == call
    ]
    return rows, [sent.params for sent in played.kept.sent if sent.call == call]


@pytest.mark.parametrize("others", [[("before", "0s")], [("beside", "2s")], [("after", "1h")]])
def test_another_call_renames_nobody(others):
    alone = told_of("caller", ("caller", "2s"))

    assert told_of("caller", *others, ("caller", "2s")) == alone
    assert told_of("caller", ("caller", "2s"), *others) == alone
    assert len(alone[0]) == 1
