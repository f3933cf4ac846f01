"""`/_recsim/`: for whoever steers a server, by hand or from a test. No part of the vendor's API."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

import orjson

from recsim.core.commands import (
    Answer,
    Answered,
    Command,
    HungUp,
    Invite,
    Pressed,
    Refused,
    Request,
    Ringing,
    Speech,
)
from recsim.core.entities import NEVER, Application, CallLeg
from recsim.core.errors import TriggerError, suggest
from recsim.core.units import parse_duration
from recsim.live.engine import Engine
from recsim.scenario.units import parse_moment
from recsim.vendors.telnyx.rest.lookup import Ids

HEADERS = (("content-type", "application/json"),)


class ControlError(Exception):
    """What is wrong with what was asked, and the HTTP status for it. Never leaves this module."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text, status)
        self.text, self.status = text, status


Asked = Mapping[str, Any]
"""The fields of a body, or the parameters of a query."""


class Route(NamedTuple):
    """One row: which requests a method of `Control` answers."""

    method: str
    template: str
    handler: Callable[[Control, Mapping[str, str], Asked], Awaitable[Any]]
    says: str

    @property
    def path(self) -> re.Pattern[str]:
        """The template as it is matched."""
        return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.template))


class Control:
    """Answers what is asked below `/_recsim/`."""

    def __init__(self, engine: Engine, application: Application) -> None:
        self.engine, self.application = engine, application
        """On file for whoever calls by hand."""
        self._calls = 0
        self._ids = Ids()
        """Of legs; names are few letters, ids are made of a digest each."""

    async def answer(self, request: Request) -> Answer:
        """Answer a request, as JSON: what was asked for, or `error`."""
        try:
            found = await self._found(request)
        except ControlError as error:
            return Answer(error.status, HEADERS, orjson.dumps({"error": error.text}).decode())
        except TriggerError as error:
            return Answer(409, HEADERS, orjson.dumps({"error": str(error)}).decode())
        return Answer(200, HEADERS, orjson.dumps(found).decode())

    async def _found(self, request: Request) -> Any:
        methods = []
        for route, path in PATHS:
            match = path.fullmatch(request.path)
            if match is None:
                continue
            methods.append(route.method)
            if route.method == request.method:
                names = {name: unquote(text) for name, text in match.groupdict().items()}
                return await route.handler(self, names, asked(request))
        if methods:
            raise ControlError(f"expected {' or '.join(methods)}, got {request.method}", 405)
        known = ", ".join(f"{route.method} {route.template}" for route in ROUTES)
        raise ControlError(f"nothing is at {request.path}; there are {known}", 404)

    # The clock.

    async def clock(self, _: Mapping[str, str], __: Asked) -> dict[str, Any]:
        """What time it is, and when something is due next."""
        engine = self.engine
        next_us = engine.next_us()
        return {
            "now": engine.at(engine.clock.now_us()),
            "clock": "manual" if engine.clock.is_manual else "running",
            "next": None if next_us == NEVER else engine.at(next_us),
            "under_way": engine.under_way,
        }

    async def move(self, names: Mapping[str, str], wanted: Asked) -> dict[str, Any]:
        """Move the clock; what fired since the last time stands in `fired`, in causal order."""
        engine = self.engine
        if not engine.clock.is_manual:
            raise ControlError("this clock runs by itself; start with --clock manual", 409)
        if len(wanted) != 1 or next(iter(wanted)) not in MOVES:
            raise ControlError(f"expected one of {', '.join(MOVES)}; got {list(wanted)}")
        [(how, text)] = wanted.items()
        to_us, only_next = MOVES[how](engine, str(text))
        nothing = engine.next_us() == NEVER and not engine.under_way
        fired = await engine.move(to_us, only_next=only_next)
        why = "nothing is due, and nothing under way: only a request or a person can go on"
        return {**await self.clock(names, {}), "fired": fired, "why": why if nothing else None}

    # People.

    async def come(self, _: Mapping[str, str], wanted: Asked) -> dict[str, Any]:
        """Somebody calls."""
        from_, to = text_of(wanted, "from", "+15550001"), text_of(wanted, "to", "+15550002")
        application = self.application
        if "voice_url" in wanted:
            application = application._replace(voice_url=text_of(wanted, "voice_url", ""))
        if not application.voice_url:
            raise ControlError("expected voice_url: the server was started without --voice-url")
        self._calls += 1
        title = text_of(wanted, "name", f"hand {self._calls}")
        if title in {one.title for one in self.engine.platform.sessions.values()}:
            raise ControlError(f"there is a call {title!r} already", 409)
        leg = self.engine.call(Invite(title, from_, to, application))
        return self.told(leg)

    async def calls(self, _: Mapping[str, str], __: Asked) -> list[dict[str, Any]]:
        """Every leg, the first first."""
        return [self.told(leg) for leg in self.engine.platform.legs.values()]

    async def act(self, names: Mapping[str, str], wanted: Asked) -> dict[str, Any]:
        """Somebody does something on their leg."""
        leg, does = self.leg(names["call"]), names["does"]
        if does not in ACTS:
            known = ", ".join(ACTS)
            raise ControlError(f"nobody can {does}{suggest(does, ACTS)}; expected {known}", 404)
        if self.engine.platform.is_over(leg):
            raise ControlError(f"this call is over: {leg.status}", 409)
        for after_us, command in ACTS[does](leg.key, wanted):
            if after_us:
                self.engine.later(after_us, command)
            elif not self.engine.give(command) and does in RINGING:
                raise ControlError(f"nobody rings there: this call is {leg.status}", 409)
        return self.told(leg)

    # What there was.

    async def trace(self, _: Mapping[str, str], wanted: Asked) -> list[dict[str, Any]]:
        """The lines of the trace after a seq."""
        return self.engine.lines(after=number_of(wanted, "after"))

    async def callbacks(self, _: Mapping[str, str], __: Asked) -> list[dict[str, Any]]:
        """What was sent, a line an attempt, as in `callbacks.jsonl`."""
        return [orjson.loads(line) for line in self.engine.callbacks]

    async def public_key(self, _: Mapping[str, str], __: Asked) -> dict[str, str]:
        """What proves who sent the callbacks, in base64."""
        return {"public_key": self.engine.vendor.public_key}

    def leg(self, sid: str) -> CallLeg:
        """The leg with an id, or with a name."""
        legs = self.engine.platform.legs
        named = (leg for leg in legs.values() if self.engine.name(leg) == sid)
        if (leg := self._ids.find(sid, legs, self.sid) or next(named, None)) is not None:
            return leg
        raise ControlError(f"there is no call {sid!r}", 404)

    def sid(self, leg: CallLeg) -> str:
        """What the wire calls a leg."""
        title = self.engine.platform.sessions[leg.session].title
        return self.engine.vendor.wire_id("call", title, leg.n)

    def told(self, leg: CallLeg) -> dict[str, Any]:
        """A leg, for people."""
        return {
            "sid": self.sid(leg),
            "name": self.engine.name(leg),
            "from": leg.from_,
            "to": leg.to,
            "direction": leg.direction,
            "status": leg.status,
        }


def asked(request: Request) -> Asked:
    """What a request says: its JSON body, else its query. Raises ControlError."""
    if not request.body:
        return dict(parse_qsl(request.query))
    try:
        found = orjson.loads(request.body)
    except orjson.JSONDecodeError as error:
        raise ControlError(f"expected a JSON object: {error}") from None
    if not isinstance(found, dict):
        raise ControlError("expected a JSON object")
    return found


def text_of(wanted: Asked, name: str, default: str) -> str:
    """A field that is text."""
    value = wanted.get(name, default)
    if not isinstance(value, str):
        raise ControlError(f"{name}: expected text, got {value!r}")
    return value


def number_of(wanted: Asked, name: str) -> int:
    """A field that is a whole number, 0 where it isn't given."""
    try:
        return int(wanted.get(name, 0))
    except (TypeError, ValueError):
        raise ControlError(f"{name}: expected a whole number, got {wanted[name]!r}") from None


def length_of(wanted: Asked, name: str) -> int:
    """A field that is a duration, in µs; 0 where it isn't given."""
    if name not in wanted:
        return 0
    try:
        return parse_duration(text_of(wanted, name, ""))
    except ValueError as error:
        raise ControlError(f"{name}: {error}") from None


def by(engine: Engine, text: str) -> tuple[int, bool]:
    """So much later."""
    return engine.clock.now_us() + length_of({"by": text}, "by"), False


def to(engine: Engine, text: str) -> tuple[int, bool]:
    """At an instant, which has not passed."""
    try:
        at_us = parse_moment(text) - engine.starts_at_us
    except ValueError as error:
        raise ControlError(f"to: {error}") from None
    if at_us < engine.clock.now_us():
        raise ControlError(f"to: {text} has passed; it is {engine.at(engine.clock.now_us())}")
    return at_us, False


def until(engine: Engine, text: str) -> tuple[int, bool]:
    """As far as something is due."""
    if text not in ("next", "idle"):
        raise ControlError(f"until: expected next or idle, got {text!r}")
    return NEVER, text == "next"


#: How the clock is moved: to which moment, and whether only to what is due first.
MOVES = {"by": by, "to": to, "until": until}


def speak(leg: int, wanted: Asked) -> list[tuple[int, Command]]:
    """Speak, for a while or until told to be silent."""
    words, length_us = text_of(wanted, "says", ""), length_of(wanted, "for")
    ends: list[tuple[int, Command]] = []
    if "for" in wanted:
        ends = [(length_us, Speech(leg, on=False, words=words))]
    return [(0, Speech(leg, on=True)), *ends]


def press(leg: int, wanted: Asked) -> list[tuple[int, Command]]:
    """Press one key or several."""
    digits = text_of(wanted, "digits", "")
    if not re.fullmatch(r"[0-9*#]{1,32}", digits):
        raise ControlError(f"digits: expected keys such as 1 or 12#, got {digits!r}")
    return [(0, Pressed(leg, digit)) for digit in digits]


def refuse(leg: int, wanted: Asked) -> list[tuple[int, Command]]:
    """Refuse the call."""
    why = text_of(wanted, "why", "decline")
    if why not in REASONS:
        raise ControlError(f"why: expected {', '.join(REASONS)}; got {why!r}")
    return [(0, Refused(leg, why))]


RINGING = ("ring", "answer", "refuse")
"""What only whoever is called can do."""

REASONS = ("busy", "decline", "no_answer", "unreachable")

#: What a person can do: commands, each so long from now.
ACTS: dict[str, Callable[[int, Asked], list[tuple[int, Command]]]] = {
    "ring": lambda leg, _: [(0, Ringing(leg))],
    "answer": lambda leg, _: [(0, Answered(leg))],
    "refuse": refuse,
    "speak": speak,
    "silent": lambda leg, wanted: [(0, Speech(leg, on=False, words=text_of(wanted, "says", "")))],
    "press": press,
    "hang_up": lambda leg, _: [(0, HungUp(leg))],
}

# fmt: off
#: Everything that can be asked.
ROUTES = (
    Route("GET",  "/_recsim/clock",               Control.clock,      "what time it is, and when something is due"),
    Route("POST", "/_recsim/clock",               Control.move,       "move a manual clock: by, to or until"),
    Route("GET",  "/_recsim/calls",               Control.calls,      "every leg"),
    Route("POST", "/_recsim/calls",               Control.come,       "somebody calls"),
    Route("POST", "/_recsim/calls/{call}/{does}", Control.act,        "somebody rings, answers, refuses, speaks, falls silent, presses keys, hangs up"),
    Route("GET",  "/_recsim/trace",               Control.trace,      "what happened after a seq"),
    Route("GET",  "/_recsim/callbacks",           Control.callbacks,  "what was sent"),
    Route("GET",  "/_recsim/public_key",          Control.public_key, "what proves who sent it"),
)
# fmt: on

PATHS = [(route, route.path) for route in ROUTES]
