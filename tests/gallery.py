"""docs/gallery.md: every scenario, with what it is about, shows and comes to.

`python tests/gallery.py` renews it, and the pictures in docs/pictures.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import recsim
from recsim.scenario.dump import texts, written
from recsim.scenario.run import Run
from recsim.show.picture import svg
from recsim.show.report import timeline_text
from recsim.show.timeline import Timeline

ROOT = Path(__file__).parent.parent
GALLERY = ROOT / "docs" / "gallery.md"
PICTURES = ROOT / "docs" / "pictures"

#: Those with a picture; of all of them, the pictures would be larger than the project.
PICTURED = (
    "voicemail-hang-up",
    "voicemail-finish-on-key",
    "pause-and-resume",
    "dial-dual-channels",
    "dial-whisper",
    "moderator-starts-and-ends-conference",
    "conference-recorded-by-command",
    "queue-taken-by-agent",
    "receiver-down-failover",
    "callbacks-duplicated",
    "short-message-is-absent",
    "storage-fails",
)

HEAD = """\
# Gallery

Every scenario in [scenarios](../scenarios): what it is about, which [clauses](clauses.md) it shows,
its TeXML and what happens. Made by `python tests/gallery.py`; any of them is drawn by
`recsim run scenarios/NAME.yaml --report out.html`.

"""


def gallery() -> tuple[str, dict[str, str]]:
    """The page, and the pictures that it shows, by the names of their files."""
    with chdir(ROOT):  # the files are named in pictures, without what is above the project
        files = sorted(Path("scenarios").glob("*.yaml"))
        runs = {file.stem: recsim.run(file) for file in files}
    parts = [HEAD, *(f"- [{run.title}](#{name})\n" for name, run in runs.items())]
    parts += [text for name, run in runs.items() for text in shown(name, run)]
    return "".join(parts), {f"run-{name}.svg": svg(runs[name]) for name in PICTURED}


def shown(name: str, run: Run) -> Iterator[str]:
    """One scenario."""
    scenario = run.loaded.scenario
    yield f"\n## {name}\n\n**{run.title}** ([scenarios/{name}.yaml](../scenarios/{name}.yaml))\n"
    if scenario.about:
        yield f"\n{' '.join(scenario.about.split())}\n"
    if clauses := sorted({clause for verdict in run.verdicts for clause in verdict.clauses}):
        yield f"\nShows: {', '.join(f'`{clause}`' for clause in clauses)}\n"
    if name in PICTURED:
        yield f"\n![What happens in {name}](pictures/run-{name}.svg)\n"
    yield f"\n```\n{run.lanes()}```\n"
    for url, document in scenario.documents.items():
        if isinstance(document, str):
            kind, text = "xml", document
        else:
            kind, text = "yaml", written(texts(document))
        yield f"\n`{url}`\n\n```{kind}\n{text.strip()}\n```\n"
    items = list(Timeline(run).items())
    width = max((len(item.call) for item in items), default=0)
    lines = "".join(f"{timeline_text(item, width).plain.rstrip()[2:]}\n" for item in items)
    yield f"\n<details><summary>What happens</summary>\n\n```\n{lines}```\n\n</details>\n"


if __name__ == "__main__":
    page, pictures = gallery()
    PICTURES.mkdir(exist_ok=True)
    GALLERY.write_text(page)
    for name, picture in pictures.items():
        (PICTURES / name).write_text(picture)
