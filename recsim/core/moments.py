"""Moments as text. Minutes are cached, and moments just asked for: dates cost a good deal.

All take integer microseconds since the Unix epoch, and give UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

MINUTE_US = 60_000_000


@lru_cache(maxsize=4096)
def _minute(minute: int) -> str:
    """`2026-01-05T09:00:` for the minutes since the epoch."""
    return datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%dT%H:%M:")


@lru_cache(maxsize=256)
def iso_micros(epoch_us: int) -> str:
    """`2026-01-05T09:00:01.000250Z`."""
    minute, rest = divmod(epoch_us, MINUTE_US)
    seconds, micros = divmod(rest, 1_000_000)
    return f"{_minute(minute)}{seconds:02d}.{micros:06d}Z"


def iso_millis(epoch_us: int) -> str:
    """`2026-01-05T09:00:01.000Z`, cut off, not rounded."""
    return iso_micros(epoch_us)[:23] + "Z"


def iso_seconds(epoch_us: int) -> str:
    """`2026-01-05T09:00:01Z`, cut off, not rounded."""
    return iso_micros(epoch_us)[:19] + "Z"


def rfc2822(epoch_us: int) -> str:
    """`Mon, 05 Jan 2026 09:00:01 +0000`, cut off, not rounded."""
    return format_datetime(datetime.fromtimestamp(epoch_us // 1_000_000, UTC))
