"""A state machine that plays legal lives of recordings, and gives every callback to a handler.

Each rule adds something to a scenario, later than all that has happened in it so far; the scenario
is played, and what arrives until then is received. So every failure is a scenario.
"""

from __future__ import annotations

import sys
from typing import Any, ClassVar, NamedTuple

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from recsim.core.units import SECOND_US
from recsim.scenario.parts import When
from recsim.scenario.requests import Request
from recsim.scenario.run import play
from recsim.scenario.schema import Scenario
from recsim.strategies.asked import UPDATE
from recsim.strategies.callbacks import Callback
from recsim.strategies.documents import Tag, document
from recsim.strategies.failing import is_failure, tell
from recsim.strategies.faults import REASON, arrivals
from recsim.strategies.hearing import Hearing, heard, staged_of
from recsim.strategies.sources import FROM, TO, WAYS, Way, ways_of
from recsim.strategies.trial import Told, Trial, tried
from recsim.strategies.whole import asked, base

TELLING = ("RecordVerb", "StartCallRecordingAPI", "DialVerb", "OutboundAPI", "Conference")
"""Sources of recordings whose callbacks a document or a request can ask for."""

NAMES = ("first", "second")
"""Of calls."""

CALL = "/v2/texml/Accounts/{account}/Calls/{call}"
STAYS = Tag("Pause", (("length", "180"),))
ENDED_US = 400 * SECOND_US
"""From the last thing that is done until surely nothing comes any more."""

STEPS = 20
"""Of one try."""

SECONDS = (2, 1, 3, 8)
LATE_US = (3 * SECOND_US, 5 * SECOND_US, 10 * SECOND_US, 60 * SECOND_US)
"""How late callbacks are; after more than two seconds the platform tries again."""

STATUSES = ("paused", "in-progress", "stopped")
PARTIES = {"from": FROM, "to": TO}

TALKS_US = 2 * SECOND_US
"""How long calls go on that nobody has ended: a callback that is tried again comes later."""

MOST_ARRIVALS = 8
"""Attempts that needn't arrive at once; those after them do."""

seconds = st.sampled_from(SECONDS).map(lambda length: length * SECOND_US)
some_call = st.integers(0, len(NAMES) - 1)


class Known(NamedTuple):
    """What a handler can know of a recording, once everything was delivered."""

    status: str
    """completed or absent."""
    source: str
    duration: int
    """Whole seconds; 0 of an absent one."""
    url: str
    """Of its audio, as its callback told it; empty, where there is none."""


class CallbackMachine(RuleBasedStateMachine):
    """Subclass it, and say in `receive` what your handler does with a callback.

    Recordings start, are paused, resumed and stopped, calls end, storage fails; and callbacks come
    late, twice, out of order, or not until a later attempt. What `receive` raises is a failure, as
    is what your own `@invariant()`s and `at_rest` raise. `X.TestCase` is what pytest collects.
    """

    sources: ClassVar[tuple[str, ...]] = TELLING
    """What makes the recordings."""
    kinds: ClassVar[tuple[str, ...]] = ("recording-status",)
    """Which callbacks are received; `webhook`s, if they are among them, are sent as well."""
    most_calls: ClassVar[int] = len(NAMES)
    """In one try; no more than that."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Callback] = []
        """So far, in order."""
        self.truth: dict[str, Known] = {}
        """By RecordingSid, once all is over: recordings whose end was told."""
        self._way: Way = ways_of(self.sources)[0]
        self._data: dict[str, Any] = {}
        self._now_us = 0
        self._calls: dict[str, int] = {}
        """Those that were made, with the moment."""
        self._over: set[str] = set()
        """Those that somebody has ended."""
        self._heard: Hearing | None = None
        """What the receiver hears of all that has been done; None: that is to be played."""
        self._is_new = False
        """Something has been done since all was at rest."""
        self._told: Told = []
        self.begin()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Fewer steps than other machines take: each plays all that came before.

        Nor are the lines of recsim traced, which takes long, to explain faults of a handler.
        """
        super().__init_subclass__(**kwargs)
        phases = [phase for phase in Phase if phase is not Phase.explain]
        cls.TestCase.settings = settings(
            cls.TestCase.settings, stateful_step_count=STEPS, phases=phases
        )

    @classmethod
    def ways(cls) -> list[str]:
        """In which ways recordings of the `sources` are made; not by calling participants."""
        ways = [way for way in ways_of(cls.sources) if not way.calls_agent or way.is_outbound]
        return [way.made_by for way in ways]

    @classmethod
    def trial(cls, *, examples: int = 100, steps: int = STEPS) -> Trial:
        """Play it by hand, the same examples each time, of so many steps at most.

        What the handler raises is kept in what comes of it. Raises what Hypothesis raises of a
        machine that can't be played.
        """

        def make(told: Told) -> CallbackMachine:
            machine = cls()
            machine._told = told
            return machine

        return tried(make, cls.__qualname__, examples, steps)

    # What a subclass may say.

    def begin(self) -> None:
        """Make the handler; called before anything happens."""

    def receive(self, callback: Callback) -> None:
        """A callback has arrived: hand it to what is tested."""
        raise NotImplementedError(f"{type(self).__name__} is to say what it receives")

    def at_rest(self) -> None:
        """All is over and told, and `truth` known: look at what the handler made of it."""

    # What happens.

    @initialize(
        made_by=st.runner().flatmap(lambda self: st.sampled_from(self.ways())),
        fails=st.sampled_from((0.0, 0.0, 0.0, 0.5, 1.0)),
        arrivals=arrivals(MOST_ARRIVALS, st.sampled_from(LATE_US)),
    )
    def around(self, made_by: str, fails: float, arrivals: list[list[int]]) -> None:
        """How recordings are made, the share of them that can't be stored, and how callbacks come.

        `arrivals` are those of the first attempts, in µs: at once, late, twice, or never.
        """
        self._way = way = next(way for way in WAYS if way.made_by == made_by)
        self._data = base(way, document([*way.verbs, STAYS]), ())
        self._data |= {"title": f"Callbacks that {type(self).__name__} gets", "requests": []}
        self._data |= {"calls": {}, "network": {"arrivals": arrivals}}
        if "webhook" in self.kinds:
            self._data["application"]["webhook_event_url"] = "https://app.test/webhooks"
        if fails:
            self._data["storage"] = {"failure": REASON, "failure_rate": fails}

    @rule(after_us=seconds)
    @precondition(lambda self: len(self._calls) < min(self.most_calls, len(NAMES)))
    def call(self, after_us: int) -> None:
        """Somebody calls or is called, and is recorded; unless that is asked for too late."""
        self._later(after_us)
        name, data, way = NAMES[len(self._calls)], self._data, self._way
        self._calls[name] = self._now_us
        if not way.is_outbound:
            data["calls"][name] = {"at": self._now_us, **PARTIES, "story": []}
        if way.path:
            request = asked(way, name, name, SECOND_US if way.word else self._now_us)
            data["requests"].append(request)
        self._changes()

    @rule(after_us=seconds, call=some_call, status=st.sampled_from(STATUSES))
    @precondition(lambda self: self._calls)
    def update(self, after_us: int, call: int, status: str) -> None:
        """A recording is paused, resumed or stopped; where it can't be, nothing happens."""
        self._later(after_us)
        self._post(UPDATE, self._named(call), Status=status)

    @rule(after_us=seconds, call=some_call)
    @precondition(lambda self: len(self._over) < len(self._calls))
    def hang_up(self, after_us: int, call: int) -> None:
        """A call ends."""
        self._later(after_us)
        self._end(self._named(call))

    @rule(after_us=seconds)
    @precondition(lambda self: self._calls)
    def wait(self, after_us: int) -> None:
        """Nothing is done for a while."""
        self._later(after_us)

    @rule()
    @precondition(lambda self: self._calls and self._is_new)
    def rest(self) -> None:
        """All calls end, and everything is delivered that still comes."""
        for name in self._calls:
            if name not in self._over:
                self._later(TALKS_US)
                self._end(name)
        self._later(ENDED_US)
        self._know()
        self._is_new = False
        self.at_rest()

    def teardown(self) -> None:
        """End all calls, and deliver what is still to come; of a failure, tell the scenario."""
        error = sys.exception()
        if error is None:
            try:
                if self._calls and self._is_new:
                    self.rest()
            except Exception as failure:  # it is told of, and raised again
                self._tell(failure)
                raise
        else:
            self._tell(error)

    # How.

    def _changes(self) -> None:
        """Something is done."""
        self._heard, self._is_new = None, True

    def _named(self, call: int) -> str:
        """One of the calls that were made."""
        return list(self._calls)[call % len(self._calls)]

    def _later(self, after_us: int) -> None:
        """Time passes, more than none: receive what arrives meanwhile.

        What arrives just then is received later: what is done now is done before it.
        """
        self._now_us += after_us
        if self._heard is None:
            self._heard = heard(self._scenario(), self.kinds)
        come = [one.callback for one in self._heard.heard if one.at_us < self._now_us]
        assert come[: len(self.received)] == self.received, "what was received has changed"
        for callback in come[len(self.received) :]:
            self.received.append(callback)
            self.receive(callback)

    def _end(self, name: str) -> None:
        """Whoever calls hangs up; of a call that a program made, that program ends it."""
        self._over.add(name)
        if self._way.is_outbound:
            self._post(CALL, name, Status="completed")
        elif not (story := self._data["calls"][name]["story"]):
            story += [{"wait": self._now_us - self._calls[name]}, "hang_up"]
            self._changes()

    def _post(self, path: str, name: str, **fields: str) -> None:
        """A program asks something now, about a call."""
        path = path.replace("{call}", f"{{{name}}}").replace("{recording}", f"{{{name}.recording}}")
        at = When(after_us=self._now_us)
        request = Request.model_validate({"at": at, "post": path, "form": fields})
        self._data["requests"].append(request)
        self._changes()

    def _scenario(self) -> Scenario:
        """All that has been done so far."""
        return Scenario.model_validate(self._data)

    def _know(self) -> None:
        """What is true of the recordings whose end was told."""
        told = {
            (one.params.get("RecordingSid"), one.params["RecordingStatus"]): one.params
            for one in self.received
            if one.kind == "recording-status"
        }
        for row in play(staged_of(self._scenario())).recordings:
            sid, status = row["sid"], row["status"]
            if params := told.get((sid, status)):
                duration, url = params.get("RecordingDuration", "0"), params.get("RecordingUrl", "")
                source = params["RecordingSource"]
                self.truth[sid] = Known(status, source, int(duration), url)

    def _tell(self, error: BaseException) -> None:
        """Which scenario shows a failure."""
        if is_failure(error) and self._data:
            scenario = self._scenario()
            self._told.append((error, scenario))
            tell(error, scenario, type(self).__qualname__)
