"""Numbers that count what was sent: which of them are missing."""

from __future__ import annotations

from recsim.logs.report import Report

MOST_SHOWN = 5
MOST_AHEAD = 65_536
"""Numbers that are kept while one below them is missing."""


class Sequence:
    """Whole numbers from 0, in any order; those that came in one piece cost nothing."""

    __slots__ = ("ahead", "lost", "next")

    def __init__(self) -> None:
        self.next = 0
        """All numbers below it came."""
        self.ahead: set[int] | None = None
        """Those that came beyond it."""
        self.lost = False
        """There were too many of those to remember."""

    def add(self, number: int) -> bool:
        """Whether a number is new."""
        if number < self.next or (self.ahead is not None and number in self.ahead):
            return False
        if number > self.next:
            self.ahead = self.ahead or set()
            self.ahead.add(number)
            if len(self.ahead) > MOST_AHEAD:
                self.lost, self.next, self.ahead = True, number + 1, None
            return True
        self.next += 1
        while self.ahead and self.next in self.ahead:
            self.ahead.remove(self.next)
            self.next += 1
        return True

    @property
    def is_whole(self) -> bool:
        """Whether none is missing so far."""
        return not self.ahead and not self.lost

    def gap(self, report: Report, line: int, about: str) -> None:
        """Say which numbers are missing."""
        if self.lost:
            text = f"{about}: numbers below {self.next} never came, while too many above did"
            report.say("sequence-gap", line, text, about=about, legal="each number once, from 0")
        if not self.ahead:
            return
        last = max(self.ahead)
        count = last - self.next + 1 - len(self.ahead)
        first: list[str] = []
        number = self.next
        while len(first) < min(MOST_SHOWN, count):
            if number not in self.ahead:
                first.append(str(number))
            number += 1
        more = " ..." if count > len(first) else ""
        text = f"{about}: of SequenceNumber 0 to {last}, {', '.join(first)}{more} never came"
        legal = "each number once, from 0"
        report.say("sequence-gap", line, text, about=about, legal=legal)
