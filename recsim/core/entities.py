"""What lives in the platform: sessions, legs, conferences, recordings, deliveries, fetches.

Slotted objects that hold integers, text, tuples and frozen rows, and refer to each other by
integer: a shallow copy is a copy. Moments end in `_at_us` and count from the start of the run;
`NEVER` stands for a moment that has not come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from recsim.core.documents import Document, Row

if TYPE_CHECKING:
    from recsim.core.commands import Answer

NEVER = 2**63 - 1
"""A moment no run reaches, in microseconds; compares like any other."""

# Statuses, as the reference spells them; `new` and `sending` to `failed` of a delivery are ours.
NEW = "new"
INIT = "init"
INITIATED = "initiated"
RINGING = "ringing"
IN_PROGRESS = "in-progress"
PAUSED = "paused"
STOPPED = "stopped"
COMPLETED = "completed"
ABSENT = "absent"
DELETED = "deleted"
CANCELED = "canceled"
BUSY = "busy"
NO_ANSWER = "no-answer"
FAILED = "failed"
SENDING = "sending"
WAITING = "waiting"
DELIVERED = "delivered"

Intervals = tuple[tuple[int, int], ...]
"""Half-open stretches of time in µs, in order, without overlap."""


# Directions of a call leg, as seen from the vendor.
INBOUND = "inbound"
OUTBOUND = "outbound"


class Subscription(NamedTuple):
    """Where somebody wants to be told, and of what."""

    url: str = ""
    """Absolute; empty: nowhere."""
    method: str = "POST"
    events: tuple[str, ...] = ()


NOBODY = Subscription()


class Webhook(NamedTuple):
    """Where the JSON webhooks of an application go."""

    url: str = ""
    """Absolute; empty: none are sent."""
    method: str = "POST"
    failover_url: str = ""
    """Where they go when `url` fails; empty: nowhere."""


class Application(NamedTuple):
    """What the vendor has on file for the number called."""

    voice_url: str
    voice_method: str
    connection_id: str = ""
    fallback_url: str = ""
    """Where instructions are asked for and callbacks go when their URL fails; empty: nowhere."""
    fallback_method: str = "POST"
    """Of instruction fetches; a callback keeps its own."""
    status: Subscription = Subscription()
    """Of call progress, for legs that name none of their own."""
    webhook: Webhook = Webhook()


class RecordingSettings(NamedTuple):
    """How one recording was asked for, with every default filled in."""

    channels: int
    """1 single, 2 dual."""
    track: str
    """inbound, outbound or both."""
    is_trimmed: bool
    """Leading and trailing silence is removed."""
    beep: bool
    format: str
    """mp3 or wav."""
    limit_us: int
    """Longest capture; 0 is endless."""
    silence_us: int
    """Silence after speech that ends it; 0 is never."""
    callback_url: str
    """Absolute; empty when nobody asked."""
    callback_method: str
    callback_events: tuple[str, ...]
    sends_url: bool
    file_name: str = ""
    """What its file is called; empty: as the vendor names files."""
    tells_webhook: bool = False
    """A v2 command asked for it: the application's webhook says what becomes of it."""
    client_state: str = ""
    """What that command wants to be told with it; empty: nothing."""


class Setup(NamedTuple):
    """How a leg was asked for: how long it may ring and last, and what it does once answered."""

    url: str = ""
    """Absolute; where its instructions are; empty: none are fetched."""
    method: str = "POST"
    fallback_url: str = ""
    """Asked once where `url` gives nothing to follow; empty: nowhere."""
    fallback_method: str = "POST"
    texml: str = ""
    """Instructions in place of those at `url`."""
    joins: Row | None = None
    """The one verb that it follows, in place of a document: the conference it was dialed for."""
    status: Subscription = Subscription()
    ring_us: int = 0
    """How long it may ring; 0 is without end."""
    limit_us: int = 0
    """How long it may last once answered; 0 is without end."""
    tones_us: int = 0
    """Length of the keys that are sent to whoever answers, before anything else."""
    record: RecordingSettings | None = None
    """The recording that starts when it is answered."""
    source: str = ""
    """What that recording says made it."""
    caller_name: str = ""
    """Shown to whoever is called; empty: the number that calls."""


class Met(NamedTuple):
    """Somebody whom the party of a leg could hear, and when."""

    session: str
    """The title of their session, and the number of their leg in it."""
    n: int
    from_us: int
    until_us: int


class Place(NamedTuple):
    """Where a leg stood in its document when another one began inside the verb in force."""

    document: Document | None
    url: str
    at: int
    verb: Row
    progress: Any


class Member(NamedTuple):
    """A leg that takes part in a conference."""

    leg: int
    joined_at_us: int
    updated_at_us: int
    label: str
    """What programs may call it; empty: nothing."""
    starts: bool
    """Its coming starts the conference."""
    ends: bool
    """Its leaving ends the conference."""
    tone_on_enter: bool
    tone_on_exit: bool
    """Whether the others hear that it leaves."""
    is_muted: bool
    is_held: bool = False
    """It neither hears the others nor is heard."""
    coaches: int = 0
    """The one leg that is to hear it; 0: all of them."""
    heard_from_us: int = NEVER
    """Since when all others can hear it; NEVER: they can't."""
    hears_from_us: int = NEVER
    """Since when it hears the others; NEVER: it doesn't."""


class Voice(NamedTuple):
    """When a leg could be heard in a conference, and when it spoke then."""

    leg: int
    session: str
    """The title of its session, and its number there."""
    n: int
    from_us: int
    until_us: int
    spoke: Intervals


class Wish(NamedTuple):
    """A recording that is asked for and has not begun."""

    source: str
    settings: RecordingSettings


class Tried(NamedTuple):
    """An attempt that is over, and what came of it."""

    n: int
    url: str
    sent_at_us: int
    answered_at_us: int
    """When there was an answer, or none could come any more."""
    answer: Answer


class Delivered(NamedTuple):
    """A webhook that was delivered, or given up."""

    hook: int
    """Its number in the session, from 1."""
    message: Message
    method: str
    status: str
    tried: tuple[Tried, ...]
    """From first to last."""


@dataclass(slots=True, eq=False)
class CallSession:
    """Related legs, what they recorded, and what is still open among them."""

    key: int
    title: str
    """The caller's word for it; wire ids grow from this and the seed."""
    application: Application
    legs: tuple[int, ...] = ()
    recordings: tuple[int, ...] = ()
    conferences: tuple[int, ...] = ()
    """Those that its legs made."""
    open: int = 0
    """Legs, conferences, recordings, deliveries and fetches that are not settled."""
    hooks: int = 0
    """Webhooks sent so far."""
    delivered: tuple[Delivered, ...] = ()
    """Those of them that are settled, in that order."""


@dataclass(slots=True, eq=False)
class CallLeg:
    """One party's connection, and the document it follows."""

    key: int
    session: int
    n: int
    """Its number in the session, from 1."""
    from_: str
    to: str
    setup: Setup
    direction: str = INBOUND
    parent: int = 0
    """The leg whose `<Dial>` made it; 0 is none."""
    status: str = NEW
    initiated_at_us: int = NEVER
    answered_at_us: int = NEVER
    ended_at_us: int = NEVER
    ended_by: str = ""
    """The trigger that ended it; empty: it goes on."""
    told: int = 0
    """Status callbacks sent so far."""
    document: Document | None = None
    document_url: str = ""
    at: int = 0
    """Index of the next verb of the document."""
    verb: Row | None = None
    """The verb in force."""
    progress: Any = None
    """What the verb in force has come to: a frozen row of its module."""
    outer: Place | None = None
    """Where to go on when the document in force, which runs inside a verb, is done with."""
    fetch: int = 0
    """The fetch whose answer the leg waits for; 0 is none."""
    fetches: int = 0
    """Documents that led to others since its party did anything."""
    recordings: tuple[int, ...] = ()
    commands: tuple[tuple[str, int], ...] = ()
    """Ids of commands that were given for it, each with its moment."""
    speech: tuple[int, ...] = ()
    """Moments at which the party began, ended, began ... to speak."""
    sound: tuple[int, ...] = ()
    """Moments at which the platform began, ended, began ... to be heard."""
    peer: int = 0
    """The leg it is bridged with; 0 is none."""
    bridged_at_us: int = NEVER
    heard: Intervals = ()
    """When those it was bridged with before spoke."""
    met: tuple[Met, ...] = ()
    conference: int = 0
    """The conference that it is in, or was dialed for; 0 is none."""

    @property
    def name(self) -> str:
        """How errors and traces call it."""
        return f"call leg CA{self.key}"


@dataclass(slots=True, eq=False)
class Conference:
    """A room: who is in it, who was heard, and what is recorded of it."""

    key: int
    session: int
    leg: int
    """The leg that made it, and its session, which lasts as long as it does."""
    n: int
    """Its number in the session, from 1."""
    room: str
    """What it is called; of conferences that are not over, one by one name."""
    most: int
    """So many may be in it at once."""
    subscription: Subscription = NOBODY
    """Who is told how it goes."""
    status: str = NEW
    created_at_us: int = 0
    updated_at_us: int = 0
    started_at_us: int = NEVER
    ended_at_us: int = NEVER
    ended_by: str = ""
    """The trigger that ended it; empty: it goes on."""
    moved_by: int = 0
    """The leg whose coming or leaving moved it last; 0: none did."""
    ended_with: tuple[str, int] = ("", 0)
    """Session and number of the leg whose leaving ended it."""
    told: int = 0
    """Status callbacks sent so far."""
    dialed: tuple[int, ...] = ()
    """Legs that were dialed for it and have not come in yet."""
    members: tuple[Member, ...] = ()
    voices: tuple[Voice, ...] = ()
    """Stretches that are over."""
    wish: Wish | None = None
    """What is to be recorded once it has started."""
    is_asked: bool = False
    """Somebody asked for a recording from its start: one is made, however many ask."""
    recordings: tuple[int, ...] = ()
    commands: tuple[tuple[str, int], ...] = ()
    """Ids of commands that were given for it, each with its moment."""

    @property
    def name(self) -> str:
        """How errors and traces call it."""
        return f"conference CF{self.key}"


@dataclass(slots=True, eq=False)
class Recording:
    """One recording, from the request to what became of it."""

    key: int
    session: int
    leg: int
    """Whose call it says it is of: of a conference, the one that made it."""
    n: int
    """Its number in the session, from 1."""
    source: str
    """RecordVerb, StartCallRecordingAPI, ..."""
    settings: RecordingSettings
    status: str = NEW
    created_at_us: int = 0
    updated_at_us: int = 0
    started_at_us: int = NEVER
    ended_at_us: int = NEVER
    capturing_since_us: int = NEVER
    """Start of the open interval of capture."""
    paused_since_us: int = NEVER
    captured: Intervals = ()
    paused: Intervals = ()
    kept: Intervals = ()
    """What is in the file, once it ended: captured, after trim."""
    length_us: int = 0
    """Sum of `kept`."""
    only_rings: bool = False
    """Nobody has answered the `<Dial>` it belongs to."""
    spoken: bool = False
    """Somebody has spoken since its capture began."""
    lacks: str = ""
    """Why there is no usable audio: `short`, `silent`, `unanswered` or `storage`; else empty."""
    failure: str = ""
    """What storage said when it failed."""
    conference: int = 0
    """The conference that it is of; 0: it is of its leg."""

    @property
    def name(self) -> str:
        """How errors and traces call it."""
        return f"recording RE{self.key}"


class Message(Protocol):
    """What is sent: a row of the vendor's, frozen at the move that caused it."""

    @property
    def kind(self) -> str:
        """recording-status, action, instructions, ..."""


@dataclass(slots=True, eq=False)
class Delivery:
    """One message on its way to a receiver."""

    key: int
    session: int
    message: Message
    urls: tuple[str, ...]
    """Where it is to go: each is tried once the one before has failed."""
    method: str
    status: str = NEW
    at: int = 0
    """Index of the URL in force."""
    attempts: int = 0
    """At all URLs."""
    tries: int = 0
    """At the URL in force, not counting those that followed a redirect."""
    redirects: int = 0
    """Followed since the URL in force was tried last."""
    location: str = ""
    """Where a redirect has led it; empty: it is at the URL in force."""
    asked_us: int = 0
    """How long the last answer asked to wait."""
    hook: int = 0
    """Of a webhook, its number in the session, from 1; its attempts are kept."""
    sent_at_us: int = 0
    """When its last attempt went out."""
    tried: tuple[Tried, ...] = ()

    @property
    def name(self) -> str:
        """How errors and traces call it."""
        return f"delivery DE{self.key}"

    @property
    def url(self) -> str:
        """Where the next attempt goes."""
        return self.location or self.urls[self.at]


@dataclass(slots=True, eq=False)
class Fetching:
    """An instruction fetch whose answer has not come."""

    key: int
    session: int
    leg: int
    url: str
    fallback_url: str = ""
    """Asked once where `url` gives nothing to follow; empty: the call is ended."""
    fallback_method: str = ""


Entity = TypeVar("Entity", CallSession, CallLeg, Conference, Recording, Delivery, Fetching)


def twin(entity: Entity) -> Entity:
    """A shallow copy, several times faster than `copy.copy`."""
    cls = type(entity)
    other = cls.__new__(cls)
    for slot in cls.__slots__:
        setattr(other, slot, getattr(entity, slot))
    return other
