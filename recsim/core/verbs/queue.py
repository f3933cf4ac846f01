"""`<Enqueue>`, `<Leave>` and `<Dial><Queue>`: callers who wait, and those who take them.

A queue is a name and the legs that wait in it, first come first served. What a caller hears
meanwhile is a document that runs inside of `<Enqueue>`, over and over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core import bridge
from recsim.core.documents import resolve
from recsim.core.entities import RINGING, CallLeg
from recsim.core.verbs.base import Back, Exit, Go, Next, Verb, at_once

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Enqueue(NamedTuple):
    """A row of a document."""

    line: int
    name: str
    """Of the queue."""
    action: str
    """Empty: the next verb follows."""
    method: str
    wait_url: str
    """What is heard meanwhile, as the document writes it; empty: nothing."""
    wait_method: str
    max_wait_us: int


class Leave(NamedTuple):
    """A row of a document."""

    line: int


class DialQueue(NamedTuple):
    """A row of a document: `<Dial>` with a `<Queue>` in it."""

    line: int
    action: str
    """Empty: the next verb follows."""
    method: str
    name: str
    """Of the queue."""
    url: str
    """What the caller is to hear before they are bridged; empty: nothing."""
    url_method: str
    wait_us: int
    """How long it waits for somebody to take."""
    limit_us: int
    """Longest time with whoever was taken."""
    hangup_on_star: bool
    answers: bool
    """Whether a call that rings is answered before somebody is taken."""


class Queued(NamedTuple):
    """How far an `<Enqueue>` has come."""

    since_us: int
    heard_since_us: int
    """When the document inside was begun last."""
    taken_by: int = 0
    """The leg that it is about to be bridged with; 0: none."""
    result: str = ""
    """`bridged`, `leave` or `timeout`; empty while it waits."""


class Taking(NamedTuple):
    """How far a `<Dial><Queue>` has come."""

    leg: int = 0
    """Whom it took; 0: nobody yet."""


# Waiting.


def enqueue(platform: Platform, leg: CallLeg, verb: Enqueue) -> None:
    """Wait behind the others."""
    now_us = platform.now_us
    leg.progress = Queued(now_us, now_us)
    waiting = platform.queues.get(verb.name, ())
    platform.queues[verb.name] = (*waiting, leg.key)
    if verb.max_wait_us:
        platform.arm(leg.key, "queue", verb.max_wait_us)
    message = platform.vendor.queue_wait(platform, leg)
    url = resolve(leg.document_url, verb.wait_url)
    platform.enter(leg, Go(url, verb.wait_method, message))
    _match(platform, verb.name)


def heard_out(platform: Platform, leg: CallLeg, verb: Enqueue) -> None:
    """The document inside is done with: it begins anew, or whoever was taken is bridged.

    A document that takes no time is heard once (assumed).
    """
    assert leg.outer is not None
    progress: Queued = leg.outer.progress
    if progress.taken_by:
        platform.resume(leg)
        _join(platform, platform.legs[progress.taken_by], leg)
    elif progress.heard_since_us < platform.now_us:
        progress = progress._replace(heard_since_us=platform.now_us)
        leg.outer = leg.outer._replace(progress=progress)
        leg.at = 0
        platform.turn(leg)


def wait_due(platform: Platform, key: int) -> None:
    """It has waited as long as it may."""
    _out(platform, platform.legs[key], "timeout")


def _out(platform: Platform, leg: CallLeg, result: str) -> None:
    """The `<Enqueue>` in force is done, whatever is heard inside of it."""
    if leg.outer is not None:
        platform.resume(leg)
    leg.progress = leg.progress._replace(result=result)
    platform.turn(leg)


def finish_enqueue(platform: Platform, leg: CallLeg, verb: Enqueue) -> Exit:
    """The action request; without an action, the next verb. Nobody is told of a hang-up (assumed).

    Source: docs enqueue.
    """
    progress: Queued = leg.progress
    leave(platform, leg)
    if not verb.action or platform.is_over(leg):
        return Next()
    message = platform.vendor.queue_action(
        platform.sessions[leg.session],
        leg,
        verb.name,
        progress.result or "leave",
        platform.now_us - progress.since_us,
    )
    return Go(resolve(leg.document_url, verb.action), verb.method, message)


def finish_leave(platform: Platform, leg: CallLeg, verb: Leave) -> Exit:
    """Out of the queue; assumed: in no queue, the next verb."""
    is_queued = leg.outer is not None and isinstance(leg.outer.verb, Enqueue)
    return Back() if is_queued else Next()


# Taking.


def take(platform: Platform, leg: CallLeg, verb: DialQueue) -> None:
    """Take whoever is first, or wait for somebody to come: as long as `<Dial>` rings (assumed)."""
    leg.progress = Taking()
    platform.arm(leg.key, "verb", verb.wait_us)
    platform.takers[verb.name] = (*platform.takers.get(verb.name, ()), leg.key)
    _match(platform, verb.name)


def _match(platform: Platform, name: str) -> None:
    """Bring the first who waits and the first who takes together, if there are both."""
    waiting, takers = platform.queues.get(name, ()), platform.takers.get(name, ())
    if not waiting or not takers:
        return
    leg, taker = platform.legs[waiting[0]], platform.legs[takers[0]]
    _drop(platform, leg)
    _drop(platform, taker)
    platform.cancel(leg.key, "queue")
    platform.cancel(taker.key, "verb")
    taker.progress = Taking(leg.key)
    verb = taker.verb
    assert isinstance(verb, DialQueue)
    platform.resume(leg)
    leg.progress = leg.progress._replace(taken_by=taker.key)
    if verb.url:
        message = platform.vendor.queue_wait(platform, leg)
        platform.enter(leg, Go(resolve(taker.document_url, verb.url), verb.url_method, message))
    else:
        _join(platform, taker, leg)


def _join(platform: Platform, taker: CallLeg, leg: CallLeg) -> None:
    """Bridge a caller with whoever took them."""
    verb = taker.verb
    assert isinstance(verb, DialQueue)
    if taker.status == RINGING:
        platform.fire(taker, "answer")
    platform.arm(taker.key, "verb", verb.limit_us)
    leg.progress = leg.progress._replace(taken_by=0)
    bridge.join(platform, taker, leg)


def pressed(platform: Platform, leg: CallLeg, verb: DialQueue, digit: str) -> None:
    """`hangupOnStar`: let go of whoever was taken."""
    if digit == "*" and verb.hangup_on_star and leg.peer:
        platform.turn(leg)


def finish_taking(platform: Platform, leg: CallLeg, verb: DialQueue) -> Exit:
    """Let go of whoever was taken; the action request, as after any `<Dial>`, or the next verb."""
    progress: Taking = leg.progress
    let_go(platform, leg, verb)
    if not verb.action:
        return Next()
    message = platform.vendor.dial_action(
        platform.sessions[leg.session],
        leg,
        platform.legs[progress.leg] if progress.leg else None,
        None,
        platform.now_us,
    )
    return Go(resolve(leg.document_url, verb.action), verb.method, message)


def let_go(platform: Platform, leg: CallLeg, verb: DialQueue) -> None:
    """Nobody is taken any more, or waited for."""
    leave(platform, leg)
    peer = bridge.part(platform, leg)
    if peer is not None:
        released(platform, peer)


# Going.


def released(platform: Platform, leg: CallLeg) -> None:
    """The bridge of `leg` is over: so is the verb that waited for that."""
    if isinstance(leg.verb, Enqueue):
        _out(platform, leg, "bridged")
    elif isinstance(leg.verb, DialQueue):
        platform.turn(leg)


def leave(platform: Platform, leg: CallLeg) -> None:
    """Take `leg` out of any queue, whether it waits, takes, or is about to be bridged."""
    if leg.outer is None and not isinstance(leg.progress, Queued | Taking):
        return
    _drop(platform, leg)
    platform.cancel(leg.key, "queue")
    if isinstance(leg.progress, Taking):
        taken = platform.legs.get(leg.progress.leg)
        if taken is not None and _about_to_meet(taken) == leg.key:
            _wait_again(platform, taken)
    elif taker := _about_to_meet(leg):
        _take_again(platform, platform.legs[taker])


def _about_to_meet(leg: CallLeg) -> int:
    """The leg that a caller is about to be bridged with; 0 is none."""
    progress = leg.outer.progress if leg.outer is not None else None
    return progress.taken_by if isinstance(progress, Queued) else 0


def _wait_again(platform: Platform, leg: CallLeg) -> None:
    """Whoever took a caller is gone before they were bridged: the caller is first again."""
    assert leg.outer is not None
    assert isinstance(leg.outer.verb, Enqueue)
    name = leg.outer.verb.name
    leg.outer = leg.outer._replace(progress=leg.outer.progress._replace(taken_by=0))
    platform.queues[name] = (leg.key, *platform.queues.get(name, ()))
    _match(platform, name)


def _take_again(platform: Platform, leg: CallLeg) -> None:
    """A caller is gone before they were bridged: whoever took them is first to take another."""
    verb = leg.verb
    assert isinstance(verb, DialQueue)
    leg.progress = Taking()
    platform.arm(leg.key, "verb", verb.wait_us)
    platform.takers[verb.name] = (leg.key, *platform.takers.get(verb.name, ()))
    _match(platform, verb.name)


def _drop(platform: Platform, leg: CallLeg) -> None:
    """Take a leg off the lists."""
    for lists in (platform.queues, platform.takers):
        for name, keys in list(lists.items()):
            if leg.key in keys:
                left = tuple(key for key in keys if key != leg.key)
                if left:
                    lists[name] = left
                else:
                    del lists[name]


def answers(verb: DialQueue) -> bool:
    """`answerOnBridge`: not before somebody was taken."""
    return verb.answers


def abandon(platform: Platform, leg: CallLeg, verb: Enqueue) -> None:
    """Out of the queue."""
    leave(platform, leg)


ENQUEUE = Verb("enqueue", enqueue, finish_enqueue, abandon=abandon, inside=heard_out)
LEAVE = Verb("leave", at_once, finish_leave, nests=True)
DIAL_QUEUE = Verb("dial", take, finish_taking, pressed, abandon=let_go, answers=answers)
