"""The parts of a situation as a key has them: what of each can influence what comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
from recsim.orders.situation import Item, Situation, is_open
from recsim.world.world import Client

if TYPE_CHECKING:
    from recsim.orders.keys import Keys

Encoded = tuple[Any, ...]
"""Integers, text, None and tuples of them."""

Names = Mapping[int, int]
"""What entities are called in a key, by their own keys; 0 is nobody."""


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
        elif self.keys.needs_sound(self.at, one) or policy.pause_is_filled:
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


def remaining(at_us: int, now_us: int) -> int:
    """How long from now; -1: never."""
    return -1 if at_us == NEVER else at_us - now_us
