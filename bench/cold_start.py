"""Cold start of `recsim run` on the smallest scenario, against a bare import of what it needs.

python bench/cold_start.py [--rounds 10]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCENARIO = Path(__file__).resolve().parent.parent / "scenarios" / "absent-not-subscribed.yaml"
CORE = "import defusedxml, orjson, pydantic, rich.console, ruamel.yaml, simpy, transitions, typer"


def seconds(command: list[str]) -> float:
    # Elsewhere than here, so that the installed package is what starts.
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    start = "from recsim.cli import main; main()"
    run = [sys.executable, "-c", start, "run", str(SCENARIO)]
    imports = [sys.executable, "-c", CORE]
    seconds(run)
    seconds(imports)
    pairs = [(seconds(run), seconds(imports)) for _ in range(rounds)]
    ratios = [mine / bare for mine, bare in pairs]
    print(
        f"recsim run {SCENARIO.name}: {statistics.median(ratios):.2f} times the bare imports "
        f"({min(ratios):.2f} to {max(ratios):.2f}); medians "
        f"{statistics.median(pair[0] for pair in pairs) * 1000:.0f} ms and "
        f"{statistics.median(pair[1] for pair in pairs) * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
