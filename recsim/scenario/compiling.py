"""From a scenario to what plays it: the vendor of the run, and the plan of its world."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from recsim.core.commands import Answer, Invite, Request, download
from recsim.core.effects import Attempt
from recsim.core.entities import Application
from recsim.core.errors import suggest
from recsim.core.story import Step, Story
from recsim.core.units import SECOND_US
from recsim.scenario import parts, schema
from recsim.scenario.expect import matches
from recsim.vendors.telnyx import storage
from recsim.vendors.telnyx.callbacks import PARAMETERS
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.world.draws import Length, constant
from recsim.world.plan import (
    Ask,
    CallPlan,
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

#: Names in a path: `{account}`, `{caller}`, `{caller.recording}`, `{caller.recording.2}`.
NAME = re.compile(r"\{([^{}]*)\}")
RECORDING = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)\.recording(?:\.([1-9][0-9]{0,3}))?")

#: Which recording of a call, after its name.
NUMBER = re.compile(r"(?<=\.recording)\.[1-9][0-9]{0,3}(?=\.|$)")

#: A whole path that is a link told during the run: `{caller.recording.url}`; `{RecordingUrl}` for a
#: receiver that was told it just now.
LINK = re.compile(rf"\{{{RECORDING.pattern}\.({storage.URL}|{storage.MEDIA_URL})\}}")
HELD_LINK = "{RecordingUrl}"


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
    """The world, for one run: every draw of a story is made here."""
    on_file, method = scenario.application, vendor.readings["voice_method"].upper()
    application = Application(
        on_file.voice_url,
        on_file.voice_method or method,
        connection_id=scenario.account.connection_id,
        fallback_url=on_file.fallback_url or "",
        fallback_method=on_file.fallback_method or method,
    )
    calls = [
        CallPlan(
            call.at,
            Invite(name, call.from_, call.to, application),
            story_of(call.story, seed, name),
        )
        for name, call in scenario.calls.items()
    ]
    network, receiver, stored = scenario.network, scenario.receiver, scenario.storage
    first_call = next(iter(scenario.calls))
    requests = tuple(request_of(request, first_call, vendor) for request in scenario.requests)
    return Plan(
        seed=seed,
        calls=sorted(calls, key=lambda call: call.at_us),
        pages={url: page_of(page) for url, page in scenario.documents.items()},
        page_delay=length_of(scenario.application.latency),
        requests=requests,
        network=Network(length_of(network.latency), network.loss, network.duplicates),
        receiver=Receiver(
            length_of(receiver.latency),
            tuple(answer_of(answer) for answer in receiver.answers),
            Outage(receiver.down.from_, receiver.down.until) if receiver.down else None,
            asks_of(receiver.asks, vendor),
        ),
        storage=Storage(
            length_of(stored.delay), stored.per_second, stored.failure, stored.failure_rate
        ),
        links=links_of(requests, vendor),
    )


def length_of(draw: Any) -> Length:
    """A length of the file, fixed or drawn: a `parts.Draw`."""
    match draw:
        case parts.Uniform():
            return Length("uniform", tuple(draw.uniform))
        case parts.Exponential():
            return Length("exponential", (draw.exponential,))
        case parts.Normal():
            return Length("normal", tuple(draw.normal))
        case parts.Choice():
            return Length("choice", tuple(draw.choice))
    return constant(draw)


def answer_of(word: int | str | schema.Redirected | schema.Delaying) -> Answer:
    """What a receiver answers."""
    if isinstance(word, schema.Delaying):
        return Answer(word.status, (("retry-after", str(word.retry_after // SECOND_US)),))
    if isinstance(word, schema.Redirected):
        return Answer(word.status, (("location", word.redirect),))
    return Answer(word) if isinstance(word, int) else Answer(0, failure=word)


def page_of(page: str | schema.Page) -> Page:
    """What the application answers at one URL."""
    if isinstance(page, str):
        return Page(Answer(200, body=page))
    delay = None if page.latency is None else length_of(page.latency)
    return Page(Answer(page.status, body=page.body), delay)


def story_of(steps: Iterable[schema.Step], seed: int, call: str) -> Story:
    """Steps of the file as steps of a party: waits and silences become delays of what follows."""
    story: list[Step] = []
    cue, after_us = "", 0
    for n, step in enumerate(steps):
        purpose = f"story {call}"
        match step:
            case schema.Wait(wait=str() as word):
                if cue:  # two cues in a row: the first is only waited for
                    story.append(Step(cue, after_us, "wait"))
                cue, after_us = word, 0
            case schema.Wait(wait=draw) | schema.Silent(silent=draw):
                after_us += length_of(draw).draw(seed, purpose, n)
            case schema.Speak(speak=draw):
                story.append(Step(cue, after_us, "speak"))
                story.append(Step("", length_of(draw).draw(seed, purpose, n), "silent"))
                cue, after_us = "", 0
            case schema.Press():
                story.append(Step(cue, after_us, "press", step.press))
                cue, after_us = "", 0
            case _:
                story.append(Step(cue, after_us, "hang_up"))
                cue, after_us = "", 0
    return tuple(story)


def request_of(request: schema.Request, first_call: str, vendor: Telnyx) -> RequestPlan:
    """A REST request, with the ids of this run; or a download, of a link told during it."""
    when = request.at
    if match := LINK.fullmatch(request.path):
        sid = str(vendor.wire_id("recording", match[1], int(match[2] or 1)))
        made: Request | Download = Download(storage.link_name(sid, match[3]), request.path)
    else:
        made = request_with(request, lambda name: wire_name(name, vendor))
    call = (when.call or first_call) if when.word else ""
    return RequestPlan(call, when.word, when.after_us, made)


def request_with(asked: schema.Asked, meant: Callable[[str], str]) -> Request:
    """A REST request, with what is `meant` by each name in braces."""
    path, _, query = NAME.sub(lambda name: meant(name[1]), asked.path).partition("?")
    headers: list[tuple[str, str]] = []
    if asked.key is not None:
        headers.append(("authorization", f"Bearer {asked.key}"))
    body = ""
    if asked.form is not None:
        headers.append(("content-type", "application/x-www-form-urlencoded"))
        body = urlencode(text_of(asked.form))
    return Request(asked.method, path, query, tuple(headers), body)


def links_of(requests: Iterable[RequestPlan], vendor: Telnyx) -> Links | None:
    """Where links are told, if any request downloads what they lead to."""
    if any(isinstance(plan.request, Download) for plan in requests):
        return Links(partial(storage.names_in_message, vendor.words), storage.names_in_answer)
    return None


def asks_of(asks: Sequence[schema.Ask], vendor: Telnyx) -> Callable[[Attempt], tuple[Ask, ...]]:
    """What a receiver asks while it holds an attempt."""

    def held(attempt: Attempt) -> tuple[Ask, ...]:
        url, _, _, params = vendor.encode(attempt.message, attempt.method, attempt.url)
        told = dict(params)
        around = (attempt.message.kind, attempt.method, url, attempt.n)
        fields = {**told, **dict(zip(AROUND, around, strict=True))}
        return tuple(
            Ask(ask.after, held_request(ask, told, vendor))
            for ask in asks
            if matches(ask.when, fields)
        )

    return held if asks else asks_nothing


#: What a receiver can see of a callback beside its parameters.
AROUND = ("kind", "method", "url", "attempt")


def held_request(ask: schema.Ask, told: Mapping[str, str], vendor: Telnyx) -> Request | str:
    """What is asked by whoever was `told` these parameters; or which one it was not told."""
    names = [match[1] for match in NAME.finditer(ask.path)]
    if lacking := [name for name in names if name in PARAMETERS and name not in told]:
        return f"{ask.method} {ask.path} was not sent: the callback has no {lacking[0]}"
    if ask.path == HELD_LINK:
        return download(told["RecordingUrl"])
    return request_with(
        ask,
        lambda name: quote(told[name], safe=":") if name in told else wire_name(name, vendor),
    )


def text_of(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Parameters as a form carries them; null ones are left out."""
    return [(name, str(value)) for name, value in form.items() if value is not None]


def wire_name(name: str, vendor: Telnyx) -> str:
    """What a name in a path stands for; the names were checked at load."""
    if name == "account":
        return vendor.words.account_sid
    if match := RECORDING.fullmatch(name):
        return str(vendor.wire_id("recording", match[1], int(match[2] or 1)))
    return quote(str(vendor.wire_id("call", name, 1)), safe=":")


def known_names(path: str, calls: Sequence[str], parameters: Sequence[str]) -> list[str]:
    """What may stand in the braces of a path; where that is the whole path, links."""
    if not schema.NAME_ALONE.fullmatch(path):
        recordings = [f"{call}.recording" for call in calls]
        return ["account", *calls, *recordings, *parameters]
    if parameters:
        return [HELD_LINK[1:-1]]
    kinds = (storage.URL, storage.MEDIA_URL)
    return [f"{call}.recording.{kind}" for call in calls for kind in kinds]


def brace_faults(path: str, calls: Sequence[str], parameters: Sequence[str] = ()) -> Iterator[str]:
    """What is wrong with the names in braces of a path.

    `parameters` are those of the callback that is held, if one is.
    """
    known = known_names(path, calls, parameters)
    for match in NAME.finditer(path):
        if NUMBER.sub("", match[1]) not in known:
            wanted, near = ", ".join(known), suggest(match[1], known)
            yield f"expected one of {wanted} in braces, got {match[1]!r}{near}"
    if set(NAME.sub("", path)) & set("{}"):
        yield f"expected braces in pairs, such as {{account}}, got {path!r}"
