"""Signatures of what is sent: Ed25519, by a key that grows from the seed.

The only module that imports `nacl`, which an extra installs. Source: docs receiving-webhooks; Q 40.
"""

from __future__ import annotations

from base64 import b64encode
from importlib.util import find_spec

from recsim.core.errors import RecsimError
from recsim.core.vendor import Encoded
from recsim.vendors.telnyx import ids
from recsim.vendors.telnyx.words import SECOND_US

TIMESTAMP = "telnyx-timestamp"
SIGNATURE = "telnyx-signature-ed25519"


class ExtraError(RecsimError):
    """Something is asked for that an extra of recsim installs."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(library, extra)
        self.library, self.extra = library, extra

    def __str__(self) -> str:
        return f"expected {self.library}, which pip install 'recsim[{self.extra}]' brings"


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
