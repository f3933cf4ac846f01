"""Which call is on which channel of a recording, as `recordings.jsonl` has it."""

from __future__ import annotations

import pytest
from calls import BOB, CAROL, LONG, SECOND_US, Line, dial, document, element

from recsim.core.commands import Answered, HungUp


def dialed(*verbs: str) -> tuple[Line, list[str]]:
    """Alice's `<Dial>` is answered by the first after 2 s and lasts 5 s: the SIDs of all legs.

    What it records begins with the dialing.
    """
    line = Line({"answer": document(*verbs), "done": LONG}, dial_start="leg_created")
    line.call()
    line.after(2 * SECOND_US)
    first = line.dialed()[0]
    line.do(Answered(first))
    line.after(5 * SECOND_US)
    line.do(HungUp(first))
    line.after(SECOND_US)
    return line, [line.sid("alice", n + 1) for n in range(len(line.platform.legs))]


def channels(line: Line, n: int = 0) -> list[list[str]]:
    """Of the n-th recording, once nothing more happens."""
    line.do(HungUp(line.platform.sessions[1].legs[0]))
    line.after(SECOND_US)
    final = line.platform.retire(1)
    recording = final.recordings[n]
    found: list[list[str]] = line.vendor.legs_by_channel(
        final.session,
        next(leg for leg in final.legs if leg.key == recording.leg),
        recording,
    )
    assert line.vendor.row(final, recording, 0)["legs_by_channel"] == found
    return found


def test_the_first_channel_is_the_recordings_leg_and_the_second_all_others():
    line, [alice, bob] = dialed(dial(BOB, record="record-from-ringing-dual"))

    assert channels(line) == [[alice], [bob]]


def test_a_single_channel_has_everybody():
    line, [alice, bob] = dialed(dial(BOB, record="record-from-ringing"))

    assert channels(line) == [[alice, bob]]


@pytest.mark.parametrize(("track", "n"), [("inbound", 0), ("outbound", 1)])
def test_one_track_has_one_side(track, n):
    start = element("Start", element("Recording", track=track))
    line, sids = dialed(start, dial(BOB))

    assert channels(line) == [[sids[n]]]


def test_who_rang_and_was_never_bridged_is_on_no_channel():
    line, [alice, bob, carol] = dialed(dial(BOB, CAROL, record="record-from-ringing-dual"))

    found = channels(line)

    assert found == [[alice], [bob]]
    assert carol not in found


def test_who_was_heard_before_or_after_the_recording_is_on_no_channel():
    line, [alice, _] = dialed(dial(BOB, record="record-from-ringing-dual"))
    line.ask("POST", f"/Calls/{alice}/Recordings.json")
    line.after(5 * SECOND_US)

    assert channels(line, 1) == [[alice], []]


def test_everybody_who_was_heard_is_there_in_order():
    line = Line({"answer": document(*(element("Dial", one) for one in (BOB, CAROL, BOB)))})
    leg = line.call()
    alice = line.sid("alice")
    line.ask("POST", f"/Calls/{alice}/Recordings.json", {"PlayBeep": "false"})
    for n in range(2):
        line.do(Answered(line.dialed()[n]))
        line.after(3 * SECOND_US)
        if n == 0:
            line.do(HungUp(line.dialed()[n]))
    line.do(HungUp(leg))
    line.after(SECOND_US)

    assert channels(line) == [[alice], [line.sid("alice", 2), line.sid("alice", 3)]]


def test_recordings_of_related_legs_name_one_session_in_the_v2_view():
    line = Line({"answer": document(dial(BOB)), "done": LONG})
    alice = line.call()
    line.do(Answered(line.dialed()[0]))
    for n in (1, 2):
        line.ask("POST", f"/Calls/{line.sid('alice', n)}/Recordings.json", {"PlayBeep": "false"})
    line.after(5 * SECOND_US)
    line.do(HungUp(alice))
    line.after(SECOND_US)
    final = line.platform.retire(1)

    rows = [line.vendor.row(final, one, line.platform.now_us)["v2"] for one in final.recordings]

    assert [row["call_control_id"] for row in rows] == [line.sid("alice", n) for n in (1, 2)]
    assert {row["call_session_id"] for row in rows} == {line.vendor.wire_id("session", "alice")}
    assert len({row["call_leg_id"] for row in rows}) == 2


# In conferences.

ROOM = element("Dial", element("Conference", "Room"))
RECORDED = element(
    "Dial", element("Conference", "Room", record="record-from-start", recordBeep="false")
)
MUTED = element("Dial", element("Conference", "Room", muted="true"))


def conferred(*events: tuple[str, str], channels: int = 1) -> list[list[str]]:
    """Names by channel of the one recording there is.

    `events` are a second apart: somebody comes and follows a verb, or leaves where there is none.
    """
    line, legs = Line(), dict[str, int]()
    for name, verb in events:
        line.documents = {"answer": document(verb)}
        if verb:
            legs[name] = line.call(name)
        else:
            line.do(HungUp(legs[name]))
        line.after(SECOND_US)
    [recording] = line.platform.recordings.values()
    recording.settings = recording.settings._replace(channels=channels)
    for leg in legs.values():
        line.do(HungUp(leg))
    line.after(SECOND_US)
    final = line.platform.retire(recording.session)
    names = {line.sid(name): name for name in legs}
    found = line.vendor.row(final, recording, 0)["legs_by_channel"]
    return [[names[sid] for sid in sids] for sids in found]


def test_whoever_made_the_conference_comes_first():
    came = ("alice", RECORDED), ("bob", ROOM), ("carol", ROOM)

    assert conferred(*came) == [["alice", "bob", "carol"]]
    assert conferred(*came, channels=2) == [["alice"], ["bob", "carol"]]


def test_whoever_made_it_is_on_no_channel_once_gone():
    events = ("alice", ROOM), ("bob", ROOM), ("alice", ""), ("carol", RECORDED)

    assert conferred(*events) == [["bob", "carol"]]
    assert conferred(*events, channels=2) == [[], ["bob", "carol"]]


def test_who_left_before_or_came_after_is_on_no_channel():
    events = ("alice", ROOM), ("bob", ROOM), ("bob", ""), ("carol", RECORDED)

    assert conferred(*events) == [["alice", "carol"]]


def test_who_is_muted_is_on_no_channel():
    assert conferred(("alice", RECORDED), ("bob", MUTED), ("carol", ROOM)) == [["alice", "carol"]]


def test_who_comes_back_is_named_once():
    events = ("alice", RECORDED), ("bob", ROOM), ("bob", ""), ("carol", ROOM)

    assert conferred(*events) == [["alice", "bob", "carol"]]


def test_the_recording_of_a_leg_has_whom_its_party_heard_in_a_conference():
    started = element("Start", element("Recording")) + ROOM

    found = conferred(("bob", ROOM), ("alice", started), ("bob", ""), ("carol", MUTED), channels=2)

    assert found == [["alice"], ["bob"]]
