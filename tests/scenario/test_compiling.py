"""From a scenario to the plan of its world."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest

from recsim.core.commands import Answer
from recsim.core.story import Step
from recsim.scenario.compiling import plan_of, vendor_of
from recsim.scenario.load import loads
from recsim.vendors.telnyx.vendor import Telnyx
from recsim.world.draws import Length, constant
from recsim.world.plan import Download, Network, Outage, Page, Plan, asks_nothing

SECOND = 1_000_000
VENDOR = Telnyx(1, 0)


def plan(story: str = "[]", more: str = "", *, seed: int = 1, calls: str = "") -> Plan:
    """The plan of a scenario whose caller has that story."""
    text = f"""\
recsim: 1
title: A call
application: {{voice_url: https://app.test/answer}}
calls:
  caller: {{from: +15550001, to: +15550002, story: {story}}}
{calls}{more}"""
    scenario = loads(text.encode()).scenario
    return plan_of(scenario, seed, vendor_of(scenario, seed))


def steps(story: str, **more: int) -> tuple[Step, ...]:
    [call] = plan(story, **more).calls
    return call.story


# Stories.


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("[]", []),
        ("[hang_up]", [("", 0, "hang_up")]),
        ("[wait: 3s, hang_up]", [("", 3, "hang_up")]),
        ("[wait: beep, hang_up]", [("beep", 0, "hang_up")]),
        ("[wait: beep, wait: 3s, hang_up]", [("beep", 3, "hang_up")]),
        ("[wait: beep, silent: 3s, wait: 2s, hang_up]", [("beep", 5, "hang_up")]),
        ("[wait: 3s, wait: beep, hang_up]", [("beep", 0, "hang_up")]),
        ("[speak: 4s]", [("", 0, "speak"), ("", 4, "silent")]),
        ("[wait: beep, silent: 1s, speak: 4s, silent: 2s, hang_up]",
         [("beep", 1, "speak"), ("", 4, "silent"), ("", 2, "hang_up")]),
        ("[speak: 1s, speak: 2s]",
         [("", 0, "speak"), ("", 1, "silent"), ("", 0, "speak"), ("", 2, "silent")]),
        ("[wait: say, wait: beep, hang_up]", [("say", 0, "wait"), ("beep", 0, "hang_up")]),
        ("[wait: say, wait: 1s, wait: beep, wait: 2s, hang_up]",
         [("say", 1, "wait"), ("beep", 2, "hang_up")]),
        ("[speak: 0s, hang_up]", [("", 0, "speak"), ("", 0, "silent"), ("", 0, "hang_up")]),
        ("[wait: beep]", []),
        ("[hang_up, silent: 9s]", [("", 0, "hang_up")]),
    ],
)  # fmt: skip
def test_waits_and_silences_become_delays_of_what_follows(story, expected):
    got = steps(story)

    assert [step[:3] for step in got] == [(cue, after * SECOND, do) for cue, after, do in expected]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ("", "POST")),
        (", fallback_url: https://backup.test/", ("https://backup.test/", "POST")),
        (", fallback_url: https://backup.test/, fallback_method: GET",
         ("https://backup.test/", "GET")),
    ],
)  # fmt: skip
def test_the_fallback_goes_along(more, expected):
    text = (
        f"recsim: 1\ntitle: A call\napplication: {{voice_url: https://app.test/answer{more}}}\n"
        "calls: {caller: {from: +15550001, to: +15550002}}\n"
    )
    scenario = loads(text.encode()).scenario

    [call] = plan_of(scenario, 1, vendor_of(scenario, 1)).calls

    application = call.invite.application
    assert (application.fallback_url, application.fallback_method) == expected


@pytest.mark.parametrize("key", ["5", "#", "*", "0"])
def test_a_key_goes_along(key):
    assert steps(f'[wait: 1s, press: "{key}"]') == (Step("", SECOND, "press", key),)


def test_a_wait_that_was_counted_is_not_counted_again():
    story = steps("[wait: 3s, press: 1, press: 2, silent: 1s, hang_up]")

    assert [step.after_us for step in story] == [3 * SECOND, 0, SECOND]


# Draws.

DRAWN = "[wait: {uniform: [1s, 9s]}, speak: {exponential: 5s}, silent: {normal: [5s, 1s]}, hang_up]"


def test_draws_of_a_story_are_a_function_of_the_seed():
    assert steps(DRAWN) == steps(DRAWN)
    assert len({steps(DRAWN, seed=seed) for seed in range(20)}) == 20


def test_draws_keep_within_their_distributions():
    for seed in range(50):
        first, _, _ = steps("[wait: {uniform: [1s, 9s]}, speak: {choice: [2s, 3s]}, hang_up]",
                            seed=seed)  # fmt: skip
        [only] = steps("[wait: {normal: [0s, 5s]}, hang_up]", seed=seed)

        assert SECOND <= first.after_us <= 9 * SECOND
        assert only.after_us >= 0
        assert all(type(step.after_us) is int for step in steps(DRAWN, seed=seed))


def test_each_draw_of_a_story_is_its_own():
    story = steps("[wait: {uniform: [0s, 1d]}, press: 1, wait: {uniform: [0s, 1d]}, press: 1]")

    assert story[0].after_us != story[1].after_us


def test_another_call_changes_no_draw():
    alone = {call.invite.session: call.story for call in plan(DRAWN).calls}
    other = f"  another: {{from: +15550001, to: +15550002, story: {DRAWN}}}\n"
    both = {call.invite.session: call.story for call in plan(DRAWN, calls=other).calls}

    assert both["caller"] == alone["caller"]
    assert both["another"] != alone["caller"]


def test_a_step_more_changes_no_draw_before_it():
    assert steps(f"{DRAWN[:-1]}, speak: 1s]")[:3] == steps(DRAWN)


# Calls.


def test_calls_come_in_the_order_of_their_moments():
    others = "".join(
        f"  {name}: {{at: {at}, from: +15550001, to: +15550002}}\n"
        for name, at in [("late", "9s"), ("soon", "1s"), ("first", "0s"), ("too", "1s")]
    )

    calls = list(plan(calls=others).calls)

    assert [call.invite.session for call in calls] == ["caller", "first", "soon", "too", "late"]
    assert [call.at_us for call in calls] == [0, 0, SECOND, SECOND, 9 * SECOND]


def test_the_method_of_the_application_is_its_own_or_the_readings():
    def method(more: str, application: str = "") -> str:
        text = f"""\
recsim: 1
title: A call
application: {{voice_url: https://app.test/answer{application}}}
calls: {{caller: {{from: +15550001, to: +15550002}}}}
{more}"""
        scenario = loads(text.encode()).scenario
        [call] = plan_of(scenario, 1, vendor_of(scenario, 1)).calls
        return call.invite.application.voice_method

    assert method("") == "POST"
    assert method("readings: {voice_method: get}\n") == "GET"
    assert method("readings: {voice_method: get}\n", ", voice_method: POST") == "POST"


# Requests.


def requests(lines: str, *, seed: int = 1, calls: str = ""):
    return plan(more=f"requests:\n{lines}", seed=seed, calls=calls).requests


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("5s", ("", "", 5)),
        ("0s", ("", "", 0)),
        ("beep", ("caller", "beep", 0)),
        ("after beep", ("caller", "beep", 0)),
        ("2s after hang_up", ("caller", "hang_up", 2)),
        ("2s after caller end", ("caller", "end", 2)),
        ("2s after other end", ("other", "end", 2)),
        ("after other press", ("other", "press", 0)),
    ],
)
def test_when_a_request_is_sent(at, expected):
    other = "  other: {from: +15550001, to: +15550002}\n"

    [one] = requests(f"  - {{at: {at}, get: /v2/recordings}}\n", calls=other)

    call, word, after = expected
    assert one[:3] == (call, word, after * SECOND)


def test_names_in_braces_are_ids_of_the_run():
    lines = """\
  - {at: 5s, get: "/v2/a/{account}/{caller}/{caller.recording}/{caller.recording.2}.json"}
"""
    [one], [again], [other] = requests(lines), requests(lines), requests(lines, seed=2)

    _, v2, a, account, call, first, second = one.request.path.split("/")
    assert (v2, a) == ("v2", "a")
    assert call.startswith("v3:")
    assert second.endswith(".json")
    assert len({account, call, first, second}) == 4
    assert again == one
    assert not set(other.request.path.split("/")[3:]) & {account, call, first, second}


def test_the_first_recording_needs_no_number():
    with_one, without = requests("""\
  - {at: 5s, get: "/v2/recordings/{caller.recording}"}
  - {at: 5s, get: "/v2/recordings/{caller.recording.1}"}
""")  # fmt: skip

    assert with_one.request == without.request


def test_an_id_does_not_depend_on_other_calls():
    line = '  - {at: 5s, get: "/v2/{account}/{caller}/{caller.recording}"}\n'
    other = "  another: {from: +15550001, to: +15550002}\n"

    assert requests(line, calls=other) == requests(line)


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_request_is_sent_with_its_method_and_the_key(method):
    [one] = requests(f"  - {{at: 5s, {method}: /v2/recordings}}\n")

    assert one.request == (
        method.upper(), "/v2/recordings", "", (("authorization", "Bearer KEY"),), "", "",
    )  # fmt: skip


def test_a_key_is_the_files_own_or_none():
    own, none = requests("""\
  - {at: 5s, get: /v2/recordings, key: mine}
  - {at: 5s, get: /v2/recordings, key: null}
""")  # fmt: skip

    assert own.request.headers == (("authorization", "Bearer mine"),)
    assert none.request.headers == ()


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("page[size]=5&x={account}", f"page%5Bsize%5D=5&x={VENDOR.words.account_sid}"),
        ("filter[call_session_id]={caller.session}",
         f"filter%5Bcall_session_id%5D={VENDOR.wire_id('session', 'caller')}"),
        ("DateCreated>=2026-01-05", "DateCreated%3E=2026-01-05"),
        ("a=b%20c&d=e f&g=+1", "a=b%20c&d=e%20f&g=+1"),
    ],
)  # fmt: skip
def test_a_query_is_no_part_of_the_path_and_goes_escaped(query, sent):
    [one] = requests(f'  - {{at: 5s, get: "/v2/recordings?{query}"}}\n')

    assert (one.request.path, one.request.query) == ("/v2/recordings", sent)


@pytest.mark.parametrize(
    ("name", "wire_id"),
    [
        ("account", VENDOR.words.account_sid),
        ("caller", VENDOR.wire_id("call", "caller", 1)),
        ("caller.2", VENDOR.wire_id("call", "caller", 2)),
        ("caller.recording", VENDOR.wire_id("recording", "caller", 1)),
        ("caller.recording.12", VENDOR.wire_id("recording", "caller", 12)),
        ("caller.conference", VENDOR.wire_id("conference", "caller", 1)),
        ("caller.conference.2", VENDOR.wire_id("conference", "caller", 2)),
        ("caller.session", VENDOR.wire_id("session", "caller")),
        ("caller.leg", VENDOR.wire_id("leg", "caller", 1)),
        ("caller.2.leg", VENDOR.wire_id("leg", "caller", 2)),
    ],
)
def test_names_in_braces_stand_for_ids_wherever_they_are(name, wire_id):
    path, form, body = requests(f"""\
  - {{at: 5s, get: "/v2/{{{name}}}"}}
  - {{at: 5s, post: /v2/x, form: {{A: "{{{name}}}"}}}}
  - {{at: 5s, post: /v2/x, json: {{A: ["<{{{name}}}>"]}}}}
""")  # fmt: skip

    assert path.request.path == f"/v2/{wire_id}"
    assert parse_qsl(form.request.body) == [("A", wire_id)]
    assert json.loads(body.request.body) == {"A": [f"<{wire_id}>"]}


def test_a_form_is_encoded_as_forms_are():
    [one] = requests("""\
  - at: 5s
    post: /v2/x
    form: {Status: paused, PlayBeep: false, Url: "https://a.test/?b=c d&e", Left: null, Empty: ""}
""")  # fmt: skip

    assert one.request.headers[1] == ("content-type", "application/x-www-form-urlencoded")
    assert one.request.body == (
        "Status=paused&PlayBeep=false&Url=https%3A%2F%2Fa.test%2F%3Fb%3Dc+d%26e&Empty="
    )


# The rest of the world.


def test_documents_are_pages():
    pages = plan(more="""\
documents:
  https://app.test/answer: <Response/>
  https://app.test/slow: {latency: 5s, body: <Response/>}
  https://app.test/gone: {status: 410}
""").pages  # fmt: skip

    assert pages == {
        "https://app.test/answer": Page(Answer(200, body="<Response/>")),
        "https://app.test/slow": Page(Answer(200, body="<Response/>"), constant(5 * SECOND)),
        "https://app.test/gone": Page(Answer(410)),
    }


def test_defaults_of_the_world():
    world = plan()

    assert world.page_delay == constant(100_000)
    assert world.receiver.delay == constant(50_000)
    assert world.receiver.answers == (Answer(),)
    assert world.storage.delay == constant(720_000)
    assert (world.storage.per_second_us, world.storage.failure) == (0, "")
    assert world.network == Network(constant(0), 0, 0)
    assert world.receiver.asks is asks_nothing
    assert world.links is None


def test_receiver_and_storage():
    world = plan(more="""\
receiver: {latency: {uniform: [1s, 2s]}, answers: [500, timeout, {redirect: /s, status: 307}, 204],
  down: {from: 5s, until: 1h}}
storage: {delay: {exponential: 1s}, per_second: 20ms, failure: disk full, failure_rate: 12.5%}
""")  # fmt: skip

    assert world.receiver.delay == Length("uniform", (SECOND, 2 * SECOND))
    assert world.receiver.answers == (
        Answer(500),
        Answer(0, failure="timeout"),
        Answer(307, (("location", "/s"),)),
        Answer(204),
    )
    assert world.receiver.down == Outage(5 * SECOND, 3600 * SECOND)
    assert world.storage.delay == Length("exponential", (SECOND,))
    assert (world.storage.per_second_us, world.storage.failure) == (20_000, "disk full")
    assert world.storage.failure_share == 0.125


def test_storage_that_fails_fails_always_unless_a_rate_is_given():
    assert plan(more="storage: {failure: disk full}\n").storage.failure_share == 1


def test_network():
    world = plan(more="network: {latency: {exponential: 1s}, loss: 5%, duplicates: 100%}\n")

    assert world.network == Network(Length("exponential", (SECOND,)), 0.05, 1)


def test_an_answer_may_name_a_time_to_come_back():
    world = plan(more="""\
receiver: {answers: [{retry_after: 30s}, {status: 503, retry_after: 1m}]}
""")  # fmt: skip

    assert world.receiver.answers == (
        Answer(429, (("retry-after", "30"),)),
        Answer(503, (("retry-after", "60"),)),
    )


def test_a_download_is_of_the_link_that_will_be_told_last():
    requests = plan(more="""\
requests:
  - {at: 1s, get: "{caller.recording.url}"}
  - {at: 1s, get: "{caller.recording.2.media_url}"}
""").requests  # fmt: skip

    sids = [VENDOR.wire_id("recording", "caller", n) for n in (1, 2)]
    assert [one.request for one in requests] == [
        Download(f"{sids[0]} url", "{caller.recording.url}"),
        Download(f"{sids[1]} media_url", "{caller.recording.2.media_url}"),
    ]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("4s", constant(4 * SECOND)),
        ("{uniform: [1s, 2s]}", Length("uniform", (SECOND, 2 * SECOND))),
        ("{exponential: 1s}", Length("exponential", (SECOND,))),
        ("{normal: [1s, 2s]}", Length("normal", (SECOND, 2 * SECOND))),
        ("{choice: [1s]}", Length("choice", (SECOND,))),
    ],
)
def test_lengths(text, length):
    assert plan(more=f"storage: {{delay: {text}}}\n").storage.delay == length
