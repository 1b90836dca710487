"""Promotions on disk."""

import json
from pathlib import Path

import pytest
from PIL import Image

from pipelines import records
from pipelines.promotion import Settings


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
    ],
)
def test_settings_out_of_range_name_the_range(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Settings.from_dict(change)


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown settings: colour"):
        Settings.from_dict({"colour": "red"})
