"""What a scenario file may say: format 1, as pydantic models.

Every scalar arrives as its source text and is converted by the type that stands here.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from recsim.core.units import SECOND_US, found, refused
from recsim.scenario.parts import AccountSid, ConnectionId, Draw, Moments, Name, Section
from recsim.scenario.people import Call, Callee
from recsim.scenario.units import Duration, HttpUrl, Integer, MediaUrl, Moment, Seed, Share, Whole
from recsim.vendors.telnyx.readings import READINGS

STARTS_AT_US = 1_767_603_600_000_000
"""2026-01-05T09:00:00Z."""


class Account(Section):
    """Whose account it is; by default drawn from the seed."""

    sid: AccountSid = ""
    """What REST paths and callbacks call the account."""
    connection_id: ConnectionId = ""
    """What callbacks call the application."""


class Application(Section):
    """What the vendor has on file for the numbers called."""

    voice_url: HttpUrl
    """Where the vendor asks what to do with a call."""
    voice_method: Literal["GET", "POST"] | None = None
    """Default: the reading `voice_method`."""
    fallback_url: HttpUrl | None = None
    """Asked when `voice_url` fails; callbacks go there too, once their own URL has failed."""
    fallback_method: Literal["GET", "POST"] | None = None
    """Of instruction fetches; default: the reading `voice_method`."""
    status_callback: HttpUrl | None = None
    """Where the vendor tells how far a call has come."""
    status_callback_method: Literal["GET", "POST"] = "POST"
    latency: Draw = 100_000
    """How long the application takes to answer."""


class Page(Section):
    """An answer of the application that is not just TeXML with status 200."""

    EXAMPLE: ClassVar[str] = "{status: 500}"

    status: Annotated[int, Whole(100, 599)] = 200
    """The HTTP status; the vendor follows documents with 200 only."""
    body: str = ""
    """TeXML, or whatever the application answers."""
    latency: Draw | None = None
    """Default: the application's."""


def parse_answer(value: object) -> object:
    """An HTTP status from text, or a word for no answer."""
    if isinstance(value, str) and re.fullmatch(r"[1-5][0-9][0-9]", value):
        return int(value)
    if value in ("timeout", "refused", "reset") or (type(value) is int and 100 <= value <= 599):
        return value
    raise refused("a status such as 200, or timeout, refused or reset", value)


ReceiverAnswer = Annotated[
    int | str,
    BeforeValidator(parse_answer),
    WithJsonSchema({"type": ["integer", "string"], "examples": [200, 500, "timeout"]}),
]


class Redirected(Section):
    """An answer that names another place."""

    EXAMPLE: ClassVar[str] = "{redirect: /elsewhere}"

    redirect: Annotated[str, StringConstraints(max_length=2000)]
    """The Location header, absolute or relative."""
    status: Annotated[int, Whole(300, 399)] = 302
    """Followed, where the vendor follows any: 301, 302, 303, 307, 308."""


def whole_seconds(value: int) -> int:
    """What a header can say."""
    if value % SECOND_US:
        raise ValueError("expected whole seconds, such as 30s")
    return value


class Delaying(Section):
    """An answer that asks for a while of peace."""

    EXAMPLE: ClassVar[str] = "{status: 429, retry_after: 30s}"

    status: Annotated[int, Whole(400, 599)] = 429
    retry_after: Annotated[Duration, AfterValidator(whole_seconds)]
    """The Retry-After header; whether it is heeded is the reading `webhook_retry_after`."""


class Outage(Section):
    """A stretch of time, counted from the start of the run."""

    from_: Annotated[Duration, Field(alias="from")] = 0
    until: Duration
    """From here on all is well again."""

    @model_validator(mode="after")
    def _takes_time(self) -> Self:
        if self.until <= self.from_:
            raise ValueError("expected until to be later than from")
        return self


class Network(Section):
    """What lies between the vendor and the receiver of callbacks."""

    latency: Draw = 0
    """From sending an attempt to its arrival; where it is drawn, callbacks overtake each other."""
    loss: Share = 0
    """So many attempts never arrive."""
    duplicates: Share = 0
    """So many of the others arrive twice, the copy after a latency of its own."""


class Storage(Section):
    """Whoever processes and keeps audio."""

    delay: Draw = 720_000
    """From the end of a recording until it is stored."""
    per_second: Duration = 0
    """Added for each second captured."""
    failure: Annotated[str, StringConstraints(max_length=200)] = ""
    """Why storing fails; it doesn't when empty."""
    failure_rate: Share = 1
    """So many recordings fail to be stored; without `failure`, none does."""

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if "failure_rate" in self.model_fields_set and not self.failure:
            raise ValueError("expected failure, why storing fails, beside failure_rate")
        return self


#: A name in braces and nothing else: it stands for a link.
NAME_ALONE = re.compile(r"\{[^{}]*\}")

Scalar: TypeAlias = str | int | bool | None


def checked_fields(value: object) -> object:
    """Wire names with the values expected; refuses what no value can match."""
    if not isinstance(value, dict):
        raise refused("a mapping of wire names, such as {status: completed}", value)
    for name, wanted in value.items():
        if isinstance(wanted, dict) and set(wanted) == {"matches"}:
            pattern = wanted["matches"]
            try:
                re.compile(pattern)
            except (re.error, TypeError) as error:
                text = f"expected a regular expression, got {found(pattern)}: {error}"
                raise ValueError(f"{name}: {text}") from None
        elif isinstance(wanted, dict):
            checked_fields(wanted)
    return value


Fields = Annotated[
    dict[str, Any], PlainValidator(checked_fields), WithJsonSchema({"type": "object"})
]
"""Wire names with the values expected: text, a mapping of more, or {matches: REGULAR EXPRESSION}.

Values compare as text; null is missing or null.
"""


class Asked(Section):
    """A REST request."""

    get: str | None = None
    """Fetch this path, with names in braces: {account}, {caller}, {caller.recording.2}; or the link
    that a name alone stands for."""
    post: str | None = None
    """Post to this path; names as in `get`."""
    delete: str | None = None
    """Delete this path; names as in `get`."""
    form: dict[str, Scalar] | None = None
    """Parameters of a form body; names in braces as in paths."""
    json_: Annotated[dict[str, Any] | str | None, Field(alias="json")] = None
    """A JSON body instead: a mapping, with names in braces, or text, which is sent as it stands."""
    key: str | None = "KEY"
    """The Bearer key; null sends none. A link is fetched without it."""

    @model_validator(mode="after")
    def _names_one_path(self) -> Self:
        if len([path for path in (self.get, self.post, self.delete) if path]) != 1:
            raise ValueError("expected exactly one of get, post, delete, with a path")
        is_link = self.get is not None and NAME_ALONE.fullmatch(self.get)
        if is_link and (self.form is not None or self.json_ is not None):
            raise ValueError("expected no form or json: a link is fetched as it is")
        if not is_link and not self.path.startswith("/v2/"):
            raise ValueError(f"expected a path that begins with /v2/, got {self.path!r}")
        if self.form is not None and self.json_ is not None:
            raise ValueError("expected form or json, not both")
        return self

    @property
    def method(self) -> str:
        """GET, POST or DELETE."""
        return "GET" if self.get else "POST" if self.post else "DELETE"

    @property
    def path(self) -> str:
        """As the file has it, with names in braces."""
        return self.get or self.post or self.delete or ""


class Request(Asked):
    """A REST request, when it is sent, and what it is to be answered.

    Links are {caller.recording.url} and {caller.recording.media_url}.
    """

    at: Moments
    """When it is sent."""
    makes: Name | None = None
    """What the call is called that this request makes."""
    answer: Fields | None = None
    """`status`, and fields of the body; checked like a line of `expect`."""

    @model_validator(mode="after")
    def _makes_by_post(self) -> Self:
        if self.makes is not None and self.post is None:
            raise ValueError("expected post beside makes: nothing else makes a call")
        return self


class Ask(Asked):
    """A REST request that a receiver makes while it holds a callback.

    Names in braces may be parameters of the callback too: {RecordingSid}, {CallSid}. The link is
    {RecordingUrl}.
    """

    when: Fields = {}
    """Of which callbacks, by their parameters, and by method, url, kind or attempt."""
    after: Duration = 0
    """Since the callback arrived; it is answered no sooner."""


class Receiver(Section):
    """Whoever takes callbacks."""

    latency: Draw = 50_000
    """From the arrival of an attempt to its answer; where that comes too late, there is none."""
    answers: Annotated[
        list[ReceiverAnswer | Redirected | Delaying], Field(min_length=1, max_length=100)
    ] = [200]
    """To the first, second ... attempt of each delivery; the last is repeated."""
    down: Outage | None = None
    """Attempts that arrive in it are refused, whatever `answers` says."""
    asks: Annotated[list[Ask], Field(max_length=100)] = []
    """What it asks of the REST API while it holds a callback."""


class Subject(Section):
    """What a line of `expect` is about: exactly one of these."""

    recording: Fields | None = None
    """A recording at the end, by the fields of any of its views."""
    callback: Fields | None = None
    """An attempt, by its parameters, and by method, url, kind, attempt or outcome."""
    response: Fields | None = None
    """The answer to a REST request, by `status` and the fields of its body."""

    @property
    def named(self) -> list[str]:
        """Which of them are given."""
        return [
            name
            for name in ("recording", "callback", "response")
            if getattr(self, name) is not None
        ]


class Expectation(Subject):
    """One line of `expect`. Without a number, something matches at least once."""

    never: Subject | None = None
    """Nothing may match."""
    eventually: Subject | None = None
    """As without the word: something matches, sooner or later."""
    at: Duration | None = None
    """Exactly then, after the start."""
    within: Moments | None = None
    """Not earlier than an event, and at most so long after it."""
    before: Moments | None = None
    """Earlier than that."""
    exactly: Integer | None = None
    """So many match, no more and no fewer."""
    at_least: Annotated[Integer | None, Field(alias="at least")] = None
    """So many match, or more."""

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        subjects = [*self.named, *(["never"] if self.never else [])]
        subjects += ["eventually"] if self.eventually else []
        inner = self.never or self.eventually
        if len(subjects) != 1 or (inner and len(inner.named) != 1):
            raise ValueError("expected exactly one of recording, callback, response")
        if inner and (self.exactly is not None or self.at_least is not None):
            raise ValueError("expected never or eventually, or a number, not both")
        if self.exactly is not None and self.at_least is not None:
            raise ValueError("expected exactly or at least, not both")
        timed = self.at is not None or self.within or self.before
        if timed and "recording" in (*self.named, *(inner.named if inner else ())):
            raise ValueError("a recording is looked at when the run is over: it has no moment")
        if self.within and not self.within.word:
            raise ValueError("expected an event, such as '1s after press'")
        return self


READING_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        reading.key: {
            "description": reading.question,
            "default": reading.default,
            **(
                {"type": ["string", "number"]}
                if isinstance(reading.answers, str)
                else {"enum": list(reading.answers)}
            ),
        }
        for reading in READINGS
    },
}


class Scenario(Section):
    """A scenario file of format 1."""

    recsim: Annotated[Literal["1"], WithJsonSchema({"enum": [1, "1"]})]
    """The format's version."""
    title: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    """The one behaviour that it shows."""
    about: str = ""
    """What happens in it, and why."""
    seed: Seed = 1
    """Ids and draws grow from it."""
    starts_at: Moment = STARTS_AT_US
    """The moment at which everything begins."""
    account: Annotated[Account, Field(default_factory=Account)]
    application: Application
    documents: dict[HttpUrl, str | Page] = {}
    """What the application answers, by URL: TeXML, or a page."""
    media: dict[MediaUrl, Duration] = {}
    """Lengths of what `<Play>` plays and of streams, by URL."""
    calls: Annotated[dict[Name, Call], Field(max_length=1_000)] = {}
    """Who calls, by name; nobody need, where a request makes a call."""
    callees: Annotated[dict[Name, Callee], Field(max_length=1_000)] = {}
    """Whom the platform can call, by name."""
    requests: list[Request] = []
    """What a program asks of the REST API meanwhile."""
    network: Annotated[Network, Field(default_factory=Network)]
    receiver: Annotated[Receiver, Field(default_factory=Receiver)]
    storage: Annotated[Storage, Field(default_factory=Storage)]
    readings: Annotated[dict[str, str], WithJsonSchema(READING_SCHEMA)] = {}
    """Answers to what the documents leave open, in place of the defaults."""
    expect: list[Expectation] = []
    """What is to have happened, a line each."""

    @property
    def call_names(self) -> list[str]:
        """Of every call there may be: those that come in, then those that requests make."""
        return [*self.calls, *(request.makes for request in self.requests if request.makes)]
