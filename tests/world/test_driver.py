"""The driver: two queues in step, and what people, networks, receivers and storage do in it."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from recsim.core.commands import (
    Answer,
    Command,
    Fetched,
    HungUp,
    Invite,
    Outcome,
    Pressed,
    Request,
    Speech,
    Stored,
)
from recsim.core.effects import Attempt, Cue, Drop, Due, Effect, Fetch, Move, Quiet, Respond
from recsim.core.entities import NEVER, Application
from recsim.core.platform import Final, Platform
from recsim.core.story import Step, Story
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.world.draws import Length, constant
from recsim.world.driver import Driver
from recsim.world.plan import CallPlan, Outage, Page, Plan, Receiver, RequestPlan, Storage
from recsim.world.world import Missed

STARTS_AT_US = 1_767_603_600_000_000
SECOND_US = 1_000_000
PAGE_US = 100_000
BEEP_US = 500_000
CAPTURE_AT_US = PAGE_US + BEEP_US
"""When a call that begins at 0 with `<Record>` begins to capture."""

ANSWER = "https://app.test/answer"
DONE = "https://app.test/done"
RECORD = """<Response>
  <Record action="/done" maxLength="5" finishOnKey="#" recordingStatusCallback="/recording"
          recordingStatusCallbackEvent="completed absent"/>
</Response>"""
PAGES = {
    ANSWER: Page(Answer(200, (), RECORD)),
    DONE: Page(Answer(200, (), "<Response><Hangup/></Response>")),
}


class Told(NamedTuple):
    """A command, or an effect, as an observer was told of it."""

    at_us: int
    seq: int
    cause: int
    what: Command | Effect


class Arrived(NamedTuple):
    """What was sent as it arrived, or was lost."""

    at_us: int
    call: str
    attempt: int
    """0: an instruction fetch."""
    answer: Answer


class Log:
    """An observer that keeps everything."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.finals: list[tuple[int, Final]] = []
        self.arrivals: list[Arrived] = []

    def asked(self, at_us: int, seq: int, cause: int, command: Command) -> None:
        self.told.append(Told(at_us, seq, cause, command))

    def saw(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        self.told += [Told(at_us, n, effect.cause, effect) for n, effect in enumerate(effects, seq)]

    def reached(
        self, at_us: int, call: str, seq: int, effect: Attempt | Fetch, answer: Answer
    ) -> None:
        self.arrivals.append(
            Arrived(at_us, call, effect.n if type(effect) is Attempt else 0, answer)
        )

    def left(self, at_us: int, final: Final) -> None:
        self.finals.append((at_us, final))

    def all(self, kind: type) -> list[Any]:
        return [told.what for told in self.told if type(told.what) is kind]

    def moments(self, kind: type) -> list[int]:
        return [told.at_us for told in self.told if type(told.what) is kind]

    def triggers(self, lifecycle: str) -> list[str]:
        return [move.rule.trigger for move in self.all(Move) if move.lifecycle == lifecycle]


class Played(NamedTuple):
    driver: Driver
    log: Log


def caller(*story: Step, title: str = "a", at_us: int = 0) -> CallPlan:
    application = Application(ANSWER, "POST")
    return CallPlan(at_us, Invite(title, "+15550001", "+15550002", application), story)


def text_of(text: str) -> dict[str, Page]:
    return {ANSWER: Page(Answer(200, (), text))}


def play(
    *calls: CallPlan, retires: bool = True, readings: dict[str, str] | None = None, **plan: Any
) -> Played:
    log = Log()
    platform = Platform(Telnyx(7, STARTS_AT_US, readings=readings))
    whole = Plan(**{"seed": 7, "calls": calls, "pages": PAGES, **plan})
    driver = Driver(platform, whole, log, retires=retires)
    driver.run()
    return Played(driver, log)


def get_recording(vendor: Telnyx, n: int = 1, title: str = "a") -> Request:
    sid = vendor.wire_id("recording", title, n)
    path = f"/v2/texml/Accounts/{vendor.words.account_sid}/Recordings/{sid}.json"
    return Request("GET", path, "", (("authorization", "Bearer KEY1"),), "")


TELNYX = Telnyx(7, STARTS_AT_US)
GET_RECORDING = get_recording(TELNYX)
LEAVES_A_MESSAGE: Story = (
    Step("beep", 0, "speak"),
    Step("", 3 * SECOND_US, "silent"),
    Step("", SECOND_US, "press", "#"),
)


# Two queues, one clock.


def test_people_go_before_timers_of_the_same_instant():
    story = (Step("beep", 5 * SECOND_US, "press", "#"),)

    log = play(caller(*story)).log

    assert "key" in log.triggers("recording")
    assert "limit" not in log.triggers("recording")
    assert log.moments(Pressed) == [CAPTURE_AT_US + 5 * SECOND_US]


def test_who_comes_just_too_late_meets_the_timer():
    story = (Step("beep", 5 * SECOND_US + 1, "press", "#"),)

    log = play(caller(*story)).log

    assert "limit" in log.triggers("recording")
    assert "key" not in log.triggers("recording")


def test_time_never_goes_back():
    calls = [caller(*LEAVES_A_MESSAGE, title=f"c{n}", at_us=n * 700_000) for n in range(5)]

    log = play(*calls).log

    moments = [told.at_us for told in log.told]
    assert moments == sorted(moments)
    assert {type(moment) for moment in moments} == {int}


def test_everything_is_told_once_with_an_earlier_cause():
    calls = [caller(*LEAVES_A_MESSAGE, title=f"c{n}", at_us=n * 700_000) for n in range(5)]

    driver, log = play(*calls)

    assert [told.seq for told in log.told] == list(range(1, driver.platform.seq + 1))
    assert all(0 <= told.cause < told.seq for told in log.told)


def test_command_has_what_brought_it_about_as_its_cause():
    log = play(caller(*LEAVES_A_MESSAGE)).log

    by_seq = {told.seq: told.what for told in log.told}
    causes = {
        type(told.what): type(by_seq.get(told.cause))
        for told in log.told
        if type(told.what) in (Invite, Fetched, Stored, Outcome, Pressed)
    }
    assert causes.pop(Stored).__name__ == "Store"
    assert causes == {Invite: type(None), Fetched: Fetch, Outcome: Attempt, Pressed: Speech}
    (first, *_) = (told for told in log.told if type(told.what) is Speech)
    assert by_seq[first.cause] == Cue(first.cause - 1, by_seq[first.cause].leg, "beep")


def test_run_goes_on_until_nothing_comes():
    driver, log = play(caller(*LEAVES_A_MESSAGE))

    assert driver.platform.next_due_us == NEVER
    assert log.all(Quiet)
    assert driver.platform.sessions == {}


def test_run_without_calls_ends_at_once():
    driver, log = play()

    assert log.told == []
    assert driver.platform.now_us == 0


def test_run_needs_no_observer():
    platform = Platform(Telnyx(7, STARTS_AT_US))
    watched = play(caller(*LEAVES_A_MESSAGE)).driver.platform

    Driver(platform, Plan(7, (caller(*LEAVES_A_MESSAGE),), PAGES)).run()

    assert (platform.seq, platform.now_us) == (watched.seq, watched.now_us)


def test_calls_may_come_from_a_generator():
    calls = (caller(*LEAVES_A_MESSAGE, title=f"c{n}", at_us=n * SECOND_US) for n in range(3))

    log = play(calls=calls).log

    assert log.moments(Invite) == [0, SECOND_US, 2 * SECOND_US]
    assert len(log.finals) == 3


def test_calls_of_one_instant_come_in_their_order():
    log = play(*(caller(title=title) for title in "cab")).log

    assert [invite.session for invite in log.all(Invite)] == ["c", "a", "b"]


def test_same_plan_gives_the_same_run():
    plan = {
        "page_delay": Length("exponential", (100_000,)),
        "receiver": Receiver(Length("uniform", (0, SECOND_US))),
        "storage": Storage(Length("normal", (700_000, 90_000))),
    }
    calls = [caller(*LEAVES_A_MESSAGE, title=f"c{n}", at_us=n * 700_000) for n in range(5)]

    one, other = play(*calls, **plan).log, play(*calls, **plan).log

    assert one.told == other.told


def test_another_call_leaves_every_draw_of_this_one():
    plan = {
        "page_delay": Length("exponential", (100_000,)),
        "receiver": Receiver(Length("uniform", (0, SECOND_US))),
        "storage": Storage(Length("normal", (700_000, 90_000))),
    }
    kinds = (Fetched, Outcome, Stored)
    this, other = caller(*LEAVES_A_MESSAGE), caller(*LEAVES_A_MESSAGE, title="b")

    alone, among = play(this, **plan).log, play(other, this, **plan).log

    for kind in kinds:
        assert set(alone.moments(kind)) < set(among.moments(kind))


def test_another_seed_gives_other_draws():
    plan = {"page_delay": Length("uniform", (0, SECOND_US))}

    one, other = play(caller(), **plan).log, play(caller(), seed=8, **plan).log

    assert one.moments(Fetched) != other.moments(Fetched)


# People.


def test_story_is_told_at_its_moments():
    log = play(caller(*LEAVES_A_MESSAGE)).log

    assert log.moments(Speech) == [CAPTURE_AT_US, CAPTURE_AT_US + 3 * SECOND_US]
    assert log.moments(Pressed) == [CAPTURE_AT_US + 4 * SECOND_US]
    (_, final), *_ = log.finals
    assert final.recordings[0].length_us == 4 * SECOND_US


def test_waiting_asks_nothing_of_the_platform():
    story = (Step("beep", 0, "wait"), Step("", 2 * SECOND_US, "hang_up"))

    log = play(caller(*story)).log

    assert log.moments(HungUp) == [CAPTURE_AT_US + 2 * SECOND_US]
    assert not log.all(Speech)


def test_first_step_without_cue_counts_from_the_call():
    log = play(caller(Step("", 50_000, "hang_up"), at_us=SECOND_US)).log

    assert log.moments(HungUp) == [SECOND_US + 50_000]
    assert log.triggers("call leg") == ["ring", "hang_up"]


def test_party_misses_what_comes_after_its_end():
    rest = (Step("", SECOND_US, "speak"), Step("beep", 0, "press", "#"))

    driver, _ = play(caller(Step("answer", SECOND_US, "hang_up"), *rest))

    assert driver.world.missed == [Missed(PAGE_US + SECOND_US, "a", rest)]


def test_party_misses_what_waits_for_a_cue_that_never_comes():
    story = (Step("play", 0, "hang_up"),)

    driver, log = play(caller(*story))

    assert driver.world.missed == [Missed(log.moments(Drop)[0], "a", story)]
    assert not log.all(HungUp)


def test_party_misses_what_was_under_way():
    story = (Step("answer", 60 * SECOND_US, "press", "#"),)

    driver, log = play(caller(*story), pages=text_of('<Response><Pause length="5"/></Response>'))

    assert driver.world.missed == [Missed(PAGE_US + 5 * SECOND_US, "a", story)]
    assert not log.all(Pressed)


def test_story_that_was_played_misses_nothing():
    assert play(caller(*LEAVES_A_MESSAGE)).driver.world.missed == []


def test_a_cue_that_comes_again_does_not_begin_the_same_step_again():
    story = (Step("say", 4 * SECOND_US, "press", "5"), Step("pause", 0, "press", "6"))
    text = "<Response><Say>one</Say><Say>two</Say><Pause length='60'/></Response>"

    driver, log = play(caller(*story), pages=text_of(text))

    assert log.moments(Pressed) == [PAGE_US + 4 * SECOND_US]
    assert [missed.steps for missed in driver.world.missed] == [story[1:]]


def test_every_party_plays_its_own_story():
    calls = [caller(Step("beep", n * SECOND_US, "press", "#"), title=f"c{n}") for n in (3, 1, 2)]

    log = play(*calls).log

    assert [final.session.title for _, final in log.finals] == ["c1", "c2", "c3"]
    assert [final.recordings[0].length_us for _, final in log.finals] == [
        SECOND_US,
        2 * SECOND_US,
        3 * SECOND_US,
    ]


# The application.


def test_page_may_have_a_delay_of_its_own():
    pages = {ANSWER: Page(Answer(200, (), RECORD), constant(3 * SECOND_US)), DONE: PAGES[DONE]}

    log = play(caller(*LEAVES_A_MESSAGE), pages=pages).log

    first, second = log.moments(Fetched)
    assert first == 3 * SECOND_US
    assert second == log.moments(Fetch)[1] + PAGE_US


def test_missing_page_is_not_found():
    log = play(caller(), pages={}).log

    assert [fetched.answer.status for fetched in log.all(Fetched)] == [404]
    assert log.triggers("call leg") == ["ring", "fail"]


@pytest.mark.parametrize(
    ("delay_us", "failure"), [(10 * SECOND_US, ""), (10 * SECOND_US + 1, "timeout")]
)
def test_page_slower_than_the_timeout_gives_a_timeout(delay_us, failure):
    log = play(caller(), page_delay=constant(delay_us), pages=text_of("<Response/>")).log

    assert [fetched.answer.failure for fetched in log.all(Fetched)] == [failure]
    assert log.moments(Fetched) == [10 * SECOND_US]


# The receiver.


@pytest.mark.parametrize(
    ("delay_us", "failure"), [(2 * SECOND_US, ""), (2 * SECOND_US + 1, "timeout")]
)
def test_receiver_slower_than_the_timeout_gives_a_timeout(delay_us, failure):
    log = play(
        caller(*LEAVES_A_MESSAGE),
        receiver=Receiver(constant(delay_us)),
        readings={"retry_policy": "none"},
    ).log

    (outcome,) = log.all(Outcome)
    assert outcome.answer.failure == failure
    assert outcome.answer.status == (0 if failure else 200)
    assert log.moments(Outcome)[0] - log.moments(Attempt)[0] == 2 * SECOND_US
    assert log.triggers("delivery")[-1] == ("give_up" if failure else "accept")


@pytest.mark.parametrize(
    ("policy", "waits_s"),
    [("none", []), ("exponential", [1, 2]), ("fixed", [60, 240, 600, 2_700])],
)
def test_delivery_is_retried_as_the_policy_says(policy, waits_s):
    log = play(
        caller(*LEAVES_A_MESSAGE),
        receiver=Receiver(constant(50_000), (Answer(500),)),
        readings={"retry_policy": policy},
    ).log

    outcomes, attempts = log.moments(Outcome), log.moments(Attempt)
    assert [attempt.n for attempt in log.all(Attempt)] == list(range(1, len(waits_s) + 2))
    assert [later - earlier for earlier, later in zip(outcomes, attempts[1:], strict=False)] == [
        wait_s * SECOND_US for wait_s in waits_s
    ]
    assert log.triggers("delivery")[-1] == "give_up"


@pytest.mark.parametrize(
    ("from_us", "until_us", "failure"),
    [(0, 1, "refused"), (-1, 1, "refused"), (-1, 0, ""), (1, 2, "")],
    ids=["from then on", "until later", "until then", "just after"],
)
def test_receiver_that_is_down_refuses_attempts_that_go_out_then(from_us, until_us, failure):
    sent_at_us = play(caller(*LEAVES_A_MESSAGE)).log.moments(Attempt)[0]
    down = Outage(sent_at_us + from_us, sent_at_us + until_us)

    log = play(
        caller(*LEAVES_A_MESSAGE),
        receiver=Receiver(constant(50_000), down=down),
        readings={"retry_policy": "none"},
    ).log

    (outcome,) = log.all(Outcome)
    assert outcome.answer.failure == failure


def test_receiver_answers_each_attempt_in_turn_and_repeats_the_last():
    answers = (Answer(500), Answer(0, failure="reset"), Answer(201))

    log = play(caller(*LEAVES_A_MESSAGE), receiver=Receiver(constant(1), answers)).log
    again = play(caller(*LEAVES_A_MESSAGE), receiver=Receiver(constant(1), answers[:2])).log

    assert [outcome.answer for outcome in log.all(Outcome)] == list(answers)
    assert [outcome.answer for outcome in again.all(Outcome)] == [*answers[:2], answers[1]]


def test_every_delivery_begins_with_the_first_answer():
    answers = (Answer(500), Answer(200))

    log = play(
        caller(*LEAVES_A_MESSAGE, title="a"),
        caller(*LEAVES_A_MESSAGE, title="b"),
        receiver=Receiver(constant(1), answers),
    ).log

    statuses = [outcome.answer.status for outcome in log.all(Outcome)]
    assert sorted(statuses) == [200, 200, 500, 500]


# Storage.


def test_storage_takes_its_time_and_more_for_longer_audio():
    storage = Storage(constant(700_000), per_second_us=10_000)

    log = play(caller(*LEAVES_A_MESSAGE), storage=storage).log

    assert log.moments(Stored) == [log.moments(Pressed)[0] + 700_000 + 4 * 10_000]


def test_storage_that_fails_makes_recordings_absent():
    log = play(caller(*LEAVES_A_MESSAGE), storage=Storage(failure="disk full")).log

    (_, final), *_ = log.finals
    assert [(made.status, made.failure) for made in final.recordings] == [("absent", "disk full")]
    assert [attempt.message.word for attempt in log.all(Attempt)] == ["absent"]


# REST clients.


def test_request_counts_from_the_start_of_the_run():
    requests = (RequestPlan("", "", 2 * SECOND_US, GET_RECORDING),)

    log = play(caller(*LEAVES_A_MESSAGE), requests=requests).log

    assert log.moments(Request) == [2 * SECOND_US]
    (respond,) = log.all(Respond)
    assert json.loads(respond.answer.body)["status"] == "in-progress"


@pytest.mark.parametrize(
    ("word", "moment_us"),
    [
        ("answer", PAGE_US),
        ("beep", CAPTURE_AT_US),
        ("speak", CAPTURE_AT_US),
        ("silent", CAPTURE_AT_US + 3 * SECOND_US),
        ("press", CAPTURE_AT_US + 4 * SECOND_US),
        ("end", CAPTURE_AT_US + 4 * SECOND_US + PAGE_US),
    ],
)
def test_request_counts_from_an_event_of_a_call(word, moment_us):
    requests = (RequestPlan("a", word, 250_000, GET_RECORDING),)

    log = play(caller(*LEAVES_A_MESSAGE), caller(title="b"), requests=requests, retires=False).log

    assert log.moments(Request) == [moment_us + 250_000]


def test_request_waits_for_the_first_such_event_only():
    story = (Step("beep", 0, "press", "5"), Step("", SECOND_US, "press", "#"))
    requests = (RequestPlan("a", "press", 0, GET_RECORDING),)

    log = play(caller(*story), requests=requests).log

    assert log.moments(Request) == [CAPTURE_AT_US]


def test_request_after_an_event_that_never_comes_is_never_made():
    requests = (RequestPlan("nobody", "beep", 0, GET_RECORDING),)

    assert play(caller(*LEAVES_A_MESSAGE), requests=requests).log.all(Request) == []


# Sessions.


def test_quiet_session_is_retired_at_once():
    requests = (RequestPlan("", "", 60 * SECOND_US, GET_RECORDING),)

    driver, log = play(caller(*LEAVES_A_MESSAGE), requests=requests)

    ((at_us, final),) = log.finals
    assert at_us == log.moments(Quiet)[0] < 60 * SECOND_US
    assert final.session.title == "a"
    assert [respond.answer.status for respond in log.all(Respond)] == [404]
    assert driver.platform.recordings == {}


def test_session_that_is_kept_is_found_by_requests_until_the_end():
    requests = (RequestPlan("", "", 60 * SECOND_US, GET_RECORDING),)

    driver, log = play(caller(*LEAVES_A_MESSAGE), requests=requests, retires=False)

    assert [respond.answer.status for respond in log.all(Respond)] == [200]
    ((at_us, final),) = log.finals
    assert at_us == 60 * SECOND_US
    assert [made.status for made in final.recordings] == ["completed"]
    assert driver.platform.recordings == {}


def test_kept_sessions_leave_in_the_order_they_fell_quiet():
    calls = [caller(Step("beep", n * SECOND_US, "press", "#"), title=f"c{n}") for n in (3, 1, 2)]

    log = play(*calls, retires=False).log

    assert [final.session.title for _, final in log.finals] == ["c1", "c2", "c3"]


def test_every_timer_that_fired_is_told():
    log = play(caller()).log

    assert [due.name for due in log.all(Due)] == ["beep", "limit", "send"]
