"""Promotions on disk."""

import json
from pathlib import Path

import pytest
from PIL import Image

from pipelines import records
from pipelines.promotion import PosterFile, Settings


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "promotion.json"
    records.write_json(target, {"n": 1})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(records.os, "fsync", full)
    with pytest.raises(records.RecordError, match="free some space"):
        records.write_json(target, {"n": 2})
    assert json.loads(target.read_text()) == {"n": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["promotion.json"]


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(records.RecordError, match=r"cannot save a\.txt in .*file"):
        records.write_bytes(tmp_path / "file" / "a.txt", b"x")


def test_png_text_chunks_hold_any_letters(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    records.write_png(path, Image.new("RGB", (4, 4)), {"brief": '{"product": "Coca-Cola Sin Azúcar ñ 🥤"}'})
    with Image.open(path) as picture:
        picture.load()
        assert json.loads(picture.text["brief"])["product"] == "Coca-Cola Sin Azúcar ñ 🥤"


def test_ids_sort_by_time_and_do_not_repeat() -> None:
    ids = [records.new_id() for _ in range(200)]
    assert len(set(ids)) == 200
    assert all(len(i.split("-")[-1]) == 16 for i in ids)


def test_a_public_record_has_no_conversation_and_no_costs() -> None:
    record = {"id": "x", "conversation": [{"role": "user", "text": "secret"}], "costs": {"unit": 3}, "brief": {}}
    assert records.public(record) == {"id": "x", "brief": {}}


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "not valid JSON"), ("[1]", "one JSON object"), (b"\xff\xfe\x00", "cannot read")],
)
def test_a_file_that_is_no_record_is_refused_with_its_name(tmp_path: Path, content: str | bytes, said: str) -> None:
    path = tmp_path / "brief.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(records.RecordError, match=said):
        records.read_record(path)


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(records.RecordError, match=r"there is no file .*nothing\.json"):
        records.read_record(tmp_path / "nothing.json")


def test_a_plain_brief_and_an_earlier_promotion_are_told_apart() -> None:
    brief, settings = records.brief_of({"product": "Sprite", "price": "18 MXN"})
    assert brief.product == "Sprite"
    assert settings is None
    brief, settings = records.brief_of(
        {"version": 1, "brief": {"slots": {"product": "Fanta"}, "language": "en"}, "settings": {"seed": 9, "images": 1}}
    )
    assert brief.language == "en"
    assert settings == Settings(images=1, seed=9)


def test_a_record_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 99"):
        records.brief_of({"version": 99, "brief": {"slots": {"product": "Fanta"}}})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"images": 99}, "images must be 0 to 8"),
        ({"seed": -1}, "seed must be"),
        ({"strength": 2}, "strength must be 0 to 1"),
        ({"steps": 0}, "steps must be"),
        ({"scene": "moon"}, "place, whole"),
        ({"style": "cubist"}, "illustrated, photograph"),
        ({"layout": "spiral"}, "hero, split, burst, story"),
        ({"format": "7:3"}, "1:1, 4:5, 9:16, a4"),
    ],
)
def test_settings_out_of_range_name_the_range(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Settings.from_dict(change)


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown settings: colour"):
        Settings.from_dict({"colour": "red"})


POSTER = {
    "file": "poster-1.png", "scene_file": "scene-1.png", "seed": 3, "prompt": "a beach", "negative_prompt": "",
    "environment": "beach", "strength": 0.5, "steps": 4, "guidance": 3.0, "headline_text": "Sol.", "layout": "hero",
    "format": "1:1", "note": "",
}  # fmt: skip


def test_a_poster_of_an_older_record_takes_defaults_and_what_is_unknown_is_left_aside() -> None:
    poster = PosterFile.from_dict({**POSTER, "surface_y": 0.6, "colour": "red"})
    assert (poster.source, poster.tries, poster.pdf, poster.drawn) == ("diffusion", 1, "", False)
    assert PosterFile.from_dict(poster.to_dict()) == poster


@pytest.mark.parametrize("key", ["file", "scene_file", "pdf"])
@pytest.mark.parametrize("name", ["../poster.png", "/etc/passwd", "a/b.png", None])
def test_a_poster_that_names_a_file_elsewhere_is_refused(key: str, name: str | None) -> None:
    with pytest.raises(ValueError, match="lie beside the record"):
        PosterFile.from_dict({**POSTER, key: name})


def test_a_poster_without_its_scene_is_refused() -> None:
    with pytest.raises(ValueError, match="incomplete"):
        PosterFile.from_dict({key: value for key, value in POSTER.items() if key != "scene_file"})


def test_a_promotion_is_read_without_the_posters_whose_file_is_gone(tmp_path: Path) -> None:
    record = {
        "version": 1, "id": "x", "brief": {"slots": {"product": "Sprite"}}, "settings": {},
        "posters": [POSTER, {**POSTER, "file": "poster-2.png"}],
        "writer": {"promos": [{"text": "Sol.", "source": "model"}]}, "composed": 3,
    }  # fmt: skip
    records.write_json(tmp_path / "promotion.json", record)
    records.write_png(tmp_path / "poster-2.png", Image.new("RGB", (4, 4)))
    (tmp_path / "promotion-3.zip").write_bytes(b"")
    read = records.read_promotion(tmp_path)
    assert [poster.file for poster in read.posters] == ["poster-2.png"]
    assert [promo.text for promo in read.promos] == ["Sol."]
    assert read.zip == tmp_path / "promotion-3.zip"


@pytest.mark.parametrize(
    "change",
    [{"version": 99}, {"brief": {"slots": {}}}, {"posters": [{}]}, {"posters": 3}, {"settings": {"colour": 1}}],
)
def test_a_promotion_that_cannot_be_used_is_named_with_the_cure(tmp_path: Path, change: dict[str, object]) -> None:
    record = {"version": 1, "brief": {"slots": {"product": "Sprite"}}, "settings": {}, "posters": [], **change}
    records.write_json(tmp_path / "promotion.json", record)
    with pytest.raises(records.RecordError, match=r"promotion\.json cannot be used: .*make the promotion again"):
        records.read_promotion(tmp_path)
