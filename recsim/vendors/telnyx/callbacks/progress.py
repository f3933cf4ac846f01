"""Call progress: how far a call has come, for whoever subscribed.

Source: api-reference/callbacks/texml-call-{initiated,ringing,answered,completed}. What is not
known here is left out: call quality, codec, attestation, organization and SIP causes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core.entities import (
    COMPLETED,
    FAILED,
    IN_PROGRESS,
    INITIATED,
    NEVER,
    RINGING,
    CallLeg,
)
from recsim.vendors.telnyx import hangups
from recsim.vendors.telnyx.callbacks.base import (
    Params,
    Recorded,
    answered_us,
    call_params,
    is_usable,
    recorded,
    recorded_params,
)
from recsim.vendors.telnyx.words import Words

if TYPE_CHECKING:
    from recsim.core.platform import Platform

SOURCE = "call-progress-events"

#: CallStatus by event; at its end, a call has the status that it ended with.
STATUSES = {
    "initiated": INITIATED,  # texml-call-initiated
    "ringing": RINGING,  # texml-call-ringing
    "answered": IN_PROGRESS,  # texml-call-answered
}

#: ErrorCode and ErrorMessage of a call that failed. Source: the sample of texml-call-completed,
#: which is the only one; assumed: whatever it failed for.
ERROR = ("10001", "Call failed")


class CallStatus(NamedTuple):
    """The facts of a call status callback."""

    session: str
    connection_id: str
    leg: int
    """Its number in the session."""
    parent: int
    """The number of the leg whose `<Dial>` made it; 0: none."""
    caller_name: str
    """Empty: the number."""
    from_: str
    to: str
    status: str
    sequence: int
    """How many this leg has sent before."""
    initiated_at_us: int
    at_us: int
    answered_us: int
    """How long its party has been on it."""
    answered_at_us: int
    """NEVER: it wasn't answered."""
    hangup_cause: str
    """Empty: it isn't over."""
    hangup_source: str
    """Empty: it isn't over."""
    recording: Recorded | None

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "call-status"


def call_status(platform: Platform, leg: CallLeg, event: str) -> CallStatus:
    """The callback that says how far a call has come."""
    session, status = platform.sessions[leg.session], STATUSES.get(event, leg.status)
    is_over = event not in STATUSES
    return CallStatus(
        session.title,
        session.application.connection_id,
        leg.n,
        platform.legs[leg.parent].n if leg.parent else 0,
        leg.setup.caller_name,
        leg.from_,
        leg.to,
        status,
        leg.told,
        leg.initiated_at_us,
        platform.now_us,
        answered_us(leg, platform.now_us),
        leg.answered_at_us,
        hangups.cause_of(leg) if is_over else "",
        hangups.source_of(leg) if is_over else "",
        recording_of(platform, leg) if status == COMPLETED else None,
    )


def recording_of(platform: Platform, leg: CallLeg) -> Recorded | None:
    """The recording that the end of a call tells of; None where there is none.

    Assumed: of several, the first that has usable audio, since one of the whole call is made first.
    """
    for recording in platform.recordings_on(leg):
        if is_usable(recording):
            return recorded(recording, platform.now_us, has_link=recording.settings.sends_url)
    return None


def call_status_params(words: Words, facts: CallStatus) -> Params:
    """Parameters of a call status callback.

    SequenceNumber counts what the leg has sent: the samples of texml-call-* go from 0 to 3, that of
    docs hangup has 0 where `completed` is all that is sent. CallDuration is of the time after the
    answer (assumed).
    """
    params = call_params(words, facts.session, facts.leg)
    params["CallInitiatedAt"] = words.v2_date(facts.initiated_at_us)
    params["CallStatus"] = facts.status
    params["CallbackSource"] = SOURCE
    params["CallerId"] = facts.caller_name or facts.from_
    params["ConnectionId"] = facts.connection_id or words.connection_id
    params["From"] = facts.from_
    if facts.parent:
        parent = words.wire_id("call", facts.session, facts.parent)
        params["ParentCallSid"] = params["ParentCallSidLegacy"] = parent
    params["SequenceNumber"] = str(facts.sequence)
    params["Timestamp"] = words.call_date(facts.at_us)
    params["To"] = facts.to
    if facts.status != INITIATED:
        params["CallDuration"] = words.seconds(facts.answered_us)
    if facts.status == COMPLETED:
        params |= completed_params(words, facts)
    if facts.status == FAILED:
        params["ErrorCode"], params["ErrorMessage"] = ERROR
    if facts.hangup_source:
        params["HangupSource"] = facts.hangup_source
    return tuple(params.items())


def completed_params(words: Words, facts: CallStatus) -> dict[str, str]:
    """What is told only where CallStatus is completed. Source: texml-call-completed.

    UserId is what AccountSid is, by the description of that one.
    """
    assert facts.answered_at_us != NEVER
    return {
        "AnsweredTime": words.call_date(facts.answered_at_us),
        "CallControlId": words.wire_id("call", facts.session, facts.leg),
        "CallLegId": words.wire_id("leg", facts.session, facts.leg),
        "CallSessionId": words.wire_id("session", facts.session),
        "EndTime": words.call_date(facts.at_us),
        "HangupCause": facts.hangup_cause,
        "OccurredAt": words.call_date(facts.at_us),
        **recorded_params(words, facts.session, facts.leg, facts.recording),
        "StartTime": words.call_date(facts.initiated_at_us),
        "UserId": words.account_sid,
    }
