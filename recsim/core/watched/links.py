"""Links to audio: each works from storage for exactly its lifetime."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from recsim.core.effects import Attempt, Fetch
from recsim.core.entities import COMPLETED, NEVER, Recording
from recsim.core.vendor import Link
from recsim.core.watched.part import Part, hold

if TYPE_CHECKING:
    from recsim.core.platform import Platform


class Links(Part):
    """Keeps the links that were told and have not expired."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform)
        self.told: dict[Link, int] = {}
        """With the recording that each leads to."""
        self.fresh: set[Link] = set()
        """Told in this step."""

    def sent(self, effect: Attempt | Fetch) -> None:
        """A message goes out, perhaps with a link, which may say until when it is good."""
        link = self.platform.vendor.link(effect.message)
        if link is not None and link.until_us != NEVER:
            session = self.platform.sessions[effect.session]
            self.told[link] = session.recordings[link.recording - 1]
            self.fresh.add(link)

    def stepped(self, moved: Container[int]) -> None:
        """A step is over: links answer as they should, now and around their expiry.

        What a link answers can only change with its recording, and by expiring: it is asked when it
        was told, when its recording is among those that `moved`, and when it expires.
        """
        now_us = self.platform.now_us
        for link, key in list(self.told.items()):
            if link in self.fresh or key in moved:
                for at_us in {now_us, max(now_us, link.until_us - 1), max(now_us, link.until_us)}:
                    self._asked(at_us, link, self.platform.recordings[key])
            elif now_us >= link.until_us:
                self._asked(now_us, link, self.platform.recordings[key])
            if now_us >= link.until_us:
                del self.told[link]
        self.fresh.clear()

    def left(self, recordings: tuple[int, ...]) -> None:
        """The session of these recordings was retired."""
        self.told = {link: key for link, key in self.told.items() if key not in recordings}

    def _asked(self, at_us: int, link: Link, recording: Recording) -> None:
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
