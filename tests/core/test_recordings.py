"""A recording of a call: how it begins, captures, pauses and ends."""

from __future__ import annotations

import pytest
from calls import (
    BEEP_US,
    HANGUP,
    PAUSE,
    RECORD,
    SECOND_US,
    Calls,
    document,
    lasting,
    one,
    only,
    triggers,
)

from recsim.core.commands import (
    Answer,
    Fetched,
    HungUp,
    Pressed,
    Speech,
    Stored,
)
from recsim.core.effects import (
    Attempt,
    Cue,
    Fetch,
    Respond,
    Store,
)
from recsim.core.entities import NEVER

# Recording.


def test_record_beeps_then_captures():
    calls = Calls()

    effects = calls.follow(RECORD)

    assert [cue.word for cue in only(effects, Cue)] == ["answer", "record"]
    assert triggers(effects, "recording") == ["start"]
    assert calls.recording().capturing_since_us == NEVER
    effects = calls.until(BEEP_US)
    assert [cue.word for cue in only(effects, Cue)] == ["beep"]
    assert calls.recording().capturing_since_us == BEEP_US


def test_key_ends_the_recording_and_asks_for_the_action():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.at(10 * SECOND_US, Pressed(calls.leg, "#"))

    assert triggers(effects, "recording")[-1] == "key"
    fetch = one(effects, Fetch)
    assert (fetch.method, fetch.url) == ("POST", "https://app.test/done")
    assert fetch.message.digits == "#"
    assert calls.recording().length_us == 10 * SECOND_US - BEEP_US
    assert calls.status == "in-progress"


def test_other_key_means_nothing():
    calls = Calls()
    calls.follow(RECORD)
    calls.until(SECOND_US)
    before = lasting(calls.platform)

    assert calls.now(Pressed(calls.leg, "5")) == []
    assert lasting(calls.platform) == before


def test_key_during_say_means_nothing():
    calls = Calls()
    calls.follow(document("<Say>one two three</Say>"))
    before = lasting(calls.platform)

    assert calls.now(Pressed(calls.leg, "#")) == []
    assert lasting(calls.platform) == before


def test_key_during_the_beep_ends_the_recording_without_audio():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.at(BEEP_US // 2, Pressed(calls.leg, "#"))

    assert triggers(effects, "recording")[-1] == "key"
    assert "beep" not in [cue.word for cue in only(effects, Cue)]
    assert one(effects, Store).captured_us == 0
    assert calls.recording().lacks == "short"
    assert only(effects, Fetch) == []  # without usable audio there is no action
    assert [cue.word for cue in only(effects, Cue)] == ["say"]
    effects = calls.now(Stored(calls.recording().key))
    assert triggers(effects, "recording") == ["discard"]
    assert "beep" not in [cue.word for cue in only(calls.until(10 * SECOND_US), Cue)]


def test_key_during_the_beep_asks_for_the_action_where_that_is_read_so():
    calls = Calls(empty_record_skips_action="false")
    calls.follow(RECORD)

    effects = calls.at(BEEP_US // 2, Pressed(calls.leg, "#"))

    assert one(effects, Fetch).url == "https://app.test/done"


def test_maximum_length_ends_the_recording():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.until(BEEP_US + 60 * SECOND_US)

    assert triggers(effects, "recording")[-1] == "limit"
    assert calls.recording().length_us == 60 * SECOND_US
    assert one(effects, Fetch).message.digits == ""


@pytest.mark.parametrize(
    ("counts", "ends_at_us"),
    [("false", BEEP_US + 80 * SECOND_US), ("true", BEEP_US + 60 * SECOND_US)],
)
def test_maximum_length_and_paused_time(counts, ends_at_us):
    calls = Calls(max_length_counts_paused=counts)
    calls.follow(RECORD)
    calls.at(10 * SECOND_US, calls.update("paused"))
    calls.at(30 * SECOND_US, calls.update("in-progress"))

    calls.until(ends_at_us - 1)
    before = calls.recording().status
    calls.until(ends_at_us)

    assert (before, calls.recording().status) == ("in-progress", "stopped")


def test_maximum_length_may_come_while_paused():
    calls = Calls(max_length_counts_paused="true")
    calls.follow(RECORD)
    calls.at(10 * SECOND_US, calls.update("paused"))

    effects = calls.until(BEEP_US + 60 * SECOND_US)

    assert triggers(effects, "recording")[-1] == "limit"
    assert calls.recording().length_us == 10 * SECOND_US - BEEP_US


def test_maximum_length_counts_a_pause_that_began_in_the_beep():
    calls = Calls(max_length_counts_paused="true")
    calls.follow(document('<Record maxLength="10"/>'))

    calls.at(400_000, calls.update("paused"))
    effects = calls.until(11 * SECOND_US)

    assert triggers(effects, "recording") == ["limit"]
    assert calls.recording().ended_at_us == 400_000 + 10 * SECOND_US


def test_silence_counts_only_once_someone_has_spoken():
    calls = Calls()
    calls.follow(document('<Record timeout="3" maxLength="60"/>'))

    calls.until(30 * SECOND_US)
    assert calls.recording().status == "in-progress"
    calls.at(31 * SECOND_US, Speech(calls.leg, on=True))
    calls.at(40 * SECOND_US, Speech(calls.leg, on=False))
    calls.at(42 * SECOND_US, Speech(calls.leg, on=True))
    calls.at(50 * SECOND_US, Speech(calls.leg, on=False))
    effects = calls.until(53 * SECOND_US)

    assert triggers(effects, "recording") == ["silence"]
    assert calls.platform.now_us == 53 * SECOND_US


def test_silence_counts_afresh_when_a_pause_is_over():
    calls = Calls()
    calls.follow(document('<Record timeout="3"/>'))
    calls.at(2 * SECOND_US, Speech(calls.leg, on=True))
    calls.at(4 * SECOND_US, Speech(calls.leg, on=False))
    calls.at(5 * SECOND_US, calls.update("paused"))

    calls.at(20 * SECOND_US, calls.update("in-progress"))
    effects = calls.until(23 * SECOND_US)

    assert triggers(effects, "recording") == ["silence"]
    assert calls.platform.now_us == 23 * SECOND_US


def test_silence_after_a_pause_does_not_count_what_was_said_before_the_recording():
    calls = Calls()
    calls.follow(document('<Record timeout="3"/>'))
    calls.at(BEEP_US // 4, Speech(calls.leg, on=True))
    calls.at(BEEP_US // 2, Speech(calls.leg, on=False))
    calls.at(5 * SECOND_US, calls.update("paused"))

    calls.at(6 * SECOND_US, calls.update("in-progress"))
    calls.until(60 * SECOND_US)

    assert calls.recording().status == "in-progress"


def test_silence_does_not_count_while_someone_speaks_after_a_pause():
    calls = Calls()
    calls.follow(document('<Record timeout="3"/>'))
    calls.at(2 * SECOND_US, Speech(calls.leg, on=True))
    calls.at(5 * SECOND_US, calls.update("paused"))

    calls.at(6 * SECOND_US, calls.update("in-progress"))
    calls.until(60 * SECOND_US)

    assert calls.recording().status == "in-progress"


def test_trim_keeps_what_the_party_said_and_nothing_that_was_said_before():
    calls = Calls()
    calls.follow(document('<Say>one two three</Say><Record trim="trim-silence"/>'))
    calls.at(4 * SECOND_US, Speech(calls.leg, on=True))
    calls.at(6 * SECOND_US, Speech(calls.leg, on=False))

    calls.at(9 * SECOND_US, HungUp(calls.leg))

    assert calls.recording().kept == ((4 * SECOND_US, 6 * SECOND_US),)


def test_who_is_cut_off_was_heard_until_then():
    calls = Calls()
    calls.follow(document('<Record trim="trim-silence"/>'))
    calls.at(4 * SECOND_US, Speech(calls.leg, on=True))

    calls.at(6 * SECOND_US, HungUp(calls.leg))

    assert calls.recording().kept == ((4 * SECOND_US, 6 * SECOND_US),)
    assert calls.platform.legs[calls.leg].speech == (4 * SECOND_US, 6 * SECOND_US)


def test_key_of_one_recording_is_not_told_of_the_next():
    calls = Calls()
    calls.follow(RECORD)
    fetch = one(calls.at(10 * SECOND_US, Pressed(calls.leg, "#")), Fetch)
    calls.now(Fetched(fetch.ticket, Answer(200, (), RECORD)))

    effects = calls.until(10 * SECOND_US + BEEP_US + 60 * SECOND_US)

    assert one(effects, Fetch).message.digits == ""


def test_hanging_up_ends_the_recording_and_asks_for_the_action_once():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.at(10 * SECOND_US, HungUp(calls.leg))

    assert triggers(effects, "recording")[-1] == "end"
    fetch = one(effects, Fetch)
    assert fetch.message.digits == "hangup"
    effects = calls.now(Fetched(fetch.ticket, Answer(200, (), RECORD)))
    assert effects == []
    assert len(calls.platform.recordings) == 1


def test_request_that_stops_record_goes_on_with_the_action():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.at(10 * SECOND_US, calls.update("stopped"))

    assert triggers(effects, "recording")[-1] == "stop"
    assert one(effects, Respond).answer.status == 200
    fetch = one(effects, Fetch)
    assert fetch.url == "https://app.test/done"
    assert fetch.message.digits == ""
    effects = calls.now(Fetched(fetch.ticket, Answer(200, (), HANGUP)))
    assert calls.status == "completed"
    assert len(only(effects, Store)) == 0


def test_answer_to_a_request_comes_before_what_it_couples():
    calls = Calls()
    calls.follow(RECORD)

    effects = calls.platform.handle(0, calls.update("stopped"))

    kinds = [type(effect) for effect in effects]
    assert kinds.index(Respond) < kinds.index(Cue)


def test_paused_time_is_not_captured():
    calls = Calls()
    calls.follow(RECORD)
    calls.at(10 * SECOND_US, calls.update("paused"))
    calls.at(15 * SECOND_US, calls.update("in-progress"))

    calls.at(20 * SECOND_US, Pressed(calls.leg, "#"))

    made = calls.recording()
    assert made.captured == ((BEEP_US, 10 * SECOND_US), (15 * SECOND_US, 20 * SECOND_US))
    assert made.paused == ((10 * SECOND_US, 15 * SECOND_US),)
    assert made.length_us == 15 * SECOND_US - BEEP_US


def test_pause_cuts_the_beep_off():
    calls = Calls()
    calls.follow(RECORD)
    calls.at(BEEP_US // 2, calls.update("paused"))

    assert [cue.word for cue in only(calls.until(5 * SECOND_US), Cue)] == []
    calls.at(6 * SECOND_US, calls.update("in-progress"))
    calls.at(8 * SECOND_US, Pressed(calls.leg, "#"))

    assert calls.recording().captured == ((6 * SECOND_US, 8 * SECOND_US),)


def test_only_subscribed_changes_are_told():
    calls = Calls()
    effects = calls.follow(RECORD)
    effects += calls.at(2 * SECOND_US, calls.update("paused"))
    effects += calls.at(3 * SECOND_US, calls.update("in-progress"))
    effects += calls.at(5 * SECOND_US, calls.update("stopped"))
    effects += calls.at(6 * SECOND_US, Stored(calls.recording().key))
    effects += calls.until(6 * SECOND_US + 100_000)

    attempts = only(effects, Attempt)
    assert [attempt.message.word for attempt in attempts] == ["in-progress", "completed"]
    assert {attempt.url for attempt in attempts} == {"https://app.test/recording"}


def test_failure_of_storage_makes_a_recording_absent():
    calls = Calls()
    calls.follow(RECORD)
    ticket = one(calls.at(5 * SECOND_US, Pressed(calls.leg, "#")), Store).ticket

    effects = calls.now(Stored(ticket, "disk full"))

    assert triggers(effects, "recording") == ["fail"]
    made = calls.recording()
    assert (made.status, made.failure, made.length_us, made.kept) == ("absent", "disk full", 0, ())


# Two recordings side by side.


def test_two_recordings_of_a_leg_live_apart():
    calls = Calls()
    calls.follow(PAUSE)
    calls.now(calls.start(PlayBeep="false"))
    calls.at(2 * SECOND_US, calls.start(PlayBeep="false"))

    calls.at(4 * SECOND_US, calls.update("paused", n=1))
    calls.at(6 * SECOND_US, calls.update("stopped", n=2))

    first, second = calls.recording(1), calls.recording(2)
    assert (first.status, second.status) == ("paused", "stopped")
    assert first.captured == ((0, 4 * SECOND_US),)
    assert second.captured == ((2 * SECOND_US, 6 * SECOND_US),)


def test_both_recordings_end_with_the_call_in_the_order_made():
    calls = Calls()
    calls.follow(RECORD)
    calls.now(calls.start(PlayBeep="false"))

    effects = calls.at(10 * SECOND_US, HungUp(calls.leg))

    assert triggers(effects, "recording")[-2:] == ["end", "end"]
    assert [store.ticket for store in only(effects, Store)] == list(calls.platform.recordings)
    assert calls.recording(1).length_us == 10 * SECOND_US - BEEP_US
    assert calls.recording(2).length_us == 10 * SECOND_US
    assert len(only(effects, Fetch)) == 1


def test_end_of_another_recording_does_not_release_record():
    calls = Calls()
    calls.follow(RECORD)
    calls.now(calls.start(PlayBeep="false"))

    effects = calls.at(10 * SECOND_US, calls.update("stopped", n=2))

    assert only(effects, Fetch) == []
    assert calls.recording(1).status == "in-progress"
    assert calls.platform.legs[calls.leg].recording == calls.recording(1).key


def test_key_ends_only_the_recording_of_record():
    calls = Calls()
    calls.follow(RECORD)
    calls.now(calls.start(PlayBeep="false"))

    calls.at(10 * SECOND_US, Pressed(calls.leg, "#"))

    assert calls.recording(1).status == "stopped"
    assert calls.recording(2).status == "in-progress"


# Recordings that `<Start>` begins.

START = (
    '<Start><Recording recordingStatusCallback="../s?a=1"'
    ' recordingStatusCallbackEvent="in-progress completed absent"/></Start>'
)


def test_start_goes_on_at_once_and_captures_without_a_beep():
    calls = Calls()

    effects = calls.follow(document(START, '<Pause length="9"/>'))

    assert [cue.word for cue in only(effects, Cue)] == ["answer", "start", "pause"]
    assert triggers(effects, "recording") == ["start"]
    recording = calls.recording()
    assert recording.source == "StartCallRecordingAPI"
    assert recording.capturing_since_us == 0
    assert recording.settings.callback_url == "https://app.test/s?a=1"
    assert calls.platform.legs[calls.leg].recording == 0


def test_started_recording_ends_with_the_call():
    calls = Calls()
    calls.follow(document(START, '<Pause length="9"/>'))

    effects = calls.until(9 * SECOND_US)

    assert triggers(effects, "call leg") == ["drop"]
    assert triggers(effects, "recording") == ["end"]
    assert calls.recording().length_us == 9 * SECOND_US
    assert only(effects, Fetch) == []


def test_started_recording_goes_on_with_another_document():
    calls = Calls()
    effects = calls.follow(document(START, "<Redirect>/next</Redirect>"))
    next_one = Answer(200, (), document('<Pause length="5"/>'))

    calls.at(SECOND_US, Fetched(one(effects, Fetch).ticket, next_one))
    calls.until(6 * SECOND_US)

    assert calls.recording().length_us == 6 * SECOND_US


def test_record_beside_a_started_recording_is_the_one_that_is_waited_for():
    calls = Calls()
    calls.follow(document(START, '<Record action="/done" finishOnKey="#"/>'))

    effects = calls.at(10 * SECOND_US, Pressed(calls.leg, "#"))

    assert triggers(effects, "recording")[-1:] == ["key"]
    assert one(effects, Fetch).message.recording.n == 2
    assert [calls.recording(n).status for n in (1, 2)] == ["in-progress", "stopped"]


def test_end_of_a_started_recording_leaves_a_record_as_it_is():
    calls = Calls()
    calls.follow(document(START, '<Record action="/done" finishOnKey="#"/>'))

    effects = calls.at(2 * SECOND_US, calls.update("stopped"))

    assert triggers(effects, "recording")[-1:] == ["stop"]
    assert only(effects, Fetch) == []
    assert [calls.recording(n).status for n in (1, 2)] == ["stopped", "in-progress"]


def test_several_nouns_make_several_recordings_in_order():
    calls = Calls()
    tracks = ("inbound", "both", "outbound")
    nouns = "".join(f'<Recording track="{track}"/>' for track in tracks)

    effects = calls.follow(document(f"<Start>{nouns}</Start>", "<Pause/>"))

    assert [cue.word for cue in only(effects, Cue)] == ["answer", "start", "pause"]
    made = [calls.recording(n) for n in (1, 2, 3)]
    assert tuple(recording.settings.track for recording in made) == tracks
    assert [recording.settings.channels for recording in made] == [1, 2, 1]
    assert [recording.n for recording in made] == [1, 2, 3]


def test_started_recording_can_be_paused_and_resumed():
    calls = Calls()
    calls.follow(document(START, '<Pause length="9"/>'))
    calls.at(2 * SECOND_US, calls.update("paused"))
    calls.at(5 * SECOND_US, calls.update("in-progress"))

    calls.until(9 * SECOND_US)

    assert calls.recording().length_us == 6 * SECOND_US
