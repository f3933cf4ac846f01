"""What is remembered of a log: events as digests, and objects within a window."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

_NAMES: dict[tuple[str, ...], tuple[str, ...]] = {}
_MOST_NAMES = 4096
"""Orders of fields that are told apart without a copy of each; a log has a few."""


class Event(NamedTuple):
    """One event that was told, without what it said: digests are enough to compare."""

    line: int
    at_us: int | None
    """When it happened, by its own word."""
    order: int | None
    """Its SequenceNumber."""
    arrived_us: int | None
    attempt: int
    is_accepted: bool
    """It was answered with success."""
    names: tuple[str, ...]
    digests: array[int]

    def differs(self, body: Mapping[str, Any]) -> list[str]:
        """The fields in which a body is not what this event had."""
        names, digests = digest(body)
        if names == self.names:
            if digests == self.digests:
                return []
            pairs = zip(names, digests, self.digests, strict=True)
            return [name for name, one, other in pairs if one != other]
        mine, its = self.by_name(), dict(zip(names, digests, strict=True))
        return sorted(name for name in mine.keys() | its.keys() if mine.get(name) != its.get(name))

    def by_name(self) -> dict[str, int]:
        """The digest of each field."""
        return dict(zip(self.names, self.digests, strict=True))

    def clashes(self, body: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
        """Those of `names` that both have, with other content."""
        mine = self.by_name()
        return [
            name
            for name in names
            if name in body and name in mine and mine[name] != digest_of(body[name])
        ]


def digest_of(value: Any) -> int:
    """64 bits that stand for a value, while this process lasts."""
    try:
        return hash(value)
    except TypeError:
        return hash(repr(value))


def digest(body: Mapping[str, Any]) -> tuple[tuple[str, ...], array[int]]:
    """The names of a body, and what stands for each value."""
    names = tuple(body)
    kept = _NAMES.get(names)
    if kept is None:
        kept = names
        if len(_NAMES) < _MOST_NAMES:
            _NAMES[names] = names
    try:
        return kept, array("q", map(hash, body.values()))
    except TypeError:
        return kept, array("q", map(digest_of, body.values()))


Kept = TypeVar("Kept")


class Window(Generic[Kept]):
    """Objects by id, the least recently seen first; those that fall out are handed to `leaves`."""

    def __init__(
        self, most: int, within_us: int | None, leaves: Callable[[str, Kept], None]
    ) -> None:
        self.most, self.within_us, self.leaves = most, within_us, leaves
        self.forgotten = 0
        """How many fell out."""
        self._kept: dict[str, tuple[Kept, int]] = {}
        self._now_us = 0

    def get(self, sid: str) -> Kept | None:
        """An object, without touching it."""
        found = self._kept.get(sid)
        return found[0] if found is not None else None

    def touch(self, sid: str, make: Callable[[], Kept], at_us: int | None) -> Kept:
        """An object, seen now; made if it isn't there."""
        kept = self._kept
        found = kept.pop(sid, None)
        one = make() if found is None else found[0]
        if at_us is not None and at_us > self._now_us:
            self._now_us = at_us
        kept[sid] = (one, self._now_us)
        if found is None:
            if len(kept) > self.most:
                self._drop()
            if self.within_us is not None:
                while kept and next(iter(kept.values()))[1] < self._now_us - self.within_us:
                    self._drop()
        return one

    def _drop(self) -> None:
        sid = next(iter(self._kept))
        self.forgotten += 1
        self.leaves(sid, self._kept.pop(sid)[0])

    def close(self) -> None:
        """Nothing comes any more."""
        for sid, (one, _) in self._kept.items():
            self.leaves(sid, one)
        self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)
