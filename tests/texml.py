"""What tests of the TeXML parser share."""

from __future__ import annotations

from dataclasses import dataclass

from calls import SECOND_US, document

from recsim.core.documents import Document
from recsim.vendors.telnyx.texml.parser import Parser

WORD_US = 400_000

#: Elements whose tests stand in test_texml_conferences.py, and those whose tests stand in
#: test_texml_calls.py; all others in test_texml.py.
TRIED_WITH_CONFERENCES = ("Conference",)
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
    conference=Defaults("Conference", channels=1, limit_us=0),
    say_us_per_word=WORD_US,
    accepts_absent_on_record=True,
    records_from_dialing=False,
)


def parse(inner: str, parser: Parser = PARSER) -> Document:
    return parser.parse(document(inner))


def rules(parsed: Document) -> list[str]:
    return [finding.rule for finding in parsed.findings]
