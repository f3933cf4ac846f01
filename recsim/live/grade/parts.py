"""What grading is told, and what it finds out, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from recsim.core.errors import RecsimError
from recsim.live.outside import Allowed

VENDOR_WAITS_S = 2.0
"""So long the vendor waits for an answer to a callback (the reading `webhook_timeout_secs`)."""


class GradeError(RecsimError):
    """Nothing can be graded: no connection, a probe that can't be read, a check there isn't."""


@dataclass(frozen=True)
class Settings:
    """How a receiver is graded."""

    url: str
    """Where it takes recording callbacks."""
    probe_url: str = ""
    probe_command: str = ""
    voice_url: str = ""
    """Of the application that the receiver belongs to; empty: no call is played against it."""
    status_url: str = ""
    """Where that application is told how calls go; empty: `url`."""
    method: str = "POST"
    """How callbacks are sent, but for the check of the other method."""
    only: tuple[str, ...] = ()
    """Names of checks; empty: all."""
    seed: int = 0
    """The key grows from it."""
    timeout_s: float = VENDOR_WAITS_S
    """Longest time to an answer."""
    settle_s: float = 1.0
    """Longest time from an answer until the probe shows what follows from it."""
    allowed: Allowed = field(default_factory=Allowed)

    @property
    def has_probe(self) -> bool:
        """Whether somebody tells what the receiver kept."""
        return bool(self.probe_url or self.probe_command)


class Callback(NamedTuple):
    """One callback, as the vendor encodes it, not yet signed."""

    word: str
    """What it says: `completed`, or of a call: `call completed`."""
    sid: str
    """Of its recording; empty: it names none."""
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    params: Mapping[str, str]


class Kept(NamedTuple):
    """A recording as the receiver has it."""

    sid: str
    status: str
    duration: str = ""
    """In seconds; empty: it doesn't say."""
    url: str = ""


#: Why there was no answer, for people.
FAILURES = {
    "timeout": "no answer in time",
    "refused": "no connection",
    "reset": "a broken connection",
}


class Step(NamedTuple):
    """One callback that was sent, what was answered, and what was kept then."""

    word: str
    sid: str
    method: str
    url: str
    note: str
    """What is unusual about it; empty: nothing."""
    status: int
    """0: there was no answer."""
    failure: str
    took_s: float
    body: str
    """How the answer begins."""
    kept: tuple[Kept, ...] | None = None
    """Rows of its recording; None: nobody looked."""

    @property
    def is_taken(self) -> bool:
        """Whether the vendor would take it for delivered."""
        return 200 <= self.status < 300

    @property
    def said(self) -> str:
        """The callback, for people."""
        return f"{self.word} ({self.note})" if self.note else self.word

    @property
    def answered(self) -> str:
        """The answer, for people."""
        return str(self.status) if self.status else FAILURES[self.failure]

    @property
    def met(self) -> str:
        """The answer, as what is said of the callback."""
        return f"was answered {self.status}" if self.status else f"met {self.answered}"


class Finding(NamedTuple):
    """What a check found."""

    fault: str = ""
    """Empty: none."""
    steps: tuple[Step, ...] = ()
    """Of a fault, those that show it; else all."""
    order: tuple[str, ...] = ()
    """The shortest order of callbacks that shows the fault, where the check is about orders."""
    unjudged: str = ""
    """Why nothing could be said; empty: something could."""
    note: str = ""
    """What was left out, or remarkable."""


class Result(NamedTuple):
    """A check that was made."""

    name: str
    title: str
    points: int
    loses: str
    """What a user would lose."""
    remedy: str
    finding: Finding
    took_s: float

    @property
    def outcome(self) -> str:
        """`passed`, `failed` or `not judged`."""
        if self.finding.unjudged:
            return "not judged"
        return "failed" if self.finding.fault else "passed"


class Report(NamedTuple):
    """A receiver, graded."""

    url: str
    public_key: str
    seed: int
    has_probe: bool
    results: tuple[Result, ...]

    @property
    def points(self) -> int:
        """What it got."""
        return sum(one.points for one in self.results if one.outcome == "passed")

    @property
    def judged(self) -> int:
        """What it could have got."""
        return sum(one.points for one in self.results if one.outcome != "not judged")

    @property
    def unjudged(self) -> list[Result]:
        """Checks of which nothing could be said."""
        return [one for one in self.results if one.outcome == "not judged"]

    @property
    def is_full(self) -> bool:
        """Whether nothing was lost."""
        return self.points == self.judged > 0
