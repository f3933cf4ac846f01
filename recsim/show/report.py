"""What `recsim run` prints: text for people, or JSON lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from rich.text import Text

from recsim.core.properties import ALWAYS, Claimed
from recsim.core.units import format_duration
from recsim.scenario.expect import Verdict
from recsim.scenario.run import Run
from recsim.show.findings import untold, where
from recsim.show.lines import MOST_HANG, console, put
from recsim.show.picture.letters import WIDTH, Letters
from recsim.show.timeline import Item, Timeline
from recsim.vendors.telnyx.clauses import clause_of

#: Version of the JSON lines.
OUTPUT_VERSION = 1

BEFORE_CALL = 13
"""Columns of a line of the timeline before the call's name."""

TONES = {
    "person": "cyan",
    "platform": "",
    "recording": "bold green",
    "receiver": "magenta",
    "client": "blue",
    "note": "yellow",
    "problem": "bold red",
}


class Printer:
    """Prints runs to stdout: one after another, then a summary."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.console = console()

    def run(self, run: Run) -> None:
        """One run, whole."""
        if self.as_json:
            for line in json_lines(run):
                self._json(line)
        else:
            self._text(run)

    def summary(self, played: int, failed: list[Run]) -> None:
        """How many held; and what replays those that did not."""
        if self.as_json:
            names = [run.file for run in failed]
            self._json({"line": "summary", "played": played, "failed": names})
            return
        if played > 1:
            self._line(Text(f"{played - len(failed)} of {played} scenarios went as expected"))
        for run in failed:
            self._line(Text(f"not as expected; replay with: {run.replay()}", "bold red"), 0)

    def _json(self, line: dict[str, Any]) -> None:
        self.console.out(orjson.dumps(line).decode(), highlight=False)

    def _line(self, text: Text | str, hang: int | None = None) -> None:
        put(self.console, text, hang)

    def _text(self, run: Run) -> None:
        given = "".join(f"  {key}={answer}" for key, answer in run.readings.items())
        played = f"  {run.file}  seed {run.seed}{given}"
        self._line(Text.assemble((run.title, "bold"), (played, "dim")), 2)
        if run.public_key:
            self._line(Text(f"  public key: {run.public_key}", "dim"))
        self._picture(run)
        items = list(Timeline(run).items())
        width = max((len(item.call) for item in items), default=0)
        for item in items:
            self._line(timeline_text(item, width), min(BEFORE_CALL + width + 2, MOST_HANG))
        for row in run.recordings:
            self._line(recording_text(row, run.kept.legs))
        for remark in run.remarks:
            if "[" not in remark.text:  # findings stand in the timeline already
                self._line(Text(f"  note: {remark.text}", "yellow"))
        for advice in untold(run):
            said = f"  lint: {where(advice)}: {advice.text} [{advice.rule}]"
            self._line(Text(said, "yellow"))
        for verdict in run.verdicts:
            self._verdict(verdict, run.loaded.tree.position(verdict.path)[0])
        for claimed in run.claims:
            word, style = ("ok    ", "green") if claimed.held else ("FAILED", "bold red")
            self._line(Text.assemble((f"  {word}", style), f" {claim_text(claimed)}"), 9)
        self._line(Text(""))

    def _picture(self, run: Run) -> None:
        """The timeline in letters, and an empty line; as wide as a narrow terminal is."""
        width = min(WIDTH, self.console.width) if self.console.is_terminal else WIDTH
        for line in Letters(run, width, is_ascii=self.console.options.ascii_only).lines():
            self._line(line)
        self._line(Text(""))

    def _verdict(self, verdict: Verdict, line: int) -> None:
        """One line of the file; below one that failed, what was found and what is documented."""
        word, style = ("ok    ", "green") if verdict.held else ("FAILED", "bold red")
        self._line(Text.assemble((f"  {word}", style), f" line {line}: {verdict.text}"), 9)
        if verdict.held:
            return
        self._line(Text(f"         found: {verdict.found}", "red"))
        for clause in map(clause_of, verdict.clauses):
            self._line(Text(f"         {clause.source}: {clause.says}", "yellow"))


def claim_text(claimed: Claimed) -> str:
    """What was claimed, and where that was first seen, or broken."""
    claim, seen = claimed.claim, claimed.seen
    if seen is None:
        where = "" if claim.kind == ALWAYS else ": never"
    else:
        where = f": {'broken' if claim.kind == ALWAYS else 'first'} at {seconds(seen.at_us)}"
    return f"{claim.kind} {claim.name}{where}"


def seconds(at_us: int) -> str:
    """A moment, as the timeline has it."""
    return f"{at_us / 1_000_000:.3f}"


def timeline_text(item: Item, width: int) -> Text:
    """A line of the timeline: seconds since the start, call, what happened."""
    return Text.assemble(
        (f"  {seconds(item.at_us):>9}", "dim"),
        f"  {item.call:{width}}  ",
        (item.text, TONES[item.tone]),
    )


def recording_text(row: dict[str, Any], legs: Mapping[str, str]) -> Text:
    """A recording at the end, in one line; `legs` are names by the sid of their call."""
    view = row["texml_create"]
    if view is None:
        return Text(f"  recording {row['sid']}: {row['status']}")
    v2 = row["v2"]
    length = format_duration(v2["duration_millis"] * 1000) if v2 else f"{view['duration']}s"
    channels = {1: "single", 2: "dual"}[view["channels"]]
    code = f", error {view['error_code']}" if view["error_code"] else ""
    return Text.assemble(
        f"  recording {row['sid']}: {view['source']}, ",
        (row["status"], TONES["problem" if row["status"] == "absent" else "recording"]),
        f", {length}, {channels}{heard_on(row, legs)}{code}",
    )


def heard_on(row: dict[str, Any], legs: Mapping[str, str]) -> str:
    """` (caller | agent)`: who is heard on each channel; empty where the row doesn't say."""
    channels = [
        " + ".join(legs.get(sid, sid) for sid in sids) or "nobody"
        for sids in row.get("legs_by_channel") or ()
    ]
    return f" ({' | '.join(channels)})" if channels else ""


def json_lines(run: Run) -> list[dict[str, Any]]:
    """A run as JSON lines, opened by one with the version and the seed."""
    return [
        {
            "line": "run",
            "recsim": OUTPUT_VERSION,
            "scenario": run.file,
            "title": run.title,
            "seed": run.seed,
            **({"readings": dict(run.readings)} if run.readings else {}),
            **({"public_key": run.public_key} if run.public_key else {}),
        },
        *({"line": "callback", **callback} for callback in run.callbacks),
        *({"line": "recording", **recording} for recording in run.recordings),
        *(
            {"line": "remark", "at": run.at(remark.at_us), "call": remark.call, "text": remark.text}
            for remark in run.remarks
        ),
        *(
            {
                "line": "finding",
                "at_line": advice.line,
                "column": advice.column,
                "rule": advice.rule,
                "text": advice.text,
            }
            for advice in untold(run)
        ),
        *(
            {
                "line": "verdict",
                "at_line": run.loaded.tree.position(verdict.path)[0],
                "text": verdict.text,
                "held": verdict.held,
                "found": verdict.found,
                **({"clauses": list(verdict.clauses)} if verdict.clauses else {}),
            }
            for verdict in run.verdicts
        ),
        *(
            {
                "line": "property",
                "kind": claimed.claim.kind,
                "name": claimed.claim.name,
                "held": claimed.held,
                "at": run.at(claimed.seen.at_us) if claimed.seen else None,
                "seq": claimed.seen.seq if claimed.seen else None,
            }
            for claimed in run.claims
        ),
        {"line": "end", "scenario": run.file, "as_expected": run.as_expected},
    ]
