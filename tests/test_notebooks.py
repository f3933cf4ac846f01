"""Every notebook runs in a kernel of its own, and prints what it was saved with.

`python tests/notebook.py` renews them.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from notebook import NOTEBOOKS, ROOT, code, played

MOST_BYTES = 300_000

#: What is of one machine, or of one day.
LOCAL = re.compile(r"/home/|/root/|/tmp/|/Users/|[A-Z]:\\\\Users|ipykernel_\d")

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def printed(cell: NotebookNode) -> str:
    """What a cell says as text; pictures and frames may differ from version to version."""
    return "".join(out.text for out in cell.outputs if out.output_type == "stream")


def shown(cell: NotebookNode) -> list[str]:
    """What it shows of ours, but for its style; that of others differs from version to version."""
    told = (out.get("data", {}).get("text/html", "") for out in cell.outputs)
    ours = (html for html in told if html.startswith('<div class="recsim">'))
    return [re.sub("<style>.*?</style>", "", html, flags=re.DOTALL) for html in ours]


def shapes(cell: NotebookNode) -> list[list[str]]:
    """What kinds of things a cell shows."""
    return [sorted(out.get("data", ())) for out in cell.outputs if out.output_type != "stream"]


def test_there_are_six_questions() -> None:
    titles = [nbformat.read(path, 4).cells[0].source.splitlines()[0] for path in NOTEBOOKS]

    assert len(titles) == 6
    assert all(re.fullmatch(r"# [A-Z].*\?", title) for title in titles), titles
    for path, title in zip(NOTEBOOKS, titles, strict=True):
        assert f"[{title[2:]}](notebooks/{path.name})" in (ROOT / "README.md").read_text()


@each_notebook
def test_a_notebook_runs_and_prints_what_it_was_saved_with(path: Path, tmp_path: Path) -> None:
    saved, now = nbformat.read(path, 4), played(path, tmp_path)

    assert [printed(cell) for cell in code(now)] == [printed(cell) for cell in code(saved)]
    assert [shown(cell) for cell in code(now)] == [shown(cell) for cell in code(saved)]
    assert [shapes(cell) for cell in code(now)] == [shapes(cell) for cell in code(saved)]


@each_notebook
def test_a_notebook_is_small_and_of_no_machine(path: Path) -> None:
    notebook = nbformat.read(path, 4)

    assert path.stat().st_size < MOST_BYTES
    assert not LOCAL.search(path.read_text())
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert not cell.metadata
    for cell in code(notebook):
        assert cell.execution_count is None
        assert not any(out.get("name") == "stderr" for out in cell.outputs)
        assert not any(out.output_type == "error" for out in cell.outputs)
