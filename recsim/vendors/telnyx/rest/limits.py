"""How many recordings of one call may go on at once."""

from __future__ import annotations

from recsim.core.entities import IN_PROGRESS, PAUSED, CallLeg
from recsim.vendors.telnyx.rest.errors import v2_error
from recsim.vendors.telnyx.rest.exchange import Exchange


def room_for_another(exchange: Exchange, leg: CallLeg) -> None:
    """Refuse to start another recording of a call of which as many go on as may (Q 33).

    Assumed: whatever made them counts, a paused one too; a document is not held to it; the error.
    """
    most = exchange.rest.most_recordings
    going_on = sum(
        recording.status in (IN_PROGRESS, PAUSED)
        for recording in exchange.platform.recordings_on(leg)
    )
    if most and going_on >= most:
        raise v2_error(422, "90033", "Unable to execute command")
