"""The platform: dispatch, the work list, and the numbering of everything.

What each entity does is told in its own module; which move is legal, in the vendor's tables.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from recsim.core import conferences, delivery, flow, legs, recordings, webhooks
from recsim.core.agenda import Agenda
from recsim.core.commands import (
    Answered,
    Command,
    Fetched,
    HungUp,
    Invite,
    Outcome,
    Pressed,
    Refused,
    Request,
    Ringing,
    Speech,
    Stored,
    Transferred,
)
from recsim.core.documents import Document, Row
from recsim.core.effects import Due, Effect, Move, Quiet, Respond
from recsim.core.entities import (
    NEVER,
    CallLeg,
    CallSession,
    Conference,
    Delivery,
    Fetching,
    Recording,
    twin,
)
from recsim.core.errors import ClockError
from recsim.core.lifecycle import Coupling, LeanEvent, Lifecycle
from recsim.core.vendor import Policy, Vendor
from recsim.core.verbs import conference, dial, gather, queue, record, refer
from recsim.core.verbs.base import Go


class Final(NamedTuple):
    """What a retired session leaves."""

    session: CallSession
    legs: tuple[CallLeg, ...]
    recordings: tuple[Recording, ...]
    """In the order they were made."""
    conferences: tuple[Conference, ...]


def requested(platform: Platform, command: Request) -> None:
    """A REST client asks; the answer is the last thing this brings about, before couplings."""
    answer = platform.vendor.answer(platform, command)
    platform.emit(Respond(platform.cause, answer))


#: What does a command, by its type.
DO: dict[type[Any], Callable[[Platform, Any], None]] = {
    Invite: legs.invite,
    Ringing: legs.ringing,
    Answered: legs.taken,
    Refused: legs.refused,
    Transferred: refer.transferred,
    HungUp: legs.hung_up,
    Pressed: flow.pressed,
    Speech: flow.spoke,
    Request: requested,
    Fetched: flow.fetched,
    Outcome: delivery.outcome,
    Stored: recordings.stored,
}

#: What a timer does, by its name.
DUE: dict[str, Callable[[Platform, int], None]] = {
    "verb": flow.verb_due,
    "prompt": gather.prompt_due,
    "ring": legs.ring_due,
    "tones": legs.tones_due,
    "time limit": legs.limit_due,
    "queue": queue.wait_due,
    "stay": conference.stay_due,
    "conference": conferences.limit_due,
    "beep": recordings.beep_ended,
    "limit": recordings.limit_reached,
    "silence": recordings.fell_silent,
    "retention": recordings.retained,
    "send": delivery.send_due,
}

#: Whom a coupling means, by its relation.
RELATIONS: dict[str, Callable[[Platform, Any, str], None]] = {
    "leg bridged with it": legs.part,
    "recordings of the leg": recordings.push,
    "legs that ring with it": dial.push_others,
    "legs that it dialed": dial.push_dialed,
    "recording of its dial": dial.push_recording,
    "dial that called it": dial.released,
    "conference that it is in": conference.left,
    "recordings of the conference": recordings.push,
    "participants of the conference": conference.connect,
    "participants, if a request ended it": conferences.push_hung_up,
    "legs dialed for it": conferences.push_dialed,
    "Dial of its participants": conference.release,
    "status callback of the leg": legs.tell,
    "status callback of the conference": conferences.told,
    "status callback of who started it": conferences.told_of_starter,
    "verb of the recording": record.released,
    "webhook of the leg": webhooks.tell_of_leg,
    "webhook of the leg, if it came in": webhooks.tell_of_caller,
    "webhook of the conference": webhooks.tell_of_conference,
}


new = tuple.__new__


Push = tuple[Callable[["Platform", Any, str], None], str]
"""A coupling at work: its relation, and the trigger that this sends."""


class Life(NamedTuple):
    """A lifecycle at work."""

    events: Mapping[str, LeanEvent]
    """The machine's own, by trigger."""
    pushes: Mapping[str, list[Push]]
    """By status entered, in the order of the table."""
    reactions: Mapping[str, Callable[[Platform, Any], None]]
    """What follows a move, by trigger."""
    lifecycle: Lifecycle


def life(
    lifecycle: Lifecycle,
    couplings: tuple[Coupling, ...],
    reactions: Mapping[str, Callable[[Platform, Any], None]],
) -> Life:
    """Put a lifecycle to work. Raises ValueError for a trigger that nothing would follow."""
    if strange := set(lifecycle.triggers) - set(reactions):
        raise ValueError(f"{lifecycle.name}: nothing follows {', '.join(sorted(strange))}")
    pushes: dict[str, list[Push]] = {}
    for coupling in couplings:
        if coupling.lifecycle == lifecycle.name:
            for dest in coupling.dests:
                push = RELATIONS[coupling.relation], coupling.trigger
                pushes.setdefault(dest, []).append(push)
    return Life(lifecycle.events, pushes, reactions, lifecycle)


class Platform:
    """Commands in, effects out; its timers are part of its state.

    Time is an integer of microseconds since the start. At one instant commands go before timers,
    timers in the order armed.
    """

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        self.policy: Policy = vendor.policy
        self.now_us = 0
        self.seq = 0
        """Number of the last command or effect."""
        self.cause = 0
        """The seq of what is being followed up."""
        self.keys = 0
        self.untitled = 0
        """Sessions that a request made without a name for them."""
        self.effects: list[Effect] = []
        """Of the command or timer being applied."""
        self.sessions: dict[int, CallSession] = {}
        self.legs: dict[int, CallLeg] = {}
        self.conferences: dict[int, Conference] = {}
        self.recordings: dict[int, Recording] = {}
        self.deliveries: dict[int, Delivery] = {}
        self.fetches: dict[int, Fetching] = {}
        self.rooms: dict[str, int] = {}
        """The conferences that are not over, by name."""
        self.queues: dict[str, tuple[int, ...]] = {}
        """The legs that wait in each queue, by its name, in order."""
        self.takers: dict[str, tuple[int, ...]] = {}
        """The legs that wait for somebody to come into a queue."""
        self.memory: dict[str, Any] = {}
        """What the vendor keeps so as not to work it out again. No state: a fork begins anew."""
        self.agenda = Agenda()
        self.emit: Callable[[Effect], None] = self.effects.append
        """Give an effect the next seq."""
        self._pushes: deque[tuple[list[Push], Any, int]] = deque()
        self._turns: deque[tuple[CallLeg, Row | None, int]] = deque()
        self._quiet: list[int] = []
        self._documents: dict[str, Document] = {}
        self._lives: dict[type[Any], Life] = {
            CallLeg: life(vendor.leg, vendor.couplings, legs.REACTIONS),
            Conference: life(vendor.conference, vendor.couplings, conferences.REACTIONS),
            Recording: life(vendor.recording, vendor.couplings, recordings.REACTIONS),
            Delivery: life(vendor.delivery, vendor.couplings, delivery.REACTIONS),
        }

    # What drivers call.

    @property
    def next_due_us(self) -> int:
        """When the first timer is due; NEVER when none is armed."""
        return self.agenda.next_due_us

    def handle(self, at_us: int, command: Command) -> list[Effect]:
        """Apply `command` at `at_us`; return effects in order. Timers due at `at_us` come after.

        Raises ClockError outside of now .. `next_due_us`, and changes nothing then.
        """
        if type(at_us) is not int or not self.now_us <= at_us <= self.agenda.next_due_us:
            raise ClockError(at_us, self.now_us, self.agenda.next_due_us)
        do = DO[type(command)]
        self.now_us = at_us
        effects: list[Effect] = []
        self.effects, self.emit = effects, effects.append
        self.cause = self.seq = self.seq + 1
        do(self, command)
        if self._pushes or self._turns or self._quiet:
            self._settle()
        self.seq += len(effects)
        return effects

    def advance(self, to_us: int) -> list[Effect]:
        """Fire exactly the first timer, which must be due at `to_us`; return effects in order.

        Raises ClockError for any other moment, and changes nothing then.
        """
        if type(to_us) is not int or to_us != self.agenda.next_due_us or to_us == NEVER:
            raise ClockError(to_us, self.now_us, self.agenda.next_due_us)
        self.now_us = to_us
        _, _, (entity, name), cause = self.agenda.pop()
        effects: list[Effect] = [Due(cause, entity, name)]
        self.effects, self.emit = effects, effects.append
        self.cause = self.seq + 1
        DUE[name](self, entity)
        if self._pushes or self._turns or self._quiet:
            self._settle()
        self.seq += len(effects)
        return effects

    def fork(self) -> Platform:
        """A platform in the same state, which goes its own way."""
        other = Platform.__new__(Platform)
        other.__dict__.update(self.__dict__)
        other.sessions = {key: twin(entity) for key, entity in self.sessions.items()}
        other.legs = {key: twin(entity) for key, entity in self.legs.items()}
        other.conferences = {key: twin(entity) for key, entity in self.conferences.items()}
        other.recordings = {key: twin(entity) for key, entity in self.recordings.items()}
        other.deliveries = {key: twin(entity) for key, entity in self.deliveries.items()}
        other.fetches = {key: twin(entity) for key, entity in self.fetches.items()}
        other.queues, other.takers = self.queues.copy(), self.takers.copy()
        other.rooms = self.rooms.copy()
        other.agenda = self.agenda.fork()
        other.memory = {}
        other.effects = []
        other.emit = other.effects.append
        other._pushes, other._turns, other._quiet = deque(), deque(), []
        return other

    def retire(self, key: int) -> Final:
        """Forget a session that is quiet and return what it leaves. Raises KeyError if unknown."""
        session = self.sessions[key]
        assert not session.open, f"session {session.title} still has {session.open} open"
        return self.abandon(key)

    def abandon(self, key: int) -> Final:
        """Forget a session in whatever state it is, and return it. Raises KeyError if unknown."""
        session = self.sessions.pop(key)
        return Final(
            session,
            tuple(map(self.legs.pop, session.legs)),
            tuple(map(self.recordings.pop, session.recordings)),
            tuple(map(self.conferences.pop, session.conferences)),
        )

    # What the parts call.

    def add_leg(self, session: CallSession, leg: CallLeg) -> None:
        """Take a new leg of a session in."""
        session.legs += (leg.key,)
        session.open += 1
        self.legs[leg.key] = leg

    def enter(self, leg: CallLeg, go: Go) -> None:
        """Let a document run inside the verb in force on `leg`."""
        flow.enter(self, leg, go)

    def resume(self, leg: CallLeg) -> None:
        """End the document that runs inside a verb: that verb is in force again."""
        flow.abandon(self, leg)
        flow.back(leg)

    def new_key(self) -> int:
        """A key for a new entity."""
        self.keys += 1
        return self.keys

    def arm(self, entity: int, name: str, after_us: int) -> None:
        """Set the timer `name` of an entity; arming again replaces."""
        self.agenda.arm(self.now_us + after_us, entity, name, self.cause)

    def cancel(self, entity: int, name: str) -> None:
        """Forget a timer, if it is armed."""
        self.agenda.cancel(entity, name)

    def fire(self, entity: CallLeg | Conference | Recording | Delivery, trigger: str) -> bool:
        """Move an entity; what that pushes comes later. False where the table says: ignored.

        Raises TriggerError, and changes nothing, where the table has no row.
        """
        events, pushes, reactions, lifecycle = self._lives[type(entity)]
        try:
            rule = events[trigger].trigger(entity)
        except LookupError:
            raise lifecycle.refusal(entity, trigger) from None
        if rule is None:
            return False
        before, effects = self.cause, self.effects
        # As Move(...), in two fifths of its time.
        effects.append(new(Move, (before, entity.key, lifecycle.name, rule)))
        self.cause = cause = self.seq + len(effects)
        if entity.status in pushes:
            self._pushes.append((pushes[entity.status], entity, cause))
        reactions[trigger](self, entity)
        self.cause = before
        return True

    def turn(self, leg: CallLeg) -> None:
        """The verb in force on `leg` is done: its document goes on once couplings are through.

        Where no verb is in force, its document begins then.
        """
        self._turns.append((leg, leg.verb, self.cause))

    def settle(self, session: int) -> None:
        """One thing less is open in a session."""
        open_now = self.sessions[session].open = self.sessions[session].open - 1
        if not open_now:
            self._quiet.append(session)

    def parse(self, text: str) -> Document:
        """Understand a document, once. Raises TexmlError."""
        document = self._documents.get(text)
        if document is None:
            document = self._documents[text] = self.vendor.parse(text)
        return document

    def is_over(self, leg: CallLeg) -> bool:
        """Whether nothing more happens on `leg`."""
        return leg.ended_at_us != NEVER

    def peer_of(self, leg: CallLeg) -> CallLeg | None:
        """The leg that `leg` is bridged with, if there is one."""
        return self.legs[leg.peer] if leg.peer else None

    def conference_of(self, leg: CallLeg) -> Conference | None:
        """The conference that `leg` is in, or was dialed for, if there is one."""
        return self.conferences[leg.conference] if leg.conference else None

    def recordings_on(self, leg: CallLeg) -> list[Recording]:
        """The recordings of `leg`, in the order they were made."""
        return [self.recordings[key] for key in leg.recordings]

    def _settle(self) -> None:
        """Run consequences to completion: couplings first, then documents."""
        while True:
            if self._pushes:
                pushes, entity, self.cause = self._pushes.popleft()
                for relation, trigger in pushes:
                    relation(self, entity, trigger)
            elif self._turns:
                leg, verb, self.cause = self._turns.popleft()
                if leg.verb is verb:
                    flow.finish(self, leg)
            else:
                break
        if self._quiet:
            for key in dict.fromkeys(self._quiet):
                if not self.sessions[key].open:
                    self.emit(Quiet(self.cause, key))
            self._quiet.clear()
