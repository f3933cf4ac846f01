"""Names in the body of a webhook, as scenarios write them: a misspelled one is a fault."""

from __future__ import annotations

import pytest

from recsim.core.errors import ScenarioError
from recsim.scenario.load import loads
from recsim.vendors.telnyx.callbacks import WEBHOOK_PARAMETERS
from recsim.vendors.telnyx.callbacks.webhooks import nested

BASE = """recsim: 1
title: Names
application: {voice_url: https://app.test/answer, webhook_event_url: https://app.test/hook}
calls: {caller: {from: +15550001, to: +15550002}}
"""


def faults_of(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loads(BASE + text, "f.yaml")
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{callback: {data: {event_typ: call.hangup}}}",
         "expect.0.callback.data.event_typ: no webhook has this field; did you mean event_type?"),
        ("{never: {callback: {data: {payload: {reson: x}}}}}",
         ("expect.0.never.callback.data.payload.reson: no webhook has this field; "
          "did you mean reason?")),
        ("{callback: {meta: {attemp: 1}}}",
         "expect.0.callback.meta.attemp: no webhook has this field; did you mean attempt?"),
    ],
)  # fmt: skip
def test_a_misspelled_name_is_a_fault(line: str, fault: str) -> None:
    [found] = faults_of(f"expect:\n  - {line}\n")

    assert found.endswith(fault)


def test_so_it_is_where_a_receiver_asks() -> None:
    path = "'/v2/recordings/{data.payload.recording_id}'"

    [found] = faults_of(
        f"receiver: {{asks: [{{when: {{data: {{event_typ: x}}}}, get: {path}}}]}}\n"
    )

    assert "no webhook has this field; did you mean event_type?" in found


def test_a_parameter_that_no_webhook_has_stands_for_nothing() -> None:
    [found] = faults_of("receiver: {asks: [{get: '/v2/recordings/{data.payload.recording}'}]}\n")

    assert "'data.payload.recording'; did you mean data.payload.recording_id?" in found


def test_every_name_of_a_webhook_is_one() -> None:
    body = nested(dict.fromkeys(WEBHOOK_PARAMETERS, "x"))
    text = str(body).replace("'", "")

    assert loads(f"{BASE}expect:\n  - callback: {text}\n").scenario.expect
    assert loads(f"{BASE}expect:\n  - callback: {{data: {{matches: x}}}}\n").scenario.expect
