"""What there is to be seen of a run, read from its trace once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from recsim.core.capture import between, common, without
from recsim.core.entities import DELETED, IN_PROGRESS
from recsim.logs.links import signed_link
from recsim.scenario.run import Run
from recsim.scenario.units import parse_moment
from recsim.scenario.written import Line
from recsim.show.picture.scale import moment
from recsim.show.picture.things import TRIMMED, WAITING, Arrow, Bar, Lane, Mark, Scene, Span
from recsim.show.sequence import ACCOUNT, UNREACHED
from recsim.show.timeline import CUES, Timeline, message_name
from recsim.vendors.telnyx.lifecycle import CALL_LEG, CONFERENCE, RECORDING

#: Cues that say what is in force from then on, unlike those that are over at once.
PASSING = ("answer", "beep", "tone")

#: A link to audio in the body of an answer.
LINK = re.compile(r'"(https?://[^"\s]*X-Amz-Expires=[^"\s]*)"')


MOST_LINKS = 4
"""Of one recording: those that were given first."""


class Reader:
    """Reads a trace from top to bottom, with the names that the timeline gives."""

    def __init__(self, run: Run) -> None:
        self.run, self.timeline, self.scene = run, Timeline(run), Scene()
        self.told = {line["seq"]: item for line, item in self.timeline.told()}
        self.arrivals: dict[int, list[Line]] = {}
        for row in run.callbacks:
            self.arrivals.setdefault(row["cause"], []).append(row)
        self.answers = {one["cause"]: one for one in run.trace if one["kind"] == "respond"}
        self.first: dict[int, int] = {}
        """The first leg of each session."""
        self.by_sid = {row["sid"]: row["entity"] for row in run.recordings}
        self.rows = {row["entity"]: row for row in run.recordings}

    def at(self, line: Line) -> int:
        """When something happened."""
        return parse_moment(line["at"]) - self.run.loaded.scenario.starts_at

    def scene_of(self) -> Scene:
        """The scene, whole."""
        for line in self.run.trace:
            if read := READ.get(line["kind"]):
                read(self, line)
        for lane in self.scene.lanes.values():
            for key, bar in lane.bars.items():
                bar.spans = list(self.parted(key, bar.spans))
                gone_us = [span.start_us for span in bar.spans if span.form == DELETED]
                bar.links = [(start, min(end, *gone_us)) if gone_us else (start, end)
                             for start, end in bar.links]  # fmt: skip
        lanes = sorted(self.scene.lanes.items(), key=lambda item: item[1].session)
        legs = [item for item in lanes if item[1].is_leg]
        self.scene.lanes = dict([*legs, *(item for item in lanes if not item[1].is_leg)])
        return self.scene

    def lane(self, key: int, session: int, name: str = "") -> Lane:
        """The lane of a leg, made where there is none."""
        if key not in self.scene.lanes:
            self.first.setdefault(session, key)
            name = name or self.timeline.names.of(key)
            self.scene.lanes[key] = Lane(name, session)
        return self.scene.lanes[key]

    def parted(self, key: int, spans: list[Span]) -> Iterator[Span]:
        """The stretches of a recording, with what was not captured, or was trimmed, apart."""
        held = self.run.kept.held[key]
        for span in spans:
            if span.form != IN_PROGRESS or span.end_us is None:
                yield span
                continue
            whole = ((span.start_us, span.end_us),)
            captured = common(whole, held.captured)
            kept = common(captured, held.kept) if held.kept else captured
            for form, parts in (
                (WAITING, without(whole, captured)),
                (TRIMMED, without(captured, kept)),
                (IN_PROGRESS, kept),
            ):
                yield from (Span(start, end, form) for start, end in parts)

    def about(self, params: Mapping[str, str], session: int) -> tuple[int, int]:
        """The lane and the recording that a message is about."""
        sid = params.get("RecordingSid") or params.get("data.payload.recording_id", "")
        if bar := self.by_sid.get(sid, 0):
            lanes = self.scene.lanes.items()
            return next((key for key, lane in lanes if bar in lane.bars), 0), bar
        if "StatusCallbackEvent" in params:
            rooms = [
                key
                for key, (_, room) in self.timeline.rooms.items()
                if key in self.scene.lanes and room.endswith(params.get("FriendlyName", ""))
            ]
            if rooms:
                return rooms[-1], 0
        leg = self.run.kept.legs.get(params.get("CallSid", ""))
        named = (key for key, lane in self.scene.lanes.items() if lane.name == leg)
        return next(named, self.first.get(session, 0)), 0


def scene(run: Run) -> Scene:
    """What there is to be seen of a run."""
    return Reader(run).scene_of()


def _opened(reader: Reader, line: Line) -> None:
    reader.lane(line["leg"], line["session"])


def _ring(reader: Reader, line: Line) -> None:
    reader.lane(line["leg"], line["session"])


def _convened(reader: Reader, line: Line) -> None:
    name = f"conference {line['room']}".rstrip()
    reader.scene.lanes[line["conference"]] = Lane(name, line["session"], is_leg=False)


def _move(reader: Reader, line: Line) -> None:
    machine, key, at_us = line["lifecycle"], line["entity"], reader.at(line)
    if machine == RECORDING.name:
        spans = bar_of(reader, key).spans
    elif machine in (CALL_LEG.name, CONFERENCE.name):
        if key not in reader.scene.lanes:
            return  # a leg that is dialed next
        spans = reader.scene.lanes[key].spans
    else:
        return
    if spans and spans[-1].end_us is None:
        spans[-1] = spans[-1]._replace(end_us=at_us)
    lifecycle = {one.name: one for one in (CALL_LEG, CONFERENCE)}.get(machine)
    if lifecycle is None or not lifecycle.is_final(line["dest"]):
        spans.append(Span(at_us, None, line["dest"]))
    else:
        item = reader.told.get(line["seq"])
        reader.scene.lanes[key].acts.append(Mark(at_us, line["dest"] if item else "ends"))


def bar_of(reader: Reader, key: int) -> Bar:
    """The bar of a recording, in its lane, made where there is none."""
    held, row = reader.run.kept.held[key], reader.rows[key]
    lane = reader.scene.lanes[held.conference or held.leg]
    if key not in lane.bars:
        name = reader.timeline.recordings[key]
        channels = {1: "single", 2: "dual"}[held.channels]
        length = sum(end - start for start, end in held.kept) / 1_000_000
        long = f"{length:.1f}".rstrip("0").rstrip(".") + " s, " if held.kept else ""
        text = f"{name}: {held.source}, {row['status']}, {long}{channels}"
        lane.bars[key] = Bar(text)
    return lane.bars[key]


def _cue(reader: Reader, line: Line) -> None:
    lane, word = reader.scene.lanes[line["leg"]], line["word"]
    if word == "answer":
        return
    item = reader.told.get(line["seq"])
    text = item.text if item else CUES.get(word, "is bridged")
    text = text.removeprefix("the ").removeprefix("is ")
    (lane.acts if word in PASSING else lane.verbs).append(Mark(reader.at(line), text))


def _speech(reader: Reader, line: Line) -> None:
    edges = reader.scene.lanes[line["leg"]].edges
    if len(edges) % 2 != line["on"]:
        edges.append(reader.at(line))


def _act(reader: Reader, line: Line) -> None:
    text = reader.told[line["seq"]].text
    reader.scene.lanes[line["leg"]].acts.append(Mark(reader.at(line), text))


def _attempt(reader: Reader, line: Line) -> None:
    for row in reader.arrivals.get(line["seq"], ()):
        lane, bar = reader.about(row["params"], line["session"])
        name = message_name(row["params"], reader.run.kept.legs).removeprefix("callback ")
        again = f", attempt {line['n']} at {moment(reader.at(line))}"
        text = f"{name}{again}" if line["n"] > 1 else name
        reader.scene.callbacks.append(arrow(reader, line, row, lane, bar, text))
        if bar and lane:
            link(reader, row["params"].values(), reader.scene.lanes[lane].bars[bar])


def link(reader: Reader, values: Iterable[str], bar: Bar) -> None:
    """The lives of the links that somebody was given."""
    for signed in filter(None, map(signed_link, values)):
        start = signed.signed_us - reader.run.loaded.scenario.starts_at
        life = max(0, start), start + signed.life_us
        if life not in bar.links and len(bar.links) < MOST_LINKS:
            bar.links.append(life)


def _fetch(reader: Reader, line: Line) -> None:
    for row in reader.arrivals.get(line["seq"], ()):
        lane, bar = reader.about(row["params"], line["session"])
        if bar:
            link(reader, row["params"].values(), reader.scene.lanes[lane].bars[bar])
        path = urlsplit(line["url"]).path or "/"
        text = f"{line['message']} {path}"
        reader.scene.fetches.append(arrow(reader, line, row, lane, 0, text))


def arrow(reader: Reader, line: Line, row: Line, lane: int, bar: int, text: str) -> Arrow:
    """A message that was sent, as it arrived."""
    outcome = row["outcome"]
    is_well = isinstance(outcome, int) and 200 <= outcome < 300
    is_lost = outcome in UNREACHED
    return Arrow(reader.at(line), reader.at(row), lane, bar, text, str(outcome), is_well, is_lost)


def _request(reader: Reader, line: Line) -> None:
    answer, at_us = reader.answers.get(line["seq"]), reader.at(line)
    path = ACCOUNT.sub("/", line["path"], count=1)
    path = "/".join(part if len(part) < 24 else f"{part[:6]}..." for part in path.split("/"))
    status = answer["status"] if answer else 0
    is_well, outcome = 200 <= status < 300, str(status or "no answer")
    text = f"{line['method']} {'of a link' if 'host' in line['headers'] else path}"
    given = LINK.findall(answer["body"]) if answer else []
    for lane in reader.scene.lanes.values():
        for key, bar in lane.bars.items():
            if reader.rows[key]["sid"] in line["path"]:
                link(reader, given, bar)
    reader.scene.requests.append(Arrow(at_us, at_us, 0, 0, text, outcome, is_well, False))


#: What is read, by the kind of a line.
READ: dict[str, Callable[[Reader, Line], None]] = {
    "opened": _opened,
    "ring": _ring,
    "convened": _convened,
    "move": _move,
    "cue": _cue,
    "speech": _speech,
    "pressed": _act,
    "hung-up": _act,
    "refused": _act,
    "transferred": _act,
    "attempt": _attempt,
    "fetch": _fetch,
    "request": _request,
}


def speeches(lane: Lane, until_us: int) -> tuple[tuple[int, int], ...]:
    """When the party of a lane spoke, as long as it was on the line."""
    over_us = lane.spans[-1].end_us if lane.spans else None
    end_us = until_us if over_us is None else min(over_us, until_us)
    return common(between(tuple(lane.edges), end_us), ((0, end_us),))
