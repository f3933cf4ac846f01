"""From a scenario to what plays it: the vendor of the run, and the plan of its world."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from recsim.core.commands import Answer, Request
from recsim.core.entities import Application, Subscription
from recsim.scenario import schema
from recsim.scenario.casting import callees_of, calls_of, length_of
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.world.plan import Outage, Page, Plan, Receiver, RequestPlan, Storage

#: Names in a path: `{account}`, `{caller}`, `{caller.2}`, `{caller.recording}`,
#: `{caller.recording.2}`.
NAME = re.compile(r"\{([^{}]*)\}")
#: The same in a value of a body, where other braces stand for themselves.
NAME_IN_VALUE = re.compile(r"(?<!\{)\{([A-Za-z][A-Za-z0-9_.-]*)\}(?!\})")
LEG = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)\.([1-9][0-9]{0,3})")
RECORDING = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)\.recording(?:\.([1-9][0-9]{0,3}))?")


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
    )


def vendor_of(scenario: schema.Scenario, seed: int) -> Telnyx:
    """The vendor, for one run."""
    return Telnyx(
        seed,
        scenario.starts_at,
        readings=scenario.readings,
        media=scenario.media,
        account_sid=scenario.account.sid,
    )


def plan_of(scenario: schema.Scenario, seed: int, vendor: Telnyx) -> Plan:
    """The world, for one run."""
    application = application_of(scenario, vendor.readings)
    first_call = next(iter(scenario.call_names), "")
    receiver, storage = scenario.receiver, scenario.storage
    return Plan(
        seed=seed,
        calls=calls_of(scenario, seed, application),
        pages={url: page_of(page) for url, page in scenario.documents.items()},
        page_delay=length_of(scenario.application.latency),
        requests=tuple(request_of(request, first_call, vendor) for request in scenario.requests),
        receiver=Receiver(
            length_of(receiver.latency),
            tuple(answer_of(answer) for answer in receiver.answers),
            Outage(receiver.down.from_, receiver.down.until) if receiver.down else None,
        ),
        storage=Storage(length_of(storage.delay), storage.per_second, storage.failure),
        callees=callees_of(scenario),
    )


def answer_of(word: int | str | schema.Redirected) -> Answer:
    """What a receiver answers."""
    if isinstance(word, schema.Redirected):
        return Answer(word.status, (("location", word.redirect),))
    return Answer(word) if isinstance(word, int) else Answer(0, failure=word)


def page_of(page: str | schema.Page) -> Page:
    """What the application answers at one URL."""
    if isinstance(page, str):
        return Page(Answer(200, body=page))
    delay = None if page.latency is None else length_of(page.latency)
    return Page(Answer(page.status, body=page.body), delay)


def request_of(request: schema.Request, first_call: str, vendor: Telnyx) -> RequestPlan:
    """A REST request, with the ids of this run."""
    when = request.at
    path, _, query = NAME.sub(lambda name: wire_name(name[1], vendor), request.path).partition("?")
    headers: list[tuple[str, str]] = []
    if request.key is not None:
        headers.append(("authorization", f"Bearer {request.key}"))
    body = ""
    if request.form is not None:
        headers.append(("content-type", "application/x-www-form-urlencoded"))
        body = urlencode(text_of(filled(request.form, vendor)))
    elif request.json_ is not None:
        headers.append(("content-type", "application/json"))
        given = request.json_
        body = given if isinstance(given, str) else orjson.dumps(filled(given, vendor)).decode()
    return RequestPlan(
        (when.call or first_call) if when.word else "",
        when.word,
        when.after_us,
        Request(request.method, path, query, tuple(headers), body, request.makes or ""),
    )


def text_of(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Parameters as a form carries them; null ones are left out."""
    return [(name, str(value)) for name, value in form.items() if value is not None]


def filled(value: Any, vendor: Telnyx) -> Any:
    """A value of a body, with the ids of this run in place of names in braces."""
    if isinstance(value, dict):
        return {key: filled(part, vendor) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, vendor) for part in value]
    if isinstance(value, str):
        return NAME_IN_VALUE.sub(lambda name: wire_name(name[1], vendor), value)
    return value


def wire_name(name: str, vendor: Telnyx) -> str:
    """What a name in braces stands for; the names were checked at load."""
    if name == "account":
        return vendor.words.account_sid
    if match := RECORDING.fullmatch(name):
        return str(vendor.wire_id("recording", match[1], int(match[2] or 1)))
    leg = LEG.fullmatch(name)
    call, n = (leg[1], int(leg[2])) if leg else (name, 1)
    return str(vendor.wire_id("call", call, n))


def brace_faults(path: str, calls: Iterable[str]) -> Iterator[str]:
    """What is wrong with the names in braces of a path."""
    yield from name_faults(NAME.findall(path), calls)
    if set(NAME.sub("", path)) & set("{}"):
        yield f"expected braces in pairs, such as {{account}}, got {path!r}"


def value_faults(value: str, calls: Iterable[str]) -> Iterator[str]:
    """What is wrong with the names in braces of a value in a body."""
    return name_faults(NAME_IN_VALUE.findall(value), calls)


def name_faults(names: Iterable[str], calls: Iterable[str]) -> Iterator[str]:
    """Names that stand for nothing."""
    known = ["account", *calls]
    for name in names:
        match = RECORDING.fullmatch(name) or LEG.fullmatch(name)
        if (match[1] if match else name) not in known:
            wanted = ", ".join([*known, *(f"{call}.recording" for call in known[1:])])
            yield f"expected one of {wanted} in braces, got {name!r}"
