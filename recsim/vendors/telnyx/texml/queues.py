"""Waiting for somebody: `<Enqueue>` and `<Leave>`; who takes from a queue stands in `dial`."""

from __future__ import annotations

from recsim.core.verbs.queue import Enqueue, Leave
from recsim.vendors.telnyx.elements import Element
from recsim.vendors.telnyx.texml.reader import Reader, Values


def enqueue(reader: Reader, element: Element, values: Values) -> Enqueue:
    """`<Enqueue>`; assumed: those without a name, as in the example of its page, share a queue."""
    reader.childless(element)
    return Enqueue(
        element.line,
        name=element.text(),
        action=values["action"],
        method=values["method"],
        wait_url=values["waitUrl"],
        wait_method=values["waitUrlMethod"],
        max_wait_us=values["maxWaitTimeSecs"],
    )


def leave(reader: Reader, element: Element, values: Values) -> Leave:
    """`<Leave>`."""
    reader.childless(element)
    reader.stray(element)
    return Leave(element.line)
