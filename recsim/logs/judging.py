"""Judging a log, a line after the other: each line once, whatever stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from recsim.logs.bodies import FAMILIES, HOOKS, REQUESTS, Family, Fault
from recsim.logs.calls import Calls
from recsim.logs.conferences import Conferences
from recsim.logs.context import Context
from recsim.logs.memory import Event, Window
from recsim.logs.moments import moment_us
from recsim.logs.recordings import Recordings
from recsim.logs.report import Report, words
from recsim.logs.report import word as shown_word
from recsim.logs.shapes import Entry, entries
from recsim.logs.signatures import Signatures
from recsim.logs.sketch import Sketch

RECORDING_SAVED = "recording_id"


class Judge:
    """Judges one log. Raises ReadingError, KeyFormatError and ExtraError when made."""

    def __init__(
        self,
        report: Report,
        readings: Mapping[str, str],
        *,
        most: int,
        within_us: int | None = None,
        public_key: str = "",
    ) -> None:
        self.report = report
        self.context = Context(report, readings)
        self.calls = Calls(self.context, most, within_us)
        self.rooms = Conferences(self.context, most, within_us)
        self.recordings = Recordings(self.context, most, within_us, self.calls, self.rooms)
        self.ids: Window[Event] = Window(most, within_us, lambda *_: None)
        """Webhooks, by the id of their event."""
        self.sketch = Sketch(
            self.report,
            {
                "recording": self.recordings.window,
                "call": self.calls.window,
                "conference": self.rooms.window,
            },
        )
        self.signatures = Signatures(self.context, public_key) if public_key else None
        self.unknown: set[tuple[str, str]] = set()
        """Fields that were told of, by kind and name."""
        self.judges = {
            "RecordingStatus": self.recordings.callback,
            "CallStatus": self.calls.callback,
            "StatusCallbackEvent": self.rooms.callback,
        }

    def line(self, number: int, text: bytes) -> None:
        """The next line of the log."""
        self.context.line = number
        self.report.lines += 1
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            if not text.strip():
                return
            if text.endswith(b"\n"):
                legal = "a value of JSON in each line"
                self.context.say("not-json", f"a line of {len(text)} bytes is no JSON", legal=legal)
            else:
                legal = "a line end after each line"
                self.context.say("truncated", "the last line ends in the middle", legal=legal)
            return
        self._value(value)

    def entry(self, number: int, value: Any) -> None:
        """The next entry of a log that is one document."""
        self.context.line = number
        self.report.lines += 1
        self._value(value)

    def _value(self, value: Any) -> None:
        found = entries(value)
        for entry in found:
            self.report.events += 1
            self.context.entry = entry
            self._entry(entry)
            self.sketch.entry(self.context.line, entry)
        if not found:
            text = "no callback is found in this line"
            self.context.say("unknown-shape", text, legal="a shape of docs/check.md")

    def finish(self) -> None:
        """The log is over: what is missing is said."""
        self.report.forgotten += sum(
            one.window.forgotten for one in (self.recordings, self.calls, self.rooms)
        )
        self.recordings.window.close()
        self.rooms.window.close()
        self.calls.window.close()

    def _entry(self, entry: Entry) -> None:
        if self.signatures is not None:
            self.signatures.verify(entry)
        form = entry.form
        if form is None:
            self._webhook(entry.data)
            return
        for mark, family in FAMILIES:
            if mark in form:
                self._callback(family, form)
                return
        self._request(form)

    def _callback(self, family: Family, form: dict[str, Any]) -> None:
        word = form.get(family.word_field)
        shape = family.shapes.get(word) if word.__class__ is str else None
        if shape is None:
            rule, text = "unknown-word", f"{family.name}: {family.word_field} is {shown_word(word)}"
            self.context.say(rule, text, legal=family.legal(), source=family.page)
            return
        assert isinstance(word, str)
        known = shape.known(form)
        if known is not form:
            self._others(family, word, form, known)
        if faults := shape.faults(known):
            self._faults(family.name, word, faults, family.page)
            return
        self.judges[family.word_field](word, known)

    def _others(
        self, family: Family, word: str, form: Mapping[str, Any], known: Mapping[str, Any]
    ) -> None:
        """Fields that the model of this word does not have."""
        for name in form.keys() - known.keys():
            if name in family.names:
                has = words(one for one, shape in family.shapes.items() if name in shape.names)
                text = f"{family.name}: {word} has {name}, which only {has} has"
                legal = f"{word} without {name}"
                self.context.say(
                    "misplaced-field", text, word=word, legal=legal, source=family.page
                )
            else:
                self._unknown(family.name, name)

    def _unknown(self, kind: str, name: str) -> None:
        if (kind, name) not in self.unknown and len(self.unknown) < MOST_UNKNOWN:
            self.unknown.add((kind, name))
            self.context.say("unknown-field", f"{kind}: a field is called {shown_word(name)}")

    def _faults(self, kind: str, word: str, faults: list[Fault], page: str) -> None:
        for fault in faults:
            rule = "body-shape" if fault.name else "self-contradiction"
            self.context.say(rule, f"{kind} {word}: {fault.text}", word=word, source=page)

    def _request(self, form: dict[str, Any]) -> None:
        """Something the application is asked, which is no event."""
        mark = next((mark for mark in REQUESTS if mark in form), "")
        if not mark:
            text = "a form that no callback has"
            self.context.say("unknown-event", text, legal="a callback of the reference")
            return
        shape = REQUESTS[mark]
        known = shape.known(form)
        if faults := shape.faults(known):
            self._faults("request", shape.model.__name__, faults, "docs texml-instruction-fetching")
            return
        self.calls.asked(known["CallSid"])
        if mark == "RecordingSid":
            self.recordings.action(known)

    def _webhook(self, data: dict[str, Any] | None) -> None:
        word = data.get("event_type") if data is not None else None
        hook = HOOKS.get(word) if word.__class__ is str else None
        if hook is None or data is None:
            text = f"a webhook whose event_type is {shown_word(word)}"
            self.context.say("unknown-event", text, legal=words(HOOKS))
            return
        assert isinstance(word, str)
        known = hook.known(data)
        if faults := hook.shape.faults(known):
            self._faults("webhook", word, faults, word)
            return
        payload = known["payload"]
        at_us = moment_us(known.get("occurred_at", payload.get("occurred_at")))
        if not self._is_new(word, at_us, known):
            return
        self.context.arrival(at_us, "webhook", word)
        if RECORDING_SAVED in payload:
            self.recordings.webhook(word, at_us, payload)
        elif "conference_id" in payload:
            self.rooms.webhook(word, at_us, payload)
        elif "start_time" in payload:
            self.calls.webhook(word, at_us, payload)
        else:
            self.calls.asked(payload["call_control_id"])

    def _is_new(self, word: str, at_us: int | None, data: Mapping[str, Any]) -> bool:
        """Whether an event was not told under its id yet."""
        body = {**data, **data["payload"]}
        del body["payload"]
        event = self.context.event(body, at_us)
        found = self.ids.touch(data["id"], lambda: event, self.context.entry.at_us)
        if found is event:
            return True
        self.context.again(found, body, "webhook", word)
        return False


MOST_UNKNOWN = 1000
"""Names of unknown fields that are told of."""
