"""How a recording comes to be: for each way that the vendor's table of defaults has, one scenario."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from recsim.core.errors import suggest
from recsim.strategies.asked import COMMAND, START, TOLD, Body, form, json
from recsim.strategies.documents import Tag
from recsim.vendors.telnyx import defaults
from recsim.vendors.telnyx.account import ALL

FROM, TO, AGENT = "+15550001", "+15550002", "+15550100"
ANSWER_URL, NEXT_URL = "https://app.test/answer", "https://app.test/next"

CALLS = "/v2/texml/Accounts/{account}/Calls"
PARTICIPANTS = "/v2/texml/Accounts/{account}/Conferences/{conference}/Participants"

#: What a document says of a recording that is told; `<Record>` offers no absent.
ATTRIBUTES = (
    ("recordingStatusCallback", "/recording"),
    ("recordingStatusCallbackEvent", "in-progress completed absent"),
)
OF_RECORD = (ATTRIBUTES[0], ("recordingStatusCallbackEvent", "in-progress completed"))


class Way(NamedTuple):
    """One row: what a scenario has, so that it makes a recording in one way."""

    made_by: str
    verbs: tuple[Tag, ...]
    """Of the document that a call follows."""
    path: str = ""
    """What is posted once a call has come so far as `word`; empty: nothing."""
    body: Body = Body("form", {})
    word: str = ""
    calls_agent: bool = False
    """What is posted calls somebody: `word` is that of the start, if no caller calls."""
    is_outbound: bool = False
    """Nobody calls: a program makes the calls."""
    account: tuple[tuple[str, Any], ...] = ()
    """What else the scenario has: how the account is set."""

    @property
    def source(self) -> str:
        """What recordings made so say made them."""
        return next(row.source for row in defaults.SOURCES if row.made_by == self.made_by)


def dial(*nouns: Tag, attributes: tuple[tuple[str, str], ...] = ()) -> Tag:
    """A `<Dial>`."""
    return Tag("Dial", attributes, nouns)


LASTS = Tag("Pause", (("length", "10"),))
NUMBER = Tag("Number", text=AGENT)
ROOM = Tag("Conference", text="room")
RECORDED_ROOM = ROOM._replace(attributes=(("record", "record-from-start"), *ATTRIBUTES))
DIALED = (("record", "record-from-answer"), *ATTRIBUTES)
MADE = {"To": AGENT, "From": TO, "Url": ANSWER_URL}
JOINED = {"To": AGENT, "From": TO}
OF_CONFERENCE = {f"Conference{name}": value for name, value in TOLD.items()}
ENABLED = {TO: {"inbound_call_recording_enabled": True}}

# fmt: off
WAYS = (
    #   made by                              verbs                                   path, body and word of a request
    Way(defaults.BY_RECORD,                 (Tag("Record", OF_RECORD),)),
    Way(defaults.BY_NOUN,                   (Tag("Start", inside=(Tag("Recording", ATTRIBUTES),)), LASTS)),
    Way(defaults.BY_REQUEST,                (LASTS,),                               START, form(**TOLD), "answer"),
    Way(defaults.BY_CALL_COMMAND,           (LASTS,),                               "/v2/calls/{call}/actions/record_start", json(**COMMAND), "answer"),
    Way(defaults.BY_DIAL,                   (dial(NUMBER, attributes=DIALED),)),
    Way(defaults.BY_CALL,                   (LASTS,),                               CALLS, json(**MADE, **TOLD, Record=True), calls_agent=True, is_outbound=True),
    Way(defaults.BY_PARTICIPANT,            (dial(ROOM),),                          PARTICIPANTS, form(**JOINED, **TOLD, Record="true"), "conference", calls_agent=True),
    Way(defaults.BY_PARTICIPANT_CONFERENCE, (dial(ROOM),),                          PARTICIPANTS, form(**JOINED, **OF_CONFERENCE, ConferenceRecord="record-from-start"), "conference", calls_agent=True),
    Way(defaults.BY_CONFERENCE,             (dial(RECORDED_ROOM),)),
    Way(defaults.BY_CONFERENCE_COMMAND,     (dial(ROOM),),                          "/v2/conferences/{conference}/actions/record_start", json(format="mp3"), "conference"),
    Way(defaults.BY_NUMBER,                 (LASTS,),                               account=(("numbers", ENABLED),)),
    Way(defaults.BY_PROFILE,                (LASTS,),                               CALLS, json(**MADE), calls_agent=True, is_outbound=True, account=(("profile", {"call_recording_type": ALL}),)),
)
# fmt: on

SOURCES = tuple(dict.fromkeys(way.source for way in WAYS))


def ways_of(sources: Iterable[str] | None) -> list[Way]:
    """The ways that make recordings of `sources`; None: all. Raises ValueError."""
    wanted = list(SOURCES if sources is None else sources)
    for source in wanted:
        if source not in SOURCES:
            known = ", ".join(SOURCES)
            raise ValueError(
                f"expected sources out of {known}, got {source!r}{suggest(source, SOURCES)}"
            )
    return [way for way in WAYS if way.source in wanted]
