"""The scalars of a scenario file: text in, checked values out.

Every scalar arrives as its source text, so a type here says which texts it takes. The values
that models hold are taken too, so that Python code can build the same models.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticSerializationUnexpectedValue, core_schema

from recsim.core.moments import iso_micros
from recsim.core.units import (
    DAY_US,
    DURATION,
    LARGEST_SEED,
    SECOND_US,
    bounded,
    format_duration,
    parse_duration,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,6}))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?"
)
_INTEGER = re.compile(r"0|[1-9][0-9]*")
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_NUMBER = re.compile(
    r"\+[0-9]{2,15}|sip:[A-Za-z0-9_.!~*'()&=+$,;?/%-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*)(?::[0-9]{1,5})?"
)
_CREDENTIALS = re.compile(r"[A-Za-z]+://[^/?#\\]*@")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def written(text: Callable[[Any], str], kind: type) -> PlainSerializer:
    """Writes values of a `kind` as text that reads back to them; of a union, others do the rest."""

    def write(value: object) -> str:
        if type(value) is not kind:
            raise PydanticSerializationUnexpectedValue(f"expected {kind.__name__}")
        return text(value)

    return PlainSerializer(write, return_type=str, when_used="json")


def _duration(value: object) -> int:
    if isinstance(value, str):
        return parse_duration(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return bounded(value, value)
    raise refused("a duration such as 30s or 250ms", value)


Duration = Annotated[
    int,
    PlainValidator(_duration),
    written(format_duration, int),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^{DURATION.pattern}$",
            "examples": ["250ms", "4s", "2.5s", "10m", "2h"],
        }
    ),
]
"""A length of time with its unit (us, ms, s, m, h, d), in µs, at most 30 days."""


_EPOCH = date(1970, 1, 1).toordinal()
_END_US = (date(2101, 1, 1).toordinal() - _EPOCH) * DAY_US


def _moment(value: object) -> int:
    """Microseconds since the Unix epoch, by integers only: floats lose the last digits."""
    if isinstance(value, str):
        at_us = parse_moment(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        at_us = value
    else:
        raise refused("a moment such as 2026-01-05T09:00:00Z", value)
    if not 0 <= at_us < _END_US:
        raise refused("a moment in the years 1970 to 2100", value)
    return at_us


def parse_moment(text: str) -> int:
    """Microseconds since the Unix epoch of an ISO 8601 moment. Raises ValueError."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise refused("a moment such as 2026-01-05T09:00:00Z", text)
    if not match[8] and not match[9]:
        raise refused("a moment with its offset, such as 2026-01-05T09:00:00Z", text)
    hour, minute, second = int(match[4]), int(match[5]), int(match[6])
    away = int(match[10] or 0), int(match[11] or 0)
    try:
        day = date(int(match[1]), int(match[2]), int(match[3])).toordinal() - _EPOCH
    except ValueError:
        raise refused("a moment of the calendar", text) from None
    if hour > 23 or minute > 59 or second > 59 or away[0] > 23 or away[1] > 59:
        raise refused("a moment of the day", text)
    offset_s = (away[0] * 60 + away[1]) * (-60 if match[9] == "-" else 60)
    whole_s = day * 86_400 + hour * 3600 + minute * 60 + second - offset_s
    return whole_s * SECOND_US + int((match[7] or "").ljust(6, "0"))


def format_moment(at_us: int) -> str:
    """The text for a moment, without a fraction that is zero."""
    return re.sub(r"\.?0*Z", "Z", iso_micros(at_us))


Moment = Annotated[
    int,
    PlainValidator(_moment),
    written(format_moment, int),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "examples": ["2026-01-05T09:00:00Z", "2026-01-05T09:00:00.25+01:00"],
        }
    ),
]
"""An ISO 8601 moment with its offset, in the years 1970 to 2100; µs since the Unix epoch."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Makes an annotated `int` take decimal text in a range: `Annotated[int, Whole(1, 2)]`."""

    minimum: int = 0
    """From 0: no text has a sign."""
    maximum: int = 10**9

    def parse(self, value: object) -> int:
        """The number. Raises ValueError."""
        number = -1
        if isinstance(value, str):
            # A text longer than the greatest number is out of range, however it goes on.
            if len(value) <= len(str(self.maximum)) and _INTEGER.fullmatch(value):
                number = int(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            number = value
        if not self.minimum <= number <= self.maximum:
            raise refused(f"a whole number from {self.minimum} to {self.maximum}", value)
        return number

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.parse)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        # An editor reads plain YAML, where 7 is a number.
        return {
            "type": ["integer", "string"],
            "minimum": self.minimum,
            "maximum": self.maximum,
            "pattern": f"^(?:{_INTEGER.pattern})$",
        }


Integer = Annotated[int, Whole()]
"""A whole number from 0 to 10**9."""

Seed = Annotated[int, Whole(maximum=LARGEST_SEED)]
"""What random draws begin with: from 0 to 2**63 - 1."""


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise refused("true or false", value)


Flag = Annotated[
    bool, PlainValidator(_flag), WithJsonSchema({"enum": [True, False, "true", "false"]})
]
"""`true` or `false`, and no other word."""

_HIGHEST = 1e6


def _rate(value: object) -> float:
    number = -1.0
    if isinstance(value, str):
        if _DECIMAL.fullmatch(value):
            number = float(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = value
    if not 0 <= number <= _HIGHEST:  # which NaN is not
        raise refused("a number from 0 to 1000000, such as 2.5", value)
    return float(number)


Rate = Annotated[
    float,
    PlainValidator(_rate),
    WithJsonSchema(
        {
            "type": ["number", "string"],
            "minimum": 0,
            "maximum": _HIGHEST,
            "pattern": rf"^{_DECIMAL.pattern}$",
        }
    ),
]
"""A decimal number from 0 to 10**6, without an exponent."""


_PERCENT = re.compile(rf"({_DECIMAL.pattern})%")


def _share(value: object) -> float:
    share = -1.0
    if isinstance(value, str):
        if match := _PERCENT.fullmatch(value):
            share = float(f"{match[1]}e-2")  # a division would round once more
    elif isinstance(value, int | float) and not isinstance(value, bool):
        share = value
    if not 0 <= share <= 1:  # which NaN is not
        raise refused("a share from 0% to 100%, such as 5%", value)
    return float(share)


def format_share(share: float) -> str:
    """The text for a share, exactly."""
    return f"{(Decimal(repr(share)) * 100).normalize():f}%"


Share = Annotated[
    float,
    PlainValidator(_share),
    written(format_share, float),
    WithJsonSchema(
        {"type": "string", "pattern": rf"^{_PERCENT.pattern}$", "examples": ["5%", "0.1%"]}
    ),
]
"""How many of all, as a percentage; the number is from 0 to 1."""


def _phone_number(value: object) -> str:
    if isinstance(value, str) and len(value) <= 255 and _NUMBER.fullmatch(value):
        return value
    raise refused("a number such as +15550001 or sip:user@host", value)


PhoneNumber = Annotated[
    str,
    PlainValidator(_phone_number),
    WithJsonSchema(
        {
            # An editor reads plain YAML, where +15550001 is a number.
            "type": ["string", "integer"],
            "pattern": rf"^(?:{_NUMBER.pattern})$",
            "examples": ["+15550001", "sip:user@host"],
        }
    ),
]
"""`+` and 2 to 15 digits, or a SIP address; kept as written."""


def _url(value: object, example: str, schemes: tuple[str, ...]) -> str:
    """`value`, if it is an absolute URL of one of `schemes`. Raises ValueError."""
    if not isinstance(value, str):
        raise refused(example, value)
    if _CREDENTIALS.match(value):
        # Not quoted: error texts end up in logs.
        raise ValueError("expected a URL without user and password")
    if any(char.isspace() or not char.isprintable() for char in value) or "\\" in value:
        raise refused("a URL without spaces, control characters and backslashes", value)
    if _BAD_ESCAPE.search(value):
        raise refused("a URL whose % begin escapes such as %20", value)
    try:
        parts = urlsplit(value)
        is_absolute = parts.scheme in schemes and bool(parts.hostname)
        _ = parts.port  # raises where it is no port
    except ValueError:
        raise refused(example, value) from None
    if not is_absolute:
        raise refused(example, value)
    return value


def _http_url(value: object) -> str:
    return _url(value, "a URL such as https://app.test/answer", ("http", "https"))


def _media_url(value: object) -> str:
    return _url(value, "a URL such as https://app.test/a.mp3", ("http", "https", "ws", "wss"))


_URL_SCHEMA: dict[str, Any] = {
    "type": "string",
    "format": "uri",
    "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s@]",
    "examples": ["https://app.test/answer"],
}
_MEDIA_SCHEMA: dict[str, Any] = {
    **_URL_SCHEMA,
    "pattern": r"^([Hh][Tt][Tt][Pp]|[Ww][Ss])[Ss]?://[^\s@]",
    "examples": ["https://app.test/music.mp3", "wss://app.test/stream"],
}

HttpUrl = Annotated[str, PlainValidator(_http_url), WithJsonSchema(_URL_SCHEMA)]
"""An absolute http or https URL without credentials; kept as written."""

MediaUrl = Annotated[str, PlainValidator(_media_url), WithJsonSchema(_MEDIA_SCHEMA)]
"""The same, or that of a stream: ws or wss."""
