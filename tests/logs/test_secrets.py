"""Nothing secret of a log is repeated, neither in findings nor in a redacted copy."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from captured import SHAPES, own, written
from conftest import SCENARIOS
from test_rejects import CASES
from typer.testing import CliRunner

from recsim.cli import app
from recsim.logs.checking import check
from recsim.logs.redact import Redactor

SECRETS = ("hunter2", "+15550142999", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "X-Amz-Signature=5e8d7a")
SECRET = "|".join(SECRETS)
KEY = bytes(32)
FORMS = (["--json"], ["--format", "md"], ["--format", "junit"], [])
NAMES = ("signed", "outbound-recorded", "conference-status-callbacks", "webhook-conference")


def leaks(text: str) -> list[str]:
    return [part for part in (*SECRETS, "4eC39H", "5550142", "5e8d7a") if part in text]


def planted(line: dict[str, Any]) -> list[dict[str, Any]]:
    """A callback once for each place, with a secret there; and with one as an unknown field."""
    made = []
    for name in [*line["params"], SECRET, "password"]:
        body = {**line["params"], name: SECRET}
        made.append({"time": line["at"], "request": {**line, "params": None, "body": body}})
        made.append({**line, "params": body})
    if line["kind"] == "webhook" and line["body"]:
        whole = json.loads(line["body"])
        data, payload = whole["data"], whole["data"]["payload"]
        told = [{**data, name: SECRET} for name in [*data, SECRET]]
        told += [{**data, "payload": {**payload, name: SECRET}} for name in [*payload, "x"]]
        made += [{"data": one, "meta": whole["meta"]} for one in told]
        made += [{**line, "body": json.dumps({"data": one})} for one in told]
    kept = {name: line[name] for name in ("method", "url", "headers", "body")}
    for name in kept:
        made.append({"received_at": line["at"], **kept, name: SECRET})
    headers = {"authorization": f"Bearer {SECRET}", "x-api-key": SECRET, "cookie": SECRET}
    made.append({"received_at": line["at"], **kept, "headers": headers, SECRET: SECRET})
    made.append({"received_at": SECRET, "note": SECRET, **kept})
    return made


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("poisoned") / "log.jsonl"
    lines: list[Any] = [SECRET, [SECRET], {SECRET: {SECRET: SECRET}}, 15550142999]
    for name in NAMES:
        for line in own(name):
            lines += planted(line)
    file.write_bytes(b"".join(written(lines)) + SECRET.encode() + b"\n" + b'{"a": "hunter2')
    return file


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_findings_repeat_no_secret(poisoned, form):
    done = CliRunner().invoke(app, ["check", str(poisoned), "--level", "info", *form])

    assert done.exit_code == 1
    assert len(done.output) > (5_000 if "md" in form else 10_000)
    assert leaks(done.output) == []


def test_a_redacted_copy_has_no_secret(poisoned, tmp_path):
    out = tmp_path / "copy.jsonl"

    CliRunner().invoke(app, ["check", str(poisoned), "--redact", str(out)])

    text = out.read_text()
    assert text.count("\n") == poisoned.read_text().count("\n") + 1
    assert leaks(text) == []
    assert leaks("".join(_decoded(json.loads(line)) for line in text.splitlines())) == []


def _decoded(value: Any) -> str:
    """Texts in base64, wherever they stand."""
    if isinstance(value, dict | list):
        return "".join(map(_decoded, value.values() if isinstance(value, dict) else value))
    try:
        return b64decode(str(value), validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


def test_a_redacted_copy_has_none_of_the_ids_and_numbers(scenario):
    lines = own(scenario.stem)
    ids = {
        value
        for line in lines
        for name, value in line["params"].items()
        if name.endswith(("Sid", "_id", "From", "To", "from", "to", "Url"))
    }

    copy = b"".join(map(Redactor(KEY).line, written(lines))).decode()

    assert not [one for one in ids if len(one) > 4 and one in copy]
    assert "Signature=" not in copy
    assert "Credential" not in copy


@pytest.mark.parametrize("shape", [None, *SHAPES])
def test_a_redacted_copy_is_judged_as_the_log_itself(shape):
    for scenario in SCENARIOS:
        lines = [SHAPES[shape](line) if shape else line for line in own(scenario.stem)]

        copy = list(map(Redactor(KEY).line, written(lines)))

        assert places(check(copy)) == places(check(written(lines))), scenario.stem


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_redacted_copy_is_broken_where_the_log_is(case):
    lines = own(case.scenario)
    case.corrupt(lines)

    copy = list(map(Redactor(KEY).line, written(lines)))

    assert places(check(copy, readings=case.readings)) == places(
        check(written(lines), readings=case.readings)
    )


def places(report: Any) -> list[tuple[int, str]]:
    return sorted((one.line, one.rule) for one in report.findings)


def test_an_id_has_the_same_other_id_wherever_it_stands():
    sid, redactor = "00000000-0000-4000-8000-000000000001", Redactor(KEY)
    line = json.dumps({"RecordingSid": sid, "body": f"RecordingSid={sid}&CallSid=x", "n": [sid]})

    copy = json.loads(redactor.line(line.encode()))

    assert copy["RecordingSid"] != sid
    assert copy["body"].startswith(f"RecordingSid={copy['RecordingSid']}&")
    assert copy["n"] == [copy["RecordingSid"]]
    assert json.loads(Redactor(b"another key").line(line.encode())) != copy
