"""What a model refuses, as faults of the file: each at its line, in words of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from pydantic_core import ErrorDetails, ValidationError

from recsim.core.errors import Fault, nearest, suggest
from recsim.core.units import found
from recsim.scenario.reading import MOST_FAULTS, Data, Path, Tree, dotted, refuse

if TYPE_CHECKING:
    from pydantic import BaseModel

MODEL = TypeVar("MODEL", bound="BaseModel")

MOST_ERRORS: Final = 4000
"""Errors of a model that are looked at: each wrong value makes one for each member of a union."""


def validated(
    model: type[MODEL], tree: Tree, file: str, extra_faults: Iterable[Fault] = ()
) -> MODEL:
    """The model of a file. Raises ScenarioError with all faults, `extra_faults` among them."""
    faults = list(extra_faults)
    try:
        value = model.model_validate(tree.data)
    except ValidationError as error:
        errors = error.errors(include_url=False)[:MOST_ERRORS]
        faults += _faults([_traced(model, one, tree.data) for one in errors], tree)
    else:
        if not faults:
            return value
    return refuse(file, faults)


@dataclass(slots=True)
class _Wrong:
    """One error of the model, with its path freed from the names of union branches."""

    kind: str
    """unknown, missing, or value."""
    path: Path
    at_key: bool
    value: object
    branches: list[tuple[Path, str]]
    """Unions on the way, outermost first: where each stands, and the member it was tried as."""
    known: tuple[str, ...] = ()
    """Keys that would be right (for missing: that are missing), or words that would."""
    expected: tuple[str, ...] = ()
    """What would be right, to be joined by `or`."""
    text: str = ""
    """In place of `expected`, what a validator said."""
    suggests: bool = False
    """No other error tells the key that was meant for the missing one."""

    def told(self) -> str:
        """The text of the fault."""
        if self.kind == "missing":
            given = self.value if self.suggests and isinstance(self.value, dict) else {}
            hints = filter(None, (suggest(word, self.known) for word in given))
            return f"missing key {_either(self.known)}{next(hints, '')}"
        if self.kind == "unknown":
            word = str(self.path[-1])
            if word in self.known:
                return "key does not go with the others here"
            among = f"; expected one of {', '.join(self.known)}" if self.known else ""
            return f"unknown key{suggest(word, self.known) or among}"
        if self.text:
            return self.text
        near = nearest(self.value, self.known) if isinstance(self.value, str) else ""
        near = f"; did you mean {near!r}?" if near else ""
        return f"expected {_either(self.expected)}, got {found(self.value)}{near}"


def _either(texts: tuple[str, ...]) -> str:
    """`a, b or c`."""
    return " or ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))


def _faults(wrongs: list[_Wrong], tree: Tree) -> list[Fault]:
    """The faults, one a place. Texts are made for those that will be told only."""
    settled = _settled(wrongs, 0)
    meant = {
        (one.path[:-1], nearest(str(one.path[-1]), one.known))
        for one in settled
        if one.kind == "unknown"
    }
    # A key that was misspelled is not missing as well.
    told = [
        one
        for one in settled
        if one.kind != "missing" or not any((one.path, key) in meant for key in one.known)
    ]
    placed = [(tree.position(one.path, key=one.at_key), one) for one in told]
    placed.sort(key=lambda pair: pair[0])
    return [
        Fault(*at, dotted(one.path), one.told() if number <= MOST_FAULTS else "")
        for number, (at, one) in enumerate(placed)
    ]


def _settled(wrongs: list[_Wrong], level: int) -> list[_Wrong]:
    """For every union the errors of one member only: of the one that got furthest."""
    settled = [one for one in wrongs if len(one.branches) <= level]
    unions: dict[Path, dict[str, list[_Wrong]]] = {}
    for one in wrongs:
        if len(one.branches) > level:
            where, member = one.branches[level]
            unions.setdefault(where, {}).setdefault(member, []).append(one)
    for members in unions.values():
        tries = [_settled(those, level + 1) for those in members.values()]
        best = max(map(_reach, tries))
        settled += _merged([one for those in tries if _reach(those) == best for one in those])
    return settled


def _reach(wrongs: list[_Wrong]) -> tuple[int, int]:
    """How near a member of a union came: its deepest error, then how few it has."""
    return max(len(one.path) + (one.kind == "missing") for one in wrongs), -len(wrongs)


def _merged(wrongs: list[_Wrong]) -> list[_Wrong]:
    """Errors of members that came equally near, as one for each place and kind."""
    keys: dict[Path, dict[str, None]] = {}
    for one in wrongs:
        if one.kind == "unknown":
            keys.setdefault(one.path[:-1], {}).update(dict.fromkeys(one.known))
    merged: dict[tuple[str, Path, bool], _Wrong] = {}
    for one in wrongs:
        first = merged.setdefault((one.kind, one.path, one.at_key), one)
        if first is not one:
            first.known = tuple(dict.fromkeys(first.known + one.known))
            first.expected = tuple(dict.fromkeys(first.expected + one.expected))
            first.text = first.text or one.text
    for one in merged.values():
        if one.kind == "unknown":
            one.known = tuple(keys[one.path[:-1]])
    return list(merged.values())


# Where an error of the model belongs: its location, walked along the model's own types.


def _traced(model: type[BaseModel], error: ErrorDetails, data: Data) -> _Wrong:
    """An error as the file's author sees it."""
    hints: list[Any] = [model]
    value: Any = data
    path: list[str | int] = []
    branches: list[tuple[Path, str]] = []
    kind = {"extra_forbidden": "unknown", "missing": "missing"}.get(error["type"], "value")
    at_key, steps = kind == "unknown", list(error["loc"])
    missing = (str(steps.pop()),) if kind == "missing" else ()
    labelled = False
    for number, step in enumerate(steps):
        members = _members(hints)
        is_last = number == len(steps) - 1
        if step == "[key]":
            at_key = True
        elif _is_label(step, members, value, fresh=not labelled) and not (is_last and at_key):
            branches.append((tuple(path), str(step)))
            hints = [one for one in members if step in _labels(one)] or members
            labelled = len(hints) > 1
        else:
            path.append(step)
            if not (is_last and kind == "unknown"):
                hints, value = [_child(one, step) for one in members], _part(value, step)
            labelled = False
    wrong = _Wrong(kind, tuple(path), at_key, error["input"], branches, missing)
    if kind == "unknown":
        wrong.known = tuple(dict.fromkeys(name for one in _members(hints) for name in _keys(one)))
    elif kind == "value":
        _explain(wrong, error, _members(hints))
    return wrong


def _members(hints: Iterable[Any]) -> list[Any]:
    """The types that may stand there: unions opened by one level, None left out."""
    return [member for hint in hints for member in _opened(hint)]


def _opened(hint: Any) -> list[Any]:
    bare = _bare(hint)
    if hasattr(bare, "__value__"):  # a named type alias, of `typing` or `typing_extensions`
        return _opened(bare.__value__)
    if getattr(bare, "__pydantic_root_model__", False):
        return _opened(bare.model_fields["root"].annotation)
    if get_origin(bare) in (Union, UnionType):
        members = [one for one in get_args(bare) if one is not NoneType]
        # `X | None` is an X: no branch is named for it.
        return members if len(members) > 1 else _opened(members[0])
    return [] if hint is None else [hint]


def _bare(hint: Any) -> Any:
    return hint.__origin__ if get_origin(hint) is Annotated else hint


def _is_label(step: str | int, members: list[Any], value: object, *, fresh: bool) -> bool:
    """`step` names a member of a union, not a part of the data."""
    if not isinstance(step, str):
        return False
    if fresh and len(members) > 1 and any(step in _labels(one) for one in members):
        return True
    is_part = isinstance(value, dict) and step in value
    return not is_part and not any(step in _keys(one) for one in members)


def _labels(member: Any) -> set[str]:
    """What a member of a union may be called in a location."""
    labels = {one.tag for one in getattr(member, "__metadata__", ()) if hasattr(one, "tag")}
    bare = _bare(member)
    if isinstance(bare, type):
        labels.add(bare.__name__)
    for known in getattr(bare, "model_fields", {}).values():
        if get_origin(known.annotation) is Literal:
            labels.update(map(str, get_args(known.annotation)))
    return labels


def _keys(member: Any) -> list[str]:
    """The keys of a model, as a file spells them; none for any other type."""
    fields = getattr(_bare(member), "model_fields", {})
    return [_spelled(name, known) for name, known in fields.items()]


def _spelled(name: str, known: Any) -> str:
    alias = known.validation_alias or known.alias
    return alias if isinstance(alias, str) else name


def _child(member: Any, step: str | int) -> Any:
    """The type of a part; None where it isn't known."""
    bare = _bare(member)
    for name, known in getattr(bare, "model_fields", {}).items():
        if step in (name, _spelled(name, known)):
            return known.annotation
    arguments = [one for one in get_args(bare) if one is not Ellipsis]
    return arguments[-1] if arguments else None


def _part(value: object, step: str | int) -> object:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


#: Types of error where a mapping was to stand.
MAPPINGS: Final = (
    "dict_type",
    "mapping_type",
    "model_type",
    "model_attributes_type",
    "dataclass_type",
)

#: What would be right, by the model's type of error; fields are those of its context.
_EXPECTED: Final = {
    **dict.fromkeys(("string_type", "string_sub_type", "string_unicode"), "text"),
    **dict.fromkeys(
        ("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), "a list"
    ),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_parsing_size", "int_from_float"), "a whole number"
    ),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    "none_required": "nothing",
    "string_pattern_mismatch": "text that matches {pattern}",
    "string_too_short": "text of {min_length} or more characters",
    "string_too_long": "text of at most {max_length} characters",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
}


def _explain(wrong: _Wrong, error: ErrorDetails, members: list[Any]) -> None:
    """Say what would have been right where one of `members` was to stand."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in MAPPINGS:
        examples = dict.fromkeys(getattr(_bare(one), "EXAMPLE", "") for one in members)
        said = [f"a mapping such as {example}" for example in examples if example]
        wrong.expected = tuple(said) or ("a mapping",)
    elif kind in _EXPECTED:
        wrong.expected = (_EXPECTED[kind].format(**context),)
    elif kind in ("value_error", "assertion_error"):
        text, got = str(context["error"]), f", got {found(wrong.value)}"
        if text.startswith("expected ") and text.endswith(got):
            wrong.expected = (text.removeprefix("expected ").removesuffix(got),)
        else:
            wrong.text = text
    elif kind in ("literal_error", "enum", "union_tag_invalid"):
        _explain_words(wrong, context)
    elif kind == "union_tag_not_found":
        _explain_tags(wrong, context, members)
    elif kind in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        word = "or more" if kind == "too_short" else "or fewer"
        wrong.text = f"expected {bound} {word} entries, got {context['actual_length']}"
    else:
        text = error["msg"].replace("Input should be ", "expected ")
        wrong.text = text[:1].lower() + text[1:]


def _explain_words(wrong: _Wrong, context: dict[str, Any]) -> None:
    """Say which words would have been right."""
    words = re.findall(r"'([^']*)'", context.get("expected") or context["expected_tags"])
    if (key := str(context.get("discriminator", "")).strip("'")) and isinstance(wrong.value, dict):
        wrong.value = wrong.value.get(key, context["tag"])
        wrong.path = (*wrong.path, key) if "(" not in key else wrong.path
    listed = ", ".join(map(repr, words))
    wrong.known = tuple(words)
    wrong.expected = (f"one of {listed}" if len(words) > 1 else listed,)


def _explain_tags(wrong: _Wrong, context: dict[str, Any], members: list[Any]) -> None:
    """Say what would have told which member of a union is meant."""
    if not isinstance(wrong.value, dict):
        wrong.expected = ("a mapping",)
        return
    names = (context["discriminator"].strip("'"),)
    if "(" in names[0]:  # a function, which looks at more than one key
        tags = {one.tag: hint for hint in members for one in get_args(hint) if hasattr(one, "tag")}
        names = tuple(tags)
        if not all(tag in _keys(hint) for tag, hint in tags.items()):
            wrong.expected = names
            return
    wrong.kind, wrong.known, wrong.suggests = "missing", names, True
