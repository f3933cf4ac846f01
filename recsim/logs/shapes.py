"""Deliveries in a line of a log, however a receiver or a proxy wrote them.

docs/check.md lists the shapes. What is not known is passed over; what has no callback in it gives
nothing, and whoever asks says so.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

import orjson

from recsim.logs.bodies import FAMILIES, REQUESTS, filled
from recsim.logs.moments import moment_us
from recsim.vendors.telnyx.callbacks.webhooks import nested

DEEPEST = 6
"""Wrappers within wrappers that are looked into."""

MOMENTS = (
    *("at", "received_at", "receivedAt", "timestamp", "@timestamp", "time", "ts", "date"),
    *("startedDateTime", "start", "timestamp_start", "created_at", "timeEpoch", "requestTimeEpoch"),
)
"""Where a moment of arrival stands, the surest first."""

LISTS = ("entries", "requests", "Records", "records", "events", "items", "log")
WRAPPERS = ("request", "event", "message", "payload", "req")
BODIES = ("body", "rawBody", "raw_body", "postData", "content", "text", "form", "json", "data")
QUERIES = ("queryStringParameters", "queryString", "query", "args", "params")
URLS = ("url", "uri", "path", "rawQueryString", "rawPath", "pretty_url")

STATUSES = ("status", "status_code", "statusCode")

MARKS = frozenset([*(name for name, _ in FAMILIES), *REQUESTS, "AccountSid"])
"""Fields of a form by which it is told from a wrapper."""


class Entry(NamedTuple):
    """One delivery."""

    at_us: int | None
    """When it arrived."""
    form: dict[str, Any] | None
    """Its parameters; None: it is a webhook."""
    data: dict[str, Any] | None
    """Of a webhook."""
    headers: Any
    """As they stand."""
    body: str | None
    """As it was sent; None: that is not kept."""
    attempt: int
    """0: not told."""
    outcome: int
    """The status that it was answered with; 0: not told."""


Part = Mapping[str, Any]


def entries(value: Any, depth: int = 0, outer: Part | None = None) -> list[Entry]:
    """The deliveries in a value of JSON; `outer` is the object around it, if that is a wrapper."""
    if value.__class__ is dict:
        if "cause" in value and value.get("params").__class__ is dict and "kind" in value:
            return [_own(value)]
        return _of_object(value, depth, outer or {}) if depth < DEEPEST else []
    if value.__class__ is list and depth < DEEPEST:
        return [entry for one in value for entry in entries(one, depth + 1, outer)]
    return []


def _own(line: Part) -> Entry:
    """A line of callbacks.jsonl."""
    params, body, outcome = line["params"], line.get("body"), line.get("outcome")
    form, data = params, None
    if "data.event_type" in params:
        form, data = None, _webhook(params, body)
    return Entry(
        moment_us(line.get("at")),
        form,
        data,
        line.get("headers"),
        body if isinstance(body, str) else None,
        _count(line.get("attempt")),
        outcome if outcome.__class__ is int else 0,
    )


def _webhook(params: Part, body: Any) -> dict[str, Any] | None:
    """What a webhook says: its body, or its query where it has none."""
    if body:
        said = _json(body)
        data = said.get("data") if isinstance(said, dict) else None
        return data if isinstance(data, dict) else None
    try:
        said = nested({name: str(value) for name, value in params.items()})["data"]
    except (AttributeError, TypeError, KeyError):
        return None  # one name within another
    return filled(said) if isinstance(said, dict) else None


def _of_object(value: dict[str, Any], depth: int, outer: Part) -> list[Entry]:
    if _is_hook(value):
        return [_entry(None, value["data"], value, outer, None)]
    request = value.get("request")
    if request.__class__ is dict:
        return entries(request, depth + 1, {**outer, **value} if outer else value)
    if "body" not in value and not MARKS.isdisjoint(value):
        return [_entry(_texts(value), None, value, outer, None)]
    for name in LISTS:
        if name in value and value[name].__class__ in (list, dict):
            return entries(value[name], depth + 1, outer)
    if (said := _sent(value)) is not None:
        return [_entry(*said[:2], value, outer, said[2])]
    return _of_wrapper(value, depth, outer)


def _of_wrapper(value: dict[str, Any], depth: int, outer: Part) -> list[Entry]:
    """What stands in a wrapper, as an object or as the text of one."""
    for name in WRAPPERS:
        inner = value.get(name)
        if inner.__class__ is str:
            inner = _json(inner)
        if inner.__class__ in (dict, list):
            return entries(inner, depth + 1, {**outer, **value})
    return []


Said = tuple[dict[str, Any] | None, dict[str, Any] | None, str | None]


def _sent(value: Part) -> Said | None:
    """What a request says: form, webhook, body; None: nothing is there."""
    for name in BODIES:
        if name in value and (found := value[name]) and (said := _of_body(found, value)):
            return said
    raw = value.get("raw")
    if raw.__class__ is str and (said := _of_raw(raw)):
        return said
    for name in QUERIES:
        if (found := value.get(name)) and (said := _of_params(_pairs(found))):
            return said
    for name in URLS:
        found = value.get(name)
        if found.__class__ is str:
            query = found if name == "rawQueryString" else found.partition("?")[2]
            if query and (said := _of_params(form(query))):
                return said
    return None


def _of_body(found: Any, value: Part) -> Said | None:
    if found.__class__ is dict:
        return _of_parsed(found)
    if found.__class__ is not str:
        return None
    if value.get("isBase64Encoded") is True or value.get("encoding") == "base64":
        found = _base64(found)
    return _of_text(found) or _of_text(_base64(found))


def _of_parsed(found: dict[str, Any]) -> Said | None:
    """What a body says that was read already, or that a HAR has as `postData`."""
    if _is_hook(found):
        return None, found["data"], None
    if (text := found.get("text")) and (said := _of_body(text, found)):
        return said
    if found.get("params").__class__ is list:
        return _of_params(_pairs(found["params"]))
    return (_texts(found), None, None) if not MARKS.isdisjoint(found) else None


def _of_text(text: str) -> Said | None:
    """What the text of a body says."""
    if text[:1] in ("{", "["):
        said = _json(text)
        if isinstance(said, dict):
            if _is_hook(said):
                return None, said["data"], text
            if not MARKS.isdisjoint(said):
                return _texts(said), None, text
        return None
    params = form(text)
    return (params, None, text) if not MARKS.isdisjoint(params) else None


def _of_raw(text: str) -> Said | None:
    """A request as it went over the wire, in base64 or plain."""
    raw = text if "HTTP/" in text[:4096] else _base64(text)
    head, _, body = raw.partition("\r\n\r\n")
    if body and (said := _of_text(body)):
        return said
    query = head.partition("\r\n")[0].partition("?")[2].partition(" ")[0]
    return _of_params(form(query)) if query else None


def _of_params(params: dict[str, Any]) -> Said | None:
    """What the parameters of a GET say."""
    if "data.event_type" in params:
        return None, _webhook(params, ""), ""
    return (params, None, "") if not MARKS.isdisjoint(params) else None


def _entry(
    params: dict[str, Any] | None, data: Any, value: Part, outer: Part, body: str | None
) -> Entry:
    at_us = _moment(value)
    return Entry(
        _moment(outer) if at_us is None else at_us,
        params,
        data if isinstance(data, dict) else None,
        _headers(value) or _headers(outer),
        body,
        _count(value.get("attempt", outer.get("attempt"))),
        _outcome(value.get("response") or outer.get("response"), value, outer),
    )


def _outcome(*parts: Any) -> int:
    """The status that was answered, where the first of `parts` has one."""
    for part in parts:
        for name in STATUSES if part.__class__ is dict else ():
            if part.get(name).__class__ is int:
                return int(part[name])
    return 0


def _headers(value: Part) -> Any:
    return value.get("headers") or value.get("multiValueHeaders") or value.get("header")


def _moment(value: Part) -> int | None:
    for name in MOMENTS:
        if name in value and (at_us := moment_us(value[name])) is not None:
            return at_us
    context = value.get("requestContext")
    return _moment(context) if isinstance(context, dict) else None


def _count(value: Any) -> int:
    return value if value.__class__ is int and value > 0 else 0


def _is_hook(value: Part) -> bool:
    data = value.get("data")
    return data.__class__ is dict and "event_type" in data


def _texts(params: Part) -> dict[str, Any]:
    """Parameters as a form has them: lists of one and whole numbers become text."""
    return {name: _text(value) for name, value in params.items()}


def _text(value: Any) -> Any:
    if value.__class__ is list and len(value) == 1:
        value = value[0]
    return str(value) if value.__class__ is int else value


def _pairs(found: Any) -> dict[str, Any]:
    """Names and values, as an object or as a list of pairs."""
    if isinstance(found, dict):
        return _texts(found)
    if isinstance(found, str):
        return form(found)
    pairs: dict[str, Any] = {}
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            pairs[one["name"]] = _text(one.get("value"))
        elif isinstance(one, list) and len(one) == 2 and isinstance(one[0], str):
            pairs[one[0]] = _text(one[1])
    return pairs


def headers_of(found: Any) -> dict[str, str]:
    """Headers by their names in lower case, whether an object or a list of pairs."""
    return {name.lower(): value for name, value in _pairs(found).items() if isinstance(value, str)}


def form(text: str) -> dict[str, Any]:
    """The parameters of a form body or a query; of a name that comes twice, the last."""
    if "+" in text:
        text = text.replace("+", " ")
    if "%" in text:
        for code, char in PLAIN:
            text = text.replace(code, char)
    params: dict[str, Any] = {}
    for part in text.split("&"):
        name, _, value = part.partition("=")
        if "%" in value:
            value = _unquoted(value)
        params[unquote(name) if "%" in name else name] = value
    return params


#: Escapes that can be undone all at once, since what they stand for separates nothing and is part
#: of no other escape: a link in a form takes a fifth of the time.
PLAIN = tuple((f"%{ord(char):02X}", char) for char in ":/+?,#@; ")


def _unquoted(text: str) -> str:
    """A value without its escapes: as `unquote`, and faster where they are the common ones."""
    plain = text.replace("%3D", "=").replace("%26", "&")
    if plain.count("%") == plain.count("%25"):
        return plain.replace("%25", "%")
    return unquote(text)


def _json(text: Any) -> Any:
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, TypeError):
        return None


def _base64(text: str) -> str:
    """What a text in base64 says; empty: it is none."""
    try:
        return b64decode(text, validate=True).decode()
    except ValueError:
        return ""
