"""Instruction fetches: what a request for a document carries.

Source: docs texml-instruction-fetching; api-reference/callbacks/texml-queue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from recsim.core.entities import CallLeg, CallSession
from recsim.vendors.telnyx.callbacks.base import Params, call_params
from recsim.vendors.telnyx.words import Words

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Instructions(NamedTuple):
    """The facts of an instruction fetch."""

    session: str
    connection_id: str
    leg: int
    from_: str
    to: str
    call_status: str
    caller_name: str = ""
    """Empty: the number."""

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "instructions"


class QueueWait(NamedTuple):
    """The facts of a fetch of what is heard in a queue."""

    call: Instructions
    queue: str
    """Its name."""
    position: int
    """From 1."""
    size: int
    waited_us: int
    average_us: int

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return "queue"


def instructions(session: CallSession, leg: CallLeg) -> Instructions:
    """An instruction fetch."""
    return Instructions(
        session.title,
        session.application.connection_id,
        leg.n,
        leg.from_,
        leg.to,
        leg.status,
        leg.setup.caller_name,
    )


def queue_wait(platform: Platform, leg: CallLeg) -> QueueWait:
    """The fetch of what is heard in a queue, while `leg` waits in it.

    Assumed: who was taken and isn't bridged yet still counts, as the first; AvgQueueTime is of
    those who wait now, as long as they have waited.
    """
    verb: Any = leg.verb
    others = platform.queues.get(verb.name, ())
    waiting = others if leg.key in others else (leg.key, *others)
    waits_us = [platform.now_us - _since_us(platform.legs[key]) for key in waiting]
    return QueueWait(
        instructions(platform.sessions[leg.session], leg),
        verb.name,
        waiting.index(leg.key) + 1,
        len(waiting),
        platform.now_us - _since_us(leg),
        sum(waits_us) // len(waits_us),
    )


def _since_us(leg: CallLeg) -> int:
    """When a leg that waits in a queue came into it."""
    since_us: int = (leg.outer or leg).progress.since_us
    return since_us


def instruction_params(words: Words, facts: Instructions) -> Params:
    """Parameters of an instruction fetch."""
    params = call_params(words, facts.session, facts.leg)
    params["ConnectionId"] = facts.connection_id or words.connection_id
    params["CallerId"] = facts.caller_name or facts.from_
    params |= parties(facts)
    params["CallStatus"] = facts.call_status
    params |= sip_uris(facts)
    return tuple(params.items())


def parties(facts: Instructions) -> dict[str, str]:
    """Who called whom, and from where."""
    kind = "sip" if facts.from_.startswith("sip:") else "pstn"
    return {"CallingPartyType": kind, "From": facts.from_, "To": facts.to}


def sip_uris(facts: Instructions) -> dict[str, str]:
    """The SIP addresses among them."""
    both = {"FromSipUri": facts.from_, "ToSipUri": facts.to}
    return {name: address for name, address in both.items() if address.startswith("sip:")}


def queue_params(words: Words, facts: QueueWait) -> Params:
    """Parameters of a fetch of what is heard in a queue: those that texml-queue lists."""
    call = facts.call
    params = call_params(words, call.session, call.leg)
    params["ConnectionId"] = call.connection_id or words.connection_id
    params["From"] = call.from_
    params["To"] = call.to
    params["QueueSid"] = words.wire_id("queue", facts.queue)
    params["QueuePosition"] = str(facts.position)
    params["CurrentQueueSize"] = str(facts.size)
    params["QueueTime"] = words.seconds(facts.waited_us)
    params["AvgQueueTime"] = words.seconds(facts.average_us)
    return tuple(params.items())
