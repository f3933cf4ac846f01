"""Verbs that steer a document: `<Pause>`, `<Redirect>`, `<Reject>`, `<Hangup>`."""

from __future__ import annotations

from recsim.core.verbs.hangup import Hangup
from recsim.core.verbs.pause import Pause
from recsim.core.verbs.redirect import Redirect
from recsim.core.verbs.reject import Reject
from recsim.vendors.telnyx.elements import Element
from recsim.vendors.telnyx.texml.reader import Reader, Values


def hangup(reader: Reader, element: Element, values: Values) -> Hangup:
    """`<Hangup>`."""
    reader.childless(element)
    reader.stray(element)
    return Hangup(element.line)


def pause(reader: Reader, element: Element, values: Values) -> Pause:
    """`<Pause>`."""
    reader.childless(element)
    reader.stray(element)
    return Pause(element.line, values["length"])


def redirect(reader: Reader, element: Element, values: Values) -> Redirect | None:
    """`<Redirect>`; assumed: without a URL the next verb follows."""
    reader.childless(element)
    url = element.text()
    if not url:
        reader.lacking(element, "URL")
        return None
    place = (element.line, element.column)
    return Redirect(element.line, reader.url(place, "Redirect", url), values["method"])


def reject(reader: Reader, element: Element, values: Values) -> Reject:
    """`<Reject>`."""
    reader.childless(element)
    reader.stray(element)
    return Reject(element.line, values["reason"])
