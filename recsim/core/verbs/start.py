"""`<Start>`: recordings of the leg that run beside whatever its document does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core import recordings
from recsim.core.entities import CallLeg, RecordingSettings
from recsim.core.verbs.base import Next, Verb, at_once
from recsim.core.verbs.record import seen_from

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Start(NamedTuple):
    """A row of a document."""

    line: int
    source: str
    """What the recordings say made them."""
    settings: tuple[RecordingSettings, ...]
    """Of each recording, in order; its callback URL still as the document writes it."""


def begin(platform: Platform, leg: CallLeg, verb: Start) -> None:
    """Start the recordings, which nothing waits for, and go on."""
    for settings in verb.settings:
        recordings.start(platform, leg, verb.source, seen_from(leg.document_url, settings))
    at_once(platform, leg, verb)


def finish(platform: Platform, leg: CallLeg, verb: Start) -> Next:
    """The next verb."""
    return Next()


START = Verb("start", begin, finish)
