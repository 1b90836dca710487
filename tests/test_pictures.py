"""The training pictures of the scene model."""

from pathlib import Path

import numpy as np
import pytest

from finetune.pictures import draw_set, load_set, main, picture_spec
from pipelines.sketch import PLACES


def test_a_set_is_the_same_when_made_again(tmp_path: Path):
    for name in ("a", "b"):
        draw_set(tmp_path / name, count=4, seed=3, size=64)
    (first, captions), (second, again) = load_set(tmp_path / "a"), load_set(tmp_path / "b")
    assert np.array_equal(first, second)
    assert captions == again


def test_another_seed_makes_other_pictures():
    assert picture_spec(0, 5) != picture_spec(1, 5)


def test_places_come_in_turn_so_that_each_is_seen_equally_often():
    assert [picture_spec(0, i).place for i in range(len(PLACES))] == list(PLACES)


def test_every_picture_suits_its_place():
    for index in range(200):
        spec = picture_spec(0, index)
        assert spec.light in PLACES[spec.place].lights
        assert spec.surface in PLACES[spec.place].surfaces


def test_a_record_holds_the_caption_and_all_that_draws_the_picture(tmp_path: Path):
    draw_set(tmp_path, count=1, seed=0, size=64)
    _, records = load_set(tmp_path)
    assert set(records[0]) == {"caption", "place", "light", "season", "surface", "seed"}


def test_a_missing_set_names_the_command_that_makes_it(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"finetune\.pictures draw"):
        load_set(tmp_path)


def test_the_command_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["draw", "--count", "2", "--size", "64", "--out", str(tmp_path / "set")]) == 0
    assert "2 pictures" in capsys.readouterr().out


def test_the_command_refuses_no_pictures(tmp_path: Path):
    with pytest.raises(SystemExit) as stop:
        main(["draw", "--count", "0", "--out", str(tmp_path)])
    assert stop.value.code == 2
