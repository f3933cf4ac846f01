"""The same bytes for the same file, seed and version: held against what is kept in digests.txt."""

from __future__ import annotations

from digests import changed, digests_of, kept, told

KEPT = kept()


def test_every_scenario_has_its_digests_and_there_are_many(scenarios):
    names = [file.stem for file in scenarios]

    assert list(KEPT) == names, "renew them with: python tests/digests.py"
    assert len(KEPT) >= 100


def test_a_scenario_writes_the_bytes_that_it_always_wrote(scenario, played):
    assert scenario.stem in KEPT, "it is new: renew them with: python tests/digests.py"
    files = changed(KEPT[scenario.stem], digests_of(played))

    assert not files, (
        f"{scenario.name} writes another {', '.join(files)} than before. A changed digest is a "
        "changed behaviour: if it is meant, say it in CHANGELOG.md, and renew the digests with: "
        "python tests/digests.py"
    )


def test_a_digest_says_which_file_has_changed():
    before = ("1", "2", "3")

    assert changed(before, before) == []
    assert changed(before, ("1", "0", "3")) == ["callbacks.jsonl"]
    assert changed(before, ("0", "2", "0")) == ["trace.jsonl", "recordings.jsonl"]


def test_what_is_new_gone_and_changed_is_told():
    before = {"a": ("1", "2", "3"), "b": ("1", "2", "3"), "c": ("1", "2", "3")}
    after = {"b": ("0", "2", "3"), "c": ("1", "2", "3"), "d": ("1", "2", "3")}

    assert list(told(before, after)) == ["a: is gone", "b: trace.jsonl", "d: is new"]
