"""What the world does, without a clock: a driver tells it what happened, it posts what comes.

So that every driver plays the same people, networks, receivers and storage; only the queue in
which things wait is the driver's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias

from recsim.core.commands import Answer, Command, Fetched, Request, Stored
from recsim.core.effects import Attempt, Cue, Drop, Fetch, Opened, Quiet, Respond, Store
from recsim.core.story import Party, Step, Story
from recsim.world.draws import Draws
from recsim.world.links import Told
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


class World:
    """People, application, receiver and storage of one run."""

    def __init__(self, plan: Plan, post: Post, reached: Reached | None = None) -> None:
        self.plan, self.post = plan, post
        self.missed: list[Missed] = []
        self.made: dict[int, Request] = {}
        """Requests of the plan that were made, by index."""
        self.told = Told(plan.links)
        self._calls: Iterator[CallPlan] = iter(plan.calls)
        self._stories: dict[str, Story] = {}
        """Of callers whose call has not come in yet."""
        self._parties: dict[int, Party] = {}
        """By leg."""
        self._titles: dict[int, str] = {}
        """By leg."""
        self._reached = reached
        self._draws = Draws(plan.seed)
        courier = Courier(plan, self._draws, post, self.told, reached)
        self._clients: dict[tuple[str, str], list[Client]] = {}
        """By whose event they wait for."""
        for n, asked in enumerate(plan.requests):
            self._clients.setdefault((asked.call, asked.word), []).append(Client(n))
        self.turns: Mapping[type[Any], Callable[[int, int, Any], Command | None]] = {
            Party: self._acts,
            Client: self._asks,
            Arrival: courier.arrive,
        }
        """What somebody does whose moment has come: called with it, its cause and them; returns
        the command that they give now, if they give one."""
        self.react: dict[type[Any], Callable[[int, int, Any], None]] = {
            Opened: self._opened,
            Cue: self._cued,
            Drop: self._dropped,
            Fetch: self._fetch,
            Attempt: courier.send,
            Store: self._store,
            Quiet: self._quiet,
        }
        """What comes of an effect: called with its moment, its seq and itself; others: nothing."""
        if plan.links is not None:
            self.react[Respond] = self._responded

    def start(self) -> None:
        """Post what comes before anything has happened."""
        self._heard(0, 0, "", "")
        self._next_call()

    def acted(self, at_us: int, seq: int, who: Turn) -> None:
        """Somebody gave the command numbered `seq`: a party goes on, and requests that waited."""
        if type(who) is Party:
            self._waited(at_us, seq, who)
            if self._clients and who.leg in self._titles:
                self._heard(at_us, seq, self._titles[who.leg], who.story[who.at - 1].do)

    def unsent(self) -> list[RequestPlan]:
        """Requests that still wait for an event."""
        waiting = [client.n for clients in self._clients.values() for client in clients]
        return [self.plan.requests[n] for n in waiting]

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
        after_us = party.due()
        if after_us is not None:
            self.post(at_us + after_us, seq, None, party)

    def _next_call(self) -> None:
        call = next(self._calls, None)
        if call is not None:
            self._stories[call.invite.session] = call.story
            self.post(call.at_us, 0, call.invite)

    def _heard(self, at_us: int, seq: int, call: str, word: str) -> None:
        """Let requests go that waited for this."""
        for client in self._clients.pop((call, word), ()):
            self.post(at_us + self.plan.requests[client.n].after_us, seq, None, client)

    def _opened(self, at_us: int, seq: int, effect: Opened) -> None:
        self._next_call()
        title = effect.title
        self._draws.titles[effect.session] = self._titles[effect.leg] = title
        self._parties[effect.leg] = party = Party(effect.leg, self._stories.pop(title))
        self._waited(at_us, seq, party)

    def _cued(self, at_us: int, seq: int, effect: Cue) -> None:
        party = self._parties[effect.leg]
        after_us = party.due(effect.word)
        if after_us is not None:
            self.post(at_us + after_us, seq, None, party)
        if self._clients:
            self._heard(at_us, seq, self._titles[effect.leg], effect.word)

    def _dropped(self, at_us: int, seq: int, effect: Drop) -> None:
        title = self._titles.pop(effect.leg)
        if missed := self._parties.pop(effect.leg).leave():
            self.missed.append(Missed(at_us, title, missed))
        if self._clients:
            self._heard(at_us, seq, title, "end")

    def _fetch(self, at_us: int, seq: int, effect: Fetch) -> None:
        page = self.plan.pages.get(effect.url, MISSING)
        delay = page.delay or self.plan.page_delay
        delay_us, answer = self._draws.length(delay, "fetch", effect.session), page.answer
        if delay_us > effect.timeout_us:
            delay_us, answer = effect.timeout_us, TIMEOUT
        self.post(at_us + delay_us, seq, Fetched(effect.ticket, answer))
        if self.plan.links is not None:
            self.told.message(effect.message)
        if self._reached is not None:
            self._reached(at_us, self._draws.titles[effect.session], seq, effect, answer)

    def _responded(self, _at_us: int, _seq: int, effect: Respond) -> None:
        self.told.answer(effect.answer)

    def _store(self, at_us: int, seq: int, effect: Store) -> None:
        storage, draws, session = self.plan.storage, self._draws, effect.session
        delay_us = draws.length(storage.delay, "storage", session)
        delay_us += storage.per_second_us * effect.captured_us // 1_000_000
        fails = storage.failure and draws.happens(storage.failure_share, "failure", session)
        self.post(at_us + delay_us, seq, Stored(effect.ticket, storage.failure if fails else ""))

    def _quiet(self, _at_us: int, _seq: int, effect: Quiet) -> None:
        self._draws.forget(effect.session)
