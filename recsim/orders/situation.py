"""A platform, its world and what is under way between them: all that a fork has to take along.

The world is the one that every driver plays; what would be drawn or timed between it and the
platform (answers, and steps at any time) is left open here, for somebody to choose.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from recsim.core.commands import Answer, Command, Fetched, HungUp, Outcome, Stored
from recsim.core.effects import Attempt, Effect, Fetch, Quiet, Store
from recsim.core.entities import NEVER
from recsim.core.platform import Platform
from recsim.core.properties import Property
from recsim.core.story import Party
from recsim.core.watch import Watch
from recsim.scenario.run import Stage
from recsim.world.network import TIMEOUT
from recsim.world.world import MISSING, Turn, World

FETCH, ATTEMPT, STORE = "fetch", "attempt", "store"


class Ticket(NamedTuple):
    """Something that the platform asked of the world and has no answer to yet."""

    kind: str
    """`fetch`, `attempt` or `store`."""
    key: int
    """Of the fetch, delivery or recording that it is about."""
    seq: int
    """Of the effect that asked."""
    call: str
    """The title of its session."""
    asked_at_us: int
    deadline_us: int
    """When it is too late to answer; NEVER: it never is."""
    answer: Answer
    """What it is answered when nothing goes wrong; of storage its failure says why it fails."""
    about: str
    """What it is, for people."""


class Item(NamedTuple):
    """Something that comes at its moment."""

    at_us: int
    cause: int
    command: Command | None
    turn: Turn | None
    """Whose moment it is, where there is no command."""


class Situation:
    """A state of the search."""

    __slots__ = (
        "after_timer",
        "faults",
        "is_fresh",
        "items",
        "platform",
        "stage",
        "tickets",
        "watch",
        "world",
    )

    def __init__(self, stage: Stage, claims: Iterable[Property] = (), faults: int = 0) -> None:
        self.stage = stage
        self.platform = Platform(stage.vendor)
        self.watch = Watch(self.platform, claims)
        self.world = World(stage.plan, self.post)
        self.items: list[Item] = []
        self.tickets: list[Ticket] = []
        self.faults = faults
        """How many answers may still be bad ones."""
        self.is_fresh = True
        """What happened last was not just about deliveries: whoever is to choose may act now."""
        self.after_timer = False
        """What happened last at this moment was a timer: all others come later than that."""
        self.world.start()

    def fork(self) -> Situation:
        """A situation in the same state, which goes its own way."""
        other = Situation.__new__(Situation)
        other.stage, other.faults = self.stage, self.faults
        other.is_fresh, other.after_timer = self.is_fresh, self.after_timer
        other.platform = self.platform.fork()
        other.watch = self.watch.fork(other.platform)
        other.world, twins = self.world.fork(other.post)
        other.items = [
            item._replace(turn=twins[item.turn]) if isinstance(item.turn, Party) else item
            for item in self.items
        ]
        other.tickets = self.tickets.copy()
        return other

    def post(
        self, at_us: int, cause: int, command: Command | None, turn: Turn | None = None, /
    ) -> None:
        """The world's queue."""
        self.items.append(Item(at_us, cause, command, turn))

    # What can happen.

    def come(self, n: int, at_us: int) -> None:
        """The n-th item comes, at a moment from now on."""
        item = self.items.pop(n)
        command, who = item.command, item.turn
        if who is not None:
            command = self.world.turns[type(who)](at_us, item.cause, who)
        if command is not None:
            self._give(at_us, item.cause, command, who)

    def hang_up(self, leg: int, at_us: int) -> None:
        """The party of a leg hangs up, whatever else it was going to do."""
        party = self.world.parties()[leg]
        self.items = [item for item in self.items if item.turn is not party]
        party.break_off("hang_up")
        command = party.act()
        assert type(command) is HungUp
        self._give(at_us, 0, command, party)

    def answer(self, n: int, at_us: int, answer: Answer) -> None:
        """The n-th ticket is answered; one of storage, that its failure is why it failed."""
        ticket = self.tickets.pop(n)
        self._give(at_us, ticket.seq, answered(ticket, answer), None)

    def lose(self, n: int) -> None:
        """The n-th ticket will not be answered in time."""
        ticket = self.tickets.pop(n)
        self.post(ticket.deadline_us, ticket.seq, answered(ticket, TIMEOUT))

    def advance(self) -> None:
        """The first timer runs out."""
        platform = self.platform
        at_us, seq = platform.next_due_us, platform.seq + 1
        effects = platform.advance(at_us)
        self._follow(at_us, seq, effects)

    def finish(self) -> None:
        """Nothing comes any more. Raises PropertyError for what should have come."""
        for session in list(self.platform.sessions):
            if not self.platform.sessions[session].open:
                self._left(session)
        self.watch.finish()

    def _give(self, at_us: int, cause: int, command: Command, who: Turn | None) -> None:
        seq = self.platform.seq + 1
        effects = self.platform.handle(at_us, command)
        self.watch.asked(at_us, seq, min(cause, seq - 1), command)
        if who is not None:
            self.world.acted(at_us, seq, who)
        self._follow(at_us, seq + 1, effects)

    def _follow(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        """What the world does about `effects`, the first of which is numbered `seq`."""
        self.watch.saw(at_us, seq, effects)
        react = self.world.react
        for n, effect in enumerate(effects, seq):
            kind = type(effect)
            if kind in TICKETS:
                self._asked(at_us, n, effect)
            elif kind in react:
                react[kind](at_us, n, effect)
        for effect in effects:
            if type(effect) is Quiet and self.stage.retires:
                self._left(effect.session)
        self.items = [item for item in self.items if not is_past(item)]

    def _left(self, session: int) -> None:
        self.watch.left(self.platform.now_us, self.platform.retire(session))

    def _asked(self, at_us: int, seq: int, effect: Effect) -> None:
        """The platform asks something: it waits for an answer."""
        assert isinstance(effect, Fetch | Attempt | Store)
        plan, told = self.stage.plan, self.world.told
        call = self.platform.sessions[effect.session].title
        kind = TICKETS[type(effect)]
        deadline_us, answer, about = NEVER, Answer(), ""
        if isinstance(effect, Store):
            about = self.platform.recordings[effect.ticket].source
            if plan.storage.failure and plan.storage.failure_share == 1:
                answer = Answer(0, failure=plan.storage.failure)
        else:
            deadline_us, about = at_us + effect.timeout_us, f"{effect.method} {effect.url}"
            told.message(effect.message)
            if isinstance(effect, Fetch):
                answer = plan.pages.get(effect.url, MISSING).answer
            else:
                answer = plan.receiver.answer(effect.n)
                self._taken(at_us, seq, effect)
        asked = Ticket(kind, effect.ticket, seq, call, at_us, deadline_us, answer, about)
        self.tickets.append(asked)

    def _taken(self, at_us: int, seq: int, effect: Attempt) -> None:
        """The receiver takes a callback, and asks what it asks meanwhile."""
        for ask in self.stage.plan.receiver.asks(effect):
            if not isinstance(ask.request, str):
                self.post(at_us + ask.after_us, seq, ask.request)


#: What the platform asks of the world.
TICKETS = {Fetch: FETCH, Attempt: ATTEMPT, Store: STORE}


def answered(ticket: Ticket, answer: Answer) -> Command:
    """The command that answers a ticket."""
    if ticket.kind == FETCH:
        return Fetched(ticket.key, answer)
    if ticket.kind == ATTEMPT:
        return Outcome(ticket.key, answer)
    return Stored(ticket.key, answer.failure)


def is_past(item: Item) -> bool:
    """Whether it is the turn of somebody who is gone."""
    party = item.turn
    return isinstance(party, Party) and party.at == len(party.story)


def is_open(item: Item) -> bool:
    """Whether it may come at any time."""
    party = item.turn
    return isinstance(party, Party) and party.story[party.at].any_time
