"""`<Redirect>`: go on with another document."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core.documents import resolve
from recsim.core.entities import CallLeg
from recsim.core.verbs.base import Go, Verb, at_once

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Redirect(NamedTuple):
    """A row of a document."""

    line: int
    url: str
    method: str


def finish(platform: Platform, leg: CallLeg, verb: Redirect) -> Go:
    """The other document, seen from this one."""
    return Go(resolve(leg.document_url, verb.url), verb.method)


REDIRECT = Verb("redirect", at_once, finish, nests=True)
