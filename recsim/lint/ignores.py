"""Comments that ask for silence: `# lint: ignore RULE`, `<!-- lint: ignore RULE -->` in XML.

At the end of a line they hold for that line, alone in a line for the next one. Around a document
they hold for all of it, around a tag for all of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from recsim.core.documents import Finding
from recsim.core.errors import suggest
from recsim.core.units import found
from recsim.lint.document import Study, elements
from recsim.lint.rules import RULES
from recsim.scenario.reading import Position

IN_YAML = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*lint:[ \t]*ignore\b(.*)$")
IN_XML = re.compile(r"<!--\s*lint:\s*ignore\b(.*?)-->", re.DOTALL)
BETWEEN = re.compile(r"[,\s]+")


class Lines(NamedTuple):
    """A run of lines, both ends included."""

    first: int
    last: int


class Ignore:
    """One comment, and what it has silenced."""

    def __init__(self, at: Position, line: int, rules: str) -> None:
        self.at = at
        """Of the comment itself."""
        self.line = line
        """For which it holds."""
        self.rules = [rule for rule in BETWEEN.split(rules.strip()) if rule]
        self.used: set[str] = set()

    def silences(self, rule: str, lines: Lines) -> bool:
        """Whether it holds for a rule that is broken within these lines; remembers that it did."""
        if rule not in self.rules or not lines.first <= self.line <= lines.last:
            return False
        self.used.add(rule)
        return True

    def faults(self) -> Iterator[str]:
        """What is wrong with it, once everything was asked of it."""
        if not self.rules:
            yield "expected the name of a rule after ignore"
        for rule in self.rules:
            if rule not in RULES:
                yield f"there is no rule {found(rule)}{suggest(rule, RULES)}"
            elif rule not in self.used:
                yield f"{rule} is not broken here"


def silenced(ignores: Sequence[Ignore], rule: str, lines: Lines) -> bool:
    """Whether any comment asks for silence; every one that does is remembered as used."""
    return sum(ignore.silences(rule, lines) for ignore in ignores) > 0


def in_yaml(lines: Sequence[str], scalars: Sequence[Lines]) -> list[Ignore]:
    """The comments of a YAML file; what stands inside of `scalars` is none."""
    ignores = []
    for number, text in enumerate(lines, 1):
        match = IN_YAML.search(text)
        if match is None or any(one.first < number <= one.last for one in scalars):
            continue
        line = number
        if not text[: match.start()].strip():
            line = _next(lines, number, "#")
        ignores.append(Ignore((number, match.start() + 1), line, match[1]))
    return ignores


def in_xml(text: str) -> list[Ignore]:
    """The comments of a document, in lines of its own."""
    lines, ignores = text.split("\n"), []
    for match in IN_XML.finditer(text):
        number = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        last = text.count("\n", 0, match.end()) + 1
        before, behind = lines[number - 1][: column - 1], text[match.end() :].split("\n", 1)[0]
        line = number if before.strip() or behind.strip() else _next(lines, last, "<!--")
        ignores.append(Ignore((number, column), line, match[1]))
    return ignores


def _next(lines: Sequence[str], number: int, comment: str) -> int:
    """The line behind `number` that is neither blank nor opens with a comment."""
    for n, text in enumerate(lines[number:], number + 1):
        if text.strip() and not text.strip().startswith(comment):
            return n
    return number


def tag_of(study: Study, finding: Finding) -> Lines:
    """The lines of the opening tag that a finding stands in; else its own line."""
    for element in elements(study.root) if study.root else ():
        last = max([element.line, *(line for line, _ in element.places.values())])
        if element.line <= finding.line <= last and finding[:2] >= (element.line, element.column):
            places = [(element.line, element.column), *element.places.values()]
            if finding[:2] in places:
                return Lines(element.line, last)
    return Lines(finding.line, finding.line)
