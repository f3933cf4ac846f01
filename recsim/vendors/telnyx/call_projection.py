"""One call leg, seen as its endpoints answer: a plain row, which tests prove equal to the model.

Source: CallResource, with its sample in api-reference update call; keys in its order.
"""

from __future__ import annotations

import re
from typing import Any

from recsim.core.entities import INITIATED, NEVER, RINGING, CallLeg, CallSession
from recsim.vendors.telnyx.words import Words

NORTH_AMERICAN = re.compile(r"\+1([0-9]{3})([0-9]{3})([0-9]{4})")


def call_path(words: Words, session: CallSession, leg: CallLeg) -> str:
    """Where a call is, from the root of the server. Source: the sample of update call (`.json`)."""
    call = words.wire_id("call", session.title, leg.n)
    return f"/v2/texml/Accounts/{words.account_sid}/Calls/{call}.json"


def shown_status(leg: CallLeg) -> str:
    """Its status as the resource has it, which knows no `initiated` (assumed: ringing)."""
    return RINGING if leg.status == INITIATED else leg.status


def call_resource(words: Words, session: CallSession, leg: CallLeg) -> dict[str, Any]:
    """What fetching a call answers.

    Assumed: it starts when it is initiated, and lasts from its answer to its end; there is no
    answering machine detection and no call cost; it is updated when it is answered and ended.
    """
    is_over, is_answered = leg.ended_at_us != NEVER, leg.answered_at_us != NEVER
    length_us = leg.ended_at_us - leg.answered_at_us if is_answered else 0
    moved_at_us = leg.answered_at_us if is_answered else leg.initiated_at_us
    updated_at_us = leg.ended_at_us if is_over else moved_at_us
    return {
        "account_sid": words.account_sid,
        "caller_name": leg.setup.caller_name or leg.from_,
        "date_created": words.resource_date(leg.initiated_at_us),
        "date_updated": words.resource_date(updated_at_us),
        "direction": leg.direction,
        "duration": words.seconds(length_us) if is_over else None,
        "end_time": words.resource_date(leg.ended_at_us),
        "from": leg.from_,
        "from_formatted": formatted(leg.from_),
        "price": None,
        "price_unit": None,
        "sid": words.wire_id("call", session.title, leg.n),
        "start_time": words.resource_date(leg.initiated_at_us),
        "status": shown_status(leg),
        "to": leg.to,
        "to_formatted": formatted(leg.to),
        "uri": call_path(words, session, leg),
    }


def formatted(number: str) -> str:
    """A number for display. Source: the sample, `(312) 345-6789`; assumed: others stay."""
    match = NORTH_AMERICAN.fullmatch(number)
    return f"({match[1]}) {match[2]}-{match[3]}" if match else number
