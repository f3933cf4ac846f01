"""How the text of an attribute becomes its value: a `Kind` for each way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from recsim.core.units import SECOND_US, refused
from recsim.core.verbs.dial import AT_ANSWER, AT_RINGING

MS_US = 1_000

UNITS = {1: "", MS_US: "ms", SECOND_US: "s"}


class Kind(NamedTuple):
    """A way to read and to tell values."""

    takes: str
    """What a text should be, for people."""
    read: Callable[[str], Any]
    """The value of a text. Raises ValueError, saying what would be right."""
    tell: Callable[[Any], str] = str
    """A text that is read as this value."""
    examples: tuple[str, ...] = ()
    """Texts that it takes, the plainest first, for whoever makes documents. Of words there are
    none: which of them count, the element says."""


def free(takes: str, example: str) -> Kind:
    """Any text."""
    return Kind(takes, str, examples=(example,))


def told_words(value: tuple[str, ...]) -> str:
    """Words as a document writes them."""
    return " ".join(value)


def words(takes: str) -> Kind:
    """Words between blanks, each once; which of them count is for the element to say."""
    return Kind(takes, lambda value: tuple(dict.fromkeys(value.split())), told_words)


def choice(
    options: Mapping[str, Any],
    silently: Mapping[str, Any] | None = None,
    meant: Mapping[str, str] | None = None,
) -> Kind:
    """One word of `options`; those accepted `silently` aren't offered.

    Words of `meant` are refused, with the one that would have been right.
    """
    known = {**options, **(silently or {})}
    expected = " or ".join(options)

    def read(value: str) -> Any:
        if value not in known:
            right = (meant or {}).get(value)
            raise refused(f"{right} (of {expected})" if right else expected, value)
        return known[value]

    def tell(value: Any) -> str:
        return next(word for word in known if known[word] == value)

    return Kind(expected, read, tell, tuple(options))


def whole(low: int, high: int, unit: int = 1) -> Kind:
    """A plain decimal number of `unit`s, both ends included."""
    expected = f"a whole number from {low} to {high}"

    def read(value: str) -> int:
        # Bounded before converting: Python refuses thousands of digits in words of its own.
        if not (value.isascii() and value.isdigit() and len(value) <= 10):
            raise refused(expected, value)
        if not low <= int(value) <= high:
            raise refused(expected, value)
        return int(value) * unit

    takes = f"{low} to {high} {UNITS[unit]}".strip()
    near = [number for number in (low, low + 1, low + 2, 5, 60, high) if low <= number <= high]
    examples = tuple(str(number) for number in dict.fromkeys(near))
    return Kind(takes, read, lambda value: str(value // unit), examples)


def keys(allowed: str, names: str) -> Kind:
    """Keys of a telephone, without blanks; none at all is fine."""

    def read(value: str) -> str:
        if not set(value) <= set(allowed):
            raise refused(f"only {names}", value)
        return value

    return Kind(names, read, examples=("#", "1", "12*#"))


def like(pattern: str, expected: str, *examples: str) -> Kind:
    """Text of a certain shape, all of it."""
    shape = re.compile(pattern)

    def read(value: str) -> str:
        if not shape.fullmatch(value):
            raise refused(expected, value)
        return value

    return Kind(expected, read, examples=examples)


def either(word: str, value: Any, kind: Kind) -> Kind:
    """One word that stands for `value`, or else what `kind` takes."""

    def read(text: str) -> Any:
        if text == word:
            return value
        try:
            return kind.read(text)
        except ValueError as error:
            raise ValueError(str(error).replace("expected ", f"expected {word} or ", 1)) from None

    def tell(read: Any) -> str:
        return word if read == value else kind.tell(read)

    return Kind(f"{word}, or {kind.takes}", read, tell, (word, *kind.examples))


class Recorded(NamedTuple):
    """A value of `<Dial record>`."""

    since: str
    """AT_RINGING or AT_ANSWER; empty: it isn't recorded."""
    channels: int = 0
    """0: the word says nothing about them."""


DIAL_RECORD = {
    "do-not-record": Recorded(""),
    "record-from-answer": Recorded(AT_ANSWER),
    "record-from-ringing": Recorded(AT_RINGING),
    "record-from-answer-dual": Recorded(AT_ANSWER, 2),
    "record-from-ringing-dual": Recorded(AT_RINGING, 2),
}

#: What stands in `<Dial record>` by mistake, and what would be right: booleans as REST has them,
#: the word of a conference.
DIAL_RECORD_MEANT = {
    "true": "record-from-answer",
    "false": "do-not-record",
    "record-from-start": "record-from-answer",
}

#: What stands in `<Conference record>` by mistake, and what would be right.
CONFERENCE_RECORD_MEANT = {
    "true": "record-from-start",
    "false": "do-not-record",
    "record-from-answer": "record-from-start",
    "record-from-ringing": "record-from-start",
    "record-from-answer-dual": "record-from-start",
    "record-from-ringing-dual": "record-from-start",
}

#: What `<Conference beep>` lets the others hear: whoever comes, whoever leaves.
CONFERENCE_BEEP = {
    "true": (True, True),
    "false": (False, False),
    "onEnter": (True, False),
    "onExit": (False, True),
}

#: What `<Gather input>` hears: keys, speech.
INPUT = {"dtmf": (True, False), "speech": (False, True), "dtmf speech": (True, True)}

#: `speechTimeout="auto"`; how long it then waits is not published.
AUTO = -1

TEXT = free("text", "en-US")
URL = free("a URL", "/next")
WORDS = words("words of EVENTS")

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

TRIM_WORD = choice({"trim-silence": True, "do-not-trim": False})
CONFERENCE_RECORD = choice(
    {"do-not-record": False, "record-from-start": True}, meant=CONFERENCE_RECORD_MEANT
)
BEEP = choice(CONFERENCE_BEEP)
PARTICIPANTS = whole(2, 250)

RING = whole(5, 120, SECOND_US)
CALL = whole(60, 14400, SECOND_US)
RECORD_WORD = choice(DIAL_RECORD, meant=DIAL_RECORD_MEANT)
HEARD = choice(INPUT, silently={"speech dtmf": (True, True)})
CALLER = like(r"\+[1-9][0-9]{1,14}", "a number such as +15550001", "+15550009")
DISPLAY = like(r"[\w \-~!.+]{0,128}", "at most 128 letters, digits, blanks and -_~!.+", "Agent")
RINGTONE = like(r"[a-z]{2}(-old)?", "a country code such as us", "us", "fr", "us-old")
MACHINE = choice({word: word for word in ("Enable", "DetectMessageEnd", "Disable")})
MODE = choice({"Regular": "Regular", "Premium": "Premium"})
ANALYSIS = whole(0, 60_000, MS_US)
MACHINE_WAIT = whole(500, 60_000, MS_US)
GATHER_WAIT = whole(1, 120, SECOND_US)
SPEECH_WAIT = either("auto", AUTO, whole(1, 120, SECOND_US))
DIGITS = whole(1, 128)
MAX_WAIT = whole(1, 2_592_000, SECOND_US)
SOCKET = like(r"(?i:wss?)://\S+", "a URL that begins with wss:// or ws://", "wss://app.test/stream")
STREAM_TRACK = choice({word: word for word in ("inbound_track", "outbound_track", "both_tracks")})
STREAM_MODE = choice({"mp3": "mp3", "rtp": "rtp"})
