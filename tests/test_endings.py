"""Every source of recordings by every ending: what ends it, and what is left.

One table of what can end a recording, and one of what cannot, with the reason; both are played.
"""

from __future__ import annotations

import json
from itertools import product
from typing import Any, NamedTuple

import pytest

import recsim
from recsim.vendors.telnyx.defaults import (
    OUTBOUND_API,
    RECORD_VERB,
    SOURCES,
    START_CALL_RECORDING_API,
)

ENDINGS = (
    "key",
    "limit",
    "silence",
    "hang-up",
    "end of document",
    "Hangup verb",
    "REST stop",
    "stop while paused",
    "instructions fail",
)


class Ending(NamedTuple):
    """A call that is recorded, and how its recording ends."""

    source: str
    name: str
    verbs: str
    """The document."""
    story: str
    """What the caller does: waits for a word, speaks for a while, presses or hangs up."""
    updates: dict[str, str]
    """Moments after the first word of the story, and the Status that a request sets then."""
    triggers: str
    """The recording's moves between start and save; the last one is to stopped."""
    pushed_by: str
    """The move of the leg that brought the last one; empty where none did."""
    length_ms: int
    """From the end of the beep, or from the start without one; less pauses."""


class Impossible(NamedTuple):
    """An ending that a source can't have: a call that tries it, and what ends it instead."""

    ending: Ending
    reason: str


# Record captures from the end of its beep; a request starts a recording without one, a second after
# the call was answered.
VERB, API = RECORD_VERB, START_CALL_RECORDING_API

PLAIN = '<Record action="/done"/>'
KEYED = '<Record action="/done" finishOnKey="#"/>'
SHORT = '<Record action="/done" maxLength="5"/>'
TIMED = '<Record action="/done" timeout="3"/>'
LONG = '<Pause length="60"/>'
BRIEF = '<Pause length="7"/>'
HANGUP = "<Hangup/>"
ALONE = '<Record maxLength="5"/>'
FAILS = '<Record action="/unknown" maxLength="5"/>'
LOST = "<Redirect>/unknown</Redirect>"
AGES = '<Play loop="0">https://app.test/music.mp3</Play>'

NONE: dict[str, str] = {}
STOP_5 = {"5s": "stopped"}
HOLD_5 = {"5s": "paused", "9s": "stopped"}

# fmt: off
POSSIBLE = (
    #      source name                 verbs           story               updates triggers      leg        ms
    Ending(VERB, "key",                KEYED,          "beep 6s #",        NONE,   "key",        "",        6_000),
    Ending(VERB, "limit",              SHORT,          "beep 60s",         NONE,   "limit",      "",        5_000),
    Ending(VERB, "silence",            TIMED,          "beep 4s",          NONE,   "silence",    "",        7_000),
    Ending(VERB, "hang-up",            PLAIN,          "beep 6s hang_up",  NONE,   "end",        "hang_up", 6_000),
    Ending(VERB, "REST stop",          PLAIN,          "beep 60s",         STOP_5, "stop",       "",        5_000),
    Ending(VERB, "stop while paused",  PLAIN,          "beep 60s",         HOLD_5, "pause stop", "",        5_000),
    Ending(API,  "hang-up",            LONG,           "answer 6s hang_up", NONE, "end",        "hang_up", 5_000),
    Ending(API,  "end of document",    BRIEF,          "answer 60s",       NONE,   "end",        "drop",    6_000),
    Ending(API,  "Hangup verb",        BRIEF + HANGUP, "answer 60s",       NONE,   "end",        "drop",    6_000),
    Ending(API,  "REST stop",          LONG,           "answer 60s",       STOP_5, "stop",       "",        4_000),
    Ending(API,  "stop while paused",  LONG,           "answer 60s",       HOLD_5, "pause stop", "",        4_000),
    # The application takes 100 ms to say that it knows no such document.
    Ending(API,  "instructions fail",  BRIEF + LOST,   "answer 60s",       NONE,   "end",        "fail",    6_100),
)

IMPOSSIBLE = (
    Impossible(
        Ending(VERB, "end of document",   ALONE,          "beep 60s", NONE, "limit", "", 5_000),
        "Record waits for its recording: the document ends only after it"),
    Impossible(
        Ending(VERB, "Hangup verb",       ALONE + HANGUP, "beep 60s", NONE, "limit", "", 5_000),
        "Record waits for its recording: the next verb begins only after it"),
    Impossible(
        Ending(VERB, "instructions fail", FAILS,          "beep 60s", NONE, "limit", "", 5_000),
        "nothing is fetched while Record waits: its action is requested once it is over"),
    Impossible(
        Ending(API,  "key",     LONG, "answer 3s # 3s hang_up",      NONE, "end", "hang_up", 5_000),
        "finishOnKey is an attribute of Record: a request has nothing like it"),
    Impossible(
        Ending(API,  "silence", LONG, "answer 3s silent40s hang_up", NONE, "end", "hang_up", 42_000),
        "timeout is an attribute of Record: a request has nothing like it"),
    Impossible(
        Ending(API,  "limit",   AGES, "answer 2h hang_up",           NONE, "end", "hang_up", 7_199_000),
        "a request has no maximum length, and recordings by request no default one"),
)
# fmt: on

ELSEWHERE = {OUTBOUND_API}
"""Sources of calls that no scenario can have answered yet: `vendors/test_rest_calls` ends them."""

ALL = (*POSSIBLE, *(one.ending for one in IMPOSSIBLE))


def test_every_source_has_every_ending_or_a_reason_why_not():
    """A new source is to be put down here."""
    told = [(one.source, one.name) for one in ALL]

    sources = dict.fromkeys(row.source for row in SOURCES if row.source not in ELSEWHERE)
    wanted = list(product(sources, ENDINGS))
    assert sorted(told) == sorted(wanted)
    assert all(one.reason for one in IMPOSSIBLE)


def steps(story: str) -> list[dict[str, str] | str]:
    """A story as a scenario has it."""
    return [
        {"wait": word} if word in ("beep", "answer")
        else {"press": word} if word == "#"
        else {"silent": word.removeprefix("silent")} if word.startswith("silent")
        else word if word == "hang_up"
        else {"speak": word}
        for word in story.split()
    ]  # fmt: skip


def post(at: str, path: str, **form: str) -> dict[str, Any]:
    """A request about the caller's recordings, which is to be answered with 200."""
    base = "/v2/texml/Accounts/{account}/Calls/{caller}/Recordings"
    return {"at": at, "post": f"{base}{path}", "form": form, "answer": {"status": "200"}}


def played(ending: Ending) -> recsim.Run:
    """The call of a row."""
    first = ending.story.split()[0]
    requests = [
        post(f"{at} after {first}", "/{caller.recording}.json", Status=status)
        for at, status in ending.updates.items()
    ]
    if ending.source == API:
        requests.insert(0, post("1s after answer", ".json", PlayBeep="false"))
    scenario = {
        "recsim": "1",
        "title": f"{ending.source}: {ending.name}",
        "application": {"voice_url": "https://app.test/answer"},
        "documents": {
            "https://app.test/answer": f"<Response>{ending.verbs}</Response>",
            "https://app.test/done": "<Response><Pause/></Response>",
        },
        "calls": {"caller": {"from": "+15550001", "to": "+15550002", "story": steps(ending.story)}},
        "requests": requests,
    }
    return recsim.run(recsim.loads(json.dumps(scenario)))


def moves(run: recsim.Run) -> list[dict[str, Any]]:
    """The moves of the one recording, in order."""
    return [line for line in run.trace if line.get("lifecycle") == "recording"]


@pytest.mark.parametrize("ending", ALL, ids=lambda one: f"{one.source}-{one.name}")
def test_how_it_ends_and_what_is_left(ending):
    run = played(ending)

    assert run.as_expected, run.verdicts
    assert [move["trigger"] for move in moves(run)] == ["start", *ending.triggers.split(), "save"]
    stopped = moves(run)[-2]
    assert stopped["dest"] == "stopped"
    cause = run.trace[stopped["cause"] - 1]
    assert (cause.get("lifecycle") == "call leg") == bool(ending.pushed_by)
    assert cause.get("trigger", "") == ending.pushed_by
    [row] = run.recordings
    assert row["status"] == "completed"
    assert row["texml"]["source"] == ending.source
    assert row["v2"]["duration_millis"] == ending.length_ms
    assert row["texml"]["duration"] == str(ending.length_ms // 1000)


@pytest.mark.parametrize("ending", ALL, ids=lambda one: f"{one.source}-{one.name}")
def test_the_call_outlives_the_recording_unless_its_end_was_the_ending(ending):
    run = played(ending)

    stopped = moves(run)[-2]
    [dropped] = [line for line in run.trace if line["kind"] == "drop"]
    assert (dropped["seq"] < stopped["seq"]) == bool(ending.pushed_by)
