"""What was, as far as anybody could still look at it: for keys that leave nothing out.

Moments count from now; keys of entities and numbers of what happened stand for themselves nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recsim.core.documents import Document
from recsim.core.entities import (
    NEVER,
    CallLeg,
    CallSession,
    Conference,
    Delivery,
    Fetching,
    Recording,
)
from recsim.core.platform import Platform

ENTITIES = (CallSession, CallLeg, Conference, Recording, Delivery, Fetching)

#: Moments whose names don't end in `_at_us`.
MOMENTS = frozenset(
    ("from_us", "until_us", "since_us", "heard_since_us", "capturing_since_us", "paused_since_us",
     "heard_from_us", "hears_from_us", "now_us")
)  # fmt: skip

#: Fields that hold moments in tuples: edges, or stretches.
EDGES = frozenset(("speech", "sound", "captured", "paused", "kept", "heard", "spoke"))

#: Fields that hold keys of entities.
REFERENCES = frozenset(
    ("session", "leg", "legs", "parent", "peer", "conference", "conferences", "recording",
     "recordings", "dialed", "members", "moved_by", "coaches", "answered", "taken_by")
)  # fmt: skip

#: Fields that only order or name what is there.
NUMBERS = frozenset(("key", "fetch", "commands", "ended_with"))


def past(platform: Platform, names: Mapping[int, int]) -> tuple[Any, ...]:
    """All entities of a platform, whatever they say; `names` is what their keys are called."""
    now_us = platform.now_us
    tables = (
        platform.sessions, platform.legs, platform.conferences, platform.recordings,
        platform.deliveries, platform.fetches,
    )  # fmt: skip
    return tuple(
        tuple(sorted(repr(seen(one, now_us, names)) for one in table.values()))
        for table in tables
        if isinstance(table, dict)
    )


def seen(value: Any, now_us: int, names: Mapping[int, int], name: str = "") -> Any:
    """A value of the field `name`, with nothing in it that counts from the start of the run."""
    if isinstance(value, Document):
        return repr(value)
    if isinstance(value, ENTITIES):
        slots = [slot for slot in type(value).__slots__ if slot not in NUMBERS]
        return tuple(seen(getattr(value, slot), now_us, names, slot) for slot in slots)
    if isinstance(value, tuple):
        fields = getattr(value, "_fields", (name,) * len(value))
        parts = zip(fields, value, strict=True)
        return (type(value).__name__, *(seen(part, now_us, names, one) for one, part in parts))
    if type(value) is int and name in REFERENCES:
        return names.get(value, 0)
    if type(value) is int and (name in EDGES or name in MOMENTS or name.endswith("_at_us")):
        return None if value == NEVER else value - now_us
    return value
