"""Playing a scenario for what its receiver hears: quicker than a run, and nothing is written."""

from __future__ import annotations

from typing import NamedTuple

from recsim.core.commands import Answer, Command
from recsim.core.effects import Attempt, Effect, Fetch
from recsim.core.platform import Final, Platform
from recsim.scenario.load import made
from recsim.scenario.run import Stage, stage
from recsim.scenario.schema import Scenario
from recsim.strategies.callbacks import UNSEEN, Callback
from recsim.world.driver import Driver


class Heard(NamedTuple):
    """A callback, and when it came."""

    at_us: int
    callback: Callback


class Hearing:
    """Watches a run (`world.driver.Observer`), and keeps what its receiver gets."""

    def __init__(self, staged: Stage, kinds: tuple[str, ...]) -> None:
        self.encode, self.kinds = staged.vendor.encode, kinds
        self.heard: list[Heard] = []
        self.sent_us: list[int] = []
        """Of every attempt, arrived or not."""

    def asked(self, at_us: int, seq: int, cause: int, command: Command) -> None:
        """A command was given."""

    def saw(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        """Effects happened: attempts go out."""
        self.sent_us += [at_us for effect in effects if type(effect) is Attempt]

    def reached(
        self, at_us: int, call: str, seq: int, effect: Attempt | Fetch, answer: Answer
    ) -> None:
        """Something has arrived, or was lost."""
        if effect.message.kind not in self.kinds or answer.failure in UNSEEN:
            return
        assert isinstance(effect, Attempt)
        sent = self.encode(effect.message, effect.method, effect.url, effect.n, effect.at_us)
        told = Callback(
            effect.message.kind,
            effect.method,
            sent.url,
            dict(sent.headers),
            sent.body,
            dict(sent.params),
            effect.n,
        )
        self.heard.append(Heard(at_us, told))

    def left(self, at_us: int, final: Final) -> None:
        """A session was retired."""


def staged_of(scenario: Scenario) -> Stage:
    """A scenario that was made in code, ready to be played."""
    return stage(made(scenario))


def heard(scenario: Scenario, kinds: tuple[str, ...]) -> Hearing:
    """What the receiver of a scenario hears."""
    staged = staged_of(scenario)
    hearing = Hearing(staged, kinds)
    Driver(Platform(staged.vendor), staged.plan, hearing, retires=staged.retires).run()
    return hearing
