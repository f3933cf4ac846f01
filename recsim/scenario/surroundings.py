"""What is around the vendor in a scenario file: the network, who takes callbacks, the storage."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from recsim.core.units import SECOND_US, format_duration, refused
from recsim.scenario.parts import Draw, Section
from recsim.scenario.requests import Ask
from recsim.scenario.units import Duration, Share, Whole


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


class Answered(Section):
    """How one question of the run was answered."""

    EXAMPLE: ClassVar[str] = "{after: 2s, answer: 500}"

    after: Duration
    """Since it was asked."""
    answer: ReceiverAnswer | None = None
    """Without it, as otherwise."""


class Kept(Section):
    """How one recording of the run was stored."""

    EXAMPLE: ClassVar[str] = "{after: 2s, failure: disk full}"

    after: Duration
    """Since it ended."""
    failure: Annotated[str, StringConstraints(max_length=200)] = ""
    """Why storing failed; it didn't when empty."""


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


def parse_arrival(value: object) -> object:
    """When an attempt arrives, and when copies of it do."""
    if value == "lost":
        return []
    if isinstance(value, str | int):
        return [value]
    if isinstance(value, list):
        return value
    raise refused("when it arrives, such as 3s, lost, or [0s, 5s]: it does, and a copy", value)


def format_arrival(after_us: list[int]) -> str | list[str]:
    """What `parse_arrival` reads."""
    texts = [format_duration(one) for one in after_us]
    return "lost" if not texts else texts[0] if len(texts) == 1 else texts


Arrives = Annotated[
    list[Duration],
    Field(max_length=10),
    BeforeValidator(parse_arrival),
    PlainSerializer(format_arrival, when_used="json"),
    WithJsonSchema(
        {
            "type": ["string", "array"],
            "items": {"type": "string"},
            "examples": ["3s", "lost", ["0s", "5s"]],
        }
    ),
]
"""A length since an attempt was sent; several: copies arrive too; `lost` is none."""


class Network(Section):
    """What lies between the vendor and the receiver of callbacks."""

    latency: Draw = 0
    """From sending an attempt to its arrival; where it is drawn, callbacks overtake each other."""
    loss: Share = 0
    """So many attempts never arrive."""
    duplicates: Share = 0
    """So many of the others arrive twice, the copy after a latency of its own."""
    arrivals: Annotated[list[Arrives], Field(max_length=1_000)] = []
    """When the first, second ... attempt of the run arrives, since it was sent; of those after them
    the above holds. Several: copies arrive too; `lost`: it doesn't arrive."""


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
    in_order: Annotated[list[Answered], Field(max_length=1_000)] = []
    """To the first, second ... attempt of the run; to those after them, as above."""
    asks: Annotated[list[Ask], Field(max_length=100)] = []
    """What it asks of the REST API while it holds a callback."""


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
    in_order: Annotated[list[Kept], Field(max_length=1_000)] = []
    """The first, second ... recording of the run; those after them, as above."""

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if "failure_rate" in self.model_fields_set and not self.failure:
            raise ValueError("expected failure, why storing fails, beside failure_rate")
        return self
