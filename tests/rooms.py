"""Conferences for tests of the REST API: who is in them, and what is asked about them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson
from calls import (
    ALICE,
    BOB,
    SECOND_US,
    STARTS_AT_US,
    SUPPORT,
    Line,
    document,
    element,
    one,
    snapshot,
)
from jsonschema import Draft202012Validator
from schemas import validator

from recsim.core.commands import Answer, Answered, Request
from recsim.core.effects import Respond
from recsim.core.entities import CallLeg, Conference
from recsim.core.platform import Platform
from recsim.vendors.telnyx.account import Account
from recsim.vendors.telnyx.vendor import Telnyx

ROOM = "room"
TELLS = "https://app.test/conference"
STAY = '<Pause length="60"/>'
DIALED = {"To": BOB, "From": SUPPORT}


@cache
def published(name: str) -> Draft202012Validator:
    return validator(name)


def conference(*, tells: bool = True, **attributes: str) -> str:
    """A document that comes into the room."""
    told = {"statusCallback": TELLS, "statusCallbackEvent": "start end join leave"}
    noun = element("Conference", ROOM, **(told if tells else {}) | attributes)
    return document(element("Dial", noun, action="/done"), STAY)


class Room(Line):
    """A room that Alice has made."""

    def __init__(
        self,
        readings: Mapping[str, str] | None = None,
        *,
        account: Account | None = None,
        tells: bool = True,
        **attributes: str,
    ) -> None:
        documents = {"answer": conference(tells=tells, **attributes), "done": document(STAY)}
        super().__init__(documents, **(readings or {}))
        if account is not None:
            self.vendor = Telnyx(7, STARTS_AT_US, account=account, application=self.application)
            self.platform = Platform(self.vendor)
        self.alice = self.call("alice", ALICE)
        self.after(SECOND_US)

    @property
    def conference(self) -> Conference:
        """The one that was made first."""
        return next(iter(self.platform.conferences.values()))

    @property
    def id(self) -> str:
        return str(self.vendor.wire_id("conference", "alice", 1))

    def path(self, rest: str = "") -> str:
        return f"/Conferences/{self.id}{rest}"

    def fetched(self, method: str, path: str, form: Mapping[str, Any] | None = None) -> Any:
        """The body of an answer that is well."""
        answer = self.ask(method, path, form)
        assert answer.status in (200, 204), answer.body
        return orjson.loads(answer.body) if answer.body else None

    def get(self, path: str) -> Answer:
        """The answer to a GET of a whole path."""
        request = Request("GET", path, "", (("authorization", "Bearer KEY"),), "")
        return one(self.do(request), Respond).answer

    def dial(self, session: str = "bob", **form: str) -> Any:
        """Bob is dialed for the room."""
        answer = self.ask("POST", self.path("/Participants"), DIALED | form, session=session)
        assert answer.status == 200, answer.body
        return orjson.loads(answer.body)

    def bob(self, **form: str) -> CallLeg:
        """Bob is dialed for the room, and comes in."""
        self.dial(**form)
        leg = self.dialed()[-1]
        self.do(Answered(leg))
        return self.platform.legs[leg]

    def command(self, what: str, to: str = "", **body: Any) -> Answer:
        """A v2 command; `to` is what its path has after `/v2/`."""
        kind = ("content-type", "application/json")
        headers = (("authorization", "Bearer KEY"), kind)
        path = f"/v2/{to or f'conferences/{self.id}'}/actions/record_{what}"
        request = Request("POST", path, "", headers, orjson.dumps(body).decode())
        return one(self.do(request), Respond).answer

    def error(self, answer: Answer) -> tuple[int, str, str, str]:
        """Status, code, title and pointer of a refusal, which fits its schema."""
        body = orjson.loads(answer.body)
        [fault] = body["errors"]
        if os.environ.get("RECSIM_SPEC_SCHEMAS"):
            schema = "call-control-errors" if "code" in fault else "texml-not-found-error"
            published(schema).validate(body)
        where = fault.get("source", {}).get("pointer", "")
        return answer.status, fault.get("code", ""), fault.get("title") or fault["detail"], where

    def state(self) -> Any:
        """All that there is, but for the clock and the numbers that every request counts up."""
        return snapshot(self.platform)[2:]
