"""Calls of a log: their status callbacks and webhooks, held against the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recsim.logs.context import Context, fits, seconds
from recsim.logs.memory import Event, Window
from recsim.logs.moments import SECOND_US, moment_us, whole
from recsim.logs.observable import INCOMING, OUTGOING, Observable
from recsim.logs.report import sid as shown
from recsim.logs.report import words
from recsim.logs.sequence import Sequence
from recsim.vendors.telnyx.hangups import HANGUPS
from recsim.vendors.telnyx.lifecycle import ENDED

#: What is the same in all callbacks of one call, and in all webhooks.
SAME = ("AccountSid", "ConnectionId", "From", "To", "CallInitiatedAt", "ParentCallSid")
SAME_HOOKS = ("connection_id", "call_leg_id", "call_session_id", "from", "to", "start_time")

#: HangupCause by how the call ended.
CAUSES = {
    status: frozenset(row.cause for (_, ended), row in HANGUPS.items() if ended == status)
    for status in ENDED
}
HANGUP = "call.hangup"


@dataclass(slots=True, eq=False)
class Call:
    """A call leg, as far as it was told."""

    line: int
    told: dict[str, Event] = field(default_factory=dict)
    sequence: Sequence = field(default_factory=Sequence)
    ended_us: int | None = None
    """When it ended, by its own word."""
    is_over: bool = False
    is_outgoing: bool = False


class Calls:
    """All calls within the window."""

    def __init__(self, context: Context, most: int, within_us: int | None) -> None:
        self.context = context
        self.window: Window[Call] = Window(most, within_us, self.left)
        self.seen = 0
        """Events of calls: without any, a log has no calls that recordings could be missed in."""

    def touch(self, sid: str) -> Call:
        """A call that something is told of."""
        line = self.context.line
        return self.window.touch(sid, lambda: Call(line), self.context.entry.at_us)

    def asked(self, sid: str) -> None:
        """The application was asked something about a call."""
        self.seen += 1
        self.touch(sid)

    def callback(self, word: str, form: Mapping[str, Any]) -> None:
        """A call status callback whose shape is right."""
        self.seen += 1
        context, one, about = (
            self.context,
            self.touch(form["CallSid"]),
            f"call {shown(form['CallSid'])}",
        )
        at_us, number = moment_us(form["Timestamp"]), whole(form["SequenceNumber"])
        before, table = one.told.get(word), INCOMING
        if before is not None:
            if before.order == number:
                context.again(before, form, about, word)
            else:
                text = f"{about}: {word} of line {before.line} comes again under another number"
                legal = words(table.legal(one.told))
                context.say(
                    "told-twice",
                    text,
                    about=about,
                    word=word,
                    legal=legal,
                    source=table.source(word),
                )
            return
        context.arrival(at_us, about, word)
        event = context.event(form, at_us, number)
        self._numbers(one, word, event, about)
        self._new(one, table, word, event, about)
        self._same(one, word, form, SAME, about)
        self._moments(word, form, at_us, about)
        one.told[word] = event
        if word in ENDED:
            one.is_over, one.ended_us = True, moment_us(form.get("EndTime")) or at_us
            self._cause(word, form.get("HangupCause"), about)

    def webhook(self, word: str, at_us: int | None, payload: Mapping[str, Any]) -> None:
        """A webhook about a call whose shape is right."""
        self.seen += 1
        sid = payload["call_control_id"]
        context, one, about = self.context, self.touch(sid), f"call {shown(sid)}"
        one.is_outgoing = one.is_outgoing or payload.get("direction") == "outgoing"
        table = OUTGOING if one.is_outgoing else INCOMING
        if (before := one.told.get(word)) is not None:
            text = f"{about}: {word} of line {before.line} is told again as another event"
            legal = words(table.legal(one.told))
            context.say(
                "told-twice", text, about=about, word=word, legal=legal, source=table.source(word)
            )
            return
        event = context.event(payload, at_us)
        self._new(one, table, word, event, about)
        self._same(one, word, payload, SAME_HOOKS, about)
        start_us = moment_us(payload["start_time"])
        if at_us is not None and start_us is not None and at_us < start_us:
            text = f"{about}: {word} happened {seconds(start_us - at_us)} before the call began"
            legal = "occurred_at not before start_time"
            context.say("before-its-start", text, about=about, word=word, legal=legal)
        one.told[word] = event
        if word == HANGUP:
            one.is_over, one.ended_us = True, at_us
            ended = next((status for status in one.told if status in ENDED), "")
            self._cause(ended, payload["hangup_cause"], about)

    def _new(self, one: Call, table: Observable, word: str, event: Event, about: str) -> None:
        """A word that wasn't told yet, beside those that were."""
        fits(self.context, table, one.told, word, event, about)

    def _numbers(self, one: Call, word: str, event: Event, about: str) -> None:
        """Whether its number is its own, and goes with its moment."""
        context = self.context
        assert event.order is not None
        assert event.at_us is not None
        one.sequence.add(event.order)
        for name, other in one.told.items():
            if other.order is None or other.at_us is None:
                continue
            if other.order == event.order:
                text = f"{about}: {word} has the SequenceNumber of {name}, line {other.line}"
                context.say(
                    "sequence-reused", text, about=about, word=word, legal="a number of its own"
                )
            elif (other.order < event.order) != (other.at_us <= event.at_us) and (
                other.at_us != event.at_us
            ):
                text = (
                    f"{about}: {word} and {name} of line {other.line} are numbered against their "
                    "moments"
                )
                legal = "a later moment with a larger number"
                context.say("clock-backwards", text, about=about, word=word, legal=legal)

    def _same(
        self, one: Call, word: str, body: Mapping[str, Any], names: tuple[str, ...], about: str
    ) -> None:
        for other, event in one.told.items():
            if fields := event.clashes(body, names):
                text = (
                    f"{about}: {word} has another {', '.join(fields)} than {other} "
                    f"of line {event.line}"
                )
                legal = "the same in all that is told of one call"
                self.context.say("inconsistent", text, about=about, word=word, legal=legal)
                return

    def _moments(self, word: str, form: Mapping[str, Any], at_us: int | None, about: str) -> None:
        """Whether moments and lengths of one callback go together, in whole seconds."""
        names = ("CallInitiatedAt", "StartTime", "AnsweredTime", "EndTime")
        moments = {name: moment_us(form[name]) for name in names if form.get(name)}
        moments["Timestamp"] = at_us
        for first, last in ORDERED:
            one_us, other_us = moments.get(first), moments.get(last)
            if one_us is None or other_us is None:
                continue
            if other_us // SECOND_US < one_us // SECOND_US:
                text = f"{about}: {last} is {seconds(one_us - other_us)} before {first}"
                legal = f"{last} not before {first}"
                self.context.say("before-its-start", text, about=about, word=word, legal=legal)
                return
        answered_us, ended_us = moments.get("AnsweredTime"), moments.get("EndTime")
        if answered_us is None or ended_us is None or "CallDuration" not in form:
            return
        lasted_s, told_s = (ended_us - answered_us) // SECOND_US, whole(form["CallDuration"])
        if abs(lasted_s - told_s) > 1:
            text = (
                f"{about}: CallDuration is {told_s} s, yet {lasted_s} s lie between answer and end"
            )
            legal = f"{lasted_s} s, or one more or less"
            self.context.say("duration-disagrees", text, about=about, word=word, legal=legal)
        recorded_s, start_us = whole(form.get("RecordingDuration", "0")), moments.get("StartTime")
        if start_us is not None and recorded_s > (ended_us - start_us) // SECOND_US + 1:
            text = f"{about}: {recorded_s} s are recorded of {seconds(ended_us - start_us)}"
            legal = "at most the length of the call"
            self.context.say("duration-too-long", text, about=about, word=word, legal=legal)

    def _cause(self, status: str, cause: object, about: str) -> None:
        """Whether the table has that cause for such an end."""
        if status and cause is not None and cause not in CAUSES[status]:
            text = f"{about} is {status} for a cause that the table has not for that"
            self.context.say(
                "hangup-cause", text, about=about, word=status, legal=words(CAUSES[status])
            )

    def left(self, sid: str, one: Call) -> None:
        """Nothing more is expected of a call."""
        one.sequence.gap(self.context.report, one.line, f"call {shown(sid)}")


#: Moments of one callback, the earlier first.
ORDERED = (
    ("CallInitiatedAt", "Timestamp"),
    ("StartTime", "AnsweredTime"),
    ("AnsweredTime", "EndTime"),
    ("StartTime", "EndTime"),
)
