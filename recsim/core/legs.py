"""A call leg's own part: how it comes in, is answered and ends.

Which trigger is legal when is the vendor's table; here is what follows a move.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from recsim.core import flow
from recsim.core.commands import HungUp, Invite
from recsim.core.effects import Cue, Drop, Opened
from recsim.core.entities import CallLeg, CallSession
from recsim.core.verbs.base import Go

if TYPE_CHECKING:
    from recsim.core.platform import Platform


def invite(platform: Platform, command: Invite) -> None:
    """A call comes in: a new session with its first leg."""
    session = CallSession(platform.new_key(), command.session, command.application)
    leg = CallLeg(platform.new_key(), session.key, 1, command.from_, command.to)
    session.legs = (leg.key,)
    session.open = 1
    platform.sessions[session.key] = session
    platform.legs[leg.key] = leg
    platform.emit(Opened(platform.cause, session.key, leg.key, session.title))
    platform.fire(leg, "ring")


def rung(platform: Platform, leg: CallLeg) -> None:
    """The call exists: its instructions are asked for.

    Source of the fallback: SDK TexmlApplication (when `voice_url` answers with an error); assumed:
    not for documents that another one leads to, and a URL is no fallback of itself.
    """
    if platform.policy.answers_before_fetch:
        platform.fire(leg, "answer")
    application = platform.sessions[leg.session].application
    go = Go(application.voice_url, application.voice_method)
    fallback = Go(application.fallback_url, application.fallback_method)
    flow.fetch(platform, leg, go, fallback if fallback.url not in ("", go.url) else None)


def answered(platform: Platform, leg: CallLeg) -> None:
    """The parties hear each other from here."""
    leg.answered_at_us = platform.now_us
    platform.emit(Cue(platform.cause, leg.key, "answer"))


def ended(platform: Platform, leg: CallLeg) -> None:
    """The leg is gone; what it recorded ends by the couplings, its document here."""
    leg.ended_at_us = platform.now_us
    leg.fetch = 0
    leg.speech = _closed(leg.speech, platform.now_us)
    platform.cancel(leg.key, "verb")
    platform.turn(leg)
    platform.emit(Drop(platform.cause, leg.key))
    platform.settle(leg.session)


#: What follows a move, by its trigger.
REACTIONS: dict[str, Callable[[Platform, CallLeg], None]] = {
    "ring": rung,
    "answer": answered,
    "hang_up": ended,
    "drop": ended,
    "fail": ended,
    "reject": ended,
    "busy": ended,
}


def hung_up(platform: Platform, command: HungUp) -> None:
    """The party hangs up; on a leg that is over, nothing happens."""
    leg = platform.legs.get(command.leg)
    if leg is not None and not platform.is_over(leg):
        platform.fire(leg, "hang_up")


def _closed(edges: tuple[int, ...], now_us: int) -> tuple[int, ...]:
    return (*edges, now_us) if len(edges) % 2 else edges
