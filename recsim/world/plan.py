"""What a run is about, as data: who calls, what the application answers, how slow everything is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from recsim.core.commands import Answer, Invite, Request
from recsim.core.effects import Attempt
from recsim.core.entities import Message
from recsim.core.story import Story
from recsim.world.callees import Callee
from recsim.world.draws import Length, constant


class CallPlan(NamedTuple):
    """Somebody who calls, and what they do."""

    at_us: int
    invite: Invite
    story: Story


class Download(NamedTuple):
    """A GET of a link that is told during the run: of the one told last when it is sent."""

    link: str
    """Its name."""
    path: str
    """The link as people write it."""
    method: str = "GET"


class RequestPlan(NamedTuple):
    """A REST request: `after_us` after the start of the run or after somebody's event."""

    call: str
    """Whose event; empty: the start of the run."""
    word: str
    """A cue's word, or what a party does."""
    after_us: int
    request: Request | Download


@dataclass(frozen=True, slots=True)
class Links:
    """Where links to audio are told, each with its name."""

    in_message: Callable[[Message], Iterable[tuple[str, str]]]
    in_answer: Callable[[Answer], Iterable[tuple[str, str]]]


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
class Network:
    """What lies between the vendor and whoever takes callbacks. Shares are from 0 to 1."""

    latency: Length = field(default_factory=lambda: constant(0))
    """From sending to arrival."""
    loss: float = 0
    """Share of the attempts that never arrive."""
    duplicates: float = 0
    """Share of those that arrive which arrive twice."""
    arrivals: tuple[tuple[int, ...], ...] = ()
    """Of the first, second ... attempt of the run: when it arrives, since it was sent, and when
    copies of it do; without any it is lost. For attempts after these the above holds."""


Taken: TypeAlias = tuple[int, Answer | None]
"""How one question of a run is answered: after how long, and what; None: as otherwise."""


class Ask(NamedTuple):
    """What a receiver asks of the REST API while it holds a callback."""

    after_us: int
    """Since the callback arrived."""
    request: Request | str
    """Or why there is none: the callback lacks what it would be made of."""


def asks_nothing(_: Attempt) -> tuple[Ask, ...]:
    """Of a receiver that only takes what comes."""
    return ()


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whoever takes callbacks."""

    delay: Length = field(default_factory=lambda: constant(50_000))
    """From arrival to answer; it answers no sooner than it has asked."""
    answers: tuple[Answer, ...] = (Answer(),)
    """To the first, second ... attempt of each delivery; the last one is repeated."""
    down: Outage | None = None
    asks: Callable[[Attempt], tuple[Ask, ...]] = asks_nothing
    """What it asks while it holds an attempt."""
    in_order: tuple[Taken, ...] = ()
    """Of the first, second ... attempt of the run; for those after these the above holds."""

    def answer(self, n: int) -> Answer:
        """To the n-th attempt of a delivery."""
        return self.answers[min(n, len(self.answers)) - 1]


@dataclass(frozen=True, slots=True)
class Storage:
    """Whoever processes and keeps audio. Source of the delay: Q 36."""

    delay: Length = field(default_factory=lambda: constant(720_000))
    per_second_us: int = 0
    """Added for each second that was captured."""
    failure: str = ""
    """Why storing fails; empty: it doesn't."""
    failure_share: float = 1
    """From 0 to 1, of all recordings."""
    in_order: tuple[tuple[int, str], ...] = ()
    """The delay of the first, second ... of the run, and why it fails, if it does; for those after
    these the above holds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the world needs to know. Calls come in the order of their moments."""

    seed: int
    calls: Iterable[CallPlan]
    pages: Mapping[str, Page]
    page_delay: Length = field(default_factory=lambda: constant(100_000))
    fetched: tuple[Taken, ...] = ()
    """Of the first, second ... fetch of the run; for those after these the above holds."""
    requests: tuple[RequestPlan, ...] = ()
    network: Network = field(default_factory=Network)
    receiver: Receiver = field(default_factory=Receiver)
    storage: Storage = field(default_factory=Storage)
    links: Links | None = None
    """None: no request downloads what a link leads to."""
    callees: Mapping[str, Callee] = field(default_factory=dict)
    """Whom the platform can call, by number."""
