"""What docs/testing.md says is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hypothesis import settings
from machines import SETTINGS, failure_of

from recsim import strategies

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text()
MACHINE, TEST = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[:2]


def test_its_handler_passes():
    names: dict[str, Any] = {"__name__": "page"}
    exec(MACHINE, names)

    assert failure_of(names["Handler"], max_examples=30) is None


def test_its_test_passes():
    names: dict[str, Any] = {"__name__": "page"}
    exec(TEST, names)

    settings(SETTINGS, max_examples=20)(names["test_nothing_is_told_that_is_not_so"])()


def test_every_strategy_is_listed():
    missing = [name for name in strategies.__all__ if name not in PAGE]

    assert missing == ["Faults", "Known"]
