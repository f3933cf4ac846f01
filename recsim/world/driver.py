"""The SimPy driver: two queues, one clock. The only module that imports `simpy`.

SimPy's queue holds what people, networks, receivers and storage are going to do, the platform's
agenda its timers. Whichever is due first goes; at a tie SimPy's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import simpy

from recsim.core.commands import Answer, Command
from recsim.core.effects import Attempt, Effect, Fetch, Quiet
from recsim.core.entities import NEVER
from recsim.core.platform import Final, Platform
from recsim.world.plan import Plan
from recsim.world.world import Turn, World


class Observer(Protocol):
    """Whoever watches a run; what they do changes nothing in it."""

    def asked(self, at_us: int, seq: int, cause: int, command: Command) -> None:
        """A command was given, numbered `seq`, because of `cause`."""

    def saw(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        """What followed from a command or a timer; the first is numbered `seq`."""

    def reached(
        self, at_us: int, call: str, seq: int, effect: Attempt | Fetch, answer: Answer
    ) -> None:
        """What was sent under `seq` has arrived, perhaps once more, or was lost on its way.

        `answer` is what became of it. Called after `saw` was told of the effect.
        """

    def left(self, at_us: int, final: Final) -> None:
        """A session was retired."""


class Both:
    """Two observers, one after the other."""

    def __init__(self, first: Observer, second: Observer) -> None:
        self.first, self.second = first, second

    def asked(self, at_us: int, seq: int, cause: int, command: Command) -> None:
        """As an Observer."""
        self.first.asked(at_us, seq, cause, command)
        self.second.asked(at_us, seq, cause, command)

    def saw(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        """As an Observer."""
        self.first.saw(at_us, seq, effects)
        self.second.saw(at_us, seq, effects)

    def reached(
        self, at_us: int, call: str, seq: int, effect: Attempt | Fetch, answer: Answer
    ) -> None:
        """As an Observer."""
        self.first.reached(at_us, call, seq, effect, answer)
        self.second.reached(at_us, call, seq, effect, answer)

    def left(self, at_us: int, final: Final) -> None:
        """As an Observer."""
        self.first.left(at_us, final)
        self.second.left(at_us, final)


class Later:
    """Something in SimPy's queue: what a Timeout is, without its process and its value."""

    __slots__ = ("at_us", "callbacks", "cause", "what")

    _ok = True

    def __init__(
        self, callbacks: tuple[Callable[[Later], None]], at_us: int, cause: int, what: Any
    ) -> None:
        self.callbacks, self.at_us, self.cause, self.what = callbacks, at_us, cause, what


class Driver:
    """Plays a plan against a platform until nothing comes any more."""

    def __init__(
        self,
        platform: Platform,
        plan: Plan,
        observer: Observer | None = None,
        *,
        retires: bool = True,
    ) -> None:
        self.platform, self.observer = platform, observer
        self.retires = retires
        """Forget sessions once quiet; without it, requests still find them until the end."""
        self.world = World(plan, self._post, observer.reached if observer else None)
        self.env = simpy.Environment(initial_time=0)
        self._now_us = 0
        """Where SimPy's clock stands."""
        self._doors = ((self._comes,), (self._turns,))
        self._quiet: dict[int, None] = {}

    def run(self) -> None:
        """Play to the end."""
        platform, agenda = self.platform, self.platform.agenda
        peek, step, advance, follow = self.env.peek, self.env.step, platform.advance, self._follow
        self.world.start()
        while True:
            due_us = agenda.next_due_us
            if peek() <= due_us:
                step()
            elif due_us < NEVER:
                follow(due_us, platform.seq + 1, advance(due_us))
            else:
                break
        for session in self._quiet:
            self._left(platform.now_us, session)

    def _post(
        self, at_us: int, cause: int, command: Command | None, turn: Turn | None = None, /
    ) -> None:
        """Into SimPy's queue, which counts from its own clock: where its last event stood."""
        event: Any = Later(self._doors[turn is not None], at_us, cause, turn or command)
        self.env.schedule(event, delay=at_us - self._now_us)

    def _comes(self, event: Later) -> None:
        """The moment of a command has come."""
        self._now_us = at_us = event.at_us
        command, seq = event.what, self.platform.seq + 1
        effects = self.platform.handle(at_us, command)
        if self.observer is not None:
            self.observer.asked(at_us, seq, event.cause, command)
        self._follow(at_us, seq + 1, effects)

    def _turns(self, event: Later) -> None:
        """Somebody's turn has come."""
        self._now_us = at_us = event.at_us
        who, seq = event.what, self.platform.seq + 1
        command = self.world.turns[type(who)](at_us, event.cause, who)
        if command is None:
            return
        effects = self.platform.handle(at_us, command)
        if self.observer is not None:
            self.observer.asked(at_us, seq, event.cause, command)
        self.world.acted(at_us, seq, who)
        self._follow(at_us, seq + 1, effects)

    def _follow(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        """What the world does about `effects`, the first of which is numbered `seq`."""
        if self.observer is not None:
            self.observer.saw(at_us, seq, effects)
        react, n, kind = self.world.react, seq, None
        for effect in effects:
            kind = type(effect)
            if kind in react:
                react[kind](at_us, n, effect)
            n += 1
        if kind is Quiet:
            self._fell_quiet(at_us, effects)

    def _fell_quiet(self, at_us: int, effects: list[Effect]) -> None:
        """Sessions are quiet: let go of them, now or at the end."""
        for effect in effects:
            if type(effect) is Quiet:
                if self.retires:
                    self._left(at_us, effect.session)
                else:
                    self._quiet[effect.session] = None

    def _left(self, at_us: int, session: int) -> None:
        final = self.platform.retire(session)
        if self.observer is not None:
            self.observer.left(at_us, final)
