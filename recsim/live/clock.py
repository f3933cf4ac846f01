"""What time it is for the platform: real time, faster, or only what somebody says."""

from __future__ import annotations

import time
from typing import Protocol

from recsim.core.entities import NEVER
from recsim.core.units import SECOND_US


class Clock(Protocol):
    """Moments in µs since the start."""

    @property
    def is_manual(self) -> bool:
        """Whether time stands still until it is moved."""

    def now_us(self) -> int:
        """What time it is; never earlier than before."""

    def seconds_until(self, at_us: int) -> float | None:
        """How long to sleep until then; None: for ever."""

    def landed_us(self, sent_us: int, took_us: int) -> int:
        """When an answer came to what was sent at `sent_us` and took so long in real time."""


class Running:
    """Real time, `speed` times as fast."""

    is_manual = False

    def __init__(self, speed: float = 1) -> None:
        self.speed = speed
        self._begun_s = time.monotonic()

    def now_us(self) -> int:
        """As a Clock."""
        return int((time.monotonic() - self._begun_s) * self.speed * SECOND_US)

    def seconds_until(self, at_us: int) -> float | None:
        """As a Clock."""
        if at_us == NEVER:
            return None
        return max(0.0, (at_us - self.now_us()) / SECOND_US / self.speed)

    def landed_us(self, sent_us: int, took_us: int) -> int:
        """As a Clock: servers are real, and no faster because the clock is."""
        return sent_us + took_us


class Manual:
    """Time moves only when it is told to."""

    is_manual = True

    def __init__(self) -> None:
        self._now_us = 0

    def now_us(self) -> int:
        """As a Clock."""
        return self._now_us

    def seconds_until(self, at_us: int) -> float | None:
        """As a Clock: nothing comes by waiting."""
        return 0.0 if at_us <= self._now_us else None

    def landed_us(self, sent_us: int, took_us: int) -> int:
        """As a Clock: what is answered in time takes none."""
        return sent_us

    def move(self, to_us: int) -> None:
        """It is `to_us` now."""
        self._now_us = max(self._now_us, to_us)
