"""JSON webhooks, as tests read them and hold them against the published schemas."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from schemas import validator

from recsim.scenario.run import Run
from recsim.vendors.telnyx.callbacks import nested
from recsim.vendors.telnyx.webhook_models import Webhook

Body = dict[str, Any]

SAMPLED = {"call.recording.saved": ("call_control_id", "format", "recording_id")}
"""Fields of a payload that the samples have and the published schema of the event hasn't."""


def modelled(body: Body) -> Body:
    """The body of a webhook, once its model has read it."""
    assert Webhook.model_validate(body).dump() == body
    return body


def published(body: Body) -> Body:
    """The body of a webhook, once its published schema has read it."""
    event_type = body["data"]["event_type"]
    known = {
        name: value
        for name, value in body["data"]["payload"].items()
        if name not in SAMPLED.get(event_type, ())
    }
    told = {**body, "data": {**body["data"], "payload": known}}
    assert list(validator(f"webhook-{event_type}").iter_errors(told)) == []
    return body


def body_of(line: Body) -> Body:
    """What a line of `callbacks.jsonl` that is a webhook was sent with; by GET, all text."""
    if line["method"] == "POST":
        found: Body = orjson.loads(line["body"])
        return found
    names = dict(parse_qsl(urlsplit(line["url"]).query, keep_blank_values=True))
    return nested({name: text for name, text in names.items() if "." in name})


def webhooks_of(run: Run, attempt: int = 1) -> list[Body]:
    """The `data` of every webhook, in the order in which they arrived."""
    return [
        body_of(line)["data"]
        for line in run.callbacks
        if line["kind"] == "webhook" and line["attempt"] == attempt
    ]
