"""Audio of a recording that real programs download."""

from __future__ import annotations

from recsim.core.commands import Request
from recsim.live.engine import Engine
from recsim.vendors.telnyx import storage


class Media:
    """Makes the audio that links lead to."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def of(self, request: Request) -> bytes | None:
        """The file behind a link; None: the request is no link's."""
        words, platform = self.engine.vendor.words, self.engine.platform
        if not storage.is_storage(words, request):
            return None
        recording = storage.recording_of(words, platform, request)
        return None if recording is None else b""
