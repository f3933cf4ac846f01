"""Scenario files that can't be played: every fault at once, each with its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsim.core.errors import ScenarioError
from recsim.scenario.load import load, loads

BASE = """\
recsim: 1
title: A call
application: {voice_url: https://app.test/answer}
calls:
  caller: {from: +15550001, to: +15550002}
"""
"""The least that can be played; what a test adds begins in line 6."""

STORY = """\
recsim: 1
title: A call
application: {voice_url: https://app.test/answer}
calls:
  caller:
    from: +15550001
    to: +15550002
    story:
      - """
"""The same, up to a step in line 9 and column 9."""


def faults_of(text: str | bytes) -> list[str]:
    """The lines of the error, without the file's name."""
    with pytest.raises(ScenarioError) as caught:
        loads(text if isinstance(text, bytes) else text.encode(), "f.yaml")
    lines = str(caught.value).split("\n")
    assert all(line.startswith("f.yaml:") for line in lines)
    assert [fault[:2] for fault in caught.value.faults] == sorted(
        fault[:2] for fault in caught.value.faults
    )
    return [line.removeprefix("f.yaml:") for line in lines]


def test_the_least_can_be_played():
    scenario = loads(BASE.encode()).scenario

    assert scenario.seed == 1
    assert scenario.calls["caller"].from_ == "+15550001"
    assert scenario.calls["caller"].story == []
    assert scenario.receiver.answers == [200]
    assert not scenario.expect


def test_every_scenario_can_be_read(scenario):
    loaded = load(scenario)

    assert loaded.file == str(scenario)
    assert loaded.tree.position(("expect",), key=True)[1] == 1


def test_all_faults_are_told_at_once_in_the_files_order():
    text = """\
recsim: 1
titel: A call
seed: -3
application: {voice_url: app.test/answer}
calls:
  caller:
    from: 5550001
    story:
      - wait: bep
      - speak: 4 s
requests:
  - at: 5s after
    get: /v2/recordings
expect:
  - never: {callback: {}}
    exactly: 1
  - recording: {}
    within: 4s after press
"""
    assert [line.split(": ")[0:2] for line in faults_of(text)] == [
        ["2:1", "titel"],
        ["3:7", "seed"],
        ["4:26", "application.voice_url"],
        ["7:5", "calls.caller"],
        ["7:11", "calls.caller.from"],
        ["9:15", "calls.caller.story.0.wait"],
        ["10:16", "calls.caller.story.1.speak"],
        ["12:9", "requests.0.at"],
        ["15:5", "expect.0"],
        ["17:5", "expect.1"],
    ]


# Keys.


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (BASE + "expct: []\n", ["6:1: expct: unknown key; did you mean expect?"]),
        (BASE + "storage: {dely: 1s}\n", ["6:11: storage.dely: unknown key; did you mean delay?"]),
        (BASE + "receiver: {latncy: 4s}\n",
         ["6:12: receiver.latncy: unknown key; did you mean latency?"]),
        (BASE + "account: {sids: x}\n", ["6:11: account.sids: unknown key; did you mean sid?"]),
        (BASE + "documents:\n  https://a.test/b: {status: 200, boddy: x}\n",
         ["7:35: documents.https://a.test/b.boddy: unknown key; did you mean body?"]),
        (BASE + "requests:\n  - {at: 5s, put: /v2/x}\n",
         [("7:14: requests.0.put: unknown key; "
          "expected one of get, post, delete, form, json, key, at, makes, answer, clause")]),
        (BASE + "expect:\n  - {callback: {}, exaclty: 1}\n",
         ["7:20: expect.0.exaclty: unknown key; did you mean exactly?"]),
        (BASE + "expect:\n  - {recrding: {}}\n",
         ["7:6: expect.0.recrding: unknown key; did you mean recording?"]),
        (BASE + "expect:\n  - never: {callback: {}, exactly: 1}\n",
         [("7:27: expect.0.never.exactly: unknown key; "
          "expected one of recording, callback, response")]),
        (BASE.replace("title: A call\n", ""), ["1:1: missing key title"]),
        (BASE.replace("recsim: 1\n", ""), ["1:1: missing key recsim"]),
        (BASE.replace(", to: +15550002", ""), ["5:11: calls.caller: missing key to"]),
        (BASE + "requests:\n  - get: /v2/recordings\n", ["7:5: requests.0: missing key at"]),
        ("recsim: 1\n", [
            "1:1: calls: expected a call, or a request that makes one",
            "1:1: missing key title", "1:1: missing key application",
        ]),
    ],
)  # fmt: skip
def test_keys_that_are_unknown_or_missing(text, faults):
    assert faults_of(text) == faults


def test_far_from_every_key_all_keys_are_named():
    assert faults_of(BASE + "zzz: 1\n") == [
        (
            "6:1: zzz: unknown key; expected one of recsim, title, about, seed, starts_at, "
            "sign, account, ids, numbers, profile, application, documents, media, calls, callees, "
            "requests, network, receiver, storage, readings, expect"
        )
    ]


# The format.


@pytest.mark.parametrize("version", ["2", "1.0", "0", "'01'", "one"])
def test_another_format_is_refused_before_anything_else(version):
    text = BASE.replace("recsim: 1", f"recsim: {version}") + "nonsense: 1\n"

    got = version.strip("'")
    assert faults_of(text) == [f"1:9: recsim: expected format version 1, got '{got}'"]


@pytest.mark.parametrize("version", ["1", "'1'", '"1"'])
def test_the_version_may_be_quoted(version):
    assert loads(BASE.replace("recsim: 1", f"recsim: {version}").encode())


# Values.

ANSWER = (
    "expected a status such as 200, or timeout, refused or reset, "
    "a mapping such as {redirect: /elsewhere} "
    "or a mapping such as {status: 429, retry_after: 30s}"
)
DURATION = "expected a duration such as 30s or 250ms"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("4 s", f"{DURATION}, got '4 s'"),
        ("'4 s'", f"{DURATION}, got '4 s'"),
        ("4", f"{DURATION}, got '4'"),
        ("-4s", f"{DURATION}, got '-4s'"),
        (".5s", f"{DURATION}, got '.5s'"),
        ("4S", f"{DURATION}, got '4S'"),
        ("1e3s", f"{DURATION}, got '1e3s'"),
        ("1:30", f"{DURATION}, got '1:30'"),
        ("nan", f"{DURATION}, got 'nan'"),
        (".inf", f"{DURATION}, got '.inf'"),
        ("~", f"{DURATION}, got nothing"),
        ("[1s]", f"{DURATION}, got a list"),
        ("{uniform: [1s, 2s]}", f"{DURATION}, got a mapping"),
        ("31d", "expected a duration of at most 30 days, got '31d'"),
        ("9" * 40 + "s", f"expected a duration of at most 30 days, got '{'9' * 40}s'"),
        ("0.0000001s", "expected a duration of whole microseconds, got '0.0000001s'"),
    ],
)
def test_durations_that_are_none(value, text):
    assert faults_of(f"{BASE}storage:\n  per_second: {value}\n") == [
        f"7:15: storage.per_second: {text}"
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("seed: -1", f"6:7: seed: expected a whole number from 0 to {2**63 - 1}, got '-1'"),
        ("seed: 1.5", f"6:7: seed: expected a whole number from 0 to {2**63 - 1}, got '1.5'"),
        ("seed: nan", f"6:7: seed: expected a whole number from 0 to {2**63 - 1}, got 'nan'"),
        (f"seed: {2**63}",
         f"6:7: seed: expected a whole number from 0 to {2**63 - 1}, got '{2**63}'"),
        ("starts_at: now",
         "6:12: starts_at: expected a moment such as 2026-01-05T09:00:00Z, got 'now'"),
        ("starts_at: 2026-01-05T09:00:00",
         ("6:12: starts_at: expected a moment with its offset, such as 2026-01-05T09:00:00Z, "
         "got '2026-01-05T09:00:00'")),
        ("starts_at: 2026-02-30T09:00:00Z",
         "6:12: starts_at: expected a moment of the calendar, got '2026-02-30T09:00:00Z'"),
        ("media: {https://app.test/a.mp3: 4 s}",
         f"6:33: media.https://app.test/a.mp3: {DURATION}, got '4 s'"),
        ("media: {a.mp3: 4s}",
         "6:9: media.a.mp3: expected a URL such as https://app.test/a.mp3, got 'a.mp3'"),
        ("documents: {'ftp://app.test': x}",
         ("6:13: documents.ftp://app.test: expected a URL such as https://app.test/answer, "
         "got 'ftp://app.test'")),
        ("receiver: {answers: [200, 99]}",
         (f"6:27: receiver.answers.1: {ANSWER}, got '99'")),
        ("receiver: {answers: [never]}",
         (f"6:22: receiver.answers.0: {ANSWER}, got 'never'")),
        ("receiver: {down: {from: 2s, until: 2s}}",
         "6:18: receiver.down: expected until to be later than from"),
        ("receiver: {answers: 200}", "6:21: receiver.answers: expected a list, got '200'"),
        ("receiver: []", "6:11: receiver: expected a mapping, got a list"),
        ("storage: {failure: [x]}", "6:20: storage.failure: expected text, got a list"),
        ("requests: {at: 5s}", "6:11: requests: expected a list, got a mapping"),
        ("expect: all", "6:9: expect: expected a list, got 'all'"),
        ("expect: [completed]", "6:10: expect.0: expected a mapping, got 'completed'"),
    ],
)  # fmt: skip
def test_values_of_the_wrong_kind(line, fault):
    assert faults_of(f"{BASE}{line}\n") == [fault]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("title: A call", "title: [A, call]", "2:8: title: expected text, got a list"),
        ("title: A call", "title: ''",
         "2:8: title: expected text of 1 or more characters, got ''"),
        ("https://app.test/answer", "app.test/answer",
         ("3:26: application.voice_url: expected a URL such as https://app.test/answer, "
         "got 'app.test/answer'")),
        ("https://app.test/answer", "https://user:secret@app.test/answer",
         "3:26: application.voice_url: expected a URL without user and password"),
        ("{voice_url", "{voice_method: PUT, voice_url",
         "3:29: application.voice_method: expected one of 'GET', 'POST', got 'PUT'"),
        ("+15550001", "5550001",
         ("5:18: calls.caller.from: expected a number such as +15550001 or sip:user@host, "
         "got '5550001'")),
        ("{from", "{at: -5s, from",
         f"5:16: calls.caller.at: {DURATION}, got '-5s'"),
        ("+15550002}", "+15550002, story: hang_up}",
         "5:51: calls.caller.story: expected a list, got 'hang_up'"),
        ("  caller: {from: +15550001, to: +15550002}", "  {}",
         "5:3: calls: expected a call, or a request that makes one"),
    ],
)  # fmt: skip
def test_values_of_the_wrong_kind_in_what_every_file_has(old, new, fault):
    assert faults_of(BASE.replace(old, new)) == [fault]


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("press: a", "9:16: calls.caller.story.0.press: "),
        ("press: 12", "9:16: calls.caller.story.0.press: "),
        ("wait: beeep", "9:15: calls.caller.story.0.wait: "),
        ("wait: {uniform: [1s, x]}",
         f"9:30: calls.caller.story.0.wait.uniform.1: {DURATION}, got 'x'"),
        ("speak: {normal: [1s]}", "9:25: calls.caller.story.0.speak.normal: "),
        ("hang up", "9:9: calls.caller.story.0: "),
        ("speak", "9:9: calls.caller.story.0: "),
        ("{wait: beep, speak: 4s}", "9:10: calls.caller.story.0.wait: "),
    ],
)  # fmt: skip
def test_steps_that_nobody_can_take(step, fault):
    assert faults_of(STORY + step + "\n")[0].startswith(fault)


def test_a_misspelt_cue_gets_the_nearest_one():
    (fault,) = faults_of(STORY + "wait: beeep\n")

    assert fault.endswith("got 'beeep'; did you mean 'beep'?")


# Moments, and names of calls.


@pytest.mark.parametrize("when", ["5 s after beep", "beep after 5s", "nan", "soon", "5s before x"])
def test_moments_that_are_none(when):
    assert faults_of(f"{BASE}requests:\n  - {{at: {when}, get: /v2/x}}\n") == [
        f"7:10: requests.0.at: expected a moment such as 5s, beep or '2s after beep', got '{when}'"
    ]


def test_a_moment_after_something_that_never_happens():
    (fault,) = faults_of(f"{BASE}requests:\n  - {{at: 5s after beeep, get: /v2/x}}\n")

    assert fault.startswith("7:10: requests.0.at: expected one of answer, beep, ringing, bridge, ")
    assert fault.endswith("got 'beeep'; did you mean beep?")


IN_BRACES = (
    "expected one of account, caller, caller.recording, caller.conference, caller.session, "
    "caller.leg in braces"
)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("requests:\n  - {at: 5s after bob beep, get: /v2/x}\n",
         ["7:10: requests.0.at: expected the name of a call (caller), got 'bob'"]),
        ("requests:\n  - {at: 5s, get: '/v2/{calller}'}\n",
         [f"7:19: requests.0.get: {IN_BRACES}, got 'calller'; did you mean caller?"]),
        ("requests:\n  - {at: 5s, post: '/v2/{caller.recording.0}'}\n",
         [(f"7:20: requests.0.post: {IN_BRACES}, got 'caller.recording.0'; "
          "did you mean caller.recording?")]),
        ("requests:\n  - {at: 5s, delete: '/v2/{}/{x}'}\n",
         [(f"7:22: requests.0.delete: {IN_BRACES}, got ''"),
          (f"7:22: requests.0.delete: {IN_BRACES}, got 'x'")]),
        ("expect:\n  - callback: {}\n    within: 1s after bob beep\n",
         ["8:13: expect.0.within: expected the name of a call (caller), got 'bob'"]),
        ("expect:\n  - callback: {}\n    before: after bob beep\n",
         ["8:13: expect.0.before: expected the name of a call (caller), got 'bob'"]),
        (("requests:\n  - {at: after bob end, get: '/v2/{bob}'}\n"
         "expect:\n  - {callback: {}, within: after al end, before: after ed end}\n"),
         ["7:10: requests.0.at: expected the name of a call (caller), got 'bob'",
          (f"7:30: requests.0.get: {IN_BRACES}, got 'bob'"),
          "9:28: expect.0.within: expected the name of a call (caller), got 'al'",
          "9:50: expect.0.before: expected the name of a call (caller), got 'ed'"]),
    ],
)  # fmt: skip
def test_names_of_calls_that_there_are_not(text, faults):
    assert faults_of(BASE + text) == faults


@pytest.mark.parametrize(
    "name",
    ["caller.recrding", "caller.conferense.2", "caller.session.1", "caller.1.session",
     "caller.leg.2", "caller.2.recording", "caller.0", "caller.conference.0", "bob.session"],
)  # fmt: skip
def test_names_that_there_are_not(name):
    [fault] = faults_of(f"{BASE}requests:\n  - {{at: 5s, get: '/v2/{{{name}}}'}}\n")

    assert fault.startswith(f"7:19: requests.0.get: {IN_BRACES}, got {name!r}; did you mean caller")


@pytest.mark.parametrize(
    "name",
    ["account", "caller", "caller.2", "caller.recording", "caller.recording.12",
     "caller.conference", "caller.conference.2", "caller.session", "caller.leg", "caller.3.leg"],
)  # fmt: skip
def test_names_that_there_are(name):
    assert loads(f"{BASE}requests:\n  - {{at: 5s, get: '/v2/{{{name}}}'}}\n".encode())


# Requests and expectations.


@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        ("{at: 5s}", "7:5: requests.0: expected exactly one of get, post, delete, with a path"),
        ("{at: 5s, get: /v2/x, post: /v2/x}",
         "7:5: requests.0: expected exactly one of get, post, delete, with a path"),
        ("{at: 5s, get: /x}",
         "7:5: requests.0: expected a path that begins with /v2/, got '/x'"),
        ("{at: 5s, get: /v2/x, answer: 200}",
         "7:34: requests.0.answer: expected a mapping of wire names, such as"
         " {status: completed}, got '200'"),
        ("{at: 5s, get: /v2/x, key: [a]}", "7:31: requests.0.key: expected text, got a list"),
    ],
)  # fmt: skip
def test_requests_that_cannot_be_sent(request_, fault):
    assert faults_of(f"{BASE}requests:\n  - {request_}\n") == [fault]


ONE = "expected exactly one of recording, callback, response"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{}", f"7:5: expect.0: {ONE}"),
        ("{recording: {}, callback: {}}", f"7:5: expect.0: {ONE}"),
        ("{never: {}}", f"7:5: expect.0: {ONE}"),
        ("{never: {callback: {}}, eventually: {callback: {}}}", f"7:5: expect.0: {ONE}"),
        ("{never: {callback: {}}, callback: {}}", f"7:5: expect.0: {ONE}"),
        ("{never: {callback: {}}, exactly: 1}",
         "7:5: expect.0: expected never or eventually, or a number, not both"),
        ("{eventually: {callback: {}}, at least: 1}",
         "7:5: expect.0: expected never or eventually, or a number, not both"),
        ("{callback: {}, exactly: 1, at least: 2}",
         "7:5: expect.0: expected exactly or at least, not both"),
        ("{recording: {}, at: 5s}",
         "7:5: expect.0: a recording is looked at when the run is over: it has no moment"),
        ("{never: {recording: {}}, within: 1s after beep}",
         "7:5: expect.0: a recording is looked at when the run is over: it has no moment"),
        ("{callback: {}, within: 5s}",
         "7:5: expect.0: expected an event, such as '1s after press'"),
        ("{callback: {}, exactly: -1}",
         "7:29: expect.0.exactly: expected a whole number from 0 to 1000000000, got '-1'"),
        ("{callback: {}, exactly: nan}",
         "7:29: expect.0.exactly: expected a whole number from 0 to 1000000000, got 'nan'"),
        ("{callback: {}, at least: 99999999999}",
         ("7:30: expect.0.at least: expected a whole number from 0 to 1000000000, "
         "got '99999999999'")),
        (
            "{callback: completed}",
            "7:16: expect.0.callback: expected a mapping of wire names, such as"
            " {status: completed}, got 'completed'",
        ),
        ("{callback: {}, at: 4 s}", f"7:24: expect.0.at: {DURATION}, got '4 s'"),
    ],
)  # fmt: skip
def test_lines_of_expect_that_say_nothing_or_too_much(line, fault):
    assert faults_of(f"{BASE}expect:\n  - {line}\n") == [fault]


# Clauses.

ID = "expected the id of a clause, or a list of them"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{callback: {}, clause: record.maxlength}",
         "7:28: expect.0.clause: unknown clause; did you mean record.max-length?"),
        ("{callback: {}, clause: [record.trim, 17]}",
         "7:42: expect.0.clause.1: unknown clause"),
        ("{callback: {}, clause: []}", f"7:28: expect.0.clause: {ID}, got a list"),
        ("{callback: {}, clause: {record.trim: true}}",
         f"7:28: expect.0.clause: {ID}, got a mapping"),
        ("{callback: {}, clause: [[record.trim]]}", f"7:28: expect.0.clause: {ID}, got a list"),
        ("{callback: {}, clause: }", f"7:20: expect.0.clause: {ID}, got nothing"),
    ],
)  # fmt: skip
def test_clauses_that_there_are_not(line, fault):
    assert faults_of(f"{BASE}expect:\n  - {line}\n") == [fault]


def test_an_answer_shows_clauses_and_nothing_else_of_a_request_does():
    asked = f"{BASE}requests: [{{at: 5s, get: /v2/x, "

    assert faults_of(f"{asked}answer: {{status: 404}}, clause: rest.notfound}}]\n") == [
        "6:64: requests.0.clause: unknown clause; did you mean rest.not-found?"
    ]
    assert faults_of(f"{asked}clause: rest.not-found}}]\n") == [
        "6:12: requests.0: expected answer beside clause: nothing else shows it"
    ]


def test_one_clause_is_a_list_of_one():
    text = f"{BASE}expect: [{{recording: {{}}, clause: record.trim}}, {{recording: {{}}}}]\n"

    assert [line.clause for line in loads(text).scenario.expect] == [("record.trim",), ()]


# Readings.


@pytest.mark.parametrize(
    ("readings", "words"),
    [
        ("{no_such: 1}", ["no_such", "unknown reading"]),
        ("{beep_s: 4 s}", ["beep_s", DURATION, "got '4 s'"]),
        ("{retry_policy: never}",
         ["retry_policy", "expected one of exponential, fixed, none, got 'never'"]),
        ("{price_per_min: nan}", ["price_per_min", "expected a number such as 0.002, got 'nan'"]),
        ("{beep_s: [1s]}", ["beep_s", "expected text, got a list"]),
    ],
)  # fmt: skip
def test_readings_that_there_are_not(readings, words):
    (fault,) = faults_of(f"{BASE}readings: {readings}\n")

    assert fault.startswith("6:")
    assert all(word in fault for word in words)


# YAML.


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1:1: expected a mapping, got an empty file"),
        ("- a\n", "1:1: expected a mapping, got a list"),
        ("hello\n", "1:1: expected a mapping, got 'hello'"),
        (BASE + "title: again\n", "6:1: title: duplicate key; the first stands at 2:1"),
        (BASE + "about:\n\t- a\n", "7:1: expected spaces, got a tab"),
        (BASE + "about: \tx\n", "6:8: expected spaces, got a tab"),
        (BASE + "about: a: b\n", "6:9: unexpected ':'; quote text that has it"),
        (BASE + "about: *x\n", "6:8: about: unknown alias 'x'"),
        (BASE + "<<: {about: x}\n",
         "6:1: <<: merge keys are not part of YAML 1.2; write the keys out"),
        (BASE + "---\nrecsim: 1\n", "6:1: expected one document, got another"),
        ("%YAML 1.1\n---\n" + BASE,
         "1:1: expected no directive, got '%YAML 1.1'; files are YAML 1.2"),
        (BASE.encode("utf-16"), "1:1: expected UTF-8, got UTF-16, UTF-32 or binary data"),
        (BASE.encode() + b"about: \xe9\n", "6:8: expected UTF-8, got byte 0xe9"),
        (BASE + "about: 'a\x01'\n", "6:10: unprintable character '\\x01'"),
    ],
)  # fmt: skip
def test_files_that_are_no_yaml(text, fault):
    assert faults_of(text) == [fault]


# Files.


def test_a_file_that_is_not_there(tmp_path):
    file = tmp_path / "missing.yaml"
    with pytest.raises(ScenarioError) as caught:
        load(file)

    assert caught.value.file == str(file)
    assert str(caught.value) == f"{file}: cannot be read: no such file or directory"


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ScenarioError, match="cannot be read: is a directory"):
        load(tmp_path)


def test_a_file_is_named_as_it_was_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(BASE.replace("recsim: 1", "recsim: 2"), encoding="utf-8")

    with pytest.raises(ScenarioError, match=r"^mine\.yaml:1:9: "):
        load("mine.yaml")


def test_faults_of_names_and_of_values_come_together():
    text = (
        BASE
        + "readings: {beep_z: 1s, beep_s: fast}\n"
        + 'requests: [{at: 1s after calle beep, get: "/v2/{callr}"}, {at: soon, get: /v2/x}]\n'
        + "expect: [{never: {callback: {RecordingStatsu: absent}}}]\n"
    )

    assert faults_of(text) == [
        "6:12: readings.beep_z: unknown reading; did you mean beep_s?",
        "6:32: readings.beep_s: expected a duration such as 30s or 250ms, got 'fast'",
        "7:17: requests.0.at: expected the name of a call (caller), got 'calle'",
        f"7:43: requests.0.get: {IN_BRACES}, got 'callr'; did you mean caller?",
        "7:64: requests.1.at: expected a moment such as 5s, beep or '2s after beep', got 'soon'",
        "8:30: expect.0.never.callback.RecordingStatsu: no callback has this field;"
        " did you mean RecordingStatus?",
    ]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "documents: {https://app.test/a: {status: 99}}",
            "a whole number from 100 to 599, got '99'",
        ),
        ("receiver: {latency: {uniform: [2s, 1s]}}", "the shorter duration first"),
        ("receiver: {latency: {uniform: [2s]}}", "two durations, got 1"),
        ("requests: [{at: 1s, get: '/v2/{caller'}]", "braces in pairs, such as {account}"),
        ("requests: [{at: {after_us: -5, word: bep}, get: /v2/x}]", "a moment such as 5s"),
        (
            "expect: [{callback: {RecordingStatus: {matches: '['}}}]",
            "a regular expression, got '['",
        ),
    ],
)
def test_what_was_once_let_through_is_a_fault(line, text):
    [fault] = faults_of(f"{BASE}{line}\n")

    assert f"expected {text}" in fault


def test_names_of_python_are_no_keys():
    assert any(
        "from_: unknown key" in fault for fault in faults_of(BASE.replace("from:", "from_:"))
    )


def test_no_call_is_named_account():
    assert "isn't account" in faults_of(BASE.replace("  caller:", "  account:"))[0]


# Receivers that ask, and links.


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("receiver: {asks: [{when: {RecordingStatsu: completed}, get: /v2/x}]}",
         "6:27: receiver.asks.0.when.RecordingStatsu: no callback has this field;"
         " did you mean RecordingStatus?"),
        ("receiver: {asks: [{when: {outcome: 200}, get: /v2/x}]}",
         "6:27: receiver.asks.0.when.outcome: no callback has this field"),
        ("receiver: {asks: [{when: {RecordingStatus: {matches: '['}}, get: /v2/x}]}",
         "6:26: receiver.asks.0.when: RecordingStatus: expected a regular expression, got '['"),
        ("receiver: {asks: [{get: /v2/x, delete: /v2/x}]}",
         "6:19: receiver.asks.0: expected exactly one of get, post, delete, with a path"),
        ("receiver: {asks: [{get: /x}]}",
         "6:19: receiver.asks.0: expected a path that begins with /v2/, got '/x'"),
        ("receiver: {asks: [{get: '/v2/{RecordingSdi}'}]}",
         "got 'RecordingSdi'; did you mean RecordingSid?"),
        ("receiver: {asks: [{get: '{RecordingSid}'}]}",
         "6:25: receiver.asks.0.get: expected one of RecordingUrl in braces, got 'RecordingSid'"),
        ("receiver: {asks: [{at: 1s, get: /v2/x}]}", "6:20: receiver.asks.0.at: unknown key"),
        ("receiver: {answers: [{status: 429, retry_after: 1.5s}]}",
         "expected whole seconds, such as 30s"),
        ("requests: [{at: 1s, get: '{caller.recording.ulr}'}]",
         "6:26: requests.0.get: expected one of caller.recording.url, caller.recording.media_url"
         " in braces, got 'caller.recording.ulr'; did you mean caller.recording.url?"),
        ("requests: [{at: 1s, get: '{caller}'}]", "in braces, got 'caller'"),
        ("requests: [{at: 1s, get: '/v2/{caller.recording.url}'}]",
         "in braces, got 'caller.recording.url'; did you mean caller.recording?"),
        ("requests: [{at: 1s, get: '/v2/{RecordingSid}'}]", "in braces, got 'RecordingSid'"),
        ("requests: [{at: 1s, delete: '{caller.recording.url}'}]",
         "6:12: requests.0: expected a path that begins with /v2/, got '{caller.recording.url}'"),
        ("requests: [{at: 1s, get: '{caller.recording.url}', form: {a: b}}]",
         "expected no form or json: a link is fetched as it is"),
        ("network: {loss: 5}",
         "6:17: network.loss: expected a share from 0% to 100%, such as 5%, got '5'"),
        ("network: {los: 5%}", "6:11: network.los: unknown key; did you mean loss?"),
        ("storage: {failure_rate: 5%}", "expected failure, why storing fails, beside failure_rate"),
    ],
)  # fmt: skip
def test_faults_of_networks_receivers_links_and_storage(line, fault):
    told = faults_of(f"{BASE}{line}\n")

    assert any(fault in one for one in told), told


def test_a_second_recording_has_links_too():
    assert loads(
        f"{BASE}requests: [{{at: 1s, get: '{{caller.recording.2.media_url}}'}}]\n".encode()
    )
