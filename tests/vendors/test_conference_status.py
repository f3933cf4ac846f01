"""Conference status callbacks: what is told of a conference, of whom, and to whom."""

from __future__ import annotations

from functools import cache

import pytest
from calls import (
    ALICE,
    APPLICATION,
    BOB,
    CAROL,
    SECOND_US,
    STATUS_URL,
    SUPPORT,
    Line,
    document,
    element,
)
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter
from schemas import decoded, needs_schemas, validator

from recsim.core import conferences
from recsim.core.commands import HungUp, Speech
from recsim.vendors.telnyx import callback_models as models
from recsim.vendors.telnyx.callbacks import ConferenceStatus, Instructions
from recsim.vendors.telnyx.callbacks.conference import EVENTS
from recsim.vendors.telnyx.texml.attributes import CONFERENCE_WORDS
from recsim.vendors.telnyx.vendor import Telnyx

READ: TypeAdapter[models.ConferenceProgress] = TypeAdapter(models.ConferenceStatusCallback)
PUBLISHED = {
    "conference-start": "callback-texml-conference-start",
    "conference-end": "callback-texml-conference-end",
    "participant-join": "callback-texml-conference-join",
    "participant-leave": "callback-texml-conference-leave",
    "participant-speech-start": "callback-texml-conference-speaker",
    "participant-speech-stop": "callback-texml-conference-speaker",
}
REQUIRED = {
    *("AccountSid", "CallSid", "CallSidLegacy", "ConnectionId", "ConferenceSid", "FriendlyName"),
    *("SequenceNumber", "StatusCallbackEvent", "Timestamp"),
}


@cache
def published(name: str) -> Draft202012Validator:
    return validator(name)


def join(room: str = "weekly", events: str = " ".join(CONFERENCE_WORDS), **attributes: str) -> str:
    """A document that comes into a conference and has its status told."""
    told = {"statusCallback": STATUS_URL, "statusCallbackEvent": events} if events else {}
    return document(element("Dial", element("Conference", room, **told | attributes)), "<Hangup/>")


def met(**attributes: str) -> tuple[Line, int, int]:
    """A line on which Alice is in a conference, and Bob comes in 2 s later: both legs."""
    line = Line({"answer": join(participantLabel="host", **attributes)})
    alice = line.call()
    line.after(2 * SECOND_US)
    line.documents = {"answer": join(participantLabel="guest", **attributes)}
    return line, alice, line.call("bob", BOB)


def told(line: Line) -> list[dict[str, str]]:
    """What was told of conferences, each of it as its model prints it back, once all is sent."""
    line.after(SECOND_US)
    found = line.of("conference-status")
    for params in found:
        assert READ.validate_python(params).dump() == params
        assert all(type(value) is str for value in params.values())
    return found


def brief(line: Line) -> list[tuple[str, str]]:
    """Each event, and whose call it names."""
    names = {line.sid(name): name for name in ("alice", "bob", "carol")}
    return [(one["StatusCallbackEvent"], names[one["CallSid"]]) for one in told(line)]


def everything() -> list[dict[str, str]]:
    """What is told where everybody speaks and leaves, and everything is subscribed to."""
    line, alice, bob = met()
    for leg in (alice, bob):
        line.do(Speech(leg, on=True))
        line.after(SECOND_US)
        line.do(Speech(leg, on=False))
    line.do(HungUp(bob))
    line.do(HungUp(alice))
    return told(line)


# What is told, and of whom


def test_a_conference_is_told_from_its_start_to_its_end() -> None:
    line, alice, bob = met()
    line.do(Speech(bob, on=True))
    line.do(Speech(bob, on=False))
    line.do(HungUp(bob))
    line.do(HungUp(alice))

    assert brief(line) == [
        ("conference-start", "alice"),
        ("participant-join", "alice"),
        ("participant-join", "bob"),
        ("participant-speech-start", "bob"),
        ("participant-speech-stop", "bob"),
        ("participant-leave", "bob"),
        ("participant-leave", "alice"),
        ("conference-end", "alice"),
    ]


def test_who_waits_for_the_start_has_joined_before_it() -> None:
    line = Line({"answer": join(startConferenceOnEnter="false")})
    line.call()
    line.documents = {"answer": join()}
    line.call("bob", BOB)

    assert brief(line) == [
        ("participant-join", "alice"),
        ("conference-start", "bob"),
        ("participant-join", "bob"),
    ]


def test_what_is_sent_is_counted_from_0_by_conference() -> None:
    line, _, bob = met()
    line.do(HungUp(bob))
    line.documents = {"answer": join("other")}
    line.call("carol", CAROL)

    found = [(one["FriendlyName"], one["SequenceNumber"]) for one in told(line)]

    assert found == [
        *(("weekly", str(n)) for n in range(4)),
        *(("other", str(n)) for n in range(2)),
    ]


def test_a_callback_says_which_conference_when_and_who() -> None:
    line, _, _ = met()

    start, _, bob = told(line)

    assert start["ConferenceSid"] == bob["ConferenceSid"]
    assert start["ConferenceSid"] == line.vendor.wire_id("conference", "alice", 1)
    assert start["Timestamp"] == "2026-01-05T09:00:00Z"
    assert bob["Timestamp"] == "2026-01-05T09:00:02Z"
    assert (bob["From"], bob["To"], bob["CallingPartyType"]) == (BOB, SUPPORT, "pstn")
    assert (start["From"], start["To"]) == (ALICE, SUPPORT)


def test_a_label_is_told_of_whoever_has_one_when_leaving_too() -> None:
    line, _, bob = met()
    line.do(Speech(bob, on=True))
    line.do(Speech(bob, on=False))
    line.do(HungUp(bob))

    found = [one for one in told(line) if one["CallSid"] == line.sid("bob")]

    assert {one["StatusCallbackEvent"] for one in found} == {
        *("participant-join", "participant-leave"),
        *("participant-speech-start", "participant-speech-stop"),
    }
    assert {one["ParticipantLabel"] for one in found} == {"guest"}


def test_who_has_no_label_is_told_without() -> None:
    line = Line({"answer": join()})
    line.call()

    assert all("ParticipantLabel" not in one for one in told(line))


def test_a_conference_without_a_name_has_an_empty_one() -> None:
    line = Line({"answer": join(room="")})
    line.call()

    assert {one["FriendlyName"] for one in told(line)} == {""}


def test_who_is_muted_does_not_speak() -> None:
    line, alice, _ = met(muted="true")
    line.do(Speech(alice, on=True))
    line.do(Speech(alice, on=False))

    assert "participant-speech-start" not in {event for event, _ in brief(line)}


@pytest.mark.parametrize("attributes", [{}, {"endConferenceOnExit": "true"}])
def test_who_leaves_while_speaking_is_not_told_to_have_stopped(attributes: dict[str, str]) -> None:
    line, alice, _ = met(**attributes)
    line.do(Speech(alice, on=True))
    line.do(HungUp(alice))

    assert "participant-speech-stop" not in {event for event, _ in brief(line)}


def test_who_began_to_speak_unheard_is_not_told_to_have_stopped() -> None:
    line = Line({"answer": join(startConferenceOnEnter="false")})
    alice = line.call()
    line.do(Speech(alice, on=True))
    line.after(SECOND_US)
    line.documents = {"answer": join()}
    line.call("bob", BOB)
    line.after(SECOND_US)
    line.do(Speech(alice, on=False))
    line.do(Speech(alice, on=True))

    speech = [one for one in brief(line) if "speech" in one[0]]

    assert speech == [("participant-speech-start", "alice")]


def test_a_second_conference_of_a_name_has_another_id() -> None:
    line = Line({"answer": join()})
    line.do(HungUp(line.call()))
    line.call("bob", BOB)

    found = {one["ConferenceSid"] for one in told(line)}

    assert found == {line.vendor.wire_id("conference", name, 1) for name in ("alice", "bob")}


def test_all_have_left_when_the_end_is_told() -> None:
    line, alice, _ = met(endConferenceOnExit="true")
    line.do(HungUp(alice))

    assert brief(line)[-3:] == [
        ("participant-leave", "alice"),
        ("participant-leave", "bob"),
        ("conference-end", "alice"),
    ]


# To whom


@pytest.mark.parametrize("word", CONFERENCE_WORDS)
def test_only_what_is_subscribed_to_is_told(word: str) -> None:
    line, alice, bob = met(events=word)
    line.do(Speech(alice, on=True))
    line.do(Speech(alice, on=False))
    for leg in (bob, alice):
        line.do(HungUp(leg))

    found = {one["StatusCallbackEvent"] for one in told(line)}

    assert found == {event for (asked, _), event in EVENTS.items() if asked == word}


def test_without_a_subscription_nothing_is_told() -> None:
    line, alice, _ = met(events="")
    line.do(HungUp(alice))

    assert told(line) == []


def test_who_comes_later_does_not_change_who_is_told() -> None:
    line = Line({"answer": join()})
    line.call()
    line.documents = {"answer": join(events="join", statusCallback="https://other.test/status")}
    line.call("bob", BOB)

    assert brief(line)[-1] == ("participant-join", "bob")
    urls = {url for (kind, _), url in zip(line.sent, line.to, strict=True) if "conference" in kind}
    assert urls == {STATUS_URL}


def test_who_comes_later_may_be_the_first_who_wants_to_be_told() -> None:
    line = Line({"answer": join(events="")})
    line.call()
    line.documents = {"answer": join(events="join end")}
    line.call("bob", BOB)

    assert brief(line) == [("participant-join", "bob")]


def test_a_callback_may_be_a_get() -> None:
    line = Line({"answer": join(statusCallbackMethod="GET")}, APPLICATION)
    line.call()

    assert {one.method for one in line.platform.deliveries.values()} == {"GET"}


# Against the models and the published schemas


def test_every_word_of_a_subscription_has_its_events() -> None:
    words = [word for word, _ in EVENTS]

    assert tuple(dict.fromkeys(words)) == CONFERENCE_WORDS
    assert set(CONFERENCE_WORDS) == {
        *(conferences.START, conferences.END, conferences.JOIN, conferences.LEAVE),
        conferences.SPEAKER,
    }
    assert set(EVENTS.values()) == set(PUBLISHED)


def test_every_event_is_tried() -> None:
    assert {one["StatusCallbackEvent"] for one in everything()} == set(EVENTS.values())


@needs_schemas
def test_what_is_told_fits_the_published_schemas_and_nothing_besides() -> None:
    for params in everything():
        name = PUBLISHED[params["StatusCallbackEvent"]]
        assert list(published(name).iter_errors(decoded(name, params))) == []


@needs_schemas
@pytest.mark.parametrize("name", sorted(set(PUBLISHED.values())))
def test_what_must_be_told_is_what_the_published_schema_requires(name: str) -> None:
    assert set(validator(name).schema["required"]) == REQUIRED


numbers = st.sampled_from(["+15550001", "sip:ana@example.test", "anonymous"])
calls = st.builds(
    Instructions,
    st.text(min_size=1, max_size=5),
    st.sampled_from(["", "175237942907135762"]),
    st.integers(1, 3),
    numbers,
    numbers,
    st.just("in-progress"),
)
rows = st.builds(
    ConferenceStatus,
    calls,
    st.text(min_size=1, max_size=5),
    st.integers(1, 9),
    st.text(max_size=5),
    st.sampled_from(list(EVENTS.values())),
    st.text(max_size=5),
    st.integers(0, 10**6),
    st.integers(0, 10**12),
)


@given(rows)
def test_a_row_is_what_its_model_prints_back(row: ConferenceStatus) -> None:
    params = Telnyx(7, 1_767_603_600_000_000).encode(row, "POST", STATUS_URL).params
    found = dict(params)

    assert len(found) == len(params)
    assert READ.validate_python(found).dump() == found
    assert set(found) >= REQUIRED
    assert row.kind == "conference-status"


@pytest.mark.parametrize(
    ("from_", "to", "kind", "uris"),
    [
        ("+15550001", "+15550002", "pstn", {}),
        ("sip:a@b.test", "+15550002", "sip", {"FromSipUri": "sip:a@b.test"}),
        ("+15550001", "sip:c@d.test", "pstn", {"ToSipUri": "sip:c@d.test"}),
    ],
)
def test_sip_uris_are_told_where_there_are_any(
    from_: str, to: str, kind: str, uris: dict[str, str]
) -> None:
    call = Instructions("a", "", 1, from_, to, "in-progress")
    row = ConferenceStatus(call, "a", 1, "weekly", "conference-start", "", 0, 0)

    found = dict(Telnyx(7, 0).encode(row, "POST", STATUS_URL).params)

    assert found["CallingPartyType"] == kind
    assert {key: found[key] for key in found if key.endswith("SipUri")} == uris


def test_what_comes_first_is_whose_account_it_is_and_whose_call() -> None:
    line = Line({"answer": join()})
    line.call()

    assert list(told(line)[0]) == [
        *("AccountSid", "CallSid", "CallSidLegacy", "ConnectionId"),
        *("ConferenceSid", "FriendlyName", "StatusCallbackEvent", "SequenceNumber", "Timestamp"),
        *("CallingPartyType", "From", "To"),
    ]
