"""What is sent to an application: parameters, bodies and queries, headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote_plus, urlsplit

import pytest
from calls import SETTINGS
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter
from schemas import needs_schemas, validator

from recsim.core.entities import (
    ABSENT,
    COMPLETED,
    IN_PROGRESS,
    PAUSED,
    STOPPED,
    Application,
    CallLeg,
    CallSession,
    Message,
    Recording,
    Setup,
)
from recsim.scenario.run import run
from recsim.vendors.telnyx import callback_models as models
from recsim.vendors.telnyx import callbacks
from recsim.vendors.telnyx.vendor import Telnyx

SECOND_US = 1_000_000
SCENARIOS = sorted(Path(__file__).parents[2].glob("scenarios/*.yaml"))

STATUS_CALLBACK: TypeAdapter[models.Parameters] = TypeAdapter(models.RecordingStatusCallback)
CALL_CALLBACK: TypeAdapter[models.Parameters] = TypeAdapter(models.CallStatusCallback)
CONFERENCE_CALLBACK: TypeAdapter[models.Parameters] = TypeAdapter(models.ConferenceStatusCallback)
SENT_WORDS = (IN_PROGRESS, COMPLETED, ABSENT)
PUBLISHED = {
    IN_PROGRESS: "callback-texml-recording-in-progress",
    COMPLETED: "callback-texml-recording-completed",
    ABSENT: "callback-texml-recording-absent",
    "instructions": "callback-texml-instruction-fetch",
    "action": "callback-texml-record-action",
}

numbers = st.sampled_from(["+15550001", "+442071234567", "sip:ana@example.test", "anonymous"])
digits = st.sampled_from(["", "hangup", *"0123456789#*"])
vendors = st.builds(
    lambda seed, codes, rounding: Telnyx(
        seed,
        1_767_603_600_000_000,
        readings={"absent_error_codes": codes, "duration_round": rounding},
    ),
    st.integers(0, 2**63 - 1),
    st.sampled_from(["twilio", "none"]),
    st.sampled_from(["floor", "nearest", "ceil"]),
)
sessions = st.builds(
    CallSession,
    st.just(1),
    st.text(min_size=1, max_size=10),
    st.builds(
        Application,
        st.just("https://app.test/answer"),
        st.just("POST"),
        connection_id=st.sampled_from(["", "175237942907135762"]),
    ),
)
legs = st.builds(
    CallLeg,
    st.just(2),
    st.just(1),
    st.integers(1, 3),
    numbers,
    numbers,
    st.just(Setup()),
    status=st.sampled_from(["ringing", "in-progress", "completed"]),
)
moments = st.integers(0, 10**11)
URL = "https://app.test/recording"


@st.composite
def recordings(draw: Callable[..., object], word: str) -> Recording:
    """A recording of which `word` is said."""
    asked = SETTINGS._replace(
        channels=draw(st.sampled_from([1, 2])),
        format=draw(st.sampled_from(["mp3", "wav"])),
        callback_url=URL,
        callback_events=SENT_WORDS,
        sends_url=draw(st.booleans()),
    )
    source = draw(st.sampled_from(["RecordVerb", "StartCallRecordingAPI", "DialVerb"]))
    made = Recording(3, 1, 2, draw(st.integers(1, 9)), source, asked, word)
    made.started_at_us = draw(moments)
    if word == COMPLETED:
        made.length_us = draw(st.integers(SECOND_US, 10**11))
    if word == ABSENT:
        made.lacks = draw(st.sampled_from(["short", "silent", "disk full"]))
    return made


any_recording = st.sampled_from(SENT_WORDS).flatmap(recordings)
fast = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@cache
def published(name: str) -> Draft202012Validator:
    return validator(PUBLISHED[name])


def told(vendor: Telnyx, message: Message) -> dict[str, str]:
    """The parameters of a message, each once."""
    params = vendor.encode(message, "POST", URL).params
    assert len(dict(params)) == len(params)
    return dict(params)


def status_of(
    vendor: Telnyx, session: CallSession, leg: CallLeg, recording: Recording, now_us: int
) -> Message:
    """The callback that says what status a recording has."""
    return vendor.recording_status(session, leg, recording, recording.status, now_us)


# Against the models and the published schemas


@fast
@given(vendors, sessions, legs, any_recording, moments)
def test_a_status_callback_is_what_its_model_prints_back(vendor, session, leg, recording, now_us):
    found = told(vendor, status_of(vendor, session, leg, recording, now_us))

    assert STATUS_CALLBACK.validate_python(found).dump() == found
    assert all(type(value) is str and value for value in found.values())


@fast
@given(vendors, sessions, legs)
def test_an_instruction_fetch_is_what_its_model_prints_back(vendor, session, leg):
    found = told(vendor, vendor.instructions(session, leg))

    assert models.InstructionFetch.model_validate(found).dump() == found
    assert all(type(value) is str and value for value in found.values())


@fast
@given(vendors, sessions, legs, any_recording, digits, moments)
def test_an_action_is_what_its_model_prints_back(vendor, session, leg, recording, key, now_us):
    found = told(vendor, vendor.record_action(session, leg, recording, key, now_us))

    assert models.RecordAction.model_validate(found).dump() == found
    assert all(type(value) is str for value in found.values())
    assert found["Digits"] == key


@needs_schemas
@fast
@given(vendors, sessions, legs, any_recording, digits, moments)
def test_messages_fit_their_published_schemas_and_nothing_besides(
    vendor, session, leg, recording, key, now_us
):
    messages = {
        recording.status: status_of(vendor, session, leg, recording, now_us),
        "instructions": vendor.instructions(session, leg),
        "action": vendor.record_action(session, leg, recording, key, now_us),
    }

    for name, message in messages.items():
        assert list(published(name).iter_errors(told(vendor, message))) == []


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_whatever_a_scenario_sends_is_read_by_the_models(file):
    sent = run(file).callbacks

    assert sent
    for line in sent:
        if line["kind"] == "webhook":
            continue  # test_webhooks reads them
        if line["method"] == "GET":
            assert line["body"] == ""
            found = dict(parse_qsl(urlsplit(line["url"]).query, keep_blank_values=True))
        else:
            found = dict(parse_qsl(line["body"], keep_blank_values=True, strict_parsing=True))
        assert line["params"].items() <= found.items()
        assert reading(line)(line["params"]).dump() == line["params"]


def reading(line: dict[str, Any]) -> Callable[[dict[str, str]], models.Wire]:
    """What reads a callback, by its kind and, of a request after a verb, by what that tells."""
    if line["kind"] == "action":
        return next(model for name, model in ACTIONS.items() if name in line["params"])
    return {
        "recording-status": STATUS_CALLBACK.validate_python,
        "call-status": CALL_CALLBACK.validate_python,
        "conference-status": CONFERENCE_CALLBACK.validate_python,
        "instructions": models.InstructionFetch.model_validate,
        "queue": models.QueueWait.model_validate,
    }[line["kind"]]


ACTIONS: dict[str, Callable[[dict[str, str]], models.Wire]] = {
    "RecordingSid": models.RecordAction.model_validate,
    "DialCallStatus": models.DialAction.model_validate,
    "QueueResult": models.QueueAction.model_validate,
    "ReferCallStatus": models.ReferAction.model_validate,
    "Digits": models.GatherAction.model_validate,
    "SpeechResult": models.GatherAction.model_validate,
}
"""By a parameter that no other of them has; Digits goes after RecordingSid."""


# What is said when


def test_completed_tells_length_and_link():
    found = told(*MESSAGES[COMPLETED])

    assert found["RecordingStatus"] == "completed"
    assert found["RecordingDuration"] == "7"
    assert "X-Amz-Expires=600" in found["RecordingUrl"]
    assert "ErrorCode" not in found


def test_in_progress_tells_neither_length_nor_link_nor_code():
    found = told(*MESSAGES[IN_PROGRESS])

    assert set(found) == {*STANDARD, *RECORDED}
    assert found["RecordingStatus"] == "in-progress"


def test_absent_tells_a_code_and_neither_length_nor_link():
    found = told(*MESSAGES[ABSENT])

    assert set(found) == {*STANDARD, *RECORDED, "ErrorCode"}
    assert found["RecordingStatus"] == "absent"
    assert found["ErrorCode"] == "16101"


STANDARD = ("AccountSid", "CallSid", "CallSidLegacy", "ConnectionId")
RECORDED = ("RecordingSid", "RecordingSource", "RecordingStatus", "RecordingChannels")
VENDOR = Telnyx(1, 1_767_603_600_000_000)
SESSION = CallSession(1, "caller", Application("https://app.test/answer", "POST"))
LEG = CallLeg(2, 1, 1, "+15550001", "+15550002", Setup(), status="in-progress")


def recorded(status: str, *, sends_url: bool = True, lacks: str = "") -> Recording:
    asked = SETTINGS._replace(callback_url=URL, callback_events=SENT_WORDS, sends_url=sends_url)
    made = Recording(3, 1, 2, 1, "RecordVerb", asked, status, started_at_us=0)
    made.length_us = 0 if lacks else 7_900_000
    made.lacks = lacks
    return made


MESSAGES = {
    status: (
        VENDOR,
        status_of(
            VENDOR,
            SESSION,
            LEG,
            recorded(status, lacks="short" if status == ABSENT else ""),
            9 * SECOND_US,
        ),
    )
    for status in SENT_WORDS
}


@fast
@given(vendors, sessions, legs, any_recording, moments)
def test_a_link_is_on_completed_only(vendor, session, leg, recording, now_us):
    found = told(vendor, status_of(vendor, session, leg, recording, now_us))

    is_completed = recording.status == COMPLETED
    assert ("RecordingUrl" in found) == (is_completed and recording.settings.sends_url)
    assert ("RecordingDuration" in found) == is_completed


@pytest.mark.parametrize("status", SENT_WORDS)
def test_send_recording_url_false_drops_the_link_and_nothing_else(status):
    lacks = "short" if status == ABSENT else ""
    with_url, without_url = (
        told(
            VENDOR, status_of(VENDOR, SESSION, LEG, recorded(status, sends_url=on, lacks=lacks), 0)
        )
        for on in (True, False)
    )

    with_url.pop("RecordingUrl", None)
    assert without_url == with_url


@fast
@given(vendors, sessions, legs, recordings(COMPLETED), digits, moments)
def test_an_action_has_its_link_whatever_status_callbacks_have(
    vendor, session, leg, recording, key, now_us
):
    assert "RecordingUrl" in told(
        vendor, vendor.record_action(session, leg, recording, key, now_us)
    )


@pytest.mark.parametrize("lacks", ["short", "silent"])
def test_an_action_without_usable_audio_has_no_link(lacks):
    found = told(VENDOR, VENDOR.record_action(SESSION, LEG, recorded(STOPPED, lacks=lacks), "#", 0))

    assert "RecordingUrl" not in found
    assert found["RecordingDuration"] == "0"


def test_the_connection_of_the_application_goes_before_the_accounts():
    own = CallSession(1, "caller", SESSION.application._replace(connection_id="123"))

    assert told(VENDOR, VENDOR.instructions(own, LEG))["ConnectionId"] == "123"
    found = told(VENDOR, VENDOR.instructions(SESSION, LEG))["ConnectionId"]
    assert found == VENDOR.wire_id("connection", "", 0)


@pytest.mark.parametrize(
    ("from_", "to", "kind", "uris"),
    [
        ("+15550001", "+15550002", "pstn", {}),
        ("sip:a@b.test", "+15550002", "sip", {"FromSipUri": "sip:a@b.test"}),
        ("+15550001", "sip:c@d.test", "pstn", {"ToSipUri": "sip:c@d.test"}),
    ],
)
def test_sip_uris_are_told_where_there_are_any(from_, to, kind, uris):
    leg = CallLeg(2, 1, 1, from_, to, Setup(), status="ringing")

    found = told(VENDOR, VENDOR.instructions(SESSION, leg))

    assert found["CallingPartyType"] == kind
    assert {key: found[key] for key in found if key.endswith("SipUri")} == uris
    assert (found["From"], found["To"], found["CallStatus"]) == (from_, to, "ringing")


def test_a_message_is_frozen_when_it_is_caused():
    recording = recorded(COMPLETED)
    message = status_of(VENDOR, SESSION, LEG, recording, 0)
    before = told(VENDOR, message)

    recording.status, recording.length_us, recording.lacks = PAUSED, 1, "short"

    assert told(VENDOR, message) == before
    assert message == status_of(VENDOR, SESSION, LEG, recorded(COMPLETED), 0)


# How it is encoded

URLS = (
    "https://app.test/recording",
    "https://app.test/recording?",
    "https://app.test/recording?from=recsim",
    "https://app.test/recording?from=a%20b&from=c&empty=",
    "http://app.test:8080/?x=%26",
    "https://app.test/recording#part",
    "https://app.test/recording?from=recsim#part",
)


@fast
@given(vendors, sessions, legs, any_recording, moments, st.sampled_from(URLS))
def test_a_form_body_round_trips(vendor, session, leg, recording, now_us, url):
    sent = vendor.encode(status_of(vendor, session, leg, recording, now_us), "POST", url)

    assert tuple(parse_qsl(sent.body, keep_blank_values=True, strict_parsing=True)) == sent.params
    assert sent.url == url


@fast
@given(vendors, sessions, legs, any_recording, moments, st.sampled_from(URLS))
def test_a_get_appends_to_the_query_that_is_there(vendor, session, leg, recording, now_us, url):
    sent = vendor.encode(status_of(vendor, session, leg, recording, now_us), "GET", url)

    before, after = urlsplit(url), urlsplit(sent.url)
    own = parse_qsl(before.query, keep_blank_values=True)
    assert parse_qsl(after.query, keep_blank_values=True) == [*own, *sent.params]
    assert after.query.startswith(before.query)
    assert after._replace(query="") == before._replace(query="")
    assert sent.body == ""


@fast
@given(vendors, sessions, legs, any_recording, moments)
def test_either_method_says_the_same(vendor, session, leg, recording, now_us):
    message = status_of(vendor, session, leg, recording, now_us)

    posted, got = (vendor.encode(message, method, URL) for method in ("POST", "GET"))

    assert posted.params == got.params
    assert posted.body == urlsplit(got.url).query


def test_an_empty_parameter_is_sent_and_not_dropped():
    """No key ended the recording: `Digits` is there, and empty."""
    message = VENDOR.record_action(SESSION, LEG, recorded(STOPPED), "", 0)

    posted, got = (VENDOR.encode(message, method, URL) for method in ("POST", "GET"))

    assert parse_qs(posted.body, keep_blank_values=True)["Digits"] == [""]
    assert parse_qs(urlsplit(got.url).query, keep_blank_values=True)["Digits"] == [""]


def test_a_post_says_that_it_is_a_form_and_who_sends_it():
    message = VENDOR.instructions(SESSION, LEG)

    assert dict(VENDOR.encode(message, "POST", URL).headers) == {
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": "telnyx-webhooks",
    }


def test_a_get_says_who_sends_it():
    message = VENDOR.instructions(SESSION, LEG)

    assert dict(VENDOR.encode(message, "GET", URL).headers) == {"user-agent": "telnyx-webhooks"}


def test_a_plus_sign_survives_either_method():
    message = VENDOR.instructions(SESSION, LEG)

    posted, got = (VENDOR.encode(message, method, URL) for method in ("POST", "GET"))

    assert "From=%2B15550001" in posted.body
    assert "From=%2B15550001" in got.url


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (MESSAGES[COMPLETED][1], "recording-status"),
        (VENDOR.instructions(SESSION, LEG), "instructions"),
        (VENDOR.record_action(SESSION, LEG, recorded(STOPPED), "", 0), "action"),
    ],
)
def test_a_message_says_what_kind_it_is(message, kind):
    assert message.kind == kind
    rows = (callbacks.RecordingStatus, callbacks.Instructions, callbacks.RecordAction)
    assert type(message) in rows


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("".join(map(chr, range(128))))
def test_values_are_quoted_as_the_library_does_it(text: str) -> None:
    assert callbacks.quoted(text) == quote_plus(text)
