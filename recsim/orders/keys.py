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

from recsim.core.capture import total
from recsim.core.commands import Fetched, Invite, Outcome
from recsim.core.entities import (
    IN_PROGRESS,
    NEVER,
    PAUSED,
    CallLeg,
    Conference,
    Delivery,
    Member,
    Recording,
)
from recsim.core.story import Party
from recsim.core.verbs.conference import Conferring
from recsim.core.verbs.dial import Dialing
from recsim.core.verbs.queue import Queued, Taking
from recsim.core.verbs.record import Recorded
from recsim.orders.choices import SEND
from recsim.orders.past import past
from recsim.orders.situation import ATTEMPT, FETCH, Item, Situation, is_open
from recsim.world.world import Client

Encoded = tuple[Any, ...]
"""Integers, text, None and tuples of them."""

Names = Mapping[int, int]
"""What entities are called in a key, by their own keys; 0 is nobody."""

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
        heard = [one.started_at_us for one in recordings if self._needs_sound(at, one)]
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

    def _needs_sound(self, at: Situation, recording: Recording) -> bool:
        """Whether what was heard decides what becomes of a recording."""
        policy = at.platform.policy
        return self.whole or recording.settings.is_trimmed or policy.discards_silent


class Parts:
    """Encodes the parts of one situation."""

    def __init__(self, keys: Keys, at: Situation, names: Names, since_us: int) -> None:
        self.keys, self.at, self.names, self.since_us = keys, at, names, since_us
        """What was heard before `since_us` decides nothing any more."""
        self.now_us = at.platform.now_us
        self.number = keys.number
        self.lost = {
            item.command.ticket: item.at_us - self.now_us
            for item in at.items
            if isinstance(item.command, Outcome)
        }
        """When deliveries will have no answer, by key."""

    def leg(self, leg: CallLeg) -> Encoded:
        """A leg, its document and its party."""
        names, number = self.names, self.number
        outer, party = leg.outer, self.at.world.parties().get(leg.key)
        parent = self.at.platform.legs.get(leg.parent)
        is_waited_for = parent is not None and parent.ended_at_us == NEVER
        return (
            names[leg.key],
            names.get(leg.parent, 0),
            leg.status,
            leg.direction,
            leg.ended_by,
            leg.answered_at_us != NEVER,
            self.ago(leg.ended_at_us) if is_waited_for else leg.ended_at_us != NEVER,
            number(leg.setup),
            leg.to,
            leg.document_url,
            -1 if leg.document is None else number(leg.document),
            leg.at,
            -1 if leg.verb is None else number(leg.verb),
            self.progress(leg.progress),
            outer
            and (
                -1 if outer.document is None else number(outer.document),
                outer.url,
                outer.at,
                number(outer.verb),
                self.progress(outer.progress),
            ),
            leg.fetch != 0,
            leg.fetches,
            tuple((command, self.ago(at_us)) for command, at_us in leg.commands),
            self.edges(leg.speech),
            self.edges(leg.sound),
            names[leg.peer],
            self.clipped(leg.bridged_at_us),
            self.intervals(leg.heard),
            names[leg.conference],
            party and (self.keys.rest(party), party.has_set_out),
            tuple(names[one] for one in leg.recordings),
        )

    def conference(self, one: Conference) -> Encoded:
        """A conference and who is in it."""
        names, number = self.names, self.number
        return (
            names[one.key],
            names.get(one.leg, 0),
            one.room,
            one.most,
            number(one.subscription),
            one.status,
            names.get(one.moved_by, 0),
            tuple(names[leg] for leg in one.dialed),
            tuple(map(self.member, one.members)),
            tuple(
                (names.get(voice.leg, 0), self.clipped(voice.from_us), self.ago(voice.until_us),
                 self.intervals(voice.spoke))
                for voice in one.voices
                if voice.until_us > self.since_us
            ),
            -1 if one.wish is None else number(one.wish),
            one.is_asked,
            tuple((command, self.ago(at_us)) for command, at_us in one.commands),
            tuple(names[key] for key in one.recordings),
        )  # fmt: skip

    def member(self, one: Member) -> Encoded:
        """Somebody who is in a conference."""
        speech = self.at.platform.legs[one.leg].speech
        return (
            self.names[one.leg],
            one.label,
            one.starts,
            one.ends,
            one.tone_on_enter,
            one.tone_on_exit,
            one.is_muted,
            one.is_held,
            self.names.get(one.coaches, 0),
            self.clipped(one.heard_from_us),
            self.clipped(one.hears_from_us),
            len(speech) % 2 and speech[-1] >= one.heard_from_us,
        )

    def recording(self, one: Recording) -> Encoded:
        """A recording: what of it decides how it ends."""
        policy, settings = self.at.platform.policy, one.settings
        state = one.status in (IN_PROGRESS, PAUSED)
        how: Encoded
        if not state:
            how = (one.lacks, one.kept == (), one.length_us >= policy.minimum_us,
                   one.length_us == total(one.kept), one.ended_at_us == NEVER)  # fmt: skip
        elif self.keys._needs_sound(self.at, one) or policy.pause_is_filled:
            how = (
                self.ago(one.started_at_us),
                self.ago(one.capturing_since_us),
                self.ago(one.paused_since_us),
                self.intervals(one.captured),
                self.intervals(one.paused),
            )
        else:
            since_us = one.capturing_since_us
            so_far_us = total(one.captured) + (0 if since_us == NEVER else self.now_us - since_us)
            if not settings.limit_us or since_us != NEVER:  # else the timer knows
                so_far_us = min(so_far_us, policy.minimum_us)
            paused_us = total(one.paused) if policy.limit_counts_paused else 0
            how = (so_far_us, since_us == NEVER, paused_us, self.is_then(one.paused_since_us))
        return (
            self.names[one.key],
            self.names.get(one.leg, 0),
            self.names.get(one.conference, 0),
            self.number(settings),
            one.source,
            one.status,
            one.only_rings,
            one.spoken,
            how,
        )

    def delivery(self, one: Delivery) -> Encoded:
        """A message on its way."""
        due_us = self.at.platform.agenda.due_us(one.key, SEND)
        waits = [ticket for ticket in self.at.tickets if ticket.key == one.key]
        return (
            self.names[one.session],
            self.keys.message(one.message),
            self.number(one.urls),
            one.status,
            one.at,
            one.tries,
            one.redirects,
            one.location,
            one.asked_us,
            remaining(due_us, self.now_us),
            self.lost.get(one.key, -1),
            *(remaining(ticket.deadline_us, self.now_us) for ticket in waits),
        )

    def item(self, item: Item) -> Encoded:
        """Something that is to come."""
        at_us = -1 if is_open(item) else item.at_us - self.now_us
        if isinstance(item.turn, Party):
            is_own = self.at.world.parties().get(item.turn.leg) is item.turn
            return (at_us, "party", self.names.get(item.turn.leg, 0), int(is_own),
                    0 if is_own else self.keys.rest(item.turn))  # fmt: skip
        if isinstance(item.turn, Client):
            return (at_us, "client", item.turn.n, 0, 0)
        command = item.command
        if isinstance(command, Invite):
            return (at_us, "invite", self.number(command), 0, 0)
        if isinstance(command, Outcome):
            return (at_us, "outcome", 0, 0, 0)
        if isinstance(command, Fetched):
            fetch = self.at.platform.fetches.get(command.ticket)
            return (at_us, "fetched", self.names.get(fetch.leg, 0) if fetch else 0, 0, 0)
        return (at_us, "request", self.number(command), 0, 0)

    def progress(self, progress: Any) -> Any:
        """How far a verb has come; moments that are only told later are left out."""
        names = self.names
        told: Any = None if progress is None else repr(progress)
        match progress:
            case Recorded():
                told = (names[progress.recording], progress.digit)
            case Dialing():
                legs = tuple(names[leg] for leg in progress.legs)
                told = (legs, names[progress.answered], names[progress.recording])
            case Conferring():
                heard = self.is_then(progress.heard_since_us)
                is_in = progress.since_us != NEVER
                told = (is_in, progress.music, progress.method, heard, progress.is_once)
            case Queued():
                heard = self.is_then(progress.heard_since_us)
                told = (heard, names.get(progress.taken_by, 0), progress.result)
            case Taking():
                told = (names.get(progress.leg, 0),)
        return told

    def ago(self, at_us: int) -> int | None:
        """How long ago, or how long from now."""
        return None if at_us == NEVER else at_us - self.now_us

    def is_then(self, at_us: int) -> int:
        """Whether it is never, now, or was before."""
        return 2 if at_us == NEVER else at_us == self.now_us

    def clipped(self, at_us: int) -> int | None:
        """A moment since when something is heard, where that matters."""
        return None if at_us == NEVER else max(at_us, self.since_us) - self.now_us

    def edges(self, edges: tuple[int, ...]) -> Encoded:
        """Edges of sound: those that matter, and whether there is sound now."""
        now_us = self.now_us
        late = tuple(edge_us - now_us for edge_us in edges if edge_us > self.since_us)
        return (len(edges) % 2, *late)

    def intervals(self, intervals: tuple[tuple[int, int], ...]) -> Encoded:
        """Stretches, as far as they matter."""
        now_us, since_us = self.now_us, self.since_us
        return tuple(
            (max(start, since_us) - now_us, end - now_us)
            for start, end in intervals
            if end > since_us
        )


def by_name(entities: Mapping[int, Any], names: Names) -> list[Any]:
    """Entities in the order of their names."""
    return [entities[key] for key in sorted(entities, key=names.__getitem__)]


def remaining(at_us: int, now_us: int) -> int:
    """How long from now; -1: never."""
    return -1 if at_us == NEVER else at_us - now_us


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
