"""A scenario as the text of a file: what `load` reads back to an equal one.

Values become text by their types, which read it too. Here is only how the file looks: as people
write them, in the order in which the shipped ones stand. Of `ruamel.yaml` only the emitter is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any, Final, TypeAlias

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.emitter import Emitter
from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from recsim.scenario.bodies import INTEGER, WORDS
from recsim.scenario.requests import Asked
from recsim.scenario.schema import Scenario

Path: TypeAlias = tuple[str | int, ...]

#: Keys in the order in which files have them; others come behind, as their model has them.
ORDER: Final = {
    key: n
    for n, key in enumerate(
        (
            *("recsim", "title", "about", "seed", "starts_at", "sign"),
            *("account", "ids", "numbers", "profile", "application", "documents", "media"),
            *("network", "receiver", "storage", "readings"),
            *("calls", "callees", "requests", "expect"),
            *("at", "when", "after"),  # of what is asked, before what it asks
        )
    )
}
#: A list or mapping stands on one line if it fits on it, but for these.
BLOCKS: Final = ("calls", "callees", "requests", "expect", "asks", "story")

WIDTH: Final = 100
_ENDLESS: Final = 10**6


def dumps(scenario: Scenario) -> str:
    """The text of a file that reads back to an equal scenario; defaults are left out.

    Equal, that is, where fields of `expect` and of `answer` are text, as all of a file are.
    """
    return written(texts(scenario))


def written(data: dict[str, Any]) -> str:
    """The text of a file with this in it, be it a scenario or not."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Emitter = Writer
    yaml.width, yaml.allow_unicode = _ENDLESS, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.emit(events(data), text)
    return text.getvalue()


def texts(model: BaseModel) -> dict[str, Any]:
    """A model as a file has it: text, lists and mappings, and in JSON bodies numbers and flags."""
    data = model.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    restored(model, data)
    return data


def restored(value: object, data: Any) -> None:
    """Put back what is a default, but says something where it is given: a request's own key."""
    if isinstance(value, Asked) and "key" in value.model_fields_set:
        data["key"] = value.key
    if isinstance(value, BaseModel) and isinstance(data, dict):
        for name, field in type(value).model_fields.items():
            if (key := field.alias or name) in data:
                restored(getattr(value, name), data[key])
    elif isinstance(value, list) and isinstance(data, list):
        for one, part in zip(value, data, strict=True):
            restored(one, part)


class Writer(Emitter):
    """Emits long lines, but for what is folded, and quotes as people here do."""

    def write_folded(self, text: Any, comment: Any) -> None:
        """Fold at the width of a file."""
        self.best_width = WIDTH - 8  # it folds behind the word that is too long
        super().write_folded(text, comment)
        self.best_width = _ENDLESS

    def choose_scalar_style(self) -> Any:
        """Double quotes, never single ones."""
        if not self.event.value:
            return self.event.style
        style = super().choose_scalar_style()
        return '"' if style == "'" else style


def events(data: dict[str, Any]) -> Iterator[Any]:
    """What the emitter is told of a file."""
    yield StreamStartEvent()
    yield DocumentStartEvent(explicit=False)
    yield from _events((), data, is_flow=False)
    yield DocumentEndEvent(explicit=False)
    yield StreamEndEvent()


def _events(path: Path, value: Any, *, is_flow: bool) -> Iterator[Any]:
    """What the emitter is told of a value; all below what stands on one line does too."""
    is_flow = is_flow or fits(path, value)
    if isinstance(value, dict):
        yield MappingStartEvent(None, None, implicit=True, flow_style=is_flow)
        for key in ordered(path, value):
            yield _scalar(key, is_key=True)
            yield from _events((*path, key), value[key], is_flow=is_flow)
        yield MappingEndEvent()
    elif isinstance(value, list):
        yield SequenceStartEvent(None, None, implicit=True, flow_style=is_flow)
        for n, part in enumerate(value):
            yield from _events((*path, n), part, is_flow=is_flow)
        yield SequenceEndEvent()
    else:
        yield _scalar(value, is_body="json" in path, is_about=path == ("about",))


def ordered(path: Path, value: dict[str, Any]) -> list[str]:
    """Keys in the order of files; names that people gave stay as they stand."""
    if path and path[-2:-1] not in (("requests",), ("asks",)):
        return list(value)
    return sorted(value, key=lambda key: ORDER.get(key, len(ORDER)))


def fits(path: Path, value: Any) -> bool:
    """Whether a value is to stand on one line."""
    if not isinstance(value, dict | list):
        return False
    if not value:
        return True
    is_block = len(path) <= 1 or path[-1] in BLOCKS or path[-2] in BLOCKS
    before = 2 * len(path) + len(str(path[-1])) + 4 if path else 0
    return not is_block and before + width(value) <= WIDTH


def width(value: Any) -> int:
    """About as many columns as a value takes on one line; too many for what has several."""
    if isinstance(value, dict):
        return 2 + sum(len(key) + 4 + width(part) for key, part in value.items())
    if isinstance(value, list):
        return 2 + sum(2 + width(part) for part in value)
    text = str(value)
    return WIDTH if "\n" in text else len(text) + 1


def _scalar(
    value: Any, *, is_key: bool = False, is_body: bool = False, is_about: bool = False
) -> ScalarEvent:
    """A scalar, plain wherever it reads back as it is: all of a file is read as text."""
    style = None
    if value is None or isinstance(value, bool | int):
        text = "null" if value is None else str(value).lower()
    else:
        text = str(value)
        if needs_quotes(text, is_key=is_key, is_body=is_body):
            style = '"'
        elif is_about and folds(text):
            style = ">"
        elif "\n" in text and not is_key:
            style = "|"
    return ScalarEvent(None, None, (True, True), text, style=style)


def needs_quotes(text: str, *, is_key: bool, is_body: bool) -> bool:
    """Whether plain text would be read as something else."""
    if is_key:
        return text in ("", "<<")
    return text in ("", "~", "null") or (
        is_body and (text in WORDS or INTEGER.fullmatch(text) is not None)
    )


def folds(text: str) -> bool:
    """Whether text of one paragraph can be broken into lines at its spaces."""
    words = text.removesuffix("\n")
    return text.endswith("\n") and words == " ".join(words.split())
