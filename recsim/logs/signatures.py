"""Whether deliveries are signed by whoever has the key. Source: docs receiving-webhooks; Q 40."""

from __future__ import annotations

from recsim.logs.context import SKEW_US, Context, seconds
from recsim.logs.moments import moment_us
from recsim.logs.shapes import Entry, headers_of
from recsim.vendors.telnyx.signing import SIGNATURE, TIMESTAMP, Verifier


class Signatures:
    """Verifies deliveries by a public key. Raises KeyFormatError, and ExtraError without PyNaCl."""

    def __init__(self, context: Context, public_key: str) -> None:
        self.context, self.verifier = context, Verifier(public_key)

    def verify(self, entry: Entry) -> None:
        """Say what is wrong with the signature of a delivery."""
        headers = headers_of(entry.headers)
        stamp, proof = headers.get(TIMESTAMP), headers.get(SIGNATURE)
        if not stamp or not proof:
            missing = " and ".join(
                name for name, value in ((TIMESTAMP, stamp), (SIGNATURE, proof)) if not value
            )
            self.context.say("unsigned", f"{missing} is missing", legal="both headers")
        elif entry.body is None:
            legal = "a log that keeps bodies as they were sent"
            self.context.say("unverified", "the body is not kept as it was sent", legal=legal)
        elif not self.verifier.holds(stamp, entry.body, proof):
            text = "the signature does not fit body, timestamp and key"
            legal = "a signature over the timestamp, a bar and the body as sent"
            self.context.say("bad-signature", text, legal=legal)
        else:
            at_us, arrived_us = moment_us(stamp), entry.at_us
            if at_us is None or arrived_us is None or abs(arrived_us - at_us) <= SKEW_US:
                return
            text = f"it arrives {seconds(abs(arrived_us - at_us))} from the moment that is signed"
            self.context.say("stale-signature", text, legal="at most 300 s")
