"""However long a log is: each line costs the same, and little is remembered."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy

import pytest
from captured import own, written
from conftest import BUSY
from hypothesis import given, settings
from hypothesis import strategies as st
from test_drivers import CONFERRED

from recsim.logs.checking import check, span
from recsim.logs.memory import Window
from recsim.logs.redact import Redactor
from recsim.logs.sequence import MOST_AHEAD, Sequence
from recsim.scenario.load import loads
from recsim.scenario.run import run

ID = re.compile(rb"(?<=[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-)[0-9a-f]{12}|(?<=v3:)....")


def fresh(lines: list[bytes], rounds: int) -> Iterator[bytes]:
    """The same lines with other ids in each round."""
    for n in range(rounds):
        for line in lines:
            yield ID.sub(
                lambda found, n=n: b"%0*x" % (len(found[0]), hash((found[0], n)) % 9999), line
            )


def steps(log: Iterable[bytes]) -> int:
    """How many calls, of ours and of libraries, judging a log takes."""
    count = 0

    def called(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    log = list(log)
    sys.setprofile(called)
    try:
        check(log, window=50)
    finally:
        sys.setprofile(None)
    return count


def drawn(text: str) -> list[bytes]:
    return list(written(run(loads(text.encode(), "busy.yaml"), seed=1).callbacks))


def again(n: int) -> Iterator[bytes]:
    """One recording that is told without end."""
    yield from list(written(own("voicemail-finish-on-key")[3:])) * n


def counted(n: int, *, backwards: bool = False) -> Iterator[bytes]:
    """One conference in which people never stop to speak."""
    line = own("conference-status-callbacks")[5]
    for number in reversed(range(n)) if backwards else range(n):
        line["params"]["SequenceNumber"] = str(number)
        yield from written([deepcopy(line)])


LOGS: dict[str, Callable[[int], Iterator[bytes]]] = {
    "calls": lambda n: fresh(drawn(BUSY), n // 10),
    "rooms": lambda n: fresh(drawn(CONFERRED), n // 10),
    "copies": again,
    "speech": counted,
    "speech, the last first": lambda n: counted(n, backwards=True),
    "nonsense": lambda n: iter([b"{}\n", b"oops\n"] * n),
}


@pytest.mark.parametrize("name", LOGS)
def test_twice_as_many_lines_take_twice_as_many_steps(name):
    steps(LOGS[name](100))  # whatever is cached

    small, middle, large = (steps(LOGS[name](n)) for n in (100, 200, 400))

    assert large - middle == pytest.approx(2 * (middle - small), rel=0.05)


def test_no_more_is_remembered_than_the_window_has():
    left: list[str] = []
    window: Window[str] = Window(3, None, lambda sid, one: left.append(sid))

    for sid in "abcadbe":
        window.touch(sid, lambda sid=sid: sid, None)

    assert list(window) == ["d", "b", "e"]
    assert left == ["b", "c", "a"]
    window.close()
    assert left == ["b", "c", "a", "d", "b", "e"]


def test_a_window_of_time_follows_the_log():
    window: Window[str] = Window(99, 10, lambda sid, one: None)

    for at_us, sid in ((0, "a"), (5, "b"), (12, "c"), (3, "d"), (30, "e")):
        window.touch(sid, lambda sid=sid: sid, at_us)

    assert list(window) == ["e"]


def test_a_window_is_a_number_or_a_length():
    assert span("500") == (500, None)
    assert span("24h").within_us == 86_400_000_000


def test_what_the_window_let_go_of_is_no_error():
    lines = [line for n in range(20) for line in fresh(drawn(BUSY), 1)]

    report = check([*fresh(drawn(BUSY), 5), *lines], window=1)

    assert report.is_legal
    assert report.forgotten > 10


def test_what_is_missing_is_said_when_the_window_lets_go():
    lines = list(written(own("outbound-recorded")[:6]))

    report = check([*lines, *fresh(drawn(BUSY), 30)], window=5)

    assert report.counts["missing-outcome"] <= 1


def test_numbers_that_never_come_are_not_waited_for_without_end():
    sequence = Sequence()

    for number in range(5, MOST_AHEAD + 10):
        sequence.add(number)

    assert not sequence.is_whole
    assert len(sequence.ahead or ()) < 10


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
SEEDS = [
    line
    for name in ("signed", "outbound-recorded", "conference-status-callbacks", "webhook-conference")
    for line in own(name)
]
VALUES = JSON | st.sampled_from(
    [
        "9" * 5000,
        "²",
        "-1",
        "2026-13-45T99:99:99Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
    ]
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_log_is_so_odd_that_it_cannot_be_judged_and_copied(data):
    line = deepcopy(data.draw(st.sampled_from(SEEDS)))
    body = line["body"]
    if body.startswith("{"):
        line = {**line, "body": json.loads(body)}
    for _ in range(data.draw(st.integers(0, 3))):
        part = line
        while True:
            key = data.draw(st.sampled_from(sorted(part)))
            if not isinstance(part[key], dict) or not part[key] or data.draw(st.booleans()):
                break
            part = part[key]
        part[key] = data.draw(VALUES)
    if isinstance(line.get("body"), dict):
        line["body"] = json.dumps(line["body"])
    wrapped = {"time": data.draw(VALUES), "request": line, data.draw(st.text(max_size=4)): 1}
    texts = list(written([line, wrapped, data.draw(JSON)]))

    check([*texts, *texts])
    check(map(Redactor(b"key").line, texts))
