"""What the platform answers: everything that happened, and what the world is asked to do.

Effects of one call are numbered without a gap: after the command's own `seq` for `handle`, from
the `Due` on for `advance`. `cause` is the seq of what brought it about.
"""

from __future__ import annotations

from typing import NamedTuple

from recsim.core.commands import Answer
from recsim.core.entities import Message
from recsim.core.lifecycle import Rule


class Opened(NamedTuple):
    """A call session was made, with its first leg."""

    cause: int
    session: int
    leg: int
    title: str
    """The caller's word for the session."""


class Convened(NamedTuple):
    """A conference was made, because a leg was the first to name its room."""

    cause: int
    session: int
    leg: int
    conference: int
    room: str


class Move(NamedTuple):
    """An entity changed its status."""

    cause: int
    entity: int
    lifecycle: str
    rule: Rule


class Due(NamedTuple):
    """A timer ran out; first of what `advance` returns. Its cause armed it."""

    cause: int
    entity: int
    name: str


class Ring(NamedTuple):
    """A leg is dialed: the world is to answer with `Ringing`, `Answered` or `Refused`, or never."""

    cause: int
    session: int
    leg: int
    from_: str
    to: str


class Transfer(NamedTuple):
    """The party of a leg is asked to call somebody else: the world answers with `Transferred`."""

    cause: int
    session: int
    leg: int
    to: str


class Cue(NamedTuple):
    """Something a party can perceive, such as the end of a beep."""

    cause: int
    leg: int
    word: str
    """answer, ringing (of the other end), bridge, conference (from here on the others are heard),
    hold (until then they aren't), tone (somebody else came or left), a verb that begins, or beep,
    which has ended."""


class Drop(NamedTuple):
    """A leg is gone, whoever ended it."""

    cause: int
    leg: int


class Respond(NamedTuple):
    """The answer to a REST request."""

    cause: int
    answer: Answer


class Fetch(NamedTuple):
    """An instruction fetch: the world is to answer with `Fetched`."""

    cause: int
    ticket: int
    session: int
    method: str
    url: str
    message: Message
    timeout_us: int


class Attempt(NamedTuple):
    """An attempt to deliver a message: the world is to answer with `Outcome`."""

    cause: int
    ticket: int
    session: int
    n: int
    """Counted from 1."""
    method: str
    url: str
    message: Message
    timeout_us: int
    at_us: int = 0
    """When it goes out: it arrives later."""


class Store(NamedTuple):
    """A recording to be processed and stored: the world is to answer with `Stored`."""

    cause: int
    ticket: int
    session: int
    captured_us: int
    """Length of what was captured, before trim."""


class Note(NamedTuple):
    """Something in a document that the vendor passed over or could not follow."""

    cause: int
    leg: int
    url: str
    line: int
    column: int
    rule: str
    text: str


class Quiet(NamedTuple):
    """Nothing is open in a call session: the driver may `retire` it."""

    cause: int
    session: int


Effect = (
    Opened
    | Convened
    | Move
    | Due
    | Ring
    | Transfer
    | Cue
    | Drop
    | Respond
    | Fetch
    | Attempt
    | Store
    | Note
    | Quiet
)
