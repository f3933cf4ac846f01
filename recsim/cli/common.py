"""What every command shares: the exit statuses, remarks, and how files are taken in."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from recsim.core.errors import ScenarioError

if TYPE_CHECKING:
    from recsim.core.properties import Property
    from recsim.scenario.load import Loaded

NOT_AS_EXPECTED, BAD_INPUT, BUG, INTERRUPTED = 1, 2, 3, 130


class Form(StrEnum):
    """How findings are written."""

    TEXT = "text"
    MD = "md"
    JUNIT = "junit"


def remark(text: str) -> None:
    """A line for people who watch; results go to stdout, this to stderr."""
    print(text, file=sys.stderr)  # noqa: T201 - the command line is what prints


def load_all(files: Iterable[Path]) -> list[Loaded]:
    """Every scenario, or none: the faults of all files are told at once."""
    from recsim.scenario.load import load

    loaded: list[Loaded] = []
    faulty = 0
    for file in files:
        try:
            loaded.append(load(file))
        except ScenarioError as error:
            remark(str(error))
            faulty += 1
    if faulty:
        raise typer.Exit(BAD_INPUT)
    return loaded


def readings_given(words: list[str]) -> dict[str, str]:
    """The readings of `--reading`; a wrong one is a fault of usage."""
    from recsim.vendors.telnyx.readings import ReadingError, given

    try:
        return given(words)
    except ReadingError as error:
        raise typer.BadParameter(str(error), param_hint="--reading") from None


def properties_given(words: list[str]) -> list[Property]:
    """The properties of `--property`; one that there isn't is a fault of usage."""
    from recsim.core.errors import suggest
    from recsim.core.properties import REACHABLE, Property

    known = {claim.name: claim for claim in REACHABLE}
    found: list[Property] = []
    for word in words:
        module, colon, name = word.partition(":")
        claim = imported(module, name) if colon else known.get(word)
        if not isinstance(claim, Property) or claim.holds is None:
            names = "; ".join(known)
            told = f"expected MODULE:NAME or one of: {names}; got {word!r}{suggest(word, known)}"
            raise typer.BadParameter(told, param_hint="--property")
        found.append(claim)
    return found


def imported(module: str, name: str) -> object:
    """What a module of the user's has by a name; modules in the current folder are found."""
    sys.path.insert(0, "")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise typer.BadParameter(str(error), param_hint="--property") from None
    finally:
        sys.path.remove("")


#: Options that say where and how something is written, and change nothing of what it says.
WRITING = ("report", "out", "redact", "form", "as_json")


def asked(context: typer.Context, **given: object) -> str:
    """The command that asks for the same again: as it was given, with `given` besides."""
    words = context.command_path.split()
    for parameter in context.command.params:
        name = parameter.name or ""
        source = context.get_parameter_source(name)
        if name in given:
            value = given[name]
        elif name in WRITING or source is None or source.name != "COMMANDLINE":
            continue
        else:
            value = context.params[name]
        flag = [parameter.opts[0]] if parameter.param_type_name == "option" else []
        values = value if isinstance(value, list | tuple) else [value]
        for one in values:
            words += flag if one is True else [*flag, str(one)]
    return shlex.join(words)


def write_report(file: Path, text: str) -> None:
    """Write a page; a file that can't be written is the caller's to mend."""
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        remark(f"{file}: cannot be written: {(error.strerror or str(error)).lower()}")
        raise typer.Exit(BAD_INPUT) from None
    remark(f"wrote {file}")


def print_whole(text: str) -> None:
    """Print a report that is one text."""
    print(text, end="")  # noqa: T201 - the command line is what prints
