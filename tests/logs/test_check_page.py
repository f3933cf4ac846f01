"""docs/check.md says what there is. `python tests/logs/test_check_page.py` renews it."""

from __future__ import annotations

import re
import sys
from copy import deepcopy
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from captured import change, own, written
from rich.console import Console

from recsim.logs.checking import check
from recsim.logs.rules import RULES
from recsim.show.verdicts import text_of

PAGE = Path(__file__).parents[2] / "docs" / "check.md"


def table() -> str:
    rows = [(f"`{rule.name}`", rule.level, rule.says, rule.spec) for rule in RULES]
    cells = [("rule", "level", "says", "source"), ("---",) * 4, *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def shown() -> str:
    lines = own("voicemail-finish-on-key")
    lines.append(deepcopy(lines[3]))
    change(lines[4], ("RecordingDuration", "RecordingUrl"), RecordingStatus="absent")
    console = Console(highlight=False, markup=False, width=500)
    with console.capture() as printed:
        for one in check(written(lines)).errors:
            console.print(text_of("log.jsonl", one), soft_wrap=True)
    return f"```\n{printed.get()}```\n"


def renewed(text: str) -> str:
    for mark, content in (("table: check", table()), ("output: check", shown())):
        block = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- end -->\n)", re.DOTALL)
        text, count = block.subn(lambda m, c=content: m[1] + c + m[2], text)
        assert count == 1, mark
    return text


def test_the_page_has_all_rules_and_what_is_printed():
    text = PAGE.read_text(encoding="utf-8")

    assert text == renewed(text)


def test_the_example_in_python_runs(monkeypatch):
    monkeypatch.chdir(PAGE.parents[1])
    found = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    assert found
    for code in found:
        exec(code, {})  # the page is ours


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
