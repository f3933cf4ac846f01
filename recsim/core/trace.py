"""What happened, in causal order: one JSON line for each command and each effect.

Lines are filled into templates made once from the row types; tests prove them equal to what
`orjson` writes of the same mapping. Two types of row carry another row, which is flattened.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NamedTuple, get_type_hints

from recsim.core import commands, effects
from recsim.core.commands import Answer, Invite
from recsim.core.effects import Attempt, Fetch, Move
from recsim.core.entities import Application
from recsim.core.lifecycle import Rule
from recsim.core.moments import iso_micros

quote: Callable[[str], str] = encode_basestring
"""A JSON string. Text that isn't ASCII stays as it is, as `orjson` has it."""


def _number(value: int) -> str:
    return str(value)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _headers(value: tuple[tuple[str, str], ...]) -> str:
    return "{" + ",".join(f"{quote(name)}:{quote(text)}" for name, text in value) + "}"


@lru_cache(maxsize=1024)
def _rule(rule: Rule) -> str:
    """A table row, flattened into the move that it allowed."""
    assert rule.dest is not None
    return (
        f'"trigger":{quote(rule.trigger)},"source":{quote(rule.source)},'
        f'"dest":{quote(rule.dest)},"spec":{quote(rule.spec)}'
    )


def _answer(answer: Answer) -> str:
    """An answer without its body, which another line or file has."""
    return f'"status":{answer.status},"failure":{quote(answer.failure)}'


def _body(answer: Answer) -> str:
    """An answer with its body."""
    return f"{_answer(answer)},{quote('body')}:{quote(answer.body)}"


def _application(application: Application) -> str:
    return f'"voice_url":{quote(application.voice_url)}'


class Template(NamedTuple):
    """How a type of row becomes the rest of a line, from its `kind` on."""

    text: str
    """With a `%s` for each field."""
    write: tuple[Callable[[Any], str], ...]


WRITE: dict[Any, Callable[[Any], str]] = {int: _number, bool: _flag, str: quote}


def template(row: type[Any], kind: str) -> Template:
    """The template of a row type, from its field names and types."""
    parts: list[str] = []
    write: list[Callable[[Any], str]] = []
    for field, hint in get_type_hints(row).items():
        if field == "cause":
            continue  # every line has it, in front
        name = quote(field.rstrip("_"))
        if hint is Rule:
            parts.append("%s")
            write.append(_rule)
        elif hint is Answer:
            parts.append("%s")
            write.append(_body if row is effects.Respond else _answer)
        elif hint is Application:
            parts.append("%s")
            write.append(_application)
        elif hint in WRITE:
            parts.append(f"{name}:%s")
            write.append(WRITE[hint])
        elif field == "message":
            parts.append('"message":%s')
            write.append(lambda message: quote(message.kind))
        else:
            parts.append(f"{name}:%s")
            write.append(_headers)
    return Template(f'"kind":{quote(kind)},' + ",".join(parts) + "}", tuple(write))


COMMANDS = (
    Invite,
    commands.HungUp,
    commands.Pressed,
    commands.Speech,
    commands.Request,
    commands.Fetched,
    commands.Outcome,
    commands.Stored,
)
EFFECTS = (
    effects.Opened,
    Move,
    effects.Due,
    effects.Cue,
    effects.Drop,
    effects.Respond,
    Fetch,
    Attempt,
    effects.Store,
    effects.Note,
    effects.Quiet,
)

#: Kinds of line, by row type: a command's says what was asked, an effect's what happened.
KINDS: dict[type[Any], str] = {
    **{row: row.__name__.lower() for row in COMMANDS},
    **{row: row.__name__.lower() for row in EFFECTS},
    commands.HungUp: "hung-up",
    commands.Request: "request",
}

TEMPLATES = {row: template(row, kind) for row, kind in KINDS.items()}

HEAD = '{"seq":%d,"at":"%s","cause":%d,%s'


def command_line(epoch_us: int, seq: int, cause: int, command: NamedTuple) -> str:
    """The line of a command that was given at a moment (µs since the Unix epoch)."""
    text, write = TEMPLATES[type(command)]
    rest = text % tuple([put(value) for put, value in zip(write, command, strict=True)])
    return HEAD % (seq, iso_micros(epoch_us), cause, rest)


def effect_lines(epoch_us: int, seq: int, happened: list[Any]) -> list[str]:
    """The lines of effects at one moment, the first of which is numbered `seq`."""
    at = iso_micros(epoch_us)
    lines = []
    for number, effect in enumerate(happened, seq):
        text, write = TEMPLATES[type(effect)]
        rest = text % tuple([put(value) for put, value in zip(write, effect[1:], strict=True)])
        lines.append(HEAD % (number, at, effect[0], rest))
    return lines
