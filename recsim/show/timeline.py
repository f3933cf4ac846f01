"""What happened in a run, as lines for people: when, on which call, what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

import orjson

from recsim.core.entities import ABSENT
from recsim.scenario.run import Run
from recsim.scenario.units import parse_moment
from recsim.scenario.written import Line, Written
from recsim.vendors.telnyx.lifecycle import CALL_LEG, CONFERENCE, RECORDING
from recsim.world.names import Names

LONGEST = 40
"""Characters of a value that are shown of a request's body."""


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
    "ringing": "hears it ring",
    "hold": "waits",
    "conference": "is in the conference",
    "tone": "hears a tone",
}

#: Why a call is refused, as people say it.
REFUSALS = {
    "busy": "is busy",
    "decline": "declines",
    "no_answer": "doesn't answer",
    "unreachable": "can't be reached",
}

#: Notes after which the call is ended.
ENDS = ("no-document",)

MOVES = {
    "start": "starts",
    "pause": "is paused",
    "resume": "goes on",
    "stop": "is stopped by request",
    "end": "is over",
    "key": "is ended by the key",
    "limit": "is ended at its maximum length",
    "silence": "is ended by silence",
    "save": "is stored",
    "discard": "has no usable audio",
    "fail": "could not be stored",
    "delete": "is deleted",
}

CONFERENCES = {
    "create": "is made",
    "start": "starts",
    "empty": "ends, since everybody has left",
    "moderator_left": "ends, since its moderator has left",
    "complete": "is ended by request",
    "expire": "ends, having lasted as long as it may",
}


class Timeline:
    """Reads a trace from top to bottom."""

    def __init__(self, run: Run | Written) -> None:
        self.run = run if isinstance(run, Written) else run.written
        self.names = Names(self.run.known)
        self.rung: set[int] = set()
        """Legs that the platform dialed."""
        self.recordings: dict[int, str] = {}
        """Names such as `recording 1`, by key."""
        self.owners: dict[int, str] = {}
        """Titles by key of recording."""
        self.rooms: dict[int, tuple[str, str]] = {}
        """By key of conference: whose it is, and what it is called."""
        self.outcomes: dict[int, list[int | str]] = {}
        """Of each attempt, once for each time that it arrived."""
        for line in self.run.callbacks:
            self.outcomes.setdefault(line["cause"], []).append(line["outcome"])
        self.peers = peers(self.run.trace)
        self.statuses = {line["cause"]: line["params"] for line in self.run.callbacks}

    def items(self) -> Iterator[Item]:
        """The lines, in order."""
        return (item for _, item in self.told())

    def told(self) -> Iterator[tuple[Line, Item]]:
        """Those lines of the trace that are told, in order, each with what is said of it."""
        for line in self.run.trace:
            tell = TELL.get(line["kind"])
            told = tell(self, line) if tell else None
            if told is not None:
                call, text, tone = told
                yield line, Item(parse_moment(line["at"]) - self.run.starts_at, call, text, tone)


Told = tuple[str, str, str] | None


def peers(trace: list[Line]) -> dict[int, int]:
    """Who hears whom: the second leg of each bridge, by the seq of the first one's cue."""
    cues = [line for line in trace if line["kind"] == "cue" and line["word"] == "bridge"]
    return {one["seq"]: other["leg"] for one, other in zip(cues[::2], cues[1::2], strict=True)}


def _invite(timeline: Timeline, line: Line) -> Told:
    return line["session"], f"calls {line['to']} from {line['from']}", "person"


def _opened(timeline: Timeline, line: Line) -> Told:
    timeline.names.opened(line["session"], line["leg"], line["title"])
    return None


def _convened(timeline: Timeline, line: Line) -> Told:
    name = timeline.names.of(line["leg"])
    timeline.rooms[line["conference"]] = name, f"conference {line['room']}".rstrip()
    return None


def _ring(timeline: Timeline, line: Line) -> Told:
    names = timeline.names
    timeline.rung.add(line["leg"])
    n = names.rang(line["session"], line["leg"], line["to"])
    whose = names.titles[line["session"]]
    text = f"is rung: {line['to']} from {line['from']}"
    return names.of(line["leg"]), text if n == 1 else f"{text}, for {whose}", "platform"


def _ringing(timeline: Timeline, line: Line) -> Told:
    return timeline.names.of(line["leg"]), "the telephone rings", "person"


def _answered(timeline: Timeline, line: Line) -> Told:
    return timeline.names.of(line["leg"]), "picks up", "person"


def refusal(why: str) -> str:
    """A refusal in words."""
    return REFUSALS.get(why, why)


def _refused(timeline: Timeline, line: Line) -> Told:
    return timeline.names.of(line["leg"]), refusal(line["why"]), "person"


def _transfer(timeline: Timeline, line: Line) -> Told:
    name, to = timeline.names.of(line["leg"]), line["to"]
    whom = f"{timeline.names.known[to]}, {to}" if to in timeline.names.known else to
    return name, f"is asked to call {whom}", "platform"


def _transferred(timeline: Timeline, line: Line) -> Told:
    name, why = timeline.names.of(line["leg"]), line["why"]
    return name, f"the other one {refusal(why)}" if why else "the other one picks up", "person"


def _speech(timeline: Timeline, line: Line) -> Told:
    return timeline.names.of(line["leg"]), "speaks" if line["on"] else "falls silent", "person"


def _pressed(timeline: Timeline, line: Line) -> Told:
    return timeline.names.of(line["leg"]), f"presses {line['digit']}", "person"


def _hung_up(timeline: Timeline, line: Line) -> Told:
    return timeline.names.of(line["leg"]), "hangs up", "person"


def _cue(timeline: Timeline, line: Line) -> Told:
    word = line["word"]
    if word == "answer" and line["leg"] in timeline.rung:
        return None  # they picked up, which was told
    if word == "bridge":
        if line["seq"] not in timeline.peers:
            return None  # the other end of one that was told
        name, peer = timeline.names.of(line["leg"]), timeline.peers[line["seq"]]
        return name, f"is bridged with {timeline.names.of(peer)}", "platform"
    return timeline.names.of(line["leg"]), CUES.get(word, f"<{word.capitalize()}>"), "platform"


def _move(timeline: Timeline, line: Line) -> Told:
    if line["lifecycle"] == CALL_LEG.name:
        if CALL_LEG.is_final(line["dest"]):
            return timeline.names.of(line["entity"]), f"the call is {line['dest']}", "platform"
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
    elif line["lifecycle"] == CONFERENCE.name:
        name, room = timeline.rooms[line["entity"]]
        return name, f"{room} {CONFERENCES[line['trigger']]}: {line['dest']}", "platform"
    return None


def _fetch(timeline: Timeline, line: Line) -> Told:
    [outcome] = timeline.outcomes[line["seq"]]
    text = f"{line['message']}: {line['method']} {line['url']} -> {outcome}"
    return timeline.names.titles[line["session"]], text, "receiver" if outcome == 200 else "problem"


def _attempt(timeline: Timeline, line: Line) -> Told:
    if line["seq"] not in timeline.outcomes:
        return None  # the run was stopped by it
    outcomes, params = timeline.outcomes[line["seq"]], timeline.statuses[line["seq"]]
    said = message_name(params, timeline.run.legs)
    attempt = f", attempt {line['n']}" if line["n"] > 1 else ""
    became = " and ".join(map(str, outcomes))
    text = f"{said}{attempt}: {line['method']} {line['url']} -> {became}"
    is_well = all(isinstance(one, int) and 200 <= one < 300 for one in outcomes)
    tone = "receiver" if is_well else "problem"
    return timeline.names.titles[line["session"]], text, tone


def message_name(params: Mapping[str, str], legs: Mapping[str, str]) -> str:
    """What a message that was delivered says, in short; of a conference, of whom.

    `legs` are names by CallSid.
    """
    if event_type := params.get("data.event_type"):
        return f"webhook {event_type}"
    if event := params.get("StatusCallbackEvent"):
        sid = params["CallSid"]
        whose = f" ({legs.get(sid, sid)})" if event.startswith("participant-") else ""
        return f"callback {event}{whose}"
    return f"callback {params.get('RecordingStatus') or 'call ' + params['CallStatus']}"


def _request(timeline: Timeline, line: Line) -> Told:
    body = ", ".join(f"{name}: {cut(short(value))}" for name, value in parameters(line))
    makes = f", which makes {line['session']}" if line["session"] else ""
    return "client", f"{line['method']} {short(line['path'])} {body}".rstrip() + makes, "client"


def _respond(timeline: Timeline, line: Line) -> Told:
    return "client", f"is answered {line['status']}", "client"


def _note(timeline: Timeline, line: Line) -> Told:
    where = f"{line['url']}:{line['line']}:{line['column']}"
    tone = "problem" if line["rule"] in ENDS else "note"
    return timeline.names.of(line["leg"]), f"{where}: {line['text']} [{line['rule']}]", tone


def parameters(request: Line) -> Iterable[tuple[str, str]]:
    """What the body of a request says, by name; of a body that can't be read, nothing."""
    if request["headers"].get("content-type") != "application/json":
        return parse_qsl(request["body"])
    try:
        body = orjson.loads(request["body"])
    except orjson.JSONDecodeError:
        return ()
    pairs = body.items() if isinstance(body, dict) else ()
    return [
        (name, value if isinstance(value, str) else orjson.dumps(value).decode())
        for name, value in pairs
    ]


def cut(text: str) -> str:
    """A text that fits into a line beside others."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def short(path: str) -> str:
    """A REST path, or a value, with its ids cut; text of more than a word stays whole."""
    if " " in path:
        return path
    return "/".join(part if len(part) < 24 else f"{part[:8]}..." for part in path.split("/"))


TELL: dict[str, Callable[[Timeline, Line], Told]] = {
    "invite": _invite,
    "opened": _opened,
    "convened": _convened,
    "ring": _ring,
    "ringing": _ringing,
    "answered": _answered,
    "refused": _refused,
    "transfer": _transfer,
    "transferred": _transferred,
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
