"""Checks about time and about audio: slow storage, links that are over, or lead nowhere."""

from __future__ import annotations

from recsim.live.grade.forgeries import callback
from recsim.live.grade.grader import COMPLETED, IN_PROGRESS, Grader, Signing, is_kept
from recsim.live.grade.orders import not_taken
from recsim.live.grade.parts import Finding, Step
from recsim.live.grade.shelf import Gate

LONG_AGO_S = 3600
"""Longer than a link lives."""

A_WHILE_S = 300
"""A delay in which a link still lives."""


async def in_time(grader: Grader) -> Finding:
    """Answers come before the vendor gives up, however slow the storage is."""
    made = grader.fresh("message", "in-time")
    limit_s, gate = grader.settings.timeout_s, Gate()
    grader.put(callback(made, COMPLETED), gate=gate)
    try:
        # Half as long again tells a slow answer from one in time; no more is waited for.
        steps = [await grader.send(one, timeout_s=1.5 * limit_s) for one in made]
    finally:
        gate.set()
    for step in steps:
        if step.took_s >= limit_s:
            told = f"{step.word} had no answer after {limit_s:g} s, when the vendor gives up"
            return Finding(told, (step,))
    return Finding(steps=tuple(steps))


async def cut_off(grader: Grader) -> Finding:
    """The first attempt took too long and was given up; the second must do."""
    made, gate = grader.fresh("message", "cut-off"), Gate()
    ends = callback(made, COMPLETED)
    grader.put(ends, gate=gate)
    steps = [await grader.send(callback(made, IN_PROGRESS))]
    try:
        first = await grader.send(ends, timeout_s=grader.settings.timeout_s)
        steps.append(first)
    finally:
        grader.put(ends)
    again = await grader.send(ends, Signing("again, after the first was given up"))
    gate.set()
    again = await grader.settled(again, lambda rows: is_kept(rows, COMPLETED))
    steps.append(again)
    note = "the first was answered in time, and sent again all the same" if first.status else ""
    if again.kept is not None and not is_kept(again.kept, COMPLETED):
        return Finding("completed came again, and is not kept", tuple(steps), note=note)
    return Finding(steps=tuple(steps), note=note)


async def downloaded(grader: Grader) -> Finding:
    """The audio is fetched while its link works."""
    made = grader.fresh("message", "download")
    played = await grader.deliver(made)
    ends = callback(made, COMPLETED)
    url = ends.params["RecordingUrl"]
    step = played.steps[-1]
    if await grader.fetched(url):
        return Finding(steps=(step,), note="the audio was asked for")
    if step.kept is None:
        why = "the audio was not asked for, and without a probe nobody knows what was kept of it"
        return Finding(unjudged=why, steps=(step,))
    if any(row.url.startswith(grader.shelf.bucket) for row in step.kept):
        told = "the audio was not asked for; what is kept is its link, which works for ten minutes"
        return Finding(told, (step,))
    return Finding(steps=(step,), note="no link is kept, and none was asked for")


async def expired(grader: Grader) -> Finding:
    """The callback is an hour late: its link answers 403."""
    return await plain(grader, "message", "expired", error="Expired", ago_s=LONG_AGO_S)


async def missing(grader: Grader) -> Finding:
    """The audio isn't there: its link answers 404."""
    return await plain(grader, "message", "missing", error="NoSuchKey")


async def no_link(grader: Grader) -> Finding:
    """A recording whose callbacks were to have no link."""
    return await plain(grader, "no link", "no-link")


async def delayed(grader: Grader) -> Finding:
    """Callbacks that come minutes after what they tell."""
    return await plain(grader, "message", "delayed", ago_s=A_WHILE_S)


async def other_method(grader: Grader) -> Finding:
    """Callbacks by the method that the others don't take."""
    method = "POST" if grader.settings.method == "GET" else "GET"
    return await plain(grader, "message", "method", method=method)


async def paused(grader: Grader) -> Finding:
    """A recording that was paused: shorter than from its start to its end."""
    found = await plain(grader, "paused", "paused")
    if found.fault or not found.steps[-1].kept:
        return found
    wanted = callback(grader.fresh("paused", "paused"), COMPLETED).params["RecordingDuration"]
    for row in found.steps[-1].kept:
        if row.duration and seconds(row.duration) != int(wanted):
            told = f"a recording of {wanted} s is kept with {row.duration} s"
            return Finding(told, found.steps)
    return found


def seconds(text: str) -> float:
    """A duration as somebody keeps it; -1 where that is no number."""
    try:
        return float(text)
    except ValueError:
        return -1


async def plain(
    grader: Grader, recipe: str, check: str, *, method: str = "", error: str = "", ago_s: int = 0
) -> Finding:
    """Callbacks in their natural order, where something else is unusual."""
    made = grader.fresh(recipe, check, method=method, ago_s=ago_s)
    for one in made:
        grader.put(one, error)
    played = await grader.deliver(made)
    return Finding(not_taken(played, COMPLETED), played.steps)


async def two(grader: Grader) -> Finding:
    """Two recordings of one call."""
    played = await grader.deliver(grader.fresh("two", "two"))
    for step in played.steps:
        if not step.is_taken:
            return Finding(f"{step.word} of {step.sid} {step.met}", played.steps)
    last: dict[str, Step] = {step.sid: step for step in played.steps}
    if grader.probe is not None:
        for sid in last:
            if not is_kept(await grader.rows(sid), COMPLETED):
                return Finding(f"one of two recordings is not kept: {sid}", played.steps)
    return Finding(steps=played.steps)
