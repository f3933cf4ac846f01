"""Imports point down, and each library has one home: read from the source, nothing is imported.

cli, pytest_plugin -> show -> live -> lint, logs, orders, strategies, fleet -> scenario
-> world, vendors -> core.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parents[1] / "recsim"

#: Parts by height. Those of one height don't know each other.
HEIGHTS = (
    ("core",),
    ("world", "vendors"),
    ("scenario",),
    ("lint", "logs", "orders", "strategies", "fleet"),
    ("live",),
    ("show",),
    ("cli", "pytest_plugin"),
)
HEIGHT = {part: height for height, parts in enumerate(HEIGHTS) for part in parts}

#: Where a library, or a module of the standard one, may be imported.
HOMES = {
    "transitions": ("core/lifecycle.py",),
    "simpy": ("world/driver.py",),
    "typer": ("cli/*",),
    "rich": ("show/*",),
    # A user's file is read in the first, with caps, and written in the second; ours is read in the
    # third.
    "ruamel": ("scenario/reading.py", "scenario/dump.py", "vendors/telnyx/disputes.py"),
    "defusedxml": ("vendors/telnyx/elements.py",),
    "xml": ("vendors/telnyx/elements.py",),
    "random": ("world/draws.py",),
    "hypothesis": ("strategies/*",),
    "nacl": ("vendors/telnyx/signing.py",),
    **dict.fromkeys(("polars", "pandas"), ("show/frames.py",)),
    "junitparser": ("show/reports/junit.py",),
    # Sockets, loops and real time belong to who talks to real programs.
    "asyncio": ("live/*",),
    # A search says for how many seconds.
    "time": ("live/*", "cli/explore.py"),
    "threading": ("live/local.py", "live/process.py", "live/grade/shelf.py"),
    "subprocess": ("live/process.py", "live/grade/*"),
    "signal": ("cli/serve.py",),
    "http": ("live/grade/shelf.py",),
    "httpx": ("live/outside.py", "live/local.py"),
    "lameenc": ("live/audio.py", "live/grade/shelf.py"),
    "socket": ("live/outside.py", "live/server.py"),
    "uvicorn": ("live/server.py",),
    "pytest": ("live/fixtures.py", "pytest_plugin.py"),
    **dict.fromkeys(
        (
            "urllib.request",
            "urllib3",
            "socketserver",
            "ssl",
            "requests",
            "aiohttp",
            "starlette",
            "fastapi",
            "flask",
        ),
        (),
    ),
    **dict.fromkeys(("click", "yaml", "lxml", "secrets", "uuid"), ()),
}

#: What parts must do without, though others may have it.
WITHOUT = {
    "core": ("pydantic", "pydantic_core", "orjson", "pathlib", "os", "io"),
    "world": ("pydantic", "pydantic_core", "orjson", "pathlib", "os", "io"),
}

#: Methods that may show what they belong to: they import what stands above them.
SHOWING = ("_repr_html_", "__str__", "sequence", "timeline", "lanes", "frame")


class Import(NamedTuple):
    """A module that is imported, and in which function."""

    module: str
    line: int
    function: str


def imports(source: str, path: str) -> Iterator[Import]:
    """Every import in a file of the package, wherever it stands; relative ones written out."""
    folder = ["recsim", *path.split("/")[:-1]]

    def walk(node: ast.AST, function: str) -> Iterator[Import]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            function = node.name
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Import(name.name, node.lineno, function)
        elif isinstance(node, ast.ImportFrom):
            above = folder[: len(folder) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            for name in node.names:
                yield Import(f"{base}.{name.name}", node.lineno, function)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, function)

    yield from walk(ast.parse(source), "")


def faults(source: str, path: str) -> Iterator[str]:
    """What is wrong with the imports of a file; `path` is seen from the package's folder."""
    part = path.split("/", maxsplit=1)[0].removesuffix(".py")
    for one in imports(source, path):
        for fault in (*strays(one.module, path, part), *upward(one, part)):
            yield f"recsim/{path}:{one.line}: imports {fault}"


def strays(module: str, path: str, part: str) -> Iterator[str]:
    """Libraries away from home."""
    for library, homes in HOMES.items():
        if is_of(module, library) and not any(fnmatch(path, home) for home in homes):
            yield f"{library}, which belongs into {', '.join(homes) or 'nowhere'}"
    for library in WITHOUT.get(part, ()):
        if is_of(module, library):
            yield f"{library}, which {part} does without"


def upward(one: Import, part: str) -> Iterator[str]:
    """What doesn't stand below; the package itself stands above all but the command line."""
    if not is_of(one.module, "recsim") or part == "__init__":
        return
    other = one.module.removeprefix("recsim").removeprefix(".").split(".", maxsplit=1)[0]
    if other not in HEIGHT:
        if part != "cli":
            yield f"recsim itself, which imports what stands above {part}"
    elif other != part and HEIGHT[other] >= HEIGHT[part]:
        if other == "show" and one.function in SHOWING:
            return
        where = "beside" if HEIGHT[other] == HEIGHT[part] else "above"
        yield f"{one.module}; {other} stands {where} {part}, not below it"


def is_of(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


FILES = sorted(PACKAGE.rglob("*.py"))


def test_every_part_has_a_height():
    parts = {file.relative_to(PACKAGE).parts[0].removesuffix(".py") for file in FILES}

    assert parts - {"__init__", "__main__"} <= set(HEIGHT)
    assert {"core", "world", "vendors", "scenario", "show", "cli"} <= parts


def test_imports_point_down_and_libraries_stay_at_home():
    found = [
        fault
        for file in FILES
        for fault in faults(file.read_text("utf-8"), file.relative_to(PACKAGE).as_posix())
    ]

    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    "library",
    [
        *("transitions", "simpy", "typer", "rich", "ruamel", "defusedxml", "random", "nacl"),
        *("asyncio", "httpx", "uvicorn", "socket", "subprocess", "pytest", "lameenc"),
        *("hypothesis", "junitparser", "signal", "http"),
    ],
)
def test_a_home_is_lived_in(library):
    """Or a rule would watch over a library that is gone, or has another name."""
    users = [
        file.relative_to(PACKAGE).as_posix()
        for file in FILES
        if any(is_of(one.module, library) for one in imports(file.read_text("utf-8"), ""))
    ]

    assert users


@pytest.mark.parametrize(
    ("path", "source", "fault"),
    [
        ("core/flow.py", "import os\nimport recsim.world.plan",
         "recsim/core/flow.py:2: imports recsim.world.plan; world stands above core, not below it"),
        ("core/flow.py", "def f():\n    from recsim.vendors.telnyx import words",
         ("recsim/core/flow.py:2: imports recsim.vendors.telnyx.words; "
         "vendors stands above core, not below it")),
        ("world/world.py", "from recsim.vendors import telnyx",
         ("recsim/world/world.py:1: imports recsim.vendors.telnyx; "
         "vendors stands beside world, not below it")),
        ("vendors/telnyx/rest.py", "from ...world import plan",
         ("recsim/vendors/telnyx/rest.py:1: imports recsim.world.plan; "
         "world stands beside vendors, not below it")),
        ("scenario/run.py", "from recsim.show.report import Printer",
         ("recsim/scenario/run.py:1: imports recsim.show.report.Printer; "
         "show stands above scenario, not below it")),
        ("show/report.py", "from recsim import run",
         ("recsim/show/report.py:1: imports recsim itself, "
         "which imports what stands above show")),
        ("world/world.py", "import simpy.events",
         "recsim/world/world.py:1: imports simpy, which belongs into world/driver.py"),
        ("cli/run.py", "from urllib.request import urlopen",
         "recsim/cli/run.py:1: imports urllib.request, which belongs into nowhere"),
        ("core/effects.py", "from pydantic import BaseModel",
         "recsim/core/effects.py:1: imports pydantic, which core does without"),
    ],
)  # fmt: skip
def test_a_wrong_import_is_told_with_its_line(path, source, fault):
    assert fault in list(faults(source, path))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("world/driver.py", "import simpy"),
        ("core/lifecycle.py", "from transitions import Machine"),
        ("vendors/telnyx/elements.py", "import defusedxml.sax"),
        ("vendors/telnyx/rest.py", "from urllib.parse import quote\nfrom . import words"),
        ("show/tables.py", "from recsim.vendors.telnyx import lifecycle\nimport rich.table"),
        ("cli/run.py", "from recsim import __version__\nimport recsim.show.report"),
        ("scenario/run.py", "def _repr_html_(self):\n    from recsim.show import timeline"),
        ("core/verbs/say.py", "from recsim.core.verbs.base import Verb\nfrom .. import flow"),
    ],
)
def test_a_right_import_is_no_fault(path, source):
    assert not list(faults(source, path))
