"""Why a call ended and who ended it, as call progress tells it.

`call.hangup` is api-reference/callbacks/call-hangup, whose words these are. `assumed:` starts a
reference that nobody has published.
"""

from __future__ import annotations

from typing import NamedTuple

from recsim.core.entities import (
    BUSY,
    CANCELED,
    COMPLETED,
    FAILED,
    INBOUND,
    NO_ANSWER,
    CallLeg,
)

# Who ended a call.
CALLER = "caller"
CALLEE = "callee"
UNKNOWN = "unknown"
PARTY = "party"
"""Whoever is on the leg: the caller of one that came in, the callee of one that was dialed."""
PLATFORM = "platform"
"""The other end of the leg."""


class Hangup(NamedTuple):
    """One row: HangupCause and, by its end of the leg, HangupSource."""

    cause: str
    by: str
    spec: str


# fmt: off
#: By the trigger of the leg's last move, and the status that this led to.
HANGUPS = {
    #                                 cause                by        spec
    ("hang_up",     COMPLETED): Hangup("normal_clearing",   PARTY,    "texml-call-completed: normal_clearing, caller"),
    ("hang_up",     CANCELED):  Hangup("originator_cancel", PARTY,    "assumed: before it was answered"),
    ("drop",        COMPLETED): Hangup("normal_clearing",   PLATFORM, "docs hangup: callee, in its sample"),
    ("complete",    COMPLETED): Hangup("normal_clearing",   PLATFORM, "assumed: as Hangup"),
    ("complete",    CANCELED):  Hangup("originator_cancel", PLATFORM, "assumed: before it was answered"),
    ("part",        COMPLETED): Hangup("normal_clearing",   PLATFORM, "assumed: ended with whoever dialed it"),
    ("part",        CANCELED):  Hangup("originator_cancel", PLATFORM, "assumed: whoever dialed it is gone"),
    ("cancel",      CANCELED):  Hangup("originator_cancel", PLATFORM, "assumed: another one answered first"),
    ("time_limit",  COMPLETED): Hangup("time_limit",        PLATFORM, "call.hangup: time_limit; assumed: by whom"),
    ("ring_out",    NO_ANSWER): Hangup("timeout",           PLATFORM, "call.hangup: timeout; assumed: by whom"),
    ("no_answer",   NO_ANSWER): Hangup("no_answer",         CALLEE,   "call.hangup: no_answer; assumed: by whom"),
    ("busy",        BUSY):      Hangup("user_busy",         CALLEE,   "call.hangup: user_busy; docs reject"),
    ("busy",        COMPLETED): Hangup("normal_clearing",   PLATFORM, "docs reject: an answered call is hung up"),
    ("decline",     BUSY):      Hangup("call_rejected",     CALLEE,   "call.hangup: call_rejected"),
    ("reject",      FAILED):    Hangup("call_rejected",     CALLEE,   "call.hangup: call_rejected; docs reject"),
    ("reject",      COMPLETED): Hangup("normal_clearing",   PLATFORM, "docs reject: an answered call is hung up"),
    ("unreachable", FAILED):    Hangup("not_found",         UNKNOWN,  "call.hangup: not_found; assumed: by whom"),
    ("fail",        FAILED):    Hangup("unspecified",       UNKNOWN,  "assumed: no instructions, no call"),
    ("fail",        COMPLETED): Hangup("unspecified",       UNKNOWN,  "assumed: a call without instructions is ended"),
}
# fmt: on


def cause_of(leg: CallLeg) -> str:
    """HangupCause of a leg that is over."""
    return HANGUPS[leg.ended_by, leg.status].cause


def source_of(leg: CallLeg) -> str:
    """HangupSource of a leg that is over."""
    by = HANGUPS[leg.ended_by, leg.status].by
    if by == PARTY:
        return CALLER if leg.direction == INBOUND else CALLEE
    if by == PLATFORM:
        return CALLEE if leg.direction == INBOUND else CALLER
    return by
