"""What the REST API answers about conferences and their participants.

The rows of `conference_projection` are proved equal to these by tests.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from recsim.vendors.telnyx.pages import TexmlPage
from recsim.vendors.telnyx.wire import Name, Path, TexmlDate, Uuid, Wire, expect

Reason = Literal[
    "participant-with-end-conference-on-exit-left",
    "last-participant-left",
    "conference-ended-via-api",
    "time-exceeded",
]


class Links(Wire):
    """Where what belongs to a conference is."""

    participants: Path
    recordings: Path


class TexmlConference(Wire):
    """A conference: fetched, updated, or an item of the list.

    Source: ConferenceResource.
    """

    account_sid: Uuid
    api_version: Literal["v2/texml"]
    call_sid_ending_conference: Name | None
    """Whose leaving ended it; null where nobody's did."""
    date_created: TexmlDate
    date_updated: TexmlDate
    friendly_name: str
    reason_conference_ended: Reason | None = None
    """Left out while it goes on, since null is none of its words."""
    region: Literal["Australia", "Europe", "Middle East", "US"]
    sid: Uuid
    status: Literal["init", "in-progress", "completed"]
    subresource_uris: Links
    uri: Path

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        path = f"/v2/texml/Accounts/{self.account_sid}/Conferences/{self.sid}"
        expect("uri", path, self.uri)
        has_reason = self.reason_conference_ended is not None
        expect("reason_conference_ended is there", self.status == "completed", has_reason)
        if self.call_sid_ending_conference is not None and not has_reason:
            raise ValueError("call_sid_ending_conference: expected null while it goes on")
        return self


class Participant(Wire):
    """What all answers about a participant say."""

    account_sid: Uuid
    call_sid: Name
    coaching: bool
    coaching_call_sid: Name | None
    conference_sid: Uuid
    end_conference_on_exit: bool
    hold: bool
    muted: bool
    status: Literal["connecting", "connected", "completed"]
    uri: Path

    @model_validator(mode="after")
    def _names_whom_it_coaches(self) -> Self:
        expect("coaching_call_sid is there", self.coaching, self.coaching_call_sid is not None)
        return self


class TexmlNewParticipant(Participant):
    """What dialing a participant answers.

    Source: ParticipantParticipantsResponse.
    """


class TexmlParticipant(Participant):
    """A participant: fetched, updated, or an item of the list.

    Source: ParticipantResource.
    """

    api_version: Literal["v2/texml"]
    call_sid_legacy: Name
    coaching_call_sid_legacy: Name | None
    date_created: TexmlDate
    date_updated: TexmlDate


class TexmlConferenceList(TexmlPage):
    """A page of conferences. Source: ConferenceRetrieveConferencesResponse."""

    ROWS = "conferences"

    conferences: list[TexmlConference]


class TexmlParticipantList(TexmlPage):
    """The participants of a conference. Source: ParticipantRetrieveParticipantsResponse."""

    ROWS = "participants"

    participants: list[TexmlParticipant]
