"""A scenario file, looked at: its documents, and the URLs that lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from recsim.core.documents import Finding
from recsim.lint import ignores
from recsim.lint.advice import Advice, about, advice, ordered, plain
from recsim.lint.document import study
from recsim.lint.ignores import Ignore, Lines, silenced, tag_of
from recsim.lint.paths import Page, Paths, like
from recsim.lint.places import places_of
from recsim.lint.rules import IGNORE
from recsim.scenario.load import Checks, items, mapping
from recsim.scenario.reading import Path, Position, Tree
from recsim.vendors.telnyx import elements
from recsim.vendors.telnyx.readings import ReadingError
from recsim.vendors.telnyx.texml.parser import Parser
from recsim.vendors.telnyx.vendor import Telnyx

LINE_BREAK = re.compile(r"\r\n|\r|\n")

#: Parameters of requests that ask for documents; and the one that is a document.
ASKED = ("Url", "FallbackUrl")
CARRIED = "Texml"


class Linted:
    """A scenario on its way to be judged; whether it can be played doesn't matter."""

    def __init__(self, tree: Tree, data: bytes, file: str) -> None:
        self.tree, self.file = tree, file
        self.lines = LINE_BREAK.split(data.decode("utf-8-sig"))
        self.parser = parser_of(tree)
        self.places: dict[Path, list[Position]] = {}
        """Of each character of a document, by the document's path."""
        self.inner: dict[Path, list[Ignore]] = {}
        """Comments inside of documents, by the path of each."""
        self.pages = list(self.documents())
        self.asked = ignores.in_yaml(self.lines, [self.extent(page) for page in self.pages])
        self.told: list[Advice] = []

    def advice(self, faults: Iterable[Advice] = ()) -> list[Advice]:
        """What is wrong with it; `faults` keep it from being played."""
        for fault in faults:
            self.tell(fault)
        answered = list(mapping(self.tree.data.get("documents")))
        paths = Paths(self.pages, answered, mapping(self.tree.data.get("media")))
        for page in self.pages:
            for finding in page.study.findings:
                self.tell_of(page, finding)
        for page, finding in paths.findings():
            self.tell_of(page, finding)
        for advised in self.led(paths):
            self.tell(advised)
        for page in self.pages:
            for ignore in self.inner[page.path]:
                at = self.position(page, ignore.at)
                self.told += [plain(self.file, at, IGNORE, text) for text in ignore.faults()]
        for ignore in self.asked:
            self.told += [plain(self.file, ignore.at, IGNORE, text) for text in ignore.faults()]
        return ordered(self.told)

    def tell(self, advised: Advice, *around: Lines) -> None:
        """Tell it, unless a comment at its line, or at lines `around` it, asks for silence."""
        lines = (Lines(advised.line, advised.line), *around)
        if not sum(silenced(self.asked, advised.rule, one) for one in lines):
            self.told.append(advised)

    def tell_of(self, page: Page, finding: Finding) -> None:
        """Tell a finding, unless a comment in the document or around it asks for silence."""
        if silenced(self.inner[page.path], finding.rule, tag_of(page.study, finding)):
            return
        at = self.position(page, finding[:2])
        advised = advice(self.parser, self.file, at, finding, about(page.study, finding))
        self.tell(advised, self.opening(page))

    # Its documents.

    def documents(self) -> Iterator[Page]:
        """Every document that is followed when it is asked for, or that a request carries."""
        for url, given in mapping(self.tree.data.get("documents")).items():
            path: Path = ("documents", url)
            if isinstance(given, dict):
                path, text = (*path, "body"), given.get("body")
                if str(given.get("status", "200")) != "200":
                    continue
            else:
                text = given
            if isinstance(text, str):
                yield self.page(url, path, text)
        base = str(mapping(self.tree.data.get("application")).get("voice_url"))
        for path, body in bodies(self.tree):
            if isinstance(text := body.get(CARRIED), str):
                yield self.page(base, (*path, CARRIED), text)._replace(is_asked=False)

    def page(self, url: str, path: Path, text: str) -> Page:
        """One document; its places and its comments are noted."""
        text = elements.plain(text)
        self.places[path] = places_of(self.lines, self.tree.position(path), text)
        self.inner[path] = ignores.in_xml(text)
        return Page(url, path, text, study(self.parser, text))

    def position(self, page: Page, at: Position) -> Position:
        """Where a place in a document stands in the file."""
        places = self.places[page.path]
        if not places:
            return self.tree.position(page.path)
        before = page.text.split("\n")[: at[0] - 1]
        offset = sum(len(line) + 1 for line in before) + at[1] - 1
        return places[min(offset, len(places) - 1)]

    def opening(self, page: Page) -> Lines:
        """From the line that names a document to that in which its text begins."""
        named = page.path[:2] if page.path[0] == "documents" else page.path
        return Lines(
            self.tree.position(named, key=True)[0],
            self.tree.position(page.path)[0],
        )

    def extent(self, page: Page) -> Lines:
        """The lines of a document's text."""
        first, places = self.tree.position(page.path)[0], self.places[page.path]
        return Lines(first, places[-1][0] if places else first)

    # The URLs that lead there.

    def led(self, paths: Paths) -> Iterator[Advice]:
        """URLs of the scenario itself that lead nowhere, and documents that nothing leads to."""
        for path, url in self.roots():
            if url not in paths.answered:
                text = f"{path[-1]}: the scenario has no document {url}{like(url, paths.answered)}"
                yield plain(self.file, self.tree.position(path), "unanswered", text)
        parts = [self.tree.data.get(key) for key in ("application", "receiver", "requests")]
        reached = {*paths.led_to(), *said(parts)}
        for url in paths.answered:
            if url not in reached:
                at = self.tree.position(("documents", url), key=True)
                text = f"no URL leads to the document {url}"
                yield plain(self.file, at, "unused-document", text)

    def roots(self) -> Iterator[tuple[Path, str]]:
        """URLs that are asked first: the application's, where calls need it; those of requests."""
        application = mapping(self.tree.data.get("application"))
        if self.needs_application() and isinstance(url := application.get("voice_url"), str):
            yield ("application", "voice_url"), url
        for path, body in bodies(self.tree):
            for name in ASKED:
                if isinstance(url := body.get(name), str) and url and "{" not in url:
                    yield (*path, name), url

    def needs_application(self) -> bool:
        """Whether any call, coming in or made, follows what the application answers."""
        if mapping(self.tree.data.get("calls")):
            return True
        told = {path[1] for path, body in bodies(self.tree) if {"Url", CARRIED} & set(body)}
        return any(n not in told for n in Checks(self.tree).makes)


def parser_of(tree: Tree) -> Parser:
    """The parser of a scenario's readings; where those are at fault, that of the defaults."""
    try:
        return Telnyx(0, 0, readings=mapping(tree.data.get("readings"))).parser
    except (AttributeError, TypeError, ValueError, ReadingError):
        return Telnyx(0, 0).parser


def bodies(tree: Tree) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The bodies of all requests, and where each stands: those of programs first."""
    asks = mapping(tree.data.get("receiver")).get("asks")
    for start, given in ((("requests",), tree.data.get("requests")), (("receiver", "asks"), asks)):
        for n, request in enumerate(items(given)):
            for kind in ("form", "json"):
                yield (*start, n, kind), mapping(mapping(request).get(kind))


def said(value: object) -> Iterator[str]:
    """Every text in a part of the file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from said(part)
