"""Whatever a scenario does, the log that it leaves is legal."""

from __future__ import annotations

from captured import SHAPES, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recsim.logs.checking import check
from recsim.strategies import callbacks, scenarios


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    scenario=scenarios(),
    order=st.randoms(use_true_random=False),
    shape=st.sampled_from([*SHAPES.values(), lambda line: line]),
)
def test_the_log_of_any_scenario_is_legal(scenario, order, shape):
    lines = callbacks.played(scenario).callbacks

    for told in (lines, order.sample(lines, len(lines)), lines[: len(lines) // 2]):
        report = check(written([shape(line) for line in told]), readings=dict(scenario.readings))

        assert not report.errors
        assert not report.counts["one-reading"]
        assert report.events == len(told)
