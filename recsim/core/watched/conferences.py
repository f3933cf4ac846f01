"""Conferences: who is in them, who hears whom, and what they tell of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsim.core.conferences import JOIN, LEAVE, SPEAKER
from recsim.core.entities import COMPLETED, IN_PROGRESS, NEVER, PAUSED, CallLeg, Conference
from recsim.core.watched.part import Part, hold

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Conferring(Part):
    """Keeps who was in each conference, and what it has told."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform)
        self.announced: dict[int, int] = {}
        """Status callbacks up to the step before, by conference."""
        self.unannounced = 0
        """Those whose first attempt has not gone out."""
        self.inside: dict[int, frozenset[int]] = {}
        """Who was in each conference after the step before."""
        self.words = {
            dest: coupling.trigger
            for coupling in platform.vendor.couplings
            for dest in coupling.dests
            if coupling.relation == "status callback of the conference"
        }
        """What a conference tells of itself, by its status."""

    def sent(self, text: str) -> None:
        """A status callback goes out for the first time."""
        self.unannounced -= 1
        hold(self.unannounced >= 0, "only subscribed events are sent, once", text)

    def stepped(self, conference: Conference, entered: list[str], *, has_spoken: bool) -> None:
        """A step is over, in which a conference `entered` these statuses."""
        self._announced(conference, entered, has_spoken=has_spoken)
        self._there(conference)
        self._heard(conference)
        self._open(conference)

    def leg(self, leg: CallLeg) -> None:
        """A leg knows the conference that it is in, and only there its stay is timed."""
        conference, stays = self.platform.conference_of(leg), False
        if conference is not None:
            stays = leg.key in self.inside.get(conference.key, ())
            is_known = stays or leg.key in conference.dialed
            hold(is_known, "whoever is in a conference is there", f"{conference.name}: {leg.name}")
            hold(not leg.peer, "a leg is bridged or in a conference", leg.name)
        is_timed = self.platform.agenda.is_armed(leg.key, "stay")
        hold(stays or not is_timed, "only a stay in a conference is timed", leg.name)

    def left(self, conference: Conference) -> None:
        """Its session was retired."""
        self.over(conference)
        self.announced.pop(conference.key, None)
        self.inside.pop(conference.key, None)

    def over(self, conference: Conference) -> None:
        """At the end it has a final status."""
        is_final = self.platform.vendor.conference.is_final(conference.status)
        hold(is_final, "nothing in progress at the end", f"{conference.name}: {conference.status}")

    def finish(self) -> None:
        """The run is over: nothing is owed, and no room is open."""
        for conference in self.platform.conferences.values():
            self.over(conference)
        hold(not self.platform.rooms, "nothing open at the end", str(self.platform.rooms))
        untold = self.unannounced
        hold(not untold, "every subscribed event is sent", f"{untold} of conferences")

    def _announced(self, conference: Conference, entered: list[str], *, has_spoken: bool) -> None:
        """It tells what was subscribed, once: what it entered, who came, who left, who spoke."""
        key, to = conference.key, conference.subscription
        told = conference.told - self.announced.get(key, 0)
        before, now = self.inside.get(key, frozenset()), {one.leg for one in conference.members}
        words = [self.words[status] for status in entered if status in self.words]
        words += [JOIN] * len(now - before) + [LEAVE] * len(before - now)
        wanted = sum(word in to.events for word in words) if to.url else 0
        may_speak = has_spoken and bool(to.url) and SPEAKER in to.events
        text = f"{conference.name}: {told} of {words}, subscribed: {to}"
        hold(wanted <= told <= wanted + may_speak, "only subscribed events are sent, once", text)
        self.unannounced += told
        self.announced[key], self.inside[key] = conference.told, frozenset(now)

    def _there(self, conference: Conference) -> None:
        """Who is in it is there, once, and they are not too many."""
        platform, key, name = self.platform, conference.key, conference.name
        inside = [*(one.leg for one in conference.members), *conference.dialed]
        hold(len({*inside}) == len(inside), "a leg is in a conference once", f"{name}: {inside}")
        hold(len(conference.members) <= conference.most, "a conference is not too full", name)
        for leg in (platform.legs.get(one) for one in inside):
            is_in = leg is not None and not platform.is_over(leg) and leg.conference == key
            hold(is_in, "whoever is in a conference is there", f"{name}: {inside}")
        if conference.status == COMPLETED:
            hold(not inside, "nobody is in a conference that is over", f"{name}: {inside}")

    def _heard(self, conference: Conference) -> None:
        """Who may hear and be heard does, while it runs."""
        is_running, name = conference.status == IN_PROGRESS, conference.name
        for member in conference.members:
            is_tuned = NEVER not in (member.heard_from_us, member.hears_from_us)
            is_deaf = member.heard_from_us == member.hears_from_us == NEVER
            is_heard = not (member.is_muted or member.coaches)
            right = is_tuned == is_heard if is_running and not member.is_held else is_deaf
            hold(right, "who is in a conference that runs hears the others", f"{name}: {member}")

    def _open(self, conference: Conference) -> None:
        """Its room is open until it is over; its time counts, and it is recorded, while it runs."""
        platform, key, name = self.platform, conference.key, conference.name
        is_running = conference.status == IN_PROGRESS
        is_open = platform.rooms.get(conference.room) == key
        hold(is_open == (conference.status != COMPLETED), "a room is open until it is over", name)
        is_armed = platform.agenda.is_armed(key, "conference")
        has_limit = is_running and platform.policy.conference_us > 0
        hold(is_armed == has_limit, "the time of a conference counts while it runs", name)
        is_wished = conference.wish is not None
        hold(not (is_wished and is_running), "a wish is granted when the conference runs", name)
        if conference.status == COMPLETED:
            for recording in map(platform.recordings.__getitem__, conference.recordings):
                goes_on = recording.status in (IN_PROGRESS, PAUSED)
                hold(not goes_on, "no recording outlives its conference", recording.name)
