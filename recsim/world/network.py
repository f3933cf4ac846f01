"""Between the vendor and whoever takes callbacks: what is lost, late or repeated, and answered."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import NamedTuple

from recsim.core.commands import Answer, Outcome, Request
from recsim.core.effects import Attempt, Fetch
from recsim.world.draws import Draws
from recsim.world.links import Told
from recsim.world.plan import Network, Plan, asks_nothing

TIMEOUT = Answer(0, failure="timeout")
REFUSED = Answer(0, failure="refused")
LOST = Answer(0, failure="lost")

NOBODY_WAITS = -1

Reached = Callable[[int, str, int, Attempt | Fetch, Answer], None]
"""Called with the moment, the call, the seq of what was sent, itself, and what became of it."""


class Arrival(NamedTuple):
    """An attempt on its way."""

    call: str
    attempt: Attempt
    answer_us: int
    """From arrival to answer."""
    deadline_us: int
    """Until then the platform waits for the answer; NOBODY_WAITS for one to a copy."""
    answer: Answer
    """Where the receiver is up."""


class Courier:
    """Carries attempts to the receiver of a plan, and back what it answers.

    Everything is drawn when an attempt is sent: a session may be forgotten before it arrives.
    """

    def __init__(
        self,
        plan: Plan,
        draws: Draws,
        post: Callable[..., None],
        told: Told,
        reached: Reached | None,
    ) -> None:
        self.network, self.receiver = plan.network, plan.receiver
        self.draws, self.post, self.told, self.reached = draws, post, told, reached
        self.is_read = plan.links is not None or plan.receiver.asks is not asks_nothing
        """Somebody reads what an attempt says."""
        self.send = self._send_at_once if plan.network == Network() else self._send
        """An attempt goes out: its moment, its seq and itself."""
        self.fates, self.turns = iter(plan.network.arrivals), iter(plan.receiver.in_order)

    def _send_at_once(self, at_us: int, seq: int, effect: Attempt) -> None:
        """As `_send`, over a network that does nothing."""
        answer_us, answer = self._answered(effect)
        call, deadline_us = self.draws.titles[effect.session], at_us + effect.timeout_us
        self.arrive(at_us, seq, Arrival(call, effect, answer_us, deadline_us, answer))

    def _send(self, at_us: int, seq: int, effect: Attempt) -> None:
        draws, session = self.draws, effect.session
        call, deadline_us = draws.titles[session], at_us + effect.timeout_us
        after_us = next(self.fates, None)
        if after_us is None:
            after_us = self._drawn(session)
        if not after_us:
            self.post(deadline_us, seq, Outcome(effect.ticket, TIMEOUT))
            if self.reached is not None:
                self.reached(at_us, call, seq, effect, LOST)
            return
        answer_us, answer = self._answered(effect)
        arrives_us = at_us + after_us[0]
        if arrives_us > deadline_us:
            self.post(deadline_us, seq, Outcome(effect.ticket, TIMEOUT))
        self.post(arrives_us, seq, None, Arrival(call, effect, answer_us, deadline_us, answer))
        for copy_us in after_us[1:]:
            self.post(at_us + copy_us, seq, None, Arrival(call, effect, 0, NOBODY_WAITS, answer))

    def _answered(self, effect: Attempt) -> tuple[int, Answer]:
        """How long the receiver takes for an attempt, and what it answers."""
        after_us, answer = next(self.turns, (None, None))
        if after_us is None:
            after_us = self.draws.length(self.receiver.delay, "receiver", effect.session)
        return after_us, answer or self.receiver.answer(effect.n)

    def fork(self, draws: Draws, post: Callable[..., None], told: Told) -> Courier:
        """A courier of a fork of the world, which has come as far."""
        other = copy(self)
        other.draws, other.post, other.told = draws, post, told
        other.fates, other.turns = copy(self.fates), copy(self.turns)
        other.send = other._send_at_once if self.network == Network() else other._send
        return other

    def _drawn(self, session: int) -> tuple[int, ...]:
        """When an attempt arrives, since it was sent, and when its copy does; empty: it is lost."""
        network, draws = self.network, self.draws
        if draws.happens(network.loss, "loss", session):
            return ()
        after_us = draws.length(network.latency, "network", session)
        if draws.happens(network.duplicates, "duplicate", session):
            return after_us, draws.length(network.latency, "copy", session)
        return (after_us,)

    def arrive(self, at_us: int, seq: int, arrival: Arrival) -> None:
        """An attempt is there: the receiver takes it, asks what it asks, and answers."""
        call, effect, answer_us, deadline_us, answer = arrival
        down = self.receiver.down
        if down and down.from_us <= at_us < down.until_us:
            answer = REFUSED
        if self.is_read and answer.failure != "refused":
            answer_us = max(answer_us, self._take(at_us, seq, call, effect))
        answered_us = at_us + answer_us
        is_late = answered_us > deadline_us or answer.failure == "timeout"
        if is_late and deadline_us != NOBODY_WAITS:
            answer, answered_us = TIMEOUT, deadline_us
        if at_us <= deadline_us:
            self.post(answered_us, seq, Outcome(effect.ticket, answer))
        if self.reached is not None:
            self.reached(at_us, call, seq, effect, answer)

    def _take(self, at_us: int, seq: int, call: str, effect: Attempt) -> int:
        """The receiver reads an attempt, and asks what it asks; return until when, from now."""
        self.told.message(effect.message)
        held_us = 0
        for ask in self.receiver.asks(effect):
            held_us = max(held_us, ask.after_us)
            if isinstance(ask.request, Request):
                self.post(at_us + ask.after_us, seq, ask.request)
            else:
                self.told.not_made(at_us, call, ask.request)
        return held_us
