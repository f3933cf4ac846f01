"""The page that every report in HTML stands in: one file, no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from recsim.show.picture.colours import both

#: What a verdict or a line is marked with; said in words too, never by colour alone.
GOOD, BAD, DOUBT = "good", "bad", "doubt"

#: The colours of text, and `paper` and `tint`, on which it stands, as CSS variables.
COLOURS = both(
    ":root{--ink:$ink;--soft:$quiet;--paper:$ground;--tint:$panel;--line:$line;"
    "--good:$completed;--bad:$bad;--doubt:$absent;--link:$capture}"
)

STYLE = """\
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
a { color: var(--link); }
code, pre { font: .875rem/1.45 ui-monospace, Menlo, Consolas, monospace; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: 6px;
  padding: .75rem 1rem; margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
caption { text-align: left; color: var(--soft); padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0;
  border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
th[scope=row]:not(.long) { white-space: nowrap; }
.long { overflow-wrap: anywhere; min-width: 12rem; }
.verdict { font-size: 1.15rem; font-weight: 600; border-left: 5px solid; padding: .4rem .9rem;
  margin: 0 0 1rem; background: var(--tint); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.doubt { color: var(--doubt); }
.soft { color: var(--soft); }
figure { margin: .75rem 0; }
figcaption { color: var(--soft); font-size: .9375rem; }
svg { max-width: 100%; min-width: 44rem; height: auto; }
"""

#: Words that are coloured where they fill a cell.
TONED = {"FAILED": BAD, "error": BAD, "warning": DOUBT}

MOST_ROWS = 100
"""Rows of a table; the rest is counted."""

UNBROKEN = 36
"""Letters of a word that is never broken: an id."""


def page(title: str, body: str) -> str:
    """A whole HTML page: `title` as text, which is its first heading too; `body` as HTML.

    The headings in `body` start with `h2`.
    """
    name = escape(title)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>\n{COLOURS}\n{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{name}</h1>\n{body}</main>\n</body>\n</html>\n"
    )


def verdict(text: str, tone: str) -> str:
    """What came of it, in a line that stands first; `tone` is one of GOOD, BAD and DOUBT."""
    return f'<p class="verdict {tone}">{escape(text)}</p>\n'


def heading(text: str, level: int = 2) -> str:
    """A heading inside a page."""
    return f"<h{level}>{escape(text)}</h{level}>\n"


def paragraph(text: str, tone: str = "") -> str:
    """A paragraph of plain text."""
    return f'<p class="{tone}">{escape(text)}</p>\n' if tone else f"<p>{escape(text)}</p>\n"


def block(text: str) -> str:
    """Text as it is: a command, a file, a timeline. Long lines are wrapped."""
    return f"<pre>{escape(text)}</pre>\n"


def figure(picture: str, caption: str) -> str:
    """An SVG element, and what is to be said of it."""
    told = f"<figcaption>{escape(caption)}</figcaption>\n"
    return f"<figure>\n{wide(picture, 'Timeline')}{told}</figure>\n"


def wide(inside: str, name: str) -> str:
    """What scrolls where it is too wide: it can be reached by the keyboard, and has a name."""
    label = escape(name)
    return f'<div class="wide" role="group" tabindex="0" aria-label="{label}">\n{inside}\n</div>\n'


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """A table of plain text, which scrolls where it is too wide; of a long one the first rows.

    The first cell of a row is its heading.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    lines = [
        "<tr>"
        + cell("th", first, ' scope="row"')
        + "".join(cell("td", text) for text in rest)
        + "</tr>\n"
        for first, *rest in rows[:MOST_ROWS]
    ]
    more = len(rows) - MOST_ROWS
    return wide(
        f"<table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{''.join(lines)}</tbody>\n</table>",
        caption,
    ) + (paragraph(f"... and {more} more rows", "soft") if more > 0 else "")


def cell(name: str, text: str, more: str = "") -> str:
    """A cell; one with a long word may be broken anywhere, others between words."""
    longest = max(map(len, text.split()), default=0)
    kind = "long" if longest > UNBROKEN else TONED.get(text, "")
    marked = f' class="{kind}"' if kind else ""
    return f"<{name}{more}{marked}>{escape(text)}</{name}>"


def listed(rows: Iterable[str]) -> str:
    """Lines of plain text, numbered from one."""
    return "<ol>\n" + "".join(f"<li>{escape(row)}</li>\n" for row in rows) + "</ol>\n"
