"""From a scenario to what plays it: the vendor of the run, and the plan of its world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

import orjson

from recsim.core.commands import Answer, Request, download
from recsim.core.effects import Attempt
from recsim.core.entities import Application, Subscription, Webhook
from recsim.core.units import SECOND_US
from recsim.scenario import requests, schema, surroundings
from recsim.scenario.casting import callees_of, calls_of, length_of
from recsim.scenario.expect import matches
from recsim.scenario.naming import HELD_LINK, LINK, NAME, filled, id_of, path_and_query, wire_name
from recsim.vendors.telnyx import storage
from recsim.vendors.telnyx.account import Account, Profile, Trunk
from recsim.vendors.telnyx.callbacks import PARAMETERS, WEBHOOK_PARAMETERS, nested
from recsim.vendors.telnyx.readings import settled
from recsim.vendors.telnyx.vendor import CHANNELS, Telnyx
from recsim.vendors.telnyx.words import BUCKET
from recsim.world.plan import (
    Ask,
    Download,
    Links,
    Network,
    Outage,
    Page,
    Plan,
    Receiver,
    RequestPlan,
    Storage,
    asks_nothing,
)

#: Events of call progress that an application's own status callback is told (assumed: all).
PROGRESS = ("initiated", "ringing", "answered", "completed")


def application_of(scenario: schema.Scenario, readings: Mapping[str, str]) -> Application:
    """What the vendor has on file; `readings` are all that the run takes."""
    on_file, method = scenario.application, readings["voice_method"].upper()
    url, status_method = on_file.status_callback, on_file.status_callback_method
    return Application(
        on_file.voice_url,
        on_file.voice_method or method,
        connection_id=scenario.account.connection_id,
        fallback_url=on_file.fallback_url or "",
        fallback_method=on_file.fallback_method or method,
        status=Subscription(url, status_method, PROGRESS) if url else Subscription(),
        webhook=Webhook(
            on_file.webhook_event_url or "",
            on_file.webhook_url_method,
            on_file.webhook_event_failover_url or "",
        ),
    )


def account_of(scenario: schema.Scenario) -> Account:
    """The account, with what it records by itself."""
    given, profile = scenario.account, scenario.profile
    numbers = {
        number: Trunk(
            CHANNELS.get(settings.inbound_call_recording_channels or ""),
            settings.inbound_call_recording_format,
        )
        for number, settings in scenario.numbers.items()
        if settings.inbound_call_recording_enabled
    }
    return Account(
        given.sid,
        given.region,
        tuple(given.keys),
        tuple(given.restricted_keys),
        numbers,
        Profile(
            profile.call_recording_type,
            tuple(profile.call_recording_caller_phone_numbers),
            Trunk(
                CHANNELS.get(profile.call_recording_channels or ""), profile.call_recording_format
            ),
        ),
    )


def vendor_of(scenario: schema.Scenario, seed: int, bucket: str = BUCKET) -> Telnyx:
    """The vendor, for one run; links to audio begin with `bucket`."""
    return Telnyx(
        seed,
        scenario.starts_at,
        readings=scenario.readings,
        media=scenario.media,
        account=account_of(scenario),
        application=application_of(scenario, settled(scenario.readings)),
        signs=scenario.sign,
        bucket=bucket,
        fixed={id_of(name): given for name, given in scenario.ids.items()},
    )


def plan_of(scenario: schema.Scenario, seed: int, vendor: Telnyx) -> Plan:
    """The world, for one run."""
    application = application_of(scenario, vendor.readings)
    first_call = next(iter(scenario.call_names), "")
    network, receiver, stored = scenario.network, scenario.receiver, scenario.storage
    planned = tuple(request_of(request, first_call, vendor) for request in scenario.requests)
    return Plan(
        seed=seed,
        calls=calls_of(scenario, seed, application),
        pages={url: page_of(page) for url, page in scenario.documents.items()},
        page_delay=length_of(scenario.application.latency),
        fetched=tuple(map(turn_of, scenario.application.in_order)),
        requests=planned,
        network=Network(
            length_of(network.latency),
            network.loss,
            network.duplicates,
            tuple(map(tuple, network.arrivals)),
        ),
        receiver=Receiver(
            length_of(receiver.latency),
            tuple(answer_of(answer) for answer in receiver.answers),
            Outage(receiver.down.from_, receiver.down.until) if receiver.down else None,
            asks_of(receiver.asks, vendor),
            tuple(map(turn_of, receiver.in_order)),
        ),
        storage=Storage(
            length_of(stored.delay),
            stored.per_second,
            stored.failure,
            stored.failure_rate,
            tuple((one.after, one.failure) for one in stored.in_order),
        ),
        links=links_of(planned, vendor),
        callees=callees_of(scenario),
    )


def answer_of(word: int | str | surroundings.Redirected | surroundings.Delaying) -> Answer:
    """What a receiver answers."""
    if isinstance(word, surroundings.Delaying):
        return Answer(word.status, (("retry-after", str(word.retry_after // SECOND_US)),))
    if isinstance(word, surroundings.Redirected):
        return Answer(word.status, (("location", word.redirect),))
    return Answer(word) if isinstance(word, int) else Answer(0, failure=word)


def turn_of(given: surroundings.Answered) -> tuple[int, Answer | None]:
    """How one question of the run is answered, and after how long."""
    return given.after, None if given.answer is None else answer_of(given.answer)


def page_of(page: str | schema.Page) -> Page:
    """What the application answers at one URL."""
    if isinstance(page, str):
        return Page(Answer(200, body=page))
    delay = None if page.latency is None else length_of(page.latency)
    return Page(Answer(page.status, body=page.body), delay)


def request_of(request: requests.Request, first_call: str, vendor: Telnyx) -> RequestPlan:
    """A REST request, with the ids of this run; or a download, of a link told during it."""
    when = request.at
    if match := LINK.fullmatch(request.path):
        sid = str(vendor.wire_id("recording", match[1], int(match[2] or 1)))
        made: Request | Download = Download(storage.link_name(sid, match[3]), request.path)
    else:
        made = request_with(request, lambda name: wire_name(name, vendor), vendor.account)
        made = made._replace(session=request.makes or "")
    call = (when.call or first_call) if when.word else ""
    return RequestPlan(call, when.word, when.after_us, made)


def request_with(asked: requests.Asked, meant: Callable[[str], str], account: Account) -> Request:
    """A REST request, with what is `meant` by each name in braces."""
    path, query = path_and_query(asked.path, meant)
    headers: list[tuple[str, str]] = []
    key = account.keys[0] if account.keys and "key" not in asked.model_fields_set else asked.key
    if key is not None:
        headers.append(("authorization", f"Bearer {key}"))
    body = ""
    if asked.form is not None:
        headers.append(("content-type", "application/x-www-form-urlencoded"))
        body = urlencode(text_of(filled(asked.form, meant)))
    elif asked.json_ is not None:
        headers.append(("content-type", "application/json"))
        given = asked.json_
        body = given if isinstance(given, str) else orjson.dumps(filled(given, meant)).decode()
    return Request(asked.method, path, query, tuple(headers), body)


def links_of(planned: Iterable[RequestPlan], vendor: Telnyx) -> Links | None:
    """Where links are told, if any request downloads what they lead to."""
    if any(isinstance(plan.request, Download) for plan in planned):
        return Links(partial(storage.names_in_message, vendor.words), storage.names_in_answer)
    return None


def asks_of(asks: Sequence[requests.Ask], vendor: Telnyx) -> Callable[[Attempt], tuple[Ask, ...]]:
    """What a receiver asks while it holds an attempt."""

    def held(attempt: Attempt) -> tuple[Ask, ...]:
        sent = vendor.encode(attempt.message, attempt.method, attempt.url, attempt.n)
        told = dict(sent.params)
        around = (attempt.message.kind, attempt.method, sent.url, attempt.n)
        fields = {**nested(told), **dict(zip(AROUND, around, strict=True))}
        return tuple(
            Ask(ask.after, held_request(ask, told, vendor))
            for ask in asks
            if matches(ask.when, fields)
        )

    return held if asks else asks_nothing


#: Parameters of a callback or webhook, by the names that a path or a body has in braces.
HELD = (*PARAMETERS, *WEBHOOK_PARAMETERS)

#: What a receiver can see of a callback beside its parameters.
AROUND = ("kind", "method", "url", "attempt")


def held_request(ask: requests.Ask, told: Mapping[str, str], vendor: Telnyx) -> Request | str:
    """What is asked by whoever was `told` these parameters; or which one it was not told."""
    names = [match[1] for match in NAME.finditer(ask.path)]
    if lacking := [name for name in names if name in HELD and name not in told]:
        return f"{ask.method} {ask.path} was not sent: the callback has no {lacking[0]}"
    if ask.path == f"{{{HELD_LINK}}}":
        return download(told[HELD_LINK])
    return request_with(ask, lambda name: told.get(name) or wire_name(name, vendor), vendor.account)


def text_of(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Parameters as a form carries them; null ones are left out."""
    return [(name, str(value)) for name, value in form.items() if value is not None]
