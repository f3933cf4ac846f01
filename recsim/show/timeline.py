"""What happened in a run, as lines for people: when, on which call, what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from recsim.core.entities import ABSENT
from recsim.scenario.run import Run
from recsim.scenario.units import parse_moment
from recsim.vendors.telnyx.lifecycle import CALL_LEG, RECORDING

Line = dict[str, Any]


class Item(NamedTuple):
    """A line of the timeline."""

    at_us: int
    call: str
    text: str
    tone: str
    """person, platform, recording, receiver, client, note or problem: what it is about."""


CUES = {
    "answer": "answered",
    "beep": "the beep has ended",
}

#: Notes after which the call is ended.
ENDS = ("no-document",)

MOVES = {
    "start": "starts",
    "pause": "is paused",
    "resume": "goes on",
    "stop": "is stopped by request",
    "end": "ends with the call",
    "key": "is ended by the key",
    "limit": "is ended at its maximum length",
    "silence": "is ended by silence",
    "save": "is stored",
    "discard": "has no usable audio",
    "fail": "could not be stored",
    "delete": "is deleted",
}


class Timeline:
    """Reads a trace from top to bottom."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.calls: dict[int, str] = {}
        """Titles by key of leg and session."""
        self.recordings: dict[int, str] = {}
        """Names such as `recording 1`, by key."""
        self.owners: dict[int, str] = {}
        """Titles by key of recording."""
        self.outcomes: dict[int, list[int | str]] = {}
        """Of each attempt, once for each time that it arrived."""
        for line in run.callbacks:
            self.outcomes.setdefault(line["cause"], []).append(line["outcome"])
        self.statuses = {line["cause"]: line["params"] for line in run.callbacks}

    def items(self) -> Iterator[Item]:
        """The lines, in order."""
        start_us = self.run.loaded.scenario.starts_at
        for line in self.run.trace:
            tell = TELL.get(line["kind"])
            told = tell(self, line) if tell else None
            if told is not None:
                call, text, tone = told
                yield Item(parse_moment(line["at"]) - start_us, call, text, tone)


Told = tuple[str, str, str] | None


def _invite(timeline: Timeline, line: Line) -> Told:
    return line["session"], f"calls {line['to']} from {line['from']}", "person"


def _opened(timeline: Timeline, line: Line) -> Told:
    timeline.calls[line["leg"]] = timeline.calls[line["session"]] = line["title"]
    return None


def _speech(timeline: Timeline, line: Line) -> Told:
    return timeline.calls[line["leg"]], "speaks" if line["on"] else "falls silent", "person"


def _pressed(timeline: Timeline, line: Line) -> Told:
    return timeline.calls[line["leg"]], f"presses {line['digit']}", "person"


def _hung_up(timeline: Timeline, line: Line) -> Told:
    return timeline.calls[line["leg"]], "hangs up", "person"


def _cue(timeline: Timeline, line: Line) -> Told:
    word = line["word"]
    return timeline.calls[line["leg"]], CUES.get(word, f"<{word.capitalize()}>"), "platform"


def _move(timeline: Timeline, line: Line) -> Told:
    if line["lifecycle"] == CALL_LEG.name:
        if CALL_LEG.is_final(line["dest"]):
            return timeline.calls[line["entity"]], f"the call is {line['dest']}", "platform"
    elif line["lifecycle"] == RECORDING.name:
        key, trigger = line["entity"], line["trigger"]
        if key not in timeline.recordings:
            row = next(row for row in timeline.run.recordings if row["entity"] == key)
            timeline.owners[key] = row["call"]
            number = list(timeline.owners.values()).count(row["call"])
            timeline.recordings[key] = f"recording {number}"
        text = f"{timeline.recordings[key]} {MOVES[trigger]}: {line['dest']}"
        tone = "problem" if line["dest"] == ABSENT else "recording"
        return timeline.owners[key], text, tone
    return None


def _fetch(timeline: Timeline, line: Line) -> Told:
    [outcome] = timeline.outcomes[line["seq"]]
    text = f"{line['message']}: {line['method']} {line['url']} -> {outcome}"
    return timeline.calls[line["session"]], text, "receiver" if outcome == 200 else "problem"


def _attempt(timeline: Timeline, line: Line) -> Told:
    outcomes = timeline.outcomes[line["seq"]]
    status = timeline.statuses[line["seq"]].get("RecordingStatus", line["message"])
    attempt = f", attempt {line['n']}" if line["n"] > 1 else ""
    became = " and ".join(map(str, outcomes))
    text = f"callback {status}{attempt}: {line['method']} {line['url']} -> {became}"
    is_well = all(isinstance(one, int) and 200 <= one < 300 for one in outcomes)
    tone = "receiver" if is_well else "problem"
    return timeline.calls[line["session"]], text, tone


def _request(timeline: Timeline, line: Line) -> Told:
    form = ", ".join(f"{name}: {value}" for name, value in parse_qsl(line["body"]))
    return "client", f"{line['method']} {short(line['path'])} {form}".rstrip(), "client"


def _respond(timeline: Timeline, line: Line) -> Told:
    return "client", f"is answered {line['status']}", "client"


def _note(timeline: Timeline, line: Line) -> Told:
    where = f"{line['url']}:{line['line']}:{line['column']}"
    tone = "problem" if line["rule"] in ENDS else "note"
    return timeline.calls[line["leg"]], f"{where}: {line['text']}", tone


def short(path: str) -> str:
    """A REST path with its ids cut."""
    return "/".join(part if len(part) < 24 else f"{part[:8]}..." for part in path.split("/"))


TELL: dict[str, Callable[[Timeline, Line], Told]] = {
    "invite": _invite,
    "opened": _opened,
    "speech": _speech,
    "pressed": _pressed,
    "hung-up": _hung_up,
    "cue": _cue,
    "move": _move,
    "fetch": _fetch,
    "attempt": _attempt,
    "request": _request,
    "respond": _respond,
    "note": _note,
}
