"""Notebooks, played in a kernel of their own.

`python tests/notebook.py` plays all of them and saves what they show, as it is to be saved: without
counts, moments, or anything else of one machine.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

LONGEST_S = 60
"""Of a cell, on a machine that does other things as well."""


def played(path: Path, folder: Path) -> NotebookNode:
    """A notebook with what it shows now; `folder` is where it runs."""
    notebook = nbformat.read(path, 4)
    NotebookClient(
        notebook,
        timeout=LONGEST_S,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    return notebook


def code(notebook: NotebookNode) -> list[NotebookNode]:
    """Its cells of code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def renew(path: Path) -> None:
    """Play a notebook, and save it."""
    metadata = nbformat.read(path, 4).metadata
    with tempfile.TemporaryDirectory() as folder:
        notebook = played(path, Path(folder))
    notebook.metadata = metadata
    for cell in notebook.cells:
        cell.metadata = {}
    for cell in code(notebook):
        cell.execution_count = None
        for out in cell.outputs:
            if "execution_count" in out:
                out.execution_count = None
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for path in NOTEBOOKS:
        renew(path)
