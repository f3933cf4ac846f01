"""Judging a log of 1 GB: seconds, MB a second and the most memory, in a process of its own.

python bench/check.py [--megabytes 1000] [--shape own|proxy] [--file LOG] [--profile]

The log is what the scenarios of scenarios/ send, again and again with other ids, so that each round
is about calls and recordings that were not there before. Generating it is not measured.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
#: Ids of one run; the account's and the connection's are the same in all rounds.
ID = re.compile(
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|v3(?:%3A|:)[\w-]{54}"
)
MEBIBYTE = 1 << 20


def recorded(shape: str) -> list[bytes]:
    """The lines that each scenario makes; ids of different scenarios are different ones."""
    from recsim.scenario.run import run

    told = []
    for n, file in enumerate(sorted(SCENARIOS.glob("*.yaml"))):
        log = run(file, seed=n).lines["callbacks.jsonl"].encode()
        if shape == "proxy":
            log = b"".join(map(proxied, log.splitlines()))
        told.append(log)
    return told


def proxied(line: bytes) -> bytes:
    """A line as a proxy writes it: the request as it was sent, and nothing decoded."""
    sent = orjson.loads(line)
    kept = {name: sent[name] for name in ("method", "url", "headers", "body")}
    return orjson.dumps({"time": sent["at"], "request": kept}) + b"\n"


def rounds(logs: list[bytes]) -> Iterator[bytes]:
    """The same lines with other ids, for ever."""
    parts = [ID.split(log) for log in logs]
    ids = [ID.findall(log) for log in logs]
    names = {one: n for n, one in enumerate(dict.fromkeys(one for part in ids for one in part))}
    number = 0
    while True:
        number += 1
        fresh: dict[bytes, bytes] = {}
        for texts, found in zip(parts, ids, strict=True):
            made = []
            for text, one in zip(texts, [*found, b""], strict=True):
                made.append(text)
                if one and one not in fresh:
                    fresh[one] = renamed(one, number, names[one])
                made.append(fresh.get(one, b""))
            yield b"".join(made)


def renamed(one: bytes, number: int, n: int) -> bytes:
    """Another id of the same kind."""
    text = hashlib.blake2b(b"%d %d" % (number, n), digest_size=27).hexdigest().encode()
    if one.startswith(b"v3"):
        return one[:-54] + text[:54]
    return b"-".join(
        (text[:8], text[8:12], one[14:15] + text[13:16], b"a" + text[17:20], text[20:32])
    )


def generate(file: Path, size: int, shape: str) -> None:
    written = 0
    with file.open("wb") as stream:
        for text in rounds(recorded(shape)):
            written += stream.write(text)
            if written >= size:
                return


def measure(file: str, *, profiled: bool) -> None:
    """In a child: judge, and say how long that took and how much memory."""
    from recsim.logs.checking import check

    start = time.perf_counter()
    if profiled:
        import cProfile

        with cProfile.Profile() as profile:
            report = check(file)
        profile.print_stats("tottime")
    else:
        report = check(file)
    took_s = time.perf_counter() - start
    cpu_s = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = Path(file).stat().st_size
    print(
        f"{size / 1e6:.0f} MB, {report.lines} lines, {report.events} deliveries: {took_s:.1f} s, "
        f"{size / 1e6 / took_s:.1f} MB/s, {took_s / report.lines * 1e6:.0f} us a line, "
        f"{cpu_s:.1f} s of one core with the start, {peak:.0f} MiB at most; {dict(report.counts)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--shape", choices=("own", "proxy"), default="own")
    parser.add_argument("--file", help="judge this log")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.file, profiled=given.profile)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = given.file or str(Path(folder, "log.jsonl"))
        if not given.file:
            generate(Path(file), given.megabytes * 10**6, given.shape)
        command = [sys.executable, __file__, "--measure", "--file", file]
        subprocess.run(command + ["--profile"] * given.profile, check=True)


if __name__ == "__main__":
    main()
