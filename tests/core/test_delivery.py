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
        for attempt in only(effects, Attempt):
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


def test_attempt_carries_what_was_true_at_the_move():
    calls = Calls()
    calls.follow(RECORD)
    calls.now(Pressed(calls.leg, "#"))
    calls.now(Stored(calls.recording().key))

    attempts = only(calls.until(100_000), Attempt)

    assert [attempt.message.word for attempt in attempts] == ["in-progress", "absent"]
