"""The storage behind signed links: whether the audio of a recording can be had, and until when.

An answer has the headers of a file, and an empty body; only a server makes the audio. Source: docs
storing-call-recordings (pre-signed links to S3), Q 23, Q 50, Q 69; S3's own errors, in its order:
expiry, signature, key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

import orjson

from recsim.core.commands import Answer, Request, download
from recsim.core.entities import COMPLETED, NEVER, Message, Recording
from recsim.core.vendor import Link
from recsim.vendors.telnyx.callbacks import (
    CallStatus,
    DialAction,
    RecordAction,
    RecordingStatus,
    RecordingWebhook,
)
from recsim.vendors.telnyx.callbacks.base import link
from recsim.vendors.telnyx.words import SECOND_US, Words

if TYPE_CHECKING:
    from recsim.core.platform import Platform

#: S3's errors, by code: status and message. Source: S3 API reference, error responses.
ERRORS = {
    "AccessDenied": (403, "Access Denied"),
    "Expired": (403, "Request has expired"),
    "SignatureDoesNotMatch": (
        403,
        "The request signature we calculated does not match the signature you provided.",
    ),
    "NoSuchKey": (404, "The specified key does not exist."),
    "InvalidRange": (416, "The requested range is not satisfiable"),
}

#: Media type by format.
TYPES = {"mp3": "audio/mpeg", "wav": "audio/x-wav"}

SAMPLES_PER_S = 8_000
SAMPLE_BYTES = 2
"""Of one channel. 16 bit at 8 kHz, as telephony has it (assumed)."""
MP3_BITS_PER_S = 64_000
"""Whatever the channels (assumed)."""
MP3_FRAME_SAMPLES = 576
"""Source: ISO 13818-3, Layer III; MPEG 2.5 for 8 kHz."""
MP3_FRAME_BYTES = MP3_FRAME_SAMPLES * MP3_BITS_PER_S // 8 // SAMPLES_PER_S
MP3_MORE_FRAMES = 3
"""One that tells of the file, and two that LAME adds: its delay, and what it holds back."""
WAV_HEADER_BYTES = 44


class Signed(NamedTuple):
    """What a link says of its signature; moments in µs since the start of the run."""

    at_us: int
    until_us: int
    """From here on it has expired."""


def is_storage(words: Words, request: Request) -> bool:
    """Whether a request is to the storage, and not to the API."""
    host, path = place(words.bucket)
    return request.path.startswith(path) and ("host", host) in request.headers


@cache
def place(bucket: str) -> tuple[str, str]:
    """The host of a bucket, and how the paths of its files begin."""
    parts = urlsplit(bucket)
    return parts.netloc, f"{parts.path}/"


def recording_of(words: Words, platform: Platform, request: Request) -> Recording | None:
    """The recording whose link is asked for; None: it is nobody's link."""
    params = dict(parse_qsl(request.query))
    signed = signed_of(words, params)
    return linked(words, platform, request, params, signed) if signed else None


def answer(words: Words, platform: Platform, request: Request) -> Answer:
    """Answer the request of a link. It needs no key and changes nothing."""
    params = dict(parse_qsl(request.query))
    signed = signed_of(words, params)
    if signed is None:
        return refused("AccessDenied")
    recording = linked(words, platform, request, params, signed)
    if platform.now_us >= until_us(words, platform, recording, signed):
        return refused("Expired")
    if recording is None:
        return refused("SignatureDoesNotMatch")
    if recording.status != COMPLETED:
        return refused("NoSuchKey")
    headers = (
        ("content-type", TYPES[recording.settings.format]),
        ("content-length", str(size_bytes(recording))),
    )
    return Answer(200, headers)


def refused(code: str) -> Answer:
    """An error of S3, as XML."""
    status, text = ERRORS[code]
    name = "AccessDenied" if code == "Expired" else code
    body = f"<Error><Code>{name}</Code><Message>{text}</Message></Error>"
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return Answer(status, (("content-type", "application/xml"),), declaration + body)


def signed_of(words: Words, params: Mapping[str, str]) -> Signed | None:
    """What a link's parameters say of its signature; None where they don't."""
    try:
        signed = datetime.strptime(params["X-Amz-Date"], "%Y%m%dT%H%M%S%z")
        length_s = int(params["X-Amz-Expires"])
    except (KeyError, ValueError):
        return None
    at_us = int(signed.timestamp()) * SECOND_US - words.starts_at_us
    return Signed(at_us, at_us + length_s * SECOND_US)


def linked(
    words: Words, platform: Platform, request: Request, params: Mapping[str, str], signed: Signed
) -> Recording | None:
    """The recording whose link this is: the one for which the same would be signed."""
    if request.method != "GET":
        return None
    for recording in platform.recordings.values():
        session, leg = platform.sessions[recording.session], platform.legs[recording.leg]
        name = quote(recording.settings.file_name, safe="")
        if (name or words.wire_id("leg", session.title, leg.n)) in request.path:
            right = download(words.link_to(session, leg, recording, signed.at_us))
            if right.path == request.path and dict(parse_qsl(right.query)) == params:
                return recording
    return None


def until_us(words: Words, platform: Platform, recording: Recording | None, signed: Signed) -> int:
    """From when on a link has expired: as its signature says, or as its call has it (Q 23).

    Assumed: only links of messages count from the end of the call, and a link signed by the time
    that the file was stored, or the call was over, is one.
    """
    if not words.links_from_call_end or recording is None:
        return signed.until_us
    ended_us = platform.legs[recording.leg].ended_at_us
    if ended_us == NEVER:
        return NEVER
    is_told = signed.at_us <= max(recording.updated_at_us, ended_us)
    return ended_us + words.url_ttl_us if is_told else signed.until_us


def samples(length_us: int) -> int:
    """So many whole samples of a channel are in a length."""
    return length_us * SAMPLES_PER_S // SECOND_US


def mp3_frames(samples: int) -> int:
    """So many frames an MP3 of so many samples has."""
    return -(-samples // MP3_FRAME_SAMPLES) + MP3_MORE_FRAMES if samples else 0


def size_bytes(recording: Recording) -> int:
    """How long the file of a completed recording is, by its format and length."""
    count = samples(recording.length_us)
    if recording.settings.format == "mp3":
        return mp3_frames(count) * MP3_FRAME_BYTES
    return WAV_HEADER_BYTES + count * SAMPLE_BYTES * recording.settings.channels


# Where links are told.

URL, MEDIA_URL = "url", "media_url"
"""Kinds of link: RecordingUrl of a message; media_url or download_urls of an answer."""


def link_name(sid: str, kind: str) -> str:
    """What the link of a kind to a recording is called."""
    return f"{sid} {kind}"


#: Messages that may tell a link.
LINKING = (RecordingStatus, CallStatus, RecordAction, DialAction, RecordingWebhook)


def link_in(words: Words, message: Message) -> Link | None:
    """The link that a message tells, if it tells one.

    Where its life counts from the end of a call, the message can't say how long it has: NEVER.
    """
    if not isinstance(message, LINKING):
        return None
    told = message.recording
    if told is None or told.signed_at_us < 0:
        return None
    call = message.call if isinstance(message, RecordAction | DialAction) else message
    url = link(words, call.session, call.leg, told)
    sid = words.wire_id("recording", call.session, told.n)
    until_us = NEVER if words.links_from_call_end else words.link_until_us(told.signed_at_us)
    return Link(sid, told.n, url, download(url), until_us)


def names_in_message(words: Words, message: Message) -> Iterator[tuple[str, str]]:
    """The links that a message tells, by name."""
    if link := link_in(words, message):
        yield link_name(link.sid, URL), link.url


def names_in_answer(answer: Answer) -> Iterator[tuple[str, str]]:
    """The links that an answer of the REST API tells, by name: those of each view in its body."""
    if answer.body and answer.header("content-type") == "application/json":
        yield from _names_in(orjson.loads(answer.body))


def _names_in(body: Any) -> Iterator[tuple[str, str]]:
    if isinstance(body, list):
        for one in body:
            yield from _names_in(one)
    elif isinstance(body, dict):
        links = [body.get("media_url"), *(body.get("download_urls") or {}).values()]
        for link in filter(None, links):
            yield link_name(body.get("sid") or body["id"], MEDIA_URL), link
        for value in body.values():
            yield from _names_in(value)
