"""Scenarios, runs, their lines and recordings, as notebooks show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from recsim.core.properties import Claimed
from recsim.core.units import format_duration
from recsim.scenario.dump import texts, written
from recsim.scenario.expect import Verdict, lines_of
from recsim.scenario.load import Loaded
from recsim.scenario.run import Run
from recsim.scenario.views import VIEWS, Views
from recsim.scenario.written import CALLBACKS, RECORDINGS, TRACE, Line
from recsim.show.findings import untold, where
from recsim.show.html.blocks import (
    Markup,
    badge,
    details,
    element,
    excerpt,
    facts,
    in_file,
    pre,
    shown,
    size,
    table,
    whole,
    wide,
)
from recsim.show.picture import svg
from recsim.show.report import claim_text, heard_on, timeline_text
from recsim.show.timeline import Timeline

PICTURE_ROOM = 24_000
"""Bytes that the picture of a run may take, and the text that stands for it."""

LONGEST_VALUE = 100
"""Characters of a value of a recording that are shown."""

LONGEST_FIELD = 40
"""Characters of a field that are shown where all fields of a line share a cell."""

MARK = "\N{NOT EQUAL TO}"
"""Of what is said otherwise elsewhere."""


def scenario(loaded: Loaded) -> str:
    """A scenario: what it shows, who calls, what the application answers, what is expected."""
    told = texts(loaded.scenario)
    rest = {name: part for name, part in told.items() if name not in APART}
    return whole(
        element("p", element("b", loaded.scenario.title)),
        element("p", shown(loaded.scenario.about, 2_000)),
        facts([("file", in_file(loaded.file))]),
        people("calls", told.get("calls", {})),
        people("callees", told.get("callees", {})),
        *documents(told.get("documents", {})),
        expected(loaded, told.get("expect", [])),
        details(
            "everything else", pre(written(rest).splitlines(), title="everything else", room=6_000)
        )
        if rest
        else "",
    )


#: Keys of a scenario that are not shown as they stand in its file.
APART = ("recsim", "title", "about", "calls", "callees", "documents", "expect")


def people(name: str, told: Mapping[str, Any]) -> Markup:
    """Who calls, or is called, and what they do."""
    if not told:
        return Markup()
    rows = [(one, settings(data), story(data.get("story", ()))) for one, data in told.items()]
    return table((name, "is", "does"), rows, room=7_000)


def settings(data: Mapping[str, Any]) -> str:
    """What is said of somebody, but for the story."""
    return lines_of({key: value for key, value in data.items() if key != "story"})


def story(steps: Iterable[Any]) -> str:
    """What somebody does, step by step."""
    return ", ".join(lines_of(step) if isinstance(step, Mapping) else str(step) for step in steps)


def documents(told: Mapping[str, Any]) -> Iterator[Markup]:
    """What the application answers, by URL."""
    for url, page in told.items():
        body = page if isinstance(page, str) else written({"answer": page})
        yield Markup(
            element("p", element("code", url)) + pre(body.splitlines(), title=url, room=6_000)
        )


def expected(loaded: Loaded, told: Sequence[Mapping[str, Any]]) -> Markup:
    """What is to have happened."""
    if not told:
        return Markup()
    rows = [(line_of(loaded, ("expect", n)), lines_of(one)) for n, one in enumerate(told)]
    return table(("line", "expected"), rows, room=8_000)


def line_of(loaded: Loaded, path: tuple[str | int, ...]) -> str:
    """The line of a file at which something stands; empty where there is no file."""
    return str(loaded.tree.position(path)[0]) if loaded.tree.data else ""


def run(played: Run) -> str:
    """A run: whether it went as expected, what came of it, and what happened."""
    readings = ", ".join(f"{key}={answer}" for key, answer in played.readings.items())
    return whole(
        element(
            "p",
            badge(played.as_expected, "as expected", "not as expected"),
            " ",
            element("b", played.title),
        ),
        facts([("file", in_file(played.file)), ("seed", played.seed), ("readings", readings)]),
        facts([("play it again:", played.replay() if in_file(played.file) else "")]),
        verdicts(played.loaded, played.verdicts, played.claims),
        recordings(played.recordings, played.kept.legs, title="recordings"),
        happened(played),
        notes(played),
    )


def verdicts(loaded: Loaded, told: Iterable[Verdict], claimed: Iterable[Claimed] = ()) -> Markup:
    """What was expected and claimed, what did not hold first."""
    rows = [
        (one.held, badge(one.held, "ok", "failed"), line_of(loaded, one.path), one.text, one.found)
        for one in told
    ]
    rows += [
        (one.held, badge(one.held, "ok", "failed"), "", claim_text(one), "") for one in claimed
    ]
    rows.sort(key=lambda row: row[0])
    if not rows:
        return Markup()
    cells = [(*row[1:4], "" if row[0] else row[4]) for row in rows]
    return table(("verdict", "line", "expected", "found"), cells, room=8_000)


def happened(played: Run) -> Markup:
    """What happened, as a picture; as lines of text where that is too large."""
    picture = Markup(svg(played))
    if size(picture) <= PICTURE_ROOM:
        return wide(picture, "timeline")
    items = list(Timeline(played).items())
    width = max((len(item.call) for item in items), default=0)
    told = (timeline_text(item, width).plain for item in items)
    return pre(told, title="timeline", room=PICTURE_ROOM)


def notes(played: Run) -> Markup:
    """What the vendor passed over, and what lint has to say."""
    rows = [("note", remark.call, remark.text) for remark in played.remarks]
    rows += [("lint", where(one), f"{one.text} [{one.rule}]") for one in untold(played)]
    return table(("from", "where", "says"), rows, room=5_000) if rows else Markup()


def recordings(
    rows: Sequence[Line], legs: Mapping[str, str], *, title: str = "", room: int = 8_000
) -> Markup:
    """Recordings at the end, one a row."""
    if not rows:
        return element("p", "no recordings")
    columns = ("no.", "sid", "of", "source", "status", "length", "channels", "error")
    return table(
        columns,
        ((n, *recording_cells(row, legs)) for n, row in enumerate(rows)),
        title=title,
        room=room,
    )


def recording_cells(row: Line, legs: Mapping[str, str]) -> tuple[str, ...]:
    """A recording as text."""
    view, v2 = row["texml_create"] or {}, row["v2"] or {}
    seconds = f"{view['duration']}s" if view.get("duration") else ""
    length = format_duration(v2["duration_millis"] * 1000) if v2 else seconds
    channels = {1: "single", 2: "dual"}.get(view.get("channels", 0), "")
    return (
        row["sid"],
        row["call"],
        view.get("source") or "",
        row["status"],
        length,
        f"{channels}{heard_on(row, legs)}",
        view.get("error_code") or "",
    )


def recording(views: Views) -> str:
    """A recording's views side by side; what each says otherwise is marked."""
    rows = [
        (
            marked(field.name) if field.differs else field.name,
            *(said(field.said.get(view)) for view in VIEWS),
        )
        for field in views.fields
    ]
    legend = f"{MARK}: said otherwise in another view. \N{EN DASH}: not said there."
    missing = [view for view in VIEWS if views.row[view] is None]
    hidden = f" Not shown in {', '.join(missing)}." if missing else ""
    return whole(
        element("p", element("b", f"recording {views.sid}"), f": {views.status}, of {views.call}"),
        table(("field", *VIEWS), rows, title="views", room=40_000, longest=LONGEST_VALUE),
        element("p", legend + hidden),
    )


def marked(name: str) -> Markup:
    """The name of a field that is said otherwise in another view."""
    return Markup(f"{element('b', name)} {element('b', MARK)}")


def said(told: tuple[str, object] | None) -> object:
    """A value as JSON has it, behind the name that it has there if that is another one."""
    if told is None:
        return "\N{EN DASH}"
    name, value = told
    text = orjson.dumps(value).decode()
    return Markup(f"{element('i', name)}: {shown(text, LONGEST_VALUE)}") if name else text


def lines(rows: Sequence[Line], file: str) -> str:
    """Lines of a file: what all have, and the rest of each in one cell."""
    if not rows:
        return whole(element("p", "no lines"))
    if file == RECORDINGS:
        told = [{**row, "legs_by_channel": None} for row in rows]  # a line has no names of legs
        return whole(recordings(told, {}, room=45_000))
    first = FIRST[file]
    # Moments of one day are told without it, which leaves room for the fields.
    days = {row["at"][:10] for row in rows}
    title, start = (f"{file}, {days.pop()}, UTC", 11) if len(days) == 1 else (file, 0)
    cells = (
        (
            *(row[name][start:].removesuffix("Z") if name == "at" else row[name] for name in first),
            rest(row, first),
        )
        for row in rows
    )
    return whole(table((*first, "fields"), cells, title=title, room=45_000, longest=1_000))


#: What stands first of each line, by its file.
FIRST = {
    TRACE: ("seq", "at", "cause", "kind"),
    CALLBACKS: ("at", "cause", "kind", "method", "url", "attempt", "outcome"),
}

#: Fields that say what others say, as it was sent.
TWICE = ("headers", "body")


def rest(row: Line, first: Sequence[str]) -> str:
    """What else a line says, nothing of it that is empty."""
    told = {**row, **row.get("params", {}), "params": None}
    return lines_of({
        name: excerpt(value, LONGEST_FIELD) if isinstance(value, str) else value
        for name, value in told.items()
        if name not in (*first, *TWICE) and value not in (None, "", {}, [])
    })  # fmt: skip
