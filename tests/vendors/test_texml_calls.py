"""Documents that call somebody, wait for somebody, hand a call over, or collect keys."""

# ruff: noqa: E501 - a row of a table is a line

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from calls import SECOND_US, SETTINGS
from hypothesis import given
from hypothesis import strategies as st
from texml import PARSER, TRIED_WITH_CALLS, WORD_US, Defaults, parse, rules

from recsim.core.documents import Document, Finding
from recsim.core.entities import RecordingSettings, Subscription
from recsim.core.errors import TexmlError
from recsim.core.verbs.connect import Connect
from recsim.core.verbs.dial import AT_ANSWER, AT_DIAL, AT_RINGING, Dial, Target
from recsim.core.verbs.gather import Gather
from recsim.core.verbs.hangup import Hangup
from recsim.core.verbs.play import Play
from recsim.core.verbs.queue import DialQueue, Enqueue, Leave
from recsim.core.verbs.refer import Refer
from recsim.core.verbs.say import Say
from recsim.show import sheets
from recsim.vendors.telnyx.defaults import DIAL_VERB, SOURCES
from recsim.vendors.telnyx.texml.attributes import ATTRIBUTES, EVENTS, OfSource
from recsim.vendors.telnyx.texml.parser import MAKE
from recsim.vendors.telnyx.texml.speech import AUTO_US
from recsim.vendors.telnyx.texml.vocabulary import NOT_SIMULATED, NOUNS, RULES, VERBS, nouns_of
from recsim.vendors.telnyx.vendor import Telnyx

ONE, TWO = "+15550100", "+15550101"
ADDRESS = "sip:user@example.com"
COMPLETED = Subscription("", "POST", ("completed",))
NUMBER = Target(ONE, "", "POST", COMPLETED, 0)
SIP = NUMBER._replace(to=ADDRESS)

RECORDED = SETTINGS._replace(channels=1, beep=False, limit_us=0)
DIAL = Dial(
    1,
    action="",
    method="POST",
    targets=(NUMBER,),
    caller_id="",
    ring_us=30 * SECOND_US,
    limit_us=14400 * SECOND_US,
    hangup_on_star=False,
    answers=True,
    record_from="",
    source="DialVerb",
    settings=RECORDED,
)
TAKE = DialQueue(
    1,
    action="",
    method="POST",
    name="sales",
    url="",
    url_method="POST",
    wait_us=30 * SECOND_US,
    limit_us=14400 * SECOND_US,
    hangup_on_star=False,
    answers=True,
)
ENQUEUE = Enqueue(1, "sales", "", "POST", "", "POST", 14400 * SECOND_US)
GATHER = Gather(
    1,
    prompts=(),
    action="",
    method="",
    timeout_us=5 * SECOND_US,
    hears_keys=True,
    hears_speech=False,
    speech_timeout_us=5 * SECOND_US,
    finish_on_key="#",
    least=1,
    most=128,
    valid="",
    invalid_action="",
)
REFER = Refer(1, ADDRESS, "", "POST")
CONNECT = Connect(1, "wss://s.test/a")

DEFAULTS = [
    (f"<Dial>{ONE}</Dial>", DIAL),
    (f"<Dial><Number>{ONE}</Number></Dial>", DIAL),
    (f"<Dial><Sip>{ADDRESS}</Sip></Dial>", DIAL._replace(targets=(SIP,))),
    ("<Dial><Queue>sales</Queue></Dial>", TAKE),
    ("<Enqueue>sales</Enqueue>", ENQUEUE),
    ("<Leave/>", Leave(1)),
    ("<Gather/>", GATHER),
    (f"<Refer><Sip>{ADDRESS}</Sip></Refer>", REFER),
    ("<Connect><Stream url='wss://s.test/a'/></Connect>", CONNECT),
]


def dial_with(**changes: Any) -> Dial:
    return DIAL._replace(settings=RECORDED._replace(**changes))


def number_with(**changes: Any) -> Dial:
    return DIAL._replace(targets=(NUMBER._replace(**changes),))


def number_told(**changes: Any) -> Dial:
    return number_with(status=COMPLETED._replace(**changes))


def sip_with(**changes: Any) -> Dial:
    return DIAL._replace(targets=(SIP._replace(**changes),))


def sip_told(**changes: Any) -> Dial:
    return sip_with(status=COMPLETED._replace(**changes))


BARE_SIP = sip_with()
EVERY = "initiated ringing answered completed"
EVENT_WORDS = tuple(EVERY.split())

#: Element, attribute, accepted value, and what it makes of the verb alone in a document. Where
#: there is a range, both its ends.
# fmt: off
ACCEPTED: list[tuple[str, str, str, Any]] = [
    ("Dial", "action", " /a?b=1&amp;c=2 ", DIAL._replace(action="/a?b=1&c=2")),
    ("Dial", "method", "GET", DIAL._replace(method="GET")),
    ("Dial", "callerId", "+15550199", DIAL._replace(caller_id="+15550199")),
    ("Dial", "callerId", "+123456789012345", DIAL._replace(caller_id="+123456789012345")),
    ("Dial", "fromDisplayName", "Ann B. -_~!.+ 1", DIAL),
    ("Dial", "fromDisplayName", "a" * 128, DIAL),
    ("Dial", "fromDisplayName", "", DIAL),
    ("Dial", "hangupOnStar", "true", DIAL._replace(hangup_on_star=True)),
    ("Dial", "hangupOnStar", "false", DIAL),
    ("Dial", "timeout", "5", DIAL._replace(ring_us=5 * SECOND_US)),
    ("Dial", "timeout", "120", DIAL._replace(ring_us=120 * SECOND_US)),
    ("Dial", "timeLimit", "60", DIAL._replace(limit_us=60 * SECOND_US)),
    ("Dial", "timeLimit", "14400", DIAL),
    ("Dial", "record", "do-not-record", DIAL),
    ("Dial", "record", "record-from-answer", DIAL._replace(record_from=AT_ANSWER)),
    ("Dial", "record", "record-from-ringing", DIAL._replace(record_from=AT_RINGING)),
    ("Dial", "record", "record-from-answer-dual", dial_with(channels=2)._replace(record_from=AT_ANSWER)),
    ("Dial", "record", "record-from-ringing-dual", dial_with(channels=2)._replace(record_from=AT_RINGING)),
    ("Dial", "recordingChannels", "single", DIAL),
    ("Dial", "recordingChannels", "mono", DIAL),
    ("Dial", "recordingChannels", "dual", dial_with(channels=2)),
    ("Dial", "recordMaxLength", "0", DIAL),
    ("Dial", "recordMaxLength", "14400", dial_with(limit_us=14400 * SECOND_US)),
    ("Dial", "recordingStatusCallback", "/s", dial_with(callback_url="/s")),
    ("Dial", "recordingStatusCallbackMethod", "GET", dial_with(callback_method="GET")),
    ("Dial", "recordingStatusCallbackEvent", "absent in-progress absent", dial_with(callback_events=("absent", "in-progress"))),
    ("Dial", "recordingStatusCallbackEvent", "in-progress completed absent", dial_with(callback_events=("in-progress", "completed", "absent"))),
    ("Dial", "sendRecordingUrl", "false", dial_with(sends_url=False)),
    ("Dial", "sendRecordingUrl", "true", DIAL),
    ("Dial", "ringTone", "pl", DIAL),
    ("Dial", "ringTone", "us-old", DIAL),
    ("Dial", "audioUrl", "/ring.mp3", DIAL),
    ("Dial", "answerOnBridge", "true", DIAL._replace(answers=False)),
    ("Dial", "answerOnBridge", "false", DIAL),
    ("Dial", "passDiversionHeader", "true", DIAL),
    ("Dial", "machineDetectionSpeechThreshold", "0", DIAL),
    ("Dial", "machineDetectionSpeechThreshold", "60000", DIAL),
    ("Dial", "machineDetectionSpeechEndThreshold", "0", DIAL),
    ("Dial", "machineDetectionSpeechEndThreshold", "60000", DIAL),
    ("Dial", "machineDetectionSilenceTimeout", "0", DIAL),
    ("Dial", "machineDetectionSilenceTimeout", "60000", DIAL),
    ("Number", "statusCallback", "/s", number_told(url="/s")),
    ("Number", "statusCallbackEvent", EVERY, number_told(events=EVENT_WORDS)),
    ("Number", "statusCallbackEvent", "answered", number_told(events=("answered",))),
    ("Number", "statusCallbackMethod", "GET", number_told(method="GET")),
    ("Number", "url", "hello.xml", number_with(url="hello.xml")),
    ("Number", "method", "GET", number_with(method="GET")),
    ("Number", "sendDigits", "1w*#", number_with(tones_us=1_250_000)),
    ("Number", "sendDigits", "ww", number_with(tones_us=1_000_000)),
    ("Number", "sendDigits", "", DIAL),
    ("Number", "machineDetection", "Enable", DIAL),
    ("Number", "machineDetection", "DetectMessageEnd", DIAL),
    ("Number", "machineDetection", "Disable", DIAL),
    ("Number", "detectionMode", "Regular", DIAL),
    ("Number", "detectionMode", "Premium", DIAL),
    ("Number", "machineDetectionTimeout", "500", DIAL),
    ("Number", "machineDetectionTimeout", "60000", DIAL),
    ("Sip", "statusCallback", "/s", sip_told(url="/s")),
    ("Sip", "statusCallbackEvent", EVERY, sip_told(events=EVENT_WORDS)),
    ("Sip", "statusCallbackMethod", "GET", sip_told(method="GET")),
    ("Sip", "url", "hello.xml", sip_with(url="hello.xml")),
    ("Sip", "method", "GET", sip_with(method="GET")),
    ("Sip", "machineDetection", "Enable", BARE_SIP),
    ("Sip", "detectionMode", "Premium", BARE_SIP),
    ("Sip", "machineDetectionTimeout", "500", BARE_SIP),
    ("Sip", "machineDetectionTimeout", "60000", BARE_SIP),
    ("Sip", "username", "ann", BARE_SIP),
    ("Sip", "password", "p w", BARE_SIP),
    ("Queue", "url", "now.xml", TAKE._replace(url="now.xml")),
    ("Queue", "method", "GET", TAKE._replace(url_method="GET")),
    ("Enqueue", "action", "/a", ENQUEUE._replace(action="/a")),
    ("Enqueue", "method", "GET", ENQUEUE._replace(method="GET")),
    ("Enqueue", "waitUrl", "w.xml", ENQUEUE._replace(wait_url="w.xml")),
    ("Enqueue", "waitUrlMethod", "GET", ENQUEUE._replace(wait_method="GET")),
    ("Enqueue", "maxWaitTimeSecs", "1", ENQUEUE._replace(max_wait_us=SECOND_US)),
    ("Enqueue", "maxWaitTimeSecs", "2592000", ENQUEUE._replace(max_wait_us=2_592_000 * SECOND_US)),
    ("Gather", "action", "/a", GATHER._replace(action="/a")),
    ("Gather", "timeout", "1", GATHER._replace(timeout_us=SECOND_US, speech_timeout_us=SECOND_US)),
    ("Gather", "timeout", "120", GATHER._replace(timeout_us=120 * SECOND_US, speech_timeout_us=120 * SECOND_US)),
    ("Gather", "input", "dtmf", GATHER),
    ("Gather", "input", "speech", GATHER._replace(hears_keys=False, hears_speech=True)),
    ("Gather", "input", "dtmf speech", GATHER._replace(hears_speech=True)),
    ("Gather", "input", "speech dtmf", GATHER._replace(hears_speech=True)),
    ("Gather", "speechTimeout", "1", GATHER._replace(speech_timeout_us=SECOND_US)),
    ("Gather", "speechTimeout", "120", GATHER._replace(speech_timeout_us=120 * SECOND_US)),
    ("Gather", "speechTimeout", "auto", GATHER._replace(speech_timeout_us=AUTO_US)),
    ("Gather", "finishOnKey", "1234567890*#", GATHER._replace(finish_on_key="1234567890*#")),
    ("Gather", "finishOnKey", "", GATHER._replace(finish_on_key="")),
    ("Gather", "numDigits", "1", GATHER._replace(most=1)),
    ("Gather", "numDigits", "128", GATHER),
    ("Gather", "minDigits", "1", GATHER),
    ("Gather", "minDigits", "128", GATHER._replace(least=128)),
    ("Gather", "maxDigits", "1", GATHER._replace(most=1)),
    ("Gather", "maxDigits", "128", GATHER),
    ("Gather", "validDigits", "12", GATHER._replace(valid="12")),
    ("Gather", "invalidDigitsAction", "/no", GATHER._replace(invalid_action="/no")),
    ("Gather", "language", "de-DE", GATHER),
    ("Gather", "hints", "yes, no", GATHER),
    ("Gather", "profanityFilter", "true", GATHER),
    ("Gather", "useEnhanced", "true", GATHER),
    ("Gather", "transcriptionEngine", "Google", GATHER),
    ("Gather", "apiKeyRef", "mine", GATHER),
    ("Gather", "region", "us", GATHER),
    ("Gather", "partialResultCallback", "", GATHER),
    ("Gather", "partialResultCallbackMethod", "GET", GATHER),
    ("Refer", "action", "/a", REFER._replace(action="/a")),
    ("Refer", "method", "GET", REFER._replace(method="GET")),
    ("Stream", "url", "WSS://s.test/b", Connect(1, "WSS://s.test/b")),
    ("Stream", "url", "ws://s.test/b", Connect(1, "ws://s.test/b")),
    ("Stream", "track", "inbound_track", CONNECT),
    ("Stream", "track", "outbound_track", CONNECT),
    ("Stream", "track", "both_tracks", CONNECT),
    ("Stream", "name", "mine", CONNECT),
    ("Stream", "codec", "PCMU", CONNECT),
    ("Stream", "bidirectionalMode", "mp3", CONNECT),
    ("Stream", "bidirectionalMode", "rtp", CONNECT),
    ("Stream", "statusCallback", "", CONNECT),
    ("Stream", "statusCallbackMethod", "GET", CONNECT),
]

RECORD_WORDS = "do-not-record or record-from-answer or record-from-ringing or record-from-answer-dual or record-from-ringing-dual"
CALL_WORDS = "initiated or ringing or answered or amd or dtmf or completed"
RECORDING_WORDS = "in-progress or completed or absent"
DISPLAY = "at most 128 letters, digits, blanks and -_~!.+"
WHOLE = "a whole number from"

#: Element, attribute, refused value, and what would be right; just out of every range.
REFUSED = [
    ("Dial", "method", "PUT", "GET or POST"),
    ("Dial", "callerId", "15550100", "a number such as +15550001"),
    ("Dial", "callerId", "+1234567890123456", "a number such as +15550001"),
    ("Dial", "callerId", "anonymous", "a number such as +15550001"),
    ("Dial", "fromDisplayName", "a;b", DISPLAY),
    ("Dial", "hangupOnStar", "1", "true or false"),
    ("Dial", "timeout", "4", f"{WHOLE} 5 to 120"),
    ("Dial", "timeout", "121", f"{WHOLE} 5 to 120"),
    ("Dial", "timeLimit", "59", f"{WHOLE} 60 to 14400"),
    ("Dial", "timeLimit", "14401", f"{WHOLE} 60 to 14400"),
    ("Dial", "record", "true", f"record-from-answer (of {RECORD_WORDS})"),
    ("Dial", "record", "false", f"do-not-record (of {RECORD_WORDS})"),
    ("Dial", "record", "record-from-start", f"record-from-answer (of {RECORD_WORDS})"),
    ("Dial", "record", "Record-From-Answer", RECORD_WORDS),
    ("Dial", "record", "", RECORD_WORDS),
    ("Dial", "recordingChannels", "2", "single or dual"),
    ("Dial", "recordMaxLength", "-1", f"{WHOLE} 0 to 14400"),
    ("Dial", "recordMaxLength", "14401", f"{WHOLE} 0 to 14400"),
    ("Dial", "recordingStatusCallbackMethod", "post", "GET or POST"),
    ("Dial", "recordingStatusCallbackEvent", "stopped", RECORDING_WORDS),
    ("Dial", "recordingStatusCallbackEvent", "", RECORDING_WORDS),
    ("Dial", "sendRecordingUrl", "no", "true or false"),
    ("Dial", "ringTone", "usa", "a country code such as us"),
    ("Dial", "answerOnBridge", "yes", "true or false"),
    ("Dial", "passDiversionHeader", "yes", "true or false"),
    ("Dial", "machineDetectionSpeechThreshold", "60001", f"{WHOLE} 0 to 60000"),
    ("Dial", "machineDetectionSpeechEndThreshold", "60001", f"{WHOLE} 0 to 60000"),
    ("Dial", "machineDetectionSilenceTimeout", "60001", f"{WHOLE} 0 to 60000"),
    ("Number", "statusCallbackEvent", "done", CALL_WORDS),
    ("Number", "statusCallbackEvent", "", CALL_WORDS),
    ("Number", "statusCallbackMethod", "PUT", "GET or POST"),
    ("Number", "method", "PUT", "GET or POST"),
    ("Number", "sendDigits", "1A", "only digits, *, # and w"),
    ("Number", "machineDetection", "true", "Enable or DetectMessageEnd or Disable"),
    ("Number", "detectionMode", "premium", "Regular or Premium"),
    ("Number", "machineDetectionTimeout", "499", f"{WHOLE} 500 to 60000"),
    ("Number", "machineDetectionTimeout", "60001", f"{WHOLE} 500 to 60000"),
    ("Sip", "statusCallbackEvent", "done", CALL_WORDS),
    ("Sip", "statusCallbackMethod", "PUT", "GET or POST"),
    ("Sip", "method", "PUT", "GET or POST"),
    ("Sip", "machineDetection", "true", "Enable or DetectMessageEnd or Disable"),
    ("Sip", "detectionMode", "premium", "Regular or Premium"),
    ("Sip", "machineDetectionTimeout", "499", f"{WHOLE} 500 to 60000"),
    ("Sip", "machineDetectionTimeout", "60001", f"{WHOLE} 500 to 60000"),
    ("Queue", "method", "PUT", "GET or POST"),
    ("Enqueue", "method", "PUT", "GET or POST"),
    ("Enqueue", "waitUrlMethod", "PUT", "GET or POST"),
    ("Enqueue", "maxWaitTimeSecs", "0", f"{WHOLE} 1 to 2592000"),
    ("Enqueue", "maxWaitTimeSecs", "2592001", f"{WHOLE} 1 to 2592000"),
    ("Gather", "timeout", "0", f"{WHOLE} 1 to 120"),
    ("Gather", "timeout", "121", f"{WHOLE} 1 to 120"),
    ("Gather", "timeout", "auto", f"{WHOLE} 1 to 120"),
    ("Gather", "input", "keys", "dtmf or speech or dtmf speech"),
    ("Gather", "speechTimeout", "0", f"auto or {WHOLE} 1 to 120"),
    ("Gather", "speechTimeout", "121", f"auto or {WHOLE} 1 to 120"),
    ("Gather", "finishOnKey", "w", "only digits, * and #"),
    ("Gather", "numDigits", "0", f"{WHOLE} 1 to 128"),
    ("Gather", "numDigits", "129", f"{WHOLE} 1 to 128"),
    ("Gather", "minDigits", "0", f"{WHOLE} 1 to 128"),
    ("Gather", "minDigits", "129", f"{WHOLE} 1 to 128"),
    ("Gather", "maxDigits", "0", f"{WHOLE} 1 to 128"),
    ("Gather", "maxDigits", "129", f"{WHOLE} 1 to 128"),
    ("Gather", "validDigits", "1-9", "only digits, * and #"),
    ("Gather", "partialResultCallbackMethod", "PUT", "GET or POST"),
    ("Refer", "method", "PUT", "GET or POST"),
    ("Stream", "track", "both", "inbound_track or outbound_track or both_tracks"),
    ("Stream", "bidirectionalMode", "wav", "mp3 or rtp"),
    ("Stream", "statusCallbackMethod", "PUT", "GET or POST"),
]

#: Attributes that take any text, and the one whose refusal leaves nothing to connect to.
FREE = {
    *((element, "statusCallback") for element in ("Number", "Sip", "Stream")),
    *((element, "url") for element in ("Number", "Sip", "Queue", "Stream")),
    *((element, "action") for element in ("Dial", "Enqueue", "Gather", "Refer")),
    *(("Gather", name) for name in ("language", "hints", "profanityFilter", "useEnhanced")),
    *(("Gather", name) for name in ("transcriptionEngine", "apiKeyRef", "region")),
    *(("Gather", name) for name in ("partialResultCallback", "invalidDigitsAction")),
    ("Dial", "recordingStatusCallback"), ("Dial", "audioUrl"), ("Enqueue", "waitUrl"),
    ("Sip", "username"), ("Sip", "password"), ("Stream", "name"), ("Stream", "codec"),
}
# fmt: on

INSIDE = {
    "Connect": "<Stream url='wss://s.test/a'/>",
    "Dial": ONE,
    "Enqueue": "sales",
    "Number": ONE,
    "Queue": "sales",
    "Refer": f"<Sip>{ADDRESS}</Sip>",
    "Sip": ADDRESS,
}
AROUND = {
    **dict.fromkeys(("Number", "Queue", "Sip"), ("<Dial>", "</Dial>")),
    "Stream": ("<Connect>", "</Connect>"),
}


def alone(element: str, attributes: str = "") -> Document:
    before, after = AROUND.get(element, ("", ""))
    if element == "Stream" and "url=" not in attributes:
        attributes += " url='wss://s.test/a'"
    return parse(f"{before}<{element} {attributes}>{INSIDE.get(element, '')}</{element}>{after}")


def first_column(element: str) -> int:
    """Where the attributes of an element begin that is alone in a document."""
    return len(f"<Response>{AROUND.get(element, ('',))[0]}<{element} ") + 1


# --- Attributes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("inner", "row"), DEFAULTS)
def test_every_verb_has_its_defaults(inner: str, row: Any) -> None:
    assert parse(inner) == Document((row,), ())


@pytest.mark.parametrize(("element", "attribute", "value", "row"), ACCEPTED)
def test_an_accepted_value_counts(element: str, attribute: str, value: str, row: Any) -> None:
    document = alone(element, f'{attribute}="{value}"')

    assert document.verbs == (row,)
    assert rules(document) == ([] if value or "Callback" not in attribute else ["empty-url"])


@pytest.mark.parametrize(("element", "attribute", "value", "expected"), REFUSED)
def test_a_refused_value_leaves_the_default(
    element: str, attribute: str, value: str, expected: str
) -> None:
    document = alone(element, f'{attribute}="{value}"')

    text = f"{attribute}: expected {expected}, got {value!r}; the default is used"
    assert document.findings == (Finding(1, first_column(element), "bad-value", text),)
    assert document.verbs == alone(element).verbs


def test_every_attribute_is_tried() -> None:
    every = {(element, name) for element in TRIED_WITH_CALLS for name in ATTRIBUTES[element]}

    assert {row[:2] for row in ACCEPTED} == every
    assert {row[:2] for row in REFUSED} == every - FREE


@pytest.mark.parametrize("element", ATTRIBUTES)
def test_a_default_is_what_its_own_text_is_read_as(element: str) -> None:
    for name, row in ATTRIBUTES[element].items():
        if not isinstance(row.default, OfSource) and row.default not in (None, ""):
            assert row.kind.read(row.kind.tell(row.default)) == row.default, name


def test_a_display_name_is_not_longer_than_128() -> None:
    document = alone("Dial", f'fromDisplayName="{"a" * 129}"')

    assert rules(document) == ["bad-value"]
    assert document.verbs == (DIAL,)


@pytest.mark.parametrize(
    ("element", "name"),
    [
        (element, name)
        for element in TRIED_WITH_CALLS
        for name, row in ATTRIBUTES[element].items()
        if row.kind.takes == "a URL"
    ],
)
def test_a_url_that_nothing_can_be_sent_to_is_noted(element: str, name: str) -> None:
    document = alone(element, f'{name}="ftp://x.test/"')

    text = f"{name}: expected a URL, relative or http or https, got 'ftp://x.test/'"
    finding = Finding(1, first_column(element), "bad-value", f"{text}; nothing is sent there")
    assert finding in document.findings


@pytest.mark.parametrize(
    ("element", "name", "hint"),
    [
        ("Dial", "calledId", "; did you mean callerId?"),
        ("Dial", "format", ""),
        ("Dial", "playBeep", ""),
        ("Number", "username", ""),
        ("Sip", "sendDigits", ""),
        ("Leave", "action", ""),
        ("Connect", "url", ""),
    ],
)
def test_an_unknown_attribute_is_passed_over(element: str, name: str, hint: str) -> None:
    document = alone(element, f'{name}="1"')

    assert document.verbs == alone(element).verbs
    [finding] = document.findings
    assert finding[:3] == (1, first_column(element), "unknown-attribute")
    assert finding.text.endswith(f"which is passed over{hint}")


def test_defaults_of_dial_are_those_of_its_source() -> None:
    defaults = Defaults("Mine", 2, True, "inbound", True, "wav", 7, 8, ("absent",))
    expected = RecordingSettings(
        2, "inbound", True, True, "wav", 7, 8, "", "POST", ("absent",), True
    )

    [row] = parse(f"<Dial>{ONE}</Dial>", replace(PARSER, dial=defaults)).verbs

    assert row == DIAL._replace(source="Mine", settings=expected)


def test_the_table_of_defaults_is_that_of_the_dial_page() -> None:
    [row] = [row for row in SOURCES if row.source == DIAL_VERB]

    assert parse(f"<Dial>{ONE}</Dial>", replace(PARSER, dial=row)).verbs == (DIAL,)


# --- Dial -----------------------------------------------------------------------------------------


def test_everybody_is_called_at_once_in_the_documents_order() -> None:
    document = parse(
        f"""<Dial>
          <Number sendDigits="w1">{ONE}</Number>
          <Sip username="a" password="b" url="hi.xml">{ADDRESS}</Sip>
          <Number>{TWO}</Number>
        </Dial>"""
    )

    assert document.findings == ()
    assert document.verbs == (
        DIAL._replace(
            targets=(
                NUMBER._replace(tones_us=750_000),
                SIP._replace(url="hi.xml"),
                NUMBER._replace(to=TWO),
            )
        ),
    )


@pytest.mark.parametrize(
    ("written", "to"),
    [
        (f" {ONE}\n", ONE),
        ("15550100", "15550100"),
        ("911", "911"),
        ("+1 (555) 01-00", "+15550100"),
        ("1.555.0100", "15550100"),
        ("+123456789012345", "+123456789012345"),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
@pytest.mark.parametrize("noun", ["{}", "<Number>{}</Number>"])
def test_a_number_is_digits_whatever_stands_between(written: str, to: str, noun: str) -> None:
    assert parse(f"<Dial>{noun.format(written)}</Dial>") == Document(
        (DIAL._replace(targets=(NUMBER._replace(to=to),)),), ()
    )


@pytest.mark.parametrize(
    "number", ["abc", "+", "+0123", "+1234567890123456", "1" * 21, "--", "55a", ADDRESS, "٣٣"]
)
def test_a_number_that_nothing_can_call_is_skipped(number: str) -> None:
    document = parse(f"<Dial><Number>{number}</Number><Number>{ONE}</Number></Dial>")

    assert document.verbs == (DIAL,)
    text = f"Number: expected a number such as +15550001, got {number!r}; it is skipped"
    assert document.findings == (Finding(1, 17, "bad-target", text),)


@pytest.mark.parametrize(
    "address", ["sip:a", "SIP:a@b", "sips:a@b.c:5061;transport=tls?X-A=1", "Sips:10.0.0.1"]
)
def test_a_sip_address_is_called_as_written(address: str) -> None:
    assert parse(f"<Dial><Sip>{address}</Sip></Dial>") == Document((sip_with(to=address),), ())


@pytest.mark.parametrize("address", [ONE, "user@example.com", "sip:", "sip:@", "tel:1", "sip:a b"])
@pytest.mark.parametrize("verb", ["Dial", "Refer"])
def test_a_sip_address_that_nothing_can_call_is_skipped(verb: str, address: str) -> None:
    document = parse(f"<{verb}><Sip>{address}</Sip></{verb}><Hangup/>")

    assert document.verbs == (Hangup(1),)
    text = f"Sip: expected an address such as {ADDRESS}, got {address!r}; it is skipped"
    assert Finding(1, len(f"<Response><{verb}>") + 1, "bad-target", text) in document.findings


@pytest.mark.parametrize(
    "inside", ["", "\t ", "<!-- a -->", "<Number/>", "<Sip/>", "abc", "<Odd/>"]
)
def test_a_dial_that_calls_nobody_is_skipped(inside: str) -> None:
    document = parse(f"<Dial record='record-from-answer'>{inside}</Dial><Hangup/>")

    assert document.verbs == (Hangup(1),)
    text = "Dial has no noun that can be called and is skipped"
    assert document.findings[0] == Finding(1, 11, "missing-noun", text)


def test_a_bare_number_that_is_none_is_found_where_it_stands() -> None:
    document = parse("<Dial>\n  <!-- whom? -->\n  abc</Dial>")

    assert document.findings[-1][:3] == (3, 3, "bad-target")


def test_text_beside_nouns_is_stray() -> None:
    document = parse(f"<Dial>{TWO}<Number>{ONE}</Number></Dial>")

    assert document.verbs == (DIAL,)
    text = f"Dial takes no text; {TWO!r} is skipped"
    assert document.findings == (Finding(1, 17, "stray-text", text),)


KINDS = {
    "Number": f"<Number>{ONE}</Number>",
    "Sip": f"<Sip>{ADDRESS}</Sip>",
    "Queue": "<Queue>sales</Queue>",
    "Conference": "<Conference>room</Conference>",
}


@pytest.mark.parametrize(("first", "other"), [*combinations(KINDS, 2), ("Queue", "Queue")])
@pytest.mark.parametrize("swapped", [False, True])
def test_of_nouns_that_cannot_be_combined_the_first_counts(
    first: str, other: str, swapped: bool
) -> None:
    first, other = (other, first) if swapped else (first, other)
    document = parse(f"<Dial>{KINDS[first]}{KINDS[other]}</Dial>")

    if {first, other} == {"Number", "Sip"}:
        assert document.findings == ()
        return
    assert document.verbs == parse(f"<Dial>{KINDS[first]}</Dial>").verbs
    column = len(f"<Response><Dial>{KINDS[first]}") + 1
    text = f"Dial: {other} can't stand beside {first} and is skipped"
    assert document.findings[-1] == Finding(1, column, "mixed-nouns", text)


def test_an_unknown_noun_is_skipped_and_the_others_are_called() -> None:
    document = parse(f"<Dial><number>{TWO}</number><Number>{ONE}</Number><Client>x</Client></Dial>")

    assert document.verbs == (DIAL,)
    assert [finding.text for finding in document.findings] == [
        "Dial: 'number' is none of its nouns and is skipped; did you mean Number?",
        "Dial: 'Client' is none of its nouns and is skipped; TwiML has it",
    ]


@pytest.mark.parametrize("noun", ["Number", "Sip", "Queue"])
def test_a_noun_has_no_children(noun: str) -> None:
    document = parse(f"<Dial><{noun}>{INSIDE[noun]}<Say>a</Say></{noun}></Dial>")

    assert document.verbs == alone(noun).verbs
    column = len(f"<Response><Dial><{noun}>{INSIDE[noun]}") + 1
    text = f"{noun} takes no children; 'Say' is skipped"
    assert document.findings == (Finding(1, column, "unknown-child", text),)


@pytest.mark.parametrize("record", ["record-from-answer", "record-from-ringing"])
def test_the_ending_of_record_wins_over_recording_channels(record: str) -> None:
    document = parse(f"<Dial record='{record}-dual' recordingChannels='single'>{ONE}</Dial>")

    [row] = document.verbs
    assert isinstance(row, Dial)
    assert row.settings.channels == 2
    [finding] = document.findings
    column = len(f"<Response><Dial record='{record}-dual' ") + 1
    assert finding[:3] == (1, column, "channels-disagree")


@pytest.mark.parametrize(
    ("record", "told", "channels"),
    [
        ("record-from-answer", "dual", 2),
        ("record-from-answer", "single", 1),
        ("record-from-answer-dual", "dual", 2),
        ("record-from-ringing", "dual", 2),
        ("record-from-ringing-dual", "dual", 2),
    ],
)
def test_recording_channels_hold_where_record_says_nothing(
    record: str, told: str, channels: int
) -> None:
    document = parse(f"<Dial record='{record}' recordingChannels='{told}'>{ONE}</Dial>")

    [row] = document.verbs
    assert isinstance(row, Dial)
    assert (row.settings.channels, document.findings) == (channels, ())


@pytest.mark.parametrize("word", [word for word in RECORD_WORDS.split(" or ") if word[:1] == "r"])
def test_a_dial_may_be_recorded_as_soon_as_it_begins(word: str) -> None:
    parser = replace(PARSER, records_from_dialing=True)

    [row] = parse(f"<Dial record='{word}'>{ONE}</Dial>", parser).verbs

    assert isinstance(row, Dial)
    assert row.record_from == AT_DIAL


@pytest.mark.parametrize(("answer", "since"), [("attribute", AT_RINGING), ("leg_created", AT_DIAL)])
def test_a_reading_says_when_the_recording_of_a_dial_begins(answer: str, since: str) -> None:
    vendor = Telnyx(1, 0, readings={"dial_start": answer})

    [row] = vendor.parse(
        f"<Response><Dial record='record-from-ringing'>{ONE}</Dial></Response>"
    ).verbs

    assert isinstance(row, Dial)
    assert (row.record_from, row.source) == (since, "DialVerb")


@pytest.mark.parametrize("attributes", ["", "record='do-not-record'", "record='true'"])
def test_a_dial_that_is_not_recorded_never_is(attributes: str) -> None:
    parser = replace(PARSER, records_from_dialing=True)

    assert parse(f"<Dial {attributes}>{ONE}</Dial>", parser).verbs == (DIAL,)


@pytest.mark.parametrize("noun", ["Queue", "Conference"])
@pytest.mark.parametrize("word", RECORD_WORDS.split(" or "))
def test_record_around_a_queue_or_a_conference_records_nothing(noun: str, word: str) -> None:
    document = parse(f"<Dial record='{word}'>{KINDS[noun]}</Dial>")

    assert document.verbs == parse(f"<Dial>{KINDS[noun]}</Dial>").verbs
    found = [one for one in document.findings if one.rule.startswith("record-around")]
    if word == "do-not-record":
        assert found == []
    else:
        text = f"record: nothing is recorded around a {noun}"
        text += ", whose own record can do that" if noun == "Conference" else ""
        assert found == [Finding(1, 17, f"record-around-{noun.lower()}", text)]


@pytest.mark.parametrize("noun", ["Number", "Sip"])
@pytest.mark.parametrize(
    ("words", "said"), [("amd", "'amd'"), ("dtmf answered amd dtmf", "'dtmf' or 'amd'")]
)
def test_what_is_never_told_is_noted_once(noun: str, words: str, said: str) -> None:
    document = alone(noun, f"statusCallbackEvent='{words}'")

    text = f"statusCallbackEvent: no callback {said} is simulated, and none is sent"
    assert document.findings == (Finding(1, first_column(noun), "not-simulated", text),)
    [row] = document.verbs
    assert isinstance(row, Dial)
    assert row.targets[0].status.events == tuple(dict.fromkeys(words.split()))


def test_an_unknown_event_is_dropped_and_the_others_count() -> None:
    document = alone("Number", "statusCallbackEvent='ringing no-answer'")

    assert document.verbs == (number_told(events=("ringing",)),)
    text = f"statusCallbackEvent: expected {CALL_WORDS}, got 'no-answer'; it is dropped"
    assert document.findings == (Finding(1, first_column("Number"), "bad-value", text),)


@pytest.mark.parametrize(
    ("attributes", "changes"),
    [
        ("action='/a' method='GET'", {"action": "/a", "method": "GET"}),
        ("timeout='7' timeLimit='61'", {"wait_us": 7 * SECOND_US, "limit_us": 61 * SECOND_US}),
        ("hangupOnStar='true'", {"hangup_on_star": True}),
        ("answerOnBridge='true'", {"answers": False}),
    ],
)
def test_a_dial_around_a_queue_has_its_attributes(attributes: str, changes: dict[str, Any]) -> None:
    document = parse(f"<Dial {attributes}><Queue> sales\n</Queue></Dial>")

    assert document == Document((TAKE._replace(**changes),), ())


# --- Queues ---------------------------------------------------------------------------------------


def test_those_without_a_name_share_a_queue() -> None:
    document = parse("<Enqueue/><Dial><Queue/></Dial>")

    assert document == Document((ENQUEUE._replace(name=""), TAKE._replace(name="")), ())


def test_enqueue_and_leave_have_no_children() -> None:
    document = parse("<Enqueue>sales<Task/></Enqueue><Leave>now<Say/></Leave>")

    assert document.verbs == (ENQUEUE, Leave(1))
    assert rules(document) == ["unknown-child", "stray-text", "unknown-child"]


# --- Gather ---------------------------------------------------------------------------------------


def test_prompts_are_heard_one_after_another() -> None:
    document = parse(
        "<Gather>\n<Say loop='2'>one two</Say><Play loop='3'>a.mp3</Play><Play digits='1w'/>\n</Gather>"
    )

    prompts = (Say(2, 4 * WORD_US), Play(2, "a.mp3", 3), Say(2, 750_000))
    assert document == Document((GATHER._replace(prompts=prompts),), ())


@pytest.mark.parametrize(
    ("inside", "rule", "column"),
    [
        ("<Pause/>", "unknown-child", 19),
        ("<Gather/>", "unknown-child", 19),
        ("<say>a</say>", "unknown-child", 19),
        ("<Say/>", "missing-text", 19),
        ("<Play/>", "missing-text", 19),
        ("<Say loop='x'>a</Say>", "bad-value", 24),
        ("press one", "stray-text", 19),
    ],
)
def test_what_cannot_be_prompted_is_noted(inside: str, rule: str, column: int) -> None:
    document = parse(f"<Gather>{inside}</Gather>")

    assert [finding[:3] for finding in document.findings] == [(1, column, rule)]
    assert isinstance(document.verbs[0], Gather)


def test_speech_timeout_is_timeout_where_it_is_missing() -> None:
    [row] = parse("<Gather input='speech' timeout='9'/>").verbs

    assert row == GATHER._replace(
        timeout_us=9 * SECOND_US,
        speech_timeout_us=9 * SECOND_US,
        hears_keys=False,
        hears_speech=True,
    )


@pytest.mark.parametrize(
    ("attributes", "bounds", "at"),
    [
        ("numDigits='4'", (1, 4), None),
        ("numDigits='4' maxDigits='4'", (1, 4), None),
        ("numDigits='4' maxDigits='6'", (1, 4), "maxDigits"),
        ("minDigits='3' maxDigits='6'", (3, 6), None),
        ("minDigits='6' maxDigits='6'", (6, 6), None),
        ("minDigits='7' maxDigits='6'", (6, 6), "minDigits"),
        ("minDigits='5' numDigits='4'", (4, 4), "minDigits"),
    ],
)
def test_how_many_keys_are_input(attributes: str, bounds: tuple[int, int], at: str | None) -> None:
    document = parse(f"<Gather {attributes}/>")

    [row] = document.verbs
    assert isinstance(row, Gather)
    assert (row.least, row.most) == bounds
    column = len(f"<Response><Gather {attributes.partition(at)[0]}") + 1 if at else 0
    expected = [(1, column, "digits-disagree")] if at else []
    assert [finding[:3] for finding in document.findings] == expected


def test_partial_results_are_not_simulated() -> None:
    document = parse("<Gather input='speech' partialResultCallback='/p'/>")

    text = "partialResultCallback: partial results are not simulated; nothing is sent there"
    assert document.findings == (Finding(1, 34, "not-simulated", text),)


# --- Refer and Connect ----------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["Refer", "Connect"])
@pytest.mark.parametrize("inside", ["", "\n", "<!-- a -->"])
def test_without_a_noun_there_is_nobody_to_hand_over_to(verb: str, inside: str) -> None:
    document = parse(f"<{verb}>{inside}</{verb}><Hangup/>")

    assert document.verbs == (Hangup(1 + inside.count(chr(10))),)
    text = f"{verb} has no noun and is skipped"
    assert document.findings == (Finding(1, 11, "missing-noun", text),)


@pytest.mark.parametrize(
    ("verb", "noun", "row"),
    [("Refer", f"<Sip>{ADDRESS}</Sip>", REFER), ("Connect", INSIDE["Connect"], CONNECT)],
)
def test_the_first_noun_counts(verb: str, noun: str, row: Any) -> None:
    document = parse(f"<{verb}>{noun}<Odd/>{noun}here</{verb}>")

    assert document.verbs == (row,)
    assert rules(document) == ["unknown-child", "mixed-nouns", "stray-text"]


def test_a_sip_of_refer_has_no_attributes() -> None:
    document = parse(f"<Refer><Sip username='a'>{ADDRESS}</Sip></Refer>")

    assert document.verbs == (REFER,)
    text = "Sip has no attribute 'username', which is passed over"
    assert document.findings == (Finding(1, 23, "unknown-attribute", text),)


@pytest.mark.parametrize("attributes", ["", "url=''", "url='https://s.test/a'", "url='wss://'"])
def test_a_stream_without_its_url_is_skipped(attributes: str) -> None:
    document = parse(f"<Connect><Stream {attributes}/></Connect><Hangup/>")

    assert document.verbs == (Hangup(1),)
    assert document.findings[0] == Finding(
        1, 20, "missing-text", "Stream has no url and is skipped"
    )
    assert rules(document)[1:] == (["bad-value"] if attributes else [])


def test_callbacks_of_a_stream_are_not_simulated() -> None:
    document = alone("Stream", "statusCallback='/s'")

    text = "statusCallback: callbacks of a stream are not simulated; nothing is sent there"
    assert document == Document(
        (CONNECT,), (Finding(1, first_column("Stream"), "not-simulated", text),)
    )


@pytest.mark.parametrize("noun", nouns_of("Connect", simulated=False))
def test_another_service_is_not_simulated(noun: str) -> None:
    document = parse(f"<Connect><{noun} odd='1'/></Connect><Hangup/>")

    assert document.verbs == (Hangup(1),)
    text = f"Connect: {noun!r} is not simulated and is skipped"
    assert document.findings == (Finding(1, 20, "not-simulated", text),)


# --- Tables ---------------------------------------------------------------------------------------


def test_the_verbs_are_those_that_are_made_and_those_that_are_not() -> None:
    simulated = {row.name for row in VERBS if row.is_simulated}

    assert simulated == set(MAKE)
    assert {row.name for row in VERBS} - simulated == set(NOT_SIMULATED)
    assert len({row.name for row in VERBS}) == len(VERBS)
    assert all(bool(row.then) == row.is_simulated for row in VERBS)


def test_the_nouns_are_those_that_have_attributes() -> None:
    simulated = {row.name for row in NOUNS if row.is_simulated}

    assert set(ATTRIBUTES) == {"Response", *MAKE, *simulated}
    assert {row.verb for row in NOUNS} <= set(MAKE)
    assert len({row[:2] for row in NOUNS}) == len(NOUNS)


def test_every_attribute_of_words_has_them() -> None:
    with_words = {
        (element, name)
        for element, table in ATTRIBUTES.items()
        for name, row in table.items()
        if row.kind.takes == "words of EVENTS"
    }

    assert with_words == set(EVENTS)
    for (element, name), offered in EVENTS.items():
        default = ATTRIBUTES[element][name].default
        assert isinstance(default, OfSource) or set(default) <= set(offered.events)
        assert set(offered.untold) <= set(offered.events)


def test_the_table_of_attributes_says_what_a_document_would_say() -> None:
    told = {row[:2]: row[2:4] for row in sheets.attributes().rows}

    assert told["Dial", "timeout"] == ("5 to 120 s", "30")
    assert told["Dial", "record"] == (RECORD_WORDS, "do-not-record")
    assert told["Dial", "recordingChannels"] == ("single or dual", "single")
    assert told["Record", "maxLength"] == ("0 to 14400 s", "3600")
    assert told["Record", "trim"] == ("trim-silence", "do-not-trim")
    assert told["Gather", "input"] == ("dtmf or speech or dtmf speech", "dtmf")
    assert told["Gather", "speechTimeout"] == ("auto, or 1 to 120 s", "-")
    assert told["Number", "machineDetectionTimeout"] == ("500 to 60000 ms", "3500")
    assert told["Recording", "recordingStatusCallbackEvent"] == (
        "words: in-progress completed absent",
        "completed",
    )


def test_a_default_in_the_table_changes_nothing_when_it_is_said() -> None:
    for element, name, _, default, _ in sheets.attributes().rows:
        if element in TRIED_WITH_CALLS and default != "-":
            assert alone(element, f'{name}="{default}"') == alone(element), (element, name)


#: A document for every rule.
WITNESSES = {
    "absent-on-record": "<Record recordingStatusCallbackEvent='absent'/>",
    "bad-escape": "<Redirect>/a%zz</Redirect>",
    "bad-target": "<Dial>x</Dial>",
    "bad-value": "<Dial timeout='x'>1</Dial>",
    "channels-disagree": "<Dial record='record-from-answer-dual' recordingChannels='mono'>1</Dial>",
    "digits-disagree": "<Gather numDigits='1' minDigits='2'/>",
    "empty-url": "<Record action=''/>",
    "missing-noun": "<Connect/>",
    "missing-text": "<Dial><Number/></Dial>",
    "mixed-nouns": "<Dial><Queue/><Queue/></Dial>",
    "not-simulated": "<Pay/>",
    "record-around-conference": "<Dial record='record-from-answer'><Conference/></Dial>",
    "record-around-queue": "<Dial record='record-from-answer'><Queue/></Dial>",
    "recording-under-stop": "<Stop><Recording/></Stop>",
    "stray-text": "<Leave>a</Leave>",
    "twiml": "<Sms/>",
    "unknown-attribute": "<Leave a='b'/>",
    "unknown-child": "<Gather><Pause/></Gather>",
    "unknown-verb": "<Odd/>",
    "without-effect": "<Dial hangupOnStar='true'><Conference/></Dial>",
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_can_be_broken(rule: str) -> None:
    assert rule in rules(parse(WITNESSES[rule]))


# --- Anything at all ------------------------------------------------------------------------------

#: What a document may be made of, right and wrong.
NAMES = st.sampled_from([*ATTRIBUTES, *NOT_SIMULATED, "Siprec", "Odd", "p", "dial", "Client"])
ATTRIBUTE_NAMES = st.sampled_from(
    sorted({name for table in ATTRIBUTES.values() for name in table} | {"odd"})
)
VALUES = st.one_of(
    st.sampled_from([row[2] for row in (*ACCEPTED, *REFUSED)]),
    st.text(st.characters(codec="utf-8", exclude_characters='<>&"'), max_size=4),
    st.integers(-1, 15_000).map(str),
)
WORDS = st.one_of(
    st.sampled_from(["", " ", ONE, ADDRESS, "sales", "a b", "http://["]),
    st.text(st.characters(codec="ascii", exclude_characters="<>&"), max_size=4),
)


@st.composite
def elements(draw: Any, depth: int = 3) -> str:
    name = draw(NAMES)
    said = draw(st.dictionaries(ATTRIBUTE_NAMES, VALUES, max_size=3))
    attributes = "".join(f' {key}="{value}"' for key, value in said.items())
    inside = draw(WORDS)
    if depth:
        inside += "".join(draw(st.lists(elements(depth - 1), max_size=3))) + draw(WORDS)
    return f"<{name}{attributes}>{inside}</{name}>"


@given(st.lists(elements(), max_size=4), st.booleans())
def test_any_elements_are_followed_or_refused(parts: list[str], at_once: bool) -> None:
    text = f"<Response>{''.join(parts)}</Response>"

    try:
        document = replace(PARSER, records_from_dialing=at_once).parse(text)
    except TexmlError:
        return
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in document.findings:
        assert finding.rule in RULES
        assert finding.text
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1])
    assert list(document.findings) == sorted(document.findings, key=lambda one: one[:2])
    for row in document.verbs:
        hash(row)
