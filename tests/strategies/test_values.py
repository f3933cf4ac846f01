"""Strategies make values that are valid, reach what there is, and shrink to the plain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, find, given, seed, settings
from hypothesis import strategies as st

import recsim
from recsim.scenario.dump import dumps
from recsim.scenario.load import loads
from recsim.scenario.run import Run
from recsim.scenario.schema import Scenario
from recsim.scenario.surroundings import Network, Receiver, Storage
from recsim.strategies import (
    broken_scenarios,
    fault_plans,
    requests,
    scenarios,
    stories,
    texml,
)
from recsim.strategies.asked import ASKED, MAKE_CALLS
from recsim.strategies.broken import NEEDED, STRAY, WRONG, inner
from recsim.strategies.documents import HARMLESS, SIMULATED, verbs
from recsim.strategies.sources import AGENT, FROM, SOURCES, TO, WAYS, ways_of
from recsim.vendors.telnyx import defaults
from recsim.vendors.telnyx.lifecycle import RECORDING
from recsim.vendors.telnyx.rest.routes import ROUTES
from recsim.vendors.telnyx.texml.attributes import ATTRIBUTES
from recsim.vendors.telnyx.texml.vocabulary import nouns_of
from recsim.vendors.telnyx.vendor import Telnyx


def tried(examples: int) -> settings:
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def reached(wanted: set[Any], strategy: st.SearchStrategy[Any], look: Callable[[Any], Any]) -> Any:
    """What values show to `look`, seed by seed, until that is all that is wanted, or two thousand.

    One long run of Hypothesis stays near what it drew before; many short ones don't.
    """
    found: set[Any] = set()
    for n in range(40):

        @seed(n)
        @settings(tried(50), derandomize=False)
        @given(strategy)
        def play(made: Any) -> None:
            found.update(look(made))

        play()
        if found >= wanted:
            break
    return found


def scenario(**given: object) -> Scenario:
    caller = {"from": FROM, "to": TO, **given.pop("caller", {})}
    start = {"recsim": "1", "title": "t", "application": {"voice_url": "https://app.test/answer"}}
    return Scenario.model_validate({**start, "calls": {"caller": caller}, **given})


def read_back(written: Scenario) -> Scenario:
    return loads(dumps(written)).scenario


# Documents.


@tried(150)
@given(texml())
def test_documents_are_followed_without_anything_being_passed_over(text):
    found = Telnyx(1, 0).parse(text)

    assert found.verbs or "<Stop>" in text or "<Response>" in text
    assert {finding.rule for finding in found.findings} <= HARMLESS


@pytest.mark.parametrize("name", SIMULATED)
def test_every_verb_and_noun_comes_with_every_attribute(name):
    """Of a verb that is new to the vocabulary, too: there is no second list."""
    reached: dict[str, set[str]] = {}

    @tried(200)
    @given(verbs(name))
    def gather(verb):
        for tag in (verb, *verb.inside):
            reached.setdefault(tag.name, set()).update(dict(tag.attributes))

    gather()

    nouns = nouns_of(name, simulated=True) or nouns_of(name, simulated=False)
    assert set(reached) == {name, *nouns}
    # Of twenty attributes and more, some may take longer to come.
    assert len(set(ATTRIBUTES[name]) - reached[name]) <= len(ATTRIBUTES[name]) // 3


# People, requests, faults.


@tried(60)
@given(stories(cues=("answer", "beep")), fault_plans())
def test_stories_and_faults_are_parts_of_a_scenario(story, plan):
    whole = scenario(caller={"story": story}, **plan._asdict())

    assert read_back(whole) == whole
    assert story[-1] == "hang_up"


def test_every_route_is_asked_for_and_none_without_being_understood():
    wanted, asked = {row.template for row in ASKED}, set[str]()

    def ask(request):
        route = next(
            row.template
            for row in ROUTES
            if row.method == request.method and row.path.fullmatch(request.path)
        )
        if route not in asked:
            asked.add(route)
            whole = scenario(requests=[request])
            assert read_back(whole) == whole
        return {route}

    assert reached(wanted, requests(), ask) == wanted
    assert len(ROUTES) - len(ASKED) == len(MAKE_CALLS)


# Whole scenarios.


def test_every_way_to_make_a_recording_is_there():
    assert [way.made_by for way in WAYS] == sorted(
        [row.made_by for row in defaults.SOURCES], key=[way.made_by for way in WAYS].index
    )
    assert set(SOURCES) == {row.source for row in defaults.SOURCES}


def test_a_source_that_there_is_not_is_told_with_those_that_there_are():
    with pytest.raises(ValueError, match="got 'RecordVrb'; did you mean RecordVerb"):
        ways_of(["RecordVrb"])


def sources_of(run: Run) -> set[str]:
    views = [row["texml_create"] for row in run.recordings if row["texml_create"]]
    views += [row["v2"] and {"source": row["v2"]["initiated_by"]} for row in run.recordings]
    return {view["source"] for view in views if view}


def moves_of(run: Run) -> set[tuple[str, str]]:
    return {
        (line["source"], line["trigger"])
        for line in run.trace
        if line["kind"] == "move" and line["lifecycle"] == "recording"
    }


def test_scenarios_play_and_reach_every_source():
    """Each run is watched: it raises where an invariant doesn't hold."""

    def play(made):
        loaded = loads(dumps(made))
        assert loaded.scenario == made
        return sources_of(recsim.run(loaded))

    assert reached(set(SOURCES), scenarios(), play) == set(SOURCES)


def test_scenarios_reach_every_row_that_moves_a_recording():
    wanted = {(row.source, row.trigger) for row in RECORDING.rules if row.dest}
    drawn = scenarios(
        sources=["RecordVerb"], calls=1, readings={"max_length_counts_paused": "true"}
    )

    assert reached(wanted, drawn, lambda made: moves_of(recsim.run(made))) == wanted


@pytest.mark.parametrize("source", SOURCES)
def test_sources_can_be_chosen(source):
    @tried(6)
    @given(scenarios(sources=[source], calls=1, faults=False))
    def play(made):
        assert made.title == f"Recordings by {source}"

    play()


# Shrinking.


def test_a_failure_shrinks_to_a_call_with_one_recording_and_nothing_more():
    def is_kept(made: Scenario) -> bool:
        return any(row["status"] == "completed" for row in recsim.run(made).recordings)

    small = find(scenarios(), is_kept, settings=tried(60))

    assert list(small.calls) == ["caller"]
    assert len(small.calls["caller"].story) <= 2
    assert not small.requests
    assert not small.readings
    assert small.network == scenario().network
    assert small.receiver == scenario().receiver
    assert len(dumps(small).splitlines()) <= 22


def test_a_fault_shrinks_to_one_attempt():
    plan = find(fault_plans(), lambda plan: [] in plan.network.arrivals, settings=tried(100))

    assert plan.network == Network(arrivals=[[]])
    assert (plan.receiver, plan.storage) == (Receiver(), Storage())


# Broken ones.


@tried(150)
@given(broken_scenarios())
def test_broken_ones_are_refused_at_the_line_of_the_fault(text):
    with pytest.raises(recsim.ScenarioError) as told:
        loads(text)

    assert told.value.faults
    assert all(fault.line and fault.text for fault in told.value.faults)


def test_each_way_to_break_one_is_a_single_fault():
    def faults(text: str) -> int:
        with pytest.raises(recsim.ScenarioError) as told:
            loads(text)
        return len(told.value.faults)

    from recsim.scenario.dump import texts, written

    base = find(scenarios(sources=["RecordVerb"], calls=1, faults=False), lambda _: True)
    counts = {}
    for path, value in WRONG:
        data = texts(base)
        inner(data, path)[path[-1]] = value
        counts[path, str(value)] = faults(written(data))
    for path in NEEDED:
        data = texts(base)
        del inner(data, path)[path[-1]]
        counts[path, ""] = faults(written(data))
    for stray in STRAY:
        counts[(), stray] = faults(written(texts(base)) + stray)

    assert {what: count for what, count in counts.items() if count != 1} == {}


# Round trips.


@tried(60)
@given(scenarios(), st.integers(0, 3))
def test_what_is_read_back_plays_to_the_same_bytes(made, seed):
    assume(made.title)

    assert recsim.run(loads(dumps(made)), seed=seed).lines == recsim.run(made, seed=seed).lines


def test_the_agent_of_documents_is_whom_sources_call():
    from recsim.strategies.documents import TEXTS

    assert AGENT in TEXTS["Number"]
