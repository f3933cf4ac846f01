"""What the REST API answers about calls: one call, lists of them, and a call just asked for.

The rows of `call_projection` are proved equal to these by tests.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from recsim.vendors.telnyx.pages import TexmlPage
from recsim.vendors.telnyx.wire import Digits, Name, Path, TexmlDate, Uuid, Wire, expect


class TexmlCall(Wire):
    """A call: fetched, updated, or an item of the list.

    Source: CallResource.
    """

    account_sid: Uuid
    answered_by: Literal["human", "machine", "not_sure"] | None = None
    """Left out without answering machine detection, since null is none of its words."""
    caller_name: str | None
    date_created: TexmlDate
    date_updated: TexmlDate
    direction: Literal["inbound", "outbound"]
    duration: Digits | None
    """Whole seconds after the answer; null until it ended (assumed)."""
    end_time: TexmlDate | None
    from_: Annotated[Name, Field(alias="from")]
    from_formatted: Name
    price: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$")] | None
    """Null unless the account is told what calls cost."""
    price_unit: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None
    sid: Name
    """The call_control_id."""
    start_time: TexmlDate | None
    status: Literal[
        "ringing", "in-progress", "canceled", "completed", "failed", "busy", "no-answer"
    ]
    to: Name
    to_formatted: Name
    uri: Path

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        expect("uri", f"/v2/texml/Accounts/{self.account_sid}/Calls/{self.sid}.json", self.uri)
        is_over = self.status not in ("ringing", "in-progress")
        if not is_over == (self.end_time is not None) == (self.duration is not None):
            raise ValueError(f"end_time, duration: expected both or neither while {self.status}")
        return self


class TexmlCallList(TexmlPage):
    """A page of calls.

    Source: CallRetrieveCallsResponse.
    """

    ROWS = "calls"

    calls: list[TexmlCall]


class TexmlCallInitiated(Wire):
    """What making a call answers: nothing that names it.

    Source: CallCallsResponse.
    """

    from_: Annotated[Name, Field(alias="from")]
    to: Name
    status: Name
    """`queued`, in the sample of InitiateTexmlCall."""
