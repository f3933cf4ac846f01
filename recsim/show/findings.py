"""What `recsim lint` prints: text for people, JSON lines, or annotations for GitHub."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from rich.text import Text

from recsim.lint.advice import Advice
from recsim.lint.linting import of_loaded
from recsim.scenario.run import Run
from recsim.show.lines import console, put

#: What GitHub's commands can't hold as it stands, and how they spell it: in a message, and in a
#: property (docs.github.com: workflow commands; the escapes are those of its own toolkit).
IN_MESSAGE = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
IN_PROPERTY = (*IN_MESSAGE, (":", "%3A"), (",", "%2C"))


def show(found: Iterable[Advice], kind: str) -> None:
    """Print advice as `text`, `json` or `github`."""
    out = console()
    for one in found:
        if kind == "text":
            put(out, text_of(one))
        else:
            line = json_line(one) if kind == "json" else annotation(one)
            out.out(line, highlight=False)


def where(advice: Advice) -> str:
    """The place, as terminals make links of it."""
    if not advice.line:
        return advice.file
    return f"{advice.file}:{advice.line}:{advice.column}"


def text_of(advice: Advice) -> Text:
    """Advice for people: what is wrong, then what it costs, what to write, and who says so."""
    return Text.assemble(
        (where(advice), "bold"),
        ": ",
        advice.text,
        (f" [{advice.rule}]", "yellow"),
        *[
            part
            for name, words in (
                ("cost", advice.cost),
                ("remedy", advice.remedy),
                ("source", advice.source),
            )
            for part in ((f"\n    {name:6}  ", "dim"), (words, "dim" if name == "source" else ""))
        ],
    )


def json_line(advice: Advice) -> str:
    """Advice as a line of JSON."""
    return orjson.dumps(advice._asdict()).decode()


def annotation(advice: Advice) -> str:
    """Advice as an annotation of the file, where GitHub shows a change."""
    properties = {"file": advice.file}
    if advice.line:
        properties |= {"line": str(advice.line), "col": str(advice.column)}
    properties["title"] = advice.rule
    told = ",".join(f"{name}={escaped(text, IN_PROPERTY)}" for name, text in properties.items())
    message = f"{advice.text}\ncost: {advice.cost}\nremedy: {advice.remedy} ({advice.source})"
    return f"::warning {told}::{escaped(message, IN_MESSAGE)}"


def escaped(text: str, escapes: Iterable[tuple[str, str]]) -> str:
    """A text as a command of GitHub holds it."""
    for letter, spelled in escapes:
        text = text.replace(letter, spelled)
    return text


def untold(run: Run) -> list[Advice]:
    """What a scenario's documents and URLs have wrong that playing it didn't tell already.

    A run adds to some texts what it did then: that the call was ended.
    """
    told = [remark.text.split(": ", 1)[-1] for remark in run.remarks]
    return [
        one
        for one in of_loaded(run.loaded)
        if not any(text.startswith((f"{one.text} [", f"{one.text}: ")) for text in told)
    ]


def summary(found: int, faulty: int, files: int) -> str:
    """What was found, for people who watch."""
    if not found:
        return f"nothing found in {files} file{'s' if files > 1 else ''}"
    among = f"{faulty} of {files} files" if files > 1 else "1 file"
    return f"{found} finding{'s' if found > 1 else ''} in {among}"
