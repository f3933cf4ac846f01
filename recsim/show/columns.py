"""The columns of data frames, by their types: made of what the vendor's objects and tables say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from recsim.vendors.telnyx.callbacks import PARAMETERS, WEBHOOK_PARAMETERS
from recsim.vendors.telnyx.resources import (
    ConferenceRecordingItem,
    DownloadUrls,
    SubresourcesUris,
    TexmlCreateRecording,
    TexmlRecording,
    V2Recording,
)
from recsim.vendors.telnyx.wire import Wire

TEXT, NUMBER, RATIO, FLAG, MOMENT = "text", "number", "ratio", "flag", "moment"

Columns: TypeAlias = Mapping[str, str]
"""Types by name, in order."""

#: The views of a recording, in the order in which they are shown.
VIEWS: Mapping[str, type[Wire]] = {
    "texml_create": TexmlCreateRecording,
    "texml": TexmlRecording,
    "conference_item": ConferenceRecordingItem,
    "v2": V2Recording,
}

#: Fields that hold others.
INSIDE: Mapping[str, Iterable[str]] = {
    "download_urls": DownloadUrls.model_fields,
    "subresources_uris": SubresourcesUris.model_fields,
    "subresource_uris": SubresourcesUris.model_fields,
}

# fmt: off
#: Fields and parameters that are numbers or moments, by the end of their dotted name; others are
#: text.
TYPES = {
    **dict.fromkeys((
        "duration", "duration_millis", "texml_create.channels", "texml.channels",
        "conference_item.channels", "RecordingChannels", "RecordingDuration", "SequenceNumber",
        "CallDuration", "DialCallDuration", "SamplingRate", "QueuePosition", "CurrentQueueSize",
        "QueueTime", "AvgQueueTime", "NotifySipResponseCode", "ReferSipResponseCode",
        "meta.attempt",
    ), NUMBER),
    **dict.fromkeys(("price", "Confidence"), RATIO),
    **dict.fromkeys((
        "date_created", "date_updated", "start_time", "created_at", "updated_at",
        "recording_started_at", "recording_ended_at", "occurred_at", "CallInitiatedAt",
        "Timestamp", "AnsweredTime", "StartTime", "EndTime", "OccurredAt",
    ), MOMENT),
}
# fmt: on


def type_of(name: str) -> str:
    """The type of a field or parameter, by its dotted name."""
    return TYPES.get(name) or TYPES.get(name.rpartition(".")[2], TEXT)


def column_of(name: str) -> str:
    """A dotted name as that of a column: charts read a dot as a way into an object."""
    return name.replace(".", "_")


def fields(view: str) -> Iterable[str]:
    """The dotted names of what a view may say."""
    for name, field in VIEWS[view].model_fields.items():
        said = f"{view}.{field.alias or name}"
        yield from (f"{said}.{inner}" for inner in INSIDE[name]) if name in INSIDE else [said]


def typed(names: Iterable[str]) -> dict[str, str]:
    """Columns of dotted names."""
    return {column_of(name): type_of(name) for name in names}


RECORDINGS: Columns = {
    "sid": TEXT,
    "call": TEXT,
    "entity": NUMBER,
    "status": TEXT,
    **dict.fromkeys(("lasted_s", "paused_s", "captured_s", "kept_s"), RATIO),
    **typed(name for view in VIEWS for name in fields(view)),
}

CALLBACKS: Columns = {
    "at": MOMENT,
    "at_s": RATIO,
    "cause": NUMBER,
    "kind": TEXT,
    "method": TEXT,
    "url": TEXT,
    "attempt": NUMBER,
    "outcome": TEXT,
    "answered": NUMBER,
    "body": TEXT,
    **typed(PARAMETERS),
    **typed(WEBHOOK_PARAMETERS),
}

#: What stands first is what each line has; of the rest, each kind has some.
TRACE: Columns = {
    "seq": NUMBER,
    "at": MOMENT,
    "at_s": RATIO,
    "cause": NUMBER,
    "kind": TEXT,
    "says": TEXT,
    "call": TEXT,
    **dict.fromkeys(("session", "leg", "entity", "conference", "ticket"), NUMBER),
    **dict.fromkeys(("lifecycle", "source", "trigger", "dest", "spec"), TEXT),
    **dict.fromkeys(("name", "word", "room", "from", "to", "voice_url", "why", "digit"), TEXT),
    "on": FLAG,
    "words": TEXT,
    "message": TEXT,
    **dict.fromkeys(("method", "url", "path", "query", "body"), TEXT),
    **dict.fromkeys(("n", "timeout_us", "status"), NUMBER),
    **dict.fromkeys(("failure", "reason"), TEXT),
    "captured_us": NUMBER,
    **dict.fromkeys(("line", "column"), NUMBER),
    **dict.fromkeys(("rule", "text"), TEXT),
}
