"""What messages have in common: whose call it is, and how a recording is told."""

from __future__ import annotations

from typing import NamedTuple

from recsim.core.entities import DELETED, NEVER, CallLeg, Recording
from recsim.vendors.telnyx.words import Words

Params = tuple[tuple[str, str], ...]


class Recorded(NamedTuple):
    """A recording, as messages about its call tell it."""

    n: int
    """Its number in the session."""
    started_at_us: int
    format: str
    length_us: int
    signed_at_us: int
    """-1: no link."""
    file_name: str = ""
    """Empty: as the vendor names files."""


def recorded(recording: Recording, now_us: int, *, has_link: bool) -> Recorded:
    """A recording whose capture is over; its link is signed now."""
    return Recorded(
        recording.n,
        recording.started_at_us,
        recording.settings.format,
        recording.length_us,
        now_us if has_link else -1,
        recording.settings.file_name,
    )


def is_usable(recording: Recording) -> bool:
    """Whether its capture is over and there is, or will be, audio to be fetched."""
    return recording.ended_at_us != NEVER and not recording.lacks and recording.status != DELETED


def answered_us(leg: CallLeg, now_us: int) -> int:
    """How long its party has been on it, in µs."""
    return max(0, min(leg.ended_at_us, now_us) - leg.answered_at_us)


def call_params(words: Words, session: str, leg: int) -> dict[str, str]:
    """Whose call it is. Source: docs texml-instruction-fetching, standard parameters."""
    call_sid = words.wire_id("call", session, leg)
    return {"AccountSid": words.account_sid, "CallSid": call_sid, "CallSidLegacy": call_sid}


def link(words: Words, session: str, leg: int, told: Recorded) -> str:
    """The link to a recording that has one."""
    return words.link(
        session,
        leg,
        told.n,
        told.started_at_us,
        told.format,
        told.signed_at_us,
        file_name=told.file_name,
    )


def recorded_params(words: Words, session: str, leg: int, told: Recorded | None) -> dict[str, str]:
    """RecordingDuration and RecordingUrl, of a call that was recorded."""
    if told is None:
        return {}
    params = {"RecordingDuration": words.seconds(told.length_us)}
    if told.signed_at_us >= 0:
        params["RecordingUrl"] = link(words, session, leg, told)
    return params
