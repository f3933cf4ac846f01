"""What the world does, without a clock: a driver tells it what happened, it posts what comes.

So that every driver plays the same people, networks, receivers and storage; only the queue in
which things wait is the driver's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from recsim.core.commands import Answer, Command, Fetched, Outcome, Stored
from recsim.core.effects import Attempt, Cue, Drop, Fetch, Opened, Quiet, Ring, Store, Transfer
from recsim.core.story import Party, Step, Story
from recsim.world import callees
from recsim.world.draws import Length
from recsim.world.names import Names
from recsim.world.plan import CallPlan, Page, Plan

MISSING = Page(Answer(404))
#: What is drawn for while a call is under way.
PURPOSES = ("fetch", "receiver", "storage", "transfer")
TIMEOUT = Answer(0, failure="timeout")
REFUSED = Answer(0, failure="refused")


class Post(Protocol):
    """How the world says what will be asked of the platform, and when: the driver's queue."""

    def __call__(
        self, at_us: int, cause: int, command: Command | None, party: Party | None = None, /
    ) -> None:
        """At `at_us`, ask `command`; where there is none, the next step of `party`.

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

    def __init__(self, plan: Plan, post: Post) -> None:
        self.plan, self.post = plan, post
        self.missed: list[Missed] = []
        self.strangers: list[Stranger] = []
        self._calls: Iterator[CallPlan] = iter(plan.calls)
        self._stories: dict[str, Story] = {}
        """Of callers whose call has not come in yet."""
        self._parties: dict[int, Party] = {}
        """By leg."""
        self._referred: dict[int, Party] = {}
        """Who was asked to call somebody else, by leg."""
        self._names = Names({to: callee.name for to, callee in plan.callees.items()})
        self._sessions = self._names.titles
        """Titles, by session."""
        self._draws: Counter[tuple[int, str]] = Counter()
        """How often each session has drawn for each purpose."""
        self._clients: dict[tuple[str, str], list[Party]] = {}
        """REST clients, by whose event they wait for."""
        for asked in plan.requests:
            step = Step("", asked.after_us, "request", asked.request)
            self._clients.setdefault((asked.call, asked.word), []).append(Party(0, (step,)))
        self.react: Mapping[type[Any], Callable[[int, int, Any], None]] = {
            Opened: self._opened,
            Ring: self._ring,
            Transfer: self._transfer,
            Cue: self._cued,
            Drop: self._dropped,
            Fetch: self._fetch,
            Attempt: self._attempt,
            Store: self._store,
            Quiet: self._quiet,
        }
        """What comes of an effect: called with its moment, its seq and itself; others: nothing."""

    def start(self) -> None:
        """Post what comes before anything has happened."""
        self._heard(0, 0, "", "")
        self._next_call()

    def acted(self, at_us: int, seq: int, party: Party) -> None:
        """A party gave the command numbered `seq`: it goes on, and so do requests that waited."""
        self.waited(at_us, seq, party)
        if self._clients and party.leg:
            self._noticed(at_us, seq, party.leg, party.story[party.at - 1].do)

    def unsent(self) -> list[tuple[str, str, Any]]:
        """Requests that still wait, each with the call and the word that never came."""
        return [
            (call, word, party.story[0].arg)
            for (call, word), parties in self._clients.items()
            for party in parties
        ]

    def waited(self, at_us: int, seq: int, party: Party) -> None:
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
            self._stories[call.invite.session] = call.story
            self.post(call.at_us, 0, call.invite)

    def _heard(self, at_us: int, seq: int, call: str, word: str) -> None:
        """Let requests go that waited for this."""
        for party in self._clients.pop((call, word), ()):
            self.post(at_us + party.story[0].after_us, seq, None, party)

    def _noticed(self, at_us: int, seq: int, leg: int, word: str) -> None:
        """Let requests go that waited for this on a leg, by whatever name."""
        for name in self._names.of_leg[leg]:
            self._heard(at_us, seq, name, word)

    def _delay(self, length: Length, purpose: str, session: int) -> int:
        if length.distribution == "constant":
            return length.numbers_us[0]
        self._draws[session, purpose] += 1
        n = self._draws[session, purpose]
        return length.draw(self.plan.seed, f"{purpose} {self._sessions[session]}", n)

    def _opened(self, at_us: int, seq: int, effect: Opened) -> None:
        self._names.opened(effect.session, effect.leg, effect.title)
        story = self._stories.pop(effect.title, None)
        if story is not None:  # else a client made it, and somebody is going to be rung
            self._next_call()
            self._parties[effect.leg] = party = Party(effect.leg, story)
            self._go_on(at_us, seq, party, "")

    def _ring(self, at_us: int, seq: int, effect: Ring) -> None:
        names, callee = self._names, self.plan.callees.get(effect.to)
        n = names.rang(effect.session, effect.leg, effect.to)
        if callee is None:
            self.strangers.append(Stranger(at_us, names.of(effect.leg), effect.to))
        story = callees.rung(callee, self.plan.seed, f"{self._sessions[effect.session]} {n}")
        self._parties[effect.leg] = party = Party(effect.leg, story)
        self._go_on(at_us, seq, party, "")

    def _transfer(self, at_us: int, seq: int, effect: Transfer) -> None:
        names, callee = self._names, self.plan.callees.get(effect.to)
        if callee is None:
            self.strangers.append(Stranger(at_us, names.of(effect.leg), effect.to))
        n = names.number_of(effect.session, effect.leg)
        self._draws[effect.session, "transfer"] += 1
        which = self._draws[effect.session, "transfer"]
        transfer = f"{self._sessions[effect.session]} {n} transfer {which}"
        story = callees.transferred(callee, self.plan.seed, transfer)
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
        delay_us = self._delay(page.delay or self.plan.page_delay, "fetch", effect.session)
        if delay_us <= effect.timeout_us:
            self.post(at_us + delay_us, seq, Fetched(effect.ticket, page.answer))
        else:
            self.post(at_us + effect.timeout_us, seq, Fetched(effect.ticket, TIMEOUT))

    def _attempt(self, at_us: int, seq: int, effect: Attempt) -> None:
        receiver = self.plan.receiver
        delay_us = self._delay(receiver.delay, "receiver", effect.session)
        if delay_us <= effect.timeout_us:
            answer = receiver.answers[min(effect.n, len(receiver.answers)) - 1]
            if receiver.down and receiver.down.from_us <= at_us < receiver.down.until_us:
                answer = REFUSED
            self.post(at_us + delay_us, seq, Outcome(effect.ticket, answer))
        else:
            self.post(at_us + effect.timeout_us, seq, Outcome(effect.ticket, TIMEOUT))

    def _store(self, at_us: int, seq: int, effect: Store) -> None:
        storage = self.plan.storage
        delay_us = self._delay(storage.delay, "storage", effect.session)
        delay_us += storage.per_second_us * effect.captured_us // 1_000_000
        self.post(at_us + delay_us, seq, Stored(effect.ticket, storage.failure))

    def _quiet(self, _at_us: int, _seq: int, effect: Quiet) -> None:
        self._names.left(effect.session)
        for purpose in PURPOSES:
            self._draws.pop((effect.session, purpose), None)
