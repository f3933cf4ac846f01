"""Links that were told during a run, and requests that were not made for want of them."""

from __future__ import annotations

from typing import NamedTuple

from recsim.core.commands import Answer, Request, download
from recsim.core.entities import Message
from recsim.world.plan import Download, Links


class NotMade(NamedTuple):
    """A request that could not be made."""

    at_us: int
    call: str
    text: str


class Told:
    """What receivers and REST clients know by now."""

    def __init__(self, links: Links | None) -> None:
        self.unmade: list[NotMade] = []
        self._links = links
        self._told: dict[str, str] = {}
        """The link told last, by name."""

    def message(self, message: Message) -> None:
        """A message was taken by whoever it was for."""
        if self._links is not None:
            self._told.update(self._links.in_message(message))

    def answer(self, answer: Answer) -> None:
        """A REST request was answered."""
        if self._links is not None:
            self._told.update(self._links.in_answer(answer))

    def request(self, at_us: int, call: str, wanted: Download) -> Request | None:
        """The download of the link told last; None, and a note of that, where none was told."""
        link = self._told.get(wanted.link)
        if link is None:
            text = f"{wanted.method} {wanted.path} was not sent: no such link had been told"
            self.not_made(at_us, call, text)
            return None
        return download(link)

    def not_made(self, at_us: int, call: str, text: str) -> None:
        """A request could not be made; `text` says which, and why."""
        self.unmade.append(NotMade(at_us, call, text))

    def fork(self) -> Told:
        """A copy that shares nothing which changes."""
        other = Told(self._links)
        other.unmade, other._told = self.unmade.copy(), self._told.copy()
        return other
