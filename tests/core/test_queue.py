"""`<Enqueue>`, `<Leave>` and `<Dial><Queue>`: who waits, who takes whom, and how each goes on."""

from __future__ import annotations

import pytest
from calls import SECOND_US, Calls, document, entities, one, only

from recsim.core.commands import Answer, Fetched, HungUp, Invite, Pressed
from recsim.core.effects import Cue, Effect, Fetch, Opened

WAIT = '<Enqueue action="/after" waitUrl="/music" maxWaitTimeSecs="60">support</Enqueue>'
TAKE = '<Dial action="/taken" hangupOnStar="true"><Queue>support</Queue></Dial>'
WHISPER = '<Dial><Queue url="/whisper">support</Queue></Dial>'
MUSIC = document("<Say>one two three</Say>", "<Pause/>")


class Office(Calls):
    """Several calls, each with a document of its own."""

    def comes(self, *verbs: str, at: int = 0) -> int:
        """Somebody calls and follows `verbs`; return their leg."""
        self.took: list[Effect] = self.until(at * SECOND_US - 1)
        invite = Invite(f"s{len(self.platform.legs)}", "+1", "+2", self.application)
        effects = self.platform.handle(at * SECOND_US, invite)
        leg = one(effects, Opened).leg
        answer = Answer(body=document(*verbs, "<Pause length='9'/>"))
        self.took += self.now(Fetched(one(effects, Fetch).ticket, answer))
        return leg

    def hears(self, text: str) -> list[Effect]:
        """The application answers what was asked last."""
        (fetch,) = only(self.took, Fetch)
        self.took = self.now(Fetched(fetch.ticket, Answer(body=text)))
        return self.took

    def words(self, leg: int) -> list[str]:
        return [cue.word for cue in only(self.took, Cue) if cue.leg == leg]

    def does(self, at: int, command) -> None:
        self.took = self.at(at * SECOND_US, command)

    def passes(self, until: int) -> None:
        self.took = self.until(until * SECOND_US)

    def verb(self, leg: int) -> str:
        return type(self.platform.legs[leg].verb).__name__


def test_whoever_waits_hears_the_document_over_and_over():
    office = Office()
    caller = office.comes(WAIT)
    assert only(office.took, Fetch)[0].url == "https://app.test/music"
    office.hears(MUSIC)

    office.passes(5)

    assert office.words(caller) == ["pause", "say", "pause", "say"]


def test_document_without_length_is_heard_once():
    office = Office()
    caller = office.comes(WAIT)
    office.hears(document())

    assert office.words(caller) == []
    office.passes(59)
    assert office.took == []


def test_wait_ends():
    office = Office()
    office.comes(WAIT)
    office.hears(MUSIC)

    office.passes(60)

    assert only(office.took, Fetch)[-1].url == "https://app.test/after"
    assert office.platform.queues == {}


def test_leave_ends_the_wait_at_once():
    office = Office()
    office.comes(WAIT)
    office.hears(document("<Say>one two three</Say>", "<Leave/>"))

    office.passes(2)

    assert only(office.took, Fetch)[-1].url == "https://app.test/after"


def test_leave_outside_of_a_queue_is_passed_over():
    office = Office()

    caller = office.comes("<Leave/>")

    assert office.words(caller) == ["answer", "leave", "pause"]


@pytest.mark.parametrize("who", ["caller", "agent"])
def test_first_who_waits_is_taken_and_goes_on_when_the_talk_is_over(who):
    office = Office()
    caller = office.comes(WAIT)
    office.hears(MUSIC)
    other = office.comes(WAIT, at=1)
    office.hears(MUSIC)

    agent = office.comes(TAKE, at=5)

    assert office.words(agent) == ["answer", "dial", "bridge"]
    assert office.platform.legs[agent].peer == caller
    assert office.platform.queues == {"support": (other,)}
    office.does(9, HungUp(caller if who == "caller" else agent))
    urls = [fetch.url for fetch in only(office.took, Fetch)]
    gone_on = ["taken"] if who == "caller" else ["taken", "after"]
    assert sorted(urls) == sorted(f"https://app.test/{url}" for url in gone_on)


def test_star_lets_the_caller_go():
    office = Office()
    caller = office.comes(WAIT)
    office.hears(MUSIC)
    agent = office.comes(TAKE, at=5)

    office.does(9, Pressed(agent, "*"))

    assert {fetch.url[17:] for fetch in only(office.took, Fetch)} == {"taken", "after"}
    assert office.platform.legs[caller].status == "in-progress"


def test_whoever_takes_waits_for_somebody_to_come():
    office = Office()
    agent = office.comes(TAKE)

    caller = office.comes(WAIT, at=9)

    assert office.platform.legs[agent].peer == caller


def test_whoever_takes_gives_up():
    office = Office()
    agent = office.comes("<Dial timeout='10'><Queue>support</Queue></Dial>")

    office.passes(10)

    assert office.words(agent) == ["pause"]
    assert office.platform.takers == {}


def test_caller_hears_a_document_before_the_bridge():
    office = Office()
    caller = office.comes(WAIT)
    office.hears(MUSIC)
    agent = office.comes(WHISPER, at=5)
    assert office.platform.legs[agent].peer == 0
    office.took = only(office.took, Fetch)[-1:]
    office.hears(document("<Say>one two</Say>"))

    office.passes(7)

    assert office.platform.legs[agent].peer == caller


def test_caller_who_goes_before_the_bridge_leaves_the_next_one_to_be_taken():
    office = Office()
    first = office.comes(WAIT)
    second = office.comes(WAIT, at=1)
    agent = office.comes(WHISPER, at=5)

    office.does(6, HungUp(first))

    assert office.platform.legs[agent].progress.leg == second


def test_caller_whose_agent_goes_before_the_bridge_is_first_again():
    office = Office()
    first = office.comes(WAIT)
    second = office.comes(WAIT, at=1)
    agent = office.comes(WHISPER, at=5)

    office.does(6, HungUp(agent))

    assert office.platform.queues == {"support": (first, second)}
    office.comes(TAKE, at=7)
    assert office.platform.legs[first].peer


def test_hang_up_while_waiting_leaves_nothing_behind():
    office = Office()
    caller = office.comes(WAIT)
    office.hears(MUSIC)

    office.does(2, HungUp(caller))

    assert office.platform.queues == {}
    assert len(office.platform.agenda) == 0


def test_music_that_cannot_be_had_leaves_silence():
    office = Office()
    caller = office.comes(WAIT)
    (fetch,) = only(office.took, Fetch)

    office.does(1, Fetched(fetch.ticket, Answer(404)))

    assert office.platform.legs[caller].status == "in-progress"
    office.comes(TAKE, at=5)
    assert office.platform.legs[caller].peer


def test_fork_has_queues_of_its_own():
    office = Office()
    office.comes(WAIT)
    before = entities(office.platform), office.platform.queues.copy()

    office.platform.fork().handle(SECOND_US, HungUp(next(iter(office.platform.legs))))

    assert (entities(office.platform), office.platform.queues) == before
