"""What is kept of a run: the lines of its three files and, for scenarios, the same as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from recsim.core.commands import (
    Answer,
    Command,
    HungUp,
    Pressed,
    Refused,
    Request,
    Ringing,
    Speech,
)
from recsim.core.effects import Attempt, Cue, Drop, Effect, Fetch, Note, Opened, Respond, Ring
from recsim.core.entities import Intervals
from recsim.core.moments import iso_micros
from recsim.core.platform import Final
from recsim.core.trace import command_line, effect_lines, quote
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.world.names import Names


class Event(NamedTuple):
    """Something that can be waited for, and that `expect` can measure from.

    There is one for each name of its leg.
    """

    at_us: int
    call: str
    word: str


class Sent(NamedTuple):
    """One attempt, as the receiver saw it; a line of `callbacks.jsonl`."""

    at_us: int
    """When it arrived; of a lost one, when it was sent."""
    cause: int
    """Seq of the attempt in the trace."""
    call: str
    kind: str
    method: str
    url: str
    params: dict[str, str]
    attempt: int
    outcome: int | str
    """A status, or why the platform had no answer."""


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


class Held(NamedTuple):
    """What one recording was of, and what it holds; moments in µs since the start."""

    leg: int
    conference: int
    """The conference that it is of; 0: it is of its leg."""
    source: str
    channels: int
    lasted_us: int
    """From its start to its end; what became of it then is not in it."""
    paused: Intervals
    captured: Intervals
    kept: Intervals
    """What is in the file, after trim; empty where there is none."""


@dataclass(slots=True)
class Kept:
    """A run as values; moments in µs since the start."""

    events: list[Event] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    recordings: list[dict[str, Any]] = field(default_factory=list)
    """Rows of `recordings.jsonl`."""
    held: dict[int, Held] = field(default_factory=dict)
    """What each recording holds, by its number in the trace."""
    legs: dict[str, str] = field(default_factory=dict)
    """Names of legs that are gone, by the sid of their call."""


class Sinks(NamedTuple):
    """Where lines go, each with its line end; `list.append` and `file.write` will do."""

    trace: Callable[[str], Any]
    callbacks: Callable[[str], Any]
    recordings: Callable[[str], Any]


#: What a party does, by the type of its command; speech has an edge to tell.
ACTS: dict[type[Any], str] = {
    Ringing: "ring",
    Refused: "refuse",
    Pressed: "press",
    HungUp: "hang_up",
}


class Record:
    """Watches a run (`world.driver.Observer`) and keeps it."""

    def __init__(
        self,
        vendor: Telnyx,
        starts_at_us: int,
        sinks: Sinks,
        kept: Kept | None = None,
        known: Mapping[str, str] | None = None,
    ) -> None:
        """`known` are names of callees, by number."""
        self.vendor, self.starts_at_us, self.sinks, self.kept = vendor, starts_at_us, sinks, kept
        self._names = Names(known)
        self._request: Request | None = None

    def asked(self, at_us: int, seq: int, cause: int, command: Command) -> None:
        """A command was given."""
        self.sinks.trace(command_line(self.starts_at_us + at_us, seq, cause, command) + "\n")
        if self.kept is not None:
            self._keep_command(self.kept, at_us, command)

    def saw(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        """Effects happened, the first of which is numbered `seq`."""
        lines = effect_lines(self.starts_at_us + at_us, seq, effects)
        if lines:
            self.sinks.trace("\n".join(lines) + "\n")
        if self.kept is not None:
            for effect in effects:
                self._keep_effect(self.kept, at_us, effect)

    def reached(
        self, at_us: int, call: str, seq: int, effect: Attempt | Fetch, answer: Answer
    ) -> None:
        """What was sent under `seq` has arrived, or was lost."""
        n, sent_us = (effect.n, effect.at_us) if isinstance(effect, Attempt) else (1, at_us)
        url, headers, body, params = self.vendor.encode(
            effect.message, effect.method, effect.url, n, sent_us
        )
        outcome = answer.failure or answer.status
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

    def left(self, at_us: int, final: Final) -> None:
        """A session was retired."""
        if self.kept is not None:
            for leg in final.legs:
                sid = self.vendor.wire_id("call", final.session.title, leg.n)
                self.kept.legs[sid] = self._names.of(leg.key)
            self._names.left(final.session.key)
        for recording in final.recordings:
            row = self.vendor.row(final, recording, at_us)
            self.sinks.recordings(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE).decode())
            if self.kept is not None:
                self.kept.recordings.append(row)
                self.kept.held[recording.key] = Held(
                    recording.leg,
                    recording.conference,
                    recording.source,
                    recording.settings.channels,
                    recording.ended_at_us - recording.started_at_us,
                    recording.paused,
                    recording.captured,
                    recording.kept,
                )

    def _keep_command(self, kept: Kept, at_us: int, command: Command) -> None:
        if isinstance(command, Request):
            self._request = command
        elif isinstance(command, Speech):
            self._keep_event(kept, at_us, command.leg, "speak" if command.on else "silent")
        elif isinstance(command, Ringing | Refused | Pressed | HungUp):
            self._keep_event(kept, at_us, command.leg, ACTS[type(command)])

    def _keep_event(self, kept: Kept, at_us: int, leg: int, word: str) -> None:
        """An event of a leg, by each of its names; of one that is forgotten, none."""
        for name in self._names.of_leg.get(leg, ()):
            kept.events.append(Event(at_us, name, word))

    def _keep_effect(self, kept: Kept, at_us: int, effect: Effect) -> None:
        if isinstance(effect, Opened):
            self._names.opened(effect.session, effect.leg, effect.title)
        elif isinstance(effect, Ring):
            self._names.rang(effect.session, effect.leg, effect.to)
        elif isinstance(effect, Cue):
            self._keep_event(kept, at_us, effect.leg, effect.word)
        elif isinstance(effect, Drop):
            self._keep_event(kept, at_us, effect.leg, "end")
        elif isinstance(effect, Respond):
            assert self._request is not None
            kept.answered.append(Answered(at_us, self._request, effect.answer))
        elif isinstance(effect, Note):
            where = f"{effect.url}:{effect.line}:{effect.column}"
            text = f"{where}: {effect.text} [{effect.rule}]"
            kept.remarks.append(Remark(at_us, self._names.of(effect.leg), text))


def pairs(items: tuple[tuple[str, str], ...]) -> str:
    """A JSON object of text by name."""
    return "{" + ",".join([f"{quote(name)}:{quote(text)}" for name, text in items]) + "}"
