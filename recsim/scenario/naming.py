"""Names in braces: what they may be, and which ids and links of a run they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from recsim.core.errors import suggest
from recsim.scenario.requests import NAME_ALONE
from recsim.vendors.telnyx import storage
from recsim.vendors.telnyx.vendor import Telnyx

#: A name in a path.
NAME = re.compile(r"\{([^{}]*)\}")
#: The same in a value of a body, where other braces stand for themselves.
NAME_IN_VALUE = re.compile(r"(?<!\{)\{([A-Za-z][A-Za-z0-9_.-]*)\}(?!\})")

CALL = "([A-Za-z][A-Za-z0-9_-]*)"
N = r"\.([1-9][0-9]{0,3})"

LEG = re.compile(CALL + N)
"""A leg of a call that isn't its first."""


class Kind(NamedTuple):
    """One row: names of one form, and the kind of id that they stand for."""

    pattern: re.Pattern[str]
    """Its groups are a call and, where there may be several, a number."""
    id: str
    after: str
    """What follows the name of a call, where it is written without numbers."""


# fmt: off
KINDS = (
    #               pattern                           id            after
    Kind(re.compile(f"{CALL}(?:{N})?"),               "call",       ""),
    Kind(re.compile(rf"{CALL}\.recording(?:{N})?"),   "recording",  ".recording"),
    Kind(re.compile(rf"{CALL}\.conference(?:{N})?"),  "conference", ".conference"),
    Kind(re.compile(rf"{CALL}\.session()"),           "session",    ".session"),
    Kind(re.compile(rf"{CALL}(?:{N})?\.leg"),         "leg",        ".leg"),
)
# fmt: on

#: A link told during the run, which is a whole path.
LINK = re.compile(rf"\{{{CALL}\.recording(?:{N})?\.({storage.URL}|{storage.MEDIA_URL})\}}")
#: The link that a receiver was told just now.
HELD_LINK = "RecordingUrl"

#: The key of a regular expression, in what is expected.
PATTERN = "matches"

#: What a query may hold as it stands: the signs that mean something in one, and escapes.
QUERY_SIGNS = "!$&'()*+,;=:@/?%"


def wire_name(name: str, vendor: Telnyx) -> str:
    """What a name in braces stands for; the names were checked at load."""
    if name == "account":
        return vendor.words.account_sid
    return str(vendor.wire_id(*id_of(name)))


def id_of(name: str) -> tuple[str, str, int]:
    """Which id a name is of: its kind, its session and its number there."""
    kind, match = next((kind, match) for kind in KINDS if (match := kind.pattern.fullmatch(name)))
    return kind.id, match[1], 0 if kind.id == "session" else int(match[2] or 1)


def path_and_query(path: str, meant: Callable[[str], str]) -> tuple[str, str]:
    """A path with what is `meant` by its names, and its query as it goes over the wire."""
    whole = NAME.sub(lambda name: quote(meant(name[1]), safe=":"), path)
    path, _, query = whole.partition("?")
    return path, quote(query, safe=QUERY_SIGNS)


def filled(value: Any, meant: Callable[[str], str]) -> Any:
    """A value of a body, or one expected, with what is `meant` in place of names in braces.

    In a regular expression braces stand for themselves.
    """
    if isinstance(value, dict):
        return {key: part if key == PATTERN else filled(part, meant) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, meant) for part in value]
    if isinstance(value, str):
        return NAME_IN_VALUE.sub(lambda name: meant(name[1]), value)
    return value


# What is wrong with them.


def brace_faults(path: str, calls: Sequence[str], parameters: Sequence[str] = ()) -> Iterator[str]:
    """What is wrong with the names in braces of a path.

    `parameters` are those of the callback that is held, if one is.
    """
    if NAME_ALONE.fullmatch(path):
        yield from link_faults(path, calls, parameters)
        return
    yield from id_faults(NAME.findall(path), calls, parameters)
    if set(NAME.sub("", path)) & set("{}"):
        yield f"expected braces in pairs, such as {{account}}, got {path!r}"


def value_faults(value: str, calls: Sequence[str], parameters: Sequence[str] = ()) -> Iterator[str]:
    """What is wrong with the names in braces of a value in a body."""
    yield from id_faults(NAME_IN_VALUE.findall(value), calls, parameters)


def link_faults(path: str, calls: Sequence[str], parameters: Sequence[str]) -> Iterator[str]:
    """What is wrong with a name that is a whole path: it is to stand for a link."""
    kinds, link = (storage.URL, storage.MEDIA_URL), LINK.fullmatch(path)
    known = [f"{call}.recording.{kind}" for call in calls for kind in kinds]
    known, name = [HELD_LINK] if parameters else known, path[1:-1]
    if name not in known and (parameters or link is None or link[1] not in calls):
        yield unknown(name, known)


def id_faults(
    names: Iterable[str], calls: Sequence[str], parameters: Sequence[str]
) -> Iterator[str]:
    """Names that stand for no id; calls, recordings, conferences and legs may be numbered."""
    known = ["account", *(f"{call}{kind.after}" for kind in KINDS for call in calls), *parameters]
    for name in names:
        found = [match[1] for kind in KINDS if (match := kind.pattern.fullmatch(name))]
        if name not in known and not set(found) & set(calls):
            yield unknown(name, known)


def unknown(name: str, known: Sequence[str]) -> str:
    """That a name stands for nothing."""
    return f"expected one of {', '.join(known)} in braces, got {name!r}{suggest(name, known)}"
