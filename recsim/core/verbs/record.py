"""`<Record>`: one recording per execution, of the leg that executes it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from recsim.core import recordings
from recsim.core.documents import resolve
from recsim.core.entities import CallLeg, Recording, RecordingSettings
from recsim.core.verbs.base import Exit, Go, Next, Verb

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Record(NamedTuple):
    """A row of a document."""

    line: int
    action: str
    """Empty: the next verb follows."""
    method: str
    finish_on_key: str
    """Keys that end it."""
    source: str
    """What the recording says made it."""
    settings: RecordingSettings
    """Its callback URL still as the document writes it."""


@lru_cache(maxsize=4096)
def seen_from(url: str, settings: RecordingSettings) -> RecordingSettings:
    """`settings` with the callback URL resolved against the document at `url`."""
    return settings._replace(callback_url=resolve(url, settings.callback_url))


class Recorded(NamedTuple):
    """How far it has come."""

    recording: int
    digit: str = ""
    """The key that ended it."""


def begin(platform: Platform, leg: CallLeg, verb: Record) -> None:
    """Start the recording that this verb waits for."""
    settings = seen_from(leg.document_url, verb.settings)
    leg.progress = Recorded(recordings.start(platform, leg, verb.source, settings).key)


def pressed(platform: Platform, leg: CallLeg, verb: Record, digit: str) -> None:
    """A key of `finishOnKey` ends it, during the beep too (assumed)."""
    if digit in set(verb.finish_on_key):
        leg.progress = leg.progress._replace(digit=digit)
        platform.fire(platform.recordings[leg.progress.recording], "key")


def released(platform: Platform, recording: Recording, trigger: str) -> None:
    """The relation `verb of the recording`: its `<Record>` waits no longer."""
    leg = platform.legs[recording.leg]
    if type(leg.progress) is Recorded and leg.progress.recording == recording.key:
        platform.turn(leg)


def abandon(platform: Platform, leg: CallLeg, verb: Record) -> None:
    """The recording ends, and no action is requested (assumed)."""
    platform.fire(platform.recordings[leg.progress.recording], "end")


def finish(platform: Platform, leg: CallLeg, verb: Record) -> Exit:
    """The action request; without one, or without a usable recording, the next verb.

    Source: docs texml-verbs/record; Q 42 (hang-up too makes one request, whose answer
    is ignored), Q 43 (an empty recording makes none) and Q 44 (no action).
    """
    progress: Recorded = leg.progress
    recording = platform.recordings[progress.recording]
    if recording.lacks and platform.policy.empty_skips_action:
        return Next()
    if verb.action:
        message = platform.vendor.record_action(
            platform.sessions[leg.session],
            leg,
            recording,
            "hangup" if platform.is_over(leg) else progress.digit,
            platform.now_us,
        )
        return Go(resolve(leg.document_url, verb.action), verb.method, message)
    if platform.policy.repeats_without_action and not platform.is_over(leg):
        return Go(leg.document_url, verb.method)
    return Next()


RECORD = Verb("record", begin, finish, pressed, abandon=abandon)
