"""Faults to be found, each made in a copy of a table or of one reaction.

A plant is a context: inside it, recsim has the fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple
from unittest.mock import patch

from recsim.core import delivery, recordings
from recsim.core.commands import Outcome
from recsim.core.entities import IN_PROGRESS, PAUSED, STOPPED, Conference
from recsim.core.lifecycle import Lifecycle, Rule
from recsim.core.platform import DO, RELATIONS, Platform
from recsim.vendors.telnyx import lifecycle, vendor


class Plant(NamedTuple):
    """A fault, where it can be seen, and what sees it."""

    name: str
    plant: Callable[[], AbstractContextManager[None]]
    scenario: str
    """Text of a scenario in which it can happen."""
    broken: tuple[str, ...]
    """The properties by which it may be found."""
    faults: int = 0


VOICEMAIL = """\
recsim: 1
title: A caller may leave a message
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: |
    <Response>
      <Record maxLength="60" recordingStatusCallback="/recording"
              recordingStatusCallbackEvent="in-progress completed absent"/>
    </Response>
calls:
  caller: {from: +15550001, to: +15550002}
"""

COMMANDED = """\
recsim: 1
title: A program pauses, resumes and stops a recording
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: |
    <Response>
      <Record maxLength="60" playBeep="false" recordingStatusCallback="/recording"/>
    </Response>
calls:
  caller: {from: +15550001, to: +15550002}
requests:
  - at: 4s after record
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: paused}
  - at: 8s after record
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: in-progress}
  - at: 12s after record
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: stopped}
"""

STOPPED_FIRST = """\
recsim: 1
title: A program stops a recording, and would have it go on
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: |
    <Response>
      <Start><Recording recordingStatusCallback="/recording"/></Start>
      <Pause length="60"/>
    </Response>
calls:
  caller: {from: +15550001, to: +15550002}
requests:
  - at: 4s after pause
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: stopped}
  - at: 5s after pause
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: in-progress}
"""

MEETING = """\
recsim: 1
title: Two calls meet in a recorded conference
application: {voice_url: https://app.test/join}
documents:
  https://app.test/join: |
    <Response>
      <Dial>
        <Conference record="record-from-start" recordingStatusCallback="/recording"
                    recordingStatusCallbackEvent="in-progress completed absent">room</Conference>
      </Dial>
    </Response>
calls:
  alice: {from: +15550001, to: +15550002}
  bob: {from: +15550003, to: +15550002}
requests:
  - at: 2s after alice conference
    post: /v2/conferences/{alice.conference}/actions/record_start
    json: {format: mp3}
"""


@contextmanager
def timer_survives_stop() -> Iterator[None]:
    """The limit of a recording still runs out once it was stopped."""
    cancel = Platform.cancel

    def forgets(self: Platform, entity: int, name: str) -> None:
        recording = self.recordings.get(entity)
        if not (name == "limit" and recording and recording.status == STOPPED):
            cancel(self, entity, name)

    with patch.object(Platform, "cancel", forgets):
        yield


@contextmanager
def resumed_after_stop() -> Iterator[None]:
    """The table of recordings has one row more."""
    table = lifecycle.RECORDING
    row = Rule(STOPPED, "resume", IN_PROGRESS, "planted")
    more = Lifecycle(
        table.name, table.initial, final=table.final, removed=table.removed,
        rules=(*table.rules, row),
    )  # fmt: skip
    with patch.object(lifecycle, "RECORDING", more), patch.object(vendor.Telnyx, "recording", more):
        yield


@contextmanager
def conference_forgets_one() -> Iterator[None]:
    """The end of a conference reaches all of its recordings but the last of several."""
    name = "recordings of the conference"

    def push(platform: Platform, conference: Conference, trigger: str) -> None:
        keys = conference.recordings
        conference.recordings = keys[:-1] if len(keys) > 1 else keys
        recordings.push(platform, conference, trigger)
        conference.recordings = keys

    with patch.dict(RELATIONS, {name: push}):
        yield


@contextmanager
def retried_after_success() -> Iterator[None]:
    """Where an attempt was not the first, its success is tried again."""
    outcome = delivery.outcome

    def goes_on(platform: Platform, command: Outcome) -> None:
        waiting = platform.deliveries.get(command.ticket)
        if waiting is not None and waiting.attempts > 1 and command.answer.status == 200:
            command = command._replace(answer=command.answer._replace(status=500))
            waiting.tries = 1
        outcome(platform, command)

    with patch.dict(DO, {Outcome: goes_on}):
        yield


@contextmanager
def limit_counts_while_paused() -> Iterator[None]:
    """A pause does not stop the clock of the longest capture."""
    cancel = Platform.cancel

    def keeps(self: Platform, entity: int, name: str) -> None:
        recording = self.recordings.get(entity)
        if not (name == "limit" and recording and recording.status == PAUSED):
            cancel(self, entity, name)

    with patch.object(Platform, "cancel", keeps):
        yield


TIMED = "only what is captured is timed"
ENDED = "what has ended does not go on"

PLANTS = (
    Plant("a timer survives a stop", timer_survives_stop, VOICEMAIL, (TIMED,)),
    Plant("resume is allowed after stop", resumed_after_stop, STOPPED_FIRST, (ENDED,)),
    Plant(
        "a conference end forgets one recording",
        conference_forgets_one,
        MEETING,
        ("no recording outlives its conference",),
    ),
    Plant(
        "a retry goes on after success",
        retried_after_success,
        VOICEMAIL,
        ("a delivery is settled within its bound",),
        faults=1,
    ),
    Plant("a pause keeps the limit running", limit_counts_while_paused, COMMANDED, (TIMED,)),
)
