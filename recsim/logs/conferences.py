"""Conferences of a log: their status callbacks and webhooks, held against the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recsim.core.conferences import END, JOIN, LEAVE
from recsim.logs.context import Context, fits, seconds
from recsim.logs.memory import Event, Window, digest_of
from recsim.logs.moments import moment_us, whole
from recsim.logs.observable import CONFERENCES
from recsim.logs.report import sid as shown
from recsim.logs.report import words
from recsim.logs.sequence import Sequence
from recsim.vendors.telnyx.callbacks.conference import EVENTS
from recsim.vendors.telnyx.callbacks.webhooks import CONFERENCE_EVENTS

SAME = ("AccountSid", "FriendlyName")
ENDINGS = (EVENTS[END, True], CONFERENCE_EVENTS["ended"])
JOINS = (EVENTS[JOIN, True], CONFERENCE_EVENTS[JOIN])
LEAVES = (EVENTS[LEAVE, True], CONFERENCE_EVENTS[LEAVE])
LONGEST = 8
"""How many events of one conference are kept whole, to tell a redelivery from a reuse."""


@dataclass(slots=True, eq=False)
class Room:
    """A conference, as far as it was told."""

    line: int
    told: dict[str, Event] = field(default_factory=dict)
    """What the table tells of, by word."""
    numbered: dict[int, tuple[str, Event]] = field(default_factory=dict)
    """The latest events, by SequenceNumber."""
    sequence: Sequence = field(default_factory=Sequence)
    stays: Counter[int] = field(default_factory=Counter)
    """How often each call came, less how often it left."""
    joins: int = 0
    last: tuple[int, int, int] = (-1, 0, 0)
    """The largest number of somebody's event, its moment and its line."""
    is_over: bool = False


class Conferences:
    """All conferences within the window."""

    def __init__(self, context: Context, most: int, within_us: int | None) -> None:
        self.context = context
        self.window: Window[Room] = Window(most, within_us, self.left)

    def _touch(self, sid: str) -> Room:
        line = self.context.line
        return self.window.touch(sid, lambda: Room(line), self.context.entry.at_us)

    def callback(self, word: str, form: Mapping[str, Any]) -> None:
        """A conference status callback whose shape is right."""
        context, sid = self.context, form["ConferenceSid"]
        one, about = self._touch(sid), f"conference {shown(sid)}"
        at_us, number = moment_us(form["Timestamp"]), whole(form["SequenceNumber"])
        known = one.numbered.get(number)
        if known is not None:
            name, before = known
            if name == word:
                context.again(before, form, about, word)
            else:
                text = f"{about}: {word} has the SequenceNumber of {name}, line {before.line}"
                context.say(
                    "sequence-reused", text, about=about, word=word, legal="a number of its own"
                )
            return
        if not one.sequence.add(number):
            text = f"{about}: {word} comes again, too late to be compared"
            context.say("duplicate", text, about=about, word=word)
            return
        context.arrival(at_us, about, word)
        event = context.event(form, at_us, number)
        if word in CONFERENCES.told:
            self._new(one, word, event, about)
        self._stays(one, word, form["CallSid"], event, about)
        self._same(one, word, form, event, about)
        one.numbered[number] = (word, event)
        if len(one.numbered) > LONGEST:
            del one.numbered[next(iter(one.numbered))]

    def webhook(self, word: str, at_us: int | None, payload: Mapping[str, Any]) -> None:
        """A webhook about a conference whose shape is right."""
        sid = payload["conference_id"]
        one, about = self._touch(sid), f"conference {shown(sid)}"
        event = self.context.event(payload, at_us)
        if word in CONFERENCES.told:
            self._new(one, word, event, about)
        self._stays(one, word, payload["call_control_id"], event, about)

    def _new(self, one: Room, word: str, event: Event, about: str) -> None:
        """A word of the table."""
        before = one.told.get(word)
        if before is not None:
            text = f"{about}: {word} of line {before.line} is told again as another event"
            legal = words(CONFERENCES.legal(one.told))
            source = CONFERENCES.source(word)
            self.context.say("told-twice", text, about=about, word=word, legal=legal, source=source)
            return
        fits(self.context, CONFERENCES, one.told, word, event, about)
        one.told[word] = event

    def _stays(self, one: Room, word: str, call: str, event: Event, about: str) -> None:
        """Who comes and leaves, and that nobody does once it is over."""
        context = self.context
        if word in ENDINGS:
            one.is_over = True
            number, at_us, line = one.last
            mine = (event.order, number) if event.order is not None else (event.at_us, at_us)
            if mine[0] is not None and mine[1] > mine[0]:
                self._after(word, f"the event of line {line}", about)
            return
        if word in CONFERENCES.told:
            return
        for ending in ENDINGS:
            end = one.told.get(ending)
            if end is None or (end.order is None) != (event.order is None):
                continue
            is_after = (
                event.order > end.order
                if event.order is not None and end.order is not None
                else event.at_us is not None and end.at_us is not None and event.at_us > end.at_us
            )
            if is_after:
                self._after(word, f"its end, line {end.line}", about)
        number = event.order if event.order is not None else -1
        one.last = max(one.last, (number, event.at_us or 0, context.line))
        # Only numbers tell whether somebody's coming is missing from the log.
        if event.order is not None and (word in JOINS or word in LEAVES):
            one.joins += word in JOINS
            who = digest_of(call)
            one.stays[who] += 1 if word in JOINS else -1
            if not one.stays[who]:
                del one.stays[who]

    def _after(self, word: str, what: str, about: str) -> None:
        text = f"{about}: {word} and {what}: something is told of after the end"
        self.context.say(
            "after-end", text, about=about, word=word, legal="the end as the last event"
        )

    def _same(
        self, one: Room, word: str, form: Mapping[str, Any], event: Event, about: str
    ) -> None:
        """Whether its account and name stay, and moments go with numbers."""
        if not one.numbered:
            return
        name, other = one.numbered[next(reversed(one.numbered))]
        if fields := other.clashes(form, SAME):
            text = (
                f"{about}: {word} has another {', '.join(fields)} than {name} of line {other.line}"
            )
            legal = "the same in all that is told of one conference"
            self.context.say("inconsistent", text, about=about, word=word, legal=legal)
        assert event.order is not None
        assert other.order is not None
        if event.at_us is None or other.at_us is None or event.at_us == other.at_us:
            return
        if (event.order > other.order) != (event.at_us > other.at_us):
            apart = seconds(abs(event.at_us - other.at_us))
            text = (
                f"{about}: {word} and {name} of line {other.line} are numbered against their "
                f"moments, {apart} apart"
            )
            legal = "a later moment with a larger number"
            self.context.say("clock-backwards", text, about=about, word=word, legal=legal)

    def left(self, sid: str, one: Room) -> None:
        """Nothing more is expected of a conference."""
        about, report = f"conference {shown(sid)}", self.context.report
        one.sequence.gap(report, one.line, about)
        if one.joins and one.sequence.is_whole and any(stay < 0 for stay in one.stays.values()):
            text = f"{about}: somebody leaves more often than they came"
            legal = "a join before each leave"
            report.say("left-without-joining", one.line, text, about=about, legal=legal)
