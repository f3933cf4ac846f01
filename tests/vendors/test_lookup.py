"""Looking entities up by their ids: the same answer as walking them, and each is spelt once."""

from __future__ import annotations

from collections import Counter

from calls import SETTINGS
from hypothesis import given
from hypothesis import strategies as st

from recsim.core.entities import Recording
from recsim.vendors.telnyx.rest.lookup import SLACK, Ids


def recording(key: int) -> Recording:
    return Recording(key, 1, 2, key, "RecordVerb", SETTINGS)


def spelt(one: Recording) -> str:
    return f"RE{one.key}"


STEPS = st.lists(st.one_of(st.just("made"), st.integers(1, 12)), max_size=40)


@given(STEPS)
def test_what_is_there_is_found_and_nothing_else(steps):
    """A number looks an entity up, and then forgets it."""
    ids, there, key = Ids(), dict[int, Recording](), 0
    for step in steps:
        if step == "made":
            key += 1
            there[key] = recording(key)
        else:
            found = ids.find(f"RE{step}", there, spelt)
            assert found is there.pop(step, None)


def test_each_is_spelt_once():
    ids, there, asked = Ids(), {n: recording(n) for n in range(1, 101)}, Counter[int]()

    def counted(one: Recording) -> str:
        asked[one.key] += 1
        return spelt(one)

    for n in range(1, 101):
        assert ids.find(f"RE{n}", there, counted) is there[n]
    assert ids.find("RE999", there, counted) is None
    assert set(asked.values()) == {1}


def test_ids_of_what_is_gone_are_forgotten():
    ids = Ids()
    for n in range(1, 3 * SLACK):
        assert ids.find(f"RE{n}", {n: recording(n)}, spelt) is not None

    assert len(ids._keys) <= SLACK + 2
