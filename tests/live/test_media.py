"""Recordings as programs download them: over real sockets, and then measured."""

from __future__ import annotations

import io
import math
import sys
import wave
from array import array
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

import httpx
import pytest

from recsim.core import capture, hearing
from recsim.core.platform import Platform
from recsim.live import local, media
from recsim.live.audio import GUEST_HZ, LEG_HZ, LEVEL, PLATFORM_HZ
from recsim.live.media import Part
from recsim.scenario.load import load, loads
from recsim.scenario.run import stage
from recsim.world.driver import Driver

CALLER, CALLEE, GUEST = LEG_HZ[0], LEG_HZ[1], GUEST_HZ[0]


def scenario(document: str, people: str, more: str = "") -> str:
    """One call that follows a document; nobody listens to its callbacks."""
    return f"""\
recsim: 1
title: A recording to listen to
application: {{voice_url: "http://127.0.0.1:9/answer"}}
documents:
  http://127.0.0.1:9/answer: |
    <Response>{document}</Response>
calls:
  caller:
    from: +15550001
    to: +15550002
    story: {people}
{more}
"""


COLLEAGUE = """\
callees:
  colleague:
    number: +15550100
    answers_after: 1s
    story: [silent: 3s, speak: 2s, silent: 1s, hang_up]
"""
BRIDGED = "[wait: bridge, speak: 2s]"


def dial(record: str, callback: str = "") -> str:
    return f'<Dial record="{record}"{callback}><Number>+15550100</Number></Dial>'


START = '<Start><Recording track="{}" channels="{}" format="wav"{}/></Start>'
SAY = '<Say>Hello there, this is a test.</Say><Pause length="4"/><Hangup/>'


class Heard:
    """A WAV, to be measured."""

    def __init__(self, content: bytes) -> None:
        with wave.open(io.BytesIO(content)) as read:
            self.channels, width, self.rate, self.count = read.getparams()[:4]
            assert width == 2
            self.samples = array("h", read.readframes(self.count))

    @property
    def seconds(self) -> float:
        return self.count / self.rate

    def level(self, hz: int, start_s: float, end_s: float, channel: int = 0) -> float:
        """How loud a tone is there, 1 as a single leg is: Goertzel's algorithm."""
        part = self.samples[channel :: self.channels]
        part = part[round(start_s * self.rate) : round(end_s * self.rate)]
        turn = 2 * math.cos(2 * math.pi * hz / self.rate)
        before, last = 0.0, 0.0
        for sample in part:
            before, last = last, sample + turn * last - before
        power = last * last + before * before - turn * last * before
        return 2 * math.sqrt(max(0.0, power)) / len(part) / LEVEL

    def tones(self, start_s: float, end_s: float, channel: int = 0) -> set[int]:
        """Which tones are heard there, and nothing between them."""
        hz = (CALLER, CALLEE, LEG_HZ[2], GUEST, GUEST_HZ[1], PLATFORM_HZ)
        levels = {one: self.level(one, start_s, end_s, channel) for one in hz}
        assert all(level < 0.05 or abs(level - 1) < 0.05 for level in levels.values()), levels
        return {one for one, level in levels.items() if level > 0.5}


class Served(NamedTuple):
    """A server whose call is over and whose recordings are stored."""

    server: local.Steering

    def recordings(self) -> list[dict]:
        return httpx.get(f"{self.server.base_url}/recordings", headers=KEY).json()["data"]

    def links(self) -> list[str]:
        """Fresh ones, the newest recording first."""
        return [url for one in self.recordings() for url in one["download_urls"].values()]

    def heard(self) -> Heard:
        [link] = self.links()
        return Heard(httpx.get(link).content)


KEY = {"authorization": "Bearer any"}


@pytest.fixture
def listen(request):
    """Play a scenario as far as its files are stored."""
    open_now = []

    def play_it(text: str, length: str = "60s", **readings: str) -> Served:
        context = local.serve(loads(text), readings=readings)
        server = context.__enter__()
        open_now.append(context)
        server.clock.by(length)
        return Served(server)

    yield play_it
    for context in open_now:
        context.__exit__(None, None, None)


# Who is on which channel.


def test_dual_has_the_caller_on_the_first_channel_and_the_callee_on_the_second(listen):
    start = START.format("both", "dual", "")
    heard = listen(scenario(start + dial("do-not-record"), BRIDGED, COLLEAGUE)).heard()

    assert (heard.channels, heard.rate) == (2, 8_000)
    bridged_s = heard.seconds - 6
    assert heard.tones(bridged_s + 0.1, bridged_s + 1.9, 0) == {CALLER}
    assert heard.tones(bridged_s + 0.1, bridged_s + 1.9, 1) == set()
    assert heard.tones(bridged_s + 3.1, bridged_s + 4.9, 0) == set()
    assert heard.tones(bridged_s + 3.1, bridged_s + 4.9, 1) == {CALLEE}
    assert heard.tones(bridged_s + 5.1, bridged_s + 5.9, 1) == set()


def test_single_has_all_of_them_mixed(listen):
    both = COLLEAGUE.replace("silent: 3s", "silent: 1s")
    start = START.format("both", "single", "")
    heard = listen(scenario(start + dial("do-not-record"), BRIDGED, both)).heard()

    assert heard.channels == 1
    bridged_s = heard.seconds - 4
    assert heard.tones(bridged_s + 0.1, bridged_s + 0.9) == {CALLER}
    assert heard.tones(bridged_s + 1.1, bridged_s + 1.9) == {CALLER, CALLEE}
    assert heard.tones(bridged_s + 2.1, bridged_s + 2.9) == {CALLEE}
    assert max(heard.samples) < 32_767


@pytest.mark.parametrize(
    ("track", "heard_first", "heard_later"),
    [("inbound", {CALLER}, set()), ("outbound", set(), {CALLEE})],
)
def test_one_track_holds_nothing_of_the_other(listen, track, heard_first, heard_later):
    start = START.format(track, "dual", "")
    heard = listen(scenario(start + dial("do-not-record"), BRIDGED, COLLEAGUE)).heard()

    assert heard.channels == 1
    bridged_s = heard.seconds - 6
    assert heard.tones(bridged_s + 0.1, bridged_s + 1.9) == heard_first
    assert heard.tones(bridged_s + 3.1, bridged_s + 4.9) == heard_later


def test_what_the_platform_says_is_on_the_second_channel(listen):
    start = START.format("both", "dual", "")
    heard = listen(scenario(start + SAY, "[wait: pause, silent: 1s, speak: 2s]")).heard()

    said_s = heard.seconds - 4
    assert said_s > 1
    assert heard.tones(0.1, said_s - 0.1, 0) == set()
    assert heard.tones(0.1, said_s - 0.1, 1) == {PLATFORM_HZ}
    assert heard.tones(said_s + 1.1, said_s + 2.9, 0) == {CALLER}
    assert heard.tones(said_s + 1.1, said_s + 2.9, 1) == set()


CONFERENCE = """\
  guest:
    at: 1s
    from: +15550003
    to: +15550002
    story: [wait: conference, silent: 4s, speak: 2s, silent: 10s, hang_up]
requests:
  - at: 3s after caller conference
    post: /v2/conferences/weekly/actions/record_start
    json: {format: wav, channels: CHANNELS, play_beep: false}
"""
MEETS = "[wait: conference, silent: 4s, speak: 2s, silent: 4s, hang_up]"


@pytest.mark.parametrize("channels", ["dual", "single"])
def test_a_conference_has_who_made_it_first_and_guests_in_tones_of_their_own(listen, channels):
    room = "<Dial><Conference>weekly</Conference></Dial>"
    text = scenario(room, MEETS, CONFERENCE.replace("CHANNELS", channels))
    heard = listen(text).heard()

    assert heard.channels == (2 if channels == "dual" else 1)
    assert heard.tones(0.1, 0.9) == set()
    assert heard.tones(1.1, 1.9) == {CALLER}
    if channels == "dual":
        assert heard.tones(2.1, 2.9, 0) == {CALLER}
        assert heard.tones(2.1, 2.9, 1) == {GUEST}
        assert heard.tones(3.1, 3.9, 1) == {GUEST}
    else:
        assert heard.tones(2.1, 2.9) == {CALLER, GUEST}
        assert heard.tones(3.1, 3.9) == {GUEST}


# How long a file is.


def length_of(served: Served) -> float:
    [recording] = served.recordings()
    return recording["duration_millis"] / 1_000


def test_a_trimmed_file_begins_and_ends_with_speech(listen):
    start = START.format("inbound", "single", ' trim="trim-silence"')
    served = listen(scenario(start + SAY, "[wait: pause, silent: 500ms, speak: 1500ms]"))
    heard = served.heard()

    assert heard.seconds == pytest.approx(1.5, abs=0.02)
    assert heard.seconds == pytest.approx(length_of(served), abs=0.02)
    assert heard.tones(0, 0.2) == heard.tones(1.3, 1.5) == {CALLER}


PAUSED = """\
requests:
  - at: 2s after caller answer
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: paused}
  - at: 5s after caller answer
    post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
    form: {Status: in-progress}
"""


@pytest.mark.parametrize(("reading", "length_s"), [("", 7), ("silence", 10)])
def test_paused_time_is_left_out_or_silent(listen, reading, length_s):
    start = START.format("both", "single", "")
    text = scenario(f'{start}<Pause length="10"/>', "[wait: answer, speak: 12s]", PAUSED)
    served = listen(text, **({"pause_behavior": reading} if reading else {}))
    heard = served.heard()

    assert heard.seconds == pytest.approx(length_s, abs=0.02)
    assert heard.seconds == pytest.approx(length_of(served), abs=0.02)
    assert heard.tones(0.1, 1.9) == {CALLER}
    assert heard.tones(2.1, 4.9) == ({CALLER} if not reading else set())
    assert heard.tones(5.1, 6.9) == {CALLER}


# Over the wire.

VOICEMAIL = scenario(
    '<Record finishOnKey="#" channels="dual" recordingStatusCallback="/recording"/>',
    '[wait: beep, speak: 3s, press: "#"]',
)


def told_url(server: local.Steering) -> str:
    """RecordingUrl of the callback that tells it."""
    found = [parse_qs(one["body"]) for one in server.callbacks() if "RecordingUrl" in one["body"]]
    return found[0]["RecordingUrl"][0]


def frames(content: bytes) -> list[int]:
    """The channels of each frame of an MP3; every one must be MPEG 2.5, 8 kHz, 64 kbit/s."""
    found = []
    for at in range(0, len(content), 576):
        first, second, third, fourth = content[at : at + 4]
        assert (first, second & 0xFE) == (0xFF, 0xE2)
        assert third & 0xFE == 0x88
        found.append(1 if fourth >> 6 == 3 else 2)
    return found


def test_an_mp3_has_as_many_frames_as_it_says_and_the_length_takes(listen):
    pytest.importorskip("lameenc")
    served = listen(VOICEMAIL)
    answer = httpx.get(told_url(served.server))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/mpeg"
    assert int(answer.headers["content-length"]) == len(answer.content)
    channels = frames(answer.content)
    assert set(channels) == {2}
    tag = answer.content.index(b"Info")
    told = int.from_bytes(answer.content[tag + 8 : tag + 12], "big")
    added = int.from_bytes(answer.content[tag + 37 : tag + 40], "big")
    before, after = added >> 12, added & 0xFFF
    assert told == len(channels) - 1
    assert (told * 576 - before - after) / 8_000 == pytest.approx(length_of(served), abs=0.001)


def test_a_part_of_an_mp3_is_that_of_the_whole(listen):
    pytest.importorskip("lameenc")
    url = told_url(listen(VOICEMAIL).server)
    part = httpx.get(url, headers={"range": "bytes=1000-2999"})

    assert part.status_code == 206
    assert part.content == httpx.get(url).content[1_000:3_000]


def test_without_an_encoder_nothing_passes_itself_off_as_mp3(listen, monkeypatch):
    monkeypatch.setitem(sys.modules, "lameenc", None)
    answer = httpx.get(told_url(listen(VOICEMAIL).server))

    assert answer.status_code == 501
    assert answer.headers["content-type"].startswith("text/plain")
    assert "pip install 'recsim[serve]'" in answer.text


def test_every_way_to_a_file_leads_to_the_same_bytes(listen):
    start = START.format("both", "dual", ' recordingStatusCallback="/recording"')
    runs = [listen(scenario(start + SAY, "[speak: 2s]")) for _ in range(2)]
    urls = [url for one in runs for url in (told_url(one.server), *one.links())]
    files = {httpx.get(url).content for url in urls}

    assert len(set(urls)) == 4
    assert len(files) == 1


def wav_link(listen) -> str:
    return listen(scenario(START.format("both", "dual", "") + SAY, "[speak: 2s]")).links()[0]


def test_a_player_gets_the_part_it_asks_for(listen):
    url = wav_link(listen)
    whole = httpx.get(url)
    size = len(whole.content)

    assert whole.status_code == 200
    assert whole.headers["content-type"] == "audio/x-wav"
    assert whole.headers["accept-ranges"] == "bytes"
    assert int(whole.headers["content-length"]) == size
    for asked, first, last in (
        ("bytes=0-99", 0, 99),
        ("bytes=40-50", 40, 50),
        ("bytes=16001-", 16_001, size - 1),
        ("bytes=-7", size - 7, size - 1),
        (f"bytes={size - 3}-{size + 9}", size - 3, size - 1),
    ):
        part = httpx.get(url, headers={"range": asked})
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert int(part.headers["content-length"]) == last + 1 - first
        assert part.content == whole.content[first : last + 1]


def test_a_part_beyond_the_end_cannot_be_had(listen):
    url = wav_link(listen)
    size = len(httpx.get(url).content)
    answer = httpx.get(url, headers={"range": f"bytes={size}-"})

    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"
    assert "InvalidRange" in answer.text


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("", Part(0, 500, is_all=True)),
        ("bytes=0-", Part(0, 500)),
        ("bytes=0-0", Part(0, 1)),
        ("bytes=-900", Part(0, 500)),
        ("bytes=-0", None),
        ("bytes=500-", None),
        ("bytes=9-5", Part(0, 500, is_all=True)),
        ("bytes=-", Part(0, 500, is_all=True)),
        ("bytes=0-4,9-12", Part(0, 500, is_all=True)),
        ("seconds=0-4", Part(0, 500, is_all=True)),
    ],
)
def test_a_range_header_means_a_part(asked, part):
    assert media.part_of(asked, 500) == part


def test_a_link_is_signed_for_get_so_head_is_refused_without_a_body(listen):
    answer = httpx.head(wav_link(listen))

    assert (answer.status_code, answer.content) == (403, b"")


def test_a_file_is_there_once_it_is_stored_and_for_as_long_as_its_link_lives(listen):
    document = '<Record finishOnKey="#" action="/done"/>'
    text = scenario(document, '[wait: beep, speak: 3s, press: "#"]', "storage: {delay: 30s}")
    done = "  http://127.0.0.1:9/done: <Response><Hangup/></Response>\ncalls:"
    server = listen(text.replace("calls:", done, 1), "20s").server
    url = told_url(server)
    statuses = [httpx.get(url).status_code]
    for length in ("30s", "9m", "1m"):
        server.clock.by(length)
        statuses.append(httpx.get(url).status_code)

    assert statuses == [404, 200, 200, 403]


def test_the_link_of_an_answer_expires_and_the_next_answer_has_another(listen):
    served = listen(scenario(START.format("both", "dual", "") + SAY, "[speak: 2s]"))
    [first] = served.links()
    served.server.clock.by("599s")
    assert httpx.get(first).status_code == 200
    served.server.clock.by("2s")
    [second] = served.links()

    assert httpx.get(first).status_code == 403
    assert httpx.get(second).status_code == 200


def test_a_deleted_recording_has_no_file(listen):
    served = listen(scenario(START.format("both", "dual", "") + SAY, "[speak: 2s]"))
    [link], [recording] = served.links(), served.recordings()
    deleted = httpx.delete(f"{served.server.base_url}/recordings/{recording['id']}", headers=KEY)

    assert deleted.status_code in (200, 204)
    assert httpx.get(link).status_code == 404


def test_a_recording_of_three_hours_is_streamed_and_may_be_left_half_way(listen):
    start = START.format("both", "dual", "")
    long = COLLEAGUE.replace("silent: 1s", "silent: 3h")
    served = listen(scenario(start + dial("do-not-record"), BRIDGED, long), "4h")
    [link] = served.links()
    with httpx.stream("GET", link) as answer:
        assert int(answer.headers["content-length"]) > 3 * 3_600 * 32_000
        first = next(answer.iter_bytes())
    last = httpx.get(link, headers={"range": "bytes=-32000"})

    assert first.startswith(b"RIFF")
    assert last.content == bytes(32_000)
    assert served.recordings()


class Keeping(Platform):
    """Forgets nothing by itself."""

    def retire(self, key: int) -> None:
        """Not now."""


def platform_of(path: Path) -> Platform:
    """A scenario as it stands at its end."""
    staged = stage(load(path))
    platform = Keeping(staged.vendor)
    Driver(platform, staged.plan).run()
    return platform


def test_what_a_recording_holds_is_all_told_by_who_is_heard(scenario):
    platform = platform_of(scenario)

    assert platform.sessions
    for recording in platform.recordings.values():
        each = hearing.apart(platform, recording)
        assert capture.joined(*(one.spoke for one in each)) == hearing.sound(platform, recording)
        assert all(one.n != hearing.FORGOTTEN for one in each)


def test_who_is_forgotten_is_heard_all_the_same(scenarios):
    [path] = [one for one in scenarios if one.stem == "queue-taken-by-agent"]
    platform = platform_of(path)
    [recording] = platform.recordings.values()
    own = platform.sessions[recording.session].title
    before = hearing.apart(platform, recording)
    [guest] = [one for one in before if one.session not in ("", own)]
    key = next(key for key, one in platform.sessions.items() if one.title == guest.session)
    Platform.retire(platform, key)

    forgotten = hearing.Heard("", hearing.FORGOTTEN, guest.spoke)
    assert {*hearing.apart(platform, recording)} == {*before} - {guest} | {forgotten}
