"""The models of what goes over the wire, held against the published schemas and the client."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from importlib import import_module
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from schemas import decoded, needs_schemas, part, schema, validator

from recsim.vendors.telnyx import call_resources as cr
from recsim.vendors.telnyx import callback_models as cm
from recsim.vendors.telnyx import list_resources as ls
from recsim.vendors.telnyx import pages
from recsim.vendors.telnyx import resources as rs
from recsim.vendors.telnyx.wire import Wire

ACCOUNT = "61bf923e-5e4d-4595-a110-56190ea18a1b"
CALL = "v3:KBnLO0ZK3DhKM5s7bE9VluaSmKsOchKht_fUYvxcp8ysbmzCCtpkmA"
CONFERENCE = "cd5a70f4-759b-4d5e-9c06-88c00f16f3c1"
SID = "e9cea0be-7dbd-4b98-98b1-c0089d9d43b0"
OTHER_SID = "b08f0fa1-a32c-4218-b3b5-9cf78941ccac"
LEG = "84a97d76-e40f-11ed-9074-02420a0daa69"
PAGES = f"/v2/texml/Accounts/{ACCOUNT}/Recordings.json"
LINK = "https://s3.amazonaws.com/telephony-recorder-prod/a/2023-08-11/b-1691781131.mp3?X-Amz-Expires=600"

COMMON = {
    "account_sid": ACCOUNT,
    "call_sid": CALL,
    "conference_sid": None,
    "channels": 1,
    "date_created": "2023-08-11T19:12:11Z",
    "date_updated": "2023-08-11T19:12:24Z",
    "start_time": "2023-08-11T19:12:11Z",
    "duration": "12",
    "sid": SID,
    "source": "StartCallRecordingAPI",
    "error_code": None,
}
CREATED = {
    **COMMON,
    "duration": None,
    "uri": f"/v2/texml/Accounts/{ACCOUNT}/Calls/{CALL}/Recordings/{SID}.json",
    "price": None,
    "price_unit": None,
    "track": "inbound",
}
RATED = {**CREATED, "duration": "12", "price": "0.10", "price_unit": "USD"}
COMPLETED = {
    **COMMON,
    "uri": f"/v2/texml/Accounts/{ACCOUNT}/Recordings/{SID}.json",
    "status": "completed",
    "subresources_uris": {"transcriptions": None},
    "media_url": LINK,
}
PAUSED = {
    **COMMON,
    "conference_sid": CONFERENCE,
    "channels": 2,
    "duration": None,
    "sid": OTHER_SID,
    "source": "Conference",
    "uri": f"/v2/texml/Accounts/{ACCOUNT}/Recordings/{OTHER_SID}.json",
    "status": "paused",
    "subresources_uris": {"transcriptions": f"/v2/texml/Accounts/{ACCOUNT}/Transcriptions.json"},
}
TEXML_PAGE = {
    "recordings": [COMPLETED, PAUSED],
    "page": 1,
    "page_size": 2,
    "start": 2,
    "end": 3,
    "first_page_uri": f"{PAGES}?Page=0&PageSize=2",
    "previous_page_uri": f"{PAGES}?Page=0&PageSize=2",
    "next_page_uri": f"{PAGES}?Page=2&PageSize=2",
    "uri": f"{PAGES}?Page=1&PageSize=2",
}
ONLY_TEXML_PAGE = {
    "recordings": [],
    "page": 0,
    "page_size": 20,
    "start": 0,
    "end": 0,
    "first_page_uri": f"{PAGES}?Page=0&PageSize=20",
    "uri": f"{PAGES}?Page=0&PageSize=20",
}
IN_CONFERENCE = {
    **COMMON,
    "conference_sid": CONFERENCE,
    "channels": 2,
    "duration": 12,
    "source": "StartConferenceRecordingAPI",
    "media_url": LINK,
    "status": "completed",
    "subresource_uris": {"transcriptions": None},
    "uri": f"/v2/texml/Accounts/{ACCOUNT}/Recordings/{SID}.json",
}
IN_CONFERENCE_PROCESSING = {
    **{key: value for key, value in IN_CONFERENCE.items() if key != "media_url"},
    "call_sid": None,
    "duration": 0,
    "status": "processing",
    "subresource_uris": {},
}
CONFERENCE_PAGES = f"/v2/texml/Accounts/{ACCOUNT}/Conferences/{CONFERENCE}/Recordings"
CONFERENCE_PAGE = {
    "recordings": [IN_CONFERENCE, IN_CONFERENCE_PROCESSING],
    "participants": [],
    "page": 0,
    "page_size": 2,
    "start": 0,
    "end": 1,
    "first_page_uri": f"{CONFERENCE_PAGES}?Page=0&PageSize=2",
    "next_page_uri": f"{CONFERENCE_PAGES}?Page=1&PageSize=2&PageToken=MTY4AjgyNDkwNzIxMQ",
    "uri": f"{CONFERENCE_PAGES}?Page=0&PageSize=2",
}
V2_CALL = {
    "call_control_id": "v3:e-31OnvjEM7Y4wvxr3TKNk8M3QyLcGZPiUIzCGtwQtOtEjY-B0urkw",
    "call_leg_id": LEG,
    "call_session_id": "84a97d76-e40f-11ed-9075-02420a0daa69",
    "channels": "dual",
    "connection_id": "175237942907135762",
    "created_at": "2018-02-02T22:25:27.521Z",
    "download_urls": {"mp3": LINK},
    "duration_millis": 60000,
    "from": "+15551234567",
    "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "initiated_by": "StartCallRecordingAPI",
    "record_type": "recording",
    "recording_ended_at": "2019-01-23T18:11:02.574Z",
    "recording_started_at": "2019-01-23T18:10:02.574Z",
    "source": "call",
    "status": "completed",
    "to": "+15557654321",
    "updated_at": "2018-02-02T22:25:27.521Z",
}
V2_CONFERENCE = {
    **V2_CALL,
    "conference_id": CONFERENCE,
    "download_urls": {"mp3": LINK, "wav": LINK.replace(".mp3", ".wav")},
    "initiated_by": "Conference",
    "source": "conference",
}
META = {"total_pages": 3, "total_results": 55, "page_number": 2, "page_size": 25}
V2_PAGE = {"data": [V2_CALL, V2_CONFERENCE], "meta": META}
NOT_FOUND = {"errors": [{"detail": "Resource not found"}]}
ERRORS = {
    "errors": [
        {
            "code": "10032",
            "title": "Invalid enumerated value",
            "detail": "The value should be one of: single, dual",
            "source": {"pointer": "/record_channels"},
            "meta": {"url": "https://developers.telnyx.com/docs/overview/errors/10032"},
        },
        {"code": "404", "title": "Not Found", "source": {"parameter": "filter[call_leg_id]"}},
        {"code": "90018", "title": "Call has already ended"},
    ]
}
STANDARD = {
    "AccountSid": ACCOUNT,
    "CallSid": CALL,
    "CallSidLegacy": CALL,
    "ConnectionId": "175237942907135762",
}
IN_PROGRESS_CALLBACK = {
    **STANDARD,
    "RecordingSource": "DialVerb",
    "RecordingChannels": "2",
    "RecordingSid": SID,
    "RecordingStatus": "in-progress",
}
COMPLETED_CALLBACK = {
    **IN_PROGRESS_CALLBACK,
    "RecordingStatus": "completed",
    "RecordingDuration": "5",
    "RecordingUrl": LINK,
}
ABSENT_CALLBACK = {**IN_PROGRESS_CALLBACK, "RecordingStatus": "absent", "ErrorCode": "16101"}
NEVER_CREATED_CALLBACK = {
    **STANDARD,
    "RecordingSource": "DialVerb",
    "RecordingChannels": "1",
    "RecordingStatus": "absent",
}
FETCH = {
    **STANDARD,
    "CallerId": "+15551234567",
    "CallingPartyType": "pstn",
    "From": "+15551234567",
    "To": "sip:desk@example.sip.telnyx.com",
    "ToSipUri": "sip:desk@example.sip.telnyx.com",
    "CallStatus": "in-progress",
}
FETCH_FROM_SIP = {
    **STANDARD,
    "CallingPartyType": "sip",
    "From": "sip:ana@example.sip.telnyx.com",
    "FromSipUri": "sip:ana@example.sip.telnyx.com",
    "To": "+15557654321",
}
ACTION = {
    **FETCH,
    "RecordingUrl": LINK,
    "RecordingDuration": "5",
    "RecordingSid": SID,
    "Digits": "#",
}

DIAL_ACTION = {
    **FETCH,
    "DialCallSid": CALL,
    "DialCallSidLegacy": CALL,
    "DialCallStatus": "completed",
    "DialCallDuration": "12",
    "RecordingDuration": "5",
    "RecordingUrl": LINK,
}
UNANSWERED_DIAL_ACTION = {**FETCH, "DialCallStatus": "no-answer", "DialCallDuration": "0"}
NUMBERS = {
    "AccountSid": ACCOUNT,
    "CallSid": CALL,
    "CallSidLegacy": CALL,
    "From": "+15551234567",
    "To": "+15557654321",
}
GATHER_ACTION = {**NUMBERS, "Digits": "12", "SpeechResult": "one two", "Confidence": "0.9"}
QUEUE = {
    **NUMBERS,
    "ConnectionId": "175237942907135762",
    "QueueSid": SID,
    "QueuePosition": "1",
    "CurrentQueueSize": "5",
    "QueueTime": "0",
    "AvgQueueTime": "10",
}
QUEUE_ACTION = {**FETCH, "QueueSid": SID, "QueueResult": "bridged", "QueueTime": "12"}
REFER_ACTION = {
    "AccountSid": ACCOUNT,
    "CallSid": CALL,
    "CallSidLegacy": CALL,
    "ReferCallStatus": "in-progress",
    "Timestamp": "2024-01-15T10:30:00Z",
    "NotifySipResponseCode": "200",
    "ReferSipResponseCode": "202",
}
PROGRESS = {
    **NUMBERS,
    "ConnectionId": "1234567890",
    "CallInitiatedAt": "2024-01-15T10:30:26.028Z",
    "CallbackSource": "call-progress-events",
    "CallerId": "John Doe",
    "ParentCallSid": CALL,
    "ParentCallSidLegacy": CALL,
    "SequenceNumber": "0",
    "ShakenStirAttestation": "A",
    "ShakenStirValidated": "true",
    "Timestamp": "2024-01-15T10:30:00Z",
}
INITIATED_CALL = {**PROGRESS, "CallStatus": "initiated", "ErrorCode": "1", "ErrorMessage": "no"}
RINGING_CALL = {**PROGRESS, "CallStatus": "ringing", "CallDuration": "0"}
ANSWERED_CALL = {
    **RINGING_CALL,
    "CallStatus": "in-progress",
    "Codec": "PCMU",
    "SamplingRate": "8000",
}
COMPLETED_CALL = {
    **PROGRESS,
    "CallStatus": "completed",
    "CallDuration": "45",
    "AnsweredTime": "2024-01-15T10:30:15Z",
    "StartTime": "2024-01-15T10:30:00Z",
    "EndTime": "2024-01-15T10:31:00Z",
    "OccurredAt": "2024-01-15T10:31:00Z",
    "CallControlId": CALL,
    "CallLegId": LEG,
    "CallSessionId": LEG,
    "CallQualityStats": '{"mos": 4.2}',
    "DialCallDuration": "120",
    "DialCallSid": CALL,
    "DialCallSidLegacy": CALL,
    "DialCallStatus": "completed",
    "HangupCause": "normal_clearing",
    "HangupSource": "caller",
    "SipHangupCause": "200",
    "OrganizationId": "org-abc123",
    "UserId": ACCOUNT,
    "RecordingDuration": "90",
    "RecordingUrl": LINK,
}
FAILED_CALL = {
    **PROGRESS,
    "CallStatus": "failed",
    "HangupSource": "unknown",
    "ErrorCode": "10001",
    "ErrorMessage": "Call failed",
}
IN_A_CONFERENCE = {
    **STANDARD,
    "CallingPartyType": "sip",
    "ConferenceSid": CONFERENCE,
    "FriendlyName": "weekly",
    "From": "sip:ana@example.sip.telnyx.com",
    "FromSipUri": "sip:ana@example.sip.telnyx.com",
    "ParticipantLabel": "host",
    "SequenceNumber": "0",
    "Timestamp": "2024-01-15T10:30:00Z",
    "To": "sip:desk@example.sip.telnyx.com",
    "ToSipUri": "sip:desk@example.sip.telnyx.com",
}
CONFERENCE_START = {**IN_A_CONFERENCE, "StatusCallbackEvent": "conference-start"}
CONFERENCE_END = {
    **STANDARD,
    "ConferenceSid": CONFERENCE,
    "FriendlyName": "",
    "SequenceNumber": "12",
    "StatusCallbackEvent": "conference-end",
    "Timestamp": "2024-01-15T10:30:00Z",
}
CONFERENCE_JOIN = {**IN_A_CONFERENCE, "StatusCallbackEvent": "participant-join"}
CONFERENCE_LEAVE = {**IN_A_CONFERENCE, "StatusCallbackEvent": "participant-leave"}
CONFERENCE_SPEAKER = {**IN_A_CONFERENCE, "StatusCallbackEvent": "participant-speech-start"}
CALL_RESOURCE = {
    "account_sid": ACCOUNT,
    "answered_by": "human",
    "caller_name": "+13122010094",
    "date_created": "Thu, 15 Jun 2023 09:56:45 +0000",
    "date_updated": "Thu, 15 Jun 2023 09:56:56 +0000",
    "direction": "inbound",
    "duration": "11",
    "end_time": "Thu, 15 Jun 2023 09:56:56 +0000",
    "from": "+13123456789",
    "from_formatted": "(312) 345-6789",
    "price": "0.01",
    "price_unit": "USD",
    "sid": CALL,
    "start_time": "Thu, 15 Jun 2023 09:56:45 +0000",
    "status": "completed",
    "to": "+13987654321",
    "to_formatted": "(398) 765-4321",
    "uri": f"/v2/texml/Accounts/{ACCOUNT}/Calls/{CALL}.json",
}
RUNNING_CALL = {
    **{key: value for key, value in CALL_RESOURCE.items() if key != "answered_by"},
    **dict.fromkeys(("duration", "end_time", "price", "price_unit")),
    "status": "in-progress",
}
CALL_PAGES = f"/v2/texml/Accounts/{ACCOUNT}/Calls.json"
CALL_PAGE = {
    "calls": [CALL_RESOURCE, RUNNING_CALL],
    "end": 1,
    "first_page_uri": f"{CALL_PAGES}?Page=0&PageSize=2",
    "next_page_uri": f"{CALL_PAGES}?Page=1&PageSize=2&PageToken=MTY4AjgyNDkwNzIxMQ",
    "page": 0,
    "page_size": 2,
    "start": 0,
    "uri": f"{CALL_PAGES}?Page=0&PageSize=2",
}
QUEUED = {"from": "+13120001234", "to": "+13121230000", "status": "queued"}

#: The published schemas that a model must fit: a name, then keys down to the part that is meant.
PUBLISHED: dict[type[Wire], tuple[tuple[str, ...], ...]] = {
    rs.TexmlCreateRecording: (("texml-create-recording-response",),),
    rs.TexmlRecording: (("texml-get-recording-response",),),
    ls.TexmlRecordingList: (("texml-list-recordings-response",),),
    rs.ConferenceRecordingItem: (
        ("texml-conference-recordings-list-response", "properties", "recordings", "items"),
    ),
    ls.ConferenceRecordingList: (("texml-conference-recordings-list-response",),),
    rs.V2Recording: (("recording-response-data",),),
    rs.V2RecordingResponse: (("recording-response",),),
    ls.PaginationMeta: (("recordings-pagination-meta",),),
    ls.V2RecordingList: (("recordings-list-response",),),
    rs.BulkDeleted: (("recordings-bulk-delete-response",),),
    rs.TexmlNotFound: (("texml-not-found-error",),),
    rs.V2Errors: (("recordings-errors",), ("call-control-errors",)),
    cm.RecordingInProgress: (("callback-texml-recording-in-progress",),),
    cm.RecordingCompleted: (("callback-texml-recording-completed",),),
    cm.RecordingAbsent: (("callback-texml-recording-absent",),),
    cm.InstructionFetch: (("callback-texml-instruction-fetch",),),
    cm.RecordAction: (("callback-texml-record-action",),),
    cm.GatherAction: (("callback-texml-gather",),),
    cm.QueueWait: (("callback-texml-queue",),),
    cm.CallInitiated: (("callback-texml-call-initiated",),),
    cm.CallRinging: (("callback-texml-call-ringing",),),
    cm.CallAnswered: (("callback-texml-call-answered",),),
    cm.CallCompleted: (("callback-texml-call-completed",),),
    cm.ConferenceStart: (("callback-texml-conference-start",),),
    cm.ConferenceEnd: (("callback-texml-conference-end",),),
    cm.ConferenceJoin: (("callback-texml-conference-join",),),
    cm.ConferenceLeave: (("callback-texml-conference-leave",),),
    cm.ConferenceSpeaker: (("callback-texml-conference-speaker",),),
    cr.TexmlCall: (("texml-call-resource",),),
    cr.TexmlCallInitiated: (("texml-initiate-call-response",),),
}


class Case(NamedTuple):
    """A body, and the model that reads it."""

    name: str
    model: type[Wire]
    body: dict[str, Any]


# fmt: off
CASES = (
    Case("created",        rs.TexmlCreateRecording,    CREATED),
    Case("rated",          rs.TexmlCreateRecording,    RATED),
    Case("completed",      rs.TexmlRecording,          COMPLETED),
    Case("paused",         rs.TexmlRecording,          PAUSED),
    Case("page",           ls.TexmlRecordingList,      TEXML_PAGE),
    Case("only-page",      ls.TexmlRecordingList,      ONLY_TEXML_PAGE),
    Case("item",           rs.ConferenceRecordingItem, IN_CONFERENCE),
    Case("processing",     rs.ConferenceRecordingItem, IN_CONFERENCE_PROCESSING),
    Case("item-page",      ls.ConferenceRecordingList, CONFERENCE_PAGE),
    Case("v2-call",        rs.V2Recording,             V2_CALL),
    Case("v2-conference",  rs.V2Recording,             V2_CONFERENCE),
    Case("v2-one",         rs.V2RecordingResponse,     {"data": V2_CALL}),
    Case("v2-meta",        ls.PaginationMeta,          META),
    Case("v2-page",        ls.V2RecordingList,         V2_PAGE),
    Case("v2-deleted",     rs.BulkDeleted,             {"status": "ok"}),
    Case("not-found",      rs.TexmlNotFound,           NOT_FOUND),
    Case("v2-errors",      rs.V2Errors,                ERRORS),
    Case("in-progress",    cm.RecordingInProgress,     IN_PROGRESS_CALLBACK),
    Case("stored",         cm.RecordingCompleted,      COMPLETED_CALLBACK),
    Case("absent",         cm.RecordingAbsent,         ABSENT_CALLBACK),
    Case("never-created",  cm.RecordingAbsent,         NEVER_CREATED_CALLBACK),
    Case("fetch",          cm.InstructionFetch,        FETCH),
    Case("fetch-from-sip", cm.InstructionFetch,        FETCH_FROM_SIP),
    Case("action",         cm.RecordAction,            ACTION),
    Case("dial-action",    cm.DialAction,              DIAL_ACTION),
    Case("dial-no-answer", cm.DialAction,              UNANSWERED_DIAL_ACTION),
    Case("gather-action",  cm.GatherAction,            GATHER_ACTION),
    Case("queue",          cm.QueueWait,               QUEUE),
    Case("queue-action",   cm.QueueAction,             QUEUE_ACTION),
    Case("refer-action",   cm.ReferAction,             REFER_ACTION),
    Case("call-initiated", cm.CallInitiated,           INITIATED_CALL),
    Case("call-ringing",   cm.CallRinging,             RINGING_CALL),
    Case("call-answered",  cm.CallAnswered,            ANSWERED_CALL),
    Case("call-completed", cm.CallCompleted,           COMPLETED_CALL),
    Case("call-failed",    cm.CallCompleted,           FAILED_CALL),
    Case("conference",     cm.ConferenceStart,         CONFERENCE_START),
    Case("conference-end", cm.ConferenceEnd,           CONFERENCE_END),
    Case("joined",         cm.ConferenceJoin,          CONFERENCE_JOIN),
    Case("left",           cm.ConferenceLeave,         CONFERENCE_LEAVE),
    Case("speaker",        cm.ConferenceSpeaker,       CONFERENCE_SPEAKER),
    Case("call",           cr.TexmlCall,               CALL_RESOURCE),
    Case("running-call",   cr.TexmlCall,               RUNNING_CALL),
    Case("call-page",      cr.TexmlCallList,           CALL_PAGE),
    Case("queued",         cr.TexmlCallInitiated,      QUEUED),
)
# fmt: on
BY_NAME = {case.name: case for case in CASES}

Where = tuple[str | int, ...]


class Spot(NamedTuple):
    """One value in a body, and the field that reads it."""

    where: Where
    field: FieldInfo
    value: Any


def wire_name(name: str, field: FieldInfo) -> str:
    return field.alias or name


def words(annotation: Any) -> tuple[Any, ...] | None:
    """What a Literal admits, below Annotated and beside None; None when it is no Literal."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if get_origin(annotation) is Annotated:
        return words(get_args(annotation)[0])
    found = [words(one) for one in get_args(annotation) if one is not type(None)]
    return found[0] if len(found) == 1 else None


def nested(annotation: Any) -> type[Wire] | None:
    """The model that reads a field's value, or each of its items."""
    if isinstance(annotation, type) and issubclass(annotation, Wire):
        return annotation
    return next((model for one in get_args(annotation) if (model := nested(one))), None)


def is_nullable(field: FieldInfo) -> bool:
    return field.is_required() and type(None) in get_args(field.annotation)


def objects(model: type[Wire], body: Any, where: Where = ()) -> Iterator[tuple[Where, type[Wire]]]:
    """Every object of a body that a model reads."""
    yield where, model
    for name, field in model.model_fields.items():
        key = wire_name(name, field)
        if key in body and (below := nested(field.annotation)):
            value = body[key]
            if isinstance(value, list):
                for index, item in enumerate(value):
                    yield from objects(below, item, (*where, key, index))
            else:
                yield from objects(below, value, (*where, key))


def spots(model: type[Wire], body: Any) -> list[Spot]:
    """Every value of a body that a field reads."""
    return [
        Spot((*where, key), field, at(body, where)[key])
        for where, one in objects(model, body)
        for name, field in one.model_fields.items()
        if (key := wire_name(name, field)) in at(body, where)
    ]


def at(body: Any, where: Where) -> Any:
    for key in where:
        body = body[key]
    return body


def changed(body: Any, where: Where, value: Any) -> Any:
    """A copy with another value there."""
    body = copy.deepcopy(body)
    at(body, where[:-1])[where[-1]] = value
    return body


def without(body: Any, where: Where) -> Any:
    """A copy with nothing there."""
    body = copy.deepcopy(body)
    del at(body, where[:-1])[where[-1]]
    return body


def is_refused(model: type[Wire], body: Any) -> bool:
    """Whether a body is refused, as Python objects and as JSON alike."""
    refused = []
    for read, given in (
        (model.model_validate, body),
        (model.model_validate_json, json.dumps(body)),
    ):
        try:
            read(given)
        except ValidationError:
            refused.append(True)
        else:
            refused.append(False)
    assert len(set(refused)) == 1
    return refused[0]


def text(body: Any) -> str:
    """JSON in one spelling: unlike `==`, it tells 1 from 1.0 and true."""
    return json.dumps(body, sort_keys=True)


each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_every_model_has_a_case():
    models = {
        found
        for module in (rs, ls, cr, cm)
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Wire)
    }
    shared = {Wire, rs.TexmlCommon, cm.RecordingParameters, cm.CallProgress}
    shared |= {cm.CallParameters, cm.ConferenceProgress, cm.Parameters, pages.TexmlPage}

    seen = {model for case in CASES for _, model in objects(case.model, case.body)}

    assert models - seen == shared


# Round trips and refusals


@each_case
def test_an_example_comes_back_as_it_went_in(case):
    from_objects = case.model.model_validate(case.body)
    from_json = case.model.model_validate_json(json.dumps(case.body))

    assert text(from_objects.dump()) == text(case.body)
    assert text(from_json.dump()) == text(case.body)


@each_case
def test_an_unknown_key_is_refused_at_any_depth(case):
    for where, _ in objects(case.model, case.body):
        assert is_refused(case.model, changed(case.body, (*where, "surprise"), "x")), where


@each_case
def test_a_word_that_is_not_listed_is_refused(case):
    for spot in spots(case.model, case.body):
        if words(spot.field.annotation):
            for value in ("nonsense", 3, True, 1.0):
                assert is_refused(case.model, changed(case.body, spot.where, value)), spot.where


@each_case
def test_null_is_refused_except_where_the_type_says_so(case):
    seen = 0
    for spot in spots(case.model, case.body):
        if not is_nullable(spot.field):
            seen += 1
            assert is_refused(case.model, changed(case.body, spot.where, None)), spot.where
    assert seen


@each_case
def test_a_required_field_cannot_be_left_out(case):
    for spot in spots(case.model, case.body):
        if spot.field.is_required():
            assert is_refused(case.model, without(case.body, spot.where)), spot.where


@each_case
def test_a_value_of_another_type_is_refused(case):
    for spot in spots(case.model, case.body):
        if isinstance(spot.value, str):
            values = (5, True, [spot.value])
        elif isinstance(spot.value, int):
            values = (str(spot.value), float(spot.value), True)
        else:
            values = ("x", 5)
        if spot.value is not None:
            for value in values:
                assert is_refused(case.model, changed(case.body, spot.where, value)), spot.where


@each_case
def test_a_model_cannot_be_changed(case):
    model = case.model.model_validate(case.body)
    name = next(iter(case.model.model_fields))

    with pytest.raises(ValidationError, match="frozen"):
        setattr(model, name, getattr(model, name))


def test_what_may_be_left_out_is_missing_and_not_null():
    for case in CASES:
        for _, model in objects(case.model, case.body):
            for field in model.model_fields.values():
                assert field.is_required() or field.default is None


@pytest.mark.parametrize(
    ("case", "where", "values"),
    [
        (
            "created",
            ("date_created",),
            (
                "2023-08-11T19:12:11.000Z",
                "2023-08-11T19:12:11+00:00",
                "2023-13-11T19:12:11Z",
                "2023-08-11T24:12:11Z",
                "2023-08-11T19:12:11Z\n",
                "Fri, 11 Aug 2023 19:12:11 GMT",
                "",
            ),
        ),
        ("created", ("sid",), ("RE1", SID.upper(), SID + "\n")),
        ("created", ("conference_sid",), ("room", "")),
        (
            "created",
            ("uri",),
            (COMPLETED["uri"], CREATED["uri"].replace(SID, OTHER_SID), CREATED["uri"] + "?a=b"),
        ),
        ("rated", ("duration",), ("12.5", "-1", "", "١٢")),
        ("rated", ("price",), (None, "0,10", ".1", "-0.10")),
        ("rated", ("price_unit",), (None, "usd", "$")),
        (
            "completed",
            ("uri",),
            (
                CREATED["uri"],
                COMPLETED["uri"].replace(SID, OTHER_SID),
                COMPLETED["uri"].removesuffix(".json"),
            ),
        ),
        ("completed", ("duration",), (None,)),
        ("completed", ("status",), ("in-progress", "paused", "stopped", "absent", "deleted")),
        ("completed", ("media_url",), ("/filename.mp3", "")),
        ("paused", ("duration",), ("12",)),
        ("paused", ("media_url",), (LINK,)),
        ("page", ("end",), (2, 4, -1)),
        ("page", ("page_size",), (1, 0)),
        ("item", ("status",), ("processing", "absent", "deleted", "in-progress")),
        ("item", ("uri",), (COMPLETED["uri"].replace(SID, OTHER_SID),)),
        ("processing", ("duration",), (12, -1)),
        ("item-page", ("end",), (0, 2)),
        ("item-page", ("page_size",), (1, 0)),
        ("item-page", ("participants",), ([{}], [CALL])),
        (
            "v2-call",
            ("created_at",),
            ("2018-02-02T22:25:27Z", "2018-02-02T22:25:27.521000Z", "2018-02-02T22:25:27.521"),
        ),
        ("v2-call", ("duration_millis",), (-1, 2**31)),
        ("v2-call", ("connection_id",), ("main", "")),
        ("v2-call", ("conference_id",), (CONFERENCE,)),
        ("v2-call", ("source",), ("conference",)),
        (
            "v2-call",
            ("initiated_by",),
            ("Conference", "StartConferenceRecordingAPI", "startCallRecordingAPI"),
        ),
        ("v2-page", ("meta", "page_size"), (1, 0, 251)),
        ("v2-page", ("meta", "page_number"), (0,)),
        ("v2-errors", ("errors",), ([],)),
        ("v2-errors", ("errors", 0, "code"), ("not_found", "")),
        ("v2-errors", ("errors", 0, "source", "pointer"), ("to", "/a~2")),
        ("not-found", ("errors",), ([], [{}], [{"detail": "x", "code": "404"}])),
        ("in-progress", ("RecordingUrl",), (LINK,)),
        ("in-progress", ("RecordingDuration",), ("5",)),
        ("in-progress", ("ErrorCode",), ("16101",)),
        ("in-progress", ("RecordingStatus",), ("completed", "absent", "paused", "stopped")),
        ("in-progress", ("CallSidLegacy",), (CALL + "x", "")),
        ("stored", ("RecordingDuration",), ("5.0", "", "-5")),
        ("stored", ("ErrorCode",), ("16101",)),
        ("absent", ("RecordingUrl",), (LINK,)),
        ("absent", ("RecordingDuration",), ("0",)),
        ("fetch", ("CallSidLegacy",), (CALL.removeprefix("v3:"),)),
        ("fetch", ("RecordingSid",), (SID,)),
        ("action", ("CallSidLegacy",), (OTHER_SID,)),
        ("action", ("Digits",), ("12", "hang", "A", "#\n", " ")),
        ("dial-action", ("DialCallStatus",), ("in-progress", "answered", "")),
        ("gather-action", ("Digits",), ("hangup", "A", "1 2")),
        ("gather-action", ("Confidence",), ("high", "90", "")),
        ("queue", ("QueuePosition",), ("first", "-1", "")),
        ("queue-action", ("QueueResult",), ("hangup", "")),
        ("refer-action", ("ReferCallStatus",), ("completed", "")),
        ("call-initiated", ("CallInitiatedAt",), ("2024-01-15T10:30:26Z", "")),
        ("call-ringing", ("SequenceNumber",), ("-1", "1.0", "")),
        ("call-answered", ("Timestamp",), ("2021-04-28 21:51:18.731479Z", "")),
        ("call-completed", ("CallStatus",), ("busy", "no-answer", "canceled", "in-progress")),
        ("call-failed", ("CallStatus",), ("completed", "busy")),
        ("conference", ("SequenceNumber",), ("-1", "1.0", "")),
        ("conference-end", ("StatusCallbackEvent",), ("conference-start", "end", "")),
        ("joined", ("Timestamp",), ("2024-01-15T10:30:00.000Z", "")),
        ("left", ("ConferenceSid",), ("",)),
        ("speaker", ("StatusCallbackEvent",), ("participant-join", "speaker", "")),
        ("speaker", ("ParticipantLabel",), ("",)),
        ("speaker", ("CallingPartyType",), ("phone", "")),
        ("call", ("status",), ("in-progress", "ringing", "initiated", "queued")),
        ("call", ("duration",), (None, "11.5")),
        ("running-call", ("end_time",), (CALL_RESOURCE["end_time"],)),
        ("call", ("uri",), (CALL_RESOURCE["uri"].removesuffix(".json"),)),
        ("call-page", ("end",), (0, 2)),
        ("call-page", ("page_size",), (1, 0)),
    ],
)
def test_a_value_that_contradicts_the_reference_is_refused(case, where, values):
    found = BY_NAME[case]

    for value in values:
        assert is_refused(found.model, changed(found.body, where, value)), value


@pytest.mark.parametrize("digits", ["", "0", "9", "#", "*", "hangup"])
def test_a_record_action_says_what_ended_it(digits):
    assert cm.RecordAction.model_validate({**ACTION, "Digits": digits}).digits == digits


@pytest.mark.parametrize(
    ("status", "duration"), [("stopped", None), ("stopped", "12"), ("in-progress", None)]
)
def test_a_recording_without_media_has_no_media_url(status, duration):
    body = without({**COMPLETED, "status": status, "duration": duration}, ("media_url",))

    assert rs.TexmlRecording.model_validate(body).dump() == body


@pytest.mark.parametrize("status", ["in-progress", "paused"])
def test_a_recording_has_no_duration_until_capture_ended(status):
    body = without({**COMPLETED, "status": status, "duration": None}, ("media_url",))

    assert not is_refused(rs.TexmlRecording, body)
    assert is_refused(rs.TexmlRecording, {**body, "duration": "12"})


def test_texml_dates_may_be_rfc_2822():
    date = "Fri, 11 Aug 2023 19:12:11 +0000"
    body = changed(CREATED, ("date_created",), date)

    assert rs.TexmlCreateRecording.model_validate(body).date_created == date


def test_a_status_callback_is_read_as_what_it_says():
    reader = TypeAdapter(cm.RecordingStatusCallback)

    read = [
        reader.validate_python(body)
        for body in (IN_PROGRESS_CALLBACK, COMPLETED_CALLBACK, ABSENT_CALLBACK)
    ]

    assert [type(one) for one in read] == [
        cm.RecordingInProgress,
        cm.RecordingCompleted,
        cm.RecordingAbsent,
    ]
    with pytest.raises(ValidationError, match="paused"):
        reader.validate_python({**IN_PROGRESS_CALLBACK, "RecordingStatus": "paused"})


def test_a_conference_status_callback_is_read_as_what_it_says():
    reader = TypeAdapter(cm.ConferenceStatusCallback)

    cases = [case for case in CASES if issubclass(case.model, cm.ConferenceProgress)]

    assert len(cases) == 5
    assert [type(reader.validate_python(case.body)) for case in cases] == [
        case.model for case in cases
    ]
    with pytest.raises(ValidationError, match="participant-mute"):
        reader.validate_python({**CONFERENCE_JOIN, "StatusCallbackEvent": "participant-mute"})


def test_parameters_can_be_written_in_python_names():
    callback = cm.RecordingInProgress(
        account_sid=ACCOUNT,
        call_sid=CALL,
        call_sid_legacy=CALL,
        connection_id="175237942907135762",
        recording_source="DialVerb",
        recording_channels="2",
        recording_sid=SID,
        recording_status="in-progress",
    )

    assert callback.dump() == IN_PROGRESS_CALLBACK


# Against the published schemas


@needs_schemas
@each_case
def test_an_example_fits_its_published_schemas(case):
    for path in PUBLISHED.get(case.model, ()):
        is_text = issubclass(case.model, cm.CallParameters)
        body = decoded(path[0], case.body) if is_text else case.body
        assert list(validator(*path).iter_errors(body)) == []


@needs_schemas
@each_case
def test_the_published_schemas_are_held_closed(case):
    """The test above would otherwise pass whatever it is given."""
    for path in PUBLISHED.get(case.model, ()):
        for where, _ in objects(case.model, case.body):
            body = changed(case.body, (*where, "surprise"), "x")
            assert not validator(*path).is_valid(body), where


@needs_schemas
@pytest.mark.parametrize("model", PUBLISHED)
def test_a_model_says_what_its_published_schemas_say(model):
    """Names, enumerations, nulls and requirements, at every depth."""
    for name, *keys in PUBLISHED[model]:
        compare(model, part(schema(name), *keys))


def compare(model: type[Wire], published: dict[str, Any]) -> None:
    properties = published["properties"]
    fields = {wire_name(name, field): field for name, field in model.model_fields.items()}
    required = {name for name, field in fields.items() if field.is_required()}

    assert set(fields) <= set(properties)
    assert set(published.get("required", ())) <= required
    for name, field in fields.items():
        found = properties[name]
        if "const" in found:
            assert words(field.annotation) == (found["const"],), name
        if "enum" in found:
            # Parameters are text, so that of 1 and "1" only the text is ever sent.
            is_text = issubclass(model, cm.CallParameters)
            listed = {word for word in found["enum"] if isinstance(word, str) or not is_text}
            assert set(words(field.annotation) or ()) == listed, name
        if field.is_required():
            types = found.get("type", ())
            assert is_nullable(field) == ("null" in types and isinstance(types, list)), name
        below = nested(field.annotation)
        if below is not None:
            compare(below, found.get("items", found))


@needs_schemas
@pytest.mark.parametrize("model", PUBLISHED)
def test_a_model_lacks_no_published_field(model):
    for name, *keys in PUBLISHED[model]:
        fields = {wire_name(name, field) for name, field in model.model_fields.items()}

        assert fields == set(part(schema(name), *keys)["properties"])


@needs_schemas
def test_rfc_2822_dates_are_off_the_published_format():
    """Why ISO 8601 is the reading taken by default."""
    body = changed(CREATED, ("date_created",), "Fri, 11 Aug 2023 19:12:11 +0000")

    assert not validator("texml-create-recording-response").is_valid(body)


# Against the official client, which marks every field optional and admits unknown ones: what counts
# is that each key is one that it declares, and that it reads the same value.

CLIENT = {
    rs.TexmlCreateRecording: (
        "texml.accounts.calls.texml_create_call_recording_response_body",
        "TexmlCreateCallRecordingResponseBody",
    ),
    rs.TexmlRecording: (
        "texml.texml_get_call_recording_response_body",
        "TexmlGetCallRecordingResponseBody",
    ),
    ls.TexmlRecordingList: (
        "texml.accounts.calls.texml_get_call_recordings_response_body",
        "TexmlGetCallRecordingsResponseBody",
    ),
    rs.ConferenceRecordingItem: (
        "texml.accounts.conference_retrieve_recordings_response",
        "Recording",
    ),
    ls.ConferenceRecordingList: (
        "texml.accounts.conference_retrieve_recordings_response",
        "ConferenceRetrieveRecordingsResponse",
    ),
    rs.V2Recording: ("recording_response_data", "RecordingResponseData"),
    rs.V2RecordingResponse: ("recording_response", "RecordingResponse"),
    ls.PaginationMeta: ("pagination_meta", "PaginationMeta"),
    rs.BulkDeleted: ("recordings.action_delete_response", "ActionDeleteResponse"),
    cr.TexmlCall: ("texml.accounts.call_resource", "CallResource"),
    cr.TexmlCallList: ("texml.accounts.call_retrieve_calls_response", "CallRetrieveCallsResponse"),
    cr.TexmlCallInitiated: ("texml.accounts.call_calls_response", "CallCallsResponse"),
}
READ_BY_CLIENT = [case for case in CASES if case.model in CLIENT]


def undeclared(read: Any, where: Where = ()) -> Iterator[Where]:
    """Keys that the client kept without knowing them."""
    if isinstance(read, list):
        for index, item in enumerate(read):
            yield from undeclared(item, (*where, index))
    elif hasattr(read, "model_fields_set"):
        for name in read.model_extra or {}:
            yield (*where, name)
        for name in type(read).model_fields:
            yield from undeclared(getattr(read, name), (*where, name))


def assert_same(read: Any, body: Any, unknown: frozenset[Where] = frozenset()) -> None:
    assert set(undeclared(read)) == unknown
    dumped = read.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert set(dumped) == set(body)
    for key, value in body.items():
        assert text(dumped[key]) == text(value), key


@pytest.mark.parametrize("case", READ_BY_CLIENT, ids=lambda case: case.name)
def test_the_official_client_reads_every_field(case):
    module, name = CLIENT[case.model]
    client_type = getattr(import_module(f"telnyx.types.{module}"), name)

    assert_same(client_type.model_validate(case.body), case.body)


def test_the_official_client_pages_through_v2_recordings():
    from telnyx.pagination import SyncDefaultFlatPagination
    from telnyx.types import RecordingResponseData

    page = SyncDefaultFlatPagination[RecordingResponseData].model_validate(V2_PAGE)
    following = page.next_page_info()

    # Its pages declare only the two counts that they turn on; the published schema has all four.
    assert_same(page, V2_PAGE, frozenset({("meta", "page_size"), ("meta", "total_results")}))
    assert following is not None
    assert following.params == {"page[number]": 3}


def test_the_official_client_reads_every_field_of_an_error():
    from telnyx.types.shared import APIError

    for error in ERRORS["errors"]:
        assert_same(APIError.model_validate(error), error)
