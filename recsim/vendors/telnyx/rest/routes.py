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
    commands,
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
from recsim.vendors.telnyx.rest.paging import PAGES, V2_PAGES
from recsim.vendors.telnyx.rest.parameters import Parameter

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
        for route in BY_SHAPE.get((request.method, request.path.count("/")), ()):
            if match := route.path.fullmatch(request.path):
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
    takes: Mapping[str, Parameter]
    """In the query of a GET, else in the body."""
    gives: str
    """The model of what it answers with 200, in the vendor's package; empty: 204, with no body.

    Named only: whoever answers requests needs no models.
    """
    spec: str
    unauthorized: Error
    """What a request without a key is answered."""
    is_recordings: bool
    """It is of the recordings API, for which some keys are not good."""


def route(
    method: str, path: str, handler: Handler, takes: Mapping[str, Parameter], gives: str, spec: str
) -> Route:
    """A row, from a path with names in braces."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
    is_recordings = path.startswith("/v2/recordings")
    unauthorized = UNAUTHORIZED if is_recordings else NO_KEY
    where = re.compile(pattern)
    return Route(method, path, where, handler, takes, gives, spec, unauthorized, is_recordings)


NOTHING: Mapping[str, Parameter] = {}


# fmt: off
#: Calls can be had with `.json` too: that is how their `uri` and the links of their lists are.
ROUTES = (
    #     method    path                                                                                     handler                              takes                               gives                                         spec
    route("POST",   "/v2/texml/Accounts/{account}/Calls",                                                    calls.initiate,                      calls.INITIATE,                     "call_resources.TexmlCallInitiated",          "InitiateTexmlCall"),
    route("GET",    "/v2/texml/Accounts/{account}/Calls",                                                    call_list.list_calls,                call_list.FILTERS | PAGES,          "call_resources.TexmlCallList",               "GetTexmlCalls"),
    route("GET",    "/v2/texml/Accounts/{account}/Calls.json",                                               call_list.list_calls,                call_list.FILTERS | PAGES,          "call_resources.TexmlCallList",               "GetTexmlCalls"),
    route("GET",    "/v2/texml/Accounts/{account}/Calls/{call}.json",                                        calls.fetch_call,                    NOTHING,                            "call_resources.TexmlCall",                   "GetTexmlCall"),
    route("GET",    "/v2/texml/Accounts/{account}/Calls/{call}",                                             calls.fetch_call,                    NOTHING,                            "call_resources.TexmlCall",                   "GetTexmlCall"),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}.json",                                        calls.update_call,                   calls.UPDATE,                       "call_resources.TexmlCall",                   "UpdateTexmlCall"),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}",                                             calls.update_call,                   calls.UPDATE,                       "call_resources.TexmlCall",                   "UpdateTexmlCall"),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}/Recordings.json",                             recordings.start_recording,          recordings.START,                   "resources.TexmlCreateRecording",             "StartTeXMLCallRecording"),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}/Recordings/{recording}.json",                 recordings.update_recording,         recordings.UPDATE,                  "resources.TexmlCreateRecording",             "UpdateTeXMLCallRecording"),
    route("GET",    "/v2/texml/Accounts/{account}/Recordings/{recording}.json",                              recordings.fetch_recording,          NOTHING,                            "resources.TexmlRecording",                   "GetTeXMLCallRecording"),
    route("DELETE", "/v2/texml/Accounts/{account}/Recordings/{recording}.json",                              recordings.delete_recording,         NOTHING,                            "",                                           "DeleteTeXMLCallRecording"),
    route("GET",    "/v2/texml/Accounts/{account}/Recordings.json",                                          recording_lists.of_account,          recording_lists.FILTERS | PAGES,    "list_resources.TexmlRecordingList",          "GetTeXMLCallRecordings"),
    route("GET",    "/v2/texml/Accounts/{account}/Calls/{call}/Recordings.json",                             recording_lists.of_call,             PAGES,                              "list_resources.TexmlRecordingList",          "FetchTeXMLCallRecordings"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences/{conference}/Recordings.json",                 recording_lists.of_conference,       PAGES,                              "list_resources.TexmlRecordingList",          "FetchTeXMLConferenceRecordings"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences/{conference}/Recordings",                      recording_lists.items_of_conference, PAGES,                              "list_resources.ConferenceRecordingList",     "GetTexmlConferenceRecordings"),
    route("GET",    "/v2/recordings",                                                                        v2_recordings.list_recordings,       v2_recordings.ASKED | V2_PAGES,     "list_resources.V2RecordingList",             "seed 003: recordings.list"),
    route("POST",   "/v2/recordings/actions/delete",                                                         v2_recordings.delete_recordings,     v2_recordings.BULK,                 "resources.BulkDeleted",                      "docs delete-a-list-of-call-recordings"),
    route("GET",    "/v2/recordings/{recording}",                                                            v2_recordings.fetch_recording,       NOTHING,                            "resources.V2RecordingResponse",              "docs retrieve-a-call-recording"),
    route("DELETE", "/v2/recordings/{recording}",                                                            v2_recordings.delete_recording,      NOTHING,                            "resources.V2RecordingResponse",              "docs delete-a-call-recording"),
    route("POST",   "/v2/calls/{call}/actions/record_start",                                                 call_commands.start,                 call_commands.START,                "wrappers.CommandResponse",                   "calls.actions.start_recording"),
    route("POST",   "/v2/calls/{call}/actions/record_stop",                                                  call_commands.stop,                  commands.CONTROL,                   "wrappers.CommandResponse",                   "calls.actions.stop_recording"),
    route("POST",   "/v2/calls/{call}/actions/record_pause",                                                 call_commands.pause,                 commands.CONTROL,                   "wrappers.CommandResponse",                   "calls.actions.pause_recording"),
    route("POST",   "/v2/calls/{call}/actions/record_resume",                                                call_commands.resume,                commands.CONTROL,                   "wrappers.CommandResponse",                   "calls.actions.resume_recording"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences",                                              conferences.list_conferences,        conferences.FILTERS | PAGES,        "conference_resources.TexmlConferenceList",   "ConferenceRetrieveConferencesParams"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences/{conference}",                                 conferences.fetch_conference,        NOTHING,                            "conference_resources.TexmlConference",       "ConferenceResource"),
    route("POST",   "/v2/texml/Accounts/{account}/Conferences/{conference}",                                 conferences.update_conference,       conferences.UPDATE,                 "conference_resources.TexmlConference",       "ConferenceUpdateParams"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants",                    participants.list_participants,      NOTHING,                            "conference_resources.TexmlParticipantList",  "ParticipantRetrieveParticipantsResponse"),
    route("POST",   "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants",                    dialing.dial_participant,            dialing.DIAL | dialing.CONFERENCE,  "conference_resources.TexmlNewParticipant",   "ParticipantParticipantsParams"),
    route("GET",    "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants/{participant}",      participants.fetch_participant,      NOTHING,                            "conference_resources.TexmlParticipant",      "ParticipantResource"),
    route("POST",   "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants/{participant}",      participants.update_participant,     participants.UPDATE,                "conference_resources.TexmlParticipant",      "ParticipantUpdateParams"),
    route("DELETE", "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants/{participant}",      participants.remove_participant,     NOTHING,                            "",                                           "docs conference-participants"),
    route("POST",   "/v2/conferences/{conference}/actions/record_start",                                     conference_commands.start,           conference_commands.START,          "wrappers.CommandResponse",                   "seed 004: conferences.actions.record_start"),
    route("POST",   "/v2/conferences/{conference}/actions/record_stop",                                      conference_commands.stop,            conference_commands.CONTROL,        "wrappers.CommandResponse",                   "conferences.actions.record_stop"),
    route("POST",   "/v2/conferences/{conference}/actions/record_pause",                                     conference_commands.pause,           conference_commands.PAUSE,          "wrappers.CommandResponse",                   "conferences.actions.record_pause"),
    route("POST",   "/v2/conferences/{conference}/actions/record_resume",                                    conference_commands.resume,          conference_commands.PAUSE,          "wrappers.CommandResponse",                   "conferences.actions.record_resume"),
    route("GET",    "/v2/webhook_deliveries",                                                                deliveries.list_deliveries,          deliveries.FILTERS | V2_PAGES,      "wrappers.WebhookDeliveryList",               "WebhookDeliveryListParams"),
    route("GET",    "/v2/webhook_deliveries/{delivery}",                                                     deliveries.fetch_delivery,           NOTHING,                            "wrappers.WebhookDeliveryResponse",           "WebhookDelivery"),
)
# fmt: on

BY_SHAPE: dict[tuple[str, int], list[Route]] = {}
"""The rows by method and number of slashes, of which a name in a path has none."""
for row in ROUTES:
    BY_SHAPE.setdefault((row.method, row.template.count("/")), []).append(row)
