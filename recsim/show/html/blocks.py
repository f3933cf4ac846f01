"""The blocks that all of it is built of: text, tables, badges; each knows its room, and says so.

Colours are those of the notebook, light or dark: there is no other but the grey between rows, and
nothing is told by colour. What may be wider than a notebook scrolls by itself, by keys as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

MOST_BYTES = 50_000
"""Of one value, and a little less than that of all its blocks together."""

ROOM = 12_000
"""Bytes that a block may take, where nobody says otherwise."""

LONGEST = 200
"""Characters of a text that are shown; of a longer one its start and its end."""

UNBROKEN = 28
"""Characters of a word that is never broken."""

MADE = "<scenario>"
"""The file of a scenario that stands in none."""

LONG = 200
"""Characters from which a text has a column that is twice as wide."""

SHORT = 36
"""Characters of a text that stands in one line; columns of longer ones are wide enough to read."""

#: Which columns of a table are short is told by its classes, since each cell's would take room.
COLUMNS = ",\n".join(f".recsim.recsim .s{n} td:nth-child({n})" for n in range(1, 13))

STYLE = f"""<style>
.recsim.recsim {{line-height: 1.4}}
.recsim.recsim .wide {{overflow-x: auto; margin: .5em 0}}
.recsim.recsim table {{border-collapse: collapse; margin: 0; table-layout: auto}}
.recsim.recsim caption {{caption-side: top; text-align: left; font-weight: bold; color: inherit;
 padding: 0}}
.recsim.recsim th, .recsim.recsim td {{color: inherit; background: none; text-align: left;
 vertical-align: top; padding: .15em 1.2em .15em 0; border: 0; max-width: 40em}}
.recsim.recsim td {{white-space: normal; min-width: 11em}}
.recsim.recsim .l {{overflow-wrap: anywhere}}
.recsim.recsim .w {{min-width: 15em; overflow-wrap: anywhere}}
{COLUMNS} {{white-space: nowrap; min-width: 0}}
.recsim.recsim th {{white-space: nowrap; border-bottom: 1px solid currentColor}}
.recsim.recsim td {{border-bottom: 1px solid rgba(128, 128, 128, .4)}}
.recsim.recsim pre {{color: inherit; background: none; margin: 0}}
.recsim.recsim svg {{min-width: 52em}}
.recsim.recsim p {{margin: .3em 0}}
.recsim.recsim .badge {{border: 1px solid currentColor; border-radius: .3em; padding: 0 .4em;
 font-weight: bold; white-space: nowrap}}
</style>"""

TAG = re.compile("<[^>]*>")


class Markup(str):
    """HTML that is made already; any other text is escaped."""

    __slots__ = ()


def shown(value: object, longest: int = LONGEST) -> Markup:
    """A value as it may stand between tags."""
    if isinstance(value, Markup):
        return value
    text = excerpt(str(value), longest)
    # What is half of a character, or none, can't be written as UTF-8.
    return Markup(escape(text.encode("utf-8", "replace").decode()))


def excerpt(text: str, longest: int) -> str:
    """A text, or of a longer one its start and its end."""
    end = longest // 4
    return text if len(text) <= longest else f"{text[: longest - end - 3]}...{text[-end:]}"


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
    """Rows of as many cells as there are columns; those without room are counted.

    A column with nothing in any row is left out.
    """
    cells = [tuple(row) for row in rows]
    kept = [n for n in range(len(columns)) if not cells or any(row[n] != "" for row in cells)]
    heads = element("tr", *(element("th", columns[n], scope="col") for n in kept))
    short = [
        f"s{place}"
        for place, n in enumerate(kept, 1)
        if all(len(TAG.sub("", str(row[n]))) <= SHORT for row in cells)
    ]
    made: list[Markup] = []
    left, more = room - size(heads), 0
    for row in cells:
        line = element("tr", *(cell_of(shown(row[n], longest)) for n in kept))
        left -= size(line)
        if left < 0 or more:
            more += 1
        else:
            made.append(line)
    parts = [element("caption", title)] if title else []
    body = (element("thead", heads), element("tbody", *made))
    drawn = element("table", *parts, *body, class_=" ".join(short))
    name = title or f"table of {', '.join(columns[n] for n in kept)}"
    return Markup(wide(drawn, name) + cut(len(made), more, "row"))


def cell_of(inside: Markup) -> Markup:
    """A cell; one with a long word may be broken anywhere."""
    if len(inside) > LONG:
        return element("td", inside, class_="w")
    longest = max(map(len, inside.split()), default=0)
    return element("td", inside, **({"class_": "l"} if longest > UNBROKEN else {}))


def wide(inside: Markup, name: str) -> Markup:
    """What scrolls where there is too little room, by keys too, and says what it is."""
    attributes = {"tabindex": "0", "role": "group", "aria-label": name}
    return element("div", inside, class_="wide", **attributes)


def pre(lines: Iterable[str], *, title: str = "text", room: int = ROOM) -> Markup:
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
    inside = element("pre", Markup("\n".join(made)))
    return Markup(wide(inside, title) + cut(len(made), more, "line"))


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


def in_file(name: str) -> str:
    """The name of a file; empty for a scenario that stands in none."""
    return "" if name == MADE else name


def facts(pairs: Iterable[tuple[str, Any]]) -> Markup:
    """Names and values in one line."""
    told = (Markup(f"{shown(name)} {element('code', value)}") for name, value in pairs if value)
    return element("p", Markup(" · ".join(told)))
