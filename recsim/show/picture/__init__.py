"""Pictures of runs: SVG that needs nothing else, legible in light and in dark."""

from __future__ import annotations

from recsim.show.picture.drawing import svg

__all__ = ["svg"]
