"""Ids that look like the vendor's, as a pure function of seed, kind, session and number.

An added call therefore renames nobody.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import blake2b


def _digest(seed: int, kind: str, session: str, n: int, size: int) -> bytes:
    """`size` bytes (up to 64) that nothing else gets."""
    text = f"{kind}\0{session}\0{n}".encode()
    return blake2b(text, digest_size=size, key=seed.to_bytes(8, "big")).digest()


def _uuid(digest: bytes, version: str) -> str:
    text = digest.hex()
    variant = "89ab"[digest[8] & 3]
    return f"{text[:8]}-{text[8:12]}-{version}{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"


def wire_id(seed: int, kind: str, session: str, n: int = 0) -> str:
    """An id of one `kind`.

    These are account, call, conference, connection, delivery (of a webhook), event (one), leg,
    queue, recording, session and sip. A call's is its call_control_id: `v3:` and 54 characters.
    Legs and sessions have UUIDs that look like version 1; all others like version 4, and so has the
    Call-ID of a leg in SIP (assumed). A queue is found by its name alone. Source: the examples of
    seed 002, 003; docs enqueue.
    """
    if kind == "call":
        return "v3:" + urlsafe_b64encode(_digest(seed, kind, session, n, 40)).decode().rstrip("=")
    if kind == "connection":
        number = int.from_bytes(_digest(seed, kind, session, n, 8), "big")
        return str(10**18 + number % (9 * 10**17))
    version = "1" if kind in ("leg", "session") else "4"
    return _uuid(_digest(seed, kind, session, n, 16), version)


def secret(seed: int) -> bytes:
    """32 bytes from which a key grows."""
    return _digest(seed, "key", "", 0, 32)


def signature(seed: int, text: str) -> str:
    """64 hexadecimal digits that stand for a signature over `text`."""
    return _digest(seed, "signature", text, 0, 32).hex()
