"""The small parts of a scenario file: names, keys, lengths that may be drawn, moments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
)

from recsim.core.errors import suggest
from recsim.core.units import format_duration, parse_duration, refused
from recsim.core.verbs import VERBS
from recsim.scenario.units import Duration, written

#: What the party of a leg perceives, and its story can wait for: the words of `effects.Cue`.
CUES = (
    *("answer", "beep", "ringing", "bridge", "hold", "conference", "tone"),
    *dict.fromkeys(verb.word for verb in VERBS.values()),
)
#: What its party does.
ACTS = ("ring", "refuse", "speak", "silent", "press", "hang_up")
#: What moments can be counted from: these, and the end of the leg.
EVENTS = (*CUES, *ACTS, "end")


class Section(BaseModel):
    """A mapping of the file: unknown keys are faults."""

    EXAMPLE: ClassVar[str] = ""
    """What a mapping in its place might look like, for errors."""

    # Built once, with the scenario that holds it: each on its own takes twice as long to start.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def text_like(pattern: str, expected: str, *, editors: str = "string") -> Any:
    """Text of a form; `expected` is what errors say of it. Editors may read it as another type."""
    compiled = re.compile(pattern)

    def checked(value: object) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise refused(expected, value)
        return value

    types = ["string"] if editors == "string" else ["string", editors]
    return Annotated[
        str, PlainValidator(checked), WithJsonSchema({"type": types, "pattern": f"^(?:{pattern})$"})
    ]


if TYPE_CHECKING:
    Cue: TypeAlias = str
    Name: TypeAlias = str
    Key: TypeAlias = str
    AccountSid: TypeAlias = str
    ConnectionId: TypeAlias = str
    ApiKey: TypeAlias = str
    WireId: TypeAlias = str
else:
    Cue = Literal[CUES]
    Name = text_like(
        "(?!account$)[A-Za-z][A-Za-z0-9_-]{0,39}",
        "a name of up to 40 letters, digits, - and _ that begins with a letter and isn't account",
    )
    Key = text_like("[0-9#*]", "one key (0 to 9, # or *)", editors="integer")
    AccountSid = text_like("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "a UUID in lower case")
    ConnectionId = text_like("[0-9]{1,19}", "up to 19 digits", editors="integer")
    WireId = text_like(
        "[0-9A-Za-z_-][0-9A-Za-z_:-]{0,99}", "an id of up to 100 letters, digits, :, - and _"
    )
    ApiKey = text_like("[!-~]{1,200}", "a key, without spaces", editors="integer")


class Drawn(Section):
    """A length drawn from a distribution."""

    EXAMPLE: ClassVar[str] = "{uniform: [2s, 5s]}"


def two(value: list[int]) -> list[int]:
    """Two durations."""
    if len(value) != 2:
        raise ValueError(f"expected two durations, got {len(value)}")
    return value


def rising(value: list[int]) -> list[int]:
    """Two durations, the shorter one first."""
    if value != sorted(two(value)):
        raise ValueError("expected the shorter duration first")
    return value


class Uniform(Drawn):
    """Any length between two, each as likely."""

    uniform: Annotated[list[Duration], AfterValidator(rising)]
    """The shortest and the longest."""


class Exponential(Drawn):
    """A length without memory."""

    exponential: Duration
    """The mean."""


class Normal(Drawn):
    """A length from a bell curve; never below zero."""

    normal: Annotated[list[Duration], AfterValidator(two)]
    """The mean and the standard deviation."""


class Choice(Drawn):
    """One of several lengths, each as likely."""

    choice: Annotated[list[Duration], Field(min_length=1, max_length=100)]


Draw: TypeAlias = Duration | Uniform | Exponential | Normal | Choice
"""A fixed length, or one drawn from a named distribution."""


class When(Section):
    """A moment: after the start of the run, or after something that happens on a call."""

    after_us: int = 0
    call: str = ""
    """Whose event: a call, a callee, or a leg such as `caller.2`; empty: the first call."""
    word: str = ""
    """Empty: the start of the run."""


def parse_when(value: object) -> object:
    """A moment from text such as `5s`, `beep`, `2s after beep` or `2s after caller beep`."""
    if isinstance(value, When):
        return value
    words = value.split() if isinstance(value, str) else []
    at = words.index("after") if "after" in words else 0
    before, event = words[:at], words[at + ("after" in words) :]
    try:
        if not at and len(event) == 1 and event[0] not in EVENTS:
            return When(after_us=parse_duration(event[0]))
        after_us = parse_duration("".join(before)) if before else 0
    except ValueError:
        event = []
    if len(before) > 1 or not 1 <= len(event) <= 2:
        raise refused("a moment such as 5s, beep or '2s after beep'", value)
    *call, word = event
    if word not in EVENTS:
        among = ", ".join(EVENTS)
        raise ValueError(f"expected one of {among}, got {word!r}{suggest(word, EVENTS)}")
    return When(after_us=after_us, call="".join(call), word=word)


def format_when(when: When) -> str:
    """The text for a moment, as `parse_when` reads it."""
    if not when.word:
        return format_duration(when.after_us)
    event = f"{when.call} {when.word}".lstrip()
    return f"{format_duration(when.after_us)} after {event}" if when.after_us else event


Moments = Annotated[
    When,
    BeforeValidator(parse_when),
    written(format_when, When),
    WithJsonSchema({"type": "string", "examples": ["5s", "beep", "2s after caller beep"]}),
]
"""A moment: so long after the start, or after something that happens on a call."""
