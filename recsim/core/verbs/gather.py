"""`<Gather>`: collect keys or speech, while prompts are heard or after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsim.core.commands import Speech
from recsim.core.documents import resolve
from recsim.core.entities import NEVER, CallLeg
from recsim.core.verbs.base import Exit, Go, Next, Verb
from recsim.core.verbs.play import Play, length_us
from recsim.core.verbs.say import Say, hush

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Gather(NamedTuple):
    """A row of a document."""

    line: int
    prompts: tuple[Say | Play, ...]
    """Heard one after another, until a key or speech cuts them off."""
    action: str
    """Empty: the next verb follows."""
    method: str
    """Empty: the method of the application on file."""
    timeout_us: int
    """How long a key is waited for, after the prompts and after each key."""
    hears_keys: bool
    hears_speech: bool
    speech_timeout_us: int
    """Silence after speech that ends it."""
    finish_on_key: str
    """Keys that end it and don't count."""
    least: int
    """Fewer keys than this are no input."""
    most: int
    """So many keys end it."""
    valid: str
    """Keys that count as input; all of them, when empty."""
    invalid_action: str
    """Takes the place of `action` when another key was among them; empty: it is no input."""


class Gathered(NamedTuple):
    """How far it has come."""

    prompt: int = 0
    """Index of the prompt that is heard; the number of prompts: none any more."""
    digits: str = ""
    words: str = ""
    has_spoken: bool = False


def begin(platform: Platform, leg: CallLeg, verb: Gather) -> None:
    """Begin with the first prompt."""
    leg.progress = Gathered()
    _prompt(platform, leg, verb)


def _prompt(platform: Platform, leg: CallLeg, verb: Gather) -> None:
    """Let the prompt whose turn it is be heard; after the last one, the clock runs."""
    n = leg.progress.prompt
    if n == len(verb.prompts):
        platform.arm(leg.key, "verb", verb.timeout_us)
        return
    prompt = verb.prompts[n]
    heard_us = prompt.length_us if isinstance(prompt, Say) else length_us(platform, leg, prompt)
    leg.sound += (platform.now_us,)
    if heard_us != NEVER:
        platform.arm(leg.key, "prompt", heard_us)


def prompt_due(platform: Platform, key: int) -> None:
    """A prompt has been heard: the next one."""
    leg = platform.legs[key]
    assert isinstance(leg.verb, Gather)
    hush(platform, leg)
    leg.progress = leg.progress._replace(prompt=leg.progress.prompt + 1)
    _prompt(platform, leg, leg.verb)


def _cut_off(platform: Platform, leg: CallLeg, verb: Gather) -> None:
    """No prompt is heard any more."""
    hush(platform, leg)
    platform.cancel(leg.key, "prompt")
    leg.progress = leg.progress._replace(prompt=len(verb.prompts))


def pressed(platform: Platform, leg: CallLeg, verb: Gather, digit: str) -> None:
    """A key ends it, or is kept; the clock begins anew (assumed)."""
    if not verb.hears_keys:
        return
    _cut_off(platform, leg, verb)
    if digit in set(verb.finish_on_key):
        platform.turn(leg)
        return
    digits = leg.progress.digits + digit
    leg.progress = leg.progress._replace(digits=digits)
    if len(digits) == verb.most:
        platform.turn(leg)
    else:
        platform.arm(leg.key, "verb", verb.timeout_us)


def spoke(platform: Platform, leg: CallLeg, verb: Gather, speech: Speech) -> None:
    """Speech cuts prompts off; silence after it ends the verb."""
    if not verb.hears_speech:
        return
    _cut_off(platform, leg, verb)
    if speech.on:
        leg.progress = leg.progress._replace(has_spoken=True)
        platform.cancel(leg.key, "verb")
    elif leg.progress.has_spoken:
        words = f"{leg.progress.words} {speech.words}".strip()
        leg.progress = leg.progress._replace(words=words)
        platform.arm(leg.key, "verb", verb.speech_timeout_us)


def abandon(platform: Platform, leg: CallLeg, verb: Gather) -> None:
    """Nothing is heard or waited for any more."""
    hush(platform, leg)
    platform.cancel(leg.key, "prompt")
    platform.cancel(leg.key, "verb")


def finish(platform: Platform, leg: CallLeg, verb: Gather) -> Exit:
    """The action request if there was input; else, or without an action, the next verb.

    Source: docs gather. Assumed: on a hang-up no request is made.
    """
    abandon(platform, leg, verb)
    progress: Gathered = leg.progress
    if platform.is_over(leg):
        return Next()
    digits = progress.digits if len(progress.digits) >= verb.least else ""
    action = verb.action
    if verb.valid and not set(digits) <= set(verb.valid):
        digits, action = "", verb.invalid_action
    elif not digits and not progress.has_spoken:
        return Next()
    if not action:
        return Next()
    session = platform.sessions[leg.session]
    message = platform.vendor.gather_action(session, leg, digits, progress.words)
    method = verb.method or session.application.voice_method
    return Go(resolve(leg.document_url, action), method, message)


GATHER = Verb("gather", begin, finish, pressed, spoke, abandon, nests=True)
