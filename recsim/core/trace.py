"""What happened, in causal order: one JSON line for each command and each effect.

Lines are filled into templates made once from the row types; tests prove them equal to what
`orjson` writes of the same mapping. Two types of row carry another row, which is flattened.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, get_type_hints

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


Line = Callable[[int, str, tuple[Any, ...]], str]
"""Makes a line of its seq, its moment, and its cause followed by the row's fields."""


def template(row: type[Any], kind: str) -> Line:
    """The template of a row type, made from its field names and types: one f-string."""
    parts = ['"seq":{seq}', '"at":"{at}"', '"cause":{row[0]}', f'"kind":{quote(kind)}']
    hints = {field: hint for field, hint in get_type_hints(row).items() if field != "cause"}
    for place, (field, hint) in enumerate(hints.items(), 1):
        if field == "at_us":
            continue  # the line's own moment
        name, value = quote(field.rstrip("_")), f"row[{place}]"
        if hint in FLAT:
            parts.append(f"{{{'body' if row is effects.Respond else FLAT[hint]}({value})}}")
        elif hint is int:
            parts.append(f"{name}:{{{value}}}")
        elif field == "message":
            parts.append(f"{name}:{{quote({value}.kind)}}")
        else:
            parts.append(f"{name}:{{{WRITE.get(hint, 'headers')}({value})}}")
    text = ",".join(parts)
    # As `namedtuple` does it: two thirds of the time of filling a template.
    made: Line = eval(f"lambda seq, at, row: f'{{{{{text}}}}}'", NAMES)  # noqa: S307 - only field names
    return made


#: What writes a field, by its type; all other types are headers.
WRITE = {bool: "flag", str: "quote"}

#: What writes rows inside of rows, whose fields stand beside the others.
FLAT = {Rule: "rule", Answer: "answer", Application: "application"}

NAMES: dict[str, Any] = {
    "answer": _answer,
    "application": _application,
    "body": _body,
    "flag": _flag,
    "headers": _headers,
    "quote": quote,
    "rule": _rule,
}

COMMANDS = (
    Invite,
    commands.Ringing,
    commands.Answered,
    commands.Refused,
    commands.Transferred,
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
    effects.Convened,
    Move,
    effects.Due,
    effects.Ring,
    effects.Transfer,
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


def command_line(epoch_us: int, seq: int, cause: int, command: tuple[Any, ...]) -> str:
    """The line of a command that was given at a moment (µs since the Unix epoch)."""
    return TEMPLATES[type(command)](seq, iso_micros(epoch_us), (cause, *command))


def effect_lines(epoch_us: int, seq: int, happened: list[Any]) -> list[str]:
    """The lines of effects at one moment, the first of which is numbered `seq`."""
    at = iso_micros(epoch_us)
    return [TEMPLATES[type(one)](number, at, one) for number, one in enumerate(happened, seq)]
