"""What can go wrong, by who can act on it.

Every class keeps its fields in `args` and builds its text in `__str__`: SimPy rebuilds
exceptions as `type(e)(*e.args)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple


class RecsimError(Exception):
    """Anything recsim refuses; whatever else escapes is a bug in recsim."""


class TriggerError(RecsimError):
    """A trigger arrived in a status that has no rule for it."""

    def __init__(self, name: str, status: str, trigger: str, legal: tuple[str, ...]) -> None:
        super().__init__(name, status, trigger, legal)
        self.name, self.status, self.trigger, self.legal = name, status, trigger, legal

    def __str__(self) -> str:
        legal = ", ".join(self.legal) or "nothing"
        return f"{self.name} is {self.status} and cannot {self.trigger}; legal now: {legal}"


class ClockError(RecsimError):
    """A driver gave a moment that the platform cannot go to."""

    def __init__(self, at_us: object, now_us: int, next_due_us: int) -> None:
        super().__init__(at_us, now_us, next_due_us)
        self.at_us, self.now_us, self.next_due_us = at_us, now_us, next_due_us

    def __str__(self) -> str:
        return (
            f"cannot go to {self.at_us!r}: expected an integer of microseconds from "
            f"{self.now_us} (now) to {self.next_due_us} (the next timer)"
        )


class PropertyError(RecsimError):
    """A run broke an invariant: a bug in recsim, or in a table that was changed."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name, text)
        self.name, self.text = name, text

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


class ExtraError(RecsimError):
    """Something is asked for that an extra of recsim installs."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(library, extra)
        self.library, self.extra = library, extra

    def __str__(self) -> str:
        return f"expected {self.library}, which pip install 'recsim[{self.extra}]' brings"


class Fault(NamedTuple):
    """One thing wrong in a file: where, and what would be right."""

    line: int
    """Counted from 1; 0 for the file as a whole."""
    column: int
    """Counted from 1; 0 for the file as a whole."""
    path: str
    """The keys that lead there, joined by dots; empty at the top."""
    text: str

    def told(self, file: str) -> str:
        """The fault as people read it."""
        where = f"{file}:{self.line}:{self.column}" if self.line else file
        return ": ".join(filter(None, (where, self.path, self.text)))


class ScenarioError(RecsimError):
    """A scenario file that cannot be played: all its faults, in the file's order."""

    def __init__(self, file: str, faults: tuple[Fault, ...]) -> None:
        super().__init__(file, faults)
        self.file, self.faults = file, faults

    def __str__(self) -> str:
        return "\n".join(fault.told(self.file) for fault in self.faults)


class TexmlError(RecsimError):
    """A document that the vendor could not follow at all."""

    def __init__(self, line: int, column: int, text: str) -> None:
        super().__init__(line, column, text)
        self.line, self.column, self.text = line, column, text

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.text}"


def suggest(word: str, known: Iterable[str]) -> str:
    """`; did you mean X?` with the nearest of `known`; empty when none is near."""
    near = nearest(word, known)
    return f"; did you mean {near}?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of `known` that is most like `word`; empty when none is near."""
    return next(iter(get_close_matches(word[:60], list(known), n=1)), "")
