"""Action requests: the instruction fetches after a verb, which tell how it went."""

from __future__ import annotations

from typing import NamedTuple

from recsim.core.entities import (
    BUSY,
    COMPLETED,
    NEVER,
    NO_ANSWER,
    CallLeg,
    CallSession,
    Met,
    Recording,
)
from recsim.vendors.telnyx.callbacks.base import (
    Params,
    Recorded,
    answered_us,
    call_params,
    is_usable,
    recorded,
    recorded_params,
)
from recsim.vendors.telnyx.callbacks.instructions import (
    Instructions,
    instruction_params,
    instructions,
)
from recsim.vendors.telnyx.words import Words

#: How sure speech recognition is of what it heard (assumed).
CONFIDENCE = "0.9"


class RecordAction(NamedTuple):
    """The facts of the request after a `<Record>`."""

    call: Instructions
    recording: Recorded
    digits: str

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "action"


class DialAction(NamedTuple):
    """The facts of the request after a `<Dial>`."""

    call: Instructions
    dialed: tuple[str, int] | None
    """Session and number of the leg that decided how it went; None: there was none."""
    status: str
    length_us: int
    """How long it was answered."""
    recording: Recorded | None

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "action"


class GatherAction(NamedTuple):
    """The facts of the request after a `<Gather>`."""

    call: Instructions
    digits: str
    words: str

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "action"


class QueueAction(NamedTuple):
    """The facts of the request after an `<Enqueue>`."""

    call: Instructions
    queue: str
    """Its name."""
    result: str
    waited_us: int

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "action"


class ReferAction(NamedTuple):
    """The facts of the request after a `<Refer>`."""

    call: Instructions
    why: str
    """Why nobody took the call; empty: somebody did."""
    at_us: int

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "action"


def record_action(
    session: CallSession, leg: CallLeg, recording: Recording, digits: str, now_us: int
) -> RecordAction:
    """The action request after a recording ended (Q 42, Q 69)."""
    told = recorded(recording, now_us, has_link=not recording.lacks)
    return RecordAction(instructions(session, leg), told, digits)


def dial_action(
    session: CallSession,
    leg: CallLeg,
    dialed: CallLeg | None,
    recording: Recording | None,
    now_us: int,
) -> DialAction:
    """The action request after a `<Dial>`.

    Assumed: where nobody was to be had, nobody answered; a leg that lives on was answered; of
    somebody taken from a queue, what counts is the bridge.
    """
    call = instructions(session, leg)
    told = None
    if recording is not None and is_usable(recording):
        told = recorded(recording, now_us, has_link=recording.settings.sends_url)
    if dialed is not None and dialed.parent == leg.key:
        status = dialed.status if dialed.ended_at_us != NEVER else COMPLETED
        named = (session.title, dialed.n)
        return DialAction(call, named, status, answered_us(dialed, now_us), told)
    met = _met(session, leg, dialed) if dialed is not None else None
    if met is None:
        return DialAction(call, None, NO_ANSWER, 0, told)
    length_us = met.until_us - met.from_us
    return DialAction(call, (met.session, met.n), COMPLETED, length_us, told)


def conference_action(session: CallSession, leg: CallLeg, is_in: bool, stay_us: int) -> DialAction:
    """The action request after a `<Dial>` with a `<Conference>` (Q 80).

    Whoever was let in has a call that was completed, and others one that was busy; of the
    conference itself nothing is told, since docs dial has no fields for it.
    """
    call = instructions(session, leg)
    return DialAction(call, None, COMPLETED if is_in else BUSY, stay_us, None)


def _met(session: CallSession, leg: CallLeg, other: CallLeg) -> Met | None:
    """The last bridge of two legs, as the first one has it; None: there was none."""
    for met in reversed(leg.met):
        if met._replace(session=session.title, n=leg.n) in other.met:
            return met
    return None


def gather_action(session: CallSession, leg: CallLeg, digits: str, words: str) -> GatherAction:
    """The action request after a `<Gather>`."""
    return GatherAction(instructions(session, leg), digits, words)


def queue_action(
    session: CallSession, leg: CallLeg, queue: str, result: str, waited_us: int
) -> QueueAction:
    """The action request after an `<Enqueue>`."""
    return QueueAction(instructions(session, leg), queue, result, waited_us)


def refer_action(session: CallSession, leg: CallLeg, to: str, why: str, now_us: int) -> ReferAction:
    """The action request after a `<Refer>`."""
    return ReferAction(instructions(session, leg), why, now_us)


def record_params(words: Words, facts: RecordAction) -> Params:
    """Parameters of an action request: those of a fetch, and what the recording is like."""
    call, told = facts.call, facts.recording
    return (
        *instruction_params(words, call),
        ("RecordingSid", words.wire_id("recording", call.session, told.n)),
        *recorded_params(words, call.session, call.leg, told).items(),
        ("Digits", facts.digits),
    )


def dial_params(words: Words, facts: DialAction) -> Params:
    """Those of a fetch, how the `<Dial>` went, and its recording.

    Source: docs dial; texml-call-completed, DialCall* and Recording*, which has no RecordingSid.
    """
    call, params = facts.call, {}
    if facts.dialed is not None:
        sid = words.wire_id("call", *facts.dialed)
        params["DialCallSid"] = params["DialCallSidLegacy"] = sid
    params["DialCallStatus"] = facts.status
    params["DialCallDuration"] = words.seconds(facts.length_us)
    params |= recorded_params(words, call.session, call.leg, facts.recording)
    return (*instruction_params(words, call), *params.items())


def gather_params(words: Words, facts: GatherAction) -> Params:
    """What was pressed, and what was said. Source: texml-gather, which lists all of it."""
    call = facts.call
    params = call_params(words, call.session, call.leg)
    params["From"], params["To"] = call.from_, call.to
    if facts.digits or not facts.words:
        params["Digits"] = facts.digits
    if facts.words:
        params["SpeechResult"], params["Confidence"] = facts.words, CONFIDENCE
    return tuple(params.items())


def queue_action_params(words: Words, facts: QueueAction) -> Params:
    """Those of a fetch, and how the wait ended.

    Source: none published; QueueResult as Twilio's Enqueue has it, but for our word `timeout`.
    """
    return (
        *instruction_params(words, facts.call),
        ("QueueSid", words.wire_id("queue", facts.queue)),
        ("QueueResult", facts.result),
        ("QueueTime", words.seconds(facts.waited_us)),
    )


class Referred(NamedTuple):
    """One row: how a `<Refer>` went, as its request says it."""

    status: str
    """ReferCallStatus."""
    notified: str
    """NotifySipResponseCode."""
    spec: str


# fmt: off
#: By why nobody took the call; empty where somebody did.
REFERRED = {
    #                       status         notified  spec
    "":            Referred("in-progress", "200",    "texml-refer-status, its sample"),
    "busy":        Referred("busy",        "486",    "assumed: SIP's Busy Here"),
    "decline":     Referred("busy",        "603",    "call-refer-failed; assumed: the status"),
    "no_answer":   Referred("no-answer",   "480",    "assumed: SIP's Temporarily Unavailable"),
    "unreachable": Referred("failed",      "404",    "assumed: SIP's Not Found"),
}
# fmt: on

ACCEPTED = "202"
"""ReferSipResponseCode, in the sample of texml-refer-status; assumed: nobody refuses to try."""


def refer_params(words: Words, facts: ReferAction) -> Params:
    """How the `<Refer>` went. Source: texml-refer-status, which lists all of it."""
    row = REFERRED[facts.why]
    params = call_params(words, facts.call.session, facts.call.leg)
    params["ReferCallStatus"] = row.status
    params["Timestamp"] = words.call_date(facts.at_us)
    params["NotifySipResponseCode"] = row.notified
    params["ReferSipResponseCode"] = ACCEPTED
    return tuple(params.items())
