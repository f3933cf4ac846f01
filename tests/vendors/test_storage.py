"""Links to audio: what they answer over their life, and to whoever changes them."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from calls import RECORD, SECOND_US, Calls, one, only
from hypothesis import given
from hypothesis import strategies as st
from rooms import Room

from recsim.core.commands import Answer, Pressed, Request, Speech, Stored, download
from recsim.core.effects import Fetch, Respond, Store
from recsim.vendors.telnyx import storage

PRESS_US = 10 * SECOND_US + 400_000
STORED_US = PRESS_US + 720_000
SIGNED_US = 10 * SECOND_US
"""What the link of the action request says of its signature: whole seconds."""


class Told(Calls):
    """A message was left: its action request has told a link."""

    def __init__(self, verb: str = RECORD, **readings: str) -> None:
        super().__init__(**readings)
        self.follow(verb)
        effects = self.at(PRESS_US, Pressed(self.leg, "#"))
        link = self.vendor.link(one(effects, Fetch).message)
        assert link is not None
        self.link = link
        self.ticket = one(effects, Store).ticket

    def store(self, reason: str = "") -> Told:
        self.at(STORED_US, Stored(self.ticket, reason))
        return self

    def get(self, at_us: int, request: Request | None = None) -> Answer:
        """What a download answers, then."""
        effects = self.at(at_us, request or self.link.request)
        return one(effects, Respond).answer


def code(answer: Answer) -> str:
    assert answer.header("content-type") == "application/xml"
    return answer.body.partition("<Code>")[2].partition("</Code>")[0]


# The life of a link.


def test_a_link_leads_nowhere_until_the_file_is_stored():
    told = Told()

    answer = told.get(STORED_US - 1)
    assert (answer.status, code(answer)) == (404, "NoSuchKey")
    assert told.store().get(STORED_US).status == 200


def test_a_link_works_until_its_signature_expires():
    told = Told().store()

    assert told.get(SIGNED_US + 600 * SECOND_US - 1).status == 200
    answer = told.get(SIGNED_US + 600 * SECOND_US)
    assert (answer.status, code(answer)) == (403, "AccessDenied")
    assert "Request has expired" in answer.body


def test_a_link_says_itself_when_it_expires():
    assert Told().link.until_us == SIGNED_US + 600 * SECOND_US
    assert Told(recording_url_ttl_s="90s").link.until_us == SIGNED_US + 90 * SECOND_US


@given(signed_us=st.integers(0, 10**12), ttl_us=st.integers(0, 10**10))
def test_expiry_is_told_by_the_link_and_by_its_parameters_alike(signed_us, ttl_us):
    words = Calls(recording_url_ttl_s=f"{ttl_us}us").vendor.words

    url = words.link("a", 1, 1, 0, "mp3", signed_us)

    signed = storage.signed_of(words, dict(parse_qsl(download(url).query)))
    assert signed is not None
    assert signed.until_us == words.link_until_us(signed_us)
    assert signed_us - SECOND_US < signed.at_us <= signed_us


def test_an_expired_link_is_expired_before_it_is_anything_else():
    told = Told()  # never stored

    assert told.get(SIGNED_US + 600 * SECOND_US).status == 403


def test_a_deleted_recording_has_no_file():
    told = Told().store()
    told.now(told.delete())

    assert code(told.get(STORED_US)) == "NoSuchKey"


def test_a_recording_that_could_not_be_stored_has_no_file():
    assert code(Told().store("disk full").get(STORED_US)) == "NoSuchKey"


def test_every_fetch_signs_a_fresh_link():
    told = Told().store()
    sid = told.link.sid
    fetch = told.rest("GET", f"/Recordings/{sid}.json")
    urls = []
    for at_us in (SIGNED_US + 500 * SECOND_US, SIGNED_US + 700 * SECOND_US):
        [(name, url)] = storage.names_in_answer(told.get(at_us, fetch))
        assert name == storage.link_name(sid, storage.MEDIA_URL)
        urls.append(url)
        assert told.get(at_us, download(url)).status == 200

    assert len({told.link.url, *urls}) == 3
    assert told.get(SIGNED_US + 1100 * SECOND_US, download(urls[0])).status == 403
    assert told.get(SIGNED_US + 1100 * SECOND_US, download(urls[1])).status == 200


# Files.


@pytest.mark.parametrize(
    ("verb", "kind", "size"),
    [
        ("<Record/>", "audio/mpeg", 576 * (138 + 3)),
        ('<Record playBeep="false"/>', "audio/mpeg", 576 * (145 + 3)),
    ],
)
def test_a_file_has_its_type_and_a_size_by_its_length(verb, kind, size):
    told = Told(f"<Response>{verb.replace('<Record', RECORD_DONE)}</Response>").store()

    answer = told.get(STORED_US)
    assert answer.status == 200
    assert dict(answer.headers) == {"content-type": kind, "content-length": str(size)}
    assert answer.body == ""


RECORD_DONE = '<Record action="/done" finishOnKey="#"'


@pytest.mark.parametrize(
    ("channels", "size"), [("single", 16_000 * 5 + 44), ("dual", 32_000 * 5 + 44)]
)
def test_a_wav_has_a_header_and_its_samples(channels, size):
    calls = Calls()
    calls.follow(RECORD)
    recording = calls.recording()
    recording.settings = recording.settings._replace(
        format="wav", channels=1 if channels == "single" else 2
    )
    recording.length_us = 5 * SECOND_US

    assert storage.size_bytes(recording) == size
    assert storage.TYPES["wav"] == "audio/x-wav"


# Requests that are not the link's.


def changed(request: Request, **params: str | None) -> Request:
    query = {**dict(parse_qsl(request.query)), **params}
    kept = {name: value for name, value in query.items() if value is not None}
    return request._replace(query=urlencode(kept))


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ""),
        ({"X-Amz-Signature": "0" * 64}, "SignatureDoesNotMatch"),
        ({"X-Amz-Expires": "9999"}, "SignatureDoesNotMatch"),
        ({"X-Amz-Date": "20260105T090009Z"}, "SignatureDoesNotMatch"),
        ({"X-Amz-Credential": "other"}, "SignatureDoesNotMatch"),
        ({"more": "1"}, "SignatureDoesNotMatch"),
        ({"X-Amz-Signature": None}, "SignatureDoesNotMatch"),
        ({"X-Amz-Date": None}, "AccessDenied"),
        ({"X-Amz-Date": "yesterday"}, "AccessDenied"),
        ({"X-Amz-Expires": "long"}, "AccessDenied"),
    ],
)
def test_a_link_that_was_changed_is_refused(params, expected):
    told = Told().store()

    answer = told.get(STORED_US, changed(told.link.request, **params))

    assert answer.status == (403 if expected else 200)
    assert not expected or code(answer) == expected


@pytest.mark.parametrize(
    "change", [{"method": "DELETE"}, {"path": "/telephony-recorder-prod/x.mp3"}]
)
def test_a_link_is_good_for_its_file_and_for_reading_only(change):
    told = Told().store()

    answer = told.get(STORED_US, told.link.request._replace(**change))

    assert (answer.status, code(answer)) == (403, "SignatureDoesNotMatch")


def test_a_link_needs_no_key_and_changes_nothing():
    told = Told().store()

    effects = told.now(told.link.request)

    assert [type(effect) for effect in effects] == [Respond]
    assert "authorization" not in dict(told.link.request.headers)


def test_two_recordings_of_one_second_have_links_of_their_own():
    told = Told('<Response><Record action="/done" finishOnKey="#"/></Response>')
    calls = Calls()
    calls.follow('<Response><Pause length="60"/></Response>')
    calls.now(Speech(calls.leg, on=True))
    calls.now(calls.start())
    calls.now(calls.start())
    stores = [
        effect.ticket
        for n in (1, 2)
        for effect in only(calls.now(calls.update("stopped", n)), Store)
    ]
    assert len(stores) == 2
    assert told.link.recording == 1

    words, platform = calls.vendor.words, calls.platform
    links = [
        words.link_to(platform.sessions[made.session], platform.legs[made.leg], made, 0)
        for made in platform.recordings.values()
    ]
    assert len(set(links)) == 2
    assert links[0].partition("?")[0] == links[1].partition("?")[0]
    for link, made in zip(links, platform.recordings.values(), strict=True):
        request = download(link)
        signed = storage.Signed(0, 0)
        params = dict(parse_qsl(request.query))
        assert storage.linked(words, platform, request, params, signed) is made


def test_files_of_one_name_and_second_have_links_that_each_work():
    room = Room()
    asked = {"format": "wav", "custom_file_name": "My file?"}
    call = f"calls/{room.sid('alice')}"
    for to, channels in (("", "single"), ("", "dual"), (call, "single")):
        assert room.command("start", to, **asked, channels=channels).status == 200
    room.after(5 * SECOND_US)
    for to in ("", call):
        assert room.command("stop", to).status == 200

    words, platform = room.vendor.words, room.platform
    made = list(platform.recordings.values())
    links = []
    for recording in made:
        sid = words.wire_id("recording", "alice", recording.n)
        body = json.loads(room.ask("GET", f"/Recordings/{sid}.json").body)
        links.append(body["media_url"])
    assert len(set(links)) == len(made) == 3
    [path] = {urlsplit(link).path for link in links}
    assert path.endswith(f"/My%20file%3F-{words.starts_at_us // SECOND_US + 1}.wav")
    for link, recording in zip(links, made, strict=True):
        request = download(link)
        assert one(room.do(request), Respond).answer.status == 200
        params = dict(parse_qsl(request.query))
        signed = storage.signed_of(words, params)
        assert signed is not None
        assert storage.linked(words, platform, request, params, signed) is recording


def test_a_message_tells_the_link_of_a_file_by_its_name():
    told = Told()
    recording = told.recording()
    recording.settings = recording.settings._replace(file_name="minutes")
    now_us = told.platform.now_us

    message = told.vendor.recording_status(
        told.platform.sessions[recording.session],
        told.platform.legs[recording.leg],
        recording,
        "completed",
        now_us,
    )

    link = told.vendor.link(message)
    assert link is not None
    assert "/minutes-" in link.url
    told.store()
    assert told.get(STORED_US, link.request).status == 200


# Where links are told.


def test_links_are_found_in_every_view_of_an_answer():
    view = '{"data":[{"id":"R1","download_urls":{"mp3":"https://s.test/1"}},{"id":"R2"}]}'
    headers = (("content-type", "application/json"),)

    assert dict(storage.names_in_answer(Answer(200, headers, view))) == {
        "R1 media_url": "https://s.test/1"
    }
    assert dict(storage.names_in_answer(Answer(200, headers, '{"media_url":null,"sid":"R"}'))) == {}
    assert dict(storage.names_in_answer(Answer(204))) == {}


def test_messages_without_a_link_tell_none():
    calls = Calls()

    calls.ring()

    assert [calls.vendor.link(fetch.message) for fetch in only(calls.platform.effects, Fetch)] == [
        None
    ]
