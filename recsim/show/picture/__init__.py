"""Pictures of runs, of logs and of lifecycles: SVG that needs nothing else, in light and in dark.

Those of runs are made from a scene (`scene`, `things`, `sampling`) on a time axis (`scale`), as SVG
(`drawing`) or in letters (`letters`).
"""

from __future__ import annotations

from recsim.show.picture.drawing import svg

CAPTION = "Time since the start. Long stretches in which nothing happens are left out."

__all__ = ["CAPTION", "svg"]
