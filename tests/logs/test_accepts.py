"""Whatever recsim sends is legal, however it was captured, cut or shuffled."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from captured import SHAPES, own, written
from conftest import BUSY, SCENARIOS
from hypothesis import given, settings
from hypothesis import strategies as st
from test_drivers import CALLED, CONFERRED

from recsim.logs.checking import check
from recsim.logs.report import Report
from recsim.scenario.load import loads
from recsim.scenario.run import run


def complaints(report: Report) -> list[str]:
    return [f"{one.line}: {one.rule}: {one.text}" for one in report.errors]


def given_readings(scenario: Path) -> dict[str, str]:
    from recsim.scenario.load import load

    return dict(load(scenario).scenario.readings)


def test_every_scenario_is_legal(scenario):
    report = check(written(own(scenario.stem)), readings=given_readings(scenario))

    assert not complaints(report)
    assert not [one for one in report.warnings if one.rule in ("unknown-event", "unknown-shape")]
    assert report.events == report.lines == len(own(scenario.stem))


def test_readings_that_are_in_force_are_no_finding(scenario):
    report = check(written(own(scenario.stem)), readings=given_readings(scenario))

    assert not report.counts["one-reading"]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_scenario_is_legal_in_any_shape(shape):
    for scenario in SCENARIOS:
        lines = own(scenario.stem)

        report = check(written([SHAPES[shape](line) for line in lines]))

        assert not complaints(report), scenario.stem
        assert report.events == len(lines), scenario.stem
        assert not report.counts["unknown-shape"] + report.counts["unknown-event"], scenario.stem


def test_every_scenario_is_legal_in_any_order():
    for n, scenario in enumerate(SCENARIOS):
        lines = own(scenario.stem)
        random.Random(n).shuffle(lines)

        assert not complaints(check(written(lines))), scenario.stem


def test_every_scenario_is_legal_when_a_part_is_missing():
    for n, scenario in enumerate(SCENARIOS):
        lines = own(scenario.stem)
        cut = random.Random(n).randint(0, len(lines))

        assert not complaints(check(written(lines[:cut]))), scenario.stem
        assert not complaints(check(written(lines[cut:]))), scenario.stem


def test_webhooks_of_a_conference_are_legal_wherever_their_log_begins():
    """Nobody can know whether whoever leaves came before."""
    lines = own("webhook-conference")

    for cut in range(len(lines)):
        assert not complaints(check(written(lines[cut:]))), cut


def test_every_scenario_is_legal_in_mixed_shapes():
    shapes = list(SHAPES.values())
    for scenario in SCENARIOS:
        lines = own(scenario.stem)
        mixed = [shapes[n % len(shapes)](line) for n, line in enumerate(lines)]

        assert not complaints(check(written(mixed))), scenario.stem


@settings(max_examples=15, deadline=None)
@given(
    text=st.sampled_from([BUSY, CALLED, CONFERRED]),
    seed=st.integers(0, 2**32),
    order=st.randoms(use_true_random=False),
    shape=st.sampled_from([*SHAPES.values(), lambda line: line]),
    cut=st.floats(0, 1),
)
def test_what_is_drawn_is_legal(text, seed, order, shape, cut):
    lines = run(loads(text.encode(), "busy.yaml"), seed=seed).callbacks
    assert not complaints(check(written([shape(line) for line in lines])))

    order.shuffle(lines)
    kept = lines[: round(len(lines) * cut)]

    assert not complaints(check(written([shape(line) for line in kept])))
