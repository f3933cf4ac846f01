"""Minutes of load: clients who call, pause, resume, list and hang up, until the time is over.

    python bench/serve/load.py [--minutes 10] [--clients 16]

Fails where an answer is a 5xx, where the server says that something went wrong, or where its memory
grows in the second half, once as many calls are over as are kept.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx

from recsim.live.local import Steering
from recsim.live.process import COMMAND, Said

TALK = Path(__file__).parent / "talk.yaml"
SPEED = 60
MOST_GROWTH = 1.25
"""So many times as much memory at the end as half way."""
PAUSE_S = 0.05


def resident_mib(pid: int) -> float:
    """What a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def caller(n: int, origin: str, until_s: float, statuses: Counter[int]) -> None:
    """One client: a call after another, each with a recording that it works on."""
    headers = {"authorization": "Bearer KEY"}
    async with httpx.AsyncClient(base_url=origin, headers=headers, timeout=30) as client:

        async def ask(method: str, path: str, **more: object) -> httpx.Response:
            answer = await client.request(method, path, **more)  # type: ignore[arg-type]
            statuses[answer.status_code] += 1
            return answer

        told = (await ask("GET", "/_recsim/callbacks")).json()
        account = told[0]["params"]["AccountSid"]
        calls, go = f"/v2/texml/Accounts/{account}/Calls", 0
        while time.monotonic() < until_s:
            go += 1
            made = await ask("POST", "/_recsim/calls", json={"name": f"client {n} {go}"})
            call = made.json()["sid"]
            await asyncio.sleep(PAUSE_S)
            started = await ask("POST", f"{calls}/{call}/Recordings.json")
            if started.status_code == 200:
                path = f"{calls}/{call}/Recordings/{started.json()['sid']}.json"
                for status in ("paused", "in-progress", "stopped"):
                    await ask("POST", path, data={"Status": status})
            await ask("GET", f"{calls}/{call}")
            await ask("GET", "/v2/recordings?page[size]=5")
            await ask("POST", f"/_recsim/calls/{call}/hang_up")


async def load(
    origin: str, pid: int, minutes: float, clients: int
) -> tuple[Counter[int], list[float]]:
    """The statuses of all answers; memory half way and at the end, in MiB."""
    statuses: Counter[int] = Counter()
    half_s = 30 * minutes
    memory = []
    until_s = time.monotonic() + 2 * half_s
    goes = [asyncio.create_task(caller(n, origin, until_s, statuses)) for n in range(clients)]
    await asyncio.sleep(half_s)
    memory.append(resident_mib(pid))
    await asyncio.gather(*goes)
    return statuses, [*memory, resident_mib(pid)]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=16)
    arguments = parser.parse_args()
    command = [*COMMAND, str(TALK), "--speed", str(SPEED)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = Said(process.stderr)
        steering = Steering(said.origin())
        while not steering.callbacks():
            time.sleep(0.1)
        statuses, memory = asyncio.run(
            load(steering.origin, process.pid, arguments.minutes, arguments.clients)
        )
        clock = steering.ask("GET", "clock")
        steering.close()
        process.terminate()
        process.wait(20)
    total = sum(statuses.values())
    print(f"{total} answers in {arguments.minutes:g} minutes: {dict(sorted(statuses.items()))}")
    print(f"memory: {memory[0]:.0f} MiB half way, {memory[1]:.0f} at the end")
    print(f"under way at the end: {clock['under_way']}; exit {process.returncode}")
    wrong = [line for line in said.lines if "Traceback" in line or "bug" in line]
    if any(status >= 500 for status in statuses) or wrong or process.returncode:
        sys.exit(f"the server broke: {wrong}")
    if memory[1] > MOST_GROWTH * memory[0]:
        sys.exit(f"memory grew by more than {MOST_GROWTH} times")


if __name__ == "__main__":
    main()
