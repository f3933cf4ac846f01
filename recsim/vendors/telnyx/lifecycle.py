"""What moves what: the tables of the platform.

`guide` is docs/voice/programmable-voice/call-recording (seed 000), `docs X` a page of the voice
documentation, `Q n` an entry of the open questions whose default is taken. `assumed:` starts a
reference that nobody has published.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from recsim.core.entities import (
    ABSENT,
    BUSY,
    CANCELED,
    COMPLETED,
    DELETED,
    DELIVERED,
    FAILED,
    IN_PROGRESS,
    INIT,
    INITIATED,
    NEW,
    NO_ANSWER,
    PAUSED,
    RINGING,
    SENDING,
    STOPPED,
    WAITING,
)
from recsim.core.lifecycle import Coupling, Lifecycle, Rule


class Verdict(NamedTuple):
    """What an HTTP status from `low` to `high` does to a delivery; 0 stands for no answer."""

    low: int
    high: int
    trigger: str
    """accept, retry, redirect or give_up, which is a failover where there is another URL."""
    spec: str


ENDED = (COMPLETED, CANCELED, BUSY, NO_ANSWER, FAILED)
"""How a call leg can end."""

# fmt: off
CALL_LEG = Lifecycle("call leg", NEW, final=ENDED, rules=(
    #    source       trigger        dest         spec
    Rule(NEW,         "ring",        RINGING,     "docs calls: the call resource is created"),
    Rule(NEW,         "dial",        INITIATED,   "texml-call-initiated; InitiateTexmlCall, docs dial"),
    Rule(INITIATED,   "alert",       RINGING,     "texml-call-ringing"),
    Rule(INITIATED,   "pick_up",     IN_PROGRESS, "texml-call-answered; assumed: without ringing"),
    Rule(INITIATED,   "busy",        BUSY,        "docs dial: busy"),
    Rule(INITIATED,   "decline",     BUSY,        "assumed: whoever is called doesn't want to"),
    Rule(INITIATED,   "unreachable", FAILED,      "docs dial: unknown number"),
    Rule(INITIATED,   "no_answer",   NO_ANSWER,   "CallResource.status: no-answer"),
    Rule(INITIATED,   "ring_out",    NO_ANSWER,   "docs dial: timeout; InitiateTexmlCall: Timeout"),
    Rule(INITIATED,   "cancel",      CANCELED,    "docs dial: another one answered first"),
    Rule(INITIATED,   "part",        CANCELED,    "assumed: whoever dialed it is gone"),
    Rule(INITIATED,   "complete",    CANCELED,    "update call, Status=completed; CallResource.status"),
    Rule(RINGING,     "alert",       None,        "assumed: it rings already"),
    Rule(RINGING,     "answer",      IN_PROGRESS, "Q 19: at the first verb that is not Reject"),
    Rule(RINGING,     "pick_up",     IN_PROGRESS, "texml-call-answered"),
    Rule(RINGING,     "hang_up",     CANCELED,    "CallResource.status: canceled"),
    Rule(RINGING,     "reject",      FAILED,      "docs reject: not answered; assumed: the status"),
    Rule(RINGING,     "busy",        BUSY,        "docs reject, docs dial: busy; CallResource.status"),
    Rule(RINGING,     "decline",     BUSY,        "assumed: whoever is called doesn't want to"),
    Rule(RINGING,     "unreachable", FAILED,      "CallResource.status: failed"),
    Rule(RINGING,     "no_answer",   NO_ANSWER,   "CallResource.status: no-answer"),
    Rule(RINGING,     "ring_out",    NO_ANSWER,   "docs dial: timeout; InitiateTexmlCall: Timeout"),
    Rule(RINGING,     "cancel",      CANCELED,    "docs dial: another one answered first"),
    Rule(RINGING,     "part",        CANCELED,    "assumed: whoever dialed it is gone"),
    Rule(RINGING,     "complete",    CANCELED,    "update call, Status=completed; CallResource.status"),
    Rule(RINGING,     "fail",        FAILED,      "assumed: no instructions, no call"),
    Rule(IN_PROGRESS, "hang_up",     COMPLETED,   "docs hangup: CallStatus completed"),
    Rule(IN_PROGRESS, "drop",        COMPLETED,   "docs hangup; Q 45: the end of the document"),
    Rule(IN_PROGRESS, "part",        COMPLETED,   "docs dial: ended with whoever dialed it"),
    Rule(IN_PROGRESS, "time_limit",  COMPLETED,   "docs dial: timeLimit; InitiateTexmlCall: TimeLimit"),
    Rule(IN_PROGRESS, "complete",    COMPLETED,   "update call, Status=completed"),
    Rule(IN_PROGRESS, "reject",      COMPLETED,   "docs reject: an answered call is hung up"),
    Rule(IN_PROGRESS, "busy",        COMPLETED,   "docs reject: an answered call is hung up"),
    Rule(IN_PROGRESS, "fail",        COMPLETED,   "assumed: a call without instructions is ended"),
))

CONFERENCE = Lifecycle("conference", NEW, final=(COMPLETED,), rules=(
    #    source       trigger           dest         spec
    Rule(NEW,         "create",         INIT,        "docs conference: naming a room that does not exist creates it"),
    Rule(INIT,        "start",          IN_PROGRESS, "docs conference: startConferenceOnEnter"),
    Rule(INIT,        "empty",          COMPLETED,   "assumed: everybody left before it started"),
    Rule(INIT,        "moderator_left", COMPLETED,   "assumed: endConferenceOnExit counts before it starts too"),
    Rule(INIT,        "complete",       COMPLETED,   "update conference, Status=completed"),
    Rule(IN_PROGRESS, "empty",          COMPLETED,   "ConferenceResource: last-participant-left"),
    Rule(IN_PROGRESS, "moderator_left", COMPLETED,   "docs conference: endConferenceOnExit"),
    Rule(IN_PROGRESS, "complete",       COMPLETED,   "update conference, Status=completed"),
    Rule(IN_PROGRESS, "expire",         COMPLETED,   "ConferenceResource: time-exceeded; Q 74"),
))

RECORDING = Lifecycle("recording", NEW, final=(COMPLETED, ABSENT), removed=DELETED, rules=(
    #    source       trigger     dest         spec
    Rule(NEW,         "start",    IN_PROGRESS, "guide: Recording sources"),
    Rule(IN_PROGRESS, "pause",    PAUSED,      "update call recording, Status=paused"),
    Rule(IN_PROGRESS, "resume",   None,        "Q 32: already in the target status"),
    Rule(IN_PROGRESS, "stop",     STOPPED,     "update call recording, Status=stopped"),
    Rule(IN_PROGRESS, "end",      STOPPED,     "docs record: the call ended"),
    Rule(IN_PROGRESS, "key",      STOPPED,     "docs record: finishOnKey"),
    Rule(IN_PROGRESS, "limit",    STOPPED,     "docs record: maxLength"),
    Rule(IN_PROGRESS, "silence",  STOPPED,     "docs record: timeout"),
    Rule(PAUSED,      "pause",    None,        "Q 32: already in the target status"),
    Rule(PAUSED,      "resume",   IN_PROGRESS, "update call recording, Status=in-progress"),
    Rule(PAUSED,      "stop",     STOPPED,     "Q 31: stopping while paused is allowed"),
    Rule(PAUSED,      "end",      STOPPED,     "docs record: the call ended"),
    Rule(PAUSED,      "key",      STOPPED,     "assumed: a key counts while paused"),
    Rule(PAUSED,      "limit",    STOPPED,     "Q 30: only where paused time counts"),
    Rule(STOPPED,     "stop",     None,        "Q 32: already in the target status"),
    Rule(STOPPED,     "end",      None,        "assumed: capture was over before the call"),
    Rule(STOPPED,     "save",     COMPLETED,   "docs record: the file is stored"),
    Rule(STOPPED,     "discard",  ABSENT,      "Q 26: no usable audio"),
    Rule(STOPPED,     "fail",     ABSENT,      "docs recording: the recording failed; Q 28"),
    Rule(COMPLETED,   "end",      None,        "assumed: stored before the call ended"),
    Rule(COMPLETED,   "delete",   DELETED,     "delete call recording"),
    Rule(ABSENT,      "end",      None,        "assumed: given up before the call ended"),
    Rule(ABSENT,      "delete",   DELETED,     "delete call recording"),
    Rule(DELETED,     "end",      None,        "assumed: deleted before the call ended"),
))

DELIVERY = Lifecycle("delivery", NEW, final=(DELIVERED, FAILED), rules=(
    #    source       trigger      dest         spec
    Rule(NEW,         "send",      SENDING,     "docs receiving-webhooks"),
    Rule(SENDING,     "accept",    DELIVERED,   "docs receiving-webhooks: any 2xx; Q 39a"),
    Rule(SENDING,     "redirect",  SENDING,     "docs voice-api-webhooks: up to three are followed; Q 11"),
    Rule(SENDING,     "retry",     WAITING,     "docs voice-api-webhooks: 408, 429, 5xx, no answer"),
    Rule(SENDING,     "fail_over", WAITING,     "docs voice-api-webhooks: failover; Q 38, Q 39"),
    Rule(SENDING,     "give_up",   FAILED,      "docs voice-api-webhooks: other 4xx; Q 38"),
    Rule(WAITING,     "send",      SENDING,     "Q 38: retries; Q 39: failover"),
))

COUPLINGS = (
    #        lifecycle    dests          relation                       trigger   spec
    Coupling("call leg",  ENDED,         "leg bridged with it",         "part",   "assumed: nobody is left to be heard"),
    Coupling("call leg",  ENDED,         "recordings of the leg",       "end",    "docs record: ends with the call"),
    Coupling("call leg",  (IN_PROGRESS,), "legs that ring with it",     "cancel", "docs dial: first answer wins"),
    Coupling("call leg",  ENDED,         "conference that it is in",    "leave",  "docs conference: participants"),
    Coupling("call leg",  ENDED,         "legs that it dialed",         "part",   "docs dial"),
    Coupling("call leg",  ENDED,         "recording of its dial",       "end",    "Q 46: at bridge end"),
    Coupling("call leg",  ENDED,         "dial that called it",         "finish", "docs dial: action, or next verb"),
    Coupling("call leg",  (INITIATED,),  "status callback of the leg",  "initiated", "texml-call-initiated"),
    Coupling("call leg",  (RINGING,),    "status callback of the leg",  "ringing",   "texml-call-ringing"),
    Coupling("call leg",  (IN_PROGRESS,), "status callback of the leg", "answered",  "texml-call-answered"),
    Coupling("call leg",  ENDED,         "status callback of the leg",  "completed", "texml-call-completed"),
    Coupling("call leg",  (INITIATED,),  "webhook of the leg",          "initiated", "call.initiated"),
    Coupling("call leg",  (RINGING,),    "webhook of the leg, if it came in", "initiated", "call.initiated: incoming"),
    Coupling("call leg",  (IN_PROGRESS,), "webhook of the leg",         "answered",  "call.answered"),
    Coupling("call leg",  ENDED,         "webhook of the leg",          "hangup",    "call.hangup"),
    Coupling("conference", (INIT,),      "webhook of the conference",   "created",   "conference.created"),
    Coupling("conference", (IN_PROGRESS,), "participants of the conference", "connect", "docs conference: the wait is over"),
    Coupling("conference", (IN_PROGRESS,), "status callback of the conference", "start", "texml-conference-start"),
    Coupling("conference", (IN_PROGRESS,), "status callback of who started it", "join", "texml-conference-start: SequenceNumber 0"),
    Coupling("conference", (COMPLETED,), "recordings of the conference", "end",   "docs conference: ends with the conference"),
    Coupling("conference", (COMPLETED,), "participants, if a request ended it", "complete", "update conference: hangs up everybody"),
    Coupling("conference", (COMPLETED,), "legs dialed for it",          "part",   "assumed: there is nothing left to come into"),
    Coupling("conference", (COMPLETED,), "Dial of its participants",    "finish", "docs conference: ends for all; Q 73"),
    Coupling("conference", (COMPLETED,), "status callback of the conference", "end", "texml-conference-end"),
    Coupling("conference", (COMPLETED,), "webhook of the conference",   "ended",  "conference.ended"),
    Coupling("recording", (STOPPED,),    "verb of the recording",       "finish", "docs record: action, or next verb"),
)

#: RecordingStatus sent per trigger. Keyed by trigger, not status: `resume` re-enters in-progress
#: and sends nothing.
CALLBACK_STATUS = {
    "start":   IN_PROGRESS,  # texml-recording-in-progress
    "save":    COMPLETED,    # texml-recording-completed
    "discard": ABSENT,       # Q 26, Q 27
    "fail":    ABSENT,       # Q 28
}

#: What webhooks tell of recordings, per trigger.
WEBHOOK_EVENTS = {
    "save":    "saved",  # call.recording.saved, conference.recording.saved
    "fail":    "error",  # call.recording.error; Q 28
}

#: What an HTTP status does to a delivery; 0 is no answer. The readings `webhook_success`
#: and `webhook_follow_redirects` decide on the first.
UNANSWERED = Verdict(0,     0, "retry",  "docs receiving-webhooks: no answer in time is retried")
ANY_2XX = Verdict(200,   299, "accept", "docs receiving-webhooks: any 2xx")
ONLY_200 = Verdict(200,  200, "accept", "texml-recording-completed: HTTP 200")
REDIRECT_FAILS = (
    Verdict(300,  399, "give_up", "docs receiving-webhooks: the delivery failed; Q 11"),
)
REDIRECT_FOLLOWED = (
    Verdict(301,  303, "redirect", "docs voice-api-webhooks: up to three are followed; Q 11"),
    Verdict(307,  308, "redirect", "docs voice-api-webhooks: up to three are followed; Q 11"),
)
RETRIED = (
    Verdict(408,  408, "retry",  "docs voice-api-webhooks"),
    Verdict(429,  429, "retry",  "docs voice-api-webhooks"),
    Verdict(500,  599, "retry",  "docs voice-api-webhooks"),
    UNANSWERED,
)
# fmt: on


def by_status(verdicts: Iterable[Verdict]) -> dict[int, str]:
    """The trigger for each status; the first verdict that covers it decides."""
    table: dict[int, str] = {}
    for verdict in verdicts:
        for status in range(verdict.low, verdict.high + 1):
            table.setdefault(status, verdict.trigger)
    return table
