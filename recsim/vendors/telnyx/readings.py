"""Where the documents are silent or disagree: which readings there are, and which is taken.

A scenario switches a reading by its key. Settled here, once, into a `Policy` and a few words; the
core never sees a key. `Q n` is the entry of the open questions that says what each source says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from recsim.core.errors import RecsimError, suggest
from recsim.core.units import parse_duration
from recsim.vendors.telnyx.defaults import BY_PARTICIPANT_CONFERENCE

FLAG = ("false", "true")
DURATION = "a duration"
NUMBER = "a number"
RATE = "a number from 1 to 1000"
COUNT = "a whole number"
LONGEST_NUMBER = 12


class Reading(NamedTuple):
    """One row: a question, the answers a scenario may give, and the one taken otherwise."""

    key: str
    answers: tuple[str, ...] | str
    """The words to choose from, or DURATION, NUMBER, RATE or COUNT."""
    default: str
    question: str
    spec: str


class ReadingError(RecsimError):
    """A reading that does not exist, or an answer that it doesn't have."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(key, text)
        self.key, self.text = key, text

    def __str__(self) -> str:
        return f"{self.key}: {self.text}"


# fmt: off
READINGS = (
    Reading("answer_before_fetch",       FLAG,                      "false",       "is an inbound call answered before its instructions are fetched", "Q 19"),
    Reading("voice_method",              ("post", "get"),           "post",        "method of an instruction fetch that names none", "Q 10"),
    Reading("record_accept_absent",      FLAG,                      "true",        "may a <Record> subscribe to absent", "Q 8"),
    Reading("record_no_action",          ("next_verb", "same_document"), "next_verb", "what follows a <Record> without action", "Q 44"),
    Reading("empty_record_skips_action", FLAG,                      "true",        "does a <Record> without usable audio skip its action", "Q 43"),
    Reading("dial_start",                ("attribute", "leg_created"), "attribute", "from when on is a <Dial> recorded that is recorded at all", "Q 7"),
    Reading("absent_min_duration_s",     DURATION,                  "1s",          "less usable audio than this is absent", "Q 26"),
    Reading("absent_delete_silent",      FLAG,                      "false",       "is a recording in which nothing is heard absent", "Q 26"),
    Reading("absent_on_unanswered",      FLAG,                      "true",        "is a <Dial> recorded from ringing that nobody answered absent", "Q 26"),
    Reading("absent_error_codes",        ("twilio", "none"),        "twilio",      "codes that say why a recording is absent", "Q 27"),
    Reading("keep_tombstones",           FLAG,                      "true",        "does a deleted recording stay in the list of its conference", "Q 51"),
    Reading("bulk_delete_strict",        FLAG,                      "false",       "does one unknown id refuse a bulk deletion", "Q 52"),
    Reading("unknown_connection",        ("empty", "not_found"),    "empty",       "what answers a list filtered by a connection that does not exist", "Q 66"),
    Reading("page_beyond_end",           ("empty", "not_found"),    "empty",       "what answers a v2 page beyond the end", "Q 67"),
    Reading("absent_in_texml_view",      ("stopped", "absent"),     "stopped",     "status of an absent recording in the TeXML body", "Q 3"),
    Reading("v2_list_only_completed",    FLAG,                      "true",        "does v2 show completed recordings only", "Q 3"),
    Reading("pause_behavior",            ("skip", "silence"),       "skip",        "what becomes of paused time", "Q 29"),
    Reading("max_length_counts_paused",  FLAG,                      "false",       "does paused time count towards the maximum length", "Q 30"),
    Reading("duration_round",            ("floor", "nearest", "ceil"), "floor",    "how a duration becomes whole seconds", "Q 37"),
    Reading("texml_date_format",         ("iso8601", "rfc2822"),    "iso8601",     "dates of TeXML recordings", "Q 4"),
    Reading("texml_resource_date_format", ("rfc2822", "iso8601"),   "rfc2822",     "dates of TeXML calls", "Q 4"),
    Reading("audio_after_answer_s",      DURATION,                  "0s",          "from the answer of a call until there is audio to be recorded", "Q 75"),
    Reading("recording_url_ttl_s",       DURATION,                  "600s",        "life of a signed link", "Q 23"),
    Reading("url_clock",                 ("signed_at", "call_end"), "signed_at",   "from when the life of the link in a callback is counted", "Q 23"),
    Reading("completed_waits_for_call_end", FLAG,                   "false",       "does the completed callback wait for the end of the call", "Q 21"),
    Reading("invalid_transition",        ("strict", "lenient"),     "strict",      "is a request refused for a status that the recording can't go to", "Q 32"),
    Reading("max_concurrent_recordings", COUNT,                     "0",           "how many recordings of a call may go on where a request starts another; 0: any number", "Q 33"),
    Reading("retention_days",            ("0", "30", "365"),        "0",           "after how many days a completed recording is deleted; 0: never", "Q 62"),
    Reading("price_per_min",             NUMBER,                    "0.002",       "price of a recorded minute, in USD", "Q 55"),
    Reading("beep_s",                    DURATION,                  "500ms",       "length of the beep, which delays capture", "Q 60"),
    Reading("callback_latency_s",        DURATION,                  "100ms",       "from a move to the first attempt of its callback", "Q 61"),
    Reading("conference_limit_s",        DURATION,                  "14400s",      "how long a conference may go on; 0s: without end", "Q 74"),
    Reading("webhook_timeout_secs",      DURATION,                  "2s",          "how long a delivery waits for its answer", "Q 12"),
    Reading("webhook_success",           ("2xx", "200"),            "2xx",         "which answers accept a delivery", "Q 39a"),
    Reading("webhook_follow_redirects",  ("0", "3"),                "0",           "how many redirects in a row a delivery follows", "Q 11"),
    Reading("command_id_ttl_s",          DURATION,                  "60s",         "how long a command with a repeated command_id is ignored; 0s: for ever", "Q 13"),
    Reading("retry_policy",              ("exponential", "fixed", "none"), "exponential", "when a delivery is tried again", "Q 38"),
    Reading("webhook_retry_after",       ("ignored", "honoured"),   "ignored",     "does the Retry-After of an answer delay the next attempt", "Q 38a"),
    Reading("texml_callback_failover",   ("voice_fallback_url", "none"), "voice_fallback_url", "where a TeXML callback goes when its URL has failed", "Q 39"),
    Reading("texml_also_json",           FLAG,                      "false",       "do webhooks tell of recordings that TeXML made", "Q 41"),
    Reading("say_words_per_minute",      RATE,                       "150",         "how fast <Say> speaks", "Q 72"),
    Reading("play_default_s",            DURATION,                  "5s",          "length of media that the scenario doesn't list", "Q 72"),
    Reading("channels_default.RecordVerb", ("single", "dual"),      "dual",        "channels of a <Record> that names none", "Q 1"),
    Reading("channels_default.StartCallRecordingAPI", ("single", "dual"), "dual",  "channels of a recording started by REST or <Start> that names none", "Q 1"),
    Reading("channels_default.DialVerb", ("single", "dual"),        "single",      "channels of a <Dial> that names none", "Q 1"),
    Reading("channels_default.OutboundAPI", ("single", "dual"),     "single",      "channels of a call or participant made by REST that names none", "Q 1"),
    Reading("channels_default.StartConferenceRecordingAPI", ("single", "dual"), "single", "channels of a conference recording started by REST that names none", "Q 1"),
    Reading("trim_default.RecordVerb",   ("off", "trim-silence"),   "off",         "trim of a <Record> that names none", "Q 2"),
    Reading("trim_default.StartCallRecordingAPI", ("off", "trim-silence"), "off",  "trim of a recording started by REST or <Start> that names none", "Q 2"),
    Reading("trim_default.OutboundAPI",  ("trim-silence", "off"),   "trim-silence", "trim of a call or participant made by REST that names none", "Q 2"),
    Reading("trim_default.Conference",   ("off", "trim-silence"),   "off",         "trim of a <Conference> that names none", "Q 2"),
    Reading("trim_default.ConferenceTrim", ("trim-silence", "off"), "trim-silence", "trim of a conference that a participant's dialing records, where ConferenceTrim is missing", "Q 2"),
    Reading("trim_default.StartConferenceRecordingAPI", ("off", "trim-silence"), "off", "trim of a conference recording started by REST that names none", "Q 2"),
)

#: Waits before the second, third ... attempt at a URL, in µs (Q 38).
RETRIES_US = {
    "exponential": (1_000_000, 2_000_000),
    "fixed":       (60_000_000, 240_000_000, 600_000_000, 2_700_000_000),
    "none":        (),
}

#: From the last attempt at a URL to the first at the fallback URL, in µs (Q 38). Assumed where a
#: schedule names no wait after its last attempt: at once.
FAIL_OVER_US = {
    "exponential": 4_000_000,
    "fixed":       0,
    "none":        0,
}

#: Of readings that take a length or a number: what else one would try (see `other_answers`).
ALTERNATIVES = {
    "absent_min_duration_s": ("0s", "3s"),
    "recording_url_ttl_s":   ("60s", "3600s"),
    "price_per_min":         ("0", "0.01"),
    "audio_after_answer_s":  ("200ms", "2s"),
    "beep_s":                ("0s", "2s"),
    "callback_latency_s":    ("0s", "2s"),
    "conference_limit_s":    ("60s", "0s"),
    "webhook_timeout_secs":  ("10s", "30s"),
    "command_id_ttl_s":      ("1s", "0s"),
    "say_words_per_minute":  ("100", "200"),
    "play_default_s":        ("1s", "30s"),
    "max_concurrent_recordings": ("1", "2"),
}
# fmt: on

#: Ways of recording whose defaults have a reading of their own, and not that of their source.
OWN_DEFAULTS = {BY_PARTICIPANT_CONFERENCE: "ConferenceTrim"}

BY_KEY = {reading.key: reading for reading in READINGS}


def settled(given: Mapping[str, str]) -> dict[str, str]:
    """The answer to every reading, as text: those `given`, and the default of all others.

    Raises ReadingError for the first key or answer that does not exist.
    """
    for key, answer in given.items():
        check(key, answer)
    return {reading.key: given.get(reading.key, reading.default) for reading in READINGS}


def check(key: str, answer: str) -> None:
    """Raise ReadingError unless `key` is a reading and `answer` one of its answers."""
    reading = BY_KEY.get(key)
    if reading is None:
        raise ReadingError(key, f"unknown reading{suggest(key, BY_KEY)}")
    if reading.answers == DURATION:
        try:
            parse_duration(answer)
        except ValueError as error:
            raise ReadingError(key, str(error)) from None
    elif reading.answers == COUNT:
        if not (answer.isascii() and answer.isdigit()) or len(answer) > LONGEST_NUMBER:
            raise ReadingError(key, f"expected a whole number such as 2, got {answer!r}")
    elif reading.answers in (NUMBER, RATE):
        whole, _, fraction = answer.partition(".")
        is_number = answer.isascii() and whole.isdigit() and (fraction or "0").isdigit()
        if not is_number or len(answer) > LONGEST_NUMBER:
            raise ReadingError(key, f"expected a number such as 0.002, got {answer!r}")
        if reading.answers == RATE and not 1 <= float(answer) <= 1000:
            raise ReadingError(key, f"expected {RATE}, got {answer!r}")
    elif answer not in reading.answers:
        expected = ", ".join(reading.answers)
        raise ReadingError(key, f"expected one of {expected}, got {answer!r}")


def given(words: Iterable[str]) -> dict[str, str]:
    """Readings from texts such as `beep_s=1s`, as a command line has them.

    Raises ReadingError for what is no such text, and for a key that comes twice.
    """
    readings: dict[str, str] = {}
    for word in words:
        key, equals, answer = word.partition("=")
        if not equals:
            raise ReadingError(key, "expected KEY=VALUE, such as beep_s=1s")
        check(key, answer)
        if key in readings:
            raise ReadingError(key, "expected each reading once")
        readings[key] = answer
    return readings


def other_answers(reading: Reading, answer: str) -> tuple[str, ...]:
    """What one would try in place of `answer`."""
    if isinstance(reading.answers, tuple):
        tried = reading.answers
    else:
        tried = (reading.default, *ALTERNATIVES[reading.key])
    return tuple(other for other in tried if other != answer)
