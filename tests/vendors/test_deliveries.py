"""The log of webhooks: who is in it, how it is filtered and paged, what each entry says."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
import pytest
from calls import APPLICATION, LISTENER, Line, document, element, lasting, one, only
from hooks import SAMPLED
from jsonschema import Draft202012Validator
from schemas import FORMATS, needs_schemas, schema, validator

from recsim.core.commands import Answer, Fetched, HungUp, Invite, Outcome, Request
from recsim.core.effects import Attempt, Fetch, Opened, Respond
from recsim.core.entities import NEVER, Webhook
from recsim.vendors.telnyx.callbacks import RecordingWebhook
from recsim.vendors.telnyx.webhook_models import WebhookDelivery

HOOK = Webhook("https://app.test/webhooks", "POST", "https://backup.test/webhooks")
PATH = "/v2/webhook_deliveries"
KEY = (("authorization", "Bearer KEY"),)
TIMEOUT = Answer(0, failure="timeout")


class Log(Line):
    """A line whose webhooks are answered as a test says, and the log of them."""

    def __init__(self, *answers: Answer, **readings: str) -> None:
        super().__init__(application=LISTENER._replace(webhook=HOOK), **readings)
        self.documents = {"answer": document(element("Record", finishOnKey="#"))}
        self.answers = answers or (Answer(200),)

    def _answered(self, effects):
        for attempt in only(effects, Attempt):
            if attempt.message.kind == "webhook":
                answer = self.answers[min(attempt.n, len(self.answers)) - 1]
                effects += self.do(Outcome(attempt.ticket, answer))
        return super()._answered(effects)

    def call_for(self, length_us: int = 5_000_000) -> None:
        """Somebody calls and hangs up; everything that is sent is answered."""
        leg = self.call()
        self.after(length_us)
        self.do(HungUp(leg))
        while self.platform.next_due_us < NEVER:
            self._answered(self.platform.advance(self.platform.next_due_us))

    def get(self, path: str = PATH, key: tuple[Any, ...] = KEY, **filters: object) -> Answer:
        query = "&".join(f"{name}={quote(str(value))}" for name, value in filters.items())
        request = Request("GET", path, query, key, "")
        answer: Answer = one(self.now(request), Respond).answer
        return answer

    def list(self, **filters: object) -> list[dict[str, Any]]:
        answer = self.get(**filters)
        assert answer.status == 200, answer
        found: list[dict[str, Any]] = orjson.loads(answer.body)["data"]
        return found


@pytest.fixture(scope="module")
def log() -> Log:
    """A voicemail, each webhook of which was taken at the second attempt."""
    log = Log(Answer(503, (("retry-after", "1"),), "busy"), Answer(200), texml_also_json="true")
    log.call_for()
    return log


TYPES = ["call.recording.saved", "call.hangup", "call.answered", "call.initiated"]


def test_it_has_every_webhook_the_newest_first(log):
    found = log.list()

    assert [one["webhook"]["event_type"] for one in found] == TYPES
    assert {one["status"] for one in found} == {"delivered"}
    moments = [one["started_at"] for one in found]
    assert moments == sorted(moments, reverse=True)


def test_callbacks_of_texml_are_not_in_it(log):
    assert log.of("call-status")
    assert len(log.list()) == len({told["data.id"] for told in log.of("webhook")})


def test_an_entry_is_what_its_model_prints_back(log):
    for entry in log.list():
        assert WebhookDelivery.model_validate(entry).dump() == entry


@needs_schemas
def test_an_entry_fits_its_published_schema(log):
    whole = schema("webhook-delivery")
    assert whole["properties"]["webhook"]["properties"]["payload"] == {"type": "object"}
    for entry in log.list():
        assert list(validator("webhook-delivery").iter_errors(entry)) == []
        event_type, data = entry["webhook"]["event_type"], entry["webhook"]
        known = {
            name: value
            for name, value in data["payload"].items()
            if name not in SAMPLED.get(event_type, ())
        }
        event = Draft202012Validator(schema(f"webhook-{event_type}"), format_checker=FORMATS)
        assert list(event.iter_errors({"data": {**data, "payload": known}})) == []


def test_attempts_are_told_from_last_to_first(log):
    entry = log.list()[-1]

    last, first = entry["attempts"]
    assert (last["status"], first["status"]) == ("delivered", "failed")
    assert (entry["started_at"], entry["finished_at"]) == (
        first["started_at"],
        last["finished_at"],
    )
    assert first["http"]["response"] == {
        "status": 503,
        "headers": [["retry-after", "1"]],
        "body": "busy",
    }
    assert first["http"]["request"] == {
        "url": HOOK.url,
        "headers": [["content-type", "application/json"], ["user-agent", "telnyx-webhooks"]],
    }


def test_an_entry_can_be_fetched_by_its_id(log):
    entry = log.list()[0]

    assert orjson.loads(log.get(f"{PATH}/{entry['id']}").body) == {"data": entry}
    assert entry["id"] != entry["webhook"]["id"]
    assert len({one["id"] for one in log.list()}) == len(TYPES)


def test_an_unknown_one_is_not_found(log):
    answer = log.get(f"{PATH}/nobody")

    assert answer.status == 404
    assert orjson.loads(answer.body) == {
        "errors": [{"code": "10005", "title": "Resource not found"}]
    }


@pytest.mark.parametrize("path", [PATH, f"{PATH}/x"])
def test_nobody_reads_it_without_a_key(log, path):
    assert log.get(path, key=()).status == 401


def test_what_was_given_up_has_failed_everywhere():
    log = Log(Answer(500), TIMEOUT, Answer(500), Answer(404))
    log.call_for()

    entry = log.list()[-1]
    assert entry["status"] == "failed"
    assert {one["status"] for one in entry["attempts"]} == {"failed"}
    urls = [one["http"]["request"]["url"] for one in entry["attempts"]]
    assert urls == [HOOK.failover_url, HOOK.url, HOOK.url, HOOK.url]
    assert [("response" in one["http"]) for one in entry["attempts"]] == [True, True, False, True]


def test_what_is_still_being_tried_is_not_in_it():
    log = Log(Answer(500))
    log.call()
    log.after(1_000_000)

    assert log.of("webhook")
    assert log.list() == []


# Filters and pages


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"filter[status][eq]": "delivered"}, [0, 1, 2, 3]),
        ({"filter[status][eq]": "failed"}, []),
        ({"filter[event_type]": "call.hangup"}, [1]),
        ({"filter[event_type]": "call.hangup,call.initiated"}, [1, 3]),
        ({"filter[event_type]": "call"}, []),
        ({"filter[webhook][contains]": "normal_clearing"}, [1]),
        ({"filter[webhook][contains]": "nowhere"}, []),
        ({"filter[attempts][contains]": "app.test"}, [0, 1, 2, 3]),
        ({"filter[attempts][contains]": "backup.test"}, []),
        ({"filter[event_type]": "call.hangup", "filter[status][eq]": "failed"}, []),
    ],
)
def test_it_is_filtered(log, filters, found):
    whole = log.list()

    assert log.list(**filters) == [whole[n] for n in found]


@pytest.mark.parametrize("name", ["started_at", "finished_at"])
def test_ranges_have_both_of_their_ends(log, name):
    new, old = log.list()[:2], log.list()[2:]
    at, before = new[-1][name], old[0][name]
    assert before < at

    assert log.list(**{f"filter[{name}][gte]": at}) == new
    assert log.list(**{f"filter[{name}][lte]": before}) == old
    assert log.list(**{f"filter[{name}][gte]": before, f"filter[{name}][lte]": before}) == old
    assert log.list(**{f"filter[{name}][gte]": at.removesuffix("Z")}) == new
    assert log.list(**{f"filter[{name}][lte]": "2025-12-31"}) == []


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ({"filter[status][eq]": "done"}, "10032"),
        ({"filter[started_at][gte]": "yesterday"}, "10015"),
        ({"page[size]": 0}, "10033"),
        ({"page[size]": 251}, "10033"),
        ({"page[number]": 0}, "10033"),
        ({"page[number]": "one"}, "10015"),
    ],
)
def test_what_it_cannot_be_filtered_by_is_refused(log, filters, code):
    answer = log.get(**filters)

    [error] = orjson.loads(answer.body)["errors"]
    assert (answer.status, error["code"]) == (422, code)
    assert error["source"] == {"parameter": next(iter(filters))}


@pytest.mark.parametrize("size", [1, 2, 3, 4, 250])
def test_pages_have_each_entry_once(log, size):
    whole, pages = log.list(), -(-4 // size)

    found = []
    for number in range(1, pages + 1):
        body = orjson.loads(log.get(**{"page[size]": size, "page[number]": number}).body)
        found += body["data"]
        assert body["meta"] == {
            "total_pages": pages,
            "total_results": 4,
            "page_number": number,
            "page_size": size,
        }

    assert found == whole
    assert log.list(**{"page[size]": size, "page[number]": pages + 1}) == []


def test_reading_it_changes_nothing(log):
    before = lasting(log.platform)

    log.list()

    assert lasting(log.platform) == before


def test_a_fork_has_a_log_of_its_own():
    log = Log()
    log.call()
    fork = log.platform.fork()
    log.after(1_000_000)

    assert log.list()
    assert [session.delivered for session in fork.sessions.values()] == [()]


def test_what_is_told_is_frozen_at_the_move():
    log = Log(texml_also_json="true")
    log.call_for()

    [session] = log.platform.sessions.values()
    messages = [one.message for one in session.delivered]
    assert {type(message) for message in messages} >= {RecordingWebhook}
    assert hash(tuple(messages))
    assert [one.hook for one in session.delivered] == [1, 2, 3, 4]


def test_an_application_without_a_url_has_an_empty_log():
    line = Line(application=APPLICATION)
    ticket = one(line.now(Invite("a", "+15550001", "+15550002", APPLICATION)), Fetch).ticket
    assert not only(line.now(Fetched(ticket, Answer(404))), Opened)

    request = Request("GET", PATH, "", KEY, "")
    assert orjson.loads(one(line.now(request), Respond).answer.body)["data"] == []
