"""Answers of the REST API, and what is answered to a refused request.

Source: seed 002 (TeXML: detail only), seed 003 and 004 (v2: code and title).
"""

from __future__ import annotations

from typing import NamedTuple

import orjson

from recsim.core.commands import Answer

JSON_HEADERS = (("content-type", "application/json"),)


class Error(NamedTuple):
    """One row: an error of the v2 family."""

    status: int
    code: str
    title: str
    spec: str


# fmt: off
UNAUTHORIZED =     Error(401, "401",   "Unauthorized",                                  "seed 003: of recordings")
NO_KEY =           Error(401, "10009", "Authentication failed",                         "seed 004; assumed: of all but recordings")
FORBIDDEN =        Error(403, "403",   "Forbidden",                                     "seed 003: of recordings")
NOT_FOUND =        Error(404, "404",   "Not Found",                                     "seed 003: of recordings")
NO_RESOURCE =      Error(404, "10005", "Resource not found",                            "seed 003: of a connection_id; Q 66; assumed: of a delivery")
NO_RECORDING =     Error(404, "10005", "Recording not found",                           "seed 004")
NO_PATH =          Error(404, "10007", "Resource not found",                            "seed 004; assumed: of a path that nobody knows")
NO_CONFERENCE =    Error(404, "90058", "Invalid conference_id",                         "seed 004")
MISSING =          Error(422, "10004", "Missing required parameter",                    "seed 004")
INVALID =          Error(422, "10015", "Invalid value",                                 "seed 004: of a connection_id; assumed: of any other, and the title")
NO_NUMBER =        Error(422, "10016", "Phone number must be in +E164 format",          "seed 004")
BAD_LENGTH =       Error(422, "10025", "Invalid length",                                "docs API errors; assumed: the title")
UNLISTED =         Error(422, "10032", "Invalid enumerated value",                      "seed 004")
OUTSIDE =          Error(422, "10033", "Value outside of range",                        "seed 004")
NO_CALL =          Error(422, "90015", "Invalid Call Control ID",                       "seed 004")
BAD_STATE =        Error(422, "90017", "Invalid client_state",                          "docs API errors: no Base64; assumed: the title")
CALL_ENDED =       Error(422, "90018", "Call has already ended",                        "seed 004; Q 71")
CONFERENCE_ENDED = Error(422, "90019", "Conference has already ended",                  "seed 004")
NO_AUDIO =         Error(422, "90020", "Call recording triggered before audio started", "seed 004; Q 75")
FULL =             Error(422, "90032", "Maximum number of participants reached",        "seed 004")
UNABLE =           Error(422, "90033", "Unable to execute command",                     "seed 004, docs API errors: nobody takes part; assumed: of whatever can't be done now")
NOT_ANSWERED =     Error(422, "90034", "Call not answered yet",                         "seed 004")
JOINED =           Error(422, "90044", "Participant already in conference",             "docs API errors: joined twice; assumed: the title, and that it is about a label")
# fmt: on

ERRORS = tuple(value for value in list(globals().values()) if type(value) is Error)
"""All of them, in order."""


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


def refused(error: Error, source: dict[str, str] | None = None, detail: str = "") -> RestError:
    """An error of the v2 family; `source` is a pointer or a parameter."""
    told: dict[str, object] = {"code": error.code, "title": error.title}
    if detail:
        told["detail"] = detail
    if source:
        told["source"] = source
    return RestError(answered(error.status, {"errors": [told]}))


def parameter(name: str) -> dict[str, str]:
    """Which parameter of a query an error is about."""
    return {"parameter": name}


def pointer(name: str) -> dict[str, str]:
    """Where in a body a parameter stands: what an error is about."""
    return {"pointer": f"/{name}"}
