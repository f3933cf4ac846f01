"""`<Dial><Conference>`: come into a conference, wait for it to start, and stay until it is over.

What is heard while nothing is going on is audio, or a document that runs inside, over and over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core import conferences, hearing
from recsim.core.documents import Document, is_audio, resolve
from recsim.core.effects import Cue
from recsim.core.entities import (
    IN_PROGRESS,
    INIT,
    NEVER,
    CallLeg,
    Conference,
    Member,
    RecordingSettings,
    Subscription,
    Wish,
)
from recsim.core.verbs.base import Exit, Go, Next, Verb
from recsim.core.verbs.play import Play
from recsim.core.verbs.record import seen_from
from recsim.core.verbs.say import hush

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class DialConference(NamedTuple):
    """A row of a document: `<Dial>` with a `<Conference>` in it."""

    line: int
    action: str
    """Empty: the next verb follows."""
    method: str
    room: str
    label: str
    """What programs may call the participant; empty: nothing."""
    is_muted: bool
    starts: bool
    """Its coming starts the conference."""
    ends: bool
    """Its leaving ends the conference."""
    most: int
    """So many may be in it at once, where it makes the conference."""
    tone_on_enter: bool
    tone_on_exit: bool
    status: Subscription
    """Its URL still as the document writes it."""
    wait_url: str
    """What is heard until the conference starts, as the document writes it; empty: nothing."""
    wait_method: str
    limit_us: int
    """Longest stay."""
    is_recorded: bool
    """It asks for a recording from the start of the conference."""
    source: str
    """What the recording says made it."""
    settings: RecordingSettings
    """Its callback URL still as the document writes it."""
    coaches: int = 0
    """The one leg that is to hear it; 0: all that are in the conference."""


class Conferring(NamedTuple):
    """How far it has come."""

    since_us: int
    """When it came in; NEVER: it was not let in."""
    music: str = ""
    """What is heard meanwhile, an absolute URL; empty: nothing."""
    method: str = "POST"
    heard_since_us: int = NEVER
    """When the document inside was begun last."""
    is_once: bool = False
    """The document inside is heard once."""


def begin(platform: Platform, leg: CallLeg, verb: DialConference) -> None:
    """Come in; where that can't be, the verb is over (assumed).

    Source: docs conference (naming a room that does not exist creates it).
    """
    now_us, base = platform.now_us, leg.document_url
    conference = conferences.named(platform, verb.room)
    if conference is None:
        conference = conferences.create(platform, leg, verb.room, verb.most)
    elif not conferences.has_room(conference, verb.label):
        leg.progress = Conferring(NEVER)
        platform.turn(leg)
        return
    leg.progress = Conferring(now_us)
    wait = resolve(base, verb.wait_url)
    if conference.status == INIT and not verb.starts:
        _wait(platform, leg, wait, verb.wait_method)
    if verb.limit_us:
        platform.arm(leg.key, "stay", verb.limit_us)
    member = Member(
        leg.key,
        now_us,
        now_us,
        verb.label,
        verb.starts,
        verb.ends,
        verb.tone_on_enter,
        verb.tone_on_exit,
        verb.is_muted,
        coaches=verb.coaches,
    )
    status = verb.status._replace(url=resolve(base, verb.status.url))
    wish = Wish(verb.source, seen_from(base, verb.settings)) if verb.is_recorded else None
    is_running = conference.status == IN_PROGRESS
    conferences.join(platform, conference, member, status, wish)
    if is_running:
        platform.emit(Cue(platform.cause, leg.key, "conference"))


def connect(platform: Platform, conference: Conference, trigger: str) -> None:
    """The relation `participants of the conference`: those who waited for its start are in."""
    for member in conference.members:
        leg = platform.legs[member.leg]
        if not platform.is_over(leg) and not member.is_held:
            _no_music(platform, leg)
            platform.emit(Cue(platform.cause, leg.key, "conference"))


def release(platform: Platform, conference: Conference, trigger: str) -> None:
    """The relation `Dial of its participants`: all leave, and their documents go on."""
    for member in conference.members:
        leg = platform.legs[member.leg]
        conferences.leave(platform, leg)
        if leg.outer is not None or not platform.is_over(leg):
            _out(platform, leg)


def remove(platform: Platform, leg: CallLeg) -> None:
    """Take a participant out who stays on the line: its document goes on (assumed)."""
    conferences.leave(platform, leg)
    _out(platform, leg)


def left(platform: Platform, leg: CallLeg, trigger: str) -> None:
    """The relation `conference that it is in`: a leg that is over takes no part any more."""
    if conferences.leave(platform, leg) and leg.outer is not None:
        _out(platform, leg)


def stay_due(platform: Platform, key: int) -> None:
    """It has been in the conference as long as it may."""
    remove(platform, platform.legs[key])


def hold(platform: Platform, leg: CallLeg, *, on: bool, music: str, method: str) -> None:
    """Let a participant neither hear the others nor be heard, or the other way round.

    Assumed: what is announced to it is cut off; before the conference starts, it waits on.
    """
    conference = platform.conference_of(leg)
    assert conference is not None
    member = hearing.member_of(conference, leg)
    assert member is not None
    if member.is_held == on and not (on and music):
        return
    _quiet(platform, leg)
    if on:
        _wait(platform, leg, music, method)
    elif conference.status == INIT:
        verb = leg.verb
        assert isinstance(verb, DialConference)
        _wait(platform, leg, resolve(leg.document_url, verb.wait_url), verb.wait_method)
    conferences.change(platform, conference, member._replace(is_held=on))
    if not on and conference.status == IN_PROGRESS:
        platform.emit(Cue(platform.cause, leg.key, "conference"))


def wait(platform: Platform, leg: CallLeg, music: str) -> None:
    """Let a participant hear something else until the conference starts, if it waits for that."""
    conference = platform.conference_of(leg)
    assert conference is not None
    member = hearing.member_of(conference, leg)
    if member is not None and conference.status == INIT and not member.is_held:
        _quiet(platform, leg)
        _wait(platform, leg, music, "POST")


def announce(platform: Platform, leg: CallLeg, url: str, method: str) -> None:
    """Let a participant hear audio, or a document, once; others are heard meanwhile (assumed)."""
    before: Conferring = (leg.outer or leg).progress
    _quiet(platform, leg)
    once = before._replace(is_once=True)
    if is_audio(url, platform.policy.media):
        _listen(platform, leg, once, Go("", method))
        leg.document, leg.document_url, leg.at = Document((Play(0, url, 1),), ()), url, 0
        platform.turn(leg)
    else:
        _listen(platform, leg, once, Go(url, method))


def heard_out(platform: Platform, leg: CallLeg, verb: DialConference) -> None:
    """The document inside is done with: it begins anew. One that takes no time is heard once."""
    assert leg.outer is not None
    progress: Conferring = leg.outer.progress
    if progress.is_once:
        platform.resume(leg)
        leg.progress = progress._replace(is_once=False)
        _music(platform, leg)
    elif progress.heard_since_us < platform.now_us:
        progress = progress._replace(heard_since_us=platform.now_us)
        leg.outer = leg.outer._replace(progress=progress)
        leg.at = 0
        platform.turn(leg)


def finish(platform: Platform, leg: CallLeg, verb: DialConference) -> Exit:
    """Leave; the action request, after a hang-up too; without an action, the next verb.

    Source: docs texml-verbs/dial.
    """
    _close(platform, leg, verb)
    if not verb.action:
        return Next()
    progress: Conferring = leg.progress
    is_in = progress.since_us != NEVER
    stay_us = platform.now_us - progress.since_us if is_in else 0
    session = platform.sessions[leg.session]
    message = platform.vendor.conference_action(session, leg, is_in, stay_us)
    return Go(resolve(leg.document_url, verb.action), verb.method, message)


def _close(platform: Platform, leg: CallLeg, verb: DialConference) -> None:
    """Out of the conference."""
    hush(platform, leg)
    conferences.leave(platform, leg)


def _out(platform: Platform, leg: CallLeg) -> None:
    """The `<Dial>` is over, whatever is heard inside of it."""
    if leg.outer is not None:
        platform.resume(leg)
    platform.turn(leg)


def _wait(platform: Platform, leg: CallLeg, music: str, method: str) -> None:
    """Let something be heard until the conference is, if there is anything."""
    leg.progress = leg.progress._replace(music=music, method=method)
    platform.emit(Cue(platform.cause, leg.key, "hold"))
    _music(platform, leg)


def _music(platform: Platform, leg: CallLeg) -> None:
    """Begin what is heard in place of the conference: audio without end, or a document."""
    progress: Conferring = leg.progress
    if is_audio(progress.music, platform.policy.media):
        leg.sound += (platform.now_us,)
    elif progress.music:
        _listen(platform, leg, progress, Go(progress.music, progress.method))


def _listen(platform: Platform, leg: CallLeg, progress: Conferring, go: Go) -> None:
    leg.progress = progress._replace(heard_since_us=platform.now_us)
    platform.enter(leg, go)


def _no_music(platform: Platform, leg: CallLeg) -> None:
    """No music is heard any more; what is announced meanwhile is heard to its end (assumed)."""
    if leg.outer is not None and leg.outer.progress.is_once:
        leg.outer = leg.outer._replace(progress=leg.outer.progress._replace(music=""))
    else:
        _quiet(platform, leg)


def _quiet(platform: Platform, leg: CallLeg) -> None:
    """Nothing is heard in place of the conference any more."""
    if leg.outer is not None:
        platform.resume(leg)
    hush(platform, leg)
    leg.progress = leg.progress._replace(music="", is_once=False)


DIAL_CONFERENCE = Verb("dial", begin, finish, abandon=_close, inside=heard_out)
