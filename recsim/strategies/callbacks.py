"""Callbacks as a receiver gets them, and every order in which it may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import orjson
from hypothesis import strategies as st

from recsim.scenario.load import Loaded
from recsim.scenario.run import Run, run
from recsim.scenario.schema import Scenario
from recsim.vendors.telnyx.callbacks import nested

UNSEEN = ("lost", "refused")
"""Outcomes of attempts that never reached the receiver."""

KINDS = ("recording-status", "webhook")
"""What tells of recordings, and isn't waited for by a call."""


class Callback(NamedTuple):
    """A callback or webhook, exactly as it was sent."""

    kind: str
    """recording-status, webhook, call-status, conference-status, ..."""
    method: str
    url: str
    headers: Mapping[str, str]
    body: str
    params: Mapping[str, str]
    """Of the form, or of the query, decoded."""
    attempt: int = 1

    @property
    def json(self) -> Any:
        """What a webhook says."""
        return orjson.loads(self.body) if self.body else nested(dict(self.params))


Source: TypeAlias = "Run | Scenario | Loaded | str | Path"


def played(source: Source) -> Run:
    """The run of whatever can be played."""
    return source if isinstance(source, Run) else run(source)


def callbacks_of(source: Source, kinds: Sequence[str] = KINDS) -> list[Callback]:
    """Every callback of a run that reached its receiver, in that order; repeated ones once."""
    told: dict[tuple[str, str], Callback] = {}
    for line in played(source).callbacks:
        if line["kind"] in kinds and line["outcome"] not in UNSEEN:
            one = Callback(**{field: line[field] for field in Callback._fields})
            told.setdefault((one.url, one.body), one)
    return list(told.values())


def callback_orders(
    source: Source, *, kinds: Sequence[str] = KINDS, copies: int = 2
) -> st.SearchStrategy[list[Callback]]:
    """Orders in which a receiver may get the callbacks of a run: late, and some of them twice.

    A network keeps no order, so that each is legal; at most so many `copies` come beside the
    callbacks themselves. The simplest is the order of the run.
    """
    told = callbacks_of(source, kinds)
    if not told:
        return st.just([])
    again = st.lists(st.sampled_from(told), max_size=copies)
    return again.flatmap(lambda more: st.permutations([*told, *more]))
