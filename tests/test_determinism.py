"""Same scenario, seed and version: the same bytes, on any machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BUSY, SCENARIOS

from recsim.scenario.load import load, loads
from recsim.scenario.parts import Drawn, Section
from recsim.scenario.people import AnyTime
from recsim.scenario.run import FILES, Run, run

CHOSEN = ("rest-stop", "three-records-by-redirect", "trim-silence", "callback-by-get")

#: Two machines that have little in common.
PLACES = (
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "COLUMNS": "40"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "COLUMNS": "200"},
)


def test_files_are_the_same_bytes_anywhere(tmp_path):
    busy = tmp_path / "busy.yaml"
    busy.write_text(BUSY, encoding="utf-8")
    files = [*(str(file) for file in SCENARIOS if file.stem in CHOSEN), str(busy)]
    told = []

    for n, place in enumerate(PLACES):
        here = tmp_path / f"place {n}"
        here.mkdir()
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from recsim.cli import main; main()",
                "run",
                *files,
                "--out",
                "out",
                "--json",
            ],
            cwd=here,
            env={**os.environ, **place},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        told.append(done.stdout)

    one, other = (written(tmp_path / f"place {n}" / "out") for n in range(2))
    assert sorted(one) == sorted(f"{name}/{kind}" for name in (*CHOSEN, "busy") for kind in FILES)
    assert one == other
    assert told[0] == told[1]
    assert one["busy/trace.jsonl"] == run(busy).lines["trace.jsonl"].encode()


def written(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_same_seed_gives_the_same_bytes(scenario):
    assert run(scenario).lines == run(scenario).lines
    seed = load(scenario).scenario.seed
    assert run(scenario, seed=seed).lines == run(scenario).lines


def test_another_seed_gives_other_ids_and_the_same_structure(scenario):
    is_drawn = draws(load(scenario).scenario)

    one, other = run(scenario, seed=1), run(scenario, seed=2)

    assert other.as_expected or is_drawn
    assert [row["sid"] for row in one.recordings] != [row["sid"] for row in other.recordings] or (
        not one.recordings or one.loaded.scenario.ids
    )
    assert not ids(one) & ids(other)
    assert structure(one) == structure(other) or is_drawn


ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|v3(?::|%3A)[\w-]{54}"
    r"|\b[1-9][0-9]{18}\b|[0-9a-f]{64}|[A-Za-z0-9+/]{86}=="
)


def ids(played: Run) -> set[str]:
    """Those that were drawn; what the scenario names is the same under every seed."""
    found = set(ID.findall("".join(played.lines.values())))
    assert found
    return found - set(ID.findall(Path(played.loaded.file).read_text(encoding="utf-8")))


def structure(played: Run) -> dict[str, str]:
    return {name: ID.sub("ID", text) for name, text in played.lines.items()}


def draws(part: object) -> bool:
    """Whether a part of a scenario leaves anything to chance."""
    if isinstance(part, Section):
        return isinstance(part, AnyTime | Drawn) or any(draws(value) for _, value in part)
    if isinstance(part, dict | list):
        return any(map(draws, part.values() if isinstance(part, dict) else part))
    return isinstance(part, float) and 0 < part < 1


def test_another_seed_draws_other_lengths(busy):
    moments = {tuple(line["at"] for line in run(busy, seed=seed).trace) for seed in range(8)}

    assert len(moments) == 8


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_call_renames_nobody_and_changes_no_draw(busy, seed):
    text = BUSY.replace("requests:\n", EXTRA + "requests:\n")
    more = loads(text.encode(), "more.yaml")

    alone, together = run(busy, seed=seed), run(more, seed=seed)

    assert len(alone.recordings) >= 3
    assert {sent.call for sent in together.kept.sent} == {"alice", "anna", "bob", "carol"}
    for call in ("alice", "bob", "carol"):
        assert rows_of(together, call) == rows_of(alone, call)
        assert sent_to(together, call) == sent_to(alone, call)


EXTRA = """\
  anna:
    at: 100ms
    from: +15550009
    to: +15550002
    story:
      - wait: beep
      - speak: {uniform: [1s, 3s]}
      - hang_up
"""


def rows_of(played: Run, call: str) -> list[dict[str, object]]:
    """Recordings of a call; keys and the moment at which links are signed are the run's."""
    rows = [{**row, "entity": 0} for row in played.recordings if row["call"] == call]
    signed = re.compile(r"X-Amz-(Date|Signature)=\w+|RECSIM[^&]*aws4_request")
    return [json.loads(signed.sub("", json.dumps(row))) for row in rows]


def sent_to(played: Run, call: str) -> list[tuple[object, ...]]:
    """What was sent about a call, and when."""
    return [
        (sent.at_us, sent.kind, sent.url, sent.params, sent.attempt, sent.outcome)
        for sent in played.kept.sent
        if sent.call == call
    ]


def test_a_file_may_lie_anywhere(tmp_path, monkeypatch):
    file = SCENARIOS[0]
    monkeypatch.chdir(file.parent)

    assert run(file.name).lines == run(file).lines
