"""Signatures: the official client's own check takes what a run wrote, and nothing else."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from telnyx.lib import webhook_verification
from telnyx.lib.webhook_verification import WebhookVerificationError, verify_webhook_signature

from recsim.core.errors import RecsimError, ScenarioError
from recsim.scenario.load import load, loads
from recsim.scenario.run import Run, run
from recsim.show.report import json_lines
from recsim.vendors.telnyx import signing
from recsim.vendors.telnyx.vendor import Telnyx

FILE = Path(__file__).parents[2] / "scenarios" / "signed.yaml"
SIGNED = run(FILE)
LATEST = """
network: {latency: 1500ms, duplicates: 100%}
"""


def sent_at_s(line: dict[str, Any]) -> int:
    return int(datetime.fromisoformat(line["at"]).timestamp())


def verify(line: dict[str, Any], key: str, *, late_s: int = 0, body: str | None = None) -> None:
    """As a receiver does it, `late_s` after the line's timestamp."""
    now_s = int(line["headers"]["telnyx-timestamp"]) + late_s
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webhook_verification.time, "time", lambda: float(now_s))
        verify_webhook_signature(line["body"] if body is None else body, line["headers"], key)


def test_the_client_takes_everything_that_is_sent() -> None:
    kinds = set()
    for line in SIGNED.callbacks:
        verify(line, SIGNED.public_key)
        verify(line, SIGNED.public_key, late_s=300)
        kinds.add((line["kind"], line["method"]))

    assert kinds == {
        ("instructions", "POST"),
        ("action", "POST"),
        ("call-status", "GET"),
        ("recording-status", "POST"),
        ("webhook", "POST"),
    }


def test_of_a_get_nothing_stands_after_the_bar() -> None:
    got = [line for line in SIGNED.callbacks if line["method"] == "GET"]

    assert got
    for line in got:
        verify(line, SIGNED.public_key, body="")
        with pytest.raises(WebhookVerificationError, match="does not match"):
            verify(line, SIGNED.public_key, body=line["url"].partition("?")[2])


def test_a_changed_byte_is_refused() -> None:
    for line in SIGNED.callbacks:
        body = line["body"] or "x"
        for at in (0, len(body) // 2, len(body) - 1):
            changed = body[:at] + chr(ord(body[at]) ^ 1) + body[at + 1 :]
            with pytest.raises(WebhookVerificationError, match="does not match"):
                verify(line, SIGNED.public_key, body=changed)


def test_a_changed_timestamp_is_refused() -> None:
    for line in SIGNED.callbacks:
        stamp = str(int(line["headers"]["telnyx-timestamp"]) + 1)
        headers = line["headers"] | {"telnyx-timestamp": stamp}
        with pytest.raises(WebhookVerificationError, match="does not match"):
            verify(line | {"headers": headers}, SIGNED.public_key)


@pytest.mark.parametrize("late_s", [301, -301])
def test_what_is_too_old_or_too_new_is_refused(late_s: int) -> None:
    for line in SIGNED.callbacks:
        with pytest.raises(WebhookVerificationError, match="too old or too new"):
            verify(line, SIGNED.public_key, late_s=late_s)


def test_another_key_is_refused() -> None:
    other = run(FILE, seed=2)

    assert other.public_key != SIGNED.public_key
    with pytest.raises(WebhookVerificationError, match="does not match"):
        verify(SIGNED.callbacks[0], other.public_key)


def test_the_key_is_the_seeds_whatever_happens() -> None:
    assert Telnyx(1, 0, signs=True).public_key == SIGNED.public_key


def test_each_attempt_is_signed_anew_when_it_goes_out() -> None:
    attempts = [line for line in SIGNED.callbacks if line["kind"] == "recording-status"]

    assert [line["attempt"] for line in attempts] == [1, 2]
    assert len({line["headers"]["telnyx-signature-ed25519"] for line in attempts}) == 2
    assert len({line["body"] for line in attempts}) == 1
    for line in SIGNED.callbacks:
        assert int(line["headers"]["telnyx-timestamp"]) == sent_at_s(line)


def test_what_arrives_late_or_twice_was_signed_when_it_was_sent() -> None:
    run_ = run(loads(FILE.read_text() + LATEST))
    trace = {line["seq"]: line for line in run_.trace}

    late = 0
    for line in run_.callbacks:
        verify(line, run_.public_key)
        assert int(line["headers"]["telnyx-timestamp"]) == sent_at_s(trace[line["cause"]])
        late += sent_at_s(line) > int(line["headers"]["telnyx-timestamp"])
    assert late


def unsigned() -> Run:
    return run(loads(FILE.read_text().replace("sign: true", "sign: false")))


def test_nothing_is_signed_unless_asked_for() -> None:
    run_ = unsigned()

    assert run_.public_key == ""
    assert "public_key" not in json_lines(run_)[0]
    assert json_lines(SIGNED)[0]["public_key"] == SIGNED.public_key
    assert not any(set(line["headers"]) & HEADERS for line in run_.callbacks)


HEADERS = {"telnyx-timestamp", "telnyx-signature-ed25519"}


def test_signing_changes_the_headers_and_nothing_else() -> None:
    run_ = unsigned()

    for name in ("trace.jsonl", "recordings.jsonl"):
        assert run_.lines[name] == SIGNED.lines[name]
    plain = [
        line | {"headers": {k: v for k, v in line["headers"].items() if k not in HEADERS}}
        for line in SIGNED.callbacks
    ]
    assert plain == run_.callbacks


def test_without_the_library_it_is_said_which_extra_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signing, "find_spec", lambda name: None)

    with pytest.raises(ScenarioError) as caught:
        load(FILE)
    assert "signed.yaml:7:7: sign: expected PyNaCl, which pip install 'recsim[sign]' brings" in str(
        caught.value
    )
    with pytest.raises(RecsimError, match=r"pip install 'recsim\[sign\]'"):
        Telnyx(1, 0, signs=True)
    assert load(FILE.with_name("webhook-by-get.yaml"))
