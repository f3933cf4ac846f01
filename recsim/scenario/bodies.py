"""JSON bodies as a scenario file writes them: plain words and numbers become JSON's own."""

from __future__ import annotations

import re
from typing import Any

from recsim.scenario.reading import Data, Place

WORDS = {"true": True, "false": False}
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")


def json_of(value: Data, place: Place) -> Any:
    """A part of a body, which stands at `place`: quoted text stays text, as does all else."""
    if isinstance(value, dict):
        return {key: json_of(part, place.parts[key]) for key, part in value.items()}
    if isinstance(value, list):
        return [json_of(part, place.parts[n]) for n, part in enumerate(value)]
    if value is None or place.is_quoted:
        return value
    return int(value) if INTEGER.fullmatch(value) else WORDS.get(value, value)
