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


def junit(command: str, suites: Mapping[str, Iterable[Case]]) -> str:
    """Cases by what they are about, as XML; `command` is such as `recsim lint`."""
    from junitparser import Failure, JUnitXml, TestCase, TestSuite  # noqa: PLC0415 - slow, for a CI

    whole = JUnitXml(command)
    for name, cases in suites.items():
        suite = TestSuite(writable(name))
        for one in cases:
            case = TestCase(writable(one.name), classname=command.replace(" ", "."))
            if one.failure:
                failure = Failure(writable(one.failure), command.rpartition(" ")[2])
                failure.text = writable(one.text)
                case.result = [failure]
            elif one.text:
                case.system_out = writable(one.text)
            suite.add_testcase(case)
        whole.add_testsuite(suite)
    written: bytes = whole.tostring()  # type: ignore[no-untyped-call]
    return f"{written.decode()}\n"


def writable(text: str) -> str:
    """A text without what XML can't hold."""
    return UNWRITABLE.sub("?", text)
