"""Understand a TeXML document: verbs the platform can follow, and what was odd about it.

What isn't XML, or has no `<Response>`, is refused; all else is a finding, and the document is
followed as the vendor would follow it (assumed: the pages don't say what becomes of a mistake).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from recsim.core.documents import Document, Row
from recsim.core.units import found
from recsim.vendors.telnyx.elements import Element, tree
from recsim.vendors.telnyx.texml import (
    dial,
    elsewhere,
    flow,
    queues,
    recording,
    speech,
    twiml,
)
from recsim.vendors.telnyx.texml.reader import OF_TWIML, Reader, Settled, Values
from recsim.vendors.telnyx.texml.vocabulary import NOT_SIMULATED, verbs_around

#: Verbs that are simulated, and what makes their row; None where there is nothing to follow.
MAKE: dict[str, Callable[[Reader, Element, Values], Row | None]] = {
    "Connect": elsewhere.connect,
    "Dial": dial.dial,
    "Enqueue": queues.enqueue,
    "Gather": speech.gather,
    "Hangup": flow.hangup,
    "Leave": queues.leave,
    "Pause": flow.pause,
    "Play": speech.play,
    "Record": recording.record,
    "Redirect": flow.redirect,
    "Refer": elsewhere.refer,
    "Reject": flow.reject,
    "Say": speech.say,
    "Start": recording.start,
    "Stop": recording.stop,
}


@dataclass(frozen=True, slots=True)
class Parser(Settled):
    """Understands documents."""

    def parse(self, text: str) -> Document:
        """Understand `text`; findings come in the document's order.

        Raises TexmlError when the vendor could not follow it at all, and nothing else.
        """
        reader = Reader(self)
        verbs = tuple(row for _, row in steps(reader, tree(text)))
        return Document(verbs, tuple(sorted(reader.findings, key=lambda finding: finding[:2])))


def steps(reader: Reader, root: Element) -> Iterator[tuple[Element, Row]]:
    """The verbs that are followed, in order: where each stands, and its row."""
    reader.values(root)
    reader.stray(root)
    for child in root.children():
        make = MAKE.get(child.name)
        if make is not None:
            row = make(reader, child, reader.values(child))
            if row is not None:
                yield child, row
            continue
        place = (child.line, child.column)
        if child.name in NOT_SIMULATED:
            reader.note(place, "not-simulated", f"{child.name} is not simulated and is skipped")
        else:
            is_twiml = child.name in twiml.VERBS
            if is_twiml:
                hint = OF_TWIML
            elif verbs := verbs_around(child.name):
                hint = f"; it belongs inside {' or '.join(verbs)}"
            else:
                hint = reader.hint(child.name, (*MAKE, *NOT_SIMULATED))
            text = f"{found(child.name)} is no verb and is skipped{hint}"
            reader.note(place, "twiml" if is_twiml else "unknown-verb", text)
