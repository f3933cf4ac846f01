"""How TeXML pages a list: pages from zero, and tokens that stand for the last row that was seen.

Source: GetTexmlCalls, GetTeXMLCallRecordings; Q 54 for what they leave open. A page that is asked
for by token goes on after that row, whatever was added or deleted meanwhile; one by number doesn't.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from recsim.core.entities import NEVER
from recsim.vendors.telnyx.rest.parameters import (
    INVALID,
    Body,
    Parameter,
    ParameterError,
    text,
    whole,
)
from recsim.vendors.telnyx.words import Words

PAGE_SIZE = 20
LAST_PAGE = 10**9


class Keyed(Protocol):
    """What is listed: a later one has a greater key."""

    @property
    def key(self) -> int:
        """Once in a platform."""


Listed = TypeVar("Listed", bound=Keyed)


def place(value: object) -> int:
    """The place in the list that a PageToken stands for: the last row that was seen."""
    try:
        return int(urlsafe_b64decode(f"{text(value)}=="))
    except ValueError:
        raise ParameterError(*INVALID) from None


def token(row: Keyed) -> str:
    """What stands for a place in the list."""
    return urlsafe_b64encode(str(row.key).encode()).decode().rstrip("=")


# fmt: off
PAGES = {
    #                      read                 default    spec
    "Page":      Parameter(whole(0, LAST_PAGE), 0,         "GetTexmlCalls: from 0; assumed: the bound"),
    "PageSize":  Parameter(whole(1, 250),       PAGE_SIZE, "Q 54"),
    "PageToken": Parameter(place,               None,      "GetTexmlCalls; Q 54"),
}
# fmt: on


def parameter(name: str) -> dict[str, str]:
    """What an error about a query is about."""
    return {"parameter": name}


def page_of(
    found: Sequence[Listed],
    query: Body,
    asked: Mapping[str, Any],
    filters: Mapping[str, Any],
    path: str,
) -> tuple[list[Listed], dict[str, Any]]:
    """A page of `found`, newest first, and what is said around its rows."""
    rows = sorted(found, key=lambda row: -row.key)
    page, size, after = asked["Page"], asked["PageSize"], asked["PageToken"]
    seen = page * size if after is None else sum(row.key >= after for row in rows)
    shown = rows[seen : seen + size]

    def uri(at: int, **more: str) -> str:
        kept = {name: str(value) for name, value in filters.items() if value is not None}
        return f"{path}?{urlencode({'Page': at, 'PageSize': size, **kept, **more})}"

    here = {"PageToken": str(query["PageToken"])} if after is not None else {}
    start = page * size
    around: dict[str, Any] = {
        "end": start + max(0, len(shown) - 1),
        "first_page_uri": uri(0),
        "page": page,
        "page_size": size,
        "start": start,
        "uri": uri(page, **here),
    }
    if len(rows) > seen + size:
        around["next_page_uri"] = uri(page + 1, PageToken=token(shown[-1]))
    return shown, around


def within(words: Words, name: str, at_us: int, filters: Mapping[str, Any]) -> bool:
    """Whether a moment is within the days asked for, if any are.

    Assumed: days are of UTC, and inequalities include their day.
    """
    days = {sign: filters[name + sign] for sign in ("", ">", "_gt", "<", "_lt")}
    if not any(days.values()):
        return True
    if at_us == NEVER:
        return False
    on = words.call_date(at_us)[:10]
    return (
        days[""] in (None, on)
        and all(on >= days[sign] for sign in (">", "_gt") if days[sign])
        and all(on <= days[sign] for sign in ("<", "_lt") if days[sign])
    )
