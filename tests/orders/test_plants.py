"""Faults that were planted are found, in few states, and shown by a short run."""

from __future__ import annotations

import pytest
from orders.plants import PLANTS

import recsim
from recsim.core.errors import RecsimError

PLANTED = [pytest.param(plant, id=plant.name) for plant in PLANTS]


def explored(plant):
    return recsim.explore(recsim.loads(plant.scenario), endings=True, faults=plant.faults)


@pytest.mark.parametrize("plant", PLANTED)
def test_a_plant_is_found_and_shown_by_a_short_run(plant):
    with plant.plant():
        found = explored(plant)

    assert found.counter_example is not None
    assert found.counter_example.name in plant.broken
    assert len(found.counter_example.steps) <= 10
    assert found.states < 500


@pytest.mark.parametrize("plant", PLANTED)
def test_without_the_plant_everything_holds(plant):
    found = explored(plant)

    assert found.held
    assert found.is_complete


@pytest.mark.parametrize("plant", PLANTED)
def test_the_counter_example_plays_to_the_same_end(plant):
    with plant.plant():
        shown = explored(plant).counter_example
        assert shown.replays
        with pytest.raises(RecsimError, match=plant.broken[0]):
            recsim.run(recsim.loads(shown.yaml))

    assert recsim.run(recsim.loads(shown.yaml)).as_expected
    assert "any_time" not in shown.yaml
