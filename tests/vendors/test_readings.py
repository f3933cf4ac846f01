"""Each reading of what the reference leaves open: what a scenario shows on either side of it."""

# ruff: noqa: E501 - a row of a table is a line

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from recsim.core.errors import RecsimError, ScenarioError
from recsim.core.platform import Platform
from recsim.core.watch import Watch
from recsim.scenario.load import loads
from recsim.scenario.run import Run, run, stage
from recsim.scenario.schema import READING_SCHEMA
from recsim.scenario.units import parse_moment
from recsim.vendors.telnyx.defaults import (
    BY_CONFERENCE_COMMAND,
    BY_PARTICIPANT_CONFERENCE,
    SOURCES,
)
from recsim.vendors.telnyx.readings import (
    BY_KEY,
    COUNT,
    DURATION,
    NUMBER,
    RATE,
    READINGS,
    Reading,
    ReadingError,
    check,
    other_answers,
    settled,
)
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.world.driver import Driver

SECOND_US = 1_000_000

RECORD = (
    '<Record action="/done" recordingStatusCallback="/recording"'
    ' recordingStatusCallbackEvent="in-progress completed absent"/>'
)


def scenario(verbs: str, story: str, rest: str = "") -> str:
    """A call to an application that answers `verbs`; its `/done` hangs up."""
    return f"""
recsim: 1
title: One reading
application: {{voice_url: https://app.test/answer}}
documents:
  https://app.test/answer: <Response>{verbs}</Response>
  https://app.test/done: <Response><Hangup/></Response>
calls:
  caller:
    from: +15550001
    to: +15550002
    story: [{story}]
{rest}
"""


def play(text: str, readings: Mapping[str, str] | None = None) -> Run:
    """Play a scenario under readings."""
    lines = [f"  {key}: {answer}" for key, answer in (readings or {}).items()]
    if lines:
        text += "\n".join(["readings:", *lines, ""])
    return run(loads(text.encode()))


# What is looked at: each takes a run, and gives a value to compare.


def view(name: str, *keys: str) -> Callable[[Run], Any]:
    """Fields of one view of the only recording."""

    def look(played: Run) -> Any:
        [recording] = played.recordings
        found = [recording[name][key] for key in keys]
        return found[0] if len(found) == 1 else tuple(found)

    return look


def moment(word: str, since: str = "") -> Callable[[Run], int]:
    """When something was first perceived on the call, in µs."""

    def look(played: Run) -> int:
        at_us: dict[str, int] = {"": 0}
        for event in played.kept.events:
            at_us.setdefault(event.word, event.at_us)
        return at_us[word] - at_us[since]

    return look


def statuses_told(played: Run) -> list[str]:
    """Of each first attempt of a recording status callback."""
    return [
        sent.params["RecordingStatus"]
        for sent in played.kept.sent
        if sent.kind == "recording-status" and sent.attempt == 1
    ]


def kinds_sent(kind: str) -> Callable[[Run], int]:
    """How many requests of a kind were sent."""
    return lambda played: sum(sent.kind == kind for sent in played.kept.sent)


def outcomes(played: Run) -> list[int | str]:
    """Of each attempt of a recording status callback."""
    return [sent.outcome for sent in played.kept.sent if sent.kind == "recording-status"]


def callback_hosts(played: Run) -> list[str | None]:
    """Where each attempt of a recording status callback went."""
    urls = [sent.url for sent in played.kept.sent if sent.kind == "recording-status"]
    return [urlsplit(url).hostname for url in urls]


def recordings_hooked(played: Run) -> list[str]:
    """What webhooks told of recordings."""
    told = [line["params"].get("data.event_type", "") for line in played.callbacks]
    return [event_type for event_type in told if "recording" in event_type]


def waits_s(played: Run) -> list[float]:
    """Between the attempts of the only recording status callback."""
    at_us = [sent.at_us for sent in played.kept.sent if sent.kind == "recording-status"]
    return [(b - a) / SECOND_US for a, b in pairwise(at_us)]


def moves(played: Run) -> list[dict[str, Any]]:
    """Lines of the trace that tell a move."""
    return [line for line in played.trace if line["kind"] == "move"]


def triggers(lifecycle: str) -> Callable[[Run], list[str]]:
    """What moved the entities of a lifecycle, in order."""
    return lambda played: [
        line["trigger"] for line in moves(played) if line["lifecycle"] == lifecycle
    ]


def ended_after_beep(played: Run) -> int:
    """When capture was over, in µs after the beep."""
    [at] = [line["at"] for line in moves(played) if line["dest"] == "stopped"]
    return parse_moment(at) - played.loaded.scenario.starts_at - moment("beep")(played)


def lifetimes(played: Run) -> set[str]:
    """Of every link in sight, in seconds."""
    [recording] = played.recordings
    links = [
        recording["texml"]["media_url"],
        *recording["v2"]["download_urls"].values(),
        *(
            sent.params["RecordingUrl"]
            for sent in played.kept.sent
            if "RecordingUrl" in sent.params
        ),
    ]
    assert len(links) == 4
    return {parse_qs(urlsplit(link).query)["X-Amz-Expires"][0] for link in links}


def both(*looks: Callable[[Run], Any]) -> Callable[[Run], tuple[Any, ...]]:
    """Several values at once."""
    return lambda played: tuple(look(played) for look in looks)


duration = view("texml", "duration")


def durations(played: Run) -> tuple[Any, ...]:
    """A length wherever it is told: views, action, callback, and in milliseconds."""
    [recording] = played.recordings
    told = {sent.params.get("RecordingDuration") for sent in played.kept.sent} - {None}
    return (recording["texml"]["duration"], told, recording["v2"]["duration_millis"])


# The scenarios.

MESSAGE = scenario(RECORD, "{wait: beep}, {speak: 6s}, hang_up")
TOO_SHORT = scenario(RECORD, "{wait: beep}, {speak: 500ms}, {press: 1}")
SILENT = scenario(RECORD, "{wait: beep}, {silent: 5s}, {press: 1}")
WITH_SILENCE = scenario(RECORD, "{wait: beep}, {silent: 3s}, {speak: 4s}, {silent: 2s}, {press: 1}")
FROM_THE_START = scenario(RECORD, "{wait: record}, {speak: 3s}, hang_up")
TO_PAUSE_AND_RESUME = """
requests:
  - at: 2s after beep
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: paused}
    answer: {status: 200}
  - at: 5s after beep
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: in-progress}
    answer: {status: 200}
"""
TO_PAUSE = TO_PAUSE_AND_RESUME.partition("  - at: 5s")[0]
PAUSED = scenario(RECORD, "{wait: beep}, {speak: 9s}, hang_up", TO_PAUSE_AND_RESUME)
FETCHED = f"""{MESSAGE}
requests:
  - at: 2s after beep
    get: /v2/texml/Accounts/{{account}}/Calls/{{caller}}
    answer: {{status: 200}}
"""
LIMITED = RECORD.replace("<Record", '<Record maxLength="10"')
LIMITED_AND_PAUSED = scenario(LIMITED, "{wait: beep}, {speak: 30s}", TO_PAUSE_AND_RESUME)
LIMITED_AND_LEFT_PAUSED = scenario(LIMITED, "{wait: beep}, {speak: 30s}, hang_up", TO_PAUSE)
ONE_CALLBACK = '<Record recordingStatusCallback="/recording"/>'
WITHOUT_ACTION = scenario(
    '<Record finishOnKey="1"/>',
    "{wait: beep}, {speak: 2s}, {press: 1}, {wait: beep}, {speak: 2s}, hang_up",
)
BY_NOUN = scenario(
    '<Start><Recording/></Start><Pause length="20"/>', "{wait: pause}, {speak: 9s}, hang_up"
)
AT_ONCE = scenario(
    '<Pause length="20"/>',
    "{wait: pause}, {speak: 9s}, hang_up",
    """
requests:
  - at: 1s after pause
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings.json
    form: {RecordingStatusCallback: https://app.test/recording}
""",
)
BY_REQUEST = scenario(
    '<Pause length="20"/>',
    "{wait: pause}, {speak: 9s}, hang_up",
    """
requests:
  - at: 1s after pause
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings.json
    form: {}
    answer: {status: 200}
""",
)
ONLY_RINGING = scenario(
    '<Dial record="record-from-ringing">+15550100</Dial>',
    "",
    "callees: {bob: {number: +15550100, refuses: no_answer, refuses_after: 5s}}",
)
NOT_ANSWERED = scenario(
    '<Dial timeout="5" record="record-from-answer"'
    ' recordingStatusCallback="/recording">+15550100</Dial>',
    "",
)


FORWARDED = scenario(
    '<Dial record="record-from-answer">+15550100</Dial>',
    "",
    "callees: {bob: {number: +15550100, answers_after: 1s, story: [{speak: 5s}, hang_up]}}",
)
CALLED = """
recsim: 1
title: One reading
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: <Response><Pause length="60"/></Response>
requests:
  - at: 1s
    post: /v2/texml/Accounts/{account}/Calls
    form: {To: +15550100, From: +15550002, Record: true}
    makes: survey
callees:
  bob: {number: +15550100, answers_after: 1s, story: [{silent: 3s}, {speak: 4s}, hang_up]}
"""
BY_NOUN_WITH_SILENCE = BY_NOUN.replace("{speak: 9s}", "{silent: 3s}, {speak: 4s}, {silent: 2s}")
CONFERENCE = scenario(
    '<Dial><Conference record="record-from-start" recordingTimeout="4"'
    ' recordingStatusCallback="/recording" statusCallback="/status"'
    ' statusCallbackEvent="end">room</Conference></Dial>',
    "{wait: conference}, {silent: 3s}, {speak: 2s}, {silent: 55s}, hang_up",
)
WAITED = scenario(
    '<Record finishOnKey="1" recordingStatusCallback="/recording"/><Pause length="20"/>',
    "{wait: beep}, {speak: 4s}, {press: 1}, {silent: 10s}, hang_up",
)
DELETED_MEANWHILE = f"""{WAITED}
requests:
  - at: 5s after press
    delete: /v2/texml/Accounts/{{account}}/Recordings/{{caller.recording}}.json
    answer: {{status: 204}}
"""
LINKED = scenario(
    '<Record finishOnKey="1" recordingStatusCallback="/recording"/>' + 4 * '<Pause length="180"/>',
    "{wait: beep}, {speak: 4s}, {press: 1}, {silent: 700s}, hang_up",
    "requests:\n"
    + "".join(
        f'  - {{at: {at}, get: "{{caller.recording.url}}"}}\n'
        for at in ("599s after press", "602s after press", "599s after end", "600s after end")
    ),
)
LINKED_ANEW = scenario(
    '<Record finishOnKey="1"/>',
    "{wait: beep}, {speak: 4s}, {press: 1}",
    """
requests:
  - {at: 900s after end, get: "/v2/recordings/{caller.recording}"}
  - {at: 1400s after end, get: "{caller.recording.media_url}"}
  - {at: 1501s after end, get: "{caller.recording.media_url}"}
""",
)
RECORDING = "/v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json"
OUT_OF_TURN = scenario(
    '<Start><Recording/></Start><Pause length="60"/>',
    "{wait: pause}, {speak: 9s}, hang_up",
    f"""
requests:
  - {{at: 1s after pause, post: "{RECORDING}", form: {{Status: stopped}}}}
  - {{at: 2s after pause, post: "{RECORDING}", form: {{Status: paused}}}}
  - {{at: 3s after pause, post: "/v2/calls/{{caller}}/actions/record_resume", json: {{}}}}
  - at: 4s after pause
    post: "/v2/calls/{{caller}}/actions/record_pause"
    json: {{recording_id: "{{caller.recording}}"}}
  - {{at: 5s after pause, post: "{RECORDING}", form: {{Status: resting}}}}
  - {{at: 1s after end, post: "{RECORDING}", form: {{Status: paused}}}}
""",
)
STARTED_TWICE = BY_REQUEST.replace(
    "    answer: {status: 200}",
    """
  - at: 2s after pause
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings.json
    form: {}
  - at: 3s after pause
    post: /v2/calls/{caller}/actions/record_stop
    json: {}
  - at: 4s after pause
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings.json
    form: {}
""",
)
V2_FETCHED = f"""{TOO_SHORT}
requests:
  - {{at: 100ms after beep, get: "/v2/recordings/{{caller.recording}}"}}
"""


def answers(played: Run) -> list[int]:
    """The status of each answer to a request."""
    return [one.answer.status for one in played.kept.answered]


def days_kept(played: Run) -> float | None:
    """How long after it was stored the only recording was deleted; None: it was not."""
    times = {
        line["dest"]: parse_moment(line["at"])
        for line in moves(played)
        if line["lifecycle"] == "recording"
    }
    return (
        (times["deleted"] - times["completed"]) / SECOND_US / 86400 if "deleted" in times else None
    )


def told_after(word: str) -> Callable[[Run], list[int]]:
    """How long after something was first perceived each recording is told as completed, in ms."""

    def look(played: Run) -> list[int]:
        since_us = moment(word)(played)
        return [
            (sent.at_us - since_us) // 1000
            for sent in played.kept.sent
            if sent.params.get("RecordingStatus") == "completed"
        ]

    return look


def conference_ended(played: Run) -> int:
    """How long a conference went on, in s."""
    times = {
        line["dest"]: parse_moment(line["at"])
        for line in moves(played)
        if line["lifecycle"] == "conference"
    }
    return (times["completed"] - times["in-progress"]) // SECOND_US


def received(receiver: str) -> str:
    """A message whose one callback goes to such a receiver."""
    story = "{wait: beep}, {speak: 6s}, hang_up"
    return scenario(ONE_CALLBACK, story, f"receiver: {{{receiver}}}")


def command(at: str, what: str, command_id: str = "") -> str:
    """A request that commands something of the caller's recordings."""
    path = f"/v2/calls/{{caller}}/actions/record_{what}"
    return f"  - {{at: {at} after beep, post: '{path}', json: {{command_id: '{command_id}'}}}}\n"


#: Paused for two seconds, and again by the same command_id a minute later.
TWICE = scenario(
    "<Record/>",
    "{wait: beep}, {silent: 69s}, hang_up",
    "requests:\n"
    + command("1s", "pause", "a")
    + command("3s", "resume")
    + command("63s", "pause", "a")
    + command("65s", "resume"),
)


def duration_of_any(played: Run) -> int:
    """Of the only recording, even once it is deleted."""
    [recording] = played.recordings
    return int(recording["conference_item"]["duration"])


def answered(played: Run) -> list[int]:
    """The status that each request was answered, in order."""
    return [one.answer.status for one in played.kept.answered]


def asked(*lines: str) -> str:
    """A message, and requests once it is stored."""
    each = (f"  - {{at: 2s after hang_up, {line}}}\n" for line in lines)
    return f"{MESSAGE}\nrequests:\n{''.join(each)}"


NOBODY = "cd5a70f4-759b-4d5e-9c06-88c00f16f3c1"
BULK_DELETION = asked(
    f"post: /v2/recordings/actions/delete, json: {{ids: ['{{caller.recording}}', {NOBODY}]}}",
    "get: /v2/recordings",
)
BY_CONNECTION = asked("get: '/v2/recordings?filter[connection_id]=1'")
BEYOND_THE_END = asked("get: '/v2/recordings?page[number]=2'")
FROM_A_CONFERENCE = scenario(
    '<Dial><Conference record="record-from-start">room</Conference></Dial>',
    "{silent: 9s}, hang_up",
    "requests:\n"
    "  - {at: 20s, delete: '/v2/texml/Accounts/{account}/Recordings/{caller.recording}.json'}\n",
)


class Case(NamedTuple):
    """What a scenario shows by default, and under another answer to one reading."""

    key: str
    answer: str
    text: str
    look: Callable[[Run], Any]
    by_default: Any
    otherwise: Any


# fmt: off
CASES = (
    Case("answer_before_fetch", "true", MESSAGE,
         both(moment("answer"), lambda played: played.kept.sent[0].params["CallStatus"]),
         (100_000, "ringing"), (0, "in-progress")),
    Case("voice_method", "get", MESSAGE,
         lambda played: (played.callbacks[0]["method"], "?" in played.callbacks[0]["url"]),
         ("POST", False), ("GET", True)),
    Case("record_accept_absent", "false", TOO_SHORT, statuses_told,
         ["in-progress", "absent"], ["in-progress"]),
    Case("record_no_action", "same_document", WITHOUT_ACTION,
         both(kinds_sent("instructions"), lambda played: len(played.recordings)),
         (1, 1), (2, 2)),
    Case("empty_record_skips_action", "false", TOO_SHORT, kinds_sent("action"), 0, 1),
    Case("dial_start", "leg_created", NOT_ANSWERED,
         lambda played: [(row["status"], row["texml"]["source"]) for row in played.recordings],
         [], [("absent", "DialVerb")]),
    Case("absent_on_unanswered", "false", ONLY_RINGING,
         lambda played: [(row["status"], row["texml"]["duration"]) for row in played.recordings],
         [("absent", "0")], [("completed", "5")]),
    Case("absent_min_duration_s", "500ms", TOO_SHORT,
         both(lambda played: played.recordings[0]["status"], statuses_told),
         ("absent", ["in-progress", "absent"]), ("completed", ["in-progress", "completed"])),
    Case("absent_min_duration_s", "7s", MESSAGE,
         both(lambda played: played.recordings[0]["status"], statuses_told),
         ("completed", ["in-progress", "completed"]), ("absent", ["in-progress", "absent"])),
    Case("absent_delete_silent", "true", SILENT,
         both(lambda played: played.recordings[0]["status"], view("texml", "duration", "error_code")),
         ("completed", ("5", None)), ("absent", ("0", "16102"))),
    Case("absent_delete_silent", "true", MESSAGE, duration, "6", "6"),
    Case("absent_error_codes", "none", TOO_SHORT,
         both(view("texml", "error_code"), lambda played: played.kept.sent[-1].params.get("ErrorCode")),
         ("16101", "16101"), (None, None)),
    Case("absent_in_texml_view", "absent", TOO_SHORT,
         both(view("texml", "status"), lambda played: played.recordings[0]["status"]),
         ("stopped", "absent"), ("absent", "absent")),
    Case("keep_tombstones", "false", FROM_A_CONFERENCE,
         lambda played: [(row["status"], (row["conference_item"] or {}).get("status")) for row in played.recordings],
         [("deleted", "deleted")], [("deleted", None)]),
    Case("bulk_delete_strict", "true", BULK_DELETION,
         both(answered, lambda played: played.recordings[0]["status"]),
         ([200, 200], "deleted"), ([404, 200], "completed")),
    Case("unknown_connection", "not_found", BY_CONNECTION, answered, [200], [404]),
    Case("page_beyond_end", "not_found", BEYOND_THE_END, answered, [200], [404]),
    Case("pause_behavior", "silence", PAUSED, duration, "6", "9"),
    Case("max_length_counts_paused", "true", LIMITED_AND_PAUSED,
         both(duration, ended_after_beep), ("10", 13 * SECOND_US), ("7", 10 * SECOND_US)),
    Case("max_length_counts_paused", "true", LIMITED_AND_LEFT_PAUSED,
         both(duration, triggers("recording"), ended_after_beep),
         ("2", ["start", "pause", "end", "save"], 30 * SECOND_US),
         ("2", ["start", "pause", "limit", "save"], 10 * SECOND_US)),
    Case("duration_round", "nearest", MESSAGE.replace("6s", "6.5s"), durations,
         ("6", {"6"}, 6500), ("7", {"7"}, 6500)),
    Case("duration_round", "nearest", MESSAGE.replace("6s", "6.4s"), duration, "6", "6"),
    Case("duration_round", "ceil", MESSAGE.replace("6s", "6.4s"), durations,
         ("6", {"6"}, 6400), ("7", {"7"}, 6400)),
    Case("texml_date_format", "rfc2822", MESSAGE,
         both(view("texml", "start_time"), view("texml_create", "date_created"), view("v2", "created_at")),
         ("2026-01-05T09:00:00Z", "2026-01-05T09:00:00Z", "2026-01-05T09:00:00.100Z"),
         ("Mon, 05 Jan 2026 09:00:00 +0000", "Mon, 05 Jan 2026 09:00:00 +0000", "2026-01-05T09:00:00.100Z")),
    Case("texml_resource_date_format", "iso8601", FETCHED,
         lambda played: orjson.loads(played.kept.answered[0].answer.body)["start_time"],
         "Mon, 05 Jan 2026 09:00:00 +0000", "2026-01-05T09:00:00Z"),
    Case("recording_url_ttl_s", "90s", MESSAGE, lifetimes, {"600"}, {"90"}),
    Case("price_per_min", "0.05", MESSAGE.replace("6s", "60s"),
         view("texml_create", "price", "price_unit"), ("0.0020", "USD"), ("0.0500", "USD")),
    Case("price_per_min", "0", MESSAGE,
         view("texml_create", "price", "price_unit"), ("0.0002", "USD"), ("0.0000", "USD")),
    Case("beep_s", "2s", FROM_THE_START,
         both(moment("beep", "record"), view("v2", "duration_millis")), (500_000, 2500), (2_000_000, 1000)),
    Case("beep_s", "0s", FROM_THE_START, view("v2", "duration_millis"), 2500, 3000),
    Case("callback_latency_s", "2s", MESSAGE,
         lambda played: played.kept.sent[1].at_us - moment("record")(played), 100_000, 2_000_000),
    Case("conference_limit_s", "5s", FROM_A_CONFERENCE, both(triggers("conference"), duration_of_any),
         (["create", "start", "empty"], 8), (["create", "start", "expire"], 4)),
    Case("audio_after_answer_s", "2s", AT_ONCE, kinds_sent("recording-status"), 1, 0),
    Case("webhook_timeout_secs", "10s", received("latency: 5s"), outcomes,
         ["timeout", "timeout", "timeout"], [200]),
    Case("webhook_success", "200", received("answers: [204]"),
         both(outcomes, triggers("delivery")), ([204], ["send", "accept"]), ([204], ["send", "give_up"])),
    Case("webhook_success", "200", received("answers: [200]"), triggers("delivery"),
         ["send", "accept"], ["send", "accept"]),
    Case("webhook_follow_redirects", "3", received("answers: [{redirect: https://other.test/r}, 200]"),
         both(outcomes, callback_hosts, triggers("delivery")),
         ([302], ["app.test"], ["send", "give_up"]),
         ([302, 200], ["app.test", "other.test"], ["send", "redirect", "accept"])),
    Case("webhook_retry_after", "honoured", received("answers: [{status: 429, retry_after: 30s}, 500, 200], latency: 0s"),
         waits_s, [1, 2], [30, 2]),
    Case("command_id_ttl_s", "0s", TWICE, duration, "65", "67"),
    Case("retry_policy", "fixed", received("answers: [503], latency: 0s"), waits_s,
         [1, 2], [60, 240, 600, 2700]),
    Case("retry_policy", "none", received("answers: [503], latency: 0s"), waits_s, [1, 2], []),
    Case("texml_callback_failover", "none", received("answers: [500, 500, 500, 200]").replace(
             "/answer}", "/answer, fallback_url: https://backup.test/}"), both(outcomes, callback_hosts),
         ([500, 500, 500, 200], ["app.test"] * 3 + ["backup.test"]), ([500] * 3, ["app.test"] * 3)),
    Case("texml_also_json", "true", MESSAGE.replace(
             "/answer}", "/answer, webhook_event_url: https://app.test/hook}"), recordings_hooked,
         [], ["call.recording.saved"]),
    Case("say_words_per_minute", "60", scenario("<Say>one two three four five</Say><Pause/>", ""),
         moment("pause", "say"), 2_000_000, 5_000_000),
    Case("play_default_s", "12s", scenario("<Play>https://app.test/hello.mp3</Play><Pause/>", ""),
         moment("pause", "play"), 5_000_000, 12_000_000),
    Case("channels_default.RecordVerb", "single", MESSAGE,
         both(view("texml", "channels"), view("v2", "channels")), (2, "dual"), (1, "single")),
    Case("channels_default.RecordVerb", "single", BY_REQUEST, view("texml", "channels"), 2, 2),
    Case("channels_default.StartCallRecordingAPI", "single", BY_REQUEST,
         both(view("texml", "channels"), view("v2", "channels")), (2, "dual"), (1, "single")),
    Case("channels_default.StartCallRecordingAPI", "single", BY_NOUN, view("texml", "channels"), 2, 1),
    Case("channels_default.StartCallRecordingAPI", "single", MESSAGE, view("texml", "channels"), 2, 2),
    Case("channels_default.DialVerb", "dual", FORWARDED,
         both(view("texml", "channels"), view("v2", "channels")), (1, "single"), (2, "dual")),
    Case("channels_default.DialVerb", "dual", MESSAGE, view("texml", "channels"), 2, 2),
    Case("channels_default.OutboundAPI", "dual", CALLED, view("texml", "source", "channels"),
         ("OutboundAPI", 1), ("OutboundAPI", 2)),
    Case("trim_default.RecordVerb", "trim-silence", WITH_SILENCE, duration, "9", "4"),
    Case("trim_default.StartCallRecordingAPI", "trim-silence", BY_NOUN_WITH_SILENCE, duration, "9", "4"),
    Case("trim_default.StartCallRecordingAPI", "trim-silence", WITH_SILENCE, duration, "9", "9"),
    Case("trim_default.OutboundAPI", "off", CALLED, duration, "4", "7"),
    Case("trim_default.Conference", "trim-silence", CONFERENCE, duration, "8", "2"),
    Case("conference_limit_s", "20s", CONFERENCE, conference_ended, 60, 20),
    Case("v2_list_only_completed", "false", V2_FETCHED,
         both(answers, lambda played: [(row["status"], row["v2"] and row["v2"]["status"]) for row in played.recordings]),
         ([404], [("absent", None)]), ([200], [("absent", "absent")])),
    Case("completed_waits_for_call_end", "true", WAITED, both(told_after("press"), told_after("end")),
         ([820], [-9180]), ([10_100], [100])),
    Case("completed_waits_for_call_end", "true", MESSAGE, told_after("end"), [820], [820]),
    Case("completed_waits_for_call_end", "true", CONFERENCE, told_after("end"), [-50_180], [100]),
    Case("completed_waits_for_call_end", "true", DELETED_MEANWHILE, told_after("press"), [820], []),
    Case("url_clock", "call_end", LINKED, answers, [200, 403, 403, 403], [200, 200, 200, 403]),
    Case("url_clock", "call_end", LINKED_ANEW, answers, [200, 200, 403], [200, 200, 403]),
    Case("invalid_transition", "lenient", OUT_OF_TURN,
         both(answers, triggers("recording")),
         ([200, 404, 422, 422, 422, 404], ["start", "stop", "save"]),
         ([200, 200, 200, 200, 422, 404], ["start", "stop", "save"])),
    Case("retention_days", "30", MESSAGE, both(triggers("recording"), days_kept),
         (["start", "end", "save"], None), (["start", "end", "save", "delete"], 30)),
    Case("retention_days", "365", MESSAGE, days_kept, None, 365),
    Case("retention_days", "30", DELETED_MEANWHILE, both(triggers("recording"), answers),
         (["start", "key", "save", "delete"], [204]), (["start", "key", "save", "delete"], [204])),
    Case("retention_days", "30", TOO_SHORT, triggers("recording"),
         ["start", "key", "discard"], ["start", "key", "discard"]),
    Case("max_concurrent_recordings", "1", STARTED_TWICE,
         both(answers, lambda played: len(played.recordings)), ([200, 200, 200, 200], 3), ([200, 422, 200, 200], 2)),
    Case("max_concurrent_recordings", "2", STARTED_TWICE, answers, [200, 200, 200, 200], [200, 200, 200, 200]),
)
# fmt: on

#: Readings of ways to record that no request or document has yet: the table of defaults shows them.
BY_THE_TABLE = {
    "channels_default.StartConferenceRecordingAPI": (BY_CONFERENCE_COMMAND, "channels", 1, 2),
    "trim_default.StartConferenceRecordingAPI": (BY_CONFERENCE_COMMAND, "is_trimmed", False, True),
    "trim_default.ConferenceTrim": (BY_PARTICIPANT_CONFERENCE, "is_trimmed", True, False),
}

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.key}-{case.answer}")


@each_case
def test_a_reading_makes_its_own_difference(case):
    by_default = play(case.text)
    otherwise = play(case.text, {case.key: case.answer})

    assert all(verdict.held for verdict in (*by_default.verdicts, *otherwise.verdicts))
    assert case.look(by_default) == case.by_default
    assert case.look(otherwise) == case.otherwise


#: Readings under which an invariant looks otherwise: what is owed, and what a link answers.
WATCHED = ("completed_waits_for_call_end", "url_clock", "v2_list_only_completed", "retention_days")


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.key in WATCHED and "<Conference" not in case.text]
)
def test_the_invariants_hold_by_either_answer(case):
    for answer in (BY_KEY[case.key].default, case.answer):
        staged = stage(loads(case.text), readings={case.key: answer})
        platform = Platform(staged.vendor)
        watch = Watch(platform)

        Driver(platform, staged.plan, watch, retires=staged.retires).run()

        watch.finish()


@each_case
def test_the_default_may_be_said_and_changes_no_byte(case):
    said = play(case.text, {case.key: BY_KEY[case.key].default})

    assert said.lines == play(case.text).lines


@pytest.mark.parametrize("key", BY_THE_TABLE)
def test_a_reading_decides_a_default_and_no_other(key):
    made_by, field, by_default, otherwise = BY_THE_TABLE[key]
    [answer] = other_answers(BY_KEY[key], BY_KEY[key].default)

    plain, other = Telnyx(1, 0).defaults, Telnyx(1, 0, readings={key: answer}).defaults

    assert getattr(plain[made_by], field) == by_default
    assert plain[made_by] in SOURCES
    assert other == {**plain, made_by: plain[made_by]._replace(**{field: otherwise})}


@pytest.mark.parametrize(
    "reading",
    [reading for reading in READINGS if reading.key not in BY_THE_TABLE],
    ids=lambda reading: reading.key,
)
def test_every_reading_has_a_case_for_each_of_its_answers(reading):
    shown = {
        case.answer
        for case in CASES
        if case.key == reading.key and case.by_default != case.otherwise
    }

    assert shown
    if isinstance(reading.answers, tuple):
        assert shown == set(reading.answers) - {reading.default}


def test_every_case_is_about_a_reading():
    assert {case.key for case in CASES} == set(BY_KEY) - set(BY_THE_TABLE)


def test_what_a_reading_leaves_alone_stays_the_same():
    """A RFC 2822 date changes the files of recordings, and nothing that is sent or happens."""
    iso, rfc = play(MESSAGE), play(MESSAGE, {"texml_date_format": "rfc2822"})

    assert iso.lines["trace.jsonl"] == rfc.lines["trace.jsonl"]
    assert iso.lines["callbacks.jsonl"] == rfc.lines["callbacks.jsonl"]
    assert iso.lines["recordings.jsonl"] != rfc.lines["recordings.jsonl"]


# The table itself


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.key)
def test_a_default_is_one_of_its_answers(reading):
    check(reading.key, reading.default)


def test_no_reading_stands_twice():
    assert len(BY_KEY) == len(READINGS)


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.key)
def test_a_reading_says_what_it_is_about_and_where_that_is_open(reading):
    assert reading.question
    assert reading.spec.startswith("Q ")


def test_what_is_not_given_is_taken_by_default():
    assert settled({}) == {reading.key: reading.default for reading in READINGS}
    assert settled({"beep_s": "1s"}) == {**settled({}), "beep_s": "1s"}


def test_editors_are_told_of_every_reading():
    properties = READING_SCHEMA["properties"]
    assert set(properties) == set(BY_KEY)
    for reading in READINGS:
        told = properties[reading.key]
        assert told["default"] == reading.default
        is_choice = isinstance(reading.answers, tuple)
        assert told.get("enum") == (list(reading.answers) if is_choice else None)


# What is refused


def wrong_answers(reading: Reading) -> tuple[str, ...]:
    """Answers that a reading does not have."""
    if reading.answers == DURATION:
        return ("", "600", "-1s", "1 s", "soon", "1e3s", "0.0000001s", "31d")
    if reading.answers == COUNT:
        return ("", "-1", "1.5", "1e3", "nan", "two", "٣", "1" * 13)
    if reading.answers in (NUMBER, RATE):
        is_positive = reading.answers == RATE
        never = ("", "-1", "1e3", "nan", "inf", ".5", "1/2", "٣", "1" * 13)
        return (*never, "0", "0.0") if is_positive else never
    return ("", "maybe", reading.default.upper(), f" {reading.default}")


def expected(reading: Reading) -> str:
    """What a refusal says would have been right."""
    if reading.answers == DURATION:
        return "expected a duration"
    if reading.answers == COUNT:
        return "expected a whole number"
    if reading.answers in (NUMBER, RATE):
        return "expected a number"
    return f"expected one of {', '.join(reading.answers)}"


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.key)
def test_an_answer_that_a_reading_does_not_have_is_refused(reading):
    for answer in wrong_answers(reading):
        if isinstance(reading.answers, tuple) and answer in reading.answers:
            continue  # the upper case of 200 is 200
        with pytest.raises(ReadingError) as caught:
            Telnyx(1, 0, readings={reading.key: answer})

        text = str(caught.value)
        assert text.startswith(f"{reading.key}: {expected(reading)}"), text
        assert repr(answer) in text
        assert isinstance(caught.value, RecsimError)


@pytest.mark.parametrize(
    "key", ["", "beep", "BEEP_S", "channels_default", "channels_default.Conference", "beep_s "]
)
def test_a_reading_that_does_not_exist_is_refused(key):
    with pytest.raises(ReadingError, match="unknown reading") as caught:
        Telnyx(1, 0, readings={key: "true"})

    assert str(caught.value).startswith(f"{key}: unknown reading")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("beeps: 1s", "beeps: unknown reading"),
        ("retry_policy: often", "retry_policy: expected one of exponential, fixed, none"),
        ("beep_s: '5'", "beep_s: expected a duration such as 30s or 250ms, got '5'"),
        ("say_words_per_minute: '0'", "say_words_per_minute: expected a number from 1 to 1000"),
        ("price_per_min: '-1'", "price_per_min: expected a number such as 0.002, got '-1'"),
    ],
)
def test_a_scenario_with_a_wrong_reading_is_refused_where_it_stands(line, text):
    faulty = f"{MESSAGE}readings:\n  {line}\n"

    with pytest.raises(ScenarioError) as caught:
        loads(faulty.encode(), "faulty.yaml")

    [fault] = caught.value.faults
    assert "readings" in fault.path
    assert text in f"{fault.path}: {fault.text}"
    assert MESSAGE.count("\n") < fault.line <= faulty.count("\n")
