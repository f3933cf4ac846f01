"""The watch: what must always hold, whoever drives the platform, looked at step by step.

A `Watch` is an observer that any driver can be given. It raises at the first step that breaks one
of `properties.BUILT_IN`, and names it; what users claim beside those, it only keeps.
"""

from __future__ import annotations

from collections.abc import Iterable

from recsim.core.commands import Answer, Command, Speech
from recsim.core.effects import Attempt, Cue, Effect, Fetch, Move
from recsim.core.platform import Final, Platform
from recsim.core.properties import ALWAYS, Property, Seen, Step
from recsim.core.watched.conferences import Conferring
from recsim.core.watched.deliveries import Delivering
from recsim.core.watched.legs import Calling
from recsim.core.watched.links import Links
from recsim.core.watched.part import Part, hold
from recsim.core.watched.recordings import Recorded
from recsim.core.watched.subscribed import Subscribed
from recsim.core.watched.webhooks import HOOK, Hooks


class Watch(Part):
    """Checks every step of one platform; call `finish` when nothing comes any more."""

    def __init__(self, platform: Platform, claims: Iterable[Property] = ()) -> None:
        super().__init__(platform)
        self.claims = tuple(claims)
        """What is claimed beside `BUILT_IN`."""
        self.seen: dict[Property, Seen] = {}
        """Where each of them was first broken, or reached."""
        self.seq = platform.seq
        self.command: Command | None = None
        """What the step does; none: a timer ran out."""
        self.statuses: dict[int, str] = {}
        """By entity."""
        self.recorded = Recorded(platform)
        self.subscribed = Subscribed(platform)
        self.calling = Calling(platform)
        self.conferring = Conferring(platform)
        self.delivering = Delivering(platform)
        self.links = Links(platform)
        self.hooks = Hooks(platform)
        vendor = platform.vendor
        self.lifecycles = {
            one.name: one
            for one in (vendor.leg, vendor.conference, vendor.recording, vendor.delivery)
        }

    def fork(self, platform: Platform) -> Watch:
        """The same watch, of a fork of its platform."""
        other = super().fork(platform)
        for name, value in vars(self).items():
            if isinstance(value, Part):
                setattr(other, name, value.fork(platform))
        return other

    def asked(self, at_us: int, seq: int, cause: int, command: Command) -> None:
        """A command was given."""
        hold(seq == self.seq + 1, "numbering", f"expected command {self.seq + 1}, got {seq}")
        hold(cause < seq, "no event before its cause", f"command {seq} is caused by {cause}")
        self.seq, self.command = seq, command

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
        self._stepped(moved)
        if self.claims:
            self._claimed(Step(self.platform, at_us, self.command, effects))
        self.command = None

    def reached(
        self, at_us: int, call: str, seq: int, effect: Attempt | Fetch, answer: Answer
    ) -> None:
        """What was sent under `seq` has arrived, or was lost: later than it was sent."""
        hold(seq <= self.seq, "no event before its cause", f"{seq} arrives at {at_us}")

    def left(self, at_us: int, final: Final) -> None:
        """A session was retired."""
        for conference in final.conferences:
            self.conferring.left(conference)
        for recording in final.recordings:
            self.recorded.settled(recording)
        self.links.left(tuple(recording.key for recording in final.recordings))

    def finish(self) -> None:
        """Nothing comes any more: nothing is open, armed or owed.

        A call that nobody ends goes on for ever, which is no fault of the platform; where there is
        one, nothing more is claimed.
        """
        platform = self.platform
        if any(not platform.is_over(leg) for leg in platform.legs.values()):
            return
        self.recorded.finish()
        self.conferring.finish()
        hold(not len(platform.agenda), "nothing open at the end", str(platform.agenda.armed()))
        hold(not platform.fetches, "nothing open at the end", str(platform.fetches))
        hold(not platform.deliveries, "nothing open at the end", str(platform.deliveries))
        self.subscribed.finish()
        self.hooks.finish()
        self.calling.finish()
        for session in platform.sessions.values():
            hold(session.open == 0, "nothing open at the end", f"{session.title}: {session.open}")

    def _effect(self, seq: int, effect: Effect) -> None:
        """An effect, of what it is."""
        cause = effect.cause
        hold(cause < seq, "no event before its cause", f"effect {seq} is caused by {cause}")
        if isinstance(effect, Move):
            self._moved(effect)
        elif isinstance(effect, Attempt):
            self.delivering.sent(effect)
            if effect.n == 1:
                self._sent(effect)
        elif isinstance(effect, Cue):
            is_over = self.statuses[effect.leg] in self.platform.vendor.leg.final
            hold(not is_over, "nobody is cued who is gone", str(effect))
        if isinstance(effect, Attempt | Fetch):
            self.links.sent(effect)

    def _moved(self, move: Move) -> None:
        """A status is only left by a row for it, and a final one only by deletion."""
        platform = self.platform
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
        if move.lifecycle == platform.vendor.leg.name:
            self.calling.moved(platform.legs[move.entity], rule.dest)
        elif move.lifecycle == platform.vendor.recording.name:
            recording = platform.recordings[move.entity]
            self.subscribed.moved(recording, rule.trigger)
            self.recorded.moved(recording, rule.trigger)

    def _sent(self, attempt: Attempt) -> None:
        """Only what was subscribed is sent, and each event once."""
        kind = attempt.message.kind
        if kind == HOOK:
            self.hooks.sent(attempt)
        elif kind == "call-status":
            self.calling.sent(str(attempt.message))
        elif kind == "conference-status":
            self.conferring.sent(str(attempt.message))
        else:
            self.subscribed.sent(attempt)

    def _stepped(self, moved: dict[int, list[str]]) -> None:
        """A step is over, in which entities `moved` to these statuses."""
        platform = self.platform
        has_spoken = isinstance(self.command, Speech)
        for conference in platform.conferences.values():
            entered = moved.get(conference.key, [])
            self.conferring.stepped(conference, entered, has_spoken=has_spoken)
            self.subscribed.confers(conference)
        for recording in platform.recordings.values():
            self.recorded.timed(recording)
            if recording.key in moved:
                self.recorded.agrees(recording)
        for delivery in platform.deliveries.values():
            self.delivering.stepped(delivery)
        self.subscribed.stepped()
        self.hooks.stepped()
        for leg in platform.legs.values():
            self.recorded.leg(leg)
            self.calling.leg(leg)
            self.conferring.leg(leg)
            self.subscribed.dials(leg)
        if self.links.told:
            self.links.stepped(moved)

    def _claimed(self, step: Step) -> None:
        """What users claim, of this step: the first that breaks or reaches it is kept."""
        for claim in self.claims:
            if claim not in self.seen:
                assert claim.holds is not None
                holds = claim.holds(step)
                if holds != (claim.kind == ALWAYS):
                    self.seen[claim] = Seen(step.at_us, self.seq)
