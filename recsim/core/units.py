"""Lengths of time as text with a unit: `250ms`, `4s`, `2h`; and how large a seed may be."""

from __future__ import annotations

import re
from typing import Final

SECOND_US: Final = 1_000_000
DAY_US: Final = 86_400 * SECOND_US
LONGEST_US: Final = 30 * DAY_US
"""The longest duration that a file may give."""

LARGEST_SEED: Final = 2**63 - 1
"""What random draws begin with is a whole number from 0 to this."""

#: Microseconds by unit, the largest first.
UNITS_US: Final = {
    "d": DAY_US,
    "h": 3600 * SECOND_US,
    "m": 60 * SECOND_US,
    "s": SECOND_US,
    "ms": 1000,
    "us": 1,
}

_SHOWN = 60
_DIGITS = 20
DURATION: Final = re.compile(r"([0-9]+)(?:\.([0-9]+))?(us|ms|s|m|h|d)")


def found(value: object) -> str:
    """What stands there, for the end of an error text: text by its repr, cut when long."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value[: _SHOWN + 1] if isinstance(value, str) else value)
    return text if len(text) <= _SHOWN + 2 else text[: _SHOWN - 2] + "..." + text[0]


def refused(expected: str, value: object) -> ValueError:
    """What to raise for a value that is not what was expected."""
    return ValueError(f"expected {expected}, got {found(value)}")


def parse_duration(text: str) -> int:
    """Microseconds of a duration such as `30s` or `2.5h`. Raises ValueError."""
    match = DURATION.fullmatch(text)
    if match is None:
        raise refused("a duration such as 30s or 250ms", text)
    whole, fraction = match[1].lstrip("0"), (match[2] or "").rstrip("0")
    # Cut before converting: Python refuses thousands of digits in words of its own.
    if len(whole) > _DIGITS:
        raise refused("a duration of at most 30 days", text)
    if len(fraction) > _DIGITS:
        raise refused("a duration of whole microseconds", text)
    length, rest = divmod(int(whole + fraction or "0") * UNITS_US[match[3]], 10 ** len(fraction))
    if rest:
        raise refused("a duration of whole microseconds", text)
    return bounded(length, text)


def bounded(length_us: int, value: object) -> int:
    """The length, if a file may give it. Raises ValueError."""
    if not 0 <= length_us <= LONGEST_US:
        raise refused("a duration of at most 30 days", value)
    return length_us


def format_duration(length_us: int) -> str:
    """The shortest text for a length from 0 µs; of equals, the one in the larger unit.

    Nothing is written as a fraction of one unit: `500ms`, not `0.5s`. Lengths over 30 days are
    written as well, though a file may not give them.
    """
    assert length_us >= 0, length_us
    if not length_us:
        return "0s"
    texts = [
        f"{number}{unit}"
        for unit, unit_us in UNITS_US.items()
        if length_us >= unit_us and (number := _decimal(length_us, unit_us))
    ]
    return min(texts, key=len)


def _decimal(length_us: int, unit_us: int) -> str:
    """`length_us` in units, exactly; empty where no decimal fraction is exact."""
    whole, rest = divmod(length_us, unit_us)
    digits = ""
    while rest and len(digits) < _DIGITS:
        digit, rest = divmod(rest * 10, unit_us)
        digits += str(digit)
    if rest:
        return ""
    return f"{whole}.{digits}" if digits else str(whole)
