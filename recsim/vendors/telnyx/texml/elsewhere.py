"""Handing a call to somebody else: `<Connect>` to a service, `<Refer>` to another SIP address."""

from __future__ import annotations

from recsim.core.verbs.connect import Connect
from recsim.core.verbs.refer import Refer
from recsim.vendors.telnyx.elements import Element
from recsim.vendors.telnyx.texml.dial import SIP_ADDRESS
from recsim.vendors.telnyx.texml.reader import Reader, Values
from recsim.vendors.telnyx.texml.vocabulary import nouns_of


def connect(reader: Reader, element: Element, values: Values) -> Connect | None:
    """`<Connect>`; of its stream no more is simulated than how long it goes on."""
    noun = one(reader, element)
    if noun is None:
        return None
    reader.childless(noun)
    reader.stray(noun)
    asked = reader.values(noun)
    if asked["statusCallback"]:
        said = "callbacks of a stream are not simulated; nothing is sent there"
        reader.without_effect(noun, "statusCallback", said)
    if not asked["url"]:
        reader.lacking(noun, "url")
        return None
    return Connect(element.line, asked["url"])


def refer(reader: Reader, element: Element, values: Values) -> Refer | None:
    """`<Refer>`; assumed: its `<Sip>` has none of the attributes of one that is dialed."""
    noun = one(reader, element)
    if noun is None:
        return None
    reader.values(noun, {})
    to = reader.callee(noun, SIP_ADDRESS)
    return Refer(element.line, to, values["action"], values["method"]) if to else None


def one(reader: Reader, element: Element) -> Element | None:
    """The noun of a verb that takes one."""
    reader.stray(element)
    nouns = list(reader.nouns(element, nouns_of(element.name, simulated=True)))
    if not nouns:
        return None
    first, *others = nouns
    reader.only(element, first, others)
    return first
