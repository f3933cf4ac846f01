"""What people do: stories that come to an end."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from recsim.scenario.people import Press, Silent, Speak, Step, Wait
from recsim.strategies.lengths import draws, lengths

KEYS = "#*15"
WORDS = "yes please"


@cache
def steps(*, drawn: bool = True) -> st.SearchStrategy[Step]:
    """What somebody does once; `drawn`: its length may be drawn."""
    length = draws() if drawn else lengths()
    return st.one_of(
        length.map(lambda draw: Speak(speak=draw)),
        length.map(lambda draw: Wait(wait=draw)),
        st.sampled_from(KEYS).map(lambda key: Press(press=key)),
        length.map(lambda draw: Silent(silent=draw)),
        length.map(lambda draw: Speak(speak=draw, says=WORDS)),
    )


@cache
@st.composite
def stories(
    draw: Any,
    *,
    cues: tuple[str, ...] = (),
    most: int = 4,
    hangs_up: bool = True,
    drawn: bool = True,
) -> list[Step]:
    """What somebody does on a call, step by step, and that they hang up.

    A story may begin by waiting for one of `cues`, which should come: else it ends there.
    """
    waits: list[Step] = []
    if cues and draw(st.booleans()):
        waits = [Wait(wait=draw(st.sampled_from(cues)))]
    told = draw(st.lists(steps(drawn=drawn), min_size=1, max_size=most))
    return [*waits, *told, *(["hang_up"] if hangs_up else [])]
