"""The parts of README.md, and of pages in docs, that are made from the project.

`python tests/readme.py` renews them.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from machines import shown

from recsim.scenario.load import load
from recsim.scenario.run import run
from recsim.show.clauses import parts, summary
from recsim.show.picture.lifecycle import svg
from recsim.show.sheets import LIFECYCLES, SHEETS
from recsim.show.tables import diagram
from recsim.vendors.telnyx.texml.vocabulary import RULES

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
TEXML = ROOT / "docs" / "texml.md"
REST = ROOT / "docs" / "rest.md"
LINT = ROOT / "docs" / "lint.md"
CLAUSES = ROOT / "docs" / "clauses.md"
SEEING = ROOT / "docs" / "seeing.md"
LIFECYCLE = ROOT / "docs" / "lifecycles.md"
PICTURES = ROOT / "docs" / "pictures"

TYPOS = """\
recsim: 1
title: A scenario with three typos
application:
  voice_url: https://app.test/answer
calls:
  caller:
    from: +15550001
    to: +15550002
    story:
      - wait: beep
      - speak: 4 s
      - pres: "#"
expct: []
"""


MISTAKES = """\
<Response>
  <Record maxlength="60" recordingTrack="both"
          recordingStatusCallback="/recording"/>
  <Dial record="record-from-answer"><Conference>room</Conference></Dial>
</Response>
"""


def recsim(*words: str, cwd: Path = ROOT) -> str:
    """What a command prints, on stdout and stderr."""
    start = "from recsim.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", start, *words], cwd=cwd, capture_output=True, text=True, check=False
    )
    return "\n".join(filter(None, (done.stdout.rstrip(), done.stderr.rstrip()))) + "\n"


def faults() -> str:
    """What a scenario with typos gets to hear."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "typos.yaml").write_text(TYPOS)
        return recsim("run", "typos.yaml", cwd=Path(folder))


def made() -> dict[str, str]:
    """What stands in the block after each mark."""
    scenario = "scenarios/voicemail-finish-on-key.yaml"
    return {
        f"scenario: {scenario}": (ROOT / scenario).read_text(),
        f"output: recsim run {scenario}": recsim("run", scenario),
        "faults": faults(),
        "found": shown(README.read_text()),
        "diagram: recording": recsim("table", "recording", "--mermaid"),
    }


def renewed(text: str) -> str:
    """README.md as it should be."""
    return blocks(text, made())


def blocks(text: str, made: Mapping[str, str]) -> str:
    """A page with what stands in the block after each mark."""
    for mark, content in made.items():
        block = re.compile(rf"(<!-- {re.escape(mark)} -->\n```[a-z]*\n).*?(```\n)", re.DOTALL)
        text, count = block.subn(lambda m, c=content: m[1] + c + m[2], text)
        assert count == 1, f"there is no block for {mark!r}"
    return text


def drawn(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [columns, ("---",) * len(columns), *rows]
    cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def linted(text: str) -> str:
    """docs/lint.md as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "answer.xml").write_text(MISTAKES)
        told = recsim("lint", "answer.xml", cwd=Path(folder))
    sheet = SHEETS["rules"]()
    table = drawn(sheet.columns, [(f"`{rule}`", *cells) for rule, *cells in sheet.rows])
    shown = f"```xml\n{MISTAKES}```\n\n```\n{told}```\n"
    for mark, content in (("lint", shown), ("table: rules", table)):
        block = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- end -->\n)", re.DOTALL)
        text, count = block.subn(lambda m, c=content: f"{m[1]}{c}{m[2]}", text)
        assert count == 1, f"docs/lint.md has no block for {mark!r}"
    return text


def tabled(text: str) -> str:
    """docs/texml.md as it should be."""
    tables = {name: SHEETS[name]() for name in ("verbs", "nouns", "attributes")}
    made = {name: drawn(sheet.columns, sheet.rows) for name, sheet in tables.items()}
    made["findings"] = drawn(
        ("rule", "says"), [(f"`{rule}`", said) for rule, said in RULES.items()]
    )
    return filled(text, made)


def asked(text: str) -> str:
    """docs/rest.md as it should be."""
    routes, errors = SHEETS["routes"](), SHEETS["errors"]()
    paths = [(method, f"`{path}`", spec) for method, path, spec in routes.rows]
    made = {
        "routes": drawn(routes.columns, paths),
        "errors": drawn(errors.columns, errors.rows),
    }
    return filled(text, made)


def filled(text: str, made: Mapping[str, str]) -> str:
    """A page with each of its tables in its place."""
    for name, table in made.items():
        block = re.compile(rf"(<!-- table: {name} -->\n).*?(<!-- end -->\n)", re.DOTALL)
        text, count = block.subn(lambda m, t=table: f"{m[1]}{t}{m[2]}", text)
        assert count == 1, f"there is no block for {name!r}"
    return text


@cache
def lines_that_show() -> dict[str, tuple[str, ...]]:
    """The lines of scenarios that show a clause, by its id: links from a page in docs."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "scenarios").glob("*.yaml")):
        one = load(file)
        asked = [(("requests", n, "answer"), row) for n, row in enumerate(one.scenario.requests)]
        expected = [(("expect", n), row) for n, row in enumerate(one.scenario.expect)]
        for path, row in (*asked, *expected):
            line, _ = one.tree.position(path)
            for clause in row.clause:
                link = f"[{file.stem}:{line}](../scenarios/{file.name}#L{line})"
                found.setdefault(clause, []).append(link)
    return {clause: tuple(links) for clause, links in found.items()}


def listed(text: str) -> str:
    """docs/clauses.md as it should be."""
    lines = lines_that_show()
    made = "".join(
        f"\n## {title}\n\n{drawn(sheet.columns, sheet.rows)}"
        for title, sheet in parts(lines).items()
    )
    block = re.compile(r"(<!-- clauses -->\n).*?(<!-- end -->\n)", re.DOTALL)
    text, count = block.subn(lambda m: f"{m[1]}{summary(lines)}{made}{m[2]}", text)
    assert count == 1, "docs/clauses.md has no block for its clauses"
    return text


def machine_pictures() -> dict[str, str]:
    """The picture of each lifecycle, by the name of its file."""
    return {f"lifecycle-{name}.svg": svg(machine) for name, machine in LIFECYCLES.items()}


def lived(text: str) -> str:
    """docs/lifecycles.md as it should be."""
    made = "".join(
        f"\n## {name.replace('-', ' ').capitalize()}\n\n```mermaid\n{diagram(machine)}```\n\n"
        f"![How a {name.replace('-', ' ')} lives](pictures/lifecycle-{name}.svg)\n"
        for name, machine in LIFECYCLES.items()
    )
    block = re.compile(r"(<!-- lifecycles -->\n).*?(<!-- end -->\n)", re.DOTALL)
    text, count = block.subn(lambda m: f"{m[1]}{made}\n{m[2]}", text)
    assert count == 1, "docs/lifecycles.md has no block for its diagrams"
    return text


def seen(text: str) -> str:
    """docs/seeing.md as it should be."""
    paused, left = "scenarios/pause-and-resume.yaml", "scenarios/voicemail-hang-up.yaml"
    made = {f"lanes: {paused}": run(ROOT / paused).lanes()}
    made[f"sequence: {left}"] = run(ROOT / left).sequence()
    return blocks(text, made)


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name, picture in machine_pictures().items():
        (PICTURES / name).write_text(picture)
    LIFECYCLE.write_text(lived(LIFECYCLE.read_text()))
    CLAUSES.write_text(listed(CLAUSES.read_text()))
    TEXML.write_text(tabled(TEXML.read_text()))
    REST.write_text(asked(REST.read_text()))
    SEEING.write_text(seen(SEEING.read_text()))
    LINT.write_text(linted(LINT.read_text()))
    README.write_text(renewed(README.read_text()))
