"""Minutes of load: clients who call, pause, resume, list and hang up, until the time is over.

    python bench/serve/load.py [--minutes 10] [--clients 16] [--most-mib 1000]

Callbacks go to a receiver here. Fails where an answer is a 5xx, where the server says that it
broke, where it holds more memory than it may, or doesn't catch up with its callbacks.
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
CATCH_UP_S = 30
"""After so long at the end nothing may be under way any more."""
PAUSE_S = 0.05


def resident_mib(pid: int) -> float:
    """What a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take callbacks over one connection."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length or 0))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        writer.close()  # the server is gone, or everything is over


async def caller(n: int, origin: str, until_s: float, statuses: Counter[int]) -> None:
    """One client: a call after another, each with a recording that it works on."""
    headers = {"authorization": "Bearer KEY"}
    async with httpx.AsyncClient(base_url=origin, headers=headers, timeout=30) as client:

        async def ask(method: str, path: str, **more: object) -> httpx.Response:
            answer = await client.request(method, path, **more)  # type: ignore[arg-type]  # fields of httpx, by name
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


async def load(origin: str, minutes: float, clients: int) -> Counter[int]:
    """The statuses of all answers."""
    statuses: Counter[int] = Counter()
    until_s = time.monotonic() + 60 * minutes
    await asyncio.gather(*(caller(n, origin, until_s, statuses) for n in range(clients)))
    return statuses


async def caught_up(steering: Steering) -> int:
    """So many requests are under way once the server had its time."""
    under_way = 0
    for _ in range(CATCH_UP_S):
        under_way = steering.ask("GET", "clock")["under_way"]
        if not under_way:
            break
        await asyncio.sleep(1)
    return under_way


async def played(arguments: argparse.Namespace) -> None:
    """Receiver, server and clients; what came of it is printed. Exits where it is wrong."""
    receiver = await asyncio.start_server(receive, "127.0.0.1", 0)
    here = f"http://127.0.0.1:{receiver.sockets[0].getsockname()[1]}"
    command = [*COMMAND, str(TALK), "--speed", str(SPEED), "--map", f"https://app.test={here}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: ASYNC220 - it starts once
        assert process.stderr is not None
        said = Said(process.stderr)
        steering = Steering(said.origin())
        while not steering.callbacks():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.1)
        before = resident_mib(process.pid)
        statuses = await load(steering.origin, arguments.minutes, arguments.clients)
        under_way, after = await caught_up(steering), resident_mib(process.pid)
        steering.close()
        process.terminate()
        status = process.wait(20)
    receiver.close()
    total = sum(statuses.values())
    print(f"{total} answers in {arguments.minutes:g} minutes: {dict(sorted(statuses.items()))}")
    print(f"memory: {before:.0f} MiB at first, {after:.0f} at the end; under way: {under_way}")
    wrong = [line for line in said.lines if "Traceback" in line or "bug" in line]
    if any(one >= 500 for one in statuses) or wrong or status or under_way:
        sys.exit(f"the server broke: exit {status}, {under_way} under way, {wrong}")
    if after > arguments.most_mib:
        sys.exit(f"it holds {after:.0f} MiB, more than {arguments.most_mib}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--most-mib", type=int, default=1000)
    asyncio.run(played(parser.parse_args()))


if __name__ == "__main__":
    main()
