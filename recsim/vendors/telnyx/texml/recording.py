"""Recordings that a document asks for by themselves: `<Record>`, `<Start>` and `<Stop>`."""

from __future__ import annotations

from recsim.core.entities import RecordingSettings
from recsim.core.verbs.record import Record
from recsim.core.verbs.start import Start
from recsim.vendors.telnyx.defaults import channels_of
from recsim.vendors.telnyx.elements import Element
from recsim.vendors.telnyx.texml.reader import Reader, Values
from recsim.vendors.telnyx.texml.vocabulary import nouns_of


def record(reader: Reader, element: Element, values: Values) -> Record:
    """`<Record>`; it has no `track` and no `sendRecordingUrl` (docs record; Q 47)."""
    reader.childless(element)
    reader.stray(element)
    for name in ("transcription", "transcribe"):
        if values[name]:
            said = "transcription is not simulated; the recording has none"
            reader.without_effect(element, name, said)
    settings = RecordingSettings(
        channels=values["channels"],
        track=reader.settled.record.track,
        is_trimmed=values["trim"],
        beep=values["playBeep"],
        format=values["format"],
        limit_us=values["maxLength"],
        silence_us=values["timeout"],
        callback_url=values["recordingStatusCallback"],
        callback_method=values["recordingStatusCallbackMethod"],
        callback_events=values["recordingStatusCallbackEvent"],
        sends_url=True,
    )
    return Record(
        element.line,
        values["action"],
        values["method"],
        values["finishOnKey"],
        reader.settled.record.source,
        settings,
    )


def start(reader: Reader, element: Element, values: Values) -> Start | None:
    """`<Start>`; assumed: what it can't start is skipped, and all else starts."""
    reader.stray(element)
    settings = tuple(
        recording(reader, noun, reader.values(noun))
        for noun in reader.nouns(element, nouns_of("Start", simulated=True))
    )
    return Start(element.line, reader.settled.noun.source, settings) if settings else None


def recording(reader: Reader, element: Element, values: Values) -> RecordingSettings:
    """`<Recording>`, the noun of `<Start>`; no `sendRecordingUrl` (docs recording)."""
    reader.childless(element)
    reader.stray(element)
    default = reader.settled.noun
    return RecordingSettings(
        channels=channels_of(values["channels"], values["track"]),
        track=values["track"],
        is_trimmed=values["trim"],
        beep=default.beep,
        format=values["format"],
        limit_us=default.limit_us,
        silence_us=default.silence_us,
        callback_url=values["recordingStatusCallback"],
        callback_method=values["recordingStatusCallbackMethod"],
        callback_events=values["recordingStatusCallbackEvent"],
        sends_url=True,
    )


def stop(reader: Reader, element: Element, values: Values) -> None:
    """`<Stop>`: nothing that it stops is simulated, and a recording is none of its nouns.

    Source: docs stop; docs recording says "the stop command", which is taken for that of REST.
    """
    reader.stray(element)
    for noun in reader.nouns(element, ("Recording",)):
        text = "Stop does not list Recording among its nouns: the recording goes on"
        reader.note((noun.line, noun.column), "recording-under-stop", text)
