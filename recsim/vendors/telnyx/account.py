"""What an account has on file: who it is, who may ask for it, and which calls it always records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from recsim.core.entities import INBOUND, CallLeg, RecordingSettings, Wish
from recsim.vendors.telnyx.defaults import BY_NUMBER, BY_PROFILE, SourceDefault

# Which outbound calls a voice profile records. Source: OutboundCallRecording, call_recording_type.
ALL = "all"
NONE = "none"
BY_CALLER = "by_caller_phone_number"


class Trunk(NamedTuple):
    """How calls are recorded that a setting records; None: as the table of sources has it."""

    channels: int | None = None
    format: str | None = None


class Profile(NamedTuple):
    """An outbound voice profile, as far as it records calls."""

    records: str = NONE
    """ALL, NONE or BY_CALLER."""
    callers: tuple[str, ...] = ()
    """Whose calls BY_CALLER records, in E.164."""
    trunk: Trunk = Trunk()


class Account(NamedTuple):
    """An account; one that says nothing is anybody's, and records nothing by itself."""

    sid: str = ""
    """Empty: drawn from the seed."""
    region: str = "US"
    """Where its conferences are. Source: conference record_start, `region`."""
    keys: tuple[str, ...] = ()
    """Its Bearer keys; none: any key is one."""
    restricted_keys: tuple[str, ...] = ()
    """Keys that are good, but not for /v2/recordings."""
    numbers: Mapping[str, Trunk] = {}
    """Its numbers that record whoever calls them. Source: CallRecording."""
    profile: Profile = Profile()


def on_file(account: Account, defaults: Mapping[str, SourceDefault], leg: CallLeg) -> Wish | None:
    """What the account's settings record of a leg from its answer on; None: nothing.

    Source: CallRecording (inbound_call_recording_*), OutboundCallRecording; Q 58 (from answer to
    the end of the call, and no callbacks).
    """
    profile = account.profile
    if leg.direction == INBOUND:
        if leg.to not in account.numbers:
            return None
        return _wish(defaults[BY_NUMBER], account.numbers[leg.to])
    if profile.records == ALL or (profile.records == BY_CALLER and leg.from_ in profile.callers):
        return _wish(defaults[BY_PROFILE], profile.trunk)
    return None


def _wish(default: SourceDefault, trunk: Trunk) -> Wish:
    settings = RecordingSettings(
        channels=trunk.channels or default.channels,
        track=default.track,
        is_trimmed=default.is_trimmed,
        beep=default.beep,
        format=trunk.format or default.format,
        limit_us=default.limit_us,
        silence_us=default.silence_us,
        callback_url="",
        callback_method="POST",
        callback_events=default.callback_events,
        sends_url=False,
    )
    return Wish(default.source, settings)
