"""The log of webhooks: those that were delivered or given up, with every attempt.

Source: SDK WebhookDelivery, Attempt, WebhookDeliveryListParams. Callbacks of TeXML aren't in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from recsim.core.commands import Answer
from recsim.core.entities import CallSession, Delivered, Tried
from recsim.vendors.telnyx.callbacks import webhooks
from recsim.vendors.telnyx.callbacks.webhooks import Webhook, data
from recsim.vendors.telnyx.rest.errors import NO_RESOURCE, answered, parameter, refused
from recsim.vendors.telnyx.rest.exchange import Exchange
from recsim.vendors.telnyx.rest.paging import v2_paged
from recsim.vendors.telnyx.rest.parameters import (
    Parameter,
    moment,
    one_of,
    read,
    since,
    takes,
    text,
    until,
)
from recsim.vendors.telnyx.words import Words

WRITTEN = moment(1)
"""As this log writes dates: in whole microseconds."""
FROM, TO = since(WRITTEN), until(WRITTEN)


class Entry(NamedTuple):
    """A delivery, and whose it is."""

    session: CallSession
    delivery: Delivered


@takes(type="string")
def words_of(value: object) -> tuple[str, ...]:
    """Words between commas."""
    return tuple(text(value).split(","))


STATUS = one_of("delivered", "failed")

# fmt: off
FILTERS = {
    #                                      read                 default    spec
    "filter[status][eq]":         Parameter(STATUS,              None,      "WebhookDeliveryListParams"),
    "filter[event_type]":         Parameter(words_of,            None,      "WebhookDeliveryListParams: several between commas"),
    "filter[webhook][contains]":  Parameter(text,                "",        "WebhookDeliveryListParams; assumed: in its JSON"),
    "filter[attempts][contains]": Parameter(text,               "",        "WebhookDeliveryListParams; assumed: in its JSON"),
    "filter[started_at][gte]":    Parameter(FROM,                None,      "WebhookDeliveryListParams"),
    "filter[started_at][lte]":    Parameter(TO,            None,      "WebhookDeliveryListParams"),
    "filter[finished_at][gte]":   Parameter(FROM,            None,      "WebhookDeliveryListParams"),
    "filter[finished_at][lte]":   Parameter(TO,            None,      "WebhookDeliveryListParams"),
}
# fmt: on


def list_deliveries(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET /webhook_deliveries. Assumed: the newest first, paged as recordings are."""
    asked = read(exchange.query(), FILTERS, parameter)
    words = exchange.words
    found = [one for one in entries(exchange) if matches(words, one.delivery, asked)]
    bodies = [body for body in (view(exchange, one) for one in found) if contains(body, asked)]
    shown, meta = v2_paged(exchange, bodies)
    return answered(200, {"data": shown, "meta": meta})


def fetch_delivery(exchange: Exchange, names: Mapping[str, str]) -> Answer:
    """GET /webhook_deliveries/{id}."""
    for one in entries(exchange):
        if delivery_id(exchange.words, one) == names["delivery"]:
            return answered(200, {"data": view(exchange, one)})
    raise refused(NO_RESOURCE)


def entries(exchange: Exchange) -> list[Entry]:
    """Every delivery that is settled, the one that began last first."""
    found = [
        Entry(session, delivery)
        for session in exchange.platform.sessions.values()
        for delivery in session.delivered
    ]
    return sorted(found, key=began, reverse=True)


def began(entry: Entry) -> tuple[int, int, int]:
    """When a delivery was first tried; of those at one moment, which was caused first."""
    delivery = entry.delivery
    return delivery.tried[0].sent_at_us, entry.session.key, delivery.hook


def delivery_id(words: Words, entry: Entry) -> str:
    """The id of a delivery, which isn't that of its webhook."""
    return str(words.wire_id("delivery", entry.session.title, entry.delivery.hook))


def matches(words: Words, delivery: Delivered, asked: Mapping[str, Any]) -> bool:
    """Whether a delivery has the status and the moments asked for, if any are."""
    moments_us = {
        "started_at": words.starts_at_us + delivery.tried[0].sent_at_us,
        "finished_at": words.starts_at_us + delivery.tried[-1].answered_at_us,
    }
    spans = [
        (asked[f"filter[{name}][{sign}]"], at_us)
        for name, at_us in moments_us.items()
        for sign in ("gte", "lte")
    ]
    is_in_time = all(not span or span.holds(at_us) for span, at_us in spans)
    return is_in_time and asked["filter[status][eq]"] in (None, delivery.status)


def contains(body: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether a delivery has the event type and the texts asked for, if any are."""
    types = asked["filter[event_type]"]
    return (types is None or body["webhook"]["event_type"] in types) and all(
        asked[f"filter[{name}][contains]"] in orjson.dumps(body[name]).decode()
        for name in ("webhook", "attempts")
    )


def view(exchange: Exchange, entry: Entry) -> dict[str, Any]:
    """A delivery, its attempts from last to first."""
    words, delivery = exchange.words, entry.delivery
    assert isinstance(delivery.message, Webhook)
    return {
        "id": delivery_id(words, entry),
        "record_type": "webhook_delivery",
        "user_id": words.account_sid,
        "status": delivery.status,
        "started_at": webhooks.moment(words, delivery.tried[0].sent_at_us),
        "finished_at": webhooks.moment(words, delivery.tried[-1].answered_at_us),
        "webhook": data(words, delivery.message),
        "attempts": list(attempts(exchange, delivery))[::-1],
    }


def attempts(exchange: Exchange, delivery: Delivered) -> Iterator[dict[str, Any]]:
    """Every attempt, from first to last; the last one decided."""
    encode: Callable[..., Any] = exchange.rest.encode
    for tried in delivery.tried:
        sent = encode(delivery.message, delivery.method, tried.url, tried.n, tried.sent_at_us)
        http: dict[str, Any] = {"request": {"url": sent.url, "headers": list(sent.headers)}}
        if tried.answer.status:
            http["response"] = response(tried)
        is_last = tried is delivery.tried[-1]
        yield {
            "status": delivery.status if is_last else "failed",
            "started_at": webhooks.moment(exchange.words, tried.sent_at_us),
            "finished_at": webhooks.moment(exchange.words, tried.answered_at_us),
            "errors": [],
            "http": http,
        }


def response(tried: Tried) -> dict[str, Any]:
    """What a receiver answered."""
    answer = tried.answer
    return {"status": answer.status, "headers": list(answer.headers), "body": answer.body}
