"""JUnit's XML, for a CI: suites of cases, some of which fail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

#: What XML 1.0 has no way to write.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Case(NamedTuple):
    """One thing that held, or didn't."""

    name: str
    failure: str = ""
    """What is wrong, in a line; empty: nothing is."""
    text: str = ""
    """The evidence, in as many lines as it takes; of a case that held: what it has to say."""
    kind: str = ""
    """Of a failure; empty: the command's own name."""
    skipped: str = ""
    """Why nobody knows whether it holds; empty: somebody does."""
    took_s: float | None = None
    """None: nobody measured."""


def junit(
    command: str,
    suites: Mapping[str, Iterable[Case]],
    facts: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """Cases by what they are about, as XML; `command` is such as `recsim lint`.

    `facts` are properties of suites, by the same names.
    """
    from junitparser import (  # noqa: PLC0415 - slow, for a CI
        Failure,
        JUnitXml,
        Skipped,
        TestCase,
        TestSuite,
    )

    whole = JUnitXml(command)
    for name, cases in suites.items():
        suite = TestSuite(writable(name))
        for fact, value in (facts or {}).get(name, {}).items():
            suite.add_property(fact, writable(value))
        for one in cases:
            classname = command.replace(" ", ".")
            case = TestCase(writable(one.name), classname, one.took_s)
            if one.failure:
                failure = Failure(writable(one.failure), one.kind or command.rpartition(" ")[2])
                failure.text = writable(one.text)
                case.result = [failure]
            elif one.skipped:
                case.result = [Skipped(writable(one.skipped))]
            elif one.text:
                case.system_out = writable(one.text)
            suite.add_testcase(case)
        whole.add_testsuite(suite)
    written: bytes = whole.tostring()  # type: ignore[no-untyped-call]  # junitparser has no types
    return f"{written.decode()}\n"


def writable(text: str) -> str:
    """A text without what XML can't hold."""
    return UNWRITABLE.sub("?", text)
