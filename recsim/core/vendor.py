"""What the platform is given: a vendor's tables, its policy, and its words.

`core` names no vendor and never sees the key of a disputed reading: both are settled in the
`Policy` before a run begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from recsim.core.commands import Answer, Request
from recsim.core.documents import Document
from recsim.core.entities import (
    CallLeg,
    CallSession,
    Conference,
    Message,
    Recording,
    RecordingSettings,
    Wish,
)
from recsim.core.lifecycle import Coupling, Lifecycle

if TYPE_CHECKING:
    from recsim.core.platform import Platform


@dataclass(frozen=True, slots=True)
class Policy:
    """Every number and choice that the tables leave open, settled for one run. Lengths in µs."""

    answers_before_fetch: bool
    """An inbound call is answered before its instructions are fetched."""
    beep_us: int
    """The beep delays capture by this much."""
    minimum_us: int
    """Less usable audio than this makes a recording absent."""
    discards_silent: bool
    """A recording in which nothing is heard is absent."""
    unanswered_is_absent: bool
    """A recording of a `<Dial>` that nobody answered is absent, though ringing was captured."""
    pause_is_filled: bool
    """Paused time counts, as silence."""
    limit_counts_paused: bool
    """The clock of the maximum length goes on while paused."""
    callback_latency_us: int
    """From a move to the first attempt of its callback."""
    completed_waits: bool
    """What is stored while its call goes on is told at the end of that."""
    retention_us: int
    """A completed recording is deleted after so long; 0: never."""
    empty_skips_action: bool
    """A `<Record>` without usable audio makes no action request."""
    repeats_without_action: bool
    """A `<Record>` without `action` fetches its own document again."""
    circle_limit: int
    """So many documents in a row may lead to others while the party of a leg does nothing."""
    conference_us: int
    """A conference is over after so long; 0: it may go on for ever."""
    fetch_timeout_us: int
    delivery_timeout_us: int
    retries_us: tuple[int, ...]
    """Waits before the second, third ... attempt at a URL; as many retries as there are."""
    honours_retry_after: bool
    """The next attempt at a URL waits at least as long as its answer asked for."""
    fails_over: bool
    """A delivery that failed at its URL goes on at the application's fallback URL."""
    fail_over_us: int
    """From the last attempt at one URL to the first at the next."""
    verdicts: Mapping[int, str]
    """What an HTTP status (0: no answer) does to a delivery: accept, retry, redirect or give_up.

    What doesn't stand there is given up.
    """
    webhook_sources: frozenset[str]
    """What makes recordings that webhooks tell of, besides v2 commands."""
    redirects_followed: int
    """So many redirects in a row a delivery follows; one more is given up."""
    play_us: int
    """Length of media that `media` doesn't list."""
    media: Mapping[str, int]
    """Lengths of media by absolute URL."""


class Encoded(NamedTuple):
    """A message as it goes over the wire."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    """As sent; empty for a GET."""
    params: tuple[tuple[str, str], ...]
    """Decoded, in order."""


class Link(NamedTuple):
    """A link to the audio of a recording, as a message tells it."""

    sid: str
    recording: int
    """Its number in the session."""
    url: str
    request: Request
    """What its download asks."""
    until_us: int
    """From here on it has expired; NEVER: that depends on what becomes of its call."""


class Vendor(Protocol):
    """A vendor's platform, made for one run; all of it pure functions of their arguments."""

    @property
    def policy(self) -> Policy:
        """What was settled for this run."""

    @property
    def leg(self) -> Lifecycle:
        """The life of a call leg."""

    @property
    def conference(self) -> Lifecycle:
        """The life of a conference."""

    @property
    def recording(self) -> Lifecycle:
        """The life of a recording."""

    @property
    def delivery(self) -> Lifecycle:
        """The life of a message on its way."""

    @property
    def couplings(self) -> tuple[Coupling, ...]:
        """What one entity's move does to others."""

    @property
    def callback_status(self) -> Mapping[str, str]:
        """The status word that a callback carries, by trigger of the recording's move."""

    @property
    def webhook_events(self) -> Mapping[str, str]:
        """What a webhook tells of a recording, by trigger of its move: `saved` or `error`."""

    def parse(self, text: str) -> Document:
        """Understand a document. Raises TexmlError when the vendor could not follow it at all."""

    def on_file(self, leg: CallLeg) -> Wish | None:
        """What the account's own settings record of a leg, from its answer on; None: nothing."""

    def recording_status(
        self, session: CallSession, leg: CallLeg, recording: Recording, word: str, now_us: int
    ) -> Message:
        """The callback that says `recording` is now `word`."""

    def never_recorded(
        self, session: CallSession, leg: CallLeg, source: str, settings: RecordingSettings
    ) -> Message:
        """The callback that says a recording was asked for and never made."""

    def call_status(self, platform: Platform, leg: CallLeg, event: str) -> Message:
        """The callback that says how far a call has come."""

    def conference_status(
        self, platform: Platform, conference: Conference, leg: CallLeg, word: str, is_on: bool
    ) -> Message:
        """The callback that tells of `leg` what `word` stands for: see `core.conferences`.

        `is_on`: it begins to speak, where the word is of speakers.
        """

    def call_webhook(self, platform: Platform, leg: CallLeg, event: str) -> Message:
        """The webhook of how far a call has come: `initiated`, `answered` or `hangup`."""

    def recording_webhook(
        self, platform: Platform, recording: Recording, event: str
    ) -> Message | None:
        """The webhook of what became of a recording: `saved` or `error`; None: there is none."""

    def conference_webhook(
        self, platform: Platform, conference: Conference, leg: CallLeg, event: str
    ) -> Message:
        """The webhook of how a conference goes, which names the call of `leg`.

        `created` and `ended` are of all of it, `join` and `leave` of the leg.
        """

    def instructions(self, session: CallSession, leg: CallLeg) -> Message:
        """What an instruction fetch carries."""

    def record_action(
        self, session: CallSession, leg: CallLeg, recording: Recording, digits: str, now_us: int
    ) -> Message:
        """What the instruction fetch after `recording` carries; `digits` is what ended it."""

    def dial_action(
        self,
        session: CallSession,
        leg: CallLeg,
        dialed: CallLeg | None,
        recording: Recording | None,
        now_us: int,
    ) -> Message:
        """What the instruction fetch after a `<Dial>` carries.

        `dialed` decided how it went; None: nobody was to be had. One that lives on was answered.
        """

    def conference_action(
        self, session: CallSession, leg: CallLeg, is_in: bool, stay_us: int
    ) -> Message:
        """What the instruction fetch after a `<Dial>` with a `<Conference>` carries.

        `is_in`: the leg was let in, and stayed so long.
        """

    def gather_action(self, session: CallSession, leg: CallLeg, digits: str, words: str) -> Message:
        """What the instruction fetch after a `<Gather>` carries: keys, or words, or both."""

    def queue_wait(self, platform: Platform, leg: CallLeg) -> Message:
        """What the fetch of what is heard in a queue carries, while `leg` waits in it."""

    def queue_action(
        self, session: CallSession, leg: CallLeg, queue: str, result: str, waited_us: int
    ) -> Message:
        """What the instruction fetch after an `<Enqueue>` carries; `result` as `enqueue` has it."""

    def refer_action(
        self, session: CallSession, leg: CallLeg, to: str, why: str, now_us: int
    ) -> Message:
        """What the instruction fetch after a `<Refer>` carries; `why` it failed, if it did."""

    def encode(
        self, message: Message, method: str, url: str, n: int = 1, at_us: int = 0
    ) -> Encoded:
        """A message as sent by `method` to `url`: its `n`-th attempt, which goes out at `at_us`."""

    def link(self, message: Message) -> Link | None:
        """The link to audio that a message tells, if it tells one."""

    def answer(self, platform: Platform, request: Request) -> Answer:
        """Answer a REST request, or the download of a link, issuing what it asks for.

        A refused one changes nothing.
        """

    def disagreement(self, platform: Platform, recording: Recording) -> str:
        """What contradicts in the views of one recording; empty where they agree."""

    def wire_id(self, kind: str, session: str, n: int = 0) -> str:
        """The id of the session's n-th `kind`: call, conference, leg, session or recording."""
