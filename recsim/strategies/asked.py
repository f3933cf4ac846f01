"""Requests to the REST API: each route that the vendor has, about the calls of a scenario."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from recsim.scenario.parts import When
from recsim.scenario.requests import Request
from recsim.strategies.lengths import lengths
from recsim.vendors.telnyx.rest import calls, dialing
from recsim.vendors.telnyx.rest.routes import ROUTES, Route

UPDATE = "/v2/texml/Accounts/{account}/Calls/{call}/Recordings/{recording}.json"
DELETE = "/v2/texml/Accounts/{account}/Recordings/{recording}.json"
START = "/v2/texml/Accounts/{account}/Calls/{call}/Recordings.json"
TOLD = {
    "RecordingStatusCallback": "https://app.test/recording",
    "RecordingStatusCallbackEvent": "in-progress completed absent",
}
COMMAND = {"format": "mp3", "channels": "dual"}


class Body(NamedTuple):
    """What a request may carry."""

    kind: str
    """form or json."""
    fields: dict[str, Any]


def form(**fields: Any) -> Body:
    """A form."""
    return Body("form", fields)


def json(**fields: Any) -> Body:
    """A JSON body."""
    return Body("json", fields)


#: What posts carry, by their route; the others: an empty JSON body.
BODIES: dict[str, tuple[Body, ...]] = {
    UPDATE: (form(Status="paused"), form(Status="in-progress"), form(Status="stopped")),
    START: (form(**TOLD), form(PlayBeep="false"), json(**TOLD)),
    "/v2/texml/Accounts/{account}/Calls/{call}": (
        form(Status="completed"),
        form(Url="https://app.test/next"),
    ),
    "/v2/texml/Accounts/{account}/Conferences/{conference}": (form(Status="completed"),),
    "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants/{participant}": (
        form(Muted="true"),
        form(Hold="true"),
        form(AnnounceUrl="https://app.test/music.mp3"),
    ),
    "/v2/calls/{call}/actions/record_start": (json(**COMMAND),),
    "/v2/conferences/{conference}/actions/record_start": (json(format="mp3"), json(**COMMAND)),
    "/v2/recordings/actions/delete": (json(ids=["{recording}"]),),
}

#: These make calls, which are people's to be in: see `sources`.
MAKE_CALLS = (calls.initiate, dialing.dial_participant)

NOBODY = "00000000-0000-4000-8000-000000000000"

ASKED = tuple(row for row in ROUTES if row.handler not in MAKE_CALLS)

#: What changes a recording, which more requests than others should.
CHANGES = tuple(
    row for row in ASKED if (row.template, row.method) in ((UPDATE, "POST"), (DELETE, "DELETE"))
)


def bodies_of(route: Route) -> tuple[Body | None, ...]:
    """What a request by a route may carry; None: nothing."""
    if route.method != "POST":
        return (None,)
    known = BODIES.get(route.template) or BODIES.get(route.template.removesuffix(".json"))
    return known or (json(),)


@cache
@st.composite
def requests(
    draw: Any, calls: tuple[str, ...] = ("caller",), words: tuple[str, ...] = ("", "answer")
) -> Request:
    """A request about one of `calls`, so long after the start (the empty word) or one of `words`.

    It may come too early or too late: then the vendor refuses it, and nothing happens.
    """
    call, word = draw(st.sampled_from(calls)), draw(st.sampled_from(words))
    after_us = draw(lengths())
    route = draw(st.one_of(st.sampled_from(CHANGES), st.sampled_from(ASKED)))
    body = draw(st.sampled_from(bodies_of(route)))
    n = draw(st.sampled_from((1, 1, 1, 2)))
    when = When(after_us=after_us, call=call if word else "", word=word)
    return request_of(route, body, when, call, n)


@cache
@st.composite
def courses(draw: Any, call: str = "caller", word: str = "answer", most: int = 4) -> list[Request]:
    """What is asked of the first recording of a call, one change after another."""
    after_us, asked = 0, []
    for route in draw(st.lists(st.sampled_from((*CHANGES[:1] * 4, *CHANGES)), max_size=most)):
        after_us += draw(lengths())
        when = When(after_us=after_us, call=call, word=word)
        asked.append(request_of(route, draw(st.sampled_from(bodies_of(route))), when, call))
    return asked


def request_of(route: Route, body: Body | None, when: When, call: str, n: int = 1) -> Request:
    """A request by a route about a call, and the `n`-th recording of it."""
    names = {
        "{call}": f"{{{call}}}",
        "{recording}": f"{{{call}.recording{'' if n == 1 else f'.{n}'}}}",
        "{conference}": f"{{{call}.conference}}",
        "{participant}": f"{{{call}}}",
        "{delivery}": NOBODY,
    }

    def named(text: Any) -> Any:
        if isinstance(text, list):
            return [named(one) for one in text]
        if isinstance(text, str):
            for name, meant in names.items():
                text = text.replace(name, meant)
        return text

    asked: dict[str, Any] = {"at": when, route.method.lower(): named(route.template)}
    if body is not None:
        asked[body.kind] = {name: named(value) for name, value in body.fields.items()}
    return Request.model_validate(asked)
