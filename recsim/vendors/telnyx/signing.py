"""Signatures of what is sent: Ed25519, by a key that grows from the seed.

The only module that imports `nacl`, which an extra installs. Source: docs receiving-webhooks; Q 40.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from importlib.util import find_spec

from recsim.core.errors import ExtraError, RecsimError
from recsim.core.vendor import Encoded
from recsim.vendors.telnyx import ids
from recsim.vendors.telnyx.words import SECOND_US

TIMESTAMP = "telnyx-timestamp"
SIGNATURE = "telnyx-signature-ed25519"


def check() -> None:
    """Raise ExtraError where nothing can be signed."""
    if find_spec("nacl") is None:
        raise ExtraError("PyNaCl", "sign")


class Signer:
    """Signs what is sent. Raises ExtraError without PyNaCl."""

    def __init__(self, seed: int) -> None:
        check()
        from nacl.signing import SigningKey  # noqa: PLC0415 - an extra: only who signs has it

        self._key = SigningKey(ids.secret(seed))
        self.public_key = b64encode(bytes(self._key.verify_key)).decode()
        """In base64, as the portal shows it."""

    def signed(self, sent: Encoded, epoch_us: int) -> Encoded:
        """What is sent at a moment (µs since the Unix epoch), with two headers more.

        Source: docs receiving-webhooks (whole seconds, a bar, the body as sent); Q 40 (of a GET,
        nothing after the bar).
        """
        stamp = str(epoch_us // SECOND_US)
        proof = self._key.sign(f"{stamp}|{sent.body}".encode()).signature
        signature = b64encode(proof).decode()
        return sent._replace(headers=(*sent.headers, (TIMESTAMP, stamp), (SIGNATURE, signature)))


class KeyFormatError(RecsimError):
    """Something that is no public key."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size

    def __str__(self) -> str:
        """Without the text itself: somebody may have given a key that isn't public."""
        return f"expected a public key of 32 bytes in base64, got text of {self.size} characters"


class Verifier:
    """Checks what `Signer` makes. Raises KeyFormatError, and ExtraError without PyNaCl."""

    def __init__(self, public_key: str) -> None:
        check()
        from nacl.exceptions import BadSignatureError  # noqa: PLC0415 - as above
        from nacl.signing import VerifyKey  # noqa: PLC0415 - as above

        try:
            self._key = VerifyKey(b64decode(public_key, validate=True))
        except (ValueError, TypeError):
            raise KeyFormatError(len(public_key)) from None
        self._refused = (BadSignatureError, ValueError, TypeError)

    def holds(self, stamp: str, body: str, signature: str) -> bool:
        """Whether a signature in base64 is one over the timestamp, a bar and the body."""
        try:
            self._key.verify(f"{stamp}|{body}".encode(), b64decode(signature, validate=True))
        except self._refused:
            return False
        return True
