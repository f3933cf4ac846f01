"""Logs as receivers and proxies write them, made from what recsim sends."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from recsim.scenario.run import run

SCENARIOS = Path(__file__).parents[1] / "scenarios"

Line = dict[str, Any]


@cache
def _text(name: str) -> str:
    return run(SCENARIOS / f"{name}.yaml").lines["callbacks.jsonl"]


def own(name: str) -> list[Line]:
    """The lines of callbacks.jsonl of a scenario; new ones each time."""
    return [json.loads(line) for line in _text(name).splitlines()]


def change(line: Line, drop: tuple[str, ...] = (), **params: Any) -> None:
    """Give a callback other parameters, in its body too."""
    line["params"] |= params
    for name in drop:
        del line["params"][name]
    line["body"] = urlencode(line["params"])


def tell(line: Line, drop: tuple[str, ...] = (), **said: Any) -> None:
    """Let a webhook say something else: in its payload, if that has the field, else in `data`."""
    body = json.loads(line["body"])
    for name, value in said.items():
        part = body["data"]["payload"] if name in body["data"]["payload"] else body["data"]
        part[name] = value
    for name in drop:
        del (body["data"]["payload"] if name in body["data"]["payload"] else body["data"])[name]
    line["body"] = json.dumps(body)


def epoch_s(line: Line) -> float:
    return datetime.fromisoformat(line["at"]).timestamp()


def fields(line: Line) -> Line:
    """What a framework hands over of a POST: fields of a form, or JSON."""
    if line["method"] == "GET":
        return dict(line["params"])
    if line["kind"] == "webhook":
        return json.loads(line["body"])
    return dict(parse_qsl(line["body"], keep_blank_values=True))


def bare(line: Line) -> Any:
    if line["kind"] == "webhook" and line["method"] == "GET":
        return wrapped(line)
    return fields(line)


def values(line: Line) -> Any:
    """As Go and PHP have forms: a list a name."""
    if line["kind"] == "webhook":
        return wrapped(line)
    return {name: [value] for name, value in fields(line).items()}


def wrapped(line: Line) -> Any:
    kept = {name: line[name] for name in ("headers", "body", "method", "url")}
    return {"received_at": line["at"], **kept}


def parsed(line: Line) -> Any:
    """A receiver that logs what its framework has read, with seconds."""
    if line["method"] == "GET":
        return {"ts": epoch_s(line), "method": "GET", "query": dict(_query(line))}
    return {"ts": epoch_s(line), "headers": line["headers"], "body": fields(line)}


def request(line: Line) -> Any:
    kept = {name: line[name] for name in ("method", "url", "headers", "body")}
    return {"level": "info", "time": round(epoch_s(line) * 1000), "request": kept}


def mitmproxy(line: Line) -> Any:
    return {
        "request": {
            "method": line["method"],
            "path": line["url"],
            "headers": [[name, value] for name, value in line["headers"].items()],
            "content": line["body"],
            "timestamp_start": epoch_s(line),
        },
        "response": {"status_code": line["outcome"]},
    }


def ngrok(line: Line) -> Any:
    target = "/" + line["url"].split("/", 3)[3]
    head = "".join(f"{name}: {value}\r\n" for name, value in line["headers"].items())
    raw = f"{line['method']} {target} HTTP/1.1\r\n{head}\r\n{line['body']}"
    return {
        "uri": "/api/requests/http/1",
        "start": line["at"],
        "request": {
            "method": line["method"],
            "uri": target,
            "headers": {name: [value] for name, value in line["headers"].items()},
            "raw": b64encode(raw.encode()).decode(),
        },
        "response": {"status": "Status", "status_code": line["outcome"]},
    }


def har(line: Line) -> Any:
    """An entry of a HAR."""
    headers = [{"name": name, "value": value} for name, value in line["headers"].items()]
    sent = {"method": line["method"], "url": line["url"], "headers": headers}
    if line["method"] == "GET":
        sent["queryString"] = [{"name": name, "value": value} for name, value in _query(line)]
    else:
        sent["postData"] = {"mimeType": line["headers"]["content-type"], "text": line["body"]}
    return {"startedDateTime": line["at"], "request": sent, "response": {"status": line["outcome"]}}


def gateway(line: Line) -> Any:
    """An event of AWS API Gateway."""
    return {
        "httpMethod": line["method"],
        "path": urlsplit(line["url"]).path,
        "headers": line["headers"],
        "queryStringParameters": dict(_query(line)) or None,
        "requestContext": {"requestTimeEpoch": round(epoch_s(line) * 1000), "accountId": "123"},
        "isBase64Encoded": bool(line["body"]),
        "body": b64encode(line["body"].encode()).decode() or None,
    }


def listed(line: Line) -> Any:
    return [wrapped(line)]


def _query(line: Line) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(line["url"]).query, keep_blank_values=True)


SHAPES: dict[str, Callable[[Line], Any]] = {
    shape.__name__: shape
    for shape in (
        *(bare, values, wrapped, parsed, request, mitmproxy, ngrok, har, gateway, listed),
    )
}


def written(lines: list[Any]) -> Iterator[bytes]:
    """Lines of JSON."""
    for line in lines:
        yield json.dumps(line).encode() + b"\n"
