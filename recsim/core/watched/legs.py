"""Call legs: a bridge has two ends, and whoever subscribed is told how the call goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsim.core.entities import CallLeg
from recsim.core.watched.part import Part, hold

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Calling(Part):
    """Counts the call progress that is to be told."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform)
        self.owed = 0
        """To be told, less first attempts to tell it."""
        self.events = {
            dest: coupling.trigger
            for coupling in platform.vendor.couplings
            for dest in coupling.dests
            if coupling.relation == "status callback of the leg"
        }
        """By status of a leg."""

    def moved(self, leg: CallLeg, status: str) -> None:
        """A leg moved: whoever subscribed to that is to be told."""
        subscribed = leg.setup.status
        self.owed += bool(subscribed.url) and self.events.get(status) in subscribed.events

    def sent(self, text: str) -> None:
        """Call progress goes out for the first time."""
        self.owed -= 1
        hold(self.owed >= 0, "only subscribed events are sent, once", text)

    def leg(self, leg: CallLeg) -> None:
        """Whoever it is bridged with is bridged with it, and there."""
        peer = self.platform.peer_of(leg)
        if peer is not None:
            is_whole = peer.peer == leg.key and not self.platform.is_over(leg)
            hold(is_whole, "a bridge has two ends", f"{leg.name} and {peer.name}")

    def finish(self) -> None:
        """The run is over: nothing is owed."""
        hold(not self.owed, "every subscribed event is sent", f"{self.owed} of call progress")
