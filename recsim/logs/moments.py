"""Moments of a log as microseconds since the Unix epoch, however they are written."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

SECOND_US = 1_000_000
#: Up to which number a moment counts seconds, milliseconds and microseconds; larger: nanoseconds.
UNITS = ((10**11, SECOND_US), (10**14, 1000), (10**17, 1))
LARGEST = 10**20
MOST_DIGITS = 18


@lru_cache(maxsize=4096)
def _minute_us(text: str) -> int:
    """Of `2026-01-05T09:00:`. Raises ValueError."""
    return round(datetime.fromisoformat(text + "00+00:00").timestamp()) * SECOND_US


def moment_us(value: object) -> int | None:
    """A moment as text (ISO 8601, RFC 2822 or a number) or as a number; None: it is none."""
    if value.__class__ is str:
        try:
            return _text_us(value)
        except (ValueError, OverflowError, TypeError, IndexError):
            return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < LARGEST:
        for most, unit in UNITS:
            if value < most:
                return int(value * unit)
        return int(value / 1000)
    return None


def _text_us(text: str) -> int | None:
    if text[-1:] == "Z" and text[10:11] == "T" and text[16:17] == ":":
        minute_us, seconds, fraction = _minute_us(text[:17]), text[17:19], text[20:-1]
        whole_us = minute_us + int(seconds) * SECOND_US
        return whole_us + int(fraction[:6].ljust(6, "0")) if fraction else whole_us
    if text.replace(".", "", 1).isdecimal():
        return moment_us(float(text) if "." in text else int(text[:21]))
    is_iso = text[:4].isdecimal()
    date = datetime.fromisoformat(text) if is_iso else parsedate_to_datetime(text)
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return round(date.timestamp() * SECOND_US)


def whole(text: str) -> int:
    """A whole number in digits; of one too long to be meant, some number that is too large."""
    return int(text) if len(text) <= MOST_DIGITS else 10**MOST_DIGITS
