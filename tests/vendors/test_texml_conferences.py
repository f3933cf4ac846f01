"""Documents that come into a conference: `<Dial>` around `<Conference>`."""

# ruff: noqa: E501 - a row of a table is a line

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from calls import SECOND_US, SETTINGS, Line, document, element
from texml import PARSER, TRIED_WITH_CONFERENCES, Defaults, parse, rules

from recsim.core.documents import Document, Finding
from recsim.core.entities import RecordingSettings, Subscription
from recsim.core.verbs.conference import DialConference
from recsim.core.verbs.hangup import Hangup
from recsim.show import sheets
from recsim.vendors.telnyx.defaults import BY_CONFERENCE, SOURCES
from recsim.vendors.telnyx.texml.attributes import ATTRIBUTES
from recsim.vendors.telnyx.texml.values import URL

RECORDED = SETTINGS._replace(channels=1, limit_us=0)
STATUS = Subscription("", "POST", ())
JOIN = DialConference(
    1,
    action="",
    method="POST",
    room="room",
    label="",
    is_muted=False,
    starts=True,
    ends=False,
    most=250,
    tone_on_enter=True,
    tone_on_exit=True,
    status=STATUS,
    wait_url="",
    wait_method="POST",
    limit_us=14400 * SECOND_US,
    is_recorded=False,
    source="Conference",
    settings=RECORDED,
)


def joins(**changes: Any) -> DialConference:
    return JOIN._replace(**changes)


def recorded(**changes: Any) -> DialConference:
    return JOIN._replace(settings=RECORDED._replace(**changes))


def told(**changes: Any) -> DialConference:
    return JOIN._replace(status=STATUS._replace(**changes))


EVERY = "start end join leave speaker"

#: Attribute, accepted value, and what it makes of the verb. Where there is a range, both its ends.
# fmt: off
ACCEPTED: list[tuple[str, str, DialConference]] = [
    ("muted", "true", joins(is_muted=True)),
    ("muted", "false", JOIN),
    ("startConferenceOnEnter", "false", joins(starts=False)),
    ("startConferenceOnEnter", "true", JOIN),
    ("endConferenceOnExit", "true", joins(ends=True)),
    ("endConferenceOnExit", "false", JOIN),
    ("maxParticipants", "2", joins(most=2)),
    ("maxParticipants", "250", JOIN),
    ("beep", "true", JOIN),
    ("beep", "false", joins(tone_on_enter=False, tone_on_exit=False)),
    ("beep", "onEnter", joins(tone_on_exit=False)),
    ("beep", "onExit", joins(tone_on_enter=False)),
    ("participantLabel", "the boss", joins(label="the boss")),
    ("participantLabel", "", JOIN),
    ("record", "record-from-start", joins(is_recorded=True)),
    ("record", "do-not-record", JOIN),
    ("recordBeep", "false", recorded(beep=False)),
    ("recordBeep", "true", JOIN),
    ("recordingStatusCallback", "/s", recorded(callback_url="/s")),
    ("recordingStatusCallbackMethod", "GET", recorded(callback_method="GET")),
    ("recordingStatusCallbackEvent", "in-progress completed absent", recorded(callback_events=("in-progress", "completed", "absent"))),
    ("recordingStatusCallbackEvent", "absent in-progress absent", recorded(callback_events=("absent", "in-progress"))),
    ("recordingTimeout", "0", JOIN),
    ("recordingTimeout", "14400", recorded(silence_us=14400 * SECOND_US)),
    ("trim", "trim-silence", recorded(is_trimmed=True)),
    ("trim", "do-not-trim", JOIN),
    ("sendRecordingUrl", "false", recorded(sends_url=False)),
    ("sendRecordingUrl", "true", JOIN),
    ("statusCallbackMethod", "GET", told(method="GET")),
    ("statusCallbackEvent", EVERY, told(events=tuple(EVERY.split()))),
    ("statusCallbackEvent", "leave join leave", told(events=("leave", "join"))),
    ("waitUrl", "wait.xml", joins(wait_url="wait.xml")),
    ("waitUrl", "https://app.test/a?b=1&amp;c=2", joins(wait_url="https://app.test/a?b=1&c=2")),
    ("waitMethod", "GET", joins(wait_method="GET")),
]

BOOLEAN = "true or false"
RECORD_WORDS = "do-not-record or record-from-start"
STATUS_WORDS = "start or end or join or leave or speaker"
RECORDING_WORDS = "in-progress or completed or absent"

#: Attribute, refused value, and what would be right; just out of every range.
REFUSED = [
    ("muted", "yes", BOOLEAN),
    ("startConferenceOnEnter", "True", BOOLEAN),
    ("endConferenceOnExit", "1", BOOLEAN),
    ("maxParticipants", "1", "a whole number from 2 to 250"),
    ("maxParticipants", "251", "a whole number from 2 to 250"),
    ("maxParticipants", "many", "a whole number from 2 to 250"),
    ("beep", "onenter", "true or false or onEnter or onExit"),
    ("beep", "", "true or false or onEnter or onExit"),
    ("record", "true", f"record-from-start (of {RECORD_WORDS})"),
    ("record", "false", f"do-not-record (of {RECORD_WORDS})"),
    ("record", "record-from-answer", f"record-from-start (of {RECORD_WORDS})"),
    ("record", "record-from-answer-dual", f"record-from-start (of {RECORD_WORDS})"),
    ("record", "record-from-ringing", f"record-from-start (of {RECORD_WORDS})"),
    ("record", "record-from-ringing-dual", f"record-from-start (of {RECORD_WORDS})"),
    ("record", "always", RECORD_WORDS),
    ("recordBeep", "onEnter", BOOLEAN),
    ("recordingStatusCallbackMethod", "post", "GET or POST"),
    ("recordingStatusCallbackEvent", "paused", RECORDING_WORDS),
    ("recordingStatusCallbackEvent", "", RECORDING_WORDS),
    ("recordingTimeout", "-1", "a whole number from 0 to 14400"),
    ("recordingTimeout", "14401", "a whole number from 0 to 14400"),
    ("trim", "true", "trim-silence or do-not-trim"),
    ("sendRecordingUrl", "no", BOOLEAN),
    ("statusCallbackMethod", "PUT", "GET or POST"),
    ("statusCallbackEvent", "mute", STATUS_WORDS),
    ("statusCallbackEvent", "", STATUS_WORDS),
    ("waitMethod", "PUT", "GET or POST"),
]

#: Attributes that take any text.
FREE = {"participantLabel", "recordingStatusCallback", "statusCallback", "waitUrl"}
# fmt: on

COLUMN = len("<Response><Dial><Conference ") + 1
"""Where the attributes of the noun begin that is alone in a document."""


def alone(attributes: str = "", inside: str = "room") -> Document:
    return parse(f"<Dial><Conference {attributes}>{inside}</Conference></Dial>")


# --- Attributes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("attribute", "value", "row"), ACCEPTED)
def test_an_accepted_value_counts(attribute: str, value: str, row: DialConference) -> None:
    assert alone(f'{attribute}="{value}"') == Document((row,), ())


@pytest.mark.parametrize(("attribute", "value", "expected"), REFUSED)
def test_a_refused_value_leaves_the_default(attribute: str, value: str, expected: str) -> None:
    document = alone(f'{attribute}="{value}"')

    text = f"{attribute}: expected {expected}, got {value!r}; the default is used"
    assert document == Document((JOIN,), (Finding(1, COLUMN, "bad-value", text),))


def test_every_attribute_is_tried() -> None:
    every = set(ATTRIBUTES["Conference"])

    assert TRIED_WITH_CONFERENCES == ("Conference",)
    apart = {"statusCallback"}  # it needs words beside it: see the tests of what is told
    assert {row[0] for row in ACCEPTED} | apart == every
    assert {row[0] for row in REFUSED} == every - FREE


def test_attributes_count_together() -> None:
    document = alone(
        'muted="true" record="record-from-start" trim="trim-silence" recordBeep="false" '
        'statusCallback="/s" statusCallbackEvent="join" participantLabel="a"'
    )

    row = recorded(is_trimmed=True, beep=False)
    status = Subscription("/s", "POST", ("join",))
    row = row._replace(is_muted=True, is_recorded=True, status=status, label="a")
    assert document == Document((row,), ())


@pytest.mark.parametrize(
    "name", [name for name, row in ATTRIBUTES["Conference"].items() if row.kind is URL]
)
def test_a_url_that_nothing_can_be_sent_to_is_noted(name: str) -> None:
    document = alone(f'{name}="ftp://x.test/"')

    text = f"{name}: expected a URL, relative or http or https, got 'ftp://x.test/'"
    finding = Finding(1, COLUMN, "bad-value", f"{text}; nothing is sent there")
    assert finding in document.findings


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("startconferenceonenter", "; did you mean startConferenceOnEnter?"),
        ("maxParticipant", "; did you mean maxParticipants?"),
        ("waitUrlMethod", "; did you mean waitMethod?"),
        ("channels", ""),
        ("format", ""),
    ],
)
def test_an_unknown_attribute_is_passed_over(name: str, hint: str) -> None:
    document = alone(f'{name}="1"')

    text = f"Conference has no attribute {name!r}, which is passed over{hint}"
    assert document == Document((JOIN,), (Finding(1, COLUMN, "unknown-attribute", text),))


@pytest.mark.parametrize(
    ("name", "asked", "kept"),
    [
        ("statusCallbackEvent", "join mute", "join"),
        ("recordingStatusCallbackEvent", "x absent", "absent"),
    ],
)
def test_an_unknown_event_is_dropped_and_the_others_count(name: str, asked: str, kept: str) -> None:
    document = alone(f'{name}="{asked}"')

    assert document.verbs == alone(f'{name}="{kept}"').verbs
    [finding] = document.findings
    assert finding[:3] == (1, COLUMN, "bad-value")
    assert finding.text.endswith("; it is dropped")


def test_a_status_callback_without_events_has_no_effect() -> None:
    document = alone('statusCallback="/s"')

    text = "statusCallback: nothing is sent there without a statusCallbackEvent"
    finding = Finding(1, COLUMN, "without-effect", text)
    assert document == Document((told(url="/s"),), (finding,))


def test_defaults_are_those_of_its_source() -> None:
    defaults = Defaults("Mine", 2, True, "inbound", False, "wav", 7, 8, ("absent",))
    expected = RecordingSettings(
        2, "inbound", True, False, "wav", 7, 8, "", "POST", ("absent",), True
    )

    parsed = parse(
        "<Dial><Conference>room</Conference></Dial>", replace(PARSER, conference=defaults)
    )

    assert parsed.verbs == (joins(source="Mine", settings=expected),)


def test_the_table_of_defaults_is_that_of_the_conference_page() -> None:
    [row] = [row for row in SOURCES if row.made_by == BY_CONFERENCE]

    assert alone() == parse(
        "<Dial><Conference>room</Conference></Dial>", replace(PARSER, conference=row)
    )


def test_the_table_of_attributes_says_what_a_document_would_say() -> None:
    rows = {row[1]: row[2:4] for row in sheets.attributes().rows if row[0] == "Conference"}

    assert rows["beep"] == ("true or false or onEnter or onExit", "true")
    assert rows["maxParticipants"] == ("2 to 250", "250")
    assert rows["record"] == (RECORD_WORDS, "do-not-record")
    assert rows["trim"] == ("trim-silence or do-not-trim", "do-not-trim")
    assert rows["statusCallbackEvent"] == (f"words: {EVERY}", "-")
    assert rows["recordingStatusCallbackEvent"] == (
        "words: in-progress completed absent",
        "completed",
    )


def test_a_default_in_the_table_changes_nothing_when_it_is_said() -> None:
    for name, (_, default) in {
        row[1]: row[2:4] for row in sheets.attributes().rows if row[0] == "Conference"
    }.items():
        if default != "-":
            assert alone(f'{name}="{default}"') == Document((JOIN,), ()), name


# --- The Dial around it ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "changes"),
    [
        ("action='/a' method='GET'", {"action": "/a", "method": "GET"}),
        ("timeLimit='60'", {"limit_us": 60 * SECOND_US}),
        ("hangupOnStar='false' record='do-not-record'", {}),
        ("timeout='7' callerId='+15550199' answerOnBridge='true'", {}),
    ],
)
def test_a_dial_around_a_conference_has_its_attributes(
    attributes: str, changes: dict[str, Any]
) -> None:
    document = parse(f"<Dial {attributes}><Conference>room</Conference></Dial>")

    assert document == Document((joins(**changes),), ())


def test_hangup_on_star_has_no_effect_around_a_conference() -> None:
    document = parse("<Dial hangupOnStar='true'><Conference>room</Conference></Dial>")

    text = "hangupOnStar: it is not for a Conference (docs dial); nobody leaves by it"
    assert document == Document((JOIN,), (Finding(1, 17, "without-effect", text),))


@pytest.mark.parametrize("word", ["record-from-answer", "record-from-ringing-dual"])
@pytest.mark.parametrize("at_once", [False, True])
def test_record_of_a_dial_is_not_that_of_its_conference(word: str, at_once: bool) -> None:
    parser = replace(PARSER, records_from_dialing=at_once)
    noun = "<Conference record='record-from-start'>room</Conference>"

    plain = parse(f"<Dial record='{word}'><Conference>room</Conference></Dial>", parser)
    both = parse(f"<Dial record='{word}' recordingChannels='single'>{noun}</Dial>", parser)

    assert plain.verbs == (JOIN,)
    assert both.verbs == (joins(is_recorded=True),)
    assert rules(plain) == rules(both) == ["record-around-conference"]


def test_what_a_dial_says_of_its_recording_is_not_said_of_the_conference() -> None:
    document = parse(
        "<Dial recordingStatusCallback='/s' recordMaxLength='9' sendRecordingUrl='false' "
        "recordingChannels='dual'><Conference record='record-from-start'>room</Conference></Dial>"
    )

    assert document == Document((joins(is_recorded=True),), ())


# --- What stands inside ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "room"),
    [
        (" weekly\n meeting ", "weekly\n meeting"),
        ("+15550100", "+15550100"),
        ("a &amp; b", "a & b"),
        ("we<!-- x -->ekly", "weekly"),
        ("<![CDATA[<room>]]>", "<room>"),
        ("", ""),
        ("\n\t", ""),
    ],
)
def test_a_name_is_text_without_the_blanks_around_it(inside: str, room: str) -> None:
    assert alone(inside=inside) == Document((joins(room=room),), ())


def test_without_a_name_it_is_the_one_without_a_name() -> None:
    assert parse("<Dial><Conference/></Dial>") == Document((joins(room=""),), ())


def test_a_conference_has_no_children() -> None:
    document = alone(inside="ro<Say>a</Say>om")

    text = "Conference takes no children; 'Say' is skipped"
    finding = Finding(1, len("<Response><Dial><Conference >ro") + 1, "unknown-child", text)
    assert document == Document((JOIN,), (finding,))


def test_text_beside_a_conference_is_stray() -> None:
    document = parse("<Dial>+15550100<Conference>room</Conference> now</Dial>")

    assert document.verbs == (JOIN,)
    assert rules(document) == ["stray-text", "stray-text"]


def test_of_two_conferences_the_first_counts() -> None:
    document = parse(
        "<Dial><Conference>room</Conference><Conference beep='odd'>other</Conference></Dial>"
    )

    text = "Dial: Conference can't stand beside Conference and is skipped"
    column = len("<Response><Dial><Conference>room</Conference>") + 1
    assert document == Document((JOIN,), (Finding(1, column, "mixed-nouns", text),))


@pytest.mark.parametrize("name", ["conference", "Conferences", "Room"])
def test_what_is_no_noun_of_dial_is_skipped(name: str) -> None:
    document = parse(f"<Dial><{name}>room</{name}></Dial><Hangup/>")

    assert document.verbs == (Hangup(1),)
    hint = "" if name == "Room" else "; did you mean Conference?"
    text = f"Dial: {name!r} is none of its nouns and is skipped{hint}"
    assert Finding(1, 17, "unknown-child", text) in document.findings


def test_a_conference_stands_in_nothing_else() -> None:
    document = parse("<Conference>room</Conference><Start><Conference/></Start>")

    assert document.verbs == ()
    assert "unknown-verb" in rules(document)
    assert "unknown-child" in rules(document)


# --- URLs -----------------------------------------------------------------------------------------


def in_a_folder(**attributes: str) -> Line:
    """Alice's call comes into a conference by a document that stands in a folder."""
    noun = element("Conference", "room", **attributes)
    line = Line(
        {
            "answer": document("<Redirect>rooms/join</Redirect>"),
            "join": document(element("Dial", noun)),
            "wait": document("<Pause/>"),
        }
    )
    line.call()
    return line


def test_a_relative_wait_url_is_seen_from_the_document() -> None:
    line = in_a_folder(waitUrl="music/wait", startConferenceOnEnter="false")

    assert line.to[-1] == "https://app.test/rooms/music/wait"


def test_an_absolute_wait_url_stays_as_it_is() -> None:
    line = in_a_folder(waitUrl="https://other.test/wait", startConferenceOnEnter="false")

    assert line.to[-1] == "https://other.test/wait"


def test_a_relative_status_callback_is_seen_from_the_document() -> None:
    line = in_a_folder(statusCallback="told", statusCallbackEvent="join")
    line.after(SECOND_US)

    sent = dict(zip((kind for kind, _ in line.sent), line.to, strict=True))
    assert sent["conference-status"] == "https://app.test/rooms/told"


def test_a_relative_recording_status_callback_is_seen_from_the_document() -> None:
    line = in_a_folder(
        record="record-from-start",
        recordingStatusCallback="../told",
        recordingStatusCallbackEvent="in-progress",
    )
    line.after(SECOND_US)

    sent = dict(zip((kind for kind, _ in line.sent), line.to, strict=True))
    assert sent["recording-status"] == "https://app.test/told"
