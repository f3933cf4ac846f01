"""Checks about who sent a callback, and what a receiver makes of what it doesn't know."""

from __future__ import annotations

from collections.abc import Iterable

from recsim.live.grade.grader import COMPLETED, IN_PROGRESS, Grader, Signing, is_kept
from recsim.live.grade.material import rewritten
from recsim.live.grade.orders import told_of
from recsim.live.grade.parts import Callback, Finding, Kept, Step

STALE_S = 301
"""Older than the vendor's own client takes (five minutes)."""


def callback(made: Iterable[Callback], word: str) -> Callback:
    """The first callback of a word."""
    return next(one for one in made if one.word == word)


def never(_: tuple[Kept, ...]) -> bool:
    """What is kept is looked at for as long as it may take."""
    return False


async def forged(grader: Grader, check: str, signings: Iterable[Signing]) -> Finding:
    """What becomes of callbacks that nobody should believe."""
    steps: list[Step] = []
    for signing in signings:
        one = callback(grader.fresh("message", check), COMPLETED)
        if signing.body == "tampered":
            other = rewritten(one, {"RecordingDuration": "3599"})
            if one.method == "GET":  # what is signed of a GET has no parameters in it
                continue
            signing = signing._replace(body=other.body)  # noqa: PLW2901
        step = await grader.send(one, signing)
        if step.is_taken:
            step = await grader.settled(step, never)
        elif grader.probe is not None:
            step = step._replace(kept=await grader.rows(step.sid))
        steps.append(step)
        if step.kept:
            return Finding(f"{step.said} {step.met}, and kept", (step,))
        if step.is_taken and step.kept is None:
            return Finding(f"{step.said} {step.met}", (step,))
    return Finding(steps=tuple(steps))


async def signature(grader: Grader) -> Finding:
    """Callbacks that somebody else wrote."""
    return await forged(
        grader,
        "signature",
        (
            Signing("signed by a stranger", by_stranger=True),
            Signing("changed after it was signed", body="tampered"),
            Signing("not signed", is_left_out=True),
        ),
    )


async def stale(grader: Grader) -> Finding:
    """A callback that was signed long ago, and is played back."""
    return await forged(
        grader, "stale", [Signing(f"signed {STALE_S} s ago, and rightly", age_s=STALE_S)]
    )


async def unknown(grader: Grader) -> Finding:
    """Words, parameters and messages that come with a later version of the API."""
    strange = rewritten(
        callback(grader.fresh("message", "unknown"), IN_PROGRESS), {"RecordingStatus": "archived"}
    )
    steps = [
        await grader.send(strange._replace(word="archived"), Signing("a status there never was"))
    ]
    made = grader.fresh("message", "unknown")
    await grader.send(callback(made, IN_PROGRESS))
    more = rewritten(callback(made, COMPLETED), {"RecordingMood": "cheerful"})
    step = await grader.send(more, Signing("with a parameter there never was"))
    steps.append(await grader.settled(step, lambda rows: is_kept(rows, COMPLETED)))
    ends = callback(grader.fresh("call", "unknown"), "call completed")
    steps.append(await grader.send(ends, Signing("of a call, not of a recording")))
    hook = callback(grader.fresh("webhook", "unknown", method="POST"), "webhook call.hangup")
    steps.append(await grader.send(hook, Signing("a JSON webhook")))
    for step in steps[:2]:
        if not step.is_taken:
            return Finding(f"{step.said} {step.met}", (step,))
    if steps[1].kept is not None and not is_kept(steps[1].kept, COMPLETED):
        return Finding(f"{steps[1].said}: {told_of(steps[1].kept)}", (steps[1],))
    for step in steps[2:]:
        if not step.status or step.status >= 500:
            return Finding(f"{step.said} {step.met}", (step,))
    return Finding(steps=tuple(steps))
