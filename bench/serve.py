"""`recsim serve` beside Prism, in one run: the same POST, over connections that are kept.

Both validate the request; recsim also pauses and resumes a recording by it. Prism is given the
description that recsim serves. In turn, so that a slow moment hits both.

    python bench/serve.py PRISM [--requests 5000] [--connections 8] [--rounds 5]

PRISM: its executable, as `npm install @stoplight/prism-cli` puts it in node_modules/.bin.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.request import Request, urlopen

TALK = Path(__file__).parent / "serve" / "talk.yaml"
STATUSES = ("paused", "in-progress")
START_S = 60


class Took(NamedTuple):
    """What one go took, in seconds: as a whole, and each request."""

    whole_s: float
    each_s: list[float]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.each_s) / self.whole_s

    def percentile_ms(self, percent: int) -> float:
        """In milliseconds."""
        return 1000 * statistics.quantiles(self.each_s, n=100)[percent - 1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """A server for as long as the block lasts."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until_s = time.monotonic() + START_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until_s:
                    sys.exit(f"{' '.join(command)} did not start")
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)


def asked(url: str, body: dict[str, str] | None = None) -> bytes:
    """The body of an answer of recsim."""
    content = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    with urlopen(Request(url, content, headers)) as answer:  # noqa: S310 - on this machine
        found: bytes = answer.read()
        return found


def request(path: str, status: str) -> bytes:
    """The POST, as it is sent."""
    body = f"Status={status}"
    head = (
        f"POST {path} HTTP/1.1",
        "host: 127.0.0.1",
        "authorization: Bearer KEY",
        "accept: application/json",
        "content-type: application/x-www-form-urlencoded",
        f"content-length: {len(body)}",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


async def exchanged(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes
) -> None:
    """Send a request and read its answer, which must be a 200."""
    writer.write(sent)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        sys.exit(f"expected 200, got {head.decode()}")
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))


async def load(port: int, path: str, requests: int, connections: int) -> Took:
    """So many requests, shared by so many connections, each waiting for its answer."""
    messages = [request(path, status) for status in STATUSES]
    each_s: list[float] = []

    async def client(share: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for n in range(share):
            begun_s = time.perf_counter()
            await exchanged(reader, writer, messages[n % 2])
            each_s.append(time.perf_counter() - begun_s)
        writer.close()

    begun_s = time.perf_counter()
    await asyncio.gather(*(client(requests // connections) for _ in range(connections)))
    return Took(time.perf_counter() - begun_s, each_s)


def recording(origin: str) -> str:
    """The path of a recording that goes on."""
    asked(f"{origin}/_recsim/clock", {"by": "5s"})
    told = json.loads(asked(f"{origin}/_recsim/callbacks"))
    params = next(one["params"] for one in told if "RecordingSid" in one["params"])
    account, call = params["AccountSid"], params["CallSid"]
    return f"/v2/texml/Accounts/{account}/Calls/{call}/Recordings/{params['RecordingSid']}.json"


def compare(goes: dict[str, list[Took]]) -> None:
    """Print a line for each, and the ratios."""
    measures: dict[str, Callable[[Took], float]] = {
        "requests/s": lambda took: took.rate,
        "p50 ms": lambda took: took.percentile_ms(50),
        "p99 ms": lambda took: took.percentile_ms(99),
    }
    for name, takes in goes.items():
        cells = [
            f"{what} {statistics.median(map(of, takes)):9,.2f}" for what, of in measures.items()
        ]
        print(f"{name:8} {'   '.join(cells)}")
    for what, of in measures.items():
        ratios = [of(mine) / of(other) for mine, other in zip(*goes.values(), strict=True)]
        median = statistics.median(ratios)
        print(f"{what}: {median:.2f} times Prism ({min(ratios):.2f} to {max(ratios):.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("prism", help="the executable")
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    mine, other = free_port(), free_port()
    origin = f"http://127.0.0.1:{mine}"
    start = [sys.executable, "-c", "from recsim.cli import main; main()", "serve"]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        words = [str(TALK), "--clock", "manual", "--port", str(mine)]
        stack.enter_context(running([*start, *words], mine))
        description = Path(folder, "openapi.json")
        description.write_bytes(asked(f"{origin}/openapi.json"))
        words = ["mock", str(description), "--host", "127.0.0.1", "--port", str(other)]
        stack.enter_context(running([arguments.prism, *words], other))
        path = recording(origin)
        goes: dict[str, list[Took]] = {"recsim": [], "Prism": []}
        for port in (mine, other):  # what is compiled when it is first needed is there now
            asyncio.run(load(port, path, 500, arguments.connections))
        for _ in range(arguments.rounds):
            for name, port in (("recsim", mine), ("Prism", other)):
                took = load(port, path, arguments.requests, arguments.connections)
                goes[name].append(asyncio.run(took))
    print(f"{arguments.requests} requests, {arguments.connections} connections, in turn")
    compare(goes)


if __name__ == "__main__":
    main()
