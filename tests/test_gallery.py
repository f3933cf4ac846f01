"""The gallery is that of the scenarios as they are."""

from __future__ import annotations

from gallery import GALLERY, PICTURED, PICTURES, ROOT, gallery


def test_the_gallery_and_its_pictures_are_up_to_date() -> None:
    page, pictures = gallery()

    assert GALLERY.read_text() == page, "renew it: python tests/gallery.py"
    assert pictures
    for name, picture in pictures.items():
        assert (PICTURES / name).read_text() == picture, "renew it: python tests/gallery.py"
        assert len(picture.encode()) < 100_000


def test_every_scenario_is_in_it() -> None:
    page = GALLERY.read_text()

    names = [file.stem for file in (ROOT / "scenarios").glob("*.yaml")]
    assert names
    assert [name for name in names if f"\n## {name}\n" not in page] == []


def test_pictures_name_files_as_anybody_would_who_has_the_project() -> None:
    for name in PICTURED:
        assert f">scenarios/{name}.yaml, seed" in (PICTURES / f"run-{name}.svg").read_text()
