"""A recording's own part: how it starts, captures, pauses, ends and is judged.

Which trigger is legal when is the vendor's table; here is what follows a move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from recsim.core import capture, delivery, hearing, webhooks
from recsim.core.commands import Stored
from recsim.core.effects import Cue, Store
from recsim.core.entities import (
    ABSENT,
    COMPLETED,
    IN_PROGRESS,
    NEVER,
    STOPPED,
    CallLeg,
    Conference,
    Recording,
    RecordingSettings,
)

if TYPE_CHECKING:
    from recsim.core.platform import Platform


def start(
    platform: Platform,
    leg: CallLeg,
    source: str,
    settings: RecordingSettings,
    *,
    only_rings: bool = False,
) -> Recording:
    """Make a recording of `leg` and start it; `only_rings` until somebody has answered."""
    recording = _made(platform, leg, source, settings)
    recording.only_rings = only_rings
    leg.recordings += (recording.key,)
    platform.fire(recording, "start")
    return recording


def start_in(
    platform: Platform, conference: Conference, source: str, settings: RecordingSettings
) -> Recording:
    """Make a recording of a conference and start it.

    Source: Q 57 (it names the call that made the conference).
    """
    recording = _made(platform, platform.legs[conference.leg], source, settings)
    recording.conference = conference.key
    conference.recordings += (recording.key,)
    platform.fire(recording, "start")
    return recording


def _made(platform: Platform, leg: CallLeg, source: str, settings: RecordingSettings) -> Recording:
    session, key = platform.sessions[leg.session], platform.new_key()
    n = len(session.recordings) + 1
    recording = Recording(key, leg.session, leg.key, n, source, settings)
    recording.created_at_us = platform.now_us
    platform.recordings[key] = recording
    session.recordings += (key,)
    session.open += 1
    return recording


def begun(platform: Platform, recording: Recording) -> None:
    """Beep first, if there is one: it delays capture and is not in the file."""
    recording.started_at_us = platform.now_us
    if recording.settings.beep and platform.policy.beep_us:
        platform.arm(recording.key, "beep", platform.policy.beep_us)
    else:
        _capture(platform, recording)


def never_began(platform: Platform, leg: CallLeg, source: str, settings: RecordingSettings) -> None:
    """A recording was asked for and never made: whoever wants to know of absent ones is told.

    Source: docs recording (absent: failed, or never created); Q 27 (there is no object).
    """
    if settings.callback_url and ABSENT in settings.callback_events:
        session = platform.sessions[leg.session]
        message = platform.vendor.never_recorded(session, leg, source, settings)
        delivery.deliver(
            platform, session, message, settings.callback_method, settings.callback_url
        )


def beep_ended(platform: Platform, key: int) -> None:
    """The beep is over: people hear that, and capture begins."""
    recording = platform.recordings[key]
    for leg in hearing.those_in(platform, recording):
        platform.emit(Cue(platform.cause, leg.key, "beep"))
    _capture(platform, recording)


def paused(platform: Platform, recording: Recording) -> None:
    """Capture stands still, and with it what counts captured time. A beep is cut off."""
    _close(platform, recording)
    recording.paused_since_us = platform.now_us
    platform.cancel(recording.key, "beep")
    platform.cancel(recording.key, "silence")
    if not platform.policy.limit_counts_paused:
        platform.cancel(recording.key, "limit")
    elif not recording.captured:  # paused in its beep: the clock has not been started yet
        _watch_limit(platform, recording)


def resumed(platform: Platform, recording: Recording) -> None:
    """Capture goes on from here."""
    _close(platform, recording)
    _capture(platform, recording)


def stopped(platform: Platform, recording: Recording) -> None:
    """Capture is over: what there is, is judged now and stored."""
    _close(platform, recording)
    for name in ("beep", "limit", "silence"):
        platform.cancel(recording.key, name)
    recording.ended_at_us = platform.now_us
    policy = platform.policy
    recording.kept, recording.lacks = capture.judge(
        recording,
        hearing.sound(platform, recording),
        minimum_us=policy.minimum_us,
        discards_silent=policy.discards_silent,
        pause_is_filled=policy.pause_is_filled,
    )
    if recording.only_rings and policy.unanswered_is_absent:
        recording.kept, recording.lacks = (), "unanswered"
    recording.length_us = capture.total(recording.kept)
    captured_us = capture.total(recording.captured)
    platform.emit(Store(platform.cause, recording.key, recording.session, captured_us))


def settled(platform: Platform, recording: Recording) -> None:
    """Completed or absent: nothing more follows but deletion.

    Where that comes by itself, its session lasts until then.
    """
    if recording.status == COMPLETED and platform.policy.retention_us:
        platform.arm(recording.key, "retention", platform.policy.retention_us)
    else:
        platform.settle(recording.session)


def deleted(platform: Platform, recording: Recording) -> None:
    """Its media is gone; the object stays as a tombstone."""
    if platform.agenda.is_armed(recording.key, "retention"):
        platform.cancel(recording.key, "retention")
        platform.settle(recording.session)


def retained(platform: Platform, key: int) -> None:
    """It was kept for as long as recordings are."""
    recording = platform.recordings[key]
    platform.fire(recording, "delete")
    platform.settle(recording.session)


def reaction(
    then: Callable[[Platform, Recording], None], trigger: str
) -> Callable[[Platform, Recording], None]:
    """What follows a move by `trigger`, and who is told: whoever subscribed, and by webhook."""

    def react(platform: Platform, recording: Recording) -> None:
        recording.updated_at_us = platform.now_us
        then(platform, recording)
        if trigger != "save" or not waits(platform, recording):
            tell(platform, recording, trigger)
        event = platform.vendor.webhook_events.get(trigger)
        if event is not None:
            webhooks.tell_of_recording(platform, recording, event)

    return react


def tell(platform: Platform, recording: Recording, trigger: str) -> None:
    """The callback that says what `trigger` did, if there is one and anyone subscribed to it."""
    word, settings = platform.vendor.callback_status.get(trigger), recording.settings
    if word in settings.callback_events and settings.callback_url:
        session, leg = platform.sessions[recording.session], platform.legs[recording.leg]
        message = platform.vendor.recording_status(session, leg, recording, word, platform.now_us)
        delivery.deliver(
            platform, session, message, settings.callback_method, settings.callback_url
        )


def waits(platform: Platform, recording: Recording) -> bool:
    """Whether it is told only at the end of its call that it is stored (Q 21).

    Assumed: of a conference, at the end of that; nothing, where it is deleted by then.
    """
    if not platform.policy.completed_waits:
        return False
    if recording.conference:
        return platform.conferences[recording.conference].ended_at_us == NEVER
    return not platform.is_over(platform.legs[recording.leg])


#: What follows a move, by its trigger.
REACTIONS: dict[str, Callable[[Platform, Recording], None]] = {
    trigger: reaction(then, trigger)
    for trigger, then in {
        "start": begun,
        "pause": paused,
        "resume": resumed,
        "stop": stopped,
        "end": stopped,
        "key": stopped,
        "limit": stopped,
        "silence": stopped,
        "save": settled,
        "discard": settled,
        "fail": settled,
        "delete": deleted,
    }.items()
}


def stored(platform: Platform, command: Stored) -> None:
    """Storage answered; what addresses a recording that is settled or gone is ignored."""
    recording = platform.recordings.get(command.ticket)
    if recording is None or recording.status != STOPPED:
        return
    if command.reason:
        recording.lacks, recording.failure = "storage", command.reason
        recording.kept, recording.length_us = (), 0
        platform.fire(recording, "fail")
    else:
        platform.fire(recording, "discard" if recording.lacks else "save")


def overheard(platform: Platform, recordings: Iterable[int]) -> None:
    """An edge of speech that these recordings take in."""
    for key in recordings:
        recording = platform.recordings[key]
        if recording.captured or recording.capturing_since_us != NEVER:
            recording.spoken = True
        watch_silence(platform, recording)


def watch_silence(platform: Platform, recording: Recording) -> None:
    """Start the silence timer once someone has spoken and nobody does; stop it while anyone does.

    Source: docs record, `timeout`; assumed: whoever the party of the leg hears counts too.
    """
    silence_us = recording.settings.silence_us
    if not silence_us or recording.capturing_since_us == NEVER:
        return
    if hearing.speaks(platform, recording):
        recording.spoken = True
        platform.cancel(recording.key, "silence")
    elif recording.spoken and not platform.agenda.is_armed(recording.key, "silence"):
        platform.arm(recording.key, "silence", silence_us)


def limit_reached(platform: Platform, key: int) -> None:
    """The maximum length is captured."""
    platform.fire(platform.recordings[key], "limit")


def fell_silent(platform: Platform, key: int) -> None:
    """Someone spoke, and then nobody for the timeout."""
    platform.fire(platform.recordings[key], "silence")


def push(platform: Platform, entity: CallLeg | Conference, trigger: str) -> None:
    """The relations `recordings of the leg` and `recordings of the conference`.

    What was stored before and waited for that is told.
    """
    for key in entity.recordings:
        recording = platform.recordings[key]
        platform.fire(recording, trigger)
        if platform.policy.completed_waits and recording.status == COMPLETED:
            tell(platform, recording, "save")


def _capture(platform: Platform, recording: Recording) -> None:
    """Open an interval of capture, and arm what watches it."""
    assert recording.status == IN_PROGRESS
    recording.capturing_since_us = platform.now_us
    _watch_limit(platform, recording)
    watch_silence(platform, recording)


def _watch_limit(platform: Platform, recording: Recording) -> None:
    """Arm what is left of the maximum length, if there is one."""
    limit_us = recording.settings.limit_us
    if limit_us:
        used_us = capture.total(recording.captured)
        if platform.policy.limit_counts_paused:
            used_us += capture.total(recording.paused)
        platform.arm(recording.key, "limit", max(0, limit_us - used_us))


def _close(platform: Platform, recording: Recording) -> None:
    """End the open interval, of capture or of pause; an empty one leaves no trace."""
    now_us = platform.now_us
    if recording.capturing_since_us < now_us:
        recording.captured += ((recording.capturing_since_us, now_us),)
    if recording.paused_since_us < now_us:
        recording.paused += ((recording.paused_since_us, now_us),)
    recording.capturing_since_us = recording.paused_since_us = NEVER
