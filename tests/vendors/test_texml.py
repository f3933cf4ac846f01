"""What becomes of a TeXML document: verbs, findings, or a refusal; and where it stands."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import pytest
from calls import SECOND_US, SETTINGS
from hypothesis import given
from hypothesis import strategies as st
from texml import (
    PARSER,
    TRIED_WITH_CALLS,
    TRIED_WITH_CONFERENCES,
    WORD_US,
    Defaults,
    parse,
    rules,
)

from recsim.core.documents import Document, Finding
from recsim.core.entities import NEVER
from recsim.core.errors import TexmlError
from recsim.core.verbs.hangup import Hangup
from recsim.core.verbs.pause import Pause
from recsim.core.verbs.play import Play
from recsim.core.verbs.record import Record
from recsim.core.verbs.redirect import Redirect
from recsim.core.verbs.reject import Reject
from recsim.core.verbs.say import Say
from recsim.core.verbs.start import Start
from recsim.vendors.telnyx.defaults import SOURCES
from recsim.vendors.telnyx.elements import DEEPEST, MOST_BYTES, MOST_ELEMENTS
from recsim.vendors.telnyx.texml.attributes import ATTRIBUTES, OfSource
from recsim.vendors.telnyx.texml.parser import MAKE
from recsim.vendors.telnyx.texml.vocabulary import NOT_SIMULATED, SSML, nouns_of

TRIED_ELSEWHERE = {*TRIED_WITH_CALLS, *TRIED_WITH_CONFERENCES}

RECORD = Record(1, "", "POST", "1234567890*#", "RecordVerb", SETTINGS)
NOUN = SETTINGS._replace(beep=False, limit_us=0)
START = Start(1, "StartCallRecordingAPI", (NOUN,))

WHOLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- leave a message -->
<Response>
  <Say voice="woman" language="en-GB">After the <emphasis>beep</emphasis> &amp; not before</Say>
  <Play loop="2"><![CDATA[/media/beep.mp3?a=1&b=2]]></Play>
  <Pause length="2"/>
  <Record action="/done" maxLength="30" timeout="5" trim="trim-silence" format="wav"
    recordingStatusCallback="https://example.com/status"
    recordingStatusCallbackEvent="in-progress completed"/>
  <?note well?>
  <Redirect method="GET">next.xml</Redirect>
  <Hangup/>
</Response>
"""


def refusal(text: str) -> TexmlError:
    with pytest.raises(TexmlError) as caught:
        PARSER.parse(text)
    return caught.value


def with_settings(**changes: Any) -> Record:
    return RECORD._replace(settings=SETTINGS._replace(**changes))


def start_with(**changes: Any) -> Start:
    return START._replace(settings=(NOUN._replace(**changes),))


# --- What is understood ---------------------------------------------------------------------------


def test_verbs_come_in_the_documents_order_and_without_findings() -> None:
    document = PARSER.parse(WHOLE)

    assert document.findings == ()
    assert document.verbs == (
        Say(4, 6 * WORD_US),
        Play(5, "/media/beep.mp3?a=1&b=2", 2),
        Pause(6, 2 * SECOND_US),
        Record(
            7,
            "/done",
            "POST",
            "1234567890*#",
            "RecordVerb",
            SETTINGS._replace(
                is_trimmed=True,
                format="wav",
                limit_us=30 * SECOND_US,
                silence_us=5 * SECOND_US,
                callback_url="https://example.com/status",
                callback_events=("in-progress", "completed"),
            ),
        ),
        Redirect(11, "next.xml", "GET"),
        Hangup(12),
    )


def test_an_empty_response_has_no_verbs() -> None:
    assert PARSER.parse("<Response/>") == Document((), ())
    assert PARSER.parse("<Response>\n \t</Response>") == Document((), ())


DEFAULTS = [
    ("<Say>a</Say>", Say(1, WORD_US)),
    ("<Play>u</Play>", Play(1, "u", 1)),
    ("<Pause/>", Pause(1, SECOND_US)),
    ("<Redirect>u</Redirect>", Redirect(1, "u", "POST")),
    ("<Record/>", RECORD),
    ("<Hangup/>", Hangup(1)),
    ("<Reject/>", Reject(1, "reject")),
    ("<Start><Recording/></Start>", START),
]

#: Verb, attribute, accepted value, and what it makes of the verb alone in a document.
ACCEPTED: list[tuple[str, str, str, Any]] = [
    ("Say", "voice", "alice", Say(1, WORD_US)),
    ("Say", "language", "de-DE", Say(1, WORD_US)),
    ("Say", "gender", "female", Say(1, WORD_US)),
    ("Say", "effect", "whisper", Say(1, WORD_US)),
    ("Say", "loop", "10", Say(1, 10 * WORD_US)),
    ("Say", "loop", "0", Say(1, NEVER)),
    ("Play", "loop", "3", Play(1, "u", 3)),
    ("Play", "loop", "0", Play(1, "u", 0)),
    ("Play", "mediaStorage", "true", Play(1, "u", 1)),
    ("Play", "digits", "1w2", Play(1, "u", 1)),
    ("Pause", "length", "1", Pause(1, SECOND_US)),
    ("Pause", "length", "180", Pause(1, 180 * SECOND_US)),
    ("Redirect", "method", "GET", Redirect(1, "u", "GET")),
    ("Reject", "reason", "rejected", Reject(1, "reject")),
    ("Reject", "reason", "busy", Reject(1, "busy")),
    ("Record", "action", " /a?b=1&amp;c=2 ", RECORD._replace(action="/a?b=1&c=2")),
    ("Record", "method", "GET", RECORD._replace(method="GET")),
    ("Record", "finishOnKey", "#*7", RECORD._replace(finish_on_key="#*7")),
    ("Record", "finishOnKey", "", RECORD._replace(finish_on_key="")),
    ("Record", "timeout", "5", with_settings(silence_us=5 * SECOND_US)),
    ("Record", "timeout", "0", RECORD),
    ("Record", "maxLength", "14400", with_settings(limit_us=14400 * SECOND_US)),
    ("Record", "maxLength", "0", with_settings(limit_us=0)),
    ("Record", "maxLength", "007", with_settings(limit_us=7 * SECOND_US)),
    ("Record", "playBeep", "false", with_settings(beep=False)),
    ("Record", "trim", "trim-silence", with_settings(is_trimmed=True)),
    ("Record", "trim", "do-not-trim", RECORD),
    ("Record", "channels", "single", with_settings(channels=1)),
    ("Record", "channels", "mono", with_settings(channels=1)),
    ("Record", "channels", "dual", RECORD),
    ("Record", "format", "wav", with_settings(format="wav")),
    ("Record", "recordingStatusCallback", "/s", with_settings(callback_url="/s")),
    ("Record", "recordingStatusCallbackMethod", "GET", with_settings(callback_method="GET")),
    (
        "Record",
        "recordingStatusCallbackEvent",
        "completed  in-progress completed",
        with_settings(callback_events=("completed", "in-progress")),
    ),
    ("Record", "transcription", "false", RECORD),
    ("Record", "transcribe", "false", RECORD),
    ("Record", "transcriptionCallback", "/t", RECORD),
    ("Record", "transcribeCallback", "/t", RECORD),
    ("Record", "transcriptionEngine", "B", RECORD),
    ("Record", "transcriptionLanguage", "de-DE", RECORD),
    ("Recording", "recordingStatusCallback", "/s", start_with(callback_url="/s")),
    ("Recording", "recordingStatusCallbackMethod", "GET", start_with(callback_method="GET")),
    (
        "Recording",
        "recordingStatusCallbackEvent",
        "absent completed in-progress",
        start_with(callback_events=("absent", "completed", "in-progress")),
    ),
    ("Recording", "channels", "mono", start_with(channels=1)),
    ("Recording", "channels", "single", start_with(channels=1)),
    ("Recording", "channels", "dual", START),
    ("Recording", "track", "inbound", start_with(track="inbound", channels=1)),
    ("Recording", "track", "outbound", start_with(track="outbound", channels=1)),
    ("Recording", "track", "both", START),
    ("Recording", "trim", "trim-silence", start_with(is_trimmed=True)),
    ("Recording", "trim", "do-not-trim", START),
    ("Recording", "format", "wav", start_with(format="wav")),
]

#: Verb, attribute, refused value, and what would be right.
REFUSED = [
    ("Say", "loop", "11", "a whole number from 0 to 10"),
    ("Play", "loop", "1001", "a whole number from 0 to 1000"),
    ("Play", "mediaStorage", "True", "true or false"),
    ("Play", "digits", "1a", "only digits, *, # and w"),
    ("Pause", "length", "0", "a whole number from 1 to 180"),
    ("Pause", "length", "181", "a whole number from 1 to 180"),
    ("Redirect", "method", "PUT", "GET or POST"),
    ("Reject", "reason", "Busy", "rejected or busy"),
    ("Record", "method", "get", "GET or POST"),
    ("Record", "finishOnKey", "1w", "only digits, * and #"),
    ("Record", "timeout", "-1", "a whole number from 0 to 14400"),
    ("Record", "maxLength", "14401", "a whole number from 0 to 14400"),
    ("Record", "playBeep", "1", "true or false"),
    ("Record", "trim", "true", "trim-silence"),
    ("Record", "channels", "2", "single or dual"),
    ("Record", "format", "ogg", "mp3 or wav"),
    ("Record", "recordingStatusCallbackMethod", "", "GET or POST"),
    ("Record", "recordingStatusCallbackEvent", "stopped", "in-progress or completed"),
    ("Record", "recordingStatusCallbackEvent", "", "in-progress or completed"),
    ("Record", "transcription", "yes", "true or false"),
    ("Record", "transcribe", "yes", "true or false"),
    ("Record", "transcriptionEngine", "C", "A or B"),
    ("Recording", "recordingStatusCallbackMethod", "PUT", "GET or POST"),
    ("Recording", "recordingStatusCallbackEvent", "done", "in-progress or completed or absent"),
    ("Recording", "recordingStatusCallbackEvent", "", "in-progress or completed or absent"),
    ("Recording", "channels", "1", "mono or single or dual"),
    ("Recording", "track", "inbound_track", "inbound or outbound or both"),
    ("Recording", "trim", "false", "trim-silence"),
    ("Recording", "format", "MP3", "mp3 or wav"),
]

#: Attributes that take any text.
FREE = {
    ("Say", "voice"),
    ("Say", "language"),
    ("Say", "gender"),
    ("Say", "effect"),
    ("Record", "action"),
    ("Record", "recordingStatusCallback"),
    ("Record", "transcriptionCallback"),
    ("Record", "transcribeCallback"),
    ("Record", "transcriptionLanguage"),
    ("Recording", "recordingStatusCallback"),
}

INSIDE = {"Say": "a", "Play": "u", "Redirect": "u", "Start": "<Recording/>"}
AROUND = {"Recording": ("<Start>", "</Start>")}


def alone(verb: str, attributes: str = "") -> Document:
    before, after = AROUND.get(verb, ("", ""))
    return parse(f"{before}<{verb} {attributes}>{INSIDE.get(verb, '')}</{verb}>{after}")


def first_column(verb: str) -> int:
    """Where the attributes of an element begin that is alone in a document."""
    return len(f"<Response>{AROUND.get(verb, ('',))[0]}<{verb} ") + 1


@pytest.mark.parametrize(("inner", "row"), DEFAULTS)
def test_every_verb_has_its_defaults(inner: str, row: Any) -> None:
    assert parse(inner) == Document((row,), ())


@pytest.mark.parametrize(("verb", "attribute", "value", "row"), ACCEPTED)
def test_an_accepted_value_counts(verb: str, attribute: str, value: str, row: Any) -> None:
    assert alone(verb, f'{attribute}="{value}"') == Document((row,), ())


@pytest.mark.parametrize(("verb", "attribute", "value", "expected"), REFUSED)
def test_a_refused_value_leaves_the_default(
    verb: str, attribute: str, value: str, expected: str
) -> None:
    document = alone(verb, f'{attribute}="{value}"')

    text = f"{attribute}: expected {expected}, got {value!r}; the default is used"
    assert document.findings == (Finding(1, first_column(verb), "bad-value", text),)
    assert document.verbs == alone(verb).verbs


def test_every_attribute_is_tried() -> None:
    every = {
        (verb, name)
        for verb, table in ATTRIBUTES.items()
        for name in table
        if verb not in TRIED_ELSEWHERE
    }

    assert {row[:2] for row in ACCEPTED} == every
    assert {row[:2] for row in REFUSED} == every - FREE
    assert set(ATTRIBUTES) - TRIED_ELSEWHERE == {
        "Response",
        "Recording",
        *set(MAKE) - TRIED_ELSEWHERE,
    }


def test_every_attribute_says_where_it_comes_from() -> None:
    assert all(row.spec for table in ATTRIBUTES.values() for row in table.values())


def test_defaults_of_record_are_those_of_its_source() -> None:
    defaults = Defaults("Mine", 1, True, "inbound", False, "wav", 7, 8, ("in-progress",))
    expected = SETTINGS._replace(
        channels=1,
        track="inbound",
        is_trimmed=True,
        beep=False,
        format="wav",
        limit_us=7,
        silence_us=8,
        callback_events=("in-progress",),
    )

    [row] = parse("<Record/>", replace(PARSER, record=defaults)).verbs

    assert row == RECORD._replace(source="Mine", settings=expected)


def test_defaults_of_the_noun_are_those_of_its_own_row() -> None:
    defaults = Defaults("Mine", 1, True, "both", True, "wav", 7, 8, ("in-progress",))
    expected = NOUN._replace(
        channels=1,
        is_trimmed=True,
        beep=True,
        format="wav",
        limit_us=7,
        silence_us=8,
        callback_events=("in-progress",),
    )

    [row] = parse("<Start><Recording/></Start>", replace(PARSER, noun=defaults)).verbs

    assert row == Start(1, "Mine", (expected,))


def test_the_table_of_defaults_fits_the_parser() -> None:
    by = {row.made_by: row for row in SOURCES}
    parser = replace(
        PARSER, record=by["<Record>"], noun=by["<Start><Recording>"], dial=by["<Dial>"]
    )
    asked = [
        row.default.field
        for table in ATTRIBUTES.values()
        for row in table.values()
        if isinstance(row.default, OfSource)
    ]

    assert len(by) == len(SOURCES)
    assert parse("<Record/><Start><Recording/></Start>", parser).verbs == (RECORD, START)
    assert set(asked) <= set(SOURCES[0]._fields)


def test_do_not_trim_switches_trim_off() -> None:
    parser = replace(PARSER, record=Defaults(is_trimmed=True))

    assert parse('<Record trim="do-not-trim"/>', parser).verbs == (RECORD,)


@pytest.mark.parametrize(
    "number",
    ["1e3", "NaN", "inf", "١٢", "²", "+5", "-5", "5.0", "5s", "0x5", "1_0", "", "5 5", "9" * 5000],
)
@pytest.mark.parametrize("place", ["Record timeout", "Record maxLength", "Pause length"])
def test_a_number_is_plain_decimal_digits(number: str, place: str) -> None:
    document = parse(f'<{place}="{number}"/>')

    assert rules(document) == ["bad-value"]
    assert document.verbs == parse(f"<{place.partition(' ')[0]}/>").verbs


# --- Say, Play, Redirect --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one", 1),
        ("  one\n two\tthree ", 3),
        ("<![CDATA[one < two]]>", 3),
        ("one<!-- not heard -->two", 1),
        ("one &lt; two", 3),
        ("un<emphasis>believ</emphasis>able", 1),
        ("<p>one</p><p>two</p>", 2),
        ("one<break/>two", 2),
        ("<s>one <prosody rate='slow'>two <say-as>three</say-as></prosody></s>", 3),
    ],
)
def test_say_lasts_as_long_as_its_words(text: str, words: int) -> None:
    assert parse(f"<Say>{text}</Say>") == Document((Say(1, words * WORD_US),), ())


@pytest.mark.parametrize("name", SSML)
def test_say_takes_ssml(name: str) -> None:
    assert parse(f"<Say>a <{name} x='1'>b</{name}></Say>").findings == ()


def test_what_say_does_not_take_is_noted_and_its_text_spoken() -> None:
    document = parse("<Say>a <Play>b c</Play></Say>")

    assert document.verbs == (Say(1, 3 * WORD_US),)
    text = "'Play' is nothing Say takes; only its text is spoken"
    assert document.findings == (Finding(1, 18, "unknown-child", text),)


@pytest.mark.parametrize("loop", [0, 1])
def test_say_without_words_is_skipped(loop: int) -> None:
    document = parse(f"<Say loop='{loop}'> <break/></Say><Hangup/>")

    assert document.verbs == (Hangup(1),)
    text = "Say has no words and is skipped"
    assert document.findings == (Finding(1, 11, "missing-text", text),)


@pytest.mark.parametrize("verb", ["Play", "Redirect"])
def test_a_verb_without_its_url_is_skipped(verb: str) -> None:
    document = parse(f"<{verb}>\n</{verb}><Hangup/>")

    assert document.verbs == (Hangup(2),)
    text = f"{verb} has no URL and is skipped"
    assert document.findings == (Finding(1, 11, "missing-text", text),)


@pytest.mark.parametrize(
    ("url", "row"),
    [
        (" a.mp3\n", "a.mp3"),
        ("../b?c=1&amp;d=2#e", "../b?c=1&d=2#e"),
        ("http://[", "http://["),
        ("a<!-- x -->b", "ab"),
    ],
)
def test_urls_stay_as_written(url: str, row: str) -> None:
    assert parse(f"<Play>{url}</Play>").verbs == (Play(1, row, 1),)
    assert parse(f"<Redirect>{url}</Redirect>").verbs == (Redirect(1, row, "POST"),)


@pytest.mark.parametrize(
    ("digits", "length_us"), [("1", 250_000), ("w", 500_000), ("1w#w*", 1_750_000)]
)
@pytest.mark.parametrize("loop", ["0", "1", "3"])
def test_tones_without_a_url_are_waited_for(digits: str, length_us: int, loop: str) -> None:
    document = parse(f'<Play digits="{digits}" loop="{loop}"/>')

    assert document == Document((Pause(1, length_us),), ())


def test_refused_tones_are_no_tones() -> None:
    document = parse('<Play digits="x"/>')

    assert document.verbs == ()
    assert rules(document) == ["missing-text", "bad-value"]


# --- Record ---------------------------------------------------------------------------------------

ABSENT = '<Record recordingStatusCallbackEvent="absent completed"/>'


def test_absent_on_record_is_accepted_with_a_finding() -> None:
    document = parse(ABSENT)

    assert document.verbs == (with_settings(callback_events=("absent", "completed")),)
    name = "recordingStatusCallbackEvent"
    text = f"{name}: the page of Record does not offer 'absent'; it is accepted"
    assert document.findings == (Finding(1, 19, "absent-on-record", text),)


def test_absent_on_record_may_be_unknown() -> None:
    document = parse(ABSENT, replace(PARSER, accepts_absent_on_record=False))

    assert document.verbs == (RECORD,)
    name = "recordingStatusCallbackEvent"
    text = f"{name}: expected in-progress or completed, got 'absent'; it is dropped"
    assert document.findings == (Finding(1, 19, "bad-value", text),)


def test_an_unknown_event_is_dropped_and_the_others_count() -> None:
    document = parse(
        '<Record recordingStatusCallbackEvent="done in-progress,completed in-progress"/>'
    )

    assert document.verbs == (with_settings(callback_events=("in-progress",)),)
    assert rules(document) == ["bad-value", "bad-value"]


@pytest.mark.parametrize("name", ["transcription", "transcribe"])
def test_transcription_is_not_simulated(name: str) -> None:
    document = parse(f'<Record {name}="true"/>')

    assert document.verbs == (RECORD,)
    text = f"{name}: transcription is not simulated; the recording has none"
    assert document.findings == (Finding(1, 19, "not-simulated", text),)


# --- Start and Stop -------------------------------------------------------------------------------


def test_each_recording_of_a_start_is_one() -> None:
    document = parse(
        """<Start>
          <Recording track="inbound"/>
          <Recording channels="single" recordingStatusCallback="/s"/>
          <Recording/>
        </Start>"""
    )

    assert document.findings == ()
    assert document.verbs == (
        START._replace(
            settings=(
                NOUN._replace(track="inbound", channels=1),
                NOUN._replace(channels=1, callback_url="/s"),
                NOUN,
            )
        ),
    )


def test_one_track_makes_one_channel() -> None:
    [row] = parse('<Start><Recording channels="dual" track="outbound"/></Start>').verbs

    assert row == start_with(channels=1, track="outbound")


@pytest.mark.parametrize("accepts", [False, True])
def test_absent_of_the_noun_is_offered_whatever_record_accepts(accepts: bool) -> None:
    parser = replace(PARSER, accepts_absent_on_record=accepts)

    document = parse('<Start><Recording recordingStatusCallbackEvent="absent"/></Start>', parser)

    assert document == Document((start_with(callback_events=("absent",)),), ())


@pytest.mark.parametrize("verb", ["Start", "Stop"])
@pytest.mark.parametrize("noun", nouns_of("Start", simulated=False))
def test_a_noun_that_is_not_simulated_is_skipped(verb: str, noun: str) -> None:
    document = parse(f"<{verb}><{noun} odd='1'>text <Say>a</Say></{noun}></{verb}><Hangup/>")

    assert document.verbs == (Hangup(1),)
    column = len(f"<Response><{verb}>") + 1
    text = f"{verb}: {noun!r} is not simulated and is skipped"
    assert document.findings == (Finding(1, column, "not-simulated", text),)


def test_a_recording_starts_whatever_stands_beside_it() -> None:
    document = parse("<Start><Stream/><Recording/><Record/></Start>")

    assert document.verbs == (START,)
    assert rules(document) == ["not-simulated", "unknown-child"]


@pytest.mark.parametrize("verb", ["Start", "Stop"])
@pytest.mark.parametrize("inside", ["", "\n", "<!-- Recording -->"])
def test_without_a_noun_there_is_nothing_to_start_or_stop(verb: str, inside: str) -> None:
    document = parse(f"<{verb}>{inside}</{verb}>")

    assert document.verbs == ()
    text = f"{verb} has no noun and is skipped"
    assert document.findings == (Finding(1, 11, "missing-noun", text),)


@pytest.mark.parametrize("verb", ["Start", "Stop"])
@pytest.mark.parametrize(
    ("name", "hint"),
    [("recording", "; did you mean Recording?"), ("Strem", "; did you mean Stream?"), ("Zzz", "")],
)
def test_an_unknown_noun_is_skipped(verb: str, name: str, hint: str) -> None:
    document = parse(f"<{verb}><{name}/></{verb}>")

    assert document.verbs == ()
    text = f"{verb}: {name!r} is none of its nouns and is skipped{hint}"
    column = len(f"<Response><{verb}>") + 1
    assert document.findings == (Finding(1, column, "unknown-child", text),)


def test_stop_does_not_stop_a_recording() -> None:
    document = parse("<Stop><Recording odd='1'>text</Recording><Siprec/></Stop>")

    assert document.verbs == ()
    text = "Stop does not list Recording among its nouns: the recording goes on"
    assert document.findings[0] == Finding(1, 17, "recording-under-stop", text)
    assert rules(document) == ["recording-under-stop", "not-simulated"]


# --- What is passed over --------------------------------------------------------------------------


@pytest.mark.parametrize("verb", NOT_SIMULATED)
def test_a_verb_that_is_not_simulated_is_skipped_with_what_is_in_it(verb: str) -> None:
    document = parse(f"<Hangup/><{verb} odd='1'>text <Say>a</Say></{verb}><Pause/>")

    assert document.verbs == (Hangup(1), Pause(1, SECOND_US))
    text = f"{verb} is not simulated and is skipped"
    assert document.findings == (Finding(1, 20, "not-simulated", text),)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("record", "; did you mean Record?"),
        ("HANGUP", "; did you mean Hangup?"),
        ("Recrod", "; did you mean Record?"),
        ("dail", "; did you mean Dial?"),
        ("x:Say", "; did you mean Say?"),
        ("Zzz", ""),
        ("Response", ""),
    ],
)
def test_an_unknown_verb_is_skipped(name: str, hint: str) -> None:
    document = parse(f"<{name} odd='1'><Say>a</Say></{name}><Hangup/>")

    assert document.verbs == (Hangup(1),)
    text = f"{name!r} is no verb and is skipped{hint}"
    assert document.findings == (Finding(1, 11, "unknown-verb", text),)


@pytest.mark.parametrize(
    ("verb", "name", "hint"),
    [
        ("Record", "maxlength", "; did you mean maxLength?"),
        ("Record", "playbeeep", "; did you mean playBeep?"),
        ("Record", "track", ""),
        ("Record", "sendRecordingUrl", ""),
        ("Pause", "LENGTH", "; did you mean length?"),
        ("Say", "xml:lang", ""),
        ("Hangup", "reason", ""),
        ("Start", "name", ""),
        ("Recording", "playBeep", ""),
        ("Recording", "maxLength", ""),
        ("Recording", "timeout", ""),
        ("Recording", "Track", "; did you mean track?"),
    ],
)
def test_an_unknown_attribute_is_passed_over(verb: str, name: str, hint: str) -> None:
    document = alone(verb, f'{name}="1"')

    assert document.verbs == alone(verb).verbs
    [finding] = document.findings
    assert finding.rule == "unknown-attribute"
    assert finding.text.startswith(f"{verb} has no attribute {name!r}, which is passed over")
    assert finding.text.endswith(hint)
    assert finding.column == first_column(verb)


def test_response_has_no_attributes() -> None:
    [finding] = PARSER.parse("<Response\n xmlns='x'/>").findings

    text = "Response has no attribute 'xmlns', which is passed over"
    assert finding == Finding(2, 2, "unknown-attribute", text)


@pytest.mark.parametrize(
    "verb", ["Hangup", "Pause", "Play", "Record", "Recording", "Redirect", "Reject"]
)
def test_children_are_ignored(verb: str) -> None:
    text, (before, after) = INSIDE.get(verb, ""), AROUND.get(verb, ("", ""))
    inner = f"{text}<Say loop='x'>a<Say>b</Say></Say>"
    document = parse(f"{before}<{verb}>{inner}</{verb}>{after}")

    assert document.verbs == alone(verb).verbs
    column = len(f"<Response>{before}<{verb}>{text}") + 1
    said = f"{verb} takes no children; 'Say' is skipped"
    assert document.findings == (Finding(1, column, "unknown-child", said),)


@pytest.mark.parametrize("verb", ["Hangup", "Pause", "Record", "Recording", "Reject", "Start"])
def test_text_is_ignored_where_none_belongs(verb: str) -> None:
    before, after = AROUND.get(verb, ("", ""))
    document = parse(f"{before}<{verb}>http://x{INSIDE.get(verb, '')}</{verb}>{after}")

    assert document.verbs == alone(verb).verbs
    column = len(f"<Response>{before}<{verb}>") + 1
    text = f"{verb} takes no text; 'http://x' is skipped"
    assert document.findings == (Finding(1, column, "stray-text", text),)


def test_stray_text_is_noted_once_between_two_verbs() -> None:
    document = parse("\n  hello\nworld &amp; all<!-- x --> more<Hangup/>&#32;<![CDATA[ tail]]>")

    assert document.verbs == (Hangup(3),)
    assert document.findings == (
        Finding(2, 3, "stray-text", "Response takes no text; 'hello' is skipped"),
        Finding(3, 55, "stray-text", "Response takes no text; 'tail' is skipped"),
    )


def test_long_values_are_cut_in_what_is_said() -> None:
    document = parse(f'<Record format="{"x" * 9000}" {"y" * 9000}="1">{"z" * 9000}</Record>')

    assert len(document.findings) == 3
    assert max(len(finding.text) for finding in document.findings) < 200


# --- Where it stands ------------------------------------------------------------------------------


def test_attributes_are_found_in_a_tag_of_several_lines() -> None:
    document = PARSER.parse(
        "<Response>\n"
        "  <Record action='x=\"bad\" >' bad = 'é𝄞'\tworse=\"\n"
        '\n  maxLength=1"\n'
        "    maxLength\n"
        "  =\n"
        "   'no' timeout='no'\n"
        "  /><Record\n"
        "odd=''/>\n"
        "</Response>"
    )

    assert [finding[:3] for finding in document.findings] == [
        (2, 30, "unknown-attribute"),
        (2, 41, "unknown-attribute"),
        (5, 5, "bad-value"),
        (7, 9, "bad-value"),
        (9, 1, "unknown-attribute"),
    ]
    assert [row.line for row in document.verbs] == [2, 8]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_places_are_the_same_whatever_ends_a_line(end: str, mark: str) -> None:
    text = "<!-- é -->\n<Response>\n𝄞é <Pause\n\n length='x'/>\n <Odd/></Response>\n"

    document = PARSER.parse(mark + text.replace("\n", end))

    assert document.verbs == (Pause(3, SECOND_US),)
    assert [finding[:3] for finding in document.findings] == [
        (3, 1, "stray-text"),
        (5, 2, "bad-value"),
        (6, 2, "unknown-verb"),
    ]


def test_a_mark_before_the_first_line_is_no_column() -> None:
    assert PARSER.parse("\ufeff<Response odd='1'/>").findings[0][:2] == (1, 11)


def test_findings_come_in_the_documents_order() -> None:
    document = parse(
        "<Play odd='1'>\n<Say/>\n</Play>text\n<Redirect/><Zzz/>\n<Record timeout='x'/>end"
    )

    assert [finding[:3] for finding in document.findings] == [
        (1, 11, "missing-text"),
        (1, 17, "unknown-attribute"),
        (2, 1, "unknown-child"),
        (3, 8, "stray-text"),
        (4, 1, "missing-text"),
        (4, 12, "unknown-verb"),
        (5, 9, "bad-value"),
        (5, 22, "stray-text"),
    ]


# --- What is refused ------------------------------------------------------------------------------

XML = "not well-formed XML: "

NOT_FOLLOWED = [
    ("", 1, 1, "the document is empty; expected <Response>"),
    (" \r\n\t", 1, 1, "the document is empty; expected <Response>"),
    ("\ufeff", 1, 1, "the document is empty; expected <Response>"),
    ("<!-- a -->", 1, 11, XML + "it has no element; expected <Response>"),
    ("Hello", 1, 1, XML + "expected an element such as <Response>"),
    ('{"a": 1}', 1, 1, XML + "unexpected '{'"),
    ("<response/>", 1, 1, "expected the root Response, got 'response'; case matters"),
    ("\n <Say>a</Say>", 2, 2, "expected the root Response, got 'Say'"),
    ("<Response>\n<Say>", 2, 6, XML + "<Say>, opened at 2:1, is never closed"),
    (
        "<Response>\n <Say>a</say></Response>",
        2,
        10,
        XML + "expected </Say> for the tag opened at 2:2, got 'say'",
    ),
    ("<Response><Say", 1, 11, XML + "what begins here is never closed"),
    (
        "<Response><![CDATA[x</Response>",
        1,
        32,
        XML + "a CDATA section is never closed; expected ]]>",
    ),
    ("<Response/><Response/>", 1, 12, XML + "something follows the root element; expected nothing"),
    ("<Response><Pause length='1' length='2'/>", 1, 29, XML + "an attribute is given twice"),
    ("<Response><Pause length=1/>", 1, 25, XML + "unexpected '1'"),
    (
        "<Response>\n<Play>u?a=1&b=2</Play></Response>",
        2,
        12,
        XML + "expected &amp; in place of a '&' that begins no entity",
    ),
    (
        "<Response><Say>a & b</Say></Response>",
        1,
        18,
        XML + "expected &amp; in place of a '&' that begins no entity",
    ),
    (
        "<Response><Record action='<'/></Response>",
        1,
        27,
        XML + "expected &lt; in place of a '<' that begins no tag",
    ),
    (
        "<Response>&nbsp;</Response>",
        1,
        11,
        XML + "expected an entity that XML has: &amp; &lt; &gt; &quot; or &apos;",
    ),
    ("<Response>&#0;</Response>", 1, 11, XML + "a reference to no character that XML allows"),
    ("<Response>a\x00</Response>", 1, 12, XML + "unexpected '\\x00'"),
    ("<Response>\n\ud800</Response>", 2, 1, XML + "'\\ud800' is no character"),
    (
        '\n<?xml version="1.0"?><Response/>',
        2,
        1,
        XML
        + "an XML declaration must be the very first thing; expected no blanks or lines before it",
    ),
    (
        '<?xml version="1.0" encoding="é"?><Response/>',
        1,
        31,
        XML + 'expected <?xml version="1.0" encoding="UTF-8"?>',
    ),
    ("\ufeff\ufeff<Response/>", 1, 1, XML + "unexpected '\\ufeff'"),
]


@pytest.mark.parametrize(("text", "line", "column", "expected"), NOT_FOLLOWED)
def test_what_cannot_be_followed_says_where_and_what_would_be_right(
    text: str, line: int, column: int, expected: str
) -> None:
    assert refusal(text).args == (line, column, expected)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Response>",
        '<!DOCTYPE Response SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE Response PUBLIC "-//X" "http://example.com/x.dtd">',
        f'<!DOCTYPE Response [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE Response [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Response [<!ENTITY % p SYSTEM "http://example.com/x.dtd"> %p;]>',
    ],
)
def test_document_types_and_entities_are_refused(doctype: str) -> None:
    error = refusal(f"<!-- a -->\n {doctype}\n<Response><Say>&l9;</Say></Response>")

    text = "document types and entities are refused; expected no <!DOCTYPE>"
    assert error.args == (2, 2, text)


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-16", "ISO-8859-1", "us-ascii", "klingon"])
def test_a_declared_encoding_has_no_effect(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><Response><Play>é𝄞</Play></Response>'

    assert PARSER.parse(text).verbs == (Play(1, "é𝄞", 1),)


def test_a_document_may_be_so_long() -> None:
    frame = len("<Response><Say></Say></Response>")

    assert parse(f"<Say>{'a' * (MOST_BYTES - frame)}</Say>").verbs == (Say(1, WORD_US),)
    error = refusal(f"<Response><Say>{'é' * (MOST_BYTES // 2)}</Say></Response>")
    assert error.text == f"expected at most {MOST_BYTES} bytes, got {MOST_BYTES + frame}"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_places_hold_to_the_end_of_the_longest_document(end: str) -> None:
    lines, tail = 20_000, f"{end}<Odd/></Response>"
    text = f"<Response><Say>{f'a{end}' * lines}</Say>"
    text += f"<!--{'x' * (MOST_BYTES - len(text) - len(tail) - 7)}-->{tail}"

    assert len(text) == MOST_BYTES
    assert PARSER.parse(text).findings[0][:3] == (lines + 2, 1, "unknown-verb")


def test_a_document_may_have_so_many_elements() -> None:
    assert len(parse("<Hangup/>" * (MOST_ELEMENTS - 1)).verbs) == MOST_ELEMENTS - 1
    error = refusal(f"<Response>{'<Hangup/>' * MOST_ELEMENTS}</Response>")
    assert error.text == f"expected at most {MOST_ELEMENTS} elements, got more"


def test_a_document_may_be_so_deep() -> None:
    def nested(levels: int) -> str:
        return f"<Response>{'<p>' * (levels - 1)}{'</p>' * (levels - 1)}</Response>"

    assert rules(PARSER.parse(nested(DEEPEST))) == ["unknown-verb"]
    assert refusal(nested(DEEPEST + 1)).text == f"expected at most {DEEPEST} levels of elements"


# --- Anything at all ------------------------------------------------------------------------------


def follows_or_refuses(text: str) -> None:
    try:
        document = PARSER.parse(text)
    except TexmlError as error:
        line, column = error.line, error.column
    else:
        assert isinstance(document, Document)
        places = [finding[:2] for finding in document.findings]
        assert places == sorted(places)
        line, column = places[-1] if places else (1, 1)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text_is_followed_or_refused(text: str) -> None:
    follows_or_refuses(text)
    follows_or_refuses(f"<Response>{text}</Response>")
    follows_or_refuses(f'<Response><Record timeout="{text}" finishOnKey="{text}"/></Response>')


#: What to put in place of a stretch of a document.
SNIPPETS = st.one_of(
    st.text(max_size=3),
    st.sampled_from(["<", ">", "/>", "</", "&", "&amp;", "&#0;", '"', "'", "=", "\x00"]),
    st.sampled_from(["<!--", "-->", "<![CDATA[", "]]>", "<Say>", "</Say>", "<Record "]),
    st.sampled_from(["<?xml ?>", "<!DOCTYPE a>", "\r", "\r\n", "\n", "\t", "\ufeff", "\ud800"]),
)
CUTS = st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 12), SNIPPETS)


@given(st.lists(CUTS, max_size=6))
def test_a_mangled_document_is_followed_or_refused(cuts: list[tuple[int, int, str]]) -> None:
    text = WHOLE
    for at, length, snippet in cuts:
        text = text[:at] + snippet + text[at + length :]

    follows_or_refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "<Response><Record " + " ".join(f'tran{n:04}=""' for n in range(4_500)) + "/></Response>",
        "<Response>" + "".join(f"<Recor{n:04}/>" for n in range(999)) + "</Response>",
        "<Response>" + "a\n" * 30_000 + "</Response>",
        "<Response>" + "&amp;" * 12_000 + "</Response>",
        "<Response a='" + "\n" * 30_000 + "' " + "b" * 30_000 + "='1'/>",
        "<Response>" + "<Say>" * 12_000,
        "<Response>" + "<Say " * 12_000,
        "<Response " + "a='1' " * 10_000,
        "<Response>" + "<!-- & " * 9_000,
        "<Response><Record recordingStatusCallbackEvent='"
        + " ".join(f"{n:x}" for n in range(9_000))
        + "'/></Response>",
        "<Response><Record timeout='" + "9" * 65_000 + "'/></Response>",
        "<" + "a" * 65_000,
        "x" * 5_000_000,
        "x\r\n" * 2_000_000,
        "é" * 5_000_000,
    ],
)
def test_hostile_documents_are_done_with_quickly(text: str) -> None:
    began = time.process_time()

    follows_or_refuses(text)

    assert time.process_time() - began < 1


def test_who_reads_no_document_does_not_load_the_means() -> None:
    program = "import sys, recsim.vendors.telnyx.texml; print('urllib.request' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout.strip() == b"False"
