"""The four views of one recording: they agree at every moment, and a fault in one is found."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

import pytest
from calls import SECOND_US, Line, conferring, document, element
from hypothesis import given, settings
from hypothesis import strategies as st

from recsim.core.commands import HungUp, Speech
from recsim.core.entities import Recording
from recsim.vendors.telnyx.agreement import CREATE, ITEM, TEXML, V2, disagreement, views

KEPT = {"record": "record-from-start", "trim": "trim-silence", "recordBeep": "false"}
NOUN = element("Start", element("Recording", trim="trim-silence"))
READINGS: tuple[dict[str, str], ...] = (
    {},
    {"texml_date_format": "rfc2822", "duration_round": "ceil"},
    {"duration_round": "nearest", "absent_in_texml_view": "absent"},
    {"price_per_min": "1.5", "absent_error_codes": "none"},
)


class Files(Line):
    """Calls whose recordings are looked at."""

    def __init__(self, **readings: str) -> None:
        super().__init__({"answer": document(NOUN, conferring("r", **KEPT))}, **readings)

    def seen(self, recording: Recording) -> dict[str, Any]:
        """Its four views now."""
        session = self.platform.sessions[recording.session]
        leg = self.platform.legs[recording.leg]
        absent = "absent" if self.vendor.readings["absent_in_texml_view"] == "absent" else "stopped"
        shown = views(self.vendor.words, session, leg, recording, self.platform.now_us, absent)
        return deepcopy(dict(shown))

    def of_conference(self) -> Recording:
        return next(one for one in self.platform.recordings.values() if one.conference)

    def differ(self) -> list[str]:
        """What contradicts, in any recording."""
        recordings = self.platform.recordings.values()
        found = [self.vendor.disagreement(self.platform, one) for one in recordings]
        return [text for text in found if text]

    def remove(self, recording: Recording) -> None:
        title = self.platform.sessions[recording.session].title
        sid = self.vendor.wire_id("recording", title, recording.n)
        self.ask("DELETE", f"/Recordings/{sid}.json")


@pytest.fixture
def stored() -> tuple[Files, Recording]:
    """A recording of a conference, of 3.7 s, once it is completed."""
    files = Files()
    leg = files.call()
    files.after(SECOND_US)
    files.do(Speech(leg, on=True))
    files.after(3_700_000)
    files.do(HungUp(leg))
    recording = files.of_conference()
    assert recording.status == "completed"
    return files, recording


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(READINGS))
def test_views_agree_at_every_moment(seed, readings):
    rng, files = Random(seed), Files(**readings)
    legs = [files.call(f"s{n}") for n in range(2)]
    for _ in range(30):
        for recording in list(files.platform.recordings.values()):
            what = rng.choice(("paused", "in-progress", "stopped", "", "", "delete"))
            title = files.platform.sessions[recording.session].title
            if what == "delete":
                files.remove(recording)
            elif what:
                files.do(files.update(what, recording.n, title))
            assert files.differ() == []
        leg = rng.choice(legs)
        files.do(Speech(leg, on=rng.random() < 0.5) if rng.random() < 0.9 else HungUp(leg))
        files.after(rng.randrange(1_500_000))
        assert files.differ() == []


@pytest.mark.parametrize("ends", ["absent", "deleted"])
def test_views_agree_on_what_is_no_more(ends):
    files = Files()
    files.do(HungUp(files.call()))
    recording = files.of_conference()
    if ends == "deleted":
        files.remove(recording)

    assert recording.status == ends
    assert files.differ() == []
    assert files.seen(recording)[ITEM]["status"] == ends


OTHER_KEY = "https://s3.amazonaws.com/telephony-recorder-prod/other.mp3?X-Amz-Date=1"
#: View, field, what it says in place of the truth, and what is found.
FAULTS: tuple[tuple[str, str, Any, str], ...] = (
    (CREATE, "account_sid", "another", "account"),
    (CREATE, "sid", "another", "id"),
    (TEXML, "sid", "another", "id"),
    (ITEM, "sid", "another", "id"),
    (V2, "id", "another", "id"),
    (TEXML, "call_sid", "another", "call"),
    (V2, "call_control_id", "another", "call"),
    (TEXML, "conference_sid", None, "conference"),
    (V2, "conference_id", "another", "conference"),
    (ITEM, "channels", 2, "channels"),
    (V2, "channels", "dual", "channels"),
    (CREATE, "source", "RecordVerb", "source"),
    (V2, "initiated_by", "RecordVerb", "source"),
    (V2, "source", "call", "source"),
    (TEXML, "error_code", "16101", "error code"),
    (CREATE, "date_created", "2026-01-05T09:00:09Z", "created"),
    (V2, "created_at", "2026-01-05T09:00:01.000Z", "created"),
    (ITEM, "date_updated", "2026-01-05T09:00:00Z", "updated"),
    (V2, "updated_at", "2026-01-05T09:00:00.000Z", "updated"),
    (TEXML, "start_time", None, "started"),
    (V2, "recording_started_at", "2026-01-05T09:00:01.000Z", "started"),
    (V2, "recording_ended_at", "2026-01-05T09:00:02.000Z", "duration"),
    (CREATE, "duration", "4", "duration"),
    (TEXML, "duration", "4", "duration"),
    (ITEM, "duration", 4, "duration"),
    (V2, "duration_millis", 4_000, "duration"),
    (V2, "duration_millis", 2_999, "duration"),
    (TEXML, "status", "stopped", "completed"),
    (ITEM, "status", "processing", "completed"),
    (TEXML, "media_url", OTHER_KEY, "file"),
    (ITEM, "media_url", OTHER_KEY, "file"),
    (ITEM, "media_url", None, "file"),
    (V2, "download_urls", {"mp3": OTHER_KEY}, "file"),
    (V2, "download_urls", {}, "file"),
    (TEXML, "uri", "/elsewhere", "uri"),
    (CREATE, "price", None, "completed"),
    (CREATE, "price", "0.5000", "price"),
    (CREATE, "price_unit", None, "completed"),
)


@pytest.mark.parametrize(
    ("view", "name", "said", "found"),
    FAULTS,
    ids=[f"{view} {name} {said}"[:50] for view, name, said, _ in FAULTS],
)
def test_a_fault_in_one_view_is_found(stored, view, name, said, found):
    files, recording = stored
    seen = files.seen(recording)
    words = files.vendor.words
    assert disagreement(words, seen, recording.status) == ""
    assert seen[view][name] != said

    seen[view][name] = said

    assert disagreement(words, seen, recording.status).startswith(found)


@pytest.mark.parametrize("view", [CREATE, TEXML, ITEM, V2])
def test_a_view_that_is_missing_is_found(stored, view):
    files, recording = stored
    seen = files.seen(recording)

    seen[view] = None

    assert disagreement(files.vendor.words, seen, "completed") == f"completed: {view} is not shown"


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("stopped", "stopped: v2 is shown"),
        ("deleted", "deleted: texml_create is shown"),
        ("in-progress", "in-progress: v2 is shown"),
    ],
)
def test_a_view_that_is_shown_too_early_or_too_late_is_found(stored, status, found):
    files, recording = stored

    assert disagreement(files.vendor.words, files.seen(recording), status) == found


@pytest.mark.parametrize("status", ["in-progress", "paused", "stopped", "absent"])
def test_a_file_of_what_is_not_completed_is_found(stored, status):
    files, recording = stored
    seen = files.seen(recording) | {V2: None}
    seen[TEXML]["status"] = "stopped" if status == "absent" else status
    seen[ITEM]["status"] = "absent" if status == "absent" else "processing"

    assert disagreement(files.vendor.words, seen, status) == f"{status}: texml has a file"


def test_nothing_shown_of_what_is_there_is_found(stored):
    files, _ = stored
    nothing = dict.fromkeys((CREATE, TEXML, ITEM, V2))

    assert disagreement(files.vendor.words, nothing, "completed")
    assert disagreement(files.vendor.words, nothing, "deleted") == ""
