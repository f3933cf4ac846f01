"""Whether what a scenario expects has happened, and what is said when it has not."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from recsim.core.commands import Answer, Request
from recsim.scenario.expect import Verdict, judge, lines_of, matches
from recsim.scenario.load import loads
from recsim.scenario.record import Answered, Event, Kept, Sent

SECOND = 1_000_000


def sent(at_s: float, call: str = "a", attempt: int = 1, outcome: int | str = 200, **params: str):
    return Sent(
        round(at_s * SECOND), 0, call, "recording-status", "POST", "https://app.test/r", params,
        attempt, outcome,
    )  # fmt: skip


COMPLETED = {"RecordingStatus": "completed", "RecordingDuration": "9"}


def kept(**more: Any) -> Kept:
    """Two callbacks, a recording; `a` speaks at 1 s and 3 s and presses at 5 s, `b` at 2 s."""
    events = [("a", "beep", 0), ("a", "speak", 1), ("b", "press", 2), ("a", "speak", 3)]
    run = Kept(
        events=[Event(at * SECOND, call, word) for call, word, at in [*events, ("a", "press", 5)]],
        sent=[sent(1.5, RecordingStatus="in-progress"), sent(5.82, **COMPLETED)],
        recordings=[
            {
                "sid": "S",
                "status": "completed",
                "texml_create": {"duration": "9", "track": "both", "channels": 2, "price": None},
                "texml": {
                    "duration": "9",
                    "status": "stopped",
                    "media_url": "https://x.test/a.mp3",
                },
                "v2": {"duration_millis": 9500, "channels": "dual", "tags": ["x", "y"]},
                "conference_item": None,
            }
        ],
    )
    for name, value in more.items():
        setattr(run, name, value)
    return run


def verdict(line: str, run: Kept | None = None) -> Verdict:
    """The verdict on one line of `expect`."""
    text = f"""\
recsim: 1
title: A call
application: {{voice_url: https://app.test/answer}}
calls:
  a: {{from: +15550001, to: +15550002}}
  b: {{from: +15550001, to: +15550002}}
expect:
  - {line}
"""
    [one] = judge(loads(text.encode()).scenario, run or kept(), {}, str.upper)
    assert one.path == ("expect", 0)
    assert one.held is not bool(one.found)
    return one


def holds(line: str, run: Kept | None = None) -> bool:
    return verdict(line, run).held


# How often.


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("{callback: {kind: recording-status}}", True),
        ("{callback: {kind: action}}", False),
        ("{eventually: {callback: {kind: recording-status}}}", True),
        ("{eventually: {callback: {kind: action}}}", False),
        ("{never: {callback: {kind: action}}}", True),
        ("{never: {callback: {kind: recording-status}}}", False),
        ("{callback: {kind: recording-status}, exactly: 1}", False),
        ("{callback: {kind: recording-status}, exactly: 2}", True),
        ("{callback: {kind: recording-status}, exactly: 3}", False),
        ("{callback: {kind: action}, exactly: 0}", True),
        ("{callback: {kind: recording-status}, at least: 1}", True),
        ("{callback: {kind: recording-status}, at least: 2}", True),
        ("{callback: {kind: recording-status}, at least: 3}", False),
        ("{callback: {}, exactly: 2}", True),
        ("{recording: {}, exactly: 1}", True),
        ("{never: {recording: {}}}", False),
        ("{response: {}}", False),
    ],
)
def test_how_often(line, held):
    assert holds(line) is held


# When.


@pytest.mark.parametrize(
    ("when", "held"),
    [
        ("at: 5.82s", True),
        ("at: 5.820001s", False),
        ("at: 1.5s", False),
        ("within: 820ms after press", True),
        ("within: 819.999ms after press", False),
        ("within: 1s after a press", True),
        ("within: 3.82s after b press", True),
        ("within: 3s after b press", False),
        ("within: 1s after end", False),
        ("within: press", False),
        ("before: 5.82s", False),
        ("before: 5.820001s", True),
        ("before: 821ms after press", True),
        ("before: 820ms after press", False),
        ("before: press", False),
        ("before: end", False),
        ("before: 1m after b press", True),
    ],
)
def test_when_the_only_one_that_matches_was(when, held):
    assert holds(f"{{callback: {{RecordingStatus: completed}}, {when}}}") is held
    assert holds(f"{{never: {{callback: {{RecordingStatus: completed}}}}, {when}}}") is not held


def test_times_add_up():
    line = "{callback: {}, within: 5s after press, before: 5.9s, at: 5.82s, exactly: 1}"

    assert holds(line)
    assert not holds(line.replace("before: 5.9s", "before: 5s"))


def test_a_number_counts_only_those_in_time():
    assert holds("{callback: {}, before: press, exactly: 1}")
    assert holds("{callback: {}, before: 1m, exactly: 2}")


def test_within_may_follow_any_of_several_events():
    assert holds("{callback: {RecordingStatus: in-progress}, within: 500ms after speak}")
    assert holds("{callback: {RecordingStatus: completed}, within: 2.82s after speak}")


def test_before_looks_at_the_first_of_several_events():
    late = kept(sent=[sent(2, RecordingStatus="completed")])

    assert not holds("{callback: {RecordingStatus: completed}, before: speak}", late)


def test_an_event_and_what_it_brings_about_may_be_at_one_moment():
    at_once = kept(sent=[sent(5, RecordingStatus="completed")])

    assert holds("{callback: {RecordingStatus: completed}, within: 0s after press}", at_once)
    assert not holds("{callback: {RecordingStatus: completed}, before: press}", at_once)


# What matches.


@pytest.mark.parametrize(
    ("wanted", "got", "held"),
    [
        ("9", "9", True), ("9", 9, True), (9, "9", True), ("9", 9.0, False), ("9", "09", False),
        ("2", 2, True), ("", "", True), ("true", True, True), ("True", True, False),
        ("false", False, True), (True, "true", True), ("1", True, False),
        (None, None, True), (None, "", False), (None, 0, False), ("", None, False),
        ("null", None, False), ("completed", "Completed", False), ("a", "ab", False),
        ({}, {}, True), ({}, None, False), ({}, "x", False), ("x", {"x": 1}, False),
        ({"a": "1"}, {"a": 1, "b": 2}, True), ({"a": "1"}, {"b": 2}, False),
        ({"a": None}, {"b": 2}, True), ({"a": None}, {"a": None}, True),
        ({"a": None}, {"a": 0}, False), ({"a": {"b": "x"}}, {"a": {"b": "x"}}, True),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, False), ({"a": {"b": "x"}}, {"a": [1]}, False),
        ([], [], True), (["1"], [1], True), (["1"], [1, 2], False), (["1", "2"], [2, 1], False),
        ([], None, False), ([{"a": "1"}], [{"a": 1, "b": 2}], True), (["x"], "x", False),
        ({"matches": "a+"}, "aaa", True), ({"matches": "a+"}, "aab", False),
        ({"matches": "[0-9]+"}, 12, True), ({"matches": ".*"}, None, False),
        ({"matches": ""}, "", True), ({"matches": "a", "b": "c"}, {"matches": "a", "b": "c"}, True),
    ],
)  # fmt: skip
def test_what_matches(wanted, got, held):
    assert matches(wanted, got) is held


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("{recording: {status: completed, duration: 9, sid: S}}", True),
        ("{recording: {duration: '9', track: both, duration_millis: 9500}}", True),
        ("{recording: {channels: 2}}", True),
        ("{recording: {channels: dual}}", False),
        ("{recording: {v2: {channels: dual, tags: [x, y]}}}", True),
        ("{recording: {v2: {tags: [x]}}}", False),
        ("{recording: {texml: {status: stopped}}}", True),
        ("{recording: {price: null, error_code: null}}", True),
        ("{recording: {media_url: null}}", False),
        ("{recording: {media_url: {matches: 'https://.*[.]mp3'}}}", True),
        ("{recording: {v2: null}}", False),
    ],
)
def test_a_recording_is_all_its_views(line, held):
    assert holds(line) is held


def test_a_recording_without_a_view_still_has_the_others():
    run = kept()
    run.recordings[0]["v2"] = None

    assert holds("{recording: {v2: null, duration: 9}}", run)
    assert not holds("{recording: {v2: {channels: dual}}}", run)


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("{callback: {kind: recording-status, method: POST, url: https://app.test/r}}", True),
        ("{callback: {attempt: 1, outcome: 200, call: a}}", True),
        ("{callback: {attempt: 2}}", False),
        ("{callback: {call: b}}", False),
        ("{callback: {RecordingStatus: completed, RecordingUrl: null}}", True),
        ("{callback: {RecordingStatus: completed, RecordingDuration: null}}", False),
    ],
)
def test_a_callback_is_its_parameters_and_what_surrounds_them(line, held):
    assert holds(line) is held


def test_a_callback_without_an_answer_has_a_word_for_it():
    run = kept(sent=[sent(1, attempt=3, outcome="timeout")])

    assert holds("{callback: {attempt: 3, outcome: timeout}}", run)


# Answers to requests.


def request(path: str = "/v2/x", body: str = "") -> Request:
    return Request("GET", path, "", (), body)


def answered(asked: Request, status: int, body: object = None) -> Answered:
    text = "" if body is None else orjson.dumps(body).decode()
    return Answered(2 * SECOND, asked, Answer(status, body=text))


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("{response: {status: 200}}", True),
        ("{response: {status: 200, duration: 4, sid: S}}", True),
        ("{response: {body: {status: completed}}}", True),
        ("{response: {status: completed}}", False),
        ("{response: {method: GET, path: /v2/x, form: {Status: paused}}}", True),
        ("{response: {status: 200}, at: 2s}", True),
        ("{response: {status: 200}, before: after b press}", False),
        ("{never: {response: {status: 404}}}", True),
    ],
)
def test_a_response_is_its_body_its_status_and_what_was_asked(line, held):
    body = {"status": "completed", "duration": "4", "sid": "S"}
    run = kept(answered=[answered(request(body="Status=paused"), 200, body)])

    assert holds(line, run) is held


def verdicts_on_answers(answers: list[str], run: Kept, asked: tuple[Request, ...]):
    lines = "".join(
        f"  - {{at: 1s, get: /v2/x{f', answer: {answer}' if answer else ''}}}\n"
        for answer in answers
    )
    text = f"""\
recsim: 1
title: A call
application: {{voice_url: https://app.test/answer}}
calls: {{a: {{from: +15550001, to: +15550002}}}}
requests:
{lines}"""
    return judge(loads(text.encode()).scenario, run, dict(enumerate(asked)), str.upper)


def test_each_request_is_held_against_its_own_answer():
    """Two that are alike, answered in the order opposite to the file's."""
    first, second = request(), request()
    run = kept(answered=[answered(second, 404), answered(first, 200, {"duration": "4"})])

    verdicts = verdicts_on_answers(
        ["{status: 200, duration: 4}", "", "{status: 200}"], run, (first, request(), second)
    )

    assert [one.path for one in verdicts] == [("requests", 0, "answer"), ("requests", 2, "answer")]
    assert [one.held for one in verdicts] == [True, False]
    assert verdicts[1].text == "get /v2/x answers status: 200"
    assert verdicts[1].found == "status is 404"


def test_a_request_that_was_never_sent_is_told_so():
    [one] = verdicts_on_answers(["{status: 200}"], kept(), (request(),))

    assert (one.held, one.found) == (False, "it was never sent")


def test_of_an_answer_each_difference_is_told():
    asked = request()
    body = {"data": {"status": "stopped", "duration_millis": 4500}}

    [one] = verdicts_on_answers(
        ["{status: 404, data: {status: completed, duration_millis: 4500}, price: 1}"],
        kept(answered=[answered(asked, 200, body)]),
        (asked,),
    )

    assert one.found == "status is 200; data.status is stopped; price is null"


# What is said.


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("{callback: {RecordingStatus: completed}}", "callback RecordingStatus: completed"),
        ("{never: {callback: {kind: action}}}", "never callback kind: action"),
        ("{callback: {kind: action}, exactly: 2}", "exactly 2 callback kind: action"),
        ("{callback: {kind: action}, at least: 2}", "at least 2 callback kind: action"),
        ("{callback: {kind: 1, To: null}, at: 1500ms}", "callback kind: 1, To: null at 1.5s"),
        ("{callback: {To: 1}, within: 1s after a press}", "callback To: 1 within 1s after a press"),
        ("{callback: {To: 1}, before: press}", "callback To: 1 before press"),
        ("{recording: {v2: {status: completed}}}", "recording v2: {status: completed}"),
        ("{never: {recording: {}}}", "never recording"),
    ],
)
def test_a_line_in_short(line, text):
    assert verdict(line).text == text


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{callback: {RecordingStatus: completed, RecordingDuration: 8}}",
         "none of 2; nearest: RecordingDuration is 9"),
        ("{callback: {RecordingStatus: completed, RecordingUrl: x, RecordingDuration: 8}}",
         "none of 2; nearest: RecordingUrl is null; RecordingDuration is 9"),
        ("{callback: {RecordingStatus: completed}, at: 1s}", "found only at 5.82s"),
        ("{callback: {RecordingStatus: completed}, exactly: 2}", "found 1"),
        ("{never: {callback: {}}}", "found 2"),
        ("{response: {status: 200}}", "there was no response at all"),
        ("{recording: {v2: {channels: single}}}", "none of 1; nearest: v2.channels is dual"),
        ("{recording: {media_url: {matches: x}}}",
         "none of 1; nearest: media_url is https://x.test/a.mp3"),
        ("{recording: {v2: null}}",
         "none of 1; nearest: v2 is {duration_millis: 9500, channels: dual, tags: [x, y]}"),
    ],
)  # fmt: skip
def test_what_was_found_instead(line, found):
    assert verdict(line).found == found


def test_the_nearest_is_the_one_that_differs_least():
    run = kept(
        sent=[
            sent(1, RecordingStatus="absent", ErrorCode="16101"),
            sent(2, RecordingStatus="completed", RecordingDuration="4", RecordingChannels="2"),
        ]
    )
    wanted = "{RecordingStatus: completed, RecordingDuration: 5, RecordingChannels: 2}"

    assert verdict(f"{{callback: {wanted}}}", run).found == (
        "none of 2; nearest: RecordingDuration is 4"
    )


def test_fields_in_short():
    assert lines_of({"a": "1", "b": None, "c": {"d": 2}}) == "a: 1, b: null, c: {d: 2}"


# Names in braces.


def test_a_name_in_braces_stands_for_an_id_of_the_run():
    run = kept(sent=[sent(1, CallSid="A")])

    assert holds("callback: {CallSid: '{a}'}", run)
    assert not holds("callback: {CallSid: '{b}'}", run)


def test_in_a_regular_expression_braces_stand_for_themselves():
    run = kept(sent=[sent(1, CallSid="aa")])

    assert holds("callback: {CallSid: {matches: 'a{2}|{b}'}}", run)
