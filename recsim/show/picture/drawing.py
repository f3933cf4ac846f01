"""The timeline of a run as SVG: who was on the line, what was recorded, what was told to whom.

From the top: the application and the client, then a lane for each leg and conference with its
recordings below it, then the receiver. Nothing in it is fetched, and no part needs an id.
"""

from __future__ import annotations

from html import escape
from itertools import zip_longest

from recsim.core.units import SECOND_US
from recsim.scenario.run import Run
from recsim.show.picture.colours import both
from recsim.show.picture.labels import CHARACTER, LINE, Labels, cut, fitted
from recsim.show.picture.sampling import sampled
from recsim.show.picture.scale import Scale, moment
from recsim.show.picture.scene import scene, speeches
from recsim.show.picture.things import TRIMMED, WAITING, Arrow, Bar, Lane, Scene

WIDTH = 960
LEFT, RIGHT = 132, 936
END = 24
"""Room after the last moment, in which what lasts goes on."""

NAME = 15
"""Characters of a lane's name."""

#: Forms of the spans of a lane, by status; others have no band.
BANDS = {"initiated": "r", "ringing": "r", "init": "r", "in-progress": "t"}

#: The parts of a bar, by form.
PARTS = {
    "in-progress": "c",
    TRIMMED: "m",
    WAITING: "p",
    "paused": "p",
    "completed": "C",
    "absent": "A",
    "deleted": "D",
}

STYLE = both(
    ".rs .g{fill:$ground}.rs .s{fill:$panel}.rs text{fill:$ink}.rs .q{fill:$quiet}"
    ".rs .l{stroke:$line}.rs .r{fill:none;stroke:$quiet}.rs .t{fill:$band}"
    ".rs .v{fill:$speech}.rs .k{stroke:$quiet}.rs .c{fill:$capture}"
    ".rs .m{fill:none;stroke:$capture}.rs .p{fill:none;stroke:$quiet}.rs .C{fill:$completed}"
    ".rs .A{fill:$absent}.rs .D{fill:$deleted}.rs .w{stroke:$well}.rs .b{stroke:$bad}"
    ".rs text{stroke:$ground}.rs .W{fill:$well}"
    ".rs text.B,.rs .B{fill:$bad}.rs .u{stroke:$completed}"
)
SHAPE = (
    ".rs text{font:11px system-ui,sans-serif;paint-order:stroke;stroke-width:3px}"
    ".rs .e{stroke-width:6px;stroke-linejoin:round}"  # arrows lean through these words
    ".rs .h{font-size:15px;font-weight:600}"
    ".rs .n{font-size:12px;font-weight:600}.rs .r,.rs .m,.rs .p{stroke-dasharray:3 2}"
    ".rs path{fill:none}.rs path.W,.rs path.B{stroke:none}.rs .f{stroke-dasharray:4 3}"
)

#: What stands in the legend: a class, and what it means.
LEGEND = (
    ("r", "ringing"),
    ("t", "on the line"),
    ("v", "speech"),
    ("c", "captured"),
    ("m", "trimmed"),
    ("p", "paused, beep"),
    ("C", "completed"),
    ("A", "absent"),
    ("D", "deleted"),
)


def svg(run: Run) -> str:
    """A picture of a run, as an SVG element that stands by itself or in a page.

    The same run gives the same bytes. Of a large one a sample is drawn, and the picture says so.
    """
    return Drawing(run).whole()


class Drawing:
    """Puts a picture together from the top."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.scene: Scene = sampled(scene(run))
        self.scale = Scale(self.scene.moments(), LEFT, RIGHT - END)
        self.under: list[str] = []
        """What lies below all else."""
        self.over: list[str] = []
        self.y = 0.0
        self.places: dict[int, float] = {}
        """Where arrows begin, by key of lane or number of recording."""
        self.tops: dict[int, float] = {}

    def whole(self) -> str:
        """The picture."""
        went = "as expected" if self.run.as_expected else "NOT as expected"
        self.text(12, 22, cut(self.run.title, 110), "h")
        told = f"{self.run.file}, seed {self.run.seed}: {went}"
        self.text(12, 39, cut(told, 140), "q" if self.run.as_expected else "B")
        self.legend(50)
        self.y = 70.0
        if self.scene.left_out:
            self.text(12, self.y + 11, cut(self.scene.left_out, 150), "n")
            self.y += 20
        top = self.y
        self.y += 24
        fetched = self.row("application", self.scene.fetches)
        asked = self.row("client", self.scene.requests)
        for key, lane in self.scene.lanes.items():
            self.lane(key, lane)
        told_at = self.row("receiver", self.scene.callbacks)
        for arrow in self.scene.fetches:
            self.arrow(arrow, self.tops, fetched, "f ")
        for arrow in self.scene.requests:
            x = self.scale.x(arrow.at_us)
            self.head(x, asked + 11, 1, arrow)
        for arrow in self.scene.callbacks:
            self.arrow(arrow, self.places, told_at, "")
        self.axis(top, self.y)
        height = int(self.y + 4)
        said = escape(f"Timeline of {self.run.title}: {self.spoken()}", quote=True)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="rs" role="img" aria-label="{said}"'
            f' viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            f' style="max-width:100%;height:auto"><style>{SHAPE}{STYLE}</style>'
            f'<rect class="g" width="{WIDTH}" height="{height}"/>'
            f"{''.join(self.under)}{''.join(self.over)}</svg>"
        )

    def spoken(self) -> str:
        """What is in the picture, for those who can't see it."""
        bars = [bar.label for lane in self.scene.lanes.values() for bar in lane.bars.values()]
        sent = [f"{one.text} to {one.outcome}" for one in self.scene.callbacks]
        parts = [", ".join(lane.name for lane in self.scene.lanes.values()), *bars, *sent]
        return cut("; ".join(filter(None, parts)), 600)

    def text(self, x: float, y: float, text: str, kind: str = "", anchor: str = "") -> None:
        """Write something."""
        named = f' class="{kind}"' if kind else ""
        at = f' text-anchor="{anchor}"' if anchor else ""
        self.over.append(f'<text x="{x:.0f}" y="{y:.0f}"{named}{at}>{escape(text)}</text>')

    def rect(
        self, left: float, top: float, right: float, high: float, kind: str, says: str
    ) -> None:
        """Draw an area, with what it says when pointed at."""
        self.over.append(
            f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{max(right - left, 1):.1f}"'
            f' height="{high:g}"><title>{escape(says)}</title></rect>'
        )

    def line(self, path: str, kind: str, says: str = "", *, is_under: bool = False) -> None:
        """Draw a line, with what it says when pointed at."""
        title = f"<title>{escape(says)}</title>" if says else ""
        drawn = f'<path class="{kind}" d="{path}">{title}</path>'
        (self.under if is_under else self.over).append(drawn)

    def legend(self, y: float) -> None:
        """What the areas mean."""
        x = 12.0
        for kind, means in LEGEND:
            self.over.append(
                f'<rect class="{kind}" x="{x:.1f}" y="{y + 1.5:.1f}" width="14" height="8"/>'
            )
            self.text(x + 18, y + 9.5, means, "q")
            x += 32 + len(means) * CHARACTER
        self.line(f"M{x:.1f} {y + 5.5}h16m0 -3v6", "u")
        self.text(x + 20, y + 9.5, "life of a link", "q")
        self.line(f"M{x + 112:.1f} {y + 5.5}h16", "w")
        self.text(x + 132, y + 9.5, "message", "q")

    def row(self, name: str, arrows: list[Arrow]) -> float:
        """The lane of a program, with what it is told; return where arrows to it end."""
        if not arrows:
            return self.y
        labels, is_last = Labels(LEFT, RIGHT), name == "receiver"
        placed = []
        for arrow in sorted(arrows, key=lambda one: one.at_us):
            sent = "" if arrow.at_us == arrow.sent_us else f", sent {moment(arrow.sent_us)}"
            text = f"{cut(arrow.text, 44)} \u2192 {cut(arrow.outcome, 12)}{sent}"
            placed.append((arrow, text, labels.place(self.scale.x(arrow.at_us), text)))
        high = labels.rows * LINE + 8
        top = self.y
        at = top + 6 if is_last else top + high + 2
        self.text(12, top + 16 if is_last else top + high - 2, name, "n")
        for arrow, text, place in placed:
            x = self.scale.x(arrow.at_us)
            far = (place.row + 1) * LINE
            y = at + far + 2 if is_last else at - far + 6
            self.line(f"M{x:.1f} {at:.1f}V{y - 4:.1f}", "l", is_under=True)
            self.text(place.x, y, text, "W" if arrow.is_well else "B", place.anchor)
        self.line(f"M{LEFT} {at:.1f}H{RIGHT}", "k", is_under=True)
        self.y = top + high + 14
        return at

    def lane(self, key: int, lane: Lane) -> None:
        """A leg or a conference, and its recordings."""
        top = self.y
        self.text(12, top + 26, cut(lane.name, NAME), "n")
        ends = [span.end_us for span in lane.spans if span.end_us is not None]
        for mark, after in zip_longest(lane.verbs, lane.verbs[1:]):
            x = self.scale.x(mark.at_us)
            room = (self.scale.x(after.at_us) if after else RIGHT) - x
            self.line(f"M{x:.1f} {top + 4:.1f}V{top + 30:.1f}", "k", mark.text)
            if text := fitted(mark.text, room - 5):
                self.text(x + 3, top + 12, text)
        for span in lane.spans:
            end = RIGHT if span.end_us is None else self.scale.x(span.end_us)
            if kind := BANDS.get(span.form):
                start = self.scale.x(span.start_us)
                says = f"{lane.name}: {span.form} {stretch(span.start_us, span.end_us)}"
                self.rect(start, top + 16, end, 14, kind, says)
        until_us = max(ends, default=0)
        for start_us, end_us in speeches(lane, until_us):
            says = f"{lane.name} speaks {stretch(start_us, end_us)}"
            self.rect(self.scale.x(start_us), top + 19, self.scale.x(end_us), 8, "v", says)
        labels = Labels(LEFT, RIGHT)
        for mark in lane.acts:
            x = self.scale.x(mark.at_us)
            place = labels.place(x, mark.text)
            if place.row < 2:
                self.line(f"M{x:.1f} {top + 28:.1f}v5", "k")
                self.text(place.x, top + 41 + place.row * LINE, mark.text, "q", place.anchor)
        self.tops[key], self.places[key] = top + 16, top + 30
        self.y = top + 36 + min(labels.rows, 2) * LINE
        for number, bar in lane.bars.items():
            self.bar(number, bar)
        self.y += 6
        self.line(f"M12 {self.y - 2:.1f}H{RIGHT}", "l", is_under=True)

    def bar(self, number: int, bar: Bar) -> None:
        """A recording: what became of it, and how long links to it live."""
        top = self.y + 4
        for span in bar.spans:
            start = self.scale.x(span.start_us)
            end = RIGHT if span.end_us is None else self.scale.x(span.end_us)
            says = f"{bar.label}; {span.form} {stretch(span.start_us, span.end_us)}"
            if kind := PARTS.get(span.form):
                self.rect(start, top, end, 10, kind, says)
            else:
                self.line(f"M{start:.1f} {top + 5:.1f}H{end:.1f}", "k")
        self.y = top + 12
        labels = Labels(LEFT, RIGHT)
        place = labels.place(self.scale.x(min(span.start_us for span in bar.spans)), bar.label)
        high = 1
        for signed_us, end_us in bar.links:
            start, end = self.scale.x(signed_us), self.scale.x(end_us)
            self.line(f"M{start:.1f} {top + 13:.1f}H{end:.1f}m0 -3v6", "u")
            said = labels.place(end, f"link ends {moment(end_us)}")
            self.text(said.x, self.y + 13 + said.row * LINE, f"link ends {moment(end_us)}", "q",
                      said.anchor)  # fmt: skip
            high = max(high, said.row + 1)
        self.text(place.x, self.y + 13, bar.label, "e", place.anchor)
        self.places[number] = top + 10
        self.y += 6 + high * LINE

    def arrow(self, arrow: Arrow, places: dict[int, float], end: float, dashes: str) -> None:
        """A message on its way; a lost one ends half way."""
        start = places.get(arrow.bar) or places.get(arrow.lane, end)
        x, to = self.scale.x(arrow.sent_us), self.scale.x(arrow.at_us)
        down = 1 if end >= start else -1
        kind = f"{dashes}{'w' if arrow.is_well else 'b'}"
        if arrow.is_lost:
            half = (start + end) / 2
            self.line(f"M{x:.1f} {start:.1f}V{half:.1f}m-4 -4l8 8m0 -8l-8 8", kind, is_under=True)
            return
        self.line(f"M{x:.1f} {start:.1f}L{to:.1f} {end - down * 5:.1f}", kind, is_under=True)
        self.head(to, end, down, arrow)

    def head(self, x: float, y: float, down: int, arrow: Arrow) -> None:
        """The head of an arrow."""
        kind = "W" if arrow.is_well else "B"
        self.line(f"M{x:.1f} {y:.1f}l-3.5 {-6 * down}h7z", kind)

    def axis(self, top: float, bottom: float) -> None:
        """The time since the start, at the top, and stretches that are left out."""
        for tick in self.scale.ticks():
            self.line(f"M{tick.x:.1f} {top + 16:.1f}V{bottom:.1f}", "l", is_under=True)
            self.text(tick.x, top + 12, tick.text, "q", "middle")
        labels, broken = Labels(0, WIDTH), [one for one in self.scale.pieces if one.is_break]
        for piece in broken:
            wide, high = piece.right - piece.left - 6, bottom - top - 16
            self.under.insert(
                0,
                f'<rect class="s" x="{piece.left + 3:.1f}" y="{top + 16:.1f}"'
                f' width="{wide:.1f}" height="{high:.1f}"/>',
            )
            said = f"{moment(whole_seconds(piece.end_us - piece.start_us))} left out"
            place = labels.place(piece.left, said)
            self.text(place.x, bottom + 11 + place.row * LINE, said, "q", place.anchor)
        self.y += labels.rows * LINE


def stretch(start_us: int, end_us: int | None) -> str:
    """From when to when."""
    if end_us is None:
        return f"from {moment(start_us)} on"
    return f"from {moment(start_us)} to {moment(end_us)}"


def whole_seconds(length_us: int) -> int:
    """A length without what is less than a second."""
    return length_us // SECOND_US * SECOND_US
