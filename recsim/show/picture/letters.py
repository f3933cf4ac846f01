"""The timeline of a run in letters, for a terminal: the lanes of the drawing, a line each.

Styles are those that rich knows. A place is a column, from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter

from rich.text import Text

from recsim.core.entities import COMPLETED, IN_PROGRESS
from recsim.scenario.run import Run
from recsim.show.picture.labels import CHARACTER, cut
from recsim.show.picture.sampling import sampled
from recsim.show.picture.scale import Scale, moment
from recsim.show.picture.scene import scene, speeches
from recsim.show.picture.things import TRIMMED, WAITING, Arrow, Bar, Lane, Mark

WIDTH, NARROWEST = 80, 40
"""Columns of a whole line: where nobody says, and at least."""

NAME = 16
"""Columns of a name."""

AFTER = 11
"""Columns at the end, for the word of how something ended."""

SHORTEST = 8
"""Letters of a label that is cut; a shorter one stands whole, or not at all."""

RINGING, LINE, SPEECH, HELD, CAPTURED, CUT_OFF, STORING = "·─━┄█▒·"
HERE, BEGIN, END, SETTLED = "▲├┤▸"
LOST = "\N{MULTIPLICATION SIGN}", "bold red"

#: The same where only ASCII can be written.
ASCII = str.maketrans(f"·─━┄█▒▲├┤▸…{LOST[0]}", ".-=.#%^|||~x")

#: How a stretch of a recording is drawn, by its form; what is settled is a word.
PARTS = {
    IN_PROGRESS: (CAPTURED, "green"),
    TRIMMED: (CUT_OFF, "green"),
    WAITING: (HELD, "dim"),
    "paused": (HELD, "dim"),
    "stopped": (STORING, "dim"),
}

#: How a stretch of a leg or a conference is drawn, by its status.
BANDS = {"initiated": RINGING, "ringing": RINGING, "init": RINGING, IN_PROGRESS: LINE}


class Row:
    """A line of cells, each a letter and its style."""

    def __init__(self, name: str, width: int) -> None:
        self.cells = [" "] * width
        self.styles = [""] * width
        self.put(2, name, "bold")

    def put(self, at: int, text: str, style: str = "") -> None:
        """Write over what is there; what is beyond the end is cut."""
        for column, letter in zip(range(at, len(self.cells)), text, strict=False):
            self.cells[column], self.styles[column] = letter, style

    def fill(self, start: int, end: int, letter: str, style: str = "") -> None:
        """Draw a stretch, of a column at least."""
        self.put(start, letter * max(1, end - start), style)

    def is_free(self, start: int, end: int, ground: str = " ") -> bool:
        """Whether there is nothing but ground."""
        return all(cell == ground for cell in self.cells[start:end])

    def text(self, other: Mapping[int, int]) -> Text:
        """The line, with other letters in place of some."""
        text, pairs = Text(), zip(self.cells, self.styles, strict=True)
        for style, those in groupby(pairs, key=itemgetter(1)):
            text.append("".join(letter for letter, _ in those).translate(other), style)
        text.rstrip()
        return text


def said(arrow: Arrow) -> str:
    """What is said of a message, in short; of one that went wrong, how."""
    text = arrow.text.removeprefix("instructions ")
    return text if arrow.is_well else f"{text} {arrow.outcome}"


def fitted(text: str, room: int) -> str:
    """As much of a text as there is room for; nothing where that is too little to be read."""
    return cut(text, room) if room >= min(len(text), SHORTEST) else ""


class Letters:
    """Puts the lines together from the top."""

    def __init__(self, run: Run, width: int = WIDTH, *, is_ascii: bool = False) -> None:
        self.is_ascii = is_ascii
        self.scene = sampled(scene(run))
        bars = [bar for lane in self.scene.lanes.values() for bar in lane.bars.values()]
        for bar in bars:
            bar.links.clear()  # they live on for long, and would take the room
        names = [lane.name for lane in self.scene.lanes.values()]
        longest = max(map(len, ("application", *names, *("  recording 1" for _ in bars))))
        self.left, self.width = 2 + min(longest, NAME) + 2, max(width, NARROWEST)
        right = max(self.left + 1, self.width - AFTER - 1)
        self.scale = Scale(self.scene.moments(), self.left * CHARACTER, right * CHARACTER)
        self.until_us = max(self.scene.moments(), default=0)

    def column(self, at_us: int) -> int:
        """Where a moment stands."""
        return int(self.scale.x(at_us) / CHARACTER)

    def lines(self) -> list[Text]:
        """All of it."""
        rows = [self.axis(), *self.messages("application", self.scene.fetches)]
        rows += self.messages("client", self.scene.requests)
        for lane in self.scene.lanes.values():
            rows.append(self.lane(lane))
            rows += map(self.bar, lane.bars.values())
        rows += self.messages("receiver", self.scene.callbacks)
        lines = [row.text(ASCII if self.is_ascii else {}) for row in rows]
        if self.scene.left_out:
            lines.append(Text(f"  {self.scene.left_out}", "yellow"))
        return lines

    def row(self, name: str) -> Row:
        """A line with a name."""
        return Row(cut(name, self.left - 4), self.width)

    def axis(self) -> Row:
        """Moments, and how long the stretches are that are left out."""
        row = self.row("")
        for tick in self.scale.ticks():
            at = int(tick.x / CHARACTER)
            if row.is_free(at - 1, at + len(tick.text) + 1):
                row.put(at, tick.text, "dim")
        for piece in self.scale.pieces:
            if piece.is_break:
                at = int(piece.left / CHARACTER) + 1
                text = f"…{moment(piece.end_us - piece.start_us)}…"
                if row.is_free(at - 1, at + len(text) + 1):
                    row.put(at, text, "dim")
        return row

    def lane(self, lane: Lane) -> Row:
        """A leg or a conference: ringing, on the line, speech, verbs, how it ended."""
        row = self.row(lane.name)
        for span in lane.spans:
            if letter := BANDS.get(span.form):
                end_us = self.until_us if span.end_us is None else span.end_us
                row.fill(self.column(span.start_us), self.column(end_us), letter, "cyan")
        for start_us, end_us in speeches(lane, self.until_us):
            row.fill(self.column(start_us), self.column(end_us), SPEECH, "bold cyan")
        for verb, end in self.followed(lane.verbs):
            self.verb(row, self.column(verb.at_us), verb.text, end)
        over_us = lane.spans[-1].end_us if lane.spans else None
        if over_us is not None:
            at = self.column(over_us)
            row.put(at, END, "cyan")
            how = lane.acts[-1].text if lane.acts else ""
            if how not in ("", "ends", COMPLETED):
                row.put(at + 2, how, "red")
        return row

    def verb(self, row: Row, at: int, text: str, end: int) -> None:
        """What is in force from some place on, where nothing else is said there."""
        label = fitted(text, end - at - 1)
        row.put(at, BEGIN, "cyan")
        if row.is_free(at + 1, at + 1 + len(label), LINE):
            row.put(at + 1, label)

    def bar(self, bar: Bar) -> Row:
        """A recording: what was captured and what not, and the word of what became of it."""
        row = self.row(f"  {bar.label.partition(':')[0]}")
        for span in bar.spans:
            start = self.column(span.start_us)
            if part := PARTS.get(span.form):
                end_us = self.until_us if span.end_us is None else span.end_us
                row.fill(start, self.column(end_us), *part)
            else:
                style = "bold green" if span.form == COMPLETED else "bold red"
                row.put(start, f"{SETTLED}{span.form} ", style)
        return row

    def messages(self, name: str, arrows: list[Arrow]) -> list[Row]:
        """Messages to a program, or requests of one: where each arrived, and which it was."""
        if not arrows:
            return []
        row = self.row(name)
        marks = [Mark(one.at_us, said(one)) for one in sorted(arrows, key=lambda one: one.at_us)]
        for arrow in arrows:
            row.put(self.column(arrow.at_us), *((HERE, "magenta") if arrow.is_well else LOST))
        for mark, end in self.followed(marks):
            at = self.column(mark.at_us)
            label = fitted(mark.text, end - at - 3)
            start = at - len(mark.text) - 1
            if len(label) < len(mark.text) and start > self.left and row.is_free(start - 1, at):
                row.put(start, mark.text, row.styles[at])
            elif row.is_free(at + 1, at + 2 + len(label)):
                row.put(at + 2, label, row.styles[at])
        return [row]

    def followed(self, marks: Iterable[Mark]) -> list[tuple[Mark, int]]:
        """Marks in order, each with the place of the next one, or of the end."""
        ordered = list(marks)
        ends = [self.column(mark.at_us) for mark in ordered[1:]]
        return list(zip(ordered, [*ends, self.width], strict=bool(ordered)))
