"""Any line of a trace in people's words: those of the timeline, and of what that passes over."""

from __future__ import annotations

from collections.abc import Callable

from recsim.core.units import format_duration
from recsim.scenario.written import Line, Written, WrittenError
from recsim.show.timeline import Timeline

MOVE = "{lifecycle} {entity} goes from {source} to {dest}: {trigger}"


def answer(line: Line) -> str:
    """A status, or why there was none."""
    return str(line["failure"] or line["status"])


def timer(line: Line) -> str:
    """Which timer ran out."""
    return TIMERS.get(line["name"], f"the timer {line['name']!r} runs out")


#: What is said of timers, by their names.
TIMERS = {
    "beep": "the beep is over",
    "send": "a callback is due to be sent",
    "silence": "it has been silent for too long",
    "limit": "the recording is as long as it may be",
    "retention": "the recording has been kept for as long as it is",
    "verb": "the time of the verb is over",
    "ring": "it has rung for as long as it may",
    "time limit": "the call has lasted as long as it may",
    "stay": "the stay in the conference is as long as it may be",
    "queue": "the wait in the queue is as long as it may be",
    "conference": "the conference has lasted as long as it may",
    "prompt": "what was to be heard has been heard",
    "tones": "the keys have been sent",
}

#: What is said of a line that the timeline passes over, by its kind.
SAY: dict[str, Callable[[Line], str]] = {
    "opened": lambda line: f"the call session {line['title']} is opened",
    "convened": lambda line: f"conference {line['room']} is made",
    "move": lambda line: MOVE.format(**line),
    "due": timer,
    "drop": lambda _: "the leg is gone",
    "fetched": lambda line: f"the application answers {answer(line)}",
    "outcome": lambda line: f"the receiver answers {answer(line)}",
    "store": lambda line: f"{format_duration(line['captured_us'])} are to be stored",
    "stored": lambda line: f"storage fails: {line['reason']}" if line["reason"] else "it is stored",
    "quiet": lambda _: "nothing is open in the call session any more",
    "cue": lambda line: f"can perceive {line['word']}",
}


def words(written: Written) -> dict[int, str]:
    """What is said of each line of the trace, by its seq. Raises WrittenError."""
    try:
        told = {line["seq"]: f"{item.call}: {item.text}" for line, item in Timeline(written).told()}
        for line in written.trace:
            if line["seq"] not in told:
                say = SAY.get(line["kind"])
                told[line["seq"]] = say(line) if say else line["kind"]
    except (LookupError, TypeError, ValueError, StopIteration) as error:
        text = f"its three files don't belong together, or aren't whole ({error!r})"
        raise WrittenError(written.name, text) from None
    return told
