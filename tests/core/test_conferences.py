"""A conference: who starts it, who waits, what is recorded and told of it, how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from calls import (
    BEEP_US,
    BOB,
    EVENTS,
    LISTENER,
    PROGRESS,
    RECORDING_URL,
    SECOND_US,
    Line,
    conferring,
    dial,
    do,
    document,
    element,
    only,
)

from recsim.core import conferences
from recsim.core.commands import Answered, Command, HungUp, Pressed, Refused, Ringing, Speech
from recsim.core.effects import Cue, Effect, Quiet
from recsim.core.entities import CallLeg, Conference, Recording
from recsim.core.platform import Final, Platform
from recsim.core.watch import Watch
from recsim.vendors.telnyx.lifecycle import CONFERENCE

TOLD = {
    "statusCallback": "/conference",
    "statusCallbackEvent": "start end join leave speaker",
}
KEPT = {
    "record": "record-from-start",
    "recordBeep": "false",
    "recordingStatusCallback": RECORDING_URL,
    "recordingStatusCallbackEvent": " ".join(EVENTS),
}
WAITS = {"startConferenceOnEnter": "false"}
MODERATES = {"endConferenceOnExit": "true"}
AFTER = {"action": "/after"}
MUSIC = "https://app.test/hold.mp3"
REST = '<Pause length="180"/>'


class Watched(Platform):
    """A platform each step of which is watched."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.watch = Watch(self)

    def handle(self, at_us: int, command: Command) -> list[Effect]:
        seq = self.seq + 1
        effects = super().handle(at_us, command)
        self.watch.asked(at_us, seq, 0, command)
        self.watch.saw(at_us, seq + 1, effects)
        return effects

    def advance(self, to_us: int) -> list[Effect]:
        seq = self.seq + 1
        effects = super().advance(to_us)
        self.watch.saw(to_us, seq, effects)
        return effects


class Room(Line):
    """A line on which everybody has a document of their own; what is quiet is retired."""

    def __init__(self, documents: Mapping[str, str] | None = None, **readings: str) -> None:
        rest = document(REST)
        super().__init__({"after": rest, "elsewhere": rest} | dict(documents or {}), **readings)
        self.platform = Watched(self.vendor)
        self.cued: list[tuple[int, str]] = []
        self.drops: list[tuple[int, str]] = []
        self.finals: dict[str, Final] = {}
        self.names: dict[str, str] = {}
        """Who is called what, by CallSid."""

    def comes(self, name: str, *verbs: str) -> int:
        """Somebody calls and follows `verbs`."""
        self.documents = {**self.documents, name: document(*verbs)}
        self.application = LISTENER._replace(voice_url=f"https://app.test/{name}")
        self.names[self.sid(name)] = name
        return self.call(name)

    def _answered(self, effects: list[Effect]) -> list[Effect]:
        self.cued += [(cue.leg, cue.word) for cue in only(effects, Cue)]
        quiets = only(effects, Quiet)
        done = super()._answered(effects)
        for quiet in quiets:
            final = self.platform.retire(quiet.session)
            self.platform.watch.left(self.platform.now_us, final)
            self.finals[final.session.title] = final
        return done

    def waits(self, seconds: float) -> None:
        self.after(round(seconds * SECOND_US))

    def says(self, leg: int, seconds: float) -> None:
        """The party of a leg speaks for so long."""
        self.do(Speech(leg, on=True))
        self.waits(seconds)
        self.do(Speech(leg, on=False))

    def words(self, leg: int) -> list[str]:
        """What was cued to a leg from its conference on."""
        words = [word for key, word in self.cued if key == leg]
        return words[words.index("dial") + 1 :]

    def leg_of(self, key: int) -> CallLeg:
        finals = (leg for final in self.finals.values() for leg in final.legs)
        return self.platform.legs.get(key) or next(leg for leg in finals if leg.key == key)

    def conference(self, n: int = 1) -> Conference:
        """The n-th conference that was made."""
        made = dict(self.platform.conferences)
        made |= {one.key: one for final in self.finals.values() for one in final.conferences}
        return made[sorted(made)[n - 1]]

    def recorded(self) -> list[Recording]:
        """Every recording, in the order made."""
        made = dict(self.platform.recordings)
        made |= {one.key: one for final in self.finals.values() for one in final.recordings}
        return [made[key] for key in sorted(made)]

    def events(self) -> list[tuple[str, str]]:
        """What was told of conferences: the event, and of whom."""
        self.waits(1)
        return [
            (params["StatusCallbackEvent"], self.names.get(params["CallSid"], ""))
            for params in self.of("conference-status")
        ]

    def statuses(self) -> list[str]:
        """RecordingStatus of every recording callback."""
        self.waits(1)
        return [params["RecordingStatus"] for params in self.of("recording-status")]

    def is_in(self, leg: int) -> bool:
        return self.leg_of(leg).conference != 0

    def ends(self) -> None:
        """Everybody hangs up; nothing is left."""
        for leg in list(self.platform.legs):
            self.do(HungUp(leg))
        self.waits(20_000)
        self.platform.watch.finish()
        assert not self.platform.sessions
        assert not self.platform.rooms
        assert not self.platform.agenda.armed()


@pytest.fixture
def room():
    made = Room()
    yield made
    made.ends()


# Coming in, waiting, starting.


def test_whoever_may_start_it_is_in_at_once(room):
    alice = room.comes("alice", conferring())

    assert room.conference().status == "in-progress"
    assert room.words(alice) == ["conference"]


def test_whoever_may_not_start_it_waits_for_one_who_may(room):
    alice = room.comes("alice", conferring(**WAITS))
    bob = room.comes("bob", conferring(**WAITS))
    assert room.conference().status == "init"
    assert room.words(alice) == room.words(bob) == ["hold"]

    carol = room.comes("carol", conferring())

    assert room.conference().status == "in-progress"
    assert room.words(alice) == room.words(bob) == ["hold", "conference"]
    assert room.words(carol) == ["conference"]


def test_nobody_waits_in_a_conference_that_runs(room):
    room.comes("alice", conferring())

    bob = room.comes("bob", conferring(waitUrl="/music", **WAITS))

    assert room.words(bob) == ["conference"]
    assert "https://app.test/music" not in room.to


def test_music_is_heard_until_the_start(room):
    alice = room.comes("alice", conferring(waitUrl="/hold.mp3", **WAITS))
    room.waits(5)
    assert len(room.leg_of(alice).sound) == 1

    room.comes("bob", conferring())

    assert room.leg_of(alice).sound == (0, 5 * SECOND_US)
    assert "https://app.test/hold.mp3" not in room.to


def test_document_is_heard_over_and_over_until_the_start(room):
    room.documents["music"] = document('<Pause length="2"/>')
    alice = room.comes("alice", conferring(waitUrl="/music", **WAITS))
    room.waits(5)
    assert room.words(alice) == ["hold", "pause", "pause", "pause"]
    assert room.to.count("https://app.test/music") == 1

    room.comes("bob", conferring())
    room.waits(5)

    assert room.words(alice) == ["hold", "pause", "pause", "pause", "conference"]
    assert room.leg_of(alice).outer is None


def test_document_that_is_not_to_be_had_leaves_silence(room):
    alice = room.comes("alice", conferring(waitUrl="/nowhere", **WAITS))
    room.waits(5)

    room.comes("bob", conferring())

    assert room.words(alice) == ["hold", "conference"]


def test_leave_is_for_queues(room):
    room.documents["music"] = document("<Leave/>", '<Pause length="9"/>')

    alice = room.comes("alice", conferring(waitUrl="/music", **WAITS))

    assert room.is_in(alice)
    assert room.words(alice) == ["hold", "leave", "pause"]


def test_full_conference_lets_nobody_in(room):
    room.comes("alice", conferring(maxParticipants="2"))
    room.comes("bob", conferring())

    carol = room.comes("carol", conferring("r", AFTER))

    assert not room.is_in(carol)
    assert room.of("action")[-1]["CallSid"] == room.sid("carol")
    assert room.words(carol) == ["pause"]


def test_first_who_names_a_conference_says_how_many_may_come(room):
    room.comes("alice", conferring())
    room.comes("bob", conferring(maxParticipants="2"))

    assert room.is_in(room.comes("carol", conferring()))


def test_label_is_one_participants(room):
    alice = room.comes("alice", conferring(participantLabel="boss"))
    assert not room.is_in(room.comes("bob", conferring(participantLabel="boss"), REST))
    room.do(HungUp(alice))

    assert room.is_in(room.comes("carol", conferring(participantLabel="boss")))


# Ending.


def test_last_who_leaves_ends_it(room):
    alice, bob = room.comes("alice", conferring()), room.comes("bob", conferring())
    room.do(HungUp(alice))
    assert room.conference().status == "in-progress"

    room.do(HungUp(bob))

    assert (room.conference().status, room.conference().ended_by) == ("completed", "empty")
    assert room.conference().ended_with == ("bob", 1)


def test_last_who_waits_ends_it_too(room):
    alice = room.comes("alice", conferring(**WAITS))

    room.do(HungUp(alice))

    assert (room.conference().status, room.conference().ended_by) == ("completed", "empty")


@pytest.mark.parametrize("waits", [WAITS, {}], ids=["before it starts", "while it runs"])
def test_moderator_who_leaves_ends_it_for_all(room, waits):
    boss = room.comes("boss", conferring(**MODERATES, **waits))
    alice = room.comes("alice", conferring("r", AFTER, waitUrl="/hold.mp3", **WAITS))

    room.do(HungUp(boss))

    assert room.conference().ended_by == "moderator_left"
    assert room.conference().ended_with == ("boss", 1)
    assert room.leg_of(alice).status == "in-progress"
    assert room.words(alice)[-1] == "pause"
    assert [action["CallSid"] for action in room.of("action")] == [room.sid("alice")]


def test_request_ends_it_and_hangs_up(room):
    alice = room.comes("alice", conferring("r", AFTER))
    bob = room.comes("bob", conferring("r", AFTER))

    room.do(do("complete", "r"))

    assert room.conference().ended_by == "complete"
    assert room.leg_of(alice).status == room.leg_of(bob).status == "completed"
    assert len(room.of("action")) == 2
    assert "pause" not in room.words(alice)


def test_request_ends_one_that_nobody_started(room):
    room.documents["music"] = document('<Pause length="9"/>')
    alice = room.comes("alice", conferring("r", AFTER, waitUrl="/music", **WAITS))

    room.do(do("complete", "r"))

    assert room.leg_of(alice).ended_by == "complete"
    assert len(room.of("action")) == 1


def test_time_ends_it():
    room = Room(conference_limit_s="60s")
    alice = room.comes("alice", conferring("r", AFTER, **TOLD))

    room.waits(60)

    assert room.conference().ended_by == "expire"
    assert room.words(alice) == ["conference", "pause"]
    assert room.events()[-1] == ("conference-end", "alice")
    room.ends()


def test_one_that_waits_is_not_timed():
    room = Room(conference_limit_s="60s")
    room.comes("alice", conferring(**WAITS))

    room.waits(120)

    assert room.conference().status == "init"
    room.ends()


def test_name_of_one_that_is_over_is_another_conference(room):
    alice = room.comes("alice", conferring())
    room.do(HungUp(alice))

    room.comes("bob", conferring())

    assert room.conference(1).status == "completed"
    assert room.conference(2).status == "in-progress"


def test_two_names_are_two_conferences(room):
    alice, bob = room.comes("alice", conferring("one")), room.comes("bob", conferring("two"))

    assert room.leg_of(alice).conference != room.leg_of(bob).conference


def test_whoever_is_let_go_may_come_in_again(room):
    boss = room.comes("boss", conferring(**MODERATES))
    alice = room.comes("alice", conferring(), conferring())

    room.do(HungUp(boss))

    assert room.conference(1).status == "completed"
    assert room.leg_of(alice).conference == room.conference(2).key
    assert room.conference(2).leg == alice


# Going.


def test_hang_up_while_waiting_makes_one_action_request(room):
    room.documents["music"] = document('<Gather numDigits="1"/>', '<Pause length="9"/>')
    alice = room.comes("alice", conferring("r", AFTER, waitUrl="/music", **WAITS))

    room.do(HungUp(alice))

    assert len(room.of("action")) == 1


def test_hang_up_while_music_is_being_fetched_makes_one_action_request(room):
    alice = room.comes("alice", conferring("r", AFTER, waitUrl="/nowhere", **WAITS))

    room.do(HungUp(alice))

    assert len(room.of("action")) == 1


@pytest.mark.parametrize("waits", [{}, WAITS | {"waitUrl": "/music"}], ids=["inside", "waiting"])
def test_stay_is_limited(room, waits):
    room.documents["music"] = document('<Pause length="7"/>')
    room.comes("bob", conferring(**WAITS))
    alice = room.comes("alice", conferring("r", {"timeLimit": "60", **AFTER}, **waits))
    room.waits(59)
    assert room.is_in(alice)

    room.waits(1)

    assert not room.is_in(alice)
    assert room.leg_of(alice).status == "in-progress"
    assert len(room.of("action")) == 1
    assert room.conference().status == ("init" if waits else "in-progress")


def test_key_means_nothing_to_it(room):
    alice = room.comes("alice", conferring())

    room.do(Pressed(alice, "*"))

    assert room.is_in(alice)


def divert(room: Room, name: str) -> None:
    room.ask("POST", f"/Calls/{room.sid(name)}", {"Url": "https://app.test/elsewhere"})


@pytest.mark.parametrize(
    "waits", [{}, WAITS, WAITS | {"waitUrl": "/music"}, WAITS | {"waitUrl": "/nowhere"}]
)
def test_other_instructions_take_a_participant_out(room, waits):
    room.documents["music"] = document('<Pause length="7"/>')
    room.comes("bob", conferring(**WAITS))
    alice = room.comes("alice", conferring("r", {"timeLimit": "60", **AFTER}, **waits))

    divert(room, "alice")

    assert not room.is_in(alice)
    assert room.words(alice)[-1] == "pause"
    assert room.of("action") == []
    assert len(room.leg_of(alice).sound) % 2 == 0
    room.waits(120)
    assert room.words(alice).count("pause") == 1 + room.words(alice)[:-1].count("pause")
    assert room.leg_of(alice).status == "in-progress"


def test_removed_participant_goes_on_with_its_document(room):
    room.comes("bob", conferring())
    alice = room.comes("alice", conferring("r", AFTER))

    room.do(do("remove", alice))

    assert not room.is_in(alice)
    assert room.words(alice) == ["conference", "pause"]
    assert room.conference().status == "in-progress"


def test_dial_elsewhere_has_nothing_to_do_with_it(room):
    room.comes("bob", conferring(**MODERATES))
    alice = room.comes("alice", dial(BOB))
    callee = room.dialed()[0]
    room.do(Answered(callee))
    assert room.leg_of(alice).peer == callee

    room.do(do("complete", "r"))

    assert room.leg_of(alice).peer == callee


def test_session_of_a_participant_is_forgotten_before_the_conference(room):
    room.comes("alice", conferring(**TOLD, **KEPT))
    bob = room.comes("bob", conferring())
    room.says(bob, 2)
    room.do(HungUp(bob))
    room.waits(5)
    assert "bob" in room.finals
    room.says(room.comes("carol", conferring()), 1)

    room.ends()

    (recording,) = room.recorded()
    assert recording.status == "completed"
    row = room.vendor.row(room.finals["alice"], recording, 0)
    everybody = [room.sid(name) for name in ("alice", "bob", "carol")]
    assert row["legs_by_channel"] == [everybody]


def test_session_that_made_it_lasts_as_long_as_it(room):
    alice = room.comes("alice", conferring(**KEPT))
    bob = room.comes("bob", conferring())
    room.waits(5)

    room.do(HungUp(alice))
    room.waits(60)

    assert "alice" not in room.finals
    (recording,) = room.recorded()
    assert recording.status == "in-progress"
    room.do(HungUp(bob))
    room.waits(5)
    assert set(room.finals) == {"alice", "bob"}
    assert recording.length_us == 65 * SECOND_US
    assert recording.status == "completed"


# What is recorded.


def test_recording_begins_with_the_conference(room):
    room.comes("alice", conferring(**WAITS, **KEPT))
    room.waits(10)
    assert room.recorded() == []

    room.comes("bob", conferring())

    (recording,) = room.recorded()
    assert (recording.source, recording.settings.channels) == ("Conference", 1)
    assert recording.started_at_us == 10 * SECOND_US
    assert recording.leg == room.conference().leg


def test_one_recording_is_made_however_many_ask(room):
    room.comes("alice", conferring(**WAITS, **KEPT))
    room.comes("bob", conferring(**KEPT))
    carol = room.comes("carol", conferring(**KEPT))
    room.do(HungUp(carol))
    room.comes("dora", conferring(**KEPT))

    assert len(room.recorded()) == 1


def test_wish_in_a_conference_that_runs_is_granted_at_once(room):
    room.comes("alice", conferring())
    room.waits(5)

    room.comes("bob", conferring(**KEPT))

    assert room.recorded()[0].started_at_us == 5 * SECOND_US


def test_recording_that_never_began_is_told_absent_once(room):
    room.comes("alice", conferring(**WAITS, **KEPT))
    room.comes("bob", conferring(**WAITS, **KEPT))

    room.ends()

    assert room.statuses() == ["absent"]
    assert "RecordingSid" not in room.of("recording-status")[0]
    assert room.recorded() == []


@pytest.mark.parametrize("how", ["empty", "moderator_left", "complete", "expire"])
def test_recording_ends_with_the_conference_however_it_ends(how):
    room = Room(conference_limit_s="60s")
    alice = room.comes("alice", conferring(**KEPT))
    boss = room.comes("boss", conferring(**MODERATES if how == "moderator_left" else {}))
    room.says(alice, 3)

    room.waits(57 if how == "expire" else 0)
    if how == "complete":
        room.do(do("complete", "r"))
    elif how != "expire":
        room.do(HungUp(alice))
        room.do(HungUp(boss))

    assert room.conference().ended_by == how
    assert room.statuses() == ["in-progress", "completed"]
    room.ends()


def test_beep_is_heard_by_all_inside(room):
    alice = room.comes("alice", conferring(**WAITS, **KEPT | {"recordBeep": "true"}))
    bob = room.comes("bob", conferring(**WAITS))
    room.do(do("hold", bob, True))

    carol = room.comes("carol", conferring())
    room.waits(1)

    assert room.words(alice) == ["hold", "conference", "beep"]
    assert room.words(carol) == ["conference", "beep"]
    assert "beep" not in room.words(bob)
    assert room.recorded()[0].capturing_since_us == BEEP_US


def test_silence_of_all_who_are_heard_ends_it(room):
    alice = room.comes("alice", conferring(recordingTimeout="2", **KEPT))
    bob = room.comes("bob", conferring())
    (recording,) = room.recorded()
    room.waits(10)
    assert recording.status == "in-progress"  # nobody has spoken yet
    room.says(alice, 1)
    room.waits(1)
    room.says(bob, 1)
    room.waits(1)
    assert recording.status == "in-progress"

    room.waits(1)

    assert ("recording", "silence") in room.moves
    assert recording.ended_at_us == 15 * SECOND_US
    assert room.conference().status == "in-progress"


@pytest.mark.parametrize("how", ["mute", "hold"])
def test_whoever_is_not_heard_is_silent(room, how):
    alice = room.comes("alice", conferring(recordingTimeout="2", **KEPT))
    bob = room.comes("bob", conferring())
    room.says(alice, 1)
    room.do(do(how, bob, True))
    room.do(Speech(bob, on=True))

    room.waits(2)

    assert ("recording", "silence") in room.moves


@pytest.mark.parametrize("how", ["mute", "hold"])
def test_whoever_is_heard_again_while_speaking_breaks_the_silence(room, how):
    alice = room.comes("alice", conferring(recordingTimeout="2", **KEPT))
    bob = room.comes("bob", conferring())
    room.do(do(how, bob, True))
    room.do(Speech(bob, on=True))
    room.says(alice, 1)
    room.waits(1)

    room.do(do(how, bob, False))
    room.waits(5)

    assert ("recording", "silence") not in room.moves
    room.do(do(how, bob, True))
    room.waits(2)
    assert ("recording", "silence") in room.moves


def test_whoever_leaves_while_speaking_leaves_silence(room):
    room.comes("alice", conferring(recordingTimeout="2", **KEPT))
    bob = room.comes("bob", conferring())
    room.do(Speech(bob, on=True))
    room.waits(1)

    room.do(HungUp(bob))
    room.waits(2)

    assert ("recording", "silence") in room.moves


def test_trim_keeps_what_somebody_said(room):
    alice = room.comes("alice", conferring(trim="trim-silence", **KEPT))
    bob = room.comes("bob", conferring())
    muted = room.comes("muted", conferring(muted="true"))
    room.says(muted, 5)
    room.says(alice, 2)
    room.waits(1)
    room.says(bob, 3)
    room.do(do("hold", bob, True))
    room.says(bob, 4)
    room.do(do("hold", bob, False))
    room.says(muted, 5)

    room.ends()

    (recording,) = room.recorded()
    assert recording.kept == ((5 * SECOND_US, 11 * SECOND_US),)


def test_leg_records_whom_it_hears_while_it_is_in(room):
    recorded = element(
        "Start", element("Recording", track="outbound", trim="trim-silence", channels="single")
    )
    bob = room.comes("bob", conferring())
    room.says(bob, 2)
    alice = room.comes("alice", recorded, '<Pause length="3"/>', conferring("r", AFTER))
    room.says(bob, 3)
    room.waits(1)
    room.says(bob, 2)
    room.says(alice, 1)
    muted = room.comes("muted", conferring(muted="true"))
    room.says(muted, 1)
    room.waits(1)
    room.says(bob, 1)
    room.do(do("remove", alice))
    room.says(bob, 5)
    room.do(HungUp(alice))

    (recording,) = room.recorded()
    assert recording.kept == ((6 * SECOND_US, 12 * SECOND_US),)
    assert [(met.session, met.n) for met in room.leg_of(alice).met] == [("bob", 1)]
    room.ends()
    row = room.vendor.row(room.finals["alice"], recording, 0)
    assert row["legs_by_channel"] == [[room.sid("bob")]]


def test_leg_that_is_still_in_has_heard_the_others_when_its_recording_ends(room):
    recorded = element("Start", element("Recording", track="outbound", trim="trim-silence"))
    bob = room.comes("bob", conferring())
    room.comes("alice", recorded, conferring())
    room.says(bob, 2)

    room.do(room.update("stopped", session="alice"))

    assert room.recorded()[0].length_us == 2 * SECOND_US


def test_held_leg_hears_its_music(room):
    recorded = element("Start", element("Recording", track="outbound", trim="trim-silence"))
    bob = room.comes("bob", conferring())
    alice = room.comes("alice", recorded, conferring())
    room.do(do("hold", alice, True))
    room.says(bob, 3)
    room.do(do("hold", alice, True, MUSIC))
    room.says(bob, 2)
    room.do(do("hold", alice, False))
    room.waits(4)

    room.do(room.update("stopped", session="alice"))

    assert room.recorded()[0].kept == ((3 * SECOND_US, 5 * SECOND_US),)


# What is told.


def test_callbacks_come_in_order_and_are_counted(room):
    alice = room.comes("alice", conferring(participantLabel="one", **WAITS, **TOLD))
    boss = room.comes("boss", conferring(participantLabel="two", **MODERATES, **TOLD))
    room.says(boss, 1)
    room.do(HungUp(boss))
    room.do(HungUp(alice))

    assert room.events() == [
        ("participant-join", "alice"),
        ("conference-start", "boss"),
        ("participant-join", "boss"),
        ("participant-speech-start", "boss"),
        ("participant-speech-stop", "boss"),
        ("participant-leave", "boss"),
        ("participant-leave", "alice"),
        ("conference-end", "boss"),
    ]
    told = room.of("conference-status")
    assert [params["SequenceNumber"] for params in told] == [str(n) for n in range(len(told))]
    labels = [params.get("ParticipantLabel") for params in told[:7]]
    assert labels == ["one", "two", "two", "two", "two", "two", "one"]
    assert {params["FriendlyName"] for params in told} == {"r"}


def test_start_of_one_who_comes_alone_is_told_first(room):
    room.comes("alice", conferring(**TOLD))

    assert room.events() == [("conference-start", "alice"), ("participant-join", "alice")]


def test_end_by_request_is_told_after_everybody_has_left(room):
    room.comes("alice", conferring(**TOLD))
    room.comes("bob", conferring())
    room.do(do("complete", "r"))

    assert room.events()[-3:] == [
        ("participant-leave", "alice"),
        ("participant-leave", "bob"),
        ("conference-end", "alice"),
    ]


@pytest.mark.parametrize("word", ["start", "end", "join", "leave", "speaker"])
def test_only_what_is_subscribed_is_told(room, word):
    alice = room.comes("alice", conferring(**TOLD | {"statusCallbackEvent": word}))
    room.says(alice, 1)
    room.do(HungUp(alice))

    (kinds,) = {tuple(event for event, _ in room.events())}
    assert (
        kinds
        == {
            "start": ("conference-start",),
            "end": ("conference-end",),
            "join": ("participant-join",),
            "leave": ("participant-leave",),
            "speaker": ("participant-speech-start", "participant-speech-stop"),
        }[word]
    )


def test_first_who_subscribes_is_told(room):
    room.comes("alice", conferring())
    room.comes("bob", conferring(statusCallback="/first", statusCallbackEvent="join"))
    room.comes("carol", conferring(statusCallback="/second", statusCallbackEvent="join"))

    assert room.events() == [("participant-join", "bob"), ("participant-join", "carol")]
    assert room.to.count("https://app.test/first") == 2
    assert "https://app.test/second" not in room.to


@pytest.mark.parametrize("how", ["mute", "hold"])
def test_nothing_is_told_of_speech_that_nobody_hears(room, how):
    alice = room.comes("alice", conferring(**TOLD | {"statusCallbackEvent": "speaker"}))
    room.do(do(how, alice, True))
    room.says(alice, 1)
    room.do(Speech(alice, on=True))
    room.waits(1)
    room.do(do(how, alice, False))
    room.do(Speech(alice, on=False))

    assert room.events() == []


def test_nothing_is_told_of_speech_before_the_start(room):
    alice = room.comes("alice", conferring(**TOLD | {"statusCallbackEvent": "speaker"}, **WAITS))
    room.says(alice, 1)

    assert room.events() == []


@pytest.mark.parametrize(
    ("beep", "heard"),
    [("true", ["enter", "exit"]), ("false", []), ("onEnter", ["enter"]), ("onExit", ["exit"])],
)
def test_tones_are_heard_by_the_others(room, beep, heard):
    alice = room.comes("alice", conferring(beep="false"))
    bob = room.comes("bob", conferring(beep=beep))
    tones = [word for word in room.words(alice) if word == "tone"]
    assert len(tones) == ("enter" in heard)

    room.do(HungUp(bob))

    assert room.words(alice).count("tone") == len(heard)
    assert "tone" not in room.words(bob)


def test_nobody_hears_tones_before_the_start_or_on_hold(room):
    alice = room.comes("alice", conferring(**WAITS))
    room.comes("bob", conferring(**WAITS))
    room.do(do("hold", alice, True))
    room.comes("carol", conferring())
    room.comes("dora", conferring())

    assert "tone" not in room.words(alice)


# Held, muted, announced to.


def test_held_participant_hears_music_in_place_of_the_others(room):
    alice = room.comes("alice", conferring())
    room.do(do("hold", alice, True, MUSIC))
    assert len(room.leg_of(alice).sound) == 1

    room.do(do("hold", alice, False))

    assert len(room.leg_of(alice).sound) == 2
    assert room.words(alice) == ["conference", "hold", "conference"]


def test_hold_again_changes_the_music_and_without_music_nothing(room):
    room.documents["music"] = document('<Pause length="9"/>')
    alice = room.comes("alice", conferring())
    room.do(do("hold", alice, True, "https://app.test/music"))
    room.do(do("hold", alice, True))
    assert room.words(alice) == ["conference", "hold", "pause"]

    room.do(do("hold", alice, True, MUSIC))

    assert room.leg_of(alice).outer is None
    assert room.words(alice)[-1] == "hold"


def test_whoever_is_held_when_it_starts_stays_held(room):
    alice = room.comes("alice", conferring(**WAITS))
    room.do(do("hold", alice, True, MUSIC))

    room.comes("bob", conferring())

    assert room.words(alice) == ["hold", "hold"]
    assert len(room.leg_of(alice).sound) == 1


def test_whoever_is_let_off_before_the_start_waits_on(room):
    room.documents["music"] = document('<Pause length="9"/>')
    alice = room.comes("alice", conferring(waitUrl="/music", **WAITS))
    room.do(do("hold", alice, True, MUSIC))

    room.do(do("hold", alice, False))

    assert room.words(alice) == ["hold", "pause", "hold", "hold", "pause"]
    room.comes("bob", conferring())
    assert room.words(alice)[-1] == "conference"


@pytest.mark.parametrize("url", ["https://app.test/news", "https://app.test/news.mp3"])
def test_announcement_is_heard_once(room, url):
    room.documents["news"] = document("<Play>/news.mp3</Play>")
    alice = room.comes("alice", conferring(**TOLD))
    bob = room.comes("bob", conferring())

    room.do(do("announce", alice, url))
    room.waits(20)

    assert room.words(alice).count("play") == 1
    assert room.leg_of(alice).outer is None
    assert room.is_in(alice)
    room.says(bob, 1)
    assert room.is_in(bob)


@pytest.mark.parametrize("url", ["https://app.test/news", "https://app.test/nowhere"])
def test_music_goes_on_after_an_announcement(room, url):
    room.documents["news"] = document('<Pause length="2"/>')
    alice = room.comes("alice", conferring(waitUrl="/hold.mp3", **WAITS))
    room.waits(1)

    room.do(do("announce", alice, url))
    room.waits(3)

    assert len(room.leg_of(alice).sound) == 3
    assert room.leg_of(alice).outer is None


def test_announcement_is_heard_to_its_end_though_the_conference_starts(room):
    room.documents["news"] = document('<Pause length="2"/>', '<Pause length="4"/>')
    alice = room.comes("alice", conferring(waitUrl="/hold.mp3", **WAITS))
    room.do(do("announce", alice, "https://app.test/news"))

    room.comes("bob", conferring())
    room.waits(10)

    assert room.words(alice) == ["hold", "pause", "conference", "pause"]
    assert len(room.leg_of(alice).sound) == 2
    assert room.leg_of(alice).outer is None


def test_announcement_takes_the_place_of_another(room):
    room.documents |= {"one": document('<Pause length="9"/>'), "two": document("<Say>a</Say>")}
    alice = room.comes("alice", conferring())
    room.do(do("announce", alice, "https://app.test/one"))

    room.do(do("announce", alice, "https://app.test/two"))
    room.waits(20)

    assert room.words(alice) == ["conference", "pause", "say"]


def test_hang_up_during_an_announcement_makes_one_action_request(room):
    alice = room.comes("alice", conferring("r", AFTER))
    room.do(do("announce", alice, MUSIC))

    room.do(HungUp(alice))

    assert len(room.of("action")) == 1


# Dialed for it.


def test_dialed_leg_comes_in_when_it_is_answered(room):
    room.comes("alice", conferring(**TOLD))
    room.do(do("dial_in", "bob", conferring(), *PROGRESS))
    (bob,) = room.dialed()
    room.do(Ringing(bob))
    assert room.conference().dialed == (bob,)

    room.do(Answered(bob))

    assert room.conference().dialed == ()
    assert room.words(bob) == ["conference"]
    assert len(room.conference().members) == 2


def test_dialed_leg_makes_the_conference(room):
    room.do(do("dial_in", "bob", conferring(**KEPT)))
    assert room.conference().status == "init"
    (bob,) = room.dialed()

    room.do(Answered(bob))

    assert room.conference().status == "in-progress"
    assert len(room.recorded()) == 1


@pytest.mark.parametrize("how", ["ring_out", "busy", "diverted", "completed"])
def test_conference_to_which_nobody_comes_is_over(room, how):
    room.do(do("dial_in", "bob", conferring()))
    (bob,) = room.dialed()
    if how == "ring_out":
        room.waits(5)
    elif how == "busy":
        room.do(Refused(bob, "busy"))
    elif how == "completed":
        room.ask("POST", f"/Calls/{room.sid('bob')}", {"Status": "completed"})
    else:
        divert(room, "bob")
        room.do(Answered(bob))
        assert room.leg_of(bob).document_url == "https://app.test/elsewhere"

    assert room.conference().status == "completed"


def test_dialed_leg_that_does_not_come_leaves_the_others_alone(room):
    room.comes("alice", conferring(**TOLD))
    room.do(do("dial_in", "bob", conferring(**MODERATES)))

    room.waits(5)

    assert room.conference().status == "in-progress"
    assert [event for event, _ in room.events()] == ["conference-start", "participant-join"]


@pytest.mark.parametrize("how", ["empty", "complete"])
def test_dialed_leg_is_canceled_when_the_conference_ends(room, how):
    alice = room.comes("alice", conferring())
    room.do(do("dial_in", "bob", conferring()))
    (bob,) = room.dialed()

    room.do(HungUp(alice) if how == "empty" else do("complete", "r"))

    assert room.leg_of(bob).status == "canceled"


def test_dialed_leg_with_a_label_in_use_is_hung_up(room):
    room.comes("alice", conferring(participantLabel="boss"))
    room.do(do("dial_in", "bob", conferring(participantLabel="boss")))
    (bob,) = room.dialed()

    room.do(Answered(bob))

    assert room.leg_of(bob).status == "completed"
    assert room.conference().dialed == ()


def test_dialed_leg_is_hung_up_when_it_is_let_go(room):
    boss = room.comes("boss", conferring(**MODERATES))
    room.do(do("dial_in", "bob", conferring()))
    (bob,) = room.dialed()
    room.do(Answered(bob))

    room.do(HungUp(boss))

    assert room.leg_of(bob).ended_by == "drop"


# The tables.


def test_every_trigger_of_a_conference_is_followed():
    assert set(conferences.REACTIONS) == set(CONFERENCE.triggers)
