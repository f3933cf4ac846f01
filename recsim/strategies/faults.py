"""What goes wrong around the platform: networks, receivers, storage."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from recsim.core.units import SECOND_US
from recsim.scenario.surroundings import Delaying, Network, Outage, Receiver, Redirected, Storage
from recsim.strategies.lengths import draws, lengths

#: Lengths up to which a callback is late: some are within the time-out, some are not.
LATE_US = 5 * SECOND_US
SHARES = (0.0, 0.2, 0.5, 1.0)
STATUSES = (200, 204, 500, 503, 404, 408, "timeout", "refused", "reset")
REASON = "internal error"


class Faults(NamedTuple):
    """A fault plan: what lies around the platform in a scenario."""

    network: Network
    receiver: Receiver
    storage: Storage


@cache
def arrivals(
    most: int = 4, late: st.SearchStrategy[int] | None = None
) -> st.SearchStrategy[list[list[int]]]:
    """When attempts arrive, one after another: at once, so `late`, twice, or never; in µs."""
    late = lengths(LATE_US) if late is None else late
    one = st.one_of(
        st.just([0]),
        late.map(lambda after_us: [after_us]),
        late.map(lambda after_us: [0, after_us]),
        st.just(list[int]()),
        st.tuples(late, late).map(list),
    )
    return st.lists(one, max_size=most)


@cache
@st.composite
def networks(draw: Any) -> Network:
    """Callbacks are late, lost or repeated, by a share of all or one by one."""
    given: dict[str, Any] = {"arrivals": draw(arrivals())}
    if draw(st.booleans()):
        given["latency"] = draw(draws(LATE_US))
        given["loss"] = draw(st.sampled_from(SHARES))
        given["duplicates"] = draw(st.sampled_from(SHARES))
    return Network.model_validate(given)


@cache
def answers() -> st.SearchStrategy[Any]:
    """What a receiver answers to an attempt."""
    return st.one_of(
        st.sampled_from(STATUSES),
        st.sampled_from(("/elsewhere", "https://backup.test/")).map(
            lambda to: Redirected(redirect=to)
        ),
        st.sampled_from((1, 30)).map(lambda wait: Delaying(retry_after=wait * SECOND_US)),
    )


@cache
@st.composite
def receivers(draw: Any) -> Receiver:
    """Slow, failing, or down for a while."""
    given: dict[str, Any] = {"answers": draw(st.lists(answers(), min_size=1, max_size=3))}
    if draw(st.booleans()):
        given["latency"] = draw(draws(LATE_US))
    if draw(st.booleans()):
        from_us, length_us = draw(lengths()), draw(lengths())
        given["down"] = Outage.model_validate({"from": from_us, "until": from_us + length_us + 1})
    return Receiver.model_validate(given)


@cache
@st.composite
def storages(draw: Any) -> Storage:
    """Slow, or failing for a share of the recordings."""
    given: dict[str, Any] = {"delay": draw(draws())}
    if draw(st.booleans()):
        given |= {"failure": REASON, "failure_rate": draw(st.sampled_from(SHARES[::-1]))}
    if draw(st.booleans()):
        given["per_second"] = draw(lengths(SECOND_US))
    return Storage.model_validate(given)


@cache
def fault_plans() -> st.SearchStrategy[Faults]:
    """What goes wrong; nothing, at the simplest."""
    return st.builds(
        Faults,
        st.just(Network()) | networks(),
        st.just(Receiver()) | receivers(),
        st.just(Storage()) | storages(),
    )
