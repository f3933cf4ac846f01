"""Judging captured logs of callbacks against the same tables that recsim plays by.

The package can be called: `recsim.check(log)` is `recsim.check.checking.check(log)`, whether or not
something of the package was imported before, which would otherwise take the function's name.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recsim.check.report import Report


class _Callable(ModuleType):
    """A module that does what it is named for."""

    def __call__(self, *log: Any, **options: Any) -> Report:
        """See `checking.check`."""
        from recsim.check.checking import check  # noqa: PLC0415 - only who calls pays for it

        return check(*log, **options)


sys.modules[__name__].__class__ = _Callable
