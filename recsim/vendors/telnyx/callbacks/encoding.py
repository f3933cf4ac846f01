"""How messages go over the wire: as a form body or JSON, or as the query of a GET.

Source: docs texml-instruction-fetching; api-reference/callbacks/texml-*.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlsplit, urlunsplit

from recsim.core.entities import Message
from recsim.core.vendor import Encoded
from recsim.vendors.telnyx.callbacks import (
    actions,
    conference,
    instructions,
    progress,
    recording,
    webhooks,
)
from recsim.vendors.telnyx.callbacks.base import Params
from recsim.vendors.telnyx.words import Words

#: Every parameter that a callback or an instruction fetch can have.
PARAMETERS = (
    *("AccountSid", "CallSid", "CallSidLegacy", "ConnectionId"),
    *("CallerId", "CallingPartyType", "From", "To", "FromSipUri", "ToSipUri", "CallStatus"),
    *("RecordingSid", "RecordingSource", "RecordingStatus", "RecordingChannels"),
    *("RecordingDuration", "RecordingUrl", "ErrorCode", "Digits"),
    *("CallInitiatedAt", "CallbackSource", "SequenceNumber", "Timestamp", "ErrorMessage"),
    *("ParentCallSid", "ParentCallSidLegacy", "ShakenStirAttestation", "ShakenStirValidated"),
    *("CallDuration", "Codec", "SamplingRate", "AnsweredTime", "StartTime", "EndTime"),
    *("OccurredAt", "CallControlId", "CallLegId", "CallSessionId", "CallQualityStats"),
    *("HangupCause", "HangupSource", "SipHangupCause", "UserId", "OrganizationId"),
    *("DialCallSid", "DialCallSidLegacy", "DialCallStatus", "DialCallDuration"),
    *("SpeechResult", "Confidence"),
    *("QueueSid", "QueuePosition", "CurrentQueueSize", "QueueTime", "AvgQueueTime"),
    *("ConferenceSid", "FriendlyName", "StatusCallbackEvent", "ParticipantLabel"),
    *("QueueResult", "ReferCallStatus", "NotifySipResponseCode", "ReferSipResponseCode"),
)

FORM_HEADERS = (
    ("content-type", "application/x-www-form-urlencoded"),
    ("user-agent", "telnyx-webhooks"),
)
GET_HEADERS = FORM_HEADERS[1:]

#: What makes the parameters of a message, by the type of its row.
WRITE: dict[type[Any], Callable[[Words, Any], Params]] = {
    recording.RecordingStatus: recording.recording_status_params,
    progress.CallStatus: progress.call_status_params,
    conference.ConferenceStatus: conference.conference_status_params,
    instructions.Instructions: instructions.instruction_params,
    instructions.QueueWait: instructions.queue_params,
    actions.RecordAction: actions.record_params,
    actions.DialAction: actions.dial_params,
    actions.GatherAction: actions.gather_params,
    actions.QueueAction: actions.queue_action_params,
    actions.ReferAction: actions.refer_params,
}

#: What `quote_plus` makes of each ASCII character that it changes: `%` and `+` first, since those
#: are what others become.
QUOTED = tuple(
    (char, quote_plus(char))
    for char in ("%", "+", *(chr(code) for code in range(128) if chr(code) not in "%+"))
    if quote_plus(char) != char
)
PLAIN = re.compile(r"[\w.~-]*", re.ASCII)


@lru_cache(maxsize=4096)
def quoted(value: str) -> str:
    """As `quote_plus`, in a fifth of its time for a long link, and once for what comes again."""
    if PLAIN.fullmatch(value):
        return value
    if not value.isascii():
        return quote_plus(value)
    for char, code in QUOTED:
        if char in value:
            value = value.replace(char, code)
    return value


def encode(words: Words, message: Message, method: str, url: str, n: int = 1) -> Encoded:
    """The `n`-th attempt to send a message: a form body, or JSON, for POST, the query for GET."""
    write = WRITE.get(type(message))
    if write is None:
        assert isinstance(message, webhooks.Webhook)
        return webhooks.encode_webhook(words, message, method, url, n)
    params = write(words, message)
    text = "&".join([f"{name}={quoted(value)}" for name, value in params])
    if method != "GET":
        return Encoded(url, FORM_HEADERS, text, params)
    parts = urlsplit(url)
    query = f"{parts.query}&{text}" if parts.query else text
    return Encoded(urlunsplit(parts._replace(query=query)), GET_HEADERS, "", params)
