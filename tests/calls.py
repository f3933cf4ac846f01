"""Calls for tests of the platform: what is asked of it, and what it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from recsim.core import conferences, hearing, legs
from recsim.core.commands import Answer, Command, Fetched, Invite, Outcome, Request, Stored
from recsim.core.effects import Attempt, Effect, Fetch, Move, Opened, Respond, Store
from recsim.core.entities import (
    Application,
    CallLeg,
    Conference,
    RecordingSettings,
    Setup,
    Subscription,
)
from recsim.core.platform import Platform
from recsim.core.verbs import conference as in_conference
from recsim.vendors.telnyx.vendor import Telnyx

STARTS_AT_US = 1_767_603_600_000_000  # 2026-01-05T09:00:00Z
SECOND_US = 1_000_000
BEEP_US = 500_000
TIMEOUT = Answer(0, failure="timeout")

ALICE, SUPPORT, BOB, CAROL = "+15550001", "+15550002", "+15550100", "+15550101"
STATUS_URL = "https://app.test/status"
RECORDING_URL = "https://app.test/recording"
PROGRESS = ("initiated", "ringing", "answered", "completed")
EVENTS = ("in-progress", "completed", "absent")

APPLICATION = Application("https://app.test/answer", "POST")
LISTENER = APPLICATION._replace(status=Subscription(STATUS_URL, "POST", PROGRESS))
"""An application that is told how its calls go."""

SETTINGS = RecordingSettings(
    channels=2,
    track="both",
    is_trimmed=False,
    beep=True,
    format="mp3",
    limit_us=3600 * SECOND_US,
    silence_us=0,
    callback_url="",
    callback_method="POST",
    callback_events=("completed",),
    sends_url=True,
)
"""What a `<Record>` asks for that says nothing more."""

RECORD = """<Response>
  <Record action="/done" maxLength="60" finishOnKey="#" recordingStatusCallback="/recording"
          recordingStatusCallbackEvent="in-progress completed absent"/>
  <Say>one two</Say>
</Response>"""
PAUSE = '<Response><Pause length="60"/></Response>'
HANGUP = "<Response><Hangup/></Response>"


def document(*verbs: str) -> str:
    return f"<Response>{''.join(verbs)}</Response>"


LONG = document(20 * '<Pause length="180"/>')
"""An hour."""


def element(name: str, *inside: str, **attributes: str) -> str:
    """A verb or a noun."""
    given = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(inside)}</{name}>"


def dial(*to: str, **attributes: str) -> str:
    """A `<Dial>` that has an action, and tells how its legs go and what is recorded of it."""
    told = {"statusCallback": STATUS_URL, "statusCallbackEvent": " ".join(PROGRESS)}
    asked = {
        "action": "/done",
        "recordingStatusCallback": RECORDING_URL,
        "recordingStatusCallbackEvent": " ".join(EVENTS),
    }
    nouns = (element("Number", number, **told) for number in to)
    return element("Dial", *nouns, **asked | attributes)


def conferring(room: str = "r", /, within: Mapping[str, str] | None = None, **given: str) -> str:
    """A `<Dial>` into a conference; `within` are attributes of the `<Dial>`."""
    return element("Dial", element("Conference", room, **given), **within or {})


MADE_ROOM = 250


class Asked(Telnyx):
    """A vendor of whom conferences can be asked straight: a request whose method is `DO`.

    What makes no sense is passed over, so that anything may be asked at any time.
    """

    def answer(self, platform: Platform, request: Request) -> Answer:
        if request.method != "DO":
            return super().answer(platform, request)
        getattr(self, request.path)(platform, *orjson.loads(request.body))
        return Answer()

    def _taking_part(self, platform: Platform, key: int) -> tuple[CallLeg, Conference] | None:
        leg = platform.legs.get(key)
        conference = leg and platform.conference_of(leg)
        if not leg or not conference or hearing.member_of(conference, leg) is None:
            return None
        return leg, conference

    def mute(self, platform: Platform, key: int, on: bool) -> None:
        if found := self._taking_part(platform, key):
            member = hearing.member_of(found[1], found[0])
            conferences.change(platform, found[1], member._replace(is_muted=on))

    def hold(self, platform: Platform, key: int, on: bool, music: str = "") -> None:
        if found := self._taking_part(platform, key):
            in_conference.hold(platform, found[0], on=on, music=music, method="POST")

    def announce(self, platform: Platform, key: int, url: str) -> None:
        if found := self._taking_part(platform, key):
            in_conference.announce(platform, found[0], url, "POST")

    def remove(self, platform: Platform, key: int) -> None:
        if found := self._taking_part(platform, key):
            in_conference.remove(platform, found[0])

    def complete(self, platform: Platform, room: str) -> None:
        if conference := conferences.named(platform, room):
            platform.fire(conference, "complete")

    def record(self, platform: Platform, room: str, **given: Any) -> None:
        conference = conferences.named(platform, room)
        if conference and conference.status == "in-progress":
            conferences.record(platform, conference, "Conference", SETTINGS._replace(**given))

    def dial_in(self, platform: Platform, title: str, noun: str, *status: str) -> None:
        """Call somebody for the conference of a noun, which is made if it isn't there."""
        (joins,) = platform.parse(document(noun)).verbs
        told = Subscription(STATUS_URL, "POST", status)
        setup = Setup(joins=joins, ring_us=5 * SECOND_US, limit_us=30 * SECOND_US, status=told)
        leg = legs.place(platform, title, SUPPORT, CAROL, APPLICATION, setup)
        conference = conferences.named(platform, joins.room)
        if conference is None:
            conference = conferences.create(platform, leg, joins.room, MADE_ROOM)
        conference.dialed += (leg.key,)
        leg.conference = conference.key


def do(what: str, *args: object) -> Request:
    """Ask `Asked` for something."""
    return Request("DO", what, "", (), orjson.dumps(args).decode())


class Calls:
    """A platform, and a few words for what a test does to it."""

    def __init__(self, application: Application = APPLICATION, **readings: str) -> None:
        self.vendor = Asked(7, STARTS_AT_US, readings=readings, application=application)
        self.platform = Platform(self.vendor)
        self.application = application
        self.leg = 0

    def sid(self, name: str, n: int = 1) -> str:
        """The CallSid of a leg of a session."""
        return str(self.vendor.wire_id("call", name, n))

    def of_account(self, path: str) -> str:
        """The path of a request; `path` goes on from the account."""
        return f"/v2/texml/Accounts/{self.vendor.words.account_sid}{path}"

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
        effects = self.now(Invite(session, ALICE, SUPPORT, self.application))
        self.leg = one(effects, Opened).leg
        return one(effects, Fetch).ticket

    def follow(self, text: str, session: str = "a") -> list[Effect]:
        """A call comes in, and its application answers at once."""
        return self.now(Fetched(self.ring(session), Answer(200, (), text)))

    def rest(self, method: str, path: str, session: str = "a", **form: str) -> Request:
        """A request about a call; `path` goes on from the account."""
        path = self.of_account(path.replace("CALL", self.sid(session)))
        headers = (("authorization", "Bearer KEY1"),)
        return Request(method, path, "", headers, urlencode(form))

    def start(self, session: str = "a", **form: str) -> Request:
        return self.rest("POST", "/Calls/CALL/Recordings.json", session, **form)

    def update(self, status: str, n: int = 1, session: str = "a") -> Request:
        sid = self.vendor.wire_id("recording", session, n)
        return self.rest("POST", f"/Calls/CALL/Recordings/{sid}.json", session, Status=status)

    def initiate(self, session: str = "b", **form: str) -> Request:
        """A program calls somebody."""
        asked = self.rest("POST", "/Calls", To=CAROL, From=SUPPORT, **form)
        return asked._replace(session=session)

    def update_call(self, session: str = "a", n: int = 1, **form: str) -> Request:
        """Something about a leg of a session."""
        return self.rest("POST", f"/Calls/{self.sid(session, n)}", session, **form)

    def delete(self, n: int = 1, session: str = "a") -> Request:
        sid = self.vendor.wire_id("recording", session, n)
        return self.rest("DELETE", f"/Recordings/{sid}.json", session)

    @property
    def status(self) -> str:
        return self.platform.legs[self.leg].status

    def recording(self, n: int = 1):
        key = self.platform.legs[self.leg].recordings[n - 1]
        return self.platform.recordings[key]


class Line(Calls):
    """A line that answers by itself: instructions are found, callbacks taken, recordings stored."""

    def __init__(
        self,
        documents: Mapping[str, str] | None = None,
        application: Application = LISTENER,
        **readings: str,
    ) -> None:
        super().__init__(application, **readings)
        self.documents = documents or {}
        """TeXML by the last part of its URL: `answer` is the first; others are not found."""
        self.sent: list[tuple[str, dict[str, str]]] = []
        """What was sent, in order: kind and parameters."""
        self.to: list[str] = []
        """Where, beside `sent`."""
        self.moves: list[tuple[str, str]] = []
        """Every move, in order: lifecycle and trigger."""

    def do(self, command: Command) -> list[Effect]:
        """Give a command now; what it asks for is answered at once."""
        return self._answered(self.now(command))

    def after(self, length_us: int) -> None:
        """Let time pass."""
        until_us = self.platform.now_us + length_us
        while self.platform.next_due_us <= until_us:
            self._answered(self.platform.advance(self.platform.next_due_us))
        self.platform.handle(until_us, Outcome(0, Answer()))  # for nobody: the clock goes on

    def _answered(self, effects: list[Effect]) -> list[Effect]:
        for effect in list(effects):
            if isinstance(effect, Move):
                self.moves.append((effect.lifecycle, effect.rule.trigger))
            if isinstance(effect, Fetch | Attempt):
                message = self.vendor.encode(effect.message, effect.method, effect.url)
                assert len(dict(message.params)) == len(message.params)
                self.sent.append((effect.message.kind, dict(message.params)))
                self.to.append(effect.url)
            if isinstance(effect, Fetch):
                text = self.documents.get(effect.url.rpartition("/")[2], "")
                assert not text or not self.vendor.parse(text).findings
                found = Answer(200, (), text) if text else Answer(404)
                effects += self.do(Fetched(effect.ticket, found))
            elif isinstance(effect, Attempt):
                effects += self.do(Outcome(effect.ticket, Answer(200)))
            elif isinstance(effect, Store):
                effects += self.do(Stored(effect.ticket))
        return effects

    def call(self, name: str = "alice", from_: str = ALICE) -> int:
        """Somebody calls: the leg."""
        return one(self.do(Invite(name, from_, SUPPORT, self.application)), Opened).leg

    def dialed(self) -> list[int]:
        """The legs that the platform has dialed, in order."""
        return [key for key, leg in self.platform.legs.items() if leg.direction == "outbound"]

    def ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, Any] | None = None,
        *,
        json: bool = False,
        session: str = "",
        query: str = "",
    ) -> Answer:
        """Ask by REST; `path` goes on from the account."""
        kind = "application/json" if json else "application/x-www-form-urlencoded"
        headers = (("Authorization", "Bearer KEY"), ("Content-Type", kind))
        body = orjson.dumps(form).decode() if json else urlencode(form or {})
        request = Request(method, self.of_account(path), query, headers, body, session)
        return one(self.do(request), Respond).answer

    def of(self, kind: str) -> list[dict[str, str]]:
        """The parameters of every message of a kind."""
        return [params for each, params in self.sent if each == kind]


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


NOTHING = {
    kind: {} for kind in ("sessions", "legs", "conferences", "recordings", "deliveries", "fetches")
}
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
        platform.rooms.copy(),
        entities(platform),
    )


def lasting(platform: Platform) -> tuple[Any, ...]:
    """The state of a platform, but for its clock and its numbers."""
    return platform.keys, platform.agenda.armed(), entities(platform)
