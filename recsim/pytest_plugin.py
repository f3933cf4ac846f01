"""recsim in pytest: the fixture `recsim`, and scenario files as tests.

Loaded by pytest wherever recsim is installed, so it imports what it needs where it is needed.
"""

from __future__ import annotations

import textwrap
from argparse import ArgumentTypeError
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recsim.core.errors import PropertyError, RecsimError
from recsim.core.units import LARGEST_SEED

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr

    from recsim.core.properties import Property
    from recsim.scenario.coverage import Coverage
    from recsim.scenario.load import Loaded
    from recsim.scenario.run import Run


MOST_RUNS = 5
"""Of a test that fails, so many of its runs are shown: the last ones."""

MOST_LINES = 60
"""Lines of a scenario's text that are shown with its run."""

SUFFIXES = (".yaml", ".yml")
"""Of the files in a folder that are taken for scenarios."""

SCENARIOS = "recsim_scenarios"
WORKER = "recsim_coverage"

FILES = pytest.StashKey[frozenset[Path]]()
"""Of the configuration: the scenario files that are tests."""

COVERED = pytest.StashKey["Coverage | None"]()
"""Of the configuration: what was reached so far; None: nobody asked."""

PLAYED = pytest.StashKey["Played"]()
"""Of a test: what it has played."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """What can be said of it on the command line, and in the settings of a project."""
    group = parser.getgroup("recsim", "recsim: calls and their recordings, simulated")
    group.addoption(
        "--recsim-seed",
        type=seed,
        metavar="N",
        help="Play every scenario with this seed, in place of the file's own.",
    )
    group.addoption(
        "--recsim-coverage",
        action="store_true",
        help="Say at the end what was reached of the tables by all that was played, and what not.",
    )
    parser.addini(
        SCENARIOS,
        "Scenario files that are collected as tests, one each: folders, files or patterns, seen "
        "from the root of the project.",
        type="linelist",
        default=[],
    )


def seed(text: str) -> int:
    """The seed of `--recsim-seed`."""
    if not (text.isascii() and text.isdigit() and int(text) <= LARGEST_SEED):
        raise ArgumentTypeError(f"expected a whole number from 0 to {LARGEST_SEED}, got {text!r}")
    return int(text)


def pytest_configure(config: pytest.Config) -> None:
    """Find the scenario files; a project with folders of its own for tests has them too."""
    config.stash[COVERED] = None
    if config.getoption("--recsim-coverage"):
        from recsim.scenario.coverage import Coverage

        config.stash[COVERED] = Coverage()
    config.stash[FILES] = files = frozenset(scenario_files(config))
    if config.args_source is config.ArgsSource.TESTPATHS:
        config.args += map(str, sorted(files))


def scenario_files(config: pytest.Config) -> Iterator[Path]:
    """The files that `recsim_scenarios` names. Raises UsageError where it names none."""
    for pattern in config.getini(SCENARIOS):
        folder = config.rootpath / pattern
        found: Iterable[Path]
        if folder.is_dir():
            found = (file for file in folder.rglob("*") if file.suffix in SUFFIXES)
        else:
            matching = glob(pattern, root_dir=config.rootpath, recursive=True)  # noqa: PTH207 - a pattern may be absolute
            found = map(config.rootpath.joinpath, matching)
        files = [file.resolve() for file in found if file.is_file()]
        if not files:
            text = f"{SCENARIOS}: expected scenario files in {str(config.rootpath)!r}"
            raise pytest.UsageError(f"{text}, found none for {pattern!r}")
        yield from files


def pytest_report_header(config: pytest.Config) -> str:
    """Say with which seed scenarios are played."""
    given: int | None = config.getoption("--recsim-seed")
    return "recsim: seed of each file" if given is None else f"recsim: seed {given}"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A scenario file that the settings name."""
    if file_path.resolve() in parent.config.stash[FILES]:
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


class Played:
    """What a test has played: the last few runs."""

    def __init__(self, covered: Coverage | None) -> None:
        self.covered = covered
        self.runs: deque[Run] = deque(maxlen=MOST_RUNS)
        self.count = 0

    def add(self, run: Run) -> None:
        """It has played another one."""
        self.runs.append(run)
        self.count += 1
        if self.covered is not None:
            self.covered.add(run)

    def sections(self) -> Iterator[tuple[str, str]]:
        """What is reported of each: how to play it again, and what happened."""
        if left_out := self.count - len(self.runs):
            yield "recsim", f"{left_out} more runs came before these"
        for run in self.runs:
            yield f"recsim: {run.title}", f"{replay(run.loaded, run.replay())}\n{run.sequence()}"


def replay(loaded: Loaded, command: str) -> str:
    """How to play it again; of a scenario that is no file, with its text."""
    if Path(loaded.file).is_file():
        return f"replay with: {command}"
    lines = loaded.data.decode("utf-8", "replace").splitlines()
    more = [f"... {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else []
    text = "\n".join(lines[:MOST_LINES] + more)
    return f"replay with: {command}\nwhere {loaded.file} is:\n{text}\n"


class Recsim:
    """What the fixture `recsim` is: plays scenarios, and keeps what it played for the report."""

    def __init__(self, played: Played, root: Path, seed: int | None) -> None:
        self.seed = seed
        """Of `--recsim-seed`; None: each file's own."""
        self._played, self._root = played, root

    @property
    def runs(self) -> list[Run]:
        """What was played in this test, the last few."""
        return list(self._played.runs)

    def run(
        self,
        scenario: str | Path | Loaded,
        *,
        seed: int | None = None,
        readings: Mapping[str, str] | None = None,
        properties: Iterable[Property] = (),
    ) -> Run:
        """Play a scenario: a file, text of more than a line, or what `loads` returned.

        As `recsim.run`; a path may be seen from the root of the project, too. The seed is this one,
        that of `--recsim-seed`, or the file's.
        """
        from recsim.scenario.run import run

        loaded = self._loaded(scenario)
        seed = self.seed if seed is None else seed
        try:
            played = run(loaded, seed=seed, readings=readings, properties=properties)
        except PropertyError as error:
            told = loaded.scenario.seed if seed is None else seed
            error.add_note(f"in {loaded.file}, played with seed {told}")
            raise
        self._played.add(played)
        return played

    def loads(self, text: str, file: str = "scenario.yaml") -> Loaded:
        """The scenario in a text, which may be indented as a whole. Raises ScenarioError."""
        from recsim.scenario.load import loads

        return loads(textwrap.dedent(text), file)

    def _loaded(self, scenario: str | Path | Loaded) -> Loaded:
        from recsim.scenario.load import load

        if isinstance(scenario, str) and "\n" in scenario:
            return self.loads(scenario)
        if isinstance(scenario, str | Path):
            below = self._root / scenario
            return load(below if below.exists() and not Path(scenario).exists() else scenario)
        return scenario


@pytest.fixture
def recsim(request: pytest.FixtureRequest) -> Recsim:
    """Play scenarios: `recsim.run(file_or_text, seed=1)`; a failing test shows what was played."""
    config = request.config
    request.node.stash[PLAYED] = played = Played(config.stash[COVERED])
    return Recsim(played, config.rootpath, config.getoption("--recsim-seed"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what a test has played that fails."""
    report = yield
    if report.failed and (played := item.stash.get(PLAYED, None)) is not None:
        report.sections += played.sections()
        del item.stash[PLAYED]
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of xdist hands over what it has reached."""
    covered = session.config.stash.get(COVERED, None)
    if covered is not None and hasattr(session.config, "workeroutput"):
        session.config.workeroutput[WORKER] = covered.plain()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker hands over; of one that crashed, nothing."""
    covered, reached = node.config.stash[COVERED], getattr(node, "workeroutput", {}).get(WORKER)
    if covered is not None and reached is not None:
        covered.update(type(covered).of(reached))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was reached, if that was asked."""
    covered = config.stash.get(COVERED, None)
    if covered is not None:
        terminalreporter.section("recsim: what was reached of the tables")
        terminalreporter.write(str(covered))


class ScenarioFile(pytest.File):
    """A scenario file: one test."""

    def collect(self) -> Iterator[ScenarioItem]:
        """The test. Raises ScenarioError for a file that can't be played."""
        from recsim.scenario.load import load

        loaded = load(shown(self.path))
        yield ScenarioItem.from_parent(self, name=self.path.stem, loaded=loaded)

    def repr_failure(  # type: ignore[override]  # as in pytest's own collectors
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> str | TerminalRepr:
        """All its faults, each at its line."""
        if isinstance(excinfo.value, RecsimError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class NotAsExpectedError(Exception):
    """A scenario did not go as it expects. Never leaves this module."""


class ScenarioItem(pytest.Item):
    """A scenario, which is to go as it expects."""

    def __init__(self, *, loaded: Loaded, **given: Any) -> None:
        super().__init__(**given)
        self.loaded = loaded

    def runtest(self) -> None:
        """Play it."""
        from recsim.scenario.run import run

        self.stash[PLAYED] = played = Played(self.config.stash[COVERED])
        one = run(self.loaded, seed=self.config.getoption("--recsim-seed"))
        played.add(one)
        if not one.as_expected:
            raise NotAsExpectedError("\n".join(unmet(one)))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> str | TerminalRepr:
        """What did not hold, at its line, and what was found instead."""
        if isinstance(excinfo.value, NotAsExpectedError | RecsimError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands, and what it shows."""
        return self.path, 0, f"{self.name}: {self.loaded.scenario.title}"


def unmet(run: Run) -> Iterator[str]:
    """What of a run's expectations did not hold."""
    for verdict in run.verdicts:
        if not verdict.held:
            line, column = run.loaded.tree.position(verdict.path)
            yield f"{run.file}:{line}:{column}: expected {verdict.text}"
            yield f"    found: {verdict.found}"


def shown(path: Path) -> Path:
    """A file as it is named to people: from the current folder, if it is below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
