"""`<Refer>`: ask the party of a leg to call somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core.commands import Transferred
from recsim.core.documents import resolve
from recsim.core.effects import Transfer
from recsim.core.entities import CallLeg
from recsim.core.verbs.base import Exit, Go, Next, Verb

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Refer(NamedTuple):
    """A row of a document."""

    line: int
    to: str
    """A SIP URI."""
    action: str
    """Empty: the next verb follows."""
    method: str


class Referred(NamedTuple):
    """How far it has come."""

    why: str = ""
    """Why nobody took the call; empty: somebody did, or nothing is known yet."""


def begin(platform: Platform, leg: CallLeg, verb: Refer) -> None:
    """Ask, and wait for what becomes of it."""
    leg.progress = Referred()
    platform.emit(Transfer(platform.cause, leg.session, leg.key, verb.to))


def transferred(platform: Platform, command: Transferred) -> None:
    """What became of it; on a leg that no longer waits for that, nothing happens."""
    leg = platform.legs.get(command.leg)
    if leg is not None and isinstance(leg.progress, Referred) and not platform.is_over(leg):
        leg.progress = Referred(command.why)
        platform.turn(leg)


def finish(platform: Platform, leg: CallLeg, verb: Refer) -> Exit:
    """The action request; without an action, the next verb. Source: docs refer.

    Assumed: no request after a hang-up; whoever took the call is connected without the platform,
    and the party then hangs up here.
    """
    if not verb.action or platform.is_over(leg):
        return Next()
    session = platform.sessions[leg.session]
    why, now_us = leg.progress.why, platform.now_us
    message = platform.vendor.refer_action(session, leg, verb.to, why, now_us)
    return Go(resolve(leg.document_url, verb.action), verb.method, message)


REFER = Verb("refer", begin, finish)
