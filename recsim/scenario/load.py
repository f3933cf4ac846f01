"""A scenario file, read and checked: all its faults at once, each at its line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from recsim.core.errors import ExtraError, Fault, ScenarioError, suggest
from recsim.scenario.bodies import json_of
from recsim.scenario.compiling import AROUND, HELD
from recsim.scenario.expect import BODY, names_of
from recsim.scenario.faults import validated
from recsim.scenario.naming import LEG, PATTERN, brace_faults, id_faults, value_faults
from recsim.scenario.parts import When, parse_when
from recsim.scenario.reading import Path as Keys
from recsim.scenario.reading import Place, Tree, dotted, read, refuse
from recsim.scenario.schema import Scenario
from recsim.vendors.telnyx import signing
from recsim.vendors.telnyx.callbacks import PARAMETERS, WEBHOOK_PARAMETERS
from recsim.vendors.telnyx.clauses import ids as clause_ids
from recsim.vendors.telnyx.readings import ReadingError, check

FORMAT = "1"


class Loaded(NamedTuple):
    """A scenario that can be played, and where its parts stand."""

    file: str
    scenario: Scenario
    tree: Tree
    data: bytes = b""
    """The file's content."""

    def __repr__(self) -> str:
        return f"<scenario {self.file}: {self.scenario.title}>"

    def _repr_html_(self) -> str:
        from recsim.show.html.runs import scenario  # noqa: PLC0415 - showing stands above

        return scenario(self)


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
    data = data.encode() if isinstance(data, str) else data
    tree = read(data, file)
    version = tree.data.get("recsim")
    if isinstance(version, str) and version != FORMAT:
        text = f"expected format version {FORMAT}, got {version!r}"
        refuse(file, [Fault(*tree.position(("recsim",)), "recsim", text)])
    faults = list(Checks(tree).faults())
    return Loaded(file, validated(Scenario, with_bodies(tree), file, faults), tree, data)


def made(scenario: Scenario) -> Loaded:
    """A scenario that code has made, to be played; it stands in no file."""
    nowhere = Place((1, 1), (1, 1))
    return Loaded("<scenario>", scenario, Tree({}, nowhere))


def with_bodies(tree: Tree) -> Tree:
    """The file with its JSON bodies as they are meant: what is a number there, what is text."""
    data = dict(tree.data)
    if isinstance(requests := data.get("requests"), list):
        data["requests"] = bodied(requests, tree.root.parts["requests"])
    receiver = data.get("receiver")
    if isinstance(receiver, dict) and isinstance(asks := receiver.get("asks"), list):
        place = tree.root.parts["receiver"].parts["asks"]
        data["receiver"] = {**receiver, "asks": bodied(asks, place)}
    return Tree(data, tree.root)


def bodied(requests: list[Any], place: Place) -> list[Any]:
    """Requests, which stand at `place`, with their JSON bodies as they are meant."""
    return [
        {**request, "json": json_of(request["json"], place.parts[n].parts["json"])}
        if isinstance(request, dict) and isinstance(request.get("json"), dict | list)
        else request
        for n, request in enumerate(requests)
    ]


class Checks:
    """What no single value shows: names that must exist elsewhere.

    Works on the file as it was read, of whatever shape, so that these faults are told together with
    those of the models.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.calls = list(mapping(tree.data.get("calls")))
        self.callees = mapping(tree.data.get("callees"))
        self.makes: dict[int, str] = {}
        """Names of calls that requests make, by the request's index."""
        for n, request in enumerate(items(tree.data.get("requests"))):
            if isinstance(name := mapping(request).get("makes"), str):
                self.makes[n] = name
        self.all_calls = list(dict.fromkeys([*self.calls, *self.makes.values()]))

    def faults(self) -> Iterator[Fault]:
        """All of them."""
        data = self.tree.data
        yield from self.people()
        yield from self.signed()
        yield from self.ids()
        for key, answer in mapping(data.get("readings")).items():
            if isinstance(answer, str):
                yield from self.reading(key, answer)
        for n, request in enumerate(items(data.get("requests"))):
            yield from self.braces(("requests", n), mapping(request))
            yield from self.whens(("requests", n), mapping(request), ("at",))
            yield from self.body(("requests", n, "answer"), mapping(request).get("answer"), ())
            yield from self.clauses(("requests", n, "clause"), mapping(request).get("clause"))
        for n, ask in enumerate(items(mapping(data.get("receiver")).get("asks"))):
            held: Keys = ("receiver", "asks", n)
            yield from self.braces(held, mapping(ask), HELD)
            wanted = mapping(mapping(ask).get("when"))
            known = (*PARAMETERS, *BODY, *AROUND)
            yield from self.names((*held, "when"), "callback", wanted, known)
        for n, given in enumerate(items(data.get("expect"))):
            line = mapping(given)
            yield from self.whens(("expect", n), line, ("within", "before"))
            yield from self.clauses(("expect", n, "clause"), line.get("clause"))
            for path, subject in (
                (("expect", n), line),
                (("expect", n, "never"), mapping(line.get("never"))),
                (("expect", n, "eventually"), mapping(line.get("eventually"))),
            ):
                for kind in ("callback", "recording", "response"):
                    yield from self.body((*path, kind), subject.get(kind), ())
                for kind in ("callback", "recording"):
                    wanted = mapping(subject.get(kind))
                    yield from self.names((*path, kind), kind, wanted, names_of(kind))

    def fault(self, path: Keys, text: str, *, key: bool = False) -> Fault:
        """A fault at a value, or at its key."""
        return Fault(*self.tree.position(path, key=key), dotted(path), text)

    def people(self) -> Iterator[Fault]:
        """Somebody calls, nobody shares a name, and no two callees a number."""
        if not self.all_calls and self.tree.data.get("calls", {}) == {}:
            yield self.fault(("calls",), "expected a call, or a request that makes one")
        taken = dict.fromkeys(self.calls, "a call")
        numbers: dict[str, str] = {}
        for name, given in self.callees.items():
            if name in taken:
                text = f"{taken[name]} has this name already"
                yield self.fault(("callees", name), text, key=True)
            taken.setdefault(name, "a callee")
            number = mapping(given).get("number")
            if isinstance(number, str) and numbers.setdefault(number, name) != name:
                text = f"{numbers[number]} has this number already"
                yield self.fault(("callees", name, "number"), text)
        for n, name in self.makes.items():
            if name in taken:
                text = f"{taken[name]} has this name already"
                yield self.fault(("requests", n, "makes"), text)
            taken.setdefault(name, "a call that another request makes")

    def ids(self) -> Iterator[Fault]:
        """Ids of something that there may be, and no two the same."""
        taken: dict[str, str] = {}
        for name, given in mapping(self.tree.data.get("ids")).items():
            for text in id_faults([name], self.all_calls, ()):
                yield self.fault(("ids", name), text.replace(" in braces", ""), key=True)
            if name == "account":
                text = "expected account.sid in its place"
                yield self.fault(("ids", name), text, key=True)
            if isinstance(given, str) and taken.setdefault(given, name) != name:
                yield self.fault(("ids", name), f"{taken[given]} has this id already")

    def signed(self) -> Iterator[Fault]:
        """What signs is installed, where something is to be signed."""
        if self.tree.data.get("sign") == "true":
            try:
                signing.check()
            except ExtraError as error:
                yield self.fault(("sign",), str(error))

    def reading(self, key: str, answer: str) -> Iterator[Fault]:
        """A reading that there is, with an answer that it has."""
        try:
            check(key, answer)
        except ReadingError as error:
            is_unknown = error.text.startswith("unknown")
            yield self.fault(("readings", key), error.text, key=is_unknown)

    def clauses(self, path: Keys, given: object) -> Iterator[Fault]:
        """Clauses that there are: one that isn't would be shown by nothing."""
        for n, name in enumerate(items(given) or [given]):
            if isinstance(name, str) and name not in clause_ids():
                where = (*path, n) if isinstance(given, list) else path
                yield self.fault(where, f"unknown clause{suggest(name, clause_ids())}")

    def braces(
        self, path: Keys, request: dict[str, Any], parameters: tuple[str, ...] = ()
    ) -> Iterator[Fault]:
        """Names in braces: of the run and, where a callback is held, its `parameters`."""
        for method in ("get", "post", "delete"):
            asked = request.get(method)
            if isinstance(asked, str):
                for text in brace_faults(asked, self.all_calls, parameters):
                    yield self.fault((*path, method), text)
        for kind in ("form", "json"):
            yield from self.body((*path, kind), mapping(request.get(kind)), parameters)

    def body(self, path: Keys, value: object, parameters: tuple[str, ...]) -> Iterator[Fault]:
        """Names in braces in the values of a body, or of what is expected, however deep."""
        if isinstance(value, str):
            for text in value_faults(value, self.all_calls, parameters):
                yield self.fault(path, text)
        elif isinstance(value, dict):
            for key, part in value.items():
                if key != PATTERN:
                    yield from self.body((*path, key), part, parameters)
        elif isinstance(value, list):
            for n, part in enumerate(value):
                yield from self.body((*path, n), part, parameters)

    def whens(self, path: Keys, line: dict[str, Any], keys: tuple[str, ...]) -> Iterator[Fault]:
        """Calls, callees and legs that moments are counted from."""
        for key in keys:
            try:
                when = parse_when(line.get(key))
            except ValueError:
                continue  # the models say so
            if not isinstance(when, When) or not when.call:
                continue
            leg, known = LEG.fullmatch(when.call), dict.fromkeys([*self.all_calls, *self.callees])
            if when.call not in known and not (leg and leg[1] in self.all_calls):
                text = f"expected the name of a call ({', '.join(known)}), got {when.call!r}"
                yield self.fault((*path, key), text)

    def names(
        self, path: Keys, kind: str, wanted: dict[str, Any], known: tuple[str, ...]
    ) -> Iterator[Fault]:
        """Wire names: a misspelled one would never match, and a `never` always hold."""
        for name, value in wanted.items():
            if name not in known:
                text = f"no {kind} has this field{suggest(name, known)}"
                yield self.fault((*path, name), text, key=True)
            elif kind == "callback" and name in BODY:
                yield from self.body_names((*path, name), mapping(value), name)

    def body_names(self, path: Keys, wanted: dict[str, Any], prefix: str) -> Iterator[Fault]:
        """Names in the body of a webhook, below the dotted name `prefix`."""
        if set(wanted) == {"matches"}:
            return
        start = f"{prefix}."
        below = [name[len(start) :] for name in WEBHOOK_PARAMETERS if name.startswith(start)]
        known = tuple(dict.fromkeys(name.partition(".")[0] for name in below))
        for name, value in wanted.items():
            if name not in known:
                text = f"no webhook has this field{suggest(name, known)}"
                yield self.fault((*path, name), text, key=True)
            else:
                yield from self.body_names((*path, name), mapping(value), f"{prefix}.{name}")


def mapping(value: object) -> dict[str, Any]:
    """A mapping of the file; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """A list of the file; anything else is an empty one."""
    return value if isinstance(value, list) else []
