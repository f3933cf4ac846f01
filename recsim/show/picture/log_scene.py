"""What is drawn of a log: which objects, which deliveries of them, and what was found on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from recsim.logs.report import SKETCHED, SKETCHED_LATER, Finding, Report, Seen, sid
from recsim.logs.rules import LEVELS

MOST_LANES = 16
MOST_MARKS = 96
"""Deliveries that are drawn: more could not be told apart."""

MOST_KEPT = SKETCHED + 2 * SKETCHED_LATER
"""Deliveries that are told in words: those of the sketch, and lines that only findings tell of."""

OTHER = "other lines"
"""Where deliveries and findings stand that are about no object."""
UNUSUAL = sid(None)
UNKNOWN = "unknown event"
NO_DELIVERY = "no delivery"
KINDS = ("recording ", "call ", "conference ")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Object = tuple[str, int]
"""What it is about, and what tells it from others of that name."""


class Mark(NamedTuple):
    """A delivery, or a line in which there was none, and what was found there."""

    line: int
    at_us: int | None
    word: str
    found: tuple[Finding, ...]
    """Of the levels that are shown, the gravest first."""

    @property
    def level(self) -> int:
        """How grave it is, 0 the gravest; nothing found: beyond all levels."""
        return min(map(grave, self.found), default=len(LEVELS))


class Lane(NamedTuple):
    """An object of the log."""

    about: str
    marks: tuple[Mark, ...]
    """By line."""

    @property
    def level(self) -> int:
        """That of its gravest mark."""
        return min(one.level for one in self.marks)


class Scene(NamedTuple):
    """What is drawn of a log."""

    name: str
    lanes: tuple[Lane, ...]
    """In the order of first appearance."""
    kept: tuple[Lane, ...]
    """All that the report has kept, more than can be drawn."""
    events: int
    """Deliveries of the whole log."""

    @property
    def sampled(self) -> str:
        """How much is left out; empty: nothing."""
        drawn, kept = deliveries(self.lanes), deliveries(self.kept)
        if marks(self.lanes) == marks(self.kept) and kept >= self.events:
            return ""
        said = f"A sample: {drawn} of {max(self.events, kept)} deliveries"
        if len(self.lanes) < len(self.kept):
            # Of what is not kept, nobody knows how many objects it was about.
            least = "at least " * (kept < self.events)
            said += f", {len(self.lanes)} of {least}{len(self.kept)} lanes"
        has_findings = any(mark.found for lane in self.lanes for mark in lane.marks)
        return f"{said}; what has findings comes first" if has_findings else said


def marks(lanes: Iterable[Lane]) -> int:
    """How many marks there are."""
    return sum(len(lane.marks) for lane in lanes)


def deliveries(lanes: Iterable[Lane]) -> int:
    """How many of them are deliveries."""
    return sum(mark.word != NO_DELIVERY for lane in lanes for mark in lane.marks)


def scene(report: Report, levels: frozenset[str]) -> Scene:
    """What is drawn of a report, with findings of `levels`."""
    lanes = tuple(laid(report, levels))
    return Scene(report.name, tuple(chosen(lanes)), lanes, report.events)


def laid(report: Report, levels: frozenset[str]) -> Iterator[Lane]:
    """Everything that is kept of a log, by object; first the one that appears first."""
    seen = sorted(report.seen, key=lambda one: one.line)
    who = {one.about: one.who for one in reversed(seen)}
    by_line: dict[int, list[int]] = {}
    for n, one in enumerate(seen):
        by_line.setdefault(one.line, []).append(n)
    found: dict[int, list[Finding]] = {}
    for finding in sorted(report.findings, key=grave):
        if finding.level not in levels:
            continue
        if finding.line not in by_line:
            if len(seen) >= MOST_KEPT:
                continue
            # Nothing is kept of that line but the finding.
            about = finding.about if finding.about.startswith(KINDS) else ""
            word = finding.word or ("" if about else NO_DELIVERY)
            by_line[finding.line] = [len(seen)]
            seen.append(Seen(finding.line, None, about, who.get(about, 0), word))
        there = by_line[finding.line]
        on = next((n for n in there if seen[n].about == finding.about), there[0])
        found.setdefault(on, []).append(finding)
    lanes: dict[Object, list[Mark]] = {}
    for n, one in sorted(enumerate(seen), key=lambda pair: pair[1].line):
        key = (one.about, one.who if one.about else 0)
        mark = Mark(one.line, one.at_us, one.word or UNKNOWN, tuple(found.get(n, ())))
        lanes.setdefault(key, []).append(mark)
    for (about, _), told in lanes.items():
        yield Lane(about or OTHER, tuple(told))


def grave(finding: Finding) -> int:
    """How grave a finding is, 0 the gravest."""
    return LEVELS.index(finding.level)


def chosen(lanes: tuple[Lane, ...]) -> Iterator[Lane]:
    """The lanes that are drawn, with their marks: what was found something on, then the first."""
    best = sorted(range(len(lanes)), key=lambda n: (lanes[n].level, n))[:MOST_LANES]
    order = [
        (mark.level, lanes[n].level, mark.line, n, at)
        for n in best
        for at, mark in enumerate(lanes[n].marks)
    ]
    drawn = {(n, at) for *_, n, at in sorted(order)[:MOST_MARKS]}
    for n in sorted(best):
        kept = tuple(mark for at, mark in enumerate(lanes[n].marks) if (n, at) in drawn)
        if kept:
            yield Lane(lanes[n].about, kept)


def in_words(there: Scene) -> Iterator[str]:
    """Every delivery that is kept, a line each, in the order of the log."""
    told = sorted(
        ((mark, lane.about) for lane in there.kept for mark in lane.marks),
        key=lambda pair: pair[0].line,
    )
    for mark, about in told:
        yield said(mark, about)
    if (more := there.events - deliveries(there.kept)) > 0:
        yield f"... and {more} more deliveries"


def said(mark: Mark, about: str) -> str:
    """A delivery in words."""
    at = f", {moment(mark.at_us)}" if mark.at_us is not None else ""
    found = "".join(f"; {one.level}: {one.text} [{one.rule}]" for one in mark.found)
    return f"line {mark.line}{at}: {about}: {mark.word}{found}"


def moment(at_us: int) -> str:
    """A moment as ISO 8601 in UTC, to the millisecond; as a number where no calendar has it."""
    try:
        at = EPOCH + timedelta(microseconds=at_us)
    except OverflowError:
        return f"{at_us} us"
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
