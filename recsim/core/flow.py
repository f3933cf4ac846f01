"""How a leg follows its documents: fetch, understand, one verb after another.

Verbs begin here and only here, from the platform's work list, never inside a coupling. Each has
one exit, which says where to go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsim.core import conferences, recordings, verbs
from recsim.core.commands import Answer, Fetched, Pressed, Speech
from recsim.core.documents import Document, Row
from recsim.core.effects import Cue, Fetch, Note
from recsim.core.entities import RINGING, CallLeg, Fetching, Place
from recsim.core.errors import TexmlError
from recsim.core.verbs import dial
from recsim.core.verbs.base import Back, End, Go

if TYPE_CHECKING:
    from recsim.core.platform import Platform


NO_URL = "expected a URL that can be fetched: absolute or relative, http or https"


def instruct(platform: Platform, leg: CallLeg) -> None:
    """Let `leg` do what it was set up for: join, follow a document, fetch one, or nothing.

    Source of the fallback: SDK TexmlApplication, CallCallsParams; assumed: a URL is none of itself.
    """
    setup = leg.setup
    if setup.joins is not None:
        leg.document, leg.document_url, leg.at = Document((setup.joins,), ()), "", 0
        platform.turn(leg)
    elif setup.texml:
        document = platform.parse(setup.texml)
        note(platform, leg, setup.url, document)
        leg.document, leg.document_url, leg.at = document, setup.url, 0
        platform.turn(leg)
    elif setup.url:
        fallback = Go(setup.fallback_url, setup.fallback_method)
        is_other = fallback.url not in ("", setup.url)
        fetch(platform, leg, Go(setup.url, setup.method), fallback if is_other else None)
    else:
        done(platform, leg)


def fetch(platform: Platform, leg: CallLeg, go: Go, fallback: Go | None = None) -> None:
    """Ask the application what to do next; on a leg that is over, only tell it.

    `fallback` is asked instead, once, when `go` leads to nothing that can be followed.
    """
    session = platform.sessions[leg.session]
    message = go.message
    if message is None:
        message = platform.vendor.instructions(session, leg)
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
    note(platform, leg, url, document)
    leg.document, leg.document_url, leg.at = document, url, 0
    proceed(platform, leg)


def note(platform: Platform, leg: CallLeg, url: str, document: Document) -> None:
    """Say what was odd about a document."""
    for finding in document.findings:
        platform.emit(Note(platform.cause, leg.key, url, *finding))


def give_up(platform: Platform, leg: CallLeg, url: str, error: TexmlError) -> None:
    """There is nothing to follow: say why, and end the call if it isn't over.

    Where the document was to run inside a verb, that verb goes on (assumed).
    """
    if platform.is_over(leg):
        return
    then = "nothing is heard" if leg.outer else "the call is ended"
    text, rule = f"{error.text}: {then}", "no-prompt" if leg.outer else "no-document"
    platform.emit(Note(platform.cause, leg.key, url, error.line, error.column, rule, text))
    if leg.outer is None:
        platform.fire(leg, "fail")
    else:
        leg.document = None
        verbs.of(leg.outer.verb).inside(platform, leg, leg.outer.verb)


def proceed(platform: Platform, leg: CallLeg) -> None:
    """Begin the next verb. A ringing leg is answered first.

    Source: Q 19 (answer at the first verb that is not Reject).
    """
    row = upcoming(platform, leg)
    if leg.status == RINGING and (row is None or verbs.of(row).answers(row)):
        platform.fire(leg, "answer")
    if row is None:
        done(platform, leg)
        return
    leg.verb = row
    leg.at += 1
    verb = verbs.of(row)
    platform.emit(Cue(platform.cause, leg.key, verb.word))
    verb.begin(platform, leg, row)


def upcoming(platform: Platform, leg: CallLeg) -> Row | None:
    """The next verb of the document; inside another verb, the next that may stand there.

    Source: docs enqueue, dial (what `waitUrl` and the `url` of `<Queue>` take).
    """
    assert leg.document is not None
    rows = leg.document.verbs
    while leg.outer is not None and leg.at < len(rows) and not verbs.of(rows[leg.at]).nests:
        row, inside = rows[leg.at], verbs.of(leg.outer.verb).word
        text = f"{verbs.of(row).word} can't stand in what is heard during {inside} and is skipped"
        platform.emit(Note(platform.cause, leg.key, leg.document_url, row.line, 1, "nested", text))
        leg.at += 1
    return rows[leg.at] if leg.at < len(rows) else None


def done(platform: Platform, leg: CallLeg) -> None:
    """A document is done with: what waited for that goes on; else the call ends (Q 45)."""
    if leg.outer is not None:
        verbs.of(leg.outer.verb).inside(platform, leg, leg.outer.verb)
    elif not dial.connect(platform, leg):
        platform.fire(leg, "drop")


def finish(platform: Platform, leg: CallLeg) -> None:
    """The verb in force is done: take its exit. A leg that is over begins nothing more.

    Where none is in force, the leg's document begins.
    """
    row = leg.verb
    if row is None:
        if leg.document is not None and not leg.fetch and not platform.is_over(leg):
            proceed(platform, leg)
        return
    way = verbs.of(row).finish(platform, leg, row)
    if isinstance(way, Back) and leg.outer is not None:
        row = back(leg)
        way = verbs.of(row).finish(platform, leg, row)
    leg.verb = leg.progress = None
    if isinstance(way, Go):
        leg.fetches += 1
        if not way.url:
            give_up(platform, leg, leg.document_url, TexmlError(row.line, 1, NO_URL))
        elif leg.fetches > platform.policy.circle_limit:
            text = f"{platform.policy.circle_limit} documents in a row that nobody asked for"
            give_up(platform, leg, way.url, TexmlError(row.line, 1, text))
        else:
            fetch(platform, leg, way)
    elif not platform.is_over(leg):
        if isinstance(way, End):
            platform.fire(leg, way.trigger)
        else:
            proceed(platform, leg)


def enter(platform: Platform, leg: CallLeg, go: Go) -> None:
    """Let another document run inside the verb in force, which goes on; no URL: nothing runs."""
    assert leg.verb is not None
    leg.outer = Place(leg.document, leg.document_url, leg.at, leg.verb, leg.progress)
    leg.verb = leg.progress = leg.document = None
    if go.url:
        fetch(platform, leg, go)


def back(leg: CallLeg) -> Row:
    """Leave the document that runs inside a verb; return the verb, which is in force again."""
    assert leg.outer is not None
    leg.document, leg.document_url, leg.at, leg.verb, leg.progress = leg.outer
    leg.outer = None
    assert leg.verb is not None
    return leg.verb


def abandon(platform: Platform, leg: CallLeg) -> None:
    """Something else takes the place of the verb in force, and of what is being fetched."""
    leg.fetch = 0
    platform.cancel(leg.key, "verb")
    row = leg.verb
    if row is not None:
        verbs.of(row).abandon(platform, leg, row)
    leg.verb = leg.progress = leg.document = None


def pressed(platform: Platform, command: Pressed) -> None:
    """A key: the verb in force decides whether it means anything."""
    leg = platform.legs.get(command.leg)
    if leg is None or platform.is_over(leg):
        return
    leg.fetches = 0
    if leg.verb is not None:
        verbs.of(leg.verb).pressed(platform, leg, leg.verb, command.digit)


def spoke(platform: Platform, command: Speech) -> None:
    """An edge of speech on a leg, for what records it, for who hears it, and for its verb."""
    leg = platform.legs.get(command.leg)
    if leg is None or platform.is_over(leg) or len(leg.speech) % 2 == command.on:
        return
    leg.speech += (platform.now_us,)
    leg.fetches = 0
    recordings.overheard(platform, leg.recordings)
    if leg.peer:
        recordings.overheard(platform, platform.legs[leg.peer].recordings)
    if leg.conference:
        conferences.spoke(platform, leg, is_on=command.on)
    if leg.verb is not None:
        verbs.of(leg.verb).spoke(platform, leg, leg.verb, command)


def verb_due(platform: Platform, key: int) -> None:
    """The length of the verb in force has passed."""
    platform.turn(platform.legs[key])
