"""How many recordings of one call, or of one conference, may go on at once."""

from __future__ import annotations

from recsim.core.entities import IN_PROGRESS, PAUSED, CallLeg, Conference
from recsim.vendors.telnyx.rest.errors import UNABLE, refused
from recsim.vendors.telnyx.rest.exchange import Exchange


def room_for_another(exchange: Exchange, entity: CallLeg | Conference) -> None:
    """Refuse to start another recording where as many go on as may (Q 33).

    Assumed: whatever made them counts, a paused one too; a document is not held to it; the error.
    """
    most, recordings = exchange.rest.most_recordings, exchange.platform.recordings
    going_on = sum(recordings[key].status in (IN_PROGRESS, PAUSED) for key in entity.recordings)
    if most and going_on >= most:
        raise refused(UNABLE)
