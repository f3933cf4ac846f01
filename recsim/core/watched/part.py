"""What all parts of the watch share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from recsim.core.errors import PropertyError

if TYPE_CHECKING:
    from recsim.core.platform import Platform


def hold(claim: bool, name: str, text: str) -> None:
    """Raise PropertyError unless `claim` is true; `name` says which of `properties.BUILT_IN`."""
    if not claim:
        raise PropertyError(name, text)


class Part:
    """Looks at one aspect of a platform.

    What it keeps in lists, sets and dictionaries are values and keys of entities, never entities:
    so that a shallow copy of each is a copy.
    """

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def fork(self, platform: Platform) -> Self:
        """The same part, of a fork of its platform."""
        other = type(self).__new__(type(self))
        for name, value in vars(self).items():
            is_kept = isinstance(value, dict | list | set)
            setattr(other, name, value.copy() if is_kept else value)
        other.platform = platform
        return other
