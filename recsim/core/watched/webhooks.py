"""Webhooks: each is told once, to whoever wants to be told, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsim.core.effects import Attempt, Move
from recsim.core.entities import INBOUND, Message, Recording
from recsim.core.watched.part import Part, hold

if TYPE_CHECKING:
    from recsim.core.platform import Platform

HOOK = "webhook"
"""The kind of message."""


class Hooks(Part):
    """Counts the webhooks that are to come."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform)
        self.owed = 0
        """To be told, less first attempts to tell."""
        self.told: set[Message] = set()
        self.members: dict[int, frozenset[int]] = {}
        """The legs in each conference, after the step before."""
        vendor = platform.vendor
        self.relations = {
            (coupling.lifecycle, dest): coupling.relation
            for coupling in vendor.couplings
            for dest in coupling.dests
            if coupling.relation.startswith(HOOK)
        }
        self.leg, self.recording = vendor.leg.name, vendor.recording.name

    def moved(self, move: Move) -> None:
        """An entity has moved: there may be something to tell."""
        platform = self.platform
        recording = platform.recordings.get(move.entity)
        if recording is not None and move.lifecycle == self.recording:
            self._recording(recording, platform.vendor.webhook_events.get(move.rule.trigger))
        relation = self.relations.get((move.lifecycle, str(move.rule.dest)))
        if relation is None:
            return
        if move.lifecycle == self.leg:
            leg = platform.legs[move.entity]
            is_told = leg.direction == INBOUND or not relation.endswith("came in")
            self._owe(leg.session, int(is_told))
        else:
            self._owe(platform.conferences[move.entity].session, 1)

    def _recording(self, recording: Recording, event: str | None) -> None:
        """A recording moved, which an event tells, if it is one that is told."""
        sources = self.platform.policy.webhook_sources
        is_told = recording.settings.tells_webhook or recording.source in sources
        if event == "error" and recording.conference:
            is_told = False  # there is no word for it
        self._owe(recording.session, int(is_told and event is not None))

    def stepped(self) -> None:
        """A step is over: whoever came into a conference or left it is told of."""
        members = {
            key: frozenset(member.leg for member in conference.members)
            for key, conference in self.platform.conferences.items()
        }
        for key, legs in members.items():
            changed = legs ^ self.members.get(key, frozenset())
            self._owe(self.platform.conferences[key].session, len(changed))
        self.members = members

    def sent(self, attempt: Attempt) -> None:
        """A webhook goes out for the first time."""
        message = attempt.message
        self.owed -= 1
        hold(self.owed >= 0, "only what happened is told by webhooks, once", str(message))
        hold(message not in self.told, "each webhook is told once", str(message))
        self.told.add(message)

    def finish(self) -> None:
        """The run is over: nothing is owed."""
        hold(not self.owed, "every webhook is sent", f"{self.owed} are missing")

    def _owe(self, session: int, number: int) -> None:
        """So many more are to come, if the application wants any."""
        if self.platform.sessions[session].application.webhook.url:
            self.owed += number
