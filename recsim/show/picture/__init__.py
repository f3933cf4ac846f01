"""Pictures of runs: SVG that needs nothing else, legible in light and in dark."""

from __future__ import annotations

from recsim.show.picture.drawing import svg

CAPTION = "Time since the start. Long stretches in which nothing happens are left out."

__all__ = ["CAPTION", "svg"]
