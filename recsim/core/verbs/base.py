"""What every verb has: a row that a parser makes, a beginning, and one exit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from recsim.core.commands import Speech
from recsim.core.entities import CallLeg, Message

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Next(NamedTuple):
    """Exit: the next verb of the document; at its end, the call ends."""


class Go(NamedTuple):
    """Exit: another document."""

    url: str
    """Absolute."""
    method: str
    message: Message | None = None
    """What the request carries; None: what every instruction fetch does."""


class End(NamedTuple):
    """Exit: the call ends."""

    trigger: str = "drop"
    """What moves the leg; its table says whereto."""


class Back(NamedTuple):
    """Exit: the document that runs inside a verb is left; that verb takes its own exit."""


Exit = Next | Go | End | Back


def at_once(platform: Platform, leg: CallLeg, verb: Any) -> None:
    """Begin a verb that takes no time."""
    platform.turn(leg)


def unheard(platform: Platform, leg: CallLeg, verb: Any, digit: str) -> None:
    """A key that means nothing to the verb in force."""


def unheeded(platform: Platform, leg: CallLeg, verb: Any, speech: Speech) -> None:
    """An edge of speech that means nothing to the verb in force."""


def untouched(platform: Platform, leg: CallLeg, verb: Any) -> None:
    """Nothing is to be tidied up."""


def always(verb: Any) -> bool:
    """Whatever the row says."""
    return True


class Verb(NamedTuple):
    """How a verb behaves; `verb` is always the row that the parser made."""

    word: str
    """Cued to the party when it begins."""
    begin: Callable[[Platform, CallLeg, Any], None]
    """Begin; a verb that takes no time asks for its turn at once."""
    finish: Callable[[Platform, CallLeg, Any], Exit]
    """Tidy up and say where to go; also called when the leg ended during the verb."""
    pressed: Callable[[Platform, CallLeg, Any, str], None] = unheard
    spoke: Callable[[Platform, CallLeg, Any, Speech], None] = unheeded
    abandon: Callable[[Platform, CallLeg, Any], None] = untouched
    """Tidy up, because something else takes its place: there is no exit."""
    inside: Callable[[Platform, CallLeg, Any], None] = untouched
    """The document that runs inside of it has come to its end."""
    answers: Callable[[Any], bool] = always
    """Whether a call that rings is answered before it begins."""
    nests: bool = False
    """Whether it may stand in a document that runs inside another verb."""
