"""The platform's own timers: state, so that a fork of the platform takes them along.

A heap of plain tuples beside a dictionary that says which of them still count. Arming a name
again replaces it; nothing is ever stale; dead entries are compacted away once they outnumber the
live ones.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import NamedTuple

from recsim.core.entities import NEVER


class Timer(NamedTuple):
    """An entry of the agenda; entries compare by moment, then by the order of arming."""

    due_us: int
    order: int
    key: tuple[int, str]
    """Entity and name."""
    cause: int
    """The seq that armed it."""

    @property
    def entity(self) -> int:
        """Whose timer it is."""
        return self.key[0]

    @property
    def name(self) -> str:
        """What it is for."""
        return self.key[1]


new = tuple.__new__


class Agenda:
    """Timers by (entity, name)."""

    __slots__ = ("_armed", "_heap", "_order", "next_due_us")

    def __init__(self) -> None:
        self._heap: list[Timer] = []
        self._armed: dict[tuple[int, str], Timer] = {}
        self._order = 0
        self.next_due_us = NEVER
        """When the first timer is due; NEVER when none is armed."""

    def __len__(self) -> int:
        return len(self._armed)

    def arm(self, due_us: int, entity: int, name: str, cause: int) -> None:
        """Set a timer; one of the same entity and name is replaced."""
        self._order = order = self._order + 1
        key = (entity, name)
        replaced = key in self._armed
        # The class itself takes two and a half times as long as its base's constructor.
        self._armed[key] = timer = new(Timer, (due_us, order, key, cause))
        heappush(self._heap, timer)
        if replaced:
            self._settle()
        elif due_us < self.next_due_us:
            self.next_due_us = due_us

    def is_armed(self, entity: int, name: str) -> bool:
        """Whether this timer is to come."""
        return (entity, name) in self._armed

    def due_us(self, entity: int, name: str) -> int:
        """When this timer is due; NEVER when it is not armed."""
        timer = self._armed.get((entity, name))
        return NEVER if timer is None else timer.due_us

    def cancel(self, entity: int, name: str) -> None:
        """Forget a timer; one that is not armed is no error."""
        if self._armed.pop((entity, name), None) is not None:
            self._settle()

    def pop(self) -> Timer:
        """The first timer, which no longer counts. Raises IndexError when none is armed."""
        timer = heappop(self._heap)
        del self._armed[timer[2]]
        self._settle()
        return timer

    def first(self) -> Timer | None:
        """What is due first; None when nothing is armed."""
        return self._heap[0] if self._armed else None

    def armed(self) -> list[Timer]:
        """What is armed, first due first."""
        return sorted(self._armed.values())

    def fork(self) -> Agenda:
        """A copy that shares nothing which changes."""
        other = Agenda()
        other._heap = self._heap.copy()
        other._armed = self._armed.copy()
        other._order = self._order
        other.next_due_us = self.next_due_us
        return other

    def _settle(self) -> None:
        """Bring a live timer to the top of the heap."""
        heap, armed = self._heap, self._armed
        if len(heap) > 64 and len(heap) > 2 * len(armed):
            heap[:] = armed.values()
            heapify(heap)
        while heap:
            first = heap[0]
            if armed.get(first[2]) is first:
                self.next_due_us = first[0]
                return
            heappop(heap)
        self.next_due_us = NEVER
