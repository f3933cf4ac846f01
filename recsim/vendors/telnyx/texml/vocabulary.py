"""Which verbs and nouns TeXML has, and what becomes of them here; and what findings are called.

Sources are named as in `attributes`.
"""

from __future__ import annotations

from typing import NamedTuple


class VerbFact(NamedTuple):
    """One row: a verb."""

    name: str
    blocks: bool
    """Whether the document waits for it."""
    then: str
    """What follows it; UNTOLD: here nothing does, and it doesn't block."""
    is_simulated: bool
    spec: str


class NounFact(NamedTuple):
    """One row: what may stand inside a verb."""

    verb: str
    name: str
    is_simulated: bool
    spec: str


UNTOLD = ""
NEXT = "the next verb"
ACTION = "its action, else the next verb"
ENDS = "the call ends"

# fmt: off
VERBS = (
    #        name                blocks then                                     simul. spec
    VerbFact("AIAssistant",      False, UNTOLD,                                  False, "docs texml-verbs"),
    VerbFact("AIGather",         False, UNTOLD,                                  False, "docs texml-verbs"),
    VerbFact("Connect",          True,  "the next verb, once the service stops", True,  "docs connect"),
    VerbFact("ConversationRelay",False, UNTOLD,                                  False, "docs texml-verbs"),
    VerbFact("Dial",             True,  ACTION,                                  True,  "docs dial; assumed: of nouns that can't be combined, the first counts"),
    VerbFact("Enqueue",          True,  ACTION,                                  True,  "docs enqueue; assumed: those without a name share a queue"),
    VerbFact("Gather",           True,  "its action after input, else the next verb", True, "docs gather"),
    VerbFact("Hangup",           False, ENDS,                                    True,  "docs hangup"),
    VerbFact("HttpRequest",      False, UNTOLD,                                  False, "docs texml-verbs"),
    VerbFact("Leave",            False, "the action of its Enqueue; in no queue the next verb", True, "docs leave; assumed: in no queue"),
    VerbFact("Pause",            True,  NEXT,                                    True,  "docs pause"),
    VerbFact("Pay",              False, UNTOLD,                                  False, "docs texml-verbs"),
    VerbFact("Play",             True,  NEXT,                                    True,  "docs play"),
    VerbFact("Record",           True,  ACTION,                                  True,  "docs record; Q 44: without an action"),
    VerbFact("Redirect",         False, "another document",                      True,  "docs redirect; assumed: without a URL the next verb"),
    VerbFact("Refer",            True,  ACTION,                                  True,  "docs refer"),
    VerbFact("Reject",           False, ENDS,                                    True,  "docs reject"),
    VerbFact("Say",              True,  NEXT,                                    True,  "docs say"),
    VerbFact("Start",            False, NEXT,                                    True,  "docs start"),
    VerbFact("Stop",             False, NEXT,                                    True,  "docs stop"),
)

NOUNS = (
    #        verb       name             simul. spec
    NounFact("Connect", "AIAssistant",       False, "assumed: as where it stands alone"),
    NounFact("Connect", "ConversationRelay", False, "assumed: as where it stands alone"),
    NounFact("Connect", "Stream",        True,  "docs connect, stream; assumed: the first counts"),
    NounFact("Dial",    "Conference",    True,  "docs dial, conference; assumed: without a name, the one without one"),
    NounFact("Dial",    "Number",        True,  "docs dial; assumed: + or a digit first, at most 20 digits; punctuation counts for nothing"),
    NounFact("Dial",    "Queue",         True,  "docs dial; assumed: without a name, the queue without one"),
    NounFact("Dial",    "Sip",           True,  "docs dial; assumed: sip: or sips:, and a host"),
    NounFact("Gather",  "Play",          True,  "docs gather; assumed: tones too"),
    NounFact("Gather",  "Say",           True,  "docs gather"),
    NounFact("Refer",   "Sip",           True,  "docs refer; assumed: no attributes, and the first counts"),
    NounFact("Start",   "Recording",     True,  "docs recording"),
    NounFact("Start",   "Siprec",        False, "docs start"),
    NounFact("Start",   "Stream",        False, "docs start"),
    NounFact("Start",   "Suppression",   False, "docs start"),
    NounFact("Start",   "Transcription", False, "docs start"),
    NounFact("Stop",    "Siprec",        False, "docs stop"),
    NounFact("Stop",    "Stream",        False, "docs stop"),
    NounFact("Stop",    "Suppression",   False, "docs stop"),
    NounFact("Stop",    "Transcription", False, "docs stop"),
)
# fmt: on

NOT_SIMULATED = tuple(row.name for row in VERBS if not row.is_simulated)
"""Verbs that TeXML has and recsim passes over."""


def nouns_of(verb: str, *, simulated: bool) -> tuple[str, ...]:
    """What may stand inside `verb`: those that are simulated, or those that are passed over."""
    return tuple(row.name for row in NOUNS if (row.verb, row.is_simulated) == (verb, simulated))


def verbs_around(noun: str) -> tuple[str, ...]:
    """The verbs that `noun` may stand inside."""
    return tuple(row.verb for row in NOUNS if row.name == noun)


SSML: dict[str, str] = {
    **dict.fromkeys(("emphasis", "lang", "phoneme", "prosody", "say-as", "sub", "w"), ""),
    **dict.fromkeys(("break", "p", "s"), " "),
}
"""What may stand inside `<Say>`, and what it puts between the words around it (assumed)."""

#: Rules of findings, and what each one says. Assumed throughout: what a mistake leads to.
RULES = {
    "absent-on-record": "a `Record` asks for the event `absent`, which its page does not offer",
    "bad-escape": "a URL has a `%` that begins no escape; it is requested as it stands",
    "bad-target": "nothing can be called by that name: the number or SIP address is skipped",
    "bad-value": "an attribute has a value that it does not take; its default is used",
    "channels-disagree": "`recordingChannels` contradicts a `record` that ends in `-dual`, which wins",
    "digits-disagree": "`numDigits`, `minDigits` and `maxDigits` contradict each other",
    "empty-url": "an attribute that takes a URL is empty, and is taken for missing",
    "missing-noun": "a verb lacks the noun it is about, and is skipped",
    "missing-text": "an element lacks its text, such as a URL, and is skipped",
    "mixed-nouns": "a noun stands beside one that it can't be combined with, and is skipped",
    "not-simulated": "TeXML has it, recsim doesn't play it: it is skipped or has no effect",
    "record-around-conference": "`record` of a `Dial` records no conference; its noun can do that",
    "record-around-queue": "`record` of a `Dial` records nobody who is taken from a queue",
    "recording-under-stop": "`Stop` does not list `Recording`: the recording goes on",
    "stray-text": "text stands where none belongs, and is skipped",
    "twiml": "TwiML has it and TeXML hasn't: it is skipped, or passed over",
    "unknown-attribute": "the element has no such attribute; it is passed over",
    "unknown-child": "an element stands where it doesn't belong, and is skipped",
    "unknown-verb": "TeXML has no such verb; it is skipped",
    "without-effect": "an attribute stands where it does nothing",
}
