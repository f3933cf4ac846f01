"""Pages of lists: newest first; those of TeXML by number or by token, those of v2 by number.

A token stands for the last row that was seen: whoever follows the links gets each row once, though
rows come and go meanwhile. A number alone stands for a place, and what is new shifts all places.
Source: GetTexmlCalls, GetTeXMLCallRecordings; Q 54 for what they leave open.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from recsim.vendors.telnyx.rest.errors import INVALID, parameter
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.parameters import (
    Parameter,
    ParameterError,
    read,
    takes,
    text,
    whole,
)

PAGE_SIZE = 20
LARGEST_PAGE = 250
LAST_PAGE = 10**9


class Keyed(Protocol):
    """A row of a list: the newer, the higher its key."""

    key: int


Row = TypeVar("Row", bound=Keyed)
Listed = TypeVar("Listed")


@takes(type="string")
def place(value: object) -> int:
    """The place in the list that a PageToken stands for: the key of the last row that was seen."""
    try:
        return int(urlsafe_b64decode(f"{text(value)}=="))
    except ValueError:
        raise ParameterError(INVALID) from None


def token(row: Keyed) -> str:
    """What stands for a place in the list."""
    return urlsafe_b64encode(str(row.key).encode()).decode().rstrip("=")


# fmt: off
PAGES = {
    #                      read                     default    spec
    "Page":      Parameter(whole(0, LAST_PAGE),     0,         "GetTexmlCalls: from 0; assumed: the bound"),
    "PageSize":  Parameter(whole(1, LARGEST_PAGE),  PAGE_SIZE, "Q 54"),
    "PageToken": Parameter(place,                   None,      "GetTexmlCalls; Q 54"),
}

V2_PAGES = {
    #                         read                    default    spec
    "page[number]": Parameter(whole(1, LAST_PAGE),    1,         "list recordings; Q 53: from 1; assumed: the bound"),
    "page[size]":   Parameter(whole(1, LARGEST_PAGE), PAGE_SIZE, "list recordings; Q 53: 1 to 250"),
}
# fmt: on


def v2_paged(exchange: Exchange, rows: Sequence[Listed]) -> tuple[Sequence[Listed], dict[str, int]]:
    """The rows of the page of a v2 list that is asked for, and its `meta`."""
    asked = read(exchange.query(), V2_PAGES, parameter)
    number, size = asked["page[number]"], asked["page[size]"]
    meta = {
        "total_pages": -(-len(rows) // size),
        "total_results": len(rows),
        "page_number": number,
        "page_size": size,
    }
    return rows[(number - 1) * size : number * size], meta


def paged(
    exchange: Exchange, path: str, rows: Sequence[Row], filters: Iterable[str] = ()
) -> tuple[Sequence[Row], dict[str, Any]]:
    """The rows of the page that is asked for, and what every list says of its page.

    `rows` are all, newest first; `path` goes on from the account; links keep the `filters` that the
    query names. Assumed: a page without a neighbour leaves that link out; `start` and `end` count
    from the number of the page, whatever its token says.
    """
    query = exchange.query()
    asked = read(query, PAGES, parameter)
    page, size, after = asked["Page"], asked["PageSize"], asked["PageToken"]
    kept = {name: str(query[name]) for name in filters if name in query}
    seen = page * size if after is None else sum(row.key >= after for row in rows)
    shown = rows[seen : seen + size]

    def uri(at: int, token: str = "") -> str:
        found = {"Page": at, "PageSize": size, **kept} | ({"PageToken": token} if token else {})
        account = f"/v2/texml/Accounts/{exchange.words.account_sid}"
        return f"{account}{path}?{urlencode(found, errors='replace')}"

    start = page * size
    members: dict[str, Any] = {
        "end": start + max(0, len(shown) - 1),
        "first_page_uri": uri(0),
        "page": page,
        "page_size": size,
        "start": start,
        "uri": uri(page, "" if after is None else str(query["PageToken"])),
    }
    if page and seen:
        before = seen - size
        is_after_some = 0 < before <= len(rows)
        members["previous_page_uri"] = uri(
            page - 1, token(rows[before - 1]) if is_after_some else ""
        )
    if len(rows) > seen + size:
        members["next_page_uri"] = uri(page + 1, token(shown[-1]))
    return shown, members
