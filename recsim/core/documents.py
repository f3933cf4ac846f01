"""What an application answers, once understood: a run of verbs, and what was odd about it.

A vendor's parser makes these; the verbs themselves are rows of `core.verbs`. URLs are resolved
here and only here.
"""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from typing import NamedTuple, Protocol
from urllib.parse import urljoin, urlsplit


class Finding(NamedTuple):
    """Something in a document that the vendor passes over, and what that causes."""

    line: int
    """Counted from 1, in the document."""
    column: int
    """Counted from 1, in the document."""
    rule: str
    """A short name, such as `unknown-attribute`."""
    text: str


class Row(Protocol):
    """A verb of a document; its class is one of `core.verbs`."""

    @property
    def line(self) -> int:
        """Where it stands in the document, from 1."""


class Document(NamedTuple):
    """A document the vendor can follow, top to bottom."""

    verbs: tuple[Row, ...]
    """In the document's order."""
    findings: tuple[Finding, ...]


def is_callable(url: str) -> bool:
    """Whether a request can be sent to `url`: absolute, http or https, with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # what is no port, or no address
        return False


AUDIO = (".mp3", ".wav", ".ogg", ".aac", ".flac", ".m4a")


def is_audio(url: str, media: Container[str]) -> bool:
    """Whether audio is to be had at an absolute URL, and no document (assumed: by its name)."""
    return url in media or urlsplit(url).path.lower().endswith(AUDIO)


@lru_cache(maxsize=4096)
def resolve(base: str, url: str) -> str:
    """`url` as seen from the document at `base`; empty where there is none that can be called.

    Source: docs texml-verbs/recording (relative URLs resolve against the current document);
    assumed for every other noun and verb, and for the Location of a redirect.
    """
    try:
        whole = urljoin(base, url) if url else ""
    except ValueError:
        return ""
    return whole if is_callable(whole) else ""
