"""What a search of every order costs, on one core; and what as many random walks find.

Goals: one call of any one source, all endings, one fault: complete in under 10 s; two calls in a
recorded conference, all endings: complete in under 60 s and 1 GiB. With `--plants`: how many states
it takes to find each planted fault, and how many random runs by the same choices.

    python bench/explore.py [--plants] [--walks 200] [--only NAME] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import recsim
from recsim.core.errors import RecsimError
from recsim.orders.choices import Rules
from recsim.orders.exploring import Exploration
from recsim.orders.situation import Situation
from recsim.scenario.run import stage

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from orders.plants import PLANTS, Plant

HEAD = "recsim: 1\ntitle: {}\napplication: {{voice_url: https://app.test/answer}}\n"
TOLD = (
    'recordingStatusCallback="/recording" '
    'recordingStatusCallbackEvent="in-progress completed absent"'
)
CALLER = "calls:\n  caller: {from: +15550001, to: +15550002}\n"
AGENT = "callees:\n  agent: {number: +15550100, answers_after: 4s}\n"


def told(title: str, document: str, *more: str) -> str:
    """A scenario with one document."""
    page = f"documents:\n  https://app.test/answer: |\n    <Response>{document}</Response>\n"
    return HEAD.format(title) + page + "".join(more)


ROOM = f'<Dial><Conference record="record-from-start" {TOLD}>room</Conference></Dial>'

SOURCES = {
    "RecordVerb": told("Record", f'<Record maxLength="60" {TOLD}/>', CALLER),
    "DialVerb": told(
        "Dial",
        f'<Dial record="record-from-answer-dual" {TOLD}>+15550100</Dial>',
        CALLER,
        AGENT,
    ),
    "OutboundAPI": told(
        "Outbound",
        '<Pause length="30"/>',
        AGENT,
        "requests:\n"
        "  - at: 1s\n"
        "    post: /v2/texml/Accounts/{account}/Calls\n"
        "    json: {To: +15550100, From: +15550002, Url: https://app.test/answer, Record: true,\n"
        "           RecordingStatusCallback: https://app.test/recording,\n"
        "           RecordingStatusCallbackEvent: in-progress completed absent}\n"
        "    makes: reminder\n",
    ),
    "StartCallRecordingAPI": told(
        "Start", f'<Start><Recording {TOLD}/></Start><Pause length="30"/>', CALLER
    ),
    "Trunking": told(
        "Trunking",
        '<Pause length="30"/>',
        "numbers:\n  +15550002: {inbound_call_recording_enabled: true}\n",
        CALLER,
    ),
}

MEETINGS = {
    "two calls in a conference": told(
        "Two meet", ROOM, CALLER, "  other: {from: +15550003, to: +15550002}\n"
    ),
    "two who speak": told(
        "Two meet and speak",
        ROOM.replace("<Conference", '<Conference trim="trim-silence"'),
        "calls:\n"
        "  caller: {from: +15550001, to: +15550002, story: [wait: conference, speak: 5s]}\n"
        "  other: {from: +15550003, to: +15550002, story: [wait: conference, speak: 9s]}\n",
    ),
    "three calls in a conference": told(
        "Three meet",
        ROOM,
        CALLER,
        "  other: {from: +15550003, to: +15550002}\n  third: {from: +15550004, to: +15550002}\n",
    ),
}


def timed(name: str, text: str, faults: int) -> None:
    """One search, and what it took."""
    start = time.process_time()
    explored: Exploration = recsim.explore(recsim.loads(text), endings=True, faults=faults)
    seconds = time.process_time() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    complete = "complete" if explored.is_complete else f"not complete ({explored.left} left)"
    held = "held" if explored.held else "broken"
    print(
        f"{name:28} faults {faults}: {explored.states:7,} states, {explored.edges:7,} edges, depth "
        f"{explored.depth:3}, {complete}, {held}, {seconds:6.2f} s, at most {most} MiB so far"
    )


def walks(plant: Plant, most: int) -> Iterator[bool]:
    """Random runs by the same choices: whether each came upon the plant."""
    staged = stage(recsim.loads(plant.scenario))
    rules = Rules(endings=True)
    for seed in range(most):
        rng, at = random.Random(seed), Situation(staged, (), plant.faults)
        try:
            while choices := rules.choices(at):
                rules.take(at, rng.choice(choices))
            at.finish()
        except RecsimError:
            yield True
        else:
            yield False


def planted(plant: Plant, most: int) -> None:
    """How soon a plant is found, by searching and by chance."""
    with plant.plant():
        explored = recsim.explore(recsim.loads(plant.scenario), endings=True, faults=plant.faults)
        hits = [n for n, hit in enumerate(walks(plant, most)) if hit]
    gaps = [after - before for before, after in zip([-1, *hits], hits, strict=False)]
    by_chance = (
        f"{len(hits)} of {most} random runs, the first after {hits[0] + 1}, "
        f"{statistics.mean(gaps):.1f} on average"
        if hits
        else f"none of {most} random runs"
    )
    shown = explored.counter_example
    steps = f"{len(shown.steps)} steps" if shown else "not found"
    print(f"{plant.name:40} {explored.states:5} states, {steps:8}; {by_chance}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plants", action="store_true")
    parser.add_argument("--walks", type=int, default=200, metavar="N")
    parser.add_argument("--only", metavar="NAME", help="those whose name contains this")
    parser.add_argument("--profile", action="store_true", help="where the time goes")
    arguments = parser.parse_args()
    if arguments.plants:
        for plant in PLANTS:
            planted(plant, arguments.walks)
        return
    wanted = [
        *((name, text, 1) for name, text in SOURCES.items()),
        *((name, text, 0) for name, text in MEETINGS.items()),
    ]
    for name, text, faults in wanted:
        if arguments.only and arguments.only not in name:
            continue
        if arguments.profile:
            profile = cProfile.Profile()
            profile.runcall(timed, name, text, faults)
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        else:
            timed(name, text, faults)


if __name__ == "__main__":
    main()
