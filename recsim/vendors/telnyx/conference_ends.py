"""Why a conference ended, as each family of the API says it.

Source: ConferenceResource (reason_conference_ended), ConferenceEnded (reason); Q 20.
"""

from __future__ import annotations

from typing import NamedTuple


class End(NamedTuple):
    """One row: what ended a conference."""

    trigger: str
    """Of its last move."""
    reason: str
    """reason_conference_ended of TeXML."""
    v2_reason: str
    """reason of conference.ended."""
    spec: str


# fmt: off
ENDS = (
    #   trigger           reason                                          v2 reason        spec
    End("moderator_left", "participant-with-end-conference-on-exit-left", "host_left",     "ConferenceResource, ConferenceEnded; Q 20"),
    End("empty",          "last-participant-left",                        "all_left",      "ConferenceResource, ConferenceEnded; Q 20"),
    End("complete",       "conference-ended-via-api",                     "all_left",      "ConferenceResource; Q 20"),
    End("expire",         "time-exceeded",                                "time_exceeded", "ConferenceResource, ConferenceEnded; Q 20"),
)
# fmt: on

BY_TRIGGER = {end.trigger: end for end in ENDS}
