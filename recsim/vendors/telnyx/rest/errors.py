"""Answers of the REST API, and what is answered to a refused request.

Source: seed 002 (TeXML: detail only), seed 003 and 004 (v2: code and title).
"""

from __future__ import annotations

import orjson

from recsim.core.commands import Answer

JSON_HEADERS = (("content-type", "application/json"),)


class RestError(Exception):
    """A refused request: its answer. Never leaves this package."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


def answered(status: int, body: object) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, JSON_HEADERS, orjson.dumps(body).decode())


def texml_not_found() -> RestError:
    """404 of the TeXML family: detail only. Source: seed 002."""
    return RestError(answered(404, {"errors": [{"detail": "Resource not found"}]}))


def v2_error(
    status: int, code: str, title: str, source: dict[str, str] | None = None, detail: str = ""
) -> RestError:
    """An error of the v2 family; `source` is a pointer or a parameter. Source: seed 003, 004."""
    error: dict[str, object] = {"code": code, "title": title}
    if detail:
        error["detail"] = detail
    if source:
        error["source"] = source
    return RestError(answered(status, {"errors": [error]}))


def not_found() -> RestError:
    """404 of the commands' family, which a path that nobody knows gets too (assumed)."""
    return v2_error(404, "10007", "Resource not found")


def parameter(name: str) -> dict[str, str]:
    """Which parameter of a query an error is about."""
    return {"parameter": name}


def pointer(name: str) -> dict[str, str]:
    """Where in a body a parameter stands: what an error is about."""
    return {"pointer": f"/{name}"}
