"""Who hears whom, over a bridge and in a conference."""

from __future__ import annotations

import pytest
from calls import SETTINGS, Calls

from recsim.core import hearing
from recsim.core.entities import (
    NEVER,
    CallLeg,
    CallSession,
    Conference,
    Member,
    Met,
    Recording,
    Setup,
    Voice,
)
from recsim.core.platform import Platform


class Scene:
    """Legs that have spoken, at a moment; times are plain numbers."""

    def __init__(self, now: int = 100, **speech: tuple[int, ...]) -> None:
        self.platform: Platform = Calls().platform
        self.platform.now_us = now
        self.keys: dict[str, int] = {}
        for name, edges in speech.items():
            session = CallSession(self.platform.new_key(), name, Calls().application)
            self.platform.sessions[session.key] = session
            leg = CallLeg(self.platform.new_key(), session.key, 1, "+1", "+2", Setup())
            leg.speech = edges
            self.platform.legs[leg.key] = leg
            self.keys[name] = leg.key

    def leg(self, name: str) -> CallLeg:
        return self.platform.legs[self.keys[name]]

    def confer(self, **inside: tuple[int, int]) -> Conference:
        """A conference; by name, since when each is heard, and hears the others."""
        key, first = self.platform.new_key(), self.leg(next(iter(inside)))
        conference = Conference(key, first.session, first.key, 1, "r", 9)
        for name, (heard, hears) in inside.items():
            leg = self.leg(name)
            leg.conference = key
            member = Member(
                leg.key, 0, 0, "", True, False, False, False, heard == NEVER, False, 0, heard, hears
            )
            conference.members += (member,)
        self.platform.conferences[key] = conference
        return conference

    def recording(self, name: str, conference: int = 0, track: str = "both") -> Recording:
        leg = self.leg(name)
        settings = SETTINGS._replace(track=track)
        made = Recording(self.platform.new_key(), leg.session, leg.key, 1, "x", settings)
        made.conference = conference
        return made


def test_nobody_is_heard_on_a_leg_alone():
    scene = Scene(a=(1, 5))

    assert hearing.others(scene.platform, scene.leg("a")) == ()
    assert hearing.sound(scene.platform, scene.recording("a")) == ((1, 5),)


def test_a_peer_is_heard_from_the_bridge_on():
    scene = Scene(30, a=(2, 4), b=(5, 15, 20))
    scene.leg("a").peer, scene.leg("a").bridged_at_us = scene.keys["b"], 10
    scene.leg("a").heard = ((1, 3),)

    assert hearing.others(scene.platform, scene.leg("a")) == ((1, 3), (10, 15), (20, 30))


def test_all_who_can_be_heard_are_in_the_recording_of_a_conference():
    scene = Scene(a=(0, 20), b=(30, 40), muted=(50, 60), c=(70,))
    conference = scene.confer(a=(10, 10), b=(10, 10), muted=(NEVER, 10), c=(80, 80))
    recording = scene.recording("a", conference.key)

    assert hearing.sound(scene.platform, recording) == ((10, 20), (30, 40), (80, 100))


def test_who_was_heard_before_is_in_it_too():
    scene = Scene(a=(0, 20))
    conference = scene.confer(a=(10, 10))
    conference.voices = (Voice(99, "gone", 1, 10, 50, ((40, 50),)),)
    recording = scene.recording("a", conference.key)

    assert hearing.sound(scene.platform, recording) == ((10, 20), (40, 50))


@pytest.mark.parametrize(
    ("track", "expected"),
    [
        ("inbound", ((0, 5),)),
        ("outbound", ((30, 40),)),
        ("both", ((0, 5), (30, 40))),
    ],
)
def test_a_participant_hears_the_others_and_not_itself(track, expected):
    scene = Scene(a=(0, 5), b=(10, 15, 30, 40))
    scene.confer(a=(0, 20), b=(0, 0))

    assert hearing.sound(scene.platform, scene.recording("a", track=track)) == expected


def test_whoever_is_held_hears_only_what_it_heard_before():
    scene = Scene(a=(), b=(30, 40))
    scene.confer(a=(NEVER, NEVER), b=(0, 0))
    scene.leg("a").heard = ((1, 2),)

    assert hearing.others(scene.platform, scene.leg("a")) == ((1, 2),)


def test_a_leg_that_was_only_dialed_for_it_hears_nobody():
    scene = Scene(a=(0, 5), b=())
    conference = scene.confer(a=(0, 0))
    scene.leg("b").conference = conference.key

    assert hearing.others(scene.platform, scene.leg("b")) == ()


@pytest.mark.parametrize(
    ("speech", "heard", "expected"),
    [((50,), 10, True), ((50, 60), 10, False), ((), 10, False), ((50,), NEVER, False)],
)
def test_whoever_can_be_heard_speaks_in_a_conference(speech, heard, expected):
    scene = Scene(a=(), b=speech)
    conference = scene.confer(a=(10, 10), b=(heard, 10))

    assert hearing.speaks(scene.platform, scene.recording("a", conference.key)) == expected
    assert hearing.speaks(scene.platform, scene.recording("a")) == expected


def test_a_muted_participant_speaks_on_its_own_leg():
    scene = Scene(a=(50,), b=())
    conference = scene.confer(a=(NEVER, 10), b=(10, 10))

    assert hearing.speaks(scene.platform, scene.recording("a"))
    assert not hearing.speaks(scene.platform, scene.recording("b"))
    assert not hearing.speaks(scene.platform, scene.recording("a", conference.key))


def test_those_who_hear_it_hear_its_beep():
    scene = Scene(a=(), held=(), b=(), gone=())
    conference = scene.confer(a=(0, 0), held=(NEVER, NEVER), b=(NEVER, 0), gone=(0, 0))
    scene.leg("gone").ended_at_us = 50

    heard_by = hearing.those_in(scene.platform, scene.recording("a", conference.key))

    assert heard_by == [scene.leg("a"), scene.leg("b")]
    assert hearing.those_in(scene.platform, scene.recording("held")) == [scene.leg("held")]


def test_those_are_met_who_could_be_heard_meanwhile():
    scene = Scene(a=(), b=(), late=())
    conference = scene.confer(a=(20, 20), b=(10, 10), late=(90, 90))
    conference.voices = (
        Voice(98, "before", 1, 0, 20, ()),
        Voice(99, "meanwhile", 2, 15, 30, ()),
        Voice(scene.keys["a"], "a", 1, 5, 15, ()),
    )
    member = hearing.member_of(conference, scene.leg("a"))
    assert member is not None

    assert hearing.met_by(scene.platform, conference, member) == (
        Met("meanwhile", 2, 20, 30),
        Met("b", 1, 20, 100),
        Met("late", 1, 90, 100),
    )
