"""Which request goes where, and who may ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from recsim.core.commands import Answer, Request
from recsim.core.entities import Application
from recsim.core.vendor import Encoded
from recsim.vendors.telnyx import storage
from recsim.vendors.telnyx.account import Account
from recsim.vendors.telnyx.defaults import SourceDefault
from recsim.vendors.telnyx.rest import call_list, calls, commands, deliveries, recordings
from recsim.vendors.telnyx.rest.errors import RestError, texml_not_found
from recsim.vendors.telnyx.rest.exchange import Exchange

if TYPE_CHECKING:
    from recsim.core.platform import Platform
    from recsim.vendors.telnyx.words import Words


@dataclass(frozen=True, slots=True)
class Rest:
    """The API of one run."""

    words: Words
    defaults: Mapping[str, SourceDefault]
    absent_word: str
    """Status of an absent recording in the TeXML body."""
    account: Account
    application: Application
    """On file for calls that are asked for here."""
    command_window_us: int
    """How long a repeated command_id is ignored; 0: for ever."""
    encode: Callable[..., Encoded]
    """What a message looks like on the wire: see `core.vendor.Vendor`."""

    def answer(self, platform: Platform, request: Request) -> Answer:
        """Answer a request, issuing what it asks for. A refused one changes nothing."""
        if storage.is_storage(request):
            return storage.answer(self.words, platform, request)
        exchange = Exchange(self, platform, request)
        for route in ROUTES:
            if route.method == request.method and (match := route.path.fullmatch(request.path)):
                names = {name: unquote(value) for name, value in match.groupdict().items()}
                try:
                    exchange.authorized(route)
                    return route.handler(exchange, names)
                except RestError as error:
                    return error.answer
        return texml_not_found().answer


Handler = Callable[[Exchange, Mapping[str, str]], Answer]


class Route(NamedTuple):
    """One row: which requests a function answers."""

    method: str
    path: re.Pattern[str]
    handler: Handler
    unauthorized: tuple[str, str]
    """Code and title of the error for a request without a key."""


def route(method: str, path: str, handler: Handler) -> Route:
    """A row, from a path with names in braces."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
    is_recording = path.startswith("/v2/recordings")
    unauthorized = ("401", "Unauthorized") if is_recording else ("10009", "Authentication failed")
    return Route(method, re.compile(pattern), handler, unauthorized)


# fmt: off
#: Calls can be had with `.json` too: that is how their `uri` and the links of their lists are.
ROUTES = (
    route("POST",   "/v2/texml/Accounts/{account}/Calls",                                    calls.initiate),
    route("GET",    "/v2/texml/Accounts/{account}/Calls",                                    call_list.list_calls),
    route("GET",    "/v2/texml/Accounts/{account}/Calls.json",                               call_list.list_calls),
    route("GET",    "/v2/texml/Accounts/{account}/Calls/{call}.json",                        calls.fetch_call),
    route("GET",    "/v2/texml/Accounts/{account}/Calls/{call}",                             calls.fetch_call),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}.json",                        calls.update_call),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}",                             calls.update_call),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}/Recordings.json",             recordings.start_recording),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}/Recordings/{recording}.json", recordings.update_recording),
    route("GET",    "/v2/texml/Accounts/{account}/Recordings/{recording}.json",              recordings.fetch_recording),
    route("DELETE", "/v2/texml/Accounts/{account}/Recordings/{recording}.json",              recordings.delete_recording),
    route("GET",    "/v2/recordings/{recording}",                                            recordings.fetch_v2_recording),
    route("POST",   "/v2/calls/{call}/actions/record_stop",                                  commands.stop),
    route("POST",   "/v2/calls/{call}/actions/record_pause",                                 commands.pause),
    route("POST",   "/v2/calls/{call}/actions/record_resume",                                commands.resume),
    route("GET",    "/v2/webhook_deliveries",                                                deliveries.list_deliveries),
    route("GET",    "/v2/webhook_deliveries/{delivery}",                                     deliveries.fetch_delivery),
)
# fmt: on
