"""The colours of pictures and pages, in light and in dark; tests compute their contrast."""

from __future__ import annotations

from collections.abc import Mapping

Scheme = Mapping[str, str]

#: By role. Everything in `TEXTS` can be read on everything in `GROUNDS`.
LIGHT: Scheme = {
    "ground": "#ffffff",
    "panel": "#f3f5f8",
    "ink": "#1b2230",
    "quiet": "#55606f",
    "line": "#c6ccd5",
    "band": "#cfe0f5",
    "speech": "#0f8288",
    "capture": "#2463a8",
    "completed": "#1a7a3c",
    "absent": "#b04a00",
    "deleted": "#666d7a",
    "well": "#6b3fa0",
    "bad": "#b3161f",
}
DARK: Scheme = {
    "ground": "#12161d",
    "panel": "#1c222c",
    "ink": "#e6eaf0",
    "quiet": "#a6b0bd",
    "line": "#3b4452",
    "band": "#26405f",
    "speech": "#58c5c9",
    "capture": "#79b4f2",
    "completed": "#5fce86",
    "absent": "#f2a35e",
    "deleted": "#a0a8b4",
    "well": "#c3a1f0",
    "bad": "#ff8b8b",
}
GROUNDS = ("ground", "panel")
TEXTS = ("ink", "quiet", "capture", "completed", "absent", "deleted", "well", "bad")

#: Colours of areas and lines, which must stand out from the ground, by less than text.
SHAPES = ("speech", "capture", "completed", "absent", "deleted", "well", "bad")


def both(rules: str) -> str:
    """Rules of CSS with `$role` for colours: as they are in light, and again in dark."""
    light, dark = filled(rules, LIGHT), filled(rules, DARK)
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}"


def filled(rules: str, scheme: Scheme) -> str:
    """Rules with their colours."""
    for role in sorted(scheme, key=len, reverse=True):
        rules = rules.replace(f"${role}", scheme[role])
    return rules


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21. Source: WCAG 2.1, contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """How light a colour such as `#1b2230` is, 0 to 1. Source: WCAG 2.1, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
