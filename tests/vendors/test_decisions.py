"""Entries of the open questions that leave nothing to choose: each names the test that shows it."""

# ruff: noqa: E501 - a row of a table is a line

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from calls import BOB, SUPPORT, Calls, document, element, only
from conftest import SCENARIOS
from rooms import Room

import recsim
from recsim.core.commands import HungUp, Stored
from recsim.core.effects import Attempt, Store
from recsim.core.platform import Platform
from recsim.scenario.load import loads
from recsim.scenario.run import Run
from recsim.vendors.telnyx.account import Account, Trunk
from recsim.vendors.telnyx.conference_ends import ENDS
from recsim.vendors.telnyx.disputes import by_id, disputes
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.vendors.telnyx.webhook_models import CallRecordingErrorPayload

ROOT = Path(__file__).parents[2]
HERE = "tests/vendors/test_decisions.py::"
PLAYED = "tests/test_scenarios.py::test_it_goes_as_expected"

# fmt: off
SHOWN = {
    "5":  (f"{HERE}test_a_duration_is_text_or_a_number_as_each_view_has_it",),
    "6":  (f"{HERE}test_links_to_parts_are_named_as_each_view_has_it",),
    "9":  (f"{HERE}test_a_conference_of_a_document_takes_2_to_250",
           "tests/vendors/test_rest_participants.py::test_what_makes_no_sense_is_refused_and_changes_nothing"),
    "14": ("tests/vendors/test_rest_conferences.py::test_a_command_id_is_of_one_conference",
           f"{PLAYED}[conference-recorded-by-command]"),
    "15": ("tests/vendors/test_rest_commands.py::test_90033_where_nothing_can_be_done",
           "tests/vendors/test_rest_errors.py::test_10007_for_a_path_that_nobody_knows_or_by_another_method"),
    "16": ("tests/vendors/test_rest_errors.py::test_401_without_a_key_of_the_account_from_the_recordings_api",
           "tests/vendors/test_rest_errors.py::test_10009_without_a_key_of_the_account_from_everything_else"),
    "17": ("tests/vendors/test_rest_calls.py::test_everything_that_is_asked_for_is_kept",),
    "18": ("tests/vendors/test_rest_calls.py::test_each_refused_value_is_pointed_at_and_nobody_is_called",
           "tests/vendors/test_texml_calls.py::test_a_refused_value_leaves_the_default",
           "tests/vendors/test_rest_commands.py::test_a_start_that_makes_no_sense_is_refused"),
    "20": ("tests/vendors/test_rest_conferences.py::test_what_ended_it_is_told",
           "tests/vendors/test_webhooks.py::test_every_end_of_a_conference_has_a_reason",
           f"{HERE}test_each_end_of_a_conference_has_its_words_in_either_family"),
    "22": (f"{HERE}test_an_action_alone_brings_no_status_callback",),
    "24": ("tests/vendors/test_rest_conferences.py::test_a_conference_is_found_by_name_while_it_runs",
           f"{HERE}test_an_id_goes_before_a_name",
           f"{PLAYED}[conference-recorded-by-command]"),
    "24a": (f"{HERE}test_a_webhook_says_by_reason_why_nothing_was_stored",
            f"{PLAYED}[webhook-recording-error]"),
    "25": ("tests/vendors/test_texml.py::test_transcription_is_not_simulated",),
    "28": ("tests/core/test_recordings.py::test_failure_of_storage_makes_a_recording_absent",
           f"{PLAYED}[storage-fails]"),
    "31": (f"{PLAYED}[stop-while-paused]",),
    "34": ("tests/vendors/test_rest_commands.py::test_without_an_id_all_are_meant",
           f"{PLAYED}[commands-without-id]"),
    "35": ("tests/vendors/test_rest.py::test_starting_on_an_unknown_call_is_not_found",
           "tests/vendors/test_rest.py::test_starting_on_a_ringing_call_is_too_early",
           "tests/vendors/test_rest_commands.py::test_90020_before_there_is_audio",
           f"{PLAYED}[record-start-by-call-state]"),
    "36": (f"{HERE}test_a_file_is_stored_after_720_ms_whatever_its_length",),
    "40": ("tests/vendors/test_signing.py::test_of_a_get_nothing_stands_after_the_bar",
           f"{PLAYED}[signed]"),
    "42": ("tests/vendors/test_wire_models.py::test_a_record_action_says_what_ended_it",
           "tests/core/test_recordings.py::test_hanging_up_ends_the_recording_and_asks_for_the_action_once"),
    "45": ("tests/core/test_flow.py::test_end_of_the_document_ends_the_call",),
    "46": ("tests/core/test_dial.py::test_recording_ends_with_the_bridge",),
    "47": (f"{HERE}test_both_tracks_are_recorded_where_none_can_be_named",),
    "48": (f"{HERE}test_a_conference_of_a_document_has_one_channel",),
    "49": ("tests/vendors/test_words.py::test_a_link_names_account_date_leg_second_and_format",),
    "50": ("tests/vendors/test_storage.py::test_every_fetch_signs_a_fresh_link",
           f"{PLAYED}[link-life]"),
    "51": ("tests/vendors/test_rest.py::test_a_recording_can_be_fetched_until_it_is_deleted",
           f"{HERE}test_a_deleted_recording_is_in_the_list_of_its_conference_only",
           f"{PLAYED}[recordings-deleted-in-bulk]"),
    "53": ("tests/vendors/test_rest_v2.py::test_completed_recordings_are_listed_newest_first",
           "tests/vendors/test_rest_v2.py::test_pages_are_numbered_from_one",
           "tests/vendors/test_rest_errors.py::test_10033_for_a_number_outside_of_its_range"),
    "54": ("tests/vendors/test_rest_lists.py::test_an_account_lists_what_there_is_newest_first",
           "tests/vendors/test_rest_lists.py::test_an_account_without_recordings_has_an_empty_page",
           "tests/vendors/test_rest_lists.py::test_by_token_each_row_is_seen_once_though_rows_come_and_go",
           f"{PLAYED}[recordings-listed-and-paged]"),
    "56": (f"{PLAYED}[start-recording-noun]", f"{PLAYED}[participant-with-both-switches]"),
    "57": (f"{HERE}test_the_recording_of_a_conference_names_whoever_made_it",
           f"{PLAYED}[conference-creator-leaves-first]"),
    "58": (f"{HERE}test_a_number_records_from_answer_to_end_and_tells_nobody",
           f"{PLAYED}[inbound-number-records]", f"{PLAYED}[profile-records-by-caller]"),
    "59": (f"{HERE}test_of_two_who_ask_for_a_recording_the_first_has_it",
           f"{PLAYED}[two-ask-for-one-recording]"),
    "63": (f"{HERE}test_what_is_heard_before_a_conference_starts_is_not_recorded",
           f"{PLAYED}[moderator-starts-and-ends-conference]"),
    "64": ("tests/vendors/test_rest_v2.py::test_the_region_is_that_of_the_account",
           "tests/vendors/test_rest_conferences.py::test_a_conference_is_looked_for_in_its_region"),
    "65": ("tests/vendors/test_rest_v2.py::test_recordings_can_be_filtered",),
    "68": ("tests/core/test_recordings.py::test_record_beeps_then_captures",
           "tests/vendors/test_rest.py::test_capture_waits_for_the_beep_that_was_asked_for"),
    "69": ("tests/vendors/test_storage.py::test_a_link_leads_nowhere_until_the_file_is_stored",
           f"{PLAYED}[link-life]"),
    "70": ("tests/vendors/test_rest_calls.py::test_nothing_is_told_of_the_recording_of_a_call_that_is_never_answered",
           f"{PLAYED}[dial-never-answered]"),
    "71": ("tests/vendors/test_rest.py::test_starting_on_an_ended_call_is_not_found",
           "tests/vendors/test_rest_commands.py::test_90018_for_a_call_that_has_ended"),
    "73": (f"{HERE}test_when_the_moderator_leaves_the_others_go_on",
           f"{PLAYED}[moderator-starts-and-ends-conference]"),
    "80": ("tests/vendors/test_actions.py::test_who_was_in_a_conference_is_told_how_long",
           "tests/vendors/test_actions.py::test_who_finds_a_conference_full_is_told_that_it_is_busy",
           "tests/vendors/test_actions.py::test_of_the_conference_and_its_recording_nothing_is_told",
           f"{PLAYED}[conference-full]"),
    "81": ("tests/vendors/test_conference_status.py::test_a_conference_is_told_from_its_start_to_its_end",
           "tests/vendors/test_conference_status.py::test_who_waits_for_the_start_has_joined_before_it",
           "tests/vendors/test_conference_status.py::test_all_have_left_when_the_end_is_told",
           f"{PLAYED}[conference-ended-by-request]"),
    "82": ("tests/vendors/test_conference_status.py::test_who_comes_later_does_not_change_who_is_told",
           "tests/vendors/test_conference_status.py::test_who_comes_later_may_be_the_first_who_wants_to_be_told"),
    "83": ("tests/vendors/test_conference_status.py::test_who_is_muted_does_not_speak",
           "tests/vendors/test_conference_status.py::test_who_leaves_while_speaking_is_not_told_to_have_stopped",
           "tests/vendors/test_conference_status.py::test_who_began_to_speak_unheard_is_not_told_to_have_stopped"),
}
# fmt: on

DECISIONS = [dispute.id for dispute in disputes() if not dispute.readings]


# The table.


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of the tests in a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_decision_is_shown():
    assert [name for name in DECISIONS if name not in SHOWN] == []


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_is_an_entry(name: str):
    assert name in by_id()


@pytest.mark.parametrize("node", sorted({node for nodes in SHOWN.values() for node in nodes}))
def test_what_shows_a_decision_exists(node: str):
    match = re.fullmatch(r"(tests/[\w/]+\.py)::(test_\w+)(?:\[([\w-]+)\])?", node)
    assert match
    assert match[2] in names_in(match[1])
    assert match[3] is None or match[3] in {file.stem for file in SCENARIOS}


# Decisions that no other test shows.


def play(documents: dict[str, str], calls: str, more: str = "") -> Run:
    """Calls to numbers whose application answers these documents, by path; `/` comes first."""
    pages = "".join(
        f"  https://app.test{path}: <Response>{text}</Response>\n"
        for path, text in documents.items()
    )
    return recsim.run(
        loads(
            "recsim: 1\ntitle: One decision\napplication: {voice_url: https://app.test/}\n"
            f"documents:\n{pages}calls:\n{calls}{more}"
        )
    )


def caller(name: str, story: str, at: str = "0s", number: int = 1) -> str:
    return f"  {name}: {{at: {at}, from: +1555000{number}, to: +15550002, story: [{story}]}}\n"


def room(attributes: str = "", after: str = "") -> str:
    """A document that leads into a conference, which is recorded."""
    return (
        f'<Dial><Conference record="record-from-start" {attributes}>room</Conference></Dial>{after}'
    )


def moments(run: Run, lifecycle: str, dest: str) -> list[str]:
    """When something moved there."""
    return [
        line["at"][17:23]
        for line in run.trace
        if line["kind"] == "move" and (line["lifecycle"], line["dest"]) == (lifecycle, dest)
    ]


ALONE = caller("alice", "{wait: conference}, {speak: 6s}, hang_up")
BOTH = ALONE + caller("bob", "{wait: conference}, {silent: 9s}, hang_up", "2s", 3)


def test_a_duration_is_text_or_a_number_as_each_view_has_it():
    [row] = play({"/": room()}, ALONE).recordings

    assert (row["texml"]["duration"], row["conference_item"]["duration"]) == ("5", 5)


def test_links_to_parts_are_named_as_each_view_has_it():
    [row] = play({"/": room()}, ALONE).recordings

    assert "subresources_uris" in row["texml"]
    assert "subresource_uris" not in row["texml"]
    assert "subresource_uris" in row["conference_item"]
    assert "subresources_uris" not in row["conference_item"]


@pytest.mark.parametrize(("most", "others"), [("1", 1), ("2", 0), ("250", 0), ("251", 1)])
def test_a_conference_of_a_document_takes_2_to_250(most: str, others: int):
    text = f'<Response>{room(f"""maxParticipants="{most}" """)}</Response>'
    document = Telnyx(1, 0).parse(text)

    assert len(document.findings) == others
    [verb] = document.verbs
    assert verb.most == (250 if others else int(most))


def test_an_action_alone_brings_no_status_callback():
    run = play(
        {"/": '<Record action="/done"/>', "/done": "<Hangup/>"},
        caller("alice", "{wait: beep}, {speak: 4s}, {press: 1}"),
    )

    assert [line["kind"] for line in run.callbacks] == ["instructions", "action"]
    assert [row["status"] for row in run.recordings] == ["completed"]


@pytest.mark.parametrize("length_s", [1, 60])
def test_a_file_is_stored_after_720_ms_whatever_its_length(length_s: int):
    run = play(
        {"/": "<Record/>"}, caller("alice", f"{{wait: beep}}, {{speak: {length_s}s}}, hang_up")
    )

    [ended], [stored] = (moments(run, "recording", dest) for dest in ("stopped", "completed"))
    assert round((float(stored) - float(ended)) % 60, 3) == 0.72


@pytest.mark.parametrize(
    "verb", ["<Record/>", '<Dial record="record-from-answer">+15550100</Dial>']
)
def test_both_tracks_are_recorded_where_none_can_be_named(verb: str):
    callees = (
        "callees: {bob: {number: +15550100, answers_after: 1s, story: [{speak: 3s}, hang_up]}}"
    )

    [row] = play({"/": verb}, caller("alice", "{silent: 9s}, hang_up"), callees).recordings

    assert row["texml_create"]["track"] == "both"


def test_a_conference_of_a_document_has_one_channel():
    [row] = play({"/": room()}, BOTH).recordings

    assert (row["texml"]["source"], row["texml"]["channels"]) == ("Conference", 1)
    assert row["v2"]["channels"] == "single"


def test_a_deleted_recording_is_in_the_list_of_its_conference_only():
    delete = """
requests:
  - at: 60s
    delete: /v2/texml/Accounts/{account}/Recordings/{alice.recording}.json
    answer: {status: 204}
"""

    [row] = play({"/": room()}, ALONE, delete).recordings

    assert row["conference_item"]["status"] == "deleted"
    assert row["texml"] is row["texml_create"] is row["v2"] is None


def test_the_recording_of_a_conference_names_whoever_made_it():
    run = play({"/": room("endConferenceOnExit='false'")}, BOTH)

    [row] = run.recordings
    assert row["call"] == "alice"
    assert row["texml"]["call_sid"] == run.callbacks[0]["params"]["CallSid"]


def test_a_number_records_from_answer_to_end_and_tells_nobody():
    calls = Calls()
    calls.vendor.account = Account(numbers={SUPPORT: Trunk()})
    calls.platform = Platform(calls.vendor)

    effects = calls.follow('<Response><Pause length="60"/></Response>')
    [recording] = calls.platform.recordings.values()
    effects += calls.at(9_000_000, HungUp(calls.leg))
    effects += calls.now(Stored(only(effects, Store)[0].ticket))

    leg = calls.platform.legs[calls.leg]
    assert recording.source == "Trunking"
    assert recording.started_at_us == leg.answered_at_us
    assert (recording.status, recording.ended_at_us) == ("completed", leg.ended_at_us)
    assert only(effects, Attempt) == []


def test_of_two_who_ask_for_a_recording_the_first_has_it():
    run = play({"/": room()}, BOTH)

    assert len(run.recordings) == 1
    assert len(moments(run, "recording", "in-progress")) == 1


def test_what_is_heard_before_a_conference_starts_is_not_recorded():
    waiting = '<Dial><Conference startConferenceOnEnter="false">room</Conference></Dial>'
    alice = "  alice: {from: +15550001, to: +15550002, story: [{silent: 9s}, hang_up]}\n"

    run = play(
        {"/": '<Gather timeout="1" numDigits="1" action="/in"/>' + waiting, "/in": room()},
        alice + caller("bob", "{wait: gather}, {press: 1}, {silent: 20s}, hang_up", "5s", 3),
    )

    [row] = run.recordings
    [started] = moments(run, "conference", "in-progress")
    assert moments(run, "recording", "in-progress") == [started]
    assert float(started) > 5
    assert row["texml"]["call_sid"] == run.callbacks[0]["params"]["CallSid"]


def test_when_the_moderator_leaves_the_others_go_on():
    ends = room('endConferenceOnExit="true"', after='<Pause length="5"/>')

    run = play({"/": ends}, BOTH.replace("9s", "20s"))

    [over] = moments(run, "conference", "completed")
    assert moments(run, "recording", "stopped") == [over]
    alice, bob = moments(run, "call leg", "completed")
    assert over == alice
    assert round(float(bob) - float(over), 3) == 5


def test_each_end_of_a_conference_has_its_words_in_either_family():
    assert {end.reason: end.v2_reason for end in ENDS} == {
        "participant-with-end-conference-on-exit-left": "host_left",
        "last-participant-left": "all_left",
        "conference-ended-via-api": "all_left",
        "time-exceeded": "time_exceeded",
    }


def test_an_id_goes_before_a_name():
    """Of a conference that somebody has named by the id of another."""
    room = Room()
    room.documents = {"answer": document(element("Dial", element("Conference", room.id)))}
    room.call("bob", BOB)
    assert [one.room for one in room.platform.conferences.values()] == ["room", room.id]

    assert room.command("start", format="mp3").status == 200

    [recording] = room.platform.recordings.values()
    assert recording.conference == room.conference.key


def test_a_webhook_says_by_reason_why_nothing_was_stored():
    fields = set(CallRecordingErrorPayload.model_fields)

    assert "reason" in fields
    assert "result" not in fields
