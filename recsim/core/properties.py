"""Properties: what must always, sometimes, and eventually hold, by name.

`BUILT_IN` are those that the watch looks at in every run; anybody can claim more with `always`,
`sometimes` and `eventually`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from recsim.core.commands import Command
from recsim.core.effects import Attempt, Effect, Move
from recsim.core.entities import ABSENT, COMPLETED, PAUSED

if TYPE_CHECKING:
    from recsim.core.platform import Platform

ALWAYS = "always"
SOMETIMES = "sometimes"
EVENTUALLY = "eventually"


class Step(NamedTuple):
    """What a predicate sees: the platform right after a step, and what the step was."""

    platform: Platform
    """To be read, never changed."""
    at_us: int
    """In µs since the start of the run."""
    command: Command | None
    """None: a timer ran out."""
    effects: Sequence[Effect]

    def moves(self, lifecycle: str) -> list[Move]:
        """What moved in this step, of one kind: recording, call leg, conference or delivery."""
        moves = (effect for effect in self.effects if isinstance(effect, Move))
        return [move for move in moves if move.lifecycle == lifecycle]

    def attempts(self, kind: str) -> list[Attempt]:
        """What was sent in this step, of one kind: recording-status, call-status, webhook, ..."""
        attempts = (effect for effect in self.effects if isinstance(effect, Attempt))
        return [attempt for attempt in attempts if attempt.message.kind == kind]


Predicate = Callable[[Step], bool]


class Property(NamedTuple):
    """A claim about runs."""

    kind: str
    """`always`: it holds after every step. `sometimes`: it holds after some step of some run, or
    what was played shows nothing. `eventually`: in every run it holds after some step."""
    name: str
    spec: str = ""
    """Why: the document that says so."""
    holds: Predicate | None = None
    """None: the watch knows how to see it."""


class Seen(NamedTuple):
    """Where a claim was first broken, or reached."""

    at_us: int
    seq: int


class Claimed(NamedTuple):
    """What became of a claim in a run."""

    claim: Property
    held: bool
    seen: Seen | None
    """Where it was first broken (always) or reached (the others); None: nowhere."""


def always(name: str, holds: Predicate) -> Property:
    """Claim that `holds` is true after every step."""
    return Property(ALWAYS, name, holds=holds)


def sometimes(name: str, holds: Predicate) -> Property:
    """Claim that `holds` is true at least once; where it isn't, the run is vacuous."""
    return Property(SOMETIMES, name, holds=holds)


def eventually(name: str, holds: Predicate) -> Property:
    """Claim that every run comes to a step after which `holds` is true."""
    return Property(EVENTUALLY, name, holds=holds)


def judged(claims: Sequence[Property], seen: dict[Property, Seen]) -> tuple[Claimed, ...]:
    """What became of claims in one whole run."""
    return tuple(
        Claimed(claim, (claim in seen) != (claim.kind == ALWAYS), seen.get(claim))
        for claim in claims
    )


def _becomes(status: str) -> Predicate:
    """Whether a recording enters a status."""
    return lambda step: any(move.rule.dest == status for move in step.moves("recording"))


def _sends_again(step: Step) -> bool:
    return any(isinstance(effect, Attempt) and effect.n > 1 for effect in step.effects)


# fmt: off
#: What the watch looks at in every run, each in the words by which an error names it.
BUILT_IN = (
    # The platform itself.
    Property(ALWAYS, "numbering", "what happens is numbered without a gap"),
    Property(ALWAYS, "no event before its cause", "what happens has a cause that came before"),
    Property(ALWAYS, "moves form a path", "the tables of the lifecycles"),
    Property(ALWAYS, "one final status, left by deletion", "the tables of the lifecycles"),
    # Recordings.
    Property(ALWAYS, "sids are unique", "docs call-recording: each recording has its own id"),
    Property(ALWAYS, "what moves has started", "docs record: completed needs a start"),
    Property(ALWAYS, "end is not before start", "OpenAPI: recording_started_at, recording_ended_at"),
    Property(ALWAYS, "what has ended does not go on", "docs record"),
    Property(ALWAYS, "only what is captured is timed", "docs record: maxLength and timeout end a recording that goes on"),
    Property(ALWAYS, "duration is what is kept", "docs record: trim; Q 17"),
    Property(ALWAYS, "duration is within wall time", "docs record: trim; Q 17"),
    Property(ALWAYS, "completed has audio", "docs recording: absent"),
    Property(ALWAYS, "absent has no media", "docs recording: absent"),
    Property(ALWAYS, "no recording outlives its leg", "docs record: ends when the call ends"),
    Property(ALWAYS, "no recording outlives its conference", "docs conference: ends with the conference"),
    Property(ALWAYS, "all views of a recording agree", "the schemas of the four views"),
    Property(ALWAYS, "a link works from storage for exactly its lifetime", "docs storing-call-recordings"),
    # What is told.
    Property(ALWAYS, "only subscribed events are sent, once", "docs record: recordingStatusCallbackEvent"),
    Property(ALWAYS, "one event per change of status", "docs receiving-webhooks"),
    Property(ALWAYS, "only what happened is told by webhooks, once", "docs receiving-webhooks"),
    Property(ALWAYS, "each webhook is told once", "docs receiving-webhooks"),
    Property(ALWAYS, "a delivery is settled within its bound", "docs voice-api-webhooks: retries, failover; Q 38"),
    # Calls and conferences.
    Property(ALWAYS, "nobody is cued who is gone", "docs record: ends when the call ends"),
    Property(ALWAYS, "a bridge has two ends", "docs dial"),
    Property(ALWAYS, "a leg is bridged or in a conference", "docs dial: nouns"),
    Property(ALWAYS, "a leg is in a conference once", "docs conference"),
    Property(ALWAYS, "a conference is not too full", "docs conference: maxParticipants"),
    Property(ALWAYS, "whoever is in a conference is there", "docs conference"),
    Property(ALWAYS, "nobody is in a conference that is over", "docs conference: ends for all"),
    Property(ALWAYS, "who is in a conference that runs hears the others", "docs conference: muted, hold, coaching"),
    Property(ALWAYS, "a room is open until it is over", "docs conference: a name is free again once it is over"),
    Property(ALWAYS, "the time of a conference counts while it runs", "docs conference: time-exceeded"),
    Property(ALWAYS, "a wish is granted when the conference runs", "docs conference: record-from-start"),
    Property(ALWAYS, "only a stay in a conference is timed", "docs dial: timeLimit"),
    # Liveness: looked at when nothing comes any more.
    Property(EVENTUALLY, "nothing in progress at the end", "docs record: ends when the call ends"),
    Property(EVENTUALLY, "nothing open at the end", "docs voice-api-webhooks: delivered or failed"),
    Property(EVENTUALLY, "every subscribed event is sent", "docs record: recordingStatusCallbackEvent"),
    Property(EVENTUALLY, "every webhook is sent", "docs receiving-webhooks"),
)

#: What can be asked for by name: a run that doesn't reach it shows nothing about it.
REACHABLE = (
    Property(SOMETIMES, "a recording is completed", "docs record", _becomes(COMPLETED)),
    Property(SOMETIMES, "a recording is absent", "docs recording: absent", _becomes(ABSENT)),
    Property(SOMETIMES, "a recording is paused", "OpenAPI TexmlUpdateCallRecordingRequestBody", _becomes(PAUSED)),
    Property(SOMETIMES, "a recording is told of", "docs record", lambda step: bool(step.attempts("recording-status"))),
    Property(SOMETIMES, "something is sent again", "docs voice-api-webhooks: retries", _sends_again),
)
# fmt: on


def word_of(claim: Property) -> str:
    """What `--property` calls a claim: `NAME`, or `MODULE:NAME`; empty where no module has it."""
    if claim in REACHABLE:
        return claim.name
    name = getattr(claim.holds, "__module__", "__main__")
    if name == "__main__" or name not in sys.modules:
        return ""
    known = vars(sys.modules[name])
    return next((f"{name}:{word}" for word, value in known.items() if value is claim), "")
