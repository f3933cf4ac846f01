"""What a recording sounds like: a sine while somebody is heard, else silence; as WAV or as MP3.

Arithmetic on samples, made piece by piece however long a file is, and always the same bytes. The
only module that imports lameenc.
"""

from __future__ import annotations

import math
import struct
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from recsim.vendors.telnyx.storage import (
    MP3_BITS_PER_S,
    MP3_FRAME_BYTES,
    MP3_FRAME_SAMPLES,
    SAMPLE_BYTES,
    SAMPLES_PER_S,
    WAV_HEADER_BYTES,
    mp3_frames,
)

if TYPE_CHECKING:
    from recsim.core.entities import Intervals

LEVEL = 8_000
"""Peak of one sine, of 32,767; where that many sound at once that it would clip, all are lower."""
LOUDEST = 32_767
LONGEST_BYTES = 2**32 - 1
"""The most that a WAV can say of its length; what is longer says this."""
QUALITY = 7
"""Of the MP3 encoder, 2 best to 7 fastest: a sine needs no better."""

MP3_DELAY_SAMPLES = 576
"""So many LAME puts before the first."""
#: How a frame begins that is MPEG 2.5, Layer III, 8 kHz, 64 kbit/s, and how much side information
#: follows, in bytes.
MONO, STEREO = (b"\xff\xe3\x88\xc4", 9), (b"\xff\xe3\x88\x44", 17)

PLATFORM_HZ = 300
"""What the platform plays and says."""
FORGOTTEN_HZ = 200
"""Somebody whose call is forgotten, so that nobody can say any more who it was."""


def steps(*firsts: int) -> tuple[int, ...]:
    """Tones in major thirds up to 3,520 Hz, from so many semitones above 440 Hz each, in Hz."""
    semitones = (step for first in firsts for step in range(first, 37, 4))
    return tuple(round(440 * 2 ** (step / 12)) for step in semitones)


#: By a leg's number in the session of the recording, from 1; after the last the first comes again.
LEG_HZ = steps(0, 1)
#: Legs of other sessions, in the order in which they are first heard in the file.
GUEST_HZ = steps(2, 3)


class Tone(NamedTuple):
    """Somebody on a channel."""

    hz: int
    heard: Intervals
    """In samples since the file begins."""


class Sound(NamedTuple):
    """All that is heard in a file."""

    samples: int
    channels: tuple[tuple[Tone, ...], ...]
    """First channel first."""

    @property
    def frame_bytes(self) -> int:
        """One sample of each channel."""
        return SAMPLE_BYTES * len(self.channels)


def wav(sound: Sound, start: int = 0) -> Iterator[bytes]:
    """A WAV file from byte `start` on: 16 bit, little-endian."""
    yield wav_header(sound)[start:]
    samples, more = divmod(max(0, start - WAV_HEADER_BYTES), sound.frame_bytes)
    for piece in pcm(sound, samples):
        yield piece[more:]
        more = max(0, more - len(piece))


def wav_header(sound: Sound) -> bytes:
    """The 44 bytes that a WAV file begins with."""
    data_bytes = sound.samples * sound.frame_bytes
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        min(LONGEST_BYTES, WAV_HEADER_BYTES - 8 + data_bytes),
        b"WAVE",
        b"fmt ",
        16,
        1,
        len(sound.channels),
        SAMPLES_PER_S,
        SAMPLES_PER_S * sound.frame_bytes,
        sound.frame_bytes,
        SAMPLE_BYTES * 8,
        b"data",
        min(LONGEST_BYTES, data_bytes),
    )


def has_encoder() -> bool:
    """Whether MP3 can be made here."""
    try:
        import lameenc  # noqa: F401, PLC0415 - an extra
    except ImportError:
        return False
    return True


def mp3(sound: Sound) -> Iterator[bytes]:
    """An MP3 file: MPEG 2.5 Layer III, at a constant rate. There must be an encoder."""
    import lameenc  # noqa: PLC0415 - an extra

    if not sound.samples:
        return
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(MP3_BITS_PER_S // 1_000)
    encoder.set_in_sample_rate(SAMPLES_PER_S)
    encoder.set_out_sample_rate(SAMPLES_PER_S)
    encoder.set_channels(len(sound.channels))
    encoder.set_quality(QUALITY)
    yield mp3_header(sound)
    for piece in pcm(sound):
        yield bytes(encoder.encode(piece))
    yield bytes(encoder.flush())


def mp3_header(sound: Sound) -> bytes:
    """The frame that an MP3 begins with, which is silent: by it players drop what was added.

    Source: "Mp3 Info Tag revision 1" of LAME: frames and bytes, then from its encoder's name on
    what was added before and after. Fields that nobody needs, such as its sums, are 0.
    """
    head, side_bytes = MONO if len(sound.channels) == 1 else STEREO
    frames = mp3_frames(sound.samples)
    after = (frames - 1) * MP3_FRAME_SAMPLES - MP3_DELAY_SAMPLES - sound.samples
    tag = struct.pack(">4sIII", b"Info", 0b11, frames - 1, frames * MP3_FRAME_BYTES)
    tag += b"LAME3.100" + b"\x01" + bytes(10) + bytes([MP3_BITS_PER_S // 1_000])
    tag += (MP3_DELAY_SAMPLES << 12 | after).to_bytes(3, "big")
    return (head + bytes(side_bytes) + tag).ljust(MP3_FRAME_BYTES, b"\0")


def cut(pieces: Iterable[bytes], first: int, length: int) -> Iterator[bytes]:
    """So many bytes of those that `pieces` make, from the one with number `first`, 0 on.

    What lies before them comes as empty pieces, so that it doesn't keep whoever takes them waiting.
    """
    for piece in pieces:
        if length <= 0:
            return
        part = piece[first : first + length]
        first, length = max(0, first - len(piece)), length - len(part)
        yield part


def pcm(sound: Sound, start: int = 0) -> Iterator[bytes]:
    """The samples from number `start` on, channel beside channel, in pieces of a second or less."""
    size = sound.frame_bytes
    for begins, ends, heard in stretches(sound):
        second, at = one_second(heard), max(begins, start)
        while at < ends:
            begin = at % SAMPLES_PER_S
            end = min(SAMPLES_PER_S, begin + ends - at)
            yield second[begin * size : end * size]
            at += end - begin


Heard = tuple[tuple[int, ...], ...]
"""By channel, the tones that sound, in Hz."""


def stretches(sound: Sound) -> Iterator[tuple[int, int, Heard]]:
    """Where the same is heard throughout: from, to (in samples), and what."""
    edges = sorted(
        (at, channel, tone.hz, change)
        for channel, tones in enumerate(sound.channels)
        for tone in tones
        for begin, end in tone.heard
        for at, change in ((begin, 1), (end, -1))
    )
    on = [Counter[int]() for _ in sound.channels]
    last = 0
    for at, channel, hz, change in edges:
        if at > last:
            yield last, at, now_on(on)
            last = at
        on[channel][hz] += change
    if last < sound.samples:
        yield last, sound.samples, now_on(on)


def now_on(on: Iterable[Counter[int]]) -> Heard:
    """The tones of each channel that are on, each once, the lowest first."""
    return tuple(tuple(sorted(hz for hz, times in tones.items() if times)) for tones in on)


@lru_cache(maxsize=256)
def one_second(heard: Heard) -> bytes:
    """A second of these tones, after which they repeat: each has a whole number of periods."""
    frames = array("h", bytes(SAMPLES_PER_S * SAMPLE_BYTES * len(heard)))
    for channel, tones in enumerate(heard):
        level = min(LEVEL, LOUDEST // len(tones)) if tones else 0
        mixed = (sum(levels) for levels in zip(*(sine(hz, level) for hz in tones), strict=True))
        if tones:
            frames[channel :: len(heard)] = array("h", mixed)
    if sys.byteorder == "big":
        frames.byteswap()
    return frames.tobytes()


@lru_cache(maxsize=256)
def sine(hz: int, level: int) -> array[int]:
    """A second of one tone: `SAMPLES_PER_S` samples, none of them beyond `level`."""
    turn = 2 * math.pi * hz / SAMPLES_PER_S
    return array("h", (int(level * math.sin(turn * n)) for n in range(SAMPLES_PER_S)))
