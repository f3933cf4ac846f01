"""What may happen next in a situation, each with its moment.

Whoever may act at any time is tried right after each event, just before and at the moment of the
next one, and around each threshold of the policy that is no timer. Answers come right after an
event. At one instant the world goes before timers, as in every driver, and those of the world in
any order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from recsim.core.capture import total
from recsim.core.commands import Answer, Outcome
from recsim.core.entities import IN_PROGRESS, NEVER, CallLeg, Conference
from recsim.orders.situation import ATTEMPT, STORE, Situation, is_open
from recsim.world.plan import asks_nothing

TIMER, ITEM, HANG_UP, ANSWER, LOSE = "timer", "item", "hang_up", "answer", "lose"

BROKEN = Answer(500)
"""The answer of a server where something goes wrong."""
UNSTORED = Answer(0, failure="storage failed")
"""The answer of a storage where something goes wrong."""

SEND = "send"
"""The timer of deliveries."""


class Choice(NamedTuple):
    """One thing that may happen, as a step from a situation to the next."""

    at_us: int
    kind: str
    """`timer`, `item`, `hang_up`, `answer` or `lose`."""
    which: int = 0
    """The index of the item or of the ticket; the leg that hangs up."""
    answer: Answer = Answer()
    is_fault: bool = False
    """One of the bad answers that are allowed."""


class Rules(NamedTuple):
    """What may be chosen."""

    endings: bool = False
    """Everybody may hang up at any time."""
    callback_orders: bool = False
    """Answers to callbacks may come late, and people act around them; else each is taken at once,
    since it touches nothing but its delivery."""

    def choices(self, at: Situation) -> list[Choice]:
        """All that may happen next, in a fixed order; none: the run is over."""
        if not self.callback_orders:
            for n, ticket in enumerate(at.tickets):
                if ticket.kind == ATTEMPT:
                    return list(answers(at, n, at.platform.now_us))
        return list(self._choices(at))

    def _choices(self, at: Situation) -> Iterator[Choice]:
        """As `choices`, where no callback waits for its answer."""
        now_us, comes = at.platform.now_us, Comes(at)
        soon_us, next_us = now_us + at.after_timer, comes.next_us
        is_soon = (at.is_fresh or next_us == NEVER) and soon_us <= next_us
        if is_soon:
            for n in range(len(at.tickets)):
                yield from answers(at, n, soon_us)
        moments = [soon_us] if is_soon else []
        if next_us != NEVER and (self.callback_orders or not comes.is_of_delivery):
            moments += [next_us - 1, next_us]
        moments += thresholds(at)
        for at_us in sorted({one for one in moments if soon_us <= one <= next_us}):
            yield from self._acts(at, at_us)
        yield from comes.choices()

    def _acts(self, at: Situation, at_us: int) -> Iterator[Choice]:
        """What people may do at any time, at a moment."""
        for n, item in enumerate(at.items):
            if is_open(item):
                yield Choice(at_us, ITEM, n)
        if self.endings:
            for leg in at.world.parties():
                yield Choice(at_us, HANG_UP, leg)

    def take(self, at: Situation, choice: Choice) -> None:
        """Let it happen: `at` moves on. Raises whatever the platform or the watch objects to."""
        was_fresh, was_after, now_us = at.is_fresh, at.after_timer, at.platform.now_us
        at.faults -= choice.is_fault
        at.is_fresh, at.after_timer = True, False
        if choice.kind == TIMER:
            if is_to_send(at) and not self.callback_orders:
                # An instant at which nobody could act yet is not over.
                at.is_fresh = was_fresh and now_us + was_after > choice.at_us
            at.after_timer = True
            at.advance()
        elif choice.kind == HANG_UP:
            at.hang_up(choice.which, choice.at_us)
        elif choice.kind == ITEM:
            if isinstance(at.items[choice.which].command, Outcome):
                at.is_fresh = self.callback_orders
            at.come(choice.which, choice.at_us)
        else:
            is_callback = at.tickets[choice.which].kind == ATTEMPT
            if choice.kind == LOSE or (is_callback and not self.callback_orders):
                at.is_fresh, at.after_timer = was_fresh, was_after
            if choice.kind == LOSE:
                at.lose(choice.which)
            else:
                at.answer(choice.which, choice.at_us, choice.answer)


class Comes:
    """What comes next of itself: the world's, or the first timer."""

    def __init__(self, at: Situation) -> None:
        self.at = at
        self.items = [(n, item) for n, item in enumerate(at.items) if not is_open(item)]
        world_us = min(
            min((item.at_us for _, item in self.items), default=NEVER),
            min((ticket.deadline_us for ticket in at.tickets), default=NEVER),
        )
        self.next_us = min(world_us, at.platform.next_due_us)
        """When; NEVER: nothing does."""
        self.is_timer = self.next_us < world_us
        """The world goes first at a tie."""

    @property
    def is_of_delivery(self) -> bool:
        """Whether it touches only a delivery."""
        if self.is_timer:
            return is_to_send(self.at)
        due = [item for _, item in self.items if item.at_us == self.next_us]
        return bool(due) and all(isinstance(item.command, Outcome) for item in due)

    def choices(self) -> Iterator[Choice]:
        """It happens; of several that the world does, any."""
        if self.is_timer:
            yield Choice(self.next_us, TIMER)
        elif self.next_us != NEVER:
            for n, ticket in enumerate(self.at.tickets):
                if ticket.deadline_us == self.next_us:
                    yield from answers(self.at, n, self.next_us)
            for n, item in self.items:
                if item.at_us == self.next_us:
                    yield Choice(self.next_us, ITEM, n)


def answers(at: Situation, n: int, at_us: int) -> Iterator[Choice]:
    """What the n-th ticket may be answered."""
    ticket = at.tickets[n]
    if ticket.answer.failure == "timeout":
        yield Choice(at_us, LOSE, n)
        return
    yield Choice(at_us, ANSWER, n, ticket.answer)
    if at.faults and not ticket.answer.failure:
        if ticket.kind == STORE:
            yield Choice(at_us, ANSWER, n, UNSTORED, is_fault=True)
        else:
            yield Choice(at_us, ANSWER, n, BROKEN, is_fault=True)
            yield Choice(at_us, LOSE, n, is_fault=True)


def thresholds(at: Situation) -> Iterator[int]:
    """Moments around which something is decided though no timer runs out."""
    platform = at.platform
    for recording in platform.recordings.values():
        if recording.status == IN_PROGRESS and recording.capturing_since_us != NEVER:
            short_us = platform.policy.minimum_us - total(recording.captured)
            if short_us > 0:
                edge_us = recording.capturing_since_us + short_us
                yield from (edge_us - 1, edge_us, edge_us + 1)
    if at.stage.plan.requests or at.stage.plan.receiver.asks is not asks_nothing:
        for link in at.watch.links.told:
            yield from (link.until_us - 1, link.until_us, link.until_us + 1)
        window_us = at.stage.vendor.rest.command_window_us
        entities: list[CallLeg | Conference] = [*platform.legs.values()]
        entities += platform.conferences.values()
        for entity in entities:
            for _, given_at_us in entity.commands:
                edge_us = given_at_us + window_us
                yield from (edge_us - 1, edge_us, edge_us + 1)


def is_to_send(at: Situation) -> bool:
    """Whether the first timer is that of a delivery."""
    timer = at.platform.agenda.first()
    return timer is not None and timer.name == SEND
