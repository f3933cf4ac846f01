"""The samples of a file, without a server."""

from __future__ import annotations

import io
import re
import tracemalloc
import wave
from array import array
from pathlib import Path

import pytest

from recsim.live import audio
from recsim.live.audio import Sound, Tone
from recsim.vendors.telnyx.storage import SAMPLES_PER_S

A, B = Tone(440, ((0, 8_000),)), Tone(554, ((4_000, 12_000),))


def samples(sound: Sound) -> array[int]:
    return array("h", b"".join(audio.pcm(sound)))


def test_a_wav_says_what_it_holds():
    with wave.open(io.BytesIO(b"".join(audio.wav(Sound(12_001, ((A,), (B,))))))) as read:
        assert read.getparams()[:4] == (2, 2, 8_000, 12_001)


def test_a_tone_sounds_exactly_while_it_is_heard():
    made = samples(Sound(12_000, ((Tone(440, ((100, 5_000), (9_000, 12_000))),),)))

    assert not any(made[:100])
    assert not any(made[5_000:9_000])
    for start, stop in ((100, 5_000), (9_000, 12_000)):
        assert max(made[start:stop]) > 7_900
        assert min(made[start:stop]) < -7_900


def test_channels_stand_side_by_side():
    made = samples(Sound(12_000, ((A,), (B,))))

    assert made[0::2] == samples(Sound(12_000, ((A,),)))
    assert made[1::2] == samples(Sound(12_000, ((B,),)))


def test_a_mix_is_the_sum_of_its_tones():
    mixed = samples(Sound(12_000, ((A, B),)))
    apart = zip(samples(Sound(12_000, ((A,),))), samples(Sound(12_000, ((B,),))), strict=True)

    assert list(mixed) == [one + other for one, other in apart]


def test_however_many_sound_at_once_nothing_is_clipped():
    hz = (*audio.LEG_HZ, *audio.GUEST_HZ, audio.PLATFORM_HZ, audio.FORGOTTEN_HZ)
    made = samples(Sound(8_000, (tuple(Tone(one, ((0, 8_000),)) for one in hz),)))

    assert len(made) == 8_000
    assert 5_000 < max(made) <= audio.LOUDEST


def test_everybody_has_a_tone_of_their_own_below_half_the_rate():
    hz = (*audio.LEG_HZ, *audio.GUEST_HZ, audio.PLATFORM_HZ, audio.FORGOTTEN_HZ)

    assert audio.LEG_HZ[:4] == (440, 554, 698, 880)
    assert audio.GUEST_HZ[:4] == (494, 622, 784, 988)
    assert len(set(hz)) == len(hz) == 39
    assert max(hz) == 3_520 < SAMPLES_PER_S / 2


@pytest.mark.parametrize("start", [0, 1, 43, 44, 45, 46, 47, 48, 16_043, 16_044, 31_999, 48_043])
def test_a_wav_can_begin_anywhere(start):
    sound = Sound(12_000, ((A,), (B,)))

    assert b"".join(audio.wav(sound, start)) == b"".join(audio.wav(sound))[start:]


def test_a_wav_of_two_days_is_made_in_little_memory():
    sound = Sound(48 * 3_600 * SAMPLES_PER_S, ((A,), (B,)))
    audio.one_second(((), ()))
    tracemalloc.start()

    [*_] = zip(range(1_000), audio.wav(sound), strict=False)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1 << 20
    assert audio.wav_header(sound)[-4:] == b"\xff\xff\xff\xff"


def test_cut_takes_what_lies_in_between():
    def pieces():
        return iter((b"abc", b"", b"defg", b"h"))

    for first in range(9):
        for length in range(9):
            expected = b"abcdefgh"[first : first + length]
            assert b"".join(audio.cut(pieces(), first, length)) == expected


def test_the_page_tells_each_tone_in_its_order():
    page = (Path(__file__).parents[2] / "docs" / "serve.md").read_text("utf-8")
    rows = [
        tuple(map(int, re.findall(r"\d+", cells[2])))
        for cells in (line.split("|") for line in page.splitlines())
        if len(cells) == 4 and cells[2].strip()[0].isdigit()
    ]

    assert rows == [
        audio.LEG_HZ,
        audio.GUEST_HZ,
        (audio.PLATFORM_HZ,),
        (audio.FORGOTTEN_HZ,),
    ]
