"""All that a browser shows of recsim, each as a page: for eyes, and for checks of accessibility.

`python tests/show/pages.py FOLDER` writes them: the reports of all commands, in each way they can
end, and what notebooks show of every value, on light and on dark grounds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import chdir
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

from typer.testing import CliRunner

import recsim
from recsim.cli import app
from recsim.strategies import Callback, CallbackMachine

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HANG_UP = SCENARIOS / "voicemail-hang-up.yaml"
CONFERENCE = SCENARIOS / "moderator-starts-and-ends-conference.yaml"

MISTAKE = '<Response><Record maxlength="60" finishOnKey="&lt;"/><Pausse/></Response>'

CLAIMS = """\
import recsim

unstored = recsim.always(
    "nothing is stored",
    lambda step: not any(move.rule.dest == "completed" for move in step.moves("recording")),
)
"""


class Hasty(CallbackMachine):
    """A handler that takes completed to come after in-progress."""

    def begin(self) -> None:
        self.known: set[str] = set()

    def receive(self, callback: Callback) -> None:
        sid = callback.params.get("RecordingSid", "")
        assert sid in self.known or callback.params["RecordingStatus"] == "in-progress"
        self.known.add(sid)


def given(folder: Path) -> None:
    """What the commands are asked about."""
    (folder / "claims_for_pages.py").write_text(CLAIMS)
    (folder / "wrong.xml").write_text(MISTAKE)
    (folder / "right.xml").write_text("<Response><Hangup/></Response>")
    (folder / "hang-up.yaml").write_text(HANG_UP.read_text())
    failing = HANG_UP.read_text().replace("status: completed", "status: absent", 1)
    (folder / "failing.yaml").write_text(failing)
    legal = recsim.run(CONFERENCE)
    legal.write(folder)
    lines = (folder / "callbacks.jsonl").read_text().splitlines(keepends=True)
    both = [*lines, *(line.replace('"completed"', '"absent"') for line in lines)]
    (folder / "illegal.jsonl").write_text("".join(both))
    (folder / "empty.jsonl").write_text("")


#: The commands whose reports are looked at, by name of the page.
REPORTS = {
    "run-held": ["run", "hang-up.yaml"],
    "run-failed": ["run", "failing.yaml"],
    "run-several": ["run", "hang-up.yaml", "failing.yaml", str(CONFERENCE)],
    "explore-held": ["explore", "hang-up.yaml", "--endings"],
    "explore-broken": ["explore", "hang-up.yaml", "--property", "claims_for_pages:unstored"],
    "explore-never": ["explore", "hang-up.yaml", "--property", "a recording is absent"],
    "explore-bounded": ["explore", "hang-up.yaml", "--states", "3"],
    "check-legal": ["check", "callbacks.jsonl"],
    "check-illegal": ["check", "illegal.jsonl", "--level", "info"],
    "check-empty": ["check", "empty.jsonl"],
    "check-unreadable": ["check", "nowhere.jsonl"],
    "lint-found": ["lint", "wrong.xml", "right.xml"],
    "lint-nothing": ["lint", "right.xml"],
}


def values(folder: Path) -> Iterator[tuple[str, object]]:
    """What ends cells of notebooks, by name of the page."""
    run, other = recsim.run(CONFERENCE), recsim.run(CONFERENCE, seed=2)
    yield "scenario", recsim.load(CONFERENCE)
    yield "run", run
    yield "run-failed", recsim.run(folder / "failing.yaml")
    yield "recording", run.recording(0)
    yield from (("trace", run.trace), ("callbacks", run.callbacks), ("recordings", run.recordings))
    yield "why", run.why(len(run.trace) // 2)
    yield "diff", recsim.diff(run, other)
    yield "table", recsim.table("recording")
    yield "disputes", recsim.table("disputes")
    yield "exploration", recsim.explore(HANG_UP, endings=True)
    yield "check", recsim.check(folder / "illegal.jsonl")
    yield "trial", Hasty.trial(examples=40, steps=8)
    yield "survey", recsim.survey(HANG_UP)
    yield "coverage", recsim.coverage([run, other])


PAGE = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{name}</title>
<style>body {{ background: {ground}; color: {ink}; font: 14px sans-serif }}</style></head>
<body><main><h1>{name}</h1>
{shown}
</main></body></html>
"""

#: The grounds and inks of notebooks.
GROUNDS = {"light": ("#ffffff", "#1f1f1f"), "dark": ("#111111", "#e0e0e0")}


def write(folder: Path) -> None:
    """Write the pages into a folder, which is made; and beside them what they are about."""
    folder.mkdir(parents=True, exist_ok=True)
    given(folder)
    for name, words in REPORTS.items():
        done = CliRunner().invoke(app, [*words, "--report", f"{name}.html"])
        assert Path(f"{name}.html").exists(), done.output
    for name, value in values(folder):
        shown = value._repr_html_()  # type: ignore[attr-defined]  # each has one
        for scheme, (ground, ink) in GROUNDS.items():
            page = PAGE.format(name=escape(name), shown=shown, ground=ground, ink=ink)
            (folder / f"value-{name}-{scheme}.html").write_text(page)


class Seen(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))


def check_page(text: str) -> None:
    """A page that stands alone, and that can be read aloud."""
    tags = Seen(text).tags
    levels = [int(tag[1]) for tag, _ in tags if tag in ("h1", "h2", "h3")]
    assert ("html", {"lang": "en"}) in tags
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert all("scope" in attrs for tag, attrs in tags if tag == "th")
    assert not [tag for tag, attrs in tags if tag in ("script", "link", "img") or "src" in attrs]


if __name__ == "__main__":
    place = Path(sys.argv[1]).resolve()
    place.mkdir(parents=True, exist_ok=True)
    with chdir(place):
        write(place)
