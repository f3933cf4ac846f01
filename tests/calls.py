"""Calls for tests of the platform: what is asked of it, and what it does."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from recsim.core.commands import (
    Answer,
    Command,
    Fetched,
    Invite,
    Request,
)
from recsim.core.effects import (
    Effect,
    Fetch,
    Move,
    Opened,
)
from recsim.core.entities import Application
from recsim.core.platform import Platform
from recsim.vendors.telnyx.vendor import Telnyx

STARTS_AT_US = 1_767_603_600_000_000
SECOND_US = 1_000_000
BEEP_US = 500_000
TIMEOUT = Answer(0, failure="timeout")

APPLICATION = Application("https://app.test/answer", "POST")

RECORD = """<Response>
  <Record action="/done" maxLength="60" finishOnKey="#" recordingStatusCallback="/recording"
          recordingStatusCallbackEvent="in-progress completed absent"/>
  <Say>one two</Say>
</Response>"""
PAUSE = '<Response><Pause length="60"/></Response>'
HANGUP = "<Response><Hangup/></Response>"


def document(*verbs: str) -> str:
    return f"<Response>{''.join(verbs)}</Response>"


class Calls:
    """A platform, and a few words for what a test does to it."""

    def __init__(self, **readings: str) -> None:
        self.vendor = Telnyx(7, STARTS_AT_US, readings=readings)
        self.platform = Platform(self.vendor)
        self.application = APPLICATION
        self.leg = 0

    def at(self, at_us: int, command: Command) -> list[Effect]:
        """Fire the timers due before `at_us`, then give a command; return what both did."""
        return [*self.until(at_us - 1), *self.platform.handle(at_us, command)]

    def until(self, at_us: int) -> list[Effect]:
        """Fire the timers due up to `at_us`."""
        effects: list[Effect] = []
        while self.platform.next_due_us <= at_us:
            effects += self.platform.advance(self.platform.next_due_us)
        return effects

    def now(self, command: Command) -> list[Effect]:
        return self.platform.handle(self.platform.now_us, command)

    def ring(self, session: str = "a") -> int:
        """A call comes in; return the ticket of its instruction fetch."""
        effects = self.now(Invite(session, "+15550001", "+15550002", self.application))
        self.leg = one(effects, Opened).leg
        return one(effects, Fetch).ticket

    def follow(self, text: str, session: str = "a") -> list[Effect]:
        """A call comes in, and its application answers at once."""
        return self.now(Fetched(self.ring(session), Answer(200, (), text)))

    def rest(self, method: str, path: str, session: str = "a", **form: str) -> Request:
        """A request about a call; `path` goes on from the account."""
        words = self.vendor.words
        call = words.wire_id("call", session, 1)
        path = f"/v2/texml/Accounts/{words.account_sid}{path.replace('CALL', call)}"
        headers = (("authorization", "Bearer KEY1"),)
        return Request(method, path, "", headers, urlencode(form))

    def start(self, session: str = "a", **form: str) -> Request:
        return self.rest("POST", "/Calls/CALL/Recordings.json", session, **form)

    def update(self, status: str, n: int = 1, session: str = "a") -> Request:
        sid = self.vendor.wire_id("recording", session, n)
        return self.rest("POST", f"/Calls/CALL/Recordings/{sid}.json", session, Status=status)

    def call(self, session: str = "b", **form: str) -> Request:
        """A program calls somebody."""
        asked = self.rest("POST", "/Calls", To="+15550101", From="+15550002", **form)
        return asked._replace(session=session)

    def update_call(self, session: str = "a", n: int = 1, **form: str) -> Request:
        """Something about a leg of a session."""
        call = self.vendor.words.wire_id("call", session, n)
        return self.rest("POST", f"/Calls/{call}", session, **form)

    def delete(self, n: int = 1, session: str = "a") -> Request:
        sid = self.vendor.wire_id("recording", session, n)
        return self.rest("DELETE", f"/Recordings/{sid}.json", session)

    @property
    def status(self) -> str:
        return self.platform.legs[self.leg].status

    def recording(self, n: int = 1):
        key = self.platform.legs[self.leg].recordings[n - 1]
        return self.platform.recordings[key]


def only(effects: list[Effect], kind: type) -> list[Any]:
    return [effect for effect in effects if type(effect) is kind]


def one(effects: list[Effect], kind: type) -> Any:
    (effect,) = only(effects, kind)
    return effect


def triggers(effects: list[Effect], lifecycle: str) -> list[str]:
    return [move.rule.trigger for move in only(effects, Move) if move.lifecycle == lifecycle]


def entities(platform: Platform) -> dict[str, dict[int, dict[str, Any]]]:
    """Everything that lives in a platform, by kind and key; all of it values."""
    return {
        kind: {
            key: {slot: getattr(entity, slot) for slot in type(entity).__slots__}
            for key, entity in getattr(platform, kind).items()
        }
        for kind in NOTHING
    }


NOTHING = {kind: {} for kind in ("sessions", "legs", "recordings", "deliveries", "fetches")}
"""What lives in a platform that has forgotten everything."""


def snapshot(platform: Platform) -> tuple[Any, ...]:
    """The whole state of a platform, as values."""
    agenda = platform.agenda
    return (
        platform.now_us,
        platform.seq,
        platform.keys,
        platform.next_due_us,
        agenda.armed(),
        platform.queues.copy(),
        platform.takers.copy(),
        entities(platform),
    )


def lasting(platform: Platform) -> tuple[Any, ...]:
    """The state of a platform, but for its clock and its numbers."""
    return platform.keys, platform.agenda.armed(), entities(platform)
