"""Calls that follow given verbs: what the platform sends, without a parser in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from recsim.core.commands import Answer, Fetched, Invite, Outcome, Request, Stored
from recsim.core.documents import Document, Row
from recsim.core.effects import Attempt, Effect, Fetch, Move, Opened, Respond, Ring, Store
from recsim.core.entities import Application, RecordingSettings, Subscription
from recsim.core.platform import Platform
from recsim.core.verbs.dial import Dial, Target
from recsim.vendors.telnyx.vendor import Telnyx

STARTS_AT_US = 1_767_603_600_000_000
SECOND_US = 1_000_000
STATUS = "https://app.test/status"
RECORDING = "https://app.test/recording"
PROGRESS = ("initiated", "ringing", "answered", "completed")
EVENTS = ("in-progress", "completed", "absent")
APPLICATION = Application(
    "https://app.test/answer", "POST", status=Subscription(STATUS, "POST", PROGRESS)
)
ALICE, SUPPORT, BOB, CAROL = "+15550001", "+15550002", "+15550100", "+15550101"


class Scripted(Telnyx):
    """A vendor that reads the name of a document in place of its text."""

    scripts: Mapping[str, tuple[Row, ...]] = {}

    def parse(self, text: str) -> Document:
        rows = self.scripts.get(text)
        return super().parse(text) if rows is None else Document(rows, ())


class Line:
    """A platform whose application answers by scripts: `answer` is the first."""

    def __init__(
        self,
        scripts: Mapping[str, tuple[Row, ...]] | None = None,
        application: Application = APPLICATION,
        **readings: str,
    ) -> None:
        self.vendor = Scripted(7, STARTS_AT_US, readings=readings, application=application)
        self.vendor.scripts = scripts or {}
        self.platform = Platform(self.vendor)
        self.application = application
        self.sent: list[tuple[str, dict[str, str]]] = []
        """What was sent, in order: kind and parameters."""
        self.to: list[str] = []
        """Where, beside `sent`."""
        self.moves: list[tuple[str, str]] = []
        """Every move, in order: lifecycle and trigger."""

    def do(self, command: Any) -> list[Effect]:
        """Give a command now; fetches are answered, callbacks taken, recordings stored at once."""
        return self._follow(self.platform.handle(self.platform.now_us, command))

    def after(self, length_us: int) -> None:
        """Let time pass."""
        until_us = self.platform.now_us + length_us
        while self.platform.next_due_us <= until_us:
            self._follow(self.platform.advance(self.platform.next_due_us))
        self.platform.handle(until_us, Outcome(0, Answer()))  # for nobody: the clock goes on

    def _follow(self, effects: list[Effect]) -> list[Effect]:
        for effect in list(effects):
            if isinstance(effect, Move):
                self.moves.append((effect.lifecycle, effect.rule.trigger))
            if isinstance(effect, Fetch | Attempt):
                message = self.vendor.encode(effect.message, effect.method, effect.url)
                assert len(dict(message.params)) == len(message.params)
                self.sent.append((effect.message.kind, dict(message.params)))
                self.to.append(effect.url)
            if isinstance(effect, Fetch):
                name = effect.url.rpartition("/")[2]
                found = Answer(200, (), name) if name in self.vendor.scripts else Answer(404)
                effects += self.do(Fetched(effect.ticket, found))
            elif isinstance(effect, Attempt):
                effects += self.do(Outcome(effect.ticket, Answer(200)))
            elif isinstance(effect, Store):
                effects += self.do(Stored(effect.ticket))
        return effects

    def call(self, name: str = "alice", from_: str = ALICE) -> int:
        """Somebody calls: the leg."""
        effects = self.do(Invite(name, from_, SUPPORT, self.application))
        return next(effect.leg for effect in effects if isinstance(effect, Opened))

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
        path = f"/v2/texml/Accounts/{self.vendor.words.account_sid}{path}"
        effects = self.do(Request(method, path, query, headers, body, session))
        [answer] = [effect.answer for effect in effects if isinstance(effect, Respond)]
        return answer

    def of(self, kind: str) -> list[dict[str, str]]:
        """The parameters of every message of a kind."""
        return [params for each, params in self.sent if each == kind]

    def sid(self, name: str, n: int = 1) -> str:
        """The CallSid of a leg."""
        return str(self.vendor.wire_id("call", name, n))


def rings(effects: list[Effect]) -> list[Ring]:
    return [effect for effect in effects if isinstance(effect, Ring)]


def settings(**more: Any) -> RecordingSettings:
    """How a `<Dial>` is recorded."""
    return RecordingSettings(
        channels=1,
        track="both",
        is_trimmed=False,
        beep=False,
        format="mp3",
        limit_us=0,
        silence_us=0,
        callback_url=RECORDING,
        callback_method="POST",
        callback_events=EVENTS,
        sends_url=True,
    )._replace(**more)


def dial(*to: str, record: str = "", **more: Any) -> Dial:
    """A `<Dial>` that has an action, and tells how its legs go."""
    status = Subscription(STATUS, "POST", PROGRESS)
    return Dial(
        line=1,
        action="/done",
        method="POST",
        targets=tuple(Target(one, "", "POST", status, 0) for one in to),
        caller_id="",
        ring_us=30 * SECOND_US,
        limit_us=14_400 * SECOND_US,
        hangup_on_star=False,
        answers=True,
        record_from=record,
        source="DialVerb",
        settings=settings(),
    )._replace(**more)
