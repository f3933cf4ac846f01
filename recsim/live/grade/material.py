"""The callbacks that are sent: small scenarios, played on the platform, encoded by the vendor."""

from __future__ import annotations

import time
from collections.abc import Mapping
from html import escape
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson

from recsim.core.units import SECOND_US
from recsim.live.grade.parts import Callback
from recsim.scenario.load import Loaded, loads
from recsim.scenario.run import play, stage

HEAD = """\
recsim: 1
title: A recording to grade by
application: {voice_url: "https://app.test/answer", <application>}
readings: {absent_delete_silent: "<silent>", texml_also_json: "<json>"}
documents:
  https://app.test/answer: |
    <Response>
      <verbs>
    </Response>
calls:
  <call>: {from: +15550001, to: +15550002, story: [<story>]}
"""

RECORD = (
    '<Record recordingStatusCallback="<url>" recordingStatusCallbackMethod="<method>"'
    ' recordingStatusCallbackEvent="in-progress completed" <more>/>'
)
START = (
    '<Start><Recording recordingStatusCallback="<url>" recordingStatusCallbackMethod="<method>"'
    ' recordingStatusCallbackEvent="in-progress completed absent"/></Start>\n'
    '      <Pause length="9"/>'
)
SHORT = RECORD.replace("<more>", 'maxLength="3"')
RECORDINGS = "/v2/texml/Accounts/{account}/Calls/{<call>}/Recordings"
PAUSES = f"""\
requests:
  - at: 2s after record
    post: {RECORDINGS}/{{<call>.recording}}.json
    form: {{Status: paused}}
  - at: 6s after record
    post: {RECORDINGS}/{{<call>.recording}}.json
    form: {{Status: in-progress}}
"""
NO_LINK = f"""\
requests:
  - at: 1s after answer
    post: {RECORDINGS}.json
    form:
      SendRecordingUrl: false
      RecordingStatusCallback: <quoted url>
      RecordingStatusCallbackMethod: <method>
      RecordingStatusCallbackEvent: in-progress completed
"""


class Recipe(NamedTuple):
    """One small scenario."""

    verbs: str
    story: str
    application: str = ""
    silent: str = "false"
    json: str = "false"
    requests: str = ""


#: What is recorded, by name.
RECIPES = {
    "message": Recipe(RECORD, "wait: record, speak: 4s, hang_up"),
    "absent": Recipe(START, "wait: answer, silent: 5s, hang_up", silent="true"),
    "paused": Recipe(RECORD, "wait: record, speak: 9s, hang_up", requests=PAUSES),
    "no link": Recipe('<Pause length="20"/>', "wait: answer, speak: 6s, hang_up", requests=NO_LINK),
    "two": Recipe(
        SHORT + "\n      " + RECORD,
        "wait: record, speak: 3s, wait: record, speak: 4s, hang_up",
    ),
    "call": Recipe(RECORD, "wait: record, speak: 4s, hang_up", "status_callback: <quoted url>"),
    "webhook": Recipe(
        RECORD, "wait: record, speak: 4s, hang_up", "webhook_event_url: <quoted url>", json="true"
    ),
}


class Kitchen:
    """Plays recipes, each time with a call and recordings that there never were before."""

    def __init__(self, url: str, bucket: str, seed: int) -> None:
        self.url, self.bucket, self.seed = url, bucket, seed
        self._begun_us = int(time.time() * SECOND_US)
        self._calls = 0
        self._read: dict[tuple[str, str], Loaded] = {}

    def call(self, check: str) -> str:
        """A name for a call; ids grow from it, and from when grading began."""
        self._calls += 1
        return f"{check}-{self._calls}-{self._begun_us:x}"

    def made(self, recipe: str, check: str, method: str, ago_s: int = 0) -> tuple[Callback, ...]:
        """What the platform sends about one call, in its order; the call was `ago_s` ago."""
        call, ready = self.call(check), RECIPES[recipe]
        update: dict[str, Any] = {"starts_at": int(time.time() - ago_s) * SECOND_US}
        if ready.requests:  # which name the call
            loaded = self.loaded(ready, call, method)
        else:
            loaded = self._read.get((recipe, method)) or self.loaded(ready, "caller", method)
            self._read[recipe, method] = loaded
            update["calls"] = {call: loaded.scenario.calls["caller"]}
        scenario = loaded.scenario.model_copy(update=update)
        run = play(stage(loaded._replace(scenario=scenario), self.seed, bucket=self.bucket))
        return tuple(
            callback_of(line) for line in run.callbacks if not line["url"].startswith(ELSEWHERE)
        )

    def loaded(self, recipe: Recipe, call: str, method: str) -> Loaded:
        """The scenario of a recipe."""
        text = HEAD + recipe.requests
        for name, value in (
            ("verbs", recipe.verbs),
            ("story", recipe.story),
            ("application", recipe.application),
            ("silent", recipe.silent),
            ("json", recipe.json),
            ("more", ""),
            ("call", call),
            ("method", method),
            ("quoted url", orjson.dumps(self.url).decode()),
            ("url", escape(self.url)),
        ):
            text = text.replace(f"<{name}>", value)
        return loads(text, "grade")


ELSEWHERE = "https://app.test/"
"""What the receiver isn't asked: instructions."""


def callback_of(line: Mapping[str, Any]) -> Callback:
    """A line of `callbacks.jsonl`, as it is sent."""
    return Callback(
        word_of(line["params"]),
        line["params"].get("RecordingSid", ""),
        line["method"],
        line["url"],
        tuple(line["headers"].items()),
        line["body"],
        line["params"],
    )


def word_of(params: Mapping[str, Any]) -> str:
    """What a message says, in a word or two."""
    if "RecordingStatus" in params:
        return str(params["RecordingStatus"])
    if "CallStatus" in params:
        return f"call {params['CallStatus']}"
    return f"webhook {params.get('data.event_type', '')}"


def rewritten(callback: Callback, changes: Mapping[str, str]) -> Callback:
    """A callback with other parameters, or further ones, written as the vendor does."""
    params = {**callback.params, **changes}
    if callback.body:
        return callback._replace(params=params, body=urlencode(params))
    parts = urlsplit(callback.url)
    own = [pair for pair in parse_qsl(parts.query) if pair[0] not in callback.params]
    query = urlencode([*own, *params.items()])
    return callback._replace(params=params, url=urlunsplit(parts._replace(query=query)))
