"""What Telnyx sends: the facts of each message, frozen when it is caused, and its wire form.

A module for each subject; `encoding` turns rows into what goes over the wire.
"""

from recsim.vendors.telnyx.callbacks.actions import (
    DialAction,
    GatherAction,
    QueueAction,
    RecordAction,
    ReferAction,
    conference_action,
    dial_action,
    gather_action,
    queue_action,
    record_action,
    refer_action,
)
from recsim.vendors.telnyx.callbacks.conference import ConferenceStatus, conference_status
from recsim.vendors.telnyx.callbacks.encoding import PARAMETERS, encode, quoted
from recsim.vendors.telnyx.callbacks.instructions import (
    Instructions,
    QueueWait,
    instructions,
    queue_wait,
)
from recsim.vendors.telnyx.callbacks.progress import CallStatus, call_status
from recsim.vendors.telnyx.callbacks.recording import (
    RecordingStatus,
    never_recorded,
    recording_status,
)

__all__ = [
    "PARAMETERS",
    "CallStatus",
    "ConferenceStatus",
    "DialAction",
    "GatherAction",
    "Instructions",
    "QueueAction",
    "QueueWait",
    "RecordAction",
    "RecordingStatus",
    "ReferAction",
    "call_status",
    "conference_action",
    "conference_status",
    "dial_action",
    "encode",
    "gather_action",
    "instructions",
    "never_recorded",
    "queue_action",
    "queue_wait",
    "quoted",
    "record_action",
    "recording_status",
    "refer_action",
]
