"""A million random recordings, each step of them watched: no property is broken.

python bench/properties.py [--recordings 1000000] [--workers 2] [--first 0]

Scenarios of which everything is drawn are played by one seed after another. Reports how many
recordings there were, by source and status, how often each row that moves a recording was taken,
and how long it took, beside the same runs without a watch. Ends with 1 at the first property that
is broken, and says which seed shows it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import count
from pathlib import Path
from typing import NamedTuple

from recsim.core.commands import Answer, Command
from recsim.core.effects import Attempt, Effect, Fetch, Move
from recsim.core.errors import RecsimError
from recsim.core.platform import Final, Platform
from recsim.core.watch import Watch
from recsim.scenario.load import Loaded, load
from recsim.scenario.run import stage
from recsim.vendors.telnyx.lifecycle import RECORDING
from recsim.world.driver import Both, Driver

FILES = sorted(Path(__file__).parent.glob("random/*.yaml"))
BATCH = 200
"""Seeds of each file that a worker plays at once."""


class Played(NamedTuple):
    """What became of one batch."""

    outcomes: Counter[tuple[str, str]]
    """Recordings, by source and status."""
    rows: Counter[tuple[str, str]]
    """Moves of recordings, by source and trigger."""
    watched_s: float
    bare_s: float
    """The tenth part of the batch without a watch, times ten."""
    broken: str


class Tally:
    """An observer that only counts."""

    def __init__(self) -> None:
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.rows: Counter[tuple[str, str]] = Counter()

    def asked(self, at_us: int, seq: int, cause: int, command: Command) -> None:
        pass

    def saw(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Move) and effect.lifecycle == "recording":
                self.rows[effect.rule.source, effect.rule.trigger] += 1

    def reached(
        self, at_us: int, call: str, seq: int, effect: Attempt | Fetch, answer: Answer
    ) -> None:
        pass

    def left(self, at_us: int, final: Final) -> None:
        for recording in final.recordings:
            self.outcomes[recording.source, recording.status] += 1


@cache
def loaded(file: Path) -> Loaded:
    return load(file)


def play(file: Path, seed: int, tally: Tally, *, watched: bool) -> None:
    staged = stage(loaded(file), seed)
    platform = Platform(staged.vendor)
    watch = Watch(platform)
    observer = Both(tally, watch) if watched else tally
    Driver(platform, staged.plan, observer, retires=staged.retires).run()
    if watched:
        watch.finish()


def batch(first: int) -> Played:
    tally, begun = Tally(), time.perf_counter()
    for seed in range(first, first + BATCH):
        for file in FILES:
            try:
                play(file, seed, tally, watched=True)
            except RecsimError as error:
                told = f"recsim run {file} --seed {seed}: {type(error).__name__}: {error}"
                return Played(tally.outcomes, tally.rows, 0, 0, told)
    watched_s, begun = time.perf_counter() - begun, time.perf_counter()
    for seed in range(first, first + BATCH // 10):
        for file in FILES:
            play(file, seed, Tally(), watched=False)
    return Played(tally.outcomes, tally.rows, watched_s, 10 * (time.perf_counter() - begun), "")


def batches(pool: ProcessPoolExecutor, first: int, workers: int) -> Iterator[Played]:
    """One after another, a few ahead of what was taken."""
    firsts = count(first, BATCH)
    ahead = [pool.submit(batch, next(firsts)) for _ in range(2 * workers)]
    while True:
        yield ahead.pop(0).result()
        ahead.append(pool.submit(batch, next(firsts)))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recordings", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    args = parser.parse_args()
    outcomes: Counter[tuple[str, str]] = Counter()
    rows: Counter[tuple[str, str]] = Counter()
    watched_s = bare_s = 0.0
    begun = time.perf_counter()
    with ProcessPoolExecutor(args.workers) as pool:
        for played in batches(pool, args.first, args.workers):
            outcomes += played.outcomes
            rows += played.rows
            watched_s += played.watched_s
            bare_s += played.bare_s
            if played.broken or outcomes.total() >= args.recordings:
                pool.shutdown(wait=False, cancel_futures=True)
                break
    took_s = time.perf_counter() - begun
    if played.broken:
        sys.exit(played.broken)
    for (source, status), number in sorted(outcomes.items()):
        print(f"{source:28} {status:10} {number:9,}")
    moving = [(rule.source, rule.trigger) for rule in RECORDING.rules if rule.dest]
    missed = [" ".join(row) for row in moving if row not in rows]
    print(f"{len(moving) - len(missed)} of {len(moving)} rows that move a recording were taken")
    print(f"not taken: {', '.join(missed) or 'none'}")
    print(
        f"{outcomes.total():,} recordings broke no property; {took_s:.0f} s on {args.workers} "
        f"workers, watching is {watched_s / bare_s:.1f} times as long as playing alone"
    )


if __name__ == "__main__":
    main()
