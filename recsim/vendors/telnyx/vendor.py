"""Telnyx, made for one run from its seed, its start and its readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from recsim.core.commands import Answer, Request
from recsim.core.documents import Document
from recsim.core.entities import (
    ABSENT,
    INBOUND,
    Application,
    CallLeg,
    CallSession,
    Conference,
    Message,
    Recording,
    Wish,
)
from recsim.core.platform import Final
from recsim.core.units import parse_duration
from recsim.core.vendor import Encoded, Link, Policy
from recsim.vendors.telnyx import agreement, callbacks, ids, lifecycle, projection, storage
from recsim.vendors.telnyx.account import Account, on_file
from recsim.vendors.telnyx.defaults import (
    BY_CONFERENCE,
    BY_DIAL,
    BY_NOUN,
    BY_RECORD,
    SECOND_US,
    SOURCES,
    TRUNKING,
    SourceDefault,
)
from recsim.vendors.telnyx.readings import FAIL_OVER_US, OWN_DEFAULTS, RETRIES_US, settled
from recsim.vendors.telnyx.rest import Rest
from recsim.vendors.telnyx.signing import Signer
from recsim.vendors.telnyx.texml.parser import Parser
from recsim.vendors.telnyx.words import BUCKET, Words

if TYPE_CHECKING:
    from recsim.core.platform import Platform

CHANNELS = {"single": 1, "dual": 2}

DAY_US = 86_400 * SECOND_US

#: No count is published; a call that is sent on this often while its party does nothing is taken to
#: run in a circle (assumed).
CIRCLE_LIMIT = 100

#: How long an instruction fetch waits. Assumed: nobody says; what one guide gives webhooks (Q 12).
FETCH_TIMEOUT_US = 10 * SECOND_US


def policy(readings: Mapping[str, str], media: Mapping[str, int]) -> Policy:
    """What the readings leave of the open questions. `media` are lengths in µs by URL."""
    accept = lifecycle.ANY_2XX if readings["webhook_success"] == "2xx" else lifecycle.ONLY_200
    redirects = int(readings["webhook_follow_redirects"])
    redirect = lifecycle.REDIRECT_FOLLOWED if redirects else lifecycle.REDIRECT_FAILS
    return Policy(
        answers_before_fetch=readings["answer_before_fetch"] == "true",
        beep_us=parse_duration(readings["beep_s"]),
        minimum_us=parse_duration(readings["absent_min_duration_s"]),
        discards_silent=readings["absent_delete_silent"] == "true",
        unanswered_is_absent=readings["absent_on_unanswered"] == "true",
        pause_is_filled=readings["pause_behavior"] == "silence",
        limit_counts_paused=readings["max_length_counts_paused"] == "true",
        callback_latency_us=parse_duration(readings["callback_latency_s"]),
        completed_waits=readings["completed_waits_for_call_end"] == "true",
        retention_us=int(readings["retention_days"]) * DAY_US,
        empty_skips_action=readings["empty_record_skips_action"] == "true",
        repeats_without_action=readings["record_no_action"] == "same_document",
        circle_limit=CIRCLE_LIMIT,
        conference_us=parse_duration(readings["conference_limit_s"]),
        fetch_timeout_us=FETCH_TIMEOUT_US,
        delivery_timeout_us=parse_duration(readings["webhook_timeout_secs"]),
        retries_us=RETRIES_US[readings["retry_policy"]],
        honours_retry_after=readings["webhook_retry_after"] == "honoured",
        fails_over=readings["texml_callback_failover"] == "voice_fallback_url",
        fail_over_us=FAIL_OVER_US[readings["retry_policy"]],
        verdicts=lifecycle.by_status((accept, *redirect, *lifecycle.RETRIED)),
        webhook_sources=SOURCES_TOLD if readings["texml_also_json"] == "true" else frozenset(),
        redirects_followed=redirects,
        play_us=parse_duration(readings["play_default_s"]),
        media=dict(media),
    )


def defaults(readings: Mapping[str, str]) -> dict[str, SourceDefault]:
    """The table of defaults by how a recording is made.

    A reading is about all of one source, but for those of OWN_DEFAULTS.
    """
    table = {}
    for row in SOURCES:
        of = OWN_DEFAULTS.get(row.made_by, row.source)
        channels = readings.get(f"channels_default.{of}")
        trim = readings.get(f"trim_default.{of}")
        table[row.made_by] = row._replace(
            channels=CHANNELS[channels] if channels else row.channels,
            is_trimmed=trim == "trim-silence" if trim else row.is_trimmed,
        )
    return table


#: What TeXML makes recordings by; trunking is no part of it (Q 41, Q 58).
SOURCES_TOLD = frozenset(row.source for row in SOURCES) - {TRUNKING}

NO_APPLICATION = Application("", "POST")
"""Calls that are asked for by REST name their own instructions, or aren't made."""

NOBODY = Account()
"""An account that says nothing."""


class Telnyx:
    """The vendor of `core.vendor.Vendor`; `application` is on file for calls asked for by REST.

    `fixed` are ids that were given, by kind, session and number, and `bucket` is where links lead.
    Raises ReadingError for a reading that doesn't exist, ExtraError for `signs` without PyNaCl.
    """

    leg = lifecycle.CALL_LEG
    conference = lifecycle.CONFERENCE
    recording = lifecycle.RECORDING
    delivery = lifecycle.DELIVERY
    couplings = lifecycle.COUPLINGS
    callback_status = lifecycle.CALLBACK_STATUS
    webhook_events = lifecycle.WEBHOOK_EVENTS

    def __init__(
        self,
        seed: int,
        starts_at_us: int,
        *,
        readings: Mapping[str, str] | None = None,
        media: Mapping[str, int] | None = None,
        account: Account = NOBODY,
        application: Application = NO_APPLICATION,
        signs: bool = False,
        bucket: str = BUCKET,
        fixed: Mapping[tuple[str, str, int], str] | None = None,
    ) -> None:
        self.account = account
        self.signer = Signer(seed) if signs else None
        self.readings = settled(readings or {})
        self.policy = policy(self.readings, media or {})
        self.defaults = defaults(self.readings)
        self.words = Words(
            seed=seed,
            starts_at_us=starts_at_us,
            account_sid=account.sid or ids.wire_id(seed, "account", "", 0),
            connection_id=ids.wire_id(seed, "connection", "", 0),
            date_format=self.readings["texml_date_format"],
            resource_date_format=self.readings["texml_resource_date_format"],
            duration_round=self.readings["duration_round"],
            error_codes=self.readings["absent_error_codes"],
            url_ttl_us=parse_duration(self.readings["recording_url_ttl_s"]),
            usd_per_minute=float(self.readings["price_per_min"]),
            v2_only_completed=self.readings["v2_list_only_completed"] == "true",
            links_from_call_end=self.readings["url_clock"] == "call_end",
            bucket=bucket,
            fixed=fixed or {},
        )
        self.rest = Rest(
            self.words,
            self.defaults,
            self._absent_word,
            account,
            application,
            parse_duration(self.readings["audio_after_answer_s"]),
            parse_duration(self.readings["command_id_ttl_s"]),
            self.readings,
            self.encode,
            is_lenient=self.readings["invalid_transition"] == "lenient",
            most_recordings=int(self.readings["max_concurrent_recordings"]),
        )
        self.wire_id = self.words.wire_id
        self.recording_status = callbacks.recording_status
        self.instructions = callbacks.instructions
        self.record_action = callbacks.record_action
        self.never_recorded = callbacks.never_recorded
        self.call_status = callbacks.call_status
        self.dial_action = callbacks.dial_action
        self.conference_status = callbacks.conference_status
        self.conference_action = callbacks.conference_action
        self.call_webhook = callbacks.call_webhook
        self.recording_webhook = callbacks.recording_webhook
        self.conference_webhook = callbacks.conference_webhook
        self.gather_action = callbacks.gather_action
        self.queue_wait = callbacks.queue_wait
        self.queue_action = callbacks.queue_action
        self.refer_action = callbacks.refer_action
        self.parser = Parser(
            record=self.defaults[BY_RECORD],
            noun=self.defaults[BY_NOUN],
            dial=self.defaults[BY_DIAL],
            conference=self.defaults[BY_CONFERENCE],
            say_us_per_word=round(60 * SECOND_US / float(self.readings["say_words_per_minute"])),
            accepts_absent_on_record=self.readings["record_accept_absent"] == "true",
            records_from_dialing=self.readings["dial_start"] == "leg_created",
        )

    @property
    def _absent_word(self) -> str:
        return ABSENT if self.readings["absent_in_texml_view"] == ABSENT else "stopped"

    def on_file(self, leg: CallLeg) -> Wish | None:
        """What the account's own settings record of a leg, from its answer on."""
        return on_file(self.account, self.defaults, leg)

    def parse(self, text: str) -> Document:
        """Understand TeXML. Raises TexmlError."""
        return self.parser.parse(text)

    def encode(
        self, message: Message, method: str, url: str, n: int = 1, at_us: int = 0
    ) -> Encoded:
        """A message as sent by `method` to `url`: its `n`-th attempt, which goes out at `at_us`."""
        sent = callbacks.encode(self.words, message, method, url, n)
        if self.signer is None:
            return sent
        return self.signer.signed(sent, self.words.starts_at_us + at_us)

    @property
    def public_key(self) -> str:
        """What proves that callbacks come from here, in base64; empty: they are not signed."""
        return self.signer.public_key if self.signer else ""

    def link(self, message: Message) -> Link | None:
        """The link to audio that a message tells, if it tells one."""
        return storage.link_in(self.words, message)

    def answer(self, platform: Platform, request: Request) -> Answer:
        """Answer a REST request, or the download of a link."""
        return self.rest.answer(platform, request)

    def disagreement(self, platform: Platform, recording: Recording) -> str:
        """What contradicts in the views of one recording; empty where they agree."""
        session, leg = platform.sessions[recording.session], platform.legs[recording.leg]
        seen = agreement.views(
            self.words, session, leg, recording, platform.now_us, self._absent_word
        )
        return agreement.disagreement(self.words, seen, recording.status)

    def row(self, final: Final, recording: Recording, at_us: int) -> dict[str, Any]:
        """What is left of a recording at the end: its status, and each view as of `at_us`."""
        session = final.session
        leg = next(leg for leg in final.legs if leg.key == recording.leg)
        rooms = {one.key: one for one in final.conferences}
        conference = rooms.get(recording.conference)
        return {
            "sid": self.wire_id("recording", session.title, recording.n),
            "call": session.title,
            "entity": recording.key,
            "status": recording.status,
            "legs_by_channel": self.legs_by_channel(session, leg, recording, conference),
            "texml_create": projection.texml_create(self.words, session, leg, recording),
            "texml": projection.texml(
                self.words, session, leg, recording, at_us, self._absent_word
            ),
            "conference_item": projection.conference_item(
                self.words, session, leg, recording, at_us, keeps_deleted=self.rest.keeps_tombstones
            ),
            "v2": projection.v2(self.words, session, leg, recording, at_us),
        }

    def legs_by_channel(
        self,
        session: CallSession,
        leg: CallLeg,
        recording: Recording,
        conference: Conference | None = None,
    ) -> list[list[str]]:
        """The calls that were heard on each channel, as far as they could be heard at all.

        Source: start call recording (dual: the first leg, and all other audio); conference
        record_start (dual: whoever made the conference, and everybody else); guide: Tracks.
        """
        first = self.wire_id("call", session.title, leg.n)
        heard = [
            self.wire_id("call", one.session, one.n)
            for one in (conference.voices if conference else leg.met)
            if one.from_us < recording.ended_at_us and recording.started_at_us < one.until_us
        ]
        own = [first] if not conference or first in heard else []
        others = [sid for sid in dict.fromkeys(heard) if sid != first]
        if recording.settings.track != "both":
            return [own if recording.settings.track == INBOUND else others]
        return [own, others] if recording.settings.channels == 2 else [[*own, *others]]
