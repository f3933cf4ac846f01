"""What is kept of a run: the lines of its three files and, for scenarios, the same as values."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from recsim.core.commands import (
    Answer,
    Command,
    Fetched,
    HungUp,
    Outcome,
    Pressed,
    Request,
    Speech,
)
from recsim.core.effects import Attempt, Cue, Drop, Effect, Fetch, Note, Opened, Respond
from recsim.core.moments import iso_micros
from recsim.core.platform import Final
from recsim.core.trace import command_line, effect_lines, quote
from recsim.vendors.telnyx.vendor import Telnyx


class Event(NamedTuple):
    """Something that can be waited for, and that `expect` can measure from."""

    at_us: int
    call: str
    word: str


class Sent(NamedTuple):
    """One attempt, as the receiver saw it."""

    at_us: int
    cause: int
    """Seq of the attempt in the trace."""
    call: str
    kind: str
    method: str
    url: str
    params: dict[str, str]
    attempt: int
    outcome: int | str
    """A status, or why there was no answer."""


class Answered(NamedTuple):
    """A REST request and its answer."""

    at_us: int
    request: Request
    answer: Answer


class Remark(NamedTuple):
    """Something the vendor passed over, or a story that could not be played to its end."""

    at_us: int
    call: str
    text: str


@dataclass(slots=True)
class Kept:
    """A run as values; moments in µs since the start."""

    events: list[Event] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    recordings: list[dict[str, Any]] = field(default_factory=list)
    """Rows of `recordings.jsonl`."""


class Sinks(NamedTuple):
    """Where lines go, each with its line end; `list.append` and `file.write` will do."""

    trace: Callable[[str], Any]
    callbacks: Callable[[str], Any]
    recordings: Callable[[str], Any]


#: Effects that say something of lines still to be written.
WATCHED = frozenset((Attempt, Fetch, Opened))


class Pending:
    """An attempt whose outcome is not known yet."""

    __slots__ = ("effect", "outcome", "sent")

    def __init__(self, effect: Attempt | Fetch, sent: tuple[int, int, str]) -> None:
        self.effect, self.sent = effect, sent
        self.outcome: int | str | None = None


class Record:
    """Watches a run (`world.driver.Observer`) and keeps it."""

    def __init__(
        self, vendor: Telnyx, starts_at_us: int, sinks: Sinks, kept: Kept | None = None
    ) -> None:
        self.vendor, self.starts_at_us, self.sinks, self.kept = vendor, starts_at_us, sinks, kept
        self._pending: dict[int, Pending] = {}
        """By ticket."""
        self._queue: deque[Pending] = deque()
        """In the order of attempts, which the file keeps."""
        self._calls: dict[int, str] = {}
        """Titles by session and by leg."""
        self._request: Request | None = None

    def asked(self, at_us: int, seq: int, cause: int, command: Command) -> None:
        """A command was given."""
        self.sinks.trace(command_line(self.starts_at_us + at_us, seq, cause, command) + "\n")
        if isinstance(command, Outcome | Fetched):
            self._settle(command)
        elif self.kept is not None:
            self._keep_command(self.kept, at_us, command)

    def saw(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        """Effects happened, the first of which is numbered `seq`."""
        lines = effect_lines(self.starts_at_us + at_us, seq, effects)
        if lines:
            self.sinks.trace("\n".join(lines) + "\n")
        for number, effect in enumerate(effects, seq):
            if type(effect) in WATCHED:
                self._watch(at_us, number, effect)
        if self.kept is not None:
            for effect in effects:
                self._keep_effect(self.kept, at_us, effect)

    def left(self, at_us: int, final: Final) -> None:
        """A session was retired."""
        del self._calls[final.session.key]
        for leg in final.legs:
            del self._calls[leg.key]
        for recording in final.recordings:
            row = self.vendor.row(final, recording, at_us)
            self.sinks.recordings(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE).decode())
            if self.kept is not None:
                self.kept.recordings.append(row)

    def _watch(self, at_us: int, seq: int, effect: Effect) -> None:
        """An attempt goes out, or a session opens."""
        if isinstance(effect, Attempt | Fetch):
            call = self._calls[effect.session]
            self._pending[effect.ticket] = pending = Pending(effect, (at_us, seq, call))
            self._queue.append(pending)
        elif isinstance(effect, Opened):
            self._calls[effect.session] = self._calls[effect.leg] = effect.title

    def _settle(self, command: Outcome | Fetched) -> None:
        """An attempt was answered: its line can be written, and those that waited behind it."""
        pending = self._pending.pop(command.ticket)
        pending.outcome = command.answer.failure or command.answer.status
        queue = self._queue
        while queue and queue[0].outcome is not None:
            self._write(queue.popleft())

    def _write(self, pending: Pending) -> None:
        effect, (at_us, seq, call) = pending.effect, pending.sent
        n = effect.n if isinstance(effect, Attempt) else 1
        url, headers, body, params = self.vendor.encode(effect.message, effect.method, effect.url)
        outcome = pending.outcome
        assert outcome is not None
        self.sinks.callbacks(
            f'{{"at":"{iso_micros(self.starts_at_us + at_us)}","cause":{seq},'
            f'"kind":{quote(effect.message.kind)},"method":{quote(effect.method)},'
            f'"url":{quote(url)},"headers":{pairs(headers)},"body":{quote(body)},'
            f'"params":{pairs(params)},"attempt":{n},'
            f'"outcome":{outcome if isinstance(outcome, int) else quote(outcome)}}}\n'
        )
        if self.kept is not None:
            kind, method = effect.message.kind, effect.method
            sent = Sent(at_us, seq, call, kind, method, url, dict(params), n, outcome)
            self.kept.sent.append(sent)

    def _keep_command(self, kept: Kept, at_us: int, command: Command) -> None:
        if isinstance(command, Request):
            self._request = command
        elif isinstance(command, Speech | Pressed | HungUp) and command.leg in self._calls:
            word = "press" if isinstance(command, Pressed) else "hang_up"
            if isinstance(command, Speech):
                word = "speak" if command.on else "silent"
            kept.events.append(Event(at_us, self._calls[command.leg], word))

    def _keep_effect(self, kept: Kept, at_us: int, effect: Effect) -> None:
        if isinstance(effect, Cue):
            kept.events.append(Event(at_us, self._calls[effect.leg], effect.word))
        elif isinstance(effect, Drop):
            kept.events.append(Event(at_us, self._calls[effect.leg], "end"))
        elif isinstance(effect, Respond):
            assert self._request is not None
            kept.answered.append(Answered(at_us, self._request, effect.answer))
        elif isinstance(effect, Note):
            where = f"{effect.url}:{effect.line}:{effect.column}"
            text = f"{where}: {effect.text} [{effect.rule}]"
            kept.remarks.append(Remark(at_us, self._calls[effect.leg], text))


def pairs(items: tuple[tuple[str, str], ...]) -> str:
    """A JSON object of text by name."""
    return "{" + ",".join([f"{quote(name)}:{quote(text)}" for name, text in items]) + "}"
