"""Entities by what the wire calls them, without walking all of them for each request.

Ids are pure functions of a session and a number, so they are made once for each entity, when it is
first looked past. What is kept of them belongs to one platform: a fork begins anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from recsim.core.entities import CallLeg, Conference, Recording

Entity = TypeVar("Entity", CallLeg, Conference, Recording)

SLACK = 1000
"""So many ids of entities that are gone are kept before they are forgotten."""


class Ids:
    """The ids of one kind of entity."""

    def __init__(self) -> None:
        self._keys: dict[str, int] = {}
        self._newest = 0
        """Keys grow: whatever is above this has not been looked at."""

    def find(
        self, sid: str, entities: dict[int, Entity], spelt: Callable[[Entity], str]
    ) -> Entity | None:
        """The entity with that id, if there is one. `entities` are in the order of their keys."""
        newest = self._newest
        for entity in reversed(entities.values()):
            if entity.key <= newest:
                break
            self._keys[spelt(entity)] = entity.key
            self._newest = max(self._newest, entity.key)
        if len(self._keys) > 2 * len(entities) + SLACK:
            self._keys = {one: key for one, key in self._keys.items() if key in entities}
        return entities.get(self._keys.get(sid, 0))
