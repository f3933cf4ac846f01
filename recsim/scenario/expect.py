"""Whether what a scenario expects has happened: one verdict for each line, with what was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from recsim.core import commands
from recsim.core.units import format_duration
from recsim.scenario.expectations import Expectation, Subject
from recsim.scenario.naming import filled
from recsim.scenario.parts import When
from recsim.scenario.record import Answered, Event, Kept, Sent
from recsim.scenario.requests import Request
from recsim.scenario.schema import Scenario
from recsim.vendors.telnyx.callbacks import PARAMETERS, nested
from recsim.vendors.telnyx.projection import FIELDS, VIEWS

Fields = Mapping[str, Any]


class Seen(NamedTuple):
    """Something a line can be about: its moment, and what can be asked of it."""

    at_us: int
    fields: Fields


class Verdict(NamedTuple):
    """What became of one line."""

    path: tuple[str | int, ...]
    """Of the line in the file: `expect` and its index, or `requests`, its index and `answer`."""
    text: str
    """The line, in short."""
    held: bool
    found: str
    """What was found instead; empty when it held."""
    clauses: tuple[str, ...] = ()
    """Ids of what is documented that the line shows."""


def judge(
    scenario: Scenario,
    kept: Kept,
    requests: Mapping[int, commands.Request],
    meant: Callable[[str], str],
) -> tuple[Verdict, ...]:
    """A verdict on every line of `expect`, and on the answer of every request that has one.

    `requests` are those of the scenario that were made, by index, as they were given to the
    platform; `meant` says which id of the run a name in braces stands for.
    """
    first_call = next(iter(scenario.call_names), "")
    verdicts = [
        _expectation(expectation, kept, first_call, meant)._replace(
            path=("expect", n), clauses=expectation.clause
        )
        for n, expectation in enumerate(scenario.expect)
    ]
    for n, request in enumerate(scenario.requests):
        if request.answer:
            answers = [one for one in kept.answered if one.request is requests.get(n)]
            verdict = _request(request, request.answer, answers, meant)
            path = ("requests", n, "answer")
            verdicts.append(verdict._replace(path=path, clauses=request.clause))
    return tuple(verdicts)


def lines_of(answer: Mapping[str, Any]) -> str:
    """Wanted fields, in short."""
    return ", ".join(f"{name}: {_shown(value)}" for name, value in answer.items())


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + lines_of(value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return "null" if value is None else str(value)


#: What the body of a JSON webhook has.
BODY = ("data", "meta")

#: What can be asked of an attempt beside its parameters.
AROUND = ("kind", "method", "url", "attempt", "outcome", "call")


def names_of(kind: str) -> tuple[str, ...]:
    """The names that a line about a `kind` of thing can use."""
    return (*PARAMETERS, *BODY, *AROUND) if kind == "callback" else (*FIELDS, *VIEWS)


def matches(wanted: object, got: object) -> bool:
    """Whether a value of the wire is the one wanted; scalars compare as text, null is missing."""
    if isinstance(wanted, Mapping):
        if set(wanted) == {"matches"}:
            return got is not None and re.fullmatch(str(wanted["matches"]), _text(got)) is not None
        return isinstance(got, Mapping) and all(
            matches(value, got.get(name)) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(got, list)
            and len(got) == len(wanted)
            and all(matches(one, other) for one, other in zip(wanted, got, strict=True))
        )
    if wanted is None or got is None:
        return wanted is got
    return not isinstance(got, Mapping | list) and _text(wanted) == _text(got)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def seen(kind: str, kept: Kept) -> list[Seen]:
    """Everything that a line about a `kind` of thing can match."""
    if kind == "recording":
        return [Seen(0, _recording(row)) for row in kept.recordings]
    if kind == "callback":
        return [Seen(sent.at_us, _sent(sent)) for sent in kept.sent]
    return [Seen(answered.at_us, _answered(answered)) for answered in kept.answered]


def _recording(row: Mapping[str, Any]) -> Fields:
    """All views at once: where two differ on a name, TeXML's value; each view also by its name."""
    views = {name: row[name] for name in VIEWS}
    merged: dict[str, Any] = {}
    for view in views.values():
        merged.update(view or {})
    return {**merged, **views, "sid": row["sid"], "status": row["status"]}


def _sent(sent: Sent) -> Fields:
    """Parameters by their wire names, and what surrounds them in lower case."""
    return {
        **nested(sent.params),
        "kind": sent.kind,
        "method": sent.method,
        "url": sent.url,
        "attempt": sent.attempt,
        "outcome": sent.outcome,
        "call": sent.call,
    }


def _answered(answered: Answered) -> Fields:
    """The fields of the body by their names, and `status`; the request's as method and path.

    A body that isn't JSON is one text.
    """
    answer = answered.answer
    is_json = answer.header("content-type") in ("", "application/json")
    fields = orjson.loads(answer.body) if is_json and answer.body else {}
    request = answered.request
    asked = {"method": request.method, "path": request.path, **body_of(request)}
    body = fields if is_json else answer.body
    return {**asked, **fields, "body": body, "status": answer.status}


def body_of(request: commands.Request) -> Fields:
    """The body of a request as `form` or `json`; text that is no JSON as it stands."""
    if ("content-type", "application/json") not in request.headers:
        return {"form": dict(parse_qsl(request.body))}
    try:
        return {"json": orjson.loads(request.body)}
    except orjson.JSONDecodeError:
        return {"json": request.body}


def _expectation(
    expectation: Expectation, kept: Kept, first_call: str, meant: Callable[[str], str]
) -> Verdict:
    subject: Subject = expectation.never or expectation.eventually or expectation
    kind = subject.named[0]
    written = getattr(subject, kind)
    wanted, things = filled(written, meant), seen(kind, kept)
    is_then = _moment_of(expectation, kept.events, first_call)
    number = sum(is_then(thing.at_us) and matches(wanted, thing.fields) for thing in things)
    if expectation.never:
        quantity, held = "never", number == 0
    elif expectation.exactly is not None:
        quantity, held = f"exactly {expectation.exactly}", number == expectation.exactly
    elif expectation.at_least is not None:
        quantity, held = f"at least {expectation.at_least}", number >= expectation.at_least
    else:
        quantity, held = "", number > 0
    text = " ".join(
        part for part in (quantity, kind, lines_of(written), _when_text(expectation)) if part
    )
    found = "" if held else _found(kind, wanted, things, number)
    return Verdict((), text, held, found)


def _request(
    request: Request, written: Fields, answers: list[Answered], meant: Callable[[str], str]
) -> Verdict:
    """Whether a request was answered as it was to be."""
    text = f"{request.method.lower()} {request.path} answers {lines_of(written)}"
    if not answers:
        return Verdict((), text, held=False, found="it was never sent")
    wanted, fields = filled(written, meant), _answered(answers[0])
    held = matches(wanted, fields)
    return Verdict((), text, held, "" if held else "; ".join(_differences(wanted, fields)))


def _moment_of(
    expectation: Expectation, events: Iterable[Event], first_call: str
) -> Callable[[int], bool]:
    """Whether a moment is one that the line allows."""
    events = list(events)

    def happened(when: When) -> list[int]:
        call = when.call or first_call
        return [e.at_us for e in events if e.word == when.word and e.call == call]

    def is_then(at_us: int) -> bool:
        if expectation.at is not None and at_us != expectation.at:
            return False
        if within := expectation.within:
            moments = happened(within)
            if not any(moment <= at_us <= moment + within.after_us for moment in moments):
                return False
        if before := expectation.before:
            starts = happened(before) if before.word else [0]
            if not starts or at_us >= min(starts) + before.after_us:
                return False
        return True

    return is_then


def _when_text(expectation: Expectation) -> str:
    parts = []
    if expectation.at is not None:
        parts.append(f"at {format_duration(expectation.at)}")
    for name in ("within", "before"):
        when: When | None = getattr(expectation, name)
        if when:
            event = " ".join(filter(None, (when.call, when.word)))
            length = format_duration(when.after_us)
            if not event:
                parts.append(f"{name} {length}")
            elif when.after_us or name == "within":
                parts.append(f"{name} {length} after {event}")
            else:
                parts.append(f"{name} {event}")
    return " ".join(parts)


def _found(kind: str, wanted: Fields, things: list[Seen], number: int) -> str:
    """What there was instead: how many matched, or how the nearest one differs."""
    if number:
        return f"found {number}"
    if not things:
        return f"there was no {kind} at all"
    differing = [(_differences(wanted, thing.fields), thing) for thing in things]
    differences, nearest = min(differing, key=lambda pair: len(pair[0]))
    if not differences:
        return f"found only at {format_duration(nearest.at_us)}"
    return f"none of {len(things)}; nearest: {'; '.join(differences)}"


def _differences(wanted: Fields, got: Fields, path: str = "") -> list[str]:
    """Each wanted field that is not there, with what is there."""
    differences = []
    for name, value in wanted.items():
        other = got.get(name)
        if matches(value, other):
            continue
        if isinstance(value, Mapping) and isinstance(other, Mapping) and "matches" not in value:
            differences += _differences(value, other, f"{path}{name}.")
        else:
            differences.append(f"{path}{name} is {_shown(other)}")
    return differences
