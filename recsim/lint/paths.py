"""How the documents of a scenario lead to each other: without end, to nothing, or never."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from recsim.core import verbs
from recsim.core.documents import Finding, is_audio, resolve
from recsim.core.verbs.pause import Pause
from recsim.core.verbs.play import Play
from recsim.core.verbs.redirect import Redirect
from recsim.core.verbs.say import Say
from recsim.core.verbs.start import Start
from recsim.lint.document import Lead, Study, ends, leads
from recsim.scenario.reading import Path

PASSING = (Pause, Play, Say, Start)
"""Verbs that go on whatever anybody does."""


ALIKE = 0.9
"""From here on a URL may be another one, misspelled: many share host and folder."""


def like(url: str, known: list[str]) -> str:
    """`; did you mean X?` with a URL that is nearly the same; empty when none is."""
    near = get_close_matches(url[:200], known, n=1, cutoff=ALIKE)
    return f"; did you mean {near[0]}?" if near else ""


class Page(NamedTuple):
    """A document of a scenario."""

    url: str
    """By which it is asked for; of one that a request carries, what it is seen from."""
    path: Path
    """Where its text stands in the file."""
    text: str
    study: Study
    is_asked: bool = True
    """It has a URL of its own."""


class Paths:
    """The documents of a scenario by URL, and where they lead."""

    def __init__(self, pages: list[Page], answered: list[str], media: Mapping[str, Any]) -> None:
        """`answered` are all URLs that the application answers, with a document or not."""
        self.pages, self.answered, self.media = pages, answered, media
        self.by_url = {page.url: page for page in pages if page.is_asked}

    def leads(self, page: Page) -> Iterator[Lead]:
        """Where a document leads, resolved; what can't be requested is for the parser to say."""
        for step in page.study.steps:
            for lead in leads(step):
                if url := resolve(page.url, lead.url):
                    yield lead._replace(url=url)

    def findings(self) -> Iterator[tuple[Page, Finding]]:
        """What is wrong with where documents lead, and with what is heard there."""
        yield from self.endless()
        nested: dict[str, str] = {}
        for page in self.pages:
            for lead in self.leads(page):
                if lead.url not in self.answered and not is_audio(lead.url, self.media):
                    text = f"{lead.name}: the scenario has no document {lead.url}"
                    text += like(lead.url, self.answered)
                    yield page, Finding(*lead.place, "unanswered", text)
                if lead.inside:
                    nested.setdefault(lead.url, lead.inside)
        for url, inside in nested.items():
            if url in self.by_url:
                yield from self.nested(self.by_url[url], inside)

    def nested(self, page: Page, inside: str) -> Iterator[tuple[Page, Finding]]:
        """Verbs that can't stand in what is heard during another one."""
        for element, row in page.study.steps:
            if not verbs.of(row).nests:
                word = verbs.of(row).word
                text = f"{word} can't stand in what is heard during {inside} and is skipped"
                yield page, Finding(element.line, element.column, "nested", text)

    def endless(self) -> Iterator[tuple[Page, Finding]]:
        """Circles, each told at the first of its documents."""
        done: set[str] = set()
        for first in self.by_url:
            way: list[str] = []
            url, lead = first, self.onward(self.by_url[first])
            while lead is not None and url not in done:
                done.add(url)
                way.append(url)
                url = lead.url
                lead = self.onward(self.by_url[url]) if url in self.by_url else None
            if url not in way:
                continue
            circle = way[way.index(url) :]
            start = min(circle, key=list(self.by_url).index)
            at = circle.index(start)
            told = " -> ".join([*circle[at:], *circle[:at], start])
            page = self.by_url[start]
            lead = self.onward(page)
            assert lead is not None
            text = f"{lead.name}: documents lead to each other without end: {told}"
            yield page, Finding(*lead.place, "endless", text)

    def onward(self, page: Page) -> Lead | None:
        """Where a document leads whatever anybody does; None where it ends, or waits for them."""
        for step in page.study.steps:
            if isinstance(step.row, Redirect):
                return next(
                    (
                        lead._replace(url=url)
                        for lead in leads(step)
                        if (url := resolve(page.url, lead.url))
                    ),
                    None,
                )
            if not isinstance(step.row, PASSING) or ends(step.row):
                return None
        return None

    def led_to(self) -> set[str]:
        """Every URL that some document leads to."""
        return {lead.url for page in self.pages for lead in self.leads(page)}
