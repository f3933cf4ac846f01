"""What legs are called by those who tell of them: the one place where that is settled."""

from __future__ import annotations

from collections.abc import Mapping


class Names:
    """Names of sessions and legs, kept up by whoever reads effects in their order.

    The first leg of a session has its title, others `TITLE.2`, `TITLE.3` ...; a leg to somebody
    whose number is known has that name before all others.
    """

    __slots__ = ("_legs", "known", "of_leg", "titles")

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self.known = known or {}
        """Names of people, by number."""
        self.titles: dict[int, str] = {}
        """By session."""
        self.of_leg: dict[int, tuple[str, ...]] = {}
        """All names of a leg, the one to be shown first."""
        self._legs: dict[int, list[int]] = {}
        """Of each session, in order."""

    def opened(self, session: int, leg: int, title: str) -> None:
        """A session was made, with its first leg."""
        self.titles[session] = title
        self.of_leg[leg] = (title,)
        self._legs[session] = [leg]

    def rang(self, session: int, leg: int, to: str) -> int:
        """A leg is dialed; return its number in the session, from 1."""
        legs, title = self._legs[session], self.titles[session]
        if leg not in legs:
            legs.append(leg)
        n = legs.index(leg) + 1
        name = title if n == 1 else f"{title}.{n}"
        self.of_leg[leg] = (self.known[to], name) if to in self.known else (name,)
        return n

    def of(self, leg: int) -> str:
        """The name of a leg to be shown."""
        return self.of_leg[leg][0]

    def number_of(self, session: int, leg: int) -> int:
        """The number of a leg in its session, from 1."""
        return self._legs[session].index(leg) + 1

    def left(self, session: int) -> None:
        """Forget a session."""
        del self.titles[session]
        for leg in self._legs.pop(session):
            del self.of_leg[leg]

    def fork(self) -> Names:
        """A copy that shares nothing which changes."""
        other = Names(self.known)
        other.titles, other.of_leg = self.titles.copy(), self.of_leg.copy()
        other._legs = {session: legs.copy() for session, legs in self._legs.items()}
        return other
