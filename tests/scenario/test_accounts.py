"""What an account has on file, as scenarios say it."""

from __future__ import annotations

import pytest

from recsim.core.errors import ScenarioError
from recsim.scenario.compiling import account_of, plan_of, vendor_of
from recsim.scenario.load import loads
from recsim.vendors.telnyx.account import ALL, BY_CALLER, NONE, Account, Profile, Trunk

BASE = """\
recsim: 1
title: A call
application: {voice_url: https://app.test/answer}
calls: {caller: {from: +15550001, to: +15550002}}
"""
"""What a test adds begins in line 5."""


def account(more: str) -> Account:
    return account_of(loads(BASE + more).scenario)


def faults_of(more: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loads(BASE + more, "f.yaml")
    return [line.removeprefix("f.yaml:") for line in str(caught.value).split("\n")]


def test_an_account_that_says_nothing_records_nothing_and_takes_any_key():
    assert account("") == Account()


def test_what_it_says_of_itself():
    said = account("account: {region: Middle East, keys: [a, b], restricted_keys: [c]}\n")

    assert (said.region, said.keys, said.restricted_keys) == ("Middle East", ("a", "b"), ("c",))


@pytest.mark.parametrize(
    ("number", "trunk"),
    [
        ("{inbound_call_recording_enabled: true}", Trunk()),
        ("{inbound_call_recording_enabled: true, inbound_call_recording_channels: dual}", Trunk(2)),
        (("{inbound_call_recording_enabled: true, inbound_call_recording_channels: single,"
         " inbound_call_recording_format: mp3}"), Trunk(1, "mp3")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["+15550002", "'+15550002'", "sip:desk@example.test"])
def test_numbers_that_record_are_text(key, number, trunk):
    assert account(f"numbers:\n  {key}: {number}\n").numbers == {key.strip("'"): trunk}


@pytest.mark.parametrize(
    "number", ["{}", "{inbound_call_recording_enabled: false, inbound_call_recording_format: mp3}"]
)
def test_numbers_that_do_not_record_are_none(number):
    assert account(f"numbers: {{+15550002: {number}}}\n").numbers == {}


@pytest.mark.parametrize(
    ("profile", "compiled"),
    [
        ("{}", Profile(NONE)),
        ("{call_recording_type: all, call_recording_channels: dual}", Profile(ALL, (), Trunk(2))),
        (("{call_recording_type: by_caller_phone_number, call_recording_format: mp3,"
         " call_recording_caller_phone_numbers: [+15550001, +15550003]}"),
         Profile(BY_CALLER, ("+15550001", "+15550003"), Trunk(None, "mp3"))),
    ],
)  # fmt: skip
def test_profiles(profile, compiled):
    assert account(f"profile: {profile}\n").profile == compiled


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        (("profile:\n  call_recording_type: all\n"
         "  call_recording_caller_phone_numbers: [+15550001]\n"),
         [("7:40: profile.call_recording_caller_phone_numbers: "
          "expected call_recording_type: by_caller_phone_number beside numbers")]),
        ("profile: {call_recording_caller_phone_numbers: [+15550001]}\n",
         [("5:48: profile.call_recording_caller_phone_numbers: "
          "expected call_recording_type: by_caller_phone_number beside numbers")]),
        (("profile:\n  call_recording_type: by_caller_phone_number\n"
         "  call_recording_caller_phone_numbers: []\n"),
         [("7:40: profile.call_recording_caller_phone_numbers: "
          "expected one or more numbers: call_recording_type is by_caller_phone_number")]),
        ("profile:\n  call_recording_type: by_caller_phone_number\n",
         [("6:3: profile.call_recording_caller_phone_numbers: "
          "expected one or more numbers: call_recording_type is by_caller_phone_number")]),
        ("profile: {call_recording_type: by_caler_phone_number}\n",
         [("5:32: profile.call_recording_type: expected one of 'all', 'none', "
          "'by_caller_phone_number', got 'by_caler_phone_number'; "
          "did you mean 'by_caller_phone_number'?")]),
        ("account:\n  keys: [a, b]\n  restricted_keys: [c, b]\n",
         ["7:20: account.restricted_keys: expected a key that isn't among keys, got 'b'"]),
        ("account: {region: us}\n",
         [("5:19: account.region: expected one of 'Australia', 'Europe', 'Middle East', 'US', "
          "got 'us'")]),
        ("account: {keys: [a b]}\n",
         ["5:18: account.keys.0: expected a key, without spaces, got 'a b'"]),
        ("numbers: {5550002: {}}\n",
         [("5:11: numbers.5550002: expected a number such as +15550001 or sip:user@host, "
          "got '5550002'")]),
        ("numbers: {+15550002: {inbound_call_recording_chanels: dual}}\n",
         [("5:23: numbers.+15550002.inbound_call_recording_chanels: unknown key; "
          "did you mean inbound_call_recording_channels?")]),
        ("numbers: {+15550002: true}\n",
         [("5:22: numbers.+15550002: expected a mapping such as "
          "{inbound_call_recording_enabled: true}, got 'true'")]),
        ("numbers: {+15550002: {inbound_call_recording_format: ogg}}\n",
         [("5:54: numbers.+15550002.inbound_call_recording_format: "
          "expected one of 'wav', 'mp3', got 'ogg'")]),
    ],
)  # fmt: skip
def test_contradictions_and_other_faults(more, faults):
    assert faults_of(more) == faults


@pytest.mark.parametrize(
    ("more", "header"),
    [
        ("", "Bearer KEY"),
        ("account: {keys: [first, second]}\n", "Bearer first"),
        ("account: {restricted_keys: [weak]}\n", "Bearer KEY"),
    ],
)
def test_requests_that_name_no_key_have_the_accounts_first(more, header):
    scenario = loads(f"{BASE}{more}requests: [{{at: 1s, get: /v2/recordings}}]\n").scenario
    [request] = plan_of(scenario, 1, vendor_of(scenario, 1)).requests

    assert request.request.headers == (("authorization", header),)
