"""Plays every file in scenarios/: as expected, by lines that could have failed, within the rules.

What holds after every run is read from the three files, as a user reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from hooks import body_of, modelled, published
from schemas import decoded, needs_schemas, validator

from recsim.core.platform import Platform
from recsim.core.watch import Watch
from recsim.scenario.coverage import Step, moving, step
from recsim.scenario.expect import judge, matches, seen
from recsim.scenario.expectations import Expectation
from recsim.scenario.load import load
from recsim.scenario.naming import filled
from recsim.scenario.parts import When
from recsim.scenario.record import Event, Kept, Record, Sinks
from recsim.scenario.run import Run, run, stage
from recsim.scenario.schema import Scenario
from recsim.show.coverage import count
from recsim.show.sheets import LIFECYCLES
from recsim.vendors.telnyx.callbacks.webhooks import flat
from recsim.vendors.telnyx.defaults import SOURCES
from recsim.world.driver import Driver

Line = dict[str, Any]


# As expected.


def test_it_goes_as_expected(played):
    assert played.verdicts
    assert played.as_expected, [verdict for verdict in played.verdicts if not verdict.held]


def test_there_are_at_least_twelve(scenarios):
    assert len(scenarios) >= 12


def test_together_they_reach_every_row_that_moves(scenarios):
    """What a table can do, some scenario shows; those of `recsim table --coverage`."""
    machines = {machine.name: machine for machine in LIFECYCLES.values()}

    taken = Counter[Step]()
    for file in scenarios:
        played = run(file)
        lines = played.lines["trace.jsonl"].encode().splitlines()
        taken += count(lines, machines, played.file)

    rows = [step(machine, rule) for machine in machines.values() for rule in moving(machine)]
    missing = [" ".join(row) for row in rows if row not in taken]
    assert not missing, f"no scenario takes: {', '.join(missing)}"


def test_file_name_is_kebab_case(scenario):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", scenario.stem)


def test_titles_and_explanations_are_their_own(scenarios):
    loaded = [load(file).scenario for file in scenarios]

    assert len({one.title for one in loaded}) == len(loaded)
    assert all(one.about for one in loaded)
    assert not [one.title for one in loaded if one.title.endswith(".")]


# Every line of `expect` could have failed.


class Played(NamedTuple):
    """A run, and the requests that `judge` looks up in it."""

    scenario: Scenario
    kept: Kept
    requests: Mapping[int, Any]
    meant: Callable[[str], str]

    def judge(self, scenario: Scenario):
        """The verdicts on this run, were the scenario `scenario`."""
        return judge(scenario, self.kept, self.requests, self.meant)


def played_for_judging(file: Path) -> Played:
    staged, kept, sink = stage(load(file)), Kept(), [].append
    starts_at_us, sinks = staged.loaded.scenario.starts_at, Sinks(sink, sink, sink)
    record = Record(staged.vendor, starts_at_us, sinks, kept, staged.known)
    driver = Driver(Platform(staged.vendor), staged.plan, record, retires=staged.retires)
    driver.run()
    return Played(staged.loaded.scenario, kept, driver.world.made, staged.meant)


def changed_values(wanted: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """`wanted` with one value changed, for each value in it, however deep."""
    for name, value in wanted.items():
        for label, other in changed(value):
            yield f"{name}{label}", {**wanted, name: other}


def changed(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and set(value) == {"matches"}:
        yield " matches something else", {"matches": f"{value['matches']}never so"}
    elif isinstance(value, Mapping):
        yield from ((f".{name}", other) for name, other in changed_values(value))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            for label, other in changed(one):
                yield f".{n}{label}", [*value[:n], other, *value[n + 1 :]]
        yield " is longer", [*value, None]
    elif value is None:
        yield " is not null", {"matches": "(?s).*"}
    else:
        yield " is another", f"{value} or not"


def perturbed(
    line: Expectation, played: Played, first_call: str
) -> Iterator[tuple[str, Expectation]]:
    """Lines that say something else, none of which may hold where `line` does."""
    kept = played.kept
    subject = line.never or line.eventually or line
    kind = subject.named[0]
    wanted = getattr(subject, kind)
    bare = Expectation.model_validate({kind: wanted})
    times = {"at": line.at, "within": line.within, "before": line.before}
    if line.never or line.exactly == 0:
        yield "at least once", bare.model_copy(update=times)
        yield "eventually", Expectation(eventually=bare).model_copy(update=times)
        yield "exactly 1", bare.model_copy(update={"exactly": 1, **times})
        return
    meant = filled(wanted, played.meant)
    moments = [one.at_us for one in seen(kind, kept) if matches(meant, one.fields)]
    yield "never", Expectation(never=bare).model_copy(update=times)
    yield "at least more", line_with(line, at_least=len(moments) + 1, exactly=None)
    yield "exactly none", line_with(line, at_least=None, exactly=0)
    if line.exactly is not None:
        yield "exactly one more", line_with(line, exactly=line.exactly + 1)
        yield "exactly one less", line_with(line, exactly=line.exactly - 1)
    for label, other in changed_values(wanted):
        yield label, line_with(line, **{kind: other})
    if line.at is not None:
        yield "a microsecond later", line_with(line, at=line.at + 1)
        if line.at:
            yield "a microsecond earlier", line_with(line, at=line.at - 1)
    if line.within:
        call = line.within.call or first_call
        yield "within an event that is not", line_with(line, within=never_happens(call, kept))
        begun = [one.at_us for one in kept.events if one[1:] == (call, line.within.word)]
        gaps = [then - begin for then in moments for begin in begun if begin <= then]
        if shortest := min(gaps):
            for after_us in (0, shortest - 1):
                within = line.within.model_copy(update={"after_us": after_us})
                yield f"within {after_us} us", line_with(line, within=within)
    if line.before:
        other = never_happens(line.before.call or first_call, kept)
        yield "before an event that is not", line_with(line, before=other)
        yield "before the start", line_with(line, before=When())
        yield "before itself", line_with(line, before=When(after_us=min(moments)))


def line_with(line: Expectation, **update: Any) -> Expectation:
    if line.eventually and not {"at_least", "exactly"} & set(update):
        inner = {name: update.pop(name) for name in line.eventually.named if name in update}
        update["eventually"] = line.eventually.model_copy(update=inner)
    elif line.eventually:
        update |= {"eventually": None, **line.eventually.model_dump()}
    return line.model_copy(update=update)


def never_happens(call: str, kept: Kept) -> When:
    happened = {word for _, whose, word in kept.events if whose == call}
    word = next(word for word in ("redirect", "play", "say", "pause") if word not in happened)
    return When(call=call, word=word)


def test_every_line_of_expect_fails_when_perturbed(scenario):
    played = played_for_judging(scenario)
    lines = played.scenario.expect
    assert lines
    assert all(verdict.held for verdict in played.judge(played.scenario))
    first_call = next(iter(played.scenario.call_names), "")

    for n, line in enumerate(lines):
        tried = 0
        for label, other in perturbed(line, played, first_call):
            lies = played.scenario.model_copy(
                update={"expect": [*lines[:n], other, *lines[n + 1 :]]}
            )
            verdicts = played.judge(lies)
            verdict = next(one for one in verdicts if one.path == ("expect", n))
            assert not verdict.held, f"expect.{n}, {label}: {verdict.text}"
            assert verdict.found
            assert [one.path for one in verdicts if not one.held] == [("expect", n)]
            tried += 1
        assert tried >= 3


def test_every_answer_fails_when_perturbed(scenario):
    played = played_for_judging(scenario)
    requests = played.scenario.requests

    for n, request in enumerate(requests):
        if not request.answer:
            continue
        for label, answer in changed_values(request.answer):
            other = request.model_copy(update={"answer": answer})
            lies = played.scenario.model_copy(
                update={"requests": [*requests[:n], other, *requests[n + 1 :]]}
            )
            failed = [one for one in played.judge(lies) if not one.held]
            assert [one.path for one in failed] == [("requests", n, "answer")], label
            assert failed[0].found


def test_every_kind_of_line_has_perturbations():
    """The generator itself: nothing of a line goes unquestioned."""
    kept = Kept(events=[Event(1_000_000, "a", "beep")])
    line = Expectation.model_validate(
        {
            "response": {"status": 404, "body": {"errors": [{"detail": "x"}], "y": None}},
            "within": When(after_us=2_000_000, word="beep"),
        }
    )
    kept.answered.append(answered(2_000_000, '{"errors":[{"detail":"x"}]}'))

    played = Played(scenario=None, kept=kept, requests={}, meant=str.upper)
    labels = [label for label, _ in perturbed(line, played, "a")]
    assert labels == [
        "never", "at least more", "exactly none",
        "status is another", "body.errors.0.detail is another", "body.errors is longer",
        "body.y is not null",
        "within an event that is not", "within 0 us", "within 999999 us",
    ]  # fmt: skip


def answered(at_us: int, body: str):
    from recsim.core.commands import Answer, Request
    from recsim.scenario.record import Answered

    return Answered(at_us, Request("GET", "/v2/x", "", (), ""), Answer(404, body=body))


# What holds after every run.


def when(line: Line, name: str = "at") -> datetime:
    return datetime.fromisoformat(line[name])


def moves_of(run: Run, lifecycle: str) -> dict[int, list[Line]]:
    """Moves in order, by entity."""
    moves: dict[int, list[Line]] = {}
    for line in run.trace:
        if line["kind"] == "move" and line["lifecycle"] == lifecycle:
            moves.setdefault(line["entity"], []).append(line)
    return moves


def attempts(run: Run) -> list[Line]:
    """What was sent, once each, whether or not it arrived, and however often."""
    return list({line["cause"]: line for line in run.callbacks}.values())


def status_callbacks(run: Run) -> list[Line]:
    return [line for line in attempts(run) if line["kind"] == "recording-status"]


def lines_are_numbered_and_follow_their_causes(run: Run) -> None:
    trace = run.trace
    assert [line["seq"] for line in trace] == list(range(1, len(trace) + 1))
    assert all(when(one) <= when(other) for one, other in pairwise(trace))
    for line in trace:
        assert 0 <= line["cause"] < line["seq"]
        if line["cause"]:
            assert when(trace[line["cause"] - 1]) <= when(line)


def moves_form_a_path_to_one_final_status(run: Run) -> None:
    for lifecycle, final in {
        "recording": {"completed", "absent"},
        "call leg": {"completed", "canceled", "failed", "busy", "no-answer"},
        "conference": {"completed"},
        "delivery": {"delivered", "failed"},
    }.items():
        for moves in moves_of(run, lifecycle).values():
            assert moves[0]["source"] == "new"
            assert all(one["dest"] == other["source"] for one, other in pairwise(moves))
            assert sum(move["dest"] in final for move in moves) == 1
            after = [move["source"] for move in moves if move["source"] in final]
            assert not after or [move["dest"] for move in moves][-1] == "deleted"


def every_recording_is_settled(run: Run) -> None:
    moves = moves_of(run, "recording")
    assert {row["entity"] for row in run.recordings} == set(moves)
    for row in run.recordings:
        assert row["status"] in ("completed", "absent", "deleted")
        assert row["status"] == moves[row["entity"]][-1]["dest"]


def sids_are_unique(run: Run) -> None:
    sids = [row["sid"] for row in run.recordings]
    assert len(set(sids)) == len(sids)
    assert len(sids) == len(moves_of(run, "recording"))
    told = {line["params"].get("RecordingSid") for line in status_callbacks(run)}
    assert told <= {*sids, None}
    assert all(
        line["params"]["RecordingStatus"] == "absent"
        for line in status_callbacks(run)
        if "RecordingSid" not in line["params"]
    )


def absent_has_no_media(run: Run) -> None:
    for row in run.recordings:
        media = (row["texml"] or {}).get("media_url")
        assert (row["status"] == "completed") == bool(media) == bool(row["v2"])
        if row["status"] == "absent":
            assert row["texml"]["duration"] == row["texml_create"]["duration"] == "0"
            assert row["texml_create"]["price"] is None
    absent = {row["sid"] for row in run.recordings if row["status"] == "absent"}
    for line in run.callbacks:
        if line["params"].get("RecordingSid") in absent:
            assert "RecordingUrl" not in line["params"]


def views_of_a_recording_agree(run: Run) -> None:
    for row in run.recordings:
        create, texml, v2 = row["texml_create"], row["texml"], row["v2"]
        item = row["conference_item"]
        if texml is None:
            assert row["status"] == "deleted"
            continue
        assert create["sid"] == texml["sid"] == row["sid"]
        shared = set(create) & set(texml) - {"uri"}
        assert {name: create[name] for name in shared} == {name: texml[name] for name in shared}
        assert bool(item) == bool(texml["conference_sid"])
        if item:
            alike = set(item) & set(texml) - {"duration", "status"}
            assert alike >= {"conference_sid", "call_sid", "sid", "source", "start_time"}
            kept = {"media_url": texml.get("media_url")}
            assert {name: item[name] for name in alike} == {
                name: {**texml, **kept}[name] for name in alike
            }
            assert item["status"] == row["status"]
            assert str(item["duration"]) == texml["duration"]
        if v2:
            assert v2.get("conference_id") == texml["conference_sid"]
            assert v2["source"] == ("conference" if item else "call")
            assert v2["id"] == row["sid"]
            assert v2["initiated_by"] == texml["source"]
            assert v2["call_control_id"] == texml["call_sid"]
            assert {"single": 1, "dual": 2}[v2["channels"]] == texml["channels"]
            assert list(v2["download_urls"].values()) == [texml["media_url"]]
            assert abs(int(texml["duration"]) * 1000 - v2["duration_millis"]) <= 1000


def durations_fit_into_wall_time(run: Run) -> None:
    captured = {
        line["ticket"]: line["captured_us"] for line in run.trace if line["kind"] == "store"
    }
    pauses_are_captured = run.loaded.scenario.readings.get("pause_behavior") == "silence"
    for row in run.recordings:
        moves = moves_of(run, "recording")[row["entity"]]
        wall_us = (when(moves[-1]) - when(moves[0])).total_seconds() * 1e6
        ended = next(move for move in moves if move["dest"] == "stopped")
        assert 0 <= captured[row["entity"]] <= (when(ended) - when(moves[0])).total_seconds() * 1e6
        if row["texml"]:
            assert 0 <= int(row["texml"]["duration"]) * 1e6 <= wall_us
        if v2 := row["v2"]:
            start, end = when(v2, "recording_started_at"), when(v2, "recording_ended_at")
            assert start <= end
            # Both ends are cut to milliseconds, so the stretch between them may lose one.
            length_ms = (end - start).total_seconds() * 1000
            assert 0 <= v2["duration_millis"] <= length_ms + 1
            at_most_us = wall_us if pauses_are_captured else captured[row["entity"]]
            assert v2["duration_millis"] * 1000 <= at_most_us


def no_recording_outlives_what_it_is_of(run: Run) -> None:
    """No later than the last leg or conference of its session.

    `core.watch` knows which one is its own.
    """
    titles: dict[int, str] = {}
    legs: dict[int, str] = {}
    rooms: dict[int, str] = {}
    legs_over: dict[str, datetime] = {}
    rooms_over: dict[str, datetime] = {}
    for line in run.trace:
        if line["kind"] == "opened":
            titles[line["session"]] = legs[line["leg"]] = line["title"]
        elif line["kind"] == "ring":
            legs[line["leg"]] = titles[line["session"]]
        elif line["kind"] == "convened":
            rooms[line["conference"]] = titles[line["session"]]
        elif line["kind"] == "drop":
            legs_over[legs[line["leg"]]] = when(line)
        elif line.get("lifecycle") == "conference" and line["dest"] == "completed":
            rooms_over[rooms[line["entity"]]] = when(line)
    for row in run.recordings:
        over = rooms_over if row["conference_item"] else legs_over
        for move in moves_of(run, "recording")[row["entity"]]:
            if move["source"] in ("in-progress", "paused"):
                assert when(move) <= over[row["call"]]


def subscriptions(scenario: Scenario) -> dict[str, set[str]]:
    """Events asked for by any document or request, by the source of the recording."""
    elements = {
        "Record": "RecordVerb",
        "Recording": "StartCallRecordingAPI",
        "Dial": "DialVerb",
        "Conference": "Conference",
    }
    asked: dict[str, set[str]] = {row.source: set() for row in SOURCES}
    documents = [
        page if isinstance(page, str) else page.body
        for page in scenario.documents.values()
        # Nobody follows another status, and it need not be TeXML.
        if isinstance(page, str) or page.status == 200
    ]
    for request in scenario.requests:
        body = request.form or request.json_ or {}
        documents += [body["Texml"]] if "Texml" in body else []
        makes_calls = request.path.endswith(("/Calls", "/Participants"))
        source = "OutboundAPI" if makes_calls else "StartCallRecordingAPI"
        for prefix, asking in (("", source), ("Conference", "Conference")):
            if body.get(f"{prefix}RecordingStatusCallback"):
                events = str(body.get(f"{prefix}RecordingStatusCallbackEvent", "completed"))
                asked[asking] |= set(events.split())
    for document in documents:
        for element in ET.fromstring(document).iter():
            events = element.get("recordingStatusCallbackEvent", "completed")
            if element.get("recordingStatusCallback"):
                asked[elements[element.tag]] |= set(events.replace(",", " ").split())
    if scenario.readings.get("record_accept_absent") == "false":
        asked["RecordVerb"].discard("absent")
    return asked


def only_subscribed_events_are_sent_once_for_each_change(run: Run) -> None:
    asked = subscriptions(run.loaded.scenario)
    waits = run.loaded.scenario.readings.get("completed_waits_for_call_end") == "true"
    entities = {row["sid"]: row["entity"] for row in run.recordings}
    told: dict[tuple[int, str], tuple[int, Line]] = {}
    for line in status_callbacks(run):
        params = line["params"]
        status = params["RecordingStatus"]
        assert status in asked[params["RecordingSource"]]
        if "RecordingSid" not in params:
            continue  # it was never made, and no move says so
        if waits and status == "completed":
            continue  # the end of the call is its cause
        # Up the causes, to the move of the recording that is told of.
        cause = run.trace[line["cause"] - 1]
        while cause.get("lifecycle") != "recording":
            cause = run.trace[cause["cause"] - 1]
        assert cause["entity"] == entities[params["RecordingSid"]]
        assert cause["trigger"] not in ("resume", "pause", "stop", "end", "key", "limit", "silence")
        assert cause["dest"] == status
        # Deliveries may repeat, but always the same facts.
        first = told.setdefault((cause["entity"], status), (cause["seq"], params))
        assert first == (cause["seq"], params)


def every_event_subscribed_to_is_sent(run: Run) -> None:
    scenario = run.loaded.scenario
    if len(scenario.documents) + len(scenario.requests) > 2:
        return  # which subscription a recording has is not told by the files
    asked = subscriptions(scenario)
    sent = Counter(
        (line["params"].get("RecordingSid"), line["params"]["RecordingStatus"])
        for line in status_callbacks(run)
        if line["attempt"] == 1
    )
    for row in run.recordings:
        if row["texml_create"] is None:
            continue  # deleted, and with it what says of which source it was
        for move in moves_of(run, "recording")[row["entity"]]:
            if move["trigger"] in ("start", "save", "discard", "fail"):
                is_asked = move["dest"] in asked[row["texml_create"]["source"]]
                assert sent[row["sid"], move["dest"]] == is_asked


def a_conference_is_told_of_in_order(run: Run) -> None:
    """Its callbacks count from 0, it starts and ends once, and nobody leaves who has not joined."""
    told: dict[str, list[Line]] = {}
    for line in attempts(run):
        if line["kind"] == "conference-status" and line["attempt"] == 1:
            told.setdefault(line["params"]["ConferenceSid"], []).append(line["params"])
    for lines in told.values():
        assert [line["SequenceNumber"] for line in lines] == [str(n) for n in range(len(lines))]
        events = [line["StatusCallbackEvent"] for line in lines]
        assert "conference-start" not in events[1:]
        assert "conference-end" not in events[:-1]
        counts = Counter(events)
        if counts["participant-leave"] and counts["participant-join"]:
            assert counts["participant-leave"] <= counts["participant-join"]


def callbacks_come_after_their_causes(run: Run) -> None:
    moments = [when(line) for line in run.callbacks]
    assert moments == sorted(moments)
    sent = [line["seq"] for line in run.trace if line["kind"] in ("attempt", "fetch")]
    arrivals = Counter(line["cause"] for line in run.callbacks)
    assert sorted(arrivals) == sent
    network = run.loaded.scenario.network
    assert max(arrivals.values()) == 1 or network.duplicates
    for line in run.callbacks:
        attempt = run.trace[line["cause"] - 1]
        assert attempt.get("n", 1) == line["attempt"]
        assert when(attempt) <= when(line)
        is_delayed = network.latency or network.arrivals
        if attempt["kind"] == "fetch" or line["outcome"] == "lost" or not is_delayed:
            assert attempt["at"] == line["at"]
        if line["outcome"] == "lost":
            assert arrivals[line["cause"]] == 1


def a_body_says_what_its_parameters_say(run: Run) -> None:
    from urllib.parse import parse_qsl, urlsplit

    for line in run.callbacks:
        if line["kind"] == "webhook":
            assert dict(flat(body_of(line))) == line["params"]
            assert (line["method"] == "GET") == (not line["body"])
            continue
        query = urlsplit(line["url"]).query
        text = line["body"] if line["method"] == "POST" else query
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
        assert pairs[-len(line["params"]) :] == list(line["params"].items())
        assert (line["method"] == "GET") == (not line["body"])


ALWAYS = (
    lines_are_numbered_and_follow_their_causes,
    moves_form_a_path_to_one_final_status,
    every_recording_is_settled,
    sids_are_unique,
    absent_has_no_media,
    views_of_a_recording_agree,
    durations_fit_into_wall_time,
    no_recording_outlives_what_it_is_of,
    only_subscribed_events_are_sent_once_for_each_change,
    every_event_subscribed_to_is_sent,
    a_conference_is_told_of_in_order,
    callbacks_come_after_their_causes,
    a_body_says_what_its_parameters_say,
)


def test_what_always_holds(played):
    for holds in ALWAYS:
        holds(played)


@pytest.mark.parametrize("seed", range(30))
def test_what_always_holds_when_much_is_due_at_once(busy, seed):
    played = run(busy, seed=seed)

    for holds in ALWAYS:
        holds(played)


# On the wire.

VIEWS = {
    "texml_create": "texml-create-recording-response",
    "texml": "texml-get-recording-response",
    "v2": "recording-response-data",
}
EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
TOLD = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-speech-start": "speaker",
    "participant-speech-stop": "speaker",
}
ITEM = ("properties", "recordings", "items")
"""Where the schema of a conference's recordings has that of one."""


UNPUBLISHED = {
    *("DialCallSid", "DialCallSidLegacy", "DialCallStatus", "DialCallDuration"),
    *("QueueSid", "QueueResult", "QueueTime"),
}
"""Of requests after verbs that have no schema of their own; `vendors/test_actions` checks them."""


def schema_of(line: Line) -> str:
    """The published schema of a callback; where none is, that of what it has in common."""
    kind, params = line["kind"], line["params"]
    name = "instruction-fetch"
    if kind == "recording-status":
        name = f"recording-{params['RecordingStatus']}"
    elif kind == "call-status":
        name = f"call-{EVENTS.get(params['CallStatus'], 'completed')}"
    elif kind == "conference-status":
        name = f"conference-{TOLD[params['StatusCallbackEvent']]}"
    elif kind == "queue":
        name = "queue"
    elif "RecordingDuration" in params:
        name = "record-action"
    elif "Digits" in params or "SpeechResult" in params:
        name = "gather"
    return f"callback-texml-{name}"


@needs_schemas
def test_views_are_what_the_schemas_say(played):
    if played.loaded.scenario.readings.get("texml_date_format") == "rfc2822":
        return  # the pages say so, their schemas say date-time
    for row in played.recordings:
        is_of_conference = bool(row["v2"] and row["v2"]["source"] == "conference")
        assert bool(row["conference_item"]) >= is_of_conference
        if row["conference_item"]:
            name = "texml-conference-recordings-list-response"
            validator(name, *ITEM).validate(row["conference_item"])
        for view, name in VIEWS.items():
            if row[view] is not None:
                validator(name).validate(row[view])


@needs_schemas
def test_callbacks_are_what_the_schemas_say(played):
    assert played.callbacks
    for line in played.callbacks:
        if line["kind"] == "webhook":
            if line["method"] == "POST":
                published(modelled(body_of(line)))
            continue
        name = schema_of(line)
        params = line["params"]
        if "ReferCallStatus" in params:
            continue  # its page has a schema that was not handed on
        if line["kind"] == "action":
            params = {key: text for key, text in params.items() if key not in UNPUBLISHED}
        validator(name).validate(decoded(name, params))


def test_the_invariants_hold_at_every_step(scenario):
    staged = stage(load(scenario))
    platform = Platform(staged.vendor)
    watch = Watch(platform)

    Driver(platform, staged.plan, watch, retires=staged.retires).run()

    watch.finish()
    assert watch.seq == platform.seq
