"""What `recsim explore` prints: text for people, or JSON lines; and the files that it writes."""

from __future__ import annotations

from typing import Any

import orjson
from rich.text import Text

from recsim.orders.counterexample import FILE, CounterExample
from recsim.orders.exploring import Exploration
from recsim.show.lines import console, put
from recsim.show.report import OUTPUT_VERSION
from recsim.show.sequence import sequence


def show(explored: Exploration, again: str = "", *, as_json: bool = False) -> None:
    """Print what came of a search; `again` is the command that asks for it."""
    out = console()
    if as_json:
        for line in json_lines(explored):
            out.out(orjson.dumps(line).decode(), highlight=False)
        return
    for text in text_lines(explored):
        put(out, text)
    if again and not explored.held:
        put(out, Text(f"not as it should be; look again with: {again}", "bold red"), 0)


def text_lines(explored: Exploration) -> list[Text]:
    """What people read."""
    loaded, found = explored.loaded, explored.counter_example
    told = f"  {loaded.file}  seed {explored.seed}"
    far = f"  {explored.states} states, {explored.edges} edges, depth {explored.depth}"
    lines = [Text.assemble((loaded.scenario.title, "bold"), (told, "dim")), Text(far)]
    if explored.is_complete:
        lines.append(Text("  complete: yes", "green"))
    else:
        text = f"  complete: no; states not gone on from: {explored.left}"
        lines.append(Text(f"{text}; {why(explored)}", "yellow"))
    lines += [Text(f"  FAILED sometimes {name}: never", "bold red") for name in explored.vacuous]
    if found is not None:
        lines.append(Text(f"  FAILED {found.name}: {found.text}", "bold red"))
        lines += [Text(f"  {n:3} {step}") for n, step in enumerate(found.steps, 1)]
        if not found.replays:
            lines.append(Text("  recsim run does not come to this", "yellow"))
    elif not explored.is_complete:
        lines += [Text(f"  not reached so far: {name}", "yellow") for name in explored.unreached]
        lines.append(Text("  nothing was broken so far"))
    elif not explored.vacuous:
        lines.append(Text("  everything held", "green"))
    return lines


def why(explored: Exploration) -> str:
    """Why a search is not complete."""
    if explored.bound:
        return f"the bound on {explored.bound} was hit"
    return "a counter-example was found"


def json_lines(explored: Exploration) -> list[dict[str, Any]]:
    """What programs read."""
    found = explored.counter_example
    head = {
        "line": "exploration",
        "version": OUTPUT_VERSION,
        "file": explored.loaded.file,
        "seed": explored.seed,
        "states": explored.states,
        "edges": explored.edges,
        "depth": explored.depth,
        "complete": explored.is_complete,
        "left": explored.left,
        "bound": explored.bound or None,
        "held": explored.held,
        "unreached": list(explored.unreached),
    }
    if found is None:
        return [head]
    shown = {
        "line": "counter-example",
        "property": found.name,
        "text": found.text,
        "steps": [step.strip() for step in found.steps],
        "replays": found.replays,
        "scenario": found.yaml,
        "diagram": diagram(found) or None,
    }
    return [head, shown]


def diagram(found: CounterExample) -> str:
    """A counter-example as a Mermaid sequence diagram; empty where it doesn't replay."""
    return sequence(found.run) if found.run is not None else ""


def files(explored: Exploration) -> dict[str, str]:
    """The files of a counter-example, by name."""
    found = explored.counter_example
    if found is None:
        return {}
    texts = {FILE: found.yaml, "test_counter_example.py": found.test()}
    if found.run is not None:
        texts["counter-example.mmd"] = diagram(found)
    return texts
