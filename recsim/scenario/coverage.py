"""What runs have reached of the tables: rows, reasons, and answers to what is left open.

Reasons are read off the rows that were taken; nothing is counted twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from recsim.core.entities import ABSENT, STOPPED
from recsim.core.lifecycle import Lifecycle, Rule
from recsim.scenario.run import Run
from recsim.scenario.variants import survey
from recsim.scenario.written import Line
from recsim.vendors.telnyx.conference_ends import ENDS
from recsim.vendors.telnyx.hangups import HANGUPS
from recsim.vendors.telnyx.lifecycle import CALL_LEG, CONFERENCE, DELIVERY, RECORDING
from recsim.vendors.telnyx.readings import READINGS, Reading, settled
from recsim.vendors.telnyx.words import ERROR_CODES

Step: TypeAlias = tuple[str, str, str]
"""The name of a lifecycle, a source and a trigger: what names a row."""

#: Tables of why something ended, or is not there.
REASONS = ("recording-ends", "absences", "hangups", "conference-ends")

LIFECYCLES = (CALL_LEG, CONFERENCE, RECORDING, DELIVERY)

#: Why a recording is absent, as far as that is told: by its ErrorCode, or by the row it took.
STORAGE, UNTOLD = "storage", "no code"
ABSENCES = {
    **{lacks: f"ErrorCode {code}" for lacks, code in ERROR_CODES.items()},
    STORAGE: "storage failed",
    UNTOLD: "no ErrorCode: nobody answered, or codes are not told",
}


def moving(machine: Lifecycle) -> list[Rule]:
    """The rows of a table that move, in its order."""
    return [rule for rule in machine.rules if rule.dest is not None]


def step(machine: Lifecycle, rule: Rule) -> Step:
    """What a row is counted under."""
    return machine.name, rule.source, rule.trigger


class Row(NamedTuple):
    """Something that can be reached."""

    table: str
    name: str
    spec: str
    taken: int
    """How often it was; of a reading, in how many runs its answer was in force."""


@dataclass
class Coverage:
    """What was reached in some runs."""

    runs: int = 0
    steps: Counter[Step] = field(default_factory=Counter)
    """Rows of the lifecycles."""
    absences: Counter[str] = field(default_factory=Counter)
    """Of absent recordings, why; keys of `ABSENCES`."""
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Readings whose answer was not the default one, with the answer."""
    noticed: Counter[tuple[str, str]] | None = None
    """Readings of which another answer would have been noticed, with it; None: nobody looked."""

    @property
    def rows(self) -> list[Row]:
        """Everything that can be reached, table by table."""
        return [
            *(row for machine in LIFECYCLES for row in self._lifecycle(machine)),
            *self._ends(),
            *(Row("absences", *one, self.absences[one[0]]) for one in ABSENCES.items()),
            *self._hangups(),
            *(
                Row("conference-ends", f"{end.trigger}: {end.reason}", end.spec, count)
                for end in ENDS
                for count in [self._moves(CONFERENCE, end.trigger)]
            ),
            *(row for reading in READINGS for row in self._reading(reading)),
        ]

    @property
    def reached(self) -> list[Row]:
        """What was reached."""
        return [row for row in self.rows if row.taken]

    @property
    def unreached(self) -> list[Row]:
        """What was not."""
        return [row for row in self.rows if not row.taken]

    def add(self, run: Run, *, surveyed: bool = False) -> None:
        """Count a run; `surveyed`: play it again under every other answer, to see what matters."""
        self.runs += 1
        self.steps.update(steps_of(run.trace))
        self.absences.update(absences_of(run.trace, run.recordings))
        answers = settled({**run.loaded.scenario.readings, **run.readings})
        default = {reading.key: reading.default for reading in READINGS}
        self.answers.update(one for one in answers.items() if default[one[0]] != one[1])
        if surveyed:
            self.noticed = Counter() if self.noticed is None else self.noticed
            variants = survey(run.loaded, seed=run.seed, readings=run.readings).variants
            self.noticed.update((one.key, one.answer) for one in variants if one.changes)

    def update(self, other: Coverage) -> None:
        """Count what another one has counted."""
        self.runs += other.runs
        self.steps.update(other.steps)
        self.absences.update(other.absences)
        self.answers.update(other.answers)
        if other.noticed is not None:
            self.noticed = (self.noticed or Counter()) + other.noticed

    def plain(self) -> dict[str, Any]:
        """As plain values, for another process; `of` makes it of them."""
        return {
            "runs": self.runs,
            **{
                name: [[list(key), count] for key, count in getattr(self, name).items()]
                for name in ("steps", "answers")
            },
            "absences": dict(self.absences),
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Coverage:
        """What `plain` was made of."""
        steps, answers = (
            Counter({tuple(key): count for key, count in plain[name]})
            for name in ("steps", "answers")
        )
        return cls(plain["runs"], steps, Counter(plain["absences"]), answers)

    def __repr__(self) -> str:
        return f"<coverage of {self.runs} runs: {len(self.reached)} of {len(self.rows)} reached>"

    def _repr_html_(self) -> str:
        from recsim.show.html.findings import coverage  # noqa: PLC0415 - showing stands above

        return coverage(self)

    def __str__(self) -> str:
        tables: dict[str, list[Row]] = {}
        for row in self.rows:
            tables.setdefault(row.table, []).append(row)
        lines = [f"reached in {self.runs} run{'' if self.runs == 1 else 's'}"]
        for table, rows in tables.items():
            lines.append(f"{table}: {sum(map(bool, (row.taken for row in rows)))} of {len(rows)}")
            lines += [f"    not reached: {row.name}  [{row.spec}]" for row in rows if not row.taken]
        if self.noticed is not None:
            keys = dict.fromkeys(key for key, _ in self.noticed)
            lines.append(f"readings that could have mattered: {', '.join(keys) or 'none'}")
        return "\n".join(lines) + "\n"

    def _lifecycle(self, machine: Lifecycle) -> Iterable[Row]:
        for rule in moving(machine):
            name = f"{rule.source} --{rule.trigger}--> {rule.dest}"
            yield Row(machine.name, name, rule.spec, self.steps[step(machine, rule)])

    def _moves(self, machine: Lifecycle, trigger: str, dest: str = "") -> int:
        """How often something moved by a trigger, perhaps to one status only."""
        return sum(
            self.steps[step(machine, rule)]
            for rule in moving(machine)
            if rule.trigger == trigger and (not dest or rule.dest == dest)
        )

    def _ends(self) -> Iterable[Row]:
        """Why recordings end: the triggers that stop them."""
        stopping = [rule for rule in moving(RECORDING) if rule.dest == STOPPED]
        for trigger in dict.fromkeys(rule.trigger for rule in stopping):
            spec = next(rule.spec for rule in stopping if rule.trigger == trigger)
            yield Row("recording-ends", trigger, spec, self._moves(RECORDING, trigger, STOPPED))

    def _hangups(self) -> Iterable[Row]:
        for (trigger, dest), told in HANGUPS.items():
            name = f"{trigger}, {dest}: {told.cause}"
            yield Row("hangups", name, told.spec, self._moves(CALL_LEG, trigger, dest))

    def _reading(self, reading: Reading) -> Iterable[Row]:
        """Its other answers; of one that takes a length or a number, any other."""
        if isinstance(reading.answers, str):
            taken = sum(count for (key, _), count in self.answers.items() if key == reading.key)
            name = f"{reading.key}: not {reading.default}"
            yield Row("readings", name, reading.spec, taken)
            return
        for answer in reading.answers:
            if answer != reading.default:
                taken = self.answers[reading.key, answer]
                yield Row("readings", f"{reading.key}: {answer}", reading.spec, taken)


def steps_of(trace: Iterable[Line]) -> Iterable[Step]:
    """The rows that a trace has taken."""
    moves = (line for line in trace if line["kind"] == "move")
    return ((line["lifecycle"], line["source"], line["trigger"]) for line in moves)


def absences_of(trace: Iterable[Line], recordings: Iterable[Line]) -> Iterable[str]:
    """Why the absent ones of some recordings are absent."""
    failed = {line["entity"] for line in trace if is_failure(line)}
    lacks = {code: name for name, code in ERROR_CODES.items()}
    for row in recordings:
        if row["status"] == ABSENT:
            code = str((row["texml_create"] or {}).get("error_code"))
            yield STORAGE if row["entity"] in failed else lacks.get(code, UNTOLD)


def is_failure(line: Line) -> bool:
    """Whether a recording could not be stored."""
    return (
        line["kind"] == "move"
        and line["lifecycle"] == RECORDING.name
        and (line["trigger"], line["dest"]) == ("fail", ABSENT)
    )


def coverage(runs: Iterable[Run], *, surveyed: bool = False) -> Coverage:
    """What some runs have reached of the tables, and what not.

    `surveyed`: each is played again under every other answer to every reading, some sixty times, to
    see which could have mattered.
    """
    counted = Coverage()
    for run in runs:
        counted.add(run, surveyed=surveyed)
    return counted
