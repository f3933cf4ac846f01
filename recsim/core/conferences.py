"""A conference's own part: who comes in and leaves, when it starts and ends, who is told.

Which trigger is legal when is the vendor's table. What its participants' `<Dial>` does meanwhile
stands in `verbs.conference`; who hears whom in `hearing`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from recsim.core import delivery, hearing, recordings, webhooks
from recsim.core.effects import Convened, Cue
from recsim.core.entities import (
    COMPLETED,
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

if TYPE_CHECKING:
    from recsim.core.platform import Platform

# What subscribers are told of, by the words that they subscribe with.
START = "start"
END = "end"
JOIN = "join"
LEAVE = "leave"
SPEAKER = "speaker"


def named(platform: Platform, room: str) -> Conference | None:
    """The conference of a name that is not over, if there is one."""
    key = platform.rooms.get(room)
    return platform.conferences[key] if key else None


def create(platform: Platform, leg: CallLeg, room: str, most: int) -> Conference:
    """Make a conference, because `leg` is the first to name its room."""
    session = platform.sessions[leg.session]
    key, n = platform.new_key(), len(session.conferences) + 1
    conference = Conference(key, session.key, leg.key, n, room, most)
    conference.created_at_us = platform.now_us
    platform.conferences[key] = conference
    platform.rooms[room] = key
    session.conferences += (key,)
    session.open += 1
    platform.emit(Convened(platform.cause, session.key, leg.key, key, room))
    platform.fire(conference, "create")
    return conference


def has_room(conference: Conference, label: str = "") -> bool:
    """Whether one more may come in under that label. Assumed: a label is one participant's."""
    is_free = not label or all(member.label != label for member in conference.members)
    return is_free and len(conference.members) < conference.most


def expect(conference: Conference, leg: CallLeg) -> None:
    """A leg was dialed for it, and comes in once it is answered."""
    conference.dialed += (leg.key,)
    leg.conference = conference.key


def join(
    platform: Platform,
    conference: Conference,
    member: Member,
    subscription: Subscription,
    wish: Wish | None,
) -> None:
    """Let a leg in; where it is one that starts the conference, that starts.

    Source: docs conference; Q 59 (the first wish for a recording is granted). Assumed: whoever
    subscribes first is told; a wish that comes when the conference runs is granted at once.
    """
    leg = platform.legs[member.leg]
    conference.dialed = tuple(key for key in conference.dialed if key != leg.key)
    conference.members += (member,)
    leg.conference = conference.key
    conference.moved_by = leg.key
    if not conference.subscription.url:
        conference.subscription = subscription
    if wish is not None and not conference.is_asked:
        conference.is_asked, conference.wish = True, wish
    if conference.status == INIT and member.starts:
        platform.fire(conference, "start")
        return
    tell(platform, conference, JOIN, leg)
    if conference.status == IN_PROGRESS:
        _retune(platform, conference)
        if member.tone_on_enter:
            _tone(platform, conference, leg)
        _grant(platform, conference)


def leave(platform: Platform, leg: CallLeg) -> bool:
    """Take a leg out of the conference that it is in, or was dialed for. False: it was in none.

    A conference that is empty then is over, and so is one whose moderator left.
    """
    conference = platform.conference_of(leg)
    if conference is None:
        return False
    member = hearing.member_of(conference, leg)
    if member is None:
        _not_come(platform, conference, leg)
        return False
    platform.cancel(leg.key, "stay")
    _tune(platform, conference, member, is_on=False)
    tell(platform, conference, LEAVE, leg)  # while it still has its label
    conference.members = tuple(one for one in conference.members if one.leg != leg.key)
    leg.conference = 0
    _watch_silence(platform, conference)
    for recording in platform.recordings_on(leg):
        recordings.watch_silence(platform, recording)
    if conference.status == COMPLETED:
        return True
    if member.tone_on_exit and conference.status == IN_PROGRESS:
        _tone(platform, conference, leg)
    conference.moved_by = leg.key
    if member.ends:
        platform.fire(conference, "moderator_left")
    elif not conference.members:
        platform.fire(conference, "empty")
    return True


def _not_come(platform: Platform, conference: Conference, leg: CallLeg) -> None:
    """A leg that was dialed for a conference doesn't come in.

    Assumed: a conference that nobody is in or may come into is over.
    """
    conference.dialed = tuple(key for key in conference.dialed if key != leg.key)
    leg.conference = 0
    if conference.status != COMPLETED and not conference.members and not conference.dialed:
        conference.moved_by = leg.key
        platform.fire(conference, "empty")


def change(platform: Platform, conference: Conference, member: Member) -> None:
    """Let a participant be otherwise than it was: muted, held, a moderator or no more."""
    member = member._replace(updated_at_us=platform.now_us)
    conference.members = tuple(
        member if one.leg == member.leg else one for one in conference.members
    )
    _retune(platform, conference)


def record(
    platform: Platform, conference: Conference, source: str, settings: RecordingSettings
) -> None:
    """Record it from now on."""
    recordings.start_in(platform, conference, source, settings)


# What follows a move.


def created(platform: Platform, conference: Conference) -> None:
    """Whoever made it comes in next."""


def started(platform: Platform, conference: Conference) -> None:
    """Everybody hears everybody, and it is recorded if anybody asked for that."""
    conference.started_at_us = platform.now_us
    if platform.policy.conference_us:
        platform.arm(conference.key, "conference", platform.policy.conference_us)
    _retune(platform, conference)
    _grant(platform, conference)


def ended(platform: Platform, conference: Conference) -> None:
    """Nobody hears anybody any more; who is still in it leaves by the couplings.

    Source: Q 26, Q 27 (a recording that was asked for and never began).
    """
    conference.ended_at_us = platform.now_us
    if conference.ended_by in ("empty", "moderator_left"):
        leg = platform.legs[conference.moved_by]
        conference.ended_with = platform.sessions[leg.session].title, leg.n
    platform.cancel(conference.key, "conference")
    del platform.rooms[conference.room]
    # All at once: what each has heard is then put together of voices that are complete.
    conference.voices = hearing.voices(platform, conference)
    conference.members = tuple(one._replace(heard_from_us=NEVER) for one in conference.members)
    for member in conference.members:
        _tune(platform, conference, member, is_on=False)
    if conference.wish is not None:
        wish, conference.wish = conference.wish, None
        recordings.never_began(platform, platform.legs[conference.leg], *wish)
    platform.settle(conference.session)


def reaction(
    then: Callable[[Platform, Conference], None], trigger: str
) -> Callable[[Platform, Conference], None]:
    """What follows a move by `trigger`; what ended it is noted for whoever asks."""

    def react(platform: Platform, conference: Conference) -> None:
        conference.updated_at_us = platform.now_us
        if then is ended:
            conference.ended_by = trigger
        then(platform, conference)

    return react


#: What follows a move, by its trigger.
REACTIONS: dict[str, Callable[[Platform, Conference], None]] = {
    trigger: reaction(then, trigger)
    for trigger, then in {
        "create": created,
        "start": started,
        "empty": ended,
        "moderator_left": ended,
        "complete": ended,
        "expire": ended,
    }.items()
}


def limit_due(platform: Platform, key: int) -> None:
    """It has lasted as long as it may."""
    platform.fire(platform.conferences[key], "expire")


# Whom its moves push.


def push_dialed(platform: Platform, conference: Conference, trigger: str) -> None:
    """The relation `legs dialed for it`: those that have not come in."""
    for key in conference.dialed:
        if not platform.is_over(platform.legs[key]):
            platform.fire(platform.legs[key], trigger)


def push_hung_up(platform: Platform, conference: Conference, trigger: str) -> None:
    """The relation `participants, if a request ended it`."""
    if conference.ended_by == "complete":
        for member in conference.members:
            if not platform.is_over(platform.legs[member.leg]):
                platform.fire(platform.legs[member.leg], trigger)


def told(platform: Platform, conference: Conference, word: str) -> None:
    """The relation `status callback of the conference`: of what moved it, or of who made it."""
    key = conference.leg if conference.ended_by in ("complete", "expire") else conference.moved_by
    tell(platform, conference, word, platform.legs[key])


def told_of_starter(platform: Platform, conference: Conference, word: str) -> None:
    """The relation `status callback of who started it`."""
    tell(platform, conference, word, platform.legs[conference.moved_by])


def tell(
    platform: Platform, conference: Conference, word: str, leg: CallLeg, *, is_on: bool = True
) -> None:
    """Tell whoever subscribed to `word` of something about `leg`; `is_on` is for speakers."""
    webhooks.tell_of_participant(platform, conference, word, leg)
    to = conference.subscription
    if to.url and word in to.events:
        message = platform.vendor.conference_status(platform, conference, leg, word, is_on)
        conference.told += 1
        session = platform.sessions[conference.session]
        delivery.deliver(platform, session, message, to.method, to.url)


# Who hears whom.


def spoke(platform: Platform, leg: CallLeg, *, is_on: bool) -> None:
    """An edge of speech of a leg that is in a conference, or was dialed for one.

    Source: Q 83 (who began to speak before anybody heard it isn't told to have stopped).
    """
    conference = platform.conference_of(leg)
    member = conference and hearing.member_of(conference, leg)
    if conference is None or not member or member.heard_from_us == NEVER:
        return
    if is_on or leg.speech[-2] >= member.heard_from_us:
        tell(platform, conference, SPEAKER, leg, is_on=is_on)
    recordings.overheard(platform, conference.recordings)
    for one in conference.members:
        if one.hears_from_us != NEVER and one.leg != leg.key:
            recorded = platform.legs[one.leg].recordings
            if recorded:
                recordings.overheard(platform, recorded)


def _retune(platform: Platform, conference: Conference) -> None:
    """Let each participant hear and be heard as they are now."""
    is_on = conference.status == IN_PROGRESS
    for member in conference.members:
        _tune(platform, conference, member, is_on=is_on and not member.is_held)
    _watch_silence(platform, conference)


def _tune(platform: Platform, conference: Conference, member: Member, *, is_on: bool) -> None:
    """Begin or end a stretch in which a participant hears the others, or is heard by them."""
    now_us, tuned = platform.now_us, member
    is_heard = is_on and not member.is_muted and not member.coaches
    if is_on != (member.hears_from_us != NEVER):
        if not is_on:
            _keep_heard(platform, conference, member)
        tuned = tuned._replace(hears_from_us=now_us if is_on else NEVER)
    if is_heard != (member.heard_from_us != NEVER):
        if not is_heard:
            conference.voices += (hearing.voice(platform, member),)
        tuned = tuned._replace(heard_from_us=now_us if is_heard else NEVER)
    if tuned is not member:
        conference.members = tuple(tuned if one is member else one for one in conference.members)


def _keep_heard(platform: Platform, conference: Conference, member: Member) -> None:
    """What a participant has heard is kept with its leg, if that was recorded."""
    leg = platform.legs[member.leg]
    if leg.recordings:
        leg.heard = hearing.others(platform, leg)
        leg.met += hearing.met_by(platform, conference, member)


def _watch_silence(platform: Platform, conference: Conference) -> None:
    """Somebody else may be heard now: silence begins or ends for what is recorded."""
    for key in conference.recordings:
        recordings.watch_silence(platform, platform.recordings[key])
    for member in conference.members:
        for recording in platform.recordings_on(platform.legs[member.leg]):
            recordings.watch_silence(platform, recording)


def _tone(platform: Platform, conference: Conference, leg: CallLeg) -> None:
    """Everybody but `leg` hears a tone. Source: docs conference, `beep`.

    Assumed: it takes no time, and is nothing that a recording keeps.
    """
    for member in conference.members:
        other = platform.legs[member.leg]
        if other is not leg and member.hears_from_us != NEVER and not platform.is_over(other):
            platform.emit(Cue(platform.cause, other.key, "tone"))


def _grant(platform: Platform, conference: Conference) -> None:
    """Begin the recording that was asked for, if there is one.

    Source: docs conference (it begins right after the conference starts).
    """
    if conference.wish is not None:
        wish, conference.wish = conference.wish, None
        record(platform, conference, *wish)
