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
from recsim.vendors.telnyx.callbacks.webhooks import (
    WEBHOOK_PARAMETERS,
    CallWebhook,
    ConferenceWebhook,
    RecordingWebhook,
    Webhook,
    call_webhook,
    conference_webhook,
    nested,
    recording_webhook,
)

__all__ = [
    "PARAMETERS",
    "WEBHOOK_PARAMETERS",
    "CallStatus",
    "CallWebhook",
    "ConferenceStatus",
    "ConferenceWebhook",
    "DialAction",
    "GatherAction",
    "Instructions",
    "QueueAction",
    "QueueWait",
    "RecordAction",
    "RecordingStatus",
    "RecordingWebhook",
    "ReferAction",
    "Webhook",
    "call_status",
    "call_webhook",
    "conference_action",
    "conference_status",
    "conference_webhook",
    "dial_action",
    "encode",
    "gather_action",
    "instructions",
    "nested",
    "never_recorded",
    "queue_action",
    "queue_wait",
    "quoted",
    "record_action",
    "recording_status",
    "recording_webhook",
    "refer_action",
]
