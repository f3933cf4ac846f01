"""What each verb of TeXML takes: its attributes, how their text is read, what they are otherwise.

`docs X` is the page docs/voice/programmable-voice/texml-verbs/X, `Q n` an entry of the open
questions, and `assumed:` starts a reference that nobody has published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from recsim.core.entities import ABSENT, COMPLETED, IN_PROGRESS
from recsim.core.units import SECOND_US, refused

Read = Callable[[str], Any]
"""Turns an attribute's text into its value. Raises ValueError, saying what would be right."""


class OfSource(NamedTuple):
    """A default that the recording's source decides: a field of its row of defaults."""

    field: str


class Attribute(NamedTuple):
    """One row: how an attribute of a verb is read."""

    read: Read
    default: Any
    """What holds where the attribute is missing or refused, as `read` would give it."""
    spec: str


def text(value: str) -> str:
    """Any text: a URL as the document writes it, a name, a language tag."""
    return value


def words(value: str) -> tuple[str, ...]:
    """Words between blanks, each once."""
    return tuple(dict.fromkeys(value.split()))


def choice(options: Mapping[str, Any], silently: Mapping[str, Any] | None = None) -> Read:
    """One word of `options`; those accepted `silently` aren't offered."""
    known = {**options, **(silently or {})}
    expected = " or ".join(options)

    def read(value: str) -> Any:
        if value not in known:
            raise refused(expected, value)
        return known[value]

    return read


def whole(low: int, high: int, unit: int = 1) -> Read:
    """A plain decimal number of `unit`s, both ends included."""
    expected = f"a whole number from {low} to {high}"

    def read(value: str) -> int:
        # Bounded before converting: Python refuses thousands of digits in words of its own.
        if not (value.isascii() and value.isdigit() and len(value) <= 10):
            raise refused(expected, value)
        if not low <= int(value) <= high:
            raise refused(expected, value)
        return int(value) * unit

    return read


def keys(allowed: str, names: str) -> Read:
    """Keys of a telephone, without blanks; none at all is fine."""

    def read(value: str) -> str:
        if not set(value) <= set(allowed):
            raise refused(f"only {names}", value)
        return value

    return read


FLAG = choice({"true": True, "false": False})
METHOD = choice({"GET": "GET", "POST": "POST"})
KEYS = keys("0123456789*#", "digits, * and #")
TONES = keys("0123456789*#w", "digits, *, # and w")
TRIM = choice({"trim-silence": True}, silently={"do-not-trim": False})
CHANNELS = choice({"single": 1, "dual": 2}, silently={"mono": 1})
NOUN_CHANNELS = choice({"mono": 1, "single": 1, "dual": 2})
TRACK = choice({"inbound": "inbound", "outbound": "outbound", "both": "both"})
REASON = choice({"rejected": "reject", "busy": "busy"})
FORMAT = choice({"mp3": "mp3", "wav": "wav"})
LENGTH = whole(0, 14400, SECOND_US)
ENGINE = choice({"A": "A", "B": "B"})

# fmt: off
SAY = {
    #                       read                      default           spec
    "voice":      Attribute(text,                     "man",            "docs say"),
    "language":   Attribute(text,                     "",               "docs say"),
    "gender":     Attribute(text,                     "",               "docs say; assumed: any word"),
    "effect":     Attribute(text,                     "",               "docs say; assumed: any word"),
    "loop":       Attribute(whole(0, 10),             1,                "docs say: 0 is without end"),
}

PLAY = {
    #                         read                    default           spec
    "loop":         Attribute(whole(0, 1000),         1,                "docs play: 0 is without end; assumed: the bound"),
    "mediaStorage": Attribute(FLAG,                   False,            "docs play"),
    "digits":       Attribute(TONES,                  "",               "docs play"),
}

PAUSE = {
    #                   read                          default           spec
    "length": Attribute(whole(1, 180, SECOND_US),     SECOND_US,        "docs pause"),
}

REDIRECT = {
    #                   read                          default           spec
    "method": Attribute(METHOD,                       "POST",           "docs redirect"),
}

REJECT = {
    #                   read                          default           spec
    "reason": Attribute(REASON,                       "reject",         "docs reject: rejected"),
}

RECORD = {
    #                                          read      default                      spec
    "action":                        Attribute(text,     "",                          "docs record"),
    "method":                        Attribute(METHOD,   "POST",                      "docs record"),
    "finishOnKey":                   Attribute(KEYS,     "1234567890*#",              "docs record; assumed: empty is no key"),
    "timeout":                       Attribute(LENGTH,   OfSource("silence_us"),      "docs record; assumed: the bound is recordingTimeout's, docs conference"),
    "maxLength":                     Attribute(LENGTH,   OfSource("limit_us"),        "docs record"),
    "playBeep":                      Attribute(FLAG,     OfSource("beep"),            "docs record"),
    "trim":                          Attribute(TRIM,     OfSource("is_trimmed"),      "docs record; do-not-trim: docs conference"),
    "channels":                      Attribute(CHANNELS, OfSource("channels"),        "docs record; Q 1: mono is single"),
    "format":                        Attribute(FORMAT,   OfSource("format"),          "docs record"),
    "recordingStatusCallback":       Attribute(text,     "",                          "docs record"),
    "recordingStatusCallbackMethod": Attribute(METHOD,   "POST",                      "docs record"),
    "recordingStatusCallbackEvent":  Attribute(words,    OfSource("callback_events"), "docs record; Q 8: words of EVENTS"),
    "transcription":                 Attribute(FLAG,     False,                       "docs record; Q 25"),
    "transcribe":                    Attribute(FLAG,     False,                       "docs record; Q 25: its other name"),
    "transcriptionCallback":         Attribute(text,     "",                          "docs record; Q 25"),
    "transcribeCallback":            Attribute(text,     "",                          "docs record; Q 25: its other name"),
    "transcriptionEngine":           Attribute(ENGINE,   "A",                         "docs record"),
    "transcriptionLanguage":         Attribute(text,     "en-US",                     "docs record"),
}

RECORDING = {
    #                                          read           default                      spec
    "recordingStatusCallback":       Attribute(text,          "",                          "docs recording"),
    "recordingStatusCallbackMethod": Attribute(METHOD,        "POST",                      "docs recording"),
    "recordingStatusCallbackEvent":  Attribute(words,         OfSource("callback_events"), "docs recording: words of EVENTS"),
    "channels":                      Attribute(NOUN_CHANNELS, OfSource("channels"),        "docs recording; Q 1: mono is single"),
    "track":                         Attribute(TRACK,         OfSource("track"),           "docs recording"),
    "trim":                          Attribute(TRIM,          OfSource("is_trimmed"),      "docs recording; do-not-trim: docs conference"),
    "format":                        Attribute(FORMAT,        OfSource("format"),          "docs recording"),
}
# fmt: on


class Offered(NamedTuple):
    """The words of an element's `recordingStatusCallbackEvent`."""

    events: tuple[str, ...]
    others: tuple[str, ...]
    """Words that only the pages of other elements offer (Q 8)."""


EVENTS = {
    "Record": Offered((IN_PROGRESS, COMPLETED), (ABSENT,)),
    "Recording": Offered((IN_PROGRESS, COMPLETED, ABSENT), ()),
}

ATTRIBUTES: dict[str, dict[str, Attribute]] = {
    "Response": {},
    "Hangup": {},
    "Pause": PAUSE,
    "Play": PLAY,
    "Record": RECORD,
    "Recording": RECORDING,
    "Redirect": REDIRECT,
    "Reject": REJECT,
    "Say": SAY,
    "Start": {},
    "Stop": {},
}
"""Attributes by element; what is not here is none."""

NOT_SIMULATED = (
    "AIAssistant",
    "AIGather",
    "Connect",
    "ConversationRelay",
    "Dial",
    "Enqueue",
    "Gather",
    "HttpRequest",
    "Leave",
    "Pay",
    "Refer",
)
"""Verbs that TeXML has and recsim passes over. Source: docs texml-verbs."""

NOUNS_NOT_SIMULATED = ("Siprec", "Stream", "Suppression", "Transcription")
"""What else `<Start>` and `<Stop>` take, which recsim passes over. Source: docs start, stop."""

SSML: dict[str, str] = {
    **dict.fromkeys(("emphasis", "lang", "phoneme", "prosody", "say-as", "sub", "w"), ""),
    **dict.fromkeys(("break", "p", "s"), " "),
}
"""What may stand inside `<Say>`, and what it puts between the words around it (assumed)."""
