"""Every source of recordings by every ending: what ends it, and what is left.

One table of what can end a recording, and one of what cannot, with the reason; both are played.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import pytest

import recsim
from recsim.vendors.telnyx.defaults import (
    CONFERENCE,
    DIAL_VERB,
    OUTBOUND_API,
    RECORD_VERB,
    SOURCES,
    START_CALL_RECORDING_API,
    START_CONFERENCE_RECORDING_API,
    TRUNKING,
)

ENDINGS = (
    "key",
    "limit",
    "silence",
    "hang-up",
    "other side hangs up",
    "star",
    "time limit",
    "end of document",
    "Hangup verb",
    "instructions fail",
    "REST stop",
    "stop while paused",
    "REST ends the call",
    "REST instructs anew",
)


class Ending(NamedTuple):
    """A call that is recorded, and how its recording ends."""

    source: str
    name: str
    verbs: str
    """The document."""
    story: str
    """What whoever is recorded does: waits for a word, speaks for a while, presses or hangs up."""
    updates: dict[str, str]
    """Moments after the first word of the story, and what a request sets then: a recording's
    paused or stopped; a call's completed, or other instructions."""
    triggers: str
    """The recording's moves between start and save; the last one is to stopped."""
    pushed_by: str
    """The move of a leg or conference that brought the last one; empty where none did."""
    length_ms: int
    """Of what was captured, less pauses."""
    colleague: str = ""
    """What whoever is dialed does once connected; where a conference is recorded, whoever is called
    into it a second later, and ends it by leaving."""
    call: dict[str, str] | None = None
    """Parameters of a call that a program makes; None: somebody calls."""


class Impossible(NamedTuple):
    """An ending that a source can't have: a call that tries it, and what ends it instead."""

    ending: Ending
    reason: str


# Record captures from the end of its beep, Dial and a call that a program makes from the answer, and
# so do the settings of a number. A request starts a recording without a beep, a second after the call
# was answered, or came into a conference, which starts when its first participant does.
VERB, API, DIAL, OUT = RECORD_VERB, START_CALL_RECORDING_API, DIAL_VERB, OUTBOUND_API
ROOM, TRUNK, CMD = CONFERENCE, TRUNKING, START_CONFERENCE_RECORDING_API

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
CALLED = '<Dial hangupOnStar="true">+15550100</Dial>'
TALK = '<Dial record="record-from-answer" hangupOnStar="true">+15550100</Dial>'
CAPPED = '<Dial record="record-from-answer" recordMaxLength="5">+15550100</Dial>'
MINUTE = '<Dial record="record-from-answer" timeLimit="60">+15550100</Dial>'
RECORDED = '<Conference record="record-from-start" recordBeep="false">Room</Conference>'
MEET = f'<Dial action="/done">{RECORDED}</Dial>'
STARRED = f'<Dial action="/done" hangupOnStar="true">{RECORDED}</Dial>'
STAY = f'<Dial action="/done" timeLimit="60">{RECORDED}</Dial>'
TALKS = '<Dial action="/done"><Conference>Room</Conference></Dial>'
TALKS_ON = TALKS.replace('action="/done"', 'timeLimit="60"')
TALKS_STAR = TALKS.replace("action", 'hangupOnStar="true" action')
TALKS_WAITS = TALKS.replace("<Conference", '<Conference waitUrl="/unknown"')
HUSHED = MEET.replace("recordBeep", 'recordingTimeout="3" recordBeep')
WAITS = MEET.replace("recordBeep", 'waitUrl="/unknown" recordBeep')
UNTOLD = '<Dial record="record-from-answer"><Number url="/broken">+15550100</Number></Dial>'

NONE: dict[str, str] = {}
STOP_5 = {"5s": "stopped"}
HOLD_5 = {"5s": "paused", "9s": "stopped"}
END_5 = {"5s": "completed"}
ANEW_5 = {"5s": "anew"}

UNCUT = {"Record": "true", "Trim": "do-not-trim"}
HALF = {"TimeLimit": "30"}

# fmt: off
POSSIBLE = (
    #      source name                  verbs           story               updates triggers      leg           ms      colleague      call
    Ending(VERB, "key",                 KEYED,          "beep 6s #",        NONE,   "key",        "",           6_000),
    Ending(VERB, "limit",               SHORT,          "beep 60s",         NONE,   "limit",      "",           5_000),
    Ending(VERB, "silence",             TIMED,          "beep 4s",          NONE,   "silence",    "",           7_000),
    Ending(VERB, "hang-up",             PLAIN,          "beep 6s hang_up",  NONE,   "end",        "hang_up",    6_000),
    Ending(VERB, "time limit",          PLAIN,          "beep 60s",         NONE,   "end",        "time_limit", 29_400, "",            HALF),
    Ending(VERB, "REST stop",           PLAIN,          "beep 60s",         STOP_5, "stop",       "",           5_000),
    Ending(VERB, "stop while paused",   PLAIN,          "beep 60s",         HOLD_5, "pause stop", "",           5_000),
    Ending(VERB, "REST ends the call",  PLAIN,          "beep 60s",         END_5,  "end",        "complete",   5_000),
    Ending(VERB, "REST instructs anew", PLAIN,          "beep 60s",         ANEW_5, "end",        "",           5_000),
    Ending(API,  "hang-up",             LONG,           "answer 6s hang_up", NONE,  "end",        "hang_up",    5_000),
    Ending(API,  "time limit",          LONG,           "answer 60s",       NONE,   "end",        "time_limit", 29_000, "",            HALF),
    Ending(API,  "end of document",     BRIEF,          "answer 60s",       NONE,   "end",        "drop",       6_000),
    Ending(API,  "Hangup verb",         BRIEF + HANGUP, "answer 60s",       NONE,   "end",        "drop",       6_000),
    Ending(API,  "REST stop",           LONG,           "answer 60s",       STOP_5, "stop",       "",           4_000),
    Ending(API,  "stop while paused",   LONG,           "answer 60s",       HOLD_5, "pause stop", "",           4_000),
    Ending(API,  "REST ends the call",  LONG,           "answer 60s",       END_5,  "end",        "complete",   4_000),
    # The application takes 100 ms to say that it knows no such document.
    Ending(API,  "instructions fail",   BRIEF + LOST,   "answer 60s",       NONE,   "end",        "fail",       6_100),
    Ending(DIAL, "limit",               CAPPED,         "bridge 60s",       NONE,   "limit",      "",           5_000),
    Ending(DIAL, "hang-up",             TALK,           "bridge 6s hang_up", NONE,  "end",        "hang_up",    6_000),
    Ending(DIAL, "other side hangs up", TALK,           "bridge 60s",       NONE,   "end",        "hang_up",    6_000,  "6s hang_up"),
    Ending(DIAL, "star",                TALK,           "bridge 6s *",      NONE,   "end",        "drop",       6_000),
    Ending(DIAL, "time limit",          MINUTE,         "bridge 90s",       NONE,   "end",        "time_limit", 60_000),
    Ending(DIAL, "REST stop",           TALK,           "bridge 60s",       STOP_5, "stop",       "",           5_000),
    Ending(DIAL, "stop while paused",   TALK,           "bridge 60s",       HOLD_5, "pause stop", "",           5_000),
    Ending(DIAL, "REST ends the call",  TALK,           "bridge 60s",       END_5,  "end",        "complete",   5_000),
    Ending(DIAL, "REST instructs anew", TALK,           "bridge 60s",       ANEW_5, "end",        "",           5_000),
    # What the colleague was to hear is answered with status 500 after five seconds.
    Ending(DIAL, "instructions fail",   UNTOLD,         "answer 60s",       NONE,   "end",        "fail",       5_000),
    Ending(OUT,  "silence",             LONG,           "answer 4s",        NONE,   "silence",    "",           7_000,  "",            {**UNCUT, "RecordingTimeout": "3"}),
    Ending(OUT,  "hang-up",             LONG,           "answer 6s hang_up", NONE,  "end",        "hang_up",    6_000,  "",            UNCUT),
    Ending(OUT,  "time limit",          LONG,           "answer 60s",       NONE,   "end",        "time_limit", 30_000, "",            {**UNCUT, **HALF}),
    # The application takes 100 ms to answer with the document.
    Ending(OUT,  "end of document",     BRIEF,          "answer 60s",       NONE,   "end",        "drop",       7_100,  "",            UNCUT),
    Ending(OUT,  "Hangup verb",         BRIEF + HANGUP, "answer 60s",       NONE,   "end",        "drop",       7_100,  "",            UNCUT),
    Ending(OUT,  "instructions fail",   BRIEF + LOST,   "answer 60s",       NONE,   "end",        "fail",       7_200,  "",            UNCUT),
    Ending(OUT,  "REST stop",           LONG,           "answer 60s",       STOP_5, "stop",       "",           5_000,  "",            UNCUT),
    Ending(OUT,  "stop while paused",   LONG,           "answer 60s",       HOLD_5, "pause stop", "",           5_000,  "",            UNCUT),
    Ending(OUT,  "REST ends the call",  LONG,           "answer 60s",       END_5,  "end",        "complete",   5_000,  "",            UNCUT),
    Ending(ROOM, "silence",             HUSHED,         "conference 4s",    NONE,   "silence",    "",           7_000),
    Ending(ROOM, "hang-up",             MEET,           "conference 6s hang_up", NONE, "end",     "empty",      6_000),
    Ending(ROOM, "other side hangs up", MEET,           "conference 60s",   NONE,   "end",        "moderator_left", 7_000, "6s hang_up"),
    Ending(ROOM, "time limit",          STAY,           "conference 90s",   NONE,   "end",        "empty",      60_000),
    Ending(ROOM, "REST stop",           MEET,           "conference 60s",   STOP_5, "stop",       "",           5_000),
    Ending(ROOM, "stop while paused",   MEET,           "conference 60s",   HOLD_5, "pause stop", "",           5_000),
    Ending(ROOM, "REST ends the call",  MEET,           "conference 60s",   END_5,  "end",        "empty",      5_000),
    Ending(ROOM, "REST instructs anew", MEET,           "conference 60s",   ANEW_5, "end",        "empty",      5_000),
    Ending(CMD,  "hang-up",             TALKS,          "conference 6s hang_up", NONE, "end",     "empty",      5_000),
    Ending(CMD,  "other side hangs up", TALKS,          "conference 60s",   NONE,   "end",        "moderator_left", 6_000, "6s hang_up"),
    Ending(CMD,  "time limit",          TALKS_ON,       "conference 90s",   NONE,   "end",        "empty",      59_000),
    Ending(CMD,  "REST stop",           TALKS,          "conference 60s",   STOP_5, "stop",       "",           4_000),
    Ending(CMD,  "stop while paused",   TALKS,          "conference 60s",   HOLD_5, "pause stop", "",           4_000),
    Ending(CMD,  "REST ends the call",  TALKS,          "conference 60s",   END_5,  "end",        "empty",      4_000),
    Ending(CMD,  "REST instructs anew", TALKS,          "conference 60s",   ANEW_5, "end",        "empty",      4_000),
    Ending(TRUNK, "hang-up",            LONG,           "answer 6s hang_up", NONE,  "end",        "hang_up",    6_000),
    Ending(TRUNK, "time limit",         LONG,           "answer 60s",       NONE,   "end",        "time_limit", 30_000, "",            HALF),
    Ending(TRUNK, "end of document",    BRIEF,          "answer 60s",       NONE,   "end",        "drop",       7_000),
    Ending(TRUNK, "Hangup verb",        BRIEF + HANGUP, "answer 60s",       NONE,   "end",        "drop",       7_000),
    Ending(TRUNK, "instructions fail",  BRIEF + LOST,   "answer 60s",       NONE,   "end",        "fail",       7_100),
    Ending(TRUNK, "REST stop",          LONG,           "answer 60s",       STOP_5, "stop",       "",           5_000),
    Ending(TRUNK, "stop while paused",  LONG,           "answer 60s",       HOLD_5, "pause stop", "",           5_000),
    Ending(TRUNK, "REST ends the call", LONG,           "answer 60s",       END_5,  "end",        "complete",   5_000),
)

IMPOSSIBLE = (
    Impossible(
        Ending(VERB, "other side hangs up", CALLED + ALONE, "beep 60s", NONE, "limit", "", 5_000, "6s hang_up"),
        "Record waits until a Dial before it is over: there is no other side by then"),
    Impossible(
        Ending(VERB, "star", '<Record maxLength="5" finishOnKey="#"/>', "beep 2s *", NONE, "limit", "", 5_000),
        "hangupOnStar is an attribute of Dial: for Record a star is a key of finishOnKey or nothing"),
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
    Impossible(
        Ending(API,  "other side hangs up", CALLED + BRIEF, "bridge 60s", NONE, "end", "drop", 13_000, "6s hang_up"),
        "a recording of a leg outlives those whom its party talks to"),
    Impossible(
        Ending(API,  "star", CALLED + BRIEF, "bridge 6s *", NONE, "end", "drop", 13_000),
        "a star lets go of whoever was dialed: the leg that is recorded goes on"),
    Impossible(
        Ending(API,  "REST instructs anew", LONG, "answer 60s", ANEW_5, "end", "drop", 6_000),
        "other instructions end what the document runs: this recording runs beside it"),
    Impossible(
        Ending(DIAL, "key",     TALK, "bridge 3s # 3s hang_up",      NONE, "end", "hang_up", 6_000),
        "finishOnKey is an attribute of Record: Dial has nothing like it"),
    Impossible(
        Ending(DIAL, "silence", TALK, "bridge 3s silent40s hang_up", NONE, "end", "hang_up", 43_000),
        "timeout of Dial is how long it rings: it has no silence after which a recording ends"),
    Impossible(
        Ending(DIAL, "end of document", TALK,          "bridge 60s", NONE, "end", "hang_up", 6_000, "6s hang_up"),
        "Dial waits until it is over: the document ends only after it"),
    Impossible(
        Ending(DIAL, "Hangup verb",     TALK + HANGUP, "bridge 60s", NONE, "end", "hang_up", 6_000, "6s hang_up"),
        "Dial waits until it is over: the next verb begins only after it"),
    Impossible(
        Ending(OUT,  "key",   LONG, "answer 3s # 3s hang_up", NONE, "end", "hang_up", 6_000, "", UNCUT),
        "finishOnKey is an attribute of Record: a call has nothing like it"),
    Impossible(
        Ending(OUT,  "limit", AGES, "answer 2h hang_up", NONE, "end", "hang_up", 7_200_000, "", UNCUT),
        "a call has no maximum length of its recording, only one of its own"),
    Impossible(
        Ending(OUT,  "other side hangs up", CALLED + BRIEF, "bridge 60s", NONE, "end", "drop", 14_100, "6s hang_up", UNCUT),
        "the recording of a call outlives those whom its party is connected with"),
    Impossible(
        Ending(OUT,  "star", CALLED + BRIEF, "bridge 6s *", NONE, "end", "drop", 14_100, "", UNCUT),
        "a star lets go of whoever was dialed: the call that is recorded goes on"),
    Impossible(
        Ending(OUT,  "REST instructs anew", LONG, "answer 60s", ANEW_5, "end", "drop", 7_000, "", UNCUT),
        "other instructions end what the document runs: the call is recorded as a whole"),
    Impossible(
        Ending(ROOM, "key",   MEET, "conference 3s # 3s hang_up", NONE, "end", "empty", 6_000),
        "finishOnKey is an attribute of Record: Conference has nothing like it"),
    Impossible(
        Ending(ROOM, "limit", MEET, "conference 2h hang_up",      NONE, "end", "empty", 7_200_000),
        "a conference has no maximum length of its recording, only one of its own"),
    Impossible(
        Ending(ROOM, "star",  STARRED, "conference 3s * 3s hang_up", NONE, "end", "empty", 6_000),
        "hangupOnStar lets go of whoever a Dial called: nobody leaves a conference by it"),
    Impossible(
        Ending(ROOM, "end of document",   MEET,          "conference 6s hang_up", NONE, "end", "empty", 6_000),
        "Dial waits until it is over: the document ends only after it"),
    Impossible(
        Ending(ROOM, "Hangup verb",       MEET + HANGUP, "conference 6s hang_up", NONE, "end", "empty", 6_000),
        "Dial waits until it is over: the next verb begins only after it"),
    Impossible(
        Ending(ROOM, "instructions fail", WAITS,         "conference 6s hang_up", NONE, "end", "empty", 6_000),
        "what a participant waits with is fetched before the conference starts, if at all"),
    Impossible(
        Ending(CMD,  "key",   TALKS, "conference 3s # 3s hang_up", NONE, "end", "empty", 5_000),
        "finishOnKey is an attribute of Record: a command has nothing like it"),
    Impossible(
        Ending(CMD,  "silence", TALKS, "conference 3s silent40s hang_up", NONE, "end", "empty", 42_000),
        "recordingTimeout is an attribute of the noun: a command on a conference has nothing like it"),
    Impossible(
        Ending(CMD,  "limit", TALKS, "conference 2h hang_up",      NONE, "end", "empty", 7_199_000),
        "a conference has no maximum length of its recording, only one of its own"),
    Impossible(
        Ending(CMD,  "star",  TALKS_STAR, "conference 3s * 3s hang_up", NONE, "end", "empty", 5_000),
        "hangupOnStar lets go of whoever a Dial called: nobody leaves a conference by it"),
    Impossible(
        Ending(CMD,  "end of document",   TALKS,          "conference 6s hang_up", NONE, "end", "empty", 5_000),
        "Dial waits until it is over: the document ends only after it"),
    Impossible(
        Ending(CMD,  "Hangup verb",       TALKS + HANGUP, "conference 6s hang_up", NONE, "end", "empty", 5_000),
        "Dial waits until it is over: the next verb begins only after it"),
    Impossible(
        Ending(CMD,  "instructions fail", TALKS_WAITS,    "conference 6s hang_up", NONE, "end", "empty", 5_000),
        "what a participant waits with is fetched before the conference starts, if at all"),
    Impossible(
        Ending(TRUNK, "key",     LONG, "answer 3s # 3s hang_up",      NONE, "end", "hang_up", 6_000),
        "finishOnKey is an attribute of Record: a number has nothing like it"),
    Impossible(
        Ending(TRUNK, "silence", LONG, "answer 3s silent40s hang_up", NONE, "end", "hang_up", 43_000),
        "timeout is an attribute of Record: a number has nothing like it"),
    Impossible(
        Ending(TRUNK, "limit",   AGES, "answer 2h hang_up",           NONE, "end", "hang_up", 7_200_000),
        "a number has no maximum length of its recordings"),
    Impossible(
        Ending(TRUNK, "other side hangs up", CALLED + BRIEF, "bridge 60s", NONE, "end", "drop", 14_000, "6s hang_up"),
        "the recording of a call outlives those whom its party talks to"),
    Impossible(
        Ending(TRUNK, "star", CALLED + BRIEF, "bridge 6s *", NONE, "end", "drop", 14_000),
        "a star lets go of whoever was dialed: the call that is recorded goes on"),
    Impossible(
        Ending(TRUNK, "REST instructs anew", LONG, "answer 60s", ANEW_5, "end", "drop", 7_000),
        "other instructions end what the document runs: the call is recorded as a whole"),
)
# fmt: on

ALL = (*POSSIBLE, *(one.ending for one in IMPOSSIBLE))


def test_every_source_has_every_ending_or_a_reason_why_not():
    """A new source is to be put down here."""
    told = [(one.source, one.name) for one in ALL]

    sources = dict.fromkeys(row.source for row in SOURCES)
    wanted = list(product(sources, ENDINGS))
    assert sorted(told) == sorted(wanted)
    assert all(one.reason for one in IMPOSSIBLE)


def steps(story: str) -> list[dict[str, str] | str]:
    """A story as a scenario has it."""
    return [
        {"wait": word} if word in ("beep", "answer", "bridge", "conference")
        else {"press": word} if word in ("#", "*")
        else {"silent": word.removeprefix("silent")} if word.startswith("silent")
        else word if word == "hang_up"
        else {"speak": word}
        for word in story.split()
    ]  # fmt: skip


CALLS = "/v2/texml/Accounts/{account}/Calls"
ANEW = "<Response><Pause length='2'/></Response>"

ENDS = "<Response><Dial><Conference endConferenceOnExit='true'>Room</Conference></Dial></Response>"

#: Of an account that records whoever calls, and whoever is called.
RECORDS = {
    "numbers": {"+15550002": {"inbound_call_recording_enabled": "true"}},
    "profile": {
        "call_recording_type": "by_caller_phone_number",
        "call_recording_caller_phone_numbers": ["+15550002"],
    },
}

#: What a request sets: below which path, and its form.
UPDATES = {
    "paused": ("/{caller}/Recordings/{caller.recording}.json", {"Status": "paused"}),
    "stopped": ("/{caller}/Recordings/{caller.recording}.json", {"Status": "stopped"}),
    "completed": ("/{caller}", {"Status": "completed"}),
    "anew": ("/{caller}", {"Texml": ANEW}),
}


#: The commands that are for conferences.
COMMANDS = {"paused": "pause", "stopped": "stop"}


def command(at: str, what: str, **body: str) -> dict[str, Any]:
    """A command on the conference that the caller made."""
    path = f"/v2/conferences/{{caller.conference}}/actions/record_{what}"
    return {"at": at, "post": path, "json": body, "answer": {"status": "200"}}


def updated(ending: Ending, at: str, what: str) -> dict[str, Any]:
    """A request that changes the recording, or the call."""
    if ending.source in (ROOM, CMD) and what in COMMANDS:
        return command(at, COMMANDS[what])
    return post(at, *UPDATES[what])


def post(at: str, path: str, form: dict[str, str]) -> dict[str, Any]:
    """A request that is to be answered with 200."""
    return {"at": at, "post": f"{CALLS}{path}", "form": form, "answer": {"status": "200"}}


def played(ending: Ending) -> recsim.Run:
    """The call of a row."""
    is_made = ending.call is not None
    who = "customer" if is_made else "caller"
    story = ending.story.split()
    requests = [
        updated(ending, f"{at} after {who} {story[0]}", what) for at, what in ending.updates.items()
    ]
    if ending.source == API:
        start = post(f"1s after {who} answer", "/{caller}/Recordings.json", {"PlayBeep": "false"})
        requests.insert(0, start)
    if ending.source == CMD:
        requests.insert(0, command(f"1s after {who} conference", "start", format="mp3"))
    word = "bridge"
    if ending.source in (ROOM, CMD) and ending.colleague:
        word = "conference"
        call = {"To": "+15550100", "From": "+15550002", "Texml": ENDS}
        requests.append({**post(f"0s after {who} conference", "", call), "makes": "other"})
    callees = {"colleague": callee("+15550100", f"{word} {ending.colleague}")}
    calls = {}
    if is_made:
        made = {"To": "+15550101", "From": "+15550002", "Url": "https://app.test/answer"}
        requests.insert(0, {**post("0s", "", {**made, **ending.call}), "makes": "caller"})
        callees["customer"] = callee("+15550101", " ".join(story[story[0] == "answer" :]))
    else:
        calls = {"caller": {"from": "+15550001", "to": "+15550002", "story": steps(ending.story)}}
    scenario = {
        "recsim": "1",
        "title": f"{ending.source}: {ending.name}",
        "application": {"voice_url": "https://app.test/answer"},
        "documents": {
            "https://app.test/answer": f"<Response>{ending.verbs}</Response>",
            "https://app.test/done": "<Response><Pause/></Response>",
            "https://app.test/broken": {"status": "500", "latency": "5s"},
        },
        "calls": calls,
        "callees": callees,
        "requests": requests,
        **(RECORDS if ending.source == TRUNK else {}),
    }
    return recsim.run(recsim.loads(json.dumps(scenario)))


def callee(number: str, story: str) -> dict[str, Any]:
    """Somebody who picks up after a second."""
    return {
        "number": number,
        "rings_after": "0s",
        "answers_after": "1s",
        "story": steps(story),
    }


def moves(run: recsim.Run) -> list[dict[str, Any]]:
    """The moves of the one recording, in order."""
    return [line for line in run.trace if line.get("lifecycle") == "recording"]


def causes(run: recsim.Run, line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The moves that brought a line of the trace, the last one first."""
    while (line := run.trace[line["cause"] - 1])["kind"] == "move":
        yield line


@pytest.mark.parametrize("ending", ALL, ids=lambda one: f"{one.source}-{one.name}")
def test_how_it_ends_and_what_is_left(ending):
    run = played(ending)

    assert run.as_expected, run.verdicts
    assert [move["trigger"] for move in moves(run)] == ["start", *ending.triggers.split(), "save"]
    stopped = moves(run)[-2]
    assert stopped["dest"] == "stopped"
    cause = run.trace[stopped["cause"] - 1]
    assert (cause.get("lifecycle") in ("call leg", "conference")) == bool(ending.pushed_by)
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
    leg = next(line["leg"] for line in run.trace if line["kind"] == "opened")
    dropped = next(line for line in run.trace if line["kind"] == "drop" and line["leg"] == leg)
    was_its_end = leg in [move["entity"] for move in causes(run, stopped)]
    assert (dropped["seq"] < stopped["seq"]) == was_its_end
