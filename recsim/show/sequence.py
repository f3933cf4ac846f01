"""A run as a Mermaid sequence diagram: who told whom what, when, and what got lost on its way.

Told in the words of the timeline. Messages stand where they arrive, so that what was overtaken on
its way is seen to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from recsim.scenario.run import Run
from recsim.scenario.units import parse_moment
from recsim.scenario.written import Line
from recsim.show.timeline import Item, Timeline, cut, message_name

MARK = "/"
"""Stands before the name of whoever isn't a person: a person may be called receiver too."""

VENDOR, APPLICATION, RECEIVER, CLIENT = "/Telnyx", "/application", "/receiver", "/client"

#: In the order in which they stand, right of the people.
MACHINES = (VENDOR, APPLICATION, RECEIVER, CLIENT)

MOST = 100
"""Arrows and notes of a diagram; of a longer run the start and the end are shown."""

AT_THE_END = 30
"""How many of them are the last ones."""

LONGEST = 80
"""Characters of a label. With `MOST` labels, a diagram stays below Mermaid's 50,000 characters."""

#: What people tell the platform, and what it tells them, by the kind of a line.
SAID = ("invite", "ringing", "answered", "refused", "transferred", "speech", "pressed", "hung-up")
HEARD = ("ring", "transfer", "cue")

#: Why a message has not arrived.
UNREACHED = ("lost", "refused")

ESCAPED = {
    "#": "#35;",
    ";": "#59;",
    "<": "#lt;",
    ">": "#gt;",
    "&": "#amp;",
    "%": "#37;",
    "$": "#36;",
}
#: Characters that mean something to Mermaid, and two words that do when such a character follows.
MEANS = re.compile(r"[#;<>&%$]|styl(?=e)|classDe(?=f)")
#: What every path of the REST API begins with: without it there is room for what is asked.
ACCOUNT = re.compile(r"/v2/(?:texml/Accounts/[^/ ]+/)?")
BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Arrow(NamedTuple):
    """A line of the diagram: a message, or, where nobody is told, a note over who says it."""

    at_us: int
    who: str
    form: str
    """Mermaid's arrow; empty: a note."""
    whom: str
    text: str


def sequence(run: Run, most: int = MOST) -> str:
    """A run as a Mermaid `sequenceDiagram`, of at most so many arrows and notes.

    A callback stands where it arrives, a lost one, which ends in a cross, where it was sent.
    Answers are drawn where they are none of 2xx.
    """
    arrows = sorted(drawn(run), key=lambda arrow: arrow.at_us)
    shown, left_out = bounded(arrows, most)
    names = participants(shown)
    lines = ["sequenceDiagram"]
    for name, short in names.items():
        kind = "participant" if name in MACHINES else "actor"
        lines.append(f"    {kind} {short} as {escaped(cut(name.removeprefix(MARK)))}")
    for n, arrow in enumerate(shown):
        if left_out and n == most - min(AT_THE_END, most):
            lines.append(f"    Note over {names[VENDOR]}: ... {left_out} more are left out ...")
        who, text = names[arrow.who], label(arrow)
        to = f"{who}{arrow.form}{names[arrow.whom]}" if arrow.form else f"Note over {who}"
        lines.append(f"    {to}: {text}")
    return "\n".join(lines) + "\n"


def bounded(arrows: list[Arrow], most: int) -> tuple[list[Arrow], int]:
    """The first and the last of too many, and how many there are between them."""
    left_out = max(0, len(arrows) - most)
    last = min(AT_THE_END, most)
    return (arrows[: most - last] + arrows[-last:] if left_out else arrows), left_out


def participants(arrows: Iterable[Arrow]) -> dict[str, str]:
    """Who takes part, in the order in which they stand, with what they are called inside."""
    found = dict.fromkeys(name for arrow in arrows for name in (arrow.who, arrow.whom))
    people = [name for name in found if name not in MACHINES]
    machines = [name for name in MACHINES if name in found or name == VENDOR]
    return {name: f"p{n}" for n, name in enumerate((*people, *machines), 1)}


def label(arrow: Arrow) -> str:
    """When, and what."""
    text = BLANK.sub(" ", arrow.text)
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
    return f"{arrow.at_us / 1_000_000:.3f} {escaped(text)}"


def escaped(text: str) -> str:
    """Text that Mermaid shows as it is, in one line."""
    return MEANS.sub(
        lambda found: ESCAPED.get(found[0]) or f"{found[0][:-1]}#{ord(found[0][-1])};",
        BLANK.sub(" ", text),
    )


def drawn(run: Run) -> Iterator[Arrow]:
    """What is told of a run, each at its moment; what arrives later than it was sent, then."""
    timeline = Timeline(run)
    arrivals: dict[int, list[Line]] = {}
    for row in run.callbacks:
        arrivals.setdefault(row["cause"], []).append(row)
    several = sum(line["kind"] == "opened" for line in run.trace) > 1
    told = {line["seq"]: item for line, item in timeline.told()}
    for line in run.trace:
        kind, item = line["kind"], told.get(line["seq"])
        if kind in ("fetched", "outcome"):
            yield from answered(run, line, arrivals[line["cause"]])
        elif item is None:
            continue
        elif kind in ("attempt", "fetch"):
            whose = f"{item.call}: " if several else ""
            yield from sent(run, line, item, arrivals.get(line["seq"], []), whose)
        elif kind in SAID:
            yield Arrow(item.at_us, item.call, "->>", VENDOR, item.text)
        elif kind in HEARD:
            yield Arrow(item.at_us, VENDOR, "->>", item.call, item.text)
        elif kind == "request":
            text = ACCOUNT.sub("/", item.text, count=1)
            yield Arrow(item.at_us, CLIENT, "->>", VENDOR, text)
        elif kind == "respond":
            yield Arrow(item.at_us, VENDOR, "-->>", CLIENT, str(line["status"]))
        else:
            yield Arrow(item.at_us, VENDOR, "", VENDOR, f"{item.call}: {item.text}")


def sent(run: Run, line: Line, item: Item, rows: list[Line], whose: str) -> Iterator[Arrow]:
    """A request of the platform, once for each time that it arrived."""
    to, text = APPLICATION, line["message"]
    if line["kind"] == "attempt" and rows:  # of what stopped a run nothing arrives any more
        to, text = RECEIVER, message_name(rows[0]["params"], run.kept.legs)
        text += f", attempt {line['n']}" if line["n"] > 1 else ""
    path = urlsplit(line["url"]).path or "/"
    for n, row in enumerate(rows):
        at_us = parse_moment(row["at"]) - run.loaded.scenario.starts_at
        again = ", once more" if n else ""
        late = f", sent {item.at_us / 1_000_000:.3f}" if at_us > item.at_us else ""
        outcome = row["outcome"]
        form, why = ("-x", f", {outcome}") if outcome in UNREACHED else ("->>", "")
        said = f"{whose}{text}: {line['method']} {path}{again}{late}{why}"
        yield Arrow(at_us, VENDOR, form, to, said)


def answered(run: Run, line: Line, rows: list[Line]) -> Iterator[Arrow]:
    """What the platform heard of an attempt that arrived, unless all is well."""
    if rows[0]["outcome"] in UNREACHED or 200 <= line["status"] < 300:
        return
    who = APPLICATION if line["kind"] == "fetched" else RECEIVER
    at_us = parse_moment(line["at"]) - run.loaded.scenario.starts_at
    form = "--x" if line["failure"] else "-->>"
    yield Arrow(at_us, who, form, VENDOR, str(line["failure"] or line["status"]))
