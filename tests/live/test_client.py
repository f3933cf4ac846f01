"""The vendor's own client, unmodified, against a server on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import telnyx
from applications import Application, application, voicemail
from telnyx.lib.webhook_verification import WebhookVerificationError, verify_webhook_signature

import recsim
from recsim.live import local
from recsim.live.local import Steering

ROOM = """\
recsim: 1
title: Two people talk in a room
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: |
    <Response><Dial><Conference endConferenceOnExit="true">room</Conference></Dial></Response>
calls:
  host: {from: +15550001, to: +15550002, story: [wait: conference, speak: 60s, hang_up]}
  guest: {at: 1s, from: +15550003, to: +15550002, story: [wait: conference, speak: 20s, hang_up]}
"""


@pytest.fixture
def app() -> Iterator[Application]:
    with application(voicemail) as running:
        yield running


@pytest.fixture
def server(app: Application) -> Iterator[Steering]:
    with local.serve(voice_url=f"{app.origin}/voice") as running:
        yield running


def client_of(server: Steering, key: str = "KEY") -> telnyx.Telnyx:
    return telnyx.Telnyx(
        api_key=key, base_url=server.base_url, public_key=server.public_key, max_retries=0
    )


def account_of(app: Application) -> str:
    return app.at("/voice")[0].params["AccountSid"]


def test_a_recording_is_made_paused_resumed_stopped_and_fetched(app, server):
    call = server.call(name="anna")["sid"]
    server.clock.by("1s")
    client, account = client_of(server), account_of(app)
    recordings = client.texml.accounts.calls

    made = recordings.recordings_json.recordings_json(
        call, account_sid=account, play_beep=False, recording_status_callback=f"{app.origin}/mine"
    )
    assert made.source == "StartCallRecordingAPI"
    assert made.sid
    server.clock.by("3s")
    for status in ("paused", "in-progress", "stopped"):
        told = recordings.recordings.recording_sid_json(
            made.sid, account_sid=account, call_sid=call, status=status
        )
        assert told.sid == made.sid
        server.clock.by("2s")

    found = client.texml.accounts.recordings.json.retrieve_recording_sid_json(
        made.sid, account_sid=account
    )
    assert (found.status, found.duration) == ("completed", "5")
    [callback] = app.at("/mine")
    assert callback.params["RecordingStatus"] == "completed"
    assert callback.params["RecordingDuration"] == "5"


def test_recordings_are_listed_filtered_paged_and_deleted(app, server):
    for n in range(3):
        server.call(name=f"caller {n}", from_=f"+1555000{n}")
        server.clock.by("10s")
        server.act(f"caller {n}", "hang_up")
    server.clock.until_idle()
    client = client_of(server)

    page = client.recordings.list(page_size=2)
    assert [len(page.data), page.meta.total_results, page.meta.total_pages] == [2, 3, 2]
    assert len({one.id for one in client.recordings.list(page_size=2)}) == 3
    [one] = client.recordings.list(filter={"from": "+15550001"}).data
    assert one.from_ == "+15550001"
    client.recordings.delete(one.id)
    with pytest.raises(telnyx.NotFoundError):
        client.recordings.retrieve(one.id)
    assert client.recordings.list().meta.total_results == 2


def test_commands_record_a_call_and_a_conference(server):
    with local.serve(recsim.loads(ROOM.encode(), "room.yaml")) as room:
        client = client_of(room)
        room.clock.by("3s")
        host = room.calls()[0]["sid"]

        client.calls.actions.start_recording(host, format="wav", channels="dual")
        client.conferences.actions.record_start("room", format="mp3")
        room.clock.by("5s")
        client.conferences.actions.record_pause("room")
        room.clock.by("2s")
        client.conferences.actions.record_resume("room")
        room.clock.by("1s")
        client.conferences.actions.record_stop("room")
        client.calls.actions.stop_recording(host)
        room.clock.until_idle()

        found = {one.source: one for one in client.recordings.list().data}
        assert found["conference"].duration_millis == 6000
        assert found["call"].duration_millis == 8000
        assert set(found["call"].download_urls.model_dump(exclude_none=True)) == {"wav"}


def test_what_was_sent_is_verified_and_one_changed_byte_is_not(app, server):
    server.call(name="anna")
    server.clock.by("6s")
    server.act("anna", "hang_up")
    server.clock.until_idle()
    client = client_of(server)

    for got in app.got:
        verify_webhook_signature(got.body, got.headers, server.public_key)
    told = app.at("/recording")[-1]
    with pytest.raises(WebhookVerificationError):
        verify_webhook_signature(
            told.body.replace("completed", "Completed"), told.headers, server.public_key
        )
    assert client.public_key == server.public_key


def test_only_the_given_key_is_good(app):
    with local.serve(voice_url=f"{app.origin}/voice", api_keys=("GOOD",)) as server:
        assert client_of(server, "GOOD").recordings.list().data == []
        with pytest.raises(telnyx.AuthenticationError):
            client_of(server, "BAD").recordings.list()


def test_two_clients_work_on_one_recording_at_once(app, server):
    call = server.call(name="anna")["sid"]
    server.clock.by("3s")
    one, other, account = client_of(server), client_of(server), account_of(app)
    [sid] = {got.params["RecordingSid"] for got in app.at("/recording")}

    def put(client: telnyx.Telnyx, status: str) -> None:
        client.texml.accounts.calls.recordings.recording_sid_json(
            sid, account_sid=account, call_sid=call, status=status
        )

    put(one, "paused")
    put(other, "paused")
    put(other, "stopped")
    with pytest.raises(telnyx.APIStatusError):
        put(one, "in-progress")
    server.clock.by("2s")
    found = [
        client.texml.accounts.recordings.json.retrieve_recording_sid_json(sid, account_sid=account)
        for client in (one, other)
    ]
    assert found[0] == found[1]
    assert found[0].status == "completed"
