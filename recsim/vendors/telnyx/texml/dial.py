"""`<Dial>`: whom to call, whom to take from a queue, and what is recorded of it.

What its `<Conference>` asks for stands in `conferences`.
"""

from __future__ import annotations

import re

from recsim.core.entities import RecordingSettings, Subscription
from recsim.core.verbs.conference import DialConference
from recsim.core.verbs.dial import AT_DIAL, Dial, Target
from recsim.core.verbs.queue import DialQueue
from recsim.vendors.telnyx.elements import BLANK, Element, Text
from recsim.vendors.telnyx.texml.conferences import into_conference
from recsim.vendors.telnyx.texml.reader import Reader, Values, tones_us
from recsim.vendors.telnyx.texml.values import Recorded, like

CALLED = ("Number", "Sip")
"""Nouns that may stand beside each other: whoever they name rings together."""

NUMBER = like(r"\+[1-9][0-9]{1,14}|[0-9]{1,20}", "a number such as +15550001")
SIP_ADDRESS = like(r"(?i:sips?):([^\s@]+@)?[^\s@]+", "an address such as sip:user@example.com")

PUNCTUATION = re.compile(r"[\s().-]")
"""What people put between the digits of a number; assumed to count for nothing."""


def dial(
    reader: Reader, element: Element, values: Values
) -> Dial | DialQueue | DialConference | None:
    """`<Dial>`; assumed: of nouns that can't be combined, the first one counts."""
    nouns = called(reader, element)
    if not nouns:
        reader.missing(element, "noun that can be called")
        return None
    first = nouns[0]
    alike = CALLED if first.name in CALLED else ()
    reader.only(element, first, [noun for noun in nouns[1:] if noun.name not in alike])
    if first.name == "Conference":
        unrecorded(reader, element, values["record"], first)
        return into_conference(reader, element, values, first)
    if first.name == "Queue":
        unrecorded(reader, element, values["record"], first)
        return from_queue(reader, element, values, first)
    targets = [target(reader, noun) for noun in nouns if noun.name in CALLED]
    if not any(targets):
        reader.missing(element, "noun that can be called")
        return None
    since = values["record"].since
    return Dial(
        element.line,
        action=values["action"],
        method=values["method"],
        targets=tuple(one for one in targets if one),
        caller_id=values["callerId"],
        ring_us=values["timeout"],
        limit_us=values["timeLimit"],
        hangup_on_star=values["hangupOnStar"],
        answers=not values["answerOnBridge"],
        record_from=AT_DIAL if since and reader.settled.records_from_dialing else since,
        source=reader.settled.dial.source,
        settings=settings(reader, element, values),
    )


def called(reader: Reader, element: Element) -> list[Element]:
    """The nouns, or text in place of one: a number (docs dial). Assumed: beside nouns, no text."""
    if element.children():
        reader.stray(element)
        return list(reader.nouns(element, (*CALLED, "Queue", "Conference")))
    texts = [item for item in element.content if isinstance(item, Text) and item.text.strip(BLANK)]
    if not texts:
        return []
    place = texts[0].line, texts[0].column
    return [Element("Number", *place, attributes={}, places={}, content=[*texts])]


def target(reader: Reader, noun: Element) -> Target | None:
    """`<Number>` or `<Sip>`; None where nothing can be called."""
    values = reader.values(noun)
    if noun.name == "Number":
        to = reader.callee(noun, NUMBER, PUNCTUATION)
    else:
        to = reader.callee(noun, SIP_ADDRESS)
    if not to:
        return None
    status = Subscription(
        values["statusCallback"], values["statusCallbackMethod"], values["statusCallbackEvent"]
    )
    tones = tones_us(values.get("sendDigits", ""))
    return Target(to, values["url"], values["method"], status, tones)


def from_queue(reader: Reader, element: Element, values: Values, noun: Element) -> DialQueue:
    """`<Dial>` around `<Queue>`; assumed: without a name it takes from the queue without one."""
    reader.childless(noun)
    asked = reader.values(noun)
    return DialQueue(
        element.line,
        action=values["action"],
        method=values["method"],
        name=noun.text(),
        url=asked["url"],
        url_method=asked["method"],
        wait_us=values["timeout"],
        limit_us=values["timeLimit"],
        hangup_on_star=values["hangupOnStar"],
        answers=not values["answerOnBridge"],
    )


#: What is said of a `record` around a noun that it is not for; it is for CALLED (docs dial).
UNRECORDED = {
    "Conference": "record: nothing is recorded around a Conference, whose own record can do that",
    "Queue": "record: nothing is recorded around a Queue",
}


def unrecorded(reader: Reader, element: Element, record: Recorded, noun: Element) -> None:
    """Note a `record` that records nothing."""
    if record.since:
        place, rule = element.places["record"], f"record-around-{noun.name.lower()}"
        reader.note(place, rule, UNRECORDED[noun.name])


def settings(reader: Reader, element: Element, values: Values) -> RecordingSettings:
    """What a recording would be like. Assumed: the ending -dual wins over recordingChannels."""
    default, word = reader.settled.dial, values["record"]
    channels = word.channels or values["recordingChannels"]
    told = element.attributes.get("recordingChannels")
    if word.channels and told in ("single", "mono"):
        text = f"recordingChannels: {told} contradicts record, which ends in -dual; that is used"
        reader.note(element.places["recordingChannels"], "channels-disagree", text)
    return RecordingSettings(
        channels=channels,
        track=default.track,
        is_trimmed=default.is_trimmed,
        beep=default.beep,
        format=default.format,
        limit_us=values["recordMaxLength"],
        silence_us=default.silence_us,
        callback_url=values["recordingStatusCallback"],
        callback_method=values["recordingStatusCallbackMethod"],
        callback_events=values["recordingStatusCallbackEvent"],
        sends_url=values["sendRecordingUrl"],
    )
