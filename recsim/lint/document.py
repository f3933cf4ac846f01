"""One TeXML document, looked at whole: what its parser finds, and what only its shape shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from recsim.core import verbs
from recsim.core.documents import Finding, Row
from recsim.core.entities import NEVER
from recsim.core.errors import TexmlError
from recsim.core.verbs.conference import DialConference
from recsim.core.verbs.dial import Dial
from recsim.core.verbs.hangup import Hangup
from recsim.core.verbs.play import Play
from recsim.core.verbs.queue import DialQueue, Enqueue
from recsim.core.verbs.redirect import Redirect
from recsim.core.verbs.refer import Refer
from recsim.core.verbs.reject import Reject
from recsim.core.verbs.say import Say
from recsim.vendors.telnyx.elements import BLANK, Element, Text, tree
from recsim.vendors.telnyx.texml.attributes import ATTRIBUTES
from recsim.vendors.telnyx.texml.parser import Parser, steps
from recsim.vendors.telnyx.texml.reader import Place, Reader

ENDING = (Hangup, Redirect, Reject)
"""Verbs that nothing follows."""

LEAVING = (Dial, DialConference, DialQueue, Enqueue, Refer)
"""Verbs that nothing follows where they have an action: it is always requested."""

#: Attributes whose URL answers a document, by element; `<Redirect>` has it as text.
LEADS = {
    "Conference": ("waitUrl",),
    "Dial": ("action",),
    "Enqueue": ("action", "waitUrl"),
    "Gather": ("action", "invalidDigitsAction"),
    "Number": ("url",),
    "Queue": ("url",),
    "Record": ("action",),
    "Refer": ("action",),
    "Sip": ("url",),
}

#: What is heard while a verb goes on, by element: only some verbs may stand there.
INSIDE = {("Conference", "waitUrl"), ("Enqueue", "waitUrl"), ("Queue", "url")}

_RECORDED = ("recordingStatusCallback", "sendRecordingUrl")
_TOLD = {
    "recordingStatusCallbackEvent": "recordingStatusCallback",
    "recordingStatusCallbackMethod": "recordingStatusCallback",
    "statusCallbackEvent": "statusCallback",
    "statusCallbackMethod": "statusCallback",
}

#: Attributes that do nothing without another one, by element.
NEEDS = {
    "Conference": {
        **_TOLD,
        **dict.fromkeys((*_RECORDED, "recordBeep", "recordingTimeout", "trim"), "record"),
        "waitMethod": "waitUrl",
    },
    "Dial": {
        **_TOLD,
        **dict.fromkeys((*_RECORDED, "recordingChannels", "recordMaxLength"), "record"),
        "method": "action",
    },
    "Enqueue": {"method": "action", "waitUrlMethod": "waitUrl"},
    "Gather": {"partialResultCallbackMethod": "partialResultCallback"},
    "Number": {**_TOLD, "method": "url"},
    "Queue": {"method": "url"},
    "Record": {**_TOLD, "method": "action"},
    "Recording": _TOLD,
    "Refer": {"method": "action"},
    "Sip": {**_TOLD, "method": "url"},
    "Stream": _TOLD,
}


SETTLED = ("bad-value", "empty-url", "without-effect")
"""Once one of these is told of an attribute, it goes without saying that it does nothing."""


class Step(NamedTuple):
    """A verb that is followed."""

    element: Element
    row: Row


class Lead(NamedTuple):
    """A URL that a document is asked of."""

    url: str
    """As the document writes it."""
    place: Place
    name: str
    """What leads there, such as `action of Record`."""
    inside: str
    """The verb during which the document is heard; empty: it takes the place of this one."""


class Study(NamedTuple):
    """A document that was looked at."""

    findings: tuple[Finding, ...]
    """In the document's order."""
    steps: tuple[Step, ...]
    root: Element | None
    """None where the vendor could not follow it at all."""


def study(parser: Parser, text: str) -> Study:
    """Look at a document."""
    reader = Reader(parser)
    try:
        root = tree(text)
    except TexmlError as error:
        return Study((Finding(error.line, error.column, "no-document", error.text),), (), None)
    followed = tuple(Step(*step) for step in steps(reader, root))
    told = {finding[:2] for finding in reader.findings if finding.rule in SETTLED}
    found = [
        *reader.findings,
        *(finding for finding in idle(root) if finding[:2] not in told),
        *unreached(root, followed),
    ]
    return Study(tuple(sorted(found, key=lambda one: one[:2])), followed, root)


def elements(root: Element) -> Iterator[Element]:
    """An element and all inside of it, in the document's order."""
    yield root
    for child in root.children():
        yield from elements(child)


def idle(root: Element) -> Iterator[Finding]:
    """Attributes that do nothing for want of another one."""
    for element in elements(root):
        for name, needed in NEEDS.get(element.name, {}).items():
            if name not in element.attributes or name not in ATTRIBUTES[element.name]:
                continue
            given = element.attributes.get(needed, "")
            if not given or given == "do-not-record":
                text = f"{name}: it does nothing without {needed}"
                if given:
                    text = f"{name}: it does nothing where {needed} is {given}"
                yield Finding(*element.places[name], "without-effect", text)


def unreached(root: Element, followed: tuple[Step, ...]) -> Iterator[Finding]:
    """The first verb behind one that nothing follows."""
    children = root.children()
    for element, row in followed:
        why = ends(row)
        behind = children[children.index(element) + 1 :]
        if why and behind:
            text = f"{behind[0].name} is never reached: the {element.name} before it {why}"
            yield Finding(behind[0].line, behind[0].column, "unreachable", text)
            return


def ends(row: Row) -> str:
    """Why nothing follows a verb; empty where something does."""
    if isinstance(row, Redirect):
        return "goes on with another document"
    if isinstance(row, ENDING):
        return "ends the call"
    if isinstance(row, LEAVING) and row.action:
        return "has an action, which is always requested"
    is_endless = (isinstance(row, Say) and row.length_us >= NEVER) or (
        isinstance(row, Play) and not row.loop
    )
    return "never ends" if is_endless else ""


def leads(step: Step) -> Iterator[Lead]:
    """The URLs that a verb leads to."""
    element = step.element
    if isinstance(step.row, Redirect):
        text = next(
            item for item in element.content if isinstance(item, Text) and item.text.strip(BLANK)
        )
        yield Lead(step.row.url, (text.line, text.column), "Redirect", "")
    for one in (element, *element.children()):
        for name in LEADS.get(one.name, ()):
            if url := one.attributes.get(name):
                inside = verbs.of(step.row).word if (one.name, name) in INSIDE else ""
                yield Lead(url, one.places[name], f"{name} of {one.name}", inside)
