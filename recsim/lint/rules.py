"""The rules of `recsim lint`: what each one says, costs, and wants instead.

What a rule about documents says stands with the parser that notices it. `docs X` is the page
docs/voice/programmable-voice/texml-verbs/X, `Q n` an entry of the open questions, and `assumed:`
starts a reference that nobody has published.
"""

from __future__ import annotations

from typing import NamedTuple

from recsim.vendors.telnyx.texml.vocabulary import RULES as OF_DOCUMENTS

SCENARIO, DOCUMENT, IGNORE = "scenario", "no-document", "ignore"


class Rule(NamedTuple):
    """One row: what breaking a rule causes, and what would be right."""

    cost: str
    """What it causes."""
    remedy: str
    """What to write instead."""
    spec: str
    """Empty: the page of the element, or the row of the attribute, that it is about."""


#: What rules say that no parser notices: of the shape of a document, and of a whole scenario.
OF_FILES = {
    "endless": "documents lead to each other without end, and none of them waits for anybody",
    IGNORE: "a comment asks to ignore what isn't there, or no rule",
    "nested": "a verb stands in a document that is heard while another verb goes on",
    DOCUMENT: "the document can't be followed at all",
    SCENARIO: "the scenario can't be played",
    "unanswered": "a URL is asked for a document, and the scenario has none for it",
    "unreachable": "a verb stands behind one that nothing follows",
    "unused-document": "no URL leads to a document of the scenario",
}

COSTS = {
    "absent-on-record": Rule(
        "recsim sends it; a platform that keeps to its page never does",
        "don't rely on it: take a completed that never comes for absent",
        "docs record; Q 8",
    ),
    "bad-escape": Rule(
        "many servers answer 400 to such a URL: what was to be told is lost",
        "write %25 for a percent sign that is meant as one",
        "RFC 3986 2.1; assumed: sent as it stands",
    ),
    "bad-target": Rule(
        "nobody is called by it",
        "write a number such as +15550001 or an address such as sip:user@host.test",
        "docs dial",
    ),
    "bad-value": Rule("the value is not taken", "write what the attribute takes", ""),
    "channels-disagree": Rule(
        "the recording is dual, whatever recordingChannels says",
        "leave recordingChannels out, or drop -dual from record",
        "docs dial; assumed: -dual goes first",
    ),
    "digits-disagree": Rule(
        "the call goes on after another number of keys than one of them says",
        "keep numDigits alone, or minDigits no larger than maxDigits",
        "docs gather; assumed: numDigits goes first",
    ),
    "empty-url": Rule(
        "nothing is requested; TwiML would ask for the same document again",
        "write the URL, or leave the attribute out",
        "",
    ),
    "endless": Rule(
        "it goes on until somebody hangs up; recsim ends it after a hundred documents",
        "wait for somebody on the way (Gather, Record, Dial), or Hangup",
        "assumed: the bound; docs redirect",
    ),
    IGNORE: Rule(
        "a mistake that comes later may be passed over",
        "take the comment away, or name the rule that is meant",
        "recsim",
    ),
    "missing-noun": Rule(
        "the verb is skipped, and the next one follows at once", "put the noun inside", ""
    ),
    "missing-text": Rule(
        "it is skipped: nothing is said, played, called or asked", "write the text inside", ""
    ),
    "mixed-nouns": Rule(
        "only the first kind of noun counts, and the others are never called",
        "keep one kind (Number and Sip go together), or use two verbs",
        "docs dial; assumed: the first counts",
    ),
    "nested": Rule(
        "it is skipped while the caller waits",
        "keep to the verbs that the page allows there, or Leave first",
        "docs enqueue, dial, conference; assumed: skipped",
    ),
    DOCUMENT: Rule(
        "the fallback URL is asked, or else the call is ended",
        "answer status 200 with well-formed XML whose root is Response",
        "docs texml-instruction-fetching",
    ),
    "not-simulated": Rule(
        "the platform does it, recsim doesn't: a run says nothing about it",
        "expect nothing that depends on it",
        "",
    ),
    "record-around-conference": Rule(
        "nothing is recorded: no recording, no callback",
        'write record="record-from-start" on Conference',
        "docs dial, conference",
    ),
    "record-around-queue": Rule(
        "nothing is recorded: no recording, no callback",
        "use Start with Recording before the Dial",
        "docs dial",
    ),
    "recording-under-stop": Rule(
        "the recording goes on until the call ends, and so does what it costs",
        "stop it by REST: Status=stopped, to the recording's own path",
        "docs stop, recording",
    ),
    SCENARIO: Rule("nothing is played", "write what is expected there", "recsim schema"),
    "stray-text": Rule(
        "nobody hears or sees the text", "put words inside Say, URLs into Play or Redirect", ""
    ),
    "twiml": Rule(
        "what it asks for never happens, and nobody is told",
        "use what TeXML has for it, or leave it out",
        "docs texml-twiml-compatibility",
    ),
    "unanswered": Rule(
        "the answer is a 404: the call ends there, or nothing is heard",
        "give it a document under documents, or correct the URL",
        "docs texml-instruction-fetching",
    ),
    "unknown-attribute": Rule(
        "what it asks for never happens, and nobody is told", "leave it out", ""
    ),
    "unknown-child": Rule(
        "what it asks for never happens, and nobody is told",
        "move it to where it belongs, or leave it out",
        "",
    ),
    "unknown-verb": Rule(
        "the next verb follows at once, as though it weren't there",
        "leave it out",
        "docs texml-verbs",
    ),
    "unreachable": Rule(
        "it is never followed",
        "move it in front, or take it away",
        "docs redirect, hangup, reject, dial; Q 44",
    ),
    "unused-document": Rule(
        "it is never asked for: what it was to show is not tried",
        "lead to it, or take it away",
        "assumed: a slip",
    ),
    "without-effect": Rule("it does nothing", "write what it depends on, or leave it out", ""),
}

#: What TeXML has in place of what TwiML has; assumed: that it will do.
INSTEAD = {
    "Client": "give the client a SIP address, and use Sip",
    "Message": "send it by the messaging API",
    "Sms": "send it by the messaging API",
    "method": "leave it out: the application's method is used",
    "recordingTrack": "use Start with Recording, which has a track",
    "trim": "use Start with Recording, which has a trim",
}

RULES = {name: text for name, text in sorted({**OF_DOCUMENTS, **OF_FILES}.items()) if name in COSTS}
"""What each rule says, by name."""
