"""JSON webhooks: what is told when, to whom, under which id, by POST and by GET."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from calls import APPLICATION, SETTINGS, Line, document, element
from hooks import body_of, modelled, published, webhooks_of
from schemas import needs_schemas

from recsim.core import recordings
from recsim.core.entities import COMPLETED, Webhook
from recsim.scenario.load import loads
from recsim.scenario.run import Run, run
from recsim.vendors.telnyx.callbacks import PARAMETERS, WEBHOOK_PARAMETERS, nested
from recsim.vendors.telnyx.callbacks.webhooks import FAILURES, flat, reason
from recsim.vendors.telnyx.conference_ends import ENDS
from recsim.vendors.telnyx.lifecycle import CONFERENCE
from recsim.vendors.telnyx.webhook_models import CallRecordingErrorPayload, ConferenceEndedPayload

HOOK = "https://app.test/webhooks"
BACKUP = "https://backup.test/webhooks"


def scenario(verbs: str, rest: str = "", *, hook: str = "", readings: str = "") -> str:
    """A call to an application that takes webhooks; `/done` hangs up."""
    return f"""
recsim: 1
title: Webhooks
application: {{voice_url: https://app.test/answer, webhook_event_url: {HOOK}{hook}}}
documents:
  https://app.test/answer: <Response>{verbs}</Response>
  https://app.test/done: <Response><Hangup/></Response>
readings: {{{readings}}}
calls:
  caller:
    from: +15550001
    to: +15550002
    story: [wait: beep, speak: 6s, hang_up]
{rest}
"""


RECORD = '<Record recordingStatusCallback="/r"/>'
ALSO = "texml_also_json: true"
BUSY = "callees:\n  bob: {number: +15550100, refuses: busy}"
OTHERS = {
    "voicemail": scenario(RECORD, readings=ALSO),
    "failed": scenario(RECORD, "storage: {failure: disk full}", readings=ALSO),
    "conference": scenario(
        '<Dial><Conference record="record-from-start">room</Conference></Dial>', readings=ALSO
    ),
    "dialed": scenario('<Dial action="/done"><Number>+15550100</Number></Dial>', BUSY).replace(
        "wait: beep, ", ""
    ),
}


def played(text: str) -> Run:
    return run(loads(text.encode()))


def types(told: list[dict[str, Any]]) -> list[str]:
    return [data["event_type"] for data in told]


# As the models and the schemas have them


def test_together_they_tell_everything_that_there_is_to_tell() -> None:
    told = {kind for text in OTHERS.values() for kind in types(webhooks_of(played(text)))}

    assert told == {
        *("call.initiated", "call.answered", "call.hangup"),
        *("call.recording.saved", "call.recording.error"),
        *("conference.created", "conference.ended", "conference.recording.saved"),
        *("conference.participant.joined", "conference.participant.left"),
    }


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_a_webhook_is_what_its_model_prints_back(text: str) -> None:
    lines = [line for line in played(text).callbacks if line["kind"] == "webhook"]

    assert lines
    for line in lines:
        body = modelled(body_of(line))
        assert line["params"] == dict(flat(body))
        assert set(line["params"]) <= set(WEBHOOK_PARAMETERS)
        assert nested(line["params"])["data"]["event_type"] == body["data"]["event_type"]
        assert line["headers"] == {
            "content-type": "application/json",
            "user-agent": "telnyx-webhooks",
        }


@needs_schemas
@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_a_webhook_fits_its_published_schema_and_nothing_besides(text: str) -> None:
    for line in played(text).callbacks:
        if line["kind"] == "webhook":
            published(body_of(line))


def test_parameters_of_the_two_families_are_told_apart() -> None:
    assert not set(PARAMETERS) & set(WEBHOOK_PARAMETERS)
    assert all("." in name for name in WEBHOOK_PARAMETERS)


# What is told when


def test_a_call_is_told_of_from_its_beginning_to_its_end() -> None:
    told = webhooks_of(played(scenario(RECORD)))

    assert types(told) == ["call.initiated", "call.answered", "call.hangup"]
    ids = ("call_control_id", "call_leg_id", "call_session_id", "connection_id", "start_time")
    assert len({tuple(data["payload"][name] for name in ids) for data in told}) == 1
    assert [data["payload"]["state"] for data in told] == ["parked", "answered", "hangup"]
    assert told[0]["payload"]["direction"] == "incoming"


def test_a_leg_that_is_dialed_is_outgoing_and_told_of_too() -> None:
    told = webhooks_of(played(OTHERS["dialed"]))

    dialed = [data for data in told if data["payload"]["to"] == "+15550100"]
    assert types(dialed) == ["call.initiated", "call.hangup"]
    first, last = (data["payload"] for data in dialed)
    assert (first["direction"], first["state"]) == ("outgoing", "bridging")
    assert (last["hangup_cause"], last["hangup_source"]) == ("user_busy", "callee")
    assert len({data["payload"]["call_session_id"] for data in told}) == 1


def test_recordings_that_texml_made_are_not_told_of() -> None:
    assert not any("recording" in kind for kind in types(webhooks_of(played(scenario(RECORD)))))


def test_what_a_command_started_is_told_with_its_client_state() -> None:
    line = Line(application=APPLICATION._replace(webhook=Webhook(HOOK)))
    line.documents = {"answer": document(element("Pause", length="60"))}
    leg = line.platform.legs[line.call()]
    settings = SETTINGS._replace(tells_webhook=True, client_state="aGk=", beep=False, format="wav")

    made = recordings.start(line.platform, leg, "StartCallRecordingAPI", settings)
    line.after(5_000_000)
    line.ask("POST", f"/Calls/{line.sid('alice')}", {"Status": "completed"})
    line.after(5_000_000)

    assert made.status == COMPLETED
    [saved] = [
        told for told in line.of("webhook") if told["data.event_type"] == "call.recording.saved"
    ]
    assert saved["data.payload.client_state"] == "aGk="
    assert saved["data.payload.channels"] == "dual"
    assert saved["data.payload.recording_urls.wav"].startswith("https://s3.amazonaws.com/")
    assert "data.payload.recording_urls.mp3" not in saved
    assert saved["data.payload.recording_id"] == line.vendor.wire_id("recording", "alice", 1)


def test_a_saved_recording_says_what_the_api_says_of_it() -> None:
    run_ = played(OTHERS["voicemail"])
    [saved] = [data for data in webhooks_of(run_) if data["event_type"] == "call.recording.saved"]

    [row] = run_.recordings
    payload, v2 = saved["payload"], row["v2"]
    assert payload["recording_id"] == row["sid"]
    for name in ("call_control_id", "call_leg_id", "call_session_id", "channels"):
        assert payload[name] == v2[name]
    for name in ("recording_started_at", "recording_ended_at"):
        assert f"{payload[name][:23]}Z" == v2[name]
    [callback] = [line for line in run_.callbacks if line["kind"] == "recording-status"]
    assert payload["recording_urls"] == {"mp3": callback["params"]["RecordingUrl"]}


def test_what_has_no_usable_audio_is_told_by_no_webhook() -> None:
    text = scenario(RECORD, readings=ALSO).replace("speak: 6s", "wait: 100ms")

    run_ = played(text)

    assert [row["status"] for row in run_.recordings] == ["absent"]
    assert not any("recording" in kind for kind in types(webhooks_of(run_)))


def test_a_conference_that_could_not_be_stored_has_no_event() -> None:
    text = f"{OTHERS['conference']}\nstorage: {{failure: disk full}}"

    assert not any("recording" in kind for kind in types(webhooks_of(played(text))))


def test_a_conference_is_told_of_from_its_beginning_to_its_end() -> None:
    told = webhooks_of(played(OTHERS["conference"]))

    of_room = [data for data in told if data["event_type"].startswith("conference")]
    assert types(of_room) == [
        "conference.created",
        "conference.participant.joined",
        "conference.participant.left",
        "conference.ended",
        "conference.recording.saved",
    ]
    assert len({data["payload"]["conference_id"] for data in of_room}) == 1
    assert of_room[3]["payload"]["reason"] == "all_left"
    assert [("occurred_at" in data, "occurred_at" in data["payload"]) for data in of_room] == [
        (False, True),
        (True, False),
        (True, False),
        (False, True),
        (False, False),
    ]


def test_every_end_of_a_conference_has_a_reason() -> None:
    ends = {rule.trigger for rule in CONFERENCE.rules if rule.dest in CONFERENCE.final}

    assert {end.trigger for end in ENDS} == ends
    words = ConferenceEndedPayload.model_fields["reason"].annotation.__args__
    assert {end.v2_reason for end in ENDS} == set(words)


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("Invalid credentials json", "Invalid credentials json"),
        ("unsupported BACKEND", "Unsupported backend"),
        ("disk full", "Internal server error"),
    ],
)
def test_a_failure_of_the_storage_is_told_as_one_of_four(failure: str, told: str) -> None:
    assert reason(failure) == told
    assert CallRecordingErrorPayload.model_fields["reason"].annotation.__args__ == FAILURES


def test_who_names_no_url_is_told_nothing() -> None:
    text = scenario(RECORD, readings=ALSO).replace(f", webhook_event_url: {HOOK}", "")

    assert {line["kind"] for line in played(text).callbacks} == {"instructions", "recording-status"}


# Ids and attempts


def test_an_id_is_the_same_at_each_attempt_and_no_others() -> None:
    text = f"{OTHERS['conference']}\nreceiver: {{answers: [500, timeout, 200]}}"

    told = [webhooks_of(played(text), attempt) for attempt in (1, 2, 3)]

    assert sorted(told[0], key=str) == sorted(told[1], key=str) == sorted(told[2], key=str)
    assert max(Counter(data["id"] for data in told[0]).values()) == 1


def test_a_copy_of_an_attempt_is_the_same_to_the_last_byte() -> None:
    run_ = played(f"{OTHERS['voicemail']}\nnetwork: {{duplicates: 100%}}")

    bodies = Counter(line["body"] for line in run_.callbacks if line["kind"] == "webhook")
    assert set(bodies.values()) == {2}
    assert len({data["id"] for data in webhooks_of(run_)}) == len(bodies)


def test_attempts_are_counted_and_say_where_they_went() -> None:
    hook = f", webhook_event_failover_url: {BACKUP}, fallback_url: https://backup.test/voice"
    text = scenario(RECORD, "receiver: {answers: [500, 500, 500, 200]}", hook=hook)

    for readings in ("", "texml_callback_failover: none"):
        run_ = played(text.replace("readings: {}", f"readings: {{{readings}}}"))
        metas = [
            body_of(line)["meta"]
            for line in run_.callbacks
            if line["params"].get("data.event_type") == "call.hangup"
        ]

        assert metas == [
            {"attempt": n, "delivered_to": HOOK if n < 4 else BACKUP} for n in (1, 2, 3, 4)
        ]


def test_a_call_more_renames_no_webhook() -> None:
    alone = scenario(RECORD)
    both = alone.replace(
        "calls:\n", "calls:\n  other: {from: +15550009, to: +15550002, story: [hang_up]}\n"
    )

    ids = {data["id"]: data for data in webhooks_of(played(alone))}
    among = {data["id"]: data for data in webhooks_of(played(both))}

    assert ids.items() <= among.items()
    assert len(among) == 2 * len(ids) - 1  # the other one is never answered


def test_a_seed_makes_ids_of_its_own() -> None:
    one, other = (run(loads(OTHERS["voicemail"].encode()), seed=seed).callbacks for seed in (1, 2))

    ids = [{line["params"].get("data.id") for line in lines} - {None} for lines in (one, other)]
    assert not ids[0] & ids[1]


# By GET


def test_a_get_says_in_its_query_what_a_post_says_in_its_body() -> None:
    posted, got = (
        played(scenario(RECORD, hook=f"?a=1, webhook_url_method: {method}", readings=ALSO))
        for method in ("POST", "GET")
    )

    pairs = [
        [line for line in run_.callbacks if line["kind"] == "webhook"] for run_ in (posted, got)
    ]
    assert len(pairs[0]) == 4
    for post, get in zip(*pairs, strict=True):
        assert get["params"] == post["params"]
        assert get["body"] == ""
        assert get["headers"] == {"user-agent": "telnyx-webhooks"}
        query = parse_qsl(urlsplit(get["url"]).query, strict_parsing=True)
        assert query == [("a", "1"), *post["params"].items()]
        assert post["params"]["meta.delivered_to"] == f"{HOOK}?a=1"


def test_null_is_left_out_of_a_query() -> None:
    assert list(flat({"a": {"b": None, "c": 1}, "d": {}})) == [("a.c", "1")]


@pytest.mark.parametrize("params", [{"a.b": "1", "a.c.d": "2", "e": "3"}, {"CallSid": "x"}])
def test_dotted_names_are_mappings_again(params: dict[str, str]) -> None:
    assert dict(flat(nested(params))) == params


# In scenarios


def test_a_receiver_can_ask_for_what_a_webhook_tells() -> None:
    asks = """
receiver:
  asks:
    - when: {data: {event_type: call.recording.saved}}
      get: /v2/recordings/{data.payload.recording_id}
requests:
  - {at: 1m, get: "{caller.recording.url}", answer: {status: 200}}
expect:
  - response: {method: GET, data: {record_type: recording}}
    exactly: 1
"""

    run_ = played(scenario("<Record/>", asks, readings=ALSO))

    assert run_.as_expected, run_.verdicts
    assert not run_.remarks
