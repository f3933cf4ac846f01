"""One platform that real programs talk to: what is due goes in its turn, what is sent really is.

The platform and the world are those of a simulation; this is the driver whose queue is a heap and
whose clock may be real. Everything happens in one thread, between two awaits.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from heapq import heappop, heappush
from typing import Any, NamedTuple, Protocol

import orjson

from recsim.core.commands import Answer, Command, Fetched, Invite, Outcome, Request
from recsim.core.effects import Attempt, Effect, Fetch, Opened, Quiet, Respond
from recsim.core.entities import NEVER, CallLeg
from recsim.core.moments import iso_micros
from recsim.core.platform import Platform
from recsim.core.units import SECOND_US
from recsim.core.vendor import Encoded
from recsim.live.clock import Clock, Manual
from recsim.scenario.record import Record, Sinks
from recsim.scenario.run import Stage
from recsim.world.world import Turn, World

KEPT_LINES = 100_000
"""Lines of the trace that can still be asked for."""

MOST_UNDER_WAY = 10_000
"""Requests to other servers that have no answer yet; one more is refused at once."""

KEPT_SESSIONS = 10_000
"""Calls that REST still finds once they are over; the oldest are forgotten first."""


FULL = Answer(0, failure="refused")
"""What becomes of a request where too many are under way."""


class Outside(Protocol):
    """Whoever carries what is sent to real servers."""

    async def send(self, sent: Encoded, method: str, timeout_s: float) -> Answer:
        """Send, and return what was answered, or why nothing was."""

    async def close(self) -> None:
        """Nothing is sent any more."""


class Waiting(NamedTuple):
    """Something in the heap; entries compare by moment, then by the order in which they came."""

    at_us: int
    order: int
    cause: int
    command: Command | None
    turn: Turn | None


class Engine:
    """Plays a stage for as long as it is asked to.

    Call `start` in a running loop first, and `stop` at the end.
    """

    def __init__(self, staged: Stage, clock: Clock, outside: Outside) -> None:
        self.vendor, self.clock, self.outside = staged.vendor, clock, outside
        self.starts_at_us = staged.loaded.scenario.starts_at
        self.platform = Platform(staged.vendor)
        self.trace: deque[str] = deque(maxlen=KEPT_LINES)
        self.callbacks: deque[str] = deque(maxlen=KEPT_LINES)
        sinks = Sinks(self.trace.append, self.callbacks.append, lambda _: None)
        self.record = Record(staged.vendor, self.starts_at_us, sinks, None, staged.known)
        self.world = World(staged.plan, self._post, self.record.reached, by_hand=True)
        self._pages = staged.plan.pages
        self._fetch_of_world = self.world.react[Fetch]
        self.world.react[Fetch] = self._fetch
        self.world.react[Attempt] = self._attempt
        self._heap: list[Waiting] = []
        self._order = 0
        self._told = 0
        """Up to this seq, what happened was told by moving the clock."""
        self._flights: set[asyncio.Task[None]] = set()
        self._quiet: deque[int] = deque()
        self._changed = asyncio.Event()
        self._turn = asyncio.Lock()
        self._pump: asyncio.Task[None] | None = None
        self.failure: BaseException | None = None
        """What broke the engine: a bug, after which nothing can be trusted."""

    # Its life.

    def start(self) -> None:
        """Begin: the people of the scenario set out."""
        self.world.start()
        self._pump = asyncio.create_task(self._run())
        self._pump.add_done_callback(self._done)

    async def stop(self) -> None:
        """End: what is under way is given up."""
        tasks = [*self._flights, *([self._pump] if self._pump else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.outside.close()

    # What programs ask.

    def request(self, request: Request) -> Answer:
        """Answer a REST request, now."""
        effects = self.give(request)
        return next(effect.answer for effect in effects if isinstance(effect, Respond))

    def give(self, command: Command) -> list[Effect]:
        """Ask the platform something, now. Raises TriggerError where that can't be."""
        self.catch_up()
        at_us, seq = self.clock.now_us(), self.platform.seq + 1
        at_us = min(max(at_us, self.platform.now_us), self.platform.next_due_us)
        effects = self.platform.handle(at_us, command)
        self.record.asked(at_us, seq, 0, command)
        self._follow(at_us, seq + 1, effects)
        self._changed.set()
        return effects

    def call(self, invite: Invite) -> CallLeg:
        """Somebody calls, by hand: their leg. They do what they are told to."""
        self.world.comes(invite.session, ())
        effects = self.give(invite)
        opened = next(effect for effect in effects if isinstance(effect, Opened))
        return self.platform.legs[opened.leg]

    def later(self, after_us: int, command: Command) -> None:
        """Ask the platform something once so long has passed."""
        self._post(self.clock.now_us() + after_us, 0, command)
        self._changed.set()

    def name(self, leg: CallLeg) -> str:
        """What people call a leg: as its session, further ones with their number."""
        title = self.platform.sessions[leg.session].title
        return title if leg.n == 1 else f"{title}.{leg.n}"

    # Time.

    def at(self, at_us: int) -> str:
        """A moment as ISO 8601 text, with microseconds."""
        return iso_micros(self.starts_at_us + at_us)

    def next_us(self) -> int:
        """When something is due next; NEVER where nothing is."""
        first_us = self._heap[0].at_us if self._heap else NEVER
        return min(first_us, self.platform.next_due_us)

    @property
    def under_way(self) -> int:
        """So many requests to other servers have no answer yet."""
        return len(self._flights)

    def catch_up(self) -> None:
        """Do what is due by now."""
        now_us = self.clock.now_us()
        while self.next_us() <= now_us:
            self._step()

    async def move(self, to_us: int, *, only_next: bool = False) -> list[dict[str, Any]]:
        """Move a manual clock up to a moment; return the trace since it was moved last.

        Whatever is sent is waited for, within its timeout. `only_next`: no further than to what is
        due first. To NEVER: until nothing comes any more, and the clock stands where that was.
        """
        clock = self.clock
        assert isinstance(clock, Manual)
        async with self._turn:
            while True:
                await self._landed()
                due_us = self.next_us()
                if due_us > to_us or due_us == NEVER:
                    break
                clock.move(due_us)
                self.catch_up()
                if only_next:
                    await self._landed()
                    break
            if to_us != NEVER and not only_next:
                clock.move(to_us)
            before, self._told = self._told, self.platform.seq
            return self.lines(after=before)

    def lines(self, after: int = 0) -> list[dict[str, Any]]:
        """The lines of the trace with a higher seq, as far as they are kept."""
        found: list[dict[str, Any]] = []
        for text in reversed(self.trace):
            lines = [orjson.loads(line) for line in reversed(text.splitlines())]
            found += [line for line in lines if line["seq"] > after]
            if lines and lines[-1]["seq"] <= after:
                break
        return found[::-1]

    # How it goes on.

    async def _run(self) -> None:
        """Wake whenever something is due, or somebody changed something."""
        while True:
            self._changed.clear()
            self.catch_up()
            seconds = self.clock.seconds_until(self.next_us())
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait()
            except TimeoutError:
                pass

    async def _landed(self) -> None:
        """Wait until nothing is under way and all that was due by now is done."""
        self.catch_up()
        while self._flights:
            await asyncio.wait(self._flights)
            self.catch_up()
        if self.failure is not None:
            raise self.failure

    def _post(
        self, at_us: int, cause: int, command: Command | None, turn: Turn | None = None, /
    ) -> None:
        self._order += 1
        heappush(self._heap, Waiting(at_us, self._order, cause, command, turn))

    def _step(self) -> None:
        """Do what is due first; at a tie the world goes before timers."""
        due_us = self.platform.next_due_us
        if self._heap and self._heap[0].at_us <= due_us:
            self._comes(heappop(self._heap))
        else:
            seq = self.platform.seq + 1
            self._follow(due_us, seq, self.platform.advance(due_us))

    def _comes(self, waiting: Waiting) -> None:
        at_us, _, cause, command, who = waiting
        at_us = max(at_us, self.platform.now_us)
        if who is not None:
            command = self.world.turns[type(who)](at_us, cause, who)
        if command is None:
            return
        seq = self.platform.seq + 1
        effects = self.platform.handle(at_us, command)
        self.record.asked(at_us, seq, cause, command)
        if who is not None:
            self.world.acted(at_us, seq, who)
        self._follow(at_us, seq + 1, effects)

    def _follow(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        """What the world and the network do about `effects`, the first of which is `seq`."""
        self.record.saw(at_us, seq, effects)
        for n, effect in enumerate(effects, seq):
            if react := self.world.react.get(type(effect)):
                react(at_us, n, effect)
            if isinstance(effect, Quiet):
                self._quiet.append(effect.session)
        while len(self._quiet) > KEPT_SESSIONS:
            self._forget(self._quiet.popleft())

    def _forget(self, session: int) -> None:
        """A session is over for so long that nobody asks for it; it may have been woken since."""
        found = self.platform.sessions.get(session)
        if found is not None and not found.open:
            self.record.left(self.platform.now_us, self.platform.retire(session))

    def _fetch(self, at_us: int, seq: int, effect: Fetch) -> None:
        """Documents of the scenario are its own; all others are fetched."""
        if effect.url in self._pages:
            self._fetch_of_world(at_us, seq, effect)
            return
        self._send(at_us, seq, effect, 1, lambda answer: Fetched(effect.ticket, answer))

    def _attempt(self, at_us: int, seq: int, effect: Attempt) -> None:
        self._send(at_us, seq, effect, effect.n, lambda answer: Outcome(effect.ticket, answer))

    def _send(
        self,
        at_us: int,
        seq: int,
        effect: Attempt | Fetch,
        n: int,
        answered: Callable[[Answer], Command],
    ) -> None:
        """Send, without waiting; signatures tell real time, which is what receivers compare."""
        wall_us = int(time.time() * SECOND_US) - self.starts_at_us
        sent = self.vendor.encode(effect.message, effect.method, effect.url, n, wall_us)
        title = self.platform.sessions[effect.session].title
        is_sent = len(self._flights) < MOST_UNDER_WAY

        async def flight() -> None:
            begun_s = time.monotonic()
            answer = FULL
            if is_sent:
                timeout_s = effect.timeout_us / SECOND_US
                answer = await self.outside.send(sent, effect.method, timeout_s)
            took_us = int((time.monotonic() - begun_s) * SECOND_US)
            is_late = answer.failure == "timeout"
            landed_us = self.clock.landed_us(at_us, took_us)
            landed_us = at_us + effect.timeout_us if is_late else landed_us
            self.record.reached(at_us, title, seq, effect, answer)
            self._post(max(landed_us, self.platform.now_us), seq, answered(answer))
            self._changed.set()

        self._fly(flight())

    def _fly(self, flight: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(flight)
        self._flights.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._flights.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.failure = task.exception()
            self._changed.set()
