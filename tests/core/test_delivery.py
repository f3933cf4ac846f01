"""One message on its way: attempts, retries, what each answer means."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import pytest
from calls import (
    APPLICATION,
    RECORD,
    SECOND_US,
    Calls,
    document,
    only,
    triggers,
)

from recsim.core.commands import (
    Answer,
    Outcome,
    Pressed,
    Stored,
)
from recsim.core.effects import (
    Attempt,
)

# Deliveries.


FALLBACK = "https://backup.test/r"


def busy(seconds: str) -> Answer:
    """An answer that asks for a while of peace."""
    return Answer(429, (("Retry-After", seconds),))


class Sent(NamedTuple):
    """What became of a delivery."""

    moments: list[int]
    """Of each attempt, in µs from the first."""
    end: str
    """The trigger that settled it."""
    urls: list[str]
    """Of each attempt."""
    triggers: list[str]
    """All that moved it."""


def sent(answers: list[Answer], fallback_url: str = "", **readings: str) -> Sent:
    """Deliver a callback whose attempts are answered so."""
    calls = Calls(**readings)
    calls.application = APPLICATION._replace(fallback_url=fallback_url)
    calls.follow(
        document(
            '<Record recordingStatusCallback="/r" recordingStatusCallbackEvent="in-progress"/>'
        )
    )
    moments, waiting, moves, urls = [], list(answers), [], []
    while not moves or moves[-1] not in ("accept", "give_up"):
        effects = calls.platform.advance(calls.platform.next_due_us)
        for attempt in effects:  # which grows, as what an answer causes is appended
            if not isinstance(attempt, Attempt):
                continue
            moments.append(calls.platform.now_us)
            urls.append(attempt.url)
            assert (attempt.n, attempt.method) == (len(moments), "POST")
            effects += calls.now(Outcome(attempt.ticket, waiting.pop(0)))
        moves += triggers(effects, "delivery")
    assert waiting == []
    assert calls.platform.deliveries == {}
    return Sent([moment - moments[0] for moment in moments], moves[-1], urls, moves)


def delivered(answers: list[Answer], **readings: str) -> tuple[list[int], str]:
    """When each attempt of a callback went out, in µs from the first, and how it ended."""
    return sent(answers, **readings)[:2]


@pytest.mark.parametrize(
    ("answers", "moments", "end"),
    [
        pytest.param([200], [0], "accept", id="taken"),
        pytest.param([204], [0], "accept", id="any 2xx"),
        pytest.param([500, 200], [0, 1], "accept", id="taken the second time"),
        pytest.param([429, 408, 299], [0, 1, 3], "accept", id="taken the third time"),
        pytest.param([0, 0, 0], [0, 1, 3], "give_up", id="never answered"),
        pytest.param([503, 404], [0, 1], "give_up", id="refused for good"),
        pytest.param([400], [0], "give_up", id="refused at once"),
        pytest.param([302], [0], "give_up", id="sent elsewhere"),
    ],
)
def test_delivery_is_tried_as_the_policy_says(answers, moments, end):
    outcome = delivered([Answer(status) for status in answers])

    assert outcome == ([moment * SECOND_US for moment in moments], end)


def test_delivery_is_tried_once_without_retries():
    assert delivered([Answer(500)], retry_policy="none") == ([0], "give_up")


def test_delivery_accepts_only_200_where_that_is_read_so():
    assert delivered([Answer(204)], webhook_success="200") == ([0], "give_up")


# Failover.


@pytest.mark.parametrize(
    ("answers", "moments", "at_first", "end"),
    [
        pytest.param([500, 500, 500, 200], [0, 1, 3, 7], 3, "accept", id="taken at the second URL"),
        pytest.param([0, 0, 0, 0, 0, 200], [0, 1, 3, 7, 8, 10], 3, "accept", id="same schedule"),
        pytest.param([500] * 6, [0, 1, 3, 7, 8, 10], 3, "give_up", id="both fail"),
        pytest.param([410, 200], [0, 4], 1, "accept", id="refused at once"),
        pytest.param([500, 410, 404], [0, 1, 5], 2, "give_up", id="refused by both"),
        pytest.param([500, 200], [0, 1], 2, "accept", id="not needed"),
    ],
)
def test_delivery_that_failed_goes_on_at_the_fallback_url(answers, moments, at_first, end):
    went = sent([Answer(status) for status in answers], FALLBACK)

    assert (went.moments, went.end) == ([moment * SECOND_US for moment in moments], end)
    first = "https://app.test/r"
    assert went.urls == [first] * at_first + [FALLBACK] * (len(answers) - at_first)
    assert went.triggers.count("fail_over") == (at_first < len(answers))


@pytest.mark.parametrize(("policy", "waits"), [("none", []), ("fixed", [60, 240, 600, 2700])])
def test_failover_is_at_once_where_the_schedule_names_no_wait(policy, waits):
    tries = len(waits) + 1

    went = sent([Answer(500)] * (2 * tries), FALLBACK, retry_policy=policy)

    gaps = [(b - a) // SECOND_US for a, b in pairwise(went.moments)]
    assert gaps == [*waits, 0, *waits]
    assert went.urls.count(FALLBACK) == tries


def test_url_is_no_failover_of_itself():
    assert sent([Answer(410)], "https://app.test/r").triggers == ["send", "give_up"]


def test_nothing_fails_over_where_it_is_read_so():
    assert sent([Answer(410)], FALLBACK, texml_callback_failover="none").end == "give_up"


# Redirects.


def elsewhere(location: str, status: int = 302) -> Answer:
    return Answer(status, (("Location", location),))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_a_failure_that_is_not_retried(status):
    answer = elsewhere("https://other.test/r", status)

    assert sent([answer]).triggers == ["send", "give_up"]
    assert sent([answer, Answer()], FALLBACK).urls == ["https://app.test/r", FALLBACK]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_followed_at_once_where_it_is_read_so(status):
    went = sent([elsewhere("/s", status), Answer()], webhook_follow_redirects="3")

    assert went == ([0, 0], "accept", ["https://app.test/r", "https://app.test/s"], went.triggers)
    assert went.triggers == ["send", "redirect", "accept"]


def test_location_is_seen_from_where_it_was_said():
    answers = [elsewhere("https://other.test/a/b"), elsewhere("c?d=1"), Answer()]

    went = sent(answers, webhook_follow_redirects="3")

    assert went.urls[1:] == ["https://other.test/a/b", "https://other.test/a/c?d=1"]


def test_three_redirects_are_followed_and_the_fourth_is_a_failure():
    went = sent([elsewhere(f"/{n}") for n in range(4)], webhook_follow_redirects="3")

    assert went.triggers == ["send", *["redirect"] * 3, "give_up"]


@pytest.mark.parametrize(
    "answer",
    [
        *(elsewhere(url) for url in ("", "mailto:someone", "http://[x", "//:1")),
        Answer(302),
        elsewhere("/s", 304),
        elsewhere("/s", 300),
    ],
    ids=str,
)
def test_redirect_to_nowhere_is_a_failure(answer):
    assert sent([answer], webhook_follow_redirects="3").triggers == ["send", "give_up"]


def test_retry_begins_at_the_first_url_and_follows_anew():
    chain = [elsewhere(f"/{n}") for n in range(3)]

    went = sent([*chain, Answer(500), *chain, Answer()], webhook_follow_redirects="3")

    assert went.end == "accept"
    assert went.moments == [0] * 4 + [SECOND_US] * 4
    assert went.urls[:4] == went.urls[4:]


def test_redirects_use_up_no_attempt_of_the_schedule():
    answers = [elsewhere("/s"), Answer(500)] * 3 + [Answer()]

    went = sent(answers, FALLBACK, webhook_follow_redirects="3")

    assert went.moments == [second * SECOND_US for second in (0, 0, 1, 1, 3, 3, 7)]
    assert went.urls[-1] == FALLBACK
    assert went.end == "accept"


def test_fallback_url_may_redirect_too():
    answers = [Answer(410), elsewhere("s"), Answer()]

    went = sent(answers, FALLBACK, webhook_follow_redirects="3")

    assert went.urls[1:] == [FALLBACK, "https://backup.test/s"]


def test_attempt_carries_what_was_true_at_the_move():
    calls = Calls()
    calls.follow(RECORD)
    calls.now(Pressed(calls.leg, "#"))
    calls.now(Stored(calls.recording().key))

    attempts = only(calls.until(100_000), Attempt)

    assert [attempt.message.word for attempt in attempts] == ["in-progress", "absent"]


@pytest.mark.parametrize(
    ("asked", "waits_s"),
    [("30", [30]), ("1", [1]), ("0", [1]), ("", [1]), ("-5", [1]), ("soon", [1]), ("9" * 10, [1]),
     ("Wed, 21 Oct 2026 07:28:00 GMT", [1])],
)  # fmt: skip
def test_the_next_attempt_waits_at_least_as_long_as_it_was_asked_to(asked, waits_s):
    told = sent([busy(asked), Answer(200)], webhook_retry_after="honoured")

    assert waits(told) == waits_s


def test_a_wait_asked_for_is_ignored_by_default():
    assert waits(sent([busy("30"), Answer(200)])) == [1]


def test_a_wait_is_asked_for_by_each_answer_anew():
    told = sent([busy("30"), Answer(500), Answer(200)], webhook_retry_after="honoured")

    assert waits(told) == [30, 2]


def test_a_wait_asked_for_gives_no_further_attempt():
    told = sent([busy("30")] * 3, webhook_retry_after="honoured")

    assert told.end == "give_up"
    assert waits(told) == [30, 30]


def waits(told: Sent) -> list[int]:
    """Between attempts, in seconds."""
    return [(later - earlier) // SECOND_US for earlier, later in pairwise(told.moments)]
