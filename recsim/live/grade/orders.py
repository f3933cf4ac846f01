"""Checks about the order of callbacks, and about their repetition: the shortest order that fails.

Every order of `in-progress` and `completed`, each up to twice, can come: callbacks go out one by
one, none waits for the other's answer, and what isn't answered in time is sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

from recsim.live.grade.grader import ABSENT, COMPLETED, IN_PROGRESS, Grader, Played, is_kept
from recsim.live.grade.parts import Finding, Kept, Step

MOST = 2
"""So often a word comes at most."""

NATURAL = (IN_PROGRESS, COMPLETED)


def orders(*words: str) -> list[tuple[str, ...]]:
    """Every order of these words, each none to `MOST` times, the shortest first."""
    found = {
        order
        for length in range(1, MOST * len(words) + 1)
        for order in permutations(words * MOST, length)
    }
    rank = {word: n for n, word in enumerate(words)}
    return sorted(found, key=lambda order: (len(order), [rank[word] for word in order]))


Fault = Callable[[Played], str]
"""What is wrong with how a receiver took an order; empty: nothing."""


async def searched(
    grader: Grader, recipe: str, wanted: list[tuple[str, ...]], fault: Fault
) -> Finding:
    """The shortest of the orders that has a fault; where none has, the last is shown."""
    played = Played((), ())
    for order in wanted:
        played = await grader.order(recipe, order)
        if told := fault(played):
            return Finding(told, played.steps, order)
    note = f"{len(wanted)} orders were tried" if len(wanted) > 1 else ""
    return Finding(steps=played.steps, note=note)


async def natural(grader: Grader) -> Finding:
    """As things happen."""
    return await searched(grader, "message", [NATURAL], lambda played: not_taken(played, COMPLETED))


async def completed_first(grader: Grader) -> Finding:
    """`completed` has overtaken `in-progress`, or nobody subscribed to that."""

    def fault(played: Played) -> str:
        first = played.first(IN_PROGRESS)
        if told := ended_badly(played, COMPLETED):
            return told
        if first is not None and not first.is_taken:
            return f"in-progress that came after completed {first.met}"
        return ""

    wanted = [order for order in orders(*NATURAL) if order[0] == COMPLETED]
    return await searched(grader, "message", wanted, fault)


async def late_in_progress(grader: Grader) -> Finding:
    """An `in-progress` that comes after the end, once the end was kept."""
    for final, recipe in ((COMPLETED, "message"), (ABSENT, "absent")):
        wanted = [
            order
            for order in orders(IN_PROGRESS, final)
            if final in order and IN_PROGRESS in order[order.index(final) :]
        ]
        found = await searched(grader, recipe, wanted, undone_by_in_progress(final))
        if found.fault:
            return found
    return found


def undone_by_in_progress(final: str) -> Fault:
    """What is said where a recording that was kept as `final` is so no longer."""

    def fault(played: Played) -> str:
        was = False
        for step in played.steps:
            rows = step.kept or ()
            if was and not is_kept(rows, final):
                return (
                    f"{final} was kept, and then {', '.join(r.status for r in rows) or 'nothing'}"
                )
            was = was or (step.word == final and is_kept(rows, final) and bool(rows))
        return ""

    return fault


def repeated() -> list[tuple[str, ...]]:
    """Orders that begin as usual, and repeat something."""
    return [
        order
        for order in orders(*NATURAL)
        if order[0] == IN_PROGRESS and len(set(order)) < len(order)
    ]


async def duplicates_answered(grader: Grader) -> Finding:
    """The same event delivered twice is taken twice."""

    def fault(played: Played) -> str:
        first: dict[str, Step] = {}
        for step in played.steps:
            before = first.setdefault(step.word, step)
            if before.is_taken and not step.is_taken:
                return f"{step.word} {before.met}, and again it {step.met}"
        return ""

    return await searched(grader, "message", repeated(), fault)


async def duplicates_kept(grader: Grader) -> Finding:
    """The same event delivered twice is one recording."""

    def fault(played: Played) -> str:
        rows = [(row.sid, row.status) for row in played.steps[-1].kept or ()]
        for sid, status in rows:
            if (times := rows.count((sid, status))) > 1:
                return f"recording {sid} is kept {times} times as {status}"
        return ""

    return await searched(grader, "message", repeated(), fault)


async def absent(grader: Grader) -> Finding:
    """A recording of which nothing can be used."""
    order = (IN_PROGRESS, ABSENT)
    return await searched(grader, "absent", [order], lambda played: not_taken(played, ABSENT))


def not_taken(played: Played, final: str) -> str:
    """What is wrong with any first answer, or with what is kept in the end."""
    for word in dict.fromkeys(played.order):
        step = played.first(word)
        if step is not None and word != final and not step.is_taken:
            return f"{word} {step.met}"
    return ended_badly(played, final)


def ended_badly(played: Played, final: str) -> str:
    """What is wrong with the answer to the word that ends a recording, or with what was kept."""
    step = played.first(final)
    if step is None:
        return ""
    if not step.is_taken:
        return f"{final} {step.met}"
    if step.kept is not None and not is_kept(step.kept, final):
        return f"{final} {step.met}, and {told_of(step.kept)}"
    return ""


def told_of(rows: tuple[Kept, ...]) -> str:
    """What is kept, for people."""
    statuses = [row.status or "no status" for row in rows]
    return f"{', '.join(statuses)} is kept" if statuses else "nothing is kept"
