"""What a log is found to be: findings, and how many of each.

Nothing of a log is repeated as it stands but ids that look like ids, words that look like words,
and lengths: a log holds phone numbers, keys and links that work.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from recsim.logs.rules import BY_NAME, ERROR, INFO, WARNING

KEPT = 1000
"""Findings that are kept of one rule; all are counted."""

SKETCHED = 400
"""Deliveries, the first of the log, that are kept to be drawn."""

SKETCHED_LATER = 200
"""And of those that come later: with findings, and what went before of the same object."""

SID = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|v3:[\w-]{54}|[A-Z]{2}[0-9a-f]{32}", re.ASCII
)
WORD = re.compile(r"[A-Za-z]{2,20}(?:[-._][A-Za-z]{2,20}){0,4}", re.ASCII)


class Finding(NamedTuple):
    """One thing about a log."""

    line: int
    """Counted from 1; of a document, the number of the entry."""
    level: str
    rule: str
    """A name of `rules.RULES`; it stays the same from version to version."""
    about: str
    """Such as `recording 927362a6-...`; empty: the line itself."""
    word: str
    """The event, such as `completed`; empty where there is none."""
    text: str
    legal: str
    """What would have been legal."""
    source: str
    """The row, or the document, that says so."""


class Seen(NamedTuple):
    """One delivery, as far as it can be shown."""

    line: int
    """Of the log, as in a finding."""
    at_us: int | None
    """When it arrived, since the Unix epoch; None: the log doesn't say."""
    about: str
    """As in a finding; empty: nothing that there is a table for."""
    who: int
    """Tells objects apart, of unusual ids too; another number in every process."""
    word: str
    """The event, or what was asked of the application: a word of ours, never one of the log's."""


Listener = Callable[[Finding], object]


@dataclass(slots=True)
class Report:
    """What was found in one log."""

    name: str
    """Of the log."""
    listener: Listener | None = None
    """Told of each finding when it is made."""
    findings: list[Finding] = field(default_factory=list)
    """In the order in which they were made: by line, and what is missing where it was given up.

    At most `KEPT` of each rule.
    """
    counts: Counter[str] = field(default_factory=Counter)
    """All findings, by rule."""
    seen: list[Seen] = field(default_factory=list)
    """A sketch of the log: `SKETCHED` deliveries as they came, and `SKETCHED_LATER` at most."""
    lines: int = 0
    events: int = 0
    """Deliveries that were found in them."""
    forgotten: int = 0
    """Objects that the window let go of before the log ended."""

    def __repr__(self) -> str:
        return f"<report on {self.name}: {self.counts.total()} findings>"

    def __str__(self) -> str:
        from recsim.show.verdicts import text  # noqa: PLC0415 - showing stands above

        return text(self)

    def _repr_html_(self) -> str:
        from recsim.show.html.findings import report  # noqa: PLC0415 - showing stands above

        return report(self)

    @property
    def is_legal(self) -> bool:
        """Whether nothing was found that can't be legal."""
        return not self.count(ERROR)

    @property
    def errors(self) -> list[Finding]:
        """Findings of the gravest level."""
        return [finding for finding in self.findings if finding.level == ERROR]

    @property
    def warnings(self) -> list[Finding]:
        """Findings that may be legal."""
        return [finding for finding in self.findings if finding.level == WARNING]

    @property
    def infos(self) -> list[Finding]:
        """Findings that are legal."""
        return [finding for finding in self.findings if finding.level == INFO]

    def count(self, level: str) -> int:
        """How many findings of a level there are."""
        return sum(n for rule, n in self.counts.items() if BY_NAME[rule].level == level)

    def say(
        self,
        rule: str,
        line: int,
        text: str,
        *,
        about: str = "",
        word: str = "",
        legal: str = "",
        source: str = "",
    ) -> None:
        """Add a finding."""
        row = BY_NAME[rule]
        made = Finding(line, row.level, rule, about, word, text, legal, source or row.spec)
        self.counts[rule] += 1
        if self.counts[rule] <= KEPT:
            self.findings.append(made)
        if self.listener is not None:
            self.listener(made)


def sid(text: object) -> str:
    """An id, if it looks like one."""
    if isinstance(text, str) and SID.fullmatch(text):
        return text
    return "of an unusual id"


def word(text: object) -> str:
    """A word of a log, if it looks like one."""
    if isinstance(text, str) and WORD.fullmatch(text):
        return repr(text)
    return "something that is no word"


def words(known: object) -> str:
    """Words of ours, for the end of a text."""
    return ", ".join(sorted(map(str, known))) or "nothing"  # type: ignore[call-overload]  # any iterable
