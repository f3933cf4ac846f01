"""What must always hold, whoever drives the platform: the invariants, watched step by step.

A `Watch` is an observer that any driver can be given. It raises at the first step that breaks an
invariant, and names it.
"""

from __future__ import annotations

from recsim.core.capture import total
from recsim.core.commands import Answer, Command
from recsim.core.effects import Attempt, Effect, Fetch, Move
from recsim.core.entities import (
    ABSENT,
    COMPLETED,
    IN_PROGRESS,
    NEVER,
    PAUSED,
    CallLeg,
    Message,
    Recording,
)
from recsim.core.platform import Final, Platform
from recsim.core.vendor import Link
from recsim.core.verbs.dial import Dial, Dialing
from recsim.core.verbs.record import seen_from
from recsim.core.webhook_properties import HOOK, Hooks, hold


class Watch:
    """Checks every step of one platform; call `finish` when nothing comes any more."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.seq = platform.seq
        self.statuses: dict[int, str] = {}
        """By entity."""
        self.sids: set[str] = set()
        self.owed: list[Message] = []
        """Recording callbacks whose first attempt has not gone out."""
        self.told = 0
        """Call progress that is to be told, less first attempts to tell it."""
        self.events = {
            dest: coupling.trigger
            for coupling in platform.vendor.couplings
            for dest in coupling.dests
            if coupling.relation == "status callback of the leg"
        }
        """Of call progress, by status of a leg."""
        self.unrecorded: dict[int, Message] = {}
        """By leg: what is owed unless the recording of its `<Dial>` begins."""
        self.links: dict[Link, Recording] = {}
        """Told and not expired, with what each leads to."""
        self.hooks = Hooks(platform)
        self.lifecycles = {
            lifecycle.name: lifecycle
            for lifecycle in (
                platform.vendor.leg,
                platform.vendor.conference,
                platform.vendor.recording,
                platform.vendor.delivery,
            )
        }

    def asked(self, at_us: int, seq: int, cause: int, command: Command) -> None:
        """A command was given."""
        hold(seq == self.seq + 1, "numbering", f"expected command {self.seq + 1}, got {seq}")
        hold(cause < seq, "no event before its cause", f"command {seq} is caused by {cause}")
        self.seq = seq

    def saw(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        """Effects of one step, the first of which is numbered `seq`."""
        for effect in effects:
            hold(seq == self.seq + 1, "numbering", f"expected effect {self.seq + 1}, got {seq}")
            cause = effect.cause
            hold(cause < seq, "no event before its cause", f"effect {seq} is caused by {cause}")
            if isinstance(effect, Move):
                self._moved(effect)
            elif isinstance(effect, Attempt) and effect.n == 1:
                self._attempted(effect)
            if isinstance(effect, Attempt | Fetch):
                self._told(effect)
            self.seq = seq
            seq += 1
        self.hooks.stepped()
        for leg in self.platform.legs.values():
            self._leg(leg)
            self._dial(leg)
        if self.links:
            self._linked(any(isinstance(effect, Move) for effect in effects))

    def reached(
        self, at_us: int, call: str, seq: int, effect: Attempt | Fetch, answer: Answer
    ) -> None:
        """What was sent under `seq` has arrived, or was lost: later than it was sent."""
        hold(seq <= self.seq, "no event before its cause", f"{seq} arrives at {at_us}")

    def left(self, at_us: int, final: Final) -> None:
        """A session was retired."""
        for recording in final.recordings:
            self._settled(recording)
        self.links = {
            link: recording
            for link, recording in self.links.items()
            if recording.session != final.session.key
        }

    def finish(self) -> None:
        """The run is over: nothing is open, armed or owed."""
        platform = self.platform
        for recording in platform.recordings.values():
            self._settled(recording)
        hold(not len(platform.agenda), "nothing open at the end", str(platform.agenda.armed()))
        hold(not platform.fetches, "nothing open at the end", str(platform.fetches))
        hold(not platform.deliveries, "nothing open at the end", str(platform.deliveries))
        hold(not self.owed, "every subscribed event is sent", str(self.owed))
        self.hooks.finish()
        hold(not self.told, "every subscribed event is sent", f"{self.told} of call progress")
        for session in platform.sessions.values():
            hold(session.open == 0, "nothing open at the end", f"{session.title}: {session.open}")

    def _moved(self, move: Move) -> None:
        """A status is only left by a row for it, and a final one only by deletion."""
        lifecycle, rule = self.lifecycles[move.lifecycle], move.rule
        status = self.statuses.get(move.entity, lifecycle.initial)
        path = f"{move.lifecycle} {move.entity} is {status} and moved by {rule}"
        hold(rule in lifecycle.rules and rule.source == status, "moves form a path", path)
        is_deletion = rule.dest == lifecycle.removed
        hold(
            status not in lifecycle.final or is_deletion, "one final status, left by deletion", path
        )
        assert rule.dest is not None
        self.statuses[move.entity] = rule.dest
        self.hooks.moved(move)
        if move.lifecycle == self.platform.vendor.leg.name:
            self._progressed(self.platform.legs[move.entity], rule.dest)
        recording = self.platform.recordings.get(move.entity)
        if recording is not None and move.lifecycle == self.platform.vendor.recording.name:
            self._recording(recording, rule.trigger)

    def _recording(self, recording: Recording, trigger: str) -> None:
        """A recording right after a step in which it moved."""
        platform, name = self.platform, recording.name
        session, leg = platform.sessions[recording.session], platform.legs[recording.leg]
        if recording.captured == () and trigger == "start":
            sid = platform.vendor.wire_id("recording", session.title, recording.n)
            hold(sid not in self.sids, "sids are unique", f"{name}: {sid}")
            self.sids.add(sid)
        word, settings = platform.vendor.callback_status.get(trigger), recording.settings
        if word is not None and word in settings.callback_events and settings.callback_url:
            now_us = platform.now_us
            message = platform.vendor.recording_status(session, leg, recording, word, now_us)
            hold(message not in self.owed, "one event per change of status", f"{name}: {message}")
            self.owed.append(message)
        started, ended = recording.started_at_us, recording.ended_at_us
        hold(started != NEVER, "what moves has started", name)
        hold(ended >= started, "end is not before start", f"{name}: {started} to {ended}")
        if ended != NEVER:
            is_open = recording.status in (IN_PROGRESS, PAUSED)
            hold(not is_open, "what has ended does not go on", f"{name} is {recording.status}")
            length = recording.length_us
            hold(length == total(recording.kept), "duration is what is kept", f"{name}: {length}")
            hold(0 <= length <= ended - started, "duration is within wall time", name)
        if recording.status == COMPLETED:
            minimum_us = platform.policy.minimum_us
            hold(recording.length_us >= minimum_us, "completed has audio", name)
        if recording.status == ABSENT:
            hold(not recording.kept, "absent has no media", f"{name}: {recording.kept}")

    def _attempted(self, attempt: Attempt) -> None:
        """Only what was subscribed is sent, and each event once."""
        if attempt.message.kind == HOOK:
            self.hooks.sent(attempt)
            return
        if attempt.message.kind == "call-status":
            self.told -= 1
            hold(self.told >= 0, "only subscribed events are sent, once", str(attempt.message))
            return
        text = f"{attempt.message}, owed: {self.owed}"
        hold(attempt.message in self.owed, "only subscribed events are sent, once", text)
        self.owed.remove(attempt.message)

    def _progressed(self, leg: CallLeg, status: str) -> None:
        """A leg moved: whoever subscribed to that is to be told."""
        subscribed = leg.setup.status
        event = self.events.get(status)
        self.told += bool(subscribed.url) and event in subscribed.events

    def _dial(self, leg: CallLeg) -> None:
        """A `<Dial>` that is over without its recording owes whoever subscribed an absent."""
        verb, message = leg.verb, self.unrecorded.pop(leg.key, None)
        if not (isinstance(verb, Dial) and isinstance(leg.progress, Dialing)):
            self.owed += [message] if message is not None else []
        elif verb.record_from and not leg.progress.recording:
            settings = seen_from(leg.document_url, verb.settings)
            if ABSENT in settings.callback_events and settings.callback_url:
                session = self.platform.sessions[leg.session]
                self.unrecorded[leg.key] = self.platform.vendor.never_recorded(
                    session, leg, verb.source, settings
                )

    def _told(self, effect: Attempt | Fetch) -> None:
        """A message goes out, perhaps with a link."""
        link = self.platform.vendor.link(effect.message)
        if link is not None:
            key = self.platform.sessions[effect.session].recordings[link.recording - 1]
            self.links[link] = self.platform.recordings[key]

    def _linked(self, moved: bool) -> None:
        """A link answers as it should now, and would around its expiry if nothing else came."""
        now_us = self.platform.now_us
        for link, recording in list(self.links.items()):
            edges_us = (link.until_us - 1, link.until_us) if moved else ()
            for at_us in (now_us, *(edge_us for edge_us in edges_us if edge_us > now_us)):
                self._link(at_us, link, recording)
            if now_us >= link.until_us:
                del self.links[link]

    def _link(self, at_us: int, link: Link, recording: Recording) -> None:
        """404 before storage, 200 from there on for exactly its lifetime, then 403."""
        platform = self.platform
        if at_us != platform.now_us:
            platform = platform.fork()
            platform.now_us = at_us
        wanted = 200 if recording.status == COMPLETED else 404
        if at_us >= link.until_us:
            wanted = 403
        status = platform.vendor.answer(platform, link.request).status
        text = f"{recording.name} is {recording.status}: {status}, not {wanted}, at {at_us}"
        hold(status == wanted, "a link works from storage for exactly its lifetime", text)

    def _leg(self, leg: CallLeg) -> None:
        """No recording outlives its leg, and a bridge has two ends."""
        peer = self.platform.peer_of(leg)
        if peer is not None:
            is_whole = peer.peer == leg.key and not self.platform.is_over(leg)
            hold(is_whole, "a bridge has two ends", f"{leg.name} and {peer.name}")
        if self.platform.is_over(leg):
            for recording in self.platform.recordings_on(leg):
                is_open = recording.status in (IN_PROGRESS, PAUSED)
                hold(not is_open, "no recording outlives its leg", recording.name)

    def _settled(self, recording: Recording) -> None:
        is_final = self.platform.vendor.recording.is_final(recording.status)
        hold(is_final, "nothing in progress at the end", f"{recording.name}: {recording.status}")
