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
    """How rows of a type become lines."""

    text: str
    """Takes seq, moment, cause and the row's fields, in that order."""
    write: tuple[tuple[int, Callable[[Any], str]], ...]
    """What makes text of those that need it, by their place among all."""


WRITE: dict[Any, Callable[[Any], str]] = {bool: _flag, str: quote}


def template(row: type[Any], kind: str) -> Template:
    """The template of a row type, from its field names and types."""
    parts = ['{"seq":%d', '"at":"%s"', '"cause":%d', f'"kind":{quote(kind)}']
    write: list[tuple[int, Callable[[Any], str]]] = []
    hints = {field: hint for field, hint in get_type_hints(row).items() if field != "cause"}
    for place, (field, hint) in enumerate(hints.items(), 3):
        name = quote(field.rstrip("_"))
        if hint is int:
            parts.append(f"{name}:%d")
        elif hint in FLAT:
            parts.append("%s")
            write.append((place, _body if row is effects.Respond else FLAT[hint]))
        elif field == "message":
            parts.append(f"{name}:%s")
            write.append((place, lambda message: quote(message.kind)))
        else:
            parts.append(f"{name}:%s")
            write.append((place, WRITE.get(hint, _headers)))
    return Template(",".join(parts) + "}", tuple(write))


#: Rows inside of rows, whose fields stand beside the others.
FLAT: dict[Any, Callable[[Any], str]] = {Rule: _rule, Answer: _answer, Application: _application}

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


def line(row: type[Any], seq: int, at: str, values: tuple[Any, ...]) -> str:
    """The line of a row; `values` are its cause and its fields."""
    text, write = TEMPLATES[row]
    filled = [seq, at, *values]
    for place, put in write:
        filled[place] = put(filled[place])
    return text % tuple(filled)


def command_line(epoch_us: int, seq: int, cause: int, command: tuple[Any, ...]) -> str:
    """The line of a command that was given at a moment (µs since the Unix epoch)."""
    return line(type(command), seq, iso_micros(epoch_us), (cause, *command))


def effect_lines(epoch_us: int, seq: int, happened: list[Any]) -> list[str]:
    """The lines of effects at one moment, the first of which is numbered `seq`."""
    at = iso_micros(epoch_us)
    return [line(type(effect), number, at, effect) for number, effect in enumerate(happened, seq)]
