"""`recsim lint`: what the vendor would silently ignore, in documents and in whole scenarios.

A file is a TeXML document where its name or its first character says so, else a scenario.
"""

from __future__ import annotations

from pathlib import Path

from recsim.core.errors import RecsimError, ScenarioError
from recsim.lint import ignores
from recsim.lint.advice import Advice, about, advice, ordered, plain
from recsim.lint.document import study
from recsim.lint.ignores import silenced, tag_of
from recsim.lint.rules import IGNORE, SCENARIO
from recsim.lint.scenario import Linted
from recsim.scenario.load import Loaded, loads
from recsim.scenario.reading import read
from recsim.vendors.telnyx import elements
from recsim.vendors.telnyx.vendor import Telnyx

SUFFIXES = (".xml", ".texml")
MARK = b"\xef\xbb\xbf"

#: Of what the platform does and recsim doesn't, nothing is said where nothing is played.
OF_RECSIM = ("not-simulated",)


class UnreadableError(RecsimError):
    """A file that can't be read."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return f"{self.file}: cannot be read: {self.reason}"


def lint(path: str | Path) -> list[Advice]:
    """What is wrong with a file, in its order. Raises UnreadableError."""
    file = str(path).encode("utf-8", "replace").decode()
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", "") or str(error)).lower()
        raise UnreadableError(file, reason) from None
    return lints(data, file)


def lints(data: bytes, file: str) -> list[Advice]:
    """What is wrong with a file's content; `file` is its name. Raises UnreadableError."""
    begun = data.removeprefix(MARK).lstrip()[:1]
    if not file.lower().endswith(SUFFIXES) and begun != b"<":
        return of_scenario(data, file)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = data.removeprefix(MARK)[error.start]
        raise UnreadableError(file, f"expected UTF-8, got byte 0x{wrong:02x}") from None
    return of_document(elements.plain(text), file)


def of_document(text: str, file: str) -> list[Advice]:
    """What is wrong with a TeXML file."""
    parser = Telnyx(0, 0).parser
    seen, asked = study(parser, text), ignores.in_xml(text)
    told = [
        advice(parser, file, finding[:2], finding, about(seen, finding))
        for finding in seen.findings
        if finding.rule not in OF_RECSIM
        and not silenced(asked, finding.rule, tag_of(seen, finding))
    ]
    for ignore in asked:
        told += [plain(file, ignore.at, IGNORE, fault) for fault in ignore.faults()]
    return ordered(told)


def of_scenario(data: bytes, file: str) -> list[Advice]:
    """What is wrong with a scenario file: what keeps it from being played, too."""
    faults = []
    try:
        tree = read(data, file)
    except ScenarioError as error:
        return refused(error)
    try:
        loads(data, file)
    except ScenarioError as error:
        faults = refused(error)
    return Linted(tree, data, file).advice(faults)


def of_loaded(loaded: Loaded) -> list[Advice]:
    """What is wrong with a scenario that can be played."""
    return Linted(loaded.tree, loaded.data, loaded.file).advice()


def refused(error: ScenarioError) -> list[Advice]:
    """The faults of a scenario."""
    return [
        plain(error.file, fault[:2], SCENARIO, ": ".join(filter(None, fault[2:])))
        for fault in error.faults
    ]
