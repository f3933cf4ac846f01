"""What `recsim lint` finds, and where: one planted mistake a line."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SCENARIOS

from recsim.lint.advice import Advice
from recsim.lint.linting import UnreadableError, lint, lints
from recsim.lint.rules import COSTS, INSTEAD, OF_FILES, RULES
from recsim.scenario.load import loads
from recsim.scenario.run import run
from recsim.show.findings import untold
from recsim.vendors.telnyx.texml import twiml
from recsim.vendors.telnyx.texml.attributes import ATTRIBUTES
from recsim.vendors.telnyx.texml.vocabulary import NOUNS, VERBS
from recsim.vendors.telnyx.texml.vocabulary import RULES as OF_DOCUMENTS


def places(found: list[Advice]) -> list[tuple[int, int, str]]:
    return [one[1:4] for one in found]


def texml(body: str) -> list[Advice]:
    """What is wrong with a document, the verbs of which begin in line 2."""
    return lints(f"<Response>\n{body}\n</Response>\n".encode(), "a.xml")


ABSENT = 'recordingStatusCallbackEvent="absent"'

#: A mistake in a TeXML file, where it is, its rule, and a word of its cost or remedy.
PLANTED = [
    ("<record/>", 2, 1, "unknown-verb", "write Record"),
    ("<Recrod/>", 2, 1, "unknown-verb", "write Record"),
    ("<Recording/>", 2, 1, "unknown-verb", "inside Start"),
    ("<Conference>a</Conference>", 2, 1, "unknown-verb", "put it inside Dial"),
    ("<Say>a</Say>\n  <Odd/>", 3, 3, "unknown-verb", "next verb"),
    ("<Record maxlength='60'/>", 2, 9, "unknown-attribute", "maxLength is 3600"),
    ("<Record\n  Action='/a'/>", 3, 3, "unknown-attribute", "action is not set"),
    ("<Record track='both'/>", 2, 9, "unknown-attribute", "attribute of Recording"),
    ("<Start><Recording maxLength='9'/></Start>", 2, 19, "unknown-attribute", "of Record"),
    ("<Record recordingTrack='both'/>", 2, 9, "twiml", "Start with Recording"),
    ("<Gather speechModel='x'/>", 2, 9, "twiml", "nobody is told"),
    ("<Dial><Client>bob</Client></Dial>", 2, 7, "twiml", "Sip"),
    ("<Sms>hi</Sms>", 2, 1, "twiml", "messaging"),
    ("<Dial><Conference jitterBufferSize='small'>a</Conference></Dial>", 2, 19, "twiml", "use"),
    ("<Stop><Recording/></Stop>", 2, 7, "recording-under-stop", "goes on"),
    (f"<Record recordingStatusCallback='/r' {ABSENT}/>", 2, 38, "absent-on-record", "completed"),
    ("<Pause length='500'/>", 2, 8, "bad-value", "length is 1"),
    ("<Pause length='500'/>", 2, 8, "bad-value", "a whole number from 1 to 180"),
    ("<Record finishOnKey='x'/>", 2, 9, "bad-value", "1234567890*#"),
    ("<Dial record='record-from-start'>1</Dial>", 2, 7, "bad-value", "write record-from-answer"),
    ("<Dial\n timeout='3'>1</Dial>", 3, 2, "bad-value", "timeout is 30"),
    ("<Record action='ftp://x.test/'/>", 2, 9, "bad-value", "as though action weren't there"),
    ("<Record recordingStatusCallback='/r?a=%zz'/>", 2, 9, "bad-escape", "%25"),
    ("<Redirect>/a%</Redirect>", 2, 1, "bad-escape", "400"),
    ("<Record action=''/>", 2, 9, "empty-url", "TwiML"),
    ("<Dial record='record-from-answer'><Conference>a</Conference></Dial>", 2, 7,
     "record-around-conference", "record-from-start"),
    ("<Dial record='record-from-answer'><Queue>a</Queue></Dial>", 2, 7,
     "record-around-queue", "no callback"),
    ("<Dial><Number>1</Number><Queue>a</Queue></Dial>", 2, 25, "mixed-nouns", "never called"),
    ("<Dial>bob</Dial>", 2, 7, "bad-target", "nobody"),
    ("<Dial record='record-from-answer-dual' recordingChannels='single'>1</Dial>", 2, 40,
     "channels-disagree", "dual"),
    ("<Gather numDigits='1' minDigits='2'/>", 2, 23, "digits-disagree", "keys"),
    ("<Start/>", 2, 1, "missing-noun", "skipped"),
    ("<Say/>", 2, 1, "missing-text", "text"),
    ("<Pause>hello</Pause>", 2, 8, "stray-text", "Say"),
    ("<Record><Say>a</Say></Record>", 2, 9, "unknown-child", "beside"),
    ("<Gather><Number>1</Number></Gather>", 2, 9, "unknown-child", "put it inside Dial"),
    ("<Dial><number>1</number></Dial>", 2, 7, "unknown-child", "write Number"),
    ("<Redirect>/a</Redirect>\n<Say>b</Say>", 3, 1, "unreachable", "never followed"),
    ("<Hangup/><Say>b</Say>", 2, 10, "unreachable", "in front"),
    ("<Reject/>\n <Record/>", 3, 2, "unreachable", "Reject"),
    ("<Dial action='/a'>1</Dial><Say>b</Say>", 2, 27, "unreachable", "Dial"),
    ("<Play loop='0'>/a.mp3</Play>\n<Hangup/>", 3, 1, "unreachable", "Play"),
    ("<Record method='GET'/>", 2, 9, "without-effect", "does nothing"),
    ("<Record recordingStatusCallbackEvent='completed'/>", 2, 9, "without-effect", "depends"),
    (f"<Record {ABSENT}/>", 2, 9, "without-effect", "recordingStatusCallback"),
    ("<Dial recordingStatusCallback='/r'>1</Dial>", 2, 7, "without-effect", "nothing"),
    ("<Say>a & b</Say>", 2, 8, "no-document", "well-formed"),
    ("<Say>a</say>", 2, 9, "no-document", "fallback"),
    ("<!-- lint: ignore unreachable -->", 2, 1, "ignore", "comment"),
    ("<!-- lint: ignore unreachabel -->", 2, 1, "ignore", "write unreachable"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "line", "column", "rule", "word"), PLANTED)
def test_a_mistake_in_a_document_is_found_where_it_is(body, line, column, rule, word) -> None:
    found = [one for one in texml(body) if one.rule == rule]

    assert places(found) == [(line, column, rule)]
    [one] = found
    assert word in f"{one.text} {one.cost} {one.remedy}"
    assert one.cost
    assert one.remedy
    assert one.source


HEAD = """\
recsim: 1
title: Mistakes
application: {voice_url: https://app.test/a}
calls: {caller: {from: +15550001, to: +15550002, story: [hang_up]}}
documents:
"""

#: The rest of a scenario, from line 6 on; where its mistake is, its rule, and a word of the text.
IN_SCENARIOS = [
    ("  https://app.test/a: <Response><record/></Response>", 6, 33, "unknown-verb", "Record"),
    ("  https://app.test/a: |\n    <Response>\n      <record/>\n    </Response>", 8, 7,
     "unknown-verb", "Record"),
    ("  https://app.test/a: |\n\n    <Response>\n\n      <Pause\n         length='0'/></Response>", 11, 10,
     "bad-value", "length"),
    ("  https://app.test/a: |2\n      <Response>\n        <record/></Response>", 8, 9,
     "unknown-verb", "Record"),
    ("  https://app.test/a: >-\n    <Response>\n    <Say>a</Say>\n    <record/>\n    </Response>", 9, 5,
     "unknown-verb", "Record"),
    ("  https://app.test/a: >\n    <Response>\n\n      <Say>a</Say>\n      <record/>\n    </Response>",
     10, 7, "unknown-verb", "Record"),
    ("  https://app.test/a: '<Response><Say>it''s</Say><record/></Response>'", 6, 50,
     "unknown-verb", "Record"),
    ('  https://app.test/a: "<Response>\\n<Say>\\u0061</Say>\\\n    <record/></Response>"', 7, 5,
     "unknown-verb", "Record"),
    ("  https://app.test/a: <Response><Say>a\n    b</Say> <record/></Response>", 7, 13,
     "unknown-verb", "Record"),
    ("  https://app.test/a: {body: <Response><record/></Response>}", 6, 40, "unknown-verb", "Record"),
    ("  https://app.test/a: &x <Response><record/></Response>", 6, 36, "unknown-verb", "Record"),
    ("  https://app.test/a: |\n    <Response><Say>a</Response>", 7, 23, "no-document", "</Say>"),
    ("  https://app.test/a: |\n    <Response>\n      <Redirect>/a</Redirect>\n    </Response>", 8, 17,
     "endless", "https://app.test/a -> https://app.test/a"),
    ("  https://app.test/a: <Response><Pause/><Redirect>/b</Redirect></Response>\n"
     "  https://app.test/b: <Response><Redirect>/a</Redirect></Response>", 6, 51,
     "endless", "/b -> https://app.test/a"),
    ("  https://app.test/a: <Response><Record action='/dnoe'/></Response>\n"
     "  https://app.test/done: <Response/>", 6, 41, "unanswered", "did you mean https://app.test/done?"),
    ("  https://app.test/a: <Response><Dial><Number url='/w'>1</Number></Dial></Response>", 6, 47,
     "unanswered", "url of Number"),
    ("  https://app.test/a: <Response/>\n  https://app.test/b: <Response/>", 7, 3,
     "unused-document", "/b"),
    ("  https://app.test/b: <Response/>", 3, 26, "unanswered", "voice_url"),
    ("  https://app.test/a: <Response><Enqueue waitUrl='/w'>q</Enqueue></Response>\n"
     "  https://app.test/w: <Response><Play>/a.mp3</Play><Record/></Response>", 7, 52, "nested", "enqueue"),
    ("  https://app.test/a: <Response><Pay/></Response>", 6, 33, "not-simulated", "Pay"),
    ("  https://app.test/a: <Response/>\nexpct: []", 7, 1, "scenario", "did you mean expect?"),
    ("  https://app.test/a: <Response/>\nseed: two", 7, 7, "scenario", "seed"),
    ("  https://app.test/a: [", 7, 1, "scenario", "end of the file"),
    ("  https://app.test/a: <Response/>\nrequests:\n  - at: 1s\n    post: /v2/texml/Accounts/{account}/Calls\n"
     "    makes: out\n    form:\n      Texml: <Response><Sms/></Response>", 12, 24, "twiml", "Sms"),
    ("  https://app.test/a: <Response/>  # lint: ignore twilm", 6, 36, "ignore", "did you mean twiml?"),
    ("  https://app.test/a: <Response/>  # lint: ignore twiml", 6, 36, "ignore", "not broken"),
    ("  https://app.test/a: <Response/>  # lint: ignore", 6, 36, "ignore", "name of a rule"),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "line", "column", "rule", "word"), IN_SCENARIOS)
def test_a_mistake_in_a_scenario_is_found_where_it_is(rest, line, column, rule, word) -> None:
    found = [one for one in lints((HEAD + rest + "\n").encode(), "a.yaml") if one.rule == rule]

    assert places(found) == [(line, column, rule)]
    assert word in f"{found[0].text} {found[0].cost} {found[0].remedy}"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_any_ends_of_lines_will_do(end: str) -> None:
    text = HEAD + "  https://app.test/a: |\n    <Response>\n      <record/>\n    </Response>\n"

    assert places(lints(text.replace("\n", end).encode(), "a.yaml")) == [(8, 7, "unknown-verb")]


def test_what_an_alias_repeats_is_told_at_the_alias() -> None:
    text = HEAD + (
        "  https://app.test/a: &x <Response><record/><Redirect>/b</Redirect></Response>\n"
        "  https://app.test/b: *x\n"
    )

    found = [one for one in lints(text.encode(), "a.yaml") if one.rule == "unknown-verb"]

    assert places(found) == [(6, 36, "unknown-verb"), (7, 23, "unknown-verb")]


def test_every_rule_is_planted() -> None:
    planted = {row[3] for row in (*PLANTED, *IN_SCENARIOS)}

    assert planted == set(RULES)


def test_every_rule_has_a_cost_and_nothing_is_said_twice() -> None:
    assert set(COSTS) == {*OF_DOCUMENTS, *OF_FILES}
    assert not set(OF_DOCUMENTS) & set(OF_FILES)


def test_nothing_of_texml_is_called_twiml() -> None:
    verbs = {row.name for row in VERBS}
    nouns = {(row.verb, row.name) for row in NOUNS}

    assert not verbs & twiml.VERBS
    assert not {(verb, name) for verb, names in twiml.NOUNS.items() for name in names} & nouns
    assert {
        (element, name)
        for element, names in twiml.ATTRIBUTES.items()
        for name in names
        if name in ATTRIBUTES[element]
    } == set()
    every = {*twiml.VERBS, *(n for names in twiml.NOUNS.values() for n in names)}
    every |= {n for names in twiml.ATTRIBUTES.values() for n in names}
    assert set(INSTEAD) <= every


# What is no mistake.


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_nothing_is_found_in_shipped_scenarios(file: Path) -> None:
    assert lint(file) == []


@pytest.mark.parametrize(
    "body",
    [
        "<Record recordingStatusCallback='/r' transcribe='true'/>",
        "<Start><Recording track='both'/></Start>",
        "<Start><Stream url='wss://x.test'/></Start><Pay/>",
        "<Record action='/a'/><Say>of an empty recording</Say>",
        "<Gather action='/a'/><Redirect>?again=%20</Redirect>",
        "<Dial><Conference record='record-from-start' trim='do-not-trim'>a</Conference></Dial>",
        "",
    ],
)
def test_what_is_right_is_left_alone(body: str) -> None:
    assert texml(body) == []


@pytest.mark.parametrize("waits", ["<Gather/>", "<Record/>", "<Dial>1</Dial>", "<Hangup/>"])
def test_documents_that_wait_for_somebody_may_lead_back(waits: str) -> None:
    text = f"  https://app.test/a: <Response>{waits}<Redirect>/a</Redirect></Response>\n"

    rules = [one.rule for one in lints((HEAD + text).encode(), "a.yaml")]

    assert "endless" not in rules


def test_pages_with_another_status_are_no_documents() -> None:
    text = "  https://app.test/a: {status: 500, body: Sorry}\n"

    assert lints((HEAD + text).encode(), "a.yaml") == []


# Comments.


@pytest.mark.parametrize(
    "body",
    [
        "<!-- lint: ignore twiml -->\n<Sms/>",
        "<!-- lint: ignore twiml -->\n\n<!-- why -->\n<Sms/>",
        "<Sms/> <!-- lint: ignore twiml -->",
        "<!-- lint: ignore twiml, unknown-attribute -->\n<Record\n recordingTrack='both'\n odd='1'/>",
        "<!-- lint: ignore twiml -->\n<Dial\n trim='x'\n record='record-from-answer'>1</Dial>",
        "<!--lint:ignore twiml\n  bad-value-->\n<Dial trim='x' timeout='1'>1</Dial>",
    ],
)
def test_a_comment_in_a_document_asks_for_silence(body: str) -> None:
    assert texml(body) == []


def test_a_comment_holds_for_its_place_and_rules_only() -> None:
    found = texml("<!-- lint: ignore twiml -->\n<Sms/><Odd/>\n<Sms/>")

    assert places(found) == [(3, 7, "unknown-verb"), (4, 1, "twiml")]


@pytest.mark.parametrize(
    "text",
    [
        "  https://app.test/a: <Response><Sms/></Response>  # lint: ignore twiml\n",
        "  # lint: ignore twiml\n  https://app.test/a: <Response><Sms/></Response>\n",
        "  # lint: ignore twiml\n\n  # why\n  https://app.test/a: <Response><Sms/></Response>\n",
        "  https://app.test/a: |  # lint: ignore twiml\n    <Response>\n      <Sms/>\n    </Response>\n",
        "  https://app.test/a:  # lint: ignore twiml\n    <Response>\n      <Sms/></Response>\n",
        "  https://app.test/a: |\n    <Response>\n      <Sms/> <!-- lint: ignore twiml -->\n    </Response>\n",
        "  https://app.test/a: <Response/>\n  https://app.test/b: <Response/>  # lint: ignore unused-document\n",
        "  https://app.test/a:  # lint: ignore twiml\n    body: |\n      <Response>\n      <Sms/></Response>\n",
        "  https://app.test/a:\n    body: |  # lint: ignore twiml\n      <Response>\n      <Sms/></Response>\n",
        "  https://app.test/a: <Response/>\nexpct: []  # lint: ignore scenario\n",
    ],
)  # fmt: skip
def test_a_comment_in_a_scenario_asks_for_silence(text: str) -> None:
    assert lints((HEAD + text).encode(), "a.yaml") == []


def test_what_looks_like_a_comment_inside_of_a_document_is_text() -> None:
    text = "  https://app.test/a: |\n    <Response>\n      <Say>a # lint: ignore twiml</Say><Sms/>\n    </Response>\n"

    assert places(lints((HEAD + text).encode(), "a.yaml")) == [(8, 40, "twiml")]


# Files.


@pytest.mark.parametrize("name", ["a.xml", "a.TEXML", "a.txt", "a"])
def test_a_document_is_known_by_its_name_or_its_first_character(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"\xef\xbb\xbf\n<Response/>\n")

    assert places(lint(file)) == []


@pytest.mark.parametrize("name", ["a.xml", "b.texml"])
def test_a_name_is_enough(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("recsim: 1")

    assert [one.rule for one in lint(tmp_path / name)] == ["no-document"]


def test_what_cannot_be_read_is_no_finding(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"\xef\xbb\xbf<Response>\xff")

    for file, reason in (
        (tmp_path / "b.xml", "no such file or directory"),
        (tmp_path, "is a directory"),
        (tmp_path / "a.xml", "expected UTF-8, got byte 0xff"),
    ):
        with pytest.raises(UnreadableError) as caught:
            lint(file)
        assert str(caught.value) == f"{file}: cannot be read: {reason}"


# Runs.


def test_a_run_tells_the_same_and_nothing_twice() -> None:
    text = HEAD + (
        "  https://app.test/a: <Response><Sms/><Pause/><Enqueue waitUrl='/w'>q</Enqueue></Response>\n"
        "  https://app.test/w: <Response><Record/><Pause/></Response>\n"
        "  https://app.test/b: <Response><record/></Response>\n"
    )
    text = text.replace("[hang_up]", "[wait: enqueue, wait: 1s, hang_up]")

    played = run(loads(text))

    linted = {f"{one.text} [{one.rule}]" for one in lints(text.encode(), "a.yaml")}
    noted = {remark.text.split(": ", 1)[1] for remark in played.remarks}
    assert len(noted) == 2
    assert noted < linted
    assert {f"{one.text} [{one.rule}]" for one in untold(played)} == linted - noted


def test_a_document_that_cannot_be_followed_is_told_once() -> None:
    text = HEAD + "  https://app.test/a: <Response><Say></Response>\n"
    text = text.replace("[hang_up]", "[wait: answer, hang_up]")

    played = run(loads(text))

    assert [one.rule for one in lints(text.encode(), "a.yaml")] == ["no-document"]
    assert played.remarks[0].text.endswith(": the call is ended [no-document]")
    assert untold(played) == []
