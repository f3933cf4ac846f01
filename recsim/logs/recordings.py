"""Recordings of a log: their callbacks, webhooks and action requests, held against the table.

No callback of a recording has a moment or a number of its own: only which of them there are can be
judged, and what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from recsim.core.entities import ABSENT, COMPLETED, IN_PROGRESS
from recsim.core.lifecycle import Coupling
from recsim.logs.context import SKEW_US, Context, fits, seconds
from recsim.logs.links import SignedLink, signed_link
from recsim.logs.memory import Event, Window
from recsim.logs.moments import SECOND_US, moment_us, whole
from recsim.logs.observable import RECORDINGS
from recsim.logs.report import sid as shown
from recsim.vendors.telnyx.callbacks.webhooks import CHANNELS
from recsim.vendors.telnyx.defaults import BY_CALL_COMMAND, BY_CONFERENCE_COMMAND, SOURCES
from recsim.vendors.telnyx.lifecycle import COUPLINGS
from recsim.vendors.telnyx.vendor import SOURCES_TOLD
from recsim.vendors.telnyx.words import ERROR_CODES

if TYPE_CHECKING:
    from recsim.logs.calls import Calls
    from recsim.logs.conferences import Conferences

#: What is the same in all that is told of one recording.
SAME = ("AccountSid", "CallSid", "ConnectionId", "RecordingSource", "RecordingChannels")
OF_CONFERENCES = frozenset(row.source for row in SOURCES if "onference" in row.source)
#: Sources of which webhooks tell only where TeXML is told too (Q 41).
OF_TEXML = SOURCES_TOLD - {
    row.source for row in SOURCES if row.made_by in (BY_CALL_COMMAND, BY_CONFERENCE_COMMAND)
}
ENDS: Coupling = next(
    one
    for one in COUPLINGS
    if (one.lifecycle, one.relation) == ("call leg", "recordings of the leg")
)
OUTCOMES = frozenset(RECORDINGS.words) - {IN_PROGRESS}
ACTION = "action"


@dataclass(slots=True, eq=False)
class Heard:
    """A recording, as far as it was told."""

    call: str
    """The CallSid it was told with; empty: none."""
    line: int
    told: dict[str, Event] = field(default_factory=dict)
    source: str = ""
    conference: str = ""
    is_of_conference: bool = False
    duration_s: int = -1
    """Of completed; -1: not told."""
    wall_us: int = -1
    """From its start to its end, by a webhook; -1: not told."""
    starts_us: int | None = None
    ends_us: int | None = None
    completed_us: int | None = None
    """When completed arrived first."""
    action_s: int = -1
    is_absent: bool = False
    calls_gone: int = 0
    """How many calls had been forgotten when it was first heard of."""


class Recordings:
    """All recordings within the window."""

    def __init__(
        self, context: Context, most: int, within_us: int | None, calls: Calls, rooms: Conferences
    ) -> None:
        self.context, self.calls, self.rooms = context, calls, rooms
        self.window: Window[Heard] = Window(most, within_us, self.left)

    def _heard(self, sid: str, call: str) -> Heard:
        context = self.context

        def make() -> Heard:
            return Heard(call, context.line, calls_gone=self.calls.window.forgotten)

        one = self.window.touch(sid, make, context.entry.at_us)
        one.call = one.call or call
        return one

    def callback(self, word: str, form: Mapping[str, Any]) -> None:
        """A recording callback whose shape is right."""
        sid, call = form.get("RecordingSid"), form["CallSid"]
        if sid is None:
            self._content(None, f"recording of call {shown(call)}", word, form)
            return
        about, one = f"recording {shown(sid)}", self._heard(sid, call)
        if not self._is_new(one, word, form, about):
            return
        one.source = form["RecordingSource"]
        one.is_of_conference = one.source in OF_CONFERENCES
        if word == COMPLETED:
            one.duration_s, one.completed_us = (
                whole(form["RecordingDuration"]),
                self.context.entry.at_us,
            )
        one.is_absent = one.is_absent or word == ABSENT
        if word == IN_PROGRESS and not OUTCOMES.isdisjoint(one.told):
            outcome = next(name for name in one.told if name in OUTCOMES)
            text = f"{about}: {word} arrives after {outcome} of line {one.told[outcome].line}"
            self.context.say("out-of-order", text, about=about, word=word)
        self._content(one, about, word, form)
        self._agree(one, about, word)

    def webhook(self, word: str, at_us: int | None, payload: Mapping[str, Any]) -> None:
        """A webhook that a recording is stored, as though a callback said it."""
        sid = payload["recording_id"]
        channels = {name: str(number) for number, name in CHANNELS.items()}
        body = {
            "CallSid": payload["call_control_id"],
            "ConnectionId": payload["connection_id"],
            "RecordingChannels": channels[payload["channels"]],
            **{name: value for name, value in payload.items() if name != "channels"},
        }
        body["recording_urls"] = str(payload["recording_urls"])
        body["public_recording_urls"] = str(payload["public_recording_urls"])
        about, one = f"recording {shown(sid)}", self._heard(sid, payload["call_control_id"])
        if not self._is_new(one, word, body, about):
            return
        if conference := payload.get("conference_id"):
            one.conference, one.is_of_conference = conference, True
        starts_us = moment_us(payload["recording_started_at"])
        ends_us = moment_us(payload["recording_ended_at"])
        assert starts_us is not None
        assert ends_us is not None
        one.starts_us, one.ends_us, one.wall_us = starts_us, ends_us, ends_us - starts_us
        context, row = self.context, RECORDINGS.source(word)
        if ends_us < starts_us:
            text = f"{about} ended {seconds(starts_us - ends_us)} before it started"
            legal = "recording_ended_at not before recording_started_at"
            context.say("before-its-start", text, about=about, word=word, legal=legal)
        if at_us is not None and ends_us > at_us:
            text = f"{about} was stored {seconds(ends_us - at_us)} before it ended"
            legal = "occurred_at not before recording_ended_at"
            context.say("before-its-start", text, about=about, word=word, legal=legal, source=row)
        for url in payload["recording_urls"].values():
            self._link(about, word, signed_link(url), -1)
        self._agree(one, about, word)

    def action(self, form: Mapping[str, Any]) -> None:
        """The action request after a `<Record>`, which names its recording."""
        sid, about = form["RecordingSid"], f"recording {shown(form['RecordingSid'])}"
        one = self._heard(sid, form["CallSid"])
        before = one.told.get(ACTION)
        if before is None:
            self._same(one, ACTION, form, about)
            one.told[ACTION] = self.context.event(form, None)
            one.action_s = whole(form["RecordingDuration"])
            self._link(about, ACTION, signed_link(form.get("RecordingUrl")), one.action_s)
            self._agree(one, about, ACTION)

    def _is_new(self, one: Heard, word: str, body: Mapping[str, Any], about: str) -> bool:
        """Whether a word is told for the first time; judges it beside the others."""
        context, before = self.context, one.told.get(word)
        if before is not None:
            context.again(before, body, about, word)
            return False
        told = {name: event for name, event in one.told.items() if name in RECORDINGS.told}
        event = context.event(body, None)
        one.told[word] = event
        if not fits(context, RECORDINGS, told, word, event, about):
            return False
        self._same(one, word, body, about)
        return True

    def _same(self, one: Heard, word: str, body: Mapping[str, Any], about: str) -> None:
        """Whether it has the call, the account and so on that it had before."""
        for other, event in one.told.items():
            if other != word and (fields := event.clashes(body, SAME)):
                self.context.say(
                    "inconsistent",
                    f"{about}: {word} has another {', '.join(fields)} than {other} "
                    f"of line {event.line}",
                    about=about,
                    word=word,
                    legal="the same in all that is told of one recording",
                )
                return

    def _content(self, one: Heard | None, about: str, word: str, form: Mapping[str, Any]) -> None:
        """What a callback says of itself."""
        context, readings = self.context, self.context.readings
        duration_s = whole(form["RecordingDuration"]) if word == COMPLETED else -1
        link = signed_link(form.get("RecordingUrl"))
        self._link(about, word, link, duration_s)
        if one is not None and link is not None and one.starts_us is None:
            one.starts_us = link.starts_us
        if word == COMPLETED and self._longest_us(duration_s) <= context.policy.minimum_us:
            key, text = "absent_min_duration_s", f"{about}: completed lasts {duration_s} s"
            context.reading(key, f"{duration_s}s", text, about, word, "Q 26")
        if code := form.get("ErrorCode"):
            if readings["absent_error_codes"] == "none":
                key, text = "absent_error_codes", f"{about}: absent has an ErrorCode"
                context.reading(key, "twilio", text, about, word, "Q 27")
            elif code not in ERROR_CODES.values():
                legal = ", ".join(ERROR_CODES.values())
                text = f"{about}: absent has an ErrorCode that no source names"
                context.say("unknown-error-code", text, about=about, word=word, legal=legal)
        source = form["RecordingSource"]
        if word == ABSENT and source == "RecordVerb" and readings["record_accept_absent"] != "true":
            key, text = "record_accept_absent", f"{about}: absent is told of a Record"
            context.reading(key, "true", text, about, word, "Q 8")

    def _longest_us(self, duration_s: int) -> int:
        """What a recording of so many whole seconds is shorter than, or at most as long as."""
        more_us = {"floor": SECOND_US, "nearest": SECOND_US // 2, "ceil": 0}
        return duration_s * SECOND_US + more_us[self.context.readings["duration_round"]]

    def _link(self, about: str, word: str, link: SignedLink | None, duration_s: int) -> None:
        """What a link says of itself."""
        if link is None:
            return
        context, arrived_us = self.context, self.context.entry.at_us
        wanted_us = context.link_us
        if link.life_us != wanted_us:
            key, text = "recording_url_ttl_s", f"{about}: a link lasts for {seconds(link.life_us)}"
            context.reading(key, f"{link.life_us // SECOND_US}s", text, about, word, "Q 23")
        if arrived_us is not None:
            if link.signed_us > arrived_us + SKEW_US:
                later = seconds(link.signed_us - arrived_us)
                text = f"{about}: the link of {word} is signed {later} after its arrival"
                legal = "a link that is signed before it is sent"
                context.say("from-the-future", text, about=about, word=word, legal=legal)
            elif arrived_us >= link.signed_us + link.life_us:
                later = seconds(arrived_us - link.signed_us - link.life_us)
                text = f"{about}: {word} arrives {later} after its link has expired"
                legal = f"within {seconds(link.life_us)} of the signature"
                context.say("late", text, about=about, word=word, legal=legal, source="Q 23")
        if link.starts_us is not None:
            had_us = link.signed_us - link.starts_us
            if had_us < 0 or duration_s * SECOND_US > had_us + SECOND_US:
                text = (
                    f"{about} lasts {max(duration_s, 0)} s, yet its link is signed "
                    f"{seconds(had_us)} after its start"
                )
                legal = f"at most {max(had_us, 0) // SECOND_US + 1} s"
                context.say("duration-too-long", text, about=about, word=word, legal=legal)

    def _agree(self, one: Heard, about: str, word: str) -> None:
        """Whether callback, webhook and action request say the same of one recording."""
        context = self.context
        if one.duration_s >= 0 and one.wall_us >= 0:
            if one.duration_s * SECOND_US >= one.wall_us + SECOND_US:
                text = f"{about} lasts {one.duration_s} s within {seconds(one.wall_us)}"
                legal = f"at most {one.wall_us // SECOND_US} s"
                context.say("duration-too-long", text, about=about, word=word, legal=legal)
            elif one.duration_s * SECOND_US > one.wall_us and (
                context.readings["duration_round"] == "floor"
            ):
                key, text = (
                    "duration_round",
                    f"{about}: {seconds(one.wall_us)} became {one.duration_s} s",
                )
                context.reading(key, "ceil", text, about, word, "Q 37")
        if one.duration_s >= 0 and one.action_s not in (-1, one.duration_s):
            text = (
                f"{about} lasts {one.duration_s} s as completed, and {one.action_s} s in its action"
            )
            context.say("views-disagree", text, about=about, word=word, legal="one duration")
        if one.is_absent and one.action_s >= 0 and context.policy.empty_skips_action:
            key, text = (
                "empty_record_skips_action",
                f"{about}: its action is asked, yet it is absent",
            )
            context.reading(key, "false", text, about, word, "Q 43")
        is_told_twice = one.wall_us >= 0 and one.source in OF_TEXML
        if is_told_twice and one.source not in context.policy.webhook_sources:
            key, text = "texml_also_json", f"{about}: a webhook tells of what {one.source} made"
            context.reading(key, "true", text, about, word, "Q 41")

    def left(self, sid: str, one: Heard) -> None:
        """Nothing more is expected of a recording: what is missing, how it stands to its call."""
        about, call = f"recording {shown(sid)}", self.calls.window.get(one.call)
        end_us = call.ended_us if call is not None and not one.is_of_conference else None
        if OUTCOMES.isdisjoint(one.told) and IN_PROGRESS in one.told:
            self._missing(one, about, call is not None and call.is_over)
        if call is None and self.calls.seen and self.calls.window.forgotten == one.calls_gone:
            text = f"{about}: nothing else is told of its call"
            self._say("orphan", one, text, about)
        if end_us is None:
            return
        for moment, at_us in (("starts", one.starts_us), ("ends", one.ends_us)):
            if at_us is not None and at_us > end_us + SECOND_US:
                text = f"{about} {moment} {seconds(at_us - end_us)} after its call ended"
                legal = f"a recording {ENDS.trigger}s with its call"
                self._say("outlives-call", one, text, about, legal=legal, source=ENDS.spec)
        waits = self.context.policy.completed_waits
        if waits and one.completed_us is not None and one.completed_us < end_us - SECOND_US:
            self.context.report.say(
                "one-reading",
                one.told[COMPLETED].line,
                f"{about}: completed comes before its call ends: "
                "legal only under reading completed_waits_for_call_end=false",
                about=about,
                word=COMPLETED,
                legal="completed once the call has ended",
                source="Q 21",
            )

    def _missing(self, one: Heard, about: str, is_over: bool) -> None:
        if one.is_of_conference:
            room = self.rooms.window.get(one.conference)
            is_over = room is not None and room.is_over
        if is_over:
            text = (
                f"{about} was in progress, its call is over, and neither completed nor absent came"
            )
            legal = "completed or absent, where they were subscribed and the log is whole"
            self._say("missing-outcome", one, text, about, legal=legal)

    def _say(self, rule: str, one: Heard, text: str, about: str, **rest: str) -> None:
        """A finding at the line where a recording was first told."""
        self.context.report.say(rule, one.line, text, about=about, **rest)
