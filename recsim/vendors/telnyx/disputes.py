"""The open questions: what each source says, and what recsim does.

`Q n` anywhere in recsim is the entry with that id. The entries stand in `disputes.yaml`, which is
read when they are first asked for; the answers to choose from are rows of `readings.READINGS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple


class Source(NamedTuple):
    """What one document says."""

    source: str
    says: str


class Dispute(NamedTuple):
    """One entry: a question that the vendor's documents leave open."""

    id: str
    question: str
    sources: tuple[Source, ...]
    """None: no document that was read says anything."""
    default: str
    """What recsim does unless a scenario says otherwise."""
    why: str
    """Empty where it is obvious."""
    readings: tuple[str, ...]
    """Keys by which a scenario can choose; none: there is one reading."""

    def __str__(self) -> str:
        said = "".join(f"  {one.source}: {one.says}\n" for one in self.sources)
        why = f" ({self.why})" if self.why else ""
        readings = f"  readings: {', '.join(self.readings)}\n" if self.readings else ""
        return f"Q {self.id}: {self.question}\n{said}  taken: {self.default}{why}\n{readings}"


def entries(file: str) -> list[Any]:
    """What stands in a list of ours, a YAML file beside this module."""
    # A command that prints no entry doesn't pay for these.
    from importlib.resources import files  # noqa: PLC0415 - see above

    from ruamel.yaml import YAML  # noqa: PLC0415 - see above

    text = files("recsim.vendors.telnyx").joinpath(file).read_text(encoding="utf-8")
    found: list[Any] = YAML(typ="safe", pure=True).load(text)
    return found


@cache
def disputes() -> tuple[Dispute, ...]:
    """All entries, in the file's order."""
    return tuple(
        Dispute(
            id=entry["id"],
            question=entry["question"],
            sources=tuple(Source(**source) for source in entry.get("sources", ())),
            default=entry["default"],
            why=entry.get("why", ""),
            readings=tuple(entry.get("readings", ())),
        )
        for entry in entries("disputes.yaml")
    )


@cache
def by_id() -> Mapping[str, Dispute]:
    """All entries, by id."""
    return MappingProxyType({dispute.id: dispute for dispute in disputes()})
