"""What a search chose, as lengths, and the scenario in which nothing is open that plays them.

From a question to its answer, from a step of a story to the next: other lengths can be tried, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from recsim.core.commands import Answer
from recsim.core.story import Step, Story
from recsim.orders.situation import ATTEMPT, FETCH, STORE
from recsim.scenario import people, surroundings
from recsim.scenario.people import Callee
from recsim.scenario.schema import Scenario


class Reply(NamedTuple):
    """How a question was answered, in the order of the run."""

    kind: str
    after_us: int
    answer: Answer | None
    """None: as the scenario says anyway."""


class Played(NamedTuple):
    """What somebody did on a leg."""

    leg: int
    call: str
    """The call that came in, or the number that was dialed."""
    is_caller: bool
    story: Story
    """Each step with the delay that it had in the end."""


@dataclass
class Script:
    """What happened in a run that the scenario left open."""

    replies: list[Reply] = field(default_factory=list)
    people: list[Played] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """The steps, as people read them."""


def scenario_of(scenario: Scenario, script: Script, title: str) -> Scenario:
    """A scenario in which nothing is open: it plays the script."""
    calls, callees = dict(scenario.calls), dict(scenario.callees)
    numbers = {callee.number: name for name, callee in callees.items()}
    for one in script.people:
        if one.is_caller:
            story = steps_of(one.story)
            calls[one.call] = calls[one.call].model_copy(update={"story": story})
        elif one.call in numbers:
            name = numbers[one.call]
            callees[name] = callee_of(callees[name], one.story)
    calls = {name: closed(call) for name, call in calls.items()}
    callees = {name: closed(callee) for name, callee in callees.items()}
    by_kind: Mapping[str, list[Reply]] = {
        kind: [reply for reply in script.replies if reply.kind == kind]
        for kind in (FETCH, ATTEMPT, STORE)
    }
    return scenario.model_copy(
        update={
            "title": title,
            "about": "",
            "calls": calls,
            "callees": callees,
            "application": scenario.application.model_copy(
                update={"in_order": list(map(answered, by_kind[FETCH]))}
            ),
            "receiver": scenario.receiver.model_copy(
                update={"in_order": list(map(answered, by_kind[ATTEMPT])), "down": None}
            ),
            "storage": scenario.storage.model_copy(
                update={"in_order": list(map(kept, by_kind[STORE]))}
            ),
            "network": surroundings.Network(),
            "expect": [],
        }
    )


def answered(reply: Reply) -> surroundings.Answered:
    """How a question was answered, as a file has it."""
    answer = reply.answer and (reply.answer.failure or reply.answer.status)
    return surroundings.Answered.model_construct(after=reply.after_us, answer=answer)


def kept(reply: Reply) -> surroundings.Kept:
    """How a recording was stored, as a file has it."""
    failure = reply.answer.failure if reply.answer else ""
    return surroundings.Kept.model_construct(after=reply.after_us, failure=failure)


def closed(one: Any) -> Any:
    """Somebody who does nothing at any time."""
    steps: list[people.Step] = []
    for step in one.story:
        if isinstance(step, people.AnyTime):
            break
        steps.append(step)
    return one if len(steps) == len(one.story) else one.model_copy(update={"story": steps})


def callee_of(callee: Callee, story: Story) -> Callee:
    """A callee who does what was done on a leg that they were dialed on."""
    update: dict[str, Any] = {"rings": False, "rings_after": 0, "answers_after": None,
                              "refuses": None, "refuses_after": None, "story": []}  # fmt: skip
    so_far_us = 0
    for n, step in enumerate(story):
        so_far_us += step.after_us
        if step.do == "ring":
            update["rings"], update["rings_after"], so_far_us = None, so_far_us, 0
        elif step.do == "pick_up":
            update["answers_after"], update["story"] = so_far_us, steps_of(story[n + 1 :])
            break
        else:
            update["refuses"] = step.arg or "decline"
            update["refuses_after"] = so_far_us
            break
    if update["rings"] is False and not any(step.do == "ring" for step in story):
        update["rings_after"] = 0
    if callee.rings is not None and update["rings"] is None:
        update["rings"] = callee.rings
    return callee.model_copy(update=update)


def steps_of(story: Sequence[Step]) -> list[people.Step]:
    """Steps of a story, as a file has them."""
    steps: list[people.Step] = []
    speaks: dict[str, Any] | None = None
    for step in story:
        if step.cue:
            steps.append(people.Wait.model_construct(wait=step.cue))
        if speaks is not None:
            says = step.arg if step.do == "silent" and step.arg else ""
            steps.append(people.Speak.model_construct(speak=step.after_us, says=says))
        elif step.after_us:
            steps.append(people.Wait.model_construct(wait=step.after_us))
        speaks = None
        if step.do == "speak":
            speaks = {}
        elif step.do == "press":
            steps.append(people.Press.model_construct(press=step.arg))
        elif step.do == "hang_up":
            steps.append("hang_up")
    if speaks is not None:  # until the end
        steps.append(people.Speak.model_construct(speak=3_600_000_000))
    return steps
