"""The REST API: reads the platform, issues commands, answers. No HTTP library.

Source: api-reference of TeXML recordings and of recordings; error bodies as seed 002 (TeXML: detail
only) and seed 003, 004 (v2: code and title).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, unquote

import orjson

from recsim.core import recordings
from recsim.core.commands import Answer, Request
from recsim.core.documents import is_callable
from recsim.core.entities import (
    ABSENT,
    COMPLETED,
    DELETED,
    IN_PROGRESS,
    PAUSED,
    RINGING,
    STOPPED,
    CallLeg,
    Recording,
    RecordingSettings,
)
from recsim.core.errors import TriggerError
from recsim.vendors.telnyx import projection, storage
from recsim.vendors.telnyx.defaults import BY_REQUEST, SourceDefault, channels_of

if TYPE_CHECKING:
    from recsim.core.platform import Platform
    from recsim.vendors.telnyx.words import Words

JSON_HEADERS = (("content-type", "application/json"),)

#: What a requested Status asks of a recording. Source: update call recording.
TRIGGERS = {PAUSED: "pause", IN_PROGRESS: "resume", STOPPED: "stop"}


class RestError(Exception):
    """A refused request: its answer. Never leaves this module."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


def answered(status: int, body: object) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, JSON_HEADERS, orjson.dumps(body).decode())


def texml_not_found() -> RestError:
    """404 of the TeXML family: detail only. Source: seed 002."""
    return RestError(answered(404, {"errors": [{"detail": "Resource not found"}]}))


def v2_error(status: int, code: str, title: str, pointer: str = "") -> RestError:
    """An error of the v2 family. Source: seed 003, 004."""
    error: dict[str, object] = {"code": code, "title": title}
    if pointer:
        error["source"] = {"pointer": pointer}
    return RestError(answered(status, {"errors": [error]}))


@dataclass(frozen=True, slots=True)
class Rest:
    """The API of one run."""

    words: Words
    defaults: Mapping[str, SourceDefault]
    absent_word: str
    """Status of an absent recording in the TeXML body."""

    def answer(self, platform: Platform, request: Request) -> Answer:
        """Answer a request, issuing what it asks for. A refused one changes nothing."""
        if storage.is_storage(request):
            return storage.answer(self.words, platform, request)
        call = Call(self, platform, request)
        for route in ROUTES:
            if route.method == request.method and (match := route.path.fullmatch(request.path)):
                names = {name: unquote(value) for name, value in match.groupdict().items()}
                try:
                    call.authorized(route)
                    return route.handler(call, names)
                except RestError as error:
                    return error.answer
        return texml_not_found().answer


@dataclass(frozen=True, slots=True)
class Call:
    """One request being answered."""

    rest: Rest
    platform: Platform
    request: Request

    def authorized(self, route: Route) -> None:
        """Refuse a request without a Bearer key."""
        headers = {name.lower(): value for name, value in self.request.headers}
        value = headers.get("authorization", "")
        if not re.fullmatch(r"Bearer \S+", value):
            if route.is_texml:
                raise v2_error(401, "10009", "Authentication failed")
            raise v2_error(401, "401", "Unauthorized")

    def leg(self, names: Mapping[str, str]) -> CallLeg:
        """The leg that a path names. Another account's is not found."""
        words = self.rest.words
        if names["account"] == words.account_sid:
            for leg in self.platform.legs.values():
                title = self.platform.sessions[leg.session].title
                if words.wire_id("call", title, leg.n) == names["call"]:
                    return leg
        raise texml_not_found()

    def recording(self, sid: str) -> Recording | None:
        """The recording with that id, unless it was deleted."""
        for recording in self.platform.recordings.values():
            title = self.platform.sessions[recording.session].title
            if (
                self.rest.words.wire_id("recording", title, recording.n) == sid
                and recording.status != DELETED
            ):
                return recording
        return None

    def of_account(self, names: Mapping[str, str]) -> Recording:
        """The recording that a path names below its account."""
        if names["account"] == self.rest.words.account_sid and (
            recording := self.recording(names["recording"])
        ):
            return recording
        raise texml_not_found()

    def move(self, recording: Recording, trigger: str) -> None:
        """Send a recording a trigger; one that its table refuses is not found (Q 32)."""
        try:
            self.platform.fire(recording, trigger)
        except TriggerError:
            raise texml_not_found() from None

    def form(self) -> dict[str, str]:
        """The parameters of a form body; of a repeated one, the last."""
        return dict(parse_qsl(self.request.body, keep_blank_values=True))

    def texml_create(self, recording: Recording) -> Answer:
        """View A."""
        session = self.platform.sessions[recording.session]
        leg = self.platform.legs[recording.leg]
        return answered(200, projection.texml_create(self.rest.words, session, leg, recording))


def choice(form: Mapping[str, str], name: str, options: tuple[str, ...], default: str) -> str:
    """One of `options`, compared as written."""
    value = form.get(name, default)
    if value not in options:
        raise v2_error(422, "10032", "Invalid enumerated value", f"/{name}")
    return value


def start_recording(call: Call, names: Mapping[str, str]) -> Answer:
    """POST …/Calls/{call_sid}/Recordings.json: every one starts another recording (Q 33)."""
    leg = call.leg(names)
    form = call.form()
    default = call.rest.defaults[BY_REQUEST]
    words = tuple(
        form.get("RecordingStatusCallbackEvent", " ".join(default.callback_events)).split()
    )
    for word in words:
        choice({"RecordingStatusCallbackEvent": word}, *EVENTS)
    channels = choice(
        form,
        "RecordingChannels",
        ("single", "dual", "mono"),
        projection.CHANNELS[default.channels],
    )
    url = form.get("RecordingStatusCallback", "")
    if url and not is_callable(url):
        raise v2_error(422, "10015", "Invalid value", "/RecordingStatusCallback")
    track = choice(form, "RecordingTrack", ("inbound", "outbound", "both"), default.track)
    settings = RecordingSettings(
        channels=channels_of(2 if channels == "dual" else 1, track),
        track=track,
        is_trimmed=default.is_trimmed,
        beep=choice(form, "PlayBeep", FLAG, str(default.beep).lower()) == "true",
        format=default.format,
        limit_us=default.limit_us,
        silence_us=default.silence_us,
        callback_url=url,
        callback_method=choice(form, "RecordingStatusCallbackMethod", ("GET", "POST"), "POST"),
        callback_events=words,
        sends_url=choice(form, "SendRecordingUrl", FLAG, "true") == "true",
    )
    if call.platform.is_over(leg):
        raise texml_not_found()
    if leg.status == RINGING:
        raise v2_error(422, "90034", "Call not answered yet")
    return call.texml_create(recordings.start(call.platform, leg, default.source, settings))


def update_recording(call: Call, names: Mapping[str, str]) -> Answer:
    """POST …/Calls/{call_sid}/Recordings/{recording_sid}.json: pause, resume or stop (Q 32)."""
    leg = call.leg(names)
    recording = call.of_account(names)
    if recording.leg != leg.key:
        raise texml_not_found()
    form = call.form()
    if "Status" not in form:
        raise v2_error(422, "10004", "Missing required parameter", "/Status")
    status = choice(form, "Status", tuple(TRIGGERS), "")
    if call.platform.is_over(leg):
        raise texml_not_found()
    call.move(recording, TRIGGERS[status])
    return call.texml_create(recording)


def fetch_recording(call: Call, names: Mapping[str, str]) -> Answer:
    """GET …/Recordings/{recording_sid}.json: view B."""
    recording = call.of_account(names)
    platform = call.platform
    view = projection.texml(
        call.rest.words,
        platform.sessions[recording.session],
        platform.legs[recording.leg],
        recording,
        platform.now_us,
        call.rest.absent_word,
    )
    return answered(200, view)


def delete_recording(call: Call, names: Mapping[str, str]) -> Answer:
    """DELETE …/Recordings/{recording_sid}.json: only what is settled can go (assumed)."""
    call.move(call.of_account(names), "delete")
    return Answer(204)


def fetch_v2_recording(call: Call, names: Mapping[str, str]) -> Answer:
    """GET /recordings/{id}: view D, which shows completed recordings only (Q 3)."""
    recording = call.recording(names["recording"])
    platform = call.platform
    view = recording and projection.v2(
        call.rest.words,
        platform.sessions[recording.session],
        platform.legs[recording.leg],
        recording,
        platform.now_us,
    )
    if not view:
        raise v2_error(404, "404", "Not Found")
    return answered(200, {"data": view})


class Route(NamedTuple):
    """One row: which requests a function answers."""

    method: str
    path: re.Pattern[str]
    handler: Callable[[Call, Mapping[str, str]], Answer]
    is_texml: bool


def route(method: str, path: str, handler: Callable[[Call, Mapping[str, str]], Answer]) -> Route:
    """A row, from a path with names in braces."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
    return Route(method, re.compile(pattern), handler, path.startswith("/v2/texml/"))


FLAG = ("true", "false")
EVENTS = ("RecordingStatusCallbackEvent", (IN_PROGRESS, COMPLETED, ABSENT), "")

# fmt: off
ROUTES = (
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}/Recordings.json",             start_recording),
    route("POST",   "/v2/texml/Accounts/{account}/Calls/{call}/Recordings/{recording}.json", update_recording),
    route("GET",    "/v2/texml/Accounts/{account}/Recordings/{recording}.json",              fetch_recording),
    route("DELETE", "/v2/texml/Accounts/{account}/Recordings/{recording}.json",              delete_recording),
    route("GET",    "/v2/recordings/{recording}",                                            fetch_v2_recording),
)
# fmt: on
