"""schemathesis against a server: every operation of /openapi.json, on things that are there.

    python bench/serve/fuzz.py SCHEMATHESIS [--minutes 2]

SCHEMATHESIS: its executable. Fails where the server breaks, or answers what it doesn't describe.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from recsim.live.process import serve_apart

TALK = Path(__file__).parent / "talk.yaml"
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_schema_conformance", "response_headers_conformance"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("schemathesis", help="the executable")
    parser.add_argument("--minutes", type=float, default=2)
    arguments = parser.parse_args()
    with serve_apart(str(TALK), "--clock", "manual") as server, tempfile.TemporaryDirectory() as at:
        server.clock.by("5s")
        params = next(
            one["params"] for one in server.callbacks() if "RecordingSid" in one["params"]
        )
        names = {"account": "AccountSid", "call": "CallSid", "recording": "RecordingSid"}
        rows = [f'"path.{name}" = "{params[word]}"' for name, word in names.items()]
        Path(at, "schemathesis.toml").write_text("\n".join(["[parameters]", *rows]) + "\n")
        command = [Path(arguments.schemathesis).absolute(), "run", f"{server.origin}/openapi.json"]
        options = ["--header", "Authorization: Bearer KEY", "--checks", ",".join(CHECKS)]
        bounds = ["--phases", "fuzzing", "--max-examples", "50", "--seed", "7"]
        bounds += ["--max-time", str(round(60 * arguments.minutes))]
        done = subprocess.run([*command, *options, *bounds], cwd=at, check=False)
        assert not server.ask("GET", "clock")["under_way"]
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
