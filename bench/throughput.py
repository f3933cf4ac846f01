"""Calls a second, as a ratio to bare SimPy, in one run.

The yardstick is a SimPy process per call that waits for 12 fixed timeouts and does nothing else.
Against it, as many calls of the same voicemail: Say, Record with beep, speech, a key, an action,
two callbacks. Once with all files off, once with the three files written.

    python bench/throughput.py [--calls 5000] [--rounds 5] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import simpy

from recsim.core.commands import Answer, Invite
from recsim.core.entities import Application
from recsim.core.platform import Platform
from recsim.core.story import Step
from recsim.scenario.record import Record, Sinks
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.world.driver import Driver
from recsim.world.plan import CallPlan, Page, Plan

STARTS_AT_US = 1_767_603_600_000_000
GAP_US = 700_000
"""Between two calls: about 18 are up at a time."""

ANSWER = """\
<Response>
  <Say>Leave a message after the beep.</Say>
  <Record action="/done" maxLength="60" finishOnKey="#" recordingStatusCallback="/recording"
          recordingStatusCallbackEvent="in-progress completed"/>
</Response>
"""
PAGES = {
    "https://app.test/answer": Page(Answer(200, body=ANSWER)),
    "https://app.test/done": Page(Answer(200, body="<Response><Hangup/></Response>")),
}
STORY = (
    Step("beep", 0, "speak"),
    Step("", 7_000_000, "silent"),
    Step("", 2_000_000, "press", "#"),
)


def bare(calls: int) -> None:
    """The yardstick."""

    def call(env: simpy.Environment) -> Iterator[simpy.Event]:
        for _ in range(12):
            yield env.timeout(1_000_000)

    def arrivals(env: simpy.Environment) -> Iterator[simpy.Event]:
        for _ in range(calls):
            env.process(call(env))
            yield env.timeout(GAP_US)

    env = simpy.Environment(initial_time=0)
    env.process(arrivals(env))
    env.run()


def plan(calls: int) -> Plan:
    """As many calls, one after another."""
    application = Application("https://app.test/answer", "POST")
    invited = (
        CallPlan(n * GAP_US, Invite(str(n), "+15550001", "+15550002", application), STORY)
        for n in range(calls)
    )
    return Plan(7, invited, PAGES)


def files_off(calls: int) -> int:
    """The calls, nothing written. Returns how many commands and effects there were."""
    platform = Platform(Telnyx(7, STARTS_AT_US))
    Driver(platform, plan(calls)).run()
    return platform.seq


def files_on(calls: int) -> int:
    """The calls, all three files written."""
    vendor = Telnyx(7, STARTS_AT_US)
    platform = Platform(vendor)
    with (
        tempfile.TemporaryDirectory() as folder,
        Path(folder, "trace.jsonl").open("w", encoding="utf-8") as trace,
        Path(folder, "callbacks.jsonl").open("w", encoding="utf-8") as callbacks,
        Path(folder, "recordings.jsonl").open("w", encoding="utf-8") as recordings,
    ):
        sinks = Sinks(trace.write, callbacks.write, recordings.write)
        Driver(platform, plan(calls), Record(vendor, STARTS_AT_US, sinks)).run()
    return platform.seq


def seconds(work: Callable[[int], object], calls: int) -> float:
    """Processor time of one go."""
    start = time.process_time()
    work(calls)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="where the time goes, files off")
    arguments = parser.parse_args()
    if arguments.profile:
        profile = cProfile.Profile()
        profile.runcall(files_off, arguments.calls)
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
        return
    rows = files_off(50) / 50
    off, on, yardstick = [], [], []
    for _ in range(arguments.rounds):  # in turn, so that a slow moment hits all three
        yardstick.append(seconds(bare, arguments.calls))
        off.append(seconds(files_off, arguments.calls))
        on.append(seconds(files_on, arguments.calls))
    print(f"{arguments.calls} calls, {arguments.rounds} rounds, {rows:.0f} trace lines a call")
    for name, times in (("files off", off), ("three files on", on)):
        ratios = [mine / bare for mine, bare in zip(times, yardstick, strict=True)]
        print(
            f"{name:15} {statistics.median(ratios):5.1f} times bare SimPy "
            f"({min(ratios):.1f} to {max(ratios):.1f}), "
            f"{arguments.calls / statistics.median(times):,.0f} calls a second"
        )
    print(f"{'bare SimPy':15} {arguments.calls / statistics.median(yardstick):,.0f} calls a second")


if __name__ == "__main__":
    main()
