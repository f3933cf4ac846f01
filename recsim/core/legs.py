"""A call leg's own part: how it comes in or is dialed, rings, is answered and ends.

Which trigger is legal when is the vendor's table; here is what follows a move.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from recsim.core import bridge, conferences, delivery, flow, recordings, verbs
from recsim.core.commands import Answered, HungUp, Invite, Refused, Ringing
from recsim.core.effects import Cue, Drop, Opened, Ring
from recsim.core.entities import (
    INITIATED,
    NEVER,
    OUTBOUND,
    RINGING,
    Application,
    CallLeg,
    CallSession,
    Setup,
)
from recsim.core.verbs import dial, queue

if TYPE_CHECKING:
    from recsim.core.platform import Platform


def invite(platform: Platform, command: Invite) -> None:
    """A call comes in: a new session with its first leg.

    Source of the fallback: SDK TexmlApplication (when `voice_url` answers with an error); assumed:
    not for documents that another one leads to.
    """
    on_file = command.application
    setup = Setup(
        on_file.voice_url,
        on_file.voice_method,
        on_file.fallback_url,
        on_file.fallback_method,
        status=on_file.status,
    )
    session = CallSession(platform.new_key(), command.session, on_file)
    leg = CallLeg(platform.new_key(), session.key, 1, command.from_, command.to, setup)
    _open(platform, session, leg)
    platform.fire(leg, "ring")


def place(
    platform: Platform, title: str, from_: str, to: str, application: Application, setup: Setup
) -> CallLeg:
    """Call somebody because a REST client asked to: a new session with its first leg.

    `title` names the session, once in a run.
    """
    session = CallSession(platform.new_key(), title, application)
    leg = CallLeg(platform.new_key(), session.key, 1, from_, to, setup, OUTBOUND)
    _open(platform, session, leg)
    platform.fire(leg, "dial")
    return leg


def _open(platform: Platform, session: CallSession, leg: CallLeg) -> None:
    platform.sessions[session.key] = session
    platform.add_leg(session, leg)
    leg.initiated_at_us = platform.now_us
    platform.emit(Opened(platform.cause, session.key, leg.key, session.title))


def rung(platform: Platform, leg: CallLeg) -> None:
    """A call has come in: its instructions are asked for."""
    if platform.policy.answers_before_fetch:
        platform.fire(leg, "answer")
    flow.instruct(platform, leg)


def dialed(platform: Platform, leg: CallLeg) -> None:
    """The world is to let somebody's telephone ring."""
    leg.initiated_at_us = platform.now_us
    platform.emit(Ring(platform.cause, leg.session, leg.key, leg.from_, leg.to))
    if leg.setup.ring_us:
        platform.arm(leg.key, "ring", leg.setup.ring_us)


def alerted(platform: Platform, leg: CallLeg) -> None:
    """The telephone at the other end rings."""
    dial.rings(platform, leg)


def answered(platform: Platform, leg: CallLeg) -> None:
    """The platform hears its party from here, and the other way round."""
    leg.answered_at_us = platform.now_us
    platform.emit(Cue(platform.cause, leg.key, "answer"))
    wish = platform.vendor.on_file(leg)
    if wish is not None:
        recordings.start(platform, leg, *wish)


def picked_up(platform: Platform, leg: CallLeg) -> None:
    """A leg that the platform dialed is answered: it is recorded if asked to, and instructed."""
    answered(platform, leg)
    platform.cancel(leg.key, "ring")
    setup = leg.setup
    if setup.limit_us:
        platform.arm(leg.key, "time limit", setup.limit_us)
    if setup.record is not None:
        recordings.start(platform, leg, setup.source, setup.record)
    dial.picked_up(platform, leg)
    if setup.tones_us:
        platform.arm(leg.key, "tones", setup.tones_us)
    else:
        flow.instruct(platform, leg)


def ended(platform: Platform, leg: CallLeg) -> None:
    """The leg is gone; what it recorded ends by the couplings, its document here."""
    leg.ended_at_us = platform.now_us
    leg.fetch = 0
    leg.speech = _closed(leg.speech, platform.now_us)
    platform.cancel(leg.key, "verb")
    if leg.direction == OUTBOUND:
        for name in ("ring", "time limit", "tones"):
            platform.cancel(leg.key, name)
    queue.leave(platform, leg)
    platform.turn(leg)
    platform.emit(Drop(platform.cause, leg.key))
    platform.settle(leg.session)


def reaction(
    then: Callable[[Platform, CallLeg], None], trigger: str
) -> Callable[[Platform, CallLeg], None]:
    """What follows a move by `trigger`; who ended it is noted for whoever asks."""

    def react(platform: Platform, leg: CallLeg) -> None:
        leg.ended_by = trigger
        then(platform, leg)

    return react


#: What follows a move, by its trigger.
REACTIONS: dict[str, Callable[[Platform, CallLeg], None]] = {
    "ring": rung,
    "dial": dialed,
    "alert": alerted,
    "answer": answered,
    "pick_up": picked_up,
    **{
        trigger: reaction(ended, trigger)
        for trigger in (
            *("hang_up", "drop", "complete", "fail", "part", "time_limit"),
            *("cancel", "busy", "decline", "reject", "no_answer", "ring_out", "unreachable"),
        )
    },
}


def hung_up(platform: Platform, command: HungUp) -> None:
    """The party hangs up; on a leg that is over, nothing happens."""
    leg = platform.legs.get(command.leg)
    if leg is not None and not platform.is_over(leg):
        is_called = leg.direction == OUTBOUND and leg.answered_at_us == NEVER
        platform.fire(leg, "decline" if is_called else "hang_up")


def ringing(platform: Platform, command: Ringing) -> None:
    """The telephone at the other end rings; where nobody waits for that, nothing happens."""
    _push(platform, command.leg, "alert")


def taken(platform: Platform, command: Answered) -> None:
    """Whoever was dialed picks up; where nobody waits for that, nothing happens."""
    _push(platform, command.leg, "pick_up")


def refused(platform: Platform, command: Refused) -> None:
    """Whoever was dialed will not answer; where nobody waits for that, nothing happens.

    Raises TriggerError for a reason that the table doesn't have.
    """
    _push(platform, command.leg, command.why)


def _push(platform: Platform, key: int, trigger: str) -> None:
    """Send a trigger to a leg that was dialed and is neither answered nor over."""
    leg = platform.legs.get(key)
    if leg is not None and leg.direction == OUTBOUND and leg.status in (INITIATED, RINGING):
        platform.fire(leg, trigger)


def ring_due(platform: Platform, key: int) -> None:
    """It has rung as long as it may."""
    platform.fire(platform.legs[key], "ring_out")


def limit_due(platform: Platform, key: int) -> None:
    """It has lasted as long as it may."""
    platform.fire(platform.legs[key], "time_limit")


def tones_due(platform: Platform, key: int) -> None:
    """The keys that are sent to whoever answers are sent."""
    flow.instruct(platform, platform.legs[key])


def part(platform: Platform, leg: CallLeg, trigger: str) -> None:
    """The relation `leg bridged with it`: the bridge is over, and so is what waited for it."""
    if not leg.peer:
        return
    peer = bridge.part(platform, leg)
    if peer is not None:
        queue.released(platform, peer)


def tell(platform: Platform, leg: CallLeg, event: str) -> None:
    """The relation `status callback of the leg`: whoever subscribed to `event` is told."""
    status = leg.setup.status
    if status.url and event in status.events:
        message = platform.vendor.call_status(platform, leg, event)
        leg.told += 1
        session = platform.sessions[leg.session]
        delivery.deliver(platform, session, message, status.method, status.url)


def divert(platform: Platform, leg: CallLeg, setup: Setup) -> None:
    """Let `leg`, which isn't over, follow other instructions: what ran is ended without its exit.

    Source: update call; assumed: nobody is told, and a leg that was bridged isn't any more.
    """
    leg.setup = setup._replace(joins=None)
    if leg.status in (INITIATED, RINGING) and leg.direction == OUTBOUND:
        conferences.leave(platform, leg)
        return  # followed once it is answered
    flow.abandon(platform, leg)
    if leg.outer is not None:
        outside = leg.outer.verb
        verbs.of(outside).abandon(platform, leg, outside)
        leg.outer = None
    conferences.leave(platform, leg)
    peer = bridge.part(platform, leg)
    dial.let_go(platform, leg)
    if peer is not None:
        queue.released(platform, peer)
    flow.instruct(platform, leg)


def _closed(edges: tuple[int, ...], now_us: int) -> tuple[int, ...]:
    return (*edges, now_us) if len(edges) % 2 else edges
