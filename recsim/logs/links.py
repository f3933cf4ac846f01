"""What a link to audio says of itself. Source: docs storing-call-recordings; `words.Words.link`."""

from __future__ import annotations

import re
from typing import NamedTuple

from recsim.logs.moments import SECOND_US, moment_us

SIGNED = re.compile(
    r"^[^?]*?(?:-([0-9]{9,11})\.(?:mp3|wav))?\?"
    r"(?=.*?X-Amz-Date=(\d{8})T(\d{6})Z)(?=.*?X-Amz-Expires=(\d{1,9})(?:&|$))",
    re.ASCII,
)


class SignedLink(NamedTuple):
    """A link that was signed."""

    file: str
    """Without its query."""
    starts_us: int | None
    """When what it leads to began, in whole seconds (Q 49)."""
    signed_us: int
    life_us: int


def signed_link(url: object) -> SignedLink | None:
    """What a link says; None: it isn't signed in a way that is known."""
    if not isinstance(url, str) or (match := SIGNED.match(url)) is None:
        return None
    start, day, clock, life = match.groups()
    signed_us = moment_us(f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z")
    if signed_us is None:
        return None
    starts_us = int(start) * SECOND_US if start else None
    return SignedLink(url.partition("?")[0], starts_us, signed_us, int(life) * SECOND_US)
