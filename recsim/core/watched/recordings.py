"""Recordings: their moments and lengths fit, and they end with what they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsim.core.capture import total
from recsim.core.entities import (
    ABSENT,
    COMPLETED,
    IN_PROGRESS,
    NEVER,
    PAUSED,
    CallLeg,
    Recording,
)
from recsim.core.watched.part import Part, hold

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Recorded(Part):
    """Keeps which ids were given."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform)
        self.sids: set[str] = set()

    def moved(self, recording: Recording, trigger: str) -> None:
        """A recording right after a step in which it moved."""
        platform, name = self.platform, recording.name
        session = platform.sessions[recording.session]
        if recording.captured == () and trigger == "start":
            sid = platform.vendor.wire_id("recording", session.title, recording.n)
            hold(sid not in self.sids, "sids are unique", f"{name}: {sid}")
            self.sids.add(sid)
        started, ended = recording.started_at_us, recording.ended_at_us
        hold(started != NEVER, "what moves has started", name)
        hold(ended >= started, "end is not before start", f"{name}: {started} to {ended}")
        if ended != NEVER:
            is_open = recording.status in (IN_PROGRESS, PAUSED)
            hold(not is_open, "what has ended does not go on", f"{name} is {recording.status}")
            length = recording.length_us
            hold(length == total(recording.kept), "duration is what is kept", f"{name}: {length}")
            hold(0 <= length <= ended - started, "duration is within wall time", name)
        if recording.status == COMPLETED:
            minimum_us = platform.policy.minimum_us
            hold(recording.length_us >= minimum_us, "completed has audio", name)
        if recording.status == ABSENT:
            hold(not recording.kept, "absent has no media", f"{name}: {recording.kept}")

    def timed(self, recording: Recording) -> None:
        """What ends a recording is armed only while that could happen."""
        platform, status = self.platform, recording.status
        counts = status == IN_PROGRESS, status == PAUSED and platform.policy.limit_counts_paused
        for name, may_be in (("beep", counts[0]), ("silence", counts[0]), ("limit", any(counts))):
            is_armed = platform.agenda.is_armed(recording.key, name)
            text = f"{recording.name} is {status}: {name}"
            hold(may_be or not is_armed, "only what is captured is timed", text)

    def agrees(self, recording: Recording) -> None:
        """All views of a recording agree."""
        text = self.platform.vendor.disagreement(self.platform, recording)
        hold(not text, "all views of a recording agree", f"{recording.name}: {text}")

    def leg(self, leg: CallLeg) -> None:
        """No recording outlives its leg."""
        if self.platform.is_over(leg):
            for recording in self.platform.recordings_on(leg):
                is_open = recording.status in (IN_PROGRESS, PAUSED)
                hold(not is_open, "no recording outlives its leg", recording.name)

    def settled(self, recording: Recording) -> None:
        """At the end it has a final status."""
        is_final = self.platform.vendor.recording.is_final(recording.status)
        hold(is_final, "nothing in progress at the end", f"{recording.name}: {recording.status}")

    def finish(self) -> None:
        """The run is over."""
        for recording in self.platform.recordings.values():
            self.settled(recording)
            self.agrees(recording)
