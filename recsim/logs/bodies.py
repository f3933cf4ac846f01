"""Which callback a body is, and what is wrong with its shape: the wire models, asked.

Fields that no model has are set aside before a model is asked: it is closed, a log need not be.
What pydantic says of a value is put into words of ours: it would repeat the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from recsim.logs.report import words
from recsim.vendors.telnyx import callback_models as forms
from recsim.vendors.telnyx import webhook_models as hooks

Body = dict[str, Any]


class Fault(NamedTuple):
    """One thing wrong with a body."""

    name: str
    text: str


class Shape:
    """A model, as the shape of a body."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model
        self.names = frozenset(
            str(field.alias or name) for name, field in model.model_fields.items()
        )
        self.words = frozenset(chain.from_iterable(map(_choices, model.model_fields.values())))
        """Words that its fields are chosen from."""
        self._validate = model.__pydantic_validator__.validate_python

    def known(self, body: Body) -> Body:
        """A body without what the model doesn't have; itself where there is nothing else."""
        if body.keys() <= self.names:
            return body
        return {name: value for name, value in body.items() if name in self.names}

    def faults(self, known: Body) -> list[Fault]:
        """What is wrong with a body that has known fields only."""
        try:
            self._validate(known)
        except ValidationError as error:
            return list(_faults(error))
        return []


def _choices(field: FieldInfo) -> Iterator[str]:
    """The words that a field can have, if it has a choice."""
    for kind in (field.annotation, *get_args(field.annotation)):
        if get_origin(kind) is Literal:
            yield from map(str, get_args(kind))


def _faults(error: ValidationError) -> Iterator[Fault]:
    for one in error.errors(include_url=False, include_input=False):
        name, kind, context = (
            str(one["loc"][-1]) if one["loc"] else "",
            one["type"],
            one.get("ctx", {}),
        )
        if kind == "value_error" and not name:
            yield Fault("", "its fields contradict each other")
        elif kind == "missing":
            yield Fault(name, f"{name} is missing")
        elif kind == "literal_error":
            yield Fault(name, f"{name}: expected {context['expected']}")
        elif kind == "string_pattern_mismatch":
            yield Fault(name, f"{name}: expected text like {context['pattern']}")
        else:
            yield Fault(name, f"{name}: expected {EXPECTED.get(kind, 'another kind of value')}")


#: What would be right, by what pydantic calls a fault.
EXPECTED = {
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "value_error": "no null",
    "int_type": "a whole number",
    "greater_than_equal": "a larger number",
    "model_type": "an object",
    "dict_type": "an object",
}


class Family:
    """Callbacks of one kind, which one field tells apart."""

    def __init__(self, name: str, word_field: str, union: Any, page: str) -> None:
        self.name, self.word_field, self.page = name, word_field, page
        self.shapes: dict[str, Shape] = {}
        for model in get_args(get_args(union)[0]):
            shape = Shape(model)
            for word in _words(model, word_field):
                self.shapes[word] = shape
        self.names = frozenset[str]().union(*(shape.names for shape in self.shapes.values()))
        """Fields that any of them has."""

    def legal(self) -> str:
        """The words that there are."""
        return words(self.shapes)


def _words(model: type[BaseModel], word_field: str) -> tuple[str, ...]:
    field = next(
        field for name, field in model.model_fields.items() if (field.alias or name) == word_field
    )
    assert get_origin(field.annotation) is Literal
    return get_args(field.annotation)


RECORDING = Family(
    "recording callback",
    "RecordingStatus",
    forms.RecordingStatusCallback,
    "texml-recording-*; Q 27",
)
CALL = Family("call status callback", "CallStatus", forms.CallStatusCallback, "texml-call-*")
CONFERENCE = Family(
    "conference status callback",
    "StatusCallbackEvent",
    forms.ConferenceStatusCallback,
    "texml-conference-*",
)

#: What tells a callback that is an event of something, by a field that only it has.
FAMILIES = (
    ("RecordingStatus", RECORDING),
    ("StatusCallbackEvent", CONFERENCE),
    ("CallbackSource", CALL),
    ("CallInitiatedAt", CALL),
)

#: What else an application is asked, by a field that tells it; the first that is there decides.
REQUESTS = {
    "DialCallStatus": Shape(forms.DialAction),
    "QueueResult": Shape(forms.QueueAction),
    "QueuePosition": Shape(forms.QueueWait),
    "ReferCallStatus": Shape(forms.ReferAction),
    "RecordingSid": Shape(forms.RecordAction),
    "SpeechResult": Shape(forms.GatherAction),
    "Digits": Shape(forms.GatherAction),
    "CallStatus": Shape(forms.InstructionFetch),
    "CallSid": Shape(forms.InstructionFetch),
}


class Hook:
    """A webhook of one event_type."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.shape = Shape(model)
        payload = model.model_fields["payload"].annotation
        assert isinstance(payload, type)
        assert issubclass(payload, BaseModel)
        self.payload = Shape(payload)
        self.blanks = tuple(_blanks(payload))

    def known(self, data: Body) -> Body:
        """The `data` of a webhook without what its model doesn't have."""
        payload = data.get("payload")
        if payload.__class__ is dict and not payload.keys() <= self.payload.names:
            data = {**data, "payload": self.payload.known(payload)}
        return self.shape.known(data)


def _blanks(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """What a query can't carry, and a body has: fields that are null or an empty object."""
    for name, field in model.model_fields.items():
        if not field.is_required():
            continue
        kinds = get_args(field.annotation)
        if type(None) in kinds:
            yield str(field.alias or name), None
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield str(field.alias or name), {}


HOOKS = {
    word: Hook(model)
    for model in get_args(get_args(hooks.AnyEvent)[0])
    for word in _words(model, "event_type")
}
"""By event_type."""


def filled(data: Mapping[str, Any]) -> Body:
    """The `data` of a webhook that came as a query, with what a query can't carry."""
    hook, payload = HOOKS.get(str(data.get("event_type"))), data.get("payload")
    if hook is None or not isinstance(payload, dict):
        return dict(data)
    return {**data, "payload": {**dict(hook.blanks), **payload}}
