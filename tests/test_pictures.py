"""The training pictures of the scene model."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetune.crawl.curate import look_at
from finetune.hub import HubError
from finetune.packshot_set import draw_product, packshot_caption, packshot_spec
from finetune.picture_folder import FolderError, Picture, write_folder
from finetune.pictures import draw_set, held_out, load_set, main, picture_spec
from pipelines.sketch import PLACES, SketchSpec
from slots.catalog import default_catalog


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


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("folders")
    for name, more in (("scenes", []), ("packshots", ["--packshots", "--files", "webp"])):
        assert (
            main(["draw", "--format", "folder", "--count", "12", "--size", "64", "--out", str(home / name), *more]) == 0
        )
    return {name: home / name for name in ("scenes", "packshots")}


def records(folder: Path, split: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / split / "metadata.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", ["scenes", "packshots"])
def test_datasets_loads_a_drawn_folder_with_both_splits(folders: dict[str, Path], name: str, tmp_path: Path):
    from datasets import load_dataset

    for how in ({"path": "imagefolder", "data_dir": str(folders[name])}, {"path": str(folders[name])}):
        rows = load_dataset(**how, cache_dir=str(tmp_path))
        assert {split: part.num_rows for split, part in rows.items()} == {"train": 12, "test": 2}
        assert rows["train"][0]["image"].size == (64, 64)
        assert rows["train"][0]["caption"] == records(folders[name], "train")[0]["caption"]


def test_the_pictures_of_a_folder_are_those_of_the_arrays(folders: dict[str, Path], tmp_path: Path):
    draw_set(tmp_path, count=3, seed=0, size=64)
    pictures, captions = load_set(tmp_path)
    for index in range(3):
        with Image.open(folders["scenes"] / f"train/{index:06d}.png") as image:
            assert np.array_equal(np.asarray(image), pictures[index])
        assert records(folders["scenes"], "train")[index] == {"file_name": f"{index:06d}.png", **captions[index]}


def test_the_test_split_holds_only_combinations_that_train_never_shows(folders: dict[str, Path]):
    seen = {picture_spec(0, i) for i in range(600)}
    assert not any(held_out(spec) for spec in seen)
    for record in records(folders["scenes"], "test"):
        spec = SketchSpec(**{k: record[k] for k in ("place", "light", "season", "surface", "seed")})  # type: ignore[arg-type]
        assert held_out(spec)


def test_held_out_packshots_are_never_drawn_for_training():
    catalog = default_catalog()
    train = {packshot_caption(packshot_spec(0, i, catalog)) for i in range(1500)}
    unseen = {packshot_caption(packshot_spec(0, i, catalog, unseen=True)) for i in range(300)}
    assert len(unseen) > 100
    assert not train & unseen


def test_packshot_captions_follow_the_template_of_the_crawl(folders: dict[str, Path]):
    first = records(folders["packshots"], "train")[0]
    assert set(first) == {"file_name", "caption", "product", "variant", "size", "packaging", "background", "seed"}
    assert str(first["caption"]).endswith(f"of {first['product']} on a plain {first['background']} background")


def test_drawn_packshots_stand_whole_on_their_background():
    catalog = default_catalog()
    for index in range(len(catalog.products)):
        spec = packshot_spec(7, index, catalog)
        look = look_at(draw_product(spec, 96, catalog))
        assert look.background == spec.background
        assert look.ground == ""


def test_a_folder_is_the_same_when_made_again(folders: dict[str, Path], tmp_path: Path):
    main(
        [
            "draw",
            "--format",
            "folder",
            "--packshots",
            "--files",
            "webp",
            "--count",
            "12",
            "--size",
            "64",
            "--out",
            str(tmp_path / "packshots"),
        ]
    )
    for path in folders["packshots"].rglob("*"):
        if path.is_file():
            assert (tmp_path / "packshots" / path.relative_to(folders["packshots"])).read_bytes() == path.read_bytes()


def test_the_card_holds_the_counts_and_the_command(folders: dict[str, Path]):
    card = (folders["packshots"] / "README.md").read_text(encoding="utf-8")
    assert "| train | 12 |" in card
    assert "draw --format folder --packshots --count 12 --seed 0 --size 64 --files webp" in card


def test_a_folder_that_holds_something_is_not_overwritten(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stop:
        main(["draw", "--format", "folder", "--count", "1", "--out", str(folders["scenes"])])
    assert stop.value.code == 2
    assert "choose another --out" in capsys.readouterr().err


def test_a_folder_that_cannot_be_finished_does_not_appear(tmp_path: Path):
    def broken() -> Image.Image:
        raise OSError("no more room")

    parts = [Picture("train", "0", lambda: Image.new("RGB", (64, 64)), "a", {}), Picture("train", "1", broken, "b", {})]
    with pytest.raises(OSError, match="no more room"):
        write_folder(parts, tmp_path / "set", lambda counts: "card")
    assert not (tmp_path / "set").exists()
    with pytest.raises(FolderError, match="no picture"):
        write_folder([], tmp_path / "set", lambda counts: "card")


def test_a_folder_is_pushed_as_a_private_data_set_and_a_refusal_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    pushed = []

    def push(folder: Path, repo: str, kind: str) -> str:
        if repo == "no/login":
            raise HubError("run 'hf auth login'")
        pushed.append((sorted(p.name for p in folder.iterdir()), repo, kind))
        return "https://hub.example"

    monkeypatch.setattr("finetune.hub.push_folder", push)
    arguments = ["draw", "--format", "folder", "--count", "1", "--size", "64"]
    assert main([*arguments, "--out", str(tmp_path / "a"), "--push-to-hub", "me/scenes"]) == 0
    assert pushed == [(["README.md", "test", "train"], "me/scenes", "dataset")]
    assert main([*arguments, "--out", str(tmp_path / "b"), "--push-to-hub", "no/login"]) == 1
    assert "not pushed: run 'hf auth login'" in capsys.readouterr().err


@pytest.mark.parametrize("extra", [["--packshots"], ["--push-to-hub", "a/b"]])
def test_what_only_a_folder_can_be_needs_the_format(
    extra: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as stop:
        main(["draw", "--count", "1", "--out", str(tmp_path), *extra])
    assert stop.value.code == 2
    assert "--format folder" in capsys.readouterr().err
