"""What must always hold, whoever drives the platform: the invariants, watched step by step.

A `Watch` is an observer that any driver can be given. It raises at the first step that breaks an
invariant, and names it.
"""

from __future__ import annotations

from recsim.core.capture import total
from recsim.core.commands import Answer, Command, Speech
from recsim.core.conferences import JOIN, LEAVE, SPEAKER
from recsim.core.effects import Attempt, Cue, Effect, Fetch, Move
from recsim.core.entities import (
    ABSENT,
    COMPLETED,
    IN_PROGRESS,
    NEVER,
    PAUSED,
    CallLeg,
    Conference,
    Message,
    Recording,
)
from recsim.core.platform import Final, Platform
from recsim.core.recordings import waits
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
        self.waiting: list[Recording] = []
        """Stored, and not to be told before their call is over."""
        self.told = 0
        """Call progress that is to be told, less first attempts to tell it."""
        self.announced: dict[int, int] = {}
        """Status callbacks of conferences up to the step before, by conference."""
        self.unannounced = 0
        """Those whose first attempt has not gone out."""
        self.inside: dict[int, frozenset[int]] = {}
        """Who was in each conference after the step before."""
        self.has_spoken = False
        """The step is an edge of speech."""
        self.events = {
            dest: coupling.trigger
            for coupling in platform.vendor.couplings
            for dest in coupling.dests
            if coupling.relation == "status callback of the leg"
        }
        """Of call progress, by status of a leg."""
        self.words = {
            dest: coupling.trigger
            for coupling in platform.vendor.couplings
            for dest in coupling.dests
            if coupling.relation == "status callback of the conference"
        }
        """What a conference tells of itself, by its status."""
        self.unrecorded: dict[int, Message] = {}
        """By leg or conference: what is owed unless the recording that it asked for begins."""
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
        self.has_spoken = isinstance(command, Speech)

    def saw(self, at_us: int, seq: int, effects: list[Effect]) -> None:
        """Effects of one step, the first of which is numbered `seq`."""
        moved: dict[int, list[str]] = {}
        for effect in effects:
            hold(seq == self.seq + 1, "numbering", f"expected effect {self.seq + 1}, got {seq}")
            self._effect(seq, effect)
            if isinstance(effect, Move):
                moved.setdefault(effect.entity, []).append(effect.rule.dest or "")
            self.seq = seq
            seq += 1
        for conference in self.platform.conferences.values():
            self._announced(conference, moved.get(conference.key, []))
            self._conference(conference)
        for key in moved:
            if key in self.platform.recordings:
                self._agrees(self.platform.recordings[key])
        self.has_spoken = False
        for recording in [one for one in self.waiting if not waits(self.platform, one)]:
            self.waiting.remove(recording)
            if recording.status == COMPLETED:
                self._owe(recording, recording.status)
        self.hooks.stepped()
        for leg in self.platform.legs.values():
            self._leg(leg)
            self._dial(leg)
        if self.links:
            self._linked(any(isinstance(effect, Move) for effect in effects))

    def _effect(self, seq: int, effect: Effect) -> None:
        """An effect, of what it is."""
        cause = effect.cause
        hold(cause < seq, "no event before its cause", f"effect {seq} is caused by {cause}")
        if isinstance(effect, Move):
            self._moved(effect)
        elif isinstance(effect, Attempt) and effect.n == 1:
            self._attempted(effect)
        elif isinstance(effect, Cue):
            is_over = self.statuses[effect.leg] in self.platform.vendor.leg.final
            hold(not is_over, "nobody is cued who is gone", str(effect))
        if isinstance(effect, Attempt | Fetch):
            self._told(effect)

    def reached(
        self, at_us: int, call: str, seq: int, effect: Attempt | Fetch, answer: Answer
    ) -> None:
        """What was sent under `seq` has arrived, or was lost: later than it was sent."""
        hold(seq <= self.seq, "no event before its cause", f"{seq} arrives at {at_us}")

    def left(self, at_us: int, final: Final) -> None:
        """A session was retired."""
        for conference in final.conferences:
            self._over(conference)
            self.announced.pop(conference.key, None)
            self.inside.pop(conference.key, None)
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
            self._agrees(recording)
        for conference in platform.conferences.values():
            self._over(conference)
        hold(not platform.rooms, "nothing open at the end", str(platform.rooms))
        hold(not len(platform.agenda), "nothing open at the end", str(platform.agenda.armed()))
        hold(not platform.fetches, "nothing open at the end", str(platform.fetches))
        hold(not platform.deliveries, "nothing open at the end", str(platform.deliveries))
        hold(not self.owed, "every subscribed event is sent", str(self.owed))
        self.hooks.finish()
        hold(not self.told, "every subscribed event is sent", f"{self.told} of call progress")
        untold = self.unannounced
        hold(not untold, "every subscribed event is sent", f"{untold} of conferences")
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
        session = platform.sessions[recording.session]
        if recording.captured == () and trigger == "start":
            sid = platform.vendor.wire_id("recording", session.title, recording.n)
            hold(sid not in self.sids, "sids are unique", f"{name}: {sid}")
            self.sids.add(sid)
        if trigger == "save" and waits(platform, recording):
            self.waiting.append(recording)
        elif word := platform.vendor.callback_status.get(trigger):
            self._owe(recording, word)
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

    def _owe(self, recording: Recording, word: str) -> None:
        """Whoever subscribed to `word` is to be told now."""
        platform, settings = self.platform, recording.settings
        if word in settings.callback_events and settings.callback_url:
            session, leg = platform.sessions[recording.session], platform.legs[recording.leg]
            now_us, name = platform.now_us, recording.name
            message = platform.vendor.recording_status(session, leg, recording, word, now_us)
            hold(message not in self.owed, "one event per change of status", f"{name}: {message}")
            self.owed.append(message)

    def _attempted(self, attempt: Attempt) -> None:
        """Only what was subscribed is sent, and each event once."""
        if attempt.message.kind == HOOK:
            self.hooks.sent(attempt)
            return
        if attempt.message.kind == "call-status":
            self.told -= 1
            hold(self.told >= 0, "only subscribed events are sent, once", str(attempt.message))
            return
        if attempt.message.kind == "conference-status":
            self.unannounced -= 1
            is_owed = self.unannounced >= 0
            hold(is_owed, "only subscribed events are sent, once", str(attempt.message))
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

    def _announced(self, conference: Conference, entered: list[str]) -> None:
        """It tells what was subscribed, once: what it entered, who came, who left, who spoke."""
        key, to = conference.key, conference.subscription
        told = conference.told - self.announced.get(key, 0)
        before, now = self.inside.get(key, frozenset()), {one.leg for one in conference.members}
        words = [self.words[status] for status in entered if status in self.words]
        words += [JOIN] * len(now - before) + [LEAVE] * len(before - now)
        wanted = sum(word in to.events for word in words) if to.url else 0
        may_speak = self.has_spoken and bool(to.url) and SPEAKER in to.events
        text = f"{conference.name}: {told} of {words}, subscribed: {to}"
        hold(wanted <= told <= wanted + may_speak, "only subscribed events are sent, once", text)
        self.unannounced += told
        self.announced[key], self.inside[key] = conference.told, frozenset(now)

    def _conference(self, conference: Conference) -> None:
        """Who is in it is there; without the recording it was asked for, an absent is owed."""
        platform, key, name = self.platform, conference.key, conference.name
        inside = [*(one.leg for one in conference.members), *conference.dialed]
        hold(len({*inside}) == len(inside), "a leg is in a conference once", f"{name}: {inside}")
        hold(len(conference.members) <= conference.most, "a conference is not too full", name)
        for leg in (platform.legs.get(one) for one in inside):
            is_in = leg is not None and not platform.is_over(leg) and leg.conference == key
            hold(is_in, "whoever is in a conference is there", f"{name}: {inside}")
        is_running = conference.status == IN_PROGRESS
        for member in conference.members:
            is_tuned = NEVER not in (member.heard_from_us, member.hears_from_us)
            is_deaf = member.heard_from_us == member.hears_from_us == NEVER
            is_heard = not (member.is_muted or member.coaches)
            right = is_tuned == is_heard if is_running and not member.is_held else is_deaf
            hold(right, "who is in a conference that runs hears the others", f"{name}: {member}")
        is_open = platform.rooms.get(conference.room) == key
        hold(is_open == (conference.status != COMPLETED), "a room is open until it is over", name)
        is_armed = platform.agenda.is_armed(key, "conference")
        has_limit = is_running and platform.policy.conference_us > 0
        hold(is_armed == has_limit, "the time of a conference counts while it runs", name)
        message, wish = self.unrecorded.pop(key, None), conference.wish
        hold(wish is None or not is_running, "a wish is granted when the conference runs", name)
        if conference.status == COMPLETED:
            hold(not inside, "nobody is in a conference that is over", f"{name}: {inside}")
            self.owed += [message] if message is not None else []
            for recording in map(platform.recordings.__getitem__, conference.recordings):
                is_open = recording.status in (IN_PROGRESS, PAUSED)
                hold(not is_open, "no recording outlives its conference", recording.name)
        elif wish and ABSENT in wish.settings.callback_events and wish.settings.callback_url:
            session, leg = platform.sessions[conference.session], platform.legs[conference.leg]
            self.unrecorded[key] = platform.vendor.never_recorded(session, leg, *wish)

    def _told(self, effect: Attempt | Fetch) -> None:
        """A message goes out, perhaps with a link, which may say until when it is good."""
        link = self.platform.vendor.link(effect.message)
        if link is not None and link.until_us != NEVER:
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
        """No recording outlives its leg, a bridge has two ends, a conference knows who is in it."""
        conference, stays = self.platform.conference_of(leg), False
        if conference is not None:
            stays = leg.key in self.inside.get(conference.key, ())
            is_known = stays or leg.key in conference.dialed
            hold(is_known, "whoever is in a conference is there", f"{conference.name}: {leg.name}")
            hold(not leg.peer, "a leg is bridged or in a conference", leg.name)
        is_timed = self.platform.agenda.is_armed(leg.key, "stay")
        hold(stays or not is_timed, "only a stay in a conference is timed", leg.name)
        peer = self.platform.peer_of(leg)
        if peer is not None:
            is_whole = peer.peer == leg.key and not self.platform.is_over(leg)
            hold(is_whole, "a bridge has two ends", f"{leg.name} and {peer.name}")
        if self.platform.is_over(leg):
            for recording in self.platform.recordings_on(leg):
                is_open = recording.status in (IN_PROGRESS, PAUSED)
                hold(not is_open, "no recording outlives its leg", recording.name)

    def _agrees(self, recording: Recording) -> None:
        """All views of a recording agree."""
        text = self.platform.vendor.disagreement(self.platform, recording)
        hold(not text, "all views of a recording agree", f"{recording.name}: {text}")

    def _over(self, conference: Conference) -> None:
        is_final = self.platform.vendor.conference.is_final(conference.status)
        hold(is_final, "nothing in progress at the end", f"{conference.name}: {conference.status}")

    def _settled(self, recording: Recording) -> None:
        is_final = self.platform.vendor.recording.is_final(recording.status)
        hold(is_final, "nothing in progress at the end", f"{recording.name}: {recording.status}")
