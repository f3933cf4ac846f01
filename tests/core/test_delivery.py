"""One message on its way: attempts, retries, what each answer means."""

from __future__ import annotations

import pytest
from calls import (
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


def delivered(answers: list[Answer], **readings: str) -> tuple[list[int], str]:
    """When each attempt of a callback went out, in µs from the first, and how it ended."""
    calls = Calls(**readings)
    calls.follow(
        document(
            '<Record recordingStatusCallback="/r" recordingStatusCallbackEvent="in-progress"/>'
        )
    )
    moments, waiting, moves = [], list(answers), []
    while not moves or moves[-1] not in ("accept", "give_up"):
        effects = calls.platform.advance(calls.platform.next_due_us)
        for attempt in only(effects, Attempt):
            moments.append(calls.platform.now_us)
            assert attempt.n == len(moments)
            effects += calls.now(Outcome(attempt.ticket, waiting.pop(0)))
        moves += triggers(effects, "delivery")
    assert waiting == []
    return [moment - moments[0] for moment in moments], moves[-1]


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


def test_attempt_carries_what_was_true_at_the_move():
    calls = Calls()
    calls.follow(RECORD)
    calls.now(Pressed(calls.leg, "#"))
    calls.now(Stored(calls.recording().key))

    attempts = only(calls.until(100_000), Attempt)

    assert [attempt.message.word for attempt in attempts] == ["in-progress", "absent"]
