"""What a scenario file may say: format 1, as pydantic models.

Every scalar arrives as its source text and is converted by the type that stands here.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from recsim.core.units import parse_duration
from recsim.scenario.units import Duration, HttpUrl, Integer, Moment, PhoneNumber, Seed
from recsim.vendors.telnyx.readings import READINGS, ReadingError, check

#: What can be waited for on a call: what its party perceives, and what its party does.
CUES = ("answer", "say", "play", "pause", "record", "beep", "redirect", "hangup", "end")
ACTS = ("speak", "silent", "press", "hang_up")

STARTS_AT_US = 1_767_603_600_000_000
"""2026-01-05T09:00:00Z."""


class Section(BaseModel):
    """A mapping of the file: unknown keys are faults."""

    # Built once, with the scenario that holds it: each on its own takes twice as long to start.
    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, defer_build=True
    )


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")]
"""A call's name: a letter, then up to 39 letters, digits, `-` or `_`."""


class Uniform(Section):
    """Any length between two, each as likely."""

    uniform: Annotated[list[Duration], Field(min_length=2, max_length=2)]


class Exponential(Section):
    """A length with this mean, memoryless."""

    exponential: Duration


class Normal(Section):
    """A length with this mean and standard deviation; never below zero."""

    normal: Annotated[list[Duration], Field(min_length=2, max_length=2)]


class Choice(Section):
    """One of these lengths, each as likely."""

    choice: Annotated[list[Duration], Field(min_length=1, max_length=100)]


Draw: TypeAlias = Duration | Uniform | Exponential | Normal | Choice
"""A fixed length, or one drawn from a named distribution."""


class When(Section):
    """A moment: after the start of the run, or after something that happens on a call."""

    after_us: int = 0
    call: str = ""
    word: str = ""
    """Empty: the start of the run."""


WHEN = re.compile(r"(?:(\S+) )?after (?:([A-Za-z][A-Za-z0-9_-]*) )?([a-z_]+)")


def parse_when(value: object) -> object:
    """A moment from text such as `5s`, `beep`, `2s after beep` or `2s after caller beep`."""
    if not isinstance(value, str):
        return value
    words = CUES + ACTS
    if value in words:
        return When(word=value)
    if match := WHEN.fullmatch(value):
        length, call, word = match.groups()
        if word not in words:
            raise ValueError(f"expected one of {', '.join(words)} after 'after', got {word!r}")
        return When(after_us=parse_duration(length) if length else 0, call=call or "", word=word)
    try:
        return When(after_us=parse_duration(value))
    except ValueError:
        raise ValueError(
            f"expected a moment such as 5s, beep or '2s after beep', got {value!r}"
        ) from None


Moments = Annotated[
    When,
    BeforeValidator(parse_when),
    WithJsonSchema({"type": "string", "examples": ["5s", "beep", "2s after beep"]}),
]


class Wait(Section):
    """Wait for a cue, or for a while."""

    wait: Literal["answer", "say", "play", "pause", "record", "beep", "redirect", "hangup"] | Draw


class Speak(Section):
    """Speak for so long."""

    speak: Draw


class Silent(Section):
    """Be silent for so long."""

    silent: Draw


class Press(Section):
    """Press one key."""

    press: Annotated[str, StringConstraints(pattern=r"^[0-9#*]$")]


Step: TypeAlias = Wait | Speak | Silent | Press | Literal["hang_up"]


class Call(Section):
    """Somebody who calls, and what they do."""

    at: Duration = 0
    """When the call comes in, after the start."""
    from_: Annotated[PhoneNumber, Field(alias="from")]
    to: PhoneNumber
    story: Annotated[list[Step], Field(max_length=1000)] = []


class Account(Section):
    """Whose account it is; by default drawn from the seed."""

    sid: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    ] = ""
    connection_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")] = ""


class Application(Section):
    """What the vendor has on file for the numbers called."""

    voice_url: HttpUrl
    voice_method: Literal["GET", "POST"] | None = None
    """Default: the reading `voice_method`."""
    latency: Draw = 100_000
    """How long the application takes to answer."""


class Page(Section):
    """An answer of the application that is not just TeXML with status 200."""

    status: Annotated[Integer, Field()] = 200
    body: str = ""
    latency: Draw | None = None
    """Default: the application's."""


AnswerWord = Literal["timeout", "refused", "reset"]


def parse_answer(value: object) -> object:
    """An HTTP status from text, or a word for no answer."""
    if isinstance(value, str) and re.fullmatch(r"[1-5][0-9][0-9]", value):
        return int(value)
    if value in ("timeout", "refused", "reset") or (type(value) is int and 100 <= value <= 599):
        return value
    raise ValueError(f"expected a status such as 200, or timeout, refused or reset, got {value!r}")


ReceiverAnswer = Annotated[
    int | str,
    BeforeValidator(parse_answer),
    WithJsonSchema({"type": ["integer", "string"], "examples": [200, 500, "timeout"]}),
]


class Receiver(Section):
    """Whoever takes callbacks."""

    latency: Draw = 50_000
    answers: Annotated[list[ReceiverAnswer], Field(min_length=1, max_length=100)] = [200]
    """To the first, second ... attempt of each delivery; the last is repeated."""


class Storage(Section):
    """Whoever processes and keeps audio."""

    delay: Draw = 720_000
    per_second: Duration = 0
    """Added for each second captured."""
    failure: Annotated[str, StringConstraints(max_length=200)] = ""
    """Why storing fails; it doesn't when empty."""


Scalar: TypeAlias = str | int | bool | None


class Matches(Section):
    """A value that matches a regular expression, as a whole."""

    matches: str

    @field_validator("matches")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"expected a regular expression, got {value!r}: {error}") from None
        return value


Pattern: TypeAlias = dict[str, "Matches | Scalar | Pattern"]
"""Wire names with the values expected; null: missing or null. Values compare as text."""


class Request(Section):
    """A REST request, when it is sent, and what it is to be answered."""

    at: Moments
    get: str | None = None
    post: str | None = None
    delete: str | None = None
    form: dict[str, Scalar] | None = None
    """Parameters of a form body."""
    key: str | None = "KEY"
    """The Bearer key; null sends none."""
    answer: dict[str, Any] | None = None
    """`status`, and fields of the body; checked like a line of `expect`."""

    @model_validator(mode="after")
    def _names_one_path(self) -> Self:
        if len([path for path in (self.get, self.post, self.delete) if path]) != 1:
            raise ValueError("expected exactly one of get, post, delete, with a path")
        if not self.path.startswith("/v2/"):
            raise ValueError(f"expected a path that begins with /v2/, got {self.path!r}")
        return self

    @property
    def method(self) -> str:
        """GET, POST or DELETE."""
        return "GET" if self.get else "POST" if self.post else "DELETE"

    @property
    def path(self) -> str:
        """As the file has it, with names in braces."""
        return self.get or self.post or self.delete or ""


class Subject(Section):
    """What a line of `expect` is about: exactly one of these."""

    recording: dict[str, Any] | None = None
    """A recording at the end, by the fields of any of its views."""
    callback: dict[str, Any] | None = None
    """An attempt, by its parameters, and by method, url, kind, attempt or outcome."""
    response: dict[str, Any] | None = None
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
    eventually: Subject | None = None
    at: Duration | None = None
    """Exactly then, after the start."""
    within: Moments | None = None
    """Not earlier than an event, and at most so long after it."""
    before: Moments | None = None
    exactly: Integer | None = None
    at_least: Annotated[Integer | None, Field(alias="at least")] = None

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


def checked_readings(value: dict[str, str]) -> dict[str, str]:
    """Readings that exist, with answers that they have."""
    for key, answer in value.items():
        try:
            check(key, answer)
        except ReadingError as error:
            raise ValueError(str(error)) from None
    return value


class Scenario(Section):
    """A scenario file of format 1."""

    recsim: Literal["1"]
    """The format's version."""
    title: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    """The one behaviour that it shows."""
    about: str = ""
    seed: Seed = 1
    starts_at: Moment = STARTS_AT_US
    account: Annotated[Account, Field(default_factory=Account)]
    application: Application
    documents: dict[HttpUrl, str | Page] = {}
    """What the application answers, by URL: TeXML, or a page."""
    media: dict[HttpUrl, Duration] = {}
    """Lengths of what `<Play>` plays, by URL."""
    calls: Annotated[dict[Name, Call], Field(min_length=1, max_length=10_000)]
    requests: list[Request] = []
    receiver: Annotated[Receiver, Field(default_factory=Receiver)]
    storage: Annotated[Storage, Field(default_factory=Storage)]
    readings: Annotated[
        dict[str, str], BeforeValidator(lambda value: value), WithJsonSchema(READING_SCHEMA)
    ] = {}
    expect: list[Expectation] = []

    @field_validator("readings")
    @classmethod
    def _readings_exist(cls, value: dict[str, str]) -> dict[str, str]:
        return checked_readings(value)
