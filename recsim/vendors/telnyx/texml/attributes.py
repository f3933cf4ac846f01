"""What each element of TeXML takes: its attributes, how their text is read, what they are otherwise.

`docs X` is the page docs/voice/programmable-voice/texml-verbs/X, `Q n` an entry of the open
questions, and `assumed:` starts a reference that nobody has published.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from recsim.core.entities import ABSENT, COMPLETED, IN_PROGRESS
from recsim.core.units import SECOND_US
from recsim.vendors.telnyx.texml.values import (
    ANALYSIS,
    BEEP,
    CALL,
    CALLER,
    CHANNELS,
    CONFERENCE_RECORD,
    DIGITS,
    DISPLAY,
    ENGINE,
    FLAG,
    FORMAT,
    GATHER_WAIT,
    HEARD,
    KEYS,
    LENGTH,
    MACHINE,
    MACHINE_WAIT,
    MAX_WAIT,
    METHOD,
    MODE,
    MS_US,
    NOUN_CHANNELS,
    PARTICIPANTS,
    REASON,
    RECORD_WORD,
    RING,
    RINGTONE,
    SOCKET,
    SPEECH_WAIT,
    STREAM_MODE,
    STREAM_TRACK,
    TEXT,
    TONES,
    TRACK,
    TRIM,
    TRIM_WORD,
    URL,
    WORDS,
    Kind,
    Recorded,
    whole,
)


class OfSource(NamedTuple):
    """A default that the recording's source decides: a field of its row of defaults."""

    field: str


class Attribute(NamedTuple):
    """One row: how an attribute of an element is read."""

    kind: Kind
    default: Any
    """What holds where the attribute is missing or refused, as `kind` would read it."""
    spec: str


# fmt: off
SAY = {
    #                       kind                      default           spec
    "voice":      Attribute(TEXT,                     "man",            "docs say"),
    "language":   Attribute(TEXT,                     "",               "docs say"),
    "gender":     Attribute(TEXT,                     "",               "docs say; assumed: any word"),
    "effect":     Attribute(TEXT,                     "",               "docs say; assumed: any word"),
    "loop":       Attribute(whole(0, 10),             1,                "docs say: 0 is without end"),
}

PLAY = {
    #                         kind                    default           spec
    "loop":         Attribute(whole(0, 1000),         1,                "docs play: 0 is without end; assumed: the bound"),
    "mediaStorage": Attribute(FLAG,                   False,            "docs play"),
    "digits":       Attribute(TONES,                  "",               "docs play"),
}

PAUSE = {
    #                   kind                          default           spec
    "length": Attribute(whole(1, 180, SECOND_US),     SECOND_US,        "docs pause"),
}

REDIRECT = {
    #                   kind                          default           spec
    "method": Attribute(METHOD,                       "POST",           "docs redirect"),
}

REJECT = {
    #                   kind                          default           spec
    "reason": Attribute(REASON,                       "reject",         "docs reject: rejected"),
}

RECORD = {
    #                                          kind      default                      spec
    "action":                        Attribute(URL,      "",                          "docs record"),
    "method":                        Attribute(METHOD,   "POST",                      "docs record"),
    "finishOnKey":                   Attribute(KEYS,     "1234567890*#",              "docs record; assumed: empty is no key"),
    "timeout":                       Attribute(LENGTH,   OfSource("silence_us"),      "docs record; assumed: the bound is recordingTimeout's, docs conference"),
    "maxLength":                     Attribute(LENGTH,   OfSource("limit_us"),        "docs record"),
    "playBeep":                      Attribute(FLAG,     OfSource("beep"),            "docs record"),
    "trim":                          Attribute(TRIM,     OfSource("is_trimmed"),      "docs record; do-not-trim: docs conference"),
    "channels":                      Attribute(CHANNELS, OfSource("channels"),        "docs record; Q 1: mono is single"),
    "format":                        Attribute(FORMAT,   OfSource("format"),          "docs record"),
    "recordingStatusCallback":       Attribute(URL,      "",                          "docs record"),
    "recordingStatusCallbackMethod": Attribute(METHOD,   "POST",                      "docs record"),
    "recordingStatusCallbackEvent":  Attribute(WORDS,    OfSource("callback_events"), "docs record; Q 8: words of EVENTS"),
    "transcription":                 Attribute(FLAG,     False,                       "docs record; Q 25"),
    "transcribe":                    Attribute(FLAG,     False,                       "docs record; Q 25: its other name"),
    "transcriptionCallback":         Attribute(URL,      "",                          "docs record; Q 25"),
    "transcribeCallback":            Attribute(URL,      "",                          "docs record; Q 25: its other name"),
    "transcriptionEngine":           Attribute(ENGINE,   "A",                         "docs record"),
    "transcriptionLanguage":         Attribute(TEXT,     "en-US",                     "docs record"),
}

RECORDING = {
    #                                          kind           default                      spec
    "recordingStatusCallback":       Attribute(URL,           "",                          "docs recording"),
    "recordingStatusCallbackMethod": Attribute(METHOD,        "POST",                      "docs recording"),
    "recordingStatusCallbackEvent":  Attribute(WORDS,         OfSource("callback_events"), "docs recording: words of EVENTS"),
    "channels":                      Attribute(NOUN_CHANNELS, OfSource("channels"),        "docs recording; Q 1: mono is single"),
    "track":                         Attribute(TRACK,         OfSource("track"),           "docs recording"),
    "trim":                          Attribute(TRIM,          OfSource("is_trimmed"),      "docs recording; do-not-trim: docs conference"),
    "format":                        Attribute(FORMAT,        OfSource("format"),          "docs recording"),
}

DIAL = {
    #                                            kind          default                      spec
    "action":                          Attribute(URL,          "",                          "docs dial"),
    "method":                          Attribute(METHOD,       "POST",                      "docs dial"),
    "callerId":                        Attribute(CALLER,       "",                          "docs dial; assumed: the number on the leg"),
    "fromDisplayName":                 Attribute(DISPLAY,      "",                          "docs dial: the number"),
    "hangupOnStar":                    Attribute(FLAG,         False,                       "docs dial"),
    "timeout":                         Attribute(RING,         30 * SECOND_US,              "docs dial"),
    "timeLimit":                       Attribute(CALL,         14400 * SECOND_US,           "docs dial; Q 18"),
    "record":                          Attribute(RECORD_WORD,  Recorded(""),                "docs dial; Q 7"),
    "recordingChannels":               Attribute(CHANNELS,     OfSource("channels"),        "docs dial; Q 1: mono is single; assumed: -dual goes first"),
    "recordMaxLength":                 Attribute(LENGTH,       OfSource("limit_us"),        "docs dial; Q 18"),
    "recordingStatusCallback":         Attribute(URL,          "",                          "docs dial"),
    "recordingStatusCallbackMethod":   Attribute(METHOD,       "POST",                      "docs dial"),
    "recordingStatusCallbackEvent":    Attribute(WORDS,        OfSource("callback_events"), "docs dial: words of EVENTS"),
    "sendRecordingUrl":                Attribute(FLAG,         True,                        "docs dial"),
    "ringTone":                        Attribute(RINGTONE,     "us",                        "docs dial; assumed: any country"),
    "audioUrl":                        Attribute(URL,          "",                          "docs dial"),
    "answerOnBridge":                  Attribute(FLAG,         False,                       "docs dial"),
    "passDiversionHeader":             Attribute(FLAG,         False,                       "docs dial"),
    "machineDetectionSpeechThreshold":    Attribute(ANALYSIS,  None,                        "docs dial; assumed: the bounds"),
    "machineDetectionSpeechEndThreshold": Attribute(ANALYSIS,  None,                        "docs dial; assumed: the bounds"),
    "machineDetectionSilenceTimeout":     Attribute(ANALYSIS,  None,                        "docs dial; assumed: the bounds"),
}

SIP = {
    #                                    kind          default       spec
    "statusCallback":          Attribute(URL,          "",           "docs dial, Sip"),
    "statusCallbackEvent":     Attribute(WORDS,        (COMPLETED,), "docs dial, Sip: words of EVENTS"),
    "statusCallbackMethod":    Attribute(METHOD,       "POST",       "docs dial, Sip"),
    "url":                     Attribute(URL,          "",           "docs dial, Sip"),
    "method":                  Attribute(METHOD,       "POST",       "docs dial, Sip"),
    "machineDetection":        Attribute(MACHINE,      "Disable",    "docs dial, Sip"),
    "detectionMode":           Attribute(MODE,         "Regular",    "docs dial, Sip"),
    "machineDetectionTimeout": Attribute(MACHINE_WAIT, 3500 * MS_US, "docs dial, Sip"),
    "username":                Attribute(TEXT,         "",           "docs dial, Sip"),
    "password":                Attribute(TEXT,         "",           "docs dial, Sip"),
}

NUMBER = {
    #                                    kind          default       spec
    "statusCallback":          Attribute(URL,          "",           "docs dial, Number"),
    "statusCallbackEvent":     Attribute(WORDS,        (COMPLETED,), "docs dial, Number: words of EVENTS"),
    "statusCallbackMethod":    Attribute(METHOD,       "POST",       "docs dial, Number"),
    "url":                     Attribute(URL,          "",           "docs dial, Number"),
    "method":                  Attribute(METHOD,       "POST",       "docs dial, Number"),
    "sendDigits":              Attribute(TONES,        "",           "docs dial, Number"),
    "machineDetection":        Attribute(MACHINE,      "Disable",    "docs dial, Number"),
    "detectionMode":           Attribute(MODE,         "Regular",    "docs dial, Number"),
    "machineDetectionTimeout": Attribute(MACHINE_WAIT, 3500 * MS_US, "docs dial, Number"),
}

QUEUE = {
    #                   kind    default  spec
    "url":    Attribute(URL,    "",      "docs dial, Queue"),
    "method": Attribute(METHOD, "POST",  "docs dial, Queue"),
}

CONFERENCE = {
    #                                          kind         default                      spec
    "muted":                         Attribute(FLAG,        False,                       "docs conference"),
    "startConferenceOnEnter":        Attribute(FLAG,        True,                        "docs conference"),
    "endConferenceOnExit":           Attribute(FLAG,        False,                       "docs conference"),
    "maxParticipants":               Attribute(PARTICIPANTS, 250,                        "docs conference; Q 9; assumed: of whoever makes the conference"),
    "beep":                          Attribute(BEEP,        (True, True),                "docs conference"),
    "participantLabel":              Attribute(TEXT,        "",                          "docs conference"),
    "record":                        Attribute(CONFERENCE_RECORD, False,                 "docs conference"),
    "recordBeep":                    Attribute(FLAG,        OfSource("beep"),            "docs conference"),
    "recordingStatusCallback":       Attribute(URL,         "",                          "docs conference"),
    "recordingStatusCallbackMethod": Attribute(METHOD,      "POST",                      "docs conference"),
    "recordingStatusCallbackEvent":  Attribute(WORDS,       OfSource("callback_events"), "docs conference: words of EVENTS"),
    "recordingTimeout":              Attribute(LENGTH,      OfSource("silence_us"),      "docs conference"),
    "trim":                          Attribute(TRIM_WORD,   OfSource("is_trimmed"),      "docs conference; Q 2"),
    "sendRecordingUrl":              Attribute(FLAG,        True,                        "docs conference"),
    "statusCallback":                Attribute(URL,         "",                          "docs conference"),
    "statusCallbackMethod":          Attribute(METHOD,      "POST",                      "docs conference"),
    "statusCallbackEvent":           Attribute(WORDS,       (),                          "docs conference: words of EVENTS"),
    "waitUrl":                       Attribute(URL,         "",                          "docs conference; assumed: without it nothing is heard"),
    "waitMethod":                    Attribute(METHOD,      "POST",                      "docs conference"),
}

ENQUEUE = {
    #                            kind      default            spec
    "action":          Attribute(URL,      "",                "docs enqueue"),
    "method":          Attribute(METHOD,   "POST",            "docs enqueue"),
    "waitUrl":         Attribute(URL,      "",                "docs enqueue"),
    "waitUrlMethod":   Attribute(METHOD,   "POST",            "docs enqueue"),
    "maxWaitTimeSecs": Attribute(MAX_WAIT, 14400 * SECOND_US, "docs enqueue: at least 1; assumed: at most 30 days"),
}

GATHER = {
    #                                        kind         default         spec
    "action":                      Attribute(URL,         "",             "docs gather"),
    "timeout":                     Attribute(GATHER_WAIT, 5 * SECOND_US,  "docs gather"),
    "input":                       Attribute(HEARD,       (True, False),  "docs gather; assumed: in either order"),
    "speechTimeout":               Attribute(SPEECH_WAIT, None,           "docs gather; assumed: the bounds; auto is 1s; without it, timeout"),
    "finishOnKey":                 Attribute(KEYS,        "#",            "docs gather; assumed: empty is no key"),
    "numDigits":                   Attribute(DIGITS,      None,           "docs gather; assumed: the bounds, and that it goes before maxDigits"),
    "minDigits":                   Attribute(DIGITS,      1,              "docs gather"),
    "maxDigits":                   Attribute(DIGITS,      128,            "docs gather"),
    "validDigits":                 Attribute(KEYS,        "",             "docs gather; assumed: empty is all"),
    "invalidDigitsAction":         Attribute(URL,         "",             "docs gather"),
    "language":                    Attribute(TEXT,        "en-US",        "docs gather"),
    "hints":                       Attribute(TEXT,        "",             "docs gather"),
    "profanityFilter":             Attribute(TEXT,        "",             "docs gather; assumed: any word"),
    "useEnhanced":                 Attribute(TEXT,        "",             "docs gather; assumed: any word"),
    "transcriptionEngine":         Attribute(TEXT,        "",             "docs gather; assumed: any word"),
    "apiKeyRef":                   Attribute(TEXT,        "",             "docs gather"),
    "region":                      Attribute(TEXT,        "",             "docs gather"),
    "partialResultCallback":       Attribute(URL,         "",             "docs gather"),
    "partialResultCallbackMethod": Attribute(METHOD,      "POST",         "docs gather"),
}

REFER = {
    #                   kind    default  spec
    "action": Attribute(URL,    "",      "docs refer"),
    "method": Attribute(METHOD, "POST",  "docs refer"),
}

STREAM = {
    #                                 kind          default          spec
    "url":                  Attribute(SOCKET,       "",              "docs stream; assumed: the schemes"),
    "track":                Attribute(STREAM_TRACK, "inbound_track", "docs stream"),
    "name":                 Attribute(TEXT,         "",              "docs stream"),
    "codec":                Attribute(TEXT,         "",              "docs stream; assumed: any word"),
    "bidirectionalMode":    Attribute(STREAM_MODE,  None,            "docs stream"),
    "statusCallback":       Attribute(URL,          "",              "docs stream"),
    "statusCallbackMethod": Attribute(METHOD,       "POST",          "docs stream; assumed: POST"),
}
# fmt: on

ATTRIBUTES: dict[str, dict[str, Attribute]] = {
    "Response": {},
    "Conference": CONFERENCE,
    "Connect": {},
    "Dial": DIAL,
    "Enqueue": ENQUEUE,
    "Gather": GATHER,
    "Hangup": {},
    "Leave": {},
    "Number": NUMBER,
    "Pause": PAUSE,
    "Play": PLAY,
    "Queue": QUEUE,
    "Record": RECORD,
    "Recording": RECORDING,
    "Redirect": REDIRECT,
    "Refer": REFER,
    "Reject": REJECT,
    "Say": SAY,
    "Sip": SIP,
    "Start": {},
    "Stop": {},
    "Stream": STREAM,
}
"""Attributes by element; what is not here is none."""


class Offered(NamedTuple):
    """The words that an attribute of events takes."""

    events: tuple[str, ...]
    others: tuple[str, ...] = ()
    """Words that only the pages of other elements offer (Q 8)."""
    untold: tuple[str, ...] = ()
    """Of `events`, those that never happen here."""


OF_RECORDING = "recordingStatusCallbackEvent"
OF_STATUS = "statusCallbackEvent"
RECORDING_WORDS = (IN_PROGRESS, COMPLETED, ABSENT)
CALL_WORDS = ("initiated", "ringing", "answered", "amd", "dtmf", "completed")
CONFERENCE_WORDS = ("start", "end", "join", "leave", "speaker")

EVENTS = {
    ("Record", OF_RECORDING): Offered((IN_PROGRESS, COMPLETED), (ABSENT,)),
    ("Recording", OF_RECORDING): Offered(RECORDING_WORDS),
    ("Dial", OF_RECORDING): Offered(RECORDING_WORDS),
    ("Conference", OF_RECORDING): Offered(RECORDING_WORDS),
    ("Conference", OF_STATUS): Offered(CONFERENCE_WORDS),
    ("Number", OF_STATUS): Offered(CALL_WORDS, untold=("amd", "dtmf")),
    ("Sip", OF_STATUS): Offered(CALL_WORDS, untold=("amd", "dtmf")),
}
"""By element and attribute."""
