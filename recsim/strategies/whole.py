"""Whole scenarios: somebody calls, a recording is made, requests are asked, things go wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

from recsim.scenario.parts import When
from recsim.scenario.people import Callee
from recsim.scenario.requests import Request
from recsim.scenario.schema import Scenario
from recsim.strategies.asked import courses, requests
from recsim.strategies.documents import Tag, adorned, document, texml, verbs
from recsim.strategies.faults import fault_plans
from recsim.strategies.lengths import draws, lengths
from recsim.strategies.people import stories
from recsim.strategies.sources import AGENT, ANSWER_URL, FROM, NEXT_URL, TO, Way, ways_of
from recsim.vendors.telnyx.readings import READINGS

NAMES = ("caller", "second", "third")
AGENTS = ("agent", AGENT), ("other", "+15550101")
ENDS = document([Tag("Hangup")])
REASONS = ("busy", "decline", "no_answer", "unreachable")
MOST_SEED = 9


@cache
@st.composite
def callees(draw: Any, number: str) -> Callee:
    """Somebody who picks up and hangs up again, or doesn't pick up."""
    given: dict[str, Any] = {"number": number}
    does = draw(st.sampled_from(("answers", "answers", "refuses", "rings out")))
    if does == "answers":
        given |= {"answers_after": draw(draws()), "story": draw(stories())}
    elif does == "refuses":
        given["refuses"] = draw(st.sampled_from(REASONS))
    return Callee.model_validate(given)


@cache
def other_readings(most: int = 1) -> st.SearchStrategy[dict[str, str]]:
    """Answers to what the documents leave open, where there are words to choose from."""
    rows = [row for row in READINGS if not isinstance(row.answers, str)]
    return st.lists(
        st.sampled_from(rows).flatmap(
            lambda row: st.tuples(st.just(row.key), st.sampled_from(row.answers))
        ),
        max_size=most,
    ).map(dict)


def asked(way: Way, call: str, name: str, after_us: int) -> Request:
    """The request by which a way makes a recording: on `call`, or of a call of this `name`."""
    at = When(after_us=after_us, call=call if way.word else "", word=way.word)
    post = way.path.replace("{call}", f"{{{call}}}")
    post = post.replace("{conference}", f"{{{call}.conference}}")
    given: dict[str, Any] = {"at": at, "post": post, way.body.kind: way.body.fields}
    return Request.model_validate({**given, **({"makes": name} if way.calls_agent else {})})


def base(way: Way, answer: str, names: Sequence[str]) -> dict[str, Any]:
    """What a scenario needs so that recordings are made in one way; `names` are of its calls."""
    data: dict[str, Any] = {
        "recsim": "1",
        "title": f"Recordings by {way.source}",
        "application": {"voice_url": ANSWER_URL},
        "documents": {ANSWER_URL: answer},
        **dict(way.account),
    }
    if not way.is_outbound:
        data["calls"] = {name: {"from": FROM, "to": TO} for name in names}
    if AGENT in answer or way.calls_agent:
        data["callees"] = {"agent": {"number": AGENT, "answers_after": 1_000_000}}
    return data


@st.composite
def scenarios(
    draw: Any,
    *,
    sources: Iterable[str] | None = None,
    calls: int = 2,
    faults: bool = True,
    readings: Mapping[str, str] | None = None,
) -> Scenario:
    """Scenarios that can be played and come to an end, with recordings of `sources` (None: all).

    At most so many `calls`; with `faults`, networks, receivers and storage fail too. A recording
    need not come to be: people may hang up before, and requests be refused. `readings` hold in all
    of them, and now and then another one is drawn.
    """
    way = draw(st.sampled_from(ways_of(sources)))
    names = NAMES[: draw(st.integers(1, min(calls, len(NAMES))))]
    answer = document(
        [draw(adorned(verb)) for verb in way.verbs] + draw(st.lists(verbs(), max_size=1))
    )
    data = base(way, answer, names)
    makes: list[Request] = []
    if way.is_outbound:
        makes = [asked(way, "", name, draw(lengths())) for name in names]
    elif way.path:
        makes = [asked(way, names[0], "made", draw(lengths()))]
    if not way.is_outbound:
        for n, name in enumerate(names):
            data["calls"][name] |= {
                "at": draw(lengths()) if n else 0,
                "story": draw(stories(cues=("answer",))),
            }
    if NEXT_URL.rpartition("/")[2] in answer:
        data["documents"][NEXT_URL] = draw(st.just(ENDS) | texml(1))
    else:
        data["documents"][NEXT_URL] = ENDS
    told = "".join(data["documents"].values())
    data["callees"] = {
        name: draw(callees(number))
        for name, number in AGENTS
        if number in told or (number == AGENT and way.calls_agent)
    }
    known = (*names, *(one.makes for one in makes if one.makes and not way.is_outbound))
    data["requests"] = [
        *makes,
        *draw(courses(names[0])),
        *draw(st.lists(requests(known), max_size=2)),
    ]
    data["readings"] = draw(other_readings()) | dict(readings or {})
    data["seed"] = draw(st.integers(1, MOST_SEED))
    if faults:
        plan = draw(fault_plans())
        data |= {"network": plan.network, "receiver": plan.receiver, "storage": plan.storage}
    return Scenario.model_validate(data)
