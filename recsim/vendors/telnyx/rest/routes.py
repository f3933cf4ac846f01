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
from recsim.vendors.telnyx.rest import (
    call_commands,
    call_list,
    calls,
    conference_commands,
    conferences,
    deliveries,
    dialing,
    participants,
    recording_lists,
    recordings,
    v2_recordings,
)
from recsim.vendors.telnyx.rest.errors import (
    NO_KEY,
    NO_PATH,
    UNAUTHORIZED,
    Error,
    RestError,
    refused,
    texml_not_found,
)
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
    audio_after_us: int
    """From the answer of a call until there is something to be recorded."""
    command_window_us: int
    """How long a repeated command_id is ignored; 0: for ever."""
    readings: Mapping[str, str]
    """Those that one request alone is about are looked up where it is answered."""
    encode: Callable[..., Encoded]
    """What a message looks like on the wire: see `core.vendor.Vendor`."""
    is_lenient: bool = False
    """What a recording can't do is passed over, and answered as if it could (Q 32)."""
    most_recordings: int = 0
    """So many of a call may go on where a request starts another; 0: any number."""

    @property
    def keeps_tombstones(self) -> bool:
        """Whether a deleted recording stays in the list of its conference."""
        return self.readings["keep_tombstones"] == "true"

    def answer(self, platform: Platform, request: Request) -> Answer:
        """Answer a request, issuing what it asks for. A refused one changes nothing.

        Assumed: a path that is known by other methods only is not found, and neither is one that
        nobody knows, whatever the key.
        """
        if storage.is_storage(self.words, request):
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
        is_texml = request.path.startswith("/v2/texml/")
        return (texml_not_found() if is_texml else refused(NO_PATH)).answer


Handler = Callable[[Exchange, Mapping[str, str]], Answer]


class Route(NamedTuple):
    """One row: which requests a function answers."""

    method: str
    template: str
    """The path, with names in braces."""
    path: re.Pattern[str]
    handler: Handler
    spec: str
    unauthorized: Error
    """What a request without a key is answered."""
    is_recordings: bool
    """It is of the recordings API, for which some keys are not good."""


def route(method: str, path: str, handler: Handler, spec: str) -> Route:
    """A row, from a path with names in braces."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
    is_recordings = path.startswith("/v2/recordings")
    unauthorized = UNAUTHORIZED if is_recordings else NO_KEY
    return Route(method, path, re.compile(pattern), handler, spec, unauthorized, is_recordings)


# fmt: off
#: Calls can be had with `.json` too: that is how their `uri` and the links of their lists are.
ROUTES = (
    route("POST",   "/v2/texml/Accounts/{account}/Calls",                                    calls.initiate,                     "InitiateTexmlCall"),
    route("GET",    "/v2/texml/Accounts/{account}/Calls",                                    call_list.list_calls,               "GetTexmlCalls"),
    route("GET",    "/v2/texml/Accounts/{account}/Calls.json",                               call_list.list_calls,               "GetTexmlCalls"),
    route("GET",    "/v2/texml/Accounts/{account}/Calls/{call}.json",                        calls.fetch_call,                   "GetTexmlCall"),
    route("GET",    "/v2/texml/Accounts/{account}/Calls/{call}",                             calls.fetch_call,                   "GetTexmlCall"),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}.json",                        calls.update_call,                  "UpdateTexmlCall"),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}",                             calls.update_call,                  "UpdateTexmlCall"),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}/Recordings.json",             recordings.start_recording,         "StartTeXMLCallRecording"),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}/Recordings/{recording}.json", recordings.update_recording,        "UpdateTeXMLCallRecording"),
    route("GET",    "/v2/texml/Accounts/{account}/Recordings/{recording}.json",              recordings.fetch_recording,         "GetTeXMLCallRecording"),
    route("DELETE", "/v2/texml/Accounts/{account}/Recordings/{recording}.json",              recordings.delete_recording,        "DeleteTeXMLCallRecording"),
    route("GET",    "/v2/texml/Accounts/{account}/Recordings.json",                          recording_lists.of_account,         "GetTeXMLCallRecordings"),
    route("GET",    "/v2/texml/Accounts/{account}/Calls/{call}/Recordings.json",             recording_lists.of_call,            "FetchTeXMLCallRecordings"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences/{conference}/Recordings.json", recording_lists.of_conference,      "FetchTeXMLConferenceRecordings"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences/{conference}/Recordings",      recording_lists.items_of_conference, "GetTexmlConferenceRecordings"),
    route("GET",    "/v2/recordings",                                                        v2_recordings.list_recordings,      "seed 003"),
    route("POST",   "/v2/recordings/actions/delete",                                         v2_recordings.delete_recordings,    "docs delete-a-list-of-call-recordings"),
    route("GET",    "/v2/recordings/{recording}",                                            v2_recordings.fetch_recording,      "docs retrieve-a-call-recording"),
    route("DELETE", "/v2/recordings/{recording}",                                            v2_recordings.delete_recording,     "docs delete-a-call-recording"),
    route("POST",   "/v2/calls/{call}/actions/record_start",                                 call_commands.start,                "calls.actions.start_recording"),
    route("POST",   "/v2/calls/{call}/actions/record_stop",                                  call_commands.stop,                 "calls.actions.stop_recording"),
    route("POST",   "/v2/calls/{call}/actions/record_pause",                                 call_commands.pause,                "calls.actions.pause_recording"),
    route("POST",   "/v2/calls/{call}/actions/record_resume",                                call_commands.resume,               "calls.actions.resume_recording"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences",                              conferences.list_conferences,       "ConferenceRetrieveConferencesParams"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences/{conference}",                 conferences.fetch_conference,       "ConferenceResource"),
    route("POST",   "/v2/texml/Accounts/{account}/Conferences/{conference}",                 conferences.update_conference,      "ConferenceUpdateParams"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants",    participants.list_participants,     "ParticipantRetrieveParticipantsResponse"),
    route("POST",   "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants",    dialing.dial_participant,           "ParticipantParticipantsParams"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants/{participant}", participants.fetch_participant,     "ParticipantResource"),
    route("POST",   "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants/{participant}", participants.update_participant,    "ParticipantUpdateParams"),
    route("DELETE", "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants/{participant}", participants.remove_participant,    "docs conference-participants"),
    route("POST",   "/v2/conferences/{conference}/actions/record_start",                     conference_commands.start,          "seed 004"),
    route("POST",   "/v2/conferences/{conference}/actions/record_stop",                      conference_commands.stop,           "conferences.actions.record_stop"),
    route("POST",   "/v2/conferences/{conference}/actions/record_pause",                     conference_commands.pause,          "conferences.actions.record_pause"),
    route("POST",   "/v2/conferences/{conference}/actions/record_resume",                    conference_commands.resume,         "conferences.actions.record_resume"),
    route("GET",    "/v2/webhook_deliveries",                                                deliveries.list_deliveries,         "WebhookDeliveryListParams"),
    route("GET",    "/v2/webhook_deliveries/{delivery}",                                     deliveries.fetch_delivery,          "WebhookDelivery"),
)
# fmt: on
