"""Receivers that ask while they hold a callback, and downloads, as scenarios say them."""

from __future__ import annotations

import pytest

from recsim.scenario.load import loads
from recsim.scenario.run import Run, run

TEXT = """\
recsim: 1
title: A message
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: |
    <Response>
      <Record finishOnKey="#" recordingStatusCallback="/recording"
              recordingStatusCallbackEvent="in-progress completed"/>
    </Response>
calls:
  caller:
    from: +15550001
    to: +15550002
    story: [wait: beep, speak: 6s, press: "#"]
"""
STOP = "/v2/texml/Accounts/{account}/Calls/{CallSid}/Recordings/{RecordingSid}.json"


def asking(*asks: str, more: str = "") -> Run:
    lines = "".join(f"    - {ask}\n" for ask in asks)
    return run(loads(f"{TEXT}receiver:\n  asks:\n{lines}{more}"))


def answers(played: Run) -> list[tuple[str, int]]:
    return [(one.request.method, one.answer.status) for one in played.kept.answered]


def test_a_receiver_may_stop_the_recording_inside_its_in_progress_callback():
    played = asking(
        f"{{when: {{RecordingStatus: in-progress}}, post: '{STOP}', form: {{Status: stopped}}}}"
    )

    assert answers(played) == [("POST", 200)]
    [row] = played.recordings
    assert row["status"] == "absent"  # stopped in its beep


@pytest.mark.parametrize(
    ("when", "number"),
    [
        ("{}", 2),
        ("{RecordingStatus: completed}", 1),
        ("{RecordingDuration: 6}", 1),
        ("{RecordingUrl: null}", 1),
        ("{RecordingStatus: {matches: '.*pr.*'}}", 1),
        ("{kind: recording-status, attempt: 1, method: POST}", 2),
        ("{url: https://app.test/other}", 0),
    ],
)
def test_a_receiver_asks_about_the_callbacks_that_fit(when, number):
    played = asking(f"{{when: {when}, get: '/v2/recordings/{{RecordingSid}}'}}")

    assert len(played.kept.answered) == number


def test_a_receiver_may_name_what_requests_name():
    played = asking(
        "{when: {RecordingStatus: completed}, get: '/v2/recordings/{caller.recording}'}"
    )

    assert answers(played) == [("GET", 200)]


def test_a_request_for_what_the_callback_does_not_say_is_remarked():
    played = asking("{get: '{RecordingUrl}'}")

    assert answers(played) == [("GET", 200)]
    assert [remark.text for remark in played.remarks] == [
        "GET {RecordingUrl} was not sent: the callback has no RecordingUrl"
    ]


def test_a_recording_is_found_by_a_receiver_whose_callback_comes_when_all_is_quiet():
    """Sessions are not forgotten while somebody may ask for them."""
    played = asking(
        "{when: {RecordingStatus: completed}, after: 1500ms, get: '/v2/recordings/{RecordingSid}'}",
        more="network: {latency: 10m}\n",
    )

    assert ("GET", 200) in answers(played)


def test_a_download_before_any_link_was_told_is_remarked():
    wanted = 'requests: [{at: 5s, get: "{caller.recording.url}"}]\n'

    played = run(loads(TEXT + wanted))

    assert not played.kept.answered
    assert [remark.text for remark in played.remarks] == [
        "GET {caller.recording.url} was not sent: no such link had been told"
    ]


def test_a_download_that_was_not_sent_answers_nothing_that_is_expected():
    wanted = 'requests: [{at: 5s, get: "{caller.recording.media_url}", answer: {status: 200}}]\n'

    [verdict] = run(loads(TEXT + wanted)).verdicts

    assert (verdict.held, verdict.found) == (False, "it was never sent")


def test_links_of_the_api_and_of_callbacks_are_told_apart():
    wanted = """\
requests:
  - {at: 10m, get: "{caller.recording.media_url}"}
  - {at: 20m, get: "/v2/recordings/{caller.recording}"}
  - {at: 21m, get: "{caller.recording.media_url}"}
  - {at: 21m, get: "{caller.recording.url}"}
"""

    played = run(loads(TEXT + wanted))

    assert [status for _, status in answers(played)] == [200, 200, 403]
    assert len(played.remarks) == 1


def test_a_link_is_fetched_without_a_key():
    played = run(loads(TEXT + 'requests: [{at: 20s, get: "{caller.recording.url}"}]\n'))

    [answered] = played.kept.answered
    assert answered.request.headers == (("host", "s3.amazonaws.com"),)
