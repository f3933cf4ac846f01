"""Lifecycles: each row of the vendor's tables, every other pair, and what a table must be."""

from __future__ import annotations

import pickle
from dataclasses import dataclass

import pytest

from recsim.core.entities import NEW
from recsim.core.errors import TriggerError
from recsim.core.lifecycle import LeanTransition, Lifecycle, Rule
from recsim.core.platform import RELATIONS, Platform
from recsim.vendors.telnyx.lifecycle import CALL_LEG, CONFERENCE, COUPLINGS, DELIVERY, RECORDING
from recsim.vendors.telnyx.vendor import Telnyx

LIFECYCLES = {
    lifecycle.name: lifecycle for lifecycle in (CALL_LEG, CONFERENCE, RECORDING, DELIVERY)
}

each_lifecycle = pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)

each_row = pytest.mark.parametrize(
    ("lifecycle", "rule"),
    [
        pytest.param(lifecycle, rule, id=f"{name}: {rule.trigger} in {rule.source}")
        for name, lifecycle in LIFECYCLES.items()
        for rule in lifecycle.rules
    ],
)

each_other_pair = pytest.mark.parametrize(
    ("lifecycle", "status", "trigger"),
    [
        pytest.param(lifecycle, status, trigger, id=f"{name}: {trigger} in {status}")
        for name, lifecycle in LIFECYCLES.items()
        for status in lifecycle.statuses
        for trigger in (*lifecycle.triggers, "levitate")
        if (status, trigger) not in {(rule.source, rule.trigger) for rule in lifecycle.rules}
    ],
)


@dataclass(slots=True)
class Thing:
    status: str
    name: str = "recording RE1"


def fresh(lifecycle: Lifecycle) -> Lifecycle:
    """The same table over a machine of its own."""
    return Lifecycle(
        lifecycle.name,
        lifecycle.initial,
        lifecycle.final,
        lifecycle.rules,
        removed=lifecycle.removed,
    )


def accepted(lifecycle: Lifecycle, rules: tuple[Rule, ...]) -> dict[tuple[str, str], str]:
    """Where each pair of a status and a trigger leads; a refused pair is missing."""
    leads = {}
    for status in {rule.source for rule in rules}:
        for trigger in {rule.trigger for rule in rules}:
            thing = Thing(status)
            try:
                lifecycle.fire(thing, trigger)
            except TriggerError:
                assert thing.status == status
            else:
                leads[status, trigger] = thing.status
    return leads


def movers(lifecycle: Lifecycle, status: str) -> tuple[str, ...]:
    """The triggers whose row moves an entity in `status`, read off the table."""
    return tuple(
        trigger
        for trigger in lifecycle.triggers
        if any(
            rule.dest is not None
            for rule in lifecycle.rules
            if (rule.source, rule.trigger) == (status, trigger)
        )
    )


# Each row, and every other pair.


@each_row
def test_trigger_leads_from_source_to_dest(lifecycle: Lifecycle, rule: Rule):
    thing = Thing(rule.source)

    answer = lifecycle.fire(thing, rule.trigger)

    if rule.dest is None:
        assert answer is None
        assert thing.status == rule.source
    else:
        assert answer is rule
        assert thing.status == rule.dest


@each_other_pair
def test_pair_without_row_is_refused(lifecycle: Lifecycle, status: str, trigger: str):
    thing = Thing(status)

    with pytest.raises(TriggerError) as refused:
        lifecycle.fire(thing, trigger)

    assert thing.status == status
    assert refused.value.args == (thing.name, status, trigger, movers(lifecycle, status))


@each_row
def test_removed_row_refuses_that_move_and_no_other(lifecycle: Lifecycle, rule: Rule):
    before = accepted(lifecycle, lifecycle.rules)
    changed = fresh(lifecycle)

    changed.machine.remove_transition(rule.trigger, rule.source)

    assert rule.trigger not in changed.legal(rule.source)
    del before[rule.source, rule.trigger]
    assert accepted(changed, lifecycle.rules) == before


@each_lifecycle
def test_legal_is_what_moves(lifecycle: Lifecycle):
    for status in lifecycle.statuses:
        assert lifecycle.legal(status) == movers(lifecycle, status)

    assert lifecycle.legal("levitating") == ()


@each_lifecycle
def test_nothing_but_removal_leaves_a_final_status(lifecycle: Lifecycle):
    ends = {rule.dest for rule in lifecycle.rules if rule.dest} - {
        rule.source for rule in lifecycle.rules if rule.dest not in (None, lifecycle.removed)
    }

    assert {status for status in lifecycle.statuses if lifecycle.is_final(status)} == ends


# The machine decides.


@each_lifecycle
def test_machine_has_no_triggers_but_the_table_s(lifecycle: Lifecycle):
    assert set(lifecycle.machine.events) == {rule.trigger for rule in lifecycle.rules}


@each_lifecycle
def test_no_model_is_registered(lifecycle: Lifecycle):
    Platform(Telnyx(7, 0))
    thing = Thing(lifecycle.initial)
    lifecycle.fire(thing, lifecycle.rules[0].trigger)

    assert lifecycle.machine.models == []
    assert not hasattr(thing, "trigger")


@each_row
def test_execute_of_the_machine_runs(lifecycle: Lifecycle, rule: Rule, monkeypatch):
    executed = []
    execute = LeanTransition.execute

    def watched(self: LeanTransition, model: Thing) -> Rule | None:
        executed.append((self.source, self.dest, model))
        return execute(self, model)

    monkeypatch.setattr(LeanTransition, "execute", watched)
    thing = Thing(rule.source)

    fresh(lifecycle).fire(thing, rule.trigger)

    assert executed == [(rule.source, rule.dest, thing)]


def test_row_added_to_the_machine_is_followed():
    lifecycle = fresh(CALL_LEG)
    rule = Rule("completed", "ring", "ringing", "assumed: for this test")
    thing = Thing("completed")

    lifecycle.machine.add_transition(rule.trigger, rule.source, rule.dest, rule=rule)

    assert lifecycle.fire(thing, "ring") is rule
    assert thing.status == "ringing"


@pytest.mark.parametrize("hook", ["conditions", "unless", "before", "after", "prepare"])
def test_machine_takes_no_hooks(hook: str):
    rule = Rule("completed", "ring", "ringing", "assumed: for this test")

    with pytest.raises(AssertionError, match="no hooks"):
        fresh(CALL_LEG).machine.add_transition(
            rule.trigger, rule.source, rule.dest, rule=rule, **{hook: print}
        )


# What a table must be.

ON = Rule("off", "press", "on", "manual")
OFF = Rule("on", "press", "off", "manual")
BURN = Rule("on", "burn", "ash", "manual")
SWEEP = Rule("ash", "sweep", "gone", "manual")


def test_sound_table_is_taken():
    lamp = Lifecycle("lamp", "off", ("ash",), (ON, OFF, BURN, SWEEP), removed="gone")

    assert lamp.statuses == ("off", "on", "ash", "gone")
    assert lamp.triggers == ("press", "burn", "sweep")
    assert [lamp.is_final(status) for status in lamp.statuses] == [False, False, True, True]


def test_ignoring_row_of_a_final_status_is_taken():
    ignored = Rule("ash", "press", None, "manual")

    lamp = Lifecycle("lamp", "off", ("ash",), (ON, OFF, BURN, ignored))

    thing = Thing("ash")
    assert lamp.fire(thing, "press") is None
    assert thing.status == "ash"
    assert lamp.legal("ash") == ()


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        pytest.param((ON, OFF, BURN, ON), "lamp: two rows for press in off", id="doubled"),
        pytest.param(
            (ON, OFF, BURN, Rule("on", "press", None, "manual")),
            "lamp: two rows for press in on",
            id="moves and ignores",
        ),
        pytest.param(
            (ON, OFF, BURN, Rule("off", "burn", "ash", "")),
            "lamp: burn in off cites nothing",
            id="no spec",
        ),
        pytest.param(
            (ON, OFF, BURN, Rule("ash", "press", "on", "manual")),
            "lamp: ash is final, yet press leaves",
            id="way out of a final status",
        ),
        pytest.param(
            (ON, OFF, BURN, SWEEP, Rule("gone", "press", "on", "manual")),
            "lamp: gone is the end, yet press leaves",
            id="way out of removal",
        ),
        pytest.param(
            (ON, OFF, BURN, Rule("blinking", "burn", "ash", "manual")),
            "lamp: nothing leads to blinking",
            id="unreachable source",
        ),
        pytest.param((ON, OFF), "lamp: nothing leads to ash", id="unreachable end"),
        pytest.param(
            (ON, OFF, BURN, Rule("left", "go", "right", "x"), Rule("right", "go", "left", "x")),
            "lamp: nothing leads to left, right",
            id="island",
        ),
    ],
)
def test_unsound_table_is_refused(rules: tuple[Rule, ...], text: str):
    with pytest.raises(ValueError, match=f"^{text}$"):
        Lifecycle("lamp", "off", ("ash",), rules, removed="gone")


# Errors.


def test_refusal_says_what_would_be_legal():
    with pytest.raises(TriggerError) as refused:
        RECORDING.fire(Thing("completed"), "pause")

    assert str(refused.value) == "recording RE1 is completed and cannot pause; legal now: delete"


def test_refusal_says_that_nothing_is_legal():
    with pytest.raises(TriggerError) as refused:
        CALL_LEG.fire(Thing("failed", "call leg CA1"), "ring")

    assert str(refused.value) == "call leg CA1 is failed and cannot ring; legal now: nothing"


def test_refusal_survives_rebuilding_and_pickling():
    with pytest.raises(TriggerError) as refused:
        RECORDING.fire(Thing("paused"), "save")
    error = refused.value

    for copy in (type(error)(*error.args), pickle.loads(pickle.dumps(error))):
        assert type(copy) is TriggerError
        assert str(copy) == str(error)
        assert (copy.name, copy.status, copy.trigger, copy.legal) == error.args


def test_refusal_hides_the_look_up_that_failed():
    with pytest.raises(TriggerError) as refused:
        RECORDING.fire(Thing("paused"), "save")

    assert refused.value.__suppress_context__


# What the platform needs of the tables.


@pytest.mark.parametrize("name", ["leg", "recording", "delivery"])
def test_trigger_that_nothing_follows_is_refused(name: str):
    class Strange(Telnyx):
        pass

    table = getattr(Telnyx, name)
    rules = (*table.rules, Rule(NEW, "levitate", table.rules[0].dest, "assumed: for this test"))
    strange = Lifecycle(table.name, table.initial, table.final, rules, removed=table.removed)
    setattr(Strange, name, strange)

    with pytest.raises(ValueError, match=f"^{table.name}: nothing follows levitate$"):
        Platform(Strange(7, 0))


def test_every_trigger_of_the_vendor_is_followed():
    platform = Platform(Telnyx(7, 0))

    assert platform.vendor.leg is CALL_LEG
    assert platform.vendor.conference is CONFERENCE
    assert platform.vendor.recording is RECORDING
    assert platform.vendor.delivery is DELIVERY


@pytest.mark.parametrize("coupling", COUPLINGS, ids=lambda coupling: coupling.relation)
def test_coupling_names_what_exists(coupling):
    assert set(coupling.dests) <= set(LIFECYCLES[coupling.lifecycle].statuses)
    assert coupling.relation in RELATIONS
    assert coupling.spec


def test_end_of_a_leg_is_never_refused_by_what_it_recorded():
    begun = set(RECORDING.statuses) - {RECORDING.initial}

    assert {rule.source for rule in RECORDING.rules if rule.trigger == "end"} == begun
