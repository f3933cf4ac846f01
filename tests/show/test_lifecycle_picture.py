"""A lifecycle as a picture: all of it is there, and nothing lies on anything else."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from recsim.cli import app
from recsim.core.lifecycle import Lifecycle, Rule
from recsim.show.picture.layers import ranks_of
from recsim.show.picture.lifecycle import BOX, LETTER, LINE, svg
from recsim.show.sheets import LIFECYCLES

SVG = "{http://www.w3.org/2000/svg}"


def areas(picture: str) -> list[tuple[float, float, float, float]]:
    """What boxes and labels take up: left, top, right, bottom."""
    found = []
    for node in ET.fromstring(picture).iter():
        if node.tag == f"{SVG}rect" and "inner" not in node.get("class", ""):
            x, y, width = (float(node.get(name, "")) for name in ("x", "y", "width"))
            found.append((x, y, x + width, y + BOX))
        spans = node.findall(f"{SVG}tspan")
        if node.tag == f"{SVG}text" and spans:
            x, y = float(spans[0].get("x", "")), float(spans[0].get("y", ""))
            width = LETTER * max(len(span.text or "") for span in spans)
            left = x - width / 2 if node.get("text-anchor") == "middle" else x
            found.append((left, y - 11, left + width, y + LINE * (len(spans) - 1) + 3))
    return found


@pytest.mark.parametrize("name", LIFECYCLES)
def test_nothing_overlaps(name) -> None:
    found = areas(svg(LIFECYCLES[name]))

    assert len(found) > len(LIFECYCLES[name].statuses)
    for a, b in combinations(found, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)


@pytest.mark.parametrize("name", LIFECYCLES)
def test_every_row_that_moves_is_told_with_its_source(name) -> None:
    root = ET.fromstring(svg(LIFECYCLES[name]))

    told = {line for node in root.iter(f"{SVG}title") for line in (node.text or "").splitlines()}
    for rule in LIFECYCLES[name].rules:
        line = f"{rule.source} {rule.trigger} {rule.dest}: {rule.spec}"
        assert (line in told) == (rule.dest is not None)


def test_a_picture_is_static_named_and_legible_in_the_dark() -> None:
    picture = svg(LIFECYCLES["recording"])

    assert picture == svg(LIFECYCLES["recording"])
    assert 'role="img"' in picture
    assert "prefers-color-scheme:dark" in picture
    assert not re.search(r"<script|href|url\(|@import", picture)


def test_a_way_back_does_not_lower_what_it_leads_to() -> None:
    arrows = [("new", "on"), ("on", "held"), ("held", "on"), ("on", "over"), ("held", "over")]

    assert ranks_of("new", arrows) == {"new": 0, "on": 1, "held": 2, "over": 3}


def test_names_are_written_as_text() -> None:
    machine = Lifecycle("a<b", "new", ("<end>",), [Rule("new", "x&y", "<end>", "a < b")])

    root = ET.fromstring(svg(machine))

    assert "<end>" in [node.text for node in root.iter(f"{SVG}text")]


def test_the_command_prints_the_picture_of_a_lifecycle_only() -> None:
    def table(*words: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, ["table", *words])
        return done.exit_code, done.stdout, done.stderr

    assert table("recording", "--svg") == (0, svg(LIFECYCLES["recording"]), "")
    assert table("sources", "--svg")[0] == 2
    assert table("--svg")[0] == 2
    assert table("recording", "--svg", "--mermaid")[0] == 2
