"""What makes two situations the same: all that can influence what comes, and nothing else.

Moments count from now, entities are named by their place in their call, and what only was is left
out: so that a key says what may still happen, whatever led there. A key is a digest.

What is left out of a `whole` key, too, are numbers that nothing reads: seqs, causes, ids.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import groupby, permutations, product
from typing import Any

from recsim.core.entities import (
    IN_PROGRESS,
    PAUSED,
    Recording,
)
from recsim.core.story import Party
from recsim.orders.choices import SEND
from recsim.orders.parts import Encoded, Names, Parts, remaining
from recsim.orders.past import past
from recsim.orders.situation import ATTEMPT, FETCH, Situation

#: Names grow from the number of the call, the kind of the entity and its number in the call.
CALL, CONFERENCES, RECORDINGS = 3_000_000, 1_000_000, 2_000_000


class Keys:
    """Makes keys for the situations of one search."""

    def __init__(self, *, whole: bool = False, symmetric: bool = True) -> None:
        self.whole = whole
        """Keep what was, as far as anybody could see it, and not only what may come of it."""
        self.symmetric = symmetric and not whole
        """Calls in which the same may happen are the same, whichever of them it is."""
        self._numbers: dict[str, int] = {}
        self._seen: dict[tuple[int, int], tuple[Any, int]] = {}
        """By identity, each with what it is of, which therefore stays that."""

    def key(self, at: Situation) -> bytes:
        """The key of a situation."""
        orders = self._orders(at)
        told = min(marshal.dumps(self._encoded(at, order), 2) for order in orders)
        return blake2b(told, digest_size=16).digest()

    def number(self, value: Any) -> int:
        """A number for a lasting value that never changes; the same for those that are equal."""
        kept = self._seen.get((id(value), 0))
        if kept is None:
            # Rows of different types may be equal; their texts aren't.
            kept = self._seen[id(value), 0] = (value, self._numbered(repr(value)))
        return kept[1]

    def message(self, message: Any) -> int:
        """A number for what a message says, except when."""
        kept = self._seen.get((id(message), -1))
        if kept is None:
            number = self._numbered(repr(timeless(message)))
            kept = self._seen[id(message), -1] = (message, number)
        return kept[1]

    def rest(self, party: Party) -> int:
        """A number for what is left of a story."""
        story, at = party.story, party.at
        kept = self._seen.get((id(story), at + 1))
        if kept is None:
            kept = self._seen[id(story), at + 1] = (story, self._numbered(repr(story[at:])))
        return kept[1]

    def _numbered(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    def _orders(self, at: Situation) -> Iterable[Sequence[int]]:
        """The orders in which calls may be numbered: those that look alike, in any."""
        sessions = at.platform.sessions
        if not self.symmetric or len(sessions) < 2 or at.stage.plan.requests:
            return [sorted(sessions, key=lambda key: sessions[key].title)]
        timers: dict[int, list[tuple[int, str]]] = {}
        for timer in at.platform.agenda.armed():
            timers.setdefault(timer.entity, []).append((timer.due_us, timer.name))
        looks = {key: self._look(at, key, timers) for key in sessions}
        groups = groupby(sorted(sessions, key=looks.__getitem__), looks.__getitem__)
        ways = [tuple(permutations(group)) for _, group in groups]
        return [sum(way, ()) for way in product(*ways)]

    def _look(
        self, at: Situation, key: int, timers: Mapping[int, list[tuple[int, str]]]
    ) -> tuple[Any, ...]:
        """How a call looks from outside: enough to tell most of them apart."""
        platform, parties = at.platform, at.world.parties()
        session = platform.sessions[key]
        legs = [
            (leg, platform.legs[leg].status, platform.legs[leg].at, timers.get(leg, []))
            for leg in session.legs
        ]
        recordings = [
            (platform.recordings[one].status, timers.get(one, [])) for one in session.recordings
        ]
        return (
            session.open,
            len(session.conferences),
            [(*rest, parties[leg].at if leg in parties else -1) for leg, *rest in legs],
            recordings,
        )

    def _encoded(self, at: Situation, order: Sequence[int]) -> Encoded:
        """All of a situation, its calls in an order."""
        platform, now_us = at.platform, at.platform.now_us
        names = self._names(at, order)
        recordings = [
            one for one in platform.recordings.values() if one.status in (IN_PROGRESS, PAUSED)
        ]
        heard = [one.started_at_us for one in recordings if self.needs_sound(at, one)]
        since_us = min(heard, default=now_us)
        parts = Parts(self, at, names, since_us)
        watch = at.watch
        return (
            at.faults,
            at.is_fresh,
            at.after_timer,
            at.world.to_come(),
            tuple(self._session(at, names, key) for key in order),
            tuple(parts.leg(leg) for leg in by_name(platform.legs, names)),
            tuple(parts.conference(one) for one in by_name(platform.conferences, names)),
            tuple(parts.recording(one) for one in by_name(platform.recordings, names)),
            tuple(sorted(parts.delivery(one) for one in platform.deliveries.values())),
            tuple(
                sorted(
                    (
                        names[fetch.leg],
                        platform.legs[fetch.leg].fetch == key,
                        fetch.url,
                        fetch.fallback_url,
                        fetch.fallback_method,
                    )
                    for key, fetch in platform.fetches.items()
                )
            ),
            tuple(
                (timer.due_us - now_us, names[timer.entity], timer.name)
                for timer in platform.agenda.armed()
                if timer.name != SEND
            ),
            tuple((name, names[key]) for name, key in sorted(platform.rooms.items())),
            tuple(
                (name, *(names[leg] for leg in legs))
                for waiting in (platform.queues, platform.takers)
                for name, legs in sorted(waiting.items())
            ),
            tuple(sorted(parts.item(item) for item in at.items)),
            tuple(
                sorted(
                    (ticket.kind, names[platform.fetches[ticket.key].leg], ticket.about,
                     remaining(ticket.deadline_us, now_us))
                    if ticket.kind == FETCH
                    else (ticket.kind, names[ticket.key], "", -1)
                    for ticket in at.tickets
                    if ticket.kind != ATTEMPT
                )
            ),
            tuple(sorted(at.world.waiting())),
            tuple(sorted(self.message(message) for message in watch.subscribed.owed)),
            tuple(sorted(names[key] for key in watch.subscribed.waiting)),
            tuple(
                sorted(
                    (names[key], self.message(message))
                    for key, message in watch.subscribed.unrecorded.items()
                )
            ),
            (watch.calling.owed, watch.conferring.unannounced, watch.hooks.owed),
            tuple(sorted(names.get(key, 0) for key in watch.links.told.values())),
            tuple(n for n, claim in enumerate(watch.claims) if claim in watch.seen),
            past(platform, names) if self.whole else (),
        )  # fmt: skip

    def _names(self, at: Situation, order: Sequence[int]) -> dict[int, int]:
        """What every entity is called."""
        platform, names = at.platform, {0: 0}
        for n, key in enumerate(order, 1):
            session, base = platform.sessions[key], n * CALL
            names[key] = base
            for leg in session.legs:
                names[leg] = base + platform.legs[leg].n
            for one in session.conferences:
                names[one] = base + CONFERENCES + platform.conferences[one].n
            for one in session.recordings:
                names[one] = base + RECORDINGS + platform.recordings[one].n
        return names

    def _session(self, at: Situation, names: Names, key: int) -> Encoded:
        session = at.platform.sessions[key]
        if self.symmetric and not at.stage.plan.requests:
            return (session.open,)
        return (session.title, session.open)

    def needs_sound(self, at: Situation, recording: Recording) -> bool:
        """Whether what was heard decides what becomes of a recording."""
        policy = at.platform.policy
        return self.whole or recording.settings.is_trimmed or policy.discards_silent


def by_name(entities: Mapping[int, Any], names: Names) -> list[Any]:
    """Entities in the order of their names."""
    return [entities[key] for key in sorted(entities, key=names.__getitem__)]


def timeless(value: Any) -> Any:
    """A row without its moments and lengths."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return (
            type(value).__name__,
            *(
                timeless(part)
                for name, part in zip(value._fields, value, strict=True)
                if not name.endswith("_us")
            ),
        )
    return value
