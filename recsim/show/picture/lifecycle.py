"""A lifecycle as a picture: one static SVG, made from the table, that explains itself.

Legible in light and in dark; nothing is fetched. Each label tells the rows behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from textwrap import wrap

from recsim.core.lifecycle import Lifecycle, Rule
from recsim.show.picture.colours import both
from recsim.show.picture.layers import Edge, Node, connected, placed, ranks_of

LETTER = 8.0
"""Width of a letter, at most; the fonts that are named are fixed in width."""

LINE, PAD, GAP, BETWEEN, MARGIN = 17.0, 12.0, 18.0, 30.0, 20.0
BOX = 34.0
"""Height of a box."""

PASSING = 14.0
"""Room for a line that passes a rank."""

LONGEST = 13
"""Letters of a label's line, where its words allow."""

HEAD = 30.0
START = 34.0
"""Room above the first box for where it starts."""

STYLE = (
    "svg{color-scheme:light dark}"
    'text{font:13px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}'
    ".title{font-weight:bold;font-size:15px}.soft{font-size:12px}"
    ".box{stroke-width:1.5}.gone{stroke-dasharray:5 3}.line{stroke-width:1.4}"
    ".inner{stroke-width:1}\n"
) + both(
    "svg{background:$ground}text{fill:$ink}.soft{fill:$quiet}"
    ".box{fill:$panel;stroke:$capture}.settled{stroke:$completed}.gone{stroke:$quiet}"
    ".inner,.line{fill:none}.line{stroke:$quiet}.tip,.dot{fill:$quiet}\n"
)


def svg(machine: Lifecycle) -> str:
    """A lifecycle as SVG: statuses by how far they are from the start, moves with their triggers.

    Ignored triggers are left out. The same table gives the same bytes.
    """
    moves: dict[tuple[str, str], list[Rule]] = {}
    for rule in machine.rules:
        if rule.dest:
            moves.setdefault((rule.source, rule.dest), []).append(rule)
    ranks = ranks_of(machine.initial, [pair for pair in moves if pair[0] != pair[1]])
    loops = {source: rules for (source, dest), rules in moves.items() if source == dest}
    boxes = {
        status: Node(status, 2 * ranks[status], width_of_box(status, loops.get(status, ())), BOX)
        for status in machine.statuses
    }
    sizes = {pair: size(words(rules)) for pair, rules in moves.items() if pair[0] != pair[1]}
    edges = connected(boxes, sizes, PASSING)
    between = [node for edge in edges for node in edge.path[1:-1]]
    rows = placed([*boxes.values(), *between], GAP)
    tops = tops_of(rows)
    drawn = [drawn_start(boxes[machine.initial], tops)]
    drawn += drawn_edges(edges, moves, tops)
    for status, box in boxes.items():
        drawn.append(drawn_box(machine, box, tops[box.rank]))
        if status in loops:
            drawn.append(drawn_loop(box, tops[box.rank], loops[status]))
    explained = legend(machine)
    width = max(node.x + node.width / 2 for row in rows for node in row)
    least = max(LETTER * len(line) for line in explained)
    aside = MARGIN + max(0.0, (least - width) / 2)
    width = max(width, least) + 2 * MARGIN
    bottom = tops[-1] + BOX + 28
    height = bottom + LINE * len(explained)
    told = "".join(
        f'<text class="soft" x="{MARGIN:g}" y="{bottom + LINE * n:g}">{escape(line)}</text>\n'
        for n, line in enumerate(explained)
    )
    name = f"How a {machine.name.replace('-', ' ')} lives"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
        f' width="{width:.0f}" height="{height:.0f}" role="img" aria-labelledby="name about">\n'
        f'<title id="name">{escape(name)}</title>\n'
        f'<desc id="about">{escape(described(machine, moves))}</desc>\n'
        f"<style>\n{STYLE}</style>\n"
        f'<text class="title" x="{MARGIN:g}" y="{HEAD - 4:g}">{escape(name)}</text>\n'
        f'<g transform="translate({aside:.1f} 0)">\n{"".join(drawn)}</g>\n{told}</svg>\n'
    )


def words(rules: Iterable[Rule]) -> list[str]:
    """The triggers of a label, in lines."""
    return wrap(", ".join(rule.trigger for rule in rules), LONGEST, break_long_words=False)


def size(lines: Sequence[str]) -> tuple[float, float]:
    """How wide and high so many lines are."""
    return LETTER * max(map(len, lines)), LINE * len(lines)


def width_of_box(status: str, loop: Sequence[Rule]) -> float:
    """How wide a status is, with room on both sides for a move that leads back to it."""
    own = LETTER * len(status) + 2 * PAD
    return own + (2 * (size(words(loop))[0] + 34) if loop else 0)


def half(box: Node) -> float:
    """Half the width of the box itself."""
    return (LETTER * len(box.name) + 2 * PAD) / 2


def tops_of(rows: Sequence[Sequence[Node]]) -> list[float]:
    """Where each rank begins."""
    tops, top = [], HEAD + START
    for row in rows:
        tops.append(top)
        top += max(node.height for node in row) + BETWEEN
    return tops


def drawn_start(box: Node, tops: Sequence[float]) -> str:
    """A dot above the first status, and an arrow into it."""
    top = tops[0]
    return (
        f'<circle class="dot" cx="{box.x:.1f}" cy="{top - 20:.1f}" r="5"/>\n'
        f'<path class="line" d="M{box.x:.1f} {top - 20:.1f}V{top - 6:.1f}"/>\n{tip(box.x, top, 1)}'
    )


def drawn_box(machine: Lifecycle, box: Node, top: float) -> str:
    """A status; a settled one has a second border, one that is gone a broken one."""
    kind = "box"
    if box.name == machine.removed:
        kind += " gone"
    elif machine.is_final(box.name):
        kind += " settled"
    x, width = box.x - half(box), 2 * half(box)
    inner = (
        f'<rect class="{kind} inner" x="{x + 3:.1f}" y="{top + 3:.1f}" width="{width - 6:.1f}"'
        f' height="{BOX - 6:g}" rx="4"/>\n'
        if kind.endswith("settled")
        else ""
    )
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{BOX:g}"'
        f' rx="6"/>\n{inner}<text x="{box.x:.1f}" y="{top + 21.5:.1f}" text-anchor="middle">'
        f"{escape(box.name)}</text>\n"
    )


def drawn_loop(box: Node, top: float, rules: Sequence[Rule]) -> str:
    """A move that leads back to where it came from, at the right of its box."""
    right, lines = box.x + half(box), words(rules)
    y = top + BOX / 2 - LINE * (len(lines) - 1) / 2 + 4.5
    return (
        f'<path class="line" d="M{right:.1f} {top + 8:.1f}c30 -6 30 24 6 18"/>\n'
        f'<path class="tip" d="M{right:.1f} {top + 25:.1f}l9 -3l-2.5 8z"/>\n'
        + text(right + 32, y, lines, told(rules), "start")
    )


def drawn_edges(
    edges: Sequence[Edge], moves: dict[tuple[str, str], list[Rule]], tops: Sequence[float]
) -> list[str]:
    """Lines with their tips and labels; those of one side of a box stand apart on it."""
    leaving = ports([(edge.path[0], edge.path[1], edge) for edge in edges])
    arriving = ports([(edge.path[-1], edge.path[-2], edge) for edge in edges])
    found = []
    for edge in edges:
        first, *inner, last = edge.path
        points = [(leaving[edge], tops[first.rank] + BOX)]
        parts = []
        for node in inner:
            top, deep = tops[node.rank], rank_height(node, edges)
            room = (deep - node.height) / 2 if node is edge.label else 0.0
            points.append((node.x, top + room))
            if node is edge.label:
                parts.append(points)
                points = [(node.x, top + room + node.height)]
            points.append((node.x, top + deep))
        points.append((arriving[edge], tops[last.rank]))
        parts.append(points)
        if edge.is_upward:
            parts[0][0] = (parts[0][0][0], parts[0][0][1] + 6)
            found.append(tip(leaving[edge], tops[first.rank] + BOX, -1))
        else:
            parts[-1][-1] = (parts[-1][-1][0], parts[-1][-1][1] - 6)
            found.append(tip(arriving[edge], tops[last.rank], 1))
        found += [f'<path class="line" d="{curve(part)}"/>\n' for part in parts]
        rules = moves[edge.source, edge.dest]
        y = parts[0][-1][1] + 12.5
        found.append(text(edge.label.x, y, words(rules), told(rules), "middle"))
    return found


def rank_height(node: Node, edges: Sequence[Edge]) -> float:
    """How high the rank of a node is."""
    return max(other.height for edge in edges for other in edge.path if other.rank == node.rank)


def ports(ends: Sequence[tuple[Node, Node, Edge]]) -> dict[Edge, float]:
    """Where each line touches its box, in the order of where it goes."""
    found: dict[Edge, float] = {}
    for box in dict.fromkeys(box for box, _, _ in ends):
        lines = sorted(
            ((near.x, edge) for other, near, edge in ends if other is box), key=lambda one: one[0]
        )
        room = 2 * half(box) - 16
        step = min(22.0, room / max(1, len(lines) - 1))
        for n, (_, edge) in enumerate(lines):
            found[edge] = box.x + step * (n - (len(lines) - 1) / 2)
    return found


def curve(points: Sequence[tuple[float, float]]) -> str:
    """A line through points that leaves and enters each of them vertically."""
    (x, y), *rest = points
    parts = [f"M{x:.1f} {y:.1f}"]
    for to_x, to_y in rest:
        if abs(to_x - x) < 0.5:
            parts.append(f"L{to_x:.1f} {to_y:.1f}")
        else:
            turn = (y + to_y) / 2
            parts.append(f"C{x:.1f} {turn:.1f} {to_x:.1f} {turn:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return "".join(parts)


def tip(x: float, y: float, down: int) -> str:
    """The tip of an arrow that ends at a point."""
    return f'<path class="tip" d="M{x:.1f} {y:.1f}l-4 {-8 * down}h8z"/>\n'


def text(x: float, y: float, lines: Sequence[str], about: str, anchor: str) -> str:
    """Lines of a label, which tells its rows when it is pointed at."""
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{y + LINE * n:.1f}">{escape(line)}</tspan>'
        for n, line in enumerate(lines)
    )
    return f'<text text-anchor="{anchor}"><title>{escape(about)}</title>{spans}</text>\n'


def told(rules: Iterable[Rule]) -> str:
    """The rows behind a label, with their sources."""
    return "\n".join(f"{one.source} {one.trigger} {one.dest}: {one.spec}" for one in rules)


def described(machine: Lifecycle, moves: dict[tuple[str, str], list[Rule]]) -> str:
    """The picture in words."""
    arrows = "; ".join(
        f"from {source} to {dest} by {', '.join(rule.trigger for rule in rules)}"
        for (source, dest), rules in moves.items()
    )
    return f"It begins as {machine.initial}. {arrows}. Settled: {', '.join(machine.final)}."


def legend(machine: Lifecycle) -> list[str]:
    """What the marks mean."""
    lines = [
        "An arrow is a move, named by what triggers it.",
        "A double border: settled. What has no arrow here is refused or ignored.",
    ]
    return [*lines, f"A broken border: {machine.removed}."] if machine.removed else lines
