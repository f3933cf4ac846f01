"""The blocks that all of it is built of: text, tables, badges; each knows its room, and says so.

Colours are those of the notebook, light or dark: there is no other, and nothing is told by colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

MOST_BYTES = 50_000
"""Of one value, and a little less than that of all its blocks together."""

ROOM = 12_000
"""Bytes that a block may take, where nobody says otherwise."""

LONGEST = 200
"""Characters of a text that are shown; of a longer one its start and its end."""

STYLE = """<style>
.recsim.recsim {line-height: 1.4; overflow-x: auto}
.recsim.recsim table {border-collapse: collapse; margin: .5em 0; table-layout: auto}
.recsim.recsim caption {caption-side: top; text-align: left; font-weight: bold; color: inherit}
.recsim.recsim th, .recsim.recsim td {color: inherit; background: none; text-align: left;
 vertical-align: top; padding: .15em .6em; border: 0; overflow-wrap: anywhere; max-width: 40em}
.recsim.recsim th {border-bottom: 1px solid currentColor; overflow-wrap: normal}
.recsim.recsim td {border-bottom: 1px dotted currentColor}
.recsim.recsim pre {color: inherit; background: none; margin: .5em 0; overflow-x: auto}
.recsim.recsim p {margin: .3em 0}
.recsim.recsim .badge {border: 1px solid currentColor; border-radius: .3em; padding: 0 .4em;
 font-weight: bold; white-space: nowrap}
</style>"""


class Markup(str):
    """HTML that is made already; any other text is escaped."""

    __slots__ = ()


def shown(value: object, longest: int = LONGEST) -> Markup:
    """A value as it may stand between tags."""
    if isinstance(value, Markup):
        return value
    text = str(value)
    if len(text) > longest:
        end = longest // 4
        text = f"{text[: longest - end - 3]}...{text[-end:]}"
    # What is half of a character, or none, can't be written as UTF-8.
    return Markup(escape(text.encode("utf-8", "replace").decode()))


def element(name: str, *inside: object, **attributes: str) -> Markup:
    """An element with values in it."""
    told = "".join(f' {key.rstrip("_")}="{escape(text)}"' for key, text in attributes.items())
    return Markup(f"<{name}{told}>{''.join(map(shown, inside))}</{name}>")


def size(text: str) -> int:
    """The bytes of a text."""
    return len(text.encode())


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "",
    room: int = ROOM,
    longest: int = LONGEST,
) -> Markup:
    """Rows of as many cells as there are columns; those without room are counted."""
    heads = element("tr", *(element("th", column, scope="col") for column in columns))
    made: list[Markup] = []
    left, more = room - size(heads), 0
    for row in rows:
        line = element("tr", *(element("td", shown(cell, longest)) for cell in row))
        left -= size(line)
        if left < 0 or more:
            more += 1
        else:
            made.append(line)
    parts = [element("caption", title)] if title else []
    drawn = element("table", *parts, element("thead", heads), element("tbody", *made))
    return Markup(drawn + cut(len(made), more, "row"))


def pre(lines: Iterable[str], *, room: int = ROOM) -> Markup:
    """Lines as they are, in letters of one width; those without room are counted."""
    made: list[Markup] = []
    left, more = room, 0
    for line in lines:
        one = shown(line)
        left -= size(one) + 1
        if left < 0 or more:
            more += 1
        else:
            made.append(one)
    return Markup(element("pre", Markup("\n".join(made))) + cut(len(made), more, "line"))


def cut(there: int, more: int, word: str) -> Markup:
    """That there is more of something, if there is."""
    if not more:
        return Markup()
    text = f"... and {more} more {word}{'' if more == 1 else 's'}, of {there + more}"
    return element("p", text)


def badge(held: bool, yes: str, no: str) -> Markup:
    """Whether something held, in words and by a mark."""
    return element(
        "span", f"\N{CHECK MARK} {yes}" if held else f"\N{BALLOT X} {no}", class_="badge"
    )


def details(title: str, inside: Markup) -> Markup:
    """Something that opens on a click."""
    return element("details", element("summary", title), inside)


def whole(*parts: object) -> str:
    """Blocks as one value is shown; a block that there is no room for is told, and left out."""
    made: list[str] = []
    left = MOST_BYTES - size(STYLE) - 200
    for part in map(shown, parts):
        if size(part) <= left:
            made.append(part)
            left -= size(part)
        else:
            text = "... and more, for which there is no room here; printing it shows all"
            made.append(element("p", text))
            break
    return element("div", Markup(STYLE), Markup("\n".join(made)), class_="recsim")


def facts(pairs: Iterable[tuple[str, Any]]) -> Markup:
    """Names and values in one line."""
    told = (Markup(f"{shown(name)} {element('code', value)}") for name, value in pairs if value)
    return element("p", Markup(" · ".join(told)))
