"""How this run spells things: ids, dates, lengths, prices, links.

Made once per run from the seed, the moment it starts and the readings; shared by views and
callbacks, so that they can't disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from urllib.parse import quote

from recsim.core.entities import COMPLETED, NEVER, CallLeg, CallSession, Recording
from recsim.core.moments import iso_micros, iso_millis, iso_seconds, rfc2822
from recsim.vendors.telnyx import ids

SECOND_US = 1_000_000

#: ErrorCode of an absent recording, by what it lacks. Source: Twilio, errors 16101 and 16102.
ERROR_CODES = {"short": "16101", "silent": "16102"}

#: Where files are kept. Source: docs storing-call-recordings.
BUCKET = "https://s3.amazonaws.com/telephony-recorder-prod"


def fixed_or(
    drawn: Callable[..., str],
    fixed: Mapping[tuple[str, str, int], str],
    kind: str,
    session: str,
    n: int = 0,
) -> str:
    """An id that was given, or else the one that is drawn."""
    return fixed.get((kind, session, n)) or drawn(kind, session, n)


@dataclass(eq=False)
class Words:
    """Everything that turns integers into what the vendor writes."""

    seed: int
    starts_at_us: int
    """Start of the run, in µs since the Unix epoch."""
    account_sid: str
    connection_id: str
    date_format: str
    resource_date_format: str
    duration_round: str
    error_codes: str
    url_ttl_us: int
    usd_per_minute: float
    v2_only_completed: bool = True
    """v2 shows no other recordings."""
    links_from_call_end: bool = False
    """The life of a link that is told in a message counts from the end of its call."""
    bucket: str = BUCKET
    """What links to audio begin with."""
    fixed: Mapping[tuple[str, str, int], str] = field(default_factory=dict)
    """Ids that were given, by kind, session and number, in place of those that would be drawn."""
    wire_id: Callable[..., str] = field(init=False, repr=False)
    """The id of a session's n-th `kind`; see `ids`."""

    def __post_init__(self) -> None:
        drawn = lru_cache(maxsize=65_536)(partial(ids.wire_id, self.seed))
        self.wire_id = partial(fixed_or, drawn, self.fixed) if self.fixed else drawn

    def texml_date(self, at_us: int) -> str | None:
        """A date of the TeXML views; None for a moment that has not come."""
        return self._date(self.date_format, at_us)

    def resource_date(self, at_us: int) -> str | None:
        """A date of a call resource; None for a moment that has not come."""
        return self._date(self.resource_date_format, at_us)

    def _date(self, form: str, at_us: int) -> str | None:
        if at_us == NEVER:
            return None
        write = iso_seconds if form == "iso8601" else rfc2822
        return write(self.starts_at_us + at_us)

    def call_date(self, at_us: int) -> str:
        """A date of call progress. Source: the samples of texml-call-*, in whole seconds."""
        return iso_seconds(self.starts_at_us + at_us)

    def v2_date(self, at_us: int) -> str:
        """A date of the v2 view, and CallInitiatedAt."""
        return iso_millis(self.starts_at_us + at_us)

    def seconds(self, length_us: int) -> str:
        """A length in whole seconds, as text, rounded as the readings say."""
        add_us = {"floor": 0, "nearest": SECOND_US // 2, "ceil": SECOND_US - 1}
        return str((length_us + add_us[self.duration_round]) // SECOND_US)

    def price(self, recording: Recording) -> str | None:
        """Price of a recording that was rated, in USD."""
        if recording.status != COMPLETED:
            return None
        return f"{recording.length_us / (60 * SECOND_US) * self.usd_per_minute:.4f}"

    def error_code(self, lacks: str) -> str | None:
        """Why there is no audio, where there is a code for it."""
        return ERROR_CODES.get(lacks) if self.error_codes == "twilio" else None

    def link(
        self,
        session: str,
        leg: int,
        recording: int,
        started_at_us: int,
        form: str,
        at_us: int,
        *,
        file_name: str = "",
    ) -> str:
        """A link to stored audio, signed at a moment, good for the readings' lifetime.

        Leg and recording by number. Source: docs storing-call-recordings: account, UTC date, leg id
        and the Unix second of the capture's start (Q 49), pre-signed; record_start: its
        custom_file_name takes the place of the leg id.
        """
        started_us, signed_us = self.starts_at_us + started_at_us, self.starts_at_us + at_us
        name = quote(file_name, safe="") or self.wire_id("leg", session, leg)
        date, unix_s = iso_micros(started_us)[:10], started_us // SECOND_US
        key = f"{self.account_sid}/{date}/{name}-{unix_s}.{form}"
        stamp = iso_micros(signed_us)[:19].replace("-", "").replace(":", "")
        signed = f"{key} {stamp} {self.wire_id('recording', session, recording)}"
        return (
            f"{self.bucket}/{key}?X-Amz-Algorithm=AWS4-HMAC-SHA256"
            f"&X-Amz-Credential=RECSIM%2F{stamp[:8]}%2Fus-east-1%2Fs3%2Faws4_request"
            f"&X-Amz-Date={stamp}Z&X-Amz-Expires={self.url_ttl_us // SECOND_US}"
            f"&X-Amz-SignedHeaders=host&X-Amz-Signature={ids.signature(self.seed, signed)}"
        )

    def link_until_us(self, at_us: int) -> int:
        """From when on a link signed at a moment has expired; it tells both in whole seconds."""
        signed_us = self.starts_at_us + at_us
        unsaid_us = signed_us % SECOND_US + self.url_ttl_us % SECOND_US
        return at_us + self.url_ttl_us - unsaid_us

    def link_to(self, session: CallSession, leg: CallLeg, recording: Recording, at_us: int) -> str:
        """A link to a recording's audio, signed at a moment."""
        return self.link(
            session.title,
            leg.n,
            recording.n,
            recording.started_at_us,
            recording.settings.format,
            at_us,
            file_name=recording.settings.file_name,
        )
