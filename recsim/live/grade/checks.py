"""What is graded: a row a check, a hundred points altogether."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from recsim.live.grade import audio, forgeries, hangup, orders
from recsim.live.grade.grader import Grader
from recsim.live.grade.parts import Finding, Settings

PROBE, APPLICATION = "probe", "application"


class Check(NamedTuple):
    """One row."""

    name: str
    points: int
    needs: str
    """Without which nothing can be said; empty: the answers are enough."""
    make: Callable[[Grader], Awaitable[Finding]]
    title: str
    loses: str
    """What a user would lose."""
    remedy: str

    def lacks(self, settings: Settings) -> str:
        """Why nothing can be said; empty: something can."""
        if self.needs == PROBE and not settings.has_probe:
            return "only a probe shows it (--probe, --probe-command)"
        if self.needs == APPLICATION and not settings.voice_url:
            return "it takes a call with the application (--voice-url)"
        return ""


# fmt: off
CHECKS = (
    Check("natural", 10, "", orders.natural,
          "in-progress, then completed",
          "every recording",
          "answer 200 to both; if the answer was 401 or 403, give the receiver the public key of this grading"),
    Check("completed-first", 8, "", orders.completed_first,
          "completed comes before in-progress, or without it",
          "the recordings whose in-progress was late, lost, or never subscribed to",
          "create what is missing when completed comes; never ask that in-progress was there"),
    Check("late-in-progress", 8, PROBE, orders.late_in_progress,
          "in-progress comes after the end",
          "recordings that were there, and then are in progress for ever",
          "once completed or absent is kept, let nothing but a deletion change it"),
    Check("duplicate-answer", 6, "", orders.duplicates_answered,
          "what was taken once is taken again",
          "callbacks: the vendor sends on what it was refused, and gives up in the end",
          "answer 200 to what you have already"),
    Check("duplicate-once", 8, PROBE, orders.duplicates_kept,
          "what comes twice is kept once",
          "the truth: the same message is shown, billed or transcribed twice",
          "a unique key over RecordingSid, and an upsert"),
    Check("absent", 6, "", orders.absent,
          "a recording without usable audio",
          "an end: what waits for the recording waits for ever",
          "treat absent as an end, without a link and without a duration"),
    Check("in-time", 8, "", audio.in_time,
          "answers come in time, however slow the storage is",
          "callbacks: what isn't answered in 2 s counts as failed, and is sent again",
          "answer first, and download afterwards, in a job of its own"),
    Check("cut-off", 4, PROBE, audio.cut_off,
          "a retry after an attempt that was given up",
          "recordings whose first attempt took too long",
          "take down that a callback is done with when it is done, not when it begins"),
    Check("unknown", 5, "", forgeries.unknown,
          "statuses, parameters and messages there never were",
          "callbacks, on the day when the API learns something new",
          "answer 200 to what you don't know, and leave it; read the parameters you need, and no more"),
    Check("signature", 8, "", forgeries.signature,
          "callbacks of somebody else",
          "trust: whoever knows the URL can write recordings",
          "verify telnyx-signature-ed25519 over the timestamp, a bar and the raw body; refuse with 401 or 403"),
    Check("stale", 4, "", forgeries.stale,
          "a callback that was signed 301 s ago",
          "trust: whoever once saw a callback can play it back",
          "refuse a telnyx-timestamp older than 300 s"),
    Check("other-method", 3, "", audio.other_method,
          "callbacks by the other method, GET or POST",
          "every recording, once somebody sets recordingStatusCallbackMethod",
          "take parameters from the query too; of a GET, the signature covers the timestamp and a bar"),
    Check("download", 6, "", audio.downloaded,
          "the audio is fetched while its link works",
          "the audio: the link answers 403 ten minutes later",
          "download when completed comes, and keep the file, or ask REST for a fresh link whenever you need one"),
    Check("expired-link", 2, "", audio.expired,
          "the link has expired when the callback comes: 403",
          "the record that there is a recording at all",
          "keep the recording first; a download that fails is a job to do again, with a fresh link from REST"),
    Check("missing-audio", 2, "", audio.missing,
          "there is nothing behind the link: 404",
          "the record that there is a recording at all",
          "keep the recording first; a download that fails is a job to do again"),
    Check("no-link", 2, "", audio.no_link,
          "completed without RecordingUrl (SendRecordingUrl=false)",
          "recordings whose links were to stay out of logs",
          "take RecordingUrl for optional, and ask REST for the link"),
    Check("paused", 2, "", audio.paused,
          "a recording that was paused",
          "the length: shorter than from start to end",
          "take RecordingDuration; don't count the time between callbacks"),
    Check("delayed", 1, "", audio.delayed,
          "callbacks that come five minutes late",
          "recordings, on every day when the network is slow",
          "compare the time of the signature, not that of the call, with the clock"),
    Check("two-recordings", 2, "", audio.two,
          "two recordings of one call",
          "all recordings of a call but one",
          "key recordings by RecordingSid, not by CallSid"),
    Check("hang-up", 5, APPLICATION, hangup.forgotten,
          "completed comes after the call is over",
          "the message of every caller who hangs up: its audio is stored after the call",
          "keep a call until its recordings are completed or absent"),
)
# fmt: on

BY_NAME = {check.name: check for check in CHECKS}
