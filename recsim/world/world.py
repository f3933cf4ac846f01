"""What the world does, without a clock: a driver tells it what happened, it posts what comes.

So that every driver plays the same people, networks, receivers and storage; only the queue in
which things wait is the driver's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from operator import length_hint
from typing import Any, NamedTuple, Protocol, TypeAlias

from recsim.core.commands import Answer, Command, Fetched, Request, Stored
from recsim.core.effects import (
    Attempt,
    Cue,
    Drop,
    Fetch,
    Opened,
    Quiet,
    Respond,
    Ring,
    Store,
    Transfer,
)
from recsim.core.story import Party, Step, Story
from recsim.world import callees
from recsim.world.draws import Draws
from recsim.world.links import Told
from recsim.world.names import Names
from recsim.world.network import TIMEOUT, Arrival, Courier, Reached
from recsim.world.plan import CallPlan, Page, Plan, RequestPlan

MISSING = Page(Answer(404))


class Client(NamedTuple):
    """A REST client who has one request to make."""

    n: int
    """Index of the request in the plan."""


Turn: TypeAlias = Party | Client | Arrival
"""Whose moment can come: a party's next step, a client's request, an attempt's arrival."""


class Post(Protocol):
    """How the world says what will be asked of the platform, and when: the driver's queue."""

    def __call__(
        self, at_us: int, cause: int, command: Command | None, turn: Turn | None = None, /
    ) -> None:
        """At `at_us`, ask `command`; where there is none, it is somebody's `turn`.

        `cause` is the seq of what brought it about; 0 is the run itself.
        """


class Missed(NamedTuple):
    """Steps of a story that were never played, because the call was over."""

    at_us: int
    call: str
    steps: tuple[Step, ...]


class Stranger(NamedTuple):
    """Somebody was to be called whom nobody knows."""

    at_us: int
    call: str
    number: str


class World:
    """People, application, receiver and storage of one run."""

    def __init__(
        self, plan: Plan, post: Post, reached: Reached | None = None, *, by_hand: bool = False
    ) -> None:
        self.plan, self.post = plan, post
        self.by_hand = by_hand
        """Whoever is called and isn't in the plan does what they are told to, from outside."""
        self.missed: list[Missed] = []
        self.made: dict[int, Request] = {}
        """Requests of the plan that were made, by index."""
        self.strangers: list[Stranger] = []
        self.told = Told(plan.links)
        self._calls: Iterator[CallPlan] = iter(plan.calls)
        self._stories: dict[str, Story] = {}
        """Of callers whose call has not come in yet."""
        self._coming = ""
        """The caller of the plan who is next."""
        self._parties: dict[int, Party] = {}
        """By leg."""
        self._referred: dict[int, Party] = {}
        """Who was asked to call somebody else, by leg."""
        self._names = Names({to: callee.name for to, callee in plan.callees.items()})
        self._reached = reached
        self._draws = Draws(plan.seed, self._names.titles)
        self._clients: dict[tuple[str, str], list[Client]] = {}
        """By whose event they wait for."""
        for n, asked in enumerate(plan.requests):
            self._clients.setdefault((asked.call, asked.word), []).append(Client(n))
        self._courier = Courier(plan, self._draws, post, self.told, reached)
        self._fetched, self._kept = iter(plan.fetched), iter(plan.storage.in_order)
        self._react()

    def start(self) -> None:
        """Post what comes before anything has happened."""
        self._heard(0, 0, "", "")
        self._next_call()

    def comes(self, title: str, story: Story) -> None:
        """Somebody is about to call who isn't in the plan; `title` names their session."""
        self._stories[title] = story

    def acted(self, at_us: int, seq: int, who: Turn) -> None:
        """Somebody gave the command numbered `seq`: a party goes on, and requests that waited."""
        if type(who) is Party:
            self._waited(at_us, seq, who)
            if self._clients:
                self._noticed(at_us, seq, who.leg, who.story[who.at - 1].do)

    def parties(self) -> Mapping[int, Party]:
        """Who is on a leg that isn't over, by leg."""
        return self._parties

    def to_come(self) -> int:
        """How many callers have not called yet, of a plan that lists them."""
        return len(self._stories) + length_hint(self._calls)

    def waiting(self) -> list[tuple[str, str]]:
        """Events that requests wait for, each with whose event it is."""
        return list(self._clients)

    def fork(self, post: Post) -> tuple[World, dict[Party, Party]]:
        """A world in the same state, which goes its own way; and what its parties were forked from.

        Raises TypeError where the calls of the plan come from a generator.
        """
        other = World.__new__(World)
        other.__dict__.update(self.__dict__)
        other.post = post
        other.missed, other.strangers = self.missed.copy(), self.strangers.copy()
        other.made, other._stories = self.made.copy(), self._stories.copy()
        other._clients, other._calls = self._clients.copy(), copy(self._calls)
        other.told, other._names = self.told.fork(), self._names.fork()
        other._draws = self._draws.fork(other._names.titles)
        other._parties = {leg: party.fork() for leg, party in self._parties.items()}
        other._referred = {leg: party.fork() for leg, party in self._referred.items()}
        twins = {party: other._parties[leg] for leg, party in self._parties.items()}
        twins |= {party: other._referred[leg] for leg, party in self._referred.items()}
        other._courier = self._courier.fork(other._draws, post, other.told)
        other._fetched, other._kept = copy(self._fetched), copy(self._kept)
        other._react()
        return other, twins

    def unsent(self) -> list[RequestPlan]:
        """Requests that still wait for an event."""
        waiting = [client.n for clients in self._clients.values() for client in clients]
        return [self.plan.requests[n] for n in waiting]

    def _react(self) -> None:
        """Say who does what."""
        courier = self._courier
        self.turns: Mapping[type[Any], Callable[[int, int, Any], Command | None]] = {
            Party: self._acts,
            Client: self._asks,
            Arrival: courier.arrive,
        }
        """What somebody does whose moment has come: called with it, its cause and them; returns
        the command that they give now, if they give one."""
        self.react: dict[type[Any], Callable[[int, int, Any], None]] = {
            Opened: self._opened,
            Ring: self._ring,
            Transfer: self._transfer,
            Cue: self._cued,
            Drop: self._dropped,
            Fetch: self._fetch,
            Attempt: courier.send,
            Store: self._store,
            Quiet: self._quiet,
        }
        """What comes of an effect: called with its moment, its seq and itself; others: nothing."""
        if self.plan.links is not None:
            self.react[Respond] = self._responded

    def _acts(self, at_us: int, cause: int, party: Party) -> Command | None:
        """A party's next step, unless the call is over, and with it the story."""
        if party.at == len(party.story):
            return None
        command = party.act()
        if command is None:
            self._waited(at_us, cause, party)
        return command

    def _asks(self, at_us: int, _cause: int, client: Client) -> Command | None:
        """A client's request, once its link is known."""
        asked = self.plan.requests[client.n]
        request = asked.request
        if not isinstance(request, Request):
            made = self.told.request(at_us, asked.call, request)
            if made is None:
                return None
            request = made
        self.made[client.n] = request
        return request

    def _waited(self, at_us: int, seq: int, party: Party) -> None:
        """A party's step is done: it goes on, unless its next one waits for a cue."""
        self._go_on(at_us, seq, party, "")

    def _go_on(self, at_us: int, seq: int, party: Party, word: str) -> None:
        """Let a party set out for its next step, if that is what `word` leads to."""
        after_us = party.due(word)
        if after_us is not None:
            party.has_set_out = True
            self.post(at_us + after_us, seq, None, party)

    def _next_call(self) -> None:
        call = next(self._calls, None)
        if call is not None:
            self._coming = call.invite.session
            self._stories[call.invite.session] = call.story
            self.post(call.at_us, 0, call.invite)

    def _heard(self, at_us: int, seq: int, call: str, word: str) -> None:
        """Let requests go that waited for this."""
        for client in self._clients.pop((call, word), ()):
            self.post(at_us + self.plan.requests[client.n].after_us, seq, None, client)

    def _noticed(self, at_us: int, seq: int, leg: int, word: str) -> None:
        """Let requests go that waited for this on a leg, by whatever name."""
        for name in self._names.of_leg[leg]:
            self._heard(at_us, seq, name, word)

    def _opened(self, at_us: int, seq: int, effect: Opened) -> None:
        self._names.opened(effect.session, effect.leg, effect.title)
        story = self._stories.pop(effect.title, None)
        if story is not None:  # else a client made it, and somebody is going to be rung
            if effect.title == self._coming:
                self._next_call()
            self._parties[effect.leg] = party = Party(effect.leg, story)
            self._go_on(at_us, seq, party, "")

    def _ring(self, at_us: int, seq: int, effect: Ring) -> None:
        names, callee = self._names, self.plan.callees.get(effect.to)
        n = names.rang(effect.session, effect.leg, effect.to)
        story: Story = ()
        if callee is not None or not self.by_hand:
            story = callees.rung(callee, self.plan.seed, f"{names.titles[effect.session]} {n}")
        if callee is None and not self.by_hand:
            self.strangers.append(Stranger(at_us, names.of(effect.leg), effect.to))
        self._parties[effect.leg] = party = Party(effect.leg, story)
        self._go_on(at_us, seq, party, "")

    def _transfer(self, at_us: int, seq: int, effect: Transfer) -> None:
        names, callee = self._names, self.plan.callees.get(effect.to)
        if callee is None:
            self.strangers.append(Stranger(at_us, names.of(effect.leg), effect.to))
        n = names.number_of(effect.session, effect.leg)
        purpose, which = self._draws.key(f"transfer of {n}", effect.session)
        story = callees.transferred(callee, self.plan.seed, f"{purpose} {which}")
        if earlier := self._referred.get(effect.leg):
            earlier.leave()
        self._referred[effect.leg] = party = Party(effect.leg, story)
        self._go_on(at_us, seq, party, "")

    def _cued(self, at_us: int, seq: int, effect: Cue) -> None:
        self._go_on(at_us, seq, self._parties[effect.leg], effect.word)
        if self._clients:
            self._noticed(at_us, seq, effect.leg, effect.word)

    def _dropped(self, at_us: int, seq: int, effect: Drop) -> None:
        if missed := self._parties.pop(effect.leg).leave():
            self.missed.append(Missed(at_us, self._names.of(effect.leg), missed))
        if self._referred and (referred := self._referred.pop(effect.leg, None)):
            referred.leave()
        if self._clients:
            self._noticed(at_us, seq, effect.leg, "end")

    def _fetch(self, at_us: int, seq: int, effect: Fetch) -> None:
        page = self.plan.pages.get(effect.url, MISSING)
        delay = page.delay or self.plan.page_delay
        after_us, given = next(self._fetched, (None, None))
        delay_us = (
            self._draws.length(delay, "fetch", effect.session) if after_us is None else after_us
        )
        answer = given or page.answer
        if delay_us > effect.timeout_us or answer.failure == "timeout":
            delay_us, answer = effect.timeout_us, TIMEOUT
        self.post(at_us + delay_us, seq, Fetched(effect.ticket, answer))
        if self.plan.links is not None:
            self.told.message(effect.message)
        if self._reached is not None:
            self._reached(at_us, self._names.titles[effect.session], seq, effect, answer)

    def _responded(self, _at_us: int, _seq: int, effect: Respond) -> None:
        self.told.answer(effect.answer)

    def _store(self, at_us: int, seq: int, effect: Store) -> None:
        storage, draws, session = self.plan.storage, self._draws, effect.session
        given = next(self._kept, None)
        if given is not None:
            self.post(at_us + given[0], seq, Stored(effect.ticket, given[1]))
            return
        delay_us = draws.length(storage.delay, "storage", session)
        delay_us += storage.per_second_us * effect.captured_us // 1_000_000
        fails = storage.failure and draws.happens(storage.failure_share, "failure", session)
        self.post(at_us + delay_us, seq, Stored(effect.ticket, storage.failure if fails else ""))

    def _quiet(self, _at_us: int, _seq: int, effect: Quiet) -> None:
        self._draws.forget(effect.session)
        self._names.left(effect.session)
