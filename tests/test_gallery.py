"""Looking through past promotions: reading, searching, thumbnails, damaged records."""

import io
import time
from pathlib import Path

import pytest
from PIL import Image

from pipelines import gallery as module
from pipelines import records
from pipelines.gallery import THUMBNAIL, Gallery, choices, folded, search, small
from slots.brief import Brief
from slots.values import Money, Size
from tests.fake_studio import FakeStudio


@pytest.fixture
def made(tmp_path: Path) -> tuple[Gallery, list[str]]:
    """Three promotions, oldest first."""
    studio = FakeStudio(tmp_path / "promotions")
    briefs = [
        Brief("Sprite", "text", size=Size.parse("600 ml"), store="corner shop", environment="beach"),
        Brief("Fanta", "both", price=Money.parse("18.50 MXN"), store="taco stand", environment="beach"),
        Brief("Ciel", "image", store="gym", environment="gym", language="en"),
    ]
    names = []
    for brief in briefs:
        names.append(str(list(studio.promote(brief))[-1].promotion.id))
    return Gallery(studio.promotions_folder), names


def test_entries_keep_the_order_of_the_names(made: tuple[Gallery, list[str]]) -> None:
    gallery, names = made
    entries = gallery.entries(reversed(names))
    assert [entry.id for entry in entries] == names[::-1]
    assert [entry.brief.product for entry in entries if entry.brief] == ["Ciel", "Fanta", "Sprite"]
    assert entries[0].day == time.strftime("%Y-%m-%d")


@pytest.mark.parametrize(
    ("filters", "products"),
    [
        ({}, ["Sprite", "Fanta", "Ciel"]),
        ({"environment": "beach"}, ["Sprite", "Fanta"]),
        ({"environment": "beach", "store": "taco stand"}, ["Fanta"]),
        ({"product": "Ciel"}, ["Ciel"]),
        ({"words": "FANTA 18.50"}, ["Fanta"]),
        ({"words": "llevate"}, ["Sprite", "Fanta", "Ciel"]),
        ({"words": "sprite gym"}, []),
        ({"since": "2999-01-01"}, []),
        ({"until": "2000-01-01"}, []),
        ({"since": "2000-01-01", "until": "2999-01-01"}, ["Sprite", "Fanta", "Ciel"]),
    ],
)
def test_filters_narrow_the_list(made: tuple[Gallery, list[str]], filters: dict[str, str], products: list[str]) -> None:
    gallery, names = made
    found = search(gallery.entries(names), **filters)
    assert [entry.brief.product for entry in found if entry.brief] == products


def test_accents_and_capitals_do_not_matter() -> None:
    assert folded("LIMÓN Ñandú") == "limon nandu"


def test_choices_are_those_that_occur(made: tuple[Gallery, list[str]]) -> None:
    gallery, names = made
    assert choices(gallery.entries(names), "environment") == ["beach", "gym"]
    assert choices([], "product") == []


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"version": 1, "brief": {}}', '{"version": 99, "brief": {}}', "\x00"]
)
def test_a_damaged_record_is_shown_as_damaged_and_harms_no_other(made: tuple[Gallery, list[str]], content: str) -> None:
    gallery, names = made
    (gallery.promotions / names[1] / records.RECORD).write_text(content)
    entries = gallery.entries(names)
    assert [bool(entry.damaged) for entry in entries] == [False, True, False]
    assert entries[1].brief is None
    assert str(gallery.promotions) not in entries[1].damaged
    assert gallery.thumbnail(entries[1]) is None
    assert names[1] in [entry.id for entry in search(entries)]


def test_a_record_that_is_gone_is_shown_too(made: tuple[Gallery, list[str]]) -> None:
    entries = made[0].entries([records.new_id()])
    assert entries[0].damaged


def test_a_record_is_read_again_only_when_it_changed(
    made: tuple[Gallery, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery, names = made
    read: list[str] = []
    real = records.read_promotion

    def counted(folder: Path) -> object:
        read.append(folder.name)
        return real(folder)

    monkeypatch.setattr(module.records, "read_promotion", counted)
    gallery.entries(names)
    gallery.entries(names)
    assert read == names
    record = records.read_record(gallery.promotions / names[0] / records.RECORD)
    records.write_json(gallery.promotions / names[0] / records.RECORD, {**record, "status": "stopped"})
    assert gallery.entries(names)[0].status == "stopped"
    assert read == [*names, names[0]]


def test_a_thumbnail_is_small_and_made_once(made: tuple[Gallery, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    gallery, names = made
    entry = gallery.entries(names)[1]
    content = gallery.thumbnail(entry)
    assert content is not None
    with Image.open(io.BytesIO(content)) as picture:
        assert max(picture.size) <= THUMBNAIL
    monkeypatch.setattr(module, "small", lambda *_: pytest.fail("made again"))
    assert gallery.thumbnail(entry) == content
    assert gallery.thumbnail(gallery.entries(names)[0]) is None  # texts only


def test_a_damaged_poster_has_no_thumbnail(made: tuple[Gallery, list[str]]) -> None:
    gallery, names = made
    entry = gallery.entries(names)[1]
    (gallery.promotions / entry.id / entry.posters[0]).write_bytes(b"no picture")
    assert gallery.thumbnail(entry) is None


def test_a_small_picture_carries_no_text(tmp_path: Path) -> None:
    records.write_png(tmp_path / "a.png", Image.new("RGB", (400, 900)), {"brief": "secret words"})
    content = small(tmp_path / "a.png", 100)
    assert b"secret" not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (44, 100)
