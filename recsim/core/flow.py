"""How a leg follows its documents: fetch, understand, one verb after another.

Verbs begin here and only here, from the platform's work list, never inside a coupling. Each has
one exit, which says where to go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsim.core import verbs
from recsim.core.commands import Answer, Fetched, Pressed
from recsim.core.documents import Document
from recsim.core.effects import Cue, Fetch, Note
from recsim.core.entities import RINGING, CallLeg, Fetching
from recsim.core.errors import TexmlError
from recsim.core.verbs.base import End, Go

if TYPE_CHECKING:
    from recsim.core.platform import Platform


NO_URL = "expected a URL that can be fetched: absolute or relative, http or https"


def fetch(platform: Platform, leg: CallLeg, go: Go, fallback: Go | None = None) -> None:
    """Ask the application what to do next; on a leg that is over, only tell it.

    `fallback` is asked instead, once, when `go` leads to nothing that can be followed.
    """
    session = platform.sessions[leg.session]
    vendor = platform.vendor
    if go.recording is None:
        message = vendor.instructions(session, leg)
    else:
        message = vendor.action(session, leg, go.recording, go.digits, platform.now_us)
    fetching = Fetching(platform.new_key(), session.key, leg.key, go.url)
    if fallback is not None:
        fetching.fallback_url, fetching.fallback_method = fallback.url, fallback.method
    platform.fetches[fetching.key] = fetching
    session.open += 1
    if not platform.is_over(leg):
        leg.fetch = fetching.key
    timeout_us = platform.policy.fetch_timeout_us
    platform.emit(
        Fetch(platform.cause, fetching.key, session.key, go.method, go.url, message, timeout_us)
    )


def fetched(platform: Platform, command: Fetched) -> None:
    """The application answered; an answer the leg no longer waits for is ignored."""
    fetching = platform.fetches.pop(command.ticket, None)
    if fetching is None:
        return
    leg = platform.legs[fetching.leg]
    if leg.fetch == fetching.key:
        leg.fetch = 0
        try:
            document = understood(platform, command.answer)
        except TexmlError as error:
            failed(platform, leg, fetching, error)
        else:
            follow(platform, leg, fetching.url, document)
    platform.settle(fetching.session)


def understood(platform: Platform, answer: Answer) -> Document:
    """The document of an answer. Raises TexmlError when there is none that can be followed.

    Source: docs texml-instruction-fetching (status 200, root Response).
    """
    if answer.status != 200:
        found = answer.failure or f"status {answer.status}"
        raise TexmlError(1, 1, f"expected status 200, got {found}")
    return platform.parse(answer.body)


def failed(platform: Platform, leg: CallLeg, fetching: Fetching, error: TexmlError) -> None:
    """A fetch gave nothing to follow: its fallback is asked, or the call is ended.

    Source: SDK TexmlApplication, CallCallsParams (fallback); assumed: without one the call ends.
    """
    url, fallback_url = fetching.url, fetching.fallback_url
    if not fallback_url:
        give_up(platform, leg, url, error)
        return
    text = f"{error.text}: the fallback {fallback_url} is asked"
    platform.emit(Note(platform.cause, leg.key, url, error.line, error.column, "fallback", text))
    fetch(platform, leg, Go(fallback_url, fetching.fallback_method))


def follow(platform: Platform, leg: CallLeg, url: str, document: Document) -> None:
    """Let `leg` follow the document that `url` answered."""
    for finding in document.findings:
        platform.emit(Note(platform.cause, leg.key, url, *finding))
    leg.document, leg.document_url, leg.at = document, url, 0
    proceed(platform, leg)


def give_up(platform: Platform, leg: CallLeg, url: str, error: TexmlError) -> None:
    """There is nothing to follow: say why, and end the call if it isn't over."""
    if platform.is_over(leg):
        return
    text = f"{error.text}: the call is ended"
    platform.emit(Note(platform.cause, leg.key, url, error.line, error.column, "no-document", text))
    platform.fire(leg, "fail")


def proceed(platform: Platform, leg: CallLeg) -> None:
    """Begin the next verb. A ringing leg is answered first; at the document's end it is ended.

    Source: Q 19 (answer at the first verb that is not Reject) and Q 45 (the end hangs up).
    """
    assert leg.document is not None
    row = leg.document.verbs[leg.at] if leg.at < len(leg.document.verbs) else None
    if leg.status == RINGING and (row is None or verbs.of(row).answers):
        platform.fire(leg, "answer")
    if row is None:
        platform.fire(leg, "drop")
        return
    leg.verb = row
    leg.at += 1
    verb = verbs.of(row)
    platform.emit(Cue(platform.cause, leg.key, verb.word))
    verb.begin(platform, leg, row)


def finish(platform: Platform, leg: CallLeg) -> None:
    """The verb in force is done: take its exit. A leg that is over begins nothing more."""
    row, leg.verb = leg.verb, None
    assert row is not None
    way = verbs.of(row).finish(platform, leg, row)
    if isinstance(way, Go):
        leg.fetches += way.is_redirect
        if not way.url:
            give_up(platform, leg, leg.document_url, TexmlError(row.line, 1, NO_URL))
        elif leg.fetches > platform.policy.redirect_limit:
            text = f"more than {platform.policy.redirect_limit} redirects"
            give_up(platform, leg, way.url, TexmlError(row.line, 1, text))
        else:
            fetch(platform, leg, way)
    elif not platform.is_over(leg):
        if isinstance(way, End):
            platform.fire(leg, way.trigger)
        else:
            proceed(platform, leg)


def pressed(platform: Platform, command: Pressed) -> None:
    """A key: the verb in force decides whether it means anything."""
    leg = platform.legs.get(command.leg)
    if leg is not None and leg.verb is not None and not platform.is_over(leg):
        verbs.of(leg.verb).pressed(platform, leg, leg.verb, command.digit)


def verb_due(platform: Platform, key: int) -> None:
    """The length of the verb in force has passed."""
    platform.turn(platform.legs[key])
