"""A simulator of call-recording lifecycles, as the Telnyx TeXML platform documents them.

```python
import recsim

run = recsim.run("scenarios/voicemail-finish-on-key.yaml", seed=1)
assert run.as_expected, run.replay()
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recsim.core.errors import RecsimError, ScenarioError, TexmlError, TriggerError

if TYPE_CHECKING:
    from recsim.scenario.load import load
    from recsim.scenario.run import Run, run

__version__ = "0.1.0"

__all__ = [
    "RecsimError",
    "Run",
    "ScenarioError",
    "TexmlError",
    "TriggerError",
    "load",
    "run",
]


def __getattr__(name: str) -> Any:
    """Load what plays scenarios when it is first asked for: it imports a good deal."""
    if name in ("Run", "run"):
        from recsim.scenario import run as module

        return getattr(module, name)
    if name == "load":
        from recsim.scenario.load import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
