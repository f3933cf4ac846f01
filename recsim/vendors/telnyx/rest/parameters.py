"""How parameters of requests are read: a table for each request, a row for each parameter.

A form has text only, a JSON body truth values and numbers as well: both are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from recsim.core.documents import is_callable
from recsim.core.units import DAY_US
from recsim.vendors.telnyx.rest.errors import (
    INVALID,
    MISSING,
    NO_NUMBER,
    OUTSIDE,
    UNLISTED,
    Error,
    refused,
)

Body = Mapping[str, object]
"""Parameters by name; a null in a JSON body is as none."""


class ParameterError(Exception):
    """A value that a parameter can't have: which error that is, and what would be right.

    Never leaves `read`.
    """

    def __init__(self, error: Error, detail: str = "") -> None:
        super().__init__(error, detail)
        self.error, self.detail = error, detail


Value = TypeVar("Value")
Schema = Mapping[str, Any]
"""JSON Schema 2020-12."""


@dataclass(frozen=True, slots=True)
class Reader(Generic[Value]):
    """Makes of what was written what it stands for, and says what may be written."""

    read: Callable[[object], Value]
    """Raises ParameterError."""
    schema: Schema
    """Whatever is taken is valid by it, once text is taken for what it spells: a number, a truth
    value, in a query a blank for a plus sign."""

    def __call__(self, value: object) -> Value:
        """Read a value."""
        return self.read(value)


def takes(**schema: object) -> Callable[[Callable[[object], Value]], Reader[Value]]:
    """A function made a reader of what a schema says."""

    def reader(read: Callable[[object], Value]) -> Reader[Value]:
        return Reader(read, schema)

    return reader


class Parameter(NamedTuple):
    """One row: how a parameter is read, and what holds where it is missing."""

    read: Reader[Any]
    default: Any
    """None: what the handler says."""
    spec: str
    is_required: bool = False


def read(
    body: Body, table: Mapping[str, Parameter], where: Callable[[str], dict[str, str]]
) -> dict[str, Any]:
    """The value of every parameter of a table; others are passed over (assumed).

    `where` makes of a name what an error is about. Raises RestError for the first wrong one.
    """
    values = {}
    for name, row in table.items():
        found = body.get(name)
        if found is None:
            if row.is_required:
                raise refused(MISSING, where(name))
            values[name] = row.default
            continue
        try:
            values[name] = row.read(found)
        except ParameterError as error:
            raise refused(error.error, where(name), error.detail) from None
    return values


NUMBER = re.compile(r"\+[1-9][0-9]{1,14}")
SIP = re.compile(r"[sS][iI][pP][sS]?:[!-~]+")
DISPLAYED = re.compile(r"[A-Za-z0-9 _~!.+-]{0,128}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
OFFSET = r"Z|[+-][0-9]{2}:[0-9]{2}"


@takes(type="string")
def text(value: object) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise ParameterError(INVALID)
    return value


@takes(type="boolean")
def flag(value: object) -> bool:
    """A truth value, or its word."""
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise ParameterError(UNLISTED)
    return value == "true"


def choice(options: Mapping[str, Any]) -> Reader[Any]:
    """What one of the words of `options`, compared as written, stands for."""

    @takes(enum=list(options))
    def chosen(value: object) -> Any:
        if not isinstance(value, str) or value not in options:
            raise ParameterError(UNLISTED)
        return options[value]

    return chosen


def one_of(*words: str) -> Reader[str]:
    """One of `words`, compared as written."""

    @takes(enum=list(words))
    def chosen(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise ParameterError(UNLISTED)
        return value

    return chosen


def some_of(*words: str) -> Reader[tuple[str, ...]]:
    """Any of `words`, between blanks; each once."""
    word = f"({'|'.join(words)})"

    @takes(type="string", pattern=rf"^\s*({word}(\s+{word})*)?\s*$")
    def chosen(value: object) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(text(value).split()))
        if not set(found) <= set(words):
            raise ParameterError(UNLISTED)
        return found

    return chosen


def whole(low: int, high: int, unit: int = 1) -> Reader[int]:
    """A whole number of `unit`s, both ends included; in a form it is text."""

    @takes(type="integer", minimum=low, maximum=high)
    def number(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
            value = int(value)
        if type(value) is not int:
            raise ParameterError(INVALID)
        if not low <= value <= high:
            raise ParameterError(OUTSIDE)
        return value * unit

    return number


@takes(type="string", format="uri")
def url(value: object) -> str:
    """An absolute URL; an empty one is none."""
    found = text(value)
    if found and (not is_callable(found) or any("\ud800" <= char <= "\udfff" for char in found)):
        raise ParameterError(INVALID)
    return found


@takes(type="string", pattern=f"^({NUMBER.pattern}|{SIP.pattern})$")
def party(value: object) -> str:
    """A number in E.164, or a SIP URI."""
    found = text(value)
    if not (NUMBER.fullmatch(found) or SIP.fullmatch(found)):
        raise ParameterError(NO_NUMBER)
    return found


@takes(type="string", pattern=f"^{DISPLAYED.pattern}$")
def display_name(value: object) -> str:
    """What a telephone shows of a caller. Source: CallCallsParams, CallerId."""
    found = text(value)
    if not DISPLAYED.fullmatch(found):
        raise ParameterError(INVALID)
    return found


@takes(type="string")
def number(value: object) -> str:
    """A number to look for, without its plus sign, which a query may turn into a blank (Q 65)."""
    return text(value).lstrip("+ ")


@takes(type="string", format="uuid")
def uuid(value: object) -> str:
    """A UUID, in small letters."""
    found = text(value)
    if not UUID.fullmatch(found):
        raise ParameterError(INVALID)
    return found.lower()


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER_US = 10**18


class Span(NamedTuple):
    """Moments that are asked for, in µs since the Unix epoch."""

    from_us: int
    until_us: int
    """The first that is not."""

    def holds(self, epoch_us: int) -> bool:
        """Whether a moment is one of them."""
        return self.from_us <= epoch_us < self.until_us


Dates = Reader[Span]


@takes(type="string", format="date")
def day(value: object) -> Span:
    """A date, as `2026-01-05`. Assumed: of UTC."""
    return span(text(value), DAY_US, DAY)


def moment(unit_us: int) -> Dates:
    """A date, or a date-time in ISO 8601, which stands for the `unit_us` that are written alike.

    Assumed: without an offset it is UTC; a plus sign may have become a blank, as in numbers.
    """

    @takes(type="string", pattern=f"^{DAY}({CLOCK}({OFFSET})?)?$")
    def at(value: object) -> Span:
        found = text(value)
        if len(found) == 10:
            return day(found)
        return span(found.replace(" ", "+"), unit_us, rf"{DAY}{CLOCK}({OFFSET})?")

    return at


def span(written: str, unit_us: int, pattern: str) -> Span:
    """The `unit_us` that what is written falls into."""
    try:
        found = datetime.fromisoformat(written) if re.fullmatch(pattern, written) else None
    except ValueError:
        found = None
    if found is None:
        raise ParameterError(INVALID)
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    from_us = (aware - EPOCH) // timedelta(microseconds=1) // unit_us * unit_us
    return Span(from_us, from_us + unit_us)


def since(dates: Dates) -> Dates:
    """From a date on, itself included."""
    return Reader(lambda value: dates(value)._replace(until_us=FOREVER_US), dates.schema)


def until(dates: Dates) -> Dates:
    """Up to a date, itself included."""
    return Reader(lambda value: dates(value)._replace(from_us=-FOREVER_US), dates.schema)


def compared(dates: Dates) -> Dates:
    """A date, or an inequality: a date after `>=`, `>`, `<=` or `<`."""
    written = dates.schema["pattern"].removeprefix("^")

    @takes(type="string", pattern=f"^([<>]=?)?{written}")
    def asked(value: object) -> Span:
        found = text(value)
        for sign in (">=", "<=", ">", "<"):
            if found.startswith(sign):
                one = dates(found.removeprefix(sign))
                if sign[0] == ">":
                    return Span(one.from_us if sign == ">=" else one.until_us, FOREVER_US)
                return Span(-FOREVER_US, one.until_us if sign == "<=" else one.from_us)
        return dates(found)

    return asked


#: What may follow the name of a date that is filtered by. The client spells inequalities with `<`
#: and `>`, the description with `_lt` and `_gt`.
SIGNS = ("", ">", "_gt", "<", "_lt")


def in_time(filters: Mapping[str, Any], moments: Mapping[str, int]) -> bool:
    """Whether moments, in µs since the Unix epoch by the name of their date, are asked for."""
    asked = [(filters[name + sign], at_us) for name, at_us in moments.items() for sign in SIGNS]
    return all(not dates or dates.holds(at_us) for dates, at_us in asked)


METHOD = one_of("GET", "POST")
TRACK = one_of("inbound", "outbound", "both")
EVENTS = some_of("in-progress", "completed", "absent")
