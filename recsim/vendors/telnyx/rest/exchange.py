"""One request being answered: who asks, what for, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import orjson

from recsim.core.commands import Request
from recsim.core.entities import (
    DELETED,
    NEVER,
    CallLeg,
    CallSession,
    Conference,
    Recording,
)
from recsim.core.errors import TriggerError
from recsim.vendors.telnyx.conference_projection import conference_id
from recsim.vendors.telnyx.rest.errors import (
    FORBIDDEN,
    INVALID,
    NO_AUDIO,
    NOT_ANSWERED,
    RestError,
    refused,
    texml_not_found,
)
from recsim.vendors.telnyx.rest.lookup import Ids
from recsim.vendors.telnyx.rest.parameters import Body

if TYPE_CHECKING:
    from recsim.core.platform import Platform
    from recsim.vendors.telnyx.rest.routes import Rest, Route
    from recsim.vendors.telnyx.words import Words


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request being answered."""

    rest: Rest
    platform: Platform
    request: Request

    @property
    def words(self) -> Words:
        """How this run spells things."""
        return self.rest.words

    def header(self, name: str) -> str:
        """The last header of that name; empty where there is none."""
        return {key.lower(): value for key, value in self.request.headers}.get(name, "")

    def authorized(self, route: Route) -> None:
        """Refuse a request without a Bearer key that is good, and good for this."""
        found = re.fullmatch(r"Bearer (\S+)", self.header("authorization"))
        account = self.rest.account
        known = (*account.keys, *account.restricted_keys)
        if not found or (account.keys and found[1] not in known):
            raise refused(route.unauthorized)
        if route.is_recordings and found[1] in account.restricted_keys:
            raise refused(FORBIDDEN)

    def of_account(self, names: Mapping[str, str]) -> None:
        """Refuse a path of another account: there is nothing to be found."""
        if names["account"] != self.words.account_sid:
            raise texml_not_found()

    def leg(self, names: Mapping[str, str]) -> CallLeg:
        """The leg that a path names. Another account's is not found."""
        self.of_account(names)
        leg = self.leg_with(names["call"])
        if leg is None:
            raise texml_not_found()
        return leg

    def leg_with(self, sid: str) -> CallLeg | None:
        """The leg with that id, if there is one."""
        return self.ids("call").find(sid, self.platform.legs, self.call_sid)

    def call_sid(self, leg: CallLeg) -> str:
        """What the wire calls a leg."""
        return self.words.wire_id("call", self.platform.sessions[leg.session].title, leg.n)

    def answered(self, leg: CallLeg) -> None:
        """Refuse what can only be done with a call that is answered."""
        if leg.answered_at_us == NEVER:
            raise refused(NOT_ANSWERED)

    def audible(self, leg: CallLeg) -> None:
        """Refuse what takes audio, before there is any. Source: Q 35, Q 75."""
        self.answered(leg)
        if self.platform.now_us < leg.answered_at_us + self.rest.audio_after_us:
            raise refused(NO_AUDIO)

    def title(self) -> str:
        """What to call the session that this request makes."""
        if self.request.session:
            return self.request.session
        self.platform.untitled += 1
        return f"api {self.platform.untitled}"

    def conference(self, names: Mapping[str, str]) -> Conference:
        """The conference that a path names below its account, over or not."""
        self.of_account(names)
        conference = self.conference_with(names["conference"])
        if conference is None:
            raise texml_not_found()
        return conference

    def conference_with(self, sid: str) -> Conference | None:
        """The conference with that id, if there is one."""
        spelt = partial(conference_id, self.words, self.platform)
        return self.ids("conference").find(sid, self.platform.conferences, spelt)

    def owners(self, recording: Recording) -> tuple[CallSession, CallLeg]:
        """The session and the leg that a recording says it is of."""
        return self.platform.sessions[recording.session], self.platform.legs[recording.leg]

    def recording(self, sid: str) -> Recording | None:
        """The recording with that id, unless it was deleted."""
        found = self.ids("recording").find(sid, self.platform.recordings, self.recording_sid)
        return None if found is None or found.status == DELETED else found

    def recording_sid(self, recording: Recording) -> str:
        """What the wire calls a recording."""
        title = self.platform.sessions[recording.session].title
        return self.words.wire_id("recording", title, recording.n)

    def ids(self, kind: str) -> Ids:
        """The ids of a kind that this platform has looked at."""
        found: Ids = self.platform.memory.setdefault(kind, Ids())
        return found

    def recording_of_account(self, names: Mapping[str, str]) -> Recording:
        """The recording that a path names below its account."""
        self.of_account(names)
        recording = self.recording(names["recording"])
        if recording is None:
            raise texml_not_found()
        return recording

    def move(self, recording: Recording, trigger: str) -> None:
        """Send a recording a trigger; one that its table refuses is not found (assumed)."""
        try:
            self.platform.fire(recording, trigger)
        except TriggerError:
            raise texml_not_found() from None

    def ask(self, recording: Recording, trigger: str, refusal: Callable[[], RestError]) -> None:
        """Ask a recording for another status; raise `refusal` for one that it can't go to (Q 32).

        Nothing comes of that where requests are passed over.
        """
        try:
            self.platform.fire(recording, trigger)
        except TriggerError:
            if not self.rest.is_lenient:
                raise refusal() from None

    def body(self) -> Body:
        """The parameters of the body, a form or JSON, as its type says (Q 17).

        Of a repeated one, the last. Assumed: both are taken wherever one is.
        """
        kind = self.header("content-type").partition(";")[0].strip().lower()
        if kind != "application/json":
            return dict(parse_qsl(self.request.body, keep_blank_values=True))
        try:
            found = orjson.loads(self.request.body)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            raise refused(INVALID, detail="expected a JSON object")
        return found

    def query(self) -> Body:
        """The parameters of the query; of a repeated one, the last."""
        return dict(parse_qsl(self.request.query, keep_blank_values=True))
