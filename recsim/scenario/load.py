"""A scenario file, read and checked: all its faults at once, each at its line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from recsim.core.errors import Fault, ScenarioError, suggest
from recsim.scenario.compiling import AROUND, brace_faults
from recsim.scenario.expect import names_of
from recsim.scenario.faults import validated
from recsim.scenario.parts import When, parse_when
from recsim.scenario.reading import Path as Keys
from recsim.scenario.reading import Tree, dotted, read, refuse
from recsim.scenario.schema import Scenario
from recsim.vendors.telnyx.callbacks import PARAMETERS
from recsim.vendors.telnyx.readings import ReadingError, check

FORMAT = "1"


class Loaded(NamedTuple):
    """A scenario that can be played, and where its parts stand."""

    file: str
    scenario: Scenario
    tree: Tree


def load(path: str | Path) -> Loaded:
    """The scenario in a file. Raises ScenarioError, with all its faults."""
    # A name that is no text, as file systems allow, is shown with marks for what isn't.
    file = str(path).encode("utf-8", "replace").decode()
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", "") or str(error)).lower()
        raise ScenarioError(file, (Fault(0, 0, "", f"cannot be read: {reason}"),)) from None
    return loads(data, file)


def loads(data: bytes | str, file: str = "<scenario>") -> Loaded:
    """The scenario in a file's content; `file` is its name in errors. Raises ScenarioError."""
    tree = read(data.encode() if isinstance(data, str) else data, file)
    version = tree.data.get("recsim")
    if isinstance(version, str) and version != FORMAT:
        text = f"expected format version {FORMAT}, got {version!r}"
        refuse(file, [Fault(*tree.position(("recsim",)), "recsim", text)])
    return Loaded(file, validated(Scenario, tree, file, Checks(tree).faults()), tree)


class Checks:
    """What no single value shows: names that must exist elsewhere.

    Works on the file as it was read, of whatever shape, so that these faults are told together with
    those of the models.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.calls = list(mapping(tree.data.get("calls")))

    def faults(self) -> Iterator[Fault]:
        """All of them."""
        data = self.tree.data
        for key, answer in mapping(data.get("readings")).items():
            if isinstance(answer, str):
                yield from self.reading(key, answer)
        for n, request in enumerate(items(data.get("requests"))):
            yield from self.braces(("requests", n), mapping(request))
            yield from self.whens(("requests", n), mapping(request), ("at",))
        for n, ask in enumerate(items(mapping(data.get("receiver")).get("asks"))):
            held: Keys = ("receiver", "asks", n)
            yield from self.braces(held, mapping(ask), PARAMETERS)
            wanted = mapping(mapping(ask).get("when"))
            yield from self.names((*held, "when"), "callback", wanted, (*PARAMETERS, *AROUND))
        for n, given in enumerate(items(data.get("expect"))):
            line = mapping(given)
            yield from self.whens(("expect", n), line, ("within", "before"))
            for path, subject in (
                (("expect", n), line),
                (("expect", n, "never"), mapping(line.get("never"))),
                (("expect", n, "eventually"), mapping(line.get("eventually"))),
            ):
                for kind in ("callback", "recording"):
                    wanted = mapping(subject.get(kind))
                    yield from self.names((*path, kind), kind, wanted, names_of(kind))

    def fault(self, path: Keys, text: str, *, key: bool = False) -> Fault:
        """A fault at a value, or at its key."""
        return Fault(*self.tree.position(path, key=key), dotted(path), text)

    def reading(self, key: str, answer: str) -> Iterator[Fault]:
        """A reading that there is, with an answer that it has."""
        try:
            check(key, answer)
        except ReadingError as error:
            is_unknown = error.text.startswith("unknown")
            yield self.fault(("readings", key), error.text, key=is_unknown)

    def braces(
        self, path: Keys, request: dict[str, Any], parameters: tuple[str, ...] = ()
    ) -> Iterator[Fault]:
        """Names in braces: of the run and, where a callback is held, its `parameters`."""
        for method in ("get", "post", "delete"):
            asked = request.get(method)
            if isinstance(asked, str):
                for text in brace_faults(asked, self.calls, parameters):
                    yield self.fault((*path, method), text)

    def whens(self, path: Keys, line: dict[str, Any], keys: tuple[str, ...]) -> Iterator[Fault]:
        """Calls that moments are counted from."""
        for key in keys:
            try:
                when = parse_when(line.get(key))
            except ValueError:
                continue  # the models say so
            if isinstance(when, When) and when.call and when.call not in self.calls:
                known = f"expected the name of a call ({', '.join(self.calls)})"
                yield self.fault((*path, key), f"{known}, got {when.call!r}")

    def names(
        self, path: Keys, kind: str, wanted: dict[str, Any], known: tuple[str, ...]
    ) -> Iterator[Fault]:
        """Wire names: a misspelled one would never match, and a `never` always hold."""
        for name in wanted:
            if name not in known:
                text = f"no {kind} has this field{suggest(name, known)}"
                yield self.fault((*path, name), text, key=True)


def mapping(value: object) -> dict[str, Any]:
    """A mapping of the file; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """A list of the file; anything else is an empty one."""
    return value if isinstance(value, list) else []
