"""A voicemail application of forty lines, which forgets a call when it is hung up."""

from __future__ import annotations

from receivers import Receiver

GREETING = """\
<Response>
  <Say>Nobody is here. Leave a message after the beep.</Say>
  <Record maxLength="60" recordingStatusCallback="/recordings"
          recordingStatusCallbackEvent="in-progress completed"/>
</Response>
"""


class Voicemail(Receiver):
    def __init__(self, public_key: str) -> None:
        super().__init__(public_key)
        self.callers: dict[str, str] = {}
        self.over: set[str] = set()

    def page(self, path, params):
        """The voice URL: somebody calls."""
        if path != "/voice":
            return None
        self.callers[params["CallSid"]] = params["From"]
        return GREETING

    def unknown(self, params):
        """The status callback of calls: one that is over needs no memory any more."""
        if params.get("CallStatus") == "completed":
            self.callers.pop(params["CallSid"], None)
            self.over.add(params["CallSid"])
        return 200

    def told(self, params):
        """Late callbacks of a call that is over find nothing."""
        if "RecordingStatus" in params and params["CallSid"] in self.over:
            return 404
        return super().told(params)


class Remembering(Voicemail):
    """The same, mended."""

    def unknown(self, params):
        return 200
