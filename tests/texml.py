"""What tests of the TeXML parser share."""

from __future__ import annotations

from dataclasses import dataclass

from recsim.core.documents import Document
from recsim.core.entities import RecordingSettings
from recsim.vendors.telnyx.texml.parser import Parser

SECOND_US = 1_000_000
WORD_US = 400_000

#: Elements whose tests stand in test_texml_calls.py; all others in test_texml.py.
TRIED_WITH_CALLS = (
    "Connect",
    "Dial",
    "Enqueue",
    "Gather",
    "Leave",
    "Number",
    "Queue",
    "Refer",
    "Sip",
    "Stream",
)


@dataclass(frozen=True)
class Defaults:
    source: str = "RecordVerb"
    channels: int = 2
    is_trimmed: bool = False
    track: str = "both"
    beep: bool = True
    format: str = "mp3"
    limit_us: int = 3600 * SECOND_US
    silence_us: int = 0
    callback_events: tuple[str, ...] = ("completed",)


PARSER = Parser(
    record=Defaults(),
    noun=Defaults("StartCallRecordingAPI", beep=False, limit_us=0),
    dial=Defaults("DialVerb", channels=1, beep=False, limit_us=0),
    say_us_per_word=WORD_US,
    accepts_absent_on_record=True,
    records_from_dialing=False,
)

SETTINGS = RecordingSettings(
    channels=2,
    track="both",
    is_trimmed=False,
    beep=True,
    format="mp3",
    limit_us=3600 * SECOND_US,
    silence_us=0,
    callback_url="",
    callback_method="POST",
    callback_events=("completed",),
    sends_url=True,
)


def parse(inner: str, parser: Parser = PARSER) -> Document:
    return parser.parse(f"<Response>{inner}</Response>")


def rules(document: Document) -> list[str]:
    return [finding.rule for finding in document.findings]
