"""REST requests in a scenario file: when they are made, with what, and what is to be answered."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self, TypeAlias

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from recsim.core.units import found, refused
from recsim.scenario.parts import Moments, Name, Section
from recsim.scenario.units import Duration

#: A name in braces and nothing else: it stands for a link.
NAME_ALONE = re.compile(r"\{[^{}]*\}")

Scalar: TypeAlias = str | int | bool | None


def checked_fields(value: object) -> object:
    """Wire names with the values expected; refuses what no value can match."""
    if not isinstance(value, dict):
        raise refused("a mapping of wire names, such as {status: completed}", value)
    for name, wanted in value.items():
        if isinstance(wanted, dict) and set(wanted) == {"matches"}:
            pattern = wanted["matches"]
            try:
                re.compile(pattern)
            except (re.error, TypeError) as error:
                text = f"expected a regular expression, got {found(pattern)}: {error}"
                raise ValueError(f"{name}: {text}") from None
        elif isinstance(wanted, dict):
            checked_fields(wanted)
    return value


Fields = Annotated[
    dict[str, Any], PlainValidator(checked_fields), WithJsonSchema({"type": "object"})
]
"""Wire names with the values expected: text, a mapping of more, or {matches: REGULAR EXPRESSION}.

Values compare as text; null is missing or null.
"""


def checked_ids(value: object) -> tuple[str, ...]:
    """One id, or a list of them; whether they exist is looked up where the file is loaded."""
    ids = value if isinstance(value, list | tuple) else [value]
    if not ids or not all(isinstance(one, str) for one in ids):
        raise refused("the id of a clause, or a list of them", value)
    return tuple(ids)


def format_ids(ids: tuple[str, ...]) -> str | list[str]:
    """What `checked_ids` reads."""
    return ids[0] if len(ids) == 1 else list(ids)


ID_SCHEMA = {"type": "string"}
Clauses = Annotated[
    tuple[str, ...],
    PlainValidator(checked_ids),
    PlainSerializer(format_ids, when_used="json"),
    WithJsonSchema({"anyOf": [ID_SCHEMA, {"type": "array", "items": ID_SCHEMA, "minItems": 1}]}),
]
"""Ids of clauses of the vendor's documents."""


class Asked(Section):
    """A REST request."""

    get: str | None = None
    """Fetch this path, with names in braces: {account}, {caller}, {caller.recording.2},
    {caller.conference}, {caller.session}, {caller.leg}; or the link that a name alone stands
    for."""
    post: str | None = None
    """Post to this path; names as in `get`."""
    delete: str | None = None
    """Delete this path; names as in `get`."""
    form: dict[str, Scalar] | None = None
    """Parameters of a form body; names in braces as in paths."""
    json_: Annotated[dict[str, Any] | str | None, Field(alias="json")] = None
    """A JSON body instead: a mapping, with names in braces, or text, which is sent as it stands."""
    key: str | None = "KEY"
    """The Bearer key; null sends none; default: the first of the account's, or KEY. A link needs
    none."""

    @model_validator(mode="after")
    def _names_one_path(self) -> Self:
        if len([path for path in (self.get, self.post, self.delete) if path]) != 1:
            raise ValueError("expected exactly one of get, post, delete, with a path")
        is_link = self.get is not None and NAME_ALONE.fullmatch(self.get)
        if is_link and (self.form is not None or self.json_ is not None):
            raise ValueError("expected no form or json: a link is fetched as it is")
        if not is_link and not self.path.startswith("/v2/"):
            raise ValueError(f"expected a path that begins with /v2/, got {self.path!r}")
        if self.form is not None and self.json_ is not None:
            raise ValueError("expected form or json, not both")
        return self

    @property
    def method(self) -> str:
        """GET, POST or DELETE."""
        return "GET" if self.get else "POST" if self.post else "DELETE"

    @property
    def path(self) -> str:
        """As the file has it, with names in braces."""
        return self.get or self.post or self.delete or ""


class Request(Asked):
    """A REST request, when it is sent, and what it is to be answered.

    Links are {caller.recording.url} and {caller.recording.media_url}.
    """

    at: Moments
    """When it is sent."""
    makes: Name | None = None
    """What the call is called that this request makes."""
    answer: Fields | None = None
    """`status`, and fields of the body; checked like a line of `expect`."""
    clause: Clauses = ()
    """What is documented that the answer shows: an id of `recsim table clauses`, or several."""

    @model_validator(mode="after")
    def _makes_by_post(self) -> Self:
        if self.makes is not None and self.post is None:
            raise ValueError("expected post beside makes: nothing else makes a call")
        return self

    @model_validator(mode="after")
    def _shows_by_its_answer(self) -> Self:
        if self.clause and not self.answer:
            raise ValueError("expected answer beside clause: nothing else shows it")
        return self


class Ask(Asked):
    """A REST request that a receiver makes while it holds a callback.

    Names in braces may be parameters of the callback too: {RecordingSid}, {CallSid}. The link is
    {RecordingUrl}.
    """

    when: Fields = {}
    """Of which callbacks, by their parameters, and by method, url, kind or attempt."""
    after: Duration = 0
    """Since the callback arrived; it is answered no sooner."""
