"""Scenario files that must be refused, each with one thing wrong in it."""

from __future__ import annotations

from typing import Any, TypeAlias

from hypothesis import strategies as st

from recsim.scenario.dump import texts, written
from recsim.scenario.schema import Scenario
from recsim.strategies.sources import AGENT
from recsim.strategies.whole import NAMES, scenarios

Path: TypeAlias = tuple[str, ...]

CALLER = ("calls", NAMES[0])

#: What stands there makes a file wrong.
# fmt: off
WRONG: tuple[tuple[Path, Any], ...] = (
    (("recsim",), "2"),
    (("title",), ""),
    (("titel",), "A slip"),
    (("seed",), "-1"),
    (("starts_at",), "2026-01-05"),
    (("sign",), "maybe"),
    (("expct",), []),
    (("application",), "https://app.test/answer"),
    (("application", "voice_url"), "app.test"),
    (("application", "voice_ulr"), "https://app.test/answer"),
    (("documents",), ["<Response/>"]),
    (("numbers",), {"5550002": {}}),
    (("media",), {"https://app.test/a.mp3": "4"}),
    (("calls",), {}),
    ((*CALLER, "from"), "15550001"),
    ((*CALLER, "at"), "4 s"),
    ((*CALLER, "at"), "31d"),
    ((*CALLER, "story"), [{"press": "12"}]),
    ((*CALLER, "story"), [{"wait": "beeep"}]),
    ((*CALLER, "story"), [{"speak": {"uniform": ["5s", "2s"]}}]),
    ((*CALLER, "story"), [{"hang_up": None}]),
    ((*CALLER, "story"), [{"sing": "2s"}]),
    (("callees",), {NAMES[0]: {"number": AGENT}}),
    (("callees",), {"agent": {"number": AGENT, "story": ["hang_up"]}}),
    (("requests",), [{"at": "1s", "get": "/v3/recordings"}]),
    (("requests",), [{"at": "1s", "get": "/v2/recordings/{nobody.recording}"}]),
    (("requests",), [{"at": "1s after nobody beep", "get": "/v2/recordings"}]),
    (("requests",), [{"at": "1s", "get": "/v2/recordings", "delete": "/v2/recordings"}]),
    (("network",), {"loss": "120%"}),
    (("network",), {"arrivals": ["soon"]}),
    (("receiver",), {"answers": []}),
    (("receiver",), {"answers": ["99"]}),
    (("storage",), {"failure_rate": "50%"}),
    (("readings",), {"unheard_of": "true"}),
    (("readings",), {"pause_behavior": "noise"}),
    (("expect",), [{"recording": {"stauts": "completed"}}]),
    (("expect",), [{"callback": {}, "exactly": "1", "at least": "1"}]),
)
# fmt: on

#: What a file must have.
NEEDED: tuple[Path, ...] = (
    ("recsim",),
    ("title",),
    ("application",),
    ("application", "voice_url"),
    (*CALLER, "from"),
    (*CALLER, "to"),
)

#: What makes a file that is no YAML, or not of the kind that is read, when it stands at its end.
STRAY = (
    "title: again\n",
    "\tsign: true\n",
    "---\nrecsim: 1\n",
    "sign: [\n",
    'sign: "true\n',
    "sign: *nobody\n",
    "sign: !!bool true\n",
    "<<: {sign: true}\n",
    "? [sign]\n: true\n",
    "sign: \x07\n",
    "sign\n",
)


@st.composite
def broken_scenarios(draw: Any) -> str:
    """Texts that `load` must refuse with a ScenarioError that names the line of one fault."""
    data: dict[str, Any] = texts(draw(INTACT))
    kind, stray = draw(st.sampled_from(("wrong", "missing", "stray"))), ""
    if kind == "stray":
        stray = draw(st.sampled_from(STRAY))
    elif kind == "missing":
        path = draw(st.sampled_from(NEEDED))
        del inner(data, path)[path[-1]]
    else:
        path, value = draw(st.sampled_from(WRONG))
        inner(data, path)[path[-1]] = value
    return written(data) + stray


def inner(data: dict[str, Any], path: Path) -> dict[str, Any]:
    """The mapping in which the last key of a path stands."""
    for step in path[:-1]:
        data = data[step]
    return data


INTACT: st.SearchStrategy[Scenario] = scenarios(sources=["RecordVerb"], calls=1, faults=False)
"""A call comes in."""
