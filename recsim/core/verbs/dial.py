"""`<Dial>`: call others, bridge the first who answers, and record it if asked to.

`<Dial><Queue>` stands in `queue`: it calls nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core import bridge, recordings
from recsim.core.documents import resolve
from recsim.core.effects import Cue
from recsim.core.entities import (
    OUTBOUND,
    RINGING,
    CallLeg,
    RecordingSettings,
    Setup,
    Subscription,
)
from recsim.core.verbs.base import Exit, Go, Next, Verb
from recsim.core.verbs.record import seen_from
from recsim.core.verbs.say import hush

if TYPE_CHECKING:
    from recsim.core.platform import Platform

# From when on a `<Dial>` is recorded.
AT_DIAL = "dial"
AT_RINGING = "ringing"
AT_ANSWER = "answer"


class Target(NamedTuple):
    """One `<Number>` or `<Sip>`: whom to call."""

    to: str
    url: str
    """What they are to hear before they are bridged, as the document writes it; may be empty."""
    method: str
    status: Subscription
    """Its URL still as the document writes it."""
    tones_us: int
    """Length of the keys that are sent to whoever answers."""


class Dial(NamedTuple):
    """A row of a document."""

    line: int
    action: str
    """Empty: the next verb follows."""
    method: str
    targets: tuple[Target, ...]
    """They ring together."""
    caller_id: str
    """Empty: the number of whoever is on the leg."""
    ring_us: int
    limit_us: int
    """Longest time with whoever answered."""
    hangup_on_star: bool
    answers: bool
    """Whether a call that rings is answered before anybody else is called."""
    record_from: str
    """AT_DIAL, AT_RINGING or AT_ANSWER; empty: it isn't recorded."""
    source: str
    """What the recording says made it."""
    settings: RecordingSettings
    """Its callback URL still as the document writes it."""


class Dialing(NamedTuple):
    """How far it has come."""

    legs: tuple[int, ...]
    answered: int = 0
    """The first of them that was answered; 0: none yet."""
    recording: int = 0
    """0: it isn't recorded, or not yet."""


def begin(platform: Platform, leg: CallLeg, verb: Dial) -> None:
    """Call everybody at once."""
    legs = tuple(_call(platform, leg, verb, target).key for target in verb.targets)
    leg.progress = Dialing(legs)
    if verb.record_from == AT_DIAL:
        _record(platform, leg, verb)


def _call(platform: Platform, leg: CallLeg, verb: Dial, target: Target) -> CallLeg:
    """A leg to one target."""
    base = leg.document_url
    status = target.status
    setup = Setup(
        url=resolve(base, target.url),
        method=target.method,
        status=status._replace(url=resolve(base, status.url)),
        ring_us=verb.ring_us,
        limit_us=verb.limit_us,
        tones_us=target.tones_us,
    )
    session = platform.sessions[leg.session]
    child = CallLeg(
        platform.new_key(),
        leg.session,
        len(session.legs) + 1,
        verb.caller_id or (leg.to if leg.direction == OUTBOUND else leg.from_),
        target.to,
        setup,
        OUTBOUND,
        leg.key,
    )
    platform.add_leg(session, child)
    platform.fire(child, "dial")
    return child


def caller_of(platform: Platform, leg: CallLeg) -> CallLeg | None:
    """The leg whose `<Dial>` in force called `leg`, if there is one."""
    parent = platform.legs[leg.parent] if leg.parent else None
    if parent is not None and isinstance(parent.progress, Dialing):
        return parent if leg.key in parent.progress.legs else None
    return None


def rings(platform: Platform, leg: CallLeg) -> None:
    """A leg that was dialed rings: whoever dialed it hears that, the first time."""
    parent = caller_of(platform, leg)
    if parent is None or len(parent.sound) % 2:
        return
    parent.sound += (platform.now_us,)
    platform.emit(Cue(platform.cause, parent.key, "ringing"))
    verb = parent.verb
    assert isinstance(verb, Dial)
    if verb.record_from == AT_RINGING:
        _record(platform, parent, verb)


def picked_up(platform: Platform, leg: CallLeg) -> None:
    """A leg that was dialed is answered: it has won, and is recorded from here at the latest."""
    parent = caller_of(platform, leg)
    if parent is None:
        return
    verb, progress = parent.verb, parent.progress
    assert isinstance(verb, Dial)
    parent.progress = progress._replace(answered=leg.key)
    if progress.recording:
        platform.recordings[progress.recording].only_rings = False
    elif verb.record_from:
        _record(platform, parent, verb)


def _record(platform: Platform, leg: CallLeg, verb: Dial) -> None:
    """Start the recording of the whole `<Dial>`; ringing alone is no answer."""
    progress: Dialing = leg.progress
    settings = seen_from(leg.document_url, verb.settings)
    only_rings = not progress.answered
    recording = recordings.start(platform, leg, verb.source, settings, only_rings=only_rings)
    leg.progress = progress._replace(recording=recording.key)


def connect(platform: Platform, leg: CallLeg) -> bool:
    """Bridge a leg that was dialed and has heard what it was to hear. False: it wasn't dialed."""
    parent = caller_of(platform, leg)
    if parent is None or leg.peer:
        return False
    hush(platform, parent)
    if parent.status == RINGING:
        platform.fire(parent, "answer")
    bridge.join(platform, parent, leg)
    return True


def pressed(platform: Platform, leg: CallLeg, verb: Dial, digit: str) -> None:
    """`hangupOnStar`: the caller lets go of whoever answered."""
    if digit == "*" and verb.hangup_on_star and leg.peer:
        platform.fire(platform.legs[leg.peer], "drop")


def push_others(platform: Platform, leg: CallLeg, trigger: str) -> None:
    """The relation `legs that ring with it`: those that were dialed together."""
    parent = caller_of(platform, leg)
    if parent is not None:
        _push(platform, parent.progress, trigger, leg.key)


def push_dialed(platform: Platform, leg: CallLeg, trigger: str) -> None:
    """The relation `legs that it dialed`."""
    if isinstance(leg.progress, Dialing):
        _push(platform, leg.progress, trigger)


def _push(platform: Platform, progress: Dialing, trigger: str, but: int = 0) -> None:
    for key in progress.legs:
        if key != but and not platform.is_over(platform.legs[key]):
            platform.fire(platform.legs[key], trigger)


def over(platform: Platform, leg: CallLeg) -> CallLeg | None:
    """The leg whose `<Dial>` is over now that `leg` has ended: it had won, or rang last."""
    parent = caller_of(platform, leg)
    if parent is None:
        return None
    progress: Dialing = parent.progress
    keys = (progress.answered,) if progress.answered else progress.legs
    return parent if all(platform.is_over(platform.legs[key]) for key in keys) else None


def push_recording(platform: Platform, leg: CallLeg, trigger: str) -> None:
    """The relation `recording of its dial`: once the `<Dial>` is over."""
    parent = over(platform, leg)
    if parent is not None:
        _push_recording(platform, parent.progress, trigger)


def released(platform: Platform, leg: CallLeg, trigger: str) -> None:
    """The relation `dial that called it`: once it is over, it waits no longer."""
    parent = over(platform, leg)
    if parent is not None:
        platform.turn(parent)


def let_go(platform: Platform, leg: CallLeg) -> None:
    """Take a leg that lives on out of the `<Dial>` that called it, which is over (assumed)."""
    parent = caller_of(platform, leg)
    if parent is None:
        return
    _push_recording(platform, parent.progress, "end")
    platform.turn(parent)


def _push_recording(platform: Platform, progress: Dialing, trigger: str) -> None:
    if progress.recording:
        platform.fire(platform.recordings[progress.recording], trigger)


def abandon(platform: Platform, leg: CallLeg, verb: Dial) -> None:
    """Whoever was called is let go."""
    _push_recording(platform, leg.progress, "end")
    _close(platform, leg, verb)
    push_dialed(platform, leg, "part")


def _close(platform: Platform, leg: CallLeg, verb: Dial) -> None:
    """No ringing is heard any more, and what was not recorded yet never will be."""
    hush(platform, leg)
    if verb.record_from and not leg.progress.recording:
        settings = seen_from(leg.document_url, verb.settings)
        recordings.never_began(platform, leg, verb.source, settings)


def finish(platform: Platform, leg: CallLeg, verb: Dial) -> Exit:
    """The action request, after a hang-up too; without an action, the next verb.

    Source: docs texml-verbs/dial; Q 26, Q 27 (a recording that never began). Assumed: of several
    legs none of which was answered, the one that ended last tells how it went.
    """
    progress: Dialing = leg.progress
    _close(platform, leg, verb)
    if not verb.action:
        return Next()
    dialed = [platform.legs[key] for key in progress.legs]
    last = max(dialed, key=lambda one: (one.ended_at_us, one.n))
    message = platform.vendor.dial_action(
        platform.sessions[leg.session],
        leg,
        platform.legs[progress.answered] if progress.answered else last,
        platform.recordings[progress.recording] if progress.recording else None,
        platform.now_us,
    )
    return Go(resolve(leg.document_url, verb.action), verb.method, message)


def answers(verb: Dial) -> bool:
    """`answerOnBridge`: not before somebody else has answered."""
    return verb.answers


DIAL = Verb("dial", begin, finish, pressed, abandon=abandon, answers=answers)
