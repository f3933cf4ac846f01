"""Audio of a recording that real programs download: whole, or the part that they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from recsim.core import capture, hearing
from recsim.core.commands import Answer, Request
from recsim.core.entities import Intervals, Recording
from recsim.core.hearing import Heard
from recsim.core.platform import Platform
from recsim.live import audio
from recsim.live.engine import Engine
from recsim.vendors.telnyx import storage

TEXT = (("content-type", "text/plain; charset=utf-8"),)
NO_ENCODER = Answer(
    501, TEXT, "this server has no MP3 encoder: pip install 'recsim[serve]', or record as wav\n"
)
"""Other bytes could only pass themselves off as MP3."""


class File(NamedTuple):
    """What is answered for a file; `content-length` stands among its headers."""

    answer: Answer
    pieces: Iterator[bytes]
    """Its bytes, in place of the answer's text."""


class Media:
    """Makes the audio that links lead to."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def of(self, request: Request, found: Answer) -> Answer | File:
        """What is sent for `found`: the audio, where that is the answer of a link that works."""
        words, platform = self.engine.vendor.words, self.engine.platform
        if found.status != 200 or not storage.is_storage(words, request):
            return found
        recording = storage.recording_of(words, platform, request)
        assert recording is not None
        if recording.settings.format == "mp3" and not audio.has_encoder():
            return NO_ENCODER
        size = storage.size_bytes(recording)
        part = part_of(dict(request.headers).get("range", ""), size)
        if part is None:
            refused = storage.refused("InvalidRange")
            return refused._replace(
                headers=(*refused.headers, ("content-range", f"bytes */{size}"))
            )
        headers = [pair for pair in found.headers if pair[0] != "content-length"]
        headers += [("content-length", str(part.length)), ("accept-ranges", "bytes")]
        if part.is_all:
            answer = Answer(200, tuple(headers))
        else:
            last = part.first + part.length - 1
            headers.append(("content-range", f"bytes {part.first}-{last}/{size}"))
            answer = Answer(206, tuple(headers))
        return File(answer, pieces(sound_of(platform, recording), recording, part))


def pieces(sound: audio.Sound, recording: Recording, part: Part) -> Iterator[bytes]:
    """The bytes of a part of a file. MP3 is made from its start, wherever the part begins."""
    if recording.settings.format == "mp3":
        return audio.cut(audio.mp3(sound), part.first, part.length)
    return audio.cut(audio.wav(sound, part.first), 0, part.length)


# Which part.


class Part(NamedTuple):
    """Bytes of a file, numbered from 0."""

    first: int
    length: int
    is_all: bool = False


RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def part_of(asked: str, size: int) -> Part | None:
    """The part that a Range header means; None: the file hasn't any of it.

    Source: RFC 9110, 14.2 (what can't be understood is passed over). Several ranges at once are
    answered with all of the file, as S3 does.
    """
    match = RANGE.fullmatch(asked.strip())
    if match is None or not any(match.groups()):
        return Part(0, size, is_all=True)
    first_text, last_text = match.groups()
    if not first_text:
        first, last = max(0, size - int(last_text)), size - 1
    else:
        first, last = int(first_text), min(size - 1, int(last_text or size - 1))
        if last_text and int(last_text) < first:
            return Part(0, size, is_all=True)
    return Part(first, last + 1 - first) if first <= last else None


# What is heard.


def sound_of(platform: Platform, recording: Recording) -> audio.Sound:
    """What is heard in the file of a recording that is stored.

    Of two channels the first is the recording's leg, the second all else. Paused time that is kept
    is silent. Source: docs record, `dual`; assumed: what the platform plays is on the second.
    """
    title = platform.sessions[recording.session].title
    leg, samples = platform.legs[recording.leg], storage.samples(recording.length_us)
    audible = capture.common(recording.kept, recording.captured)
    found = [
        one._replace(spoke=placed(recording.kept, capture.common(one.spoke, audible)))
        for one in hearing.apart(platform, recording)
    ]
    found = [one for one in found if one.spoke]
    tones = [(one, audio.Tone(hz, one.spoke)) for one, hz in pitched(title, found)]
    if recording.settings.channels == 1:
        return audio.Sound(samples, (tuple(tone for _, tone in tones),))
    own = tuple(tone for one, tone in tones if (one.session, one.n) == (title, leg.n))
    rest = tuple(tone for one, tone in tones if (one.session, one.n) != (title, leg.n))
    return audio.Sound(samples, (own, rest))


def placed(kept: Intervals, heard: Intervals) -> Intervals:
    """Where in the file the kept moments of `heard` are, in samples."""
    found, before_us = [], 0
    for begin, end in kept:
        found += [
            (
                storage.samples(before_us + start - begin),
                storage.samples(before_us + stop - begin),
            )
            for start, stop in capture.common(heard, ((begin, end),))
        ]
        before_us += end - begin
    return tuple((start, stop) for start, stop in found if start < stop)


def pitched(title: str, found: list[Heard]) -> Iterator[tuple[Heard, int]]:
    """Everybody who is heard, with the tone that stands for them, in Hz."""
    guests = 0
    for one in sorted(found, key=lambda one: (one.spoke[0], one.session, one.n)):
        if one.n == hearing.PLATFORM:
            yield one, audio.PLATFORM_HZ
        elif one.n == hearing.FORGOTTEN:
            yield one, audio.FORGOTTEN_HZ
        elif one.session == title:
            yield one, audio.LEG_HZ[(one.n - 1) % len(audio.LEG_HZ)]
        else:
            yield one, audio.GUEST_HZ[guests % len(audio.GUEST_HZ)]
            guests += 1
