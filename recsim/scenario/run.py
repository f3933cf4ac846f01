"""Playing a scenario: the parts put together, and what comes out."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from recsim.core.errors import suggest
from recsim.core.moments import iso_micros
from recsim.core.platform import Platform
from recsim.core.properties import Claimed, Property, judged, word_of
from recsim.core.watch import Watch
from recsim.scenario.compiling import plan_of, vendor_of
from recsim.scenario.expect import Verdict, judge
from recsim.scenario.lines import Lines
from recsim.scenario.load import Loaded, load, made
from recsim.scenario.naming import wire_name
from recsim.scenario.record import Kept, Record, Remark, Sinks
from recsim.scenario.schema import Scenario
from recsim.scenario.views import Views, views
from recsim.scenario.why import Why, why
from recsim.scenario.written import Written
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.vendors.telnyx.words import BUCKET
from recsim.world.driver import Both, Driver
from recsim.world.plan import Plan, asks_nothing

FILES = ("trace.jsonl", "callbacks.jsonl", "recordings.jsonl")


class Picture(str):
    """An SVG element as text, shown as a picture where that is possible."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<picture of {len(self)} characters>"

    def _repr_svg_(self) -> str:
        return str(self)

    def write(self, file: str | Path) -> None:
        """Write it into a file. Raises OSError."""
        Path(file).write_text(self, "utf-8")


@dataclass(frozen=True)
class Run:
    """A scenario that was played."""

    loaded: Loaded
    seed: int
    kept: Kept
    """The run as values; moments in µs since the start."""
    lines: dict[str, str]
    """The content of each of `FILES`."""
    verdicts: tuple[Verdict, ...]
    readings: Mapping[str, str] = field(default_factory=dict)
    """Those that were given in place of the file's own."""
    public_key: str = ""
    """In base64, what proves who sent the callbacks; empty: they are not signed."""
    claims: tuple[Claimed, ...] = ()
    """What became of the properties that were claimed beside the built-in ones."""

    def __repr__(self) -> str:
        went = "" if self.as_expected else ", not as expected"
        return f"<run of {self.file}, seed {self.seed}{went}>"

    @property
    def file(self) -> str:
        """The scenario's file."""
        return self.loaded.file

    @property
    def title(self) -> str:
        """The one behaviour that the scenario shows."""
        return self.loaded.scenario.title

    @property
    def as_expected(self) -> bool:
        """Whether everything expected held, and everything claimed."""
        return all(verdict.held for verdict in self.verdicts) and all(
            claimed.held for claimed in self.claims
        )

    @cached_property
    def trace(self) -> Lines:
        """Everything that happened, in causal order: the lines of `trace.jsonl`."""
        return self._parsed("trace.jsonl")

    @cached_property
    def callbacks(self) -> Lines:
        """What the receiver saw, an entry an arrival: the lines of `callbacks.jsonl`."""
        return self._parsed("callbacks.jsonl")

    @cached_property
    def recordings(self) -> Lines:
        """Every recording at the end, with its views: the lines of `recordings.jsonl`."""
        return self._parsed("recordings.jsonl")

    @property
    def remarks(self) -> list[Remark]:
        """What the vendor passed over in a document, and stories that could not be played out."""
        return self.kept.remarks

    def at(self, at_us: int) -> str:
        """A moment of the run as ISO 8601 text, with microseconds."""
        return iso_micros(self.loaded.scenario.starts_at + at_us)

    def write(self, folder: str | Path) -> None:
        """Write the three files into `folder`, which is made if need be."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        for name, text in self.lines.items():
            Path(folder, name).write_bytes(text.encode())

    def replay(self) -> str:
        """The command that plays it again."""
        words = ["recsim", "run", self.file, "--seed", str(self.seed)]
        for key, answer in self.readings.items():
            words += ["--reading", f"{key}={answer}"]
        for word in filter(None, (word_of(claimed.claim) for claimed in self.claims)):
            words += ["--property", word]
        return shlex.join(words)

    @property
    def written(self) -> Written:
        """What it wrote, as `why` and `diff` read it."""
        known = {one.number: name for name, one in self.loaded.scenario.callees.items()}
        lines = self.trace, self.callbacks, self.recordings
        return Written(self.file, *lines, self.loaded.scenario.starts_at, known, self.kept.legs)

    def why(self, what: int | str) -> Why:
        """Why a line of the trace happened: its causes, down to the scenario.

        `what` is a `seq`; or `callback:N`, the Nth line of `callbacks`; or the sid of a recording,
        of which it is its last move. Raises WrittenError for what there isn't.
        """
        return why(self.written, what, self.loaded)

    def recording(self, which: int | str = 0) -> Views:
        """A recording with its four views, side by side when it is printed.

        `which` is its place in `recordings`, from 0, or its sid. Raises WrittenError for what there
        isn't.
        """
        return views(self.recordings, which, self.file)

    def sequence(self) -> str:
        """What happened as a Mermaid sequence diagram; of a long run its start and its end."""
        from recsim.show.sequence import sequence  # noqa: PLC0415 - showing stands above

        return sequence(self)

    def timeline(self) -> Picture:
        """The run as a picture: SVG as text, which Jupyter shows; a long run is sampled."""
        from recsim.show.picture import svg  # noqa: PLC0415 - showing stands above

        return Picture(svg(self))

    def lanes(self, width: int = 80) -> str:
        """The same in letters, in lines of at most so many columns, at least 40."""
        from recsim.show.picture.letters import Letters  # noqa: PLC0415 - showing stands above

        return "".join(f"{line.plain}\n" for line in Letters(self, width).lines())

    def frame(self, name: str, *, kind: str = "polars") -> Any:
        """The lines of a file as a data frame: `recordings`, `callbacks` or `trace`.

        `kind` is `polars` or `pandas`. Columns and types are the same for every run; docs/seeing.md
        says what they hold. Raises FrameError for what there isn't, ExtraError where the library
        is not installed.
        """
        from recsim.show.frames import frame  # noqa: PLC0415 - showing stands above

        return frame(self, name, kind)

    def _repr_html_(self) -> str:
        from recsim.show.html.runs import run  # noqa: PLC0415 - showing stands above

        return run(self)

    def _parsed(self, name: str) -> Lines:
        return Lines(map(orjson.loads, self.lines[name].splitlines()), name)


@dataclass(frozen=True)
class Stage:
    """A scenario made ready to be played, by any driver."""

    loaded: Loaded
    seed: int
    vendor: Telnyx
    plan: Plan
    readings: Mapping[str, str] = field(default_factory=dict)
    """Those that were given in place of the file's own."""

    @property
    def retires(self) -> bool:
        """Whether sessions may be forgotten once quiet: no request can ask for them later."""
        return not self.plan.requests and self.plan.receiver.asks is asks_nothing

    def meant(self, name: str) -> str:
        """What a name in braces stands for in this run."""
        return wire_name(name, self.vendor)

    @property
    def known(self) -> dict[str, str]:
        """Names of callees, by number."""
        return {number: callee.name for number, callee in self.plan.callees.items()}


def stage(
    loaded: Loaded,
    seed: int | None = None,
    readings: Mapping[str, str] | None = None,
    *,
    bucket: str = BUCKET,
) -> Stage:
    """Make a scenario ready; `seed` and `readings` in place of the file's.

    Links to audio begin with `bucket`.

    Raises ReadingError for a reading or an answer that there isn't.
    """
    given = dict(readings or {})
    seed = loaded.scenario.seed if seed is None else seed
    taken = {"seed": seed, "readings": {**loaded.scenario.readings, **given}}
    loaded = loaded._replace(scenario=loaded.scenario.model_copy(update=taken))
    vendor = vendor_of(loaded.scenario, seed, bucket)
    return Stage(loaded, seed, vendor, plan_of(loaded.scenario, seed, vendor), given)


def run(
    path: str | Path | Loaded | Scenario,
    *,
    seed: int | None = None,
    readings: Mapping[str, str] | None = None,
    properties: Iterable[Property] = (),
) -> Run:
    """Play a scenario, by its file. Raises ScenarioError when it can't be played.

    `seed` (0 to 2**63 - 1) takes the place of the file's, and each of `readings` that of the file's
    answer; ReadingError for one that there isn't. The same file, seed, readings and version give
    the same bytes, on any machine. The run is watched: PropertyError where it breaks one of
    `core.properties.BUILT_IN`; what became of `properties` stands in `Run.claims`.
    """
    if isinstance(path, Scenario):
        path = made(path)
    staged = stage(path if isinstance(path, Loaded) else load(path), seed, readings)
    return play(staged, properties)


def play(staged: Stage, properties: Iterable[Property] = ()) -> Run:
    """Play what was made ready, watched. Raises what stops it."""
    played, stopped = attempt(staged, properties)
    if stopped is not None:
        raise stopped
    return played


def attempt(staged: Stage, properties: Iterable[Property] = ()) -> tuple[Run, Exception | None]:
    """Play what was made ready as far as that goes, and say what stopped it, if anything did."""
    stopped: Exception | None = None
    trace: list[str] = []
    callbacks: list[str] = []
    recordings: list[str] = []
    kept = Kept()
    record = Record(
        staged.vendor,
        staged.loaded.scenario.starts_at,
        Sinks(trace.append, callbacks.append, recordings.append),
        kept,
        staged.known,
    )
    platform = Platform(staged.vendor)
    watch = Watch(platform, properties)
    driver = Driver(platform, staged.plan, Both(record, watch), retires=staged.retires)
    try:
        driver.run()
        watch.finish()
    except Exception as error:  # noqa: BLE001 - it is told, with the run so far
        stopped = error
        for session in list(platform.sessions):
            record.left(platform.now_us, platform.abandon(session))
    for missed in driver.world.missed:
        if cue := missed.steps[0].cue:
            text = f"the call ended while {missed.call} was still waiting for {cue}"
            kept.remarks.append(Remark(missed.at_us, missed.call, text))
    for leg in platform.legs.values():
        if not platform.is_over(leg) and stopped is None:
            title = platform.sessions[leg.session].title
            text = f"this call goes on for ever: {leg.status}, and nobody ends it"
            kept.remarks.append(Remark(platform.now_us, title, text))
    for stranger in driver.world.strangers:
        near = suggest(stranger.number, staged.known)
        text = f"nobody in callees has the number {stranger.number}{near}"
        kept.remarks.append(Remark(stranger.at_us, stranger.call, text))
    for call, word, _, request in driver.world.unsent():
        text = f"{request.method} {request.path} was never sent: there was no {word} of {call}"
        kept.remarks.append(Remark(driver.platform.now_us, call, text))
    kept.remarks += [Remark(*unmade) for unmade in driver.world.told.unmade]
    lines = dict(zip(FILES, map("".join, (trace, callbacks, recordings)), strict=True))
    verdicts: tuple[Verdict, ...] = ()
    if stopped is None:
        verdicts = judge(staged.loaded.scenario, kept, driver.world.made, staged.meant)
    key = staged.vendor.public_key
    claims = judged(watch.claims, watch.seen)
    played = Run(staged.loaded, staged.seed, kept, lines, verdicts, staged.readings, key, claims)
    return played, stopped
