"""The invariants, in any order of commands, answers and timers, legal or not."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from recsim.core.commands import (
    Answer,
    Command,
    Fetched,
    HungUp,
    Invite,
    Outcome,
    Pressed,
    Request,
    Speech,
    Stored,
)
from recsim.core.effects import Attempt, Effect, Fetch, Opened, Store
from recsim.core.entities import (
    NEVER,
    Application,
    CallLeg,
    Conference,
    Message,
    Recording,
)
from recsim.core.errors import PropertyError
from recsim.core.lifecycle import Lifecycle, Rule
from recsim.core.platform import Platform
from recsim.core.watch import Watch
from recsim.vendors.telnyx import agreement
from recsim.vendors.telnyx.vendor import Telnyx

VERBS = [
    "<Say>Leave a message.</Say>",
    '<Play loop="2">https://app.test/hold.mp3</Play>',
    '<Pause length="3"/>',
    "<Hangup/>",
    "<Redirect>https://app.test/again</Redirect>",
    "<Unknown/>",
    '<Record action="/done" maxLength="5" timeout="2" recordingStatusCallback="/recording"'
    ' recordingStatusCallbackEvent="in-progress completed absent"/>',
    '<Record playBeep="false" finishOnKey="#" recordingStatusCallback="/recording"/>',
    '<Record trim="trim-silence" channels="single" maxLength="0"/>',
    '<Dial><Conference record="record-from-start" recordingStatusCallback="/recording"'
    ' statusCallback="/status" statusCallbackEvent="start end join leave speaker">r</Conference>'
    "</Dial>",
    '<Dial action="/done"><Conference startConferenceOnEnter="false" waitUrl="/wait"'
    ' endConferenceOnExit="true">r</Conference></Dial>',
]
DOCUMENTS = st.one_of(
    st.lists(st.sampled_from(VERBS), max_size=4).map(
        lambda v: f"<Response>{''.join(v)}</Response>"
    ),
    st.sampled_from(["", "<Respons/>", "<Response><Say>unclosed</Response>"]),
)
ANSWERS = st.one_of(
    st.builds(Answer, st.sampled_from([200, 204, 301, 404, 408, 410, 429, 500, 503])),
    st.builds(lambda wait: Answer(429, (("retry-after", wait),)), st.sampled_from(["3", "soon"])),
    st.builds(lambda why: Answer(0, failure=why), st.sampled_from(["timeout", "reset"])),
)
READINGS = st.fixed_dictionaries(
    {},
    optional={
        "answer_before_fetch": st.sampled_from(["true", "false"]),
        "pause_behavior": st.sampled_from(["skip", "silence"]),
        "max_length_counts_paused": st.sampled_from(["true", "false"]),
        "absent_delete_silent": st.sampled_from(["true", "false"]),
        "absent_min_duration_s": st.sampled_from(["0s", "1s"]),
        "record_no_action": st.sampled_from(["next_verb", "same_document"]),
        "recording_url_ttl_s": st.sampled_from(["0s", "1500ms", "3s", "600s"]),
        "webhook_retry_after": st.sampled_from(["ignored", "honoured"]),
        "retry_policy": st.sampled_from(["exponential", "fixed", "none"]),
        "beep_s": st.sampled_from(["0s", "500ms"]),
        "empty_record_skips_action": st.sampled_from(["true", "false"]),
    },
)
APPLICATION = Application("https://app.test/answer", "POST")
KEY = (("authorization", "Bearer KEY"),)


def state(platform: Platform) -> object:
    """All there is of a platform, as plain values."""

    def rows(entities: dict[int, object]) -> dict[int, dict[str, object]]:
        return {
            key: {slot: getattr(one, slot) for slot in type(one).__slots__}
            for key, one in entities.items()
        }

    return (
        platform.now_us,
        platform.keys,
        rows(platform.sessions),
        rows(platform.legs),
        rows(platform.conferences),
        rows(platform.recordings),
        rows(platform.deliveries),
        rows(platform.fetches),
        platform.agenda.armed(),
    )


class AnyOrder(RuleBasedStateMachine):
    """People, clients, receivers and storage do anything at any time; timers go in their order."""

    legs = Bundle("legs")
    fetches = Bundle("fetches")
    attempts = Bundle("attempts")
    stores = Bundle("stores")

    @initialize(readings=READINGS)
    def start(self, readings: dict[str, str]) -> None:
        self.vendor = Telnyx(1, 1_767_603_600_000_000, readings=readings)
        self.platform = Platform(self.vendor)
        self.watch = Watch(self.platform)
        self.calls = 0

    def ask(self, command: Command, wait_us: int = 0) -> list[Effect]:
        platform = self.platform
        at_us = min(platform.now_us + wait_us, platform.next_due_us)
        fork = platform.fork()
        before = state(platform)
        expected = fork.handle(at_us, command)
        assert state(platform) == before, "a fork's step is seen by the original"
        effects = platform.handle(at_us, command)
        assert effects == expected
        assert [type(one) for one in effects] == [type(one) for one in expected]
        return self.note(effects, command)

    def note(self, effects: list[Effect], command: Command | None = None) -> list[Effect]:
        seq = self.platform.seq - len(effects)
        if command is not None:
            self.watch.asked(self.platform.now_us, seq, 0, command)
        self.watch.saw(self.platform.now_us, seq + 1, effects)
        self.tickets = {
            kind: [one.ticket for one in effects if isinstance(one, kind)]
            for kind in (Fetch, Attempt, Store)
        }
        return effects

    @rule(target=legs)
    def invite(self) -> object:
        self.calls += 1
        effects = self.ask(Invite(f"call{self.calls}", "+15550001", "+15550002", APPLICATION))
        return multiple(*(one.leg for one in effects if isinstance(one, Opened)))

    @rule(target=fetches)
    def new_fetches(self) -> object:
        return multiple(*self.platform.fetches)

    @rule(target=attempts)
    def new_attempts(self) -> object:
        return multiple(*self.platform.deliveries)

    @rule(target=stores)
    def new_stores(self) -> object:
        return multiple(*self.platform.recordings)

    @rule(ticket=consumes(fetches), text=DOCUMENTS, wait_us=st.integers(0, 3_000_000))
    def fetched(self, ticket: int, text: str, wait_us: int) -> None:
        self.ask(Fetched(ticket, Answer(200, body=text)), wait_us)

    @rule(ticket=consumes(fetches), answer=ANSWERS)
    def not_fetched(self, ticket: int, answer: Answer) -> None:
        self.ask(Fetched(ticket, answer))

    @rule(ticket=attempts, answer=ANSWERS, wait_us=st.integers(0, 3_000_000))
    def outcome(self, ticket: int, answer: Answer, wait_us: int) -> None:
        self.ask(Outcome(ticket, answer), wait_us)

    @rule(ticket=stores, reason=st.sampled_from(["", "", "internal error"]))
    def stored(self, ticket: int, reason: str) -> None:
        self.ask(Stored(ticket, reason), 700_000)

    @rule(leg=legs, wait_us=st.integers(0, 5_000_000))
    def hang_up(self, leg: int, wait_us: int) -> None:
        self.ask(HungUp(leg), wait_us)

    @rule(leg=legs, digit=st.sampled_from("1#*"), wait_us=st.integers(0, 5_000_000))
    def press(self, leg: int, digit: str, wait_us: int) -> None:
        self.ask(Pressed(leg, digit), wait_us)

    @rule(leg=legs, on=st.booleans(), wait_us=st.integers(0, 5_000_000))
    def speech(self, leg: int, on: bool, wait_us: int) -> None:
        self.ask(Speech(leg, on), wait_us)

    @rule(
        call=st.integers(1, 3),
        beep=st.sampled_from(["true", "false", "perhaps"]),
        track=st.sampled_from(["both", "inbound", "outbound"]),
    )
    def start_recording(self, call: int, beep: str, track: str) -> None:
        account = self.vendor.words.account_sid
        path = (
            f"/v2/texml/Accounts/{account}/Calls/"
            f"{self.vendor.wire_id('call', f'call{call}', 1)}/Recordings.json"
        )
        form = (
            f"PlayBeep={beep}&RecordingTrack={track}"
            "&RecordingStatusCallback=https%3A%2F%2Fapp.test%2Frecording"
            "&RecordingStatusCallbackEvent=in-progress+completed+absent"
        )
        self.request("POST", path, form)

    @rule(
        call=st.integers(1, 3),
        n=st.integers(1, 3),
        status=st.sampled_from(["paused", "in-progress", "stopped", "deleted"]),
        wait_us=st.integers(0, 2_000_000),
    )
    def update_recording(self, call: int, n: int, status: str, wait_us: int) -> None:
        account, title = self.vendor.words.account_sid, f"call{call}"
        sid = self.vendor.wire_id("recording", title, n)
        leg = self.vendor.wire_id("call", title, 1)
        path = f"/v2/texml/Accounts/{account}/Calls/{leg}/Recordings/{sid}.json"
        self.request("POST", path, f"Status={status}", wait_us)

    @rule(call=st.integers(1, 3), n=st.integers(1, 3), method=st.sampled_from(["GET", "DELETE"]))
    def fetch_or_delete(self, call: int, n: int, method: str) -> None:
        sid = self.vendor.wire_id("recording", f"call{call}", n)
        path = f"/v2/texml/Accounts/{self.vendor.words.account_sid}/Recordings/{sid}.json"
        self.request(method, path)

    def request(self, method: str, path: str, body: str = "", wait_us: int = 0) -> None:
        before = state(self.platform)[1:]
        effects = self.ask(Request(method, path, "", KEY, body), wait_us)
        respond = effects[-1] if len(effects) == 1 else None
        if respond is not None and respond.answer.status >= 400:
            assert state(self.platform)[1:] == before, "a refused request changed something"

    @rule()
    def timer(self) -> None:
        due_us = self.platform.next_due_us
        if due_us != NEVER:
            self.note(self.platform.advance(due_us))

    @rule()
    def retire(self) -> None:
        for key, session in list(self.platform.sessions.items()):
            if not session.open:
                self.watch.left(self.platform.now_us, self.platform.retire(key))

    @invariant()
    def nothing_is_left_to_do(self) -> None:
        if hasattr(self, "platform"):
            assert not self.platform.fork().effects

    def teardown(self) -> None:
        """Answer everything and let every timer go: in the end nothing is open."""
        if not hasattr(self, "platform"):
            return
        platform = self.platform
        for leg in list(platform.legs):
            self.ask(HungUp(leg))
        for _ in range(10_000):
            stopped = [r.key for r in platform.recordings.values() if r.status == "stopped"]
            sending = [d.key for d in platform.deliveries.values() if d.status == "sending"]
            if platform.fetches:
                self.ask(Fetched(next(iter(platform.fetches)), Answer(404)))
            elif stopped:
                self.ask(Stored(stopped[0]))
            elif sending:
                self.ask(Outcome(sending[0], Answer(200)))
            elif platform.next_due_us != NEVER:
                self.timer()
            else:
                break
        self.watch.finish()


AnyOrder.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase


def played(vendor: Telnyx, *commands: tuple[int, Command]) -> Platform:
    """Commands at their moments, and the timers between them, under watch."""
    platform = Platform(vendor)
    watch = Watch(platform)
    for at_us, command in commands:
        while platform.next_due_us < at_us:
            seq = platform.seq + 1
            watch.saw(platform.now_us, seq, platform.advance(platform.next_due_us))
        effects = platform.handle(at_us, command)
        seq = platform.seq - len(effects)
        watch.asked(at_us, seq, 0, command)
        watch.saw(at_us, seq + 1, effects)
    return platform


class Forgetful(Telnyx):
    """A vendor whose call end forgets the recordings of the leg."""

    couplings = tuple(
        coupling for coupling in Telnyx.couplings if coupling.relation != "recordings of the leg"
    )


def without(relation: str) -> type[Telnyx]:
    """A vendor who has no coupling of a relation."""

    class Lacking(Telnyx):
        couplings = tuple(one for one in Telnyx.couplings if one.relation != relation)

    return Lacking


class Talkative(Telnyx):
    """A vendor who counts what is told of a conference twice."""

    def __init__(self, seed: int, starts_at_us: int) -> None:
        super().__init__(seed, starts_at_us)
        once = self.conference_status

        def twice(
            platform: Platform, conference: Conference, leg: CallLeg, word: str, is_on: bool
        ) -> Message:
            conference.told += 1
            return once(platform, conference, leg, word, is_on)

        self.conference_status = twice


class Odd(Telnyx):
    """A vendor one of whose views says another length."""

    def disagreement(self, platform: Platform, recording: Recording) -> str:
        views = agreement.views(
            self.words,
            platform.sessions[recording.session],
            platform.legs[recording.leg],
            recording,
            platform.now_us,
            "stopped",
        )
        odd = {**(views["texml"] or {}), "duration": "9"}
        return agreement.disagreement(self.words, {**views, "texml": odd}, recording.status)


class Reviving(Telnyx):
    """A vendor who lets a stopped recording go on."""

    recording = Lifecycle(
        "recording",
        "new",
        ("completed", "absent"),
        [
            *(row for row in Telnyx.recording.rules if row[:2] != ("stopped", "stop")),
            Rule("stopped", "stop", "in-progress", "planted"),
        ],
        removed="deleted",
    )


def is_download(request: Request) -> bool:
    """Whether a request is of a link, and not of the API."""
    return any(name == "host" for name, _ in request.headers)


class Lasting(Telnyx):
    """A vendor whose links work for a microsecond too long."""

    def answer(self, platform: Platform, request: Request) -> Answer:
        if is_download(request):
            platform = platform.fork()
            platform.now_us -= 1
        return super().answer(platform, request)


class Fleeting(Telnyx):
    """A vendor whose links work for a microsecond less than they say."""

    def answer(self, platform: Platform, request: Request) -> Answer:
        if is_download(request):
            platform = platform.fork()
            platform.now_us += 1
        return super().answer(platform, request)


class Eager(Telnyx):
    """A vendor whose links work before anything is stored."""

    def answer(self, platform: Platform, request: Request) -> Answer:
        answer = super().answer(platform, request)
        return Answer(200) if is_download(request) and answer.status == 404 else answer


LINKED = '<Response><Record action="/done"/></Response>'
STORED = (
    (0, Invite("caller", "+15550001", "+15550002", APPLICATION)),
    (1, Fetched(3, Answer(200, body=LINKED))),
    (3_000_000, Pressed(2, "#")),
    (3_700_000, Stored(4)),
)


def test_links_that_work_from_storage_for_their_lifetime_break_nothing() -> None:
    platform = played(Telnyx(1, 0), *STORED)

    [recording] = platform.recordings.values()
    assert recording.status == "completed"


@pytest.mark.parametrize("broken", [Lasting, Fleeting, Eager])
def test_a_link_that_works_for_too_long_or_too_short_is_noticed(broken: type[Telnyx]) -> None:
    with pytest.raises(PropertyError, match="a link works from storage for exactly its lifetime"):
        played(broken(1, 0), *STORED)


RECORDED = '<Response><Record playBeep="false"/><Pause length="60"/></Response>'
CALL = (
    (0, Invite("caller", "+15550001", "+15550002", APPLICATION)),
    (1, Fetched(3, Answer(200, body=RECORDED))),
)


def test_a_recording_that_outlives_its_leg_is_noticed() -> None:
    with pytest.raises(PropertyError, match="no recording outlives its leg"):
        played(Forgetful(1, 0), *CALL, (2_000_000, HungUp(2)))


MEETING = (
    '<Response><Dial><Conference record="record-from-start" endConferenceOnExit="true"'
    ' statusCallback="/status" statusCallbackEvent="end">r</Conference></Dial></Response>'
)
CONFERRED = (
    (0, Invite("alice", "+15550001", "+15550002", APPLICATION)),
    (1, Fetched(3, Answer(200, body=MEETING))),
    (2, Invite("bob", "+15550001", "+15550002", APPLICATION)),
    (3, Fetched(8, Answer(200, body=MEETING))),
    (2_000_000, HungUp(2)),
)


def test_a_conference_that_goes_as_it_should_breaks_nothing() -> None:
    platform = played(Telnyx(1, 0), *CONFERRED)

    [conference] = platform.conferences.values()
    assert conference.status == "completed"


@pytest.mark.parametrize(
    ("vendor", "name"),
    [
        (without("recordings of the conference"), "no recording outlives its conference"),
        (without("Dial of its participants"), "nobody is in a conference that is over"),
        (Talkative, "only subscribed events are sent, once"),
        (Odd, "all views of a recording agree"),
    ],
)
def test_what_is_wrong_with_a_conference_is_noticed(vendor: type[Telnyx], name: str) -> None:
    with pytest.raises(PropertyError, match=name):
        played(vendor(1, 0), *CONFERRED)


WRONG = {
    "a leg is in a conference once": lambda one: {"members": one.members * 2},
    "a conference is not too full": lambda one: {"most": 1},
    "whoever is in a conference is there": lambda one: {"dialed": (99,)},
    "a room is open until it is over": lambda one: {"room": "q"},
    "who is in a conference that runs hears": lambda one: {
        "members": tuple(member._replace(hears_from_us=NEVER) for member in one.members)
    },
    "a wish is granted when the conference runs": lambda one: {"wish": ("Conference", None)},
    "only subscribed events are sent, once": lambda one: {"told": one.told + 1},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_conference_in_a_wrong_state_is_noticed(name: str) -> None:
    platform = Platform(Telnyx(1, 0))
    watch = Watch(platform)

    def step(at_us: int, command: Command) -> None:
        effects = platform.handle(at_us, command)
        seq = platform.seq - len(effects)
        watch.asked(at_us, seq, 0, command)
        watch.saw(at_us, seq + 1, effects)

    for at_us, command in CONFERRED[:4]:
        step(at_us, command)
    [conference] = platform.conferences.values()
    for slot, value in WRONG[name](conference).items():
        setattr(conference, slot, value)

    with pytest.raises(PropertyError, match=name):
        step(4, Pressed(2, "5"))


def test_the_same_call_with_the_coupling_breaks_nothing() -> None:
    played(Telnyx(1, 0), *CALL, (2_000_000, HungUp(2)))


def test_a_recording_that_goes_on_after_its_end_is_noticed() -> None:
    vendor = Reviving(1, 0)
    path = (
        f"/v2/texml/Accounts/{vendor.words.account_sid}/Calls/"
        f"{vendor.wire_id('call', 'caller', 1)}/Recordings/"
        f"{vendor.wire_id('recording', 'caller', 1)}.json"
    )
    stop = Request("POST", path, "", KEY, "Status=stopped")

    with pytest.raises(PropertyError, match="what has ended does not go on"):
        played(vendor, *CALL, (2_000_000, stop), (2_100_000, stop))
