"""Callbacks of recordings: whoever subscribed is told of each change once, and of nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsim.core.effects import Attempt
from recsim.core.entities import ABSENT, COMPLETED, CallLeg, Conference, Message, Recording
from recsim.core.recordings import waits
from recsim.core.verbs.dial import Dial, Dialing
from recsim.core.verbs.record import seen_from
from recsim.core.watched.part import Part, hold

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Subscribed(Part):
    """Keeps what is owed to subscribers."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform)
        self.owed: list[Message] = []
        """Callbacks whose first attempt has not gone out."""
        self.waiting: list[int] = []
        """Recordings that are stored, and not to be told of before their call is over."""
        self.unrecorded: dict[int, Message] = {}
        """By leg or conference: what is owed unless the recording that it asked for begins."""

    def moved(self, recording: Recording, trigger: str) -> None:
        """A recording moved."""
        if trigger == "save" and waits(self.platform, recording):
            self.waiting.append(recording.key)
        elif word := self.platform.vendor.callback_status.get(trigger):
            self._owe(recording, word)

    def stepped(self) -> None:
        """A step is over: what waited for the end of its call is owed once that is over."""
        for key in list(self.waiting):
            recording = self.platform.recordings[key]
            if not waits(self.platform, recording):
                self.waiting.remove(key)
                if recording.status == COMPLETED:
                    self._owe(recording, recording.status)

    def sent(self, attempt: Attempt) -> None:
        """A callback of a recording goes out for the first time."""
        text = f"{attempt.message}, owed: {self.owed}"
        hold(attempt.message in self.owed, "only subscribed events are sent, once", text)
        self.owed.remove(attempt.message)

    def dials(self, leg: CallLeg) -> None:
        """A `<Dial>` that is over without its recording owes whoever subscribed an absent."""
        verb, message = leg.verb, self.unrecorded.pop(leg.key, None)
        if not (isinstance(verb, Dial) and isinstance(leg.progress, Dialing)):
            self.owed += [message] if message is not None else []
        elif verb.record_from and not leg.progress.recording:
            settings = seen_from(leg.document_url, verb.settings)
            if ABSENT in settings.callback_events and settings.callback_url:
                session = self.platform.sessions[leg.session]
                self.unrecorded[leg.key] = self.platform.vendor.never_recorded(
                    session, leg, verb.source, settings
                )

    def confers(self, conference: Conference) -> None:
        """A conference that is over without the recording asked for owes an absent, too."""
        platform, wish = self.platform, conference.wish
        message = self.unrecorded.pop(conference.key, None)
        if conference.status == COMPLETED:
            self.owed += [message] if message is not None else []
        elif wish and ABSENT in wish.settings.callback_events and wish.settings.callback_url:
            session, leg = platform.sessions[conference.session], platform.legs[conference.leg]
            self.unrecorded[conference.key] = platform.vendor.never_recorded(session, leg, *wish)

    def finish(self) -> None:
        """The run is over: nothing is owed."""
        hold(not self.owed, "every subscribed event is sent", str(self.owed))

    def _owe(self, recording: Recording, word: str) -> None:
        """Whoever subscribed to `word` is to be told now."""
        platform, settings = self.platform, recording.settings
        if word in settings.callback_events and settings.callback_url:
            session, leg = platform.sessions[recording.session], platform.legs[recording.leg]
            now_us, name = platform.now_us, recording.name
            message = platform.vendor.recording_status(session, leg, recording, word, now_us)
            hold(message not in self.owed, "one event per change of status", f"{name}: {message}")
            self.owed.append(message)
