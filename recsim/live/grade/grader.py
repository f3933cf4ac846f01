"""One grading: callbacks go out signed, answers come back, the probe is asked what was kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from recsim.core.vendor import Encoded
from recsim.live.grade.material import Kitchen
from recsim.live.grade.parts import Callback, GradeError, Kept, Settings, Step
from recsim.live.grade.probe import Probe
from recsim.live.grade.shelf import File, Gate, Shelf
from recsim.live.outside import Network
from recsim.vendors.telnyx.signing import Signer
from recsim.vendors.telnyx.words import SECOND_US

PATIENCE = 5
"""Answers are waited for so many times as long as the vendor would: late isn't wrong."""

LOOK_S = 0.02
"""From one look at the probe to the next."""

SECOND_LOOK = 0.1
"""Share of the settling time after which what seems right is looked at again."""

DOWNLOADS = 5
"""A download may begin after so many times the settling time."""

SHOWN = 200
"""Characters of an answer that are kept."""

COMPLETED, ABSENT, IN_PROGRESS = "completed", "absent", "in-progress"


class Signing(NamedTuple):
    """How a callback is signed."""

    note: str = ""
    by_stranger: bool = False
    """With a key that isn't ours."""
    age_s: int = 0
    """So long ago."""
    body: str = ""
    """What is sent in place of what was signed."""
    is_left_out: bool = False


RIGHTLY = Signing()


class Played(NamedTuple):
    """A recording about which callbacks came in some order."""

    order: tuple[str, ...]
    steps: tuple[Step, ...]

    def first(self, word: str) -> Step | None:
        """The first delivery of a word."""
        return next((step for step in self.steps if step.word == word), None)


class Grader:
    """What checks are made with."""

    def __init__(
        self, settings: Settings, network: Network, shelf: Shelf, probe: Probe | None
    ) -> None:
        self.settings, self.network, self.shelf, self.probe = settings, network, shelf, probe
        self.kitchen = Kitchen(settings.url, shelf.bucket, settings.seed)
        self.signer = Signer(settings.seed)
        self._stranger = Signer(settings.seed + 1)
        self._orders: dict[tuple[str, tuple[str, ...]], Played] = {}

    # Callbacks.

    def fresh(
        self, recipe: str, check: str, *, method: str = "", ago_s: int = 0
    ) -> tuple[Callback, ...]:
        """The callbacks of a call that there never was before, their audio in its place."""
        made = self.kitchen.made(recipe, check, method or self.settings.method, ago_s)
        for callback in made:
            self.put(callback)
        return made

    def put(self, callback: Callback, error: str = "", gate: Gate | None = None) -> None:
        """What is behind the link of a callback, if it has one: as a File has it."""
        if url := callback.params.get("RecordingUrl"):
            length_s = int(callback.params.get("RecordingDuration", 1))
            self.shelf.put(url, File(length_s, error, gate))

    def signed(self, callback: Callback, signing: Signing = RIGHTLY) -> Encoded:
        """A callback as it goes out now."""
        sent = Encoded(callback.url, callback.headers, callback.body, ())
        if not signing.is_left_out:
            signer = self._stranger if signing.by_stranger else self.signer
            sent = signer.signed(sent, int((time.time() - signing.age_s) * SECOND_US))
        return sent._replace(body=signing.body) if signing.body else sent

    async def send(
        self, callback: Callback, signing: Signing = RIGHTLY, *, timeout_s: float = 0
    ) -> Step:
        """Send it, and wait for the answer; with no `timeout_s`, patiently."""
        sent = self.signed(callback, signing)
        waits_s = timeout_s or PATIENCE * self.settings.timeout_s
        begun_s = time.monotonic()
        answer = await self.network.send(sent, callback.method, waits_s)
        return Step(
            callback.word,
            callback.sid,
            callback.method,
            self.settings.url if callback.method == "GET" else callback.url,
            signing.note,
            answer.status,
            answer.failure,
            time.monotonic() - begun_s,
            answer.body[:SHOWN],
        )

    # What was kept.

    async def rows(self, sid: str) -> tuple[Kept, ...]:
        """What is kept of a recording; nothing, where the probe doesn't answer any more."""
        assert self.probe is not None
        try:
            return tuple(row for row in await self.probe.rows() if row.sid == sid)
        except GradeError:
            return ()

    async def settled(
        self, step: Step, held: Callable[[tuple[Kept, ...]], bool], *, twice: bool = True
    ) -> Step:
        """The step with what is kept of its recording, once `held` is so, or never will be.

        What is so at once may be undone by work that goes on after the answer: it is looked at
        `twice`.
        """
        if self.probe is None:
            return step
        until_s = time.monotonic() + self.settings.settle_s
        while True:
            rows = await self.rows(step.sid)
            if held(rows) and not twice:
                break
            if held(rows):
                await asyncio.sleep(SECOND_LOOK * self.settings.settle_s)
                rows = await self.rows(step.sid)
                if held(rows):
                    break
            if time.monotonic() >= until_s:
                break
            await asyncio.sleep(LOOK_S)
        return step._replace(kept=rows)

    async def fetched(self, url: str) -> bool:
        """Whether somebody downloads from a link, now or before long; jobs may wait their turn."""
        until_s = time.monotonic() + DOWNLOADS * self.settings.settle_s
        while not (so := self.shelf.was_asked(url)) and time.monotonic() < until_s:  # noqa: ASYNC110 - set in threads
            await asyncio.sleep(LOOK_S)
        return so

    # Whole recordings.

    async def deliver(self, callbacks: Sequence[Callback]) -> Played:
        """Send callbacks one after another; what is kept is looked at after each."""
        steps: list[Step] = []
        sent: set[tuple[str, str]] = set()
        ended: dict[str, str] = {}
        late: set[str] = set()
        """What was not kept in time, and isn't waited for again."""
        for n, callback in enumerate(callbacks, 1):
            again = (callback.sid, callback.word) in sent
            sent.add((callback.sid, callback.word))
            step = await self.send(callback, Signing("again") if again else RIGHTLY)
            if callback.word in (COMPLETED, ABSENT):
                ended.setdefault(callback.sid, callback.word)
            status, is_last = ended.get(callback.sid, ""), n == len(callbacks)
            if status or (callback.sid and is_last):
                held = partial(is_kept, status="" if callback.sid in late else status)
                step = await self.settled(step, held, twice=is_last)
                if step.kept is not None and not is_kept(step.kept, status):
                    late.add(callback.sid)
            steps.append(step)
        return Played(tuple(step.word for step in steps), tuple(steps))

    async def order(self, recipe: str, order: tuple[str, ...]) -> Played:
        """Callbacks of one recording in an order, each word as often as it stands in it.

        The same order isn't played twice: several checks look at it.
        """
        found = self._orders.get((recipe, order))
        if found is None:
            made = {one.word: one for one in self.fresh(recipe, "order")}
            found = await self.deliver([made[word] for word in order])
            self._orders[recipe, order] = found
        return found


def is_kept(rows: Iterable[Kept], status: str) -> bool:
    """Whether a recording is kept as it should be once it ended so; empty: it hasn't.

    An absent one may be kept by nobody.
    """
    statuses = {row.status for row in rows}
    if status == ABSENT:
        return not statuses & {IN_PROGRESS, COMPLETED} or ABSENT in statuses
    return not status or status in statuses
