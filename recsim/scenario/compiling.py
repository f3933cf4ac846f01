"""From a scenario to what plays it: the vendor of the run, and the plan of its world."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from recsim.core.commands import Answer, Invite, Request
from recsim.core.entities import Application
from recsim.core.story import Step, Story
from recsim.scenario import parts, schema
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.world.draws import Length, constant
from recsim.world.plan import CallPlan, Outage, Page, Plan, Receiver, RequestPlan, Storage

#: Names in a path: `{account}`, `{caller}`, `{caller.recording}`, `{caller.recording.2}`.
NAME = re.compile(r"\{([^{}]*)\}")
RECORDING = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)\.recording(?:\.([1-9][0-9]{0,3}))?")


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
    receiver, storage = scenario.receiver, scenario.storage
    return Plan(
        seed=seed,
        calls=sorted(calls, key=lambda call: call.at_us),
        pages={url: page_of(page) for url, page in scenario.documents.items()},
        page_delay=length_of(scenario.application.latency),
        requests=tuple(
            request_of(request, next(iter(scenario.calls)), vendor) for request in scenario.requests
        ),
        receiver=Receiver(
            length_of(receiver.latency),
            tuple(answer_of(answer) for answer in receiver.answers),
            Outage(receiver.down.from_, receiver.down.until) if receiver.down else None,
        ),
        storage=Storage(length_of(storage.delay), storage.per_second, storage.failure),
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
    """A REST request, with the ids of this run."""
    when = request.at
    path, _, query = NAME.sub(lambda name: wire_name(name[1], vendor), request.path).partition("?")
    headers: list[tuple[str, str]] = []
    if request.key is not None:
        headers.append(("authorization", f"Bearer {request.key}"))
    body = ""
    if request.form is not None:
        headers.append(("content-type", "application/x-www-form-urlencoded"))
        body = urlencode(text_of(request.form))
    return RequestPlan(
        (when.call or first_call) if when.word else "",
        when.word,
        when.after_us,
        Request(request.method, path, query, tuple(headers), body),
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


def brace_faults(path: str, calls: Iterable[str]) -> Iterator[str]:
    """What is wrong with the names in braces of a path."""
    known = ["account", *calls]
    for match in NAME.finditer(path):
        recording = RECORDING.fullmatch(match[1])
        if (recording[1] if recording else match[1]) not in known:
            wanted = ", ".join([*known, *(f"{call}.recording" for call in known[1:])])
            yield f"expected one of {wanted} in braces, got {match[1]!r}"
    if set(NAME.sub("", path)) & set("{}"):
        yield f"expected braces in pairs, such as {{account}}, got {path!r}"
