"""What a scenario file expects, a line each; `expect` judges it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from recsim.scenario.parts import Moments, Section
from recsim.scenario.requests import Clauses, Fields
from recsim.scenario.units import Duration, Integer


class Subject(Section):
    """What a line of `expect` is about: exactly one of these."""

    recording: Fields | None = None
    """A recording at the end, by the fields of any of its views."""
    callback: Fields | None = None
    """An attempt, by its parameters, and by method, url, kind, attempt or outcome."""
    response: Fields | None = None
    """The answer to a REST request, by `status` and the fields of its body."""

    @property
    def named(self) -> list[str]:
        """Which of them are given."""
        return [
            name
            for name in ("recording", "callback", "response")
            if getattr(self, name) is not None
        ]


class Expectation(Subject):
    """One line of `expect`. Without a number, something matches at least once."""

    never: Subject | None = None
    """Nothing may match."""
    eventually: Subject | None = None
    """As without the word: something matches, sooner or later."""
    at: Duration | None = None
    """Exactly then, after the start."""
    within: Moments | None = None
    """Not earlier than an event, and at most so long after it."""
    before: Moments | None = None
    """Earlier than that."""
    exactly: Integer | None = None
    """So many match, no more and no fewer."""
    at_least: Annotated[Integer | None, Field(alias="at least")] = None
    """So many match, or more."""
    clause: Clauses = ()
    """What is documented that the line shows: an id of `recsim table clauses`, or several."""

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        subjects = [*self.named, *(["never"] if self.never else [])]
        subjects += ["eventually"] if self.eventually else []
        inner = self.never or self.eventually
        if len(subjects) != 1 or (inner and len(inner.named) != 1):
            raise ValueError("expected exactly one of recording, callback, response")
        if inner and (self.exactly is not None or self.at_least is not None):
            raise ValueError("expected never or eventually, or a number, not both")
        if self.exactly is not None and self.at_least is not None:
            raise ValueError("expected exactly or at least, not both")
        timed = self.at is not None or self.within or self.before
        if timed and "recording" in (*self.named, *(inner.named if inner else ())):
            raise ValueError("a recording is looked at when the run is over: it has no moment")
        if self.within and not self.within.word:
            raise ValueError("expected an event, such as '1s after press'")
        return self
