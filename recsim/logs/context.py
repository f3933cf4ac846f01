"""What every judge shares: the report, the readings in force, and how an event is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recsim.core.units import parse_duration
from recsim.core.vendor import Policy
from recsim.logs.memory import Event, digest
from recsim.logs.moments import SECOND_US
from recsim.logs.observable import Observable
from recsim.logs.report import Report, words
from recsim.logs.shapes import Entry
from recsim.vendors.telnyx.readings import settled
from recsim.vendors.telnyx.vendor import policy

SKEW_US = 300 * SECOND_US
"""How far two clocks may be apart. Source: docs receiving-webhooks, of signatures."""


class Context:
    """The log as far as it is read, and what it is held against. Raises ReadingError."""

    def __init__(self, report: Report, readings: Mapping[str, str]) -> None:
        self.report, self.readings = report, settled(readings)
        self.policy: Policy = policy(self.readings, {})
        self.link_us = parse_duration(self.readings["recording_url_ttl_s"])
        self.line = 0
        self.entry: Entry = NOTHING
        tries = len(self.policy.retries_us) + 1
        url_us = sum(self.policy.retries_us) + tries * self.policy.delivery_timeout_us
        self.late_us = 2 * url_us + self.policy.fail_over_us + SKEW_US
        """From an event to its last attempt, clocks and networks allowed for."""

    def event(self, body: Mapping[str, Any], at_us: int | None, order: int | None = None) -> Event:
        """The event at hand, as it is remembered."""
        entry = self.entry
        is_accepted = self.policy.verdicts.get(entry.outcome) == "accept"
        return Event(
            self.line, at_us, order, entry.at_us, entry.attempt, is_accepted, *digest(body)
        )

    def say(self, rule: str, text: str, **rest: str) -> None:
        """A finding at the line at hand."""
        self.report.say(rule, self.line, text, **rest)

    def reading(self, key: str, answer: str, text: str, about: str, word: str, spec: str) -> None:
        """Something that is legal only under another answer than the one in force."""
        self.say(
            "one-reading",
            f"{text}: legal only under reading {key}={answer}",
            about=about,
            word=word,
            legal=f"what {key}={self.readings[key]} allows",
            source=spec,
        )

    def again(self, before: Event, body: Mapping[str, Any], about: str, word: str) -> bool:
        """An event that was told comes again; whether it is the same one still."""
        if fields := before.differs(body):
            self.say(
                "differing-redelivery",
                f"{about}: {word} of line {before.line} comes again with other {words(fields)}",
                about=about,
                word=word,
                legal="the same body at each attempt",
            )
            return False
        attempt = self.entry.attempt
        is_copy = attempt > 0 and attempt == before.attempt
        if before.is_accepted and not is_copy:
            self.say(
                "accepted-yet-repeated",
                f"{about}: {word} comes again, though line {before.line} was answered with success",
                about=about,
                word=word,
                legal="nothing, unless that answer came too late",
                source="recsim table delivery: accept",
            )
        else:
            text = f"{about}: {word} of line {before.line} comes again"
            self.say("duplicate", text, about=about, word=word)
        return True

    def arrival(self, at_us: int | None, about: str, word: str) -> None:
        """An event is not told before it happens, nor long after the last attempt."""
        arrived_us = self.entry.at_us
        if at_us is None or arrived_us is None:
            return
        if at_us > arrived_us + SKEW_US:
            text = f"{about}: {word} says {seconds(at_us - arrived_us)} after its arrival"
            legal = "a moment before the arrival, or at most 300 s after it"
            self.say("from-the-future", text, about=about, word=word, legal=legal)
        elif arrived_us > at_us + self.late_us:
            text = f"{about}: {word} arrives {seconds(arrived_us - at_us)} after it happened"
            legal = f"within {seconds(self.late_us)}, all retries and 300 s for clocks included"
            self.say("late", text, about=about, word=word, legal=legal)


NOTHING = Entry(None, None, None, None, None, 0, 0)


def seconds(length_us: int) -> str:
    """A length for people."""
    return f"{length_us / SECOND_US:g} s"


def fits(
    context: Context,
    table: Observable,
    told: Mapping[str, Event],
    word: str,
    event: Event,
    about: str,
) -> bool:
    """Whether a word that is new can stand beside those that were told; says so if it can't."""
    seen = frozenset(told)
    if seen | {word} not in table.possible:
        others = [one for one in told if frozenset((one, word)) not in table.possible] or list(told)
        beside = ", ".join(f"{one} (line {told[one].line})" for one in others)
        context.say(
            "impossible-sequence",
            f"{about} was told {beside} and cannot be {word} too",
            about=about,
            word=word,
            legal=words(table.legal(seen)),
            source=table.source(others[0]),
        )
        return False
    for one, other in told.items():
        if one not in table.told:
            continue
        _ordered(context, table, (one, other), (word, event), about)
    return True


Pair = tuple[str, Event]


def _ordered(context: Context, table: Observable, one: Pair, new: Pair, about: str) -> None:
    """Whether two events may have happened in the order that they say."""
    first, last = (one, new) if is_before(one[1], new[1]) else (new, one)
    if not is_before(first[1], last[1]) or (first[0], last[0]) in table.before:
        if is_before(new[1], one[1]):
            arrived_late(context, new[0], one, about)
        return
    context.say(
        "impossible-sequence",
        f"{about} says that {last[0]} (line {last[1].line}) came after {first[0]} "
        f"(line {first[1].line})",
        about=about,
        word=new[0],
        legal=f"{last[0]} before {first[0]}",
        source=table.source(last[0]),
    )


def arrived_late(context: Context, word: str, other: Pair, about: str) -> None:
    """An event arrives after one that followed it: legal."""
    text = f"{about}: {word} arrives after {other[0]} of line {other[1].line}"
    context.say("out-of-order", text, about=about, word=word)


def is_before(one: Event, other: Event) -> bool:
    """Whether an event says that it happened before another: by number, else by whole seconds."""
    if one.order is not None and other.order is not None:
        return one.order < other.order
    if one.at_us is None or other.at_us is None:
        return False
    if one.at_us % SECOND_US and other.at_us % SECOND_US:
        return one.at_us < other.at_us
    return one.at_us // SECOND_US < other.at_us // SECOND_US
