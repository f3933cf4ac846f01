"""Which part of a scenario brought a line of the trace in: found from the trace and the file.

Nothing is played again, so that a folder and the file are enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from recsim.scenario.casting import numbered
from recsim.scenario.load import Loaded
from recsim.scenario.naming import NAME
from recsim.scenario.people import Step
from recsim.scenario.requests import NAME_ALONE, Asked, Request
from recsim.scenario.units import parse_moment
from recsim.scenario.written import TRACE, Line, Written, WrittenError

Path: TypeAlias = tuple[str | int, ...]

#: What somebody does who is called, before their story begins, by what in the file says when.
BEFORE = {"ringing": "rings_after", "answered": "answers_after", "refused": "refuses"}

#: What a person's command is called where requests wait for it.
WORDS = {"ringing": "ring", "refused": "refuse", "pressed": "press", "hung-up": "hang_up"}


class Origins:
    """The parts of a scenario that commands of its trace come from."""

    def __init__(self, written: Written, loaded: Loaded) -> None:
        self.written, self.loaded, self.scenario = written, loaded, loaded.scenario
        self.told: dict[int, Path] = {}
        """By seq."""
        self.stories: dict[int, Iterator[tuple[str, Path]]] = {}
        """Of each leg, what its party does, and where that stands."""
        self.people: dict[int, Path] = {}
        """Who is at a leg."""
        self.callees = {one.number: name for name, one in self.scenario.callees.items()}
        self.asked: set[int] = set()
        """Indexes of requests that are found already."""
        for line in written.trace:
            find = FIND.get(line["kind"])
            if path := find(self, line) if find else None:
                self.told[line["seq"]] = path

    def path(self, line: Line) -> Path | None:
        """The part of the scenario that a line of the trace comes from; None: none does."""
        return self.told.get(line["seq"])

    def _invited(self, line: Line) -> Path:
        """Somebody calls: whoever isn't in the file shows that it is another one."""
        call = self.scenario.calls.get(line["session"])
        at_us = parse_moment(line["at"]) - self.scenario.starts_at
        if call is None or (call.from_, call.to, call.at) != (line["from"], line["to"], at_us):
            said = f"{line['session']} calls {line['to']} from {line['from']} at {line['at']}"
            raise self._stranger(line, said)
        return "calls", line["session"]

    def _opened(self, line: Line) -> None:
        if call := self.scenario.calls.get(line["title"]):
            self._sits(line["leg"], ("calls", line["title"]), call.story)

    def _rung(self, line: Line) -> None:
        if name := self.callees.get(line["to"]):
            self._sits(line["leg"], ("callees", name), self.scenario.callees[name].story)

    def _began(self, line: Line) -> Path | None:
        """Somebody who is called does what comes before a story."""
        person = self.people.get(line["leg"])
        return (*person, BEFORE[line["kind"]]) if person else None

    def _transferred(self, line: Line) -> Path | None:
        to = self.written.line(line["cause"])["to"]
        return ("callees", self.callees[to]) if to in self.callees else None

    def _acted(self, line: Line) -> Path | None:
        """The next step of a story; or the farewell of whoever has transferred somebody."""
        cause = self.written.line(line["cause"])
        if cause["kind"] == "transferred":
            return self._transferred(cause)
        does, path = next(self.stories.get(line["leg"], iter(())), ("", ()))
        if does != event(line):
            raise self._stranger(line, f"somebody does {event(line)}, which the story doesn't have")
        return path

    def _fetched(self, line: Line) -> Path | None:
        url = self.written.line(line["cause"])["url"]
        return ("documents", url) if url in self.scenario.documents else None

    def _section(self, line: Line) -> Path | None:
        """Whatever the file says of the receiver or of storage."""
        section = "receiver" if line["kind"] == "outcome" else "storage"
        return (section,) if section in self.loaded.tree.data else None

    def _stranger(self, line: Line, text: str) -> WrittenError:
        """The trace has what this scenario can't bring about."""
        where = f"{self.written.name}, {TRACE}:{line['seq']}"
        return WrittenError(where, f"{text}: {self.loaded.file} is not what was played")

    def _sits(self, leg: int, person: Path, steps: Sequence[Step]) -> None:
        """Somebody is at a leg, and has a story."""
        self.people[leg] = person
        self.stories[leg] = iter(
            [
                (draft.do, (*person, "story", n))
                for n, draft in numbered(steps)
                if draft.do != "wait"
            ]
        )

    def _requested(self, line: Line) -> Path | None:
        """A request of the file; or what a receiver asks while it holds a callback."""
        cause = self.written.line(line["cause"]) if line["cause"] else None
        if cause is not None and cause["kind"] == "attempt":
            for n, ask in enumerate(self.scenario.receiver.asks):
                if is_like(line, ask):
                    return "receiver", "asks", n
            return None
        for n, request in enumerate(self.scenario.requests):
            if (
                n not in self.asked
                and is_like(line, request)
                and self._is_due(line, cause, request)
            ):
                self.asked.add(n)
                return "requests", n
        return None

    def _is_due(self, line: Line, cause: Line | None, request: Request) -> bool:
        """Whether a request comes when this one came, after what it waited for."""
        since_us = parse_moment(cause["at"]) if cause else self.scenario.starts_at
        word = event(cause) if cause else ""
        passed_us = parse_moment(line["at"]) - since_us
        is_named = (request.makes or "") == line["session"]
        return request.at.word == word and request.at.after_us == passed_us and is_named


#: What finds the part of the scenario that a line comes from, by its kind; called once a line.
FIND: dict[str, Callable[[Origins, Line], Path | None]] = {
    "invite": Origins._invited,
    "opened": Origins._opened,
    "ring": Origins._rung,
    **dict.fromkeys(BEFORE, Origins._began),
    "transferred": Origins._transferred,
    **dict.fromkeys(("speech", "pressed", "hung-up"), Origins._acted),
    "request": Origins._requested,
    "fetched": Origins._fetched,
    **dict.fromkeys(("outcome", "stored"), Origins._section),
}


def event(line: Line) -> str:
    """What a line is called where something waits for it."""
    kind: str = line["kind"]
    if kind == "cue":
        return str(line["word"])
    if kind == "speech":
        return "speak" if line["on"] else "silent"
    return {"drop": "end", "answered": "pick_up", **WORDS}.get(kind, kind)


def is_like(line: Line, asked: Asked) -> bool:
    """Whether a request of the trace has the method and the path that the file says."""
    if line["method"] != asked.method:
        return False
    if NAME_ALONE.fullmatch(asked.path):
        return not line["path"].startswith("/v2/")
    path = asked.path.partition("?")[0]
    pattern = "".join(
        "[^/]+" if NAME.fullmatch(part) else re.escape(part)
        for part in re.split(r"(\{[^{}]*\})", path)
    )
    return re.fullmatch(pattern, line["path"]) is not None
