"""A simulator of call-recording lifecycles, as the Telnyx TeXML platform documents them.

```python
import recsim

run = recsim.run("scenarios/voicemail-finish-on-key.yaml", seed=1)
assert run.as_expected, run.replay()
```
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from recsim.core.errors import PropertyError, RecsimError, ScenarioError, TexmlError, TriggerError

if TYPE_CHECKING:
    from recsim.core.properties import Property, Step, always, eventually, sometimes
    from recsim.logs.checking import check
    from recsim.logs.report import Finding, Report
    from recsim.orders.exploring import Exploration, explore
    from recsim.scenario.coverage import coverage
    from recsim.scenario.diff import diff
    from recsim.scenario.load import Loaded, load, loads
    from recsim.scenario.run import Run, run
    from recsim.scenario.variants import Survey, survey
    from recsim.show.sheets import table
    from recsim.vendors.telnyx.disputes import Dispute, disputes

__version__ = "0.1.0"

__all__ = [
    "Dispute",
    "Exploration",
    "Finding",
    "Loaded",
    "Property",
    "PropertyError",
    "RecsimError",
    "Report",
    "Run",
    "ScenarioError",
    "Step",
    "Survey",
    "TexmlError",
    "TriggerError",
    "always",
    "check",
    "coverage",
    "diff",
    "disputes",
    "eventually",
    "explore",
    "load",
    "loads",
    "run",
    "sometimes",
    "survey",
    "table",
]


#: Where public names live that are loaded when first asked for: playing imports a good deal.
HOMES = {
    "Finding": "recsim.logs.report",
    **dict.fromkeys(
        ("Property", "Step", "always", "eventually", "sometimes"), "recsim.core.properties"
    ),
    "Dispute": "recsim.vendors.telnyx.disputes",
    "Exploration": "recsim.orders.exploring",
    "Loaded": "recsim.scenario.load",
    "Report": "recsim.logs.report",
    "Run": "recsim.scenario.run",
    "Survey": "recsim.scenario.variants",
    "check": "recsim.logs.checking",
    "coverage": "recsim.scenario.coverage",
    "diff": "recsim.scenario.diff",
    "disputes": "recsim.vendors.telnyx.disputes",
    "explore": "recsim.orders.exploring",
    "load": "recsim.scenario.load",
    "loads": "recsim.scenario.load",
    "run": "recsim.scenario.run",
    "survey": "recsim.scenario.variants",
    "table": "recsim.show.tables",
}


def __getattr__(name: str) -> Any:
    """A name of `HOMES`."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)
