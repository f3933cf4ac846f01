"""Lifecycles as tables; the only module that imports `transitions`.

One machine per lifecycle, shared by every entity that lives it. No object is registered with a
machine: registering scans all models with `==` and grafts methods on each. `Event`, `Transition`
and `State` are replaced by lean ones that know no hooks, so that nothing here can be given one by
mistake, and a transition answers with the row that allowed it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, Protocol, cast

from transitions import Event, Machine, State, Transition

from recsim.core.errors import TriggerError


class Rule(NamedTuple):
    """One row: in `source`, `trigger` leads to `dest`, because `spec` says so."""

    source: str
    trigger: str
    dest: str | None
    """None: the trigger is ignored in this status, which `spec` says too."""
    spec: str
    """The document that says so; `assumed: ...` where none does."""


class Living(Protocol):
    """What a lifecycle needs of an entity."""

    status: str

    @property
    def name(self) -> str:
        """How errors and traces call it, such as `recording RE1`."""


class LeanState(State):
    """A status without hooks."""


class LeanTransition(Transition):
    """A row at work."""

    def __init__(self, source: str, dest: str | None, *hooks: object, rule: Rule) -> None:
        assert not any(hooks), "a lifecycle has no hooks: what follows a move stands in the core"
        super().__init__(source, cast(str, dest))  # None is an internal transition
        self.rule = rule

    def execute(  # type: ignore[override]  # a lean event hands over the model, and wants the row
        self, model: Living
    ) -> Rule | None:
        """Move `model` and return the row that says so; None where that row says: ignored."""
        if self.dest is None:
            return None
        model.status = self.dest
        return self.rule


class LeanEvent(Event):
    """A trigger: finds the row for the status a model is in."""

    transitions: defaultdict[str, list[LeanTransition]]  # type: ignore[assignment]  # only these

    def trigger(self, model: Living) -> Rule | None:  # type: ignore[override]  # as above
        """Execute the row of `model.status`. Raises LookupError where there is none."""
        return self.transitions.get(model.status, NO_ROWS)[0].execute(model)


NO_ROWS: list[LeanTransition] = []


class LeanMachine(Machine):
    """A machine that owns no model."""

    event_cls = LeanEvent
    transition_cls = LeanTransition
    state_cls = LeanState

    events: dict[str, LeanEvent]  # type: ignore[assignment]  # made by event_cls


class Lifecycle:
    """A table of rules over one shared machine. Checks itself when built (ValueError).

    No (source, trigger) stands twice, no row but an ignoring one leaves a final status other than
    to `removed`, and every status can be reached from `initial`.
    """

    def __init__(
        self,
        name: str,
        initial: str,
        final: tuple[str, ...],
        rules: Iterable[Rule],
        *,
        removed: str | None = None,
    ) -> None:
        self.name, self.initial, self.final, self.removed = name, initial, final, removed
        self.rules = tuple(rules)
        self.statuses = tuple(
            dict.fromkeys([initial, *(rule.dest for rule in self.rules if rule.dest)])
        )
        self.triggers = tuple(dict.fromkeys(rule.trigger for rule in self.rules))
        self._check()
        self.machine = LeanMachine(
            model=None,
            states=list(self.statuses),
            initial=initial,
            auto_transitions=False,
            name=name,
        )
        for rule in self.rules:
            self.machine.add_transition(rule.trigger, rule.source, rule.dest, rule=rule)
        self.events = self.machine.events
        """The machine's triggers, by name: where a row that was removed is gone."""
        self._final = frozenset(final) | ({removed} if removed else set())

    def _check(self) -> None:
        seen: set[tuple[str, str]] = set()
        for rule in self.rules:
            if (rule.source, rule.trigger) in seen:
                raise ValueError(f"{self.name}: two rows for {rule.trigger} in {rule.source}")
            seen.add((rule.source, rule.trigger))
            if not rule.spec:
                raise ValueError(f"{self.name}: {rule.trigger} in {rule.source} cites nothing")
            if rule.source in self.final and rule.dest not in (None, self.removed):
                raise ValueError(f"{self.name}: {rule.source} is final, yet {rule.trigger} leaves")
            if rule.source == self.removed and rule.dest is not None:
                raise ValueError(
                    f"{self.name}: {rule.source} is the end, yet {rule.trigger} leaves"
                )
        reached, before = {self.initial}, 0
        while len(reached) > before:
            before = len(reached)
            reached |= {rule.dest for rule in self.rules if rule.dest and rule.source in reached}
        named = {rule.source for rule in self.rules} | set(self.final)
        if lost := sorted(named - reached):
            raise ValueError(f"{self.name}: nothing leads to {', '.join(lost)}")

    def fire(self, entity: Living, trigger: str) -> Rule | None:
        """Move `entity` by `trigger`; return the row, or None where the row says: ignored.

        Raises TriggerError, and moves nothing, where the table has no row.
        """
        try:
            return self.events[trigger].trigger(entity)
        except LookupError:
            raise self.refusal(entity, trigger) from None

    def refusal(self, entity: Living, trigger: str) -> TriggerError:
        """What to raise when the table has no row for `trigger`."""
        return TriggerError(entity.name, entity.status, trigger, self.legal(entity.status))

    def legal(self, status: str) -> tuple[str, ...]:
        """The triggers that move an entity in `status`, in the table's order."""
        events = self.events
        return tuple(
            trigger
            for trigger in self.triggers
            if trigger in events
            and any(
                row.dest is not None for row in events[trigger].transitions.get(status, NO_ROWS)
            )
        )

    def is_final(self, status: str) -> bool:
        """Whether an entity in `status` is settled: nothing but removal can follow."""
        return status in self._final


class Coupling(NamedTuple):
    """When an entity of `lifecycle` enters one of `dests`, each `relation` is sent `trigger`."""

    lifecycle: str
    dests: tuple[str, ...]
    relation: str
    """A name in `core.relations`: which other entities are meant."""
    trigger: str
    spec: str
