"""People in a scenario file: who calls, whom the platform can call, and what they do."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from recsim.scenario.parts import Cue, Draw, Key, Section
from recsim.scenario.units import Duration, Flag, PhoneNumber


class Wait(Section):
    """Wait for a cue, or for a while."""

    wait: Cue | Draw


class Speak(Section):
    """Speak for so long."""

    speak: Draw
    says: Annotated[str, StringConstraints(min_length=1, max_length=500)] = ""
    """In these words, for whatever listens to speech."""


class Silent(Section):
    """Be silent for so long."""

    silent: Draw


class Press(Section):
    """Press one key."""

    press: Key


class AnyTime(Section):
    """Do one thing at any time from here on: drawn by `run`, tried by `explore`."""

    EXAMPLE: ClassVar[str] = "{any_time: hang_up}"

    any_time: Speak | Press | Literal["hang_up"]


def not_a_mapping(value: object) -> object:
    """`hang_up` takes nothing."""
    if isinstance(value, dict) and "hang_up" in value:
        raise ValueError("expected - hang_up on its own, without a colon")
    return value


Plain: TypeAlias = Wait | Speak | Silent | Press | Literal["hang_up"]
"""A step that has its moment."""

Step: TypeAlias = Annotated[
    Wait | Speak | Silent | Press | AnyTime | Literal["hang_up"], BeforeValidator(not_a_mapping)
]


class Call(Section):
    """Somebody who calls, and what they do."""

    at: Duration = 0
    """When the call comes in, after the start."""
    from_: Annotated[PhoneNumber, Field(alias="from")]
    to: PhoneNumber
    story: Annotated[list[Step], Field(max_length=1000)] = []


class Callee(Section):
    """Somebody whom the platform can call. With neither an answer nor a refusal, it rings out."""

    EXAMPLE: ClassVar[str] = "{number: +15550100, answers_after: 4s}"

    number: PhoneNumber
    rings: Flag | None = None
    """Whether it rings; by default it does, but not where it is busy or unreachable."""
    rings_after: Draw = 500_000
    """From being called until it rings; without ringing, until all else is counted from."""
    answers_after: Draw | None = None
    """From the first ring until they pick up."""
    refuses: Literal["busy", "decline", "no_answer", "unreachable"] | None = None
    """Why nobody picks up."""
    refuses_after: Draw | None = None
    """From the first ring until that is told; by default at once."""
    story: Annotated[list[Step], Field(max_length=1000)] = []
    """What they do once they have picked up."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if self.answers_after is not None and self.refuses is not None:
            raise ValueError("expected answers_after or refuses, not both")
        if self.refuses_after is not None and self.refuses is None:
            raise ValueError("expected refuses beside refuses_after")
        if self.story and self.answers_after is None:
            raise ValueError("expected answers_after: a story begins once they have picked up")
        return self
