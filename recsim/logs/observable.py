"""What can be seen of a lifecycle from outside: its table, with the rows hidden that tell nothing.

Whoever receives callbacks sees words, and perhaps not all of them: what nobody subscribed to is
not told, and what was told may come late. So a set of words is possible if one path through the
table passes a row of each, and one word may come before another if a path does so. Everything is
worked out from the tables once, at import; nothing is stated here a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from recsim.core.lifecycle import Lifecycle, Rule
from recsim.vendors.telnyx.callbacks.conference import EVENTS
from recsim.vendors.telnyx.callbacks.webhooks import CONFERENCE_EVENTS, RECORDING_EVENTS
from recsim.vendors.telnyx.lifecycle import (
    CALL_LEG,
    CALLBACK_STATUS,
    CONFERENCE,
    COUPLINGS,
    RECORDING,
    WEBHOOK_EVENTS,
)

Told = Mapping[str, tuple[Rule, ...]]
"""The rows that a word tells of."""


class Observable:
    """A lifecycle as its words show it."""

    def __init__(self, lifecycle: Lifecycle, told: Told) -> None:
        self.lifecycle, self.told = lifecycle, told
        self.words = tuple(told)
        moves = [rule for rule in lifecycle.rules if rule.dest is not None]
        self._words_of = {
            rule: tuple(word for word, rows in told.items() if rule in rows) for rule in moves
        }
        leads = _reach(moves)
        self.before = frozenset(
            (one, other)
            for one, rows in told.items()
            for other, others in told.items()
            if any(
                row == then or then.source in leads[str(row.dest)]
                for row in rows
                for then in others
            )
        )
        """Pairs of which the first may tell of something earlier than the second, or the same."""
        self.possible = self._possible(moves)
        """Sets of words that one path tells of."""
        self.repeats = frozenset(
            word
            for word, rows in told.items()
            if any(then.source in leads[str(row.dest)] for row in rows for then in rows)
        )
        """Words that one path can tell of more than once."""

    def _possible(self, moves: list[Rule]) -> frozenset[frozenset[str]]:
        start = (self.lifecycle.initial, frozenset[str]())
        seen, open_ = {start}, [start]
        while open_:
            status, words = open_.pop()
            for rule in moves:
                if rule.source != status:
                    continue
                for more in _subsets(self._words_of[rule]):
                    then = (str(rule.dest), words | more)
                    if then not in seen:
                        seen.add(then)
                        open_.append(then)
        return frozenset(words for _, words in seen)

    def legal(self, seen: Iterable[str]) -> tuple[str, ...]:
        """Words that can still come, in the table's order, whenever what they tell of happened."""
        have = frozenset(seen)
        return tuple(
            word
            for word in self.words
            if (word not in have or word in self.repeats) and have | {word} in self.possible
        )

    def source(self, word: str) -> str:
        """What the rows cite that a word tells of."""
        return "; ".join(dict.fromkeys(rule.spec for rule in self.told[word]))


def _reach(moves: list[Rule]) -> dict[str, set[str]]:
    """The statuses that each status leads to, itself included."""
    leads = {status: {status} for status in chain.from_iterable((r.source, r.dest) for r in moves)}
    grew = True
    while grew:
        grew = False
        for rule in moves:
            more = leads[rule.dest] - leads[rule.source]
            leads[rule.source] |= more
            grew = grew or bool(more)
    return leads  # type: ignore[return-value]  # a move has a dest


def _subsets(words: tuple[str, ...]) -> list[frozenset[str]]:
    made = [frozenset[str]()]
    for word in words:
        made += [one | {word} for one in made]
    return made


def by_trigger(lifecycle: Lifecycle, told: Iterable[tuple[str, str]]) -> Told:
    """The rows of each word, from pairs of a trigger and the word that tells of it."""
    rows: dict[str, tuple[Rule, ...]] = {}
    for trigger, word in told:
        rows[word] = rows.get(word, ()) + tuple(
            rule for rule in lifecycle.rules if rule.trigger == trigger and rule.dest is not None
        )
    return rows


def by_dest(lifecycle: Lifecycle, told: Iterable[tuple[str, str]]) -> Told:
    """The rows of each word, from pairs of a status and the word that tells of entering it."""
    rows: dict[str, tuple[Rule, ...]] = {}
    for dest, word in told:
        rows[word] = rows.get(word, ()) + tuple(
            rule for rule in lifecycle.rules if rule.dest == dest and rule.source != dest
        )
    return rows


def coupled(lifecycle: Lifecycle, relation: str) -> list[tuple[str, str]]:
    """What is told when a status is entered: pairs of the status and the coupling's trigger."""
    return [
        (dest, coupling.trigger)
        for coupling in COUPLINGS
        if coupling.lifecycle == lifecycle.name and coupling.relation == relation
        for dest in coupling.dests
    ]


def _legs(*, is_incoming: bool) -> Observable:
    """Call legs; of one that came in, another status is told as its beginning."""
    plain = coupled(CALL_LEG, "webhook of the leg")
    instead = coupled(CALL_LEG, "webhook of the leg, if it came in") if is_incoming else []
    replaced = {event for _, event in instead}
    hooks = [(dest, event) for dest, event in plain if event not in replaced] + instead
    statuses = [dest for dest, _ in coupled(CALL_LEG, "status callback of the leg")]
    told = [(dest, dest) for dest in statuses] + [(dest, f"call.{event}") for dest, event in hooks]
    return Observable(CALL_LEG, by_dest(CALL_LEG, told))


def _conferences() -> Observable:
    forms = coupled(CONFERENCE, "status callback of the conference")
    hooks = coupled(CONFERENCE, "webhook of the conference")
    told = [(dest, EVENTS[event, True]) for dest, event in forms]
    told += [(dest, CONFERENCE_EVENTS[event]) for dest, event in hooks]
    return Observable(CONFERENCE, by_dest(CONFERENCE, told))


def _recordings() -> Observable:
    told = list(CALLBACK_STATUS.items())
    for trigger, event in WEBHOOK_EVENTS.items():
        told += [(trigger, name) for (what, _), name in RECORDING_EVENTS.items() if what == event]
    return Observable(RECORDING, by_trigger(RECORDING, told))


RECORDINGS = _recordings()
INCOMING = _legs(is_incoming=True)
OUTGOING = _legs(is_incoming=False)
CONFERENCES = _conferences()
