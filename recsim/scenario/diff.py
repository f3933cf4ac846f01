"""How two runs differ: aligned by what caused what, so that an event more shifts nothing.

Numbers of the run and wire ids are paired off as they are met: what differs by its seed alone is
equal. Delays are counted from the cause, so that something late doesn't make late all that follows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from recsim.core.units import format_duration
from recsim.scenario.run import Run
from recsim.scenario.units import parse_moment
from recsim.scenario.written import CALLBACKS, RECORDINGS, TRACE, Line, Written, read

LEFT, RIGHT, BOTH = "left", "right", "both"

#: Fields that hold numbers of the run; keys are drawn from one count.
KEYS = ("entity", "leg", "session", "conference", "ticket")
NUMBERS = ("seq", "cause", *KEYS)

#: What tells lines of one kind and one cause apart; of other kinds there is one, or they are alike.
IDENTITY = {
    "invite": ("session",),
    "opened": ("title",),
    "convened": ("room",),
    "move": ("lifecycle", "trigger"),
    "due": ("name",),
    "ring": ("to",),
    "transfer": ("to",),
    "cue": ("word",),
    "fetch": ("message",),
    "attempt": ("message", "n"),
    "request": ("method", "session"),
    "note": ("rule", "line", "column"),
}

#: Ids of the wire: of calls, UUIDs, signatures, public keys, connections.
ID = re.compile(
    r"v3(?::|%3A)[\w-]{54}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}"
    r"|[A-Za-z0-9+/]{86}==|\b[1-9][0-9]{18}\b"
)

SHORTEST = 19
"""Characters of an id, or more."""

#: What follows from the rest of a callback: told where nothing else differs.
ENCODED = ("headers", "body")


class Differing(NamedTuple):
    """A field that differs."""

    name: str
    """Dotted, where it is inside of another."""
    left: Any
    right: Any


class Difference(NamedTuple):
    """Something that only one run has, or that differs."""

    file: str
    where: str
    """left or right: only there. both: it differs."""
    left: Line | None
    right: Line | None
    fields: tuple[Differing, ...] = ()
    follows: int = 0
    """How many lines of the trace come of it, where only one run has it."""


class Differences(list[Difference]):
    """How two runs differ; printing and notebooks tell it."""

    def __init__(self, found: Iterable[Difference], left: Written, right: Written) -> None:
        super().__init__(found)
        self.left, self.right = left, right

    def __repr__(self) -> str:
        return f"<{len(self)} differences of {self.left.name} and {self.right.name}>"

    def __str__(self) -> str:
        from recsim.show.diff import lines  # noqa: PLC0415 - showing stands above

        return "\n".join(lines(self, self.left, self.right)) + "\n"

    def _repr_html_(self) -> str:
        from recsim.show.html.findings import differences  # noqa: PLC0415 - showing stands above

        return differences(self)


def diff(left: Run | Written | str | Path, right: Run | Written | str | Path) -> Differences:
    """How two runs, or two folders of `recsim run --out`, differ: the first difference first.

    Empty: they are alike. Raises WrittenError for a folder that can't be read.
    """
    alignment = Alignment(written(left), written(right))
    found = sorted(alignment.differences(), key=moment)
    return Differences(found, alignment.left, alignment.right)


def written(run: Run | Written | str | Path) -> Written:
    """The lines of a run."""
    if isinstance(run, Run):
        return run.written
    return run if isinstance(run, Written) else read(run)


def moment(difference: Difference) -> tuple[str, int]:
    """When, and where in the trace; what stands in no trace comes last."""
    line = difference.left or difference.right or {}
    return str(line.get("at", "~")), int(line.get("seq") or line.get("cause") or 0)


class Pairs:
    """Which name of the left run is which of the right one, as far as is known."""

    def __init__(self) -> None:
        self.right: dict[object, object] = {}
        self.left: dict[object, object] = {}

    def agree(self, left: object, right: object) -> bool:
        """Whether they may be the same."""
        return self.right.get(left, right) == right and self.left.get(right, left) == left

    def pair(self, left: object, right: object) -> bool:
        """Whether they are the same; from now on they are, if nothing is known of either."""
        if not self.agree(left, right):
            return False
        self.right[left], self.left[right] = right, left
        return True


class Alignment:
    """Two runs, line by line."""

    def __init__(self, left: Written, right: Written) -> None:
        self.left, self.right = left, right
        self.numbers, self.ids = Pairs(), Pairs()
        self.seqs: dict[int, int] = {0: 0}
        """Lines of the left trace and what they are in the right one."""
        self.children = children(left.trace), children(right.trace)

    def differences(self) -> Iterator[Difference]:
        """All of them, file by file."""
        yield from self._trace()
        yield from self._callbacks()
        yield from self._recordings()

    def _trace(self) -> Iterator[Difference]:
        pairs = [(0, 0)]
        for one, other in pairs:  # grows while it is walked
            mine, theirs = self.children[0][one], self.children[1][other]
            for left, right in self._aligned(mine, theirs):
                if left is not None and right is not None:
                    pairs.append((left["seq"], right["seq"]))
                    self.seqs[left["seq"]] = right["seq"]
                    if fields := tuple(self._differing(left, right)):
                        yield Difference(TRACE, BOTH, left, right, fields)
                elif left is not None:
                    more = following(left["seq"], self.children[0])
                    yield Difference(TRACE, LEFT, left, None, follows=more)
                elif right is not None:
                    more = following(right["seq"], self.children[1])
                    yield Difference(TRACE, RIGHT, None, right, follows=more)

    def _aligned(
        self, mine: Sequence[Line], theirs: Sequence[Line]
    ) -> list[tuple[Line | None, Line | None]]:
        """What came of one cause, each with its like."""
        rest = list(theirs)
        found: list[tuple[Line | None, Line | None]] = []
        for left in mine:
            right = self._like(left, rest)
            if right is not None:
                rest = [one for one in rest if one is not right]
                for name in KEYS:
                    if name in left and name in right:
                        self.numbers.pair(left[name], right[name])
            found.append((left, right))
        return [*found, *((None, right) for right in rest)]

    def _like(self, left: Line, rest: Sequence[Line]) -> Line | None:
        """The one among lines of the same cause that a line is: best one as late as it."""
        alike = [one for one in rest if identity(one) == identity(left) and self._may_be(left, one)]
        delay = self._delay(left, self.left)
        as_late = (one for one in alike if self._delay(one, self.right) == delay)
        return next(as_late, alike[0] if alike else None)

    def _may_be(self, left: Line, right: Line) -> bool:
        """Whether two lines may be about the same things."""
        return all(
            self.numbers.agree(left[name], right[name])
            for name in KEYS
            if isinstance(left.get(name), int) and isinstance(right.get(name), int)
        )

    def _differing(self, left: Line, right: Line) -> Iterator[Differing]:
        """Fields of two lines of the trace that differ."""
        one, other = self._delay(left, self.left), self._delay(right, self.right)
        if one != other:
            yield Differing("after", one, other)
        for name in dict.fromkeys((*left, *right)):
            is_number = name in NUMBERS and not isinstance(left.get(name), str)
            if name != "at" and not is_number:
                yield from self._values(name, left.get(name), right.get(name))

    def _delay(self, line: Line, run: Written) -> str:
        """How long after its cause something happened; what has none, when."""
        if not line["cause"]:
            first = run.trace[0]
            return str(line["at"]) if line is first else since(first, line)
        return since(run.line(line["cause"]), line)

    def _callbacks(self) -> Iterator[Difference]:
        """Arrivals, each with its like: those of one attempt in their order."""
        theirs: dict[int, list[Line]] = defaultdict(list)
        for line in self.right.callbacks:
            theirs[line["cause"]].append(line)
        for left in self.left.callbacks:
            seq = self.seqs.get(left["cause"])
            rows = theirs[seq] if seq is not None else []
            if rows:
                right = rows.pop(0)
                if fields := tuple(self._arrivals(left, right)):
                    yield Difference(CALLBACKS, BOTH, left, right, fields)
            elif seq is not None:  # else the attempt itself is told
                yield Difference(CALLBACKS, LEFT, left, None)
        known = set(self.seqs.values())
        for seq, rows in theirs.items():
            for right in rows if seq in known else ():
                yield Difference(CALLBACKS, RIGHT, None, right)

    def _arrivals(self, left: Line, right: Line) -> Iterator[Differing]:
        one = since(self.left.line(left["cause"]), left)
        other = since(self.right.line(right["cause"]), right)
        if one != other:
            yield Differing("after", one, other)
        names = [name for name in left if name not in ("at", "cause", *ENCODED)]
        fields = [one for name in names for one in self._values(name, left[name], right.get(name))]
        yield from fields
        if not fields and one == other:
            for name in ENCODED:
                yield from self._values(name, left.get(name), right.get(name))

    def _recordings(self) -> Iterator[Difference]:
        """Recordings at the end, each with its like."""
        theirs: dict[object, Line] = {row["entity"]: row for row in self.right.recordings}
        for left in self.left.recordings:
            right = theirs.pop(self.numbers.right.get(left["entity"]), None)
            if right is None:
                yield Difference(RECORDINGS, LEFT, left, None)
            elif fields := tuple(self._rows(left, right)):
                yield Difference(RECORDINGS, BOTH, left, right, fields)
        for right in theirs.values():
            yield Difference(RECORDINGS, RIGHT, None, right)

    def _rows(self, left: Line, right: Line) -> Iterator[Differing]:
        for name in left:
            if name != "entity":
                yield from self._values(name, left[name], right.get(name))

    def _values(self, name: str, left: Any, right: Any) -> Iterator[Differing]:
        """The innermost values that differ, ids but for their names."""
        if isinstance(left, dict) and isinstance(right, dict):
            for key in dict.fromkeys((*left, *right)):
                yield from self._values(f"{name}.{key}", left.get(key), right.get(key))
        elif isinstance(left, list) and isinstance(right, list):
            for n, (one, other) in enumerate(zip_longest(left, right)):
                yield from self._values(f"{name}.{n}", one, other)
        elif isinstance(left, str) and isinstance(right, str):
            if not self._same_text(left, right):
                yield Differing(name, left, right)
        elif left != right:
            yield Differing(name, left, right)

    def _same_text(self, left: str, right: str) -> bool:
        """Whether two texts differ in ids alone, each of which is the other's everywhere."""
        if left == right and len(left) < SHORTEST:
            return True
        if ID.sub("", left) != ID.sub("", right):
            return False
        ids = zip_longest(ID.findall(left), ID.findall(right))
        return all(self.ids.pair(plain(one), plain(other)) for one, other in ids)


def plain(name: str | None) -> str | None:
    """An id without the escapes of a URL."""
    return name and name.replace("%3A", ":")


def identity(line: Line) -> tuple[Any, ...]:
    """What tells a line from others of the same cause."""
    kind = line["kind"]
    return kind, *(line.get(name) for name in IDENTITY.get(kind, ()))


def children(trace: Iterable[Line]) -> dict[int, list[Line]]:
    """The lines that each line caused, in their order."""
    found: dict[int, list[Line]] = defaultdict(list)
    for line in trace:
        found[line["cause"]].append(line)
    return found


def following(seq: int, caused: dict[int, list[Line]]) -> int:
    """How many lines come of one."""
    seqs = [seq]
    for one in seqs:  # grows while it is walked
        seqs += [line["seq"] for line in caused[one]]
    return len(seqs) - 1


def since(cause: Line, line: Line) -> str:
    """How long after another something happened."""
    return format_duration(parse_moment(line["at"]) - parse_moment(cause["at"]))
