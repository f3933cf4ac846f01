"""A captured log as SVG: a lane for each object, a mark for each delivery, in order of the lines.

Nothing in it is fetched, and nothing of the log is repeated but what its report repeats.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise
from typing import NamedTuple

from recsim.logs.rules import LEVELS
from recsim.show.picture.colours import both
from recsim.show.picture.labels import CHARACTER, LINE, Labels, cut
from recsim.show.picture.log_scene import KINDS, UNUSUAL, Lane, Mark, Scene, said

WIDTH = 920
LEFT, RIGHT = 158, 908
FIRST, LAST = 170.0, 784.0
"""Where the first delivery stands, and the last one at most: right of it is room for its label."""
WIDEST = 150.0
"""Pixels from one delivery to the next, at most."""
NEAR, FOUND = 3, 4
"""How far apart, in a crowd, two neighbours of one lane stand, and two of which one has findings.

All others: 1.
"""
CROWD = 36.0
"""Pixels from one delivery to the next, below which they are a crowd."""
ROWS, ROWS_FOUND = 4, 8
"""Rows of labels in a lane: of what has no findings, and of what has."""
FAR, MOST_BREAKS, BREAK = 10, 8, 14.0
"""From how many lines on a jump is told by a break; of how many, the farthest; its pixels."""
LONGEST = 300
"""Characters of what is said when a mark is pointed at."""

#: By level, and at the end for what has no finding: a class, a form, what it means.
FORMS = (
    ("e", "M-4.5 -4.5L4.5 4.5M4.5 -4.5L-4.5 4.5", "error"),
    ("w", "M0 -5L5.5 4.5H-5.5Z", "warning"),
    ("i", "M0 -5.5L5.5 0L0 5.5L-5.5 0Z", "info"),
    ("o", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z", "delivery"),
)
STYLE = (
    ".rl text{font:11px system-ui,sans-serif;paint-order:stroke;stroke-width:3px}"
    ".rl .n{font-size:12px;font-weight:600}"
    ".rl .e{fill:none;stroke-width:2.6}.rl .i{stroke-width:1.8}"
) + both(
    ".rl .g{fill:$ground}.rl .s{fill:$panel}.rl text{fill:$ink;stroke:$ground}.rl .q{fill:$quiet}"
    ".rl .l{stroke:$line}.rl .k{stroke:$quiet}.rl .o{fill:$capture}.rl .e{stroke:$bad}"
    ".rl .w{fill:$absent}.rl .i{fill:$ground;stroke:$quiet}"
    ".rl .E{fill:$bad}.rl .W{fill:$absent}.rl .I{fill:$quiet}"
)


#: How labels are written, by level.
TONES = ("E", "W", "I", "")


class Column(NamedTuple):
    """Where a mark stands."""

    x: float
    line: int
    is_far: bool
    """Many lines that are not drawn come before it."""


def svg(there: Scene, levels: frozenset[str]) -> str:
    """A picture of a log, as an SVG element; empty where there is nothing to draw.

    The same log gives the same bytes.
    """
    return Drawing(there).whole(levels) if there.lanes else ""


class Drawing:
    """Puts a picture together from the top."""

    def __init__(self, there: Scene) -> None:
        self.there = there
        self.under: list[str] = []
        """What lies below all else."""
        self.over: list[str] = []
        self.y = 0.0
        self.unsaid = 0
        """Marks without a label, for want of room."""
        self.columns = spread(there)

    def whole(self, levels: frozenset[str]) -> str:
        """The picture."""
        self.legend(levels)
        if self.there.sampled:
            self.y += 18
            self.text(12, self.y, self.there.sampled, "n")
        self.y += 24
        top = self.y
        self.text(12, top, "line of the log", "q")
        self.y += 8
        for n, lane in enumerate(self.there.lanes):
            self.lane(n, lane)
        self.axis(top, self.y)
        if self.unsaid:
            self.y += 16
            more = "mark has" if self.unsaid == 1 else "marks have"
            self.text(12, self.y, f"{self.unsaid} {more} no label, for want of room", "q")
        height = int(self.y + 12)
        name = f"Deliveries of {cut(self.there.name, 120)}, by line and object"
        about = escape(f"{name}: {cut('; '.join(self.spoken()), 1200)}", quote=True)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="rl" role="img"'
            f' aria-label="{about}" viewBox="0 0 {WIDTH} {height}"'
            f' width="{WIDTH}" height="{height}" style="max-width:none">'
            f'<style>{STYLE}</style><rect class="g" width="{WIDTH}" height="{height}"/>'
            f"{''.join(self.under)}{''.join(self.over)}</svg>"
        )

    def spoken(self) -> Iterator[str]:
        """What is in the picture, for those who can't see it: the gravest first."""
        if self.there.sampled:
            yield self.there.sampled
        marks = [(mark, lane) for lane in self.there.lanes for mark in lane.marks]
        for mark, lane in sorted(marks, key=lambda pair: (pair[0].level, pair[0].line)):
            yield said(mark, lane.about)

    def text(self, x: float, y: float, text: str, kind: str = "", anchor: str = "") -> None:
        """Write something."""
        named = f' class="{kind}"' if kind else ""
        at = f' text-anchor="{anchor}"' if anchor else ""
        self.over.append(f'<text x="{x:.0f}" y="{y:.0f}"{named}{at}>{escape(text)}</text>')

    def line(self, path: str, kind: str = "l") -> None:
        """Draw a line below all else."""
        self.under.append(f'<path class="{kind}" d="{path}"/>')

    def form(self, x: float, y: float, level: int, says: str = "") -> None:
        """Draw a mark, with what it says when pointed at."""
        kind, path, _ = FORMS[level]
        title = f"<title>{escape(says)}</title>" if says else ""
        self.over.append(
            f'<path class="{kind}" transform="translate({x:.1f} {y:.1f})" d="{path}">{title}</path>'
        )

    def legend(self, levels: frozenset[str]) -> None:
        """What the marks mean, of the levels that are shown."""
        self.y, x = 18.0, 18.0
        for level, (_, _, means) in reversed(list(enumerate(FORMS))):
            if level == len(LEVELS) or LEVELS[level] in levels:
                self.form(x, self.y - 4, level)
                self.text(x + 10, self.y, means, "q")
                x += 40 + len(means) * 6

    def lane(self, n: int, lane: Lane) -> None:
        """An object, and what was delivered of it, each under its label's flag."""
        top, labels, rows = self.y, Labels(LEFT, RIGHT), 1
        middle = top + 14
        kind, sid = named(lane.about)
        self.text(12, top + 18, kind, "n")
        self.text(12, top + 33, sid, "q")
        marks = [(self.columns[n, at].x, mark) for at, mark in enumerate(lane.marks)]
        self.line(f"M{marks[0][0]:.1f} {middle:.1f}H{marks[-1][0]:.1f}", "k")
        for x, mark in marks:
            self.form(x, middle, mark.level, cut(said(mark, lane.about), LONGEST))
        # From the right, so that no flag's pole stands in the label of another, what has findings
        # before the rest, so that there is room for it.
        for x, mark in sorted(marks, key=lambda one: (not one[1].found, -one[0])):
            text = label(mark)
            place = labels.place(x, text)
            if place.row >= (ROWS_FOUND if mark.found else ROWS):
                self.unsaid += 1
                continue
            y = top + 34 + place.row * LINE
            self.line(f"M{x:.1f} {middle + 5:.1f}V{y:.1f}")
            self.text(place.x, y, text, TONES[mark.level], place.anchor)
            rows = max(rows, place.row + 1)
        self.y = top + 40 + rows * LINE - LINE + 6
        self.line(f"M12 {self.y - 2:.1f}H{RIGHT}")

    def axis(self, top: float, bottom: float) -> None:
        """The numbers of the lines, and where there are lines that are not drawn."""
        columns = sorted(self.columns.values())
        for one, other in pairwise(columns):
            if other.is_far:
                x = (one.x + other.x - BREAK) / 2
                self.under.insert(
                    0,
                    f'<rect class="s" x="{x:.1f}" y="{top + 4:.1f}" width="{BREAK:g}"'
                    f' height="{bottom - top - 6:.1f}"/>',
                )
        taken: list[tuple[float, float]] = []
        first_of = {one.line: one for one in reversed(columns)}
        # Where something was found, its line is what is looked for.
        found = {mark.line for lane in self.there.lanes for mark in lane.marks if mark.found}
        order = [(one.line not in found, not one.is_far, one) for one in first_of.values()]
        for *_, one in sorted(order):
            half = CHARACTER * len(str(one.line)) / 2 + 5
            if all(one.x + half <= left or right <= one.x - half for left, right in taken):
                taken.append((one.x - half, one.x + half))
                self.text(one.x, top, str(one.line), "q", "middle")
                self.line(f"M{one.x:.1f} {top + 4:.1f}V{bottom - 2:.1f}")


def spread(there: Scene) -> dict[tuple[int, int], Column]:
    """Where each mark stands, by the numbers of its lane and of itself: in order of the lines."""
    order = sorted(
        (mark.line, n, at)
        for n, lane in enumerate(there.lanes)
        for at, mark in enumerate(lane.marks)
    )
    jumps = sorted((one[0] - other[0] for one, other in pairwise(order)))[:MOST_BREAKS]
    least = max(FAR, -jumps[-1] if jumps else 0)
    far = [other[0] - one[0] >= least for one, other in pairwise(order)]
    room = LAST - FIRST - BREAK * sum(far)
    is_crowd = room < CROWD * len(far)
    weights = [
        weight(there, one[1:], other[1:]) if is_crowd else 1 for one, other in pairwise(order)
    ]
    step = min(WIDEST / max(weights, default=1), room / max(1, sum(weights)))
    x = FIRST
    found = {order[0][1:]: Column(x, order[0][0], is_far=False)}
    for (line, *place), times, is_far in zip(order[1:], weights, far, strict=True):
        x += step * times + BREAK * is_far
        found[place[0], place[1]] = Column(x, line, is_far)
    return found


def weight(there: Scene, *places: tuple[int, int]) -> int:
    """How far apart two neighbours stand: farther where labels are in each other's way."""
    if any(there.lanes[n].marks[at].found for n, at in places):
        return FOUND
    return NEAR if places[0][0] == places[1][0] else 1


def named(about: str) -> tuple[str, str]:
    """An object in two lines: what it is, and as much of its id as tells it from others."""
    kind, _, sid = about.rpartition(" ")
    if not about.startswith(KINDS):
        return about, ""
    if about.endswith(UNUSUAL):
        return about.removesuffix(UNUSUAL).strip(), UNUSUAL
    return kind, sid if len(sid) <= 16 else f"{sid[:11]}\u2026{sid[-4:]}"


def label(mark: Mark) -> str:
    """What stands at a mark: the event, and the gravest rule that it breaks."""
    if not mark.found:
        return mark.word
    more = len({one.rule for one in mark.found}) - 1
    return f"{mark.word}: {mark.found[0].rule}{f' +{more}' if more else ''}"
