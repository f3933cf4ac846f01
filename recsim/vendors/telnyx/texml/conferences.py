"""`<Conference>`, the noun of `<Dial>`: whom it lets in, what is told of it, what is recorded."""

from __future__ import annotations

from recsim.core.entities import RecordingSettings, Subscription
from recsim.core.verbs.conference import DialConference
from recsim.vendors.telnyx.elements import Element
from recsim.vendors.telnyx.texml.reader import Reader, Values


def into_conference(
    reader: Reader, element: Element, values: Values, noun: Element
) -> DialConference:
    """`<Dial>` around `<Conference>`; assumed: without a name it is the one without a name."""
    reader.childless(noun)
    asked = reader.values(noun)
    without_effect(reader, element, values, noun, asked)
    tone_on_enter, tone_on_exit = asked["beep"]
    return DialConference(
        element.line,
        action=values["action"],
        method=values["method"],
        room=noun.text(),
        label=asked["participantLabel"],
        is_muted=asked["muted"],
        starts=asked["startConferenceOnEnter"],
        ends=asked["endConferenceOnExit"],
        most=asked["maxParticipants"],
        tone_on_enter=tone_on_enter,
        tone_on_exit=tone_on_exit,
        status=Subscription(
            asked["statusCallback"], asked["statusCallbackMethod"], asked["statusCallbackEvent"]
        ),
        wait_url=asked["waitUrl"],
        wait_method=asked["waitMethod"],
        limit_us=values["timeLimit"],
        is_recorded=asked["record"],
        source=reader.settled.conference.source,
        settings=settings(reader, asked),
    )


def without_effect(
    reader: Reader, element: Element, values: Values, noun: Element, asked: Values
) -> None:
    """Note what does nothing where it stands."""
    if values["hangupOnStar"]:
        said = "hangupOnStar: it is not for a Conference (docs dial); nobody leaves by it"
        reader.note(element.places["hangupOnStar"], "without-effect", said)
    if asked["statusCallback"] and not asked["statusCallbackEvent"]:
        said = "statusCallback: nothing is sent there without a statusCallbackEvent"
        reader.note(noun.places["statusCallback"], "without-effect", said)


def settings(reader: Reader, asked: Values) -> RecordingSettings:
    """What a recording would be like; the noun has no channels, track, format or longest length.

    Source: docs conference.
    """
    default = reader.settled.conference
    return RecordingSettings(
        channels=default.channels,
        track=default.track,
        is_trimmed=asked["trim"],
        beep=asked["recordBeep"],
        format=default.format,
        limit_us=default.limit_us,
        silence_us=asked["recordingTimeout"],
        callback_url=asked["recordingStatusCallback"],
        callback_method=asked["recordingStatusCallbackMethod"],
        callback_events=asked["recordingStatusCallbackEvent"],
        sends_url=asked["sendRecordingUrl"],
    )
