"""How parameters of requests are read: a table for each request, a row for each parameter.

A form has text only, a JSON body truth values and numbers as well: both are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from recsim.core.documents import is_callable
from recsim.vendors.telnyx.rest.errors import v2_error

Body = Mapping[str, object]
"""Parameters by name; a null in a JSON body is as none."""


class ParameterError(Exception):
    """A value that a parameter can't have: code and title of the error, and what would be right.

    Never leaves this module.
    """

    def __init__(self, code: str, title: str, detail: str = "") -> None:
        super().__init__(code, title, detail)
        self.code, self.title, self.detail = code, title, detail


class Parameter(NamedTuple):
    """One row: how a parameter is read, and what holds where it is missing."""

    read: Callable[[object], Any]
    """Raises ParameterError."""
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
                raise v2_error(422, "10004", "Missing required parameter", where(name))
            values[name] = row.default
            continue
        try:
            values[name] = row.read(found)
        except ParameterError as error:
            raise v2_error(422, error.code, error.title, where(name), error.detail) from None
    return values


INVALID = ("10015", "Invalid value")
"""Code 10015 is of an invalid connection_id; assumed: of any other value too."""
UNLISTED = ("10032", "Invalid enumerated value")
OUTSIDE = ("10033", "Value outside of range")
NO_NUMBER = ("10016", "Phone number must be in +E164 format")

NUMBER = re.compile(r"\+[1-9][0-9]{1,14}")
SIP = re.compile(r"sips?:[!-~]+", re.IGNORECASE)
DISPLAYED = re.compile(r"[A-Za-z0-9 _~!.+-]{0,128}")
DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def text(value: object) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise ParameterError(*INVALID)
    return value


def flag(value: object) -> bool:
    """A truth value, or its word."""
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise ParameterError(*UNLISTED)
    return value == "true"


def choice(options: Mapping[str, Any]) -> Callable[[object], Any]:
    """What one of the words of `options`, compared as written, stands for."""

    def chosen(value: object) -> Any:
        if not isinstance(value, str) or value not in options:
            raise ParameterError(*UNLISTED)
        return options[value]

    return chosen


def one_of(*words: str) -> Callable[[object], str]:
    """One of `words`, compared as written."""

    def chosen(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise ParameterError(*UNLISTED)
        return value

    return chosen


def some_of(*words: str) -> Callable[[object], tuple[str, ...]]:
    """Any of `words`, between blanks; each once."""

    def chosen(value: object) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(text(value).split()))
        if not set(found) <= set(words):
            raise ParameterError(*UNLISTED)
        return found

    return chosen


def whole(low: int, high: int, unit: int = 1) -> Callable[[object], int]:
    """A whole number of `unit`s, both ends included; in a form it is text."""

    def number(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
            value = int(value)
        if type(value) is not int:
            raise ParameterError(*INVALID)
        if not low <= value <= high:
            raise ParameterError(*OUTSIDE)
        return value * unit

    return number


def url(value: object) -> str:
    """An absolute URL; an empty one is none."""
    found = text(value)
    if found and (not is_callable(found) or any("\ud800" <= char <= "\udfff" for char in found)):
        raise ParameterError(*INVALID)
    return found


def party(value: object) -> str:
    """A number in E.164, or a SIP URI."""
    found = text(value)
    if not (NUMBER.fullmatch(found) or SIP.fullmatch(found)):
        raise ParameterError(*NO_NUMBER)
    return found


def display_name(value: object) -> str:
    """What a telephone shows of a caller. Source: CallCallsParams, CallerId."""
    found = text(value)
    if not DISPLAYED.fullmatch(found):
        raise ParameterError(*INVALID)
    return found


def day(value: object) -> str:
    """A date, as `2026-01-05`."""
    found = text(value)
    if not DAY.fullmatch(found):
        raise ParameterError(*INVALID)
    return found


METHOD = one_of("GET", "POST")
TRACK = one_of("inbound", "outbound", "both")
EVENTS = some_of("in-progress", "completed", "absent")
