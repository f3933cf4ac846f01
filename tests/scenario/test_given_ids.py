"""Ids that a scenario gives, in place of those that grow from its seed."""

from __future__ import annotations

import pytest

import recsim

HEAD = """\
recsim: 1
title: Ids that are given
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: <Response><Record recordingStatusCallback="/recording"/></Response>
calls:
  caller: {from: +15550001, to: +15550002, story: [wait: beep, speak: 4s, hang_up]}
"""
ONE = "11111111-2222-4333-8444-555555555555"


def loads(ids: str) -> recsim.Loaded:
    return recsim.loads(f"{HEAD}ids: {ids}\n".encode(), "ids.yaml")


@pytest.mark.parametrize("seed", [1, 2])
def test_an_id_that_is_given_is_that_under_every_seed(seed):
    run = recsim.run(loads(f"{{caller: v3:mine, caller.recording: {ONE}}}"), seed=seed)

    [row] = run.recordings
    assert (row["sid"], row["texml"]["call_sid"]) == (ONE, "v3:mine")
    assert {line["params"]["CallSid"] for line in run.callbacks} == {"v3:mine"}


def test_ids_that_are_not_given_stay_as_they_were():
    with_ids, without = recsim.run(loads(f"{{caller.recording.2: {ONE}}}")), recsim.run(loads("{}"))

    assert with_ids.lines == without.lines


@pytest.mark.parametrize(
    ("ids", "fault"),
    [
        (f"{{calller: {ONE}}}", "did you mean caller?"),
        (f"{{caller.recordin: {ONE}}}", "did you mean caller.recording?"),
        (f"{{account: {ONE}}}", "account.sid"),
        (f"{{caller: {ONE}, caller.leg: {ONE}}}", "caller has this id already"),
        ("{caller: 'two words'}", "expected an id of up to 100 letters"),
        ("{caller: a/b}", "expected an id of up to 100 letters"),
    ],
)
def test_ids_of_nothing_or_of_two_are_refused(ids, fault):
    with pytest.raises(recsim.ScenarioError, match=r"ids.yaml:8:") as error:
        loads(ids)

    assert fault in str(error.value)
