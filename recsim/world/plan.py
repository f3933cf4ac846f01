"""What a run is about, as data: who calls, what the application answers, how slow everything is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from recsim.core.commands import Answer, Invite, Request
from recsim.core.story import Story
from recsim.world.callees import Callee
from recsim.world.draws import Length, constant


class CallPlan(NamedTuple):
    """Somebody who calls, and what they do."""

    at_us: int
    invite: Invite
    story: Story


class RequestPlan(NamedTuple):
    """A REST request: `after_us` after the start of the run or after somebody's event."""

    call: str
    """Whose event; empty: the start of the run."""
    word: str
    """A cue's word, or what a party does."""
    after_us: int
    request: Request


class Page(NamedTuple):
    """What the application answers at one URL."""

    answer: Answer
    delay: Length | None = None
    """None: the application's."""


class Outage(NamedTuple):
    """A stretch of time in which connections are refused; it ends just before `until_us`."""

    from_us: int
    until_us: int


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whoever takes callbacks."""

    delay: Length = field(default_factory=lambda: constant(50_000))
    answers: tuple[Answer, ...] = (Answer(),)
    """To the first, second ... attempt of each delivery; the last one is repeated."""
    down: Outage | None = None


@dataclass(frozen=True, slots=True)
class Storage:
    """Whoever processes and keeps audio. Source of the delay: Q 36."""

    delay: Length = field(default_factory=lambda: constant(720_000))
    per_second_us: int = 0
    """Added for each second that was captured."""
    failure: str = ""
    """Why storing fails; empty: it doesn't."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the world needs to know. Calls come in the order of their moments."""

    seed: int
    calls: Iterable[CallPlan]
    pages: Mapping[str, Page]
    page_delay: Length = field(default_factory=lambda: constant(100_000))
    requests: tuple[RequestPlan, ...] = ()
    receiver: Receiver = field(default_factory=Receiver)
    storage: Storage = field(default_factory=Storage)
    callees: Mapping[str, Callee] = field(default_factory=dict)
    """Whom the platform can call, by number."""
