"""What can be asked of the platform: by people, by REST clients, and by what it asked itself.

An answer comes back under the ticket of the effect that asked for it.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from recsim.core.entities import Application
from recsim.core.units import SECOND_US

LONGEST_NUMBER = 9
"""Digits of seconds that a header may ask for."""


class Answer(NamedTuple):
    """What a server answered, or why it didn't."""

    status: int = 200
    """HTTP status; 0 when there was no answer."""
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    failure: str = ""
    """timeout, refused or reset when there was no answer."""

    @property
    def location(self) -> str:
        """Where a redirect leads, as the server said it; empty where it said nothing."""
        return self.header("location")

    @property
    def retry_after_us(self) -> int:
        """How long it asks to wait before the next attempt; 0 where it names no seconds.

        Assumed: a date, which the header may have too, is not read.
        """
        text = self.header("retry-after")
        is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
        return int(text) * SECOND_US if is_number else 0

    def header(self, name: str) -> str:
        """The header of a name in lower case; empty where there is none."""
        return next((text for given, text in self.headers if given.lower() == name), "")


class Invite(NamedTuple):
    """Somebody calls a number that the vendor serves; the first effect is `Opened`."""

    session: str
    """Names the call session, once in a run; its wire ids grow from it."""
    from_: str
    to: str
    application: Application


class Ringing(NamedTuple):
    """The telephone at the other end of a leg that the platform dialed rings."""

    leg: int


class Answered(NamedTuple):
    """Its party picked up."""

    leg: int


class Refused(NamedTuple):
    """A leg that the platform dialed will not be answered."""

    leg: int
    why: str
    """busy, decline, no_answer or unreachable."""


class Transferred(NamedTuple):
    """The answer to a `Transfer`."""

    leg: int
    why: str = ""
    """Why nobody took the call, as in `Refused`; empty when somebody did."""


class HungUp(NamedTuple):
    """The party of a leg hung up."""

    leg: int


class Pressed(NamedTuple):
    """The party of a leg pressed one key."""

    leg: int
    digit: str


class Speech(NamedTuple):
    """The party of a leg began (`on`) or ceased to speak."""

    leg: int
    on: bool
    words: str = ""
    """What was said, for whoever listens; told when it ends."""


class Request(NamedTuple):
    """A REST client asks."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: str
    session: str = ""
    """Names the call session that it makes, if it makes one; empty: the platform names it."""


def download(url: str) -> Request:
    """A GET of an absolute URL without a key; its host is a header, as HTTP has it."""
    parts = urlsplit(url)
    return Request("GET", parts.path, parts.query, (("host", parts.netloc),), "")


class Fetched(NamedTuple):
    """The answer to a `Fetch`."""

    ticket: int
    answer: Answer


class Outcome(NamedTuple):
    """The answer to an `Attempt`."""

    ticket: int
    answer: Answer


class Stored(NamedTuple):
    """The answer to a `Store`."""

    ticket: int
    reason: str = ""
    """Why storing failed; empty when it didn't."""


Command = (
    Invite
    | Ringing
    | Answered
    | Refused
    | Transferred
    | HungUp
    | Pressed
    | Speech
    | Request
    | Fetched
    | Outcome
    | Stored
)
