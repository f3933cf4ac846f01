"""Digests of the three files that each scenario writes, as they are kept in `digests.txt`.

`python tests/digests.py` renews them, and says which have changed: a changed digest is a changed
behaviour, and belongs into CHANGELOG.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

from recsim.scenario.run import FILES, Run, run

KEPT = Path(__file__).parent / "digests.txt"
SCENARIOS = Path(__file__).parents[1] / "scenarios"

HEAD = f"""\
# What each scenario writes: the scenario, and blake2b (16 bytes) of {", ".join(FILES)}.
# A changed digest is a changed behaviour: say it in CHANGELOG.md, and renew this file with
# python tests/digests.py
"""

Digests = tuple[str, ...]
"""One of each of `FILES`."""


def digests_of(played: Run) -> Digests:
    """The digests of what a run writes."""
    return tuple(blake2b(played.lines[name].encode(), digest_size=16).hexdigest() for name in FILES)


def kept() -> dict[str, Digests]:
    """Those of the file, by scenario."""
    lines = (line.split() for line in KEPT.read_text("utf-8").splitlines() if line[:1] != "#")
    return {name: tuple(digests) for name, *digests in lines}


def changed(before: Digests, after: Digests) -> list[str]:
    """Names of the files whose digests differ."""
    return [name for name, one, other in zip(FILES, before, after, strict=True) if one != other]


def main() -> None:
    """Renew the file, and say what has changed in it."""
    before = kept() if KEPT.exists() else {}
    after = {file.stem: digests_of(run(file)) for file in sorted(SCENARIOS.glob("*.yaml"))}
    lines = "".join(f"{name} {' '.join(digests)}\n" for name, digests in after.items())
    KEPT.write_text(HEAD + lines, encoding="utf-8", newline="\n")
    print("\n".join(told(before, after)) or "nothing has changed")  # noqa: T201 - a script


def told(before: Mapping[str, Digests], after: Mapping[str, Digests]) -> Iterator[str]:
    """What is new, gone or changed, a line each."""
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield f"{name}: is gone"
        elif name not in before:
            yield f"{name}: is new"
        elif files := changed(before[name], after[name]):
            yield f"{name}: {', '.join(files)}"


if __name__ == "__main__":
    main()
