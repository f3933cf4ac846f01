"""`recsim grade`: real callbacks against a running receiver."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recsim.cli.common import BAD_INPUT, NOT_AS_EXPECTED, remark
from recsim.cli.options import AsJson, Hosts
from recsim.core.errors import RecsimError
from recsim.core.units import LARGEST_SEED


class Written(StrEnum):
    """How a report is written."""

    TEXT = "text"
    MD = "md"
    JUNIT = "junit"


class Methods(StrEnum):
    """How callbacks are sent."""

    POST = "POST"
    GET = "GET"


def grade(
    url: Annotated[
        str,
        typer.Argument(
            metavar="[URL]", help="Where recording callbacks are taken.", show_default=False
        ),
    ] = "",
    probe: Annotated[
        str,
        typer.Option(
            metavar="URL", help="Answers with what the receiver kept.", show_default=False
        ),
    ] = "",
    probe_command: Annotated[
        str,
        typer.Option(metavar="CMD", help="Prints what the receiver kept.", show_default=False),
    ] = "",
    voice_url: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Of the TeXML application: a caller leaves it a message, and hangs up.",
            show_default=False,
        ),
    ] = "",
    status_url: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Where the application is told how that call goes; URL if not given.",
            show_default=False,
        ),
    ] = "",
    method: Annotated[
        Methods, typer.Option(help="How callbacks are sent.", case_sensitive=False)
    ] = Methods.POST,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="CHECK", help="No other check; may be repeated.", show_default=False),
    ] = None,
    seed: Annotated[
        int, typer.Option(help="The key that signs grows from it.", min=0, max=LARGEST_SEED - 1)
    ] = 0,
    public_key: Annotated[
        bool,
        typer.Option("--public-key", help="Print the public key of the seed, and grade nothing."),
    ] = False,
    key_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the public key there before the first callback goes out.",
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[
        float, typer.Option(metavar="S", help="Longest time to an answer.", min=0.05, max=60)
    ] = 2.0,
    settle: Annotated[
        float,
        typer.Option(
            metavar="S",
            help="Longest time from an answer until the probe shows what came of it.",
            min=0.05,
            max=60,
        ),
    ] = 1.0,
    allow_host: Hosts = None,
    form: Annotated[
        Written, typer.Option("--format", help="Text, Markdown, or XML as JUnit writes it.")
    ] = Written.TEXT,
    as_json: AsJson = False,
) -> None:
    """Grade a receiver of callbacks: orders, duplicates, delays, forgeries, links, and silence."""
    try:
        from recsim.live.grade import grading
        from recsim.live.grade.parts import Settings
        from recsim.live.outside import Allowed
    except ImportError as error:
        remark(f"expected {error.name}, which pip install 'recsim[serve]' brings")
        raise typer.Exit(BAD_INPUT) from None
    from recsim.show import grades

    if public_key:
        typer.echo(grading.public_key(seed))
        return
    if not url:
        raise typer.BadParameter("expected where callbacks are taken", param_hint="URL")
    if probe and probe_command:
        raise typer.BadParameter("expected --probe or --probe-command, not both")
    if as_json and form is not Written.TEXT:
        raise typer.BadParameter("expected --json or --format, not both")
    announce(grading.public_key(seed), seed, key_file)
    settings = Settings(
        url=url,
        probe_url=probe,
        probe_command=probe_command,
        voice_url=voice_url,
        status_url=status_url,
        method=method.value,
        only=tuple(only or ()),
        seed=seed,
        timeout_s=timeout,
        settle_s=settle,
        allowed=Allowed(frozenset(map(str.lower, allow_host or ()))),
    )
    report = grading.grade(settings)
    grades.show(report, "json" if as_json else form.value)
    if not report.is_full:
        raise typer.Exit(NOT_AS_EXPECTED)


def announce(key: str, seed: int, file: Path | None) -> None:
    """Say by which key a receiver can tell what is ours. Raises KeyFileError."""
    remark(f"public key: {key} (seed {seed})")
    if file is None:
        return
    try:
        file.write_text(f"{key}\n")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise KeyFileError(f"{file}: cannot be written: {why}") from None


class KeyFileError(RecsimError):
    """The file for the public key can't be written."""
