"""What a scenario file may say: format 1, as pydantic models.

Every scalar arrives as its source text and is converted by the type that stands here.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from recsim.scenario.accounts import Account, Number, Profile
from recsim.scenario.expectations import Expectation
from recsim.scenario.parts import Draw, Name, Section, WireId
from recsim.scenario.people import Call, Callee
from recsim.scenario.requests import Request
from recsim.scenario.surroundings import Answered, Network, Receiver, Storage
from recsim.scenario.units import (
    Duration,
    Flag,
    HttpUrl,
    MediaUrl,
    Moment,
    PhoneNumber,
    Seed,
    Whole,
)
from recsim.vendors.telnyx.readings import READINGS

STARTS_AT_US = 1_767_603_600_000_000
"""2026-01-05T09:00:00Z."""


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
    webhook_event_url: HttpUrl | None = None
    """Where the vendor sends JSON webhooks; none are sent without."""
    webhook_event_failover_url: HttpUrl | None = None
    """Where they go once `webhook_event_url` has failed."""
    webhook_url_method: Literal["GET", "POST"] = "POST"
    """A GET tells in its query what a body would."""
    latency: Draw = 100_000
    """How long the application takes to answer."""
    in_order: Annotated[list[Answered], Field(max_length=1_000)] = []
    """To the first, second ... request for instructions of the run; as else to those after."""

    @model_validator(mode="after")
    def _fails_over_from_somewhere(self) -> Self:
        if self.webhook_event_failover_url and not self.webhook_event_url:
            raise ValueError("expected webhook_event_url beside webhook_event_failover_url")
        return self


class Page(Section):
    """An answer of the application that is not just TeXML with status 200."""

    EXAMPLE: ClassVar[str] = "{status: 500}"

    status: Annotated[int, Whole(100, 599)] = 200
    """The HTTP status; the vendor follows documents with 200 only."""
    body: str = ""
    """TeXML, or whatever the application answers."""
    latency: Draw | None = None
    """Default: the application's."""


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
    sign: Flag = False
    """Everything that is sent is signed, by a key that grows from the seed."""
    account: Annotated[Account, Field(default_factory=Account)]
    ids: Annotated[dict[str, WireId], Field(max_length=1_000)] = {}
    """Ids in place of those that are drawn, by the names that stand for them in braces."""
    numbers: Annotated[dict[PhoneNumber, Number], Field(max_length=1_000)] = {}
    """How the account's numbers are set, by number."""
    profile: Annotated[Profile, Field(default_factory=Profile)]
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
