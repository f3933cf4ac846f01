"""What TwiML has and TeXML hasn't: the dialect that documents are brought along in.

Sources: docs texml-twiml-compatibility; the elements and attributes of Twilio's own helper library.
What a page of TeXML has is not listed, whatever the other pages say of it.
"""

from __future__ import annotations

VERBS = frozenset({"Echo", "Message", "Prompt", "Queue", "Sms"})

NOUNS = {
    "Connect": frozenset(
        {"Assistant", "Autopilot", "Conversation", "ConversationRelaySession", "Room"}
        | {"VirtualAgent"}
    ),
    "Dial": frozenset({"Application", "Client", "Sim", "WhatsApp"}),
    "Enqueue": frozenset({"Task"}),
}
"""By the verb that they stand in."""

OF_MACHINES = frozenset({"amdStatusCallback", "amdStatusCallbackMethod"})

ATTRIBUTES = {
    "Conference": frozenset({"coach", "eventCallbackUrl", "jitterBufferSize", "region"}),
    "Connect": frozenset({"action", "method"}),
    "Dial": frozenset(
        {"callReason", "recordingTrack", "referMethod", "referUrl", "sequential", "trim"}
    ),
    "Enqueue": frozenset({"maxQueueSize", "workflowSid"}),
    "Gather": frozenset(
        {"actionOnEmptyResult", "bargeIn", "debug", "enhanced", "maxSpeechTime", "method"}
        | {"speechModel"}
    ),
    "Number": frozenset({"byoc"}) | OF_MACHINES,
    "Queue": frozenset({"postWorkActivitySid", "reservationSid"}),
    "Record": frozenset({"recordingTrack"}),
    "Sip": OF_MACHINES,
    "Start": frozenset({"action", "method"}),
    "Stream": frozenset({"connectorName"}),
}
"""By element. `recordingTrack`, which TwiML has on `<Dial>`, is as foreign to `<Record>`."""
