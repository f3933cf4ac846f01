"""A sketch of a log: those of its deliveries that are kept to be drawn, and what they are about.

Events are words of ours, and ids stand only where they look like ids: nothing else of a log is
repeated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from recsim.logs.bodies import FAMILIES, HOOKS, REQUESTS
from recsim.logs.memory import Event, Window, digest_of
from recsim.logs.recordings import ACTION
from recsim.logs.report import SKETCHED, SKETCHED_LATER, Finding, Report, Seen
from recsim.logs.report import sid as shown_sid
from recsim.logs.rules import INFO
from recsim.logs.shapes import Entry

#: Of what a callback tells, by the field of its event, and where its id stands.
SUBJECTS = {
    "RecordingStatus": ("recording", "RecordingSid"),
    "CallStatus": ("call", "CallSid"),
    "StatusCallbackEvent": ("conference", "ConferenceSid"),
}
#: Of what a webhook tells, by where an id stands; the first that is there decides.
HOOK_SUBJECTS = (
    ("recording_id", "recording"),
    ("conference_id", "conference"),
    ("call_control_id", "call"),
)
#: What an application is asked, in words.
ASKED = {
    mark: re.sub("(?<=[a-z])(?=[A-Z])", " ", shape.model.__name__).lower()
    for mark, shape in REQUESTS.items()
}


class Told(Protocol):
    """What is remembered of an object."""

    told: dict[str, Event]


class Sketch:
    """Keeps the first deliveries of a log, and later ones on which something was found."""

    def __init__(self, report: Report, windows: Mapping[str, Window[Any]]) -> None:
        self.report, self.windows = report, windows
        self.known = 0
        """Findings that were made before."""

    def entry(self, line: int, entry: Entry) -> None:
        """A delivery that was judged just now."""
        made = self.report.findings[self.known :]
        self.known += len(made)
        if self.report.events <= SKETCHED:
            self.report.seen.append(self._seen(line, entry)[0])
        elif made:
            self._later(line, entry, made)

    def _later(self, line: int, entry: Entry, made: list[Finding]) -> None:
        """Keep a delivery that something was found on, and what went before of its object."""
        room = SKETCHED + SKETCHED_LATER - len(self.report.seen)
        if room <= 0 or all(one.level == INFO or one.line != line for one in made):
            return
        seen, told = self._seen(line, entry)
        before = [
            seen._replace(line=event.line, at_us=event.arrived_us, word=word)
            for word, event in told.items()
            if event.line != line
        ]
        kept = set(self.report.seen)
        self.report.seen += [one for one in (seen, *before) if one not in kept][:room]

    def _seen(self, line: int, entry: Entry) -> tuple[Seen, Mapping[str, Event]]:
        """A delivery as it can be shown, and the events that are remembered of its object."""
        kind, sid, word = subject(entry)
        about = f"{kind} {shown_sid(sid)}" if kind else ""
        seen = Seen(line, entry.at_us, about, digest_of((kind, sid)), word)
        one: Told | None = None
        if kind in self.windows and isinstance(sid, str):
            one = self.windows[kind].get(sid)
        return seen, one.told if one is not None else {}


def subject(entry: Entry) -> tuple[str, Any, str]:
    """What a delivery is about: which kind of object, its id as it stands, and the event.

    The event is a word of ours. All empty: nothing that there is a table for.
    """
    form = entry.form
    if form is None:
        return _subject_of_hook(entry.data or {})
    for mark, family in FAMILIES:
        if mark in form:
            kind, name = SUBJECTS[family.word_field]
            if kind == "recording" and form.get(name) is None:
                kind, name = "recording of call", "CallSid"
            return kind, form.get(name), _known(form.get(family.word_field), family.shapes)
    mark = next((mark for mark in REQUESTS if mark in form), "")
    if not mark:
        return "", None, ""
    if mark == "RecordingSid":
        return "recording", form[mark], ACTION
    return "call", form.get("CallSid"), ASKED[mark]


def _subject_of_hook(data: Mapping[str, Any]) -> tuple[str, Any, str]:
    word, payload = _known(data.get("event_type"), HOOKS), data.get("payload")
    for name, kind in HOOK_SUBJECTS:
        if isinstance(payload, dict) and name in payload:
            return kind, payload[name], word
    return "", None, word


def _known(word: object, words: Mapping[str, object]) -> str:
    """A word, if there is a table for it."""
    return word if isinstance(word, str) and word in words else ""
