"""Strategies for Hypothesis, to test what receives callbacks; needs `pip install 'recsim[prove]'`.

Values are valid by construction; what fails shrinks to the plain.
"""

from importlib.util import find_spec

if find_spec("hypothesis") is None:
    raise ImportError("expected hypothesis, which pip install 'recsim[prove]' brings")

from recsim.strategies.asked import requests
from recsim.strategies.broken import broken_scenarios
from recsim.strategies.callbacks import Callback, callback_orders
from recsim.strategies.documents import texml
from recsim.strategies.failing import keeps_failures
from recsim.strategies.faults import Faults, fault_plans
from recsim.strategies.machine import CallbackMachine, Known
from recsim.strategies.people import stories
from recsim.strategies.trial import Trial
from recsim.strategies.whole import scenarios

__all__ = [
    "Callback",
    "CallbackMachine",
    "Faults",
    "Known",
    "Trial",
    "broken_scenarios",
    "callback_orders",
    "fault_plans",
    "keeps_failures",
    "requests",
    "scenarios",
    "stories",
    "texml",
]
