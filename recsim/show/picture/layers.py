"""Where the boxes and labels of a layered drawing stand, top down: nothing overlaps.

A label is a node of its own, between the ranks of what it joins, and an edge that passes a rank
gets a place in it, as Sugiyama drew and Graphviz does. So no line crosses a label or a box. The
same graph is always drawn in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

SWEEPS = 24
"""How often ranks are ordered by their neighbours; more changes nothing in practice."""


@dataclass(eq=False)
class Node:
    """Something that needs room in a rank: a box, a label, or a line passing by."""

    name: str
    """Of a box; empty: none is drawn."""
    rank: int
    width: float
    height: float = 0.0
    above: list[Node] = field(default_factory=list)
    below: list[Node] = field(default_factory=list)
    x: float = 0.0
    """Of its middle."""
    order: int = 0

    @property
    def weight(self) -> float:
        """How much it wants to stand right below what it comes from: lines are to be straight."""
        return 1.0 if self.name else 4.0


@dataclass(eq=False)
class Edge:
    """From a box to a box; `path` runs downwards, from the one that stands higher."""

    source: str
    dest: str
    label: Node
    path: list[Node]

    @property
    def is_upward(self) -> bool:
        """Whether it leads back to a higher rank."""
        return self.path[0].name == self.dest


def ranks_of(initial: str, arrows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The rank of each name: the longest way to it from `initial` that doesn't turn back."""
    onward: dict[str, list[str]] = {}
    for source, dest in arrows:
        onward.setdefault(source, []).append(dest)
    ranks: dict[str, int] = {}

    def visit(name: str, rank: int, before: tuple[str, ...]) -> None:
        ranks[name] = max(rank, ranks.get(name, 0))
        for dest in onward.get(name, ()):
            if dest not in (*before, name) and ranks.get(dest, -1) <= rank:
                visit(dest, rank + 1, (*before, name))

    visit(initial, 0, ())
    return ranks


def connected(
    boxes: Mapping[str, Node],
    labels: Mapping[tuple[str, str], tuple[float, float]],
    passing: float,
) -> list[Edge]:
    """The edges between `boxes`, with a node in every rank that they pass.

    Boxes stand in even ranks, labels in odd ones; a label is (width, height), a line that passes a
    rank is so wide.
    """
    edges = []
    for (source, dest), (width, height) in labels.items():
        high, low = sorted((boxes[source], boxes[dest]), key=lambda node: node.rank)
        # The label stands next to where the arrow comes from.
        at = high.rank + 1 if high.name == source else low.rank - 1
        path = [high]
        for rank in range(high.rank + 1, low.rank):
            node = Node("", rank, width, height) if rank == at else Node("", rank, passing)
            path.append(node)
        path.append(low)
        for upper, lower in pairwise(path):
            upper.below.append(lower)
            lower.above.append(upper)
        edges.append(Edge(source, dest, path[at - high.rank], path))
    return edges


def placed(nodes: Sequence[Node], gap: float) -> list[list[Node]]:
    """The ranks from the top, ordered from the left; sets the `x` of each node, none below 0."""
    ranks: list[list[Node]] = [[] for _ in range(max(node.rank for node in nodes) + 1)]
    for node in nodes:
        ranks[node.rank].append(node)
    number(ranks)
    best, fewest = [list(rank) for rank in ranks], crossings(ranks)
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        for rank in ranks if downward else reversed(ranks):
            rank.sort(key=lambda node: (middle(node, downward=downward), node.order))
            number([rank])
        if (found := crossings(ranks)) < fewest:
            best, fewest = [list(rank) for rank in ranks], found
    number(best)
    for rank in best:
        spread(rank, [0.0] * len(rank), gap)
    for sweep in range(SWEEPS):
        for rank in best if sweep % 2 == 0 else reversed(best):
            wanted = [wish(node) for node in rank]
            spread(rank, wanted, gap)
    left = min(node.x - node.width / 2 for node in nodes)
    for node in nodes:
        node.x -= left
    return best


def number(ranks: Sequence[Sequence[Node]]) -> None:
    """Write down the order of each rank."""
    for rank in ranks:
        for n, node in enumerate(rank):
            node.order = n


def middle(node: Node, *, downward: bool) -> float:
    """Where the neighbours of a node stand, in their rank; its own place where it has none."""
    near = node.above if downward else node.below
    return sum(other.order for other in near) / len(near) if near else float(node.order)


def crossings(ranks: Sequence[Sequence[Node]]) -> int:
    """How many lines cross between ranks."""
    count = 0
    for rank in ranks:
        lines = sorted((node.order, other.order) for node in rank for other in node.below)
        count += sum(
            a[0] < b[0] and a[1] > b[1] for n, a in enumerate(lines) for b in lines[n + 1 :]
        )
    return count


def wish(node: Node) -> float:
    """Where a node would like to stand: in the middle of its neighbours."""
    near = [*node.above, *node.below]
    whole = sum(other.weight for other in near)
    return sum(other.x * other.weight for other in near) / whole if near else node.x


def spread(rank: Sequence[Node], wanted: Sequence[float], gap: float) -> None:
    """Put the nodes of a rank as near to where they want to be as their widths allow.

    The least sum of weighted squares, by pooling neighbours that would overlap.
    """
    pools: list[tuple[float, float, int]] = []  # where the first stands, weight, how many
    offsets = [0.0]
    for left, right in pairwise(rank):
        offsets.append(offsets[-1] + (left.width + right.width) / 2 + gap)
    for node, want, offset in zip(rank, wanted, offsets, strict=True):
        at, weight, count = want - offset, node.weight, 1
        while pools and pools[-1][0] > at:
            other, heavy, many = pools.pop()
            at = (at * weight + other * heavy) / (weight + heavy)
            weight, count = weight + heavy, count + many
        pools.append((at, weight, count))
    starts = [at for at, _, count in pools for _ in range(count)]
    for node, start, offset in zip(rank, starts, offsets, strict=True):
        node.x = start + offset
