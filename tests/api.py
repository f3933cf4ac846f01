"""A client of both APIs, for tests of what they answer."""

from __future__ import annotations

import copy
import json
from typing import Any

from calls import LISTENER, LONG, SECOND_US, STARTS_AT_US, Line, document, one

from recsim.core.commands import Answer, HungUp, Request
from recsim.core.effects import Respond
from recsim.core.entities import Application, Recording
from recsim.core.platform import Platform
from recsim.vendors.telnyx import resources
from recsim.vendors.telnyx.account import Account
from recsim.vendors.telnyx.vendor import NOBODY, Telnyx
from recsim.vendors.telnyx.wire import Wire

KEY = "KEY"
ROOM = document('<Dial><Conference record="record-from-start">room</Conference></Dial>')


class Api(Line):
    """A line whose calls go on for an hour, and whose account and application can be set."""

    def __init__(
        self, account: Account = NOBODY, application: Application = LISTENER, **readings: str
    ) -> None:
        super().__init__({"answer": LONG}, application)
        self.vendor = Telnyx(
            7, STARTS_AT_US, readings=readings, account=account, application=application
        )
        self.platform = Platform(self.vendor)

    def fork(self) -> Api:
        """The same line, which goes its own way."""
        other = copy.copy(self)
        other.platform = self.platform.fork()
        return other

    def request(
        self, method: str, path: str, body: Any = None, query: str = "", key: str | None = KEY
    ) -> Answer:
        """Ask for any path, with a JSON body."""
        headers = (("content-type", "application/json"),)
        if key is not None:
            headers = (("authorization", f"Bearer {key}"), *headers)
        text = "" if body is None else json.dumps(body)
        return one(self.do(Request(method, path, query, headers, text)), Respond).answer

    def get(self, path: str, model: type[Wire], query: str = "") -> dict[str, Any]:
        """What a path answers, once its model has read it; it may go on from the account."""
        whole = path if path.startswith("/v2/") else self.of_account(path)
        answer = self.request("GET", whole, query=query)
        assert answer.status == 200, answer.body
        body = json.loads(answer.body)
        assert model.model_validate(body).dump() == body
        return body

    def follow_link(self, uri: str, model: type[Wire]) -> dict[str, Any]:
        """What a link of a list leads to."""
        path, _, query = uri.partition("?")
        return self.get(path, model, query)

    def begin(self, name: str = "alice") -> str:
        """Record a call, which is made if there is none of that name: the sid."""
        if all(session.title != name for session in self.platform.sessions.values()):
            self.call(name)
        answer = self.ask("POST", f"/Calls/{self.sid(name)}/Recordings.json")
        assert answer.status == 200, answer.body
        return json.loads(answer.body)["sid"]

    def end(self, sid: str) -> str:
        """Stop a recording, which is stored at once."""
        recording = self.named(sid)
        call = self.sid(self.platform.sessions[recording.session].title)
        answer = self.ask("POST", f"/Calls/{call}/Recordings/{sid}.json", {"Status": "stopped"})
        assert answer.status == 200, answer.body
        return sid

    def record(self, name: str = "alice", length_us: int = 5 * SECOND_US) -> str:
        """Record a call for a while: the sid of what is completed then."""
        sid = self.begin(name)
        self.after(length_us)
        return self.end(sid)

    def confer(self, name: str = "carol", length_us: int = 5 * SECOND_US) -> str:
        """Record a conference of one for a while: the sid of the conference."""
        self.documents = {"answer": ROOM}
        leg = self.call(name)
        self.after(length_us)
        self.do(HungUp(leg))
        self.documents = {"answer": LONG}
        return str(self.vendor.wire_id("conference", name, 1))

    def named(self, sid: str) -> Recording:
        """The recording with that sid."""
        [found] = [one for one in self.platform.recordings.values() if self.sid_of(one) == sid]
        return found

    def sid_of(self, recording: Recording) -> str:
        title = self.platform.sessions[recording.session].title
        return str(self.vendor.wire_id("recording", title, recording.n))

    def delete(self, sid: str) -> None:
        assert self.ask("DELETE", f"/Recordings/{sid}.json").status == 204

    def state(self) -> tuple[str, ...]:
        """Everything but the numbering of what happened, at every depth."""
        platform = self.platform
        kinds = ("sessions", "legs", "conferences", "recordings", "deliveries", "fetches")
        kept = ("rooms", "queues", "takers", "keys", "now_us")
        return (
            *(repr(getattr(platform, name)) for name in (*kinds, *kept)),
            repr(platform.agenda.armed()),
        )

    def refused(self, method: str, path: str, *args: Any, **more: Any) -> tuple[int, Any]:
        """Status and the one error of what is refused, which the models read; nothing moved."""
        before = self.state()

        answer = self.request(method, path, *args, **more)

        assert self.state() == before
        assert answer.headers == (("content-type", "application/json"),)
        body = json.loads(answer.body)
        is_detail_only = "code" not in body["errors"][0]
        model = resources.TexmlNotFound if is_detail_only else resources.V2Errors
        assert model.model_validate(body).dump() == body
        [error] = body["errors"]
        return answer.status, error


def sids(page: dict[str, Any]) -> list[str]:
    """What a page of either API lists."""
    rows = page["recordings"] if "recordings" in page else page["data"]
    return [row["sid" if "sid" in row else "id"] for row in rows]
