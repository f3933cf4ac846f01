"""Signatures in a log, where the public key is given."""

from __future__ import annotations

from copy import deepcopy

import pytest
from captured import SCENARIOS, fields, gateway, har, mitmproxy, ngrok, request, wrapped, written

from recsim.logs.checking import check
from recsim.scenario.run import run

SIGNED = run(SCENARIOS / "signed.yaml")


def rules(lines, key=SIGNED.public_key):
    report = check(written(lines), public_key=key)
    return sorted({(one.line, one.rule) for one in report.findings if one.level != "info"})


@pytest.mark.parametrize("shape", [dict, wrapped, request, har, mitmproxy, gateway, ngrok])
def test_what_was_signed_is_verified_in_any_shape_that_keeps_bodies(shape):
    assert rules([shape(line) for line in SIGNED.callbacks]) == []


def test_a_body_that_was_changed_is_found():
    lines = deepcopy(SIGNED.callbacks)
    lines[9]["body"] = lines[9]["body"].replace("Digits=", "Digits=1")

    assert rules(lines) == [(10, "bad-signature")]


def test_another_key_fits_nothing():
    other = run(SCENARIOS / "signed.yaml", seed=99).public_key

    assert rules(SIGNED.callbacks, other) == [
        (n, "bad-signature") for n in range(1, len(SIGNED.callbacks) + 1)
    ]


def test_a_missing_signature_is_found():
    lines = deepcopy(SIGNED.callbacks)
    del lines[0]["headers"]["telnyx-signature-ed25519"]
    del lines[1]["headers"]["telnyx-timestamp"]

    assert rules(lines) == [(1, "unsigned"), (2, "unsigned")]


def test_nonsense_in_headers_is_a_wrong_signature():
    lines = deepcopy(SIGNED.callbacks)
    for n, text in enumerate(("", "é", "AAAA", "=" * 88)):
        lines[n]["headers"]["telnyx-signature-ed25519"] = text

    assert rules(lines) == [(1, "unsigned"), *((n, "bad-signature") for n in (2, 3, 4))]


def test_a_body_that_was_parsed_cannot_be_verified():
    line = SIGNED.callbacks[0]
    parsed = {"time": line["at"], "headers": line["headers"], "body": fields(line)}

    assert rules([parsed]) == [(1, "unverified")]


def test_a_signature_that_is_replayed_is_stale():
    lines = deepcopy(SIGNED.callbacks[:1])
    lines[0]["at"] = "2026-01-05T09:30:00.000000Z"

    assert (1, "stale-signature") in rules(lines)


def test_without_a_key_nothing_is_verified():
    lines = deepcopy(SIGNED.callbacks)
    for line in lines:
        line["headers"] = {}

    assert rules(lines, "") == []
