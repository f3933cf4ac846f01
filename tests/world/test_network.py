"""What lies between the vendor and a receiver, and what receivers ask meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from test_driver import LEAVES_A_MESSAGE, SECOND_US, Played, caller, get_recording, play

from recsim.core.commands import Answer, Outcome, Request
from recsim.core.effects import Attempt, Respond
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.world.draws import Length, constant
from recsim.world.links import NotMade
from recsim.world.plan import Ask, Download, Links, Network, Outage, Receiver, RequestPlan, Storage

DELAY_US = 50_000
TIMEOUT_US = 2 * SECOND_US
ONCE = {"retry_policy": "none"}


def over(
    network: Network, receiver: Receiver | None = None, calls: int = 1, **more: object
) -> Played:
    """Messages that are left by callers, one after another; each has one callback."""
    callers = [caller(*LEAVES_A_MESSAGE, title=f"c{n}", at_us=n * SECOND_US) for n in range(calls)]
    return play(*callers, network=network, receiver=receiver or Receiver(), **more)


def arrivals(played: Played) -> list[tuple[int, int, str]]:
    """Of attempts: when each arrived, which it was, and why there was no answer."""
    log = played.log
    return [(one.at_us, one.attempt, one.answer.failure) for one in log.arrivals if one.attempt]


def since_sent(played: Played, moments: Sequence[int]) -> list[int]:
    [sent_at_us, *_] = played.log.moments(Attempt)
    return [at_us - sent_at_us for at_us in moments]


# Latency.


def test_an_attempt_arrives_after_the_latency_and_is_answered_after_the_receivers():
    played = over(Network(constant(300_000)))

    assert since_sent(played, [at_us for at_us, _, _ in arrivals(played)]) == [300_000]
    assert since_sent(played, played.log.moments(Outcome)) == [300_000 + DELAY_US]


@pytest.mark.parametrize(
    ("latency_us", "failure"),
    [
        (TIMEOUT_US - DELAY_US, ""),
        (TIMEOUT_US - DELAY_US + 1, "timeout"),
        (TIMEOUT_US, "timeout"),
        (TIMEOUT_US + 1, "timeout"),
        (60 * SECOND_US, "timeout"),
    ],
)
def test_what_is_answered_too_late_is_a_timeout_that_the_receiver_got(latency_us, failure):
    played = over(Network(constant(latency_us)), readings=ONCE)

    [outcome] = played.log.all(Outcome)
    assert outcome.answer.failure == failure
    assert since_sent(played, played.log.moments(Outcome)) == [TIMEOUT_US]
    [(at_us, attempt, told)] = arrivals(played)
    assert since_sent(played, [at_us]) == [latency_us]
    assert (attempt, told) == (1, failure)


@pytest.mark.parametrize("network", [Network(), Network(constant(300_000))])
def test_a_receiver_that_never_answers_is_missed_when_the_time_is_up(network):
    silent = Receiver(answers=(Answer(0, failure="timeout"),))

    played = over(network, silent, readings=ONCE)

    assert since_sent(played, played.log.moments(Outcome)) == [TIMEOUT_US]


def test_the_receiver_is_down_when_an_attempt_arrives_not_when_it_goes_out():
    sent_at_us = over(Network()).log.moments(Attempt)[0]
    down = Outage(sent_at_us, sent_at_us + 100_000)

    early = over(Network(constant(99_999)), Receiver(down=down), readings=ONCE)
    late = over(Network(constant(100_000)), Receiver(down=down), readings=ONCE)

    assert [outcome.answer.failure for outcome in early.log.all(Outcome)] == ["refused"]
    assert [outcome.answer.failure for outcome in late.log.all(Outcome)] == [""]


def test_drawn_latencies_let_callbacks_overtake_each_other():
    played = over(Network(Length("uniform", (0, 1_900_000))), calls=8)

    told = [(one.call, one.at_us) for one in played.log.arrivals if one.attempt]
    assert [at_us for _, at_us in told] == sorted(at_us for _, at_us in told)
    assert [call for call, _ in told] != sorted(call for call, _ in told)


def test_an_attempt_arrives_even_when_its_session_is_forgotten():
    played = over(Network(constant(60 * SECOND_US)), readings=ONCE)

    [(at_us, _)] = played.log.finals
    assert at_us < arrivals(played)[0][0]


# Loss.


def test_a_lost_attempt_is_a_timeout_and_told_when_it_went_out():
    played = over(Network(loss=1))

    sent = played.log.moments(Attempt)
    assert len(sent) == 3
    assert arrivals(played) == [(at_us, n, "lost") for n, at_us in enumerate(sent, 1)]
    assert played.log.moments(Outcome) == [at_us + TIMEOUT_US for at_us in sent]
    assert {outcome.answer.failure for outcome in played.log.all(Outcome)} == {"timeout"}
    assert played.log.triggers("delivery")[-1] == "give_up"


def test_about_as_many_are_lost_as_the_share_says():
    played = over(Network(loss=0.3), calls=200, readings=ONCE)

    lost = [failure for _, _, failure in arrivals(played)].count("lost")
    assert 40 <= lost <= 80


def test_loss_changes_no_other_draw():
    network = Network(Length("uniform", (0, SECOND_US)))
    alone = over(network, calls=20, readings=ONCE)
    among = over(Network(network.latency, loss=0.5), calls=20, readings=ONCE)

    got = [one for one in arrivals(among) if one[2] != "lost"]
    assert 0 < len(got) < 20
    assert set(got) < set(arrivals(alone))


# Duplicates.


def test_a_duplicate_is_the_same_attempt_and_its_answer_is_ignored():
    network = Network(Length("uniform", (1, SECOND_US)), duplicates=1)

    played = over(network, Receiver(answers=(Answer(500), Answer(200))))

    assert sorted(n for _, n, _ in arrivals(played)) == [1, 1, 2, 2]
    assert len(set(arrivals(played))) == 4
    assert [outcome.answer.status for outcome in played.log.all(Outcome)] == [500, 200]
    seqs = [told.seq for told in played.log.told]
    assert seqs == list(range(1, len(seqs) + 1))


def test_what_is_lost_is_not_repeated():
    played = over(Network(loss=1, duplicates=1), readings=ONCE)

    assert [failure for _, _, failure in arrivals(played)] == ["lost"]


def test_duplicates_change_nothing_for_the_platform():
    network = Network(Length("uniform", (0, SECOND_US)), loss=0.2)
    once = over(network, calls=20)
    twice = over(Network(network.latency, network.loss, duplicates=0.5), calls=20)

    assert len(arrivals(twice)) > len(arrivals(once))
    assert twice.log.told == once.log.told


# Receivers that ask.

VENDOR = Telnyx(7, 1_767_603_600_000_000)


def asking(*asks: Ask, **more: object) -> Receiver:
    return Receiver(asks=lambda _: asks, **more)


GET = get_recording(VENDOR, title="c0")


def test_a_receiver_asks_while_it_holds_a_callback():
    played = over(Network(constant(300_000)), asking(Ask(20_000, GET)), retires=False)

    assert since_sent(played, played.log.moments(Request)) == [320_000]
    assert since_sent(played, played.log.moments(Outcome)) == [300_000 + DELAY_US]
    assert [respond.answer.status for respond in played.log.all(Respond)] == [200]
    by_seq = {told.seq: told.what for told in played.log.told}
    causes = [by_seq[told.cause] for told in played.log.told if type(told.what) is Request]
    assert [type(cause) for cause in causes] == [Attempt]


def test_a_callback_is_answered_no_sooner_than_its_receiver_has_asked():
    played = over(Network(), asking(Ask(80_000, GET), Ask(70_000, GET)), retires=False)

    assert since_sent(played, played.log.moments(Outcome)) == [80_000]
    kinds = [type(told.what) for told in played.log.told if type(told.what) in (Request, Outcome)]
    assert kinds == [Request, Request, Outcome]


def test_a_receiver_that_asks_for_too_long_is_a_timeout():
    played = over(Network(), asking(Ask(TIMEOUT_US + 1, GET)), retires=False, readings=ONCE)

    assert [outcome.answer.failure for outcome in played.log.all(Outcome)] == ["timeout"]
    assert since_sent(played, played.log.moments(Request)) == [TIMEOUT_US + 1]


def test_a_copy_is_held_and_asked_about_as_well():
    played = over(Network(duplicates=1), asking(Ask(0, GET)), retires=False)

    assert len(played.log.all(Request)) == 2


@pytest.mark.parametrize(
    ("network", "receiver"),
    [
        (Network(loss=1), asking(Ask(0, GET))),
        (Network(), asking(Ask(0, GET), answers=(Answer(0, failure="refused"),))),
        (Network(), asking(Ask(0, GET), down=Outage(0, 3600 * SECOND_US))),
    ],
    ids=["lost", "refused", "down"],
)
def test_nothing_is_asked_about_a_callback_that_was_not_taken(network, receiver):
    played = over(network, receiver, retires=False)

    assert not played.log.all(Request)


def test_a_request_that_cannot_be_made_is_remarked():
    played = over(Network(), asking(Ask(0, "no such parameter")), retires=False)

    [attempt_at_us] = played.log.moments(Attempt)
    assert played.driver.world.told.unmade == [NotMade(attempt_at_us, "c0", "no such parameter")]


# Links.

URL = "https://store.test/a/b.mp3?signed=1"


def downloading(at_us: int, network: Network | None = None, **more: object) -> Played:
    """A request for the link that the callback tells."""
    links = Links(
        lambda message: [("link", URL)] if message.kind == "recording-status" else [],
        lambda answer: [("answered", URL)] if answer.body else [],
    )
    wanted = RequestPlan("", "", at_us, Download("link", "{link}"))
    return over(network or Network(), requests=(wanted,), links=links, retires=False, **more)


def test_a_download_is_of_the_link_that_was_told():
    played = downloading(60 * SECOND_US)

    [request] = played.log.all(Request)
    assert request == Request("GET", "/a/b.mp3", "signed=1", (("host", "store.test"),), "")
    assert played.driver.world.made == {0: request}


def test_a_download_of_what_nobody_told_is_not_made_and_remarked():
    told_at_us = downloading(60 * SECOND_US).log.moments(Attempt)[0]

    played = downloading(told_at_us, Network(constant(1)))

    assert not played.log.all(Request)
    assert played.driver.world.made == {}
    text = "GET {link} was not sent: no such link had been told"
    assert played.driver.world.told.unmade == [NotMade(told_at_us, "", text)]


def test_a_lost_callback_tells_no_link():
    assert not downloading(60 * SECOND_US, Network(loss=1)).log.all(Request)


# Storage.


def test_storage_fails_for_about_the_share_of_recordings():
    played = over(Network(), calls=200, storage=Storage(failure="full", failure_share=0.25))

    statuses = [made.status for _, final in played.log.finals for made in final.recordings]
    assert 30 <= statuses.count("absent") <= 70
    assert statuses.count("completed") == 200 - statuses.count("absent")


# Attempt by attempt.


def test_attempts_arrive_as_they_are_told_to_and_those_after_them_as_the_others():
    network = Network(constant(100_000), arrivals=((3 * SECOND_US,), (), (200_000, 100_000)))

    played = over(network, calls=2)

    first, second, third, fourth = played.log.moments(Attempt)
    assert sorted(arrivals(played)) == sorted(
        [
            (first + 3 * SECOND_US, 1, "timeout"),
            (second, 1, "lost"),
            (third + 200_000, 2, ""),
            (third + 100_000, 2, ""),
            (fourth + 100_000, 2, ""),
        ]
    )
