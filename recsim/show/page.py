"""The page that every report in HTML stands in: one file, no script, nothing fetched.

Colours have a contrast of at least 4.5:1 on what they stand on, in light and in dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

#: What a verdict or a line is marked with; said in words too, never by colour alone.
GOOD, BAD, DOUBT = "good", "bad", "doubt"

STYLE = """\
:root { color-scheme: light dark;
  --ink: #1b1f24; --soft: #57606a; --paper: #ffffff; --tint: #f3f5f7;
  --line: #c4ccd4; --good: #116329; --bad: #b3141d; --doubt: #7a4b00; --link: #0a4fa8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --soft: #a9b3bd; --paper: #14171a; --tint: #1f2428;
    --line: #454d55; --good: #63d07c; --bad: #ff8d85; --doubt: #e8b04a; --link: #84b8ff; }
}
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
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .9375rem; }
caption { text-align: left; color: var(--soft); padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; }
.verdict { font-size: 1.15rem; font-weight: 600; border-left: 5px solid; padding: .4rem .9rem;
  margin: 0 0 1rem; background: var(--tint); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.doubt { color: var(--doubt); }
.soft { color: var(--soft); }
figure { margin: .75rem 0; }
figcaption { color: var(--soft); font-size: .9375rem; }
svg { max-width: 100%; height: auto; }
"""


def page(title: str, body: str) -> str:
    """A whole HTML page: `title` as text, which is its first heading too; `body` as HTML.

    The headings in `body` start with `h2`.
    """
    name = escape(title)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>\n{STYLE}</style>\n</head>\n"
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


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """A table of plain text; the first cell of a row is its heading."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    lines = [
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>\n"
        for first, *rest in rows
    ]
    return (
        f"<table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{''.join(lines)}</tbody>\n</table>\n"
    )


def listed(rows: Iterable[str]) -> str:
    """Lines of plain text, numbered from one."""
    return "<ol>\n" + "".join(f"<li>{escape(row)}</li>\n" for row in rows) + "</ol>\n"
