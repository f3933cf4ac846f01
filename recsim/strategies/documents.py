"""TeXML documents: every verb that is simulated, with attributes and nouns that it takes.

Which there are, and what they take, is read from the vendor's tables; what can't stand together the
vendor's own parser says.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any, NamedTuple, TypeAlias

from hypothesis import strategies as st

from recsim.vendors.telnyx.texml.attributes import ATTRIBUTES, EVENTS
from recsim.vendors.telnyx.texml.values import KEYS, LENGTH, WORDS
from recsim.vendors.telnyx.texml.vocabulary import VERBS, nouns_of
from recsim.vendors.telnyx.vendor import Telnyx

#: What elements say inside; those that aren't here say nothing.
TEXTS = {
    "Conference": ("room", "other room"),
    "Enqueue": ("support",),
    "Number": ("+15550100", "+15550101"),
    "Play": ("https://app.test/music.mp3",),
    "Queue": ("support",),
    "Redirect": ("/next",),
    "Say": ("One moment please.",),
    "Sip": ("sip:agent@example.test",),
}

#: Without these an element can't be followed.
REQUIRED = {"Stream": {"url": "wss://app.test/stream"}}

SIMULATED = tuple(row.name for row in VERBS if row.is_simulated)

#: Findings that make no document a wrong one: it asks for something that recsim doesn't play.
HARMLESS = frozenset({"not-simulated"})

#: What attributes say that decides when a recording ends: chosen more often than others.
ENDINGS = (LENGTH, KEYS)

MOST_ATTRIBUTES = 4

WIDTH = 90
"""Elements that are longer have an attribute a line."""

Attributes: TypeAlias = dict[str, str]


class Tag(NamedTuple):
    """An element that is to be written."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    inside: tuple[Tag, ...] = ()
    text: str = ""

    def with_attribute(self, name: str, text: str) -> Tag:
        """The same, with one attribute more."""
        return self._replace(attributes=(*self.attributes, (name, text)))

    def with_noun(self, noun: Tag) -> Tag:
        """The same, with one noun more."""
        return self._replace(inside=(*self.inside, noun))

    def written(self, indent: str = "") -> str:
        """The element, on lines of its own."""
        parts = [f'{name}="{escape(text)}"' for name, text in self.attributes]
        start = f"{indent}<{self.name} "
        is_long = len(start) + sum(map(len, parts)) + len(parts) > WIDTH
        given = "".join(f" {part}" for part in parts)
        if is_long:
            given = " " + f"\n{' ' * len(start)}".join(parts)
        if not self.inside and not self.text:
            return f"{indent}<{self.name}{given}/>\n"
        if not self.inside:
            return f"{indent}<{self.name}{given}>{escape(self.text, quote=False)}</{self.name}>\n"
        inside = "".join(tag.written(f"{indent}  ") for tag in self.inside)
        return f"{indent}<{self.name}{given}>\n{inside}{indent}</{self.name}>\n"


def document(tags: Sequence[Tag]) -> str:
    """A whole document."""
    return Tag("Response", inside=tuple(tags)).written()


@cache
def _vendor() -> Telnyx:
    return Telnyx(0, 0)


@cache
def is_sound(verb: Tag) -> bool:
    """Whether the vendor would pass nothing over in it."""
    findings = _vendor().parse(document([verb])).findings
    return all(finding.rule in HARMLESS for finding in findings)


@cache
def texts_of(element: str, attribute: str) -> st.SearchStrategy[str]:
    """Texts that an attribute of an element takes."""
    kind = ATTRIBUTES[element][attribute].kind
    if kind is WORDS:
        offered = EVENTS[element, attribute]
        words = [word for word in offered.events if word not in offered.untold]
        return st.lists(st.sampled_from(words), min_size=1, unique=True).map(" ".join)
    return st.sampled_from(kind.examples)


@cache
@st.composite
def attributes(draw: Any, element: str) -> Attributes:
    """Some attributes of an element; not all of them need to go together."""
    names = list(ATTRIBUTES[element])
    if not names:
        return {}
    endings = [name for name in names if ATTRIBUTES[element][name].kind in ENDINGS]
    one = st.sampled_from(names)
    few = st.lists(st.sampled_from(endings) | one if endings else one, max_size=MOST_ATTRIBUTES)
    return {name: draw(texts_of(element, name)) for name in draw(few)}


@cache
@st.composite
def nouns(draw: Any, verb: str) -> list[Tag]:
    """What a verb is about; where recsim plays none of its nouns, one that is passed over."""
    known = nouns_of(verb, simulated=True) or nouns_of(verb, simulated=False)
    if not known:
        return []
    names = draw(st.lists(st.sampled_from(known), min_size=1, max_size=2))
    return [draw(bare(name)) for name in names]


@cache
@st.composite
def bare(draw: Any, name: str) -> Tag:
    """An element with no more than it needs."""
    text = draw(st.sampled_from(TEXTS.get(name, ("",))))
    return Tag(name, tuple(REQUIRED.get(name, {}).items()), text=text)


@cache
@st.composite
def adorned(draw: Any, plain: Tag) -> Tag:
    """A verb with whatever more it, and the nouns in it, can take."""
    verb = _with(plain, draw(attributes(plain.name)))
    for n, noun in enumerate(verb.inside):
        if noun.name in ATTRIBUTES:
            for name, text in draw(attributes(noun.name)).items():
                verb = _if_sound(verb, _with_noun(verb, n, name, text))
    return verb


@cache
@st.composite
def verbs(draw: Any, name: str = "") -> Tag:
    """A verb, or the one that is named, with all that stands in it."""
    verb: Tag = draw(bare(name or draw(st.sampled_from(SIMPLEST_FIRST))))
    for noun in draw(nouns(verb.name)):
        verb = _if_sound(verb, verb.with_noun(noun), needed=not verb.inside)
    whole: Tag = draw(adorned(verb))
    return whole


@cache
def texml(most: int = 3) -> st.SearchStrategy[str]:
    """Documents of one verb or more: valid, and nothing in them is passed over by the vendor.

    What they ask for or name lies at `/next`, and at numbers and in rooms that stand in `TEXTS`.
    """
    return st.lists(verbs(), min_size=1, max_size=most).map(document)


#: Those that need no more than themselves come first: what fails shrinks to them.
SIMPLEST_FIRST = sorted(SIMULATED, key=lambda name: (bool(TEXTS.get(name)), len(name)))


def _with(verb: Tag, given: Attributes) -> Tag:
    """The verb with those of `given` that can stand in it, one after another."""
    for name, text in given.items():
        if name not in dict(verb.attributes):
            verb = _if_sound(verb, verb.with_attribute(name, text))
    return verb


def _with_noun(verb: Tag, n: int, name: str, text: str) -> Tag:
    """The verb, the `n`-th noun of which has one attribute more, if it hasn't that one."""
    noun = verb.inside[n]
    if name in dict(noun.attributes):
        return verb
    inside = (*verb.inside[:n], noun.with_attribute(name, text), *verb.inside[n + 1 :])
    return verb._replace(inside=inside)


def _if_sound(verb: Tag, more: Tag, *, needed: bool = False) -> Tag:
    """`more`, unless the vendor would pass something over in it."""
    return more if needed or is_sound(more) else verb
