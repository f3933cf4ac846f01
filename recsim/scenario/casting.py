"""From the people of a scenario to those of its world: their stories, and who has which number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from recsim.core.commands import Invite
from recsim.core.entities import Application
from recsim.scenario import parts, people, schema
from recsim.world import callees
from recsim.world.draws import Length, constant
from recsim.world.plan import CallPlan
from recsim.world.stories import Draft, told

ANY_TIME = Length("uniform", (0, 30_000_000))
"""When a step comes that may come at any time, from there on (assumed)."""


def calls_of(scenario: schema.Scenario, seed: int, application: Application) -> list[CallPlan]:
    """Who calls, in the order of their moments: every draw of a caller's story is made here."""
    calls = [
        CallPlan(
            call.at,
            Invite(name, call.from_, call.to, application),
            told(drafted(call.story), seed, f"story {name}"),
        )
        for name, call in scenario.calls.items()
    ]
    return sorted(calls, key=lambda call: call.at_us)


def callees_of(scenario: schema.Scenario) -> dict[str, callees.Callee]:
    """Whom the platform can call, by number: what they do is drawn each time it does."""
    return {
        callee.number: callees.Callee(
            name,
            length_of(callee.rings_after),
            None if callee.answers_after is None else length_of(callee.answers_after),
            callee.refuses or "",
            length_of(callee.refuses_after or 0),
            drafted(callee.story),
            callee.rings,
        )
        for name, callee in scenario.callees.items()
    }


def drafted(steps: Iterable[people.Step]) -> tuple[Draft, ...]:
    """Steps of the file as those of a story: waits and silences become delays of what follows."""
    return tuple(draft for _, draft in numbered(steps))


def numbered(steps: Iterable[people.Step]) -> list[tuple[int, Draft]]:
    """Steps of a story, each with the number of the file's step that it comes from, from 0."""
    story: list[tuple[int, Draft]] = []
    cue, lengths, is_open = "", list[tuple[int, Length]](), False

    def add(do: str, arg: Any = None) -> None:
        nonlocal cue, is_open
        story.append((n, Draft(cue, tuple(lengths), do, arg, is_open)))
        cue, is_open = "", False
        lengths.clear()

    for n, each in enumerate(steps):
        step: people.Plain
        if isinstance(each, people.AnyTime):
            if cue or lengths:  # what it waits for comes before the time that it has
                add("wait")
            step, is_open = each.any_time, True
            lengths.append((-1 - n, ANY_TIME))  # a draw of its own
        else:
            step = each
        match step:
            case people.Wait(wait=str() as word):
                if cue:  # two cues in a row: the first is only waited for
                    add("wait")
                cue = word
                lengths.clear()
            case people.Wait(wait=draw) | people.Silent(silent=draw):
                lengths.append((n, length_of(draw)))
            case people.Speak(speak=draw):
                add("speak")
                lengths.append((n, length_of(draw)))
                add("silent", step.says or None)
            case people.Press():
                add("press", step.press)
            case _:
                add("hang_up")
    return story


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
