"""What a recording is like when nobody says otherwise, by what made it.

The third table beside lifecycles and couplings. Readings may change a cell; see `readings`.
"""

from __future__ import annotations

from typing import NamedTuple

from recsim.core.entities import COMPLETED

SECOND_US = 1_000_000

RECORD_VERB = "RecordVerb"
START_CALL_RECORDING_API = "StartCallRecordingAPI"


class SourceDefault(NamedTuple):
    """One row: how recordings of `source` are made."""

    source: str
    channels: int
    """1 single, 2 dual."""
    track: str
    is_trimmed: bool
    beep: bool
    format: str
    limit_us: int
    """0 is endless."""
    silence_us: int
    """0 is never."""
    callback_events: tuple[str, ...]
    spec: str


# fmt: off
SOURCES = (
    #             source                    ch track   trim   beep  format limit             silence events
    SourceDefault(RECORD_VERB,              2, "both", False, True, "mp3", 3600 * SECOND_US, 0, (COMPLETED,), "docs record"),
    SourceDefault(START_CALL_RECORDING_API, 2, "both", False, True, "mp3", 0,                0, (COMPLETED,), "start call recording; assumed: mp3"),
)
# fmt: on
