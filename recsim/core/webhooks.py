"""JSON webhooks: what an application that names a URL for them is told, without subscribing.

Whom a move tells of is a row of the vendor's couplings; what is told, and of which recordings, is
the vendor's too. Each webhook has a number in its session, from which its id grows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsim.core import delivery
from recsim.core.entities import INBOUND, CallLeg, CallSession, Conference, Message, Recording

if TYPE_CHECKING:
    from recsim.core.platform import Platform

PARTICIPANT = ("join", "leave")
"""What `conferences.tell` tells of that webhooks tell too."""


def listens(platform: Platform, session: int) -> CallSession | None:
    """The session, if its application wants webhooks."""
    found = platform.sessions[session]
    return found if found.application.webhook.url else None


def send(platform: Platform, session: CallSession, message: Message) -> None:
    """Send a webhook to the application of a session.

    Source: docs voice-api-webhooks (the failover URL); assumed: by the same method.
    """
    session.hooks += 1
    to = session.application.webhook
    delivery.begin(platform, session, message, to.method, to.url, to.failover_url, session.hooks)


# Whom moves push.


def tell_of_leg(platform: Platform, leg: CallLeg, event: str) -> None:
    """The relation `webhook of the leg`."""
    session = listens(platform, leg.session)
    if session is not None:
        send(platform, session, platform.vendor.call_webhook(platform, leg, event))


def tell_of_caller(platform: Platform, leg: CallLeg, event: str) -> None:
    """The relation `webhook of the leg, if it came in`."""
    if leg.direction == INBOUND:
        tell_of_leg(platform, leg, event)


def tell_of_conference(platform: Platform, conference: Conference, event: str) -> None:
    """The relation `webhook of the conference`: about what moved it, or about who made it."""
    session = listens(platform, conference.session)
    if session is not None:
        leg = platform.legs[about(conference)]
        message = platform.vendor.conference_webhook(platform, conference, leg, event)
        send(platform, session, message)


def about(conference: Conference) -> int:
    """The leg that a webhook about all of a conference names."""
    is_over_by_leg = conference.ended_by in ("empty", "moderator_left")
    return conference.moved_by if is_over_by_leg else conference.leg


# What isn't a row of couplings.


def tell_of_recording(platform: Platform, recording: Recording, event: str) -> None:
    """What became of a recording: an event of `vendor.webhook_events`."""
    session = listens(platform, recording.session)
    if session is None or not is_told(platform, recording):
        return
    message = platform.vendor.recording_webhook(platform, recording, event)
    if message is not None:
        send(platform, session, message)


def is_told(platform: Platform, recording: Recording) -> bool:
    """Whether webhooks tell what becomes of a recording."""
    sources = platform.policy.webhook_sources
    return recording.settings.tells_webhook or recording.source in sources


def tell_of_participant(
    platform: Platform, conference: Conference, word: str, leg: CallLeg
) -> None:
    """Somebody came into a conference, or left it; other words of `conferences.tell` are passed by.

    Assumed: whoever made the conference is told.
    """
    if word not in PARTICIPANT:
        return
    session = listens(platform, conference.session)
    if session is not None:
        message = platform.vendor.conference_webhook(platform, conference, leg, word)
        send(platform, session, message)
