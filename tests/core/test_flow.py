"""How a leg follows its documents, and how calls end."""

from __future__ import annotations

import pytest
from calls import (
    APPLICATION,
    HANGUP,
    RECORD,
    SECOND_US,
    TIMEOUT,
    Calls,
    document,
    one,
    only,
    snapshot,
    triggers,
)

from recsim.core.commands import (
    Answer,
    Fetched,
    HungUp,
    Pressed,
)
from recsim.core.effects import (
    Cue,
    Drop,
    Fetch,
    Note,
    Quiet,
)
from recsim.core.entities import NEVER

RECORD_VERB = '<Record action="/done"/>'


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        pytest.param(Answer(200, (), "<Response>"), "never closed", id="broken XML"),
        pytest.param(Answer(200, (), "<html></html>"), "root Response", id="another root"),
        pytest.param(Answer(200, (), ""), "empty", id="nothing"),
        pytest.param(Answer(500, (), HANGUP), "status 500", id="status 500"),
        pytest.param(Answer(204), "status 204", id="status 204"),
        pytest.param(TIMEOUT, "timeout", id="timeout"),
        pytest.param(Answer(0, failure="refused"), "refused", id="refused"),
    ],
)
@pytest.mark.parametrize(
    ("answered", "status"), [("false", "failed"), ("true", "completed")], ids=["ringing", "up"]
)
def test_no_document_ends_the_call_with_a_note(answer, text, answered, status):
    calls = Calls(answer_before_fetch=answered)

    effects = calls.now(Fetched(calls.ring(), answer))

    note = one(effects, Note)
    assert note.rule == "no-document"
    assert note.url == APPLICATION.voice_url
    assert text in note.text
    assert note.text.endswith(": the call is ended")
    assert calls.status == status
    assert one(effects, Drop).leg == calls.leg
    assert len(only(effects, Quiet)) == 1


FALLBACK = "https://backup.test/voice/answer"
WITH_FALLBACK = APPLICATION._replace(fallback_url=FALLBACK, fallback_method="GET")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Answer(200, (), "<html></html>"), "root Response"),
        (Answer(500, (), HANGUP), "status 500"),
        (Answer(302, (("location", "/elsewhere"),)), "status 302"),
        (TIMEOUT, "timeout"),
    ],
    ids=["another root", "status 500", "redirect", "timeout"],
)
def test_fallback_is_asked_when_the_main_url_fails(answer, text):
    calls = Calls()
    calls.application = WITH_FALLBACK

    effects = calls.now(Fetched(calls.ring(), answer))

    note, fetch = one(effects, Note), one(effects, Fetch)
    assert (note.url, note.rule) == (APPLICATION.voice_url, "fallback")
    assert text in note.text
    assert note.text.endswith(f": the fallback {FALLBACK} is asked")
    assert (fetch.url, fetch.method, fetch.message.kind) == (FALLBACK, "GET", "instructions")
    assert calls.status == "ringing"
    assert only(effects, Quiet) == []


def test_document_of_the_fallback_is_followed_from_there():
    calls = Calls()
    calls.application = WITH_FALLBACK
    fetch = one(calls.now(Fetched(calls.ring(), TIMEOUT)), Fetch)

    effects = calls.now(Fetched(fetch.ticket, Answer(200, (), document("<Redirect>b</Redirect>"))))

    assert one(effects, Fetch).url == "https://backup.test/voice/b"
    assert calls.status == "in-progress"


def test_fallback_is_asked_once():
    calls = Calls()
    calls.application = WITH_FALLBACK
    fetch = one(calls.now(Fetched(calls.ring(), TIMEOUT)), Fetch)

    effects = calls.now(Fetched(fetch.ticket, Answer(500)))

    assert only(effects, Fetch) == []
    note = one(effects, Note)
    assert (note.url, note.rule) == (FALLBACK, "no-document")
    assert calls.status == "failed"
    assert len(only(effects, Quiet)) == 1


def test_fallback_is_not_asked_for_what_another_document_leads_to():
    calls = Calls()
    calls.application = WITH_FALLBACK
    calls.follow(document("<Redirect>/next</Redirect>"))
    (ticket,) = calls.platform.fetches

    effects = calls.now(Fetched(ticket, Answer(500)))

    assert only(effects, Fetch) == []
    assert calls.status == "completed"


def test_fallback_is_not_asked_for_a_caller_who_has_left():
    calls = Calls()
    calls.application = WITH_FALLBACK
    ticket = calls.ring()
    calls.now(HungUp(calls.leg))

    assert [type(effect) for effect in calls.now(Fetched(ticket, Answer(500)))] == [Quiet]


def test_url_is_no_fallback_of_itself():
    calls = Calls()
    calls.application = APPLICATION._replace(fallback_url=APPLICATION.voice_url)

    effects = calls.now(Fetched(calls.ring(), Answer(500)))

    assert only(effects, Fetch) == []
    assert calls.status == "failed"


def test_no_document_later_ends_the_call_and_what_it_records():
    calls = Calls()
    calls.follow(document('<Redirect>/next</Redirect><Pause length="5"/>'))
    (ticket,) = calls.platform.fetches
    calls.now(calls.start())

    effects = calls.at(5 * SECOND_US, Fetched(ticket, Answer(500)))

    assert one(effects, Note).url == "https://app.test/next"
    assert calls.status == "completed"
    assert triggers(effects, "recording")[-1:] == ["end"]


def test_findings_of_a_document_are_noted():
    calls = Calls()

    effects = calls.follow('<Response>\n  <Pause lenght="5"/>\n</Response>')

    note = one(effects, Note)
    assert (note.line, note.url) == (2, APPLICATION.voice_url)
    assert "length" in note.text
    assert calls.status == "in-progress"


def test_end_of_the_document_ends_the_call():
    calls = Calls()

    effects = calls.follow(document())

    assert triggers(effects, "call leg") == ["answer", "drop"]
    assert calls.status == "completed"


def test_hangup_ends_the_call():
    calls = Calls()

    effects = calls.follow(document("<Hangup/><Say>never</Say>"))

    assert triggers(effects, "call leg") == ["answer", "drop"]
    assert [cue.word for cue in only(effects, Cue)] == ["answer", "hangup"]


REASONS = pytest.mark.parametrize(
    ("reason", "trigger", "status"),
    [("", "reject", "failed"), ("rejected", "reject", "failed"), ("busy", "busy", "busy")],
)


def reject(reason):
    return f'<Reject reason="{reason}"/>' if reason else "<Reject/>"


@REASONS
def test_reject_as_the_first_verb_prevents_answering(reason, trigger, status):
    calls = Calls()

    effects = calls.follow(document(reject(reason), RECORD_VERB))

    assert triggers(effects, "call leg") == [trigger]
    assert [cue.word for cue in only(effects, Cue)] == ["reject"]
    assert calls.status == status
    assert calls.platform.legs[calls.leg].answered_at_us == NEVER
    assert calls.platform.recordings == {}
    assert one(effects, Drop).leg == calls.leg
    assert len(only(effects, Quiet)) == 1


@REASONS
@pytest.mark.parametrize("answered", ["false", "true"])
def test_reject_of_an_answered_call_hangs_up(reason, trigger, status, answered):
    calls = Calls(answer_before_fetch=answered)
    before = "<Pause/>" if answered == "false" else ""

    calls.follow(document(before, reject(reason), "<Say>never</Say>"))
    effects = calls.until(SECOND_US)

    assert calls.status == "completed"
    words = [cue.word for cue in only(effects, Cue)]
    assert words == (["reject"] if before else [])
    assert calls.platform.next_due_us == NEVER


def test_reject_after_what_is_skipped_is_the_first_verb():
    calls = Calls()
    effects = calls.follow(document("<Say/>", "<Reject/>"))

    assert triggers(effects, "call leg") == ["reject"]


def test_reject_ends_what_is_recorded():
    calls = Calls()
    calls.follow(document("<Start><Recording/></Start><Pause/><Reject/>"))

    effects = calls.until(SECOND_US)

    assert triggers(effects, "call leg") == ["reject"]
    assert triggers(effects, "recording") == ["end"]
    assert calls.recording().length_us == SECOND_US


def test_caller_who_leaves_while_it_rings_cancels():
    calls = Calls()
    ticket = calls.ring()

    effects = calls.at(SECOND_US, HungUp(calls.leg))

    assert calls.status == "canceled"
    assert only(effects, Quiet) == []  # its fetch is under way
    effects = calls.at(2 * SECOND_US, Fetched(ticket, Answer(200, (), RECORD)))
    assert [type(effect) for effect in effects] == [Quiet]
    assert calls.platform.recordings == {}


def test_answer_after_hanging_up_is_not_followed():
    calls = Calls()
    calls.follow(document("<Redirect>/next</Redirect>"))
    (ticket,) = calls.platform.fetches
    calls.at(SECOND_US, HungUp(calls.leg))

    effects = calls.at(2 * SECOND_US, Fetched(ticket, Answer(200, (), RECORD)))

    assert calls.status == "completed"
    assert [type(effect) for effect in effects] == [Quiet]


def test_redirects_are_bound():
    calls = Calls()
    again = Answer(200, (), document("<Redirect>/again</Redirect>"))
    effects = calls.now(Fetched(calls.ring(), again))
    followed = 0

    while fetches := only(effects, Fetch):
        followed += 1
        effects = calls.now(Fetched(fetches[0].ticket, again))

    assert followed == calls.platform.policy.circle_limit
    text = f"{followed} documents in a row that nobody asked for: the call is ended"
    assert one(effects, Note).text == text
    assert calls.status == "completed"
    assert len(only(effects, Quiet)) == 1


@pytest.mark.parametrize(
    ("verb", "readings"),
    [
        ('<Record maxLength="2"/>', {"record_no_action": "same_document"}),
        ('<Record maxLength="2" action="/again"/>', {}),
        ('<Dial timeout="5" action="/again">+15550100</Dial>', {}),
    ],
)
def test_documents_that_lead_back_to_themselves_are_bound_too(verb, readings):
    calls = Calls(beep_s="0s", **readings)
    text = document(verb)
    effects = calls.follow(text)
    repeated = 0

    while calls.status == "in-progress":
        effects = calls.until(calls.platform.next_due_us)
        if fetches := only(effects, Fetch):
            repeated += 1
            calls.now(Fetched(fetches[0].ticket, Answer(200, (), text)))

    assert repeated == calls.platform.policy.circle_limit
    assert one(effects, Note).rule == "no-document"


def test_documents_are_not_counted_while_somebody_does_something():
    calls = Calls()
    calls.follow(RECORD)

    for _ in range(calls.platform.policy.circle_limit + 5):
        effects = calls.at(calls.platform.now_us + 2 * SECOND_US, Pressed(calls.leg, "#"))
        calls.now(Fetched(one(effects, Fetch).ticket, Answer(200, (), RECORD)))

    assert calls.status == "in-progress"


NO_URLS = ["http://[x", "//[", "mailto:someone", "http://app.test:99999/"]


@pytest.mark.parametrize("url", NO_URLS)
def test_redirect_to_what_cannot_be_called_ends_the_call_with_a_note(url):
    calls = Calls()

    effects = calls.follow(document(f"<Redirect>{url}</Redirect>"))

    assert not only(effects, Fetch)
    assert [note.rule for note in only(effects, Note)] == ["bad-value", "no-document"]
    assert calls.status == "completed"


@pytest.mark.parametrize("url", NO_URLS)
def test_nothing_is_sent_to_what_cannot_be_called(url):
    calls = Calls(beep_s="0s")
    calls.follow(document(f'<Record action="{url}" recordingStatusCallback="{url}"/>'))

    effects = calls.at(3 * SECOND_US, HungUp(calls.leg))

    assert not only(effects, Fetch)
    assert not only(effects, Note)
    assert calls.recording().settings.callback_url == ""
    assert calls.status == "completed"


@pytest.mark.parametrize("url", NO_URLS)
def test_media_that_cannot_be_called_take_as_long_as_any(url):
    calls = Calls()

    calls.follow(document(f"<Play>{url}</Play>"))

    assert calls.platform.next_due_us == calls.platform.now_us + 5 * SECOND_US


def test_no_key_and_several_keys_are_not_one_of_finish_on_key():
    calls = Calls(beep_s="0s")
    calls.follow(document('<Record finishOnKey="123"/>'))

    assert calls.now(Pressed(calls.leg, "")) == []
    assert calls.now(Pressed(calls.leg, "12")) == []


def test_what_is_no_command_changes_nothing():
    calls = Calls()
    before = snapshot(calls.platform)

    with pytest.raises(KeyError):
        calls.platform.handle(calls.platform.now_us, "hang up")

    assert snapshot(calls.platform) == before
