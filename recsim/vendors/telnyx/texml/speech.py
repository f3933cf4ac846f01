"""What a caller hears and says: `<Say>`, `<Play>`, and `<Gather>`, which has both inside."""

from __future__ import annotations

from recsim.core.entities import NEVER
from recsim.core.units import SECOND_US, found
from recsim.core.verbs.gather import Gather
from recsim.core.verbs.pause import Pause
from recsim.core.verbs.play import Play
from recsim.core.verbs.say import Say
from recsim.vendors.telnyx.elements import Element, Text
from recsim.vendors.telnyx.texml.attributes import GATHER
from recsim.vendors.telnyx.texml.reader import Reader, Values, tones_us
from recsim.vendors.telnyx.texml.values import AUTO
from recsim.vendors.telnyx.texml.vocabulary import SSML, nouns_of

AUTO_US = SECOND_US
"""Silence after speech that ends a `<Gather>` whose `speechTimeout` is `auto`; assumed."""


def say(reader: Reader, element: Element, values: Values) -> Say | None:
    """`<Say>`, as long as its words take (Q 72); assumed: without words it takes no time."""
    words = len(spoken(reader, element).split())
    if not words:
        reader.lacking(element, "words")
        return None
    once_us = words * reader.settled.say_us_per_word
    return Say(element.line, once_us * values["loop"] if values["loop"] else NEVER)


def spoken(reader: Reader, element: Element) -> str:
    """The text inside, of its elements too; elements that aren't SSML are noted."""
    pieces = []
    for item in element.content:
        if isinstance(item, Text):
            pieces.append(item.text)
            continue
        if item.name not in SSML:
            text = f"{found(item.name)} is nothing Say takes; only its text is spoken"
            reader.note((item.line, item.column), "unknown-child", text)
        gap = SSML.get(item.name, " ")
        pieces += (gap, spoken(reader, item), gap)
    return "".join(pieces)


def play(reader: Reader, element: Element, values: Values) -> Play | Pause | None:
    """`<Play>`; tones, which nobody needs to hear, are waited for.

    Assumed: a URL goes before `digits`, and tones are sent once whatever `loop` says.
    """
    reader.childless(element)
    url, digits, place = element.text(), values["digits"], (element.line, element.column)
    if url:
        return Play(element.line, reader.url(place, "Play", url), values["loop"])
    if digits:
        return Pause(element.line, tones_us(digits))
    reader.lacking(element, "URL")
    return None


def gather(reader: Reader, element: Element, values: Values) -> Gather:
    """`<Gather>`; its action uses the application's method (docs gather).

    Assumed: `numDigits` goes before `maxDigits`, and no more keys are required than can be
    pressed; without `speechTimeout`, `timeout` holds for speech too.
    """
    reader.stray(element)
    if values["partialResultCallback"]:
        said = "partial results are not simulated; nothing is sent there"
        reader.without_effect(element, "partialResultCallback", said)
    prompts = prompts_of(reader, element)
    hears_keys, hears_speech = values["input"]
    least, most = bounds(reader, element, values)
    speech_us = values["timeout"] if values["speechTimeout"] is None else values["speechTimeout"]
    return Gather(
        element.line,
        prompts=prompts,
        action=values["action"],
        method="",
        timeout_us=values["timeout"],
        hears_keys=hears_keys,
        hears_speech=hears_speech,
        speech_timeout_us=AUTO_US if speech_us == AUTO else speech_us,
        finish_on_key=values["finishOnKey"],
        least=least,
        most=most,
        valid=values["validDigits"],
        invalid_action=values["invalidDigitsAction"],
    )


def prompts_of(reader: Reader, element: Element) -> tuple[Say | Play, ...]:
    """What is heard while keys or speech are waited for."""
    if not element.children():
        return ()
    prompts: list[Say | Play] = []
    for noun in reader.nouns(element, nouns_of("Gather", simulated=True)):
        make = say if noun.name == "Say" else play
        row = make(reader, noun, reader.values(noun))
        if isinstance(row, Pause):  # tones: heard for so long, as words would be
            row = Say(row.line, row.length_us)
        if row is not None:
            prompts.append(row)
    return tuple(prompts)


def bounds(reader: Reader, element: Element, values: Values) -> tuple[int, int]:
    """The fewest keys that are input, and how many end it."""
    number, most = values["numDigits"], values["maxDigits"]
    if number is not None:
        if most not in (number, GATHER["maxDigits"].default):
            text = f"maxDigits: {most} contradicts numDigits, which is {number}; that is used"
            reader.note(element.places["maxDigits"], "digits-disagree", text)
        most = number
    if values["minDigits"] > most:
        text = f"minDigits: {values['minDigits']} is more than can be pressed; {most} is used"
        reader.note(element.places["minDigits"], "digits-disagree", text)
    return min(values["minDigits"], most), most
