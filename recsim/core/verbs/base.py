"""What every verb has: a row that a parser makes, a beginning, and one exit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from recsim.core.entities import CallLeg, Recording

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Next(NamedTuple):
    """Exit: the next verb of the document; at its end, the call ends."""


class Go(NamedTuple):
    """Exit: another document."""

    url: str
    """Absolute."""
    method: str
    recording: Recording | None = None
    """What an action request tells of."""
    digits: str = ""
    is_redirect: bool = False
    """Counts towards the bound of documents that nobody on the call asked for."""


class End(NamedTuple):
    """Exit: the call ends."""

    trigger: str = "drop"
    """What moves the leg; its table says whereto."""


Exit = Next | Go | End


def unheard(platform: Platform, leg: CallLeg, verb: Any, digit: str) -> None:
    """A key that means nothing to the verb in force."""


class Verb(NamedTuple):
    """How a verb behaves; `verb` is always the row that the parser made."""

    word: str
    """Cued to the party when it begins."""
    begin: Callable[[Platform, CallLeg, Any], None]
    """Begin; a verb that takes no time asks for its turn at once."""
    finish: Callable[[Platform, CallLeg, Any], Exit]
    """Tidy up and say where to go; also called when the leg ended during the verb."""
    pressed: Callable[[Platform, CallLeg, Any, str], None] = unheard
    answers: bool = True
    """Whether a call that rings is answered before it begins."""


def at_once(platform: Platform, leg: CallLeg, verb: Any) -> None:
    """Begin a verb that takes no time."""
    platform.turn(leg)
